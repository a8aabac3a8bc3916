// Package taskgraph is Dask's delayed for Go: it records calls of functions
// as a task graph and computes the graph later, the independent calls at
// the same time.
//
//	delayed := taskgraph.Delayed
//	x := delayed(slowinc)(1) // nothing runs yet
//	y := delayed(slowinc)(2)
//	z := delayed(slowadd)(x, y)
//	v, err := z.Compute()    // slowinc(1) and slowinc(2) at once, then slowadd
//
// The types:
//
//   - DelayedFunc is what Delayed makes of a function: calling it makes a
//     Node and runs nothing. Arguments are checked then and there; a wrong
//     one panics with an *Error.
//   - Node is a value to be computed. Nodes may be arguments, also inside
//     slices, arrays, maps, structs and pointers. Compute and ComputeInto
//     run what a node needs; Visualize draws it.
//   - Runner is where delayed functions come from and who computes them. The
//     package's functions use one with GOMAXPROCS workers; New makes others.
//   - TaskError is what Compute returns when a task fails: it names the task
//     and holds what its function returned, or the panic and its stack.
//
// The rule of concurrency: nodes and runners never change and may be used
// from anywhere. Tasks run on several goroutines at once, so functions must
// not write to what other tasks use. The goroutines are gone when Compute
// returns (see sched.Pool for a task that cannot be stopped).
//
// Below it, package graph says what a graph is, order in which order tasks
// should start, sched runs them, trace records what ran, layout and dot draw.
package taskgraph
