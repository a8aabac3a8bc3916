package taskgraph

import (
	"context"
	"reflect"
)

// Value is a node for a value that is there already, so that operators and
// methods can be recorded for it:
//
//	x := taskgraph.Value(3)
//	y := x.Add(1).Mul(2)
//
// Nodes inside slices, arrays, maps, structs and pointers are computed, and
// the node's value has theirs in their place: Value([]*Node{a, b}) has a
// []any. With Traverse(false) the value is v as it is. A node is returned as
// it is, and nil is a value like others. Two values are two nodes, also when
// they are equal, unless they are Pure.
func Value(v any, opts ...TaskOption) *Node { return standard.Value(v, opts...) }

// Value is the function Value, with a node that this runner computes.
func (r *Runner) Value(v any, opts ...TaskOption) *Node {
	if n, ok := v.(*Node); ok && n != nil {
		return n.With(opts...)
	}
	t := reflect.TypeOf(v)
	if t == nil {
		t = anyType
	}
	f := r.valueFunction(t).with(opts)
	if !f.opaque && r.mayHold(t) {
		f = r.valueFunction(valued(t)).with(opts)
	}
	return f.node([]any{v})
}

// valueFunction gives what it gets. It is not pure: the contents of a large
// value would have to be hashed.
func (r *Runner) valueFunction(t reflect.Type) *function {
	give := func(_ context.Context, args []any) (any, error) { return args[0], nil }
	return r.once(operationKey{"value", t}, &function{runner: r, name: "value", params: []reflect.Type{t}, result: t, call: give, policy: cheap})
}
