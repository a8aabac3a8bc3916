package taskgraph

import (
	"context"
	"reflect"
	"runtime"
	"strings"

	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/process"
)

var (
	anyType     = reflect.TypeFor[any]()
	errorType   = reflect.TypeFor[error]()
	contextType = reflect.TypeFor[context.Context]()
	nodeType    = reflect.TypeFor[*Node]()
	anysType    = reflect.TypeFor[[]any]()
)

// Func is a function with the name that its user gave it. A plain function
// tells its own name; those made at run time, as interpreters do, have none.
type Func struct {
	Name string
	Fn   any    // the function
	ID   string // the same for functions that do the same, see Pure; may be empty

	// Source is what makes the function known to worker processes; nil for
	// functions that are registered.
	Source *process.Source
}

// function is what Delayed knows about a function. It is shared by all of
// its nodes and never changes.
type function struct {
	runner   *Runner
	name     string
	params   []reflect.Type // without the context
	variadic bool           // the last of params is the slice
	result   reflect.Type   // of the node's value; nil when there is none
	outs     []*function    // one for each of several results, see Node.Out
	call     caller

	id     string // tells it from other functions of that name, see Pure; may be empty
	serial uint64 // in its place: no other function has it
	pure   bool
	opaque bool       // containers among the arguments are not looked into
	ref    *reference // by which worker processes know it; nil for what is always done here
	method bool       // its first parameter is the receiver, which people do not count
	holds  bool       // it only gives a value that is there, see Persist
	policy *graph.Policy
}

// caller calls the user's function with arguments of its parameters' types
// (or values assignable to them), the variadic ones as one slice.
type caller func(ctx context.Context, args []any) (any, error)

// newFunction looks a function over. It panics with an *Error for anything
// that is not a function.
func newFunction(r *Runner, fn any, opts ...TaskOption) *function {
	name, id := "", ""
	var source *process.Source
	if named, ok := fn.(Func); ok {
		name, fn, id, source = named.Name, named.Fn, named.ID, named.Source
	}
	v := reflect.ValueOf(fn)
	checkFunction(name, fn, v)
	if name == "" {
		name = nameOf(v)
	}
	if id == "" {
		id = declaredName(v)
	}
	f := &function{runner: r, name: name, variadic: v.Type().IsVariadic(), id: id, serial: r.serials.Add(1)}
	f.readParams(v.Type(), 0)
	f.readResults(v.Type())
	f.call = fastCaller(fn)
	if f.call == nil {
		f.call = reflectCaller(f, v, 0)
	}
	f.ref = referenceTo(fn, name, id, source)
	return f.with(opts)
}

// newMethod is newFunction for a method, which takes its receiver first.
func newMethod(r *Runner, m reflect.Method) *function {
	f := &function{runner: r, name: m.Name, method: true, variadic: m.Type.IsVariadic(), id: typeName(m.Type.In(0)), serial: r.serials.Add(1)}
	f.readParams(m.Type, 1)
	f.readResults(m.Type)
	f.call = reflectCaller(f, m.Func, 1)
	return f
}

func checkFunction(name string, fn any, v reflect.Value) {
	of := ""
	if name != "" {
		of = " for " + name
	}
	switch {
	case fn == nil:
		panic(errorf("Delayed needs a function, but got nil%s: call it as Delayed(f), with f a function", of))
	case isNode(fn):
		panic(errorf("Delayed needs a function, but got the node %v: a node can be given to a delayed function as an argument", fn))
	case isDelayed(fn):
		panic(errorf("Delayed needs a plain function, but got one that is delayed already%s: call it as it is", of))
	case v.Kind() != reflect.Func:
		panic(errorf("Delayed needs a function, but got %s%s: call it as Delayed(f), with f a function", article(v.Type()), of))
	case v.IsNil():
		panic(errorf("Delayed needs a function, but got a nil %s%s: the function is declared and was never set", v.Type(), of))
	}
}

func isNode(v any) bool    { _, ok := v.(*Node); return ok }
func isDelayed(v any) bool { _, ok := v.(DelayedFunc); return ok }

// readParams reads the parameters, without a context that stands at a place
// where the computation supplies it.
func (f *function) readParams(t reflect.Type, context int) {
	for i := range t.NumIn() {
		if i != context || t.In(i) != contextType {
			f.params = append(f.params, t.In(i))
		}
	}
}

func (f *function) readResults(t reflect.Type) {
	n := t.NumOut()
	if n > 0 && t.Out(n-1) == errorType {
		n--
	}
	switch n {
	case 0:
	case 1:
		f.result = t.Out(0)
	default:
		f.result = anysType
		for i := range n {
			f.outs = append(f.outs, outFunction(f, i, t.Out(i)))
		}
	}
}

// outFunction picks one of several results.
func outFunction(f *function, i int, t reflect.Type) *function {
	pick := func(_ context.Context, args []any) (any, error) { return args[0].([]any)[i], nil }
	return &function{runner: f.runner, name: f.name + "[" + itoa(i) + "]", params: []reflect.Type{anysType}, result: t, call: pick, policy: cheap}
}

// nameOf is a function's name as its user wrote it: "slowinc" for
// main.slowinc, "Sum" for (*T).Sum, "main.func1" for a function literal in
// main, "func" for one made at run time.
func nameOf(v reflect.Value) string {
	full := runtime.FuncForPC(v.Pointer()).Name()
	if full == "reflect.makeFuncStub" {
		return "func"
	}
	full = strings.TrimSuffix(full, "-fm")
	if i := strings.IndexByte(full, '['); i >= 0 { // type arguments
		full = full[:i]
	}
	full = full[strings.LastIndexByte(full, '/')+1:]
	_, name, found := strings.Cut(full, ".") // the package
	if !found {
		return full
	}
	parts := strings.Split(name, ".")
	last := parts[len(parts)-1]
	if !strings.HasPrefix(last, "func") && !isDigits(last) {
		return last
	}
	for i, part := range parts[1:] { // "TestX.func1.2": the literal within
		if strings.HasPrefix(part, "func") {
			return parts[i] + "." + strings.Join(parts[i+1:], ".")
		}
	}
	return name
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
