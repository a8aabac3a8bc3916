package generic_test

import (
	"cmp"
	"fmt"
	"io/fs"
	"iter"
	"math"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/dagbook/dagbook/kernel/eval/closure/generic"
)

type (
	celsius float64
	grade   int8
	flag    bool
	star    struct {
		name  string
		light float64
		next  *int
	}
	narrow struct {
		a int8
		b float32
		c bool
		d *int
		e uint16
	}
	wide struct {
		name string
		n    [6]int
		x    [3]float64
		p    *int
	}
	broad struct { // more numbers than registers, and a float
		a, b, c, d, e, f, g, h, i int
		x                         float64
		s                         string
	}
	mixed struct {
		_ int
		a any
		c complex64
		_ [0]int
	}
	tail struct {
		n int
		z struct{}
	}
	stringer interface{ String() string }
)

func (c celsius) String() string { return fmt.Sprint(float64(c)) }
func (g grade) String() string   { return fmt.Sprint(int8(g)) }

var numbers [9]int

// The element types of the tables, each with a few values of which some are equal.
var elements = []interface{ run(t *testing.T) }{
	order[int]{3, -1, 3, 0, 7, -1, 2},
	order[string]{"b", "a", "", "b", "ab", "z", "a"},
	order[float64]{2, math.NaN(), -1, math.Copysign(0, -1), 0, math.Inf(1), 2, math.NaN()},
	order[celsius]{20.5, -3, 20.5, celsius(math.NaN()), 0},
	order[grade]{1, -1, 5, 1, -128},
	order[uint16]{1, 65535, 5, 1},
	order[uintptr]{9, 0, math.MaxUint64, 9},
	order[float32]{1, float32(math.NaN()), -1, 1},
	order[rune]{'b', 'a', -1, 'b'},
	comparables[flag]{true, false, false, true},
	comparables[complex64]{1, 2i, 1, 0},
	comparables[complex128]{1, 2i, 1, complex(math.NaN(), 0)},
	comparables[*int]{&numbers[1], nil, &numbers[2], &numbers[1]},
	comparables[any]{1, "1", nil, 1, 1.5, star{name: "x"}},
	comparables[stringer]{celsius(1), grade(1), nil, celsius(1), celsius(math.NaN())},
	comparables[struct{}]{{}, {}, {}},
	comparables[star]{{"Vega", 0.03, nil}, {"Sirius", -1.46, &numbers[1]}, {"Vega", 0.03, nil}, {"NaN", math.NaN(), nil}},
	comparables[narrow]{{1, 2, true, nil, 3}, {1, 2, true, &numbers[1], 3}, {-1, 0, false, nil, 3}, {1, 2, true, nil, 3}},
	comparables[wide]{{"a", [6]int{5: 1}, [3]float64{1}, nil}, {}, {"a", [6]int{5: 1}, [3]float64{1}, nil}, {p: &numbers[2]}},
	comparables[broad]{{a: 1, s: "x"}, {i: 9, x: 2.5}, {a: 1, s: "x"}},
	comparables[record]{{"a", "b", 1}, {"b", "a", 2}, {"a", "b", 1}},
	comparables[mixed]{{a: 1, c: 2}, {a: "s"}, {a: 1, c: 2}},
	comparables[tail]{{n: 1}, {n: 2}, {n: 1}},
	comparables[[3]float64]{{1, 2, 3}, {1, 2}, {1, 2, 3}},
	comparables[[1]string]{{"x"}, {""}, {"x"}},
	comparables[[2]star]{{{name: "x"}}, {}, {}, {{name: "x"}}},
	comparables[[0]int]{{}, {}},
	comparables[[5]byte]{{1}, {4: 1}, {1}},
	anys[[]int]{{1}, nil, {}, {1, 2}, {1}},
	anys[map[string]int]{{"a": 1}, nil, {"b": 2}},
	anys[func() int]{nil, nil},
	anys[struct {
		s []string
		m map[int]int
	}]{{s: []string{"a"}}, {}, {m: map[int]int{1: 2}}},
}

func TestSlices(t *testing.T) {
	for _, e := range elements {
		t.Run(fmt.Sprintf("%T", e), func(t *testing.T) { t.Parallel(); e.run(t) })
	}
}

