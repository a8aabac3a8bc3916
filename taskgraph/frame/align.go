package frame

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// find is the row of a label, which has to be there once.
func (x *Index) find(op string, label []any) int {
	levels := max(1, len(x.levels))
	if len(label) != levels {
		panic(errorf(op, "the index has %d levels (%s): a label takes a value for each, not %d", levels, strings.Join(x.names, ", "), len(label)))
	}
	label = slices.Clone(label)
	for i, l := range label {
		one, ok := scalarOf(op, l)
		if !ok && l != nil {
			panic(errorf(op, "a label of type %T is none that an index has", l))
		}
		if label[i] = one; isMissing(one) {
			label[i] = nil
		}
	}
	if x.isRange() {
		n, ok := label[0].(int64)
		if row := int(n) - x.start; ok && row >= 0 && row < x.n {
			return row
		}
		panic(errorf(op, "there is no row with the label %v: they go from %d to %d", label[0], x.start, x.start+x.n-1))
	}
	found := -1
	for row := range x.n {
		if !x.is(row, label) {
			continue
		}
		if found >= 0 {
			panic(errorf(op, "the label %v is there more than once: Filter gives all of its rows", shownLabel(label)))
		}
		found = row
	}
	if found < 0 {
		panic(errorf(op, "there is no row with the label %v", shownLabel(label)))
	}
	return found
}

func shownLabel(label []any) string {
	parts := make([]string, len(label))
	for i, l := range label {
		parts[i] = fmt.Sprint(l)
		if s, ok := l.(string); ok {
			parts[i] = fmt.Sprintf("%q", s)
		}
	}
	return strings.Join(parts, ", ")
}

// is reports whether a row has a label.
func (x *Index) is(row int, label []any) bool {
	for i, c := range x.levels {
		if !sameLabel(c.Value(row), label[i]) {
			return false
		}
	}
	return true
}

// sameLabel compares numbers as numbers and times as points in time.
func sameLabel(a, b any) bool {
	if a == b {
		return true
	}
	switch a := a.(type) {
	case time.Time:
		t, ok := b.(time.Time)
		return ok && a.Equal(t)
	case float64:
		n, ok := b.(int64)
		return ok && a == float64(n)
	case int64:
		x, ok := b.(float64)
		return ok && float64(a) == x
	}
	return false
}

// keys numbers the labels of two indices: equal labels have equal numbers, which count from
// 0 by first appearance, first in x and then in y.
func keys(x, y *Index) (ofX, ofY []int, n int) {
	_, a := x.columns()
	_, b := y.columns()
	parts := make([]column.Column, len(a))
	for i := range a {
		parts[i] = together(a[i], b[i])
	}
	codes, n := factorize(parts, true)
	return codes[:x.n], codes[x.n:], n
}

// together are the rows of two columns, which are of one type or of numbers.
func together(a, b column.Column) column.Column {
	c, err := column.Concat(a, b)
	if err != nil {
		panic(errorf("", "the labels are of different types, %v and %v: they cannot be put together", a.Dtype(), b.Dtype()))
	}
	return c
}

// rowsOf says for each label of y which row of x has it, -1 for none.
func (x *Index) rowsOf(op string, y *Index) []int {
	x.comparable(op, y)
	ofX, ofY, n := keys(x, y)
	row := x.unique(op, ofX, n)
	out := make([]int, y.n)
	for i, key := range ofY {
		out[i] = row[key]
	}
	return out
}

// comparable panics unless the indices have the same number of levels.
func (x *Index) comparable(op string, y *Index) {
	if max(1, len(x.levels)) != max(1, len(y.levels)) {
		panic(errorf(op, "the labels have %d and %d levels: they cannot be put together", max(1, len(x.levels)), max(1, len(y.levels))))
	}
}

// unique is the row of each of n keys, -1 for those that are not there. A key that is there
// twice panics.
func (x *Index) unique(op string, keys []int, n int) []int {
	row := make([]int, n)
	for i := range row {
		row[i] = -1
	}
	for i, key := range keys {
		if row[key] >= 0 {
			panic(errorf(op, "the label %v is there more than once (rows %d and %d): values cannot be put together by labels that are not unique", x.Label(i), row[key], i))
		}
		row[key] = i
	}
	return row
}

// align puts two indices together: the labels of both, in order, and the rows of each that
// have them, -1 for none. Indices that are equal stay as they are, and then rows are nil.
func align(op string, x, y *Index) (union *Index, ofX, ofY []int) {
	if x.equal(y) {
		return x, nil, nil
	}
	x.comparable(op, y)
	keysX, keysY, n := keys(x, y)
	rowX, rowY := x.unique(op, keysX, n), y.unique(op, keysY, n)
	names, a := x.columns()
	namesY, b := y.columns()
	levels := make([]column.Column, len(a))
	source := make([]int, n) // of a key, in the rows of both
	for key := range source {
		if source[key] = rowX[key]; rowX[key] < 0 {
			source[key] = x.n + rowY[key]
		}
	}
	for i := range a {
		levels[i] = together(a[i], b[i]).Take(source)
	}
	if !slices.Equal(names, namesY) {
		names = make([]string, len(levels))
	}
	order := sorted(levels, nil)
	ofX, ofY = make([]int, n), make([]int, n)
	for i, key := range order {
		ofX[i], ofY[i] = rowX[key], rowY[key]
	}
	return newIndex(names, levels).take(order), ofX, ofY
}
