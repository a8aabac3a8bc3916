package taskgraph

import (
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The benchmarks build a graph of 100,000 tasks that do next to nothing and
// compute it: what is measured is what a task costs beside its own work.
const benchTasks = 100_000

func inc(x int) int       { return x + 1 }
func add(x, y int) int    { return x + y }
func mid(x, y, z int) int { return (x + y + z) / 3 }
func total(xs []int) int {
	sum := 0
	for _, x := range xs {
		sum += x
	}
	return sum
}

// interpreted makes a function as an interpreter does: its body gets and
// gives reflect.Values.
func interpreted(fn any) Func {
	v := reflect.ValueOf(fn)
	body := func(args []reflect.Value) []reflect.Value { return v.Call(args) }
	return Func{Name: nameOf(v), Fn: reflect.MakeFunc(v.Type(), body).Interface()}
}

func compiled(fn any) Func { return Func{Name: nameOf(reflect.ValueOf(fn)), Fn: fn} }

// benchShapes build graphs of n tasks; fn wraps every function used.
var benchShapes = []struct {
	name  string
	build func(n int, fn func(any) Func) *Node
}{
	// 0 1 2 3 ...
	//  \ \| |/
	//   total
	{"FanIn", func(n int, fn func(any) Func) *Node {
		inc, total := Delayed(fn(inc)), Delayed(fn(total))
		nodes := make([]*Node, n-1)
		for i := range nodes {
			nodes[i] = inc(i)
		}
		return total(nodes)
	}},
	// 0 - 1 - 2 - 3 ...
	{"Chain", func(n int, fn func(any) Func) *Node {
		inc := Delayed(fn(inc))
		x := inc(0)
		for range n - 1 {
			x = inc(x)
		}
		return x
	}},
	// pairs are added until one is left
	{"Tree", func(n int, fn func(any) Func) *Node {
		inc, add := Delayed(fn(inc)), Delayed(fn(add))
		var row []*Node
		for i := range n / 2 {
			row = append(row, inc(i))
		}
		for len(row) > 1 {
			var next []*Node
			for i := 0; i+1 < len(row); i += 2 {
				next = append(next, add(row[i], row[i+1]))
			}
			if len(row)%2 == 1 {
				next = append(next, row[len(row)-1])
			}
			row = next
		}
		return row[0]
	}},
	// every task reads its neighbours of the row before
	{"Stencil", func(n int, fn func(any) Func) *Node {
		inc, mid, total := Delayed(fn(inc)), Delayed(fn(mid)), Delayed(fn(total))
		const width = 100
		row := make([]*Node, width)
		for i := range row {
			row[i] = inc(i)
		}
		for range n/width - 1 {
			next := make([]*Node, width)
			for i := range next {
				next[i] = mid(row[max(i-1, 0)], row[i], row[min(i+1, width-1)])
			}
			row = next
		}
		return total(row)
	}},
}

func BenchmarkBuildAndCompute(b *testing.B) {
	for _, kind := range []struct {
		name string
		wrap func(any) Func
	}{{"compiled", compiled}, {"interpreted", interpreted}} {
		for _, shape := range benchShapes {
			b.Run(kind.name+"/"+shape.name, func(b *testing.B) {
				b.ReportAllocs()
				for range b.N {
					if _, err := shape.build(benchTasks, kind.wrap).Compute(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchTasks, "ns/task")
			})
		}
	}
}

// BenchmarkSpeedup computes functions that only compute, on all processors.
// speedup is how many times faster a graph of them is than one after the
// other, of-bare the part of what bare goroutines gain on the same.
func BenchmarkSpeedup(b *testing.B) {
	const tasks, n = 64, 26
	fib := func(n int) int { return fibonacci(n) }
	graph := func() {
		call := Delayed(Func{Name: "fib", Fn: fib})
		nodes := make([]*Node, tasks)
		for i := range nodes {
			nodes[i] = call(n)
		}
		if _, err := Compute(nodes...); err != nil {
			b.Fatal(err)
		}
	}
	bare := func() {
		var next atomic.Int32
		var wg sync.WaitGroup
		for range runtime.GOMAXPROCS(0) {
			wg.Go(func() {
				for next.Add(1) <= tasks {
					fib(n)
				}
			})
		}
		wg.Wait()
	}
	serial := func() {
		for range tasks {
			fib(n)
		}
	}
	timed := func(run func()) float64 {
		began := time.Now()
		run()
		return time.Since(began).Seconds()
	}
	var graphs, bares, serials float64
	for range b.N {
		graphs, bares, serials = graphs+timed(graph), bares+timed(bare), serials+timed(serial)
	}
	b.ReportMetric(serials/graphs, "speedup")
	b.ReportMetric(bares/graphs, "of-bare")
}

func fibonacci(n int) int {
	if n < 2 {
		return n
	}
	return fibonacci(n-1) + fibonacci(n-2)
}
