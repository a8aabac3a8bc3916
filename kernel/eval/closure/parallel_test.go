package closure

import (
	"context"
	"fmt"
	"go/types"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/enginetest"
)

// collectOften has the collector run all the time: a pointer that it does not see is soon
// one to memory of something else.
func collectOften(t *testing.T) {
	old := debug.SetGCPercent(5)
	t.Cleanup(func() { debug.SetGCPercent(old) })
}

// taken keeps the values that cells give to compiled code by their last expression.
type taken struct {
	eval.Host
	value reflect.Value
}

func (h *taken) Show(i int, typ types.Type, values []reflect.Value) error {
	h.value = values[0]
	return h.Host.Show(i, typ, values)
}

// funcOf runs cells, of which the last ends in a func, and returns that func as compiled
// code has it, and the session.
func funcOf[F any](t testing.TB, cells ...string) (F, *eval.Session) {
	t.Helper()
	var h *taken
	s, err := eval.New(func(host eval.Host) (eval.Engine, error) {
		h = &taken{Host: host}
		return New(h)
	}, eval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, code := range cells {
		if got := enginetest.Run(s, i+1, code); strings.Contains(got, "error: ") {
			t.Fatalf("%s\n%s", code, got)
		}
	}
	f, ok := h.value.Interface().(F)
	if !ok {
		t.Fatalf("the last cell gives a %s", h.value.Type())
	}
	return f, s
}

// atOnce calls f on several goroutines, many times on each, while cell runs again and
// again in the session, and compares what it returns.
func atOnce(t *testing.T, s *eval.Session, cell string, f func(n int) string, want func(n int) string) {
	t.Helper()
	times := 200
	if testing.Short() {
		times = 20
	}
	var wg sync.WaitGroup
	for k := range 4 {
		wg.Go(func() {
			for i := range times {
				n := k*times + i
				if got := f(n); got != want(n) {
					t.Errorf("f(%d) is %q on one of several goroutines, not %q", n, got, want(n))
					return
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	for i := 100; ; i++ {
		select {
		case <-done:
			return
		default:
		}
		if got := enginetest.Run(s, i, cell); strings.Contains(got, "error: ") {
			t.Errorf("%s\n%s", cell, got)
		}
		runtime.Gosched()
	}
}

// Funcs of cells are ordinary funcs: compiled code may call them from many goroutines
// while another cell runs and declares things.
func TestParallelCalls(t *testing.T) {
	collectOften(t)
	const busy = "func other(n int) int { if n < 2 { return n }; return other(n-1) + other(n-2) }\ntype fresh struct{ N int }\nfunc (f fresh) String() string { return fmt.Sprint(\"f\", f.N) }\nfmt.Sprint(other(10), fresh{3})"
	for _, test := range []struct {
		name, cell string
		want       func(n int) string
	}{
		{"recursion", "func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }\nfunc(n int) string { return fmt.Sprint(fib(n % 15)) }",
			func(n int) string {
				a, b := 0, 1
				for range n % 15 {
					a, b = b, a+b
				}
				return fmt.Sprint(a)
			}},
		{"closures", "func adders(n int) []func(int) int { var fs []func(int) int; for i := range 5 { total := n; fs = append(fs, func(d int) int { total += d * i; return total }) }; return fs }\n" +
			"func(n int) string { fs := adders(n); s := \"\"; for _, f := range fs { f(1); s += fmt.Sprint(f(2), \" \") }; return s }",
			func(n int) string {
				s := ""
				for i := range 5 {
					s += fmt.Sprint(n+3*i, " ")
				}
				return s
			}},
		{"interfaces", "type animal interface{ sound(n int) string }\ntype dog struct{ name string }\ntype cat struct{ lives []int }\nfunc (d dog) sound(n int) string { return d.name + strings.Repeat(\"!\", n%4) }\nfunc (c *cat) sound(n int) string { c.lives = append(c.lives, n); return fmt.Sprint(len(c.lives)) }\n" +
			"func(n int) string { zoo := []animal{dog{fmt.Sprint(\"d\", n)}, &cat{}, &dog{\"p\"}}; s := \"\"; for range 2 { for _, a := range zoo { s += a.sound(n) + \",\" } }; return s }",
			func(n int) string {
				m := strings.Repeat("!", n%4)
				return fmt.Sprintf("d%d%s,1,p%s,d%d%s,2,p%s,", n, m, m, n, m, m)
			}},
		{"sorting", "func(n int) string { xs := make([]int, 50); for i := range xs { xs[i] = (i*7919 + n) % 101 }; ys := slices.Clone(xs); sort.Slice(xs, func(i, j int) bool { return xs[i] < xs[j] }); slices.SortFunc(ys, func(a, b int) int { return cmp.Compare(b, a) }); return fmt.Sprint(xs, ys) }",
			func(n int) string {
				xs := make([]int, 50)
				for i := range xs {
					xs[i] = (i*7919 + n) % 101
				}
				sort.Ints(xs)
				ys := slices.Clone(xs)
				slices.Reverse(ys)
				return fmt.Sprint(xs, ys)
			}},
		{"maps", "type key struct{ a int; b string }\nfunc(n int) string { m := map[key][]string{}; for i := range 40 { k := key{i % 7, fmt.Sprint(n % 3)}; m[k] = append(m[k], fmt.Sprint(i)) }; delete(m, key{3, fmt.Sprint(n % 3)}); return fmt.Sprint(len(m), m[key{6, fmt.Sprint(n % 3)}]) }",
			func(n int) string { return "6 [6 13 20 27 34]" }},
		{"channels", "func(n int) string { in, out := make(chan int), make(chan string, 2); go func() { defer close(in); for i := range 5 { in <- i + n } }(); go func() { defer close(out); for x := range in { out <- fmt.Sprint(x) } }(); s := \"\"; for x := range out { s += x + \" \" }; return s }",
			func(n int) string {
				s := ""
				for i := range 5 {
					s += fmt.Sprint(i+n) + " "
				}
				return s
			}},
		{"panics", "func risky(n int) (s string) { defer func() { if r := recover(); r != nil { s = fmt.Sprint(n, \": \", r) } }(); xs := []int{1, 2}; return fmt.Sprint(xs[n%4]) }\nfunc(n int) string { return risky(n) }",
			func(n int) string {
				if n%4 < 2 {
					return fmt.Sprint(n%4 + 1)
				}
				return fmt.Sprintf("%d: runtime error: index out of range [%d] with length 2", n, n%4)
			}},
		{"defers", "func(n int) string { s := \"\"; func() { for i := range n % 5 { defer func() { s += fmt.Sprint(i) }() } }(); return s }",
			func(n int) string { return "43210"[5-n%5:] }},
		{"generics", "type tree[T cmp.Ordered] struct{ v T; l, r *tree[T] }\nfunc (t *tree[T]) put(v T) *tree[T] { if t == nil { return &tree[T]{v: v} }; if v < t.v { t.l = t.l.put(v) } else { t.r = t.r.put(v) }; return t }\nfunc (t *tree[T]) all(yield func(T) bool) bool { return t == nil || t.l.all(yield) && yield(t.v) && t.r.all(yield) }\n" +
			"func(n int) string { var t *tree[int]; for i := range 30 { t = t.put((i * 17 + n) % 30) }; s := \"\"; t.all(func(v int) bool { s += fmt.Sprint(v, \" \"); return v < 9 }); return s }",
			func(int) string { return "0 1 2 3 4 5 6 7 8 9 " }},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, s := funcOf[func(int) string](t, test.cell)
			atOnce(t, s, busy, f, test.want)
		})
	}
}

// What only frames of the engine refer to must live. The cells make trees, lists, maps
// and strings, collect in between, and count what is there.
func TestCollected(t *testing.T) {
	collectOften(t)
	for _, test := range []struct{ name, cell, want string }{
		{"trees", "type node struct{ l, r *node; data []int }\nfunc build(d int) *node { if d == 0 { return &node{data: []int{1}} }; l := build(d - 1); if d == 6 { runtime.GC() }; r := build(d - 1); return &node{l, r, make([]int, 3)} }\n" +
			"func (n *node) sum() int { if n == nil { return 0 }; s := len(n.data); return s + n.l.sum() + n.r.sum() }\nt := build(10)\nruntime.GC()\nt.sum()", "value: 4093\n"},
		{"lists", "type cell struct{ s string; next *cell }\nvar head *cell\nfor i := range 2000 { head = &cell{strings.Repeat(\"x\", i%50), head}; if i%500 == 0 { runtime.GC() } }\nn := 0\nfor c := head; c != nil; c = c.next { n += len(c.s) }\nn", "value: 49000\n"},
		{"maps", "m := map[string][][]byte{}\nfor i := range 3000 { k := fmt.Sprint(i % 100); m[k] = append(m[k], []byte(k)); if i%700 == 0 { runtime.GC() } }\nn := 0\nfor k, bs := range m { for _, b := range bs { if string(b) == k { n++ } } }\nn", "value: 3000\n"},
		{"closures", "fs := []func() string{}\nfor i := range 500 { s := fmt.Sprint(\"v\", i); p := &s; fs = append(fs, func() string { *p += \".\"; return *p }) }\nruntime.GC()\nn := 0\nfor range 2 { for i, f := range fs { if f()[:len(fmt.Sprint(i))+1] == fmt.Sprint(\"v\", i) { n++ } }; runtime.GC() }\nn, fs[3]()", "show: 1000\nvalue: v3...\n"},
		{"interfaces", "xs := []any{}\nfor i := range 600 { switch i % 4 { case 0: xs = append(xs, fmt.Sprint(i)); case 1: xs = append(xs, [2]string{\"a\", fmt.Sprint(i)}); case 2: xs = append(xs, &i); default: xs = append(xs, map[int]string{i: fmt.Sprint(i)}) }; if i%200 == 0 { runtime.GC() } }\nn := 0\nfor i, x := range xs { s := fmt.Sprint(i); switch x := x.(type) { case string: if x == s { n++ }; case [2]string: if x[1] == s { n++ }; case *int: if *x == i { n++ }; case map[int]string: if x[i] == s { n++ } } }\nn", "value: 600\n"},
		{"channels", "c := make(chan []string, 100)\nfor i := range 100 { c <- []string{fmt.Sprint(i), strings.Repeat(\"y\", i)} }\nruntime.GC()\nclose(c)\nn, i := 0, 0\nfor s := range c { if s[0] == fmt.Sprint(i) { n += len(s[1]) }; i++ }\nn", "value: 4950\n"},
		{"arguments", "func join(a, b []string, f func(string) string) (out []string) { defer runtime.GC(); for i := range a { out = append(out, f(a[i]+b[i])) }; return }\nn := 0\nfor i := range 30 { for _, s := range join([]string{fmt.Sprint(i)}, []string{\"-\" + fmt.Sprint(i)}, func(s string) string { runtime.GC(); return s + \"!\" }) { if s == fmt.Sprintf(\"%d-%d!\", i, i) { n++ } } }\nn", "value: 30\n"},
		{"goroutines", "out := make([]string, 20)\nvar wg sync.WaitGroup\nfor i := range out { wg.Go(func() { s := []string{}; for k := range 200 { s = append(s, fmt.Sprint(i*k)); if k == 100 { runtime.GC() } }; out[i] = s[199] }) }\nwg.Wait()\nn := 0\nfor i, s := range out { if s == fmt.Sprint(i*199) { n++ } }\nn", "value: 20\n"},
		{"panics", "func fall(n int, s []string) { defer func() { if len(s) != n%3+1 { panic(\"lost\") } }(); if n == 0 { runtime.GC(); panic(fmt.Sprint(\"end \", len(s))) }; fall(n-1, make([]string, (n-1)%3+1)) }\nfunc catch() (r any) { defer func() { r = recover() }(); fall(60, make([]string, 1)); return }\ncatch()", "value: end 1\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := enginetest.Run(session(t), 1, test.cell); got != test.want {
				t.Errorf("%s\n  gives\n%s  and should give\n%s", test.cell, got, test.want)
			}
		})
	}
}

// A cell is declared again while compiled code calls what it declares: each call runs the
// old text or the new.
func TestParallelRedeclaration(t *testing.T) {
	collectOften(t)
	f, s := funcOf[func() int](t, "func value() int { return 1 }\ntype box struct{ n int }\nfunc (b box) get() int { return b.n * value() }", "func() int { return box{7}.get() }")
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if got := f(); got%7 != 0 {
					t.Errorf("a call gives %d", got)
					return
				}
			}
		})
	}
	for i := range 100 {
		code := fmt.Sprintf("func value() int { return %d }\nfunc (b box) get() int { return value() * b.n }", i)
		if res := s.Execute(context.Background(), eval.Cell{Number: i + 10, Code: code}, &textOutput{}); res.Err != nil {
			t.Fatal(res.Err.Value)
		}
	}
	close(stop)
	wg.Wait()
	if got := f(); got != 99*7 {
		t.Errorf("after the last declaration a call gives %d", got)
	}
}
