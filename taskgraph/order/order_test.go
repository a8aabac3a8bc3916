package order_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/order"
)

// drawn makes a graph of lines "task: inputs", in topological order.
func drawn(text string) (*graph.Graph, map[string]graph.ID) {
	var b graph.Builder
	ids := map[string]graph.ID{}
	for line := range strings.Lines(text) {
		name, inputs, found := strings.Cut(strings.TrimSpace(line), ":")
		if !found {
			continue
		}
		var of []graph.ID
		for _, in := range strings.Fields(inputs) {
			of = append(of, ids[in])
		}
		ids[name] = b.Add(graph.Task{Key: graph.Key{Name: name}}, of...)
	}
	return b.Graph(), ids
}

// sequence is the names of all tasks in the order of their priorities.
func sequence(g *graph.Graph) []string {
	names := make([]string, g.Len())
	for id, p := range order.Priorities(g) {
		names[p] = g.Key(graph.ID(id)).Name
	}
	return names
}

// peak is how many values are in memory at most when one worker follows the
// order: a value stays until its last reader has run, results are dropped.
func peak(g *graph.Graph, priorities []int32) int {
	sequence := make([]graph.ID, g.Len())
	unread := make([]int, g.Len())
	for id, p := range priorities {
		sequence[p] = graph.ID(id)
		unread[id] = len(g.Readers(graph.ID(id)))
	}
	held, most := 0, 0
	for _, id := range sequence {
		held++
		most = max(most, held)
		if unread[id] == 0 {
			held--
		}
		for _, in := range g.Inputs(id) {
			if unread[in]--; unread[in] == 0 {
				held--
			}
		}
	}
	return most
}

func check(t *testing.T, text string, want string) {
	t.Helper()
	g, _ := drawn(text)
	if got := strings.Join(sequence(g), " "); got != want {
		t.Errorf("order:\n got %s\nwant %s", got, want)
	}
}

// Depth first: one branch is finished before the next begins.
//
//	c0    c1    c2
//	|     |     |
//	b0    b1    b2
//	 \    |    /
//	      a
func TestBranchesOneByOne(t *testing.T) {
	check(t, `
		a:
		b0: a
		b1: a
		b2: a
		c0: b0
		c1: b1
		c2: b2`,
		"a b0 c0 b1 c1 b2 c2")
}

// A tree of additions holds one value per level, not all leaves.
//
//	     g
//	   /   \
//	  e     f
//	 / \   / \
//	a   b c   d
func TestTree(t *testing.T) {
	check(t, `
		a:
		b:
		c:
		d:
		e: a b
		f: c d
		g: e f`,
		"a b e c d f g")
}

// The side that needs more memory goes first: what it held is free again
// when the light side leaves its value.
//
//	     top
//	    /   \
//	light   heavy
//	         / \
//	        x   y
func TestHungriestFirst(t *testing.T) {
	check(t, `
		light:
		x:
		y:
		heavy: x y
		top: light heavy`,
		"x y heavy light top")
}

// A value with one reader left is read as soon as that can run, also when
// the reader belongs to another result. Walking only down from "sum", all of
// x0 to x2 would be kept until "count" begins.
//
//	   sum      count
//	  / | \     / | \
//	s0 s1 s2  c0 c1 c2
//	 |  |  |   |  |  |
//	x0 x1 x2  x0 x1 x2
func TestSharedLoads(t *testing.T) {
	check(t, `
		x0:
		x1:
		x2:
		s0: x0
		s1: x1
		s2: x2
		c0: x0
		c1: x1
		c2: x2
		sum: s0 s1 s2
		count: c0 c1 c2`,
		"x0 s0 c0 x1 s1 c1 x2 s2 sum c2 count")
}

// The small result is done and gone before the large one begins.
//
//	  large      small
//	 / | | \       |
//	a  b c  d      e
func TestSmallResultFirst(t *testing.T) {
	check(t, `
		a:
		b:
		c:
		d:
		e:
		large: a b c d
		small: e`,
		"e small a b c d large")
}

// TestPeaks gives how many values are held at once on graphs where a bad
// order holds hundreds.
func TestPeaks(t *testing.T) {
	for _, test := range []struct {
		name  string
		build func(b *graph.Builder)
		most  int
	}{
		{"tree of 256", func(b *graph.Builder) { tree(b, 256) }, 10},
		{"256 chains of 4", func(b *graph.Builder) { chains(b, 256, 4) }, 2},
		{"mean over 100 loads", func(b *graph.Builder) { mean(b, 100) }, 203},
		{"pairs of neighbours", func(b *graph.Builder) { neighbours(b, 200) }, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			var b graph.Builder
			test.build(&b)
			g := b.Graph()
			if got := peak(g, order.Priorities(g)); got > test.most {
				t.Errorf("%d values at once, want at most %d", got, test.most)
			}
		})
	}
}

