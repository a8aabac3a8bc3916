package eval

import (
	"fmt"
	"math"
	"time"
)

// Time implements [Host]: it prints CPU and wall time to the cell's stdout.
func (s *Session) Time() func() {
	m := StartMeasure()
	return func() { fmt.Fprint(s.Stdout(), m.Stop()) }
}

// Measure is a running measurement of time.
type Measure struct {
	start     time.Time
	user, sys time.Duration
}

// StartMeasure begins one.
func StartMeasure() Measure {
	user, sys := cpuTimes()
	return Measure{start: time.Now(), user: user, sys: sys}
}

// Stop returns the times since the start as two lines: CPU times, which those of
// all goroutines add to, and wall time.
func (m Measure) Stop() string {
	wall := time.Since(m.start)
	user, sys := cpuTimes()
	user, sys = user-m.user, sys-m.sys
	text := ""
	if user+sys >= 0 && hasCPUTimes {
		text = fmt.Sprintf("CPU times: user %s, sys: %s, total: %s\n", Short(user), Short(sys), Short(user+sys))
	}
	return text + fmt.Sprintf("Wall time: %s\n", Short(wall))
}

// Short writes a duration with three digits: 1.2 s, 3.45 ms, 12.3 µs, 0 ns.
func Short(d time.Duration) string {
	switch {
	case d >= time.Minute:
		return d.Round(time.Second).String()
	case d >= time.Second:
		return digits(d.Seconds()) + " s"
	case d >= time.Millisecond:
		return digits(float64(d)/1e6) + " ms"
	case d >= time.Microsecond:
		return digits(float64(d)/1e3) + " µs"
	}
	return fmt.Sprintf("%d ns", d.Nanoseconds())
}

func digits(x float64) string { return fmt.Sprintf("%.3g", x) }

// Timeit implements [Host]: it runs f in seven rounds of as many loops as take at
// least 0.2 s together, and prints mean and standard deviation per loop.
func (s *Session) Timeit(f func()) {
	ctx := s.Context()
	loops := 1
	for k := 0; ; k++ {
		start := time.Now()
		for range loops {
			f()
		}
		if d := time.Since(start); d >= 200*time.Millisecond || loops >= 1e9 || ctx.Err() != nil {
			break
		}
		loops = []int{1, 2, 5}[(k+1)%3] * pow10((k+1)/3)
	}
	const rounds = 7
	var times [rounds]float64
	for i := range times {
		start := time.Now()
		for range loops {
			f()
		}
		times[i] = float64(time.Since(start)) / float64(loops)
		if ctx.Err() != nil {
			return // an interrupted f returns at once: that is no measure
		}
	}
	var sum, sq float64
	for _, t := range times {
		sum += t
	}
	mean := sum / rounds
	for _, t := range times {
		sq += (t - mean) * (t - mean)
	}
	fmt.Fprintf(s.Stdout(), "%s ± %s per loop (mean ± std. dev. of %d runs, %d loops each)\n", Short(time.Duration(mean)), Short(time.Duration(math.Sqrt(sq/rounds))), rounds, loops)
}

func pow10(n int) int { return int(math.Pow10(n)) }
