package column

import (
	"bytes"
	"slices"
)

// Equal reports whether two columns have the same type and the same values, where missing
// ones equal each other.
func Equal(a, b Column) bool {
	if a.Dtype() != b.Dtype() || a.Len() != b.Len() {
		return false
	}
	switch a := a.(type) {
	case Ints:
		b := b.(Ints)
		return slices.Equal(a.Values, b.Values) && equalValid(a.Valid, b.Valid, a.Len())
	case Times:
		b := b.(Times)
		return slices.Equal(a.Values, b.Values) && equalValid(a.Valid, b.Valid, a.Len())
	case Bools:
		b := b.(Bools)
		return slices.Equal(a.Values, b.Values) && equalValid(a.Valid, b.Valid, a.Len())
	case Floats:
		return slices.EqualFunc(a.Values, b.(Floats).Values, func(x, y float64) bool { return x == y || x != x && y != y })
	}
	return equalTexts(a.(Texts), b.(Texts))
}

// equalValid compares bitmaps; values below missing rows are all the same.
func equalValid(a, b Bitmap, n int) bool {
	if a == nil && b == nil {
		return true
	}
	if a != nil && b != nil && n%8 == 0 {
		return bytes.Equal(a[:n/8], b[:n/8])
	}
	for i := range n {
		if a.Has(i) != b.Has(i) {
			return false
		}
	}
	return true
}

func equalTexts(a, b Texts) bool {
	if x, ok := a.(Dict); ok {
		if y, ok := b.(Dict); ok && slices.Equal(x.Words, y.Words) {
			return slices.Equal(x.Codes, y.Codes)
		}
	}
	for i := range a.Len() {
		if a.IsMissing(i) != b.IsMissing(i) || a.Text(i) != b.Text(i) {
			return false
		}
	}
	return true
}
