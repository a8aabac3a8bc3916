package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// room is what the heap may grow by before the collector comes, where little
// is in use. By default it comes when the heap has doubled, so a loop of a
// session that holds 10 MB and makes strings calls it a hundred times a
// second.
const room = 32 << 20

// paceCollector gives small heaps that room and leaves large ones to Go's own
// pace. It does nothing when the environment sets GOGC.
func paceCollector() {
	if os.Getenv("GOGC") == "" {
		pace()
	}
}

// pace sets the collector's pace by what is in use, and again after each
// collection: an object that nobody holds calls it.
func pace() {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	debug.SetGCPercent(percent(live[0].Value.Uint64()))
	runtime.SetFinalizer(&unheld{}, func(*unheld) { pace() })
}

// unheld is collected the next time.
type unheld struct{ _ *int }

// percent is how much the heap may grow beyond what is in use.
func percent(live uint64) int {
	return int(min(max(100*room/max(live, 1), 100), 2000))
}
