package generic_test

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// record has five words: two of them are more than the registers of some machines.
type record struct {
	name, town string
	age        int
}

func recordOf(i int) record { return record{fmt.Sprint(i % 7), fmt.Sprint(i), i} }
func arrayOf(i int) [3]int  { return [3]int{i, i / 2, 1} }
func narrowOf(i int) narrow { return narrow{a: int8(i), b: float32(i), e: 3} }
func wideOf(i int) wide     { return wide{name: fmt.Sprint(i), p: &numbers[i&7]} }
func rowOf(i int) row       { return row{fmt.Sprint(i), i} }
func gradeOf(i int) grade   { return grade(i) }
func textOf(i int) string   { return fmt.Sprint(i) }

// Whatever the slice, the instances do what the compiled ones do.
func TestProperties(t *testing.T) {
	t.Run("record", func(t *testing.T) { rapid.Check(t, property(t, recordOf)) })
	t.Run("array", func(t *testing.T) { rapid.Check(t, property(t, arrayOf)) })
	t.Run("narrow", func(t *testing.T) { rapid.Check(t, property(t, narrowOf)) })
	t.Run("wide", func(t *testing.T) { rapid.Check(t, property(t, wideOf)) })
	t.Run("row", func(t *testing.T) { rapid.Check(t, property(t, rowOf)) })
	t.Run("grade", func(t *testing.T) {
		rapid.Check(t, property(t, gradeOf))
		rapid.Check(t, orderProperty(t, gradeOf))
	})
	t.Run("string", func(t *testing.T) {
		rapid.Check(t, property(t, textOf))
		rapid.Check(t, orderProperty(t, textOf))
	})
	t.Run("float64", func(t *testing.T) {
		rapid.Check(t, orderProperty(t, func(i int) float64 { return float64(i) / float64(i%3) })) // infinities and NaNs too
	})
}

// property checks slices of up to 80 values of which many are equal.
func property[E comparable](t *testing.T, of func(int) E) func(*rapid.T) {
	targs := typesOf[[]E]()
	sort := instance[func([]E, func(a, b E) int)](t, "slices", "SortFunc", targs...)
	stable := instance[func([]E, func(a, b E) int)](t, "slices", "SortStableFunc", targs...)
	search := instance[func([]E, E, func(E, E) int) (int, bool)](t, "slices", "BinarySearchFunc", append(targs, targs[1])...)
	compact := instance[func([]E) []E](t, "slices", "Compact", targs...)
	compactFunc := instance[func([]E, func(a, b E) bool) []E](t, "slices", "CompactFunc", targs...)
	index := instance[func([]E, E) int](t, "slices", "Index", targs...)
	replace := instance[func([]E, int, int, ...E) []E](t, "slices", "Replace", targs...)
	equal := instance[func(a, b []E) bool](t, "slices", "Equal", targs...)
	return func(t *rapid.T) {
		s := drawn(t, of, "s")
		compare := func(a, b E) int { return cmp.Compare(rank(a), rank(b)) }
		same := func(a, b E) bool { return rank(a) == rank(b) }
		v := of(rapid.IntRange(-20, 20).Draw(t, "v"))
		agree(t, "SortFunc", s, func(s []E) []E { slices.SortFunc(s, compare); return s }, func(s []E) []E { sort(s, compare); return s })
		agree(t, "SortStableFunc", s, func(s []E) []E { slices.SortStableFunc(s, compare); return s }, func(s []E) []E { stable(s, compare); return s })
		agree(t, "Compact", s, slices.Compact, compact)
		agree(t, "CompactFunc", s, func(s []E) []E { return slices.CompactFunc(s, same) }, func(s []E) []E { return compactFunc(s, same) })
		i := rapid.IntRange(0, len(s)).Draw(t, "i")
		j := rapid.IntRange(i, len(s)).Draw(t, "j")
		in := drawn(t, of, "in")
		agree(t, "Replace", s, func(s []E) []E { return slices.Replace(s, i, j, in...) }, func(s []E) []E { return replace(s, i, j, in...) })
		if got, want := index(s, v), slices.Index(s, v); got != want {
			t.Fatalf("Index is %d, want %d", got, want)
		}
		if got, want := equal(s, in), slices.Equal(s, in); got != want || !equal(s, slices.Clone(s)) {
			t.Fatalf("Equal is %v, want %v", got, want)
		}
		slices.SortFunc(s, compare)
		at, found := search(s, v, compare)
		if want, ok := slices.BinarySearchFunc(s, v, compare); at != want || found != ok {
			t.Fatalf("BinarySearchFunc is %d, %v, want %d, %v", at, found, want, ok)
		}
	}
}

