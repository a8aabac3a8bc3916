package frame

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// FromStructs makes a frame of a slice of structs, or of pointers to them, with a column for
// each exported field: of numbers, bool, string or time.Time, or of pointers to those, where
// nil is a missing value. A column is called as the tag `frame:"name"` says, or as
// `json:"name"` does, or as the field; "-" leaves it out. The fields of embedded structs
// are columns as well. Anything else panics.
//
//	type Day struct {
//		Timestamp time.Time `json:"timestamp"`
//		Close     float64   `json:"close"`
//	}
//	df := frame.FromStructs(days) // days is a []Day
func FromStructs(rows any) *DataFrame {
	v := reflect.ValueOf(rows)
	if v.Kind() != reflect.Slice && v.Kind() != reflect.Array {
		panic(errorf("FromStructs", "it takes a slice of structs, not a %T", rows))
	}
	fields := structColumns("FromStructs", v.Type().Elem())
	out := newFrame(nil, nil)
	for _, fd := range fields {
		out.add(&Series{name: fd.name, values: fd.read(v)})
	}
	return numbered(out, v.Len())
}

// structColumn is a field of a struct that is a column.
type structColumn struct {
	name  string
	index []int
	typ   reflect.Type
}

// structColumns are the fields of a struct, or of a pointer to one.
func structColumns(op string, t reflect.Type) []structColumn {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == timeType {
		panic(errorf(op, "the rows are of type %v: structs are needed", t))
	}
	var out []structColumn
	for _, f := range reflect.VisibleFields(t) {
		name, ok := columnName(f)
		if !ok {
			continue
		}
		if declaredScalar(f.Type) == 0 {
			if f.Anonymous {
				continue // its fields come by themselves
			}
			panic(errorf(op, "the field %s is of type %v, which a column cannot hold: leave it out with the tag `frame:\"-\"`", f.Name, f.Type))
		}
		out = append(out, structColumn{name, f.Index, f.Type})
	}
	if len(out) == 0 {
		panic(errorf(op, "the struct %v has no exported fields: only those become columns", t))
	}
	for i, a := range out {
		for _, b := range out[:i] {
			if a.name == b.name {
				panic(errorf(op, "two fields of %v are called %q", t, a.name))
			}
		}
	}
	return out
}

// columnName is what a field is called as a column; false for one that is none.
func columnName(f reflect.StructField) (string, bool) {
	if !f.IsExported() {
		return "", false
	}
	for _, tag := range []string{"frame", "json"} {
		name, _, _ := strings.Cut(f.Tag.Get(tag), ",")
		if name == "-" {
			return "", false
		}
		if name != "" {
			return name, true
		}
	}
	return f.Name, true
}

// read makes the column of a field of all rows.
func (fd structColumn) read(rows reflect.Value) column.Column {
	at := func(i int) reflect.Value {
		row := rows.Index(i)
		if row.Kind() == reflect.Pointer {
			if row.IsNil() {
				panic(errorf("FromStructs", "row %d is nil", i))
			}
			row = row.Elem()
		}
		v, err := row.FieldByIndexErr(fd.index)
		if err != nil { // within an embedded pointer that is nil
			return reflect.Zero(reflect.PointerTo(fd.typ))
		}
		return v
	}
	n := rows.Len()
	switch {
	case fd.typ.Kind() == reflect.Float64:
		return column.NewFloats(read(n, at, reflect.Value.Float))
	case fd.typ.Kind() >= reflect.Int && fd.typ.Kind() <= reflect.Int64 && len(fd.index) == 1:
		return column.NewInts(read(n, at, reflect.Value.Int), nil)
	case fd.typ.Kind() == reflect.String && len(fd.index) == 1:
		return column.NewStrings(read(n, at, reflect.Value.String), nil)
	}
	cells := make([]any, n)
	for i := range cells {
		cells[i] = plain("FromStructs", fd.name, at(i))
	}
	c, err := columnOfCells(cells, fd.typ)
	if err != nil {
		panic(errorf("FromStructs", "the field %s: %v", fd.name, err))
	}
	return c
}

