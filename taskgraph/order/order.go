// Package order decides in which order the tasks of a graph should start
// when there is a choice.
//
// The order is static: it is worked out once from the shape of the graph
// and given as a priority per task, 0 first. A scheduler that always starts
// the ready task with the lowest priority then works depth first: it
// finishes what it has begun, so that values are read and released early
// and few of them are in memory at once. The ideas are those of Dask's
// order.py:
//
//   - Walk from each result down to its inputs and number the tasks on the
//     way back up: an input is computed when something needs it, not before.
//   - Among the inputs of a task begin with the one whose own computation
//     holds most values at once (the Sethi-Ullman numbers of compilers): its
//     memory is free again before the others start.
//   - When a value has only one reader left and that reader could run now,
//     run it now: it costs no memory and frees some.
//
// Time and space are linear in tasks and inputs, up to the sorting of the
// inputs of each task.
package order

import (
	"cmp"
	"slices"

	"github.com/dagbook/dagbook/taskgraph/graph"
)

// Priorities gives every task of g its place, p[id] from 0 to g.Len()-1.
// They are a permutation, and every task comes after its inputs. A task whose
// policy has a higher priority goes before others, together with what it
// needs. The result is empty for an empty graph.
func Priorities(g *graph.Graph) []int32 {
	w := newWalk(g)
	for _, root := range w.roots() {
		w.visit(root)
	}
	if levels := priorities(g); levels != nil {
		return byLevel(w.place, levels)
	}
	return w.place
}

// priorities are those that the policies ask for, where a task has at least
// the priority of its readers: what is wanted first must be there first. It is
// nil when no policy asks for any.
func priorities(g *graph.Graph) []int {
	var levels []int
	for id := graph.ID(g.Len()) - 1; id >= 0; id-- {
		own := 0
		if p := g.Task(id).Policy; p != nil {
			own = p.Priority
		}
		if own == 0 && levels == nil {
			continue
		}
		if levels == nil {
			levels = make([]int, g.Len()) // the tasks seen so far asked for none
		}
		for i, reader := range g.Readers(id) {
			if i == 0 && own == 0 { // it asks for nothing itself
				own = levels[reader]
			}
			own = max(own, levels[reader])
		}
		levels[id] = own
	}
	return levels
}

// byLevel sorts places by falling priority and keeps the order within one.
func byLevel(place []int32, levels []int) []int32 {
	at := make([]graph.ID, len(place))
	for id, p := range place {
		at[p] = graph.ID(id)
	}
	slices.SortStableFunc(at, func(a, b graph.ID) int { return cmp.Compare(levels[b], levels[a]) })
	for p, id := range at {
		place[id] = int32(p)
	}
	return place
}

// walk is the state of one ordering.
type walk struct {
	g       *graph.Graph
	hold    []int32 // values held at once to compute a task, its own included
	place   []int32 // the answer; -1 while not placed
	placed  int32
	waiting []int32 // inputs not placed yet
	unread  []int32 // readers not placed yet
	stack   []frame
	eager   []graph.ID // readers to be placed at once
	sorted  []graph.ID // room for the frames' sorted inputs
}

// frame is a task on the way down. Its inputs are visited in the order of
// the graph's list, or of walk.sorted from base on. (Frames are small: a
// chain of a million tasks has as many.)
type frame struct {
	id   graph.ID
	next int32 // the input to be visited next
	base int32 // -1 for the graph's list
}

func newWalk(g *graph.Graph) *walk {
	n := g.Len()
	room := make([]int32, 4*n)
	w := &walk{g: g, hold: room[:n], place: room[n : 2*n], waiting: room[2*n : 3*n], unread: room[3*n:]}
	var counts []int32
	for id := range graph.ID(n) {
		w.place[id] = -1
		w.waiting[id] = int32(len(g.Inputs(id)))
		w.unread[id] = int32(len(g.Readers(id)))
		w.hold[id], counts = holds(g.Inputs(id), w.hold, counts)
	}
	return w
}

