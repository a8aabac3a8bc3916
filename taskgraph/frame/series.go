package frame

import (
	"fmt"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// Dtype is the type of the values of a column.
type Dtype = column.Dtype

// The types of columns.
const (
	Int64     = column.Int64     // whole numbers of 64 bits
	Float64   = column.Float64   // floating-point numbers of 64 bits
	Bool      = column.Bool      // true and false
	String    = column.String    // text in UTF-8
	Timestamp = column.Timestamp // points in time, in nanoseconds since 1970 UTC
)

// Series is a column: a name, values of one type and their labels. It never changes.
type Series struct {
	name   string
	values column.Column
	index  *Index
}

// NewSeries makes a series of a slice: of any kind of numbers, of bool, string or time.Time,
// or of pointers to those or any, where nil stands for a missing value, as NaN does among
// floating-point numbers. Other slices panic.
func NewSeries(name string, values any) *Series {
	c := columnOf("NewSeries", name, values)
	return &Series{name, c, rangeIndex(c.Len())}
}

// Name is the name of the series.
func (s *Series) Name() string { return s.name }

// Rename is the series under another name.
func (s *Series) Rename(name string) *Series { return &Series{name, s.values, s.index} }

// Dtype is the type of the values.
func (s *Series) Dtype() Dtype { return s.values.Dtype() }

// Len is how many values there are, with those that are missing.
func (s *Series) Len() int { return s.values.Len() }

// NBytes is how much memory the values take.
func (s *Series) NBytes() int { return s.values.NBytes() }

// Index is the labels of the values.
func (s *Series) Index() *Index { return s.index }

// Arrow is the values as an array of arrow-go, which shares their memory.
func (s *Series) Arrow() arrow.Array { return s.values.Arrow() }

// ILoc is the value of a row by its number; -1 is the last. It is an int64, float64, bool,
// string or time.Time, and nil for a missing one.
func (s *Series) ILoc(row int) any { return s.values.Value(rowNumber("ILoc", row, s.Len())) }

// Loc is the value of a label: Loc("JFK"). Where the index has several levels, it takes a
// label for each. A label that is not there, or more than once, panics.
func (s *Series) Loc(label ...any) any { return s.values.Value(s.index.find("Loc", label)) }

// rowNumber is a row that is counted from the end if it is negative.
func rowNumber(op string, row, n int) int {
	at := row
	if at < 0 {
		at += n
	}
	if at < 0 || at >= n {
		panic(errorf(op, "there is no row %d: there are %d", row, n))
	}
	return at
}

// Values are all values, as ILoc gives them.
func (s *Series) Values() []any {
	all := make([]any, s.Len())
	for i := range all {
		all[i] = s.values.Value(i)
	}
	return all
}

// Floats are the values as floating-point numbers, NaN for missing ones and 1 for true. It
// is a copy. Texts and times panic.
func (s *Series) Floats() []float64 { return append([]float64{}, s.floats("Floats")...) }

// floats are the values as numbers; the slice may be the column's.
func (s *Series) floats(op string) []float64 {
	values, ok := column.Floats64(s.values)
	if !ok {
		panic(errorf(op, "the column %q has values of type %v: numbers are needed", s.name, s.Dtype()))
	}
	return values
}

// Ints are the values as whole numbers. Other types, and missing values, panic.
func (s *Series) Ints() []int64 {
	c, ok := s.values.(column.Ints)
	s.all("Ints", ok, Int64)
	return append([]int64{}, c.Values...)
}

// Bools are the values as truth values. Other types, and missing values, panic.
func (s *Series) Bools() []bool {
	c, ok := s.values.(column.Bools)
	s.all("Bools", ok, Bool)
	return append([]bool{}, c.Values...)
}

// Times are the values as times; the zero Time for missing ones. Other types panic.
func (s *Series) Times() []time.Time {
	c, ok := s.values.(column.Times)
	if !ok {
		panic(errorf("Times", "the column %q has values of type %v, not timestamp", s.name, s.Dtype()))
	}
	all := make([]time.Time, s.Len())
	for i := range all {
		if !c.IsMissing(i) {
			all[i] = column.Time(c.Values[i])
		}
	}
	return all
}

// Strings are the values as texts; "" for missing ones, and those of other types as a table
// shows them.
func (s *Series) Strings() []string {
	all := make([]string, s.Len())
	for i := range all {
		if v := s.values.Value(i); v != nil {
			all[i] = fmt.Sprint(v)
		}
	}
	return all
}

// all panics unless the values have the type and none is missing.
func (s *Series) all(op string, ok bool, d Dtype) {
	if !ok {
		panic(errorf(op, "the column %q has values of type %v, not %v", s.name, s.Dtype(), d))
	}
	if n := s.values.Missing(); n > 0 {
		panic(errorf(op, "%d of the %d values of the column %q are missing: say what they are with FillNull, or leave them out with DropNull", n, s.Len(), s.name))
	}
}

// Frame is a frame with the series as its only column.
func (s *Series) Frame() *DataFrame {
	return &DataFrame{[]string{s.name}, []column.Column{s.values}, s.index}
}

// DropIndex numbers the values and forgets their labels.
func (s *Series) DropIndex() *Series { return &Series{s.name, s.values, rangeIndex(s.Len())} }

// with is a series with other values and the same name and labels.
func (s *Series) with(c column.Column) *Series { return &Series{s.name, c, s.index} }

// take are rows of the series.
func (s *Series) take(rows []int) *Series {
	return &Series{s.name, s.values.Take(rows), s.index.take(rows)}
}
