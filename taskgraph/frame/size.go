package frame

import (
	"math"
	"runtime/debug"
)

// fits panics unless rows of so many bytes have room in the memory that the process may take
// (runtime/debug.SetMemoryLimit), or in what machines have where no limit is set.
func fits(op string, rows float64, bytesOfRow int) {
	limit := min(float64(debug.SetMemoryLimit(-1)), 1<<46, math.MaxInt)
	if need := rows * float64(max(1, bytesOfRow)); need > limit {
		panic(errorf(op, "the result would have %.0f rows and take %.1f GiB, more than the memory that there is (%.1f GiB)", rows, need/(1<<30), limit/(1<<30)))
	}
}
