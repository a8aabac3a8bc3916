package frame

import (
	"fmt"
	"slices"

	"github.com/dagbook/dagbook/taskgraph"
)

// A lazy frame is a plan: steps that make partitions of those of other steps. When something
// is to be computed, the plan is gone through twice: from the results to the sources, to
// know which columns are needed of each step, and back, to make the nodes. So a scan reads
// the columns that all results together need, and reads them once.

// step makes partitions.
type step struct {
	name   string
	kind   kind
	n      int     // partitions
	inputs []*step // with n partitions, or one value for all
	fn     any     // of a partition of each input, and of args
	args   []any
	wants  func(need columns) []columns                  // what is needed of the inputs; nil is all
	source func(m Maker, need columns) []*taskgraph.Node // of steps without inputs
	tree   *tree
	only   *int // the partition of the input that alone is taken
}

// tree says how the partitions of the input become one: fn makes a part of each, join one
// of up to fanIn, and end the result.
type tree struct{ join, end any }

const fanIn = 8

// kind is what the partitions of a step are.
type kind uint8

const (
	frameKind kind = iota
	seriesKind
	valueKind
)

// columns are names of columns that are needed. nil is none, everything is all.
type columns map[string]bool

// everything stands for all columns, also of frames whose names are not known.
var everything = columns{"\x00": true}

func (c columns) all() bool { return c["\x00"] }

func (c columns) and(more columns) columns {
	out := columns{}
	for name := range c {
		out[name] = true
	}
	for name := range more {
		out[name] = true
	}
	return out
}

func named(names ...string) columns {
	out := columns{}
	for _, name := range names {
		out[name] = true
	}
	return out
}

// passOn needs of the input what is needed of the result.
func passOn(need columns) []columns { return []columns{need} }

// inOrder are the steps that steps depend on, each before those that depend on it.
func inOrder(steps []*step) []*step {
	var out []*step
	seen := map[*step]bool{}
	var visit func(s *step)
	visit = func(s *step) {
		if seen[s] {
			return
		}
		seen[s] = true
		for _, input := range s.inputs {
			visit(input)
		}
		out = append(out, s)
	}
	for _, s := range steps {
		visit(s)
	}
	return out
}

// build makes the nodes of steps and of all that they depend on.
func (m Maker) build(results ...*step) map[*step][]*taskgraph.Node {
	order := inOrder(results)
	need := map[*step]columns{}
	for _, s := range results {
		need[s] = everything
	}
	for _, s := range slices.Backward(order) {
		if s.wants == nil {
			for _, input := range s.inputs {
				need[input] = everything
			}
			continue
		}
		for i, wanted := range s.wants(need[s]) {
			need[s.inputs[i]] = need[s.inputs[i]].and(wanted)
		}
	}
	nodes := make(map[*step][]*taskgraph.Node, len(order))
	for _, s := range order {
		nodes[s] = m.nodes(s, need[s], nodes)
	}
	return nodes
}

// nodes makes the nodes of one step.
func (m Maker) nodes(s *step, need columns, made map[*step][]*taskgraph.Node) []*taskgraph.Node {
	if s.source != nil {
		return s.source(m, need)
	}
	if s.only != nil {
		return made[s.inputs[0]][*s.only : *s.only+1]
	}
	n := s.n
	if s.tree != nil {
		n = s.inputs[0].n
	}
	call := m.call(s.name, s.fn)
	out := make([]*taskgraph.Node, n)
	for i := range out {
		args := make([]any, 0, len(s.inputs)+len(s.args))
		for _, input := range s.inputs {
			parts := made[input]
			args = append(args, parts[min(i, len(parts)-1)])
		}
		out[i] = call(append(args, s.args...)...)
	}
	if s.tree == nil {
		return out
	}
	return []*taskgraph.Node{m.grow(s, out)}
}

// grow puts parts together until there is one.
func (m Maker) grow(s *step, parts []*taskgraph.Node) *taskgraph.Node {
	join := m.call(s.name+"-join", s.tree.join)
	for len(parts) > 1 {
		var next []*taskgraph.Node
		for some := range slices.Chunk(parts, fanIn) {
			next = append(next, join(append([]any{some}, s.args...)...))
		}
		parts = next
	}
	if s.tree.end == nil {
		return parts[0]
	}
	return m.call(s.name+"-end", s.tree.end)(append([]any{parts[0]}, s.args...)...)
}

func (m Maker) call(name string, fn any) taskgraph.DelayedFunc {
	return m.runner.Delayed(fn, taskgraph.Name(name))
}

// whole makes a node for all partitions of each step together.
func (m Maker) whole(steps ...*step) []*taskgraph.Node {
	nodes := m.build(steps...)
	out := make([]*taskgraph.Node, len(steps))
	for i, s := range steps {
		switch parts := nodes[s]; {
		case len(parts) == 1:
			out[i] = parts[0]
		case s.kind == seriesKind:
			out[i] = m.call("concat", concatSeries)(parts)
		default:
			out[i] = m.call("concat", concatFrames)(parts)
		}
	}
	return out
}

// The tasks: functions that worker processes know. What they panic with as an *Error is the
// error of the task.

func samePart(v any) any { return v }

func concatFrames(parts []*DataFrame) (df *DataFrame, err error) {
	defer told(&err)
	return Concat(parts...), nil
}

func concatSeries(parts []*Series) (s *Series, err error) {
	defer told(&err)
	frames := make([]*DataFrame, len(parts))
	for i, p := range parts {
		frames[i] = p.Rename("x").Frame()
	}
	return Concat(frames...).series(0).Rename(parts[0].name), nil
}

// fixedSource is nodes that are there already.
func fixedSource(name string, nodes []*taskgraph.Node) *step {
	return &step{name: name, kind: frameKind, n: len(nodes), source: func(Maker, columns) []*taskgraph.Node { return nodes }}
}

// sameParts panics unless steps have the same number of partitions.
func sameParts(op string, a, b *step) {
	if a.n != b.n && b.kind != valueKind && a.kind != valueKind {
		panic(errorf(op, "they have %d and %d partitions, so they come of different frames: compute one of them first", a.n, b.n))
	}
}

// known panics where names are known and one is not among them.
func (df *LazyFrame) known(op string, names ...string) {
	if df.names == nil {
		return
	}
	for _, name := range names {
		position(op, name, df.names)
	}
}

func (df *LazyFrame) typeOf(name string) Dtype {
	if i := slices.Index(df.names, name); i >= 0 && df.types != nil {
		return df.types[i]
	}
	return 0
}

// badArgument says that something is no operand of a lazy frame.
func badArgument(op string, v any) *Error {
	return errorf(op, "a %T does not go together with a lazy frame: a LazySeries or LazyValue does, a number, text, truth value or time%s", v, hintCompute(v))
}

func hintCompute(v any) string {
	switch v.(type) {
	case *Series, *DataFrame:
		return fmt.Sprintf("; for a computed %T use the frame's MapPartitions", v)
	}
	return ""
}
