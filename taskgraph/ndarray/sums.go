package ndarray

import (
	"encoding/binary"
	"math"
	"slices"
)

// summed adds or multiplies in 64 bits; the result has the accumulator's
// type.
func summed[T, A number](name string, r Reduction) *Array {
	f := addition[T, A]()
	if name == "Prod" {
		f = multiplication[T, A]()
	}
	return wrap(dtypeOf[A](), folded(r, f), r.shape(r.keep))
}

func dtypeOf[A number]() Dtype {
	switch any(A(0)).(type) {
	case int64:
		return Int64
	case uint64:
		return Uint64
	}
	return Float64
}

func addition[T, A number]() fold[T, A] {
	f := fold[T, A]{
		run:   func(acc A, x []T) A { return acc + pairwise[T, A](x) },
		stack: stacking(addRow[T, A]),
		merge: func(a, b A) A { return a + b },
	}
	if stack, ok := any(stackBytes[A]).(func(acc []A, data []T, pos, step, rows int)); ok {
		f.stack = stack
	}
	return f
}

func addRow[T, A number](acc []A, row []T) {
	row = row[:len(acc)]
	for i := range acc {
		acc[i] += A(row[i])
	}
}

// pairwise adds the sums of two halves, so that the rounding errors of
// floats grow with the logarithm of the length only (Higham, "The accuracy
// of floating point summation", 1993).
func pairwise[T, A number](x []T) A {
	if len(x) <= 512 {
		return addRun[T, A](x)
	}
	half := len(x) / 2 &^ 7
	return pairwise[T, A](x[:half]) + pairwise[T, A](x[half:])
}

// addRun has eight accumulators, which the processor adds to at the same
// time.
func addRun[T, A number](x []T) A {
	var a, b, c, d, e, f, g, h A
	for ; len(x) >= 8; x = x[8:] {
		a += A(x[0])
		b += A(x[1])
		c += A(x[2])
		d += A(x[3])
		e += A(x[4])
		f += A(x[5])
		g += A(x[6])
		h += A(x[7])
	}
	sum := ((a + b) + (c + d)) + ((e + f) + (g + h))
	for _, y := range x {
		sum += A(y)
	}
	return sum
}

const (
	evenBytes   = 0x00ff00ff00ff00ff
	rowsOfBytes = 257 // so many bytes add up to 16 bits at most
)

// stackBytes adds rows of bytes eight at a time: the even and the odd bytes
// of a word of 64 bits in four lanes of 16 bits each, which are emptied into
// the accumulators before they can overflow.
func stackBytes[A number](acc []A, data []uint8, pos, step, rows int) {
	var even, odd [columns / 8]uint64
	words := len(acc) / 8
	for rows > 0 {
		n := min(rows, rowsOfBytes)
		for i := range n {
			addBytes(even[:words], odd[:words], data[pos+i*step:])
		}
		for i := range words {
			spill(acc[i*8:i*8+8], even[i], odd[i])
			even[i], odd[i] = 0, 0
		}
		for i := range n {
			addRow(acc[words*8:], data[pos+i*step+words*8:pos+i*step+len(acc)])
		}
		pos += n * step
		rows -= n
	}
}

func addBytes(even, odd []uint64, row []uint8) {
	odd = odd[:len(even)]
	for i := range even {
		word := binary.LittleEndian.Uint64(row)
		even[i] += word & evenBytes
		odd[i] += word >> 8 & evenBytes
		row = row[8:]
	}
}

func spill[A number](acc []A, even, odd uint64) {
	for i := 0; i < 8; i += 2 {
		acc[i] += A(even & 0xffff)
		acc[i+1] += A(odd & 0xffff)
		even >>= 16
		odd >>= 16
	}
}

func multiplication[T, A number]() fold[T, A] {
	return fold[T, A]{
		start: 1,
		run: func(acc A, x []T) A {
			for _, y := range x {
				acc *= A(y)
			}
			return acc
		},
		stack: stacking(func(acc []A, row []T) {
			for i, x := range row {
				acc[i] *= A(x)
			}
		}),
		merge: func(a, b A) A { return a * b },
	}
}

// mean divides the sums, which are floats of 64 bits until the end.
func (r Reduction) mean() *Array {
	n := r.reduced()
	out := r.reduce("sum")
	means := out.elements().([]float64)
	for i := range means {
		means[i] /= float64(n)
	}
	return r.asMean(out)
}

// asMean gives means the type that ReductionType tells.
func (r Reduction) asMean(out *Array) *Array {
	if r.array.dtype == Float32 {
		return out.AsType(Float32)
	}
	return out
}

// reduced is how many elements become one.
func (r Reduction) reduced() int {
	n := 1
	for _, i := range r.axes {
		n *= r.array.shape[i]
	}
	return n
}

// variance subtracts the means first, since the difference of large sums of
// squares would have few digits left.
func (r Reduction) variance() *Array {
	wide := Reduction{array: r.array, axes: r.axes, keep: true}
	if r.array.dtype != Float64 {
		wide.array = r.array.AsType(Float64)
	}
	n := float64(r.reduced())
	if r.array.Ndim() == len(r.axes) {
		mean := wide.mean().Get(make([]int, r.array.Ndim())...)
		out := wrap(Float64, folded(wide, deviation(mean)), r.shape(r.keep))
		return r.asMean(out.Div(n))
	}
	wide.array = wide.array.Sub(wide.mean()).Square()
	wide.keep = r.keep
	return r.asMean(wide.Sum().Div(n))
}

// deviation adds the squares of what differs from one mean.
func deviation(mean float64) fold[float64, float64] {
	return fold[float64, float64]{
		run: func(acc float64, x []float64) float64 {
			for len(x) > 0 {
				n := min(len(x), 512)
				acc += squares(x[:n], mean)
				x = x[n:]
			}
			return acc
		},
		merge: func(a, b float64) float64 { return a + b },
	}
}

func squares(x []float64, mean float64) float64 {
	var a, b, c, d float64
	for ; len(x) >= 4; x = x[4:] {
		p, q, r, s := x[0]-mean, x[1]-mean, x[2]-mean, x[3]-mean
		a += p * p
		b += q * q
		c += r * r
		d += s * s
	}
	for _, y := range x {
		a += (y - mean) * (y - mean)
	}
	return (a + b) + (c + d)
}

// median sorts the elements of every result.
func (r Reduction) median() *Array {
	out := Empty(Float64, r.shape(r.keep)...)
	n, medians := r.reduced(), out.elements().([]float64)
	sorted := asType(r.reducedLast(), Float64)
	if n > 0 {
		Float64.loops().sort(sorted, n)
	}
	for i := range medians {
		medians[i] = middle(sorted.elements().([]float64)[i*n : i*n+n])
	}
	return r.asMean(out)
}

func middle(sorted []float64) float64 {
	n := len(sorted)
	if n == 0 || math.IsNaN(sorted[n-1]) {
		return math.NaN()
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// reducedLast is a view with the axes that go at the end.
func (r Reduction) reducedLast() *Array {
	var order []int
	for i := range r.array.shape {
		if !slices.Contains(r.axes, i) {
			order = append(order, i)
		}
	}
	return r.array.Transpose(append(order, r.axes...)...)
}
