package frame

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// compareRows says how the rows of a column are ordered; missing values come last, whichever
// the direction, as in pandas.
func compareRows(c column.Column, descending bool) func(i, j int) int {
	sign := 1
	if descending {
		sign = -1
	}
	there := comparison(c)
	return func(i, j int) int {
		switch a, b := c.IsMissing(i), c.IsMissing(j); {
		case a && b:
			return 0
		case a:
			return 1
		case b:
			return -1
		}
		return sign * there(i, j)
	}
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
		return func(i, j int) int { return rank(c.Values[i]) - rank(c.Values[j]) }
	case column.Strings:
		return func(i, j int) int {
			return bytes.Compare(c.Bytes[c.Offsets[i]:c.Offsets[i+1]], c.Bytes[c.Offsets[j]:c.Offsets[j+1]])
		}
	}
	d := c.(column.Dict)
	order := rankWords(d.Words)
	return func(i, j int) int { return order[d.Codes[i]] - order[d.Codes[j]] }
}

func rank(b bool) int {
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
// stay in order. descending has a truth value for each column, or is nil.
func sorted(columns []column.Column, descending []bool) []int {
	rows := make([]int, columns[0].Len())
	for i := range rows {
		rows[i] = i
	}
	less := make([]func(i, j int) int, len(columns))
	for i, c := range columns {
		less[i] = compareRows(c, descending != nil && descending[i])
	}
	slices.SortStableFunc(rows, func(i, j int) int {
		for _, compare := range less {
			if d := compare(i, j); d != 0 {
				return d
			}
		}
		return 0
	})
	return rows
}
