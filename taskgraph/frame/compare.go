package frame

import (
	"cmp"

	"github.com/dagbook/dagbook/taskgraph"
	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// compareNumbers compares numbers: whole ones exactly, others as floating-point numbers.
func compareNumbers(op taskgraph.Op, x, y operand, n int) column.Column {
	if x.dtype() == Int64 && y.dtype() == Int64 {
		return compareInts(op, x, y, n)
	}
	out := make([]bool, n)
	compareAll(op, out, floatsOf(x), floatsOf(y)) // a missing number is NaN, which compares as it shall
	return column.Bools{Values: out}
}

// compareInts compares whole numbers or times.
func compareInts(op taskgraph.Op, x, y operand, n int) column.Column {
	out := make([]bool, n)
	a, validA := intsOf(x)
	b, validB := intsOf(y)
	compareAll(op, out, a, b)
	if valid := both(validA, validB, n); valid != nil {
		for i := range out {
			if !valid.Has(i) {
				out[i] = op == taskgraph.OpNe
			}
		}
	}
	return column.Bools{Values: out}
}

func compareAll[T int64 | float64](op taskgraph.Op, out []bool, a, b cycle[T]) {
	switch op {
	case taskgraph.OpEq:
		for i := range out {
			out[i] = a.at(i) == b.at(i)
		}
	case taskgraph.OpNe:
		for i := range out {
			out[i] = a.at(i) != b.at(i)
		}
	case taskgraph.OpLt:
		for i := range out {
			out[i] = a.at(i) < b.at(i)
		}
	case taskgraph.OpLe:
		for i := range out {
			out[i] = a.at(i) <= b.at(i)
		}
	case taskgraph.OpGt:
		for i := range out {
			out[i] = a.at(i) > b.at(i)
		}
	case taskgraph.OpGe:
		for i := range out {
			out[i] = a.at(i) >= b.at(i)
		}
	}
}

// holds says whether a comparison holds for the order of its sides.
func holds(op taskgraph.Op, order int) bool {
	switch op {
	case taskgraph.OpEq:
		return order == 0
	case taskgraph.OpNe:
		return order != 0
	case taskgraph.OpLt:
		return order < 0
	case taskgraph.OpLe:
		return order <= 0
	case taskgraph.OpGt:
		return order > 0
	}
	return order >= 0
}

// missingDiffer gives rows with a missing value the answer that pandas gives: they are
// different, and nothing else.
func missingDiffer(op taskgraph.Op, out []bool, a, b column.Column) []bool {
	if a.Missing() == 0 && b.Missing() == 0 {
		return out
	}
	for i := range out {
		if a.IsMissing(i) || b.IsMissing(i) {
			out[i] = op == taskgraph.OpNe
		}
	}
	return out
}

// compareTexts compares texts by their bytes. Those of a Dict beside one text are compared
// once for each word.
func compareTexts(op taskgraph.Op, x, y operand, n int) column.Column {
	if d, ok := x.values.(column.Dict); ok && y.values == nil {
		return compareWords(op, d, func(word string) int { return cmp.Compare(word, y.one.(string)) })
	}
	if d, ok := y.values.(column.Dict); ok && x.values == nil {
		return compareWords(op, d, func(word string) int { return cmp.Compare(x.one.(string), word) })
	}
	a, b := x.column(n).(column.Texts), y.column(n).(column.Texts)
	out := make([]bool, n)
	for i := range out {
		out[i] = holds(op, cmp.Compare(a.Text(i), b.Text(i)))
	}
	return column.Bools{Values: missingDiffer(op, out, a, b)}
}

func compareWords(op taskgraph.Op, d column.Dict, order func(word string) int) column.Column {
	answers := make([]bool, len(d.Words))
	for i, word := range d.Words {
		answers[i] = holds(op, order(word))
	}
	out := make([]bool, len(d.Codes))
	for i, code := range d.Codes {
		if code < 0 {
			out[i] = op == taskgraph.OpNe
		} else {
			out[i] = answers[code]
		}
	}
	return column.Bools{Values: out}
}
