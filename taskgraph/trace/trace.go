// Package trace records what a run of a task graph did: which task ran
// when, on which worker, how it ended and how large its value was.
//
// Observer is what a scheduler tells; Recorder is the observer that keeps
// what it is told, for progress, profiles and pictures of the task stream.
package trace

import (
	"sync"
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
type Recorder struct {
	g     *graph.Graph
	began time.Time

	mu      sync.Mutex
	records []Record
	at      map[graph.ID]int // where a task's record is
}

// NewRecorder makes a Recorder for one run of g. Its clock starts now.
func NewRecorder(g *graph.Graph) *Recorder {
	return &Recorder{g: g, began: time.Now(), at: make(map[graph.ID]int)}
}

// TaskStarted opens the task's record.
func (r *Recorder) TaskStarted(id graph.ID, worker int) {
	now := time.Since(r.began)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at[id] = len(r.records)
	r.records = append(r.records, Record{Key: r.g.Key(id), ID: id, Worker: worker, Start: now})
}

// TaskFinished closes the task's record.
func (r *Recorder) TaskFinished(id graph.ID, _ int, value any, err error) {
	now, size := time.Since(r.began), SizeOf(value)
	r.mu.Lock()
	defer r.mu.Unlock()
	rec := &r.records[r.at[id]]
	rec.End, rec.Bytes, rec.Err = now, size, err
}

// Records returns a copy of what was recorded so far, in order of start.
func (r *Recorder) Records() []Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Record(nil), r.records...)
}
