// Package optimize rewrites task graphs into smaller ones with the same
// results. Its three passes are those of Dask's optimization.py:
//
//   - Cull leaves out what the outputs do not need.
//   - Inline makes cheap tasks (see graph.Policy) parts of each of their
//     readers: their work is done again for every reader, and no value waits.
//   - Fuse makes one task of a linear chain, in which every task is the only
//     reader of the one before and reads nothing else.
//
// Fewer tasks cost less to schedule, and a value inside of a task is gone
// when the task is done. What was one task stays one for errors: they name
// the part that failed.
//
// Tasks whose policies ask for more than being cheap stay as they are: each
// retry, timeout and resource belongs to one call.
package optimize

import (
	"context"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/sched"
)

// All culls, inlines and fuses. The outputs are returned as they are numbered
// in the new graph.
func All(g *graph.Graph, outputs []graph.ID) (*graph.Graph, []graph.ID) {
	g, outputs = Cull(g, outputs)
	g, outputs = Inline(g, outputs)
	return Fuse(g, outputs)
}

// Cull leaves out the tasks that none of the outputs needs.
func Cull(g *graph.Graph, outputs []graph.ID) (*graph.Graph, []graph.ID) {
	needed := make([]bool, g.Len())
	for _, id := range outputs {
		needed[id] = true
	}
	for id := graph.ID(g.Len()) - 1; id >= 0; id-- {
		if needed[id] {
			for _, in := range g.Inputs(id) {
				needed[in] = true
			}
		}
	}
	return rebuild(g, outputs, func(id graph.ID) bool { return needed[id] }, never)
}

// Inline makes cheap tasks parts of their readers.
func Inline(g *graph.Graph, outputs []graph.ID) (*graph.Graph, []graph.ID) {
	wanted := members(g, outputs)
	inlined := func(id graph.ID) bool {
		p := g.Task(id).Policy
		return p != nil && p.Cheap && free(p) && len(g.Readers(id)) > 0 && !slices.ContainsFunc(g.Readers(id), func(r graph.ID) bool { return !free(g.Task(r).Policy) })
	}
	return rebuild(g, outputs, func(id graph.ID) bool { return wanted[id] || !inlined(id) }, inlined)
}

// Fuse makes one task of every linear chain.
func Fuse(g *graph.Graph, outputs []graph.ID) (*graph.Graph, []graph.ID) {
	wanted := members(g, outputs)
	fused := func(id graph.ID) bool {
		readers := g.Readers(id)
		if len(readers) == 0 || wanted[id] || !free(g.Task(id).Policy) {
			return false
		}
		reader := readers[0]
		return !slices.ContainsFunc(readers, func(r graph.ID) bool { return r != reader }) && // which may read it twice
			!slices.ContainsFunc(g.Inputs(reader), func(in graph.ID) bool { return in != id }) && free(g.Task(reader).Policy)
	}
	return rebuild(g, outputs, func(id graph.ID) bool { return !fused(id) }, fused)
}

func never(graph.ID) bool { return false }

// free tells whether a task may become a part of another.
func free(p *graph.Policy) bool {
	return p == nil || p.Retries == 0 && p.Timeout == 0 && p.Priority == 0 && len(p.Resources) == 0
}

func members(g *graph.Graph, ids []graph.ID) []bool {
	is := make([]bool, g.Len())
	for _, id := range ids {
		is[id] = true
	}
	return is
}

// rebuild makes the graph of the tasks that stay, each with the tasks that it
// absorbs.
func rebuild(g *graph.Graph, outputs []graph.ID, stays, absorbed func(graph.ID) bool) (*graph.Graph, []graph.ID) {
	var b graph.Builder
	b.Grow(g.Len(), g.Edges())
	number := make([]graph.ID, g.Len())
	for id := range graph.ID(g.Len()) {
		if !stays(id) {
			continue
		}
		task, inputs := g.Task(id), g.Inputs(id)
		if slices.ContainsFunc(inputs, absorbed) {
			task, inputs = fuse(g, id, absorbed)
		}
		renumbered := make([]graph.ID, len(inputs))
		for i, in := range inputs {
			renumbered[i] = number[in]
		}
		number[id] = b.Add(task, renumbered...)
	}
	renumbered := make([]graph.ID, len(outputs))
	for i, id := range outputs {
		renumbered[i] = number[id]
	}
	return b.Graph(), renumbered
}

