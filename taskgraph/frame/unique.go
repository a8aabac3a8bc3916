package frame

import (
	"slices"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// Unique is each different value once, in the order in which they first come; a missing value
// is one of them. The rows are numbered.
func (s *Series) Unique() *Series {
	rows := firstRows(factorizeOne(s.values, true))
	return &Series{s.name, s.values.Take(rows), rangeIndex(len(rows))}
}

// firstRows is the first row of each of n codes.
func firstRows(codes []int, n int) []int {
	rows := make([]int, 0, n)
	for row, code := range codes {
		if code == len(rows) {
			rows = append(rows, row)
		}
	}
	return rows
}

// NUnique is how many different values there are, missing ones not counted.
func (s *Series) NUnique() int {
	_, n := factorizeOne(s.values, false)
	return n
}

// ValueCounts is how often each value is there, the most frequent first: its labels are the
// values. Missing ones are not counted; values that are there equally often are in the order
// in which they first come.
func (s *Series) ValueCounts() *Series {
	codes, n := factorizeOne(s.values, false)
	counts, first := make([]int64, n), make([]int, n)
	for row, code := range codes {
		if code < 0 {
			continue
		}
		if counts[code] == 0 {
			first[code] = row
		}
		counts[code]++
	}
	index := newIndex([]string{s.name}, []column.Column{s.values.Take(first)})
	return (&Series{"count", column.NewInts(counts, nil), index}).SortDesc()
}

// Mode are the values that are there most often, in order; none if nothing is there.
func (s *Series) Mode() *Series {
	counts := s.ValueCounts()
	n := 0
	values := counts.values.(column.Ints).Values
	for n < len(values) && values[n] == values[0] {
		n++
	}
	top := &Series{s.name, counts.index.levels[0].Slice(0, n), rangeIndex(n)}
	return top.Sort().DropIndex()
}

// IsIn says which values are among others: IsIn("JFK", "LGA"), or IsIn of one slice or
// *Series. Values of another type than the series' are equal to none; nil stands for a
// missing one.
func (s *Series) IsIn(values ...any) *Series {
	among, nothing := s.wanted(values)
	all, err := column.Concat(s.values, among)
	if err != nil {
		panic(errorf("IsIn", "the column %q: %v", s.name, err))
	}
	codes, n := factorizeOne(all, false)
	in := make([]bool, n)
	for _, code := range codes[s.Len():] {
		if code < 0 {
			nothing = true
		} else {
			in[code] = true
		}
	}
	out := make([]bool, s.Len())
	for row, code := range codes[:s.Len()] {
		if out[row] = nothing; code >= 0 {
			out[row] = in[code]
		}
	}
	return s.with(column.Bools{Values: out})
}

// wanted are the values for IsIn that are of the type of the series, and whether nil is one.
func (s *Series) wanted(values []any) (among column.Column, nothing bool) {
	if len(values) == 1 {
		if other, ok := values[0].(*Series); ok && other != nil {
			values = other.Values()
		} else if _, single := scalarOf("IsIn", values[0]); !single && values[0] != nil {
			values = (&Series{values: columnOf("IsIn", s.name, values[0])}).Values()
		}
	}
	var fitting []any
	for _, v := range values {
		one, ok := scalarOf("IsIn", v)
		switch {
		case v == nil:
			nothing = true
		case !ok:
			panic(errorf("IsIn", "a %T is no number, text, truth value or time", v))
		case cellType(one) == s.Dtype():
			fitting = append(fitting, one)
		case cellType(one) == Float64 && s.Dtype() == Int64:
			if whole := int64(one.(float64)); float64(whole) == one.(float64) {
				fitting = append(fitting, whole)
			}
		case cellType(one) == Int64 && s.Dtype() == Float64:
			fitting = append(fitting, asFloat(one))
		}
	}
	return cellsAs(fitting, s.Dtype()), nothing
}

// Duplicated says which values were there before, in a row further up.
func (s *Series) Duplicated() *Series { return s.Frame().Duplicated() }

// Duplicated says which rows were there before, in a row further up: with equal values in the
// columns of the names or, without names, in all. Missing values equal each other.
func (df *DataFrame) Duplicated(names ...string) *Series {
	out := make([]bool, df.Len())
	for row := range out {
		out[row] = true
	}
	for _, row := range df.distinct("Duplicated", names) {
		out[row] = false
	}
	return &Series{"", column.Bools{Values: out}, df.index}
}

// DropDuplicates is the rows without those that Duplicated tells: the first of equal rows.
func (df *DataFrame) DropDuplicates(names ...string) *DataFrame {
	return df.take(df.distinct("DropDuplicates", names))
}

// distinct is the first of equal rows.
func (df *DataFrame) distinct(op string, names []string) []int {
	columns := slices.Clone(df.columns)
	if len(names) > 0 {
		columns = columns[:0]
		for _, name := range names {
			columns = append(columns, df.columns[position(op, name, df.names)])
		}
	}
	if len(columns) == 0 {
		return nil
	}
	return firstRows(factorize(columns, true))
}

// NUnique is how many different values each column has.
func (df *DataFrame) NUnique() *Series {
	counts := make([]int64, len(df.names))
	for i := range counts {
		counts[i] = int64(df.series(i).NUnique())
	}
	return &Series{"", column.NewInts(counts, nil), labels("", df.names)}
}

// NLargest is the n rows with the largest values of a column, the largest first; rows with
// equal ones are in their order. Rows in which it is missing come last.
func (df *DataFrame) NLargest(n int, name string) *DataFrame {
	return df.Sort(Desc(name)).Head(max(0, n))
}

// NSmallest is the n rows with the smallest values of a column, as NLargest those with the
// largest.
func (df *DataFrame) NSmallest(n int, name string) *DataFrame { return df.Sort(name).Head(max(0, n)) }

// NLargest is the n largest values, the largest first, and missing ones if there are fewer.
func (s *Series) NLargest(n int) *Series { return s.SortDesc().Head(max(0, n)) }

// NSmallest is the n smallest values, the smallest first, and missing ones if there are fewer.
func (s *Series) NSmallest(n int) *Series { return s.Sort().Head(max(0, n)) }

// IdxMax is the label of the largest value, nil if there is none: the airport with the
// longest mean delay is means.IdxMax().
func (s *Series) IdxMax() any { return s.labelOf(1) }

// IdxMin is the label of the smallest value, nil if there is none.
func (s *Series) IdxMin() any { return s.labelOf(-1) }

func (s *Series) labelOf(sign int) any {
	if at := s.bestRow(sign); at >= 0 {
		return s.index.Label(at)
	}
	return nil
}
