package frame

import (
	"math"
	"slices"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// result is a series with a value for each group.
func (g *SeriesGroups) result(c column.Column) *Series { return &Series{g.s.name, c, g.g.index} }

// Size is how many rows each group has, those with missing values as well.
func (g *SeriesGroups) Size() *Series { return g.g.Size().Rename(g.s.name) }

// Count is how many values are there in each group.
func (g *SeriesGroups) Count() *Series {
	counts := make([]int64, g.g.index.n)
	missing := g.s.values.IsMissing
	for row, code := range g.g.codes {
		if code >= 0 && !missing(row) {
			counts[code]++
		}
	}
	return g.result(column.NewInts(counts, nil))
}

// moments are those of each group.
func (g *SeriesGroups) moments(op string) []moments {
	values, groups := g.s.floats(op), make([]moments, g.g.index.n)
	for row, code := range g.g.codes {
		if x := values[row]; code >= 0 && x == x {
			m := &groups[code]
			m.n++
			m.sum.add(x)
		}
	}
	return groups
}

func floatsFrom(groups []moments, value func(m *moments) float64) column.Column {
	out := make([]float64, len(groups))
	for i := range groups {
		out[i] = value(&groups[i])
	}
	return column.NewFloats(out)
}

// Sum is the sum of the numbers of each group; whole numbers stay whole and wrap at 64 bits.
func (g *SeriesGroups) Sum() *Series {
	if c, ok := g.s.values.(column.Ints); ok {
		sums := make([]int64, g.g.index.n)
		for row, code := range g.g.codes {
			if code >= 0 {
				sums[code] += c.Values[row] // 0 where it is missing
			}
		}
		return g.result(column.NewInts(sums, nil))
	}
	sums := g.moments("Sum")
	if g.s.Dtype() == Bool {
		counts := make([]int64, len(sums))
		for i := range sums {
			counts[i] = int64(sums[i].sum.value())
		}
		return g.result(column.NewInts(counts, nil))
	}
	return g.result(floatsFrom(sums, func(m *moments) float64 { return m.sum.value() }))
}

// Mean is the mean of the numbers of each group, missing where there are none.
func (g *SeriesGroups) Mean() *Series {
	return g.result(floatsFrom(g.moments("Mean"), (*moments).mean))
}

// Var is the variance of the numbers of each group, with n-1 in the denominator; missing
// for fewer than two.
func (g *SeriesGroups) Var() *Series { return g.result(column.NewFloats(g.variances("Var"))) }

// Std is the square root of Var.
func (g *SeriesGroups) Std() *Series {
	out := g.variances("Std")
	for i, v := range out {
		out[i] = math.Sqrt(v)
	}
	return g.result(column.NewFloats(out))
}

func (g *SeriesGroups) variances(op string) []float64 {
	first := g.moments(op)
	out := g.squares(first)
	for i := range out {
		if out[i] /= float64(first[i].n - 1); first[i].n < 2 {
			out[i] = math.NaN()
		}
	}
	return out
}

// squares are the sums of the squares of distances from the mean.
func (g *SeriesGroups) squares(first []moments) []float64 {
	means, squares := make([]float64, len(first)), make([]compensated, len(first))
	for i := range first {
		means[i] = first[i].mean()
	}
	values := g.s.floats("Var")
	for row, code := range g.g.codes {
		if x := values[row]; code >= 0 && x == x {
			d := x - means[code]
			squares[code].add(d * d)
		}
	}
	for i := range means {
		means[i] = squares[i].value()
	}
	return means
}

// Min is the smallest value of each group, of any type, missing where there are none.
func (g *SeriesGroups) Min() *Series { return g.picked(g.bestRows(-1)) }

// Max is the largest value of each group, as Min is the smallest.
func (g *SeriesGroups) Max() *Series { return g.picked(g.bestRows(1)) }

// First is the first value of each group that is there.
func (g *SeriesGroups) First() *Series {
	return g.picked(g.choose(func(row, before int) bool { return false }))
}

// Last is the last value of each group that is there.
func (g *SeriesGroups) Last() *Series {
	return g.picked(g.choose(func(row, before int) bool { return true }))
}

func (g *SeriesGroups) picked(rows []int) *Series { return g.result(g.s.values.Take(rows)) }

func (g *SeriesGroups) bestRows(sign int) []int {
	compare := comparison(g.s.values)
	return g.choose(func(row, before int) bool { return sign*compare(row, before) > 0 })
}

// choose is a row of each group: the first one that is not missing, in whose place every
// later one comes that is better.
func (g *SeriesGroups) choose(better func(row, before int) bool) []int {
	rows := make([]int, g.g.index.n)
	for i := range rows {
		rows[i] = -1
	}
	for row, code := range g.g.codes {
		if code >= 0 && !g.s.values.IsMissing(row) && (rows[code] < 0 || better(row, rows[code])) {
			rows[code] = row
		}
	}
	return rows
}

// Median is the median of the numbers of each group.
func (g *SeriesGroups) Median() *Series { return g.Quantile(0.5) }

// Quantile is the number below which a part q of the numbers of each group lie, as that of a
// series is.
func (g *SeriesGroups) Quantile(q float64) *Series {
	checkQuantile(q)
	values := g.s.floats("Quantile")
	out := make([]float64, g.g.index.n)
	var numbers []float64
	for code, rows := range g.g.rows() {
		numbers = numbers[:0]
		for _, row := range rows {
			if x := values[row]; x == x {
				numbers = append(numbers, x)
			}
		}
		sortFloats(numbers)
		out[code] = quantile(numbers, q)
	}
	return g.result(column.NewFloats(out))
}

// NUnique is how many different values each group has.
func (g *SeriesGroups) NUnique() *Series {
	values, n := factorizeOne(g.s.values, false)
	seen := newWholeNumbering()
	counts := make([]int64, g.g.index.n)
	for row, code := range g.g.codes {
		if code < 0 || values[row] < 0 {
			continue
		}
		before := seen.n
		if seen.of(int64(code)*int64(n) + int64(values[row])); seen.n > before {
			counts[code]++
		}
	}
	return g.result(column.NewInts(counts, nil))
}

// reductions are those that Agg knows by name.
var reductions = map[string]func(*SeriesGroups) *Series{
	"sum": (*SeriesGroups).Sum, "mean": (*SeriesGroups).Mean, "count": (*SeriesGroups).Count, "size": (*SeriesGroups).Size,
	"min": (*SeriesGroups).Min, "max": (*SeriesGroups).Max, "std": (*SeriesGroups).Std, "var": (*SeriesGroups).Var,
	"median": (*SeriesGroups).Median, "first": (*SeriesGroups).First, "last": (*SeriesGroups).Last, "nunique": (*SeriesGroups).NUnique,
}

func reductionNames() []string {
	names := make([]string, 0, len(reductions))
	for name := range reductions {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// reduction is that of a name.
func reduction(op, name string) func(*SeriesGroups) *Series {
	r, ok := reductions[name]
	if !ok {
		panic(errorf(op, "there is no reduction %q%s", name, among(name, reductionNames())))
	}
	return r
}

// Agg is several reductions of each group, with a column for each: sum, mean, count, size,
// min, max, std, var, median, first, last and nunique.
func (g *SeriesGroups) Agg(names ...string) *DataFrame {
	out := &DataFrame{index: g.g.index}
	for _, name := range names {
		out.add(reduction("Agg", name)(g).Rename(name))
	}
	return out
}

// Agg is reductions of columns, as those of SeriesGroups.Agg, in the order of the frame's
// columns: Agg(map[string][]string{"DepDelay": {"mean", "max"}}) has the columns
// DepDelay_mean and DepDelay_max.
func (g *Groups) Agg(how map[string][]string) *DataFrame {
	for name := range how {
		position("Agg", name, g.df.names)
	}
	out := &DataFrame{index: g.index}
	for _, name := range g.df.names {
		for _, by := range how[name] {
			out.add(reduction("Agg", by)(g.Col(name)).Rename(name + "_" + by))
		}
	}
	return out
}
