package rt

import (
	"sync"
	"testing"
)

// No two goroutines have one number at a time, and a goroutine keeps its own also when its
// stack moves.
func TestGoroutine(t *testing.T) {
	if Goroutine() == 0 {
		t.Skip("this processor does not tell its goroutines apart")
	}
	const n = 100
	var all, done sync.WaitGroup
	var mu sync.Mutex
	seen := map[uintptr]bool{}
	all.Add(n)
	for range n {
		done.Go(func() {
			me := Goroutine()
			mu.Lock()
			if seen[me] {
				t.Errorf("two goroutines have the number %x", me)
			}
			seen[me] = true
			mu.Unlock()
			all.Done()
			all.Wait()
			if deep := goroutineBelow(1000); deep != me {
				t.Errorf("a goroutine has the numbers %x and, with a larger stack, %x", me, deep)
			}
		})
	}
	done.Wait()
}

func goroutineBelow(depth int) uintptr {
	var room [200]byte
	if depth == 0 {
		return Goroutine()
	}
	room[depth%len(room)] = 1
	return goroutineBelow(depth - int(room[depth%len(room)]))
}
