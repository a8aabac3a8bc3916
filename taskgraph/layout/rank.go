package layout

import (
	"slices"

	"github.com/dagbook/dagbook/taskgraph/graph"
)

// net is a graph in layers. Its vertices are the tasks, with their own
// numbers, and after them the bends of edges that pass through layers.
// Every segment leads from one layer to the next.
type net struct {
	tasks  int
	edges  []edge
	layer  []int32   // of each vertex
	up     [][]int32 // vertices of the layer before, joined by a segment
	down   [][]int32 // vertices of the layer after
	layers [][]int32 // the vertices of each layer, in order
	pos    []int32   // of each vertex within its layer

	size, gap []float64 // of each vertex, along its layer
	x         []float64 // the centre of each vertex, along its layer
}

type edge struct {
	from, to int32
	bends    []int32
}

func (n *net) isTask(v int32) bool { return int(v) < n.tasks }

func newNet(g *graph.Graph) *net {
	n := &net{tasks: g.Len()}
	n.layer = rank(g)
	n.up = make([][]int32, n.tasks)
	n.down = make([][]int32, n.tasks)
	longest := longestSpan(g, n.layer)
	for id := range graph.ID(n.tasks) {
		inputs := slices.Clone(g.Inputs(id))
		slices.Sort(inputs)
		for _, in := range slices.Compact(inputs) { // one line, however often it is read
			if n.layer[id]-n.layer[in] > longest {
				n.edges = append(n.edges, edge{from: int32(in), to: int32(id)})
				continue
			}
			n.edges = append(n.edges, n.bend(int32(in), int32(id)))
		}
	}
	return n
}

// maxBends bounds the vertices added for bends. A chain of n tasks that are
// all read by one more would have n*n/2 of them.
const maxBends = 50_000

// longestSpan is over how many layers edges may reach to be bent around
// boxes. Longer ones are drawn straight through; only drawings too large to
// be looked at as a whole have any.
func longestSpan(g *graph.Graph, layer []int32) int32 {
	spans := make([]int, len(layer)+1) // how many edges span so many layers
	for id := range graph.ID(g.Len()) {
		for _, in := range g.Inputs(id) {
			spans[layer[id]-layer[in]]++
		}
	}
	bends := 0
	for span, edges := range spans {
		if span > 1 {
			bends += edges * (span - 1)
		}
		if bends > maxBends {
			return int32(span - 1)
		}
	}
	return int32(len(layer))
}

// bend joins two tasks by segments.
func (n *net) bend(from, to int32) edge {
	e := edge{from: from, to: to}
	v := from
	for l := n.layer[from] + 1; l < n.layer[to]; l++ {
		b := int32(len(n.layer))
		n.layer = append(n.layer, l)
		n.up = append(n.up, nil)
		n.down = append(n.down, nil)
		e.bends = append(e.bends, b)
		n.join(v, b)
		v = b
	}
	n.join(v, to)
	return e
}

func (n *net) join(a, b int32) {
	n.down[a] = append(n.down[a], b)
	n.up[b] = append(n.up[b], a)
}

// rank gives each task its layer: first the earliest possible, then to and
// fro until no task can move alone to make its edges shorter. (Graphviz
// finds the very best by network simplex; the difference is a few bends.)
func rank(g *graph.Graph) []int32 {
	layer := make([]int32, g.Len())
	last := int32(0)
	for id := range graph.ID(g.Len()) {
		for _, in := range g.Inputs(id) {
			layer[id] = max(layer[id], layer[in]+1)
		}
		last = max(last, layer[id])
	}
	const rounds = 8
	for range rounds {
		if !shortenEdges(g, layer, last) {
			break
		}
	}
	return layer
}

func shortenEdges(g *graph.Graph, layer []int32, last int32) bool {
	moved := false
	for id := graph.ID(g.Len()) - 1; id >= 0; id-- {
		inputs, readers := g.Inputs(id), g.Readers(id)
		to := layer[id]
		switch {
		case len(readers) > 0 && len(readers) >= len(inputs):
			to = last
			for _, r := range readers {
				to = min(to, layer[r]-1)
			}
		case len(inputs) > 0:
			to = 0
			for _, in := range inputs {
				to = max(to, layer[in]+1)
			}
		}
		moved = moved || to != layer[id]
		layer[id] = to
	}
	return moved
}
