// Package closure compiles checked cells to Go closures and runs them.
//
// An expression becomes a function that computes its value from the frame of the
// running function, a statement one that tells how control goes on. They are put
// together when a cell is compiled, so that at run time nothing is looked up: x + 1 with x
// a local int at offset 48 is
//
//	func(f F) int { return mem.Load[int](f, 48) + 1 }
//
// Values are kept in the form that compiled Go gives them (package mem), types are Go's
// own or made to be found by Go's runtime with their methods (package rt). So compiled
// packages take the values of cells as they are: fmt finds a String method, json the tags
// of a struct, sort a Less.
//
// A frame is memory of one Go type per function: a header, the results, the parameters,
// the locals. A frame keeps that of the function it called last, so that frames hang in
// chains as long as the deepest calls; the others rest in pools that a goroutine has of its
// own (routine). Variables that a function literal captures, or whose address is taken,
// live in a box of their own instead; the frame holds the box's address. Where only the engine
// can tell, a value may have another form: a map that never leaves its function is a table
// (package table), and a string that is added to again and again has room behind it (concat.go).
//
// Panics are Go's panics. Interrupts are a flag that loops and calls look at.
package closure
