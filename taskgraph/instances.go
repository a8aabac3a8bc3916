package taskgraph

import "reflect"

// Instance is an instance of one of the package's generic functions or
// methods that is made at run time.
type Instance struct {
	Types []reflect.Type // the type arguments
	Sig   reflect.Type   // of the function; a method has its receiver, or a pointer to it, as the first parameter
	// Named may put a Func in the place of the function that the instance gets
	// as its first argument; nil leaves it as it is.
	Named func(fn any) any
}

// Instances are for interpreters, which cannot use the compiler's: they make
// functions of type Instance.Sig for Of, Typed, All, Call0 to Call4, Try0 to
// Try4, Task.Compute and Task.With, by these names, with nodes of this runner.
// A Task[T] of theirs need only be a struct with a *Node as its field.
func (r *Runner) Instances() map[string]func(Instance) reflect.Value {
	bodies := map[string]func(Instance, []reflect.Value) []reflect.Value{
		"Of": func(i Instance, in []reflect.Value) []reflect.Value {
			return i.task(r.constant(i.Types[0], in[0].Interface()))
		},
		"Typed": func(i Instance, in []reflect.Value) []reflect.Value {
			return i.task(in[0].Interface().(*Node).typed(i.Types[0]))
		},
		"All":          r.all,
		"Task.Compute": computeTask,
		"Task.With": func(i Instance, in []reflect.Value) []reflect.Value {
			return i.task(nodeIn(in[0]).With(in[1].Interface().([]TaskOption)...))
		},
	}
	for n := range 5 {
		bodies["Call"+itoa(n)], bodies["Try"+itoa(n)] = r.callTask, r.callTask
	}
	made := map[string]func(Instance) reflect.Value{}
	for name, body := range bodies {
		made[name] = func(i Instance) reflect.Value {
			return reflect.MakeFunc(i.Sig, func(in []reflect.Value) []reflect.Value { return body(i, in) })
		}
	}
	return made
}

// task is a node as the result of an instance.
func (i Instance) task(n *Node) []reflect.Value {
	t := reflect.New(i.Sig.Out(0)).Elem()
	t.Field(0).Set(reflect.ValueOf(n))
	return []reflect.Value{t}
}

// nodeIn is the node of a task, or of what a pointer to one points to.
func nodeIn(task reflect.Value) *Node { return reflect.Indirect(task).Field(0).Interface().(*Node) }

// callTask is the body of Call0, Try0 and so on.
func (r *Runner) callTask(i Instance, in []reflect.Value) []reflect.Value {
	fn := in[0].Interface()
	if i.Named != nil {
		fn = i.Named(fn)
	}
	args := make([]any, len(in)-1)
	for n, arg := range in[1:] {
		args[n] = nodeIn(arg)
	}
	return i.task(newFunction(r, fn).typedNode(args))
}

func (r *Runner) all(i Instance, in []reflect.Value) []reflect.Value {
	nodes := make([]*Node, in[0].Len())
	for n := range nodes {
		nodes[n] = nodeIn(in[0].Index(n))
	}
	t := reflect.SliceOf(i.Types[0])
	same := func(in []reflect.Value) []reflect.Value { return in }
	collect := reflect.MakeFunc(reflect.FuncOf([]reflect.Type{t}, []reflect.Type{t}, false), same)
	f := newFunction(r, Func{Name: "all", Fn: collect.Interface()})
	f.ref = nil // done where the program runs
	return i.task(f.typedNode([]any{nodes}))
}

func computeTask(i Instance, in []reflect.Value) []reflect.Value {
	n := nodeIn(in[0])
	v, err := n.Compute(in[1].Interface().([]Option)...)
	value, failed := reflect.New(i.Sig.Out(0)).Elem(), reflect.New(i.Sig.Out(1)).Elem()
	if v != nil {
		value.Set(reflect.ValueOf(v))
	}
	if err != nil {
		failed.Set(reflect.ValueOf(err))
	}
	return []reflect.Value{value, failed}
}
