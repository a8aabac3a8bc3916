package taskgraph

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/layout"
	"github.com/dagbook/dagbook/taskgraph/order"
	"github.com/dagbook/dagbook/taskgraph/trace"
)

// ColorBy colours the tasks of a picture and explains the colours below it:
//
//   - "order": by when they start, if one runs after the other.
//   - "age": by how long their values then wait in memory, counted in tasks
//     that start meanwhile, until the last reader starts. 0 for results.
//   - "time": by how long they took in what a profile recorded.
//   - "state": by what became of them in what a profile recorded: waiting,
//     running, done or failed.
//   - "none": not at all.
//
// "time" and "state" need a profile, the others may have one: what it knows of
// a task is shown under the mouse.
//
//	p := taskgraph.NewProfile()
//	z.Compute(p.Record())
//	z.Visualize(taskgraph.ColorBy("time", p))
func ColorBy(what string, profile ...*Profile) PictureOption {
	if !slices.Contains([]string{"order", "age", "time", "state", "none"}, what) {
		panic(errorf(`ColorBy: there is no colouring by %q: use order, age, time, state or none`, what))
	}
	if len(profile) > 1 || len(profile) == 1 && (profile[0] == nil || profile[0].recording == nil) {
		panic(errorf("ColorBy takes one profile, made by NewProfile"))
	}
	if len(profile) == 0 && (what == "time" || what == "state") {
		panic(errorf(`ColorBy(%q) needs a profile of a computation: p := taskgraph.NewProfile(); z.Compute(p.Record()); z.Visualize(taskgraph.ColorBy(%[1]q, p))`, what))
	}
	return func(p *Picture) {
		p.colorBy = what
		if len(profile) == 1 {
			p.profile = profile[0]
		}
	}
}

// measure is a number for each task, and what it means.
type measure struct {
	values []float64               // NaN where it is not known
	join   func([]float64) float64 // the number of a box of several tasks
	say    func(float64) string
	states bool // the numbers are states, not amounts
}

// measured is what the picture is coloured by; nil for nothing.
func (p *Picture) measured(g *graph.Graph, records map[graph.Key]trace.Record) *measure {
	switch p.colorBy {
	case "order":
		return &measure{values: asFloats(order.Priorities(g)), join: slices.Min[[]float64], say: sayNumber("place %.0f")}
	case "age":
		return &measure{values: ages(g), join: slices.Max[[]float64], say: sayNumber("waits for %.0f tasks")}
	case "time":
		return &measure{values: times(g, records), join: mean, say: func(v float64) string { return trace.FormatDuration(time.Duration(v)) }}
	case "state":
		return &measure{values: states(g, records), join: slices.Max[[]float64], say: func(v float64) string { return stateNames[int(v)] }, states: true}
	}
	return nil
}

func sayNumber(format string) func(float64) string {
	return func(v float64) string { return fmt.Sprintf(format, v) }
}

func asFloats(places []int32) []float64 {
	values := make([]float64, len(places))
	for i, p := range places {
		values[i] = float64(p)
	}
	return values
}

// ages is how many places there are between a task and its last reader.
func ages(g *graph.Graph) []float64 {
	place := order.Priorities(g)
	values := make([]float64, g.Len())
	for id := range graph.ID(g.Len()) {
		last := place[id]
		for _, reader := range g.Readers(id) {
			last = max(last, place[reader])
		}
		values[id] = float64(last - place[id])
	}
	return values
}

func times(g *graph.Graph, records map[graph.Key]trace.Record) []float64 {
	values := make([]float64, g.Len())
	for id := range values {
		values[id] = math.NaN()
		if rec, ok := records[g.Key(graph.ID(id))]; ok && rec.End > 0 {
			values[id] = float64(rec.End - rec.Start)
		}
	}
	return values
}

// The states, in order of what a box of several tasks shows.
const (
	stateDone = iota
	stateWaiting
	stateRunning
	stateFailed
)

var (
	stateNames  = [...]string{"done", "waiting", "running", "failed"}
	stateColors = [...]string{"#b9e0bd", "#eceff3", "#f9dc8c", "#f2a8a0"}
)

func states(g *graph.Graph, records map[graph.Key]trace.Record) []float64 {
	values := make([]float64, g.Len())
	for id := range values {
		rec, ok := records[g.Key(graph.ID(id))]
		switch {
		case !ok:
			values[id] = stateWaiting
		case rec.End == 0:
			values[id] = stateRunning
		case rec.Err != nil:
			values[id] = stateFailed
		default:
			values[id] = stateDone
		}
	}
	return values
}

