package column

import (
	"fmt"
	"math"
)

// Concat are the rows of columns one after the other. Whole numbers beside floating-point
// ones become those; other types must be the same. None at all is an error.
func Concat(parts ...Column) (Column, error) {
	if len(parts) == 0 {
		return nil, fmt.Errorf("there are no columns to put one after the other")
	}
	d, n := parts[0].Dtype(), 0
	for _, c := range parts {
		n += c.Len()
		switch other := c.Dtype(); {
		case other == d:
		case other.IsNumber() && d.IsNumber():
			d = Float64
		default:
			return nil, fmt.Errorf("columns of types %v and %v do not go together", d, other)
		}
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	switch d {
	case Int64:
		values, valid := joined(parts, n, func(c Column) ([]int64, Bitmap) { c2 := c.(Ints); return c2.Values, c2.Valid })
		return Ints{values, valid}, nil
	case Bool:
		values, valid := joined(parts, n, func(c Column) ([]bool, Bitmap) { c2 := c.(Bools); return c2.Values, c2.Valid })
		return Bools{values, valid}, nil
	case Timestamp:
		values, valid := joined(parts, n, func(c Column) ([]int64, Bitmap) { c2 := c.(Times); return c2.Values, c2.Valid })
		return Times{values, valid}, nil
	case Float64:
		values, _ := joined(parts, n, func(c Column) ([]float64, Bitmap) { f, _ := Floats64(c); return f, nil })
		return Floats{values}, nil
	}
	return concatTexts(parts, n), nil
}

// joined are the values and the bitmaps of columns one after the other.
func joined[T any](parts []Column, n int, of func(Column) ([]T, Bitmap)) ([]T, Bitmap) {
	out := make([]T, 0, n)
	var valid Bitmap
	for _, c := range parts {
		values, v := of(c)
		if v != nil && valid == nil {
			valid = make(Bitmap, (n+7)/8)
			appendBitmap(valid, 0, nil, len(out))
		}
		if valid != nil {
			appendBitmap(valid, len(out), v, len(values))
		}
		out = append(out, values...)
	}
	return out, valid
}

func concatTexts(parts []Column, n int) Column {
	dict := true
	for _, c := range parts {
		_, ok := c.(Dict)
		dict = dict && (ok || c.Len() == 0)
	}
	if dict {
		if d, ok := concatDicts(parts, n); ok {
			return d
		}
	}
	b := NewText(n)
	for _, c := range parts {
		t := c.(Texts)
		for row := range t.Len() {
			if t.IsMissing(row) {
				b.AppendMissing()
			} else {
				b.Append(t.Text(row))
			}
		}
	}
	return b.Column()
}

// concatDicts numbers the words of all parts anew.
func concatDicts(parts []Column, n int) (Dict, bool) {
	out := Dict{Codes: make([]int32, 0, n)}
	codes := make(map[string]int32)
	for _, c := range parts {
		d, ok := c.(Dict)
		if !ok {
			continue // it has no rows
		}
		anew := make([]int32, len(d.Words))
		for i, word := range d.Words {
			code, known := codes[word]
			if !known {
				if len(out.Words) == math.MaxInt32 {
					return Dict{}, false
				}
				code = int32(len(out.Words))
				codes[word] = code
				out.Words = append(out.Words, word)
			}
			anew[i] = code
		}
		for _, code := range d.Codes {
			if code >= 0 {
				code = anew[code]
			}
			out.Codes = append(out.Codes, code)
		}
	}
	return out, true
}
