package yaegi

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/enginetest"
)

func session(t *testing.T) *eval.Session {
	t.Helper()
	s, err := eval.New(New, eval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Jupyter counts cells for as long as a session lives; Go's scanner bounds line numbers.
func TestHighCellNumbers(t *testing.T) {
	s := session(t)
	for _, number := range []int{10_737, 10_738, 20_000, 123_456} {
		if got := enginetest.Run(s, number, "func f() int { panic(\"boom\") }\nf()"); !strings.Contains(got, "panic: boom") {
			t.Errorf("cell %d gives %s", number, got)
		} else if want := fmt.Sprintf("at: cell %d, line 1, in f", number); !strings.Contains(got, want) {
			t.Errorf("cell %d tells of another place: %s", number, got)
		}
	}
}

// Compiled functions that run a cell's function on a goroutine of their own must not
// end the process when it panics.
func TestPanicsOnGoroutinesOfCompiledCode(t *testing.T) {
	s := session(t)
	for i, code := range []string{
		"var wg sync.WaitGroup\nwg.Go(func() { var m map[int]int; m[1] = 1 })\nwg.Wait()",
		"func work() { panic(\"work\") }\nvar wg2 sync.WaitGroup\nwg2.Go(work)\nwg2.Wait()",
		"fired := make(chan bool)\ntime.AfterFunc(0, func() { defer close(fired); panic(\"late\") })\n<-fired",
	} {
		if got := enginetest.Run(s, i+1, code); strings.Contains(got, "error:") {
			t.Errorf("%s\ngives %s", code, got)
		}
	}
	if got := enginetest.Run(s, 9, "1 + 1"); !strings.HasSuffix(got, "value: 2\n") { // the last panic may be told only now
		t.Errorf("afterwards: %s", got)
	}
}

// A panic value whose own method panics is told all the same.
func TestPanicValueThatPanics(t *testing.T) {
	s := session(t)
	var r enginetest.Recorder
	res := s.Execute(context.Background(), eval.Cell{Number: 1, Code: "panic((*fs.PathError)(nil))"}, &r)
	if res.Err == nil {
		t.Error("no error")
	}
	if got := enginetest.Run(s, 2, "x := 1\nx"); got != "value: 1\n" {
		t.Errorf("afterwards: %s", got)
	}
}

// The label of a progress bar is an expression of the session like any other.
func TestProgressLabel(t *testing.T) {
	s := session(t)
	enginetest.Run(s, 1, `title := "reading"`)
	got := enginetest.Run(s, 2, "n := 0\nfor i := range display.Progress([]string{\"a\", \"b\"}, title+\"!\") {\n\tn += i\n}\nfmt.Println(n)")
	if !strings.Contains(got, "reading!") || !strings.Contains(got, "out: 1") {
		t.Errorf("the loop gives %s", got)
	}
	if got := enginetest.Run(s, 3, "var a [1]int\nfor a[0] = range 3 {\n}"); !strings.Contains(got, "in a variable only") {
		t.Errorf("a loop that counts in an element gives %s", got)
	}
}

// Go starts goroutines with stacks of the average size that its collector last found, so
// that many of them are large after a deep recursion. That is not a recursion of theirs.
func TestManyGoroutinesAfterADeepRecursion(t *testing.T) {
	s := session(t)
	const code = `var wg sync.WaitGroup
for range 400 {
	wg.Add(1)
	go func() { defer wg.Done(); time.Sleep(100 * time.Millisecond) }()
}
wg.Wait()`
	enginetest.Run(s, 1, code) // Go gives such stacks to goroutines that it uses again
	collectWhileDeep(100 << 20)
	if got := enginetest.Run(s, 2, code); strings.Contains(got, "error:") {
		t.Error(got)
	}
}

// collectWhileDeep runs the collector while a goroutine has a stack of that many bytes.
func collectWhileDeep(bytes int) {
	done := make(chan bool)
	go func() {
		defer close(done)
		deepen(bytes)
	}()
	<-done
}

func deepen(bytes int) byte {
	var frame [64 << 10]byte
	if bytes <= 0 {
		runtime.GC()
		return 0
	}
	frame[bytes%len(frame)] = deepen(bytes - len(frame))
	return frame[bytes%7]
}

// What a function literal finds in a loop's variable does not depend on when it runs.
func TestLoopVariablesOfGoroutines(t *testing.T) {
	s := session(t)
	const code = `wrong := 0
for range 3000 {
	results := make(chan int, 3)
	for _, n := range []int{3, 1, 2} {
		go func() { results <- n }()
	}
	if <-results + <-results + <-results != 6 {
		wrong++
	}
	for i := range "abc" {
		go func() { results <- i }()
	}
	if <-results + <-results + <-results != 3 {
		wrong++
	}
}
wrong`
	if got := enginetest.Run(s, 1, code); got != "value: 0\n" {
		t.Error(got)
	}
}
