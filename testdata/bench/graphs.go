//go:build ignore

// The task graphs that e2e/bench.py measures: compiled, and pasted into a cell up to main.
// graphs.py has the same for Dask.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"

	"github.com/dagbook/dagbook/taskgraph"
)

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

// fanin: all tasks are read by one.
func fanin(n int) *taskgraph.Node {
	inc, total := taskgraph.Delayed(inc), taskgraph.Delayed(total)
	nodes := make([]*taskgraph.Node, n-1)
	for i := range nodes {
		nodes[i] = inc(i)
	}
	return total(nodes)
}

// chain: every task reads the one before.
func chain(n int) *taskgraph.Node {
	inc := taskgraph.Delayed(inc)
	x := inc(0)
	for i := 1; i < n; i++ {
		x = inc(x)
	}
	return x
}

// tree: pairs are added until one is left.
func tree(n int) *taskgraph.Node {
	inc, add := taskgraph.Delayed(inc), taskgraph.Delayed(add)
	var row []*taskgraph.Node
	for i := range n / 2 {
		row = append(row, inc(i))
	}
	for len(row) > 1 {
		var next []*taskgraph.Node
		for i := 0; i+1 < len(row); i += 2 {
			next = append(next, add(row[i], row[i+1]))
		}
		if len(row)%2 == 1 {
			next = append(next, row[len(row)-1])
		}
		row = next
	}
	return row[0]
}

// stencil: every task reads its neighbours of the row before.
func stencil(n int) *taskgraph.Node {
	inc, mid, total := taskgraph.Delayed(inc), taskgraph.Delayed(mid), taskgraph.Delayed(total)
	const width = 100
	row := make([]*taskgraph.Node, width)
	for i := range row {
		row[i] = inc(i)
	}
	for range n/width - 1 {
		next := make([]*taskgraph.Node, width)
		for i := range next {
			next[i] = mid(row[max(i-1, 0)], row[i], row[min(i+1, width-1)])
		}
		row = next
	}
	return total(row)
}

var shapes = map[string]func(int) *taskgraph.Node{"fanin": fanin, "chain": chain, "tree": tree, "stencil": stencil}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// measure gives the microseconds per task to build a graph and to build and compute it, and
// the bytes per task that the built graph takes.
func measure(shape string, n int) string {
	before := heap()
	start := time.Now()
	z := shapes[shape](n)
	built := time.Since(start)
	bytes := heap() - before
	start = time.Now()
	if _, err := z.Compute(); err != nil {
		panic(err)
	}
	computed := time.Since(start)
	each := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 / float64(n) }
	return fmt.Sprintln(each(built), each(built+computed), float64(bytes)/float64(n))
}

func main() {
	for _, shape := range os.Args[2:] {
		n, err := strconv.Atoi(os.Args[1])
		if err != nil {
			panic(err)
		}
		measure(shape, n)
		fmt.Print(measure(shape, n))
	}
}
