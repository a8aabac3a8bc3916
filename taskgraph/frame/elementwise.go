package frame

import (
	"math"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// wholeOrFloat does something to whole numbers, which stay whole, or to floating-point ones;
// texts and times panic. valid is that of the whole numbers.
func (s *Series) wholeOrFloat(op string, whole func(out, in []int64, valid column.Bitmap), float func(out, in []float64)) *Series {
	if c, ok := s.values.(column.Ints); ok {
		out := make([]int64, len(c.Values))
		whole(out, c.Values, c.Valid)
		blankInts(out, c.Valid)
		return s.with(column.Ints{Values: out, Valid: c.Valid})
	}
	in := s.floats(op)
	out := make([]float64, len(in))
	float(out, in)
	return s.with(column.Floats{Values: out})
}

// Abs is each number without its sign.
func (s *Series) Abs() *Series {
	return s.wholeOrFloat("Abs", func(out, in []int64, _ column.Bitmap) {
		for i, x := range in {
			out[i] = max(x, -x)
		}
	}, func(out, in []float64) {
		for i, x := range in {
			out[i] = math.Abs(x)
		}
	})
}

// Round rounds numbers to so many decimals, halves to the even neighbour; a negative number
// of decimals rounds to tens, hundreds and so on.
func (s *Series) Round(decimals int) *Series {
	factor := math.Pow(10, math.Abs(float64(decimals)))
	round := func(x float64) float64 {
		y := math.RoundToEven(x*factor) / factor
		if decimals < 0 {
			y = math.RoundToEven(x/factor) * factor
		}
		if math.IsInf(y, 0) || y != y {
			return x // it is so large, or so exact, that there is nothing to round
		}
		return y
	}
	return s.wholeOrFloat("Round", func(out, in []int64, _ column.Bitmap) {
		for i, x := range in {
			if out[i] = x; decimals < 0 {
				out[i] = int64(round(float64(x)))
			}
		}
	}, func(out, in []float64) {
		for i, x := range in {
			out[i] = round(x)
		}
	})
}

// Round rounds all columns of floating-point numbers.
func (df *DataFrame) Round(decimals int) *DataFrame {
	return df.byColumn(func(s *Series) *Series {
		if !s.Dtype().IsNumber() {
			return s
		}
		return s.Round(decimals)
	})
}

// Clip puts low in the place of smaller numbers and high in that of larger ones.
func (s *Series) Clip(low, high float64) *Series {
	if !(low <= high) {
		panic(errorf("Clip", "the lower bound %v is not below the upper one, %v", low, high))
	}
	if low == math.Trunc(low) && high == math.Trunc(high) && math.Abs(low) < 1<<53 && math.Abs(high) < 1<<53 {
		return s.wholeOrFloat("Clip", func(out, in []int64, _ column.Bitmap) {
			for i, x := range in {
				out[i] = min(max(x, int64(low)), int64(high))
			}
		}, func(out, in []float64) { clipFloats(out, in, low, high) })
	}
	in := s.floats("Clip")
	out := make([]float64, len(in))
	clipFloats(out, in, low, high)
	return s.with(column.Floats{Values: out})
}

func clipFloats(out, in []float64, low, high float64) {
	for i, x := range in {
		out[i] = min(max(x, low), high)
	}
}

// Between says which values lie between two, these included; missing ones do not. The bounds
// are as those of Ge and Le: numbers, texts or times, as text as well.
func (s *Series) Between(low, high any) *Series { return s.Ge(low).And(s.Le(high)) }

// CumSum is the sum of the numbers up to each row. Missing ones stay missing and are left out
// of the sums.
func (s *Series) CumSum() *Series {
	return cumulate(s, "CumSum", func(sum, x int64) int64 { return sum + x }, func(sum, x float64) float64 { return sum + x })
}

// CumProd is the product of the numbers up to each row, as CumSum is the sum.
func (s *Series) CumProd() *Series {
	return cumulate(s, "CumProd", func(p, x int64) int64 { return p * x }, func(p, x float64) float64 { return p * x })
}

// CumMax is the largest number up to each row, as CumSum is the sum.
func (s *Series) CumMax() *Series {
	return cumulate(s, "CumMax", func(a, b int64) int64 { return max(a, b) }, func(a, b float64) float64 { return max(a, b) })
}

// CumMin is the smallest number up to each row, as CumSum is the sum.
func (s *Series) CumMin() *Series {
	return cumulate(s, "CumMin", func(a, b int64) int64 { return min(a, b) }, func(a, b float64) float64 { return min(a, b) })
}

// cumulate joins each number with the result of those before it.
func cumulate(s *Series, op string, whole func(so, x int64) int64, float func(so, x float64) float64) *Series {
	return s.wholeOrFloat(op, func(out, in []int64, valid column.Bitmap) {
		so, begun := int64(0), false
		for i, x := range in {
			if !valid.Has(i) {
				continue
			}
			if begun {
				x = whole(so, x)
			}
			so, begun, out[i] = x, true, x
		}
	}, func(out, in []float64) {
		so, begun := 0.0, false
		for i, x := range in {
			if out[i] = x; x != x {
				continue
			}
			if begun {
				x = float(so, x)
			}
			so, begun, out[i] = x, true, x
		}
	})
}

// Shift moves the values n rows down, or up for a negative n; the labels stay. Rows to which
// no value comes are missing.
func (s *Series) Shift(n int) *Series {
	rows := make([]int, s.Len())
	for row := range rows {
		if rows[row] = row - n; rows[row] < 0 || rows[row] >= len(rows) {
			rows[row] = -1
		}
	}
	return s.with(s.values.Take(rows))
}

// Diff is how much each value is larger than that of the row before, or n rows before; the
// first is missing. Differences of times are in seconds.
func (s *Series) Diff(n ...int) *Series { return s.Sub(s.Shift(lag("Diff", n))) }

// PctChange is by which part each number is larger than that of the row before, or n rows
// before: 0.5 for 3 after 2. The first is missing.
func (s *Series) PctChange(n ...int) *Series { return s.Div(s.Shift(lag("PctChange", n))).Sub(1) }

func lag(op string, n []int) int {
	switch len(n) {
	case 0:
		return 1
	case 1:
		return n[0]
	}
	panic(errorf(op, "it takes one number of rows, not %d", len(n)))
}

// Rank is the place of each value among all, from 1 for the smallest; equal values share the
// mean of their places. Missing ones have none. Texts are ranked by their bytes.
func (s *Series) Rank() *Series {
	order := sorted([]column.Column{s.values}, nil)
	order = order[:s.Count()]
	out := make([]float64, s.Len())
	for row := range out {
		out[row] = math.NaN()
	}
	compare := comparison(s.values)
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && compare(order[from], order[to]) == 0 {
			to++
		}
		for _, row := range order[from:to] {
			out[row] = float64(from+to+1) / 2
		}
		from = to
	}
	return s.with(column.Floats{Values: out})
}

// Any reports whether one of the truth values is true; missing ones are not.
func (s *Series) Any() bool {
	for _, b := range s.truths("Any").Values {
		if b {
			return true
		}
	}
	return false
}

// All reports whether all truth values that are there are true.
func (s *Series) All() bool {
	c := s.truths("All")
	for row, b := range c.Values {
		if !b && !c.IsMissing(row) {
			return false
		}
	}
	return true
}

func (s *Series) truths(op string) column.Bools {
	c, ok := s.values.(column.Bools)
	if !ok {
		panic(errorf(op, "it takes truth values, as s.Gt(0) gives them, and %q is of type %v", s.name, s.Dtype()))
	}
	return c
}
