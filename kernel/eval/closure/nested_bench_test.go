package closure

import (
	"context"
	"testing"
	"time"

	"github.com/dagbook/dagbook/kernel/eval"
)

// BenchmarkCallbacks times compiled code that calls functions of cells; ns/call is the
// fastest of several.
func BenchmarkCallbacks(b *testing.B) {
	for _, c := range []struct {
		name, code, run string
		calls           int
	}{
		{"sort.Slice", "func work() {\n\tx := make([]int, 100000)\n\tr := 1\n\tfor i := range x { r = (r*1103515245 + 12345) % 2147483648; x[i] = r }\n\tsort.Slice(x, func(i, j int) bool { return x[i] < x[j] })\n}", "work()", 2_000_000},
		{"slices.SortFunc", "func work() {\n\tx := make([]int, 100000)\n\tr := 1\n\tfor i := range x { r = (r*1103515245 + 12345) % 2147483648; x[i] = r }\n\tslices.SortFunc(x, func(a, b int) int { return a - b })\n}", "work()", 2_000_000},
		{"strings.Map", "s := strings.Repeat(\"a\", 100000)\nup := func(r rune) rune { return r - 32 }", "_ = strings.Map(up, s)", 100000},
		{"heap", "type ints []int\nfunc (h ints) Len() int { return len(h) }\nfunc (h ints) Less(i, j int) bool { return h[i] < h[j] }\nfunc (h ints) Swap(i, j int) { h[i], h[j] = h[j], h[i] }\nfunc (h *ints) Push(x any) { *h = append(*h, x.(int)) }\nfunc (h *ints) Pop() any { o := *h; n := len(o); x := o[n-1]; *h = o[:n-1]; return x }\nfunc work() {\n\th := &ints{}\n\tr := 1\n\tfor range 100000 { r = (r*1103515245 + 12345) % 2147483648; heap.Push(h, r) }\n\tfor range 100000 { heap.Pop(h) }\n}", "work()", 100000},
		{"goroutine", "done := make(chan bool)\nvar once *time.Timer\nfunc work() { time.AfterFunc(0, func() { close(done) }); <-done; done = make(chan bool) }", "for range 1000 { work() }", 1000},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := session(b)
			run := func(code string) {
				if r := s.Execute(context.Background(), eval.Cell{Number: 1, Code: code}, nil); r.Err != nil {
					b.Fatal(r.Err.Value)
				}
			}
			run(c.code)
			least := time.Duration(1 << 62)
			for b.Loop() {
				begin := time.Now()
				run(c.run)
				least = min(least, time.Since(begin))
			}
			b.ReportMetric(float64(least)/float64(c.calls), "ns/call")
		})
	}
}
