package closure

import (
	"fmt"
	"go/token"
	"go/types"
	"reflect"
	"runtime"
	"strconv"
	"sync/atomic"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
)

// F is the frame of a running function: a header, then the results, the parameters and
// the locals, each in its own Go form at an offset that the compiler knows.
type F = mem.Ptr

// header begins every frame.
type header struct {
	g      *routine
	link   F       // the caller's frame; of a free frame the next free one
	callee F       // of the last call
	side   F       // of another call; it has no callee itself
	clo    mem.Ptr // the *closure that runs; of a compiled function its func value
	defers *deferral
	fn     *function
	pos    token.Pos // of the statement that runs
}

var headerSize = reflect.TypeFor[header]().Size()

func head(f F) *header { return mem.Pointer[header](f) }

// ctl is how a statement ended: next, or where control goes on.
type ctl int

const (
	next ctl = iota
	brk
	cont
	ret
	labels // the first code of a label; each label of a function has its own
)

type stmt func(F) ctl

// function is compiled code with the form of its frames.
type function struct {
	name   string
	sig    *signature
	frame  *mem.Layout
	index  int // of its frames in a routine's pools
	run    stmt
	native bool                         // run calls compiled code
	direct func(args []mem.Ptr) mem.Ptr // of [directs]; nil when calls need a frame

	wrapper  bool // only passes its parameters on
	recovers bool // calls the built-in recover

	origin *eval.Origin // of one that is written in a cell; nil for methods
}

// ref is a declared function or method. A redefinition puts another function there, while
// goroutines of earlier cells may be calling it.
type ref struct{ fn atomic.Pointer[function] }

func refTo(fn *function) *ref {
	r := &ref{}
	r.fn.Store(fn)
	return r
}

func (r *ref) get() *function { return r.fn.Load() }

// closure is a function with the boxes of the variables it captured.
type closure struct {
	fn   *function
	caps []mem.Ptr
}

// mostFrames is when a goroutine that makes frames is looked at: those of returned calls
// count, too. A frame in use goes with about a kilobyte of Go's stack.
const mostFrames = 1_000_000

// depth counts the frames in use.
func depth(f F) (n int) {
	for ; f != nil; f = head(f).link {
		n++
	}
	return n
}

// deep reports whether the goroutine's stack is so deep that only a runaway recursion
// explains it, be it through compiled code.
func deep() bool {
	const most = 2_000_000 // frames of Go's
	var pc [1]uintptr
	return runtime.Callers(most, pc[:]) > 0
}

// A frame keeps the frame of the last call that it made, its callee, for the next call of
// the same function; a second one stands beside it, if that made no calls itself. So frames
// hang in chains as long as the deepest calls, not in trees. The others are in the
// routine's pool.

// enter returns the frame of a call of fn from f, for its arguments. It is f's until f
// makes the next call: arguments that call something are evaluated before.
func enter(f F, fn *function) F {
	n := head(f).callee
	if n == nil || head(n).fn != fn {
		n = head(f).g.take(f, fn)
	}
	return n
}

// start runs a function whose frame has its arguments.
func start(n F, fn *function) {
	g := head(n).g
	if g.stop.Load() != 0 {
		panic(interrupted{})
	}
	g.top = n
	fn.run(n)
}

// leave ends a call that start has made. Its results can be read until the next call.
func leave(n F) { head(n).g.top = head(n).link }

// take is enter for another function than that of the last call.
func (g *routine) take(f F, fn *function) F {
	h := head(f)
	if s := h.side; s != nil && head(s).fn == fn {
		return s
	}
	n := g.claim(f, fn)
	if h.callee != nil {
		g.give(h.side)
		h.side = n
		return n
	}
	h.callee = n
	if p := h.link; p != nil && head(p).side == f {
		g.promote(p)
	}
	return n
}

// promote makes what stands beside the callee the callee, since it makes calls now.
func (g *routine) promote(p F) {
	h := head(p)
	c := h.callee
	h.callee, h.side = h.side, nil
	if head(c).callee == nil {
		h.side = c
		return
	}
	g.give(c)
}

// poolSize is the number of lists of free frames that a routine has.
const poolSize = 64

// claim returns a frame that stays with whoever claims it until it is given back.
func (g *routine) claim(f F, fn *function) F {
	const most = 8 // frames of other functions that are looked at
	at := &g.free[fn.index%poolSize]
	for range most {
		n := *at
		if n == nil {
			break
		}
		if h := head(n); h.fn == fn {
			*at, h.link = h.link, f
			return n
		}
		at = &head(n).link
	}
	return g.fresh(f, fn)
}

// ownSize is the number of callbacks whose frames a routine keeps.
const ownSize = 32

