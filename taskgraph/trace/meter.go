package trace

import (
	"cmp"
	"slices"
	"sync/atomic"
	"time"

	"github.com/dagbook/dagbook/taskgraph/graph"
)

// Ender is an Observer that is told of the end of its run as well. A task that did not
// stop when the run did may still report itself afterwards.
type Ender interface {
	Observer
	// RunEnded is called once, before the values are handed out, with the run's error.
	RunEnded(err error)
}

// All is an Observer that tells several of the same run, in their order; nil ones are
// left out. It is nil when none is left.
func All(observers ...Observer) Observer {
	kept := slices.DeleteFunc(slices.Clone(observers), func(o Observer) bool { return o == nil })
	switch len(kept) {
	case 0:
		return nil
	case 1:
		return kept[0]
	}
	return several(kept)
}

type several []Observer

func (s several) TaskStarted(id graph.ID, worker int) {
	for _, o := range s {
		o.TaskStarted(id, worker)
	}
}

func (s several) TaskFinished(id graph.ID, worker int, value any, err error) {
	for _, o := range s {
		o.TaskFinished(id, worker, value, err)
	}
}

func (s several) RunEnded(err error) {
	for _, o := range s {
		End(o, err)
	}
}

// End tells an observer of the end of its run, if it wants to know; nil is nobody.
func End(o Observer, err error) {
	if e, ok := o.(Ender); ok {
		e.RunEnded(err)
	}
}

// Meter is the Observer that counts, for progress. It costs two stores for each task,
// which no two workers make to the same place; Count does the work. Its methods may be
// called by several goroutines at once, Count by one at a time.
type Meter struct {
	g      *graph.Graph
	began  time.Time
	states []atomic.Uint32

	names []string // of the functions, in order of first appearance
	of    []int32  // the number of each task's name; made by the first Count
}

// What a Meter knows of a task.
const (
	waiting = iota
	running
	succeeded
	failed
)

// NewMeter makes a Meter for one run of g, which starts now.
func NewMeter(g *graph.Graph) *Meter {
	return &Meter{g: g, began: time.Now(), states: make([]atomic.Uint32, g.Len())}
}

// TaskStarted counts a task as running.
func (m *Meter) TaskStarted(id graph.ID, _ int) { m.states[id].Store(running) }

// TaskFinished counts a task as done or failed.
func (m *Meter) TaskFinished(id graph.ID, _ int, _ any, err error) {
	if err != nil {
		m.states[id].Store(failed)
		return
	}
	m.states[id].Store(succeeded)
}

// Began is when the run started.
func (m *Meter) Began() time.Time { return m.began }

// Counts is how far something is.
type Counts struct{ Tasks, Running, Done, Failed int }

func (c *Counts) add(state uint32) {
	c.Tasks++
	switch state {
	case running:
		c.Running++
	case succeeded:
		c.Done++
	case failed:
		c.Failed++
	}
}

// FunctionCounts is how far the tasks of one function are.
type FunctionCounts struct {
	Name string
	Counts
}

// Count is how far the run is, as a whole and by function, those with most tasks first.
func (m *Meter) Count() (Counts, []FunctionCounts) {
	m.sortNames()
	functions := make([]FunctionCounts, len(m.names))
	for i, name := range m.names {
		functions[i].Name = name
	}
	var all Counts
	for id := range m.states {
		s := m.states[id].Load()
		all.add(s)
		functions[m.of[id]].add(s)
	}
	slices.SortStableFunc(functions, func(a, b FunctionCounts) int { return cmp.Compare(b.Tasks, a.Tasks) })
	return all, functions
}

// sortNames is left to the first Count: most runs are over before anybody asks.
func (m *Meter) sortNames() {
	if m.of != nil {
		return
	}
	m.of = make([]int32, m.g.Len())
	known := map[string]int32{}
	for id := range m.of {
		name := m.g.Key(graph.ID(id)).Name
		n, ok := known[name]
		if !ok {
			n = int32(len(m.names))
			known[name] = n
			m.names = append(m.names, name)
		}
		m.of[id] = n
	}
}
