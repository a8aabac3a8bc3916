package taskgraph

import (
	"math"
	"sync/atomic"
	"time"

	"github.com/dagbook/dagbook/taskgraph/graph"
)

// TaskOption sets something of tasks: their name, or how they are to be run.
// Options are given to Delayed for all calls of a function, and to With for
// some of them:
//
//	load := taskgraph.Delayed(download, taskgraph.Retries(3), taskgraph.Timeout(time.Minute))
//	first := load.With(taskgraph.Priority(1))(urls[0])
//
// They panic with an *Error for values that make no sense.
type TaskOption func(*function)

// Name is the name in the keys of tasks, instead of the function's. An empty
// name is refused.
func Name(name string) TaskOption {
	if name == "" {
		panic(errorf(`Name needs a name, as in Name("load")`))
	}
	return func(f *function) { f.name = name }
}

// Pure says that the function gives the same value for the same arguments
// and does nothing else. Calls with equal arguments are then one task, whose
// key is made of the function and the arguments. Arguments are equal when
// their types and contents are, through pointers and containers; other pure
// nodes are equal when their keys are. A call with an argument that has no
// contents to compare (a channel, a function) stays a task of its own.
//
// Two values of Delayed for the same function make the same keys when the
// function is declared, with a name. A function literal may hold variables
// that nobody sees: its keys are shared by the calls of one Delayed. Func.ID
// says that literals are the same.
func Pure() TaskOption {
	return func(f *function) { f.pure = true }
}

// Retries says how often a task is run again after it has failed. The error
// of the last try counts. A run that is cancelled is not tried again.
func Retries(n int) TaskOption {
	if n < 0 {
		panic(errorf("Retries: a task cannot be tried again %d times", n))
	}
	return policy(func(p *graph.Policy) { p.Retries = n })
}

// Timeout is how long one try of a task may take. Its context ends then, if
// it takes one, and the try has failed. A function that does not watch its
// context goes on in the background until it returns; its value is dropped.
func Timeout(d time.Duration) TaskOption {
	if d <= 0 {
		panic(errorf("Timeout: a task cannot end within %v", d))
	}
	return policy(func(p *graph.Policy) { p.Timeout = d })
}

// Priority makes tasks, and what they need, go before ready ones of lower
// priority. It is 0 without the option and may be negative.
func Priority(n int) TaskOption {
	return policy(func(p *graph.Policy) { p.Priority = n })
}

// Resource says that a task occupies so much of a resource while it runs. A
// runner has as much of it as its option Resources says; Compute refuses a
// task that asks for more.
func Resource(label string, amount float64) TaskOption {
	if !(amount > 0) || math.IsInf(amount, 0) {
		panic(errorf("Resource: a task cannot occupy %v of %q", amount, label))
	}
	return policy(func(p *graph.Policy) {
		p.Resources = append(p.Resources[:len(p.Resources):len(p.Resources)], graph.Resource{Label: label, Amount: amount})
	})
}

// Cheap says that running the function again costs less than keeping its
// value. An optimised graph (see Optimize) runs it for each of its readers,
// as a part of them.
func Cheap() TaskOption {
	return policy(func(p *graph.Policy) { p.Cheap = true })
}

// Traverse(false) leaves nodes inside containers alone: the function gets
// them as nodes. It spares the look through large arguments. Nodes that are
// arguments themselves are always computed. It is an option of Delayed and
// Value only.
func Traverse(on bool) TaskOption {
	return func(f *function) { f.opaque = !on }
}

// cheap is the policy of tasks that only pick something out of a value.
var cheap = &graph.Policy{Cheap: true}

// policy is an option that changes the policy, which functions share.
func policy(set func(*graph.Policy)) TaskOption {
	return func(f *function) {
		var p graph.Policy
		if f.policy != nil {
			p = *f.policy
		}
		set(&p)
		f.policy = &p
	}
}

// with is the function with other options.
func (f *function) with(opts []TaskOption) *function {
	if len(opts) == 0 {
		return f
	}
	changed := *f
	for _, opt := range opts {
		if opt == nil {
			panic(errorf("%s: an option is nil", f.name))
		}
		opt(&changed)
	}
	return &changed
}

// With is the function with further options for its calls. Traverse has no
// effect here: the arguments are looked at before.
func (f DelayedFunc) With(opts ...TaskOption) DelayedFunc {
	var last atomic.Pointer[[2]*function] // a function and what the options made of it
	return func(args ...any) *Node {
		n := f(args...)
		known := last.Load()
		if known == nil || known[0] != n.fn {
			known = &[2]*function{n.fn, n.fn.with(opts)}
			last.Store(known)
		}
		return n.as(known[1])
	}
}

// With is the same call with other options: a node with a key of its own, or
// with the same one if it is pure and keeps its name.
func (n *Node) With(opts ...TaskOption) *Node {
	return n.as(n.fn.with(opts))
}

// as is a node with the same arguments for another function.
func (n *Node) as(f *function) *Node {
	if f == n.fn {
		return n
	}
	other := &Node{fn: f, few: n.few, inputs: n.inputs, args: n.args}
	if 0 < len(n.inputs) && len(n.inputs) <= len(n.few) {
		other.inputs = other.few[:len(n.inputs)]
	}
	other.token = other.newToken()
	return other
}
