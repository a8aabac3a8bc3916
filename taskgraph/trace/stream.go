package trace

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Measures of the picture, in pixels.
const (
	chartLeft   = 72.0 // where time begins
	chartWidth  = 800.0
	pictureWide = chartLeft + chartWidth + 16
	chartHigh   = 64.0 // of memory and CPU
	chartGap    = 30.0
	highestRow  = 20.0
	lowestRow   = 4.0
	allRows     = 320.0 // what rows share when there are many
	leastWide   = 1.0   // narrower tasks are drawn as one with their neighbours
	legendRow   = 18.0
	mostLegend  = 14 // functions with a colour of their own
)

// palette tells functions apart, on white and on black.
var palette = [mostLegend]string{
	"#4e79a7", "#f28e2b", "#59a14f", "#e15759", "#76b7b2", "#edc948", "#b07aa1",
	"#ff9da7", "#9c755f", "#86bcb6", "#d37295", "#8cd17d", "#a0cbe8", "#d4a6c8",
}

const (
	otherColor = "#9aa0a6" // of functions beyond the palette
	failColor  = "#c00000" // around tasks that failed
)

// SVG is the profile as a complete <svg> element. On top is the task stream: a row for
// each worker, a bar for each task in the colour of its function, with key, time and size
// as tooltip. Below are memory and CPU over the same time. Bars too narrow to be seen are
// drawn as one, so a picture of a million tasks is as large as one of some thousands. All
// text is escaped.
func (p *Profile) SVG() string {
	s := newStream(p.Runs(), p.Samples())
	s.draw()
	return s.svg()
}

// stream draws a profile from top to bottom.
type stream struct {
	runs      []Run
	samples   []Sample
	functions []Function
	colors    map[string]string
	begin     time.Duration
	end       time.Duration
	body      strings.Builder
	y         float64
}

func newStream(runs []Run, samples []Sample) *stream {
	s := &stream{runs: runs, samples: samples, functions: functionsOf(runs), colors: map[string]string{}}
	for i, f := range s.functions {
		s.colors[f.Name] = otherColor
		if i < mostLegend {
			s.colors[f.Name] = palette[i]
		}
	}
	s.begin, s.end = extent(runs, samples)
	return s
}

// extent is the time that the picture shows.
func extent(runs []Run, samples []Sample) (begin, end time.Duration) {
	for i, r := range runs {
		if i == 0 {
			begin = r.Start
		}
		begin, end = min(begin, r.Start), max(end, r.End)
		for _, rec := range r.Records {
			end = max(end, rec.End)
		}
	}
	if n := len(samples); n > 0 && len(runs) > 0 {
		end = max(end, samples[n-1].At)
	}
	return begin, max(end, begin+time.Microsecond)
}

// x is where a time is.
func (s *stream) x(t time.Duration) float64 {
	return chartLeft + float64(t-s.begin)/float64(s.end-s.begin)*chartWidth
}

func (s *stream) printf(format string, args ...any) { fmt.Fprintf(&s.body, format, args...) }

func (s *stream) text(x, y float64, anchor, text string) {
	s.printf(`<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>`+"\n", x, y, anchor, escape(text))
}

func (s *stream) svg() string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %[1]g %.0[2]f" style="max-width:100%%;height:auto" font-family="Helvetica,Arial,sans-serif" font-size="12" fill="#7f8c99">`+"\n%s</svg>\n",
		pictureWide, s.y, s.body.String())
}

func (s *stream) draw() {
	s.y = 18
	s.text(chartLeft, s.y, "start", headline(s.runs, s.functions))
	s.y += 10
	s.tasks()
	s.axis()
	s.legend()
	if len(s.samples) > 1 {
		s.memory()
		s.cpu()
	}
	s.y += 8
}

// tasks draws the rows of the workers.
func (s *stream) tasks() {
	rows := rowsOf(s.runs)
	if len(rows) == 0 {
		return
	}
	high := min(highestRow, max(lowestRow, allRows/float64(len(rows))))
	s.text(chartLeft-6, s.y+high*float64(len(rows))/2+4, "end", plural(len(rows), "worker"))
	for _, row := range rows {
		for _, b := range s.bars(row) {
			s.bar(b, high)
		}
		s.y += high
	}
}

// bar is one task, or several that are too narrow to be seen alone.
type bar struct {
	from, to float64
	first    Record
	tasks    int
	failed   bool
}

