package display

import (
	"image"
	"io"
	"reflect"
	"strings"
	"testing"
)

func BenchmarkTyped(b *testing.B) {
	scope := typesIn(b, "type Row struct { Name string; Close float64; N int }; var rows []Row; var ints []int; var m map[int]int")
	type row struct {
		Name  string
		Close float64
		N     int
	}
	rows := make([]row, 1000)
	for i := range rows {
		rows[i] = row{"name & co", float64(i) / 3, i}
	}
	for _, bench := range []struct {
		name, of string
		x        any
	}{
		{"1000 structs", "rows", rows},
		{"10000 ints", "ints", make([]int, 10_000)},
		{"map of 100000", "m", bigMap(100_000)},
	} {
		v, t := reflect.ValueOf(bench.x), scope.Lookup(bench.of).Type()
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				if Typed(v, t).Empty() {
					b.Fatal("nothing")
				}
			}
		})
	}
}

func BenchmarkImage257(b *testing.B) {
	img := image.NewGray(image.Rect(0, 0, 257, 257))
	for i := range img.Pix {
		img.Pix[i] = byte(i * i >> 8)
	}
	for b.Loop() {
		if Of(img).Data[MIMEPNG] == nil {
			b.Fatal("no picture")
		}
	}
}

func BenchmarkEscape(b *testing.B) {
	s := strings.Repeat("a column & its <value> ", 1000)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		Escape(s)
	}
}

func BenchmarkProgress(b *testing.B) {
	c := NewConsole(io.Discard, io.Discard)
	d := New(func() Output { return c })
	for range d.ProgressN(b.N) {
	}
}
