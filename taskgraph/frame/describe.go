package frame

import (
	"fmt"
	"math"
	"slices"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// summaryRows are the rows of Describe for numbers.
var summaryRows = []string{"count", "mean", "std", "min", "25%", "50%", "75%", "max"}

// Describe is a summary of each column of numbers: how many there are, their mean, standard
// deviation, smallest, quartiles and largest. A frame without numbers is summaryRows by texts:
// how many values there are, how many different ones, the most frequent and how often it is
// there.
func (df *DataFrame) Describe() *DataFrame {
	numbers := df.numbers()
	rows, of := summaryRows, (*Series).describeNumbers
	if len(numbers) == 0 {
		numbers, rows, of = df.Columns(), []string{"count", "unique", "top", "freq"}, (*Series).describeValues
	}
	out := &DataFrame{index: labels("", rows)}
	for _, s := range numbers {
		out.add(&Series{s.name, of(s), out.index})
	}
	return out
}

// Describe is a summary of the values, as the frame's Describe is.
func (s *Series) Describe() *Series {
	d := s.Frame().Describe()
	return d.series(0)
}

// numbers are the columns of numbers.
func (df *DataFrame) numbers() []*Series {
	return slices.DeleteFunc(df.Columns(), func(s *Series) bool { return !s.Dtype().IsNumber() })
}

func (s *Series) describeNumbers() column.Column {
	there := present(s.floats("Describe"))
	sortFloats(there)
	var m moments
	m.addAll(there)
	q := func(q float64) float64 { return quantile(there, q) }
	return column.NewFloats([]float64{float64(len(there)), m.mean(), math.Sqrt(variance(there)), q(0), q(0.25), q(0.5), q(0.75), q(1)})
}

func (s *Series) describeValues() column.Column {
	counts := s.ValueCounts()
	out := []string{fmt.Sprint(s.Count()), fmt.Sprint(counts.Len()), "", ""}
	if counts.Len() > 0 {
		top := cells(counts.index.levels[0].Slice(0, 1))
		out[2], out[3] = top[0], fmt.Sprint(counts.ILoc(0))
	}
	return column.NewStrings(out, []bool{true, true, counts.Len() > 0, counts.Len() > 0})
}

// Info is a row for each column: its type, how many of its values are there and missing, and
// how many bytes it takes.
func (df *DataFrame) Info() *DataFrame {
	n := len(df.names)
	types, there, missing, bytes := make([]string, n), make([]int64, n), make([]int64, n), make([]int64, n)
	for i, c := range df.columns {
		types[i], missing[i], bytes[i] = c.Dtype().String(), int64(c.Missing()), int64(c.NBytes())
		there[i] = int64(c.Len()) - missing[i]
	}
	out := New(NewSeries("dtype", types), NewSeries("count", there), NewSeries("missing", missing), NewSeries("bytes", bytes))
	out.index = labels("column", df.names)
	return out
}

// perColumn is a number for each column of numbers and truth values, labelled with its name.
func (df *DataFrame) perColumn(of func(*Series) float64) *Series {
	var names []string
	values := []float64{}
	for _, s := range df.Columns() {
		if s.Dtype().IsNumber() || s.Dtype() == Bool {
			names, values = append(names, s.name), append(values, of(s))
		}
	}
	return &Series{"", column.NewFloats(values), labels("", names)}
}

// Sum is the sum of each column of numbers; its labels are the names of the columns, as those
// of the methods below. Texts and times are left out.
func (df *DataFrame) Sum() *Series { return df.perColumn((*Series).Sum) }

// Mean is the mean of each column of numbers.
func (df *DataFrame) Mean() *Series { return df.perColumn((*Series).Mean) }

// Min is the smallest number of each column of numbers.
func (df *DataFrame) Min() *Series { return df.perColumn((*Series).Min) }

// Max is the largest number of each column of numbers.
func (df *DataFrame) Max() *Series { return df.perColumn((*Series).Max) }

// Std is the standard deviation of each column of numbers.
func (df *DataFrame) Std() *Series { return df.perColumn((*Series).Std) }

// Var is the variance of each column of numbers.
func (df *DataFrame) Var() *Series { return df.perColumn((*Series).Var) }

// Median is the median of each column of numbers.
func (df *DataFrame) Median() *Series { return df.perColumn((*Series).Median) }

// Count is how many values of each column are there, of any type.
func (df *DataFrame) Count() *Series {
	counts := make([]int64, len(df.names))
	for i := range counts {
		counts[i] = int64(df.series(i).Count())
	}
	return &Series{"", column.NewInts(counts, nil), labels("", df.names)}
}

// Quantile is a row for each q, which is its label, with the quantile of each column of
// numbers, as that of a series is.
func (df *DataFrame) Quantile(qs ...float64) *DataFrame {
	for _, q := range qs {
		checkQuantile(q)
	}
	out := &DataFrame{index: newIndex([]string{""}, []column.Column{column.NewFloats(slices.Clone(qs))})}
	for _, s := range df.numbers() {
		there := present(s.floats("Quantile"))
		sortFloats(there)
		values := make([]float64, len(qs))
		for i, q := range qs {
			values[i] = quantile(there, q)
		}
		out.add(&Series{s.name, column.NewFloats(values), out.index})
	}
	return out
}

// checkQuantile panics unless q is between 0 and 1.
func checkQuantile(q float64) {
	if !(q >= 0 && q <= 1) {
		panic(errorf("Quantile", "%v is not between 0 and 1: 0.25 is the first quartile", q))
	}
}

// Corr is how much the columns of numbers go together in pairs: Pearson's correlation
// coefficients, from -1 to 1, of the rows in which both are there; missing where there are
// fewer than two or a column has only one value.
func (df *DataFrame) Corr() *DataFrame {
	numbers := df.numbers()
	names, values := make([]string, len(numbers)), make([][]float64, len(numbers))
	for i, s := range numbers {
		names[i], values[i] = s.name, s.floats("Corr")
	}
	out := &DataFrame{index: labels("", names)}
	for i, s := range numbers {
		row := make([]float64, len(numbers))
		for j := range numbers {
			row[j] = correlation(values[i], values[j])
		}
		out.add(&Series{s.name, column.NewFloats(row), out.index})
	}
	return out
}

// Corr is Pearson's correlation coefficient of two series, whose values are put together by
// their labels.
func (s *Series) Corr(other *Series) float64 {
	_, ofS, ofOther := align("Corr", s.index, other.index)
	a, b := s, other
	if ofS != nil {
		a, b = s.with(s.values.Take(ofS)), other.with(other.values.Take(ofOther))
	}
	return correlation(a.floats("Corr"), b.floats("Corr"))
}

// correlation goes over the numbers twice, once for the means.
func correlation(a, b []float64) float64 {
	var meanA, meanB moments
	for i, x := range a {
		if y := b[i]; x == x && y == y {
			meanA.addAll(a[i : i+1])
			meanB.addAll(b[i : i+1])
		}
	}
	if meanA.n < 2 {
		return math.NaN()
	}
	ma, mb := meanA.mean(), meanB.mean()
	var aa, bb, ab compensated
	for i, x := range a {
		if y := b[i]; x == x && y == y {
			dx, dy := x-ma, y-mb
			aa.add(dx * dx)
			bb.add(dy * dy)
			ab.add(dx * dy)
		}
	}
	r := ab.value() / math.Sqrt(aa.value()*bb.value())
	return max(-1, min(1, r)) // NaN stays NaN
}
