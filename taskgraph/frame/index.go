package frame

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// Index is the labels of the rows of a frame or series: their numbers, the values of a
// column (as the keys of groups are), or of several, one level each.
type Index struct {
	names  []string        // of the levels
	levels []column.Column // none if the labels are numbers from start on
	start  int
	n      int
}

// rangeIndex is the labels 0, 1, 2 ... of n rows.
func rangeIndex(n int) *Index { return &Index{n: n} }

// newIndex is labels that are values of columns of the same length.
func newIndex(names []string, levels []column.Column) *Index {
	return &Index{names: names, levels: levels, n: levels[0].Len()}
}

// Len is how many labels there are.
func (x *Index) Len() int { return x.n }

// Names are the names of the levels, "" for one without; none for rows that are numbered.
func (x *Index) Names() []string { return slices.Clone(x.names) }

// Label is the label of a row: a value, or a []any where there are several levels. nil
// stands for a missing one.
func (x *Index) Label(row int) any {
	switch len(x.levels) {
	case 0:
		if row < 0 || row >= x.n {
			panic(errorf("Label", "there is no row %d: there are %d", row, x.n))
		}
		return int64(x.start + row)
	case 1:
		return x.levels[0].Value(row)
	}
	labels := make([]any, len(x.levels))
	for i, c := range x.levels {
		labels[i] = c.Value(row)
	}
	return labels
}

// Labels are all labels, as Label gives them.
func (x *Index) Labels() []any {
	all := make([]any, x.n)
	for i := range all {
		all[i] = x.Label(i)
	}
	return all
}

// String is the labels, cut after the first ten.
func (x *Index) String() string {
	if x.isRange() {
		return fmt.Sprintf("Index %d to %d", x.start, x.start+x.n-1)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Index %s [", strings.Join(x.names, ", "))
	for i := range min(x.n, 10) {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprint(&b, x.Label(i))
	}
	if x.n > 10 {
		b.WriteString(", ...")
	}
	return b.String() + "]"
}

func (x *Index) isRange() bool { return len(x.levels) == 0 }

// columns are the levels; the numbers of rows are one, without a name.
func (x *Index) columns() ([]string, []column.Column) {
	if !x.isRange() {
		return x.names, x.levels
	}
	numbers := make([]int64, x.n)
	for i := range numbers {
		numbers[i] = int64(x.start + i)
	}
	return []string{""}, []column.Column{column.NewInts(numbers, nil)}
}

func (x *Index) slice(from, to int) *Index {
	if x.isRange() {
		return &Index{start: x.start + from, n: to - from}
	}
	levels := make([]column.Column, len(x.levels))
	for i, c := range x.levels {
		levels[i] = c.Slice(from, to)
	}
	return newIndex(x.names, levels)
}

// take is the labels of rows; that of row -1 is missing.
func (x *Index) take(rows []int) *Index {
	if x.isRange() && x.start == 0 && consecutive(rows) {
		return &Index{start: first(rows), n: len(rows)}
	}
	names, levels := x.columns()
	taken := make([]column.Column, len(levels))
	for i, c := range levels {
		taken[i] = c.Take(rows)
	}
	return newIndex(names, taken)
}

func first(rows []int) int {
	if len(rows) == 0 {
		return 0
	}
	return rows[0]
}

// consecutive reports whether every row follows the one before it.
func consecutive(rows []int) bool {
	for i, row := range rows {
		if row != rows[0]+i || row < 0 {
			return false
		}
	}
	return true
}

// equal reports whether the labels are the same in the same order.
func (x *Index) equal(y *Index) bool {
	if x == y {
		return true
	}
	if x.n != y.n || len(x.levels) != len(y.levels) {
		return false
	}
	if x.isRange() {
		return x.start == y.start
	}
	for i, c := range x.levels {
		if !column.Equal(c, y.levels[i]) {
			return false
		}
	}
	return true
}
