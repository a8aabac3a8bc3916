package csv

import (
	"encoding/binary"
	"math/bits"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// pad is how many bytes there must be behind the text that is scanned, because the loops
// read eight at a time.
const pad = 16

// scanInt reads a whole number of up to 16 digits, and gives where it ends: at itself, if
// there is none or it is longer.
func scanInt(b []byte, at int) (value int64, next int) {
	i := at
	if b[i] == '-' {
		i++
	}
	v, n := column.Digits(binary.LittleEndian.Uint64(b[i:]))
	if n == 0 {
		return 0, at
	}
	if n == 8 {
		w, m := column.Digits(binary.LittleEndian.Uint64(b[i+8:]))
		if m == 8 {
			return 0, at
		}
		v, n = v*pow10[m]+w, 8+m
	}
	if b[at] == '-' {
		return -int64(v), i + n
	}
	return int64(v), i + n
}

var pow10 = [...]uint64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8}

var tens = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8}

// scanFloat reads a number of up to 15 digits, at most 7 of them behind the point, and gives
// where it ends: at itself, if there is none or it is longer. Mantissa and power of ten are
// exact float64s, so that their quotient is the nearest to the number.
func scanFloat(b []byte, at int) (value float64, next int) {
	i := at
	if b[i] == '-' {
		i++
	}
	v, n := column.Digits(binary.LittleEndian.Uint64(b[i:]))
	if n == 0 || n == 8 {
		return 0, at
	}
	i += n
	value = float64(v)
	if b[i] == '.' {
		f, m := column.Digits(binary.LittleEndian.Uint64(b[i+1:]))
		if m == 8 {
			return 0, at
		}
		i += 1 + m
		if f != 0 {
			value = float64(v*pow10[m]+f) / tens[m]
		}
	}
	if b[at] == '-' {
		value = -value
	}
	return value, i
}

const (
	ones  = 0x0101010101010101
	lows  = 0x7F7F7F7F7F7F7F7F
	highs = 0x8080808080808080
)

// equal has the highest bit of each byte of w that is the repeated one of pattern.
func equal(w, pattern uint64) uint64 {
	w ^= pattern
	return ^((w&lows + lows) | w | lows)
}

// skipCommas is where the field after n commas begins; -1 if the line has fewer. There must
// be no quotes.
func skipCommas(b []byte, at, n int, comma, eol uint64) int {
	for ; ; at += 8 {
		w := binary.LittleEndian.Uint64(b[at:])
		commas, ends := equal(w, comma), equal(w, eol)
		commas &= ends&-ends - 1 // those before the first end; all, if there is none
		if found := bits.OnesCount64(commas); found < n {
			if ends != 0 {
				return -1
			}
			n -= found
			continue
		}
		for ; n > 1; n-- {
			commas &= commas - 1
		}
		return at + bits.TrailingZeros64(commas)>>3 + 1
	}
}

// countCommas is how many commas there are before the end of the line, and where that is.
func countCommas(b []byte, at int, comma, eol uint64) (n, end int) {
	for ; ; at += 8 {
		w := binary.LittleEndian.Uint64(b[at:])
		commas, ends := equal(w, comma), equal(w, eol)
		n += bits.OnesCount64(commas & (ends&-ends - 1))
		if ends != 0 {
			return n, at + bits.TrailingZeros64(ends)>>3
		}
	}
}

// bareEnd is where a field without quotes ends: at a comma or an end of line.
func bareEnd(b []byte, at int, comma, eol uint64) int {
	for ; ; at += 8 {
		w := binary.LittleEndian.Uint64(b[at:])
		if stops := equal(w, comma) | equal(w, eol); stops != 0 {
			return at + bits.TrailingZeros64(stops)>>3
		}
	}
}
