package table

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"testing"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
)

func formOf[V any]() *Form {
	return &Form{Elem: mem.LayoutOf(reflect.TypeFor[V]()), Ask: func(uint64) {}}
}

func Example() {
	t := New[string](formOf[int](), 0)
	for _, word := range []string{"to", "be", "or", "not", "to", "be"} {
		*mem.At[int](t.Assign(word, Hash(word)), 0)++
	}
	fmt.Println(t.Len(), *mem.At[int](t.Find("be", Hash("be")), 0), t.Find("is", Hash("is")))
	// Output: 4 2 <nil>
}

// twin is a table beside a map of Go's, to which the same is done.
type twin[K Key] struct {
	t    *Table[K]
	m    map[K]*int
	hash func(K) uint64
}

func newTwin[K Key](n int) *twin[K] {
	t := New[K](formOf[*int](), n)
	return &twin[K]{t: t, m: map[K]*int{}, hash: t.hash}
}

func (w *twin[K]) set(k K, v int) {
	*mem.At[*int](w.t.Assign(k, w.hash(k)), 0) = &v
	w.m[k] = &v
}

func (w *twin[K]) delete(k K) {
	w.t.Delete(k, w.hash(k))
	delete(w.m, k)
}

func (w *twin[K]) clear() {
	w.t.Clear()
	clear(w.m)
}

func (w *twin[K]) compare(t *testing.T, keys []K) {
	t.Helper()
	if w.t.Len() != len(w.m) {
		t.Fatalf("%d entries, want %d", w.t.Len(), len(w.m))
	}
	for _, k := range keys {
		p := w.t.Find(k, w.hash(k))
		v, ok := w.m[k]
		if ok != (p != nil) || ok && (*mem.At[*int](p, 0) != v) {
			t.Fatalf("%v: found %v, want %v", k, p, v)
		}
	}
	met := map[K]bool{}
	for it := w.t.Iterate(); it.Next(); {
		if met[it.Key] || w.m[it.Key] == nil || *mem.At[*int](it.Elem, 0) != w.m[it.Key] {
			t.Fatalf("iteration comes to %v, which it has met: %v", it.Key, met[it.Key])
		}
		met[it.Key] = true
	}
	if len(met) != len(w.m) {
		t.Fatalf("iteration comes to %d of %d entries", len(met), len(w.m))
	}
}

func random[K Key](t *testing.T, keys []K, r *rand.Rand) {
	w := newTwin[K](r.IntN(20))
	for i := range 3000 {
		k := keys[r.IntN(len(keys))]
		switch n := r.IntN(100); {
		case n < 60:
			w.set(k, i)
		case n < 99:
			w.delete(k)
		case r.IntN(10) == 0:
			w.clear()
		}
		if i%97 == 0 {
			w.compare(t, keys)
			runtime.GC()
		}
	}
	w.compare(t, keys)
}

func TestRandomOperations(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		numbers, words := make([]uint64, 1+r.IntN(500)), make([]string, 1+r.IntN(500))
		shift := r.IntN(50) // keys that end in zeros are the worst for an index by the lowest bits
		for i := range numbers {
			numbers[i] = uint64(i) << shift
		}
		for i := range words {
			words[i] = fmt.Sprint(i)
		}
		random(t, numbers, r)
		random(t, words, r)
	}
}

// A loop that changes what it goes through meets each entry that stays exactly once, none
// that has been deleted before, and ends.
func TestChangesWhileIterating(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 2))
		w := newTwin[uint64](0)
		n := uint64(1 + r.IntN(60))
		for k := range n {
			w.set(k, int(k))
		}
		for range r.IntN(30) {
			w.delete(r.Uint64N(n))
		}
		first := map[uint64]bool{}
		for k := range w.m {
			first[k] = true
		}
		met, deleted := map[uint64]int{}, map[uint64]bool{}
		for it := w.t.Iterate(); it.Next(); {
			met[it.Key]++
			if w.m[it.Key] == nil || *mem.At[*int](it.Elem, 0) != w.m[it.Key] {
				t.Fatalf("seed %d: came to %d, which is not there", seed, it.Key)
			}
			for range r.IntN(8) {
				switch k := r.Uint64N(2 * n); r.IntN(3) {
				case 0:
					w.delete(k)
					deleted[k] = true
				case 1:
					w.set(k, -1)
				default:
					w.set(n+r.Uint64N(500), -2) // so that it grows
				}
			}
			if r.IntN(60) == 0 {
				w.clear()
				for k := range first {
					deleted[k] = true
				}
			}
		}
		for k, times := range met {
			if times > 1 {
				t.Fatalf("seed %d: came to %d %d times", seed, k, times)
			}
		}
		for k := range first {
			if !deleted[k] && met[k] != 1 {
				t.Fatalf("seed %d: never came to %d", seed, k)
			}
		}
	}
}

// What goes on deleting the oldest and adding must not grow.
func TestQueue(t *testing.T) {
	w := newTwin[uint64](0)
	for k := range uint64(100_000) {
		w.set(k, 1)
		if k >= 100 {
			w.delete(k - 100)
		}
	}
	if len(w.t.index) > 512 {
		t.Errorf("an index of %d for %d entries", len(w.t.index), w.t.Len())
	}
}

func TestGrowthAsks(t *testing.T) {
	asked := 0
	form := formOf[[4]int]()
	form.Ask = func(n uint64) { asked = max(asked, int(n)) }
	tab := New[uint64](form, 0)
	for k := range uint64(1000) {
		tab.Assign(k, k)
	}
	if asked < 32*1000 || asked > 200_000 {
		t.Errorf("asked for %d bytes", asked)
	}
	if it := tab.Iterate(); !it.Next() || *mem.At[[4]int](it.Elem, 0) != [4]int{} {
		t.Error("a new element is not zero")
	}
}

// Elements without a size have addresses, too.
func TestSet(t *testing.T) {
	tab := New[string](formOf[struct{}](), 0)
	for i := range 100 {
		s := fmt.Sprint(i % 50)
		tab.Assign(s, Hash(s))
	}
	if tab.Len() != 50 || tab.Find("7", Hash("7")) == nil || tab.Find("50", Hash("50")) != nil {
		t.Errorf("%d entries", tab.Len())
	}
}

func BenchmarkAssignFind(b *testing.B) {
	form := formOf[int]()
	b.Run("table", func(b *testing.B) {
		for b.Loop() {
			t := New[uint64](form, 0)
			for k := range uint64(200_000) {
				*mem.At[int](t.Assign(k, k), 0) = int(k)
			}
			for k := range uint64(200_000) {
				*mem.At[int](t.Find(k, k), 0)++
			}
		}
	})
	b.Run("map", func(b *testing.B) {
		for b.Loop() {
			m := map[uint64]int{}
			for k := range uint64(200_000) {
				m[k] = int(k)
			}
			for k := range uint64(200_000) {
				m[k]++
			}
		}
	})
}
