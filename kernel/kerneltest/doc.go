// Package kerneltest tests kernels and evaluators without sockets.
//
// [Start] runs a kernel over an in-memory [Conn] and returns a [FrontEnd], which asks and
// collects the answers as a notebook does:
//
//	front := kerneltest.Start(t, evaluator, kernel.Options{})
//	cell := front.Execute("1 + 1")
//	cell.Result() // "2"
//
// [RunScripts] runs cell scripts, txtar archives of cells and what they print, show or
// fail with, through any evaluator; [RunCompiled] turns the same cells into programs and
// compares what compiled Go makes of them. What a script looks like stands at
// [ReadScript], what the translation can and cannot do at [Translate].
package kerneltest
