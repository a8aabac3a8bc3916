package closure

import (
	"go/token"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// run is a cell that runs, or has run and left goroutines behind. All its routines end
// when it is interrupted.
type run struct {
	e    *Engine
	mark mem.Ptr       // the labels of its goroutines and those that they begin
	done chan struct{} // closed by the interrupt

	made     atomic.Int64 // routines
	mu       sync.Mutex   // for what follows
	stopped  bool
	told     bool     // what became of the cell, if it is one; goroutines may go on
	main     *routine // of the cell itself, nil before that begins
	routines map[*routine]bool
	idle     []*routine // of routines, those that nobody uses
	trace    []stand    // of a panic on its way through compiled code
	contexts []*background

	quit atomic.Pointer[eval.Exit] // by os.Exit: no deferred functions run any more
}

func (e *Engine) newRun() *run {
	r := &run{e: e, mark: rt.Labels(), done: make(chan struct{}), routines: map[*routine]bool{}}
	e.remember(r)
	return r
}

// runOf is the run on whose behalf compiled code calls a callback: that of the calling
// goroutine, whoever made the callback. What compiled code does by itself, with timers for
// example, belongs to the maker; maker is nil for methods.
func (e *Engine) runOf(maker *run) *run {
	mark := rt.Labels()
	if maker != nil && (maker.mark == mark || mark == nil) {
		return maker
	}
	if r := e.current.Load(); r != nil && r.mark == mark {
		return r
	}
	if r := e.marked(mark); r != nil {
		return r
	}
	if maker != nil {
		return maker
	}
	if r := e.current.Load(); r != nil && !r.isStopped() {
		return r
	}
	return &run{e: e, mark: mark, told: true, done: make(chan struct{}), routines: map[*routine]bool{}}
}

// marked finds the run of a goroutine's mark, nil when none of its own goroutines is left:
// then some package keeps one that it began for a cell long ago.
func (e *Engine) marked(mark mem.Ptr) *run {
	e.runsMu.Lock()
	defer e.runsMu.Unlock()
	for r := range e.runs {
		if r.mark == mark && !r.over() {
			return r
		}
	}
	return nil
}

func (r *run) isStopped() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stopped
}

// interrupt ends all routines of the run at their next loop turn or call, or where they wait.
func (r *run) interrupt() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.stopped {
		r.stopped = true
		r.insist(cleanups)
		close(r.done)
		for _, b := range r.contexts {
			b.cancel()
		}
	}
	for g := range r.routines {
		g.stop.Store(1)
	}
}

const (
	cleanup  = time.Second // that deferred functions have after an interrupt
	cleanups = 30          // how many of them may need to be told to end
)

// insist interrupts again what is at work in a while: deferred functions begin without the
// interrupt that has led to them, and may not end.
func (r *run) insist(times int) {
	time.AfterFunc(cleanup, func() {
		r.mu.Lock()
		atWork := len(r.routines) > len(r.idle)
		r.mu.Unlock()
		if atWork && times > 0 {
			r.interrupt()
			r.insist(times - 1)
		}
	})
}

// begin adds a routine to the run.
func (r *run) begin(g *routine) {
	r.mu.Lock()
	defer r.mu.Unlock()
	g.run = r
	g.stop.Store(0)
	if r.stopped {
		g.stop.Store(1)
	}
	r.routines[g] = true
}

func (r *run) end(g *routine) {
	g.unbind()
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.routines, g)
}

// routine is the state of a goroutine that runs code of cells.
type routine struct {
	stop atomic.Uint32 // not 0 when the goroutine has to end
	naps atomic.Uint64 // odd while it waits for other goroutines
	run  *run
	top  F           // the frame that runs
	free [poolSize]F // lists of frames that are not in use, by function
	own  [ownSize]F  // the frames of callbacks, by function
	made int         // frames

	tails    [4]tail
	lastTail int

	seat     *seat   // of its goroutine; nil when that has none
	unseated uintptr // the number of a goroutine without a seat
	nested   uint    // callbacks that have not returned, without the one that it may have begun with

	deferred recovery
	trace    []stand // of the panic that is on its way
	escaped  bool    // trace is that of a panic which left a callback
	root     header  // the frame under all others
}

// recovery is the panic that a call of recover in a frame may end.
type recovery struct {
	frame F
	p     *panicking
}

// routine returns a routine of the run for the calling goroutine, until release.
func (r *run) routine() *routine {
	r.mu.Lock()
	n := len(r.idle)
	if n == 0 {
		r.mu.Unlock()
		return r.newRoutine()
	}
	g := r.idle[n-1]
	r.idle = r.idle[:n-1]
	r.mu.Unlock()
	return g
}

