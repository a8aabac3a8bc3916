package taskgraph

import "github.com/dagbook/dagbook/taskgraph/graph"

// gather makes the graph of everything that the nodes need, and gives the
// number of each of them in it.
func gather(nodes []*Node) (*graph.Graph, []graph.ID) {
	w := gathering{ids: newNodeTable()}
	outputs := make([]graph.ID, len(nodes))
	for i, n := range nodes {
		w.walk(n)
		outputs[i], _ = w.ids.find(n)
	}
	return w.graph(), outputs
}

// gathering walks from nodes to their inputs. It keeps its own stack: a
// chain may be a million nodes deep.
type gathering struct {
	ids    nodeTable
	found  []*Node    // by number, inputs first
	counts []int32    // how many inputs each has
	inputs []graph.ID // of all that were found, one after the other
	stack  []pending
}

// pending is a node whose inputs from next on are still to be looked at.
type pending struct {
	n    *Node
	next int
}

func (w *gathering) walk(root *Node) {
	if w.known(root) {
		return
	}
	w.stack = append(w.stack[:0], pending{root, 0})
	for len(w.stack) > 0 {
		top := &w.stack[len(w.stack)-1]
		if below := w.missing(top); below != nil {
			w.stack = append(w.stack, pending{below, 0})
			continue
		}
		w.put(top.n)
		w.stack = w.stack[:len(w.stack)-1]
	}
}

// missing is the next input that was not found yet; nil for none.
func (w *gathering) missing(p *pending) *Node {
	for p.next < len(p.n.inputs) {
		in := p.n.inputs[p.next]
		p.next++
		if !w.known(in) {
			return in
		}
	}
	return nil
}

// known tells whether a node was found before, or one that is the same call.
// Of two such, one that has its value already does the work.
func (w *gathering) known(n *Node) bool {
	id, ok := w.ids.find(n)
	if ok && n.fn.holds {
		w.found[id] = n
	}
	return ok
}

// put numbers a node whose inputs all have numbers.
func (w *gathering) put(n *Node) {
	w.ids.add(n, graph.ID(len(w.found)))
	w.found = append(w.found, n)
	w.counts = append(w.counts, int32(len(n.inputs)))
	for _, in := range n.inputs {
		id, _ := w.ids.find(in)
		w.inputs = append(w.inputs, id)
	}
}

// graph is built when its size is known: growing it would cost more than
// everything else here.
func (w *gathering) graph() *graph.Graph {
	var b graph.Builder
	b.Grow(len(w.found), len(w.inputs))
	inputs := w.inputs
	for id, n := range w.found {
		count := int(w.counts[id])
		b.Add(graph.Task{Key: n.key(), Work: (*work)(n), Policy: n.fn.policy}, inputs[:count]...)
		inputs = inputs[count:]
	}
	return b.Graph()
}

// nodeTable maps nodes to numbers. The tokens of nodes are good hashes
// already, which makes it twice as fast as a map[*Node]graph.ID; a graph
// asks it three times for every input. Open addressing, at most half full.
type nodeTable struct {
	slots []slot
	used  int
}

type slot struct {
	n  *Node
	at uint32 // low bits of the token, to spare a look at n
	id graph.ID
}

func newNodeTable() nodeTable { return nodeTable{slots: make([]slot, 16)} }

func (t *nodeTable) find(n *Node) (graph.ID, bool) {
	mask := uint32(len(t.slots) - 1)
	for i := uint32(n.token) & mask; t.slots[i].n != nil; i = (i + 1) & mask {
		if s := &t.slots[i]; s.n == n || s.at == uint32(n.token) && s.n.equals(n) {
			return s.id, true
		}
	}
	return 0, false
}

// add adds a node that is not in the table.
func (t *nodeTable) add(n *Node, id graph.ID) {
	if 2*t.used >= len(t.slots) {
		t.grow()
	}
	t.used++
	t.insert(slot{n, uint32(n.token), id})
}

func (t *nodeTable) insert(s slot) {
	mask := uint32(len(t.slots) - 1)
	i := s.at & mask
	for t.slots[i].n != nil {
		i = (i + 1) & mask
	}
	t.slots[i] = s
}

func (t *nodeTable) grow() {
	old := t.slots
	t.slots = make([]slot, 4*len(old))
	for _, s := range old {
		if s.n != nil {
			t.insert(s)
		}
	}
}
