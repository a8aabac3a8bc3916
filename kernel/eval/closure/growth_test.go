package closure

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// daily are cells of the kinds a long session is made of. Each is run again and again,
// with another number in it every time.
var daily = []string{
	"x := %d * 2\nx + 1",
	"func double(n int) int { return n*2 + %d - %[1]d }",
	"double(%d)",
	"type Point struct{ X, Y int }\nfunc (p Point) Sum() int { return p.X + p.Y }\nfunc (p *Point) Move(d int) { p.X += d }",
	"p := Point{%d, 2}\np.Move(3)\nfmt.Sprint(p, p.Sum())",
	"counter := func() func() int { n := %d; return func() int { n++; return n } }()\ncounter() + counter()",
	"done := make(chan int)\ngo func() { done <- %d }()\n<-done",
	"func largest[T cmp.Ordered](xs ...T) T { m := xs[0]; for _, x := range xs { m = max(m, x) }; return m }",
	"largest(1, %d, 3), largest(\"a\", \"b\"), largest(2.5)",
	"import \"strings\"\nstrings.Repeat(\"ab\", %d%%7)",
	"undefinedName + %d",
	"[]int{1, 2}[%d+2]",
	"panic(\"number %d\")",
	"m := map[string][]int{\"a\": {%d}}\nm[\"b\"] = append(m[\"a\"], 2)\nlen(m)",
	"type shaper interface{ Sum() int }\nvar s shaper = Point{1, %d}\ns.Sum()",
	"words := strings.Fields(\"the quick brown fox\")\nslices.SortFunc(words, func(a, b string) int { return len(a) - len(b) + %d*0 })\nwords",
	"var wg sync.WaitGroup\nfor i := range 3 { wg.Add(1); go func() { defer wg.Done(); _ = i + %d }() }\nwg.Wait()",
	"defer func() { recover() }()\nvar none map[string]int\nnone[\"%d\"] = 1",
	"type Stack[T any] struct{ items []T }\nfunc (s *Stack[T]) Push(v T) { s.items = append(s.items, v) }\nvar st Stack[int]\nst.Push(%d)\nlen(st.items)",
	"for i := range 3 { if i == %d { continue } }",
}

// TestLongSession runs thousands of cells in one session: the memory it has after a fifth
// of them is about what it has at the end, and all its goroutines are gone.
func TestLongSession(t *testing.T) {
	cells := 10_000
	if testing.Short() || raceEnabled {
		cells = 1_500
	}
	s := session(t)
	run := func(from, to int) {
		for i := from; i < to; i++ {
			code := daily[i%len(daily)]
			if strings.Contains(code, "%d") {
				code = fmt.Sprintf(code, i)
			}
			s.Execute(context.Background(), eval.Cell{Number: i + 1, Code: code}, &textOutput{})
		}
	}
	run(0, cells/5)
	before := liveHeap()
	routines := runtime.NumGoroutine()
	run(cells/5, cells)
	after := liveHeap()
	t.Logf("heap after %d cells: %d KB, after %d: %d KB", cells/5, before>>10, cells, after>>10)
	if after > before+before/4+1<<20 {
		t.Errorf("after %d cells %d KB are in use, after %d cells %d KB", cells/5, before>>10, cells, after>>10)
	}
	if n := settled(routines); n > routines {
		t.Errorf("%d goroutines after %d cells, %d at the end", routines, cells/5, n)
	}
	runtime.KeepAlive(s)
}

// TestNotebookAgain runs a notebook of many types ten times: no run after the first takes
// entry points for methods, and none leaves memory or goroutines behind.
func TestNotebookAgain(t *testing.T) {
	s := session(t)
	var cells []string
	for i := range 20 {
		cells = append(cells,
			strings.ReplaceAll("type T# struct{ N int; next *T# }\nfunc (t T#) String() string { return fmt.Sprint(\"T#:\", t.N) }\nfunc (t *T#) Set(n int) { t.N = n }\nfunc (t T#) Less(u T#) bool { return t.N < u.N }", "#", fmt.Sprint(i)),
			strings.ReplaceAll("v# := T#{N: #}\nv#.Set(7)\nvar s# fmt.Stringer = v#\nfmt.Sprint(v#, s#)", "#", fmt.Sprint(i)))
	}
	cells = append(cells, daily...)
	run := func() {
		for i, code := range cells {
			if strings.Contains(code, "%d") {
				code = fmt.Sprintf(code, i)
			}
			s.Execute(context.Background(), eval.Cell{Number: i + 1, Code: code}, &textOutput{})
		}
	}
	stubs := rt.FreeStubs()
	run()
	t.Logf("the first run took %d entry points for methods, %d are left", stubs-rt.FreeStubs(), rt.FreeStubs())
	run()
	stubs = rt.FreeStubs()
	heap, routines := liveHeap(), runtime.NumGoroutine()
	for range 10 {
		run()
	}
	if n := rt.FreeStubs(); n != stubs {
		t.Errorf("ten runs took %d entry points for methods", stubs-n)
	}
	if now := liveHeap(); now > heap+heap/2+1<<20 {
		t.Errorf("%d KB after two runs, %d KB after twelve", heap>>10, now>>10)
	}
	if n := settled(routines); n > routines {
		t.Errorf("%d goroutines after two runs, %d after twelve", routines, n)
	}
	runtime.KeepAlive(s)
}

// TestResetFrees resets the session after each run: what was declared goes.
func TestResetFrees(t *testing.T) {
	s := session(t)
	heap, stubs := uint64(0), 0
	for i := range 60 {
		for k, code := range daily {
			if strings.Contains(code, "%d") {
				code = fmt.Sprintf(code, k)
			}
			s.Execute(context.Background(), eval.Cell{Number: k + 1, Code: code}, &textOutput{})
		}
		s.Execute(context.Background(), eval.Cell{Number: 30, Code: "big := make([]byte, 4<<20); len(big)"}, &textOutput{})
		if err := s.Reset(); err != nil {
			t.Fatal(err)
		}
		if len(s.Names()) > 0 {
			t.Fatalf("after the reset there are %v", s.Names())
		}
		if i == 10 {
			heap, stubs = liveHeap(), rt.FreeStubs()
		}
	}
	if n := rt.FreeStubs(); n != stubs {
		t.Errorf("fifty resets took %d entry points for methods", stubs-n)
	}
	if now := liveHeap(); now > heap+heap/2+1<<20 {
		t.Errorf("%d KB after eleven resets, %d KB after sixty", heap>>10, now>>10)
	}
	runtime.KeepAlive(s)
}

func liveHeap() uint64 {
	var m runtime.MemStats
	for range 3 { // finalizers and pools give things up one collection later
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// settled waits for goroutines that are about to end.
func settled(most int) int {
	for range 100 {
		if runtime.NumGoroutine() <= most {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return runtime.NumGoroutine()
}
