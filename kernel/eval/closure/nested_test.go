package closure

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/enginetest"
)

// The traceback of a panic that leaves a callback goes through the compiled code; one that
// compiled code has recovered leaves no trace in those that follow.
func TestTracebackOfCallbacks(t *testing.T) {
	const bad = "type bad int\nfunc (bad) String() string { panic(\"in String\") }\n"
	for _, c := range []struct{ code, want string }{
		{
			"func work() {\n\tsort.Slice([]int{2, 1}, func(i, j int) bool {\n\t\tvar m map[int]int\n\t\tm[i] = j\n\t\treturn true\n\t})\n}\nwork()",
			"error: panic: assignment to entry in nil map (a map that was only declared takes nothing: m := map[K]V{} makes one)\nat: cell 1, line 4, column 3, in work.func1\nat: cell 1, line 2, column 2, in work\nat: cell 1, line 8, column 1\n",
		},
		{ // the panic leaves three callbacks
			"func f(n int) {\n\tstrings.Map(func(r rune) rune {\n\t\tif n == 0 { panic(\"deep\") }\n\t\tf(n-1)\n\t\treturn r\n\t}, \"a\")\n}\nf(2)",
			"error: panic: deep\nat: cell 1, line 3, column 15, in f.func1\nat: cell 1, line 2, column 2, in f\nat: cell 1, line 4, column 3, in f.func1\nat: cell 1, line 2, column 2, in f\nat: cell 1, line 4, column 3, in f.func1\nat: cell 1, line 2, column 2, in f\nat: cell 1, line 8, column 1\n",
		},
		{ // and functions with defer statements between them
			"func f(n int) {\n\tdefer func() {}()\n\tstrings.Map(func(r rune) rune {\n\t\tif n == 0 { panic(\"deep\") }\n\t\tf(n-1)\n\t\treturn r\n\t}, \"a\")\n}\nf(1)",
			"error: panic: deep\nat: cell 1, line 4, column 15, in f.func2\nat: cell 1, line 3, column 2, in f\nat: cell 1, line 5, column 3, in f.func2\nat: cell 1, line 3, column 2, in f\nat: cell 1, line 9, column 1\n",
		},
		{
			bad + "func work() {\n\tif fmt.Sprint(bad(1)) == \"\" { return }\n\tpanic(\"later\")\n}\nwork()",
			"error: panic: later\nat: cell 1, line 5, column 2, in work\nat: cell 1, line 7, column 1\n",
		},
		{
			bad + "func work() {\n\tdefer func() { _ = fmt.Sprint(bad(1)) }()\n\tpanic(\"first\")\n}\nwork()",
			"error: panic: first\nat: cell 1, line 5, column 2, in work\nat: cell 1, line 7, column 1\n",
		},
		{
			bad + "func work() {\n\tstrings.Map(func(r rune) rune {\n\t\t_ = fmt.Sprint(bad(1))\n\t\tpanic(\"own\")\n\t}, \"a\")\n}\nwork()",
			"error: panic: own\nat: cell 1, line 6, column 3, in work.func1\nat: cell 1, line 4, column 2, in work\nat: cell 1, line 9, column 1\n",
		},
		{
			"func sorted() {\n\tdefer func() { recover() }()\n\tsort.Slice([]int{2, 1}, func(i, j int) bool { panic(\"less\") })\n}\nsorted()\npanic(\"after\")",
			"error: panic: after\nat: cell 1, line 6, column 1\n",
		},
		{
			"func sorted() {\n\tdefer func() {\n\t\tsort.Slice([]int{2, 1}, func(i, j int) bool { panic(\"less\") })\n\t}()\n\tpanic(\"first\")\n}\nsorted()",
			"error: panic: less\nat: cell 1, line 3, column 49, in sorted.func1.func1\nat: cell 1, line 3, column 3, in sorted.func1\nat: cell 1, line 5, column 2, in sorted\nat: cell 1, line 7, column 1\n",
		},
		{ // a frame of its own, and calls that are held
			"type pair struct{ a, b string }\nfunc work() {\n\tslices.SortFunc([]pair{{\"b\", \"\"}, {\"a\", \"\"}}, func(p, q pair) int {\n\t\tpanic(\"cmp\")\n\t})\n}\nwork()",
			"error: panic: cmp\nat: cell 1, line 4, column 3, in work.func1\nat: cell 1, line 3, column 2, in work\nat: cell 1, line 7, column 1\n",
		},
		{
			"func work() {\n\tsort.Slice([]int{2, 1}, func(i, j int) bool {\n\t\truntime.Goexit()\n\t\treturn true\n\t})\n}\nwork()",
			"error: panic: error: runtime.Goexit ended the cell\nat: cell 1, line 3, column 3, in work.func1\nat: cell 1, line 2, column 2, in work\nat: cell 1, line 7, column 1\n",
		},
	} {
		if got := enginetest.Run(session(t), 1, c.code); got != c.want {
			t.Errorf("%s\nis shown as\n%s  and should be\n%s", c.code, got, c.want)
		}
	}
}

