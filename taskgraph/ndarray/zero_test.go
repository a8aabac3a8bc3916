package ndarray_test

import (
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

func TestZeroArray(t *testing.T) {
	var x ndarray.Array
	for name, f := range map[string]func(){
		"Sum": func() { x.Sum() }, "Max": func() { x.Max() }, "Copy": func() { x.Copy() }, "Get": func() { x.Get() },
		"Set": func() { x.Set(1) }, "Values": func() { x.Values() }, "AsType": func() { x.AsType(ndarray.Int8) },
	} {
		if got := sentence(t, f); !strings.HasPrefix(got, "this ndarray.Array was declared, but never made: write x := ndarray.Zeros(") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestZeroArrayEverywhere calls all methods: some answer, as Shape does, and
// others panic, but none by a nil pointer or an index of this package.
func TestZeroArrayEverywhere(t *testing.T) {
	x := reflect.ValueOf(new(ndarray.Array))
	for i := range x.NumMethod() {
		func() {
			defer func() {
				if problem, ok := recover().(runtime.Error); ok {
					t.Errorf("%s: %v", x.Type().Method(i).Name, problem)
				}
			}()
			method := x.Method(i)
			method.Call(anyArguments(method.Type()))
		}()
	}
}

// anyArguments are arguments for a function, none for its last parameter if
// it takes any number.
func anyArguments(f reflect.Type) []reflect.Value {
	n := f.NumIn()
	if f.IsVariadic() {
		n--
	}
	args := make([]reflect.Value, n)
	for i := range args {
		switch in := f.In(i); in {
		case reflect.TypeFor[*ndarray.Array]():
			args[i] = reflect.ValueOf(ndarray.Of(1, 2))
		case reflect.TypeFor[any]():
			args[i] = reflect.ValueOf(2.0)
		default:
			args[i] = reflect.Zero(in)
		}
	}
	return args
}
