package column

import (
	"fmt"
	"math"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
)

// Dtype is the type of a column's values.
type Dtype uint8

// The types of columns.
const (
	Int64     Dtype = iota + 0xD1 // whole numbers of 64 bits
	Float64                       // floating-point numbers of 64 bits
	Bool                          // true and false
	String                        // text in UTF-8
	Timestamp                     // points in time, in nanoseconds since 1970 UTC
)

var dtypeNames = map[Dtype]string{Int64: "int64", Float64: "float64", Bool: "bool", String: "string", Timestamp: "timestamp"}

// String is the name of the type: int64, float64, bool, string or timestamp.
func (d Dtype) String() string {
	if name, ok := dtypeNames[d]; ok {
		return name
	}
	return fmt.Sprintf("Dtype(%d)", uint8(d))
}

// IsNumber reports whether the values are numbers to calculate with.
func (d Dtype) IsNumber() bool { return d == Int64 || d == Float64 }

// Column is the values of one column. It never changes: what Values, Offsets and the like
// give is only read. An index out of range panics as that of a slice does.
type Column interface {
	Dtype() Dtype
	Len() int
	Missing() int              // how many values are missing
	IsMissing(row int) bool    //
	Value(row int) any         // an int64, float64, bool, string or time.Time; nil if missing
	Slice(from, to int) Column // rows from from to before to; without a copy of values
	Take(rows []int) Column    // the values of these rows; a missing one for row -1
	NBytes() int               // the memory of the values
	Arrow() arrow.Array        // the same memory for arrow-go
}

// Ints are whole numbers. A missing one is 0 in Values.
type Ints struct {
	Values []int64
	Valid  Bitmap
}

// Floats are floating-point numbers. A missing one is NaN.
type Floats struct{ Values []float64 }

// Bools are truth values. A missing one is false in Values.
type Bools struct {
	Values []bool
	Valid  Bitmap
}

// Times are points in time: nanoseconds since 1970 UTC. A missing one is 0 in Values.
type Times struct {
	Values []int64
	Valid  Bitmap
}

func (c Ints) Dtype() Dtype   { return Int64 }
func (c Floats) Dtype() Dtype { return Float64 }
func (c Bools) Dtype() Dtype  { return Bool }
func (c Times) Dtype() Dtype  { return Timestamp }

func (c Ints) Len() int   { return len(c.Values) }
func (c Floats) Len() int { return len(c.Values) }
func (c Bools) Len() int  { return len(c.Values) }
func (c Times) Len() int  { return len(c.Values) }

func (c Ints) Missing() int  { return c.Valid.missing(len(c.Values)) }
func (c Bools) Missing() int { return c.Valid.missing(len(c.Values)) }
func (c Times) Missing() int { return c.Valid.missing(len(c.Values)) }
func (c Floats) Missing() int {
	n := 0
	for _, x := range c.Values {
		if x != x {
			n++
		}
	}
	return n
}

func (c Ints) IsMissing(row int) bool   { return !c.Valid.Has(row) }
func (c Floats) IsMissing(row int) bool { return math.IsNaN(c.Values[row]) }
func (c Bools) IsMissing(row int) bool  { return !c.Valid.Has(row) }
func (c Times) IsMissing(row int) bool  { return !c.Valid.Has(row) }

func (c Ints) Value(row int) any { return orNil(c.Values[row], c.Valid.Has(row)) }
func (c Floats) Value(row int) any {
	return orNil(c.Values[row], !math.IsNaN(c.Values[row]))
}
func (c Bools) Value(row int) any { return orNil(c.Values[row], c.Valid.Has(row)) }
func (c Times) Value(row int) any { return orNil(Time(c.Values[row]), c.Valid.Has(row)) }

func orNil[T any](x T, ok bool) any {
	if !ok {
		return nil
	}
	return x
}

// Time is a point in time of a column of Times.
func Time(nanoseconds int64) time.Time { return time.Unix(0, nanoseconds).UTC() }

func (c Ints) NBytes() int   { return 8*len(c.Values) + len(c.Valid) }
func (c Floats) NBytes() int { return 8 * len(c.Values) }
func (c Bools) NBytes() int  { return len(c.Values) + len(c.Valid) }
func (c Times) NBytes() int  { return 8*len(c.Values) + len(c.Valid) }

func (c Ints) Slice(from, to int) Column {
	return Ints{c.Values[from:to:to], c.Valid.slice(from, to)}
}
func (c Floats) Slice(from, to int) Column { return Floats{c.Values[from:to:to]} }
func (c Bools) Slice(from, to int) Column {
	return Bools{c.Values[from:to:to], c.Valid.slice(from, to)}
}
func (c Times) Slice(from, to int) Column {
	return Times{c.Values[from:to:to], c.Valid.slice(from, to)}
}

func (c Ints) Take(rows []int) Column {
	return Ints{taken(c.Values, rows, 0), c.Valid.take(rows)}
}
func (c Floats) Take(rows []int) Column { return Floats{taken(c.Values, rows, math.NaN())} }
func (c Bools) Take(rows []int) Column {
	return Bools{taken(c.Values, rows, false), c.Valid.take(rows)}
}
func (c Times) Take(rows []int) Column {
	return Times{taken(c.Values, rows, 0), c.Valid.take(rows)}
}

// taken are the values of rows, and missing for row -1.
func taken[T any](values []T, rows []int, missing T) []T {
	out := make([]T, len(rows))
	for i, row := range rows {
		if row < 0 {
			out[i] = missing
		} else {
			out[i] = values[row]
		}
	}
	return out
}
