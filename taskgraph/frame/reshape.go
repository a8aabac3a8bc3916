package frame

import (
	"fmt"
	"slices"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// widestPivot is how many columns a pivot may have.
const widestPivot = 10_000

// Pivot makes a table of a frame: a row for each value of the column index, a column for each
// value of the column columns, both in order, and in each place the values of the rows that
// have both, reduced by how: any name that Agg knows, "mean" if it is "". Places without
// rows are missing.
//
//	df.Pivot("Origin", "Month", "DepDelay", "mean")
func (df *DataFrame) Pivot(index, columns, values, how string) *DataFrame {
	if how == "" {
		how = "mean"
	}
	for _, name := range []string{index, columns, values} {
		position("Pivot", name, df.names)
	}
	if index == columns {
		panic(errorf("Pivot", "rows and columns are both of %q", index))
	}
	reduced := reduction("Pivot", how)(df.GroupBy(index, columns).withAll(df).Col(values))
	levels := reduced.index.levels
	rows, nRows := factorizeOne(levels[0], false)
	places, n := factorizeOne(levels[1], false)
	if n > widestPivot {
		panic(errorf("Pivot", "the column %q has %d different values: a table has at most %d columns", columns, n, widestPivot))
	}
	source := make([][]int, n) // of each place, in the rows of reduced
	for i := range source {
		source[i] = make([]int, nRows)
		for j := range source[i] {
			source[i][j] = -1
		}
	}
	for i, row := range rows {
		source[places[i]][row] = i
	}
	heads := levels[1].Take(firstRows(places, n))
	out := &DataFrame{index: newIndex([]string{index}, []column.Column{levels[0].Take(firstRows(rows, nRows))})}
	for _, at := range sorted([]column.Column{heads}, nil) {
		out.add(&Series{fmt.Sprint(heads.Value(at)), reduced.values.Take(source[at]), out.index})
	}
	return out
}

// withAll are groups of a frame with its keys among the columns, so that they can be reduced
// as well.
func (g *Groups) withAll(df *DataFrame) *Groups { return &Groups{df, g.index, g.codes} }

// Melt makes rows of columns: for each of the columns that are not among ids, one below the
// other, the rows of the frame with the ids, the column's name in "variable" and its value in
// "value". The columns have to be of one type, or of numbers.
func (df *DataFrame) Melt(ids ...string) *DataFrame {
	rest := df.Drop(ids...)
	if len(rest.names) == 0 {
		panic(errorf("Melt", "no columns are left besides the ids"))
	}
	rows := make([]int, 0, df.Len()*len(rest.names))
	variable := column.Dict{Codes: make([]int32, 0, cap(rows)), Words: rest.names}
	for at := range rest.names {
		for row := range df.Len() {
			rows, variable.Codes = append(rows, row), append(variable.Codes, int32(at))
		}
	}
	value, err := concatColumns(rest.columns)
	if err != nil {
		panic(errorf("Melt", "the columns %q: %v", rest.names, err))
	}
	kept := df.Select(ids...)
	out := &DataFrame{index: rangeIndex(len(rows))}
	for i, name := range kept.names {
		out.add(&Series{name, kept.columns[i].Take(rows), out.index})
	}
	for _, name := range []string{"variable", "value"} {
		if slices.Contains(out.names, name) {
			panic(errorf("Melt", "there is a column %q already: give it another name with Rename", name))
		}
	}
	out.add(&Series{"variable", variable, out.index})
	out.add(&Series{"value", value, out.index})
	return out
}

// tallest is how many rows Transpose takes.
const tallest = 10_000

// Transpose makes rows of columns and columns of rows. The new columns have the names of the
// rows' labels, and the new rows the names of the columns; the columns have to be of one type,
// or of numbers. It is for small frames: more than 10,000 rows panic.
func (df *DataFrame) Transpose() *DataFrame {
	if df.Len() > tallest {
		panic(errorf("Transpose", "there are %d rows: at most %d can become columns", df.Len(), tallest))
	}
	out := &DataFrame{index: labels("", df.names)}
	if len(df.names) == 0 {
		return out
	}
	all, err := concatColumns(df.columns)
	if err != nil {
		panic(errorf("Transpose", "a row has values of several types: %v", err))
	}
	for row := range df.Len() {
		rows := make([]int, len(df.names))
		for i := range rows {
			rows[i] = i*df.Len() + row
		}
		name := fmt.Sprint(df.index.Label(row))
		if slices.Contains(out.names, name) {
			panic(errorf("Transpose", "two rows have the label %s, and columns need different names", name))
		}
		out.add(&Series{name, all.Take(rows), out.index})
	}
	return out
}
