package yaegi

import (
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/dagbook/dagbook/kernel/eval"
)

// progress is how far a program came.
type progress struct {
	mu   sync.Mutex
	step int  // that runs
	end  bool // all steps ran

	body int           // the number of the function that holds the steps
	left chan struct{} // closed when it has been left, in whatever way
}

// awaitLeaving waits until a stopped cell has unwound: yaegi takes what still runs when
// the next cell starts for a part of that. A cell that sits in compiled code does not
// unwind; it is left alone after a while.
func (p *progress) awaitLeaving(most time.Duration) {
	select {
	case <-p.left:
	case <-time.After(most):
	}
}

func (p *progress) ended() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.end
}

func (p *progress) before() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.step
}

// tracer is the interpreter's stderr: yaegi writes a line there for every function
// that a panic leaves. Those become frames; everything else goes through.
type tracer struct {
	out    io.Writer
	shared *shared

	mu    sync.Mutex
	found []eval.Frame
	prog  *progress
}

func (t *tracer) begin(p *progress) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.prog, t.found = p, nil
}

func (t *tracer) at(i int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.found = nil
	if t.prog != nil {
		t.prog.mu.Lock()
		t.prog.step = i
		t.prog.mu.Unlock()
	}
}

func (t *tracer) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.prog != nil {
		t.prog.mu.Lock()
		t.prog.end = true
		t.prog.mu.Unlock()
	}
}

// leave is told that the function of a body is being left.
func (t *tracer) leave(body int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.prog != nil && t.prog.body == body {
		close(t.prog.left)
	}
}

func (t *tracer) step() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.prog == nil {
		return -1
	}
	return t.prog.before()
}

func (t *tracer) frames() []eval.Frame {
	t.mu.Lock()
	defer t.mu.Unlock()
	f := t.found
	t.found = nil
	return f
}

var panicLine = regexp.MustCompile(`^(?:_\.go:)?(\d+):(\d+): panic: main(?:\.(\S*?))?\(\.\.\.\)\s*$`)

const mostFrames = 50

func (t *tracer) Write(b []byte) (int, error) {
	m := panicLine.FindSubmatch(b)
	if m == nil {
		return t.out.Write(b)
	}
	n, _ := strconv.Atoi(string(m[1]))
	name := strings.TrimPrefix(string(m[3]), ".")
	if i := strings.Index(name, "_impl"); i >= 0 {
		name = name[:i]
	}
	name = generation.ReplaceAllString(name, "$1")
	t.mu.Lock()
	defer t.mu.Unlock()
	if name != "" && name != "cell" && !strings.HasPrefix(name, "cell_") && len(t.found) < mostFrames {
		cell, line := t.shared.place(n)
		t.found = append(t.found, eval.Frame{Cell: cell, Line: line, Func: name})
	}
	return len(b), nil
}
