package yaegi

import (
	"context"
	"fmt"
	"regexp"
	"runtime"
	"runtime/metrics"
	"strconv"
	"time"

	"github.com/dagbook/dagbook/kernel/eval"
)

// watchStacks ends a runaway recursion while the stacks are still far below the
// size at which Go ends the process.
func watchStacks(stop <-chan struct{}, cancel context.CancelCauseFunc) {
	const most, perGoroutine = 256 << 20, 256 << 10
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(sample)
	before := sample[0].Value.Uint64()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		metrics.Read(sample)
		now := sample[0].Value.Uint64()
		if now <= before+most+perGoroutine*uint64(runtime.NumGoroutine()) {
			continue
		}
		if nested() {
			cancel(&overflow{(now - before) >> 20})
			return
		}
		before = now - most // it is something else: look again when they have grown
	}
}

// nested reports whether a goroutine's calls are nested deeply. The size of all stacks does
// not tell: Go starts goroutines with stacks of the average size that its collector found,
// which is megabytes each for a while after one deep recursion.
func nested() bool {
	const most = 50_000 // frames; a call of interpreted code takes about five
	buf := make([]byte, 4<<20)
	n := runtime.Stack(buf, true)
	for _, m := range elided.FindAllSubmatch(buf[:n], -1) {
		if frames, _ := strconv.Atoi(string(m[1])); frames > most {
			return true
		}
	}
	return n == len(buf) // more goroutines than can be looked at
}

// elided is what a trace says of the frames that it leaves out.
var elided = regexp.MustCompile(`\.\.\.(\d+) frames elided\.\.\.`)

// overflow ends a cell whose calls are nested too deeply.
type overflow struct{ megabytes uint64 }

func (o *overflow) Error() string {
	return fmt.Sprintf("the calls are nested too deeply (%d MB of stack): does a function call itself without an end?", o.megabytes)
}

// RuntimeError marks it as a mistake that Go's runtime would have reported.
func (o *overflow) RuntimeError() {}

func isOverflow(err error) bool {
	pan, ok := err.(*eval.Panic)
	if !ok {
		return false
	}
	_, ok = pan.Value.(*overflow)
	return ok
}