type (
	order[E cmp.Ordered]      []E
	comparables[E comparable] []E
	anys[E any]               []E
)

func (s order[E]) run(t *testing.T) {
	comparables[E](s).run(t)
	targs, seq := []reflect.Type{reflect.TypeFor[[]E](), reflect.TypeFor[E]()}, []reflect.Type{reflect.TypeFor[E]()}
	for _, in := range inputs(s) {
		one := func(*diary) []any { return []any{in()} }
		sameAs(t, "slices.Sort", targs, slices.Sort[[]E], one)
		sameAs(t, "slices.IsSorted", targs, slices.IsSorted[[]E], one)
		sameAs(t, "slices.Max", targs, slices.Max[[]E], one)
		sameAs(t, "slices.Min", targs, slices.Min[[]E], one)
		sameAs(t, "slices.Sorted", seq, slices.Sorted[E], func(*diary) []any { return []any{slices.Values(in())} })
		for _, v := range s {
			sameAs(t, "slices.BinarySearch", targs, slices.BinarySearch[[]E], func(*diary) []any { return []any{slices.Sorted(slices.Values(in())), v} })
		}
		for _, other := range inputs(s) {
			sameAs(t, "slices.Compare", targs, slices.Compare[[]E], func(*diary) []any { return []any{in(), other()} })
		}
	}
	for _, a := range s {
		for _, b := range s {
			sameAs(t, "cmp.Compare", seq, cmp.Compare[E], func(*diary) []any { return []any{a, b} })
			sameAs(t, "cmp.Less", seq, cmp.Less[E], func(*diary) []any { return []any{a, b} })
		}
	}
}

func (s comparables[E]) run(t *testing.T) {
	anys[E](s).run(t)
	targs, single := []reflect.Type{reflect.TypeFor[[]E](), reflect.TypeFor[E]()}, []reflect.Type{reflect.TypeFor[E]()}
	for _, in := range inputs(s) {
		one := func(*diary) []any { return []any{in()} }
		sameAs(t, "slices.Compact", targs, slices.Compact[[]E], one)
		sameAs(t, "cmp.Or", single, cmp.Or[E], one)
		for _, other := range inputs(s) {
			sameAs(t, "slices.Equal", targs, slices.Equal[[]E], func(*diary) []any { return []any{in(), other()} })
		}
		for _, v := range s {
			sameAs(t, "slices.Contains", targs, slices.Contains[[]E], func(*diary) []any { return []any{in(), v} })
			sameAs(t, "slices.Index", targs, slices.Index[[]E], func(*diary) []any { return []any{in(), v} })
		}
	}
}

// named is a slice type as cells declare them.
type named[E any] []E

// inputs returns what makes the slices of a table, new ones each time: none, empty, the
// values, the values with room and more behind, and many of them.
func inputs[E any](values []E) []func() []E {
	var many []E
	for i := range 60 {
		many = append(many, values[i*i%len(values)])
	}
	return []func() []E{
		func() []E { return nil },
		func() []E { return []E{} },
		func() []E { return slices.Clip(slices.Clone(values[:1])) },
		func() []E { return slices.Clip(slices.Clone(values)) },
		func() []E { return slices.Concat(values, values)[:len(values)] },
		func() []E { return slices.Clip(slices.Clone(many)) },
	}
}

func (s anys[E]) run(t *testing.T) {
	for i, in := range inputs(s) {
		s.testSorting(t, in)
		s.testFuncs(t, in)
		s.testEditing(t, in)
		s.testSequences(t, in)
		if i > 0 {
			s.testPairs(t, in)
		}
	}
	s.testOnce(t)
}

func typesOf[S ~[]E, E any]() []reflect.Type {
	return []reflect.Type{reflect.TypeFor[S](), reflect.TypeFor[E]()}
}

// rank orders values by their words, modulo a few, so that some are equal.
func rank[E any](v E) int { return len(fmt.Sprintf("%+v", v)) % 5 }

func ranking[E any](d *diary) func(a, b E) int {
	return func(a, b E) int {
		d.note("cmp", a, b)
		return rank(a) - rank(b)
	}
}

