package generic_test

import (
	"reflect"
	"sync"
	"testing"
	"unsafe"

	"github.com/dagbook/dagbook/kernel/eval/closure/generic"
)

// owned are the funcs that rowsOfCalls takes for its own, by what a func variable holds.
var owned sync.Map

// own makes the func in a variable one of owned; other values are left alone.
func own(v reflect.Value) {
	if v.Kind() == reflect.Func && !v.IsNil() {
		owned.Store(*(*unsafe.Pointer)(v.Addr().UnsafePointer()), v)
	}
}

// rowsOfCalls counts the rows of calls of owned funcs.
type rowsOfCalls struct{ begun, ended int }

func (r *rowsOfCalls) calls(fn unsafe.Pointer) generic.Calls {
	f, ok := owned.Load(fn)
	if !ok {
		return nil
	}
	r.begun++
	return memoryCalls{r, f.(reflect.Value)}
}

// memoryCalls calls an owned func by the memory of its arguments.
type memoryCalls struct {
	r *rowsOfCalls
	f reflect.Value
}

func (c memoryCalls) Call(a, b unsafe.Pointer) unsafe.Pointer {
	from := []unsafe.Pointer{a, b}
	var in []reflect.Value
	for i := range c.f.Type().NumIn() {
		in = append(in, reflect.NewAt(c.f.Type().In(i), from[i]).Elem())
	}
	out := c.f.Call(in)[0]
	p := reflect.New(out.Type())
	p.Elem().Set(out)
	return p.UnsafePointer()
}

func (c memoryCalls) End() { c.r.ended++ }

// The instances call own funcs by their memory, and only those.
func TestOwnCalls(t *testing.T) {
	type wide struct {
		name string
		n    [6]int
	}
	less := func(a, b wide) int { return a.n[3] - b.n[3] }
	s := []wide{{n: [6]int{3: 2}}, {n: [6]int{3: 1}}}
	var rows rowsOfCalls
	f, ok := generic.FuncWith(rows.calls, "slices", "SortFunc", typesOf[[]wide](), reflect.TypeFor[func([]wide, func(a, b wide) int)]())
	if !ok {
		t.Fatal("slices.SortFunc is not known")
	}
	sort := f.Interface().(func([]wide, func(a, b wide) int))
	sort(s, less)
	if rows.begun != 0 || s[0].n[3] != 1 {
		t.Errorf("%d rows of calls of a func that is not own; the slice is %v", rows.begun, s)
	}
	own(reflect.ValueOf(&less).Elem())
	s[0], s[1] = s[1], s[0]
	sort(s, less)
	if rows != (rowsOfCalls{1, 1}) || s[0].n[3] != 1 {
		t.Errorf("calls of an own func: %+v; the slice is %v", rows, s)
	}
}
