// Package trace records what a run of a task graph did: which task ran
// when, on which worker, how it ended and how large its value was.
//
// Observer is what a scheduler tells; Recorder is the observer that keeps
// what it is told, for progress, profiles and pictures of the task stream.
package trace

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dagbook/dagbook/taskgraph/graph"
)

// Observer is told about the tasks of one run. Its methods are called by
// the workers themselves, several at once and between tasks: they must be
// quick and must not call back into the run.
type Observer interface {
	// TaskStarted is called just before the task runs. Workers are numbered
	// from 0.
	TaskStarted(id graph.ID, worker int)
	// TaskFinished is called just after, with the task's value or its error.
	TaskFinished(id graph.ID, worker int, value any, err error)
}

// Record is one task that ran.
type Record struct {
	Key    graph.Key
	ID     graph.ID
	Worker int           // from 0
	Start  time.Duration // since the Recorder was made
	End    time.Duration // since the Recorder was made; 0 while the task runs
	Bytes  int64         // rough size of the value, see SizeOf
	Err    error         // nil when the task succeeded
}

// Recorder is an Observer that keeps a Record of each task. Its methods may
// be called by several goroutines at once.
//
// Every worker writes to a lane of its own, so that workers do not wait for
// each other.
type Recorder struct {
	g     *graph.Graph
	began time.Time
	lanes atomic.Pointer[[]*lane] // by worker; replaced under grow when there is a new one
	grow  sync.Mutex
}

// lane is what one worker did.
type lane struct {
	mu    sync.Mutex // taken by the worker, and by Records
	spans []span
}

// span is a Record without what the graph knows; of a task that runs, end is 0.
type span struct {
	id         graph.ID
	start, end time.Duration
	bytes      int64
	err        error
}

// NewRecorder makes a Recorder for one run of g. Its clock starts now.
func NewRecorder(g *graph.Graph) *Recorder {
	r := &Recorder{g: g, began: time.Now()}
	r.lanes.Store(new([]*lane))
	return r
}

// TaskStarted opens the task's record.
func (r *Recorder) TaskStarted(id graph.ID, worker int) {
	l := r.lane(worker)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.spans = append(l.spans, span{id: id, start: time.Since(r.began)})
}

// TaskFinished closes the task's record.
func (r *Recorder) TaskFinished(id graph.ID, worker int, value any, err error) {
	end := time.Since(r.began)
	size := SizeOf(value)
	l := r.lane(worker)
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := len(l.spans) - 1; i >= 0; i-- { // it is the last one
		if s := &l.spans[i]; s.id == id {
			s.end, s.bytes, s.err = max(end, 1), size, err
			return
		}
	}
}

// lane is the worker's lane.
func (r *Recorder) lane(worker int) *lane {
	if lanes := *r.lanes.Load(); worker < len(lanes) {
		return lanes[worker]
	}
	r.grow.Lock()
	defer r.grow.Unlock()
	lanes := slices.Clone(*r.lanes.Load())
	for len(lanes) <= worker {
		lanes = append(lanes, &lane{})
	}
	r.lanes.Store(&lanes)
	return lanes[worker]
}

// Records returns a copy of what was recorded so far, in order of start.
func (r *Recorder) Records() []Record {
	var records []Record
	for worker, l := range *r.lanes.Load() {
		l.mu.Lock()
		for _, s := range l.spans {
			records = append(records, Record{Key: r.g.Key(s.id), ID: s.id, Worker: worker, Start: s.start, End: s.end, Bytes: s.bytes, Err: s.err})
		}
		l.mu.Unlock()
	}
	slices.SortStableFunc(records, func(a, b Record) int { return cmp.Compare(a.Start, b.Start) })
	return records
}
