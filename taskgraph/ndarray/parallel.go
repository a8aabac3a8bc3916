package ndarray

import (
	"runtime"
	"sync"
)

// alone is how many elements one goroutine does by itself: a task of a graph
// that works on a frame has neighbours on the other processors.
const alone = 1 << 17

// workers is into how many parts n things are split, that are so many
// elements together.
func workers(n, elements int) int {
	return max(1, min(runtime.GOMAXPROCS(0), elements/alone+1, n))
}

// spread calls f for parts of 0 to n, on several goroutines where there are
// many elements; it returns when all are done.
func spread(n, elements int, f func(low, high int)) {
	spreadParts(n, workers(n, elements), func(_, low, high int) { f(low, high) })
}

// spreadParts is spread with so many parts at most, numbered from 0.
func spreadParts(n, parts int, f func(part, low, high int)) {
	if parts <= 1 {
		f(0, 0, n)
		return
	}
	size := (n + parts - 1) / parts
	if size > blockLen {
		size = (size + blockLen - 1) / blockLen * blockLen
	}
	var all sync.WaitGroup
	for low := size; low < n; low += size {
		all.Go(func() { f(low/size, low, min(low+size, n)) })
	}
	f(0, 0, min(size, n))
	all.Wait()
}

// inBlocks calls f for the blocks of low to high.
func inBlocks(low, high int, f func(start, n int)) {
	for start := low; start < high; start += blockLen {
		f(start, min(blockLen, high-start))
	}
}