func tree(b *graph.Builder, leaves int) {
	var row []graph.ID
	for range leaves {
		row = append(row, b.Add(graph.Task{}))
	}
	for len(row) > 1 {
		var next []graph.ID
		for i := 0; i+1 < len(row); i += 2 {
			next = append(next, b.Add(graph.Task{}, row[i], row[i+1]))
		}
		row = next
	}
}

func chains(b *graph.Builder, count, length int) {
	var ends []graph.ID
	for range count {
		ends = append(ends, b.Add(graph.Task{}))
	}
	for range length - 1 { // all first links, then all second links, ...
		for i, end := range ends {
			ends[i] = b.Add(graph.Task{}, end)
		}
	}
}

// mean is TestSharedLoads for n loads: sums and counts are small and all
// there at the end, loads come one by one.
func mean(b *graph.Builder, n int) {
	var loads, sums, counts []graph.ID
	for range n {
		loads = append(loads, b.Add(graph.Task{}))
	}
	for _, l := range loads {
		sums = append(sums, b.Add(graph.Task{}, l))
	}
	for _, l := range loads {
		counts = append(counts, b.Add(graph.Task{}, l))
	}
	b.Add(graph.Task{}, sums...)
	b.Add(graph.Task{}, counts...)
}

// neighbours has a result for every two loads side by side.
//
//	 r   r   r
//	/ \ / \ / \
//	x   x   x   x
func neighbours(b *graph.Builder, n int) {
	var loads []graph.ID
	for range n {
		loads = append(loads, b.Add(graph.Task{}))
	}
	for i := range n - 1 {
		b.Add(graph.Task{}, loads[i], loads[i+1])
	}
}

// TestIsAnOrder: on any graph, a permutation with inputs first, the same
// each time.
func TestIsAnOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, 80).Draw(rt, "n")
		var b graph.Builder
		for i := range n {
			var inputs []graph.ID
			for range rapid.IntRange(0, min(i, 4)).Draw(rt, "count") {
				inputs = append(inputs, graph.ID(rapid.IntRange(0, i-1).Draw(rt, "input")))
			}
			b.Add(graph.Task{}, inputs...)
		}
		g := b.Graph()
		p := order.Priorities(g)
		for id := range graph.ID(n) {
			for _, in := range g.Inputs(id) {
				if p[in] >= p[id] {
					rt.Fatalf("task %d at %d comes before its input %d at %d", id, p[id], in, p[in])
				}
			}
		}
		if !slices.Equal(p, order.Priorities(g)) {
			rt.Fatalf("another order the second time")
		}
		slices.Sort(p)
		for i, place := range p {
			if place != int32(i) {
				rt.Fatalf("places are no permutation: %v", p)
			}
		}
	})
}

func ExamplePriorities() {
	var b graph.Builder
	x := b.Add(graph.Task{})
	y := b.Add(graph.Task{})
	fx := b.Add(graph.Task{}, x)
	fy := b.Add(graph.Task{}, y)
	b.Add(graph.Task{}, fx, fy)
	fmt.Println(order.Priorities(b.Graph())) // x, f(x), y, f(y), result
	// Output: [0 2 1 3 4]
}

func BenchmarkPriorities(b *testing.B) {
	for name, build := range map[string]func(*graph.Builder){
		"Tree":       func(b *graph.Builder) { tree(b, 1<<16) },
		"Chains":     func(b *graph.Builder) { chains(b, 1000, 100) },
		"Neighbours": func(b *graph.Builder) { neighbours(b, 50_000) },
	} {
		var builder graph.Builder
		build(&builder)
		g := builder.Graph()
		b.Run(name, func(b *testing.B) {
			for range b.N {
				order.Priorities(g)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(g.Len()), "ns/task")
		})
	}
}

// TestPolicies: what has a higher priority goes first, with what it needs.
//
//	a   b   c   d
//	|    \ /    |
//	x(0)  y(2)  z(-1)
func TestPolicies(t *testing.T) {
	var g graph.Builder
	add := func(name string, priority int, inputs ...graph.ID) graph.ID {
		return g.Add(graph.Task{Key: graph.Key{Name: name}, Policy: &graph.Policy{Priority: priority}}, inputs...)
	}
	a, b, c, d := add("a", 0), add("b", 0), add("c", 0), add("d", 0)
	add("x", 0, a)
	add("y", 2, b, c)
	add("z", -1, d)
	built := g.Graph()
	place := order.Priorities(built)
	names := make([]string, built.Len())
	for id, p := range place {
		names[p] = built.Key(graph.ID(id)).Name
	}
	if got := strings.Join(names, ""); got != "bcyaxdz" && got != "cbyaxdz" {
		t.Errorf("order %s, want b and c, y, a, x, d, z", got)
	}
}
