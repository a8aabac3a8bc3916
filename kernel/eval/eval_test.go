package eval_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/enginetest"
	"github.com/dagbook/dagbook/kernel/eval/yaegi"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newSession(t testing.TB) *eval.Session {
	t.Helper()
	s, err := eval.New(yaegi.New, eval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// times stands for the two lines of %time.
var times = regexp.MustCompile(`out: CPU times: user [\d.e+]+ (s|ms|µs|ns), sys: [\d.e+]+ (s|ms|µs|ns), total: [\d.e+]+ (s|ms|µs|ns)\nout: Wall time: [\d.e+]+ (s|ms|µs|ns)\n`)

// What %time times still declares, assigns and shows, on whatever line it stands.
func TestTime(t *testing.T) {
	s := newSession(t)
	for i, c := range []struct{ cell, want string }{
		{"func inc(n int) int { return n + 1 }\nx := 1\n%time y := inc(x)\nfmt.Println(y)", "TIMES\nout: 2\n"},
		{"y", "value: 2\n"},
		{"%time inc(1)", "TIMES\nvalue: 2\n"},
		{"%time inc(1);", "TIMES\nvalue: 2\n"},
		{"%time inc(1)\nfmt.Println(\"behind\")", "TIMES\nshow: 2\nout: behind\n"},
		{"%time var z = inc(3)\nz", "TIMES\nvalue: 4\n"},
		{"%time x = 10\nx", "TIMES\nvalue: 10\n"},
		{"%time fmt.Println(1)", "out: 1\nTIMES\n"},
		{"%time for i := 0; i < 2; i++ { fmt.Println(i) }", "out: 0\nout: 1\nTIMES\n"},
		{"%time if x > 3 {\n\tfmt.Println(\"yes\")\n}\nx", "out: yes\nTIMES\nvalue: 10\n"},
		{"x\n%time 1", "error: compile error: cell 11, line 1, column 1: x (variable of type int) is not used (only the last expression of a cell is shown; display.Show(x) shows one in between)\n"},
		{"  %time nosuch(1)", "error: compile error: cell 12, line 1, column 9: undefined: nosuch\n"},
		{"%time strconv.Atoi(\"x\")", "error: strconv.NumError: strconv.Atoi: parsing \"x\": invalid syntax\nat: cell 13, line 1\n"},
	} {
		got := times.ReplaceAllString(enginetest.Run(s, i+1, c.cell), "TIMES\n")
		if got != c.want {
			t.Errorf("%q\n gives %q\n  want %q", c.cell, got, c.want)
		}
	}
}

// A goroutine that panics or exits ends alone; its cell's stderr tells.
func TestGoroutinesEndAlone(t *testing.T) {
	for what, want := range map[string]string{
		`go func() { panic("boom") }()`:                    "a goroutine of this cell ended: panic: boom",
		`go func() { var m map[string]int; m["a"] = 1 }()`: "a goroutine of this cell ended: panic: assignment to entry in nil map (a map that was only declared takes nothing: m := map[K]V{} makes one)",
		`go os.Exit(3)`: "a goroutine of this cell ended: exit: os.Exit(3) ended the cell; the kernel goes on",
		`func fails(n int) { panic(fmt.Sprint("no ", n)) }; go fails(7)`: "a goroutine of this cell ended: panic: no 7",
	} {
		s := newSession(t)
		out := &waiting{told: make(chan string, 16)}
		r := s.Execute(context.Background(), eval.Cell{Number: 1, Code: what}, out)
		if r.Err != nil {
			t.Errorf("%s: %v", what, r.Err)
		}
		select {
		case text := <-out.told:
			if !strings.HasPrefix(text, want+"\n") {
				t.Errorf("%s tells %q", what, text)
			}
		case <-time.After(time.Minute):
			t.Fatalf("%s tells nothing", what)
		}
		if got := enginetest.Run(s, 2, "1 + 1"); got != "value: 2\n" {
			t.Errorf("after %s: %s", what, got)
		}
	}
}

// waiting is an output that hands on what is written to stderr.
type waiting struct {
	enginetest.Recorder
	told chan string
}

func (w *waiting) Stream(name, text string) {
	if name == "stderr" {
		w.told <- text
	}
}

// Whatever prints, also after its cell has ended, prints to the cell that started it.
func TestOutputFollowsTheCell(t *testing.T) {
	s := newSession(t)
	var first, second enginetest.Recorder
	s.Execute(context.Background(), eval.Cell{Number: 1, Code: "next, done := make(chan bool), make(chan bool)\ngo func() { <-next; fmt.Println(\"from the first\"); close(done) }()"}, &first)
	s.Execute(context.Background(), eval.Cell{Number: 2, Code: "close(next)\n<-done\nfmt.Println(\"from the second\")"}, &second)
	if first.String() != "out: from the first\n" || second.String() != "value: false\nout: from the second\n" && second.String() != "show: false\nout: from the second\n" && second.String() != "out: from the second\n" {
		t.Errorf("the first cell has %q, the second %q", first.String(), second.String())
	}
}

func TestInterrupt(t *testing.T) {
	s := newSession(t)
	for i, code := range []string{"for {\n}", "time.Sleep(time.Hour)", "<-make(chan int)", "select {}", "var mu sync.Mutex\nmu.Lock()\nfor { n++ }"} {
		ctx, cancel := context.WithCancel(context.Background())
		var started sync.Once
		out := &onOutput{f: func() { started.Do(cancel) }}
		r := s.Execute(ctx, eval.Cell{Number: i + 1, Code: "n := 1\nfmt.Println(\"started\")\n" + code}, out)
		cancel()
		if r.Err == nil || r.Err.Name != "interrupted" {
			t.Errorf("%q ends with %v", code, r.Err)
		}
		if got := enginetest.Run(s, 100+i, "n > 0"); got != "value: true\n" {
			t.Errorf("after %q: %s", code, got)
		}
	}
}

// onOutput calls f when something is printed.
type onOutput struct {
	enginetest.Recorder
	f func()
}

func (o *onOutput) Stream(name, text string) { o.f() }

func TestReset(t *testing.T) {
	s := newSession(t)
	enginetest.Run(s, 1, "x := 1\ntype T struct{}\nfunc f() int { return x }")
	if len(s.Names()) != 3 {
		t.Errorf("the session has %v", s.Names())
	}
	if err := s.Reset(); err != nil {
		t.Fatal(err)
	}
	if len(s.Names()) != 0 || !strings.Contains(enginetest.Run(s, 2, "f()"), "undefined: f") {
		t.Errorf("after Reset the session has %v", s.Names())
	}
	if got := enginetest.Run(s, 3, "x := \"again\"\nfunc f() string { return x }\nf()"); got != "value: again\n" {
		t.Error(got)
	}
}

func Example() {
	s, err := eval.New(yaegi.New, eval.Options{})
	if err != nil {
		panic(err)
	}
	for i, code := range []string{"x := 6", "x * 7", "x * y"} {
		r := s.Execute(context.Background(), eval.Cell{Number: i + 1, Code: code}, &enginetest.Recorder{})
		switch {
		case r.Err != nil:
			fmt.Println(r.Err.Value)
		case !r.Value.Empty():
			fmt.Println(r.Value.Data[display.MIMEText])
		}
	}
	// Output:
	// 42
	// cell 3, line 1, column 5: undefined: y
}

func BenchmarkTrivialCell(b *testing.B) {
	s := newSession(b)
	var out enginetest.Recorder
	for n := 1; b.Loop(); n++ {
		s.Execute(context.Background(), eval.Cell{Number: n, Code: "1 + 1"}, &out)
	}
}

func BenchmarkFirstCell(b *testing.B) {
	var out enginetest.Recorder
	for b.Loop() {
		s := newSession(b)
		s.Execute(context.Background(), eval.Cell{Number: 1, Code: "fmt.Println(1)"}, &out)
	}
}
