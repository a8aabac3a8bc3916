package closure

import (
	"bytes"
	"fmt"
	"go/types"
	"math"
	"reflect"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// watch looks at a running cell for what compiled Go would end the process for: memory
// without end, and goroutines that all wait for each other.
type watch struct {
	r      *run
	asleep uint64 // what sleepers said at the last look, 0 when somebody was awake
	looks  int    // that said the same
}

// inPackages is what asleep is while some goroutine waits in a compiled package.
const inPackages = math.MaxUint64

const (
	lookEvery = 100 * time.Millisecond
	// Who has been woken says so only when it runs, which takes a while on a busy machine.
	soundAsleep = 10
)

// look returns why the cell has to end, nil when it may go on.
func (w *watch) look() error {
	if quit := w.r.quit.Load(); quit != nil {
		return w.r.ends(*quit)
	}
	if err := overMemory(0); err != nil {
		return w.r.ends(err)
	}
	before := w.asleep
	w.asleep = w.r.e.sleepers()
	if w.asleep == 0 && !w.r.e.outside.Load() && stuck() {
		w.asleep = inPackages
	}
	w.looks++
	if w.asleep == 0 || w.asleep != before {
		w.looks = 0
	}
	if w.looks == soundAsleep {
		return w.r.ends(deadlock{})
	}
	return nil
}

// ends is the end of the cell for a reason that is not a panic of its own.
func (r *run) ends(err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := &eval.Panic{Value: err}
	if _, ok := err.(deadlock); ok && r.main.naps.Load()%2 == 1 { // it waits, so that nobody changes what callers reads
		p.Frames = r.e.traceback(r.main.callers())
	}
	return p
}

// deadlock is how a cell ends when nobody can go on.
type deadlock struct{}

func (deadlock) Error() string {
	return "all goroutines are asleep - deadlock! The cell waits on a channel or a lock, and no goroutine is left that could send, receive, close or unlock"
}

// sleepers returns a number, not 0, when every goroutine of the session waits on channels or
// locks of cells and nothing else can wake one; another number when one has been
// awake between two calls.
func (e *Engine) sleepers() uint64 {
	if e.outside.Load() {
		return 0
	}
	e.runsMu.Lock()
	defer e.runsMu.Unlock()
	sum := uint64(1)
	for r := range e.runs {
		n, awake := r.sleepers()
		if awake {
			return 0
		}
		sum += n
	}
	return sum
}

func (r *run) sleepers() (sum uint64, awake bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		return 0, false
	}
	idle := make(map[*routine]bool, len(r.idle))
	for _, g := range r.idle {
		idle[g] = true
	}
	for g := range r.routines {
		if idle[g] {
			continue
		}
		naps := g.naps.Load()
		if naps%2 == 0 {
			return 0, true
		}
		sum += naps
	}
	return sum, false
}

// remember keeps a run for sleepers, and forgets those that have ended.
func (e *Engine) remember(r *run) {
	e.runsMu.Lock()
	defer e.runsMu.Unlock()
	for old := range e.runs {
		if old.over() {
			delete(e.runs, old)
		}
	}
	e.runs[r] = true
}

// over reports whether no goroutine of a run is left.
func (r *run) over() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.main != nil && len(r.routines) == len(r.idle)
}

// synchronous are packages that call functions and methods they are given while they
// are called themselves, and no later.
var synchronous = []string{
	"archive/", "bufio", "bytes", "cmp", "compress/", "container/", "crypto/", "encoding", "errors", "fmt", "hash", "html", "image", "io", "iter", "log", "maps", "math",
	"path", "regexp", "slices", "sort", "strconv", "strings", "sync", "text/", "unicode", "unique",
}

func isSynchronous(path string) bool {
	return slices.ContainsFunc(synchronous, func(p string) bool {
		return path == p || strings.HasPrefix(path, strings.TrimSuffix(p, "/")+"/")
	})
}

// letsOut notes when cells call a compiled function that may wake a goroutine later: one
// that takes or gives functions, channels or things with methods.
func (e *Engine) letsOut(path string, sig *types.Signature) {
	if path == symbols.Module+"taskgraph" { // who computes waits until it is done, but for futures
		if sig.Results().Len() == 1 && strings.HasSuffix(sig.Results().At(0).Type().String(), "/taskgraph.Future") {
			e.outside.Store(true)
		}
		return
	}
	if isSynchronous(path) {
		return
	}
	for _, t := range []*types.Tuple{sig.Params(), sig.Results()} {
		for v := range t.Variables() {
			if wakes(v.Type(), 5) {
				e.outside.Store(true)
			}
		}
	}
}

// wakes reports whether a value of the type leads to a function, a channel or methods, looking
// through depth types.
func wakes(t types.Type, depth int) bool {
	if depth == 0 || types.Identical(t, errorType) {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Signature, *types.Chan:
		return true
	case *types.Interface:
		return u.NumMethods() > 0
	case *types.Pointer:
		return wakes(u.Elem(), depth-1)
	case *types.Slice:
		return wakes(u.Elem(), depth-1)
	case *types.Map:
		return wakes(u.Elem(), depth-1)
	case *types.Struct:
		for f := range u.Fields() {
			if f.Exported() && wakes(f.Type(), depth-1) {
				return true
			}
		}
	}
	return false
}

var errorType = types.Universe.Lookup("error").Type()

// sleep and wake stand around what may wait for other goroutines of the session.
func (g *routine) sleep() { g.naps.Add(1) }
func (g *routine) wake()  { g.naps.Add(1) }

