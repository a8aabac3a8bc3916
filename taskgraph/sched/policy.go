package sched

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dagbook/dagbook/taskgraph/graph"
)

// TimeoutError is the Err of a TaskError whose last try took too long.
type TimeoutError struct {
	Limit time.Duration // the policy's
}

func (e *TimeoutError) Error() string { return fmt.Sprintf("it took longer than %v", e.Limit) }

// Timeout is true, as package net has it.
func (e *TimeoutError) Timeout() bool { return true }

// runWithPolicy tries a task as often and as long as its policy allows. Each
// try gets inputs of its own, since a task may overwrite them.
func runWithPolicy(ctx context.Context, t graph.Task, inputs []any) (value any, failed *TaskError) {
	for tries := 0; tries <= t.Policy.Retries; tries++ {
		own := slices.Clone(inputs)
		if t.Policy.Timeout > 0 {
			value, failed = tryInTime(ctx, t, own)
		} else {
			try(ctx, t, own, func(v any, err *TaskError) { value, failed = v, err })
		}
		if failed == nil || ctx.Err() != nil || errors.Is(failed.Err, errGoexit) {
			break
		}
	}
	return value, failed
}

// tryInTime runs the task on a goroutine of its own, since a task that does
// not watch its context cannot be stopped: it is left behind, like those of a
// Pool whose context ended.
func tryInTime(ctx context.Context, t graph.Task, inputs []any) (any, *TaskError) {
	type outcome struct {
		value  any
		failed *TaskError
	}
	ctx, cancel := context.WithTimeout(ctx, t.Policy.Timeout)
	defer cancel()
	done := make(chan outcome, 1)
	go try(ctx, t, inputs, func(v any, err *TaskError) { done <- outcome{v, err} })
	late := &TaskError{Key: t.Key, Err: &TimeoutError{t.Policy.Timeout}}
	select {
	case o := <-done:
		if o.failed != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return nil, late
		}
		return o.value, o.failed
	case <-ctx.Done():
	}
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) { // the run was stopped: the Pool waits for Grace
		o := <-done
		return o.value, o.failed
	}
	grace := time.NewTimer(Grace)
	defer grace.Stop()
	select {
	case <-done: // its value came too late
	case <-grace.C:
	}
	return nil, late
}
