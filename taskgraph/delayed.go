package taskgraph

import (
	"fmt"
	"reflect"
)

// DelayedFunc records calls: each makes a Node and runs nothing.
//
// Arguments may be values, nodes (also as a Task or a Future), and slices, arrays, maps, structs and
// pointers with nodes inside; the function gets the values in their place.
// Their number and types are checked at once: a wrong one panics with an
// *Error that names the function, the argument and both types.
type DelayedFunc func(args ...any) *Node

// delay is Delayed for a function that was looked over.
func (f *function) delay() DelayedFunc {
	return func(args ...any) *Node { return f.node(args) }
}

// node makes the node of one call. The caller may go on to use args.
func (f *function) node(args []any) *Node {
	args = nodesOf(args)
	if f.variadic {
		args = f.pack(args)
	}
	if len(args) != len(f.params) {
		panic(f.countError(len(args)))
	}
	nodes := 0
	for i, arg := range args {
		n, ok := arg.(*Node)
		if !ok {
			continue
		}
		if n == nil || !fitsStatically(n.fn.result, f.params[i]) {
			panic(f.argumentError(i, misfitNode(n, f.params[i])))
		}
		nodes++
	}
	n := newNode(f, nodes)
	if nodes < len(args) {
		n.args = make([]any, len(args))
	}
	for i, arg := range args {
		f.bind(n, i, arg)
	}
	n.token = n.newToken()
	return n
}

// hasNode is a Task of any type, or a Future.
type hasNode interface{ AsNode() *Node }

// nodesOf puts nodes in the place of tasks and futures, in a copy.
func nodesOf(args []any) []any {
	copied := false
	for i, arg := range args {
		if _, ok := arg.(*Node); ok {
			continue
		}
		if n := nodeOf(arg); n != nil {
			if !copied {
				args, copied = append([]any(nil), args...), true
			}
			args[i] = n
		}
	}
	return args
}

// nodeOf is the node of a task or a future; nil for other arguments. A Task
// that an interpreter has made (see Instances) has no methods, but its field.
func nodeOf(arg any) *Node {
	if x, ok := arg.(hasNode); ok {
		return x.AsNode()
	}
	t := reflect.TypeOf(arg)
	if t == nil || t.Kind() != reflect.Struct || t.NumField() != 1 || t.Field(0).Type != nodeType || !t.Field(0).Anonymous {
		return nil
	}
	return reflect.ValueOf(arg).Field(0).Interface().(*Node)
}

// bind gives the node its argument i.
func (f *function) bind(n *Node, i int, arg any) {
	if in, ok := arg.(*Node); ok {
		n.inputs = append(n.inputs, in)
		if n.args != nil {
			n.args[i] = hole{}
		}
		return
	}
	bound, nodes, bad := f.prepare(arg, f.params[i])
	if bad != nil {
		panic(f.argumentError(i, bad))
	}
	n.args[i] = bound
	n.inputs = append(n.inputs, nodes...)
}

// prepare makes of an argument what Node.args keeps: a value of type t, or a
// template and the nodes that fill it.
func (f *function) prepare(arg any, t reflect.Type) (any, []*Node, *mismatch) {
	from, r := reflect.TypeOf(arg), f.runner
	if from == nil || f.opaque || !r.mayHold(from) {
		if v, ok := convert(arg, t); ok {
			return v, nil, nil
		}
		return nil, nil, misfit(arg, t)
	}
	if nodes, ok := arg.([]*Node); ok && len(nodes) > 0 && (t.Kind() == reflect.Slice || t == anyType) {
		return prepareList(nodes, valuedParam(t))
	}
	b := templating{r: r, parts: map[visit]part{}}
	root, bad := b.part(reflect.ValueOf(arg), t)
	if bad != nil {
		return nil, nil, bad
	}
	if leaf, ok := root.(*leafPart); ok {
		return leaf.v.Interface(), nil, nil
	}
	made := &template{t: t, root: root, inputs: len(b.nodes)}
	if len(b.nodes) > 0 {
		return made, b.nodes, nil
	}
	v, bad := made.value(nil)
	return v, nil, bad
}

