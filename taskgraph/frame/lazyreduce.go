package frame

import (
	"math"
	"slices"
	"strings"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// What a partition tells of a group is columns of a frame, called by the column, a NUL and
// the name of the state: how many numbers there are, their sum and what rounding took from
// it, the sum of whole numbers, the squares of their distances from the mean (Chan, Golub,
// LeVeque 1979), the least, the greatest, the first and the last.

// stateOf is what has to be known for a reduction.
var stateOf = map[string][]string{
	"size": {"size"}, "count": {"count"}, "sum": {"sum", "lost", "whole"}, "mean": {"n", "sum", "lost"}, "min": {"min"}, "max": {"max"},
	"std": {"n", "sum", "lost", "squares"}, "var": {"n", "sum", "lost", "squares"}, "first": {"first"}, "last": {"last"},
}

func stateName(column, state string) string { return column + "\x00" + state }

// groupPart is what a partition tells of its groups.
func groupPart(df *DataFrame, keys []string, wants []Reduction) (out *DataFrame, err error) {
	defer told(&err)
	columns := make([]column.Column, len(keys))
	for i, key := range keys {
		columns[i] = df.Col(key).values
	}
	g := oneOrMore(df, keys, columns)
	out = &DataFrame{index: g.index}
	for _, w := range wants {
		for _, state := range stateOf[w.How] {
			if name := stateName(w.Column, state); !out.Has(name) {
				out.add(g.state(w.Column, state).Rename(name))
			}
		}
	}
	return out, nil
}

// oneOrMore are groups by keys, or one group of all rows where there is no key.
func oneOrMore(df *DataFrame, names []string, keys []column.Column) *Groups {
	if len(keys) == 0 {
		return &Groups{df, rangeIndex(1), make([]int, df.Len())}
	}
	return group(df, names, keys)
}

func seriesGroupPart(s *Series, keys []string, wants []Reduction) (*DataFrame, error) {
	return groupPart(s.Rename("").Frame(), keys, wants)
}

// state is one state of a column in each group.
func (g *Groups) state(name, state string) *Series {
	if state == "size" {
		return g.Size()
	}
	s := g.Col(name)
	switch state {
	case "count":
		return s.Count()
	case "min":
		return s.Min()
	case "max":
		return s.Max()
	case "first":
		return s.First()
	case "last":
		return s.Last()
	}
	if state == "whole" {
		return s.whole()
	}
	m := s.moments(state)
	switch state {
	case "n":
		return s.result(floatsFrom(m, func(m *moments) float64 { return float64(m.n) }))
	case "sum":
		return s.result(floatsFrom(m, func(m *moments) float64 { return m.sum.sum }))
	case "lost":
		return s.result(floatsFrom(m, func(m *moments) float64 { return m.sum.lost }))
	}
	return s.result(column.NewFloats(s.squares(m)))
}

// whole is the sum of whole numbers, and nothing where numbers are not whole.
func (g *SeriesGroups) whole() *Series {
	switch {
	case g.s.Dtype() == Int64 || g.s.Dtype() == Bool:
		return g.Sum()
	case nothing(g.s.values) && g.s.Len() > 0:
		return g.result(column.NewInts(make([]int64, g.g.index.n), nil))
	}
	return g.result(column.Nothing(Float64, g.g.index.n))
}

// groupJoin makes one part of several.
func groupJoin(parts []*DataFrame, keys []string, _ []Reduction) (out *DataFrame, err error) {
	defer told(&err)
	all := Concat(parts...)
	var names []string
	var labels []column.Column
	if len(keys) > 0 {
		names, labels = all.index.columns()
	}
	g := oneOrMore(all, names, labels)
	out = &DataFrame{index: g.index}
	for _, name := range all.names {
		out.add(g.joined(name).Rename(name))
	}
	return out, nil
}

// joined puts the rows of a state together.
func (g *Groups) joined(name string) *Series {
	of, state, _ := strings.Cut(name, "\x00")
	s := g.Col(name)
	switch state {
	case "size", "count":
		return s.Sum()
	case "min":
		return s.Min()
	case "max":
		return s.Max()
	case "first":
		return s.First()
	case "last":
		return s.Last()
	case "whole":
		if s.s.values.Missing() > 0 {
			return s.result(column.Nothing(Float64, g.index.n))
		}
		return s.Sum()
	case "squares":
		return g.joinedSquares(of)
	case "n":
		return s.Sum()
	}
	sums := g.joinedSums(of)
	return s.result(floatsFrom(sums, func(m *moments) float64 {
		if state == "sum" {
			return m.sum.sum
		}
		return m.sum.lost
	}))
}

// joinedSums adds up the sums of a column with what rounding took from them.
func (g *Groups) joinedSums(of string) []moments {
	sums, lost := g.Col(stateName(of, "sum")).s.floats("sum"), g.Col(stateName(of, "lost")).s.floats("sum")
	out := make([]moments, g.index.n)
	for row, code := range g.codes {
		if code >= 0 {
			out[code].sum.add(sums[row])
			out[code].sum.lost += lost[row]
		}
	}
	return out
}

// joinedSquares adds up the squares of distances from the means of parts, and for each part
// the square of the distance of its mean from that of all.
func (g *Groups) joinedSquares(of string) *Series {
	n := g.Col(stateName(of, "n")).s.floats("var")
	sums, lost := g.Col(stateName(of, "sum")).s.floats("var"), g.Col(stateName(of, "lost")).s.floats("var")
	total, squares := g.joinedSums(of), make([]compensated, g.index.n)
	for row, code := range g.codes {
		if code >= 0 {
			total[code].n += int(n[row])
		}
	}
	s := g.Col(stateName(of, "squares"))
	for row, square := range s.s.floats("var") {
		if code := g.codes[row]; code >= 0 && n[row] > 0 {
			squares[code].add(square)
			d := (sums[row]+lost[row])/n[row] - total[code].mean()
			squares[code].add(n[row] * d * d)
		}
	}
	out := make([]float64, len(squares))
	for i := range out {
		out[i] = squares[i].value()
	}
	return s.result(column.NewFloats(out))
}

// ended is the reduction of a column of the parts that were put together.
func ended(df *DataFrame, w Reduction) *Series {
	state := func(name string) *Series { return df.Col(stateName(w.Column, name)).Rename(w.Column) }
	floats := func(name string) []float64 { return state(name).floats(w.How) }
	switch w.How {
	case "sum":
		if whole := state("whole"); whole.Dtype() == Int64 {
			return whole
		}
		return state("sum").with(column.NewFloats(divided(floats("sum"), floats("lost"), nil)))
	case "mean":
		return state("sum").with(column.NewFloats(divided(floats("sum"), floats("lost"), floats("n"))))
	case "var", "std":
		out, n := slices.Clone(floats("squares")), floats("n")
		for i := range out {
			if out[i] /= n[i] - 1; n[i] < 2 {
				out[i] = math.NaN()
			}
			if w.How == "std" {
				out[i] = math.Sqrt(out[i])
			}
		}
		return state("squares").with(column.NewFloats(out))
	}
	return state(w.How)
}

// divided is sums by numbers; nil divides by nothing.
func divided(sums, lost, n []float64) []float64 {
	out := make([]float64, len(sums))
	for i := range out {
		out[i] = (&compensated{sums[i], lost[i]}).value()
		if n != nil {
			out[i] /= n[i] // 0/0 is missing
		}
	}
	return out
}

func seriesEnd(df *DataFrame, _ []string, wants []Reduction) (s *Series, err error) {
	defer told(&err)
	return ended(df, wants[0]), nil
}

func valueEnd(df *DataFrame, _ []string, wants []Reduction) (v any, err error) {
	defer told(&err)
	s := ended(df, wants[0])
	if v = s.values.Value(0); v == nil && s.Dtype() == Float64 && wants[0].How != "min" && wants[0].How != "max" {
		return math.NaN(), nil
	}
	if n, ok := v.(int64); ok && wants[0].How == "sum" {
		return float64(n), nil
	}
	return v, nil
}

// endAs makes the frame of a result whose columns are called by their column, their
// reduction, or both.
func endAs(df *DataFrame, wants []Reduction, title func(w Reduction) string) (out *DataFrame, err error) {
	defer told(&err)
	out = &DataFrame{index: df.index}
	for _, w := range wants {
		out.add(ended(df, w).Rename(title(w)))
	}
	return out, nil
}

func columnsEnd(df *DataFrame, _ []string, wants []Reduction) (*DataFrame, error) {
	return endAs(df, wants, func(w Reduction) string { return w.Column })
}

func aggEnd(df *DataFrame, _ []string, wants []Reduction) (*DataFrame, error) {
	return endAs(df, wants, func(w Reduction) string { return w.How })
}

func groupsEnd(df *DataFrame, _ []string, wants []Reduction) (*DataFrame, error) {
	return endAs(df, wants, func(w Reduction) string { return w.Column + "_" + w.How })
}