// failing is a ranking that panics at the nth call.
func failing[E any](n int) func(a, b E) int {
	return func(a, b E) int {
		if n--; n == 0 {
			panic("enough")
		}
		return rank(a) - rank(b)
	}
}

func (s anys[E]) testSorting(t *testing.T, in func() []E) {
	targs, single := typesOf[named[E]](), typesOf[[]E]()[1:]
	ranked := func(d *diary) []any { return []any{named[E](in()), ranking[E](d)} }
	sameAs(t, "slices.SortFunc", targs, slices.SortFunc[named[E]], ranked)
	sameAs(t, "slices.SortStableFunc", targs, slices.SortStableFunc[named[E]], ranked)
	sameAs(t, "slices.IsSortedFunc", targs, slices.IsSortedFunc[named[E]], ranked)
	sameAs(t, "slices.MaxFunc", targs, slices.MaxFunc[named[E]], ranked)
	sameAs(t, "slices.MinFunc", targs, slices.MinFunc[named[E]], ranked)
	sequence := func(d *diary) []any { return []any{slices.Values(in()), ranking[E](d)} }
	sameAs(t, "slices.SortedFunc", single, slices.SortedFunc[E], sequence)
	sameAs(t, "slices.SortedStableFunc", single, slices.SortedStableFunc[E], sequence)
	for _, n := range []int{1, 5, 40} {
		broken := func(*diary) []any { return []any{named[E](in()), failing[E](n)} }
		sameAs(t, "slices.SortFunc", targs, slices.SortFunc[named[E]], broken)
		sameAs(t, "slices.SortStableFunc", targs, slices.SortStableFunc[named[E]], broken)
	}
	none := func(*diary) []any { return []any{in(), nil} }
	sameAs(t, "slices.SortFunc", typesOf[[]E](), slices.SortFunc[[]E], none)
	sameAs(t, "slices.IndexFunc", typesOf[[]E](), slices.IndexFunc[[]E], none)
}

func (s anys[E]) testFuncs(t *testing.T, in func() []E) {
	targs := typesOf[[]E]()
	for r := range 5 {
		test := func(d *diary) []any {
			return []any{in(), func(v E) bool { d.note("test", v); return rank(v) == r }}
		}
		sameAs(t, "slices.IndexFunc", targs, slices.IndexFunc[[]E], test)
		sameAs(t, "slices.ContainsFunc", targs, slices.ContainsFunc[[]E], test)
		sameAs(t, "slices.DeleteFunc", targs, slices.DeleteFunc[[]E], test)
	}
	sameAs(t, "slices.CompactFunc", targs, slices.CompactFunc[[]E], func(d *diary) []any {
		return []any{in(), func(a, b E) bool { d.note("eq", a, b); return rank(a) == rank(b) }}
	})
	sameAs(t, "slices.CompactFunc", targs, slices.CompactFunc[[]E], func(d *diary) []any {
		n := 0
		return []any{in(), func(a, b E) bool { n++; d.note("eq", a, b); return n%3 > 0 }}
	})
	for _, v := range s {
		sameAs(t, "slices.BinarySearchFunc", append(targs, targs[1]), slices.BinarySearchFunc[[]E, E, E], func(d *diary) []any {
			return []any{in(), v, ranking[E](d)}
		})
	}
	sameAs(t, "slices.BinarySearchFunc", append(targs, reflect.TypeFor[narrow]()), slices.BinarySearchFunc[[]E, E, narrow], func(d *diary) []any {
		return []any{in(), narrow{e: 3}, func(v E, n narrow) int { d.note("cmp", v, n); return rank(v) - int(n.e) }}
	})
	sameAs(t, "slices.BinarySearchFunc", append(targs, reflect.TypeFor[string]()), slices.BinarySearchFunc[[]E, E, string], func(d *diary) []any {
		return []any{in(), "xx", func(v E, s string) int { d.note("cmp", v, s); return rank(v) - len(s) }}
	})
}

