package ndarray_test

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

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
	values := x.Float64s()
	loop := secondsOf(func() { scaled(values) })
	b.Run("methods", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			fresh := x.Copy() // of which no extremes are known yet
			b.StartTimer()
			scale(fresh)
		}
		b.ReportMetric(loop/perOp(b), "x/loop")
		b.ReportMetric(numpyTime(b, "x = np.random.default_rng(1).normal(size=(257, 257))", "((x - x.min()) * (255 / (x.max() - x.min()))).astype(np.uint8)")/perOp(b), "x/numpy")
	})
	b.Run("loop", func(b *testing.B) {
		for b.Loop() {
			scaled(values)
		}
	})
}

// secondsOf is how long a function takes at best.
func secondsOf(f func()) float64 {
	best := time.Hour
	for range 200 {
		start := time.Now()
		f()
		best = min(best, time.Since(start))
	}
	return best.Seconds()
}

// BenchmarkChain computes chains of other lengths.
func BenchmarkChain(b *testing.B) {
	x := frame()
	for _, n := range []int{1, 2, 4, 8, 16, 32} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				y := x
				for i := range n / 2 {
					y = y.Sub(float64(i)).Mul(1.5)
				}
				if n == 1 {
					y = y.Sub(1)
				}
				y.Get(0, 0)
			}
		})
	}
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
		{"min", "x.min()", func() { x.Along().Min() }},
		{"max", "x.max()", func() { x.Along().Max() }},
		{"sum", "x.sum()", func() { x.Sum() }},
		{"std", "x.std()", func() { x.Std() }},
		{"sumaxis0", "x.sum(0)", func() { x.Along(0).Sum() }},
		{"sumaxis1", "x.sum(1)", func() { x.Along(1).Sum() }},
		{"minaxis0", "x.min(0)", func() { x.Along(0).Min() }},
		{"sub", "x - 0.5", func() { x.Sub(0.5).Get(0, 0) }},
		{"mul", "x * 2.5", func() { x.Mul(2.5).Get(0, 0) }},
		{"addarrays", "x + x", func() { x.Add(x) }},
		{"transposed", "x + x.T", func() { x.Add(x.T()) }},
		{"row", "x + x[0]", func() { x.Add(x.At(0)) }},
		{"less", "x < 0.5", func() { x.Lt(0.5) }},
		{"uint8", "x.astype(np.uint8)", func() { x.AsType(ndarray.Uint8) }},
		{"float64", "u.astype(np.float64)", func() { u.AsType(ndarray.Float64).Get(0, 0) }},
		{"sqrt", "np.sqrt(u)", func() { u.Sqrt().Get(0, 0) }},
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
