package ndarray_test

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

// side is the length of the lesson's frames.
const side = 257

func frame() *ndarray.Array { return ndarray.NewRandom(1).Normal(0, 1, side, side) }

func scale(x *ndarray.Array) *ndarray.Array {
	return x.Sub(x.Min()).Mul(255 / (x.Max() - x.Min())).AsType(ndarray.Uint8)
}

// BenchmarkScale scales a frame by methods, by a loop, and, as x/numpy, by
// NumPy.
func BenchmarkScale(b *testing.B) {
	x := frame()
	b.Run("methods", func(b *testing.B) {
		for b.Loop() {
			scale(x)
		}
		b.ReportMetric(numpyTime(b, "x = np.random.default_rng(1).normal(size=(257, 257))", "((x - x.min()) * (255 / (x.max() - x.min()))).astype(np.uint8)")/perOp(b), "x/numpy")
	})
	values := x.Float64s()
	b.Run("loop", func(b *testing.B) {
		for b.Loop() {
			scaled(values)
		}
	})
}

func scaled(x []float64) []uint8 {
	low, high := x[0], x[0]
	for _, v := range x {
		low, high = min(low, v), max(high, v)
	}
	factor := 255 / (high - low)
	out := make([]uint8, len(x))
	for i, v := range x {
		out[i] = uint8((v - low) * factor)
	}
	return out
}

// BenchmarkSumAxis0 sums a thousand frames of bytes.
func BenchmarkSumAxis0(b *testing.B) {
	frames := ndarray.NewRandom(1).Integers(0, 256, 1000, side*side).AsType(ndarray.Uint8).Reshape(1000, side, side)
	for b.Loop() {
		frames.Along(0).Sum()
	}
	b.ReportMetric(numpyTime(b, "x = np.random.default_rng(1).integers(0, 256, (1000, 257, 257), np.uint8)", "x.sum(0)")/perOp(b), "x/numpy")
}

func BenchmarkElementwise(b *testing.B) {
	x := frame()
	u := scale(x)
	for _, test := range []struct {
		name, numpy string
		run         func()
	}{
		{"min", "x.min()", func() { x.Min() }},
		{"max", "x.max()", func() { x.Max() }},
		{"sum", "x.sum()", func() { x.Sum() }},
		{"std", "x.std()", func() { x.Std() }},
		{"sumaxis0", "x.sum(0)", func() { x.Along(0).Sum() }},
		{"sumaxis1", "x.sum(1)", func() { x.Along(1).Sum() }},
		{"minaxis0", "x.min(0)", func() { x.Along(0).Min() }},
		{"sub", "x - 0.5", func() { x.Sub(0.5) }},
		{"mul", "x * 2.5", func() { x.Mul(2.5) }},
		{"addarrays", "x + x", func() { x.Add(x) }},
		{"transposed", "x + x.T", func() { x.Add(x.T()) }},
		{"row", "x + x[0]", func() { x.Add(x.At(0)) }},
		{"less", "x < 0.5", func() { x.Lt(0.5) }},
		{"uint8", "x.astype(np.uint8)", func() { x.AsType(ndarray.Uint8) }},
		{"float64", "u.astype(np.float64)", func() { u.AsType(ndarray.Float64) }},
		{"sqrt", "np.sqrt(u)", func() { u.Sqrt() }},
		{"exp", "np.exp(x)", func() { x.Exp() }},
		{"copy", "x.copy()", func() { x.Copy() }},
		{"matmul", "x @ x", func() { x.MatMul(x) }},
		{"sort", "np.sort(x, axis=1)", func() { x.Sort(1) }},
		{"mask", "x[x > 0]", func() { x.Mask(x.Gt(0)) }},
		{"sumbytes", "u.sum()", func() { u.Sum() }},
	} {
		b.Run(test.name, func(b *testing.B) {
			for b.Loop() {
				test.run()
			}
			setup := "x = np.random.default_rng(1).normal(size=(257, 257)); u = (np.abs(x) * 50).astype(np.uint8)"
			b.ReportMetric(numpyTime(b, setup, test.numpy)/perOp(b), "x/numpy")
		})
	}
}

func perOp(b *testing.B) float64 { return b.Elapsed().Seconds() / float64(b.N) }

// numpyTime is how many seconds NumPy takes for an expression; the larger the
// quotient with our time, the better for us.
func numpyTime(b *testing.B, setup, expression string) float64 {
	program := `
import sys, timeit
t = timeit.Timer(sys.argv[2], "import numpy as np; " + sys.argv[1])
n, _ = t.autorange()
print(min(t.repeat(3, n)) / n)`
	out, err := exec.Command(python(b), "-c", program, setup, expression).Output()
	if err != nil {
		b.Fatal(err)
	}
	seconds, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		b.Fatal(fmt.Errorf("NumPy's time is %q", out))
	}
	return seconds
}