// Where nobody takes the panic of a callback, it is reported, and the session goes on: also
// when compiled code and another callback are between.
func TestPanicNobodyTakes(t *testing.T) {
	s := session(t)
	got := enginetest.Run(s, 1, "done := make(chan bool)\ntime.AfterFunc(0, func() {\n\tdefer close(done)\n\tstrings.Map(func(r rune) rune {\n\t\tsort.Slice([]int{2, 1}, func(i, j int) bool { panic(\"timer\") })\n\t\treturn r\n\t}, \"a\")\n})\n<-done")
	if !strings.HasSuffix(got, "value: false\n") { // the report may come before
		t.Errorf("the cell ends with %s", got)
	}
	for n := 2; n < 1000; n++ { // it may be reported late
		next := enginetest.Run(s, n, "time.Sleep(10 * time.Millisecond)\n1 + 1")
		if !strings.HasSuffix(next, "value: 2\n") {
			t.Fatalf("the next cell ends with %s", next)
		}
		if got += next; strings.Contains(got, "panic: timer") {
			return
		}
	}
	t.Errorf("the panic is not reported")
}

// So it is where more goroutines run code of cells than there are seats.
func TestPanicOfManyGoroutines(t *testing.T) {
	s := session(t)
	got := enginetest.Run(s, 1, "n := 1500\nready, start, done := make(chan bool, n), make(chan bool), make(chan bool, n)\nfor range n {\n\ttime.AfterFunc(0, func() {\n\t\tdefer func() { done <- true }()\n\t\tready <- true\n\t\t<-start\n\t\tstrings.Map(func(r rune) rune {\n\t\t\tsort.Slice([]int{2, 1}, func(i, j int) bool { panic(\"timer\") })\n\t\t\treturn r\n\t\t}, \"a\")\n\t})\n}\nfor range n { <-ready }\nclose(start)\nfor range n { <-done }")
	if strings.Contains(got, "error:") {
		t.Errorf("the cell ends with %s", got)
	}
	if got := enginetest.Run(s, 2, "1 + 1"); !strings.HasSuffix(got, "value: 2\n") {
		t.Errorf("the next cell ends with %s", got)
	}
}