// bars puts together what is too narrow.
func (s *stream) bars(row []Record) []bar {
	var bars []bar
	for _, rec := range row {
		if rec.End == 0 {
			rec.End = s.end
		}
		b := bar{from: s.x(rec.Start), to: s.x(rec.End), first: rec, tasks: 1, failed: rec.Err != nil}
		b.to = max(b.to, b.from+leastWide)
		if n := len(bars); n > 0 && b.to-bars[n-1].from <= leastWide+0.5 || n > 0 && b.from < bars[n-1].to-0.5 {
			last := &bars[n-1]
			last.to, last.tasks, last.failed = max(last.to, b.to), last.tasks+1, last.failed || b.failed
			continue
		}
		bars = append(bars, b)
	}
	return bars
}

func (s *stream) bar(b bar, high float64) {
	stroke := ""
	if b.failed {
		stroke = ` stroke="` + failColor + `" stroke-width="2"`
	}
	s.printf(`<g class="task" data-key="%s"><title>%s</title><rect x="%.2f" y="%.1f" width="%.2f" height="%.1f" fill="%s"%s/></g>`+"\n",
		escape(b.first.Key.String()), escape(b.title()), b.from, s.y+0.5, b.to-b.from, high-1, s.colors[b.first.Key.Name], stroke)
}

func (b bar) title() string {
	if b.tasks > 1 {
		return fmt.Sprintf("%s and %s more", b.first.Key, plural(b.tasks-1, "task"))
	}
	return b.first.describe()
}

// describe is a record in a few words: "slowinc-3f2a9c0155d1b7e6: 100 ms, 8 B, worker 0".
func (r Record) describe() string {
	if r.End == 0 {
		return fmt.Sprintf("%s: running, worker %d", r.Key, r.Worker)
	}
	text := fmt.Sprintf("%s: %s, %s, worker %d", r.Key, FormatDuration(r.End-r.Start), FormatBytes(r.Bytes), r.Worker)
	if r.Err != nil {
		text += ", failed: " + r.Err.Error()
	}
	return text
}

// rowsOf gives each worker of each run a row, in which runs that are over make room for
// later ones: what is drawn one below the other happened at the same time.
func rowsOf(runs []Run) [][]Record {
	var workers [][]Record
	for _, r := range runs {
		byWorker := map[int][]Record{}
		var order []int
		for _, rec := range r.Records {
			if _, ok := byWorker[rec.Worker]; !ok {
				order = append(order, rec.Worker)
			}
			byWorker[rec.Worker] = append(byWorker[rec.Worker], rec)
		}
		slices.Sort(order)
		for _, w := range order {
			workers = append(workers, byWorker[w])
		}
	}
	slices.SortStableFunc(workers, func(a, b []Record) int { return cmp.Compare(a[0].Start, b[0].Start) })
	var rows [][]Record
	for _, w := range workers {
		i := slices.IndexFunc(rows, func(row []Record) bool {
			last := row[len(row)-1]
			return last.End > 0 && last.End <= w[0].Start
		})
		if i < 0 {
			rows = append(rows, w)
		} else {
			rows[i] = append(rows[i], w...)
		}
	}
	return rows
}

// axis is the time below the tasks.
func (s *stream) axis() {
	s.printf(`<path d="M%.1f %.1fH%.1f" stroke="#7f8c99" fill="none"/>`+"\n", chartLeft, s.y+1, chartLeft+chartWidth)
	s.y += 15
	for i := range 5 {
		anchor := [5]string{"start", "middle", "middle", "middle", "end"}[i]
		s.text(chartLeft+chartWidth*float64(i)/4, s.y, anchor, FormatDuration((s.end-s.begin)*time.Duration(i)/4))
	}
	s.y += 8
}

// legend names the functions and their colours.
func (s *stream) legend() {
	x := chartLeft
	s.y += legendRow
	for i, f := range s.functions {
		name := shorten(f.Name)
		if i == mostLegend {
			name = plural(len(s.functions)-mostLegend, "other function")
		} else if i > mostLegend {
			break
		}
		wide := 30 + 7*float64(utf8.RuneCountInString(name))
		if x > chartLeft && x+wide > chartLeft+chartWidth {
			x, s.y = chartLeft, s.y+legendRow
		}
		s.printf(`<rect x="%.1f" y="%.1f" width="12" height="12" rx="2" fill="%s"/>`+"\n", x, s.y-10, s.colors[f.Name])
		s.text(x+17, s.y, "start", name)
		x += wide
	}
}

