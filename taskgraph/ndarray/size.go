package ndarray

import (
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
)

// CheckSize tells whether an array of a type and a shape can be had: the
// error is an *Error that says how many bytes it takes and how many there
// are. This is the limit of the process (runtime/debug.SetMemoryLimit), which
// the kernel sets to the greater part of the machine's memory; without one
// only sizes that no machine has are refused. What other arrays take already
// is not counted. The functions of this package that make arrays ask it
// themselves.
func CheckSize(dtype Dtype, shape ...int) error {
	if err := wellFormed("CheckSize", dtype, shape); err != nil {
		return err
	}
	return sizeError("", dtype, shape)
}

// fewBytes always fit: the limit is not looked up.
const fewBytes = 1 << 20

// sizeError is the error of a shape whose elements do not fit into memory. Go
// ends the process when it does not get memory, so that everything that makes
// elements asks here before.
func sizeError(op string, dtype Dtype, shape []int) error {
	// Whole floats are exact far beyond the sizes that matter, and products of
	// them do not wrap round.
	bytes := float64(dtype.Size())
	for _, length := range shape {
		bytes *= float64(length)
	}
	if bytes <= fewBytes {
		return nil
	}
	limit, known := memoryLimit()
	switch {
	case bytes <= limit:
		return nil
	case known:
		return errorf(op, "an array of shape %s and type %v takes %s, more than the memory that there is (%s)", shapeText(shape), dtype, bytesText(bytes), bytesText(limit))
	}
	return errorf(op, "an array of shape %s and type %v takes %s, which is larger than any memory", shapeText(shape), dtype, bytesText(bytes))
}

// memoryLimit is how many bytes there are at most, and whether the process
// was told so.
func memoryLimit() (limit float64, known bool) {
	limit = min(1<<46, math.MaxInt)
	if runtime.GOARCH == "wasm" {
		limit = 1 << 32
	}
	if told := float64(debug.SetMemoryLimit(-1)); told < limit {
		return told, true
	}
	return limit, false
}

// bytesText is a number of bytes for people: 512 B, 8.0 TiB.
func bytesText(n float64) string {
	units := []string{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}
	if n < 1024 {
		return fmt.Sprintf("%.0f B", n)
	}
	for n /= 1024; n >= 1024 && len(units) > 1; n /= 1024 {
		units = units[1:]
	}
	return fmt.Sprintf("%.1f %s", n, units[0])
}
