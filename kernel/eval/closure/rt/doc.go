// Package rt is the border to Go's runtime: above all it makes reflect types for the types
// that cells declare, methods included.
//
// The closure engine keeps every value of a cell in the form in which compiled Go
// would hold it. For that each type of package go/types needs a reflect.Type, which is
// a pointer to the object by which the runtime knows the type: its size, where its
// pointers are, how it compares, what it is called, which methods it has. Package
// reflect can make such objects for slices, maps, functions and plain structs, and this
// package asks it for those, so that []int of a cell is []int of the program. For named
// types, interfaces, and structs that inherit methods it writes the objects itself; the
// word for that here is to forge.
//
//	ts := rt.New(compiled, methods)  // one per session
//	t := ts.Of(typ)                  // typ is a types.Type
//	p := rt.NewValue(rt.TypeWord(t)) // memory for a value of it
//	reflect.NewAt(t, p).Elem()       // the value, for fmt, json, ...
//
// Compiled code finds the methods of a forged type as it finds those of any type: fmt
// calls String, json MarshalJSON, errors.As and sort.Sort work, and %T says main.Color.
//
// # Methods
//
// A method table holds code pointers, which carry no closure. So there is a row of a
// few thousand stubs in assembly, one for each method of a forged type: stub k jumps to
// the function value in slot k of a table, and leaves all arguments where they are. The
// function comes from the engine's [Methods], at the first call. The runtime keeps
// method tables for ever, so stubs are given back only to types that are the same in all
// but identity ([Types.Release]): a type with n methods uses up to 3n of the 8,192. When
// they run out, the rest of the methods have an entry that panics, and [Types.Notices]
// says so; interfaces hold such a type all the same, and cells can call its methods. On
// processors without the assembly (wasm) a fixed set of compiled functions serves the
// commonest shapes of methods, and the others have that entry. The engine itself needs no
// stub: [MethodAt] and [Types.Lookup] tell it which method of ours it is about to call.
//
// # Types that change
//
// A type keeps the methods it had when Of first saw it, because the runtime remembers
// which interfaces a type lacks. [Types.Renew], after a cell that declared methods of
// an older type, lets Of make a new reflect type of the same layout.
//
// # Types of compiled packages
//
// They come from the function given to New, and from [Types.Adopt]. One that neither
// knows (unexported, or generic) is forged with its real name and layout, and without
// methods: to give it methods, adopt the compiled type. An unnamed interface or struct
// with embedded fields is the compiled one where the program's tables list it, and the
// session's own otherwise; code that converts rather than compares types does not see
// the difference.
//
// # What else the runtime keeps to itself
//
// [AssertionError] and its neighbours are errors of the runtime's own types, which cells
// find with errors.As as a compiled program does. [Labels] and [Goroutine] tell goroutines
// apart: by what runtime/pprof gives them and those that they begin, and by the register
// that points to the runtime's record of each (where no assembly is written for that, by
// the text of its stack). [ChanOf] is reflect.ChanOf for types that are not compiled.
//
// # What makes it safe
//
// All unsafe code is here, and keeps to this:
//
//   - The objects have the layout of the Go release that builds the program. New
//     compares them with package reflect's answers and refuses to start if they differ.
//   - Size, alignment and pointer bits are never computed here: they are copied from a
//     type that reflect made from the same fields, with stand-ins of the same layout in
//     the place of types that are not there yet.
//   - An object is complete before Of returns it, and does not change after that.
//   - Every forged object is kept for the life of the process, because type words in
//     interfaces and the runtime's tables are invisible to the collector.
//   - Pointers in memory are written by typed stores or by [Move] and [Clear], which
//     have the write barriers.
//   - Functions that take a [Word] and addresses trust them: the word is of the type
//     that the memory has. They are for code that go/types has checked.
//
// A *Types may be used by several goroutines at once; so may everything else, as far as
// the memory at the given addresses allows.
package rt
