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

// callback is a closure as compiled code sees it. Each call runs on a routine of its own,
// since any goroutine may call.
type callback struct {
	fn     *function // of a method only the places of what it takes and gives
	clo    *closure
	shape  *shape
	run    *run
	method *implementation // which enter looks up: it may be declared again
}

// enter returns the frame of a call, for the arguments.
func (cb *callback) enter() F {
	g, fn := cb.shape.e.runOf(cb.run).routine(), cb.fn
	if cb.method != nil {
		fn = cb.method.ref.get()
	}
	n := g.first(fn)
	head(n).clo = mem.Of(cb.clo)
	return n
}

// start runs the call. A panic goes on to whoever takes it; where nobody does, it is
// reported and the results are zero.
func (cb *callback) start(n F) {
	ended := false
	defer func() {
		if ended {
			return
		}
		g := head(n).g
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
	if m := cb.method; m != nil && !m.direct {
		m.receive(n, head(n).clo)
	}
	start(n, head(n).fn)
	ended = true
}

// leave ends the call, when its results have been read.
func (cb *callback) leave(n F) {
	g := head(n).g
	leave(n)
	g.release()
}

// call is what reflect.MakeFunc calls, for shapes that have no code of their own.
func (cb *callback) call(args []reflect.Value) (out []reflect.Value) {
	n, sig := cb.enter(), cb.fn.sig
	for i, a := range args {
		sig.params[i].lay.Value(mem.Add(n, sig.params[i].off)).Set(a)
	}
	cb.start(n)
	for _, r := range sig.results {
		v := reflect.New(r.lay.Type).Elem()
		v.Set(r.lay.Value(mem.Add(n, r.off)))
		out = append(out, v)
	}
	cb.leave(n)
	return out
}

// ownCalls is a [generic.Own] for the closures of cells that have no code for their shape.
func ownCalls(fn mem.Ptr) generic.Calls {
	c := mem.Captured(fn, handlerCode)
	if c == nil {
		return nil
	}
	cb := mem.Pointer[callback](c)
	return &callbackCalls{cb: cb, frame: cb.enter()}
}

// callbackCalls are calls of a callback on one routine.
type callbackCalls struct {
	cb    *callback
	frame F
	lost  bool // a call has not returned: its routine is of no use any more
}

// Call implements [generic.Calls].
func (c *callbackCalls) Call(a, b mem.Ptr) mem.Ptr {
	sig := c.cb.fn.sig
	for i, from := range []mem.Ptr{a, b}[:len(sig.params)] {
		sig.params[i].lay.Move(mem.Add(c.frame, sig.params[i].off), from)
	}
	c.lost = true
	c.cb.start(c.frame)
	c.lost = false
	leave(c.frame)
	return mem.Add(c.frame, sig.results[0].off)
}

// End implements [generic.Calls].
func (c *callbackCalls) End() {
	if !c.lost {
		c.cb.leave(c.frame)
	}
}

// failed reports a panic that would end the process: on a goroutine that compiled code
// began, and where nobody recovers.
func (cb *callback) failed(g *routine, v any) {
	if _, stopped := v.(interrupted); !stopped {
		cb.shape.e.host.GoPanic(g.panicked(v))
	}
	g.top = g.base()
}

// recovers are functions of compiled packages that recover what the functions that they
// call panic with.
var recovers = []string{symbols.Module + "taskgraph", symbols.Module + "kernel/eval.Words", "net/http.(*conn).serve", "golang.org/x/sync/", "iter.Pull"}

// caught reports whether somebody below on the stack takes the panic of a callback: code
// of a cell that called compiled code, or compiled code that recovers.
func caught() bool {
	const pkg = symbols.Module + "kernel/eval/closure."
	var few [128]uintptr
	pcs := few[:]
	inside := true // the callback itself
	for skip := 0; ; {
		n := runtime.Callers(skip, pcs)
		frames := runtime.CallersFrames(pcs[:n])
		for {
			f, more := frames.Next()
			switch {
			case f.Function == pkg+"(*callback).start":
				inside = false
			case inside:
			case f.Function == pkg+"start", f.Function == pkg+"fromOutside", slices.ContainsFunc(recovers, func(p string) bool { return strings.HasPrefix(f.Function, p) }):
				return true
			}
			if !more {
				break
			}
		}
		if n < len(pcs) {
			return false
		}
		skip += n
		pcs = make([]uintptr, 8*n) // to skip frames takes as long as to read them, and a runaway recursion has millions
	}
}