// mean is that of the numbers that are known.
func mean(values []float64) float64 {
	sum, n := 0.0, 0
	for _, v := range values {
		if !math.IsNaN(v) {
			sum, n = sum+v, n+1
		}
	}
	return sum / float64(n) // NaN for none
}

// unknownColor is that of tasks of which nothing was recorded.
const unknownColor = "#eceff3"

// paint is a picture's boxes in colour.
type paint struct {
	fills  []string
	legend []layout.Swatch
}

// paint colours boxes.
func (m *measure) paint(b boxes) paint {
	values := make([]float64, len(b.members))
	for box, members := range b.members {
		all := make([]float64, len(members))
		for i, id := range members {
			all[i] = m.values[id]
		}
		values[box] = m.join(all)
	}
	if m.states {
		return paintStates(m.values, values)
	}
	return m.paintAmounts(values)
}

func paintStates(tasks, boxes []float64) paint {
	var p paint
	for _, v := range boxes {
		p.fills = append(p.fills, stateColors[int(v)])
	}
	var count [len(stateNames)]int
	for _, v := range tasks {
		count[int(v)]++
	}
	for s, n := range count {
		if n > 0 {
			p.legend = append(p.legend, layout.Swatch{Color: stateColors[s], Label: fmt.Sprintf("%s: %d", stateNames[s], n)})
		}
	}
	return p
}

func (m *measure) paintAmounts(values []float64) paint {
	low, high, unknown := math.Inf(1), math.Inf(-1), false
	for _, v := range values {
		if math.IsNaN(v) {
			unknown = true
			continue
		}
		low, high = min(low, v), max(high, v)
	}
	var p paint
	for _, v := range values {
		p.fills = append(p.fills, gradient((v-low)/max(high-low, 1e-9)))
	}
	if low <= high {
		p.legend = m.scale(low, high)
	}
	if unknown {
		p.legend = append(p.legend, layout.Swatch{Color: unknownColor, Label: "not recorded"})
	}
	return p
}

// scale is the legend of amounts: both ends and the middle.
func (m *measure) scale(low, high float64) []layout.Swatch {
	if low == high {
		return []layout.Swatch{{Color: gradient(0), Label: m.say(low)}}
	}
	var legend []layout.Swatch
	for _, at := range []float64{0, 0.5, 1} {
		legend = append(legend, layout.Swatch{Color: gradient(at), Label: m.say(low + at*(high-low))})
	}
	return legend
}

// gradient is a colour from pale yellow to red for 0 to 1, light enough for
// dark text.
func gradient(at float64) string {
	if math.IsNaN(at) {
		return unknownColor
	}
	stops := [...][3]float64{{253, 246, 205}, {248, 180, 98}, {226, 106, 92}}
	i := min(int(at*2), 1)
	f := at*2 - float64(i)
	var c [3]int
	for k := range c {
		c[k] = int(math.Round(stops[i][k] + f*(stops[i+1][k]-stops[i][k])))
	}
	return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2])
}

// title is what is shown under the mouse: the key, and what is known.
func (p *Picture) title(members []graph.ID, m *measure, records map[graph.Key]trace.Record) string {
	first := p.g.Key(members[0])
	lines := []string{first.String()}
	if len(members) > 1 {
		lines = []string{fmt.Sprintf("%s ×%d: %s to %s", first.Name, len(members), first, p.g.Key(members[len(members)-1]))}
	}
	if m != nil && p.colorBy != "time" {
		all := make([]float64, len(members))
		for i, id := range members {
			all[i] = m.values[id]
		}
		lines = append(lines, m.say(m.join(all)))
	}
	if known := p.known(members, records); known != "" {
		lines = append(lines, known)
	}
	return strings.Join(lines, "\n")
}

// known is what was recorded of a box.
func (p *Picture) known(members []graph.ID, records map[graph.Key]trace.Record) string {
	var all trace.Function
	for _, id := range members {
		if rec, ok := records[p.g.Key(id)]; ok && rec.End > 0 {
			all.Add(rec)
		}
	}
	switch {
	case all.Calls == 0:
		return ""
	case len(members) == 1:
		return trace.FormatDuration(all.Total) + ", " + trace.FormatBytes(all.Bytes)
	}
	return fmt.Sprintf("%d recorded: %s, mean %s, max %s, %s", all.Calls, trace.FormatDuration(all.Total), trace.FormatDuration(all.Mean), trace.FormatDuration(all.Max), trace.FormatBytes(all.Bytes))
}