func (s anys[E]) testPairs(t *testing.T, in func() []E) {
	targs := typesOf[[]E]()
	for _, other := range inputs(s) {
		twice := []reflect.Type{targs[0], targs[0], targs[1], targs[1]}
		sameAs(t, "slices.EqualFunc", twice, slices.EqualFunc[[]E, []E], func(d *diary) []any {
			return []any{in(), other(), func(a, b E) bool { d.note("eq", a, b); return rank(a) == rank(b) }}
		})
		sameAs(t, "slices.CompareFunc", twice, slices.CompareFunc[[]E, []E], func(d *diary) []any {
			return []any{in(), other(), ranking[E](d)}
		})
	}
	words := append(typesOf[[]string](), targs...)
	words = []reflect.Type{words[0], words[2], words[1], words[3]}
	sameAs(t, "slices.EqualFunc", words, slices.EqualFunc[[]string, []E], func(d *diary) []any {
		return []any{[]string{"a", "b"}, in(), func(a string, b E) bool { d.note("eq", a, b); return true }}
	})
	sameAs(t, "slices.CompareFunc", words, slices.CompareFunc[[]string, []E], func(d *diary) []any {
		return []any{[]string{"a", "b"}, in(), func(a string, b E) int { d.note("eq", a, b); return 0 }}
	})
}

func (s anys[E]) testEditing(t *testing.T, in func() []E) {
	targs := typesOf[named[E]]()
	sameAs(t, "slices.Clone", targs, slices.Clone[named[E]], func(*diary) []any { return []any{named[E](in())} })
	sameAs(t, "slices.Clip", targs, slices.Clip[named[E]], func(*diary) []any { return []any{named[E](in())} })
	sameAs(t, "slices.Reverse", targs, slices.Reverse[named[E]], func(*diary) []any { return []any{named[E](in())} })
	for _, n := range []int{-1, 0, 1, 3, 100} {
		two := func(*diary) []any { return []any{named[E](in()), n} }
		sameAs(t, "slices.Grow", targs, slices.Grow[named[E]], two)
		sameAs(t, "slices.Repeat", targs, slices.Repeat[named[E]], two)
		sameAs(t, "slices.Chunk", targs, slices.Chunk[named[E]], two)
	}
	if typesOf[[]E]()[1].Size() > 0 { // so many of no size are possible, but not to show
		sameAs(t, "slices.Repeat", typesOf[[]E](), slices.Repeat[[]E], func(*diary) []any { return []any{in()[:min(2, len(in()))], math.MaxInt} })
	}
	for _, other := range inputs(s) {
		sameAs(t, "slices.Concat", targs, slices.Concat[named[E]], func(*diary) []any {
			return []any{[]named[E]{in(), other(), in()}}
		})
	}
	for i := -1; i < 9; i += 3 {
		for j := -1; j < 9; j += 2 {
			sameAs(t, "slices.Delete", targs, slices.Delete[named[E]], func(*diary) []any { return []any{named[E](in()), i, j} })
		}
		s.testInsertion(t, in, i)
	}
}

func (s anys[E]) testInsertion(t *testing.T, in func() []E, i int) {
	targs := typesOf[[]E]()
	for _, n := range []int{0, 2} {
		v := slices.Clip(s[:min(n, len(s))])
		sameAs(t, "slices.Insert", targs, slices.Insert[[]E], func(*diary) []any { return []any{in(), i, slices.Clone([]E(v))} })
		// The slice put in may be a part of the slice itself, or of the room behind.
		for _, from := range []int{0, 3} {
			sameAs(t, "slices.Insert", targs, slices.Insert[[]E], func(*diary) []any {
				x := in()
				return []any{x, i, part(x, from, n)}
			})
			for j := i; j < 9; j += 2 {
				sameAs(t, "slices.Replace", targs, slices.Replace[[]E], func(*diary) []any {
					x := in()
					return []any{x, i, j, part(x, from, n)}
				})
			}
		}
	}
}

func part[E any](x []E, from, n int) []E {
	return x[min(from, cap(x)):min(from+n, cap(x))]
}

