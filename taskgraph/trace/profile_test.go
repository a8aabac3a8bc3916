package trace_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/trace"
)

// tasks makes a graph of tasks without inputs.
func tasks(names ...string) *graph.Graph {
	var b graph.Builder
	for i, name := range names {
		b.Add(graph.Task{Key: graph.Key{Name: name, Token: uint64(i)}})
	}
	return b.Graph()
}

func TestMeter(t *testing.T) {
	m := trace.NewMeter(tasks("load", "sum", "sum", "sum", "sum"))
	for id, worker := range []int{0, 1, 0, 1} {
		m.TaskStarted(graph.ID(id), worker)
	}
	m.TaskFinished(0, 0, 1, nil)
	m.TaskFinished(1, 1, 2, nil)
	m.TaskFinished(2, 0, nil, errors.New("no"))
	all, functions := m.Count()
	if want := (trace.Counts{Tasks: 5, Running: 1, Done: 2, Failed: 1}); all != want {
		t.Errorf("all: got %+v, want %+v", all, want)
	}
	want := fmt.Sprint([]trace.FunctionCounts{{"sum", trace.Counts{Tasks: 4, Running: 1, Done: 1, Failed: 1}}, {"load", trace.Counts{Tasks: 1, Done: 1}}})
	if got := fmt.Sprint(functions); got != want {
		t.Errorf("by function: got %v, want %v", got, want)
	}
}

// calls is an Observer that writes down what it is told.
type calls struct{ log []string }

func (c *calls) TaskStarted(id graph.ID, _ int) { c.log = append(c.log, fmt.Sprint("start ", id)) }
func (c *calls) TaskFinished(id graph.ID, _ int, v any, err error) {
	c.log = append(c.log, fmt.Sprintf("finish %d %v %v", id, v, err))
}

// ending is one that wants to know the end.
type ending struct{ calls }

func (e *ending) RunEnded(err error) { e.log = append(e.log, fmt.Sprint("end ", err)) }

func TestAll(t *testing.T) {
	if o := trace.All(nil, nil); o != nil {
		t.Errorf("all of nobody is %v", o)
	}
	a, b := &calls{}, &ending{}
	if o := trace.All(nil, b); o != b {
		t.Errorf("all of one is %v", o)
	}
	o := trace.All(a, nil, b)
	o.TaskStarted(1, 0)
	o.TaskFinished(1, 0, "v", nil)
	trace.End(o, errors.New("no"))
	trace.End(nil, nil)
	if got := fmt.Sprint(a.log); got != "[start 1 finish 1 v <nil>]" {
		t.Errorf("a was told %v", got)
	}
	if got := fmt.Sprint(b.log); got != "[start 1 finish 1 v <nil> end no]" {
		t.Errorf("b was told %v", got)
	}
}

func TestProfile(t *testing.T) {
	p := trace.NewProfile()
	if got := p.String(); got != "nothing was computed" {
		t.Errorf("empty: %q", got)
	}
	before := runtime.NumGoroutine()
	a, b := p.Observe(tasks("load", "load", "sum")), p.Observe(tasks("load"))
	for id := range graph.ID(3) {
		a.TaskStarted(id, 0)
		a.TaskFinished(id, 0, int64(7), nil)
	}
	b.TaskStarted(0, 3)
	trace.End(a, nil)
	b.TaskFinished(0, 3, nil, errors.New("no such file"))
	trace.End(b, errors.New("no such file"))
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("%d goroutines more than before", n-before)
	}
	runs := p.Runs()
	if len(runs) != 2 || len(runs[0].Records) != 3 || runs[0].Err != nil || runs[1].Err == nil || runs[1].Records[0].Worker != 3 {
		t.Fatalf("runs: %+v", runs)
	}
	last := time.Duration(0)
	for _, rec := range runs[0].Records {
		if rec.Start < last || rec.Start < runs[0].Start || rec.End < rec.Start || rec.End > runs[0].End {
			t.Errorf("record %+v of run from %v to %v", rec, runs[0].Start, runs[0].End)
		}
		last = rec.End
	}
	for _, f := range p.Functions() {
		got := fmt.Sprint(f.Name, f.Calls, f.Failed, f.Bytes, f.Total >= f.Max, f.Max >= f.Mean)
		if want := map[string]string{"load": "load3 1 16true true", "sum": "sum1 0 8true true"}[f.Name]; strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for _, want := range []string{"4 tasks in ", "2 computations", "load (1 failed)", "sum"} {
		if !strings.Contains(p.String(), want) {
			t.Errorf("%q is not in %s", want, p)
		}
	}
	samples := p.Samples()
	if len(samples) < 2 || samples[0].Heap <= 0 || samples[len(samples)-1].At < samples[0].At {
		t.Errorf("samples: %+v", samples)
	}
	if runtime.GOOS == "linux" && (samples[0].RSS <= 0 || samples[0].CPU <= 0) {
		t.Errorf("sample: %+v", samples[0])
	}
}

