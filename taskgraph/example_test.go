package taskgraph_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dagbook/dagbook/taskgraph"
)

func slowinc(x int) int    { return x + 1 }
func slowadd(x, y int) int { return x + y }
func sum(xs []int) (total int) {
	for _, x := range xs {
		total += x
	}
	return total
}

func ExampleDelayed() {
	delayed := taskgraph.Delayed
	x := delayed(slowinc)(1)
	y := delayed(slowinc)(2)
	z := delayed(slowadd)(x, y) // nothing has run
	fmt.Println(z.Compute())
	// Output: 5 <nil>
}

func ExampleDelayed_slice() {
	inc, total := taskgraph.Delayed(slowinc), taskgraph.Delayed(sum)
	var results []*taskgraph.Node
	for x := range 4 {
		results = append(results, inc(x))
	}
	fmt.Println(total(results).Compute())
	// Output: 10 <nil>
}

func ExampleDelayed_wrongArgument() {
	defer func() { fmt.Println(recover()) }()
	taskgraph.Delayed(slowadd)(1, "two")
	// Output: slowadd: argument 2 is a string, but the function takes an int
}

func ExampleNode_ComputeInto() {
	var z int
	if err := taskgraph.Delayed(slowadd)(3, 4).ComputeInto(&z); err != nil {
		fmt.Println(err)
	}
	fmt.Println(z)
	// Output: 7
}

func ExampleNew() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	runner := taskgraph.New(taskgraph.Workers(2), taskgraph.Context(func() context.Context { return ctx }))
	fmt.Println(runner.Delayed(slowinc)(41).Compute())
	// Output: 42 <nil>
}

func ExampleNode_Out() {
	cut := func(s string) (string, string, error) {
		before, after, found := strings.Cut(s, "=")
		if !found {
			return "", "", errors.New("there is no = in it")
		}
		return before, after, nil
	}
	parts := taskgraph.Delayed(cut)("chunk=10")
	fmt.Println(parts.Out(1).Compute())
	// Output: 10 <nil>
}

func ExampleVisualize() {
	x := taskgraph.Delayed(slowinc)(1)
	y := taskgraph.Delayed(slowadd)(x, 2)
	picture := taskgraph.Visualize(x, y, taskgraph.Rankdir("LR"))
	fmt.Println(strings.Count(picture.SVG(), `<g class="node"`), "tasks")
	// Output: 2 tasks
}

func ExampleValue() {
	price := taskgraph.Value(19.9)
	total := price.Mul(3).Add(4.5)
	fmt.Println(total.Compute())
	fmt.Println(total.Gt(50).Compute())
	// Output:
	// 64.19999999999999 <nil>
	// true <nil>
}

func ExamplePure() {
	calls := 0
	length := taskgraph.Delayed(func(name string) int { calls++; return len(name) }, taskgraph.Pure())
	fmt.Println(length("abc").Add(length("abc")).Compute())
	fmt.Println(calls, "call")
	// Output:
	// 6 <nil>
	// 1 call
}

func ExampleRetries() {
	tries := 0
	load := taskgraph.Delayed(func() (string, error) {
		if tries++; tries < 3 {
			return "", errors.New("the line is busy")
		}
		return fmt.Sprintf("loaded at try %d", tries), nil
	}, taskgraph.Retries(5))
	fmt.Println(load().Compute())
	// Output: loaded at try 3 <nil>
}

func ExampleSubmit() {
	future := taskgraph.Submit(slowinc, 1)
	// other work
	fmt.Println(future.Wait())
	fmt.Println(future.Status())
	// Output:
	// 2 <nil>
	// finished
}

func ExampleAsCompleted() {
	var futures []*taskgraph.Future
	for x := range 3 {
		futures = append(futures, taskgraph.Submit(slowinc, x))
	}
	total := 0
	for f := range taskgraph.AsCompleted(futures...) {
		v, _ := f.Wait()
		total += v.(int)
	}
	fmt.Println(total)
	// Output: 6
}

func ExampleNode_Persist() {
	calls := 0
	load := taskgraph.Delayed(func() []int { calls++; return []int{1, 2, 3} })
	loaded, err := load().Persist()
	fmt.Println(err)
	fmt.Println(loaded.Index(0).Add(loaded.Index(2)).Compute())
	fmt.Println(calls, "call")
	// Output:
	// <nil>
	// 4 <nil>
	// 1 call
}

func ExampleMemoryLimit() {
	block := taskgraph.Delayed(func(i int) []int { return make([]int, 1000) })
	var blocks []*taskgraph.Node
	for i := range 100 {
		blocks = append(blocks, block(i))
	}
	count := taskgraph.Delayed(func(blocks ...[]int) int { return len(blocks) })
	fmt.Println(count(blocks).Compute(taskgraph.MemoryLimit(100_000)))
	// Output: 100 <nil>
}

func ExampleOptimize() {
	inc := taskgraph.Delayed(slowinc)
	chain := inc(inc(inc(1)))
	fmt.Println(chain.Visualize())
	fmt.Println(chain.Visualize(taskgraph.Optimized()))
	fmt.Println(chain.Compute(taskgraph.Optimize(true)))
	// Output:
	// drawing of a graph of 3 tasks
	// drawing of a graph of 1 task
	// 4 <nil>
}
