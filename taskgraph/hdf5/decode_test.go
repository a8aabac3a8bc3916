package hdf5

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
)

// TestLoad decodes numbers of every length up to some turns of the loops, from bytes of
// which there are more.
func TestLoad(t *testing.T) {
	src := make([]byte, 8*21)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range src {
		src[i] = byte(random.Uint32())
	}
	for n := range 20 {
		testLoad(t, n, src, loadFloat64)
		testLoad(t, n, src, loadFloat32)
		testLoad(t, n, src, load64[int64])
		testLoad(t, n, src, load64[uint64])
		testLoad(t, n, src, load32[int32])
		testLoad(t, n, src, load32[uint32])
		testLoad(t, n, src, load16[int16])
		testLoad(t, n, src, load16[uint16])
		testLoad(t, n, src, load8[int8])
		testLoad(t, n, src, loadBytes)
	}
}

func testLoad[T any](t *testing.T, n int, src []byte, load func(dst []T, src []byte)) {
	want, room := make([]T, n), make([]T, n+1)
	if _, err := binary.Decode(src[:binary.Size(want)], binary.LittleEndian, want); err != nil {
		t.Fatal(err)
	}
	got := room[:n]
	load(got, src)
	// As text, for numbers that are none.
	if fmt.Sprint(got) != fmt.Sprint(want) || !reflect.ValueOf(room[n]).IsZero() {
		t.Errorf("%d of %T: got %v, want %v", n, want, room, want)
	}
}

// BenchmarkLoad decodes a frame of 257 by 257 numbers.
func BenchmarkLoad(b *testing.B) {
	src := make([]byte, 257*257*8)
	benchmarkLoad(b, src, loadFloat64)
	benchmarkLoad(b, src, load64[int64])
	benchmarkLoad(b, src, loadFloat32)
	benchmarkLoad(b, src, load32[int32])
	benchmarkLoad(b, src, load16[uint16])
}

func benchmarkLoad[T any](b *testing.B, src []byte, load func(dst []T, src []byte)) {
	dst := make([]T, 257*257)
	b.Run(fmt.Sprintf("%T", dst[0]), func(b *testing.B) {
		for range b.N {
			load(dst, src)
		}
	})
}
