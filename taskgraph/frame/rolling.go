package frame

import (
	"math"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// Rolling is a window of rows that goes over a series: its methods give, for each row, what
// the row and those before it make, as many as the window has. A window in which a value is
// missing, or which begins before the first row, gives a missing value.
type Rolling struct {
	s *Series
	n int
}

// Rolling is a window of n rows, n at least 1:
//
//	s.Rolling(7).Mean() // of a week, where rows are days
func (s *Series) Rolling(n int) Rolling {
	if n < 1 {
		panic(errorf("Rolling", "a window has at least 1 row, not %d", n))
	}
	s.floats("Rolling")
	return Rolling{s, n}
}

// windows calls of with each window that is whole: the numbers, all of them there.
func (r Rolling) windows(of func(window []float64) float64) *Series {
	values := r.s.floats("Rolling")
	out := make([]float64, len(values))
	there := 0 // how many in a row are there
	for row, x := range values {
		if there++; x != x {
			there = 0
		}
		if out[row] = math.NaN(); there >= r.n {
			out[row] = of(values[row+1-r.n : row+1])
		}
	}
	return r.s.with(column.NewFloats(out))
}

// sums are the sums of windows. Rows are cut into blocks as long as the window, so that a
// window is the end of one and the beginning of the next: sums up to and from each row make
// all of them, and nothing is subtracted, which would keep what rounding lost, and infinities
// for good (van Herk 1992 does it so for the largest of windows).
func (r Rolling) sums() []float64 {
	values := r.s.floats("Rolling")
	upTo, from := make([]float64, len(values)), make([]float64, len(values))
	for row, x := range values {
		if upTo[row] = x; row%r.n != 0 {
			upTo[row] += upTo[row-1]
		}
	}
	for row := len(values) - 1; row >= 0; row-- {
		if from[row] = values[row]; (row+1)%r.n != 0 && row+1 < len(values) {
			from[row] += from[row+1]
		}
	}
	for row := len(values) - 1; row >= 0; row-- {
		switch first := row + 1 - r.n; {
		case first < 0:
			upTo[row] = math.NaN()
		case first%r.n != 0:
			upTo[row] += from[first]
		}
	}
	return upTo
}

// Sum is the sum of each window.
func (r Rolling) Sum() *Series { return r.s.with(column.NewFloats(r.sums())) }

// Mean is the mean of each window.
func (r Rolling) Mean() *Series {
	out := r.sums()
	for row := range out {
		out[row] /= float64(r.n)
	}
	return r.s.with(column.NewFloats(out))
}

// Var is the variance of each window, with n-1 in the denominator; missing for windows of 1.
func (r Rolling) Var() *Series { return r.windows(variance) }

// Std is the square root of Var.
func (r Rolling) Std() *Series {
	return r.windows(func(w []float64) float64 { return math.Sqrt(variance(w)) })
}

// Min is the smallest number of each window.
func (r Rolling) Min() *Series { return r.extremes(-1) }

// Max is the largest number of each window.
func (r Rolling) Max() *Series { return r.extremes(1) }

// Median is the median of each window.
func (r Rolling) Median() *Series {
	return r.windows(func(w []float64) float64 { return NewSeries("", w).Median() })
}

// Count is how many values of each window are there; windows at the beginning are shorter.
func (r Rolling) Count() *Series {
	values := r.s.floats("Rolling")
	out, n := make([]float64, len(values)), 0
	for row, x := range values {
		n += zeroOne(x == x)
		if before := row - r.n; before >= 0 {
			n -= zeroOne(values[before] == values[before])
		}
		if out[row] = float64(n); row < r.n-1 {
			out[row] = math.NaN()
		}
	}
	return r.s.with(column.NewFloats(out))
}

// extremes keeps, of each window, the rows that are better than all rows after them, the best
// first: one that comes in drives out those that it beats, so every row comes and goes once.
func (r Rolling) extremes(sign float64) *Series {
	values := r.s.floats("Rolling")
	out := make([]float64, len(values))
	var best []int
	there := 0
	for row, x := range values {
		if there++; x != x {
			there, best = 0, best[:0]
		}
		for x == x && len(best) > 0 && sign*values[best[len(best)-1]] <= sign*x {
			best = best[:len(best)-1]
		}
		if x == x {
			best = append(best, row)
		}
		if len(best) > 0 && best[0] <= row-r.n {
			best = best[1:]
		}
		if out[row] = math.NaN(); there >= r.n {
			out[row] = values[best[0]]
		}
	}
	return r.s.with(column.NewFloats(out))
}
