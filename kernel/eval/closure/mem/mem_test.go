package mem

import (
	"reflect"
	"runtime"
	"slices"
	"testing"
)

type mixed struct {
	A int8
	S string
	P *int
	F float32
	I any
	L []byte
	Z [2]*int
}

func TestPointers(t *testing.T) {
	var got []uintptr
	Pointers(reflect.TypeFor[mixed](), 0, func(off uintptr) { got = append(got, off) })
	var m mixed
	v := reflect.TypeOf(m)
	at := func(name string) uintptr { f, _ := v.FieldByName(name); return f.Offset }
	word := reflect.TypeFor[uintptr]().Size()
	want := []uintptr{at("S"), at("P"), at("I"), at("I") + word, at("L"), at("Z"), at("Z") + word}
	if !slices.Equal(got, want) {
		t.Errorf("pointers at %v, want %v", got, want)
	}
}

// What is only reachable through memory written here stays alive.
func TestMoveKeepsAlive(t *testing.T) {
	lay := LayoutOf(reflect.TypeFor[mixed]())
	var all []Ptr
	for i := range 1000 {
		p := lay.New()
		lay.Move(p, Of(newMixed(i)))
		all = append(all, lay.Copy(p))
		lay.Clear(p)
		if i%100 == 0 {
			runtime.GC()
		}
	}
	runtime.GC()
	for i, p := range all {
		m := Pointer[mixed](p)
		if *m.P != i || m.I.(*int) != m.P || m.L[0] != byte(i) || m.S != string(rune('a'+i%26)) {
			t.Fatalf("value %d became %+v", i, *m)
		}
	}
}

// newMixed is not inlined: the compiler would keep in a stack what Move carries away.
//
//go:noinline
func newMixed(i int) *mixed {
	n := new(int)
	*n = i
	return &mixed{A: 1, S: string(rune('a' + i%26)), P: n, I: n, L: []byte{byte(i)}}
}

func TestSlices(t *testing.T) {
	lay := LayoutOf(reflect.TypeFor[string]())
	var s Slice
	for i := range 100 {
		s = lay.Grow(s, 1)
		*At[string](Elem(s.Data, s.Len, lay.Size), 0) = string(rune('a' + i%26))
		s.Len++
	}
	got := Cast[[]string](s)
	var want []string
	for i := range 100 {
		want = append(want, string(rune('a'+i%26)))
	}
	if !slices.Equal(got, want) || cap(got) != cap(want) {
		t.Errorf("got %d of %d: %v", len(got), cap(got), got)
	}
	both := Cast[[]string](lay.Append(s, Slice{Data: s.Data, Len: 2, Cap: 2}))
	if len(both) != 102 || both[100] != "a" || both[101] != "b" {
		t.Errorf("append gives %v", both)
	}
	lay.CopySlice(Slice{Data: Elem(s.Data, 1, lay.Size), Len: 5, Cap: 5}, s) // they overlap
	if got[5] != "e" || got[1] != "a" {
		t.Errorf("copy gives %v", got[:7])
	}
}

func TestCaptured(t *testing.T) {
	code := CodeOf(capture(nil))
	x := 7
	p := MakeFunc(reflect.TypeFor[func()](), capture(&x))
	if got := Captured(p, code); got != Of(&x) {
		t.Errorf("captured %v, want %v", got, &x)
	}
	other := func() {}
	if got := Captured(*Pointer[Ptr](Of(&other)), code); got != nil {
		t.Errorf("a compiled function has captured %v", got)
	}
}

//go:noinline
func capture(p *int) func([]reflect.Value) []reflect.Value {
	return func([]reflect.Value) []reflect.Value { *p++; return nil }
}
