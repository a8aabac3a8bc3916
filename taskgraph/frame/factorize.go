package frame

import (
	"math"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// factorize numbers the rows of columns: those with equal values have equal numbers, which
// count from 0 by first appearance. A row in which a value is missing has -1, or, where
// missing ones are kept, a number as any other.
func factorize(columns []column.Column, keepMissing bool) (codes []int, n int) {
	codes, n = factorizeOne(columns[0], keepMissing)
	for _, c := range columns[1:] {
		more, m := factorizeOne(c, keepMissing)
		codes, n = combine(codes, more, m)
	}
	return codes, n
}

// combine numbers the pairs of two numberings, the second of which goes up to n.
func combine(a, b []int, n int) ([]int, int) {
	seen := newWholeNumbering()
	for i := range a {
		if a[i] < 0 || b[i] < 0 {
			a[i] = -1
			continue
		}
		a[i] = seen.of(int64(a[i])*int64(n) + int64(b[i]))
	}
	return a, seen.n
}

func factorizeOne(c column.Column, keepMissing bool) ([]int, int) {
	switch c := c.(type) {
	case column.Dict:
		return factorizeDict(c, keepMissing)
	case column.Ints:
		return factorizeInts(c.Values, c.Valid, keepMissing)
	case column.Times:
		return factorizeInts(c.Values, c.Valid, keepMissing)
	case column.Bools:
		return factorizeBy(c, keepMissing, func(row int) bool { return c.Values[row] })
	case column.Floats:
		return factorizeFloats(c, keepMissing)
	}
	t := c.(column.Texts)
	return factorizeBy(c, keepMissing, t.Text)
}

// factorizeBy numbers the rows by keys.
func factorizeBy[K comparable](c column.Column, keepMissing bool, key func(row int) K) ([]int, int) {
	seen, codes := numbering[K]{}, make([]int, c.Len())
	missing := missingCode{keep: keepMissing}
	for row := range codes {
		if c.IsMissing(row) {
			codes[row] = missing.of(len(seen))
			continue
		}
		codes[row] = missing.shift(seen.of(key(row)))
	}
	return codes, missing.count(len(seen))
}

// factorizeFloats numbers floating-point numbers by their bits, those of -0 as those of 0.
func factorizeFloats(c column.Floats, keepMissing bool) ([]int, int) {
	keys := make([]int64, len(c.Values))
	for row, x := range c.Values {
		keys[row] = int64(math.Float64bits(x + 0))
	}
	return factorizeWhole(keys, func(row int) bool { x := c.Values[row]; return x == x }, keepMissing)
}

func factorizeWhole(keys []int64, has func(row int) bool, keepMissing bool) ([]int, int) {
	seen, codes := newWholeNumbering(), make([]int, len(keys))
	missing := missingCode{keep: keepMissing}
	for row, key := range keys {
		if has(row) {
			codes[row] = missing.shift(seen.of(key))
		} else {
			codes[row] = missing.of(seen.n)
		}
	}
	return codes, missing.count(seen.n)
}

// missingCode is the number of missing values among those of others.
type missingCode struct {
	keep bool
	seen bool
	at   int
}

func (m *missingCode) of(before int) int {
	if !m.keep {
		return -1
	}
	if !m.seen {
		m.seen, m.at = true, before
	}
	return m.at
}

// shift makes room for the number of missing values.
func (m *missingCode) shift(code int) int {
	if m.seen && code >= m.at {
		return code + 1
	}
	return code
}

func (m *missingCode) count(n int) int {
	if m.seen {
		return n + 1
	}
	return n
}

// factorizeDict numbers the words that are there.
func factorizeDict(c column.Dict, keepMissing bool) ([]int, int) {
	number := make([]int, len(c.Words)+1) // the last is for missing ones
	for i := range number {
		number[i] = -1
	}
	codes, n := make([]int, len(c.Codes)), 0
	for row, code := range c.Codes {
		if code < 0 {
			if !keepMissing {
				codes[row] = -1
				continue
			}
			code = int32(len(c.Words))
		}
		if number[code] < 0 {
			number[code] = n
			n++
		}
		codes[row] = number[code]
	}
	return codes, n
}

// widest is how far apart numbers may lie so that a table finds them.
const widest = 1 << 16

// factorizeInts numbers whole numbers by a table where they lie close together.
func factorizeInts(values []int64, valid column.Bitmap, keepMissing bool) ([]int, int) {
	low, high := int64(math.MaxInt64), int64(math.MinInt64)
	for row, x := range values {
		if valid.Has(row) {
			low, high = min(low, x), max(high, x)
		}
	}
	if low > high || uint64(high)-uint64(low) >= widest {
		return factorizeWhole(values, valid.Has, keepMissing)
	}
	missing := int32(high-low) + 1
	d := column.Dict{Codes: make([]int32, len(values)), Words: make([]string, missing)}
	for row, x := range values {
		if d.Codes[row] = int32(x - low); !valid.Has(row) {
			d.Codes[row] = -1
		}
	}
	return factorizeDict(d, keepMissing)
}
