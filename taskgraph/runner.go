package taskgraph

import (
	"context"
	"maps"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/optimize"
	"github.com/dagbook/dagbook/taskgraph/process"
	"github.com/dagbook/dagbook/taskgraph/sched"
	"github.com/dagbook/dagbook/taskgraph/trace"
)

// Runner makes delayed functions and computes their nodes: where they run,
// under which context, and who watches. Most programs use the package's
// functions, which have a Runner of their own; a notebook has one for its
// session. A Runner never changes and may be used by several goroutines at
// once.
type Runner struct {
	*origin
	settings
}

// origin is what runners that were made from one another by With have in
// common: the numbers of their calls and what they know of types.
type origin struct {
	seed    uint64
	calls   atomic.Uint64
	serials atomic.Uint64 // of functions

	holders    sync.Map // reflect.Type -> bool, see mayHold
	operations sync.Map // operationKey or methodKey -> *function
}

// settings is what options set.
type settings struct {
	executor  sched.Executor
	context   func() context.Context
	future    func() context.Context // nil for that of context
	observe   func(*graph.Graph) trace.Observer
	view      func(g *graph.Graph, asked bool) trace.Observer // see ProgressView
	progress  *bool                                           // see Progress
	resources map[string]float64
	memory    int64
	spillDir  string
	process   process.Pool // what Processes makes of it
	optimize  bool
}

// Option sets something of a Runner, or of one computation: see With.
type Option func(*settings)

// Workers sets how many tasks run at once. 0, as without the option, means
// GOMAXPROCS at the time of the computation.
func Workers(n int) Option {
	if n < 0 {
		panic(errorf("Workers: there cannot be %d of them", n))
	}
	return func(s *settings) { s.executor = sched.Pool{Workers: n} }
}

// Synchronous runs one task after the other on the goroutine that calls
// Compute: for debugging, and to compare with.
func Synchronous() Option { return Executor(sched.Serial{}) }

// Executor sets what runs the tasks, instead of goroutines.
func Executor(e sched.Executor) Option {
	return func(s *settings) { s.executor = e }
}

// Context sets where a computation gets its context from. It is asked at
// the start of each, for instance for the context of the running cell. When
// that context ends, so does the computation. Without the option it is
// context.Background.
func Context(current func() context.Context) Option {
	return func(s *settings) { s.context = current }
}

// FutureContext sets where a future gets its context from, see Submit; without
// it, from where Context says. A notebook's futures outlive their cells.
func FutureContext(current func() context.Context) Option {
	return func(s *settings) { s.future = current }
}

// Observer adds one who watches: start is called at the start of each
// computation with its graph, and the observer it returns is told of every
// task; nil for none. One that is a trace.Ender is told of the end as well.
func Observer(start func(*graph.Graph) trace.Observer) Option {
	return func(s *settings) {
		before := s.observe
		s.observe = func(g *graph.Graph) trace.Observer {
			if before == nil {
				return start(g)
			}
			return trace.All(before(g), start(g))
		}
	}
}

// observers are all who watch a computation; nil when nobody does.
func (s *settings) observers(g *graph.Graph) trace.Observer {
	var watch, show trace.Observer
	if s.observe != nil {
		watch = s.observe(g)
	}
	if asked := s.progress != nil; s.view != nil && (!asked || *s.progress) {
		show = s.view(g, asked)
	}
	return trace.All(show, watch)
}

// Resources says how much there is of what tasks occupy, see Resource. Tasks
// that would occupy more wait for each other.
func Resources(amounts map[string]float64) Option {
	amounts = maps.Clone(amounts)
	return func(s *settings) { s.resources = amounts }
}

// Optimize makes fewer tasks of a graph before it runs: linear chains become
// one task, cheap tasks (constants, Out, Index, those with the option Cheap)
// parts of their readers. It is worth it for many short tasks, see package
// optimize. Pictures show what it does by Optimized. Tasks for Processes stay
// as they are.
func Optimize(on bool) Option {
	return func(s *settings) { s.optimize = on }
}

// Processes runs tasks in so many worker processes, started from this
// program's own file; 0 means GOMAXPROCS. Arguments and values travel, see
// package codec for those that cannot. In a notebook, functions travel with
// everything of the session that they use; a compiled program registers them,
// see Register. Operators and whatever only picks something out of a value
// are computed here.
//
// It is worth it for functions that must not share a process: those that
// crash, leak, or use libraries that are not safe for several goroutines.
// Otherwise goroutines are faster: they share memory.
func Processes(n int) Option {
	if n < 0 {
		panic(errorf("Processes: there cannot be %d of them", n))
	}
	return func(s *settings) {
		p := s.process
		p.Workers = n
		s.executor = p
	}
}

