package graph_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dagbook/dagbook/taskgraph/graph"
)

// TestReaders: the lists of readers are the lists of inputs turned round.
func TestReaders(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, 30).Draw(rt, "n")
		var b graph.Builder
		type edge struct{ from, to graph.ID }
		edges := map[edge]int{}
		count := 0
		for i := range n {
			var inputs []graph.ID
			for range rapid.IntRange(0, min(i, 5)).Draw(rt, "count") {
				in := graph.ID(rapid.IntRange(0, i-1).Draw(rt, "input"))
				inputs = append(inputs, in)
				edges[edge{in, graph.ID(i)}]++
				count++
			}
			if id := b.Add(graph.Task{}, inputs...); int(id) != i {
				rt.Fatalf("task %d got the number %d", i, id)
			}
		}
		g := b.Graph()
		if g.Len() != n || g.Edges() != count || b.Len() != 0 {
			rt.Fatalf("%d tasks, %d edges, %d left; want %d, %d, 0", g.Len(), g.Edges(), b.Len(), n, count)
		}
		for id := range graph.ID(n) {
			for _, r := range g.Readers(id) {
				edges[edge{id, r}]--
			}
		}
		for e, left := range edges {
			if left != 0 {
				rt.Fatalf("edge %v is listed %d times too few", e, left)
			}
		}
	})
}

func TestGrowKeepsTasks(t *testing.T) {
	var b graph.Builder
	a := b.Add(graph.Task{Key: graph.Key{Name: "a"}})
	b.Grow(10, 10)
	b.Add(graph.Task{Key: graph.Key{Name: "b"}}, a)
	g := b.Graph()
	if g.Len() != 2 || g.Key(0).Name != "a" || len(g.Readers(a)) != 1 || g.Readers(a)[0] != 1 {
		t.Errorf("tasks %v, readers %v", g.Len(), g.Readers(a))
	}
}

func TestCycleCannotBeWritten(t *testing.T) {
	defer func() {
		if p := fmt.Sprint(recover()); !strings.Contains(p, "task 0 (x-0000000000000001) reads task 0, which was not added before it") {
			t.Errorf("panic %q", p)
		}
	}()
	var b graph.Builder
	b.Add(graph.Task{Key: graph.Key{Name: "x", Token: 1}}, 0)
}

func TestListsCannotGrowIntoOthers(t *testing.T) {
	var b graph.Builder
	x, y := b.Add(graph.Task{}), b.Add(graph.Task{})
	b.Add(graph.Task{}, x)
	last := b.Add(graph.Task{}, y)
	g := b.Graph()
	_ = append(g.Inputs(2), x)
	if g.Inputs(last)[0] != y {
		t.Errorf("appending to one task's inputs changed another's")
	}
}

func ExampleBuilder() {
	double := graph.WorkFunc(func(_ context.Context, in []any) (any, error) { return in[0].(int) * 2, nil })
	var b graph.Builder
	x := b.Add(graph.Task{Key: graph.Key{Name: "x"}})
	y := b.Add(graph.Task{Key: graph.Key{Name: "y", Token: 0x5f}, Work: double}, x)
	g := b.Graph()
	fmt.Println(g.Key(y), "reads", g.Inputs(y))
	fmt.Println(g.Task(y).Work.Run(context.Background(), []any{21}))
	// Output:
	// y-000000000000005f reads [0]
	// 42 <nil>
}
