package taskview

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/taskgraph"
	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/trace"
)

// handClock passes when it is told to.
type handClock struct {
	now    time.Time
	timers []*handTimer
}

type handTimer struct {
	at time.Time
	f  func()
}

func (c *handClock) Now() time.Time { return c.now }

func (c *handClock) AfterFunc(d time.Duration, f func()) func() bool {
	t := &handTimer{c.now.Add(d), f}
	c.timers = append(c.timers, t)
	return func() bool {
		for i := range c.timers {
			if c.timers[i] == t {
				c.timers = append(c.timers[:i], c.timers[i+1:]...)
				return true
			}
		}
		return false
	}
}

// pass lets time go by, and whatever waits for it go off.
func (c *handClock) pass(d time.Duration) {
	end := c.now.Add(d)
	for {
		next := -1
		for i, t := range c.timers {
			if !t.at.After(end) && (next < 0 || t.at.Before(c.timers[next].at)) {
				next = i
			}
		}
		if next < 0 {
			c.now = end
			return
		}
		t := c.timers[next]
		c.timers = append(c.timers[:next], c.timers[next+1:]...)
		c.now = t.at
		t.f()
	}
}

// screen writes down what is shown.
type screen struct {
	mu     sync.Mutex
	shown  []string // a line for each display and update: its id's place, its text
	ids    []string
	html   string
	stderr string
}

func (s *screen) Stream(name, text string) { s.stderr += text }
func (s *screen) Clear(bool)               {}
func (s *screen) Display(b display.Bundle, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ids = append(s.ids, id)
	s.write(b, id)
}

func (s *screen) Update(b display.Bundle, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.write(b, id)
}

func (s *screen) write(b display.Bundle, id string) {
	for i := range s.ids {
		if s.ids[i] == id {
			s.shown = append(s.shown, fmt.Sprintf("%d %s", i, b.Data[display.MIMEText]))
		}
	}
	s.html = b.Data[display.MIMEHTML].(string)
}

func (s *screen) last() string {
	if len(s.shown) == 0 {
		return ""
	}
	return s.shown[len(s.shown)-1]
}

func tasks(names ...string) *graph.Graph {
	var b graph.Builder
	for i, name := range names {
		b.Add(graph.Task{Key: graph.Key{Name: name, Token: uint64(i)}})
	}
	return b.Graph()
}

// start makes a Progress on a screen, with a clock.
func start() (*Progress, *screen, *handClock) {
	s, c := &screen{}, &handClock{now: time.Unix(1000, 0)}
	return newProgress(func() display.Output { return s }, c), s, c
}

func run1(o trace.Observer, id graph.ID, err error) {
	o.TaskStarted(id, 0)
	o.TaskFinished(id, 0, nil, err)
}

// idle checks that nothing is left.
func idle(t *testing.T, p *Progress, c *handClock) {
	t.Helper()
	if len(p.boards) != 0 || len(c.timers) != 0 {
		t.Errorf("%d boards and %d timers are left", len(p.boards), len(c.timers))
	}
}

func TestProgressOfOneRun(t *testing.T) {
	p, s, c := start()
	o := p.Observe(tasks("load", "load", "load", "sum"))
	run1(o, 0, nil)
	o.TaskStarted(1, 1)
	c.pass(499 * time.Millisecond)
	if len(s.shown) != 0 {
		t.Errorf("shown before half a second: %q", s.shown)
	}
	c.pass(time.Millisecond)
	if want := "0 |█████               | 1/4, 0.5 s: load 1/3 (1 running), sum 0/1"; s.last() != want {
		t.Errorf("got  %q\nwant %q", s.last(), want)
	}
	c.pass(time.Second)
	if n := len(s.shown); n < 4 || n > 11 {
		t.Errorf("%d updates in 1 s", n)
	}
	if !strings.Contains(s.last(), "1/4, 1.5 s, about 4.5 s left") {
		t.Errorf("got %q", s.last())
	}
	o.TaskFinished(1, 1, nil, nil)
	run1(o, 2, nil)
	run1(o, 3, nil)
	trace.End(o, nil)
	if want := "0 |████████████████████| 4/4, done in 1.5 s: load 3/3, sum 1/1"; s.last() != want {
		t.Errorf("got  %q\nwant %q", s.last(), want)
	}
	idle(t, p, c)
	trace.End(o, nil) // again, and late
	o.TaskFinished(3, 0, nil, nil)
	if len(s.ids) != 1 || s.stderr != "" {
		t.Errorf("%d displays, stderr %q", len(s.ids), s.stderr)
	}
}

func TestProgressOfShortRunsIsNotShown(t *testing.T) {
	p, s, c := start()
	for range 10 {
		o := p.Observe(tasks("f"))
		c.pass(100 * time.Millisecond)
		trace.End(o, nil)
	}
	if o := p.Observe(tasks()); o != nil {
		t.Errorf("an empty graph is watched by %v", o)
	}
	if len(s.shown) != 0 {
		t.Errorf("shown: %q", s.shown)
	}
	idle(t, p, c)
}