func shorten(name string) string {
	const most = 40
	if r := []rune(name); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return name
}

// point is a value at a time.
type point struct {
	at    time.Duration
	value float64
}

func (s *stream) memory() {
	var heap, rss []point
	top := 0.0
	for _, m := range s.samples {
		heap = append(heap, point{m.At, float64(m.Heap)})
		if m.RSS > 0 {
			rss = append(rss, point{m.At, float64(m.RSS)})
		}
		top = max(top, float64(m.Heap), float64(m.RSS))
	}
	s.chart("memory", FormatBytes(int64(top)))
	s.area(heap, top, "#4e79a7", "heap")
	s.line(rss, top, "#e15759", "process")
	s.key([2]string{"#4e79a7", "Go's heap"}, [2]string{"#e15759", "process"})
}

// cpuInterval is over how long CPU time is averaged: systems count it in steps of some
// milliseconds.
const cpuInterval = 50 * time.Millisecond

// cpu draws how many processors were at work between two samples.
func (s *stream) cpu() {
	if _, ok := cpuTime(); !ok {
		return
	}
	var busy []point
	top := 1.0
	a := s.samples[0]
	for i, b := range s.samples {
		if last := i == len(s.samples)-1; b.At-a.At < cpuInterval && !(last && len(busy) == 0) {
			continue
		}
		n := float64(b.CPU-a.CPU) / float64(b.At-a.At)
		busy = append(busy, point{b.At, max(n, 0)})
		top = max(top, n)
		a = b
	}
	s.chart("CPU", fmt.Sprintf("%.3g", top))
	if len(busy) > 0 { // from the start on
		busy = append([]point{{s.begin, busy[0].value}}, busy...)
	}
	s.area(busy, top, "#59a14f", "processors at work")
	s.key([2]string{"#59a14f", "processors at work"})
}

// chart makes room for one and draws its frame. s.y is its lower end afterwards.
func (s *stream) chart(name, top string) {
	s.y += chartGap
	s.text(chartLeft-6, s.y+chartHigh/2+4, "end", name)
	s.text(chartLeft-6, s.y+8, "end", top)
	s.text(chartLeft-6, s.y+chartHigh, "end", "0")
	s.y += chartHigh
	s.printf(`<path d="M%.1f %.1fV%.1fH%.1f" stroke="#7f8c99" fill="none"/>`+"\n", chartLeft, s.y-chartHigh, s.y, chartLeft+chartWidth)
}

// path is a line through points within the picture's time.
func (s *stream) path(points []point, top float64) string {
	var b strings.Builder
	for _, p := range points {
		if p.at < s.begin || p.at > s.end {
			continue
		}
		fmt.Fprintf(&b, "L%.1f %.1f", s.x(p.at), s.y-p.value/max(top, 1e-9)*chartHigh)
	}
	return strings.TrimPrefix(b.String(), "L")
}

func (s *stream) line(points []point, top float64, color, title string) {
	if path := s.path(points, top); path != "" {
		s.printf(`<path d="M%s" stroke="%s" fill="none" stroke-width="1.5"><title>%s</title></path>`+"\n", path, color, escape(title))
	}
}

func (s *stream) area(points []point, top float64, color, title string) {
	path := s.path(points, top)
	if path == "" {
		return
	}
	first, _, _ := strings.Cut(path, " ")
	last := path[strings.LastIndexByte(path, 'L')+1:]
	last, _, _ = strings.Cut(last, " ")
	s.printf(`<path d="M%s %.1fL%sL%s %.1fZ" stroke="%s" fill="%[6]s" fill-opacity="0.3"><title>%[7]s</title></path>`+"\n", first, s.y, path, last, s.y, color, escape(title))
}

// key says below a chart what its colours are.
func (s *stream) key(entries ...[2]string) {
	x := chartLeft
	s.y += 16
	for _, e := range entries {
		s.printf(`<rect x="%.1f" y="%.1f" width="12" height="12" rx="2" fill="%s"/>`+"\n", x, s.y-10, e[0])
		s.text(x+17, s.y, "start", e[1])
		x += 40 + 7*float64(len(e[1]))
	}
}

// escape makes text of s in SVG and HTML, within elements and attributes.
func escape(s string) string {
	return html.EscapeString(strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' || r >= 0x7f && r < 0xa0 || r == 0xfffe || r == 0xffff {
			return utf8.RuneError
		}
		return r
	}, s))
}
