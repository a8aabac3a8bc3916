// Package magic holds the commands of cells that are not Go: %ls, %%time, !cmd, name?.
//
//	set := magic.All()
//	call, ok := magic.ParseCell("%%writefile hello.txt\nhello\n")
//	call.Out, call.Session = out, session
//	err := set.Run(ctx, call)
//
// The types:
//
//   - [Magic] is one command: its name, its help, whether it takes a line or a whole cell,
//     and what it does.
//   - [Call] is one use of a command: its arguments, the rest of its cell, where its output
//     goes and the session that it may ask.
//   - [Set] is all commands by name. It says in a sentence what is wrong with a call: an
//     unknown name (and which one may be meant), a line where a cell is needed.
//   - [Session] is what commands need of the notebook's evaluator, which implements it.
//
// Who finds magics: [ParseCell] those that take a cell, %% on its first line. Those that
// take a line stand between Go statements, so the evaluator's splitter finds them and
// makes a Call of the name and the arguments; !cmd has the name "!", name? the name
// "pinfo". The splitter also keeps %time and %timeit before a statement for itself,
// since what they time is Go.
//
// The rule of concurrency: a Set and its Magics never change. A call that returns has
// left nothing behind: no goroutine, no process.
package magic
