package frame

import (
	"math"
	"slices"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// Count is how many values are there, that is, are not missing.
func (s *Series) Count() int { return s.Len() - s.values.Missing() }

// Sum is the sum of the numbers that are there; of truth values, how many are true. That of
// none is 0. It is as exact as the pairwise sum of the numbers (Higham 1993). Texts and times
// panic.
func (s *Series) Sum() float64 {
	var m moments
	m.addAll(s.floats("Sum"))
	return m.sum.value()
}

// Mean is the mean of the numbers that are there, NaN if there are none. Texts and times
// panic.
func (s *Series) Mean() float64 {
	var m moments
	m.addAll(s.floats("Mean"))
	return m.mean()
}

// Var is the variance of the numbers that are there, with n-1 in the denominator as pandas
// has it; NaN for fewer than two.
func (s *Series) Var() float64 { return variance(s.floats("Var")) }

// Std is the square root of Var.
func (s *Series) Std() float64 { return math.Sqrt(variance(s.floats("Std"))) }

// Min is the smallest number that is there, NaN if there is none. Smallest is for values of
// any type.
func (s *Series) Min() float64 { return extreme(s.floats("Min"), -1) }

// Max is the largest number that is there, NaN if there is none. Largest is for values of
// any type.
func (s *Series) Max() float64 { return extreme(s.floats("Max"), 1) }

// Smallest is the smallest value that is there, by the order that Sort has: an int64,
// float64, bool, string or time.Time, nil if there is none.
func (s *Series) Smallest() any { return s.best(-1) }

// Largest is the largest value that is there, as Smallest is the smallest.
func (s *Series) Largest() any { return s.best(1) }

func (s *Series) best(sign int) any {
	if at := s.bestRow(sign); at >= 0 {
		return s.values.Value(at)
	}
	return nil
}

// bestRow is the first row with the smallest or largest value, -1 if nothing is there.
func (s *Series) bestRow(sign int) int {
	compare, at := comparison(s.values), -1
	for row := range s.Len() {
		if !s.values.IsMissing(row) && (at < 0 || sign*compare(row, at) > 0) {
			at = row
		}
	}
	return at
}

// Median is the number in the middle of those that are there.
func (s *Series) Median() float64 { return s.Quantile(0.5) }

// Quantile is the number below which a part q of those that are there lie, with a straight
// line between two, as pandas and NumPy do it; NaN if there are none. q goes from 0 to 1.
func (s *Series) Quantile(q float64) float64 {
	checkQuantile(q)
	numbers := present(s.floats("Quantile"))
	sortFloats(numbers)
	return quantile(numbers, q)
}

// present are the numbers that are there, in a new slice.
func present(values []float64) []float64 {
	out := make([]float64, 0, len(values))
	for _, x := range values {
		if x == x {
			out = append(out, x)
		}
	}
	return out
}

// quantile is that of sorted numbers.
func quantile(numbers []float64, q float64) float64 {
	if len(numbers) == 0 {
		return math.NaN()
	}
	place := q * float64(len(numbers)-1)
	low := int(place)
	if low+1 >= len(numbers) {
		return numbers[len(numbers)-1]
	}
	a, b, part := numbers[low], numbers[low+1], place-float64(low)
	switch {
	case part == 0 || a == b:
		return a
	case math.IsInf(a, 0) || math.IsInf(b, 0): // where b-a and its product are NaN
		return a*(1-part) + b*part
	}
	return a + (b-a)*part
}

// compensated is a sum that carries what rounding lost (Neumaier 1974).
type compensated struct{ sum, lost float64 }

func (c *compensated) add(x float64) {
	t := c.sum + x
	if math.Abs(c.sum) >= math.Abs(x) {
		c.lost += (c.sum - t) + x
	} else {
		c.lost += (x - t) + c.sum
	}
	c.sum = t
}

func (c *compensated) value() float64 {
	if v := c.sum + c.lost; v == v {
		return v
	}
	return c.sum // of infinities, whose differences are NaN
}

// moments are how many numbers there are and their sum.
type moments struct {
	n   int
	sum compensated
}

func (m *moments) addAll(values []float64) {
	for _, x := range values {
		if x == x {
			m.n++
			m.sum.add(x)
		}
	}
}

func (m *moments) mean() float64 {
	if m.n == 0 {
		return math.NaN()
	}
	return m.sum.value() / float64(m.n)
}

// variance goes over the numbers twice, once for the mean.
func variance(values []float64) float64 {
	var m moments
	m.addAll(values)
	if m.n < 2 {
		return math.NaN()
	}
	mean := m.mean()
	var squares compensated
	for _, x := range values {
		if x == x {
			squares.add((x - mean) * (x - mean))
		}
	}
	return squares.value() / float64(m.n-1)
}

func extreme(values []float64, sign float64) float64 {
	best := math.NaN()
	for _, x := range values {
		if x == x && (best != best || sign*x > sign*best) {
			best = x
		}
	}
	return best
}

// IsNull says which values are missing.
func (s *Series) IsNull() *Series {
	out := make([]bool, s.Len())
	for row := range out {
		out[row] = s.values.IsMissing(row)
	}
	return s.with(column.Bools{Values: out})
}

// NotNull says which values are there.
func (s *Series) NotNull() *Series { return s.IsNull().Not() }

// DropNull is the values that are there.
func (s *Series) DropNull() *Series {
	if s.values.Missing() == 0 {
		return s
	}
	return s.Filter(s.NotNull())
}

// FillNull puts one value in the place of those that are missing. It has to be of the type
// of the series; a fraction makes whole numbers floating-point ones.
func (s *Series) FillNull(value any) *Series {
	one, ok := scalarOf("FillNull", value)
	if !ok {
		panic(errorf("FillNull", "a %T is no number, text, truth value or time", value))
	}
	fill := scalarColumn(one, 1)
	if !(cellType(one) == s.Dtype() || cellType(one).IsNumber() && s.Dtype().IsNumber()) {
		panic(errorf("FillNull", "the column %q is of type %v, and the value %v of type %v", s.name, s.Dtype(), value, cellType(one)))
	}
	if s.values.Missing() == 0 {
		return s
	}
	if _, whole := one.(int64); whole && s.Dtype() == Float64 {
		fill = column.NewFloats([]float64{asFloat(one)})
	}
	all, _ := column.Concat(s.values, fill)
	rows := make([]int, s.Len())
	for row := range rows {
		if rows[row] = row; s.values.IsMissing(row) {
			rows[row] = s.Len()
		}
	}
	return s.with(all.Take(rows))
}

// DropNull is the rows in which nothing is missing, in the columns of the names or, without
// names, in any.
func (df *DataFrame) DropNull(names ...string) *DataFrame {
	checked := df
	if len(names) > 0 {
		checked = df.Select(names...)
	}
	rows := make([]int, 0, df.Len())
	for row := range df.Len() {
		if !slices.ContainsFunc(checked.columns, func(c column.Column) bool { return c.IsMissing(row) }) {
			rows = append(rows, row)
		}
	}
	if len(rows) == df.Len() {
		return df
	}
	return df.take(rows)
}

// FillNull puts one value in the place of those that are missing in the columns of the
// names; without names, in all columns of the type of the value.
func (df *DataFrame) FillNull(value any, names ...string) *DataFrame {
	one, ok := scalarOf("FillNull", value)
	if !ok {
		panic(errorf("FillNull", "a %T is no number, text, truth value or time", value))
	}
	fits := func(s *Series) bool {
		return s.Dtype() == cellType(one) || s.Dtype().IsNumber() && cellType(one).IsNumber()
	}
	for _, name := range names {
		position("FillNull", name, df.names)
	}
	return df.byColumn(func(s *Series) *Series {
		if slices.Contains(names, s.name) || len(names) == 0 && fits(s) {
			return s.FillNull(value)
		}
		return s
	})
}

// IsNull says which values are missing, column by column.
func (df *DataFrame) IsNull() *DataFrame { return df.byColumn((*Series).IsNull) }