func (s anys[E]) testSequences(t *testing.T, in func() []E) {
	targs, single := typesOf[named[E]](), typesOf[[]E]()[1:]
	one := func(*diary) []any { return []any{named[E](in())} }
	sameAs(t, "slices.All", targs, slices.All[named[E]], one)
	sameAs(t, "slices.Backward", targs, slices.Backward[named[E]], one)
	sameAs(t, "slices.Values", targs, slices.Values[named[E]], one)
	sameAs(t, "slices.Collect", single, slices.Collect[E], func(*diary) []any { return []any{slices.Values(in())} })
	sameAs(t, "slices.AppendSeq", targs, slices.AppendSeq[named[E]], func(*diary) []any {
		return []any{named[E](in()), slices.Values(in())}
	})
	sameAs(t, "slices.Collect", single, slices.Collect[E], func(*diary) []any {
		return []any{iter.Seq[E](func(yield func(E) bool) { yield(s[0]); panic("no more") })}
	})
	pulls := func(pull any) func(*diary) []any {
		return func(d *diary) []any { return []any{pull, in, d} }
	}
	pulled(t, single, iter.Pull[E], pulls)
	s.testPull2(t, in)
}

// pulled compares iter.Pull: the compiled one and the other, drained and stopped early.
func pulled[E any](t *testing.T, targs []reflect.Type, compiled func(iter.Seq[E]) (func() (E, bool), func()), args func(any) func(*diary) []any) {
	g, ok := generic.Func("iter", "Pull", targs, reflect.TypeOf(compiled))
	if !ok {
		t.Errorf("iter.Pull%v is not known", targs)
		return
	}
	// As an argument of a func that drains it, each is treated alike.
	drain := func(pull func(iter.Seq[E]) (func() (E, bool), func()), in func() []E, d *diary) {
		next, stop := pull(slices.Values(in()))
		for range 4 {
			v, ok := next()
			d.note("next", v, ok)
		}
		stop()
		v, ok := next()
		d.note("stopped", v, ok)
		next, stop = pull(func(yield func(E) bool) { panic("no values") })
		attempt(d, func() { next() })
		stop()
	}
	want, got := outcome(reflect.ValueOf(drain), args(compiled)), outcome(reflect.ValueOf(drain), args(g.Interface()))
	if want = want[:len(want)-1]; fmt.Sprint(want) != fmt.Sprint(got[:len(got)-1]) { // without the diary itself
		t.Errorf("iter.Pull%v\n got %v\nwant %v", targs, got, want)
	}
}

func (s anys[E]) testPull2(t *testing.T, in func() []E) {
	targs := []reflect.Type{reflect.TypeFor[int](), reflect.TypeFor[E]()}
	g, ok := generic.Func("iter", "Pull2", targs, reflect.TypeOf(iter.Pull2[int, E]))
	if !ok {
		t.Fatalf("iter.Pull2%v is not known", targs)
	}
	next, stop := iter.Pull2(slices.All(in()))
	next2, stop2 := g.Interface().(func(iter.Seq2[int, E]) (func() (int, E, bool), func()))(slices.All(in()))
	for range 4 {
		var want, got diary
		k, v, ok := next()
		want.note("next", k, v, ok)
		k, v, ok = next2()
		got.note("next", k, v, ok)
		if want.lines[0] != got.lines[0] {
			t.Errorf("iter.Pull2%v gives %s, want %s", targs, got.lines[0], want.lines[0])
		}
	}
	stop()
	stop2()
}

func (s anys[E]) testOnce(t *testing.T) {
	targs := typesOf[[]E]()[1:]
	sameAs(t, "sync.OnceValue", targs, sync.OnceValue[E], func(d *diary) []any {
		return []any{func() E { d.note("once"); return s[0] }}
	})
	sameAs(t, "sync.OnceValue", targs, sync.OnceValue[E], func(d *diary) []any {
		return []any{func() E { d.note("once"); panic("no value") }}
	})
	sameAs(t, "sync.OnceValues", append(targs, reflect.TypeFor[error]()), sync.OnceValues[E, error], func(d *diary) []any {
		return []any{func() (E, error) { d.note("once"); return s[0], fs.ErrExist }}
	})
	sameAs(t, "sync.OnceValues", append(targs, reflect.TypeFor[bool]()), sync.OnceValues[E, bool], func(d *diary) []any {
		return []any{func() (E, bool) { d.note("once"); return s[0], true }}
	})
}