func read[T any](n int, at func(i int) reflect.Value, value func(reflect.Value) T) []T {
	out := make([]T, n)
	for i := range out {
		if v := at(i); v.Kind() != reflect.Pointer {
			out[i] = value(v)
		}
	}
	return out
}

// ToStructs writes the rows into a slice of structs: rows is a pointer to it. Columns go to
// the fields that FromStructs would make them of; a column without a field is left out, and a
// field without a column stays zero. A missing value is the zero value, or nil in a field that
// is a pointer. A value that a field cannot hold is an error that names the row.
func (df *DataFrame) ToStructs(rows any) error {
	p := reflect.ValueOf(rows)
	if p.Kind() != reflect.Pointer || p.IsNil() || p.Elem().Kind() != reflect.Slice {
		return errorf("ToStructs", "it takes a pointer to a slice of structs, not a %T", rows)
	}
	t := p.Elem().Type()
	fields, err := fieldsOf(t.Elem())
	if err != nil {
		return err
	}
	out := reflect.MakeSlice(t, df.Len(), df.Len())
	for _, fd := range fields {
		if !df.Has(fd.name) {
			continue
		}
		s := df.Col(fd.name)
		for row := range df.Len() {
			if err := assign(structAt(out.Index(row)).FieldByIndex(fd.index), s.values.Value(row)); err != nil {
				return errorf("ToStructs", "row %d, column %q: %v", row, fd.name, err)
			}
		}
	}
	p.Elem().Set(out)
	return nil
}

func fieldsOf(t reflect.Type) (fields []structColumn, err error) {
	defer told(&err)
	fields = structColumns("ToStructs", t)
	for _, fd := range fields {
		at := t
		if at.Kind() == reflect.Pointer {
			at = at.Elem()
		}
		for _, i := range fd.index[:len(fd.index)-1] {
			if at = at.Field(i).Type; at.Kind() == reflect.Pointer {
				return nil, errorf("ToStructs", "the field %s is in an embedded pointer, which cannot be filled", fd.name)
			}
		}
	}
	return fields, nil
}

// structAt is a row; one that is a pointer points to a new struct.
func structAt(row reflect.Value) reflect.Value {
	if row.Kind() != reflect.Pointer {
		return row
	}
	if row.IsNil() {
		row.Set(reflect.New(row.Type().Elem()))
	}
	return row.Elem()
}

// assign puts a plain value into a field.
func assign(field reflect.Value, value any) error {
	if value == nil {
		return nil
	}
	for field.Kind() == reflect.Pointer {
		field.Set(reflect.New(field.Type().Elem()))
		field = field.Elem()
	}
	switch value := value.(type) {
	case time.Time:
		if field.Type() == timeType {
			field.Set(reflect.ValueOf(value))
			return nil
		}
	case string:
		if field.Kind() == reflect.String {
			field.SetString(value)
			return nil
		}
	case bool:
		if field.Kind() == reflect.Bool {
			field.SetBool(value)
			return nil
		}
	case int64:
		return assignInt(field, value)
	case float64:
		if field.CanFloat() {
			field.SetFloat(value)
			return nil
		}
		if whole := int64(value); float64(whole) == value {
			return assignInt(field, whole)
		}
	}
	return fmt.Errorf("the value %v does not fit into a field of type %v", value, field.Type())
}

func assignInt(field reflect.Value, value int64) error {
	switch {
	case field.CanInt() && !field.OverflowInt(value):
		field.SetInt(value)
	case field.CanUint() && value >= 0 && !field.OverflowUint(uint64(value)):
		field.SetUint(uint64(value))
	case field.CanFloat():
		field.SetFloat(float64(value))
	default:
		return fmt.Errorf("the number %d does not fit into a field of type %v", value, field.Type())
	}
	return nil
}