func (r *run) newRoutine() *routine {
	if n := r.made.Add(1); n%100 == 0 && nestedCallbacks() {
		panic(overflow{})
	}
	g, ok := r.e.routines.Get().(*routine)
	if !ok {
		g = &routine{}
		g.root.g = g
	}
	g.top, g.made, g.nested = g.base(), 0, 0
	r.begin(g)
	return g
}

// release gives a routine back whose goroutine has left all its frames. It stays with
// its run, ready for the next callback.
func (g *routine) release() {
	g.unbind()
	g.top, g.trace = g.base(), nil
	r := g.run
	r.mu.Lock()
	r.idle = append(r.idle, g)
	r.mu.Unlock()
}

// retire gives the idle routines of a run back to the engine.
func (r *run) retire() {
	r.mu.Lock()
	idle := r.idle
	r.idle = nil
	for _, g := range idle {
		delete(r.routines, g)
	}
	r.mu.Unlock()
	for _, g := range idle {
		g.free, g.own, g.tails, g.root.callee, g.root.side = [poolSize]F{}, [ownSize]F{}, [4]tail{}, nil, nil // they hold what the cell worked with
		r.e.routines.Put(g)
	}
}

// nest begins a callback on a goroutine that runs code of cells.
func (g *routine) nest() {
	const few = 128 // which need not be looked at
	if g.nested++; g.nested%few == 0 && nestedCallbacks() {
		g.nested--
		panic(overflow{})
	}
}

// nestedCallbacks reports whether callbacks have called each other, through compiled code,
// so often that only a runaway recursion explains it. Packages that recover a panic and make it
// anew at each level, as those for encoding do, take the square of the levels to end.
func nestedCallbacks() bool {
	const most, mostAnew = 150_000, 12_000 // frames of Go's; a callback goes with about sixteen
	return deeper(mostAnew) && (deeper(most) || panicsAnew())
}

func deeper(frames int) bool {
	var pc [1]uintptr
	return runtime.Callers(frames, pc[:]) > 0
}

func panicsAnew() bool {
	left := 200 // frames to look at
	for name := range onStack {
		if strings.HasPrefix(name, "encoding/") {
			return true
		}
		if left--; left == 0 {
			break
		}
	}
	return false
}

func (g *routine) base() F { return mem.Of(&g.root) }

// stand is where a frame stood. Most panics are recovered, and nobody asks for its line.
type stand struct {
	pos  token.Pos // not valid for all that are too many
	name string    // of the function
}

const mostCallers = 50

// callers returns where the frames stand, the innermost first, and no more than mostCallers.
func (g *routine) callers() []stand {
	list := make([]stand, 0, 8)
	for f := g.top; f != nil; f = head(f).link {
		h := head(f)
		if !h.pos.IsValid() || h.fn == nil {
			continue
		}
		if len(list) == mostCallers {
			return append(list, stand{})
		}
		list = append(list, stand{h.pos, h.fn.name})
	}
	return list
}

// traceback returns stands as frames that the person at the notebook can find.
func (e *Engine) traceback(stands []stand) []eval.Frame {
	frames := make([]eval.Frame, len(stands))
	for i, p := range stands {
		if p.pos.IsValid() {
			cell, line, col := e.host.Position(p.pos)
			frames[i] = eval.Frame{Cell: cell, Line: line, Col: col, Func: p.name}
		}
	}
	return frames
}

// panicked is what ends a routine that panicked with v.
func (g *routine) panicked(v any) *eval.Panic {
	g.keepTrace()
	stands := append(g.run.takeTrace(), g.trace...)
	words := eval.Words(v)
	g.run.takeTrace() // of the value's methods: they are not what ended the routine
	return &eval.Panic{Value: v, Words: words, Frames: g.run.e.traceback(stands)}
}

// takeTrace returns where the panic came from that passTrace kept, nil when it kept none.
func (r *run) takeTrace() []stand {
	r.mu.Lock()
	defer r.mu.Unlock()
	trace := r.trace
	r.trace = nil
	return trace
}

// keepTrace notes where the panic comes from that is on its way, unless that has been done.
// The trace of an escaped panic is of no use when compiled code has recovered that.
func (g *routine) keepTrace() {
	if g.trace != nil && g.escaped && !g.fromCallback() {
		g.trace = nil
	}
	if g.trace == nil {
		g.trace = g.callers()
	}
	g.escaped = false
}

// escape undoes a nested callback that a panic or runtime.Goexit leaves: compiled code may
// recover it, and go on.
func (g *routine) escape(n F) {
	g.keepTrace()
	g.escaped = true
	g.nested--
	g.top = head(n).link
	if at := &g.own[head(n).fn.index%ownSize]; *at == n {
		*at = nil
	}
}

