package taskgraph

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/trace"
)

// BenchmarkObserver computes a tree of some 98,000 tasks that do next to nothing, watched and
// not: the difference is what watching costs a task.
func BenchmarkObserver(b *testing.B) {
	for _, watch := range []struct {
		name  string
		start func(*graph.Graph) trace.Observer
	}{
		{"none", func(*graph.Graph) trace.Observer { return nil }},
		{"Meter", func(g *graph.Graph) trace.Observer { return trace.NewMeter(g) }},
		{"Recorder", func(g *graph.Graph) trace.Observer { return trace.NewRecorder(g) }},
		{"Profile", func(g *graph.Graph) trace.Observer { return trace.NewProfile().Observe(g) }},
	} {
		b.Run(watch.name, func(b *testing.B) {
			n := treeOfSums(benchLeaves)
			b.ResetTimer()
			for range b.N {
				if _, err := n.Compute(Observer(watch.start)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchTasks, "ns/task")
		})
	}
}

// TestObserversAreAdded: a profile does not take the place of who watches already.
func TestObserversAreAdded(t *testing.T) {
	var first, second trace.Observer
	r := New(Observer(func(g *graph.Graph) trace.Observer { first = trace.NewMeter(g); return first }))
	p := NewProfile()
	n := r.Delayed(slowinc)(1)
	if _, err := n.Compute(p.Record(), Observer(func(g *graph.Graph) trace.Observer { second = trace.NewMeter(g); return second })); err != nil {
		t.Fatal(err)
	}
	for i, o := range []trace.Observer{first, second} {
		if all, _ := o.(*trace.Meter).Count(); all.Done != 1 {
			t.Errorf("observer %d was told of %d tasks", i, all.Done)
		}
	}
	if runs := p.Runs(); len(runs) != 1 || runs[0].End == 0 || len(runs[0].Records) != 1 {
		t.Errorf("recorded: %+v", runs)
	}
	if _, err := n.Compute(p.Record(), Processes(0), Synchronous()); err != nil || len(p.Runs()) != 2 {
		t.Errorf("%d runs, %v", len(p.Runs()), err)
	}
}

func TestProgressView(t *testing.T) {
	var told []string
	view := ProgressView(func(g *graph.Graph, asked bool) trace.Observer {
		told = append(told, fmt.Sprint(g.Len(), asked))
		return nil
	})
	n := New(view).Delayed(slowinc)(1)
	n.Compute()
	n.Compute(Progress(true))
	n.Compute(Progress(false))
	n.Compute(Progress(false), Progress(true))
	if got := strings.Join(told, ", "); got != "1 false, 1 true, 1 true" {
		t.Errorf("told: %s", got)
	}
}

// TestProgressLine is what a program writes.
func TestProgressLine(t *testing.T) {
	g, _ := gather([]*Node{Value(1), Value(2)})
	for _, test := range []struct {
		err  error
		want string
	}{{nil, "1/2 tasks, 0.0 s done\n"}, {errorf("no"), "1/2 tasks, 0.0 s stopped\n"}} {
		var text strings.Builder
		p := newProgressLine(g, &text)
		p.TaskStarted(0, 0)
		p.TaskFinished(0, 0, 1, nil)
		p.write("")
		p.RunEnded(test.err)
		p.tick() // a timer that went off at the same time
		if got := text.String(); !strings.HasPrefix(got, "\r1/2 tasks") || !strings.HasSuffix(got, test.want) || strings.Count(got, "\r") != 2 {
			t.Errorf("written: %q", got)
		}
	}
}
