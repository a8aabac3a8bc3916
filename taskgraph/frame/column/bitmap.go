package column

import "math/bits"

// Bitmap has a bit for each row, the lowest bit of a byte first, as Arrow's validity bitmaps
// have: 1 for a value that is there, 0 for a missing one. A nil Bitmap says that all are
// there.
type Bitmap []byte

// NewBitmap is a bitmap of n rows that are all there.
func NewBitmap(n int) Bitmap {
	b := make(Bitmap, (n+7)/8)
	for i := range b {
		b[i] = 0xFF
	}
	return b
}

// Has reports whether the value of a row is there.
func (b Bitmap) Has(row int) bool { return b == nil || b[row>>3]&(1<<(row&7)) != 0 }

// Clear says that the value of a row is missing. The bitmap must not be nil.
func (b Bitmap) Clear(row int) { b[row>>3] &^= 1 << (row & 7) }

// Set says that the value of a row is there. The bitmap must not be nil.
func (b Bitmap) Set(row int) { b[row>>3] |= 1 << (row & 7) }

// missing is how many of the first n rows are missing.
func (b Bitmap) missing(n int) int {
	if b == nil {
		return 0
	}
	there := 0
	for _, x := range b[:n/8] {
		there += bits.OnesCount8(x)
	}
	if n%8 != 0 {
		there += bits.OnesCount8(b[n/8] & (1<<(n%8) - 1))
	}
	return n - there
}

// slice is a bitmap of the rows from from to before to.
func (b Bitmap) slice(from, to int) Bitmap {
	if b == nil || to == from {
		return nil
	}
	if from%8 == 0 {
		return b[from/8 : (to+7)/8]
	}
	out := make(Bitmap, (to-from+7)/8)
	shift := from % 8
	for i := range out {
		at := from/8 + i
		out[i] = b[at] >> shift
		if at+1 < len(b) {
			out[i] |= b[at+1] << (8 - shift)
		}
	}
	return out
}

// take is a bitmap of rows in which -1 is missing; nil when none is.
func (b Bitmap) take(rows []int) Bitmap {
	var out Bitmap
	for i, row := range rows {
		if row >= 0 && b.Has(row) {
			continue
		}
		if out == nil {
			out = NewBitmap(len(rows))
		}
		out.Clear(i)
	}
	return out
}

// appendBitmap writes the n rows of b into out, which has zeros from row at on.
func appendBitmap(out Bitmap, at int, b Bitmap, n int) {
	if b != nil && at%8 == 0 {
		copy(out[at/8:], b[:(n+7)/8])
		for row := at + n; row < min((at+n+7)/8*8, 8*len(out)); row++ {
			out.Clear(row)
		}
		return
	}
	for row := range n {
		if b.Has(row) {
			out.Set(at + row)
		}
	}
}