// passTrace keeps where a panic came from for the routine around, which it will reach.
func (g *routine) passTrace() {
	g.keepTrace()
	g.run.mu.Lock()
	defer g.run.mu.Unlock()
	if len(g.run.trace) < mostCallers {
		g.run.trace = append(g.run.trace, g.trace...)
	}
}

// launch runs a call whose frame is ready on a goroutine of its own.
func (g *routine) launch(n F, fn *function) {
	go func() {
		g.bind()
		ended := false
		defer func() {
			v := recover()
			if _, stopped := v.(interrupted); v != nil && !stopped {
				g.run.e.host.GoPanic(g.panicked(v))
			}
			if ended {
				g.release()
				return
			}
			g.run.end(g)
		}()
		start(n, fn)
		ended = true
	}()
}

// panicking is a panic that deferred functions may end.
type panicking struct {
	value     any
	recovered bool
}

// deferral is a deferred call, ready to be made.
type deferral struct {
	next  *deferral
	frame F
	fn    *function // nil for the built-in recover, called in frame
}

// withDefers runs the body of a function that has defer statements.
func withDefers(body stmt) stmt {
	return func(f F) ctl {
		head(f).defers = nil
		guarded(f, body)
		return next
	}
}

func guarded(f F, body stmt) {
	normal := false
	defer func() {
		if normal {
			return
		}
		g := head(f).g
		g.keepTrace()
		if g.run.quit.Load() != nil {
			return
		}
		if !mayRecover(f) { // then the panic goes on by itself, which costs less than a new one
			unwind(f)
			return
		}
		v := recover()
		if v == nil { // runtime.Goexit
			drain(f, nil)
			return
		}
		p := drain(f, &panicking{value: v})
		if !p.recovered {
			panic(p.value)
		}
		g.trace, g.top = nil, f
	}()
	body(f)
	normal = true
	if p := drain(f, nil); p != nil && !p.recovered {
		panic(p.value)
	}
}

// mayRecover reports whether one of the deferred functions calls recover.
func mayRecover(f F) bool {
	for d := head(f).defers; d != nil; d = d.next {
		if d.fn == nil || d.fn.recovers || d.fn.wrapper {
			return true
		}
	}
	return false
}

// unwind makes the deferred calls of a function that a panic, an interrupt or
// runtime.Goexit is leaving.
func unwind(f F) {
	if p := drain(f, nil); p != nil {
		panic(p.value)
	}
}

// drain makes the deferred calls of a function, the last first. It returns the panic
// that is on its way then: a deferred function may end one and begin another. An interrupt
// waits for them: what is locked is unlocked.
func drain(f F, p *panicking) *panicking {
	h := head(f)
	g, stopped := h.g, false
	for h.defers != nil {
		d := h.defers
		h.defers = d.next
		if g.stop.Load() != 0 {
			g.stop.Store(0)
			stopped = true
		}
		p = d.call(g, p)
	}
	if stopped {
		g.stop.Store(1)
	}
	return p
}

func (d *deferral) call(g *routine, p *panicking) (out *panicking) {
	out = p
	if d.fn == nil { // defer recover(): called by the function that defers it, unless that panics itself
		if p == nil || p.recovered {
			recovered(d.frame)
		}
		return out
	}
	before := g.deferred
	if p != nil && !p.recovered {
		g.deferred = recovery{d.frame, p}
	} else {
		g.deferred = recovery{}
	}
	trace, escaped := g.trace, g.escaped
	g.trace = nil
	defer func() {
		g.deferred = before
		if v := recover(); v != nil {
			g.keepTrace()
			out = &panicking{value: v}
			return
		}
		g.trace, g.escaped = trace, escaped
	}()
	start(d.frame, d.fn)
	leave(d.frame)
	g.give(d.frame)
	return out
}

// recovered is what recover() in frame f yields: it must be that of the deferred call, or
// of what such a call does nothing but pass on to.
func recovered(f F) any {
	d := &head(f).g.deferred
	for link := head(f).link; link != nil && f != d.frame && passesOn(link, f); link = head(f).link {
		f = link
	}
	if d.frame != f || d.p == nil || d.p.recovered {
		return nil
	}
	switch d.p.value.(type) {
	case interrupted: // no panic of the cell's
		return nil
	}
	d.p.recovered = true
	return d.p.value
}

// passesOn reports whether f is the frame of the call for which the function of frame link is
// only a wrapper. A callback's is not: compiled code is between them.
func passesOn(link, f F) bool {
	h := head(link)
	return h.fn != nil && h.fn.wrapper && (h.callee == f || h.side == f)
}