// holds is the number of values in memory at once when the inputs are
// computed one after the other, the hungriest first, each leaving its value.
// Shared inputs are counted for each reader: exact for trees, an upper bound
// for other graphs, and good enough to choose by.
func holds(inputs []graph.ID, hold, counts []int32) (int32, []int32) {
	switch len(inputs) {
	case 0:
		return 1, counts
	case 1:
		return max(2, hold[inputs[0]]), counts
	}
	counts = counts[:0]
	for _, in := range inputs {
		counts = append(counts, hold[in])
	}
	if !isDescending(counts) {
		slices.SortFunc(counts, func(a, b int32) int { return int(b - a) })
	}
	most := int32(len(inputs) + 1)
	for i, c := range counts {
		most = max(most, c+int32(i))
	}
	return most, counts
}

func isDescending(counts []int32) bool {
	for i := 1; i < len(counts); i++ {
		if counts[i] > counts[i-1] {
			return false
		}
	}
	return true
}

// roots are the tasks that nobody reads, the least hungry first: small
// results are done and gone before large ones begin.
func (w *walk) roots() []graph.ID {
	var roots []graph.ID
	for id := range graph.ID(w.g.Len()) {
		if len(w.g.Readers(id)) == 0 {
			roots = append(roots, id)
		}
	}
	slices.SortStableFunc(roots, func(a, b graph.ID) int { return int(w.hold[a] - w.hold[b]) })
	return roots
}

// visit places root and everything that it needs. It keeps its own stack:
// a chain may be a million tasks deep.
func (w *walk) visit(root graph.ID) {
	w.descend(root)
	for len(w.stack) > 0 {
		top := &w.stack[len(w.stack)-1]
		if inputs := w.g.Inputs(top.id); int(top.next) < len(inputs) {
			if top.base >= 0 {
				inputs = w.sorted[top.base:]
			}
			top.next++
			w.descend(inputs[top.next-1])
			continue
		}
		if top.base >= 0 {
			w.sorted = w.sorted[:top.base]
		}
		id := top.id
		w.stack = w.stack[:len(w.stack)-1]
		w.put(id)
	}
}

func (w *walk) descend(id graph.ID) {
	if w.place[id] >= 0 {
		return
	}
	inputs, base := w.g.Inputs(id), int32(-1)
	if !w.hungriestFirst(inputs) {
		base = int32(len(w.sorted))
		w.sorted = append(w.sorted, inputs...)
		slices.SortStableFunc(w.sorted[base:], func(a, b graph.ID) int { return int(w.hold[b] - w.hold[a]) })
	}
	w.stack = append(w.stack, frame{id: id, base: base})
}

func (w *walk) hungriestFirst(inputs []graph.ID) bool {
	for i := 1; i < len(inputs); i++ {
		if w.hold[inputs[i]] > w.hold[inputs[i-1]] {
			return false
		}
	}
	return true
}

// put places a task and then the readers that this makes free to run.
func (w *walk) put(id graph.ID) {
	w.eager = append(w.eager[:0], id)
	for len(w.eager) > 0 {
		next := w.eager[len(w.eager)-1]
		w.eager = w.eager[:len(w.eager)-1]
		if w.place[next] < 0 {
			w.putOne(next)
		}
	}
}

// putOne notes readers of the task itself after those of its inputs, so that
// they are the first to be placed: what was begun goes on.
func (w *walk) putOne(id graph.ID) {
	w.place[id] = w.placed
	w.placed++
	for _, in := range w.g.Inputs(id) {
		w.unread[in]--
		if w.unread[in] == 1 {
			w.lastReader(in)
		}
	}
	for _, reader := range w.g.Readers(id) {
		w.waiting[reader]--
		if w.waiting[reader] == 0 && w.frees(reader) {
			w.eager = append(w.eager, reader)
		}
	}
}

// frees tells whether running the task releases one of its inputs.
func (w *walk) frees(id graph.ID) bool {
	for _, in := range w.g.Inputs(id) {
		if w.unread[in] == 1 {
			return true
		}
	}
	return false
}

// lastReader notes the only reader left of a value, if it could run now.
func (w *walk) lastReader(id graph.ID) {
	for _, reader := range w.g.Readers(id) {
		if w.place[reader] < 0 {
			if w.waiting[reader] == 0 {
				w.eager = append(w.eager, reader)
			}
			return
		}
	}
}
