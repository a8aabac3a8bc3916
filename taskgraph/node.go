package taskgraph

import (
	"context"
	"fmt"
	"reflect"

	"github.com/dagbook/dagbook/taskgraph/graph"
)

// Node is a value to be computed: a function and its arguments, some of
// which are other nodes. Delayed functions make nodes. A node never changes
// and may be used by several goroutines at once.
type Node struct {
	fn     *function
	token  uint64
	inputs []*Node  // the nodes among the arguments, in order
	few    [2]*Node // where inputs lie when they are few, to spare an allocation
	args   []any    // of fn's parameters, hole or *template where inputs go; nil when the inputs are the arguments
}

// newNode makes a node with room for so many inputs. It has no token yet.
func newNode(f *function, inputs int) *Node {
	n := &Node{fn: f}
	switch {
	case inputs > len(n.few):
		n.inputs = make([]*Node, 0, inputs)
	case inputs > 0:
		n.inputs = n.few[:0]
	}
	return n
}

// Key is the name of the node's task: the function's name, a dash, and a
// token that no other node has: "slowinc-3f2a9c0155d1b7e6".
func (n *Node) Key() string { return n.key().String() }

// AsNode is the node itself: what a node, a Task and a Future have in common.
func (n *Node) AsNode() *Node { return n }

// equals tells whether two nodes are the same pure call.
func (n *Node) equals(m *Node) bool {
	return n.token == m.token && n.fn.pure && m.fn.pure && n.fn.name == m.fn.name
}

func (n *Node) key() graph.Key { return graph.Key{Name: n.fn.name, Token: n.token} }

// String is the node as Dask shows it: "Delayed(slowinc-3f2a9c0155d1b7e6)".
func (n *Node) String() string {
	if n == nil {
		return "Delayed(nil)"
	}
	return "Delayed(" + n.Key() + ")"
}

// Type is the type of the node's value, known before it is computed; []any
// for a function of several results, nil for one of none.
func (n *Node) Type() reflect.Type { return n.fn.result }

// Out is a node for one of several results, counted from 0:
//
//	both := taskgraph.Delayed(divmod)(17, 5)
//	quotient, remainder := both.Out(0), both.Out(1)
//
// It panics with an *Error when the function has no such result. Out(0) of
// a function with a single result is the node itself.
func (n *Node) Out(i int) *Node {
	outs := n.fn.outs
	if i == 0 && len(outs) == 0 && n.fn.result != nil {
		return n
	}
	if i < 0 || i >= len(outs) {
		count := len(outs)
		if count == 0 && n.fn.result != nil {
			count = 1
		}
		err := errorf("%s: there is no result %d: the function returns %s, counted from 0", n.fn.name, i, counted(count, "value"))
		err.Func = n.fn.name
		panic(err)
	}
	pick := outs[i]
	if n.fn.pure {
		pick = pick.with([]TaskOption{Pure()})
	}
	out := newNode(pick, 1)
	out.inputs = append(out.inputs, n)
	out.token = out.newToken()
	return out
}

// Compute runs everything that the node needs and returns its value. The
// error is a *TaskError when a task failed and a *CancelledError when the
// runner's context ended. Options are for this computation only:
//
//	v, err := node.Compute(taskgraph.Synchronous())
func (n *Node) Compute(opts ...Option) (any, error) {
	if n == nil {
		return nil, errorf("Compute: the node is nil: was the variable ever set?")
	}
	values, err := n.fn.runner.With(opts...).Compute(n)
	if err != nil {
		return nil, err
	}
	return values[0], nil
}

// ComputeInto computes the node and stores its value in *target, a pointer
// to a variable of a type that the value can be assigned to:
//
//	var z int
//	err := node.ComputeInto(&z)
//
// A target of the wrong type is an *Error, given before anything runs
// wherever the types tell it. On an error *target is left as it was.
func (n *Node) ComputeInto(target any, opts ...Option) error {
	dst := reflect.ValueOf(target)
	if dst.Kind() != reflect.Pointer || dst.IsNil() {
		return errorf("ComputeInto needs a pointer to a variable, as in ComputeInto(&v), but got %s", article(reflect.TypeOf(target)))
	}
	dst = dst.Elem()
	if n != nil && !fitsStatically(n.fn.result, dst.Type()) && !isConstantResult(n.fn.result, dst.Type()) {
		return errorf("ComputeInto: %v gives %s, but the variable is %s", n, article(n.fn.result), article(dst.Type()))
	}
	v, err := n.Compute(opts...)
	if err != nil {
		return err
	}
	if bad := set(dst, v); bad != nil {
		return errorf("ComputeInto: %v gave %s, but the variable is %s", n, bad.is, article(dst.Type()))
	}
	return nil
}

// isConstantResult allows what convert might do, an int into a float64.
func isConstantResult(from, to reflect.Type) bool {
	return from != nil && isConstantType(from) && isNumber(from) && isNumber(to)
}

// Visualize draws the node and everything it needs, see the function
// Visualize.
func (n *Node) Visualize(opts ...PictureOption) *Picture {
	return visualize([]*Node{n}, opts)
}

// work is a Node as graph.Work: apart, so that Run is not among the methods
// that users see.
type work Node

// Run calls the node's function with the values of its inputs.
func (w *work) Run(ctx context.Context, inputs []any) (any, error) {
	args, err := w.arguments(inputs)
	if err != nil {
		return nil, err
	}
	return w.fn.call(ctx, args)
}

// arguments makes those of the function's types of the values of the inputs,
// which it may overwrite.
func (w *work) arguments(inputs []any) ([]any, error) {
	args := inputs
	if w.args != nil {
		filled, err := w.fill(inputs)
		if err != nil {
			return nil, err
		}
		args = filled
	}
	for i, t := range w.fn.params {
		if v := args[i]; t != anyType && reflect.TypeOf(v) != t {
			x, ok := convert(v, t)
			if !ok {
				return nil, w.fn.argumentError(i, misfit(v, t))
			}
			args[i] = x
		}
	}
	return args, nil
}

// fill puts the values of the inputs where they go.
func (w *work) fill(inputs []any) ([]any, error) {
	args := make([]any, len(w.args))
	for i, arg := range w.args {
		switch arg := arg.(type) {
		case hole:
			args[i], inputs = inputs[0], inputs[1:]
		case *template:
			v, bad := arg.value(inputs[:arg.inputs])
			if bad != nil {
				return nil, w.fn.argumentError(i, bad)
			}
			args[i], inputs = v, inputs[arg.inputs:]
		default:
			args[i] = arg
		}
	}
	return args, nil
}

func counted(n int, what string) string {
	switch n {
	case 0:
		return "no " + what
	case 1:
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
