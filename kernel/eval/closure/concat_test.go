package closure

import (
	"runtime"
	"testing"
)

// Adding to a string again and again copies it seldom, also when other strings are made
// meanwhile, and what is no longer used is free.
func TestTails(t *testing.T) {
	for _, c := range []struct {
		code string
		size int
	}{
		{`func(n int) int { s := ""; for range n { s += "twelve bytes" }; return len(s) }`, 12},
		{`func(n int) int { s, p := "", strings.Repeat("y", 70); for i := range n { s += p + strconv.Itoa(10000 + i%10000) }; return len(s) }`, 75},
		{`func(n int) int { s, r, p := "", "", strings.Repeat("y", 70); for range n { s += p + "s"; r += p + "r" }; return len(s) + len(r) }`, 142},
	} {
		f, _ := funcOf[func(int) int](t, c.code)
		const turns = 20_000
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if n := f(turns); n != turns*c.size {
			t.Fatalf("%s returned %d", c.code, n)
		}
		runtime.ReadMemStats(&after)
		if got, most := after.TotalAlloc-before.TotalAlloc, uint64(15*turns*c.size); got > most {
			t.Errorf("%s allocated %d bytes, more than %d", c.code, got, most)
		}
	}
	f, _ := funcOf[func() uint64](t, `func() uint64 {
	s := strings.Repeat("x", 1<<20)
	for range 100 { s += s[:1<<20] }
	s = ""
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}`)
	if n := f(); n > 60<<20 {
		t.Errorf("%d bytes are in use when the string is not", n)
	}
}
