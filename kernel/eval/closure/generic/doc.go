// Package generic gives cells the generic functions and types of the standard library,
// for any type arguments.
//
// A compiled program has no value for a generic function such as slices.Sort: the
// compiler makes an instance for each type argument it meets. A cell's types come later,
// and many exist only as reflect types. Func makes the instance then, as a func value of
// exactly the type that the cell expects, native code all the same. It goes three ways,
// the first that the type arguments allow:
//
//   - A stand-in. []Celsius has the memory of []float64 and func(a, b Celsius) int the
//     calling convention of func(a, b float64) int, so slices.SortFunc[[]float64] is the
//     instance, under another type. Every type but structs and arrays has a stand-in
//     (instances.go), and so have the common maps.
//   - A shape. Values of up to four words, or several values of four words in all, are
//     taken and given by code compiled for a struct of such words (shape.go).
//   - Memory. The function is written here over addresses and sizes (slices.go, maps.go).
//     Callbacks are called by registers, what registers cannot carry by reflect, those
//     that the cells' engine made by their memory (own.go). A sort
//     sorts the addresses with the compiled sort, so that the order of equal elements
//     and the sequence of calls are those of the compiled instance.
//
// All three do what the compiled instance does: nil for nil, the memory that is kept, the
// capacities, the cleared tails, the words of a panic. A callback is an ordinary func:
// a panic or a runtime.Goexit in it goes through, and it runs on the goroutine of the
// call. Only what iter.Pull pulls runs on a coroutine, as always.
//
// The unsafe casts are in cast.go, with the invariants they rest on.
//
// Everything here is safe for use by several goroutines at once; an instance is as safe
// as the function it stands for.
package generic
