package frame

import (
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"testing"
)

// TestRowsOfJoin compares how many rows are foretold with how many there are.
func TestRowsOfJoin(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	codes := func(from, n int) []int {
		out := make([]int, n)
		for i := range out {
			out[i] = from + r.IntN(6)
		}
		return out
	}
	for range 100 {
		x, y := codes(0, r.IntN(20)), codes(3, r.IntN(20))
		for how := Inner; how <= Outer; how++ {
			left, _ := pairs(x, y, 9, how)
			if got := rowsOfJoin(x, y, 9, how); got != float64(len(left)) {
				t.Fatalf("%d of %v and %v: %v rows, there are %d", how, x, y, got, len(left))
			}
		}
	}
}

// TestJoinOfFewKeysFits joins frames of which only the rows without a partner are many.
func TestJoinOfFewKeysFits(t *testing.T) {
	a, b := make([]int, 1000), make([]int, 1000)
	for i := range a {
		a[i], b[i] = i, 999+i
	}
	x, y := FromColumns("k", a), FromColumns("k", b)
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(1 << 14))
	if got := x.Join(y, Inner).Col("k").Values(); len(got) != 1 || got[0] != int64(999) {
		t.Errorf("inner: %v", got)
	}
	if err := misused(func() { x.Join(y, Outer) }); err == nil || !strings.Contains(err.Error(), "would have 1999 rows") {
		t.Errorf("outer: %v", err)
	}
}
