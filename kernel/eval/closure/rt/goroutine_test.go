package rt

import (
	"sync"
	"testing"
)

// No two goroutines have one number at a time, and a goroutine keeps its own also when its
// stack moves.
func TestGoroutine(t *testing.T) {
	t.Run("here", func(t *testing.T) { testGoroutine(t, Goroutine) })
	t.Run("in text", func(t *testing.T) { testGoroutine(t, goroutineInText) })
}

func testGoroutine(t *testing.T, number func() uintptr) {
	const n = 100
	var all, done sync.WaitGroup
	var mu sync.Mutex
	seen := map[uintptr]bool{}
	all.Add(n)
	for range n {
		done.Go(func() {
			me := number()
			mu.Lock()
			if me == 0 || seen[me] {
				t.Errorf("a goroutine has the number %x of another, or none", me)
			}
			seen[me] = true
			mu.Unlock()
			all.Done()
			all.Wait()
			if deep := goroutineBelow(1000, number); deep != me {
				t.Errorf("a goroutine has the numbers %x and, with a larger stack, %x", me, deep)
			}
		})
	}
	done.Wait()
}

func goroutineBelow(depth int, number func() uintptr) uintptr {
	var room [200]byte
	if depth == 0 {
		return number()
	}
	room[depth%len(room)] = 1
	return goroutineBelow(depth-int(room[depth%len(room)]), number)
}
