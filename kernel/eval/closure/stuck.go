package closure

import (
	"bytes"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// stuck reports whether all goroutines of cells wait for each other, be it in compiled
// packages: a wait that the engine has not begun itself is not in sleepers. That nothing else
// wakes one is for the caller to know.
func stuck() bool {
	if !idle() {
		return false
	}
	const most = 1 << 20 // bytes of stacks; with more it is not known
	for size := 1 << 16; size <= most; size *= 4 {
		buf := make([]byte, size)
		if n := runtime.Stack(buf, true); n < size {
			return allWait(buf[:n])
		}
	}
	return false
}

// idle reports whether no goroutine of the process but the calling one is running or ready to,
// without looking at them.
func idle() bool {
	samples := []metrics.Sample{{Name: "/sched/goroutines/runnable:goroutines"}, {Name: "/sched/goroutines/running:goroutines"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64() == 0 && samples[1].Value.Uint64() <= 1
}

// allWait reports whether in a text of [runtime.Stack] all goroutines of cells but the first, which
// is that of the caller, wait for other goroutines, and no goroutine runs.
func allWait(stacks []byte) bool {
	list := bytes.Split(stacks, []byte("\n\n"))
	found := false
	for _, s := range list[1:] {
		g := string(s)
		state := stateOf(g)
		if state == "running" || state == "runnable" {
			return false
		}
		if !strings.Contains(g, enginePackage) {
			continue
		}
		if !waits(g, state) {
			return false
		}
		found = true
	}
	return found
}

const enginePackage = symbols.Module + "kernel/eval/closure"

// stateOf is the state that the first line of a goroutine's text tells: "goroutine 7 [select, 2 minutes]:".
func stateOf(g string) string {
	_, state, _ := strings.Cut(g, "[")
	return state[:max(strings.IndexAny(state, ",]"), 0)]
}

// waitStates are the states that only another goroutine ends.
var waitStates = []string{
	"chan receive", "chan send", "chan receive (nil chan)", "chan send (nil chan)", "select", "select (no cases)", "semacquire", "coroutine",
	"sync.Mutex.Lock", "sync.RWMutex.Lock", "sync.RWMutex.RLock", "sync.WaitGroup.Wait", "sync.Cond.Wait",
}

// waiters are packages of the waits themselves.
var waiters = []string{"runtime", "internal/sync", "reflect"}

// waits reports whether a goroutine waits for another one in code of cells, or in what that has
// called of packages whose waits only goroutines of cells end.
func waits(g, state string) bool {
	if !slices.Contains(waitStates, state) {
		return false
	}
	lines := strings.Split(g, "\n")
	for _, l := range lines[1:] {
		if strings.HasPrefix(l, "\t") {
			continue
		}
		if strings.HasPrefix(l, enginePackage) {
			return true
		}
		if p := packageOf(l); !isSynchronous(p) && !slices.Contains(waiters, p) {
			return false
		}
	}
	return false
}

// packageOf is the path of the package of a line of a stack: "io.(*pipe).read(0xc000...)".
func packageOf(line string) string {
	line, _, _ = strings.Cut(line, "(")
	last := strings.LastIndex(line, "/") + 1
	name, _, _ := strings.Cut(line[last:], ".")
	return line[:last] + name
}
