package taskgraph

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// benchLeaves make a tree of 98,303 tasks that do next to nothing. What a task
// costs in graphs of other shapes and sizes, from cells, and beside Dask, is
// measured by e2e/bench.py with testdata/bench/graphs.go.
const (
	benchLeaves = 1 << 15
	benchTasks  = 3*benchLeaves - 1
)

func BenchmarkBuildAndCompute(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		if _, err := treeOfSums(benchLeaves).Compute(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchTasks, "ns/task")
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