// TestProfileOfRunsAtOnce is for the race detector, and for who is told late.
func TestProfileOfRunsAtOnce(t *testing.T) {
	p := trace.NewProfile()
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			o := p.Observe(tasks("f", "g"))
			o.TaskStarted(0, 0)
			o.TaskStarted(1, 1)
			o.TaskFinished(0, 0, nil, nil)
			p.Runs()
			trace.End(o, nil)
			trace.End(o, nil)
			o.TaskFinished(1, 1, nil, nil)
		})
	}
	wg.Wait()
	if got := p.Functions(); len(got) != 2 || got[0].Calls != 20 || got[1].Calls != 20 {
		t.Errorf("functions: %+v", got)
	}
}

// elements counts the elements of each class and fails unless the SVG is well formed.
func elements(t *testing.T, svg string) map[string]int {
	t.Helper()
	count := map[string]int{}
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return count
		}
		if err != nil {
			t.Fatalf("%v in %.2000s", err, svg)
		}
		if e, ok := token.(xml.StartElement); ok {
			for _, a := range e.Attr {
				if a.Name.Local == "class" {
					count[a.Value]++
				}
			}
			count[e.Name.Local]++
		}
	}
}

func TestProfileSVG(t *testing.T) {
	p := trace.NewProfile()
	elements(t, p.SVG())
	o := p.Observe(tasks("load", `<script>"&'`+"\x00", "load"))
	for id, worker := range []int{0, 1, 0} {
		o.TaskStarted(graph.ID(id), worker)
		time.Sleep(5 * time.Millisecond)
		o.TaskFinished(graph.ID(id), worker, 1, nil)
	}
	trace.End(o, nil)
	svg := p.SVG()
	if strings.Contains(svg, "<script") || strings.Contains(svg, "\x00") {
		t.Errorf("not escaped: %s", svg)
	}
	if got := elements(t, svg); got["task"] != 3 {
		t.Errorf("%d tasks drawn, want 3: %s", got["task"], svg)
	}
	for _, want := range []string{"2 workers", "load-0000000000000000: ", "8 B, worker 0", "heap"} {
		if !strings.Contains(svg, want) {
			t.Errorf("%q is not in the picture", want)
		}
	}
}

// TestProfileSVGOfManyTasks stays small.
func TestProfileSVGOfManyTasks(t *testing.T) {
	p := trace.NewProfile()
	const n = 20_000
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprint("f", i%40)
	}
	o := p.Observe(tasks(names...))
	for id := range graph.ID(n) {
		o.TaskStarted(id, int(id)%4)
		o.TaskFinished(id, int(id)%4, nil, nil)
	}
	trace.End(o, nil)
	svg := p.SVG()
	if got := elements(t, svg); got["task"] == 0 || got["task"] > 4*801 {
		t.Errorf("%d bars for %d tasks", got["task"], n)
	}
	if !strings.Contains(svg, "26 other functions") || !strings.Contains(svg, " more") {
		t.Error("neither the legend nor the bars are put together")
	}
}

func TestFormat(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 ns", 999: "999 ns", 1500: "1.5 µs", 12345 * time.Microsecond: "12.3 ms", 1234 * time.Millisecond: "1.23 s", 75 * time.Second: "1m15s",
	} {
		if got := trace.FormatDuration(d); got != want {
			t.Errorf("%d is %q, want %q", d, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1500: "1.5 kB", 999_900: "1 MB", 23_400_000: "23.4 MB", 5e12: "5 TB"} {
		if got := trace.FormatBytes(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}
