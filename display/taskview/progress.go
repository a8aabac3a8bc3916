package taskview

import (
	"crypto/rand"
	"sync"
	"time"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/trace"
)

const (
	patience = 500 * time.Millisecond // a run that is over sooner is not shown
	interval = 200 * time.Millisecond // between two looks at what runs
	mostRows = 8                      // of runs at the same time, that are shown one by one
)

// Progress shows how far runs are. Runs of one cell at the same time share one display, a
// row for each: a run within a task of another is a row as well.
type Progress struct {
	current func() display.Output
	clock   clock

	mu     sync.Mutex
	boards map[display.Output]*board // those with something running
}

// clock is time, which tests make pass.
type clock interface {
	Now() time.Time
	AfterFunc(d time.Duration, f func()) (stop func() bool)
}

type realClock struct{}

func (realClock) Now() time.Time { return time.Now() }

func (realClock) AfterFunc(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop }

// New makes a Progress. current is asked at the start of each run, on the goroutine that
// computes, for the output to show it on; it must not return nil, and what it returns must
// be comparable, as pointers are.
func New(current func() display.Output) *Progress { return newProgress(current, realClock{}) }

func newProgress(current func() display.Output, c clock) *Progress {
	return &Progress{current: current, clock: c, boards: map[display.Output]*board{}}
}

// Observe is called at the start of a run and returns who is to be told of its tasks and
// of its end, a [trace.Ender]. Without tasks there is nothing to show, and it is nil.
func (p *Progress) Observe(g *graph.Graph) trace.Observer {
	if g.Len() == 0 {
		return nil
	}
	out := p.current()
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.boards[out]
	if b == nil {
		b = &board{p: p, out: out}
		p.boards[out] = b
		b.stop = p.clock.AfterFunc(patience, b.tick)
	}
	r := &run{Meter: trace.NewMeter(g), board: b, began: p.clock.Now()}
	b.runs = append(b.runs, r)
	b.active++
	return r
}

// run is one run on a board.
type run struct {
	*trace.Meter
	board *board
	began time.Time

	shown bool // what follows is guarded by Progress.mu
	ended bool
	last  row // how it ended
}

// RunEnded shows how the run ended, if it was shown at all.
func (r *run) RunEnded(err error) { r.board.end(r, err) }

// board is one display: what runs for one output at the same time.
type board struct {
	p   *Progress
	out display.Output

	// guarded by Progress.mu
	id     string // of the display, once it is there
	runs   []*run // in order of start
	active int
	over   int // runs that have ended and are not shown any more
	stop   func() bool
}

// tick looks at what runs and comes back until nothing does.
func (b *board) tick() {
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	if b.active == 0 {
		return // the last run ended while the timer went off
	}
	began := b.p.clock.Now()
	b.draw(began)
	took := b.p.clock.Now().Sub(began)
	b.stop = b.p.clock.AfterFunc(max(interval, 20*took), b.tick) // a look at a million tasks takes milliseconds
}

// end notes that a run is over. With the last one the board is left as it is, for good.
func (b *board) end(r *run, err error) {
	b.p.mu.Lock()
	defer b.p.mu.Unlock()
	if r.ended {
		return
	}
	now := b.p.clock.Now()
	r.shown = r.shown || now.Sub(r.began) >= patience
	r.last, r.ended = r.lastRow(now, err), true
	if !r.shown {
		b.drop(r)
	}
	if b.active--; b.active == 0 {
		b.stop()
		delete(b.p.boards, b.out)
		b.draw(now)
	}
}

// drop takes a run off the board.
func (b *board) drop(r *run) {
	for i := range b.runs {
		if b.runs[i] == r {
			b.runs = append(b.runs[:i], b.runs[i+1:]...)
			return
		}
	}
}

// draw shows the board as it is now, if there is something to be shown.
func (b *board) draw(now time.Time) {
	b.tidy()
	var rows []row
	for _, r := range b.runs {
		if r.shown = r.shown || now.Sub(r.began) >= patience; !r.shown || len(rows) == mostRows {
			continue
		}
		if r.ended {
			rows = append(rows, r.last)
		} else {
			rows = append(rows, r.row(now))
		}
	}
	if len(rows) == 0 {
		return
	}
	bundle := view{rows: rows, more: b.more(), over: b.over}.bundle()
	if b.id == "" {
		b.id = rand.Text()
		b.out.Display(bundle, b.id)
		return
	}
	b.out.Update(bundle, b.id)
}

// tidy makes room for what runs: of runs that went well, the oldest are only counted.
func (b *board) tidy() {
	shown := 0
	for _, r := range b.runs {
		if r.shown {
			shown++
		}
	}
	for i := 0; i < len(b.runs) && shown > mostRows; {
		if r := b.runs[i]; r.ended && r.last.outcome == done {
			b.drop(r)
			b.over++
			shown--
			continue
		}
		i++
	}
}

// more is how many runs are shown but have no row.
func (b *board) more() int {
	shown := 0
	for _, r := range b.runs {
		if r.shown {
			shown++
		}
	}
	return max(shown-mostRows, 0)
}
