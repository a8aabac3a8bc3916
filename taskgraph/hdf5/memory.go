package hdf5

import (
	"fmt"
	"math"
	"runtime/debug"
)

// inMemory refuses to read what does not fit into memory: Go ends the process that does
// not get what it asks for. The limit is that of the process, see
// runtime/debug.SetMemoryLimit, or what no machine has.
func (d *stored) inMemory(dims []int) error {
	size := d.typ.size
	if d.typ.Class() == T_STRING || d.typ.class == T_OPAQUE {
		size = max(size, 24) // a Go string or slice, without its text
	}
	bytes := float64(size)
	for _, n := range dims {
		bytes *= float64(n)
	}
	if bytes < 1<<20 {
		return nil
	}
	limit := min(float64(debug.SetMemoryLimit(-1)), 1<<46, math.MaxInt)
	if bytes <= limit {
		return nil
	}
	return fmt.Errorf("%v elements of %v take %.3g GiB, more than the memory that there is (%.3g GiB): read a part of it", dims, d.typ, bytes/(1<<30), limit/(1<<30))
}
