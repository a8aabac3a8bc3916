package column

import (
	"fmt"
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

func (c Ints) Arrow() arrow.Array {
	return fixed(arrow.PrimitiveTypes.Int64, len(c.Values), c.Valid, arrow.Int64Traits.CastToBytes(c.Values))
}

func (c Times) Arrow() arrow.Array {
	t := &arrow.TimestampType{Unit: arrow.Nanosecond, TimeZone: "UTC"}
	return fixed(t, len(c.Values), c.Valid, arrow.Int64Traits.CastToBytes(c.Values))
}

func (c Bools) Arrow() arrow.Array {
	return fixed(arrow.FixedWidthTypes.Boolean, len(c.Values), c.Valid, bitsOf(len(c.Values), func(i int) bool { return c.Values[i] }))
}

// Arrow gives missing numbers a bitmap; they are NaN below it.
func (c Floats) Arrow() arrow.Array {
	var valid Bitmap
	if c.Missing() > 0 {
		valid = bitsOf(len(c.Values), func(i int) bool { return !math.IsNaN(c.Values[i]) })
	}
	return fixed(arrow.PrimitiveTypes.Float64, len(c.Values), valid, arrow.Float64Traits.CastToBytes(c.Values))
}

func (c Strings) Arrow() arrow.Array {
	offsets := c.Offsets
	if len(offsets) == 0 {
		offsets = []int64{0}
	}
	return fixed(arrow.BinaryTypes.LargeString, c.Len(), c.Valid, arrow.Int64Traits.CastToBytes(offsets), c.Bytes)
}

func (c Dict) Arrow() arrow.Array {
	words := NewText(len(c.Words))
	for _, w := range c.Words {
		words.Append(w)
	}
	t := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.LargeString}
	var valid Bitmap
	numbers := c.Codes
	if c.Missing() > 0 {
		valid = bitsOf(len(c.Codes), func(i int) bool { return c.Codes[i] >= 0 })
		numbers = make([]int32, len(c.Codes)) // readers want the number of a word also where none is
		for i, code := range c.Codes {
			numbers[i] = max(0, code)
		}
	}
	codes := fixed(arrow.PrimitiveTypes.Int32, len(numbers), valid, arrow.Int32Traits.CastToBytes(numbers))
	return array.NewDictionaryArray(t, codes, words.Column().Arrow())
}

func bitsOf(n int, is func(i int) bool) Bitmap {
	out := make(Bitmap, (n+7)/8)
	for i := range n {
		if is(i) {
			out.Set(i)
		}
	}
	return out
}

// fixed is an array over memory as it is.
func fixed(t arrow.DataType, n int, valid Bitmap, memories ...[]byte) arrow.Array {
	buffers := make([]*memory.Buffer, 1, 1+len(memories))
	if valid != nil {
		buffers[0] = memory.NewBufferBytes(valid)
	}
	for _, m := range memories {
		buffers = append(buffers, memory.NewBufferBytes(m))
	}
	return array.MakeFromData(array.NewData(t, n, buffers, nil, valid.missing(n), 0))
}

// FromArrow is the column of an array: numbers of any width become int64 or float64, texts
// and dictionaries of texts String, dates and timestamps of any unit Timestamp. The memory
// is shared where the widths are the same. Whole numbers above 1<<63-1, times outside of the
// years 1678 to 2262 and other types (lists, structs, decimals) are errors.
func FromArrow(a arrow.Array) (Column, error) {
	switch a := a.(type) {
	case *array.Int64:
		return intsOver(a), nil
	case *array.Float64:
		return floatsFrom(a, a.Float64Values()), nil
	case *array.Boolean:
		return boolsFrom(a), nil
	case *array.Int8:
		return intsFrom(a, a.Int8Values()), nil
	case *array.Int16:
		return intsFrom(a, a.Int16Values()), nil
	case *array.Int32:
		return intsFrom(a, a.Int32Values()), nil
	case *array.Uint8:
		return intsFrom(a, a.Uint8Values()), nil
	case *array.Uint16:
		return intsFrom(a, a.Uint16Values()), nil
	case *array.Uint32:
		return intsFrom(a, a.Uint32Values()), nil
	case *array.Uint64:
		return uintsFrom(a)
	case *array.Float32:
		values := make([]float64, a.Len())
		for i, x := range a.Float32Values() {
			values[i] = float64(x)
		}
		return floatsFrom(a, values), nil
	case *array.Timestamp:
		return timesFrom(a, a.DataType().(*arrow.TimestampType).Unit.Multiplier().Nanoseconds(), func(i int) int64 { return int64(a.Value(i)) })
	case *array.Date32:
		return timesFrom(a, 24*3600*1e9, func(i int) int64 { return int64(a.Value(i)) })
	case *array.Date64:
		return timesFrom(a, 1e6, func(i int) int64 { return int64(a.Value(i)) })
	case *array.String:
		return textsFrom(a, a.Value), nil
	case *array.LargeString:
		return textsFrom(a, a.Value), nil
	case *array.StringView:
		return textsFrom(a, a.Value), nil
	case *array.Dictionary:
		return dictFrom(a)
	case *array.Null:
		return Nothing(Float64, a.Len()), nil
	}
	return nil, fmt.Errorf("a column of Arrow's type %v is not supported: int64, float64, bool, string and timestamp are, and what becomes one of them", a.DataType())
}

