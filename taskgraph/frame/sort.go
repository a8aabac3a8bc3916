package frame

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// Descending is a key of Sort by which the largest values come first: Desc makes it.
type Descending struct{ name string }

// Desc is the column of a name from its largest value down, as a key of Sort.
func Desc(name string) Descending { return Descending{name} }

// Sort is the rows in the order of columns, the first before the second. A key is the name of
// a column, or frame.Desc of one:
//
//	df.Sort("Origin", frame.Desc("DepDelay"))
//
// Missing values come last, whichever the direction, and rows that are equal stay in their
// order. The rows keep their labels. Texts are ordered by their bytes, false is before true.
func (df *DataFrame) Sort(keys ...any) *DataFrame {
	if len(keys) == 0 {
		panic(errorf("Sort", "it takes the name of a column, or several; SortIndex sorts by the labels"))
	}
	columns, descending := make([]column.Column, len(keys)), make([]bool, len(keys))
	for i, key := range keys {
		switch key := key.(type) {
		case string:
			columns[i] = df.columns[position("Sort", key, df.names)]
		case Descending:
			columns[i], descending[i] = df.columns[position("Sort", key.name, df.names)], true
		default:
			panic(errorf("Sort", "a key is the name of a column or frame.Desc of one, not a %T", key))
		}
	}
	return df.take(sorted(columns, descending))
}

// SortIndex is the rows in the order of their labels.
func (df *DataFrame) SortIndex() *DataFrame {
	if df.index.isRange() {
		return df
	}
	return df.take(sorted(df.index.levels, nil))
}

// Sort is the values from the smallest to the largest, the missing ones last. They keep their
// labels, and equal ones stay in their order.
func (s *Series) Sort() *Series { return s.take(sorted([]column.Column{s.values}, nil)) }

// SortDesc is the values from the largest to the smallest, the missing ones last as well.
func (s *Series) SortDesc() *Series { return s.take(sorted([]column.Column{s.values}, []bool{true})) }

// SortIndex is the values in the order of their labels.
func (s *Series) SortIndex() *Series {
	if s.index.isRange() {
		return s
	}
	return s.take(sorted(s.index.levels, nil))
}

// comparison compares rows that are not missing.
func comparison(c column.Column) func(i, j int) int {
	switch c := c.(type) {
	case column.Ints:
		return func(i, j int) int { return cmp.Compare(c.Values[i], c.Values[j]) }
	case column.Times:
		return func(i, j int) int { return cmp.Compare(c.Values[i], c.Values[j]) }
	case column.Floats:
		return func(i, j int) int { return cmp.Compare(c.Values[i], c.Values[j]) }
	case column.Bools:
		return func(i, j int) int { return zeroOne(c.Values[i]) - zeroOne(c.Values[j]) }
	case column.Strings:
		return func(i, j int) int {
			return bytes.Compare(c.Bytes[c.Offsets[i]:c.Offsets[i+1]], c.Bytes[c.Offsets[j]:c.Offsets[j+1]])
		}
	}
	d := c.(column.Dict)
	order := rankWords(d.Words)
	return func(i, j int) int { return order[d.Codes[i]] - order[d.Codes[j]] }
}

func zeroOne(b bool) int {
	if b {
		return 1
	}
	return 0
}

// rankWords is the place of each word among the sorted ones.
func rankWords(words []string) []int {
	order := make([]int, len(words))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return strings.Compare(words[i], words[j]) })
	ranks := make([]int, len(words))
	for place, i := range order {
		ranks[i] = place
	}
	return ranks
}

// sorted are the rows in the order of the columns, the first before the second; equal ones
// stay in order, missing ones come last. descending has a truth value for each column, or is
// nil.
//
// Each column becomes whole numbers of the same order, by which the rows are sorted from the
// last column to the first: a radix sort (Knuth, The Art of Computer Programming 3, 5.2.5),
// which looks only at the digits in which the numbers of the column differ.
func sorted(columns []column.Column, descending []bool) []int {
	order := make([]keyed, columns[0].Len())
	for i := range order {
		order[i].row = i
	}
	spare := make([]keyed, len(order))
	for i := len(columns) - 1; i >= 0; i-- {
		k := orderKeys(columns[i])
		if descending != nil && descending[i] {
			k.turn()
		}
		order, spare = radix(order, spare, k)
	}
	rows := make([]int, len(order))
	for i, o := range order {
		rows[i] = o.row
	}
	return rows
}
