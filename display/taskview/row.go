package taskview

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/taskgraph"
	"github.com/dagbook/dagbook/taskgraph/trace"
)

// outcome is how a run ended, in the words that are shown.
type outcome string

const (
	going   outcome = ""
	done    outcome = "done"
	stopped outcome = "stopped"
	broken  outcome = "failed"
)

// outcomeOf tells from the error of a run how it ended.
func outcomeOf(err error) outcome {
	var cancelled *taskgraph.CancelledError
	switch {
	case err == nil:
		return done
	case errors.As(err, &cancelled):
		return stopped
	}
	return broken
}

// row is how far one run is.
type row struct {
	trace.Counts
	functions []trace.FunctionCounts
	elapsed   time.Duration
	outcome   outcome
	task      string // the key of the task that failed, if one did
}

// row is how far the run is.
func (r *run) row(now time.Time) row {
	w := row{elapsed: now.Sub(r.began)}
	w.Counts, w.functions = r.Count()
	return w
}

// lastRow is how the run ended.
func (r *run) lastRow(now time.Time, err error) row {
	w := r.row(now)
	w.outcome = outcomeOf(err)
	var failed *taskgraph.TaskError
	if w.outcome == broken && errors.As(err, &failed) {
		w.task = failed.Key.String()
	}
	return w
}

// fraction is how much is done, from 0 to 1.
func (w row) fraction() float64 { return float64(w.Counts.Done) / float64(max(w.Tasks, 1)) }

// state is a row in words: "37/100, 1.2 s, 2.0 s left", "100/100, done in 3.2 s".
func (w row) state() string {
	count := fmt.Sprintf("%d/%d", w.Counts.Done, w.Tasks)
	switch w.outcome {
	case broken:
		if w.task != "" {
			return fmt.Sprintf("%s, failed after %s at %s", count, seconds(w.elapsed), w.task)
		}
		return fmt.Sprintf("%s, failed after %s", count, seconds(w.elapsed))
	case stopped:
		return fmt.Sprintf("%s, stopped after %s", count, seconds(w.elapsed))
	case done:
		return fmt.Sprintf("%s, done in %s", count, seconds(w.elapsed))
	}
	state := count + ", " + seconds(w.elapsed)
	if f := w.fraction(); f > 0 && w.elapsed > patience {
		state += ", about " + seconds(time.Duration(float64(w.elapsed)*(1-f)/f)) + " left"
	}
	return state
}

// mostFunctions is how many functions a row names.
const mostFunctions = 6

// tasks is how far each function is: "load 100/100, scale 12/100 (2 running)".
func (w row) tasks() string {
	var parts []string
	for _, f := range w.functions[:min(len(w.functions), mostFunctions)] {
		part := fmt.Sprintf("%s %d/%d", shorten(f.Name), f.Done, f.Tasks)
		switch {
		case f.Failed > 0 && w.outcome != stopped: // a task that was stopped ends with an error, too
			part += fmt.Sprintf(" (%d failed)", f.Failed)
		case f.Running > 0 && w.outcome == going:
			part += fmt.Sprintf(" (%d running)", f.Running)
		}
		parts = append(parts, part)
	}
	if more := len(w.functions) - mostFunctions; more > 0 {
		parts = append(parts, fmt.Sprintf("and %d more functions", more))
	}
	return strings.Join(parts, ", ")
}

func shorten(name string) string {
	const most = 40
	if r := []rune(name); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return name
}

func seconds(d time.Duration) string {
	if d >= time.Minute {
		return d.Round(time.Second).String()
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// view is a board as it is to be shown.
type view struct {
	rows []row
	more int // runs that have no row
	over int // and those that are over
}

func (v view) bundle() display.Bundle {
	var html, text []string
	for _, w := range v.rows {
		html, text = append(html, w.html()), append(text, w.text())
	}
	if rest := v.rest(); rest != "" {
		html, text = append(html, "<div>"+rest+"</div>"), append(text, rest)
	}
	return display.Bundle{Data: map[string]any{
		display.MIMEHTML: `<div class="dagbook-progress">` + strings.Join(html, "") + "</div>",
		display.MIMEText: strings.Join(text, "\n"),
	}}
}

func (v view) rest() string {
	var parts []string
	if v.more > 0 {
		parts = append(parts, fmt.Sprintf("%d more at work", v.more))
	}
	if v.over > 0 {
		parts = append(parts, fmt.Sprintf("%d more done", v.over))
	}
	return strings.Join(parts, ", ")
}

// colors are those of the bars.
var colors = map[outcome]string{going: "#5a7fa8", done: "#4c9a5f", stopped: "#b08a2e", broken: "#c0504d"}

// html is the bar as two nested boxes: front ends draw <progress> each in their own way,
// and none in the colour that says how it ended.
func (w row) html() string {
	const box = `<div style="display:inline-block;width:16em;height:0.8em;background:rgba(127,140,153,0.25);border-radius:3px;vertical-align:middle">`
	return fmt.Sprintf(box+`<div style="width:%.1f%%;height:100%%;background:%s;border-radius:3px"></div></div>`+
		` <span>%s</span><div style="font-size:90%%;opacity:0.75">%s</div>`,
		100*w.fraction(), colors[w.outcome], display.Escape(w.state()), display.Escape(w.tasks()))
}

func (w row) text() string {
	const width = 20
	n := int(width * w.fraction())
	return "|" + strings.Repeat("█", n) + strings.Repeat(" ", width-n) + "| " + w.state() + ": " + w.tasks()
}
