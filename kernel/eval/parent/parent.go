// Package parent tells which cell a goroutine belongs to.
//
// Goroutines that a cell starts, and those that these start, belong to the cell,
// also when the go statement stands in compiled code. The mark is the goroutine's
// profiler labels, which Go's runtime hands from goroutine to goroutine:
//
//	m := parent.Do(func() { go f() }) // inside f, parent.Mark() == m
//
// A goroutine that sets profiler labels of its own loses the mark.
package parent

import (
	"context"
	"runtime/pprof"
	"unsafe"
)

// A Mark identifies one call of Do. The zero Mark is that of unmarked goroutines.
type Mark struct{ labels unsafe.Pointer }

// labels returns the label set of the running goroutine. It is not public in Go;
// the runtime keeps this name for packages that need it (go.dev/issue/67401).
// Only the address is used, never what it points to.
//
//go:linkname labels runtime/pprof.runtime_getProfLabel
func labels() unsafe.Pointer

// Do runs f with a new mark on the calling goroutine; begin is told the mark first.
// What f starts keeps the mark after Do has returned.
func Do(begin func(Mark), f func()) {
	// Every call makes a label set of its own; while a Mark holds its address, no other
	// has it.
	pprof.Do(context.Background(), pprof.Labels("dagbook", "cell"), func(context.Context) {
		begin(Of())
		f()
	})
}

// Of returns the mark of the calling goroutine.
func Of() Mark { return Mark{labels()} }
