package generic_test

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/kernel/eval/closure/generic"
)

type code uint32

// tables are maps of the types that have stand-ins and of some that have not.
var tables = []interface{ run(t *testing.T) }{
	pairs[string, int]{"a": 1, "b": 2, "": 0},
	pairs[int, string]{1: "a", 2: "", -1: "c"},
	pairs[code, celsius]{1: 2, 7: 0},
	pairs[rune, bool]{'a': true, 'b': false},
	pairs[grade, any]{1: "x", 2: nil, 3: 4},
	pairs[string, stringer]{"a": celsius(1), "b": nil},
	pairs[string, star]{"a": {name: "x"}, "b": {}},
	pairs[string, struct{}]{"a": {}, "b": {}},
	pairs[int, complex128]{1: 2i, 3: 4},
	pairs[float64, int]{1: 2, math.Inf(1): 3, math.NaN(): 4},
	pairs[any, int8]{1: 1, "a": 2, nil: 3, celsius(2): 4},
	pairs[stringer, float32]{celsius(1): 1, grade(1): 2},
	pairs[*int, *int]{&numbers[0]: &numbers[1], nil: nil},
	pairs[star, wide]{{name: "x"}: {name: "y"}, {}: {}},
	pairs[narrow, narrow]{{a: 1}: {b: 2}, {}: {}},
	pairs[[2]string, [3]int]{{"a", "b"}: {1, 2, 3}, {}: {}},
	pairs[string, float64]{"a": math.NaN(), "b": 1},
}

func TestMaps(t *testing.T) {
	for _, m := range tables {
		t.Run(fmt.Sprintf("%T", m), m.run)
	}
}

type pairs[K, V comparable] map[K]V

func (m pairs[K, V]) run(t *testing.T) {
	type M = pairs[K, V]
	k, v, plain, named := reflect.TypeFor[K](), reflect.TypeFor[V](), reflect.TypeFor[map[K]V](), reflect.TypeFor[M]()
	one, two := []reflect.Type{named, k, v}, []reflect.Type{named, plain, k, v}
	for _, in := range []func() M{
		func() M { return nil },
		func() M { return M{} },
		func() M { return maps.Clone(m) },
	} {
		alone := func(*diary) []any { return []any{in()} }
		sameAs(t, "maps.Clone", one, maps.Clone[M], alone)
		sameTurns(t, "All", one, maps.All[M], in())
		sameTurns(t, "Keys", one, maps.Keys[M], in())
		sameTurns(t, "Values", one, maps.Values[M], in())
		sameAs(t, "maps.Collect", []reflect.Type{k, v}, maps.Collect[K, V], func(*diary) []any { return []any{maps.All(in())} })
		sameAs(t, "maps.DeleteFunc", one, maps.DeleteFunc[M], func(*diary) []any {
			return []any{in(), func(k K, v V) bool { return rank(v) > 1 }}
		})
		for _, other := range []map[K]V{nil, {}, m} {
			sameAs(t, "maps.Equal", two, maps.Equal[M, map[K]V], func(*diary) []any { return []any{in(), other} })
			sameAs(t, "maps.EqualFunc", append(two, v), maps.EqualFunc[M, map[K]V], func(*diary) []any {
				return []any{in(), other, func(a, b V) bool { return rank(a) == rank(b) }}
			})
			sameAs(t, "maps.EqualFunc", []reflect.Type{named, reflect.TypeFor[map[K]string](), k, v, reflect.TypeFor[string]()},
				maps.EqualFunc[M, map[K]string], func(*diary) []any {
					other := map[K]string{}
					for k, v := range m {
						other[k] = fmt.Sprint(v)
					}
					return []any{in(), other, func(a V, b string) bool { return fmt.Sprint(a) == b }}
				})
			sameAs(t, "maps.Copy", two, maps.Copy[M, map[K]V], func(*diary) []any { return []any{in(), maps.Clone(other)} })
			sameAs(t, "maps.Insert", one, maps.Insert[M], func(*diary) []any { return []any{in(), maps.All(other)} })
		}
	}
	m.testUse(t)
}

// testUse puts a map that an instance made to use as an ordinary one.
func (m pairs[K, V]) testUse(t *testing.T) {
	targs := []reflect.Type{reflect.TypeFor[map[K]V](), reflect.TypeFor[K](), reflect.TypeFor[V]()}
	g, _ := generic.Func("maps", "Clone", targs, reflect.TypeFor[func(map[K]V) map[K]V]())
	c := g.Interface().(func(map[K]V) map[K]V)(m)
	for k, v := range m {
		if w, ok := c[k]; k == k && (!ok || fmt.Sprint(v) != fmt.Sprint(w)) {
			t.Errorf("the clone has %v (%v) for %v, want %v", w, ok, k, v)
		}
		delete(c, k)
	}
	for k := range c {
		if k == k {
			t.Errorf("the clone keeps %v after it was deleted", k)
		}
	}
}

// sameTurns is sameAs for what goes through a map in no order.
func sameTurns(t *testing.T, name string, targs []reflect.Type, compiled, m any) {
	t.Helper()
	f := reflect.ValueOf(compiled)
	g, ok := generic.Func("maps", name, targs, f.Type())
	if !ok {
		t.Errorf("maps.%s%v is not known", name, targs)
		return
	}
	turns := func(f reflect.Value, n int) []string {
		return slices.Sorted(strings.SplitSeq(drain(f.Call([]reflect.Value{reflect.ValueOf(m)})[0], n), "; "))
	}
	if want, got := turns(f, -1), turns(g, -1); !slices.Equal(got, want) {
		t.Errorf("maps.%s%v goes through\n%v, want\n%v", name, targs, got, want)
	}
	if got := turns(g, 1); len(got) != 1 {
		t.Errorf("maps.%s%v goes on after its end: %v", name, targs, got)
	}
}

// Maps that reflect made, of types that no compiled code has, hash as their stand-ins do.
func TestMapsOfReflect(t *testing.T) {
	type secret int64 // only reflect makes maps of it
	for _, key := range []any{secret(7), code(7), celsius(7), "seven", grade(7)} {
		mt := reflect.MapOf(reflect.TypeOf(key), reflect.TypeFor[*int]())
		f, ok := generic.Func("maps", "Clone", []reflect.Type{mt, mt.Key(), mt.Elem()},
			reflect.FuncOf([]reflect.Type{mt}, []reflect.Type{mt}, false))
		if !ok {
			t.Fatalf("maps.Clone of %v is not known", mt)
		}
		m := reflect.MakeMap(mt)
		for i := range 100 { // enough to leave the small map
			k := reflect.ValueOf(key)
			if k.CanInt() {
				k = reflect.ValueOf(i + 8).Convert(mt.Key())
			}
			m.SetMapIndex(k, reflect.ValueOf(&numbers[2]))
		}
		m.SetMapIndex(reflect.ValueOf(key), reflect.ValueOf(&numbers[1]))
		c := f.Call([]reflect.Value{m})[0]
		if v := c.MapIndex(reflect.ValueOf(key)); !v.IsValid() || v.Interface() != &numbers[1] {
			t.Errorf("a clone of a %v has %v for %v", mt, v, key)
		}
		if c.Len() != m.Len() {
			t.Errorf("a clone of %d has %d", m.Len(), c.Len())
		}
	}
}
