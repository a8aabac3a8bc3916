package rt_test

import (
	"container/list"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"sync"
	"time"
	"unsafe"
)

type (
	stateAlias    = fmt.State
	stringerAlias = fmt.Stringer
)

func readFile(path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// setGC sets the percentage of garbage that starts a collection, until the result is called.
func setGC(percent int) func() {
	old := debug.SetGCPercent(percent)
	return func() { debug.SetGCPercent(old) }
}

func addr[T any](p *T) unsafe.Pointer { return unsafe.Pointer(p) }

type ioReader = io.Reader

// Values that make the linker keep the types.
var (
	embedsMutex struct {
		sync.Mutex
		N int
	}
	mapOfTimes    map[string][]*time.Time
	mapOfElements map[string][]*list.Element
)
