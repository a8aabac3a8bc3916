// Package taskview shows in a notebook what task graphs do: it is the one room that
// knows both display and taskgraph.
//
//	progress := taskview.New(session.Output)
//	runner := taskgraph.New(taskgraph.ProgressView(progress.Observe))
//
// A [Progress] shows how far computations are. It starts with a computation that lasts
// and ends with it: between computations there is no goroutine, no timer and no memory
// of the last one.
//
// The rule of concurrency: a Progress may be used from any goroutine; computations may
// run at the same time, in one cell or in several, and within one another's tasks.
package taskview