// locks are the methods that wait for other goroutines. try does what can be done without
// sleep.
var locks = map[string]struct {
	try  func(p mem.Ptr) bool
	wait func(p mem.Ptr)
}{
	"*sync.Mutex.Lock":     {func(p mem.Ptr) bool { return mem.Pointer[sync.Mutex](p).TryLock() }, func(p mem.Ptr) { mem.Pointer[sync.Mutex](p).Lock() }},
	"*sync.RWMutex.Lock":   {func(p mem.Ptr) bool { return mem.Pointer[sync.RWMutex](p).TryLock() }, func(p mem.Ptr) { mem.Pointer[sync.RWMutex](p).Lock() }},
	"*sync.RWMutex.RLock":  {func(p mem.Ptr) bool { return mem.Pointer[sync.RWMutex](p).TryRLock() }, func(p mem.Ptr) { mem.Pointer[sync.RWMutex](p).RLock() }},
	"*sync.WaitGroup.Wait": {func(mem.Ptr) bool { return false }, func(p mem.Ptr) { mem.Pointer[sync.WaitGroup](p).Wait() }},
	"*sync.Cond.Wait":      {waitOwn, func(p mem.Ptr) { mem.Pointer[sync.Cond](p).Wait() }},
}

// waitOwn is (*sync.Cond).Wait when its lock is of a type of cells: its methods may work.
func waitOwn(p mem.Ptr) bool {
	c := mem.Pointer[sync.Cond](p)
	if t := reflect.TypeOf(c.L); t == nil || t.Kind() == reflect.Pointer && t.Elem().PkgPath() == "sync" {
		return false
	}
	c.Wait()
	return true
}

// lock is one of locks as a function that calls can enter.
func (e *Engine) lock(name string, sig *signature) *function {
	l, recv := locks[name], sig.recv.off
	return &function{sig: sig, index: e.nextIndex(), frame: sig.builder.layout(), native: true, run: func(f F) ctl {
		p, g := mem.Load[mem.Ptr](f, recv), head(f).g
		if p == nil || !l.try(p) {
			g.sleep()
			defer g.wake()
			l.wait(p)
		}
		return next
	}}
}

// memoryLimit is how many bytes the session may use: what GOMEMLIMIT says, or main.
func memoryLimit() uint64 {
	limit := debug.SetMemoryLimit(-1)
	if limit == math.MaxInt64 {
		return largestSlice
	}
	return uint64(limit)
}

// largestSlice is the most bytes that a cell gets at once when there is no other limit.
const largestSlice = 1 << 37

// OverMemory is for a process that calls functions of cells without a cell, as a worker of
// task graphs does: why it has to end, nil when it may go on. It looks at the whole heap.
func OverMemory() error { return overMemory(0) }

// overMemory returns an error when the heap, with more bytes added, is over the limit.
func overMemory(more uint64) error {
	limit := memoryLimit()
	if inUse()+more <= limit {
		return nil
	}
	runtime.GC() // what nobody refers to any more is in those bytes
	if inUse()+more <= limit {
		return nil
	}
	return overLimit{more, limit}
}

// inUse is how many bytes objects and goroutines take.
func inUse() (sum uint64) {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(samples)
	for _, s := range samples {
		sum += s.Value.Uint64()
	}
	return sum
}

// overLimit is how a cell ends that uses, or asks for, more memory than it may.
type overLimit struct{ more, limit uint64 }

func (e overLimit) Error() string {
	what := "the memory in use has reached"
	if e.more > 0 {
		what = fmt.Sprintf("%s more would go over", inBytes(e.more))
	}
	return fmt.Sprintf("out of memory: %s the session's limit of %s; let go of what is no longer needed (x = nil, or %%reset), or start the kernel with a higher GOMEMLIMIT", what, inBytes(e.limit))
}

// RuntimeError marks it as an error of Go's runtime.
func (overLimit) RuntimeError() {}

func inBytes(n uint64) string {
	const unit = 1 << 10
	if n < unit {
		return fmt.Sprintf("%d B", n)
	}
	x, prefix := float64(n)/unit, 0
	for x >= unit {
		x, prefix = x/unit, prefix+1
	}
	return fmt.Sprintf("%.1f %ciB", x, "KMGTPE"[prefix])
}

// mostOfGo is the most bytes that Go gives: it panics by itself for more.
const mostOfGo = 1 << 48

// sizeable is the fewest bytes that the watch may see too late.
const sizeable = 16 << 20

// allocates panics when so many bytes cannot be had.
func allocates(size uint64) {
	if size < sizeable || size > mostOfGo {
		return
	}
	if err := overMemory(size); err != nil {
		panic(err)
	}
}

// newOf is lay.New, which ends the process when the memory cannot be had.
func newOf(lay *mem.Layout) mem.Ptr {
	if lay.Size >= sizeable {
		allocates(uint64(lay.Size))
	}
	return lay.New()
}

// product is a*b, or the largest number when that is larger.
func product(a, b int) uint64 {
	if a < 0 || b < 0 {
		return 0
	}
	if a > 0 && uint64(b) > math.MaxUint64/uint64(a) {
		return math.MaxUint64
	}
	return uint64(a) * uint64(b)
}

// sized stand for functions that make as much memory as a number says: Go would end the
// process when it cannot have that.
var sized = map[string]any{
	"strings.Repeat": func(s string, count int) string {
		allocates(product(len(s), count))
		return strings.Repeat(s, count)
	},
	"bytes.Repeat": func(b []byte, count int) []byte {
		allocates(product(len(b), count))
		return bytes.Repeat(b, count)
	},
	"*strings.Builder.Grow": func(b *strings.Builder, n int) { allocates(product(n, 1)); b.Grow(n) },
	"*bytes.Buffer.Grow":    func(b *bytes.Buffer, n int) { allocates(product(n, 1)); b.Grow(n) },
}
