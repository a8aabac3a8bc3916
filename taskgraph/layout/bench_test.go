package layout

import (
	"bytes"
	"os/exec"
	"testing"
	"time"

	"github.com/dagbook/dagbook/taskgraph/dot"
)

// BenchmarkDraw draws the graphs of testdata/graphs, beside the dot process where
// Graphviz is installed: x-dot says how many times longer that takes.
func BenchmarkDraw(b *testing.B) {
	peer, err := exec.LookPath("dot")
	for _, r := range readRecorded(b) {
		b.Run(r.name, func(b *testing.B) {
			for b.Loop() {
				if len(Draw(r.g, Options{}).SVG()) == 0 {
					b.Fatal("nothing drawn")
				}
			}
			ours := b.Elapsed() / time.Duration(b.N)
			b.StopTimer()
			if err == nil {
				b.ReportMetric(float64(timeOfDot(b, peer, dot.Text(r.g, dot.Options{})))/float64(ours), "x-dot")
			}
		})
	}
}

// timeOfDot is the least of three times.
func timeOfDot(b *testing.B, program, source string) time.Duration {
	least := time.Duration(1<<63 - 1)
	for range 3 {
		cmd := exec.Command(program, "-Tsvg")
		cmd.Stdin = bytes.NewReader([]byte(source))
		start := time.Now()
		if _, err := cmd.Output(); err != nil {
			b.Fatal(err)
		}
		least = min(least, time.Since(start))
	}
	return least
}