// Callbacks in callbacks, of the same function and of many by turns, keep their variables apart.
func TestNestedCallbacks(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{ // the callback of level n is in use while that of level n-1 runs, several times
			"func f(n int) int {\n\tsum := n\n\tstrings.Map(func(r rune) rune {\n\t\tif n > 0 { sum += f(n-1) }\n\t\treturn r\n\t}, \"abc\")\n\treturn sum\n}\nf(6)",
			"value: 543\n",
		},
		{ // compiled code has recovered a panic of each
			"type bad int\nfunc (b bad) String() string { if b > 0 { return fmt.Sprint(b-1) }; panic(\"none\") }\nn := 0\nfor i := range bad(50) { n += len(fmt.Sprint(i)) }\nn == 50*len(fmt.Sprint(bad(0)))",
			"value: true\n",
		},
		{ // a callback that panics within others leaves them as they were
			"sum := 0\nfunc try(i int) {\n\tdefer func() { recover() }()\n\tslices.SortFunc([][1]int{{2}, {1}}, func(a, b [1]int) int { panic(i) })\n}\nstrings.Map(func(r rune) rune { x := int(r); try(x); sum += x; return r }, \"ab\")\nsum",
			"value: 195\n",
		},
		{
			"type T struct{ a, b int }\nx := make([]T, 300)\nfor i := range x { x[i] = T{i * 7 % 300, i} }\nslices.SortFunc(x, func(p, q T) int {\n\ts := []int{p.a, q.a}\n\tsort.Slice(s, func(i, j int) bool { return s[i] < s[j] })\n\tif p.a == s[0] { return p.a - q.a }\n\treturn 1\n})\nslices.IsSortedFunc(x, func(p, q T) int { return p.a - q.a })",
			"value: true\n",
		},
		{ // the coroutine is another goroutine, and its callbacks nest there
			"next, stop := iter.Pull(func(yield func(int) bool) {\n\tfor i := range 3 {\n\t\tx := []int{3, 1, 2}\n\t\tsort.Slice(x, func(a, b int) bool { return x[a] < x[b] })\n\t\tif !yield(x[i]) { return }\n\t}\n})\nsum := 0\nstrings.Map(func(r rune) rune { v, _ := next(); sum = 10*sum + v; return r }, \"abc\")\nstop()\nsum",
			"value: 123\n",
		},
		{ // recover in a callback of a deferred function is not called by that
			"var once sync.Once\ngot := any(1)\nfunc f() { defer once.Do(func() { got = recover() }); panic(\"goes on\") }\nfunc g() (r any) { defer func() { r = recover() }(); f(); return }\nr := g()\nfmt.Sprint(got, r)",
			"value: <nil>goes on\n",
		},
	} {
		if got := enginetest.Run(session(t), 1, c.code); got != c.want {
			t.Errorf("%s\nis shown as\n%s  and should be\n%s", c.code, got, c.want)
		}
	}
}

