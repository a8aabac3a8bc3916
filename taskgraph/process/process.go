// Package process runs task graphs in worker processes of the program's own
// binary.
//
// Pool is a sched.Executor: it schedules as sched.Pool does and hands every
// task that is Portable to a worker process. Values go there and back as
// package codec writes them; what cannot travel fails its task with a sentence
// that names the type and the way to it. Work that is not Portable (operators,
// values, whatever only picks something out) is done in this process.
//
// A worker is this binary, started again with an environment variable that
// makes IsWorker true. Its main function must then call Serve, before it does
// anything else, with the functions that it can call:
//
//	func main() {
//		if process.IsWorker() {
//			os.Exit(process.Serve(functions))
//		}
//		...
//
// (Programs that use package taskgraph call taskgraph.Register, which does
// it.) The two talk over the worker's standard input and output; what tasks
// print goes to the Pool's Stdout and Stderr.
//
// A Pool starts its workers when it first needs them and stops them before
// Execute returns. A worker that dies fails the task it was at, which its
// policy may retry, and another is started in its place. A task that does not
// end when it should, because of a timeout or because the run was stopped, is
// ended with its worker.
package process

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"sync"

	"github.com/dagbook/dagbook/taskgraph/codec"
	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/sched"
)

// Portable is Work that a worker process can do.
type Portable interface {
	graph.Work
	// Call names the function to be called there and gives its arguments, made
	// of the values of the task's inputs. ok is false for work that should be
	// done here. The error is one of the task.
	Call(inputs []any) (c Call, ok bool, err error)
}

// Call is a call of a function by a worker.
type Call struct {
	Func string // what the worker's Functions know it by
	Args []any
	// Source is what the worker must have loaded before it knows the function;
	// nil when it knows it from the beginning.
	Source *Source
}

// Source is what makes a function or type known to workers: a program's text,
// in a notebook. Its address tells sources apart.
type Source struct {
	// Func is what the worker's Functions know the function by, instead of
	// Call.Func; empty for the source of a type.
	Func string
	// Make returns what Functions.Load gets. A run asks once, when it first
	// needs it. Its error is one of the task.
	//
	// State is that of the program which the source was taken from. A worker
	// has sources of one state: those of another make it forget them, and
	// Functions.Load sees that they do.
	Make func() (data []any, state uint64, err error)
}

// Sourced are Types that must be made known to workers before a value of them
// travels. Pool looks whether its Types are.
type Sourced interface {
	codec.Types
	// Sources of all that a type is made of; nil for what workers know from
	// the beginning.
	Sources(t reflect.Type) []*Source
}

// Pool runs tasks in worker processes, see the package. It may be used by
// several goroutines at once.
type Pool struct {
	// Workers is how many processes there are; 0 means GOMAXPROCS.
	Workers int
	// Types are those that may travel by name; nil for Go's own.
	Types codec.Types
	// Command starts a worker; nil for this binary without arguments. The
	// environment variable of IsWorker is added to it.
	Command func() *exec.Cmd
	// Stdout and Stderr get what tasks print; nil for those of this process.
	Stdout, Stderr io.Writer
}

// Execute runs the plan, see sched.Executor.
func (p Pool) Execute(ctx context.Context, plan sched.Plan) ([]any, error) {
	n := p.Workers
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	run := &run{pool: p, types: p.types(), workers: make([]*worker, n), made: map[*Source]*made{}}
	run.out.w = or(p.Stdout, os.Stdout)
	defer run.close()
	return sched.Pool{Workers: n, Do: run.do}.Execute(ctx, plan)
}

func (p Pool) types() codec.Types {
	if p.Types != nil {
		return p.Types
	}
	return codec.NewRegistry()
}

func or(w io.Writer, other *os.File) io.Writer {
	if w == nil {
		return other
	}
	return w
}

// run is one Execute.
type run struct {
	pool  Pool
	types codec.Types
	out   sharedWriter

	mu      sync.Mutex // guards what follows; not held during calls
	workers []*worker  // by number; nil before its first call, and after it died
	closed  bool
	made    map[*Source]*made
}

// made is what a source made for a run.
type made struct {
	once  sync.Once
	data  []any
	state uint64
	err   error
}

// make asks a source, once.
func (r *run) make(s *Source) *made {
	r.mu.Lock()
	m := r.made[s]
	if m == nil {
		m = &made{}
		r.made[s] = m
	}
	r.mu.Unlock()
	m.once.Do(func() { m.data, m.state, m.err = s.Make() })
	return m
}

// sharedWriter is written to by all workers.
type sharedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (s *sharedWriter) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w.Write(p)
}

// do is the Do of a sched.Pool.
func (r *run) do(ctx context.Context, n int, t graph.Task, inputs []any) (any, error) {
	work, ok := t.Work.(Portable)
	if !ok {
		return t.Work.Run(ctx, inputs)
	}
	call, ok, err := work.Call(inputs)
	if err != nil {
		return nil, err
	}
	if !ok {
		return t.Work.Run(ctx, inputs)
	}
	w, err := r.worker(n)
	if err != nil {
		return nil, err
	}
	v, err := w.call(ctx, call)
	if w.isDead() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.workers[n] == w {
			r.workers[n] = nil
		}
		w.stop()
	}
	return v, err
}

// worker is the process with a number, started if need be.
func (r *run) worker(n int) (*worker, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, fmt.Errorf("the run is over")
	}
	if r.workers[n] == nil {
		w, err := start(r)
		if err != nil {
			return nil, fmt.Errorf("a worker process could not be started: %w", err)
		}
		r.workers[n] = w
	}
	return r.workers[n], nil
}

// close stops all workers and waits for them.
func (r *run) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	for _, w := range r.workers {
		if w != nil {
			w.stop()
		}
	}
}
