package taskgraph

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

// TestInstances makes the instances for int and calls them as an interpreter
// would.
func TestInstances(t *testing.T) {
	made := New().Instances()
	ints := []reflect.Type{reflect.TypeFor[int]()}
	instance := func(name string, fn any, types ...reflect.Type) reflect.Value {
		named := func(fn any) any { return Func{Name: "inc", Fn: fn} }
		return made[name](Instance{Types: types, Sig: reflect.TypeOf(fn), Named: named})
	}
	of := instance("Of", Of[int], ints...).Interface().(func(int) Task[int])
	call1 := instance("Call1", Call1[int, int]).Interface().(func(func(int) int, Task[int]) Task[int])
	try1 := instance("Try1", Try1[int, int]).Interface().(func(func(int) (int, error), Task[int]) Task[int])
	all := instance("All", All[int], ints...).Interface().(func(...Task[int]) Task[[]int])
	typed := instance("Typed", Typed[int], ints...).Interface().(func(*Node) Task[int])
	compute := instance("Task.Compute", (*Task[int]).Compute).Interface().(func(*Task[int], ...Option) (int, error))
	with := instance("Task.With", (*Task[int]).With).Interface().(func(*Task[int], ...TaskOption) Task[int])

	x := call1(func(x int) int { return x + 1 }, of(4))
	if v, err := compute(&x); v != 5 || err != nil || !strings.HasPrefix(x.Key(), "inc-") {
		t.Errorf("%s is %v, %v", x.Key(), v, err)
	}
	if v, err := all(x, x, typed(x.Node)).Compute(); len(v) != 3 || v[2] != 5 || err != nil {
		t.Errorf("got %v, %v", v, err)
	}
	named := with(&x, Name("other"))
	if !strings.HasPrefix(named.Key(), "other-") {
		t.Errorf("key %s", named.Key())
	}
	bad := try1(func(int) (int, error) { return 0, errors.New("no") }, x)
	if v, err := compute(&bad); v != 0 || err == nil {
		t.Errorf("got %v, %v", v, err)
	}
}
