// Package table has the maps that the closure engine makes for itself.
//
// A map variable of a cell is a map of Go's, because any code may come to hold it. Many
// never leave the function that makes them, though: a set of what has been seen, counts, a
// table of partial results. For those the engine may choose the form, and a [Table] is
// faster than Go's map where cells feel it: numbers that follow each other stand side by
// side, no operation takes a lock, and growing moves entries without hashing them apart.
//
//	t := table.New[uint64](form, 0)
//	*mem.At[int](t.Assign(7, 7), 0) = 49 // like m[7] = 49
//	p := t.Find(7, 7)                    // the address of the element, nil for a key that is not there
//
// Keys and elements stand in the order of insertion; an index of positions finds them, as
// in the dictionaries of CPython (Objects/dictobject.c tells the form and how it probes).
// Whoever calls gives the hash of a key with it: [HashIn] of a string, a number itself. The
// first few keys have no index and are compared one after the other.
//
// Iteration has Go's rules: it begins anywhere, an entry deleted before it is reached does
// not appear, one made meanwhile may or may not, and none appears twice. Nobody else may use
// a table at the same time, and an address that Find or Assign returned is good until the
// next Assign, Delete or Clear.
package table
