package frame

import (
	"fmt"
	"math"
	"reflect"
	"time"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// columnOf is the column of a slice that a person gives.
func columnOf(op, name string, values any) column.Column {
	switch values := values.(type) {
	case []float64:
		return column.NewFloats(append([]float64{}, values...))
	case []int64:
		return column.NewInts(append([]int64{}, values...), nil)
	case []string:
		return column.NewStrings(values, nil)
	case []bool:
		return column.NewBools(append([]bool{}, values...), nil)
	}
	v := reflect.ValueOf(values)
	if k := v.Kind(); k != reflect.Slice && k != reflect.Array {
		panic(errorf(op, "the values of the column %q are of type %T: a slice is needed", name, values))
	}
	cells := make([]any, v.Len())
	for i := range cells {
		cells[i] = plain(op, name, v.Index(i))
	}
	c, err := columnOfCells(cells, v.Type().Elem())
	if err != nil {
		panic(errorf(op, "the column %q: %v", name, err))
	}
	return c
}

var timeType = reflect.TypeFor[time.Time]()

// plain is a value as a column has it: an int64, float64, bool, string, time.Time or nil. The
// zero Time, which is Go's way to say that there is none, is nil.
func plain(op, name string, v reflect.Value) any {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	x, ok := scalar(v)
	if !ok {
		panic(errorf(op, "the column %q cannot hold values of type %v: numbers, texts, truth values and times it can", name, v.Type()))
	}
	if err := beyond(x); err != nil {
		panic(errorf(op, "the column %q: %v", name, err))
	}
	if t, ok := x.(time.Time); ok && t.IsZero() {
		return nil
	}
	return x
}

// scalar is a value of Go as a column has it, but for the zero Time, which stays one.
func scalar(v reflect.Value) (any, bool) {
	switch {
	case !v.IsValid():
		return nil, true
	case v.Type() == timeType:
		return v.Interface(), true
	case v.CanInt():
		return v.Int(), true
	case v.CanUint():
		if u := v.Uint(); u <= math.MaxInt64 {
			return int64(u), true
		}
		return float64(v.Uint()), true
	case v.CanFloat():
		return v.Float(), true
	case v.Kind() == reflect.Bool:
		return v.Bool(), true
	case v.Kind() == reflect.String:
		return v.String(), true
	}
	return nil, false
}

// The times that 64 bits hold in nanoseconds.
var earliest, latest = time.Unix(0, math.MinInt64+1), time.Unix(0, math.MaxInt64)

// beyond is the error of a time that a column cannot hold; the zero Time is a missing one.
func beyond(x any) error {
	if t, ok := x.(time.Time); ok && !t.IsZero() && (t.Before(earliest) || t.After(latest)) {
		return fmt.Errorf("the time %s is outside of the years 1678 to 2262, which a timestamp holds", t.Format(time.DateTime))
	}
	return nil
}

// isMissing says whether a scalar stands for a missing value in a column of its type.
func isMissing(x any) bool {
	switch x := x.(type) {
	case nil:
		return true
	case float64:
		return math.IsNaN(x)
	case time.Time:
		return x.IsZero()
	}
	return false
}

// cellType is the type of a column for a value of it.
func cellType(v any) Dtype {
	switch v.(type) {
	case int64:
		return Int64
	case float64:
		return Float64
	case bool:
		return Bool
	case string:
		return String
	}
	return Timestamp
}

// columnOfCells is the column of plain values; declared is the Go type of their slice, which
// says what a column is in which all are missing.
func columnOfCells(cells []any, declared reflect.Type) (column.Column, error) {
	d := Dtype(0)
	for i, v := range cells {
		if v == nil {
			continue
		}
		switch t := cellType(v); {
		case d == 0 || d == t:
			d = t
		case d.IsNumber() && t.IsNumber():
			d = Float64
		default:
			return nil, fmt.Errorf("row %d is of type %v, and the rows before it of type %v", i, t, d)
		}
	}
	if d == 0 {
		d = declaredType(declared)
	}
	return cellsAs(cells, d), nil
}

// declaredType is the type of a column for a type of Go; Float64 for those that say nothing.
func declaredType(t reflect.Type) Dtype {
	if t != nil {
		if d := declaredScalar(t); d != 0 {
			return d
		}
	}
	return Float64
}

// declaredScalar is the type of the column for a type of Go, 0 if it has none.
func declaredScalar(t reflect.Type) Dtype {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if x, ok := scalar(reflect.Zero(t)); ok {
		return cellType(x)
	}
	return 0
}

// cellsAs makes a column of a type of values that are of it, or missing.
func cellsAs(cells []any, d Dtype) column.Column {
	valid := make([]bool, len(cells))
	for i, v := range cells {
		valid[i] = !isMissing(v)
	}
	switch d {
	case Int64:
		return column.NewInts(each(cells, func(v any) int64 { return v.(int64) }, 0), valid)
	case Bool:
		return column.NewBools(each(cells, func(v any) bool { return v.(bool) }, false), valid)
	case String:
		return column.NewStrings(each(cells, func(v any) string { return v.(string) }, ""), valid)
	case Timestamp:
		return column.NewTimes(each(cells, func(v any) time.Time { return v.(time.Time) }, time.Time{}), valid)
	}
	return column.NewFloats(each(cells, asFloat, math.NaN()))
}

func asFloat(v any) float64 {
	if n, ok := v.(int64); ok {
		return float64(n)
	}
	return v.(float64)
}

// each converts values, and takes missing for nil.
func each[T any](cells []any, as func(any) T, missing T) []T {
	out := make([]T, len(cells))
	for i, v := range cells {
		if out[i] = missing; v != nil {
			out[i] = as(v)
		}
	}
	return out
}

// scalarOf is the scalar of one value, never nil; false if it is none.
func scalarOf(op string, value any) (any, bool) {
	if value == nil {
		return nil, false
	}
	x, ok := scalar(reflect.ValueOf(value))
	if err := beyond(x); err != nil {
		panic(errorf(op, "%v", err))
	}
	return x, ok
}

// scalarColumn is a column of n times the same scalar.
func scalarColumn(x any, n int) column.Column {
	if s, ok := x.(string); ok {
		return column.Dict{Codes: make([]int32, n), Words: []string{s}}
	}
	return cellsAs([]any{x}, cellType(x)).Take(make([]int, n))
}
