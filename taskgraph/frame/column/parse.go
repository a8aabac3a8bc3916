package column

import (
	"math"
	"math/bits"
	"strconv"
)

// Digits is the number that the decimal digits at the beginning of 8 bytes write, and how
// many they are (0 to 8). The first byte is the lowest of w, as LittleEndian.Uint64 reads it.
//
// All eight bytes are looked at and multiplied at once; the method is that of Lemire, "Number
// Parsing at a Gigabyte per Second" (2021), with the digits shifted to the end of the word.
func Digits(w uint64) (value uint64, n int) {
	w ^= 0x3030303030303030
	// A byte above 9 sets its highest bit. What it carries goes to later bytes only.
	other := (w + 0x7676767676767676 | w) & 0x8080808080808080
	n = bits.TrailingZeros64(other) >> 3
	w <<= 64 - 8*n
	w = w*10 + w>>8
	w = ((w&0x000000FF000000FF)*0x000F424000000064 + (w>>16&0x000000FF000000FF)*0x0000271000000001) >> 32
	return w, n
}

// tens are the powers of ten that float64 has exactly.
var tens = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// ParseInt is the whole number that a text writes in decimal digits, with a sign before it
// or none; leading zeros do not count. It says no to any other text and to numbers outside
// of an int64.
func ParseInt(b []byte) (int64, bool) {
	digits, negative := unsigned(b)
	if len(digits) == 0 {
		return 0, false
	}
	var v uint64
	for _, c := range digits {
		c -= '0'
		if c > 9 || v > (math.MaxUint64-9)/10 {
			return 0, false
		}
		v = v*10 + uint64(c)
	}
	switch {
	case negative && v <= 1<<63:
		return -int64(v), true
	case !negative && v < 1<<63:
		return int64(v), true
	}
	return 0, false
}

func unsigned(b []byte) (rest []byte, negative bool) {
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		return b[1:], b[0] == '-'
	}
	return b, false
}

// ParseFloat is the floating-point number nearest to the decimal number that a text writes,
// bit for bit what strconv.ParseFloat gives: 12, -1.5, .5, 1e-7, inf and Infinity in any
// case. Numbers too large for a float64 are infinite, as they are in pandas. It says no to
// NaN, which is a missing value and no number, and to hexadecimal numbers and underscores.
func ParseFloat(b []byte) (float64, bool) {
	m, ok := decimal(b)
	if !ok {
		return infinite(b)
	}
	// Clinger's fast path: both numbers are exact, so that one division or multiplication
	// rounds once ("How to Read Floating Point Numbers Accurately", 1990).
	if m.exact && m.mantissa < 1<<53 && m.exponent >= -22 && m.exponent <= 22 {
		v := float64(m.mantissa)
		if m.exponent < 0 {
			v /= tens[-m.exponent]
		} else {
			v *= tens[m.exponent]
		}
		if m.negative {
			v = -v
		}
		return v, true
	}
	v, _ := strconv.ParseFloat(string(b), 64) // decimal checked the form: only the range may be wrong
	return v, true
}

// number is a decimal number taken apart: mantissa * 10^exponent, if exact.
type number struct {
	mantissa uint64
	exponent int
	negative bool
	exact    bool // the mantissa has all the digits
}

// decimal takes a text apart, and says no where it is not [sign]digits[.digits][e[sign]digits].
func decimal(b []byte) (number, bool) {
	m := number{exact: true}
	b, m.negative = unsigned(b)
	i, point, digits := 0, -1, 0
	for ; i < len(b); i++ {
		c := b[i] - '0'
		if c <= 9 {
			digits++
			if m.mantissa > (math.MaxUint64-9)/10 {
				m.exact = false
			} else {
				m.mantissa = m.mantissa*10 + uint64(c)
			}
			continue
		}
		if b[i] != '.' || point >= 0 {
			break
		}
		point = i
	}
	if digits == 0 {
		return m, false
	}
	if point >= 0 {
		m.exponent = -(i - point - 1)
	}
	if i == len(b) {
		return m, true
	}
	if b[i]|0x20 != 'e' {
		return m, false
	}
	e, ok := exponent(b[i+1:])
	m.exponent += e
	return m, ok
}

// exponent is what follows an e; far outside of a float64's it is cut.
func exponent(b []byte) (int, bool) {
	b, negative := unsigned(b)
	e := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		e = min(e*10+int(c-'0'), 1e6)
	}
	if negative {
		e = -e
	}
	return e, len(b) > 0
}

func infinite(b []byte) (float64, bool) {
	word, negative := unsigned(b)
	if len(word) != 3 && len(word) != 8 {
		return 0, false
	}
	for i, c := range word {
		if c|0x20 != "infinity"[i] {
			return 0, false
		}
	}
	if negative {
		return math.Inf(-1), true
	}
	return math.Inf(1), true
}

// ParseBool is the truth value of the words true and false, written so or True or TRUE.
func ParseBool(b []byte) (value, ok bool) {
	switch string(b) {
	case "true", "True", "TRUE":
		return true, true
	case "false", "False", "FALSE":
		return false, true
	}
	return false, false
}
