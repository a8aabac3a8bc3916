package trace

import (
	"bytes"
	"os"
	"runtime/metrics"
	"strconv"
	"sync"
	"time"
)

// Sample is how much the process used at some time.
type Sample struct {
	At   time.Duration // since the Profile was made
	Heap int64         // bytes of Go values, garbage not yet collected included
	RSS  int64         // bytes of memory that the process occupies; 0 where the system does not tell
	CPU  time.Duration // used since the process began; 0 where the system does not tell
}

const heapMetric = "/memory/classes/heap/objects:bytes"

// takeSample looks at the process. It takes some 10 µs and stops nobody.
func takeSample(at time.Duration) Sample {
	heap := []metrics.Sample{{Name: heapMetric}}
	metrics.Read(heap)
	s := Sample{At: at, RSS: residentSize()}
	if heap[0].Value.Kind() == metrics.KindUint64 {
		s.Heap = int64(heap[0].Value.Uint64())
	}
	s.CPU, _ = cpuTime()
	return s
}

// residentSize reads Linux's /proc; elsewhere there is no such file, and it is 0.
func residentSize() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := bytes.Fields(text)
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(string(fields[1]), 10, 64)
	return pages * int64(os.Getpagesize())
}

// sampler takes samples while something runs. Its goroutine lives from the first start to
// the last stop, which waits for it.
type sampler struct {
	began time.Time

	mu      sync.Mutex
	active  int
	quit    chan struct{}
	ended   chan struct{}
	every   time.Duration
	samples []Sample
}

const (
	firstInterval = 10 * time.Millisecond
	mostSamples   = 1000
)

// start begins to take samples, if nobody has.
func (s *sampler) start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.active++; s.active > 1 {
		return
	}
	if s.every == 0 {
		s.every = firstInterval
	}
	s.take()
	s.quit, s.ended = make(chan struct{}), make(chan struct{})
	go s.run(s.every, s.quit, s.ended)
}

// stop ends what start began, with the last of those who started.
func (s *sampler) stop() {
	s.mu.Lock()
	s.active--
	last := s.active == 0
	if last {
		s.take()
		close(s.quit)
	}
	ended := s.ended
	s.mu.Unlock()
	if last {
		<-ended
	}
}

func (s *sampler) run(every time.Duration, quit, ended chan struct{}) {
	defer close(ended)
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-quit:
			return
		case <-t.C:
			s.mu.Lock()
			s.take()
			if s.every != every {
				every = s.every
				t.Reset(every)
			}
			s.mu.Unlock()
		}
	}
}

// take adds a sample. When there are many it leaves out every second one, and takes half
// as many from then on: a profile of a day has as many as one of a minute.
func (s *sampler) take() {
	s.samples = append(s.samples, takeSample(time.Since(s.began)))
	if len(s.samples) < mostSamples {
		return
	}
	kept := s.samples[:0]
	for i := 0; i < len(s.samples); i += 2 {
		kept = append(kept, s.samples[i])
	}
	s.samples = kept
	s.every *= 2
}

func (s *sampler) all() []Sample {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Sample(nil), s.samples...)
}
