package closure

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/enginetest"
)

// Types of each kind of memory: words, pointers and bytes; more than registers take; small.
const ownFuncTypes = `
type small struct { name string; n int }
type bytes struct { a, b byte; p *int; n int; on bool }
type large struct { name string; data [20]string; n int }
type none struct{}
func smalls(k int) (s []small) { for i := range k { s = append(s, small{fmt.Sprint("s", i), i * 7919 % k}) }; return }
func mixed(k int) (s []bytes) { for i := range k { s = append(s, bytes{b: 2, p: &i, n: i * 7919 % k}) }; return }
func larges(k int) (s []large) { for i := range k { s = append(s, large{n: i * 7919 % k, data: [20]string{7: fmt.Sprint("l", i)}}) }; return }
`

// Functions of cells that take structs work as compiled ones do in the generic functions of
// the standard library.
func TestOwnFuncs(t *testing.T) {
	collectOften(t)
	s := session(t)
	enginetest.Run(s, 1, ownFuncTypes)
	for i, c := range []struct{ code, want string }{
		{"x := smalls(100)\nslices.SortFunc(x, func(a, b small) int { return a.n - b.n })\nfmt.Sprint(x[0], x[50], x[99])", "value: {s0 0} {s50 50} {s21 99}\n"},
		{"x := mixed(100)\nslices.SortFunc(x, func(a, b bytes) int { runtime.GC(); return a.n - b.n })\nfmt.Sprint(x[50].n, *x[50].p, x[99].n, *x[99].p)", "value: 50 50 99 21\n"},
		{"x := larges(100)\nslices.SortStableFunc(x, func(a, b large) int { return a.n%2 - b.n%2 })\nfmt.Sprint(x[0].data[7], x[1].data[7], x[50].data[7])", "value: l0l2l1\n"},
		{"slices.SortFunc(make([]none, 3), func(a, b none) int { return 0 })\nslices.IndexFunc(larges(30), func(l large) bool { return l.data[7] == \"l9\" })", "value: 9\n"},
		{"x := larges(30)\nslices.SortFunc(x, func(a, b large) int { return a.n - b.n })\nfmt.Sprint(slices.BinarySearchFunc(x, 17, func(l large, n int) int { return l.n - n }))", "value: 17 true\n"},
		{"fmt.Sprint(slices.MaxFunc(larges(30), func(a, b large) int { return a.n - b.n }).data[7], slices.MinFunc(smalls(9), func(a, b small) int { return b.n - a.n }).name)", "value: l1s1\n"},
		{"x := slices.DeleteFunc(mixed(10), func(b bytes) bool { return b.n%2 == 0 })\nlen(x), x[0].n, *x[4].p", "show: 5\nshow: 9\nvalue: 9\n"},
		{"n := 0\nfor i, l := range slices.All(larges(10)) { if i == 4 { continue }; if i == 8 { break }; n += l.n*10 + len(l.data[7]) }\nn", "value: 374\n"},
		{"n := 0\nfor k, v := range maps.All(map[small]large{{\"a\", 1}: {n: 2}, {\"b\", 3}: {n: 4}}) { n += k.n * v.n }\nn", "value: 14\n"},
		{"x := smalls(20)\nslices.SortFunc(x, func(a, b small) int { y := smalls(5); slices.SortFunc(y, func(c, d small) int { return d.n - c.n }); return (a.n - b.n) * y[0].n })\nx[19].n", "value: 19\n"},
		{"func failing() (r any) { defer func() { r = recover() }(); x := larges(50); slices.SortFunc(x, func(a, b large) int { if a.n == 30 { panic(\"thirty\") }; return a.n - b.n }); return }\nfailing(), failing()", "show: thirty\nvalue: thirty\n"},
		{"x := smalls(50)\nslices.SortFunc(x, func(a, b small) int {\n\treturn []int{a.n - b.n}[a.n/30]\n})", "error: panic: runtime error: index out of range [1] with length 1\nat: cell 13, line 3, column 9, in func1\nat: cell 13, line 2, column 1\n"},
		{"done := make(chan bool)\ngo func() { defer close(done); slices.IndexFunc(larges(3), func(large) bool { runtime.Goexit(); return true }); println(\"never\") }()\n<-done", "value: false\n"},
		{"next, stop := iter.Pull(slices.Values(larges(4)))\na, _ := next()\nb, ok := next()\nstop()\na.n, b.n, ok", "show: 0\nshow: 3\nvalue: true\n"},
		{"func (s small) compare(t small) int { return t.n - s.n }\nx := smalls(10)\nslices.SortFunc(x, small.compare)\nx[0].n", "value: 9\n"},
		{"x := []time.Time{time.Unix(9, 0), time.Unix(3, 0)}\nslices.SortFunc(x, time.Time.Compare)\nx[0].Unix()", "value: 3\n"},
	} {
		if got := enginetest.Run(s, i+2, c.code); got != c.want {
			t.Errorf("%s\n  gives\n%s  and should give\n%s", c.code, got, c.want)
		}
	}
}

// A comparison can be interrupted, and the session sorts on afterwards.
func TestOwnFuncInterrupted(t *testing.T) {
	s := session(t)
	enginetest.Run(s, 1, ownFuncTypes)
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(20*time.Millisecond, cancel)
	res := s.Execute(ctx, eval.Cell{Number: 2, Code: "for { slices.SortFunc(larges(50), func(a, b large) int { return a.n - b.n }) }"}, nil)
	if res.Err == nil || !strings.Contains(strings.ToLower(res.Err.Name+res.Err.Value), "interrupt") {
		t.Errorf("the cell ends with %v", res.Err)
	}
	if got := enginetest.Run(s, 3, "x := larges(9)\nslices.SortFunc(x, func(a, b large) int { return b.n - a.n })\nx[0].n"); got != "value: 8\n" {
		t.Errorf("afterwards there is %s", got)
	}
}

// Several goroutines sort by one function at once.
func TestOwnFuncParallel(t *testing.T) {
	collectOften(t)
	f, _ := funcOf[func(int) string](t, ownFuncTypes, "order := func(a, b large) int { return strings.Compare(a.data[7], b.data[7]) }\n"+
		"func(n int) string { x := larges(30 + n); slices.SortFunc(x, order); return x[2].data[7] + x[29].data[7] }")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for n := range 20 {
				var x []string
				for i := range 30 + n {
					x = append(x, fmt.Sprint("l", i))
				}
				slices.Sort(x)
				if got := f(n); got != x[2]+x[29] {
					t.Errorf("f(%d) is %s, not %s", n, got, x[2]+x[29])
				}
			}
		})
	}
	wg.Wait()
}
