package generic_test

import (
	"cmp"
	"iter"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"github.com/dagbook/dagbook/kernel/eval/closure/generic"
)

type row struct {
	name string
	n    int
}

type point struct {
	x, y float64
	n    int
}

func madeBy[F any](b *testing.B, pkg, name string, targs ...reflect.Type) F {
	f, ok := generic.Func(pkg, name, targs, reflect.TypeFor[F]())
	if !ok {
		b.Fatalf("%s.%s%v is not known", pkg, name, targs)
	}
	return f.Interface().(F)
}

func random[E any](n int, of func(int) E) []E {
	r := rand.New(rand.NewPCG(1, 2))
	s := make([]E, n)
	for i := range s {
		s[i] = of(r.IntN(10 * n))
	}
	return s
}

// both runs f with the compiled instance and with Func's.
func both[F any](b *testing.B, compiled F, f func(*testing.B, F), pkg, name string, targs ...reflect.Type) {
	b.Run("compiled", func(b *testing.B) { f(b, compiled) })
	b.Run("generic", func(b *testing.B) { f(b, madeBy[F](b, pkg, name, targs...)) })
}

func BenchmarkSort(b *testing.B) {
	s := random(20_000, func(i int) int { return i })
	both(b, slices.Sort[[]int], func(b *testing.B, sort func([]int)) {
		for b.Loop() {
			sort(slices.Clone(s))
		}
	}, "slices", "Sort", typesOf[[]int]()...)
}

func BenchmarkSortFuncWords(b *testing.B) {
	benchmarkSortFunc(b, func(i int) row { return row{"r", i} }, func(a, b row) int { return cmp.Compare(a.n, b.n) })
}

func BenchmarkSortFuncFloats(b *testing.B) {
	benchmarkSortFunc(b, func(i int) point { return point{float64(i), 1, i} }, func(a, b point) int { return cmp.Compare(a.x, b.x) })
}

// Elements of these go on the stack.
func BenchmarkSortFuncArrays(b *testing.B) {
	benchmarkSortFunc(b, func(i int) [3]int { return [3]int{i} }, func(a, b [3]int) int { return cmp.Compare(a[0], b[0]) })
}

func benchmarkSortFunc[E any](b *testing.B, of func(int) E, compare func(a, b E) int) {
	s := random(100_000, of)
	both(b, slices.SortFunc[[]E], func(b *testing.B, sort func([]E, func(a, b E) int)) {
		for b.Loop() {
			sort(slices.Clone(s), compare)
		}
	}, "slices", "SortFunc", typesOf[[]E]()...)
}

func BenchmarkContains(b *testing.B) {
	s := random(1000, func(i int) celsius { return celsius(i) })
	both(b, slices.Contains[[]celsius], func(b *testing.B, contains func([]celsius, celsius) bool) {
		for b.Loop() {
			contains(s, -1)
		}
	}, "slices", "Contains", typesOf[[]celsius]()...)
}

func BenchmarkContainsStruct(b *testing.B) {
	s := random(1000, func(i int) row { return row{"r", i} })
	both(b, slices.Contains[[]row], func(b *testing.B, contains func([]row, row) bool) {
		for b.Loop() {
			contains(s, row{"r", -1})
		}
	}, "slices", "Contains", typesOf[[]row]()...)
}

func BenchmarkKeysSorted(b *testing.B) {
	m := map[string]int{}
	for i := range 1000 {
		m[strconv.Itoa(i)] = i
	}
	b.Run("compiled", func(b *testing.B) {
		for b.Loop() {
			_ = slices.Sorted(maps.Keys(m))
		}
	})
	b.Run("generic", func(b *testing.B) {
		text := reflect.TypeFor[string]()
		keys := madeBy[func(map[string]int) iter.Seq[string]](b, "maps", "Keys", reflect.TypeOf(m), text, reflect.TypeFor[int]())
		sorted := madeBy[func(iter.Seq[string]) []string](b, "slices", "Sorted", text)
		for b.Loop() {
			sorted(keys(m))
		}
	})
}

func BenchmarkCollectStruct(b *testing.B) {
	s := random(1000, func(i int) row { return row{"r", i} })
	both(b, slices.Collect[row], func(b *testing.B, collect func(iter.Seq[row]) []row) {
		for b.Loop() {
			collect(slices.Values(s))
		}
	}, "slices", "Collect", reflect.TypeFor[row]())
}

func BenchmarkMapValuesStruct(b *testing.B) {
	m := map[row]point{}
	for i := range 1000 {
		m[row{"r", i}] = point{n: i}
	}
	both(b, maps.Values[map[row]point], func(b *testing.B, values func(map[row]point) iter.Seq[point]) {
		for b.Loop() {
			n := 0
			for p := range values(m) {
				n += p.n
			}
		}
	}, "maps", "Values", reflect.TypeOf(m), reflect.TypeFor[row](), reflect.TypeFor[point]())
}

// What a cell pays for naming a function.
func BenchmarkFunc(b *testing.B) {
	for name, targs := range map[string][]reflect.Type{"basic": typesOf[[]celsius](), "words": typesOf[[]row](), "memory": typesOf[[]wide]()} {
		b.Run(name, func(b *testing.B) {
			compare := reflect.FuncOf([]reflect.Type{targs[1], targs[1]}, []reflect.Type{reflect.TypeFor[int]()}, false)
			sig := reflect.FuncOf([]reflect.Type{targs[0], compare}, nil, false)
			for b.Loop() {
				generic.Func("slices", "SortFunc", targs, sig)
			}
		})
	}
}
