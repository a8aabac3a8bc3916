package trace

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
)

// String is the profile for a console: a line for the whole, then a table of functions
// with calls, time and the rough size of their values.
func (p *Profile) String() string {
	runs := p.Runs()
	functions := functionsOf(runs)
	var b strings.Builder
	b.WriteString(headline(runs, functions))
	if len(functions) == 0 {
		return b.String()
	}
	b.WriteString("\n\n")
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "calls\ttotal\tmean\tmax\tbytes\t  function")
	for _, f := range functions {
		name := shorten(f.Name)
		if f.Failed > 0 {
			name += fmt.Sprintf(" (%d failed)", f.Failed)
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t  %s\n", f.Calls, FormatDuration(f.Total), FormatDuration(f.Mean), FormatDuration(f.Max), FormatBytes(f.Bytes), name)
	}
	w.Flush()
	return strings.TrimRight(b.String(), "\n")
}

// MIMEBundle is what a notebook shows: the picture, inside the page so that its tooltips
// can be seen, and the table for consoles.
func (p *Profile) MIMEBundle() map[string]any {
	text := p.String()
	if len(p.Runs()) == 0 {
		return map[string]any{"text/plain": text}
	}
	return map[string]any{"text/html": p.SVG(), "text/plain": text}
}

// headline is a profile in one line: "7 tasks in 300 ms: 2 of 2 workers busy on average".
func headline(runs []Run, functions []Function) string {
	if len(runs) == 0 {
		return "nothing was computed"
	}
	tasks := 0
	var total time.Duration
	for _, f := range functions {
		tasks += f.Calls
		total += f.Total
	}
	begin, end := extent(runs, nil)
	text := fmt.Sprintf("%s in %s", plural(tasks, "task"), FormatDuration(end-begin))
	if len(runs) > 1 {
		text += fmt.Sprintf(", %d computations", len(runs))
	}
	return text + fmt.Sprintf(", %s of work: %.1f tasks at once on average", FormatDuration(total), float64(total)/float64(end-begin))
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// FormatDuration is a time in three digits: "1.23 s", "45.6 ms", "789 ns", "12m5s".
func FormatDuration(d time.Duration) string {
	switch {
	case d >= time.Minute:
		return d.Round(time.Second).String()
	case d >= time.Second:
		return fmt.Sprintf("%.3g s", d.Seconds())
	case d >= time.Millisecond:
		return fmt.Sprintf("%.3g ms", float64(d)/1e6)
	case d >= time.Microsecond:
		return fmt.Sprintf("%.3g µs", float64(d)/1e3)
	}
	return fmt.Sprintf("%d ns", int64(d))
}

// FormatBytes is a size in three digits: "8 B", "1.5 kB", "23.4 MB"; a kB is 1000 bytes.
func FormatBytes(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	f := float64(n)
	for _, unit := range []string{"kB", "MB", "GB"} {
		if f /= 1000; f < 999.5 {
			return fmt.Sprintf("%.3g %s", f, unit)
		}
	}
	return fmt.Sprintf("%.3g TB", f/1000)
}
