package taskgraph

import (
	"context"
	"errors"
	"iter"
	"sync"

	"github.com/dagbook/dagbook/taskgraph/sched"
)

// Future is a computation that goes on while the program does. Submit makes
// it. It may be used by several goroutines at once.
//
// Every future has workers of its own: a thousand futures are a thousand
// tasks at once. What should wait its turn belongs into one graph.
type Future struct {
	node   *Node
	cancel context.CancelFunc
	done   chan struct{}
	value  any // once done is closed, as is err
	err    error

	mu      sync.Mutex
	waiting []chan<- *Future // to be told of the end
}

// Submit calls a function in the background: it is Delayed(fn)(args...)
// followed by the node's Submit. A function that is delayed already is called
// as it is.
//
//	f := taskgraph.Submit(slowinc, 1)
//	...
//	v, err := f.Wait()
func Submit(fn any, args ...any) *Future { return standard.Submit(fn, args...) }

// Submit is the function Submit, under this runner.
func (r *Runner) Submit(fn any, args ...any) *Future {
	if f, ok := fn.(DelayedFunc); ok {
		return r.start(f(args...))
	}
	return r.start(r.Delayed(fn)(args...))
}

// Submit starts to compute the node and everything it needs, and returns at
// once.
func (n *Node) Submit(opts ...Option) *Future { return n.fn.runner.With(opts...).start(n) }

// start runs the future's only goroutine, which ends with it.
func (r *Runner) start(n *Node) *Future {
	base := r.context
	if r.future != nil {
		base = r.future
	}
	ctx, cancel := context.WithCancel(base())
	f := &Future{node: n, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer cancel()
		f.end(r.ComputeContext(ctx, n))
	}()
	return f
}

// Wait waits for the value, or the error that Compute would have returned. It
// may be called again and gives the same.
func (f *Future) Wait() (any, error) {
	<-f.done
	return f.value, f.err
}

// Done is closed when the future is over, in whatever way.
func (f *Future) Done() <-chan struct{} { return f.done }

// Cancel stops the computation: Wait then returns a *CancelledError, unless
// it was over already.
func (f *Future) Cancel() { f.cancel() }

// Key is the key of the node that is computed.
func (f *Future) Key() string { return f.node.Key() }

// Status is "pending", "finished", "error" or "cancelled".
func (f *Future) Status() string {
	select {
	case <-f.done:
	default:
		return "pending"
	}
	var cancelled *sched.CancelledError
	switch {
	case f.err == nil:
		return "finished"
	case errors.As(f.err, &cancelled):
		return "cancelled"
	}
	return "error"
}

// String is the future as Dask shows it: "Future(slowinc-3f2a…, pending)".
func (f *Future) String() string { return "Future(" + f.Key() + ", " + f.Status() + ")" }

// AsNode is a node for the future's value: a graph that needs it waits for it
// instead of computing it again.
func (f *Future) AsNode() *Node {
	result := f.node.fn.result
	wait := func(ctx context.Context, _ []any) (any, error) {
		select {
		case <-f.done:
			return f.value, partOf(f.err)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	n := newNode(&function{runner: f.node.fn.runner, name: f.node.fn.name, result: result, call: wait}, 0)
	n.token = f.node.token
	return n
}

// partOf keeps the key of a task that failed in a future for the graph that
// waits for it.
func partOf(err error) error {
	var failed *TaskError
	if !errors.As(err, &failed) {
		return err
	}
	part := *failed
	part.Part = true
	return &part
}

// AsCompleted ranges over futures in the order in which they end:
//
//	for f := range taskgraph.AsCompleted(futures...) {
//		v, err := f.Wait() // at once
//	}
//
// A break leaves the others running.
func AsCompleted(futures ...*Future) iter.Seq[*Future] {
	return func(yield func(*Future) bool) {
		ended := make(chan *Future, len(futures))
		for _, f := range futures {
			f.tell(ended)
		}
		for range futures {
			if !yield(<-ended) {
				return
			}
		}
	}
}

// tell sends the future to a channel, which has room for it, once it is over.
func (f *Future) tell(ended chan<- *Future) {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-f.done:
		ended <- f
	default:
		f.waiting = append(f.waiting, ended)
	}
}

// end makes the future's outcome known.
func (f *Future) end(values []any, err error) {
	if f.err = err; err == nil {
		f.value = values[0]
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.done)
	for _, ended := range f.waiting {
		ended <- f
	}
	f.waiting = nil
}

// Persist computes nodes now and returns nodes that have their values: what
// is built on those does not compute them again. They keep their keys.
//
//	loaded, err := taskgraph.Persist(parts...)
func Persist(nodes ...*Node) ([]*Node, error) {
	if len(nodes) == 0 || nodes[0] == nil {
		return standard.Persist(nodes...)
	}
	return nodes[0].fn.runner.Persist(nodes...)
}

// Persist is the function Persist, under this runner.
func (r *Runner) Persist(nodes ...*Node) ([]*Node, error) {
	values, err := r.Compute(nodes...)
	if err != nil {
		return nil, err
	}
	kept := make([]*Node, len(nodes))
	for i, n := range nodes {
		kept[i] = n.holding(values[i])
	}
	return kept, nil
}

// Persist computes the node now, see the function Persist.
func (n *Node) Persist(opts ...Option) (*Node, error) {
	if n == nil {
		return nil, errorf("Persist: the node is nil: was the variable ever set?")
	}
	kept, err := n.fn.runner.With(opts...).Persist(n)
	if err != nil {
		return nil, err
	}
	return kept[0], nil
}

// holding is a node of the same key whose value is there.
func (n *Node) holding(v any) *Node {
	f := &function{
		runner: n.fn.runner, name: n.fn.name, result: n.fn.result, pure: n.fn.pure, policy: cheap, outs: n.fn.outs, holds: true,
		call: func(context.Context, []any) (any, error) { return v, nil },
	}
	return &Node{fn: f, token: n.token}
}