// fuse makes one task of a task and what it absorbs, and gives what that one
// reads.
func fuse(g *graph.Graph, last graph.ID, absorbed func(graph.ID) bool) (graph.Task, []graph.ID) {
	parts := partsOf(g, last, absorbed)
	at := make(map[graph.ID]int, len(parts)) // places of values: of parts, and behind them of inputs
	for i, id := range parts {
		at[id] = i
	}
	var inputs []graph.ID
	w := &Work{parts: make([]part, len(parts))}
	for i, id := range parts {
		w.parts[i].task = g.Task(id)
		for _, in := range g.Inputs(id) {
			place, known := at[in]
			if !known {
				place = len(parts) + len(inputs)
				at[in] = place
				inputs = append(inputs, in)
			}
			w.parts[i].reads = append(w.parts[i].reads, place)
		}
	}
	task := g.Task(last)
	task.Key.Name = w.name()
	if w.undone() {
		return graph.Task{Key: task.Key, Policy: task.Policy}, inputs
	}
	return graph.Task{Key: task.Key, Policy: task.Policy, Work: w}, inputs
}

// partsOf are the tasks that become one, in the order of their numbers, which
// is one in which they can run.
func partsOf(g *graph.Graph, last graph.ID, absorbed func(graph.ID) bool) []graph.ID {
	parts := []graph.ID{last}
	seen := map[graph.ID]bool{last: true}
	for i := 0; i < len(parts); i++ {
		for _, in := range g.Inputs(parts[i]) {
			if absorbed(in) && !seen[in] {
				seen[in] = true
				parts = append(parts, in)
			}
		}
	}
	slices.Sort(parts)
	return parts
}

// Work is the work of several tasks, one after the other. It is that of a
// task that All made.
type Work struct {
	parts []part
}

// part is one task and where the values of its inputs are.
type part struct {
	task  graph.Task
	reads []int // places among the values of the parts and, behind them, of the inputs
}

// Keys are the keys of the tasks that became one, in the order in which they
// run. Those of tasks that were fused before are listed as well.
func (w *Work) Keys() []graph.Key {
	var keys []graph.Key
	for _, p := range w.parts {
		if inner, ok := p.task.Work.(*Work); ok {
			keys = append(keys, inner.Keys()...)
		} else {
			keys = append(keys, p.task.Key)
		}
	}
	return keys
}

// name joins the names of the parts, at most a few of them.
func (w *Work) name() string {
	const most = 4
	var names []string
	for _, p := range w.parts {
		if len(names) == 0 || names[len(names)-1] != p.task.Key.Name {
			names = append(names, p.task.Key.Name)
		}
	}
	if len(names) > most {
		names = append(append(names[:most-2:most-2], "..."), names[len(names)-1])
	}
	return strings.Join(names, "-")
}

// undone tells whether the graph is only drawn: tasks have no work.
func (w *Work) undone() bool {
	return slices.ContainsFunc(w.parts, func(p part) bool { return p.task.Work == nil })
}

// Run runs the parts. The error is a *sched.TaskError that names the part.
func (w *Work) Run(ctx context.Context, inputs []any) (value any, err error) {
	values := append(make([]any, len(w.parts), len(w.parts)+len(inputs)), inputs...)
	now := 0
	defer func() {
		if p := recover(); p != nil {
			err = w.failed(now, &sched.PanicError{Value: p}, debug.Stack())
		}
	}()
	var args []any
	for now = range w.parts {
		args = args[:0]
		for _, place := range w.parts[now].reads {
			args = append(args, values[place])
		}
		if values[now], err = w.parts[now].task.Work.Run(ctx, args); err != nil {
			return nil, w.failed(now, err, nil)
		}
		if now < len(w.parts)-1 && ctx.Err() != nil {
			return nil, w.failed(now, context.Cause(ctx), nil)
		}
	}
	return values[len(w.parts)-1], nil
}

func (w *Work) failed(at int, err error, stack []byte) error {
	if inner, ok := err.(*sched.TaskError); ok && inner.Part {
		return inner
	}
	return &sched.TaskError{Key: w.parts[at].task.Key, Err: err, Stack: stack, Part: true}
}
