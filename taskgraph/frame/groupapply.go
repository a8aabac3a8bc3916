package frame

import (
	"math"
	"reflect"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// Apply calls a function with the rows of each group, all columns but the keys, and makes a
// series of what it returns, with the keys as labels: numbers, texts, truth values or times,
// nil for a missing one.
func (g *Groups) Apply(fn func(rows *DataFrame) any) *Series {
	if fn == nil {
		panic(errorf("Apply", "the function is nil"))
	}
	cells := make([]any, g.index.n)
	for code, rows := range g.rows() {
		cells[code] = plain("Apply", "", reflect.ValueOf(fn(g.df.take(rows))))
	}
	c, err := columnOfCells(cells, nil)
	if err != nil {
		panic(errorf("Apply", "the results: %v", err))
	}
	return &Series{"", c, g.index}
}

// Head is the first rows of each group: 5, or as many as n says. They stay in their order and
// keep their labels; the keys are not among the columns.
func (g *Groups) Head(n ...int) *DataFrame {
	if len(n) > 1 || len(n) == 1 && n[0] < 0 {
		panic(errorf("Head", "it takes one number of rows, which is not negative, not %v", n))
	}
	limit := some
	if len(n) == 1 {
		limit = n[0]
	}
	seen := make([]int, g.index.n)
	var rows []int
	for row, code := range g.codes {
		if code < 0 {
			continue
		}
		if seen[code]++; seen[code] <= limit {
			rows = append(rows, row)
		}
	}
	return g.df.take(rows)
}

// NUnique is how many different values of each column each group has.
func (g *Groups) NUnique() *DataFrame { return g.every((*SeriesGroups).NUnique) }

// Quantile is the quantile of each column of numbers in each group.
func (g *Groups) Quantile(q float64) *DataFrame {
	return g.numeric(func(s *SeriesGroups) *Series { return s.Quantile(q) })
}

// Transform reduces the values of each group by a name that Agg knows, and gives every row of
// the group the result: how much later than its airport's mean a flight is says
//
//	df.Col("DepDelay").Sub(df.GroupBy("Origin").Col("DepDelay").Transform("mean"))
//
// Rows of no group have a missing value. The labels are those of the frame.
func (g *SeriesGroups) Transform(how string) *Series {
	reduced := reduction("Transform", how)(g)
	return g.s.with(reduced.values.Take(g.g.codes))
}

// Apply calls a function with the values of each group, and makes a series of what it returns
// as that of Groups does.
func (g *SeriesGroups) Apply(fn func(values *Series) any) *Series {
	if fn == nil {
		panic(errorf("Apply", "the function is nil"))
	}
	name := g.s.name
	one := &Groups{g.s.Frame(), g.g.index, g.g.codes}
	return one.Apply(func(rows *DataFrame) any { return fn(rows.series(0)) }).Rename(name)
}

// CumSum is the sum of the numbers of the group up to each row. Missing numbers, and rows of
// no group, stay missing.
func (g *SeriesGroups) CumSum() *Series {
	if c, ok := g.s.values.(column.Ints); ok {
		return g.cumSumInts(c)
	}
	values, sums := g.s.floats("CumSum"), make([]compensated, g.g.index.n)
	out := make([]float64, len(values))
	for row, code := range g.g.codes {
		if out[row] = math.NaN(); code >= 0 && values[row] == values[row] {
			sums[code].add(values[row])
			out[row] = sums[code].value()
		}
	}
	return g.s.with(column.NewFloats(out))
}

func (g *SeriesGroups) cumSumInts(c column.Ints) *Series {
	sums, out, there := make([]int64, g.g.index.n), make([]int64, len(c.Values)), make([]bool, len(c.Values))
	for row, code := range g.g.codes {
		if code >= 0 && !c.IsMissing(row) {
			sums[code] += c.Values[row]
			out[row], there[row] = sums[code], true
		}
	}
	return g.s.with(column.NewInts(out, there))
}

// CumCount is how many rows of the group stand before each row: 0 for its first. Rows of no
// group have a missing value.
func (g *SeriesGroups) CumCount() *Series {
	seen, out, there := make([]int64, g.g.index.n), make([]int64, len(g.g.codes)), make([]bool, len(g.g.codes))
	for row, code := range g.g.codes {
		if code >= 0 {
			out[row], there[row] = seen[code], true
			seen[code]++
		}
	}
	return g.s.with(column.NewInts(out, there))
}
