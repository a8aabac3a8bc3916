package sched

import (
	"fmt"

	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/trace"
)

// Phase says where a task is in a run.
type Phase uint8

// The phases of a task, in the order in which it passes through them.
const (
	Waiting  Phase = iota // for inputs
	Ready                 // all inputs are there; not started
	Running               // taken by Next
	Finished              // its value is kept for readers or as a result
	Released              // its value was dropped: nobody will read it again
)

func (p Phase) String() string {
	return [...]string{"waiting", "ready", "running", "finished", "released"}[p]
}

// State is where a run stands. It knows nothing of goroutines and does not
// run anything: an executor takes tasks with Next, runs them as it likes and
// reports them with Finish. A State has one user at a time; executors with
// several workers guard it with a lock.
type State struct {
	g        *graph.Graph
	place    []int32    // of each task in the order
	at       []graph.ID // the task at each place
	phase    []Phase
	waiting  []int32 // inputs not finished
	unread   []int32 // readings to come; one more for each time it is asked for
	values   []any
	memory   *memory // nil without a bound on values
	ready    readySet
	parked   []graph.ID         // ready but for the resources that they need
	free     map[string]float64 // what no running task occupies
	running  int
	finished int
}

// NewState starts a run of all of g's tasks, in which the values of outputs
// are kept to the end. place gives the order, see order.Priorities.
func NewState(g *graph.Graph, place []int32, outputs []graph.ID) *State {
	n := g.Len()
	room := make([]int32, 2*n)
	s := &State{
		g: g, place: place, at: make([]graph.ID, n), phase: make([]Phase, n),
		waiting: room[:n], unread: room[n:], values: make([]any, n), ready: newReadySet(n),
	}
	for id := range graph.ID(n) {
		s.at[place[id]] = id
		s.waiting[id] = int32(len(g.Inputs(id)))
		s.unread[id] = int32(len(g.Readers(id)))
		if s.waiting[id] == 0 {
			s.makeReady(id)
		}
	}
	for _, id := range outputs {
		s.unread[id]++
	}
	return s
}

func (s *State) makeReady(id graph.ID) {
	s.phase[id] = Ready
	s.ready.add(s.place[id])
}

// Next takes the ready task that comes first in the order and whose resources
// are free, which is running from now on; false when there is none.
func (s *State) Next() (graph.ID, bool) {
	for s.ready.size > 0 {
		id := s.at[s.ready.takeLowest()]
		if !s.occupy(id) {
			s.parked = append(s.parked, id)
			continue
		}
		s.phase[id] = Running
		s.running++
		return id, true
	}
	return 0, false
}

// occupy takes the task's resources; false when they are not free.
func (s *State) occupy(id graph.ID) bool {
	needs := s.g.Task(id).Policy.Needs()
	for label, amount := range needs {
		if amount > s.free[label] {
			return false
		}
	}
	for label, amount := range needs {
		s.free[label] -= amount
	}
	return true
}

// vacate gives the task's resources back: who waited for some is ready again.
func (s *State) vacate(id graph.ID) {
	needs := s.g.Task(id).Policy.Needs()
	if needs == nil {
		return
	}
	for label, amount := range needs {
		s.free[label] += amount
	}
	for _, id := range s.parked {
		s.ready.add(s.place[id])
	}
	s.parked = s.parked[:0]
}

// Acquire makes sure that the values of a running task's inputs are in memory
// until it is finished, or given up by Release. With a bound on memory it
// lets go of the executor's lock while it reads and writes.
func (s *State) Acquire(id graph.ID) error {
	if s.memory == nil {
		return nil
	}
	return s.memory.acquire(id)
}

// Release gives up a running task that failed.
func (s *State) Release(id graph.ID) {
	if s.memory != nil {
		s.memory.letGo(id)
	}
}

// Inputs appends the values of the task's inputs to buf. It may be called
// without the executor's lock while the task is running: nobody releases
// the inputs of a running task.
func (s *State) Inputs(id graph.ID, buf []any) []any {
	for _, in := range s.g.Inputs(id) {
		buf = append(buf, s.values[in])
	}
	return buf
}

// Finish reports the value of a running task, and its size where memory is
// bounded: readers with all inputs become ready, and inputs that nobody else
// will read are released.
func (s *State) Finish(id graph.ID, value any, size int64) {
	if s.phase[id] != Running {
		panic(fmt.Sprintf("sched: task %s finished while %s", s.g.Key(id), s.phase[id]))
	}
	s.running--
	s.finished++
	s.vacate(id)
	s.phase[id] = Finished
	if s.unread[id] == 0 {
		s.phase[id] = Released
	} else {
		s.values[id] = value
		if s.memory != nil {
			s.memory.keep(id, size)
		}
	}
	for _, reader := range s.g.Readers(id) {
		s.waiting[reader]--
		if s.waiting[reader] == 0 {
			s.makeReady(reader)
		}
	}
	s.Release(id)
	for _, in := range s.g.Inputs(id) {
		s.unread[in]--
		if s.unread[in] == 0 {
			if s.memory != nil {
				s.memory.release(in)
			}
			s.values[in] = nil
			s.phase[in] = Released
		}
	}
}

// Settle moves values to the disk until the bound on memory is kept. It lets
// go of the executor's lock while it writes.
func (s *State) Settle() error {
	if s.memory == nil {
		return nil
	}
	return s.memory.settle()
}

// Size measures a value where memory is bounded; otherwise it is 0. It needs
// no lock.
func (s *State) Size(value any) int64 {
	if s.memory == nil {
		return 0
	}
	return trace.SizeOf(value)
}

// Close removes what was moved to the disk.
func (s *State) Close() {
	if s.memory != nil {
		s.memory.store.Close() // what cannot be removed is in a directory for temporary files
	}
}

// Done tells whether every task has finished.
func (s *State) Done() bool { return s.finished == s.g.Len() }

// ReadyCount is the number of tasks that could start now, if their resources
// are free.
func (s *State) ReadyCount() int { return s.ready.size }

// FinishedCount is the number of tasks that have finished.
func (s *State) FinishedCount() int { return s.finished }

// Phase tells where a task is.
func (s *State) Phase(id graph.ID) Phase { return s.phase[id] }

// Value is the value of a finished task; nil when it was released.
func (s *State) Value(id graph.ID) any { return s.values[id] }