// validOf is the bitmap of an array.
func validOf(a arrow.Array) Bitmap {
	if a.NullN() == 0 {
		return nil
	}
	return bitsOf(a.Len(), a.IsValid)
}

// intsOver shares the memory of an array, in which anything may be below missing values, and
// copies it where there are some.
func intsOver(a *array.Int64) Ints {
	if a.NullN() == 0 {
		return Ints{Values: a.Int64Values()}
	}
	return zeroed(append([]int64(nil), a.Int64Values()...), validOf(a))
}

func intsFrom[T int8 | int16 | int32 | uint8 | uint16 | uint32](a arrow.Array, values []T) Ints {
	out := make([]int64, len(values))
	for i, x := range values {
		out[i] = int64(x)
	}
	return zeroed(out, validOf(a))
}

func uintsFrom(a *array.Uint64) (Column, error) {
	out := make([]int64, a.Len())
	for i, x := range a.Uint64Values() {
		if a.IsValid(i) && x > math.MaxInt64 {
			return nil, fmt.Errorf("row %d: the number %d does not fit in an int64", i, x)
		}
		out[i] = int64(x)
	}
	return zeroed(out, validOf(a)), nil
}

// zeroed writes 0 where values are missing.
func zeroed(values []int64, valid Bitmap) Ints {
	if valid != nil {
		for i := range values {
			if !valid.Has(i) {
				values[i] = 0
			}
		}
	}
	return Ints{values, valid}
}

// floatsFrom makes NaN of what is missing, in a copy where the memory is the array's.
func floatsFrom(a arrow.Array, values []float64) Floats {
	if a.NullN() == 0 {
		return Floats{values}
	}
	out := append([]float64(nil), values...)
	blank(out, validOf(a))
	return Floats{out}
}

func boolsFrom(a *array.Boolean) Bools {
	out := make([]bool, a.Len())
	for i := range out {
		out[i] = a.IsValid(i) && a.Value(i)
	}
	return Bools{out, validOf(a)}
}

func timesFrom(a arrow.Array, unit int64, at func(i int) int64) (Column, error) {
	out := make([]int64, a.Len())
	for i := range out {
		if a.IsNull(i) {
			continue
		}
		x := at(i)
		if x > math.MaxInt64/unit || x < math.MinInt64/unit {
			return nil, fmt.Errorf("row %d: the time is outside of the years 1678 to 2262, which a timestamp holds", i)
		}
		out[i] = x * unit
	}
	return Times{out, validOf(a)}, nil
}

func textsFrom(a arrow.Array, text func(i int) string) Texts {
	b := NewText(a.Len())
	for i := range a.Len() {
		if a.IsNull(i) {
			b.AppendMissing()
		} else {
			b.Append(text(i))
		}
	}
	return Compact(b.Column())
}

// dictFrom keeps the codes of a dictionary of different words; others are looked up.
func dictFrom(a *array.Dictionary) (Column, error) {
	words, err := FromArrow(a.Dictionary())
	if err != nil {
		return nil, err
	}
	rows := make([]int, a.Len())
	for i := range rows {
		rows[i] = -1
		if a.IsValid(i) {
			rows[i] = a.GetValueIndex(i)
		}
	}
	if texts, ok := words.(Texts); ok {
		if d, ok := Encode(texts, math.MaxInt32); ok {
			return d.Take(rows), nil
		}
	}
	return words.Take(rows), nil
}