// A routine is its goroutine's as long as that works for it: afterwards, nobody has a seat.
func TestSeatsAreLeft(t *testing.T) {
	var e *Engine
	s, err := eval.New(func(h eval.Host) (eval.Engine, error) {
		made, err := New(h)
		e, _ = made.(*Engine)
		return made, err
	}, eval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, code := range []string{
		"sort.Slice([]int{2, 1}, func(i, j int) bool { return i < j })",
		"var wg sync.WaitGroup\nfor range 3000 {\n\twg.Go(func() { sort.Slice([]int{2, 1}, func(i, j int) bool { return i < j }) })\n}\nwg.Wait()",
		"done := make(chan bool)\nfor range 100 { time.AfterFunc(0, func() { done <- true }) }\nfor range 100 { <-done }",
		"time.AfterFunc(0, func() { defer close(done); panic(1) })\n<-done",
		"left := make(chan bool)\ngo func() { defer close(left); sort.Slice([]int{2, 1}, func(i, j int) bool { runtime.Goexit(); return false }) }()\n<-left",
		"panic(2)",
	} {
		s.Execute(context.Background(), eval.Cell{Number: i + 1, Code: code}, &textOutput{})
	}
	for turns := 0; ; turns++ {
		n := 0
		for i := range e.seats.table {
			if e.seats.table[i].who.Load() != 0 || e.seats.table[i].g.Load() != nil {
				n++
			}
		}
		if n += int(e.seats.count.Load()); n == 0 {
			return
		}
		if turns == 1000 {
			t.Fatalf("%d goroutines that have ended have a seat", n)
		}
		runtime.Gosched()
		time.Sleep(time.Millisecond)
	}
}

// A runaway recursion through callbacks ends, and so does one in the same session that finds
// the frames of the first.
func TestRunawayCallbacks(t *testing.T) {
	s := session(t)
	const again = "func again(n int) int {\n\tslices.SortFunc([]int{1, 2}, func(a, b int) int { return again(n + 1) })\n\treturn 0\n}\nagain(0)"
	for n := range 2 {
		if got := enginetest.Run(s, n+1, again); !strings.Contains(got, overflow{}.Error()) {
			t.Errorf("it ends with %s", got)
		}
	}
}

// Compiled code may recover the panic by which an interrupt ends a callback. What called it
// ends all the same, and deferred functions run.
func TestInterruptOfRecoveredCallbacks(t *testing.T) {
	for _, wait := range []string{"for {}", "defer func() { recover() }(); for {}", "mu.Lock(); defer mu.Unlock(); for {}"} {
		s := session(t)
		enginetest.Run(s, 1, "var mu sync.Mutex\nended := make(chan bool, 1)\ntype T struct{}\nfunc (T) String() string { "+wait+" }")
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(20*time.Millisecond, cancel)
		res := s.Execute(ctx, eval.Cell{Number: 2, Code: "func() {\n\tdefer func() { ended <- true }()\n\tfor { fmt.Sprint(T{}) }\n}()"}, nil)
		if res.Err == nil || !strings.Contains(strings.ToLower(res.Err.Name+res.Err.Value), "interrupt") {
			t.Errorf("%s: the cell ends with %v", wait, res.Err)
		}
		if got := enginetest.Run(s, 3, "late := time.After(20 * time.Second)\nselect {\ncase <-ended:\ncase <-late:\n\tpanic(\"it spins\")\n}"); got != "" {
			t.Errorf("%s: after the interrupt %s", wait, got)
		}
	}
}

// A timer belongs to the cell that made it: its os.Exit ends no later one, and runs no
// deferred function.
func TestExitOfTimers(t *testing.T) {
	s := session(t)
	enginetest.Run(s, 1, "start, late := make(chan bool), make(chan bool)\ntime.AfterFunc(0, func() { defer fmt.Println(\"deferred\"); <-start; close(late); os.Exit(7) });")
	got := enginetest.Run(s, 2, "close(start)\n<-late\ntime.Sleep(50 * time.Millisecond)\n1 + 1")
	if !strings.HasSuffix(got, "value: 2\n") || strings.Contains(got, "deferred") {
		t.Errorf("the next cell ends with %s", got)
	}
}

// A lock of a cell's type works while sync.Cond waits: its goroutine is not asleep.
func TestCondOfOwnLock(t *testing.T) {
	s := session(t)
	got := enginetest.Run(s, 1, "type slow struct{ sync.Mutex; done chan bool }\nfunc (l *slow) Unlock() {\n\tfor begin := time.Now(); time.Since(begin) < 1500*time.Millisecond; {}\n\tl.Mutex.Unlock()\n\tclose(l.done)\n}\nl := &slow{done: make(chan bool)}\nc := sync.NewCond(l)\nl.Lock()\ngo func() { <-l.done; c.Signal() }()\nc.Wait()\n1 + 1")
	if got != "value: 2\n" {
		t.Errorf("the cell ends with %s", got)
	}
}

// Deferred functions that an interrupt leads to have a while, and end.
func TestInterruptOfDeferred(t *testing.T) {
	s := session(t)
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(20*time.Millisecond, cancel)
	enginetest.Run(s, 1, "ended := make(chan int, 9)")
	s.Execute(ctx, eval.Cell{Number: 2, Code: "func() {\n\tdefer func() { ended <- 3 }()\n\tdefer func() { defer func() { ended <- 2 }(); for {} }()\n\tdefer func() { ended <- 1; for {} }()\n\tfor {}\n}()"}, nil)
	got := enginetest.Run(s, 3, "late := time.After(20 * time.Second)\nfor range 3 {\n\tselect {\n\tcase n := <-ended:\n\t\tfmt.Println(n)\n\tcase <-late:\n\t\tpanic(\"it spins\")\n\t}\n}")
	if got != "out: 1\nout: 2\nout: 3\n" {
		t.Errorf("afterwards: %s", got)
	}
}
