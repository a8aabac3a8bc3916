package taskgraph

import (
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"
)

// noise is a block of random numbers, which no compression makes smaller.
func noise(seed, n int) []float64 {
	r := rand.New(rand.NewPCG(uint64(seed), 1))
	block := make([]float64, n)
	for i := range block {
		block[i] = r.Float64()
	}
	return block
}

// crossSums makes all blocks first and then adds each to one of the other
// half, so that all of them wait at some time.
func crossSums(blocks, n int) *Node {
	make1 := Delayed(noise)
	add := Delayed(func(a, b []float64, all ...int) float64 {
		sum := 0.0
		for i := range a {
			sum += a[i] * b[i]
		}
		return sum
	})
	ready := Delayed(func(...[]float64) int { return 0 })
	total := Delayed(func(xs []float64) float64 {
		sum := 0.0
		for _, x := range xs {
			sum += x
		}
		return sum
	})
	var parts, sums []*Node
	for i := range blocks {
		parts = append(parts, make1(i, n))
	}
	var barriers []any
	for i := 0; i < blocks; i += 2 {
		barriers = append(barriers, ready(parts[i], parts[i+1]))
	}
	for i := range blocks / 2 {
		sums = append(sums, add(append([]any{parts[i], parts[blocks-1-i]}, barriers...)...))
	}
	return total(sums)
}

func TestMemoryLimit(t *testing.T) {
	dir := t.TempDir()
	want := value[float64](t, crossSums(16, 1000))
	got, err := crossSums(16, 1000).Compute(MemoryLimit(4*8000), SpillDir(dir))
	if err != nil || got != want {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// BenchmarkSpill goes through four times as much random data as its bound
// allows in memory: 256 MB of it with 64. peak-MB is the most that the heap
// held at once (looked at every millisecond, after the collector's own
// measure of what is alive), ratio how many times longer than without a bound.
func BenchmarkSpill(b *testing.B) {
	const blocks, n, limit = 64, 512 << 10, 64 << 20
	var free, bound time.Duration
	want := 0.0
	for range b.N {
		began := time.Now()
		v, err := crossSums(blocks, n).Compute()
		if err != nil {
			b.Fatal(err)
		}
		want, free = v.(float64), free+time.Since(began)
	}
	runtime.GC()
	peak := watchHeap()
	b.ResetTimer()
	for range b.N {
		began := time.Now()
		v, err := crossSums(blocks, n).Compute(MemoryLimit(limit), SpillDir(b.TempDir()))
		if err != nil || v != want {
			b.Fatalf("got %v, %v; want %v", v, err, want)
		}
		bound += time.Since(began)
	}
	b.ReportMetric(float64(peak())/(1<<20), "peak-MB")
	b.ReportMetric(limit/(1<<20), "bound-MB")
	b.ReportMetric(bound.Seconds()/free.Seconds(), "ratio")
}

// watchHeap looks at the live heap until the returned function is called,
// which gives the most that it saw.
func watchHeap() func() uint64 {
	var wg sync.WaitGroup
	stop := make(chan struct{})
	var most uint64
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
		}
	})
	return func() uint64 { close(stop); wg.Wait(); return most }
}
