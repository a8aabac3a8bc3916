package taskgraph

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync"

	"github.com/dagbook/dagbook/taskgraph/codec"
	"github.com/dagbook/dagbook/taskgraph/process"
)

// registry is what worker processes of a compiled program know. Like those of
// packages image and gob it belongs to the program and is filled before its
// work begins.
type registry struct {
	mu        sync.RWMutex
	functions map[string]*function
	types     *codec.Registry
}

var registered = &registry{functions: map[string]*function{}, types: codec.NewRegistry()}

// reference is how a function is known to worker processes.
type reference struct {
	name   string
	typ    reflect.Type
	source *process.Source // nil when it must be registered
}

func referenceTo(fn any, name, id string, source *process.Source) *reference {
	if source == nil && id != "" {
		name = id
	}
	return &reference{name, reflect.TypeOf(fn), source}
}

// Register makes functions known to worker processes, see Processes. A
// declared function is known by its own name, another as a Func by the Name
// that Delayed gets as well:
//
//	func main() {
//		taskgraph.Register(slowadd, taskgraph.Func{Name: "inc", Fn: func(x int) int { return x + 1 }})
//		taskgraph.WorkerMain()
//		...
//
// Types of parameters and results, and all types that they are made of, may
// then travel. Types that only turn up inside interfaces are registered by a
// value of them: Register(Circle{}, Square{}).
//
// It panics with an *Error for a function without a name and for two
// functions of one name. It is called before Compute.
func Register(functionsAndValues ...any) {
	for _, v := range functionsAndValues {
		registered.add(v)
	}
}

func (r *registry) add(v any) {
	fn, name := v, ""
	if f, ok := v.(Func); ok {
		fn, name = f.Fn, f.Name
	}
	t := reflect.TypeOf(fn)
	if t == nil {
		panic(errorf("Register needs functions, or values of types that may travel, but got nil"))
	}
	r.types.Add(t)
	if t.Kind() != reflect.Func {
		return
	}
	if name == "" {
		if name = declaredName(reflect.ValueOf(fn)); name == "" {
			panic(errorf("Register: a function literal has no name: register a taskgraph.Func{Name: ..., Fn: ...}"))
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.functions[name]; known {
		panic(errorf("Register: there is a function %s already", name))
	}
	r.functions[name] = newFunction(standard, fn)
}

// WorkerMain is for the main function of a program that uses Processes: in a
// worker process it serves and does not return, otherwise it does nothing.
func WorkerMain() {
	if process.IsWorker() {
		os.Exit(process.Serve(registered))
	}
}

// Load implements process.Functions: all functions are there.
func (r *registry) Load([]any) error { return fmt.Errorf("this program loads no functions") }

// Types implements process.Functions.
func (r *registry) Types() codec.Types { return r.types }

// Call implements process.Functions.
func (r *registry) Call(ctx context.Context, name string, args []any) (any, error) {
	r.mu.RLock()
	f := r.functions[name]
	r.mu.RUnlock()
	if f == nil {
		return nil, fmt.Errorf("the function %s is not registered in the worker process: call taskgraph.Register before taskgraph.WorkerMain", name)
	}
	return f.call(ctx, args)
}

func (r *registry) has(name string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.functions[name] != nil
}

func (r *registry) knows(ref *reference) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	f := r.functions[ref.name]
	return f != nil && f.ref.typ == ref.typ
}

// registration is what Register should get for the function.
func (ref *reference) registration() string {
	if strings.Contains(ref.name, "/") || strings.HasPrefix(ref.name, "main.") && !strings.Contains(ref.name, ".func") {
		return ref.name[strings.LastIndexByte(ref.name, '.')+1:]
	}
	return `taskgraph.Func{Name: "a name", Fn: f}` // the same goes to Delayed
}

// Call implements process.Portable.
func (w *work) Call(inputs []any) (process.Call, bool, error) {
	ref := w.fn.ref
	if ref == nil {
		return process.Call{}, false, nil
	}
	if ref.source == nil && !registered.knows(ref) {
		return process.Call{}, true, fmt.Errorf("worker processes do not know the function %s: call taskgraph.Register(%s) and then taskgraph.WorkerMain() at the beginning of main", w.fn.name, ref.registration())
	}
	args, err := w.arguments(inputs)
	return process.Call{Func: ref.name, Args: args, Source: ref.source}, true, err
}

// Program is what serves in a worker process whose functions come from the
// process that started it: those of a notebook.
type Program interface {
	// Load makes the functions of a process.Source known.
	Load(data []any) error
	// Func finds a function by the name that its Source has for it.
	Func(name string) (any, error)
	// Types are those that may travel by name.
	Types() codec.Types
	// Called tells that a function is about to be called.
	Called(name string)
	// Where tells where the panic with p was that came out of it; empty when
	// nothing is known.
	Where(p any) string
}

// Serve makes the calls that come over the standard input until it ends, and
// returns the exit status. It is for a process in which process.IsWorker.
func Serve(p Program) int { return process.Serve(&served{p, map[string]*function{}}) }

// served calls the functions of a program.
type served struct {
	Program
	known map[string]*function
}

// Call implements process.Functions. What is registered belongs to packages, those of arrays
// for example, and is there in every process.
func (s *served) Call(ctx context.Context, name string, args []any) (any, error) {
	if registered.has(name) {
		return registered.Call(ctx, name, args)
	}
	f := s.known[name]
	if f == nil {
		fn, err := s.Func(name)
		if err != nil {
			return nil, err
		}
		f = newFunction(standard, Func{Name: name, Fn: fn})
		s.known[name] = f
	}
	s.Called(name)
	return f.call(ctx, args)
}

// Load implements process.Functions: a name may mean something else now.
func (s *served) Load(data []any) error {
	clear(s.known)
	return s.Program.Load(data)
}
