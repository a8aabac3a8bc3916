package frame

import (
	"github.com/dagbook/dagbook/taskgraph"
	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// Operate makes operators of delayed nodes work on nodes that will be series: it is
// taskgraph's interface Operator.
func (s *Series) Operate(op taskgraph.Op, x, y any) (result any, err error) {
	defer told(&err)
	switch op {
	case taskgraph.OpNeg:
		return s.Neg(), nil
	case taskgraph.OpNot:
		return s.Not(), nil
	}
	if df, ok := x.(*DataFrame); ok {
		return df.Operate(op, x, y)
	}
	if df, ok := y.(*DataFrame); ok {
		return df.Operate(op, x, y)
	}
	return s.operate(string(op), op, x, y), nil
}

// Operate makes operators of delayed nodes work on nodes that will be frames: it is
// taskgraph's interface Operator. The operation is done column by column: with the column of
// the same name of another frame, with the values of equal labels of a series, or with one
// value.
func (df *DataFrame) Operate(op taskgraph.Op, x, y any) (result any, err error) {
	defer told(&err)
	if op == taskgraph.OpNeg || op == taskgraph.OpNot {
		return df.byColumn(func(s *Series) *Series { r, _ := s.Operate(op, s, nil); return r.(*Series) }), nil
	}
	return df.operate(string(op), op, x, y), nil
}

func told(err *error) {
	switch problem := recover().(type) {
	case nil:
	case *Error:
		*err = problem
	default:
		panic(problem)
	}
}

// byColumn does something to every column.
func (df *DataFrame) byColumn(do func(s *Series) *Series) *DataFrame {
	columns := make([]*Series, len(df.names))
	for i := range columns {
		columns[i] = do(df.series(i))
	}
	return &DataFrame{df.names, valuesOf(columns), indexOf(columns, df.index)}
}

func (df *DataFrame) operate(name string, op taskgraph.Op, x, y any) *DataFrame {
	left, other := x == any(df), y
	if !left {
		other = x
	}
	return df.byColumn(func(s *Series) *Series {
		with := other
		if o, ok := other.(*DataFrame); ok {
			if len(o.names) != len(df.names) {
				panic(errorf(name, "the frames have different columns: %d and %d", len(df.names), len(o.names)))
			}
			with = o.Col(s.name)
		}
		if left {
			return s.operate(name, op, s, with).Rename(s.name)
		}
		return s.operate(name, op, with, s).Rename(s.name)
	})
}

// Add, Sub, Mul and Div calculate with every column: other is a frame with the same columns,
// a series, or one number.
func (df *DataFrame) Add(other any) *DataFrame { return df.operate("Add", taskgraph.OpAdd, df, other) }

// Sub is the difference, column by column.
func (df *DataFrame) Sub(other any) *DataFrame { return df.operate("Sub", taskgraph.OpSub, df, other) }

// Mul is the product, column by column.
func (df *DataFrame) Mul(other any) *DataFrame { return df.operate("Mul", taskgraph.OpMul, df, other) }

// Div is the quotient, column by column.
func (df *DataFrame) Div(other any) *DataFrame { return df.operate("Div", taskgraph.OpDiv, df, other) }

// At is the value of a label, as Loc gives it: what an index of a delayed node picks.
func (s *Series) At(label ...any) any { return s.Loc(label...) }

// At is the column of a name, as Col gives it, and the columns of several, as Select does: what
// an index of a delayed node picks.
func (df *DataFrame) At(names ...any) any {
	texts := make([]string, len(names))
	for i, name := range names {
		text, ok := name.(string)
		if !ok {
			panic(errorf("At", "the index of a frame is the name of a column, not %v of type %T: ILoc gives a row", name, name))
		}
		texts[i] = text
	}
	if len(texts) == 1 {
		return df.Col(texts[0])
	}
	return df.Select(texts...)
}

// Slice is every step-th value from low to before high, by row numbers, as Python's slices
// count: Slice(low, high, step), where nil is the beginning, the end or 1.
func (s *Series) Slice(bounds ...any) *Series {
	from, to, step := sliceBounds(bounds, s.Len())
	if step == 1 {
		return s.slice(from, max(from, to))
	}
	return s.take(steps(from, to, step))
}

// Slice is every step-th row from low to before high, as the series' Slice is.
func (df *DataFrame) Slice(bounds ...any) *DataFrame {
	from, to, step := sliceBounds(bounds, df.Len())
	if step == 1 {
		return df.slice(from, max(from, to))
	}
	return df.take(steps(from, to, step))
}

func steps(from, to, step int) []int {
	var rows []int
	for row := from; step > 0 && row < to || step < 0 && row > to; row += step {
		rows = append(rows, row)
	}
	return rows
}

// sliceBounds are the rows that a slice of Python stands for.
func sliceBounds(bounds []any, n int) (from, to, step int) {
	if len(bounds) > 3 {
		panic(errorf("Slice", "it takes low, high and step, not %d values", len(bounds)))
	}
	var given [3]*int
	for i, b := range bounds {
		if b == nil {
			continue
		}
		x, _ := scalarOf("Slice", b)
		whole, ok := x.(int64)
		if !ok {
			panic(errorf("Slice", "low, high and step are whole numbers or nil, not %v of type %T", b, b))
		}
		at := int(whole)
		given[i] = &at
	}
	if step = 1; given[2] != nil {
		step = *given[2]
	}
	if step == 0 {
		panic(errorf("Slice", "the step is 0"))
	}
	low, high := 0, n
	from, to = 0, n
	if step < 0 {
		low, high, from, to = -1, n-1, n-1, -1
	}
	for i, at := range []*int{&from, &to} {
		if given[i] == nil {
			continue
		}
		if *at = *given[i]; *at < 0 {
			*at += n
		}
		*at = min(max(*at, low), high)
	}
	return from, to, step
}

func valuesOf(columns []*Series) []column.Column {
	out := make([]column.Column, len(columns))
	for i, s := range columns {
		out[i] = s.values
	}
	return out
}

// indexOf is the labels that columns have in common.
func indexOf(columns []*Series, none *Index) *Index {
	if len(columns) == 0 {
		return none
	}
	return columns[0].index
}
