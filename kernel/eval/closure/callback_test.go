package closure

import (
	"context"
	"testing"
	"time"

	"github.com/dagbook/dagbook/kernel/eval"
)

// A function or method that compiled code calls belongs to the cell that called the
// compiled code, whichever cell wrote it, made it a value or was first to call it so.
func TestCallbacksBelongToTheCaller(t *testing.T) {
	s := session(t)
	for i, c := range []struct {
		code        string
		interrupted bool
	}{
		{"type ints []int\nvar spin bool\nfunc (h ints) Len() int { return len(h) }\nfunc (h ints) Less(i, j int) bool { for spin {}; return h[i] < h[j] }\nfunc (h ints) Swap(i, j int) { h[i], h[j] = h[j], h[i] }\nx := ints{3, 1, 2}", false},
		{"for { sort.Sort(x) }", true},
		{"sort.Sort(x)", false},
		{"spin = true; sort.Sort(x)", true},
		{"spin = false; sort.Sort(x)", false},
		{"less := func(i, j int) bool { for spin {}; return x[i] < x[j] }\nfor { sort.Slice(x, less) }", true},
		{"sort.Slice(x, less)", false},
		{"spin = true; sort.Slice(x, less)", true},
		{"spin = false; sort.Slice(x, less)", false},
		{"type pair struct{ a, b int }\norder := func(p, q pair) int { for spin {}; return p.a - q.a }", false},
		{"spin = true; slices.SortFunc(make([]pair, 5), order)", true},
		{"spin = false; slices.SortFunc(make([]pair, 5), order)", false},
		{"var turns atomic.Int64\ngo func() { for { sort.Sort(ints{2, 1}); sort.Slice(x, less); turns.Add(1) } }()", false},
		{"for { sort.Sort(ints{2, 1}) }", true},
		{"for a := turns.Load(); turns.Load() < a+10; {}", false}, // that goroutine goes on
	} {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		if c.interrupted {
			time.AfterFunc(20*time.Millisecond, cancel)
		}
		r := s.Execute(ctx, eval.Cell{Number: i + 1, Code: c.code}, nil)
		cancel()
		if name := "interrupted"; c.interrupted && (r.Err == nil || r.Err.Name != name) || !c.interrupted && r.Err != nil {
			t.Errorf("cell %d: %s\nends with %v", i+1, c.code, r.Err)
		}
	}
}
