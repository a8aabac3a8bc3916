package frame

import (
	"slices"
	"strings"
)

// LazyGroups is the rows of a lazy frame in groups of equal keys. Each partition is reduced
// by itself; the parts, a row for each group, are put together in a tree.
type LazyGroups struct {
	df   *LazyFrame
	keys []string
	cols []string // that Select named
}

// LazySeriesGroups is the values of one column in groups.
type LazySeriesGroups struct {
	g    *LazyGroups
	name string
}

// GroupBy puts together the rows with equal values of the named columns.
func (df *LazyFrame) GroupBy(keys ...string) *LazyGroups {
	if len(keys) == 0 {
		panic(errorf("GroupBy", "it takes the name of a column, or several"))
	}
	df.known("GroupBy", keys...)
	return &LazyGroups{df: df, keys: keys}
}

// Col is one column of the groups.
func (g *LazyGroups) Col(name string) *LazySeriesGroups {
	g.df.known("Col", name)
	return &LazySeriesGroups{g, name}
}

// Select is some columns of the groups.
func (g *LazyGroups) Select(names ...string) *LazyGroups {
	g.df.known("Select", names...)
	return &LazyGroups{g.df, g.keys, names}
}

// Reduction is a reduction that tasks of lazy frames do: of a column, by one of the names that Agg
// takes. It is exported because tasks travel to worker processes.
type Reduction struct {
	Column, How string
}

// reduce makes the step of reductions; end makes the result of its frame.
func (g *LazyGroups) reduce(name string, wants []Reduction, k kind, end any) *step {
	need := named(g.keys...)
	for _, w := range wants {
		need[w.Column] = true
	}
	delete(need, "")
	return &step{name: name, kind: k, n: 1, inputs: []*step{g.df.step}, fn: groupPart, args: []any{g.keys, wants},
		tree: &tree{join: groupJoin, end: end}, wants: func(columns) []columns { return []columns{need} }}
}

func (s *LazySeriesGroups) reduce(how string) *LazySeries {
	return &LazySeries{s.g.df.maker, s.name, s.g.reduce(how, []Reduction{{s.name, how}}, seriesKind, seriesEnd)}
}

// Sum is the sum of the numbers of each group.
func (s *LazySeriesGroups) Sum() *LazySeries { return s.reduce("sum") }

// Mean is the mean of the numbers of each group.
func (s *LazySeriesGroups) Mean() *LazySeries { return s.reduce("mean") }

// Count is how many values are there in each group.
func (s *LazySeriesGroups) Count() *LazySeries { return s.reduce("count") }

// Min is the smallest value of each group.
func (s *LazySeriesGroups) Min() *LazySeries { return s.reduce("min") }

// Max is the largest value of each group.
func (s *LazySeriesGroups) Max() *LazySeries { return s.reduce("max") }

// Std is the standard deviation of the numbers of each group.
func (s *LazySeriesGroups) Std() *LazySeries { return s.reduce("std") }

// Var is the variance of the numbers of each group.
func (s *LazySeriesGroups) Var() *LazySeries { return s.reduce("var") }

// First is the first value of each group that is there.
func (s *LazySeriesGroups) First() *LazySeries { return s.reduce("first") }

// Last is the last value of each group that is there.
func (s *LazySeriesGroups) Last() *LazySeries { return s.reduce("last") }

// Agg is several reductions of each group, with a column for each: sum, mean, count, size,
// min, max, std, var, first and last.
func (s *LazySeriesGroups) Agg(names ...string) *LazyFrame {
	wants := make([]Reduction, len(names))
	for i, how := range names {
		wants[i] = Reduction{s.name, how}
	}
	return s.g.frame("agg", wants, aggEnd, names)
}

// Size is how many rows each group has.
func (g *LazyGroups) Size() *LazySeries {
	return &LazySeries{g.df.maker, "", g.reduce("size", []Reduction{{"", "size"}}, seriesKind, seriesEnd)}
}

// Agg is reductions of columns, as those of LazySeriesGroups.Agg, in the order of the names:
// Agg(map[string][]string{"DepDelay": {"mean", "max"}}) has the columns DepDelay_mean and
// DepDelay_max.
func (g *LazyGroups) Agg(how map[string][]string) *LazyFrame {
	var names []string
	for name := range how {
		g.df.known("Agg", name)
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if d := slices.Index(g.df.names, a) - slices.Index(g.df.names, b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	var wants []Reduction
	var titles []string
	for _, name := range names {
		for _, h := range how[name] {
			wants, titles = append(wants, Reduction{name, h}), append(titles, name+"_"+h)
		}
	}
	return g.frame("agg", wants, groupsEnd, titles)
}

func (g *LazyGroups) frame(name string, wants []Reduction, end any, titles []string) *LazyFrame {
	for _, w := range wants {
		if _, ok := stateOf[w.How]; !ok {
			panic(errorf("Agg", "there is no reduction %q of a lazy frame%s", w.How, among(w.How, lazyReductions())))
		}
	}
	s := g.reduce(name, wants, frameKind, end)
	return &LazyFrame{g.df.maker, titles, nil, s}
}

func lazyReductions() []string {
	var names []string
	for name := range stateOf {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// all reduces all columns, those of numbers alone where types are known; the others then
// give an error that names them.
func (g *LazyGroups) all(how string, numbers bool) *LazyFrame {
	names := g.cols
	if names == nil {
		if g.df.names == nil {
			panic(errorf(how, "the columns are not known before the frame is computed: say which with Select"))
		}
		for i, name := range g.df.names {
			if d := g.df.types[i]; !slices.Contains(g.keys, name) && (!numbers || d.IsNumber() || d == Bool) {
				names = append(names, name)
			}
		}
	}
	wants := make([]Reduction, len(names))
	for i, name := range names {
		wants[i] = Reduction{name, how}
	}
	return g.frame(how, wants, columnsEnd, names)
}

// Sum is the sum of each column of numbers in each group.
func (g *LazyGroups) Sum() *LazyFrame { return g.all("sum", true) }

// Mean is the mean of each column of numbers in each group.
func (g *LazyGroups) Mean() *LazyFrame { return g.all("mean", true) }

// Std is the standard deviation of each column of numbers in each group.
func (g *LazyGroups) Std() *LazyFrame { return g.all("std", true) }

// Count is how many values of each column are there in each group.
func (g *LazyGroups) Count() *LazyFrame { return g.all("count", false) }

// Min is the smallest value of each column in each group.
func (g *LazyGroups) Min() *LazyFrame { return g.all("min", false) }

// Max is the largest value of each column in each group.
func (g *LazyGroups) Max() *LazyFrame { return g.all("max", false) }
