package column

import (
	"math"
	"time"
)

// NewInts are whole numbers; valid has a true for each value that is there, nil if all are.
// The column keeps the slice.
func NewInts(values []int64, valid []bool) Ints { return Ints{values, NewValid(valid)} }

// NewFloats are floating-point numbers, in which NaN is a missing one. The column keeps the
// slice.
func NewFloats(values []float64) Floats { return Floats{values} }

// NewBools are truth values; valid as that of NewInts. The column keeps the slice.
func NewBools(values []bool, valid []bool) Bools { return Bools{values, NewValid(valid)} }

// NewTimes are points in time; valid as that of NewInts.
func NewTimes(values []time.Time, valid []bool) Times {
	c := Times{make([]int64, len(values)), NewValid(valid)}
	for i, t := range values {
		if c.Valid.Has(i) {
			c.Values[i] = t.UnixNano()
		}
	}
	return c
}

// NewStrings are texts; valid as that of NewInts. They become a Dict where that takes less
// memory.
func NewStrings(values []string, valid []bool) Texts {
	b := NewText(len(values))
	for i, s := range values {
		if valid != nil && !valid[i] {
			b.AppendMissing()
		} else {
			b.Append(s)
		}
	}
	return Compact(b.Column())
}

// NewValid is the bitmap of truth values, and nil where all are true.
func NewValid(valid []bool) Bitmap {
	var out Bitmap
	for i, ok := range valid {
		if ok {
			continue
		}
		if out == nil {
			out = NewBitmap(len(valid))
		}
		out.Clear(i)
	}
	return out
}

// Nothing is a column of n missing values.
func Nothing(d Dtype, n int) Column {
	none := make([]int, n)
	for i := range none {
		none[i] = -1
	}
	return Empty(d).Take(none)
}

// Empty is a column without rows.
func Empty(d Dtype) Column {
	switch d {
	case Int64:
		return Ints{}
	case Float64:
		return Floats{}
	case Bool:
		return Bools{}
	case Timestamp:
		return Times{}
	}
	return Strings{Offsets: []int64{0}}
}

// Floats64 are the values of a column of numbers or truth values as floating-point numbers,
// NaN for missing ones. The slice may be that of the column. The answer is false for texts
// and times.
func Floats64(c Column) ([]float64, bool) {
	switch c := c.(type) {
	case Floats:
		return c.Values, true
	case Ints:
		out := make([]float64, len(c.Values))
		for i, x := range c.Values {
			out[i] = float64(x)
		}
		blank(out, c.Valid)
		return out, true
	case Bools:
		out := make([]float64, len(c.Values))
		for i, x := range c.Values {
			if x {
				out[i] = 1
			}
		}
		blank(out, c.Valid)
		return out, true
	}
	return nil, false
}

// blank makes NaN of what is missing.
func blank(values []float64, valid Bitmap) {
	if valid == nil {
		return
	}
	for i := range values {
		if !valid.Has(i) {
			values[i] = math.NaN()
		}
	}
}

// Text builds a column of texts, one after the other.
type Text struct{ c Strings }

// NewText makes room for about n texts.
func NewText(n int) *Text { return &Text{Strings{Offsets: make([]int64, 1, n+1)}} }

// Append adds a text.
func (b *Text) Append(s string) {
	b.c.Bytes = append(b.c.Bytes, s...)
	b.c.Offsets = append(b.c.Offsets, int64(len(b.c.Bytes)))
	if n := b.c.Len(); b.c.Valid != nil {
		b.mark(n-1, true)
	}
}

// AppendMissing adds a missing text.
func (b *Text) AppendMissing() {
	b.c.Offsets = append(b.c.Offsets, int64(len(b.c.Bytes)))
	n := b.c.Len()
	if b.c.Valid == nil {
		b.c.Valid = NewBitmap(n - 1)
	}
	b.mark(n-1, false)
}

func (b *Text) mark(row int, there bool) {
	for len(b.c.Valid)*8 <= row {
		b.c.Valid = append(b.c.Valid, 0xFF)
	}
	if there {
		b.c.Valid.Set(row)
	} else {
		b.c.Valid.Clear(row)
	}
}

// Column is what was appended. The builder must not be used again.
func (b *Text) Column() Strings { return b.c }

// fewestCompact is how many rows there are before a Dict is tried.
const fewestCompact = 64

// Compact is the Dict of texts where that takes less than half their memory, and the texts
// themselves where not. It gives up early where most words are different.
func Compact(c Texts) Texts {
	s, ok := c.(Strings)
	if !ok || s.Len() < fewestCompact {
		return c
	}
	if n := min(s.Len(), 4096); n < s.Len() {
		if _, few := Encode(s.Slice(0, n).(Strings), n/2); !few {
			return c
		}
	}
	if d, few := Encode(s, s.Len()/4); few && 2*d.NBytes() < s.NBytes() {
		return d
	}
	return c
}
