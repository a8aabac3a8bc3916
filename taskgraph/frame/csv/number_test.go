package csv

import (
	"math"
	"strconv"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// FuzzFloat: the scanners and parsers of numbers give, bit for bit, what strconv does.
func FuzzFloat(f *testing.F) {
	for _, s := range []string{"1", "-0", "0.1", "123456.7654321", "1234567.1234567", "12345678.5", "1e22", "1e23", "9007199254740993", "4.9e-324", "1.7976931348623157e308", "1e400", ".5", "5.", "-.5e-3", "inf", "-Infinity", "nan", "0x1p3", "1_0", "99999999999999999999999", "1.00000000000000011102230246251565", "18446744073709551615", "1e-99999999999", "-9223372036854775808"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want, err := strconv.ParseFloat(s, 64)
		got, ok := column.ParseFloat([]byte(s))
		if ok && math.Float64bits(got) != math.Float64bits(want) {
			t.Errorf("ParseFloat(%q) is %v, strconv has %v", s, got, want)
		}
		if plain := err == nil && want == want && !hasAny(s, "xX_pP"); plain && !ok {
			t.Errorf("ParseFloat(%q) takes it not, strconv has %v", s, want)
		}
		whole, err := strconv.ParseInt(s, 10, 64)
		if i, ok := column.ParseInt([]byte(s)); ok != (err == nil) || ok && i != whole {
			t.Errorf("ParseInt(%q) is %v, %v; strconv has %v, %v", s, i, ok, whole, err)
		}
		b := append([]byte(s+","), make([]byte, pad)...)
		if x, next := scanFloat(b, 0); next == len(s) && next > 0 && math.Float64bits(x) != math.Float64bits(want) {
			t.Errorf("scanFloat(%q) is %v, strconv has %v", s, x, want)
		}
		if i, next := scanInt(b, 0); next == len(s) && next > 0 && i != whole {
			t.Errorf("scanInt(%q) is %v, strconv has %v", s, i, whole)
		}
	})
}

func hasAny(s, of string) bool {
	for i := range len(s) {
		for j := range len(of) {
			if s[i] == of[j] {
				return true
			}
		}
	}
	return false
}