func orderProperty[E cmp.Ordered](t *testing.T, of func(int) E) func(*rapid.T) {
	targs := typesOf[[]E]()
	sort := instance[func([]E)](t, "slices", "Sort", targs...)
	search := instance[func([]E, E) (int, bool)](t, "slices", "BinarySearch", targs...)
	compare := instance[func(a, b []E) int](t, "slices", "Compare", targs...)
	return func(t *rapid.T) {
		s, other := drawn(t, of, "s"), drawn(t, of, "other")
		agree(t, "Sort", s, func(s []E) []E { slices.Sort(s); return s }, func(s []E) []E { sort(s); return s })
		if got, want := compare(s, other), slices.Compare(s, other); got != want {
			t.Fatalf("Compare is %d, want %d", got, want)
		}
		slices.Sort(s)
		v := of(rapid.IntRange(-20, 20).Draw(t, "v"))
		at, found := search(s, v)
		if want, ok := slices.BinarySearch(s, v); at != want || found != ok {
			t.Fatalf("BinarySearch is %d, %v, want %d, %v", at, found, want, ok)
		}
	}
}

func drawn[E any](t *rapid.T, of func(int) E, name string) []E {
	var s []E
	for _, i := range rapid.SliceOfN(rapid.IntRange(-20, 20), 0, 80).Draw(t, name) {
		s = append(s, of(i))
	}
	return s
}

// agree fails when the two do not leave and return the same.
func agree[E any](t *rapid.T, name string, s []E, compiled, made func([]E) []E) {
	a, b := slices.Clone(s), slices.Clone(s)
	want, got := showSlice(reflect.ValueOf(compiled(a))), showSlice(reflect.ValueOf(made(b)))
	if got != want {
		t.Fatalf("%s returns\n%s, want\n%s", name, got, want)
	}
	if got, want := showSlice(reflect.ValueOf(b)), showSlice(reflect.ValueOf(a)); got != want {
		t.Fatalf("%s leaves\n%s, want\n%s", name, got, want)
	}
}

// What the instances keep, the collector sees, and several goroutines may use one.
func TestCollector(t *testing.T) {
	testCollector(t, func(i int) star { return star{name: textOf(i), light: float64(i), next: new(int)} })
	testCollector(t, func(i int) wide { return wide{name: textOf(i), p: new(int)} })
	testCollector(t, func(i int) record { return recordOf(i) })
	testCollector(t, func(i int) any { return textOf(i) })
	testCollector(t, func(i int) [2]*star { return [2]*star{{name: textOf(i)}, nil} })
	testCollector(t, func(i int) func() string { return func() string { return textOf(i) } })
}

func testCollector[E any](t *testing.T, of func(int) E) {
	targs := typesOf[[]E]()
	collect := instance[func(func(func(E) bool)) []E](t, "slices", "Collect", targs[1])
	insert := instance[func([]E, int, ...E) []E](t, "slices", "Insert", targs...)
	sorted := instance[func([]E, func(a, b E) int)](t, "slices", "SortFunc", targs...)
	mapped := instance[func(func(func(string, E) bool)) map[string]E](t, "maps", "Collect", reflect.TypeFor[string](), targs[1])
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 5 {
				s := collect(func(yield func(E) bool) {
					for i := 0; i < 200 && yield(of(i)); i++ {
						if i%50 == 0 {
							runtime.GC()
						}
					}
				})
				s = insert(s, 100, of(1000), of(1001))
				sorted(s, func(a, b E) int { return cmp.Compare(told(a), told(b)) })
				m := mapped(func(yield func(string, E) bool) {
					for i := 0; i < len(s) && yield(textOf(i), s[i]); i++ {
						s[i] = of(i) // the map alone has it now
					}
				})
				runtime.GC()
				var want []string
				for i := range 200 {
					want = append(want, told(of(i)))
				}
				want = append(want, told(of(1000)), told(of(1001)))
				slices.Sort(want)
				var got []string
				for v := range maps.Values(m) {
					got = append(got, told(v))
				}
				slices.Sort(got)
				if !slices.Equal(got, want) {
					t.Errorf("after collections the values of %v are %v, want %v", targs[1], got, want)
				}
			}
		})
	}
	wg.Wait()
}

// told is what a value says of itself, through its pointers.
func told(v any) string {
	switch v := v.(type) {
	case star:
		return fmt.Sprint(v.name, v.light, *v.next)
	case wide:
		return fmt.Sprint(v.name, *v.p)
	case [2]*star:
		return v[0].name
	case func() string:
		return v()
	default:
		return fmt.Sprint(v)
	}
}
