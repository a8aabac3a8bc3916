package taskgraph

import (
	"encoding/binary"
	"slices"

	"github.com/dagbook/dagbook/taskgraph/graph"
)

// collapseAbove is how many tasks are drawn one by one without the option
// Collapse.
const collapseAbove = 200

// Collapse says whether tasks of the same name and the same position are
// drawn as one box with their number, "load ×128". Without the option they
// are in graphs of more than 200 tasks. Tasks have the same position when
// their inputs are boxes of the same kinds and functions of the same names
// read them.
func Collapse(on bool) PictureOption {
	return func(p *Picture) { p.collapse = &on }
}

// boxes is what a picture draws: a graph whose tasks stand for tasks of
// another.
type boxes struct {
	g       *graph.Graph
	members [][]graph.ID // of each box, in order
}

// separate draws every task on its own.
func separate(g *graph.Graph) boxes {
	b := boxes{g: g, members: make([][]graph.ID, g.Len())}
	ids := make([]graph.ID, g.Len())
	for i := range ids {
		ids[i] = graph.ID(i)
		b.members[i] = ids[i : i+1]
	}
	return b
}

// collapsed puts tasks of the same name and position into one box. What a box
// is depends on its inputs' boxes only, which come before it: so there are no
// cycles between boxes.
func collapsed(g *graph.Graph) boxes {
	c := collapsing{g: g, names: map[string]uint64{}, known: map[string]graph.ID{}, box: make([]graph.ID, g.Len())}
	var b graph.Builder
	var members [][]graph.ID
	for id := range graph.ID(g.Len()) {
		inputs := c.inputs(id)
		kind := c.kind(id, inputs)
		box, ok := c.known[kind]
		if !ok {
			box = b.Add(g.Task(id), inputs...)
			c.known[kind] = box
			members = append(members, nil)
		}
		c.box[id] = box
		members[box] = append(members[box], id)
	}
	return boxes{b.Graph(), members}
}

// collapsing finds out which tasks belong together.
type collapsing struct {
	g     *graph.Graph
	names map[string]uint64   // numbers of functions
	known map[string]graph.ID // boxes by kind
	box   []graph.ID          // of each task so far
}

// inputs are the boxes that a task reads, each once, in order.
func (c *collapsing) inputs(id graph.ID) []graph.ID {
	var inputs []graph.ID
	for _, in := range c.g.Inputs(id) {
		inputs = append(inputs, c.box[in])
	}
	slices.Sort(inputs)
	return slices.Compact(inputs)
}

// kind is what tasks of one box have in common, written as bytes.
func (c *collapsing) kind(id graph.ID, inputs []graph.ID) string {
	kind := binary.AppendUvarint(nil, c.name(id))
	kind = binary.AppendUvarint(kind, uint64(len(inputs)))
	for _, in := range inputs {
		kind = binary.AppendUvarint(kind, uint64(in))
	}
	var readers []uint64
	for _, reader := range c.g.Readers(id) {
		readers = append(readers, c.name(reader))
	}
	slices.Sort(readers)
	for _, reader := range slices.Compact(readers) {
		kind = binary.AppendUvarint(kind, reader)
	}
	return string(kind)
}

func (c *collapsing) name(id graph.ID) uint64 {
	name := c.g.Key(id).Name
	n, ok := c.names[name]
	if !ok {
		n = uint64(len(c.names))
		c.names[name] = n
	}
	return n
}
