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
