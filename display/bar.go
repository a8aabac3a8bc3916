package display

import (
	"fmt"
	"iter"
	"strings"
	"sync"
	"time"
)

// redraw is how often a bar is drawn at most.
const redraw = 100 * time.Millisecond

// Bar shows how far a loop is: a bar, how much is done, how long it took and will take.
// It is drawn when it starts, at most ten times a second, and when it ends.
type Bar struct {
	handle *Handle
	label  string
	clock  func() time.Time

	mu           sync.Mutex
	done, total  int
	start, drawn time.Time
}

// Start shows a bar for total steps; an empty label shows none.
func (d *Displayer) Start(total int, label string) *Bar { return d.start(total, label, time.Now) }

func (d *Displayer) start(total int, label string, clock func() time.Time) *Bar {
	b := &Bar{label: label, clock: clock, total: max(total, 0), start: clock()}
	b.drawn = b.start
	b.handle = d.Show(b.bundle(b.start))
	return b
}

// Step says that one more step is done.
func (b *Bar) Step() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done++
	if now := b.clock(); now.Sub(b.drawn) >= redraw {
		b.draw(now)
	}
}

// Done draws the bar as it is, for the last time.
func (b *Bar) Done() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.draw(b.clock())
}

func (b *Bar) draw(now time.Time) {
	b.drawn = now
	b.handle.Update(b.bundle(now))
}

func (b *Bar) bundle(now time.Time) Bundle {
	state := b.state(now.Sub(b.start))
	label := ""
	if b.label != "" {
		label = b.label + " "
	}
	html := fmt.Sprintf(`<div>%s<progress value="%d" max="%d"></progress> %s</div>`, Escape(label), b.done, max(b.total, 1), Escape(state))
	if b.total == 0 {
		html = fmt.Sprintf("<div>%s%s</div>", Escape(label), Escape(state))
	}
	return Bundle{Data: map[string]any{MIMEHTML: html, MIMEText: label + b.textual() + state}}
}

// textual is the bar itself in text.
func (b *Bar) textual() string {
	const width = 20
	if b.total == 0 {
		return ""
	}
	n := min(width, b.done*width/b.total)
	return "|" + strings.Repeat("█", n) + strings.Repeat(" ", width-n) + "| "
}

// state is how far it is in numbers: 37/100, 12.0 s, 3.1/s, 20.3 s left.
func (b *Bar) state(elapsed time.Duration) string {
	parts := []string{fmt.Sprintf("%d/%d", b.done, b.total), duration(elapsed)}
	if b.done > 0 && elapsed > 0 {
		parts = append(parts, rate(float64(b.done)/elapsed.Seconds()))
		if left := b.total - b.done; left > 0 {
			parts = append(parts, duration(time.Duration(float64(elapsed)/float64(b.done)*float64(left)))+" left")
		}
	}
	return strings.Join(parts, ", ")
}

func rate(perSecond float64) string {
	if perSecond >= 100 {
		return fmt.Sprintf("%.0f/s", perSecond)
	}
	return fmt.Sprintf("%.3g/s", perSecond)
}

func duration(d time.Duration) string {
	if d >= time.Minute {
		return d.Round(time.Second).String()
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// Progress ranges over a slice as range does and shows a bar meanwhile, which a label
// may name. Leaving the loop early leaves the bar where it is.
//
//	for i, name := range display.Progress(files, "reading") { ... }
func Progress[S ~[]E, E any](xs S, label ...string) iter.Seq2[int, E] {
	return progress(terminal, xs, label)
}

func progress[S ~[]E, E any](d *Displayer, xs S, label []string) iter.Seq2[int, E] {
	return func(yield func(int, E) bool) {
		for i := range d.ProgressN(len(xs), label...) {
			if !yield(i, xs[i]) {
				return
			}
		}
	}
}

// ProgressN ranges over 0 to n-1 and shows a bar meanwhile, which a label may name.
func ProgressN(n int, label ...string) iter.Seq[int] { return terminal.ProgressN(n, label...) }

// ProgressN ranges over 0 to n-1 and shows a bar meanwhile, which a label may name.
func (d *Displayer) ProgressN(n int, label ...string) iter.Seq[int] {
	return func(yield func(int) bool) {
		b := d.Start(n, strings.Join(label, " "))
		defer b.Done() // also when the body panics
		for i := range n {
			if !yield(i) {
				return
			}
			b.Step()
		}
	}
}
