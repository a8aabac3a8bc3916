// Package graph says what a task graph is: plain data, complete and
// acyclic by construction, never changed after it is built.
//
// A Task is a Key (which call this is) and a Work (what to do). A Builder
// adds tasks one by one; the inputs of a task must have been added before
// it, so a cycle cannot be written down and the numbers of the tasks are a
// topological order. Builder.Graph freezes the result.
//
// How tasks are ordered is the business of package order, how they are run
// that of package sched.
//
// A Graph may be read by any number of goroutines at once. A Builder
// belongs to one goroutine.
package graph

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// ID is the number of a task within one Graph: 0 to Len()-1, inputs before
// readers.
type ID int32

// Key names one call of one function, for people and across graphs.
// The zero Key is a task without a name.
type Key struct {
	Name  string // the function's name, as the user wrote it
	Token uint64 // tells calls of the same function apart
}

// String gives the name, a dash and the token as 16 hexadecimal digits:
// "slowinc-3f2a9c0155d1b7e6".
func (k Key) String() string {
	const digits = 16
	buf := make([]byte, 0, len(k.Name)+1+digits)
	buf = append(buf, k.Name...)
	buf = append(buf, '-')
	hex := strconv.AppendUint(nil, k.Token, 16)
	for range digits - len(hex) {
		buf = append(buf, '0')
	}
	return string(append(buf, hex...))
}

// Work is what a task does. It is an interface and not a function so that
// a user's node can be its own work, without a closure for every task.
type Work interface {
	// Run computes the task's value. inputs holds the values of the task's
	// inputs, in their order; it belongs to the caller, who uses it again:
	// Run may overwrite it but must not keep it.
	Run(ctx context.Context, inputs []any) (any, error)
}

// WorkFunc is a function as Work.
type WorkFunc func(ctx context.Context, inputs []any) (any, error)

// Run calls f.
func (f WorkFunc) Run(ctx context.Context, inputs []any) (any, error) { return f(ctx, inputs) }

// Task is one call to be made. A nil Work is allowed in graphs that are
// only ordered or drawn, a nil Policy asks for nothing.
type Task struct {
	Key    Key
	Work   Work
	Policy *Policy
}

// Policy is what a task asks of those who run it. It is shared by many tasks
// and never changes. The zero Policy asks for nothing.
type Policy struct {
	Retries   int           // how often the task is run again after it has failed
	Timeout   time.Duration // after which one try has failed; 0 for never
	Priority  int           // among ready tasks the higher goes first; may be negative
	Resources []Resource    // what it occupies while it runs
	Cheap     bool          // its work costs less than keeping its value: package optimize may run it once for every reader
}

// Needs adds up what the task occupies of each resource; nil when it
// occupies none.
func (p *Policy) Needs() map[string]float64 {
	if p == nil || len(p.Resources) == 0 {
		return nil
	}
	needs := make(map[string]float64, len(p.Resources))
	for _, r := range p.Resources {
		needs[r.Label] += r.Amount
	}
	return needs
}

// Resource is an amount of something that a runner has a limited amount of:
// memory, licences, connections.
type Resource struct {
	Label  string
	Amount float64
}

// Graph is a set of tasks and who reads whose value. The zero Graph is
// empty. It never changes.
type Graph struct {
	tasks   []Task
	inputs  lists
	readers lists
}

// lists holds one list of IDs per task, one after the other in a single
// slice: two allocations for a whole graph instead of one for each task.
type lists struct {
	start []int32 // the list of task i is ids[start[i]:start[i+1]]
	ids   []ID
}

func (l lists) of(id ID) []ID { return l.ids[l.start[id]:l.start[id+1]:l.start[id+1]] }

// Len is the number of tasks.
func (g *Graph) Len() int { return len(g.tasks) }

// Edges is the number of inputs of all tasks together.
func (g *Graph) Edges() int { return len(g.inputs.ids) }

// Task returns the task with this number. It panics when there is none.
func (g *Graph) Task(id ID) Task { return g.tasks[id] }

// Key returns the key of the task with this number.
func (g *Graph) Key(id ID) Key { return g.tasks[id].Key }

// Inputs lists the tasks whose values this one reads, in the order of its
// arguments. A task that is read twice is listed twice. The caller must not
// change the list.
func (g *Graph) Inputs(id ID) []ID { return g.inputs.of(id) }

// Readers lists the tasks that read this one's value, in the order of their
// numbers, and twice those that read it twice. The caller must not change
// the list.
func (g *Graph) Readers(id ID) []ID { return g.readers.of(id) }

// Builder collects the tasks of a Graph. The zero Builder is ready for use.
type Builder struct {
	tasks  []Task
	inputs lists
}

// Grow makes room for so many more tasks and inputs, to save copying.
func (b *Builder) Grow(tasks, inputs int) {
	b.tasks = append(make([]Task, 0, len(b.tasks)+tasks), b.tasks...)
	b.inputs.start = append(make([]int32, 0, len(b.inputs.start)+tasks+1), b.inputs.start...)
	b.inputs.ids = append(make([]ID, 0, len(b.inputs.ids)+inputs), b.inputs.ids...)
}

// Add adds a task that reads the values of the given tasks, all of them
// added before, and returns its number. It panics for an input that is not
// in the graph yet: that is a mistake of the calling program.
func (b *Builder) Add(t Task, inputs ...ID) ID {
	id := ID(len(b.tasks))
	for _, in := range inputs {
		if in < 0 || in >= id {
			panic(fmt.Sprintf("graph: task %d (%s) reads task %d, which was not added before it", id, t.Key, in))
		}
	}
	if id == 0 {
		b.inputs.start = append(b.inputs.start, 0)
	}
	b.tasks = append(b.tasks, t)
	b.inputs.ids = append(b.inputs.ids, inputs...)
	b.inputs.start = append(b.inputs.start, int32(len(b.inputs.ids)))
	return id
}

// Len is the number of tasks added so far.
func (b *Builder) Len() int { return len(b.tasks) }

// Graph returns the graph of all tasks added. The builder is empty
// afterwards, so that nobody can change the graph through it.
func (b *Builder) Graph() *Graph {
	g := &Graph{tasks: b.tasks, inputs: b.inputs}
	g.readers = invert(b.inputs, len(b.tasks))
	*b = Builder{}
	return g
}

// invert turns the lists of inputs into lists of readers (a counting sort).
func invert(inputs lists, n int) lists {
	readers := lists{start: make([]int32, n+1), ids: make([]ID, len(inputs.ids))}
	for _, in := range inputs.ids {
		readers.start[in+1]++
	}
	for i := range n {
		readers.start[i+1] += readers.start[i]
	}
	next := append([]int32(nil), readers.start[:n]...)
	for id := range ID(n) {
		for _, in := range inputs.of(id) {
			readers.ids[next[in]] = id
			next[in]++
		}
	}
	return readers
}
