package taskgraph

import (
	"context"
	"reflect"
)

// Task is a Node whose value has a type that the compiler knows:
//
//	x := taskgraph.Call1(slowinc, taskgraph.Of(1))
//	y := taskgraph.Call1(slowinc, taskgraph.Of(2))
//	z := taskgraph.Call2(slowadd, x, y) // a Task[int]
//	v, err := z.Compute()               // v is an int
//
// A wrong argument does not compile. A task may be an argument of delayed
// functions, too, and it has the methods of its Node; operators give nodes,
// of which Typed makes tasks again. The zero Task has no node: it prints as
// Delayed(nil), and calls with it panic with an *Error.
type Task[T any] struct{ *Node }

// Of is a task for a value that is there, as Value is for nodes.
func Of[T any](v T) Task[T] { return Task[T]{standard.constant(reflect.TypeFor[T](), v)} }

// constant is a node for a value whose containers are not looked into.
func (r *Runner) constant(t reflect.Type, v any) *Node {
	return r.valueFunction(t).with([]TaskOption{Traverse(false)}).node([]any{v})
}

// Typed is a task for a node. It panics with an *Error when the type of the
// node's value is known and another one.
func Typed[T any](n *Node) Task[T] { return Task[T]{n.typed(reflect.TypeFor[T]())} }

func (n *Node) typed(t reflect.Type) *Node {
	if n == nil || !fitsStatically(n.fn.result, t) {
		panic(errorf("Typed: the node is %s, but the task is of type %s", misfitNode(n, t).is, typeName(t)))
	}
	return n
}

// Compute runs everything that the task needs and returns its value, see
// Node.Compute.
func (t Task[T]) Compute(opts ...Option) (T, error) {
	v, err := t.Node.Compute(opts...)
	return as[T](v), err
}

// With is the same call with other options, see Node.With.
func (t Task[T]) With(opts ...TaskOption) Task[T] { return Task[T]{t.Node.With(opts...)} }

// typed makes the node of a call. The function is looked over at each call:
// Delayed is quicker for many calls of one function.
func typed[R any](fn any, call caller, args ...any) Task[R] {
	f := newFunction(standard, fn)
	f.call = call
	return Task[R]{f.typedNode(args)}
}

// typedNode is node for arguments whose types were checked, but for tasks that
// were never set.
func (f *function) typedNode(args []any) *Node {
	for i, arg := range args {
		if n, ok := arg.(*Node); ok && n == nil {
			panic(errorf("%s: argument %d is a task that was never set", f.name, i+1))
		}
	}
	return f.node(args)
}

// Call0 is a task for fn(). Call1 to Call4 are those for functions of one to
// four parameters; Try0 to Try4 take functions that also return an error,
// which fails the task.
func Call0[R any](fn func() R) Task[R] { return typed[R](fn, call0(fn)) }

// Call1 is a task for fn(a).
func Call1[A, R any](fn func(A) R, a Task[A]) Task[R] {
	return typed[R](fn, call1(fn), a.Node)
}

// Call2 is a task for fn(a, b).
func Call2[A, B, R any](fn func(A, B) R, a Task[A], b Task[B]) Task[R] {
	return typed[R](fn, call2(fn), a.Node, b.Node)
}

// Call3 is a task for fn(a, b, c).
func Call3[A, B, C, R any](fn func(A, B, C) R, a Task[A], b Task[B], c Task[C]) Task[R] {
	return typed[R](fn, call3(fn), a.Node, b.Node, c.Node)
}

// Call4 is a task for fn(a, b, c, d).
func Call4[A, B, C, D, R any](fn func(A, B, C, D) R, a Task[A], b Task[B], c Task[C], d Task[D]) Task[R] {
	call := func(_ context.Context, args []any) (any, error) {
		return fn(as[A](args[0]), as[B](args[1]), as[C](args[2]), as[D](args[3])), nil
	}
	return typed[R](fn, call, a.Node, b.Node, c.Node, d.Node)
}

// Try0 is a task for fn(), whose error fails it.
func Try0[R any](fn func() (R, error)) Task[R] {
	return typed[R](fn, func(context.Context, []any) (any, error) { return fn() })
}

// Try1 is a task for fn(a), whose error fails it.
func Try1[A, R any](fn func(A) (R, error), a Task[A]) Task[R] {
	return typed[R](fn, callErr1(fn), a.Node)
}

// Try2 is a task for fn(a, b), whose error fails it.
func Try2[A, B, R any](fn func(A, B) (R, error), a Task[A], b Task[B]) Task[R] {
	call := func(_ context.Context, args []any) (any, error) { return fn(as[A](args[0]), as[B](args[1])) }
	return typed[R](fn, call, a.Node, b.Node)
}

// Try3 is a task for fn(a, b, c), whose error fails it.
func Try3[A, B, C, R any](fn func(A, B, C) (R, error), a Task[A], b Task[B], c Task[C]) Task[R] {
	call := func(_ context.Context, args []any) (any, error) {
		return fn(as[A](args[0]), as[B](args[1]), as[C](args[2]))
	}
	return typed[R](fn, call, a.Node, b.Node, c.Node)
}

// Try4 is a task for fn(a, b, c, d), whose error fails it.
func Try4[A, B, C, D, R any](fn func(A, B, C, D) (R, error), a Task[A], b Task[B], c Task[C], d Task[D]) Task[R] {
	call := func(_ context.Context, args []any) (any, error) {
		return fn(as[A](args[0]), as[B](args[1]), as[C](args[2]), as[D](args[3]))
	}
	return typed[R](fn, call, a.Node, b.Node, c.Node, d.Node)
}

// All is a task for the values of many of one type, in their order.
func All[T any](tasks ...Task[T]) Task[[]T] {
	nodes := make([]*Node, len(tasks))
	for i, t := range tasks {
		nodes[i] = t.Node
	}
	f := newFunction(standard, Func{Name: "all", Fn: func(values []T) []T { return values }})
	f.ref = nil // done where the program runs
	return Task[[]T]{f.typedNode([]any{nodes})}
}
