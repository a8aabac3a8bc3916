package closure

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/dagbook/dagbook/kernel/eval"
)

const callsOfAllKinds = `
type vec struct{ x, y, z float64 }

func (a vec) add(b vec) vec  { return vec{a.x + b.x, a.y + b.y, a.z + b.z} }
func (a *vec) grow(d float64) { a.x += d }

type adder interface{ add(vec) vec }

func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }
func pair(i int) (int, string) { return i + 1, "x" }
func inc(p *int) { *p++ }
func larger[T int | float64](a, b T) T { if a > b { return a }; return b }

func structs(n int) { v := vec{}; for i := range n { v = v.add(vec{float64(i), 1, 2}) } }
func pointers(n int) { x, v := 0, &vec{}; for range n { inc(&x); v.grow(1) } }
func interfaces(n int) { var a adder = vec{1, 2, 3}; for range n { a.add(vec{}) } }
func recursion(n int) { for range n / 100 { fib(8) } }
func several(n int) { s := 0; for i := range n { a, b := pair(i); s += a + len(b) } }
func generics(n int) { m := 0; for i := range n { m = larger(m, i) } }
func closures(n int) { c := 0; up := func() int { c++; return c }; for range n { up() } }
func compiled(n int) { s := 0.0; for i := range n { s += math.Sqrt(float64(i)); if strings.HasPrefix("abc", "b") { s++ } } }
func maps(n int) { m := map[string]int{"a": 0}; for range n { m["a"]++ } }
func channels(n int) { ch := make(chan int, 1); for i := range n { ch <- i; <-ch } }
`

// A call of a function of a cell allocates nothing, whatever its form.
func TestCallsDoNotAllocate(t *testing.T) {
	s := session(t)
	number := 0
	mallocs := func(code string) uint64 {
		number++
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if r := s.Execute(context.Background(), eval.Cell{Number: number, Code: code}, nil); r.Err != nil {
			t.Fatal(code, ": ", r.Err.Value)
		}
		runtime.ReadMemStats(&after)
		return after.Mallocs - before.Mallocs
	}
	mallocs(callsOfAllKinds)
	for _, name := range []string{"structs", "pointers", "interfaces", "recursion", "several", "generics", "closures", "compiled", "maps", "channels"} {
		mallocs(name + "(1)")
		few, many := mallocs(name+"(100)"), mallocs(fmt.Sprintf("%s(%d)", name, 10_000))
		if many > few+500 {
			t.Errorf("%s: %d allocations for 100 turns, %d for 10,000", name, few, many)
		}
	}
}
