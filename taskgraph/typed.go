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
// A wrong argument does not compile. Node gives the untyped form, which may
// be an argument of delayed functions, too. The zero Task has no node; its
// methods and calls with it panic with an *Error.
type Task[T any] struct{ n *Node }

// Of is a task for a value that is there, as Value is for nodes.
func Of[T any](v T) Task[T] {
	t := reflect.TypeFor[T]()
	return Task[T]{standard.valueFunction(t).with([]TaskOption{Traverse(false)}).node([]any{v})}
}

// Typed is a task for a node. It panics with an *Error when the type of the
// node's value is known and another one.
func Typed[T any](n *Node) Task[T] {
	t := reflect.TypeFor[T]()
	if n == nil || !fitsStatically(n.fn.result, t) {
		panic(errorf("Typed: the node is %s, but the task is of type %s", misfitNode(n, t).is, typeName(t)))
	}
	return Task[T]{n}
}

// Node is the task's node.
func (t Task[T]) Node() *Node {
	if t.n == nil {
		panic(errorf("the task of type %s was never set", typeName(reflect.TypeFor[T]())))
	}
	return t.n
}

// Key is the name of the task, see Node.Key.
func (t Task[T]) Key() string { return t.Node().Key() }

// String is the task as Dask shows it.
func (t Task[T]) String() string { return t.n.String() }

// Compute runs everything that the task needs and returns its value, see
// Node.Compute.
func (t Task[T]) Compute(opts ...Option) (T, error) {
	v, err := t.Node().Compute(opts...)
	return as[T](v), err
}

// Visualize draws the task and everything it needs.
func (t Task[T]) Visualize(opts ...PictureOption) *Picture { return t.Node().Visualize(opts...) }

// With is the same call with other options, see Node.With.
func (t Task[T]) With(opts ...TaskOption) Task[T] { return Task[T]{t.Node().With(opts...)} }

// typed makes the node of a call. The function is looked over at each call:
// Delayed is quicker for many calls of one function.
func typed[R any](fn any, call caller, args ...any) Task[R] {
	f := newFunction(standard, fn)
	f.call = call
	return Task[R]{f.node(args)}
}

// Call0 is a task for fn(). Call1 to Call4 are those for functions of one to
// four parameters; Try0 to Try4 take functions that also return an error,
// which fails the task.
func Call0[R any](fn func() R) Task[R] { return typed[R](fn, call0(fn)) }

// Call1 is a task for fn(a).
func Call1[A, R any](fn func(A) R, a Task[A]) Task[R] {
	return typed[R](fn, call1(fn), a.Node())
}

// Call2 is a task for fn(a, b).
func Call2[A, B, R any](fn func(A, B) R, a Task[A], b Task[B]) Task[R] {
	return typed[R](fn, call2(fn), a.Node(), b.Node())
}

// Call3 is a task for fn(a, b, c).
func Call3[A, B, C, R any](fn func(A, B, C) R, a Task[A], b Task[B], c Task[C]) Task[R] {
	return typed[R](fn, call3(fn), a.Node(), b.Node(), c.Node())
}

// Call4 is a task for fn(a, b, c, d).
func Call4[A, B, C, D, R any](fn func(A, B, C, D) R, a Task[A], b Task[B], c Task[C], d Task[D]) Task[R] {
	call := func(_ context.Context, args []any) (any, error) {
		return fn(as[A](args[0]), as[B](args[1]), as[C](args[2]), as[D](args[3])), nil
	}
	return typed[R](fn, call, a.Node(), b.Node(), c.Node(), d.Node())
}

// Try0 is a task for fn(), whose error fails it.
func Try0[R any](fn func() (R, error)) Task[R] {
	return typed[R](fn, func(context.Context, []any) (any, error) { return fn() })
}

// Try1 is a task for fn(a), whose error fails it.
func Try1[A, R any](fn func(A) (R, error), a Task[A]) Task[R] {
	return typed[R](fn, callErr1(fn), a.Node())
}

// Try2 is a task for fn(a, b), whose error fails it.
func Try2[A, B, R any](fn func(A, B) (R, error), a Task[A], b Task[B]) Task[R] {
	call := func(_ context.Context, args []any) (any, error) { return fn(as[A](args[0]), as[B](args[1])) }
	return typed[R](fn, call, a.Node(), b.Node())
}

// Try3 is a task for fn(a, b, c), whose error fails it.
func Try3[A, B, C, R any](fn func(A, B, C) (R, error), a Task[A], b Task[B], c Task[C]) Task[R] {
	call := func(_ context.Context, args []any) (any, error) {
		return fn(as[A](args[0]), as[B](args[1]), as[C](args[2]))
	}
	return typed[R](fn, call, a.Node(), b.Node(), c.Node())
}

// Try4 is a task for fn(a, b, c, d), whose error fails it.
func Try4[A, B, C, D, R any](fn func(A, B, C, D) (R, error), a Task[A], b Task[B], c Task[C], d Task[D]) Task[R] {
	call := func(_ context.Context, args []any) (any, error) {
		return fn(as[A](args[0]), as[B](args[1]), as[C](args[2]), as[D](args[3]))
	}
	return typed[R](fn, call, a.Node(), b.Node(), c.Node(), d.Node())
}

// All is a task for the values of many of one type, in their order.
func All[T any](tasks ...Task[T]) Task[[]T] {
	nodes := make([]*Node, len(tasks))
	for i, t := range tasks {
		nodes[i] = t.Node()
	}
	collect := func(values []T) []T { return values }
	return typed[[]T](Func{Name: "all", Fn: collect}, call1(collect), nodes)
}