// first makes a frame for callbacks of a function. Compiled code calls a few by turns, Less
// and Swap, so their frames are the routine's own; of them, one without a caller is free.
func (g *routine) first(fn *function) F {
	at := &g.own[fn.index%ownSize]
	n := g.claim(g.top, fn)
	if *at == nil || head(*at).link == nil {
		g.give(*at)
		*at = n
	}
	return n
}

// rest ends the use of a callback's frame.
func (g *routine) rest(n F) {
	h := head(n)
	if n == g.own[h.fn.index%ownSize] {
		h.link = nil
		return
	}
	g.give(n)
}

// give puts a frame into the pool, with those that hang on it; nil is fine.
func (g *routine) give(n F) {
	for n != nil {
		h := head(n)
		if s := h.side; s != nil {
			h.side = nil
			g.give(s)
		}
		callee := h.callee
		h.callee = nil
		at := &g.free[h.fn.index%poolSize]
		h.link, *at = *at, n
		n = callee
	}
}

// fresh makes a frame.
func (g *routine) fresh(f F, fn *function) F {
	if g.made++; g.made > mostFrames {
		g.made = depth(f)
		if g.made > mostFrames/2 || deep() {
			g.made = 0
			panic(overflow{})
		}
	}
	n := fn.frame.New()
	h := head(n)
	h.g, h.link, h.fn = g, f, fn
	return n
}

// check ends the goroutine when its cell has been interrupted.
func (g *routine) check() {
	if g.stop.Load() != 0 {
		panic(interrupted{})
	}
}

// interrupted is the panic by which a stopped goroutine unwinds; cells cannot recover it.
type interrupted struct{}

// overflow is the panic of a runaway recursion.
type overflow struct{}

func (overflow) Error() string {
	return "the calls are nested too deeply: does a function call itself without an end?"
}

func (overflow) RuntimeError() {}

// slot is a place in a frame.
type slot struct {
	off uintptr
	k   kind
	lay *mem.Layout
}

// signature is the form that calls of a function type have: results and parameters
// stand at the same offsets in the frames of all functions with it.
type signature struct {
	params, results []slot
	recv            *slot // behind the parameters: callers through an interface do not know its size
	builder         frameBuilder
}

// places returns where the results and then the parameters stand.
func (s *signature) places() (at []uintptr) {
	for _, r := range s.results {
		at = append(at, r.off)
	}
	for _, p := range s.params {
		at = append(at, p.off)
	}
	return at
}

// frameBuilder lays a frame out.
type frameBuilder struct {
	size  uintptr
	types []reflect.Type
}

const word = 4 << (^uintptr(0) >> 63) // bytes

// add makes room for a value and returns its offset.
func (b *frameBuilder) add(t reflect.Type) uintptr {
	if b.size == 0 {
		b.size = headerSize
	}
	if t.Size() == 0 { // nothing is read or written there, but the address must be in the frame
		return 0
	}
	align := max(uintptr(t.Align()), 1)
	b.size = (b.size + align - 1) &^ (align - 1)
	off := b.size
	b.size += t.Size()
	b.types = append(b.types, t)
	return off
}

// layout returns the type of the frames: words that are pointers and words that are
// not, so that functions share types that differ in nothing the collector sees.
func (b *frameBuilder) layout() *mem.Layout {
	size := (max(b.size, headerSize) + word - 1) / word
	pointers := make([]bool, size)
	off := headerSize
	for _, t := range b.types {
		align := max(uintptr(t.Align()), 1)
		off = (off + align - 1) &^ (align - 1)
		mem.Pointers(t, off, func(o uintptr) { pointers[o/word] = true })
		off += t.Size()
	}
	fields := []reflect.StructField{{Name: "H", Type: reflect.TypeFor[header]()}}
	for i := headerSize / word; i < size; {
		j := i
		for j < size && pointers[j] == pointers[i] {
			j++
		}
		t := reflect.TypeFor[uintptr]()
		if pointers[i] {
			t = reflect.TypeFor[mem.Ptr]()
		}
		fields = append(fields, reflect.StructField{Name: "F" + strconv.Itoa(int(i)), Type: reflect.ArrayOf(int(j-i), t)})
		i = j
	}
	return mem.LayoutOf(reflect.StructOf(fields))
}

// signatureOf lays out a function type; recv is the receiver's type or nil.
func (e *Engine) signatureOf(recv types.Type, params, results []types.Type) *signature {
	s := &signature{}
	add := func(t types.Type) slot {
		lay := e.layout(t)
		return slot{off: s.builder.add(lay.Type), k: kindOf(t), lay: lay}
	}
	for _, t := range results {
		s.results = append(s.results, add(t))
	}
	for _, t := range params {
		s.params = append(s.params, add(t))
	}
	if recv != nil {
		r := add(recv)
		s.recv = &r
	}
	return s
}

func (fn *function) String() string { return fmt.Sprintf("func %s", fn.name) }
