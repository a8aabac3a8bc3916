// Package sched runs task graphs.
//
// State is the heart: which tasks are waiting, ready, running, finished or
// released, and how one finished task changes that. It is a pure step
// function over plain data. An Executor drives it: Pool with goroutines,
// Serial one task after the other on the caller's goroutine. Package
// schedtest holds what every executor must keep to.
//
// The rule of concurrency: a State and everything in it belong to one call
// of Execute and are gone when it returns. The goroutines of a Pool are
// started by Execute and awaited by it, with one exception that its comment
// explains.
package sched

import (
	"context"
	"fmt"
	"maps"
	"runtime/debug"
	"sync"

	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/order"
	"github.com/dagbook/dagbook/taskgraph/trace"
)

// Plan is what to run.
type Plan struct {
	Graph   *graph.Graph
	Outputs []graph.ID // whose values are wanted; may repeat
	// Order is the place of each task, a permutation that puts inputs before
	// readers; nil asks for order.Priorities.
	Order []int32
	// Observer is told of every task; nil for none.
	Observer trace.Observer
	// Resources is how much there is of what tasks' policies ask for, by label.
	Resources map[string]float64
	// Memory is how many bytes of values may wait for their readers in memory;
	// 0 for no bound. Others wait in files in SpillDir ("" for the system's
	// directory for temporary files). Values that cannot be written (see
	// package codec) stay in memory. The inputs and new values of running
	// tasks, and the results, are in memory in any case.
	Memory   int64
	SpillDir string
}

// Executor runs plans. It may be used by several goroutines at once.
type Executor interface {
	// Execute runs every task of the plan, each once (but for the retries of
	// its policy) and after its inputs, and returns the values of the outputs
	// in their order. When a task fails, no other is started, the context of
	// the running ones is cancelled, and the error is a *TaskError. When ctx
	// ends, no other task is started and the error is a *CancelledError. A
	// task that asks for more of a resource than there is fails before
	// anything runs.
	Execute(ctx context.Context, plan Plan) ([]any, error)
}

// state is the beginning of the run; the error is that of a task that could
// never start.
func (p Plan) state(lock sync.Locker) (*State, error) {
	if err := p.checkResources(); err != nil {
		return nil, err
	}
	place := p.Order
	if place == nil {
		place = order.Priorities(p.Graph)
	}
	s := NewState(p.Graph, place, p.Outputs)
	s.free = maps.Clone(p.Resources)
	if p.Memory > 0 {
		s.memory = newMemory(s, p, lock)
	}
	return s, nil
}

func (p Plan) checkResources() error {
	for id := range graph.ID(p.Graph.Len()) {
		t := p.Graph.Task(id)
		if t.Policy == nil {
			continue
		}
		for label, amount := range t.Policy.Needs() {
			if has := p.Resources[label]; amount > has {
				return &TaskError{Key: t.Key, Err: fmt.Errorf("it needs %v of the resource %q, but there is %v", amount, label, has)}
			}
		}
	}
	return nil
}

// results collects the values asked for.
func (p Plan) results(s *State) ([]any, error) {
	values := make([]any, len(p.Outputs))
	for i, id := range p.Outputs {
		if s.memory != nil {
			if err := s.memory.fetch(id); err != nil {
				return nil, &TaskError{Key: p.Graph.Key(id), Err: err}
			}
		}
		values[i] = s.Value(id)
	}
	return values, nil
}

// TaskError says that a task failed.
type TaskError struct {
	Key   graph.Key
	Err   error // what the function returned, or a *PanicError
	Stack []byte
	Part  bool // the task was run as a part of another, whose error this becomes
}

// Error is a sentence that names the task by its key.
func (e *TaskError) Error() string {
	if _, panicked := e.Err.(*PanicError); panicked {
		return fmt.Sprintf("task %s panicked: %v", e.Key, e.Err)
	}
	return fmt.Sprintf("task %s failed: %v", e.Key, e.Err)
}

// Unwrap gives what the function returned.
func (e *TaskError) Unwrap() error { return e.Err }

// PanicError is the error of a task that panicked.
type PanicError struct {
	Value any // what was given to panic
}

func (e *PanicError) Error() string { return fmt.Sprint(e.Value) }

// Unwrap gives the value of the panic when it is an error, otherwise nil.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// CancelledError says that a run was stopped from outside before its end.
type CancelledError struct {
	Finished, Tasks int
	Cause           error // why the context ended
}

// Error is a sentence that tells how far the run came.
func (e *CancelledError) Error() string {
	return fmt.Sprintf("the run was stopped after %d of %d tasks: %v", e.Finished, e.Tasks, e.Cause)
}

// Unwrap gives the cause, for instance context.Canceled.
func (e *CancelledError) Unwrap() error { return e.Cause }

// errGoexit is the error of a task that ended its goroutine.
var errGoexit = fmt.Errorf("it ended its own goroutine (runtime.Goexit, or a test's FailNow), so it has no value")

// runTask runs one task as its policy asks. report is called in any case,
// also when the task ends the goroutine with runtime.Goexit.
func runTask(ctx context.Context, t graph.Task, inputs []any, report func(any, *TaskError)) {
	if t.Policy != nil && (t.Policy.Retries > 0 || t.Policy.Timeout > 0) {
		report(runWithPolicy(ctx, t, inputs))
		return
	}
	try(ctx, t, inputs, report)
}

// try runs a task once. It is the border at which a user's panic becomes an
// error.
func try(ctx context.Context, t graph.Task, inputs []any, report func(any, *TaskError)) {
	var value any
	var failed *TaskError
	returned := false
	defer func() {
		if p := recover(); p != nil {
			failed = &TaskError{Key: t.Key, Err: &PanicError{p}, Stack: debug.Stack()}
		} else if !returned {
			failed = &TaskError{Key: t.Key, Err: errGoexit}
		}
		report(value, failed)
	}()
	v, err := t.Work.Run(ctx, inputs)
	returned = true
	if err != nil {
		failed = &TaskError{Key: t.Key, Err: err}
		if inner, ok := err.(*TaskError); ok && inner.Part {
			part := *inner
			if part.Key == (graph.Key{}) {
				part.Key = t.Key
			}
			failed = &part
		}
		return
	}
	value = v
}
