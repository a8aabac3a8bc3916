package taskgraph

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/trace"
)

// Progress says whether computations show how far they are:
//
//	v, err := z.Compute(taskgraph.Progress(true))
//
// A notebook shows it without the option when somebody is there to see it. A
// program shows it only with the option, on standard error.
func Progress(on bool) Option {
	return func(s *settings) {
		s.progress = &on
		if s.view == nil {
			s.view = onTerminal
		}
	}
}

// ProgressView sets who shows how far computations are: start is called at
// the start of each, with its graph and whether Progress(true) asked for it,
// and returns who is told, or nil. It is not called with Progress(false).
// Notebooks set it.
func ProgressView(start func(g *graph.Graph, asked bool) trace.Observer) Option {
	return func(s *settings) { s.view = start }
}

// terminalInterval is how often the line in a terminal is written again.
const terminalInterval = 200 * time.Millisecond

// onTerminal shows progress in a line on standard error.
func onTerminal(g *graph.Graph, _ bool) trace.Observer { return newProgressLine(g, os.Stderr) }

// progressLine writes a line again and again while a computation runs.
type progressLine struct {
	*trace.Meter
	w     io.Writer
	timer *time.Timer

	mu   sync.Mutex
	over bool
	last string
}

func newProgressLine(g *graph.Graph, w io.Writer) *progressLine {
	p := &progressLine{Meter: trace.NewMeter(g), w: w}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.timer = time.AfterFunc(terminalInterval, p.tick)
	return p
}

func (p *progressLine) tick() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		return
	}
	p.write("")
	p.timer.Reset(terminalInterval)
}

// RunEnded writes the line for the last time.
func (p *progressLine) RunEnded(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = true
	p.timer.Stop()
	how := "done"
	if err != nil {
		how = "stopped"
	}
	p.write(how + "\n")
}

// write overwrites the line before.
func (p *progressLine) write(end string) {
	all, _ := p.Count()
	line := fmt.Sprintf("%d/%d tasks, %.1f s ", all.Done, all.Tasks, time.Since(p.Began()).Seconds())
	fmt.Fprintf(p.w, "\r%-*s%s", len(p.last), line, end)
	p.last = line
}