func TestProgressTellsHowItEnded(t *testing.T) {
	g := tasks("load")
	for _, test := range []struct {
		err  error
		want string
	}{
		{nil, "done in 1.0 s"},
		{&taskgraph.CancelledError{Cause: errors.New("interrupted")}, "stopped after 1.0 s"},
		{&taskgraph.TaskError{Key: g.Key(0), Err: errors.New("no such file")}, "failed after 1.0 s at load-0000000000000000"},
		{errors.New("no room on the disk"), "failed after 1.0 s"},
	} {
		p, s, c := start()
		o := p.Observe(g)
		run1(o, 0, test.err)
		c.pass(time.Second)
		trace.End(o, test.err)
		if !strings.Contains(s.last(), test.want+": load") || !strings.Contains(s.html, test.want) {
			t.Errorf("%v: %q", test.err, s.last())
		}
		idle(t, p, c)
	}
}

// TestProgressOfRunsAtOnce has a run that is within a task of another, and one that is too
// short to be seen.
func TestProgressOfRunsAtOnce(t *testing.T) {
	p, s, c := start()
	outer := p.Observe(tasks("outer"))
	outer.TaskStarted(0, 0)
	c.pass(600 * time.Millisecond)
	inner, short := p.Observe(tasks("inner")), p.Observe(tasks("short"))
	c.pass(100 * time.Millisecond)
	trace.End(short, nil)
	c.pass(time.Second)
	if got := s.last(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "outer 0/1") || !strings.Contains(got, "inner 0/1") {
		t.Errorf("two at once: %q", got)
	}
	run1(inner, 0, nil)
	trace.End(inner, nil)
	c.pass(time.Second)
	outer.TaskFinished(0, 0, nil, nil)
	trace.End(outer, nil)
	want := "0 |████████████████████| 1/1, done in 2.7 s: outer 1/1\n|████████████████████| 1/1, done in 1.1 s: inner 1/1"
	if s.last() != want {
		t.Errorf("got  %q\nwant %q", s.last(), want)
	}
	idle(t, p, c)
	next := p.Observe(tasks("next"))
	c.pass(time.Second)
	trace.End(next, nil)
	if len(s.ids) != 2 || strings.Contains(s.last(), "outer") {
		t.Errorf("a run after them is in their display: %d displays, %q", len(s.ids), s.last())
	}
}

// TestProgressOfManyRunsAtOnce stays small.
func TestProgressOfManyRunsAtOnce(t *testing.T) {
	p, s, c := start()
	outer := p.Observe(tasks("outer"))
	var runs []trace.Observer
	for range 30 {
		runs = append(runs, p.Observe(tasks("inner")))
	}
	c.pass(time.Second)
	if got := s.last(); strings.Count(got, "\n") != mostRows || !strings.Contains(got, "23 more at work") {
		t.Errorf("31 at once: %q", got)
	}
	for _, r := range runs[:25] {
		run1(r, 0, nil)
		trace.End(r, nil)
	}
	c.pass(time.Second)
	if got := s.last(); !strings.Contains(got, "outer 0/1") || !strings.Contains(got, "23 more done") || strings.Contains(got, "at work") {
		t.Errorf("25 of them over: %q", got)
	}
	for _, r := range runs[25:] {
		trace.End(r, nil)
	}
	trace.End(outer, nil)
	idle(t, p, c)
}

func TestProgressEscapesNames(t *testing.T) {
	p, s, c := start()
	name := "<script>alert(1)</script>"
	o := p.Observe(tasks(name))
	c.pass(time.Second)
	if strings.Contains(s.html, "<script") || !strings.Contains(s.html, "&lt;script&gt;") {
		t.Errorf("html: %s", s.html)
	}
	trace.End(o, &taskgraph.TaskError{Key: graph.Key{Name: name}, Err: errors.New("x")})
	if strings.Contains(s.html, "<script") {
		t.Errorf("html: %s", s.html)
	}
}

// TestProgressOfComputations is with real time, tasks and runs that end at once.
func TestProgressOfComputations(t *testing.T) {
	s := &screen{}
	p := New(func() display.Output { return s })
	r := taskgraph.New(taskgraph.ProgressView(func(g *graph.Graph, asked bool) trace.Observer { return p.Observe(g) }))
	wait := r.Delayed(taskgraph.Func{Name: "wait", Fn: func(int) int { time.Sleep(patience + interval); return 1 }})
	nested := r.Delayed(taskgraph.Func{Name: "nested", Fn: func(i int) (any, error) { return wait(i).Compute() }})
	if _, err := r.Compute(nested(1), nested(2), nested(3)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(s.last(), "3/3, done in") || !strings.Contains(s.last(), "wait 1/1") || len(s.ids) != 1 {
		t.Errorf("%d displays, %q", len(s.ids), s.last())
	}
	s.shown = nil
	if _, err := wait(1).Compute(taskgraph.Progress(false)); err != nil || s.shown != nil {
		t.Errorf("with Progress(false): %q, %v", s.shown, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.boards) != 0 {
		t.Errorf("%d boards are left", len(p.boards))
	}
}
