package sched

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/dagbook/dagbook/taskgraph/graph"
)

// Grace is how long Execute waits, after its context has ended, for running
// tasks to notice.
const Grace = 50 * time.Millisecond

// Pool runs tasks on goroutines.
//
// Each Execute starts its own workers from the caller's goroutine, so that
// they inherit its labels, and so that a task may itself compute a graph
// without waiting for a worker that waits for it. It returns when all of
// them have ended.
//
// One exception: when ctx ends and a task does not return within Grace (it
// sleeps, or loops, and does not watch its context), Execute returns without
// it. Go cannot stop a goroutine from outside, so the worker lives on until
// its task returns; the task's result is dropped and nothing else is run.
// After a task's error, on the other hand, Execute waits for the tasks that
// are running, so that none of them is still at work behind the caller's
// back; their context is cancelled.
type Pool struct {
	// Workers is how many tasks run at once; 0 means GOMAXPROCS.
	Workers int
	// Do runs a task for one of the workers, which are numbered from 0; nil
	// runs the task's Work here. It is called once for every try.
	Do func(ctx context.Context, worker int, t graph.Task, inputs []any) (any, error)
}

// Execute runs the plan, see Executor.
func (p Pool) Execute(ctx context.Context, plan Plan) ([]any, error) {
	if plan.Graph.Len() == 0 {
		return []any{}, nil
	}
	if ctx.Err() != nil { // a quick graph could be done before anyone looks
		return nil, &CancelledError{Tasks: plan.Graph.Len(), Cause: context.Cause(ctx)}
	}
	taskCtx, cancel := context.WithCancel(ctx)
	defer cancel()
	r := &poolRun{plan: plan, ctx: taskCtx, cancel: cancel, ended: make(chan struct{}), do: p.Do}
	r.work.L = &r.mu
	var err error
	if r.state, err = plan.state(&r.mu); err != nil {
		return nil, err
	}
	defer r.state.Close()
	r.start(p.workers(plan.Graph.Len()))
	return r.wait(ctx)
}

func (p Pool) workers(tasks int) int {
	n := p.Workers
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	return min(n, tasks)
}

// poolRun is one run of a Pool.
type poolRun struct {
	plan   Plan
	ctx    context.Context // of the tasks
	cancel context.CancelFunc
	ended  chan struct{} // closed by the last worker to end
	do     func(ctx context.Context, worker int, t graph.Task, inputs []any) (any, error)

	mu      sync.Mutex // guards what follows
	work    sync.Cond  // there may be something for an idle worker
	state   *State
	stopped bool       // no task is to be started any more
	failed  *TaskError // the first
	idle    int
	workers int // not ended yet
}

func (r *poolRun) start(workers int) {
	r.workers = workers
	for n := range workers {
		go (&worker{r: r, n: n}).run()
	}
}

// wait sees the run to its end. It is the only way out of Execute.
func (r *poolRun) wait(ctx context.Context) ([]any, error) {
	select {
	case <-r.ended:
	case <-ctx.Done():
		r.stop()
		grace := time.NewTimer(Grace)
		defer grace.Stop()
		select {
		case <-r.ended:
		case <-grace.C:
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.state.Done():
		return r.plan.results(r.state)
	case ctx.Err() != nil: // errors of tasks are then most likely its echo
		return nil, cancelled(ctx, r.state)
	default:
		return nil, r.failed
	}
}

func (r *poolRun) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopped = true
	r.work.Broadcast()
}

// worker is one goroutine of a run.
type worker struct {
	r      *poolRun
	n      int
	id     graph.ID // the task it runs
	inputs []any    // used again for each task
}

// run takes and runs tasks until there are none. It holds the lock except
// while a task runs. finish takes the lock back even when the task ends this
// goroutine, so that the deferred accounting is always right.
func (w *worker) run() {
	r := w.r
	r.mu.Lock()
	defer func() {
		r.workers--
		last := r.workers == 0
		r.mu.Unlock()
		if last {
			close(r.ended)
		}
	}()
	report := w.finish
	for w.take() {
		if err := r.state.Acquire(w.id); err != nil {
			r.state.Release(w.id)
			r.fail(&TaskError{Key: r.plan.Graph.Key(w.id), Err: err})
			return
		}
		r.mu.Unlock()
		w.inputs = r.state.Inputs(w.id, w.inputs[:0])
		if r.plan.Observer != nil {
			r.plan.Observer.TaskStarted(w.id, w.n)
		}
		runTask(r.ctx, w.task(), w.inputs, report)
		clear(w.inputs) // an idle worker must not keep released values alive
	}
}

// task is what the worker runs: its task, or the pool's way of doing it.
func (w *worker) task() graph.Task {
	t := w.r.plan.Graph.Task(w.id)
	if w.r.do != nil {
		t.Work = &elsewhere{w, t}
	}
	return t
}

// elsewhere is the Work of a task that the pool's Do runs.
type elsewhere struct {
	w *worker
	t graph.Task
}

func (e *elsewhere) Run(ctx context.Context, inputs []any) (any, error) {
	return e.w.r.do(ctx, e.w.n, e.t, inputs)
}

// take waits for a task to run; false when there will be none.
func (w *worker) take() bool {
	r := w.r
	for {
		if r.stopped || r.state.Done() {
			return false
		}
		if id, ok := r.state.Next(); ok {
			w.id = id
			if r.idle > 0 && r.state.ReadyCount() > 0 {
				r.work.Signal()
			}
			return true
		}
		r.idle++
		r.work.Wait()
		r.idle--
	}
}

// finish reports the task and leaves the lock held. The result of a task
// that ends after the run was stopped is dropped.
func (w *worker) finish(value any, err *TaskError) {
	r := w.r
	if r.plan.Observer != nil {
		r.plan.Observer.TaskFinished(w.id, w.n, value, asError(err))
	}
	size := r.state.Size(value)
	r.mu.Lock()
	switch {
	case r.stopped:
		r.state.Release(w.id)
	case err != nil:
		r.state.Release(w.id)
		r.fail(err)
	default:
		r.state.Finish(w.id, value, size)
		if r.state.Done() {
			r.work.Broadcast()
		} else if err := r.state.Settle(); err != nil {
			r.fail(&TaskError{Key: r.plan.Graph.Key(w.id), Err: err})
		}
	}
}

// fail ends the run with an error, unless it was ended before. The lock must be held.
func (r *poolRun) fail(err *TaskError) {
	if r.stopped {
		return
	}
	r.failed, r.stopped = err, true
	r.cancel()
	r.work.Broadcast()
}
