package sched

import (
	"context"
	"sync"
)

// Serial runs tasks one after the other, in order, on the goroutine of the
// caller: for debugging, and for tasks that must not run at once. A task
// that does not watch its context cannot be stopped: Execute returns when
// it does.
type Serial struct{}

// Execute runs the plan, see Executor.
func (Serial) Execute(ctx context.Context, plan Plan) ([]any, error) {
	var lock sync.Mutex // nobody else wants it
	lock.Lock()
	s, err := plan.state(&lock)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	taskCtx, cancel := context.WithCancel(ctx)
	defer cancel()
	var failed *TaskError
	var inputs []any
	for failed == nil && !s.Done() {
		if ctx.Err() != nil {
			return nil, cancelled(ctx, s)
		}
		id, _ := s.Next()
		if err := s.Acquire(id); err != nil {
			return nil, &TaskError{Key: plan.Graph.Key(id), Err: err}
		}
		inputs = s.Inputs(id, inputs[:0])
		if plan.Observer != nil {
			plan.Observer.TaskStarted(id, 0)
		}
		runTask(taskCtx, plan.Graph.Task(id), inputs, func(value any, err *TaskError) {
			if plan.Observer != nil {
				plan.Observer.TaskFinished(id, 0, value, asError(err))
			}
			if failed = err; err == nil {
				s.Finish(id, value, s.Size(value))
			}
		})
		if err := s.Settle(); err != nil && failed == nil {
			failed = &TaskError{Key: plan.Graph.Key(id), Err: err}
		}
		clear(inputs)
	}
	if failed != nil && ctx.Err() != nil {
		return nil, cancelled(ctx, s)
	}
	if failed != nil {
		return nil, failed
	}
	return plan.results(s)
}

func cancelled(ctx context.Context, s *State) error {
	return &CancelledError{Finished: s.FinishedCount(), Tasks: s.g.Len(), Cause: context.Cause(ctx)}
}

// asError keeps a nil *TaskError from becoming an error that is not nil.
func asError(err *TaskError) error {
	if err == nil {
		return nil
	}
	return err
}
