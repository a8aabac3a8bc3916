package rt_test

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"testing"

	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// goPanic is what compiled Go panics with.
func goPanic(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return nil
}

// What is made here cannot be told from what the runtime panics with.
func TestErrorsOfTheRuntime(t *testing.T) {
	nine, minus, three := 9, -1, []int{1, 2, 3}
	var array [7]int
	var empty, text any = nil, "text"
	var reader io.Reader
	emptyType, readerType := reflect.TypeFor[any](), reflect.TypeFor[io.Reader]()
	for i, c := range []struct {
		f    func()
		made error
	}{
		{func() { _ = make([]int, minus) }, rt.ErrorString("makeslice: len out of range")},
		{func() { _ = make([]int, 0, minus) }, rt.ErrorString("makeslice: cap out of range")},
		{func() { _ = array[:nine] }, rt.BoundsError(rt.SliceOfArray, 9, 7)},
		{func() { _ = array[0:1:nine] }, rt.BoundsError(rt.Slice3OfArray, 9, 7)},
		{func() { _ = [8]int(three) }, rt.BoundsError(rt.ArrayOfSlice, 8, 3)},
		{func() { _ = (*[8]int)(three) }, rt.BoundsError(rt.ArrayOfSlice, 8, 3)},
		{func() { _ = empty.(int) }, rt.AssertionError(emptyType, nil, reflect.TypeFor[int](), "")},
		{func() { _ = text.(int) }, rt.AssertionError(emptyType, reflect.TypeFor[string](), reflect.TypeFor[int](), "")},
		{func() { _ = reader.(*io.PipeReader) }, rt.AssertionError(readerType, nil, reflect.TypeFor[*io.PipeReader](), "")},
		{func() { _ = empty.(io.Reader) }, rt.AssertionError(nil, nil, readerType, "")},
		{func() { _ = text.(io.Reader) }, rt.AssertionError(nil, reflect.TypeFor[string](), readerType, rt.MissingMethod(readerType, reflect.TypeFor[string]()))},
	} {
		want := goPanic(c.f).(error)
		if fmt.Sprintf("%T %v", c.made, c.made) != fmt.Sprintf("%T %v", want, want) {
			t.Errorf("%d: %T %q is made, Go panics with %T %q", i, c.made, c.made, want, want)
		}
		if _, ok := errors.AsType[runtime.Error](c.made); !ok {
			t.Errorf("%d: %v is no runtime.Error", i, c.made)
		}
		if want, ok := want.(*runtime.TypeAssertionError); ok && !reflect.DeepEqual(c.made, want) {
			t.Errorf("%d: %#v is made, Go panics with %#v", i, c.made, want)
		} else if !ok && c.made != goPanic(c.f) {
			t.Errorf("%d: %#v is made, Go panics with %#v", i, c.made, goPanic(c.f))
		}
	}
}

func TestMissingMethod(t *testing.T) {
	if got := rt.MissingMethod(reflect.TypeFor[io.ReadWriter](), reflect.TypeFor[*io.PipeReader]()); got != "Write" {
		t.Errorf("a PipeReader lacks %q of a ReadWriter", got)
	}
	if got := rt.MissingMethod(reflect.TypeFor[io.Reader](), reflect.TypeFor[*io.PipeReader]()); got != "" {
		t.Errorf("a PipeReader lacks %q of a Reader", got)
	}
}
