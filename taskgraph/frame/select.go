package frame

import (
	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// some is how many rows Head and Tail show if not told.
const some = 5

// Head is the first rows: 5, or as many as n says. A negative n leaves out so many at the end.
func (df *DataFrame) Head(n ...int) *DataFrame { return df.slice(0, headEnd("Head", n, df.Len())) }

// Tail is the last rows: 5, or as many as n says. A negative n leaves out so many at the
// beginning.
func (df *DataFrame) Tail(n ...int) *DataFrame {
	return df.slice(df.Len()-headEnd("Tail", n, df.Len()), df.Len())
}

// Head is the first values: 5, or as many as n says. A negative n leaves out so many at the
// end.
func (s *Series) Head(n ...int) *Series { return s.slice(0, headEnd("Head", n, s.Len())) }

// Tail is the last values, as Head is the first.
func (s *Series) Tail(n ...int) *Series {
	return s.slice(s.Len()-headEnd("Tail", n, s.Len()), s.Len())
}

func headEnd(op string, n []int, rows int) int {
	switch {
	case len(n) > 1:
		panic(errorf(op, "it takes one number of rows, not %d", len(n)))
	case len(n) == 0:
		return min(some, rows)
	case n[0] < 0:
		return max(0, rows+n[0])
	}
	return min(n[0], rows)
}

func (s *Series) slice(from, to int) *Series {
	return &Series{s.name, s.values.Slice(from, to), s.index.slice(from, to)}
}

// Rows are the rows from from to before to; negative numbers are counted from the end, and
// what lies outside is cut, as Python's slices do.
func (df *DataFrame) Rows(from, to int) *DataFrame {
	from, to = bounds(from, to, df.Len())
	return df.slice(from, to)
}

// Rows are the values from from to before to, as the frame's Rows are.
func (s *Series) Rows(from, to int) *Series {
	from, to = bounds(from, to, s.Len())
	return s.slice(from, to)
}

func bounds(from, to, n int) (int, int) {
	if from < 0 {
		from += n
	}
	if to < 0 {
		to += n
	}
	from = min(max(from, 0), n)
	return from, min(max(to, from), n)
}

// Take are the rows of the numbers, in that order.
func (df *DataFrame) Take(rows ...int) *DataFrame { return df.take(rowNumbers("Take", rows, df.Len())) }

// Take are the values of the rows, in that order.
func (s *Series) Take(rows ...int) *Series { return s.take(rowNumbers("Take", rows, s.Len())) }

func rowNumbers(op string, rows []int, n int) []int {
	out := make([]int, len(rows))
	for i, row := range rows {
		out[i] = rowNumber(op, row, n)
	}
	return out
}

// Filter is the rows for which a series of truth values is true:
//
//	df.Filter(df.Col("DepDelay").Gt(60).And(df.Col("Origin").Eq("JFK")))
//
// The rows keep their labels. Missing truth values are taken for false. The series must have
// the labels of the frame.
func (df *DataFrame) Filter(mask *Series) *DataFrame { return df.take(rowsWhere(mask, df.index)) }

// Filter is the values for which a series of truth values is true, as the frame's Filter is.
func (s *Series) Filter(mask *Series) *Series { return s.take(rowsWhere(mask, s.index)) }

// rowsWhere are the rows for which a mask is true.
func rowsWhere(mask *Series, x *Index) []int {
	if mask == nil {
		panic(errorf("Filter", "the series of truth values is nil"))
	}
	b, ok := mask.values.(column.Bools)
	if !ok {
		panic(errorf("Filter", "it takes truth values, as df.Col(\"a\").Gt(1) gives them, and the series %q is of type %v", mask.name, mask.Dtype()))
	}
	values := b.Values
	if !mask.index.equal(x) {
		if mask.Len() != x.n {
			panic(errorf("Filter", "there are %d truth values for %d rows", mask.Len(), x.n))
		}
		values = b.Take(mask.index.rowsOf("Filter", x)).(column.Bools).Values
	}
	n := 0
	for _, is := range values {
		if is {
			n++
		}
	}
	rows := make([]int, 0, n)
	for row, is := range values {
		if is {
			rows = append(rows, row)
		}
	}
	return rows
}