// WorkerProcess says how Processes starts its workers; its Workers are not
// used. Without the option they are this program's own file.
func WorkerProcess(p process.Pool) Option {
	return func(s *settings) { s.process = p }
}

// MemoryLimit sets how many bytes of values may wait in memory for the tasks
// that read them. What is more waits on the disk, that first which is read
// last, so a computation may go through more data than fits in memory. The
// inputs and the new value of a running task are in memory in any case, and
// so are the results, and values that cannot be written, such as functions.
// Sizes are estimates. 0, as without the option, is no limit.
func MemoryLimit(bytes int64) Option {
	if bytes < 0 {
		panic(errorf("MemoryLimit: %d bytes make no sense", bytes))
	}
	return func(s *settings) { s.memory = bytes }
}

// SpillDir is where MemoryLimit puts values; without the option, the
// directory for temporary files, which may itself be in memory.
func SpillDir(dir string) Option {
	return func(s *settings) { s.spillDir = dir }
}

// New makes a Runner.
func New(opts ...Option) *Runner {
	s := settings{executor: sched.Pool{}, context: context.Background, process: process.Pool{Types: registered.types}}
	return &Runner{&origin{seed: rand.Uint64()}, s.with(opts)}
}

func (s settings) with(opts []Option) settings {
	for _, opt := range opts {
		opt(&s)
	}
	return s
}

// With is a Runner with other settings, for the same nodes:
//
//	slowly := taskgraph.With(taskgraph.Synchronous())
//	values, err := slowly.Compute(a, b)
func With(opts ...Option) *Runner { return standard.With(opts...) }

// With is the function With, for this runner.
func (r *Runner) With(opts ...Option) *Runner {
	if len(opts) == 0 {
		return r
	}
	return &Runner{r.origin, r.settings.with(opts)}
}

// standard is the Runner of the package's functions.
var standard = New()

// token gives each call of a runner another number. It mixes the bits of a
// counter (SplitMix64), which maps no two numbers to the same one.
func (r *origin) token() uint64 {
	z := r.seed + r.calls.Add(1)*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Delayed makes a function that records calls instead of making them:
//
//	slowadd := taskgraph.Delayed(func(x, y int) int { ... })
//	z := slowadd(1, slowadd(2, 3)) // nothing has run
//	fmt.Println(z.Compute())       // 6 <nil>
//
// fn may be any function, or a Func to give it a name. A first parameter of
// type context.Context is supplied by the computation and ends with it. A
// last result of type error fails the task. A function with several other
// results has a []any as its value, see Node.Out for one of them. Options
// hold for all calls.
//
// Delayed panics with an *Error when fn is not a function.
func Delayed(fn any, opts ...TaskOption) DelayedFunc { return standard.Delayed(fn, opts...) }

// Delayed is the function Delayed, with nodes that this runner computes.
func (r *Runner) Delayed(fn any, opts ...TaskOption) DelayedFunc {
	return newFunction(r, fn, opts...).delay()
}

// Compute computes several nodes at once and returns their values in order.
// What they share is computed once. It runs under the runner of the first
// node; without nodes it returns no values. The error is a *TaskError when a
// task failed and a *CancelledError when the runner's context ended.
func Compute(nodes ...*Node) ([]any, error) {
	if len(nodes) == 0 || nodes[0] == nil {
		return standard.Compute(nodes...)
	}
	return nodes[0].fn.runner.Compute(nodes...)
}

// Compute is the function Compute, under this runner.
func (r *Runner) Compute(nodes ...*Node) ([]any, error) {
	return r.ComputeContext(r.context(), nodes...)
}

// ComputeContext is Compute under a context of the caller's choice instead
// of the runner's.
func (r *Runner) ComputeContext(ctx context.Context, nodes ...*Node) ([]any, error) {
	for i, n := range nodes {
		if n == nil {
			return nil, errorf("Compute: node %d is nil: was the variable ever set?", i+1)
		}
	}
	g, outputs := gather(nodes)
	if _, away := r.executor.(process.Pool); r.optimize && !away {
		g, outputs = optimize.All(g, outputs)
	}
	plan := sched.Plan{Graph: g, Outputs: outputs, Resources: r.resources, Memory: r.memory, SpillDir: r.spillDir}
	plan.Observer = r.observers(g)
	values, err := r.executor.Execute(ctx, plan)
	trace.End(plan.Observer, err)
	return values, err
}
