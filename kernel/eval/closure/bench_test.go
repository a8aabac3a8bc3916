package closure

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dagbook/dagbook/kernel/eval"
)

// linesOf is a cell of about so many lines of everyday code: functions of ten lines each,
// which are declared and not called.
func linesOf(n int) string {
	var b strings.Builder
	for i := range n / 10 {
		fmt.Fprintf(&b, `func work%d(xs []float64, names map[string]int) (total float64, err error) {
	for i, x := range xs {
		if x < 0 {
			return 0, fmt.Errorf("value %%d is negative: %%g", i, x)
		}
		total += math.Sqrt(x) * float64(i+%d)
	}
	names[fmt.Sprint("work", len(names))] = int(total)
	return total / float64(len(xs)), nil
}
`, i, i)
	}
	return b.String()
}

// BenchmarkCompile measures cells that are checked and compiled and do next to nothing.
// The bound is 1 ms and 0.1 ms a line.
func BenchmarkCompile(b *testing.B) {
	for _, c := range []struct {
		name, code string
	}{
		{"1", "x := 6 * 7"},
		{"SortFunc", "words := []string{\"b\", \"a\"}\nslices.SortFunc(words, func(a, b string) int { return cmp.Compare(len(a), len(b)) })"},
		{"10", linesOf(10)},
		{"100", linesOf(100)},
		{"1000", linesOf(1000)},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := session(b)
			run := func(n int) {
				if res := s.Execute(context.Background(), eval.Cell{Number: n, Code: c.code}, &textOutput{}); res.Err != nil {
					b.Fatal(res.Err.Value)
				}
			}
			run(1)
			b.ReportAllocs()
			for n := 2; b.Loop(); n++ {
				run(n)
			}
			lines := max(1, strings.Count(c.code, "\n"))
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(lines), "µs/line")
		})
	}
}

// sieve is pure work without allocation in the loop; the engine runs the same text.
const sieveCell = `func sieve(n int) int {
	composite, count := make([]bool, n), 0
	for i := 2; i < n; i++ {
		if composite[i] {
			continue
		}
		count++
		for k := i * i; k < n; k += i {
			composite[k] = true
		}
	}
	return count
}
func(work, goroutines int) int {
	var wg sync.WaitGroup
	counts := make([]int, goroutines)
	for g := range goroutines {
		wg.Go(func() {
			for range work / goroutines {
				counts[g] += sieve(5000)
			}
		})
	}
	wg.Wait()
	return counts[0]
}`

func sieve(n int) int {
	composite, count := make([]bool, n), 0
	for i := 2; i < n; i++ {
		if composite[i] {
			continue
		}
		count++
		for k := i * i; k < n; k += i {
			composite[k] = true
		}
	}
	return count
}

func sieves(work, goroutines int) int {
	var wg sync.WaitGroup
	counts := make([]int, goroutines)
	for g := range goroutines {
		wg.Go(func() {
			for range work / goroutines {
				counts[g] += sieve(5000)
			}
		})
	}
	wg.Wait()
	return counts[0]
}

// BenchmarkSpeedup measures how much faster the same work is on two goroutines than on
// one, in the engine and compiled. The engine's should be 90 % of the other. Each number
// is the best of several, so that what else the machine does matters less.
func BenchmarkSpeedup(b *testing.B) {
	if runtime.GOMAXPROCS(0) < 2 {
		b.Skip("one processor")
	}
	engine, _ := funcOf[func(int, int) int](b, sieveCell)
	for _, c := range []struct {
		name string
		run  func(work, goroutines int) int
		work int
	}{{"engine", engine, 400}, {"compiled", sieves, 8000}} {
		b.Run(c.name, func(b *testing.B) {
			one, two := time.Duration(1<<62), time.Duration(1<<62)
			for b.Loop() {
				one = min(one, timeOf(func() { c.run(c.work, 1) }))
				two = min(two, timeOf(func() { c.run(c.work, 2) }))
			}
			b.ReportMetric(float64(one)/float64(two), "speedup")
		})
	}
}

func timeOf(f func()) time.Duration {
	begin := time.Now()
	f()
	return time.Since(begin)
}
