package main

import (
	"context"
	_ "embed"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/closure"
	"github.com/dagbook/dagbook/kernel/eval/yaegi"
)

//go:embed programs_test.go
var programs string

var programCalls = []struct {
	name string
	n    int
	run  func(int) int
}{
	{"fib", 27, fib}, {"loops", 1000, loops}, {"matmul", 120, matmul}, {"sieve", 1_000_000, sieve}, {"build", 200_000, build},
	{"count", 200_000, count}, {"lookup", 200_000, lookup}, {"sortBy", 100_000, sortBy}, {"methods", 1_000_000, methods},
	{"interfaces", 1_000_000, interfaces}, {"counter", 1_000_000, counter}, {"roots", 1_000_000, roots}, {"pingpong", 20_000, pingpong},
}

// BenchmarkPrograms times small programs on the closure engine. x/python, x/yaegi and
// x/go are how long the peers take for the same in the same run, in units of ours (the
// best of three each): above 1 they are slower. The collector keeps the kernel's pace.
func BenchmarkPrograms(b *testing.B) {
	paceCollector()
	calls := make([]string, len(programCalls))
	for i, p := range programCalls {
		calls[i] = fmt.Sprintf("%s(%d)", p.name, p.n)
	}
	python := pythonTimes(b, calls)
	ours, theirs := benchSession(b, closure.New), benchSession(b, yaegi.New)
	for i, p := range programCalls {
		b.Run(calls[i], func(b *testing.B) {
			own := best(func() { runCell(b, ours, calls[i]) })
			for b.Loop() {
				runCell(b, ours, calls[i])
			}
			b.ReportMetric(float64(python[i])/float64(own), "x/python")
			b.ReportMetric(float64(best(func() { p.run(p.n) }))/float64(own), "x/go")
			b.ReportMetric(float64(best(func() { runCell(b, theirs, calls[i]) }))/float64(own), "x/yaegi")
		})
	}
}

func best(run func()) time.Duration {
	least := time.Duration(1<<63 - 1)
	for range 3 {
		begin := time.Now()
		run()
		least = min(least, time.Since(begin))
	}
	return least
}

// benchSession is a session that has declared the programs.
func benchSession(b *testing.B, engine eval.NewEngine) *eval.Session {
	s, err := eval.New(engine, eval.Options{})
	if err != nil {
		b.Fatal(err)
	}
	runCell(b, s, programs[strings.Index(programs, "func fib"):])
	return s
}

func runCell(b *testing.B, s *eval.Session, code string) {
	if r := s.Execute(context.Background(), eval.Cell{Number: 1, Code: code}, nil); r.Err != nil {
		b.Fatal(r.Err.Value)
	}
}

func pythonTimes(b *testing.B, calls []string) []time.Duration {
	out, err := exec.Command("python3", append([]string{"testdata/bench/programs.py"}, calls...)...).Output()
	if err != nil {
		b.Fatal("python3 is the peer of this benchmark: ", err)
	}
	times := make([]time.Duration, len(calls))
	for i, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		var call string
		var seconds float64
		if _, err := fmt.Sscan(line, &call, &seconds); err != nil || call != calls[i] {
			b.Fatalf("python3 printed %q (%v)", line, err)
		}
		times[i] = time.Duration(seconds * 1e9)
	}
	return times
}
