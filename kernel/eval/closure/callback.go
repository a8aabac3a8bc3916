package closure

import (
	"reflect"
	"runtime"
	"slices"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval/closure/generic"
	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// callback is a closure as compiled code sees it. On a goroutine that runs code of cells
// already its calls are nested in what that does; on any other each has a routine of its own.
type callback struct {
	e      *Engine
	fn     *function // of a method only the places of what it takes and gives
	at     []uintptr // the places: of the results, of the parameters
	clo    *closure
	run    *run
	method *implementation // which enter looks up: it may be declared again
}

// enter returns the frame of a call, for the arguments.
func (cb *callback) enter() F {
	fn := cb.fn
	if cb.method != nil {
		fn = cb.method.ref.get()
	}
	g := cb.e.seats.here()
	if g == nil {
		g = cb.e.runOf(cb.run).routine()
	} else {
		g.nest()
	}
	n := g.own[fn.index%ownSize]
	if n == nil || head(n).fn != fn || head(n).link != nil {
		n = g.first(fn)
	}
	h := head(n)
	h.link, h.clo = g.top, mem.Of(cb.clo)
	return n
}

// start runs the call, and ends it unless it was alone: then leave does, after the results
// have been read.
func (cb *callback) start(n F) (alone bool) {
	h := head(n)
	g := h.g
	if g.nested == 0 {
		cb.alone(g, n)
		return true
	}
	ended := false
	defer func() {
		if !ended {
			g.escape(n)
		}
	}()
	if cb.method != nil {
		cb.receive(n)
	}
	if g.stop.Load() != 0 {
		panic(interrupted{})
	}
	g.top = n
	h.fn.run(n)
	ended = true
	g.nested--
	g.top = h.link
	if g.own[h.fn.index%ownSize] != n {
		g.give(n)
		return false
	}
	h.link = nil
	return false
}

// receive moves the receiver of a method to its place.
func (cb *callback) receive(n F) {
	if !cb.method.direct {
		cb.method.receive(n, head(n).clo)
	}
}

// alone is start on a goroutine that ran no code of cells before. A panic goes on to
// compiled code that takes it; where none does, it is reported and the results are zero.
func (cb *callback) alone(g *routine, n F) {
	ended := false
	g.bind()
	defer func() {
		if ended {
			return
		}
		if caught() { // not recovered here: a panic that is recovered and made anew at each level costs the square of their number
			g.passTrace()
			g.run.end(g)
			return
		}
		if v := recover(); v != nil {
			cb.failed(g, v)
		} else { // runtime.Goexit
			g.run.end(g)
		}
		for _, r := range cb.fn.sig.results {
			r.lay.Clear(mem.Add(n, r.off))
		}
	}()
	if cb.method != nil {
		cb.receive(n)
	}
	start(n, head(n).fn)
	g.unbind()
	ended = true
}

// leave ends a call that was alone.
func (cb *callback) leave(n F) {
	g := head(n).g
	leave(n)
	g.rest(n)
	g.release()
}

// call is what reflect.MakeFunc calls, for shapes that have no code of their own.
func (cb *callback) call(args []reflect.Value) (out []reflect.Value) {
	n, sig := cb.enter(), cb.fn.sig
	for i, a := range args {
		sig.params[i].lay.Value(mem.Add(n, sig.params[i].off)).Set(a)
	}
	alone := cb.start(n)
	for _, r := range sig.results {
		v := reflect.New(r.lay.Type).Elem()
		v.Set(r.lay.Value(mem.Add(n, r.off)))
		out = append(out, v)
	}
	if alone {
		cb.leave(n)
	}
	return out
}

// ownCalls is a [generic.Own] for the closures of cells that have no code for their shape.
func ownCalls(fn mem.Ptr) generic.Calls {
	c := mem.Captured(fn, handlerCode)
	if c == nil {
		return nil
	}
	cb := mem.Pointer[callback](c)
	n := cb.enter()
	calls := &callbackCalls{cb: cb, frame: n}
	if g := head(n).g; g.nested > 0 {
		g.nested-- // until Call
		calls.nested = true
	}
	return calls
}

// callbackCalls are calls of a callback on one routine, in one frame.
type callbackCalls struct {
	cb     *callback
	frame  F
	nested bool
	lost   bool // a call has not returned
}

// Call implements [generic.Calls].
func (c *callbackCalls) Call(a, b mem.Ptr) mem.Ptr {
	sig := c.cb.fn.sig
	for i, from := range []mem.Ptr{a, b}[:len(sig.params)] {
		sig.params[i].lay.Move(mem.Add(c.frame, sig.params[i].off), from)
	}
	g := head(c.frame).g
	if c.nested {
		g.nest()
		c.lost = true
		start(c.frame, head(c.frame).fn)
		g.nested--
	} else {
		c.lost = true
		c.cb.alone(g, c.frame)
	}
	c.lost = false
	leave(c.frame)
	return mem.Add(c.frame, sig.results[0].off)
}

// End implements [generic.Calls].
func (c *callbackCalls) End() {
	switch g := head(c.frame).g; {
	case c.lost && c.nested:
		g.escape(c.frame)
	case c.lost: // its routine is of no use any more
	case c.nested:
		g.top = head(c.frame).link
		g.rest(c.frame)
	default:
		c.cb.leave(c.frame)
	}
}

// failed reports a panic that would end the process: on a goroutine that compiled code
// began, and where nobody recovers.
func (cb *callback) failed(g *routine, v any) {
	if _, stopped := v.(interrupted); !stopped {
		cb.e.host.GoPanic(g.panicked(v))
	}
	g.unbind()
	g.top = g.base()
}

// recovers are functions of compiled packages that recover what the functions that they
// call panic with.
var recovers = []string{symbols.Module + "taskgraph", symbols.Module + "kernel/eval.Words", "net/http.(*conn).serve", "golang.org/x/sync/", "iter.Pull"}

// caught reports whether somebody below on the stack takes the panic of a callback: code
// of a cell that called compiled code, or compiled code that recovers.
func caught() bool {
	inside := true // the callback itself
	for name := range onStack {
		switch {
		case name == aloneName:
			inside = false
		case inside:
		case name == cellCodeName, name == fromOutsideName, slices.ContainsFunc(recovers, func(p string) bool { return strings.HasPrefix(name, p) }):
			return true
		}
	}
	return false
}

// fromCallback reports whether the panic that is on its way has left nested callbacks: then
// the goroutine's stack still has more of them than have not returned.
func (g *routine) fromCallback() bool {
	if g.nested > mostCallers { // a runaway recursion: to look at each level costs the square of their number
		return true
	}
	n := uint(0)
	for name := range onStack {
		if name == nestedName || name == heldName {
			n++
		}
		if n > g.nested {
			return true
		}
	}
	return false
}

// Names of functions on the stack.
const (
	here            = symbols.Module + "kernel/eval/closure."
	aloneName       = here + "(*callback).alone"
	nestedName      = here + "(*callback).start"
	heldName        = here + "(*callbackCalls).Call"
	cellCodeName    = here + "start"
	fromOutsideName = here + "fromOutside"
)

// onStack yields the names of the functions that run, the innermost first. With a panic on its
// way those that it has left are among them.
func onStack(yield func(string) bool) {
	var few [128]uintptr
	pcs := few[:]
	for skip := 0; ; {
		n := runtime.Callers(skip, pcs)
		frames := runtime.CallersFrames(pcs[:n])
		for {
			f, more := frames.Next()
			if !yield(f.Function) {
				return
			}
			if !more {
				break
			}
		}
		if n < len(pcs) {
			return
		}
		skip += n
		pcs = make([]uintptr, 8*n) // to skip frames takes as long as to read them, and a runaway recursion has millions
	}
}
