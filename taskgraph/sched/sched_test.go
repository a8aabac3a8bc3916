package sched_test

import (
	"context"
	"errors"
	"fmt"
	"runtime/pprof"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/sched"
	"github.com/dagbook/dagbook/taskgraph/sched/schedtest"
	"github.com/dagbook/dagbook/taskgraph/trace"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestPool(t *testing.T) {
	for _, workers := range []int{2, 7} {
		t.Run(fmt.Sprint(workers), func(t *testing.T) {
			schedtest.TestExecutor(t, sched.Pool{Workers: workers}, schedtest.Concurrent())
		})
	}
}

func TestPoolOfOne(t *testing.T) { schedtest.TestExecutor(t, sched.Pool{Workers: 1}) }

func TestSerial(t *testing.T) { schedtest.TestExecutor(t, sched.Serial{}) }

func constant(v any) graph.WorkFunc {
	return func(context.Context, []any) (any, error) { return v, nil }
}

// TestStateStep follows one graph by hand.
//
//	a   b
//	 \ / \
//	  c   d
func TestStateStep(t *testing.T) {
	var b graph.Builder
	a, bb := b.Add(graph.Task{}), b.Add(graph.Task{})
	c, d := b.Add(graph.Task{}, a, bb), b.Add(graph.Task{}, bb)
	s := sched.NewState(b.Graph(), []int32{0, 1, 2, 3}, []graph.ID{c})
	phases := func(want ...sched.Phase) {
		t.Helper()
		for id, p := range want {
			if got := s.Phase(graph.ID(id)); got != p {
				t.Errorf("task %d is %v, want %v", id, got, p)
			}
		}
	}
	next := func(want graph.ID) {
		t.Helper()
		if got, ok := s.Next(); !ok || got != want {
			t.Fatalf("next is %d, %v; want %d", got, ok, want)
		}
	}
	phases(sched.Ready, sched.Ready, sched.Waiting, sched.Waiting)
	next(a)
	phases(sched.Running, sched.Ready, sched.Waiting, sched.Waiting)
	s.Finish(a, "a", 0)
	phases(sched.Finished, sched.Ready, sched.Waiting, sched.Waiting)
	next(bb)
	s.Finish(bb, "b", 0)
	phases(sched.Finished, sched.Finished, sched.Ready, sched.Ready)
	next(c)
	if got := fmt.Sprint(s.Inputs(c, nil)); got != "[a b]" {
		t.Errorf("inputs of c are %s", got)
	}
	s.Finish(c, "c", 0)
	phases(sched.Released, sched.Finished, sched.Finished, sched.Ready)
	next(d)
	s.Finish(d, "d", 0)
	phases(sched.Released, sched.Released, sched.Finished, sched.Released)
	if !s.Done() || s.Value(c) != "c" || s.Value(a) != nil || s.Value(d) != nil {
		t.Errorf("done %v, values %v %v %v", s.Done(), s.Value(c), s.Value(a), s.Value(d))
	}
	if _, ok := s.Next(); ok {
		t.Errorf("a task is ready after the end")
	}
}

// TestNextFollowsTheOrder takes ready tasks of any order, lowest place first.
func TestNextFollowsTheOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 5000).Draw(rt, "n")
		places := make([]int32, n)
		for i := range places {
			places[i] = int32(i)
		}
		places = rapid.Permutation(places).Draw(rt, "places")
		var b graph.Builder
		for range n {
			b.Add(graph.Task{})
		}
		s := sched.NewState(b.Graph(), places, nil)
		for want := range int32(n) {
			id, ok := s.Next()
			if !ok || places[id] != want {
				rt.Fatalf("took task %d at place %d, want place %d", id, places[id], want)
			}
		}
	})
}

// TestFinishTwice: a mistake of an executor is not hidden.
func TestFinishTwice(t *testing.T) {
	var b graph.Builder
	id := b.Add(graph.Task{Key: graph.Key{Name: "x"}})
	s := sched.NewState(b.Graph(), []int32{0}, nil)
	s.Next()
	s.Finish(id, 1, 0)
	defer func() {
		if p := fmt.Sprint(recover()); !strings.Contains(p, "x-0000000000000000 finished while released") {
			t.Errorf("panic %q", p)
		}
	}()
	s.Finish(id, 1, 0)
}

