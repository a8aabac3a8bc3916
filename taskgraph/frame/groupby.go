package frame

import (
	"slices"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// Groups is the rows of a frame in groups of equal keys. Its methods give a frame with a row
// for each group, whose labels are the keys, in order. Rows of which a key is missing belong
// to none.
type Groups struct {
	df    *DataFrame // the columns to reduce
	index *Index     // of the groups
	codes []int      // the group of each row, -1 for none
}

// SeriesGroups is the values of one column in groups.
type SeriesGroups struct {
	s *Series
	g *Groups
}

// GroupBy puts together the rows with equal keys. A key is the name of a column, or a series
// with a value for each row.
func (df *DataFrame) GroupBy(keys ...any) *Groups {
	if len(keys) == 0 {
		panic(errorf("GroupBy", "it takes the name of a column, or several"))
	}
	names, columns := make([]string, len(keys)), make([]column.Column, len(keys))
	for i, key := range keys {
		switch key := key.(type) {
		case string:
			names[i], columns[i] = key, df.columns[position("GroupBy", key, df.names)]
		case *Series:
			names[i], columns[i] = key.name, df.columnFor(key.name, key)
		default:
			panic(errorf("GroupBy", "a key is the name of a column or a *frame.Series, not a %T", key))
		}
	}
	rest := &DataFrame{index: df.index}
	for i, name := range df.names {
		if !slices.Contains(names, name) {
			rest.names, rest.columns = append(rest.names, name), append(rest.columns, df.columns[i])
		}
	}
	return group(rest, names, columns)
}

// group numbers the groups of rows in the order of their keys.
func group(df *DataFrame, names []string, keys []column.Column) *Groups {
	codes, n := factorize(keys, false)
	first := make([]int, n) // a row of each group
	for row := len(codes) - 1; row >= 0; row-- {
		if codes[row] >= 0 {
			first[codes[row]] = row
		}
	}
	labels := make([]column.Column, len(keys))
	for i, c := range keys {
		labels[i] = c.Take(first)
	}
	order := sorted(labels, nil)
	place := make([]int, n)
	for at, code := range order {
		place[code] = at
	}
	for row, code := range codes {
		if code >= 0 {
			codes[row] = place[code]
		}
	}
	return &Groups{df, newIndex(names, labels).take(order), codes}
}

// Col is one column of the groups.
func (g *Groups) Col(name string) *SeriesGroups {
	return &SeriesGroups{g.df.Col(name), g}
}

// Select is some columns of the groups.
func (g *Groups) Select(names ...string) *Groups {
	return &Groups{g.df.Select(names...), g.index, g.codes}
}

// Len is how many groups there are.
func (g *Groups) Len() int { return g.index.n }

// Size is how many rows each group has.
func (g *Groups) Size() *Series {
	counts := make([]int64, g.index.n)
	for _, code := range g.codes {
		if code >= 0 {
			counts[code]++
		}
	}
	return &Series{"", column.NewInts(counts, nil), g.index}
}

// numeric reduces the columns of numbers and truth values; others are left out.
func (g *Groups) numeric(reduce func(*SeriesGroups) *Series) *DataFrame {
	out := &DataFrame{index: g.index}
	for i, c := range g.df.columns {
		if c.Dtype().IsNumber() || c.Dtype() == Bool {
			out.add(reduce(&SeriesGroups{g.df.series(i), g}))
		}
	}
	return out
}

// every reduces all columns.
func (g *Groups) every(reduce func(*SeriesGroups) *Series) *DataFrame {
	out := &DataFrame{index: g.index}
	for i := range g.df.columns {
		out.add(reduce(&SeriesGroups{g.df.series(i), g}))
	}
	return out
}

// add puts a column into a frame that is being made.
func (df *DataFrame) add(s *Series) {
	df.names, df.columns = append(df.names, s.name), append(df.columns, s.values)
}

// Sum is the sum of each column of numbers in each group.
func (g *Groups) Sum() *DataFrame { return g.numeric((*SeriesGroups).Sum) }

// Mean is the mean of each column of numbers in each group.
func (g *Groups) Mean() *DataFrame { return g.numeric((*SeriesGroups).Mean) }

// Std is the standard deviation of each column of numbers in each group.
func (g *Groups) Std() *DataFrame { return g.numeric((*SeriesGroups).Std) }

// Var is the variance of each column of numbers in each group.
func (g *Groups) Var() *DataFrame { return g.numeric((*SeriesGroups).Var) }

// Median is the median of each column of numbers in each group.
func (g *Groups) Median() *DataFrame { return g.numeric((*SeriesGroups).Median) }

// Count is how many values of each column are there in each group.
func (g *Groups) Count() *DataFrame { return g.every((*SeriesGroups).Count) }

// Min is the smallest value of each column in each group.
func (g *Groups) Min() *DataFrame { return g.every((*SeriesGroups).Min) }

// Max is the largest value of each column in each group.
func (g *Groups) Max() *DataFrame { return g.every((*SeriesGroups).Max) }

// First is the first value of each column that is there in each group.
func (g *Groups) First() *DataFrame { return g.every((*SeriesGroups).First) }

// Last is the last value of each column that is there in each group.
func (g *Groups) Last() *DataFrame { return g.every((*SeriesGroups).Last) }

// All gives the groups one after the other: the label, and the rows with all columns but
// the keys.
//
//	for origin, flights := range df.GroupBy("Origin").All() {
func (g *Groups) All() func(yield func(label any, rows *DataFrame) bool) {
	return func(yield func(any, *DataFrame) bool) {
		for code, rows := range g.rows() {
			if !yield(g.index.Label(code), g.df.take(rows)) {
				return
			}
		}
	}
}

// Get is the rows of one group, with all columns but the keys.
func (g *Groups) Get(label ...any) *DataFrame {
	return g.df.take(g.rows()[g.index.find("Get", label)])
}

// rows are the rows of each group.
func (g *Groups) rows() [][]int {
	rows, starts := byCode(g.codes, g.index.n)
	out := make([][]int, g.index.n)
	for code := range out {
		out[code] = rows[starts[code]:starts[code+1]:starts[code+1]]
	}
	return out
}