func valuedParam(t reflect.Type) reflect.Type {
	if t == anyType {
		return anysType
	}
	return t
}

// prepareList is the common case of a []*Node for a slice, without package
// reflect.
func prepareList(nodes []*Node, t reflect.Type) (any, []*Node, *mismatch) {
	elem := t.Elem()
	for i, n := range nodes {
		if n == nil || !fitsStatically(n.fn.result, elem) {
			return nil, nil, misfitNode(n, elem).in("element " + itoa(i+1))
		}
	}
	return &template{t: t, inputs: len(nodes)}, nodes, nil
}

// pack makes one slice of the variadic arguments, unless they are given as
// one slice already: sum(results) is sum(results...).
func (f *function) pack(args []any) []any {
	fixed := len(f.params) - 1
	if len(args) < fixed {
		panic(f.countError(len(args)))
	}
	packed := append(make([]any, 0, fixed+1), args[:fixed]...)
	if len(args) == fixed+1 && f.isWholeSlice(args[fixed]) {
		return append(packed, spread(args[fixed], f.params[fixed]))
	}
	rest := append([]any(nil), args[fixed:]...)
	f.checkRest(fixed, rest)
	return append(packed, rest)
}

// isWholeSlice tells whether one argument stands for all variadic ones.
func (f *function) isWholeSlice(arg any) bool {
	slice := f.params[len(f.params)-1]
	if n, ok := arg.(*Node); ok {
		return n != nil && n.fn.result != nil && n.fn.result.Kind() == reflect.Slice && fitsStatically(n.fn.result, slice)
	}
	from := reflect.TypeOf(arg)
	if from == nil || from.Kind() != reflect.Slice {
		return false
	}
	return slice.Elem().Kind() == reflect.Interface || !from.AssignableTo(slice.Elem())
}

// spread makes a []any of a slice of another type, for a ...any or another interface: a
// []int is not a []any, but its elements are good arguments.
func spread(arg any, t reflect.Type) any {
	v := reflect.ValueOf(arg)
	if t.Elem().Kind() != reflect.Interface || v.Type() == nodeType || v.Type().AssignableTo(t) {
		return arg
	}
	elems := make([]any, v.Len())
	for i := range elems {
		elems[i] = v.Index(i).Interface()
	}
	return elems
}

// checkRest checks variadic arguments one by one, so that an error counts
// them as the user does: arguments, not elements of a slice.
func (f *function) checkRest(fixed int, rest []any) {
	elem := f.params[fixed].Elem()
	for i, arg := range rest {
		if n, ok := arg.(*Node); ok {
			if n == nil || !fitsStatically(n.fn.result, elem) {
				panic(f.argumentError(fixed+i, misfitNode(n, elem)))
			}
			continue
		}
		if _, _, bad := f.prepare(arg, elem); bad != nil {
			panic(f.argumentError(fixed+i, bad))
		}
	}
}

// argumentError is the sentence for an argument of the wrong type.
func (f *function) argumentError(i int, bad *mismatch) *Error {
	who := "the function takes"
	if bad.path != "" {
		who = "there the function takes"
	}
	place := i + 1 - f.uncounted()
	msg := fmt.Sprintf("%s: argument %d%s is %s, but %s %s", f.name, place, bad.path, bad.is, who, article(bad.takes))
	return &Error{Func: f.name, Arg: place, Msg: msg}
}

// uncounted is 1 for a method, whose receiver is no argument.
func (f *function) uncounted() int {
	if f.method {
		return 1
	}
	return 0
}

func (f *function) countError(got int) *Error {
	want := counted(len(f.params)-f.uncounted(), "argument")
	if f.variadic {
		want = "at least " + counted(len(f.params)-1-f.uncounted(), "argument")
	}
	return &Error{Func: f.name, Msg: fmt.Sprintf("%s: the function takes %s, but the call has %d", f.name, want, got-f.uncounted())}
}