func TestErrorSentences(t *testing.T) {
	key := graph.Key{Name: "load", Token: 0xabc}
	for _, test := range []struct {
		err  error
		want string
	}{
		{&sched.TaskError{Key: key, Err: errors.New("no such file")}, "task load-0000000000000abc failed: no such file"},
		{&sched.TaskError{Key: key, Err: &sched.PanicError{Value: "oh"}}, "task load-0000000000000abc panicked: oh"},
		{&sched.CancelledError{Finished: 3, Tasks: 8, Cause: context.Canceled}, "the run was stopped after 3 of 8 tasks: context canceled"},
	} {
		if got := test.err.Error(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

// TestWorkersInheritLabels: the goroutine that calls Execute gives its
// profiler labels to the tasks. (A kernel tells by them which cell a
// goroutine belongs to.)
func TestWorkersInheritLabels(t *testing.T) {
	var b graph.Builder
	id := b.Add(graph.Task{Work: graph.WorkFunc(func(context.Context, []any) (any, error) {
		var text strings.Builder
		err := pprof.Lookup("goroutine").WriteTo(&text, 1)
		return strings.Count(text.String(), `"cell":"7"`), err
	})})
	g := b.Graph()
	pprof.Do(context.Background(), pprof.Labels("cell", "7"), func(ctx context.Context) {
		got, err := sched.Pool{Workers: 2}.Execute(ctx, sched.Plan{Graph: g, Outputs: []graph.ID{id}})
		if err != nil || got[0].(int) < 2 { // the caller and its worker
			t.Errorf("got %v, %v: fewer than two goroutines with the label", got, err)
		}
	})
}

// TestObserver records a run with a Recorder, by both executors.
func TestObserver(t *testing.T) {
	for name, ex := range map[string]sched.Executor{"Serial": sched.Serial{}, "Pool": sched.Pool{Workers: 3}} {
		t.Run(name, func(t *testing.T) {
			var b graph.Builder
			a := b.Add(graph.Task{Key: graph.Key{Name: "a"}, Work: constant("four")})
			broken := graph.WorkFunc(func(context.Context, []any) (any, error) { return nil, errors.New("broken") })
			b.Add(graph.Task{Key: graph.Key{Name: "b"}, Work: broken}, a)
			g := b.Graph()
			rec := trace.NewRecorder(g)
			if _, err := ex.Execute(context.Background(), sched.Plan{Graph: g, Observer: rec}); err == nil {
				t.Fatal("no error")
			}
			records := rec.Records()
			if len(records) != 2 || records[0].Key.Name != "a" || records[1].Key.Name != "b" {
				t.Fatalf("records %+v", records)
			}
			if r := records[0]; r.Err != nil || r.Bytes != trace.SizeOf("four") || r.End < r.Start {
				t.Errorf("record of a: %+v", r)
			}
			if r := records[1]; r.Err == nil || r.Start < records[0].End {
				t.Errorf("record of b: %+v", r)
			}
		})
	}
}

func ExamplePool() {
	var b graph.Builder
	two := b.Add(graph.Task{Key: graph.Key{Name: "two"}, Work: graph.WorkFunc(
		func(context.Context, []any) (any, error) { return 2, nil })})
	double := b.Add(graph.Task{Key: graph.Key{Name: "double"}, Work: graph.WorkFunc(
		func(_ context.Context, in []any) (any, error) { return in[0].(int) * 2, nil })}, two)

	plan := sched.Plan{Graph: b.Graph(), Outputs: []graph.ID{double}}
	fmt.Println(sched.Pool{}.Execute(context.Background(), plan))
	// Output: [4] <nil>
}

// BenchmarkExecute is the cost of ordering and running a task that does
// nothing: chains that read their neighbours.
func BenchmarkExecute(b *testing.B) {
	const tasks = 100_000
	var builder graph.Builder
	for i := range tasks {
		var inputs []graph.ID
		if i >= 100 {
			inputs = append(inputs, graph.ID(i-100), graph.ID(i-99))
		}
		builder.Add(graph.Task{Work: constant(nil)}, inputs...)
	}
	g := builder.Graph()
	for name, ex := range map[string]sched.Executor{"Serial": sched.Serial{}, "Pool": sched.Pool{}} {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				if _, err := ex.Execute(context.Background(), sched.Plan{Graph: g}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/tasks, "ns/task")
		})
	}
}
