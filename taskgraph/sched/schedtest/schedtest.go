// Package schedtest is the conformance suite of executors: whoever implements
// sched.Executor runs it in a test.
//
//	func TestPool(t *testing.T) {
//		schedtest.TestExecutor(t, sched.Pool{Workers: 4}, schedtest.Concurrent())
//	}
//
// It runs random graphs whose tasks watch what happens to them, and a few
// graphs that fail, panic or are stopped.
package schedtest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/sched"
)

// Option says what more an executor promises.
type Option func(*suite)

// Concurrent executors run at least two tasks at once, and return within
// 200 ms after their context ended even from a task that does not watch it.
func Concurrent() Option { return func(s *suite) { s.concurrent = true } }

// Elsewhere says that tasks run in other processes: values that cannot be
// written fail their tasks.
func Elsewhere() Option { return func(s *suite) { s.elsewhere = true } }

type suite struct {
	ex         sched.Executor
	concurrent bool
	elsewhere  bool
}

// TestExecutor runs the whole suite.
func TestExecutor(t *testing.T, ex sched.Executor, opts ...Option) {
	s := &suite{ex: ex}
	for _, opt := range opts {
		opt(s)
	}
	tests := []struct {
		name string
		run  func(*testing.T)
	}{
		{"RandomGraphs", s.randomGraphs},
		{"Empty", s.empty},
		{"RepeatedOutputsAndInputs", s.repeats},
		{"NilValues", s.nilValues},
		{"FirstErrorNamedByKey", s.firstError},
		{"Panic", s.panics},
		{"PanicNil", s.panicNil},
		{"Goexit", s.goexit},
		{"CancelledBefore", s.cancelledBefore},
		{"CancelStops", s.cancelStops},
		{"CancelDuringError", s.cancelDuringError},
		{"Released", s.released},
		{"Nested", s.nested},
		{"Retries", s.retries},
		{"RetriesEnd", s.retriesEnd},
		{"Timeout", s.timeout},
		{"Priority", s.priority},
		{"Resources", s.resources},
		{"TooFewResources", s.tooFewResources},
		{"Memory", s.memory},
		{"MemoryErrors", s.memoryErrors},
	}
	if s.concurrent {
		tests = append(tests, []struct {
			name string
			run  func(*testing.T)
		}{
			{"AtOnce", s.atOnce},
			{"ErrorCancelsRunning", s.errorCancelsRunning},
			{"StuckTask", s.stuck},
		}...)
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
			test.run(t)
		})
	}
}

// built is a graph in the making, for tests.
type built struct{ b graph.Builder }

func (b *built) task(name string, run graph.WorkFunc, inputs ...graph.ID) graph.ID {
	return b.taskWith(nil, name, run, inputs...)
}

func (b *built) taskWith(p *graph.Policy, name string, run graph.WorkFunc, inputs ...graph.ID) graph.ID {
	key := graph.Key{Name: name, Token: uint64(b.b.Len())}
	return b.b.Add(graph.Task{Key: key, Work: run, Policy: p}, inputs...)
}

func value(v any) graph.WorkFunc {
	return func(context.Context, []any) (any, error) { return v, nil }
}

// randomGraphs checks on graphs of any shape that every task runs once, only
// after its inputs and with their values, and that the results are those of
// working it out one by one.
func (s *suite) randomGraphs(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(rt, "tasks")
		runs := make([]atomic.Int32, n)
		want := make([]int, n)
		var b built
		for i := range n {
			var inputs []graph.ID
			if i > 0 {
				inputs = rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) graph.ID {
					return graph.ID(rapid.IntRange(0, i-1).Draw(rt, "input"))
				}), 0, 4).Draw(rt, "inputs")
			}
			want[i] = i + 1
			for k, in := range inputs {
				want[i] += (k + 2) * want[in] % 1009
			}
			b.task("t", s.sum(i, inputs, runs), inputs...)
		}
		outputs := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) graph.ID {
			return graph.ID(rapid.IntRange(0, n-1).Draw(rt, "output"))
		}), 0, 5).Draw(rt, "outputs")
		got, err := s.ex.Execute(context.Background(), sched.Plan{Graph: b.b.Graph(), Outputs: outputs})
		if err != nil {
			rt.Fatalf("unexpected error: %v", err)
		}
		for i := range runs {
			if c := runs[i].Load(); c != 1 {
				rt.Fatalf("task %d ran %d times", i, c)
			}
		}
		if len(got) != len(outputs) {
			rt.Fatalf("%d values for %d outputs", len(got), len(outputs))
		}
		for i, id := range outputs {
			if got[i] != want[id] {
				rt.Fatalf("output %d is %v, want %d", id, got[i], want[id])
			}
		}
	})
}

// sum is the work of task i of a random graph.
func (s *suite) sum(i int, inputs []graph.ID, runs []atomic.Int32) graph.WorkFunc {
	return func(_ context.Context, values []any) (any, error) {
		if len(values) != len(inputs) {
			return nil, fmt.Errorf("task %d got %d values for %d inputs", i, len(values), len(inputs))
		}
		total := i + 1
		for k, in := range inputs {
			if runs[in].Load() != 1 {
				return nil, fmt.Errorf("task %d started before its input %d ended", i, in)
			}
			v, ok := values[k].(int)
			if !ok {
				return nil, fmt.Errorf("task %d got %v from input %d: it was released too early", i, values[k], in)
			}
			total += (k + 2) * v % 1009
			values[k] = nil // inputs may be overwritten
		}
		runs[i].Add(1)
		return total, nil
	}
}

func (s *suite) empty(t *testing.T) {
	var b built
	got, err := s.ex.Execute(context.Background(), sched.Plan{Graph: b.b.Graph()})
	if err != nil || len(got) != 0 {
		t.Fatalf("got %v, %v from an empty graph", got, err)
	}
}

// a === b   (b reads a twice; both are asked for twice)
func (s *suite) repeats(t *testing.T) {
	var b built
	x := b.task("a", value(3))
	y := b.task("b", func(_ context.Context, in []any) (any, error) {
		return in[0].(int) * in[1].(int), nil
	}, x, x)
	got, err := s.ex.Execute(context.Background(), sched.Plan{Graph: b.b.Graph(), Outputs: []graph.ID{y, x, y, x}})
	if err != nil || fmt.Sprint(got) != "[9 3 9 3]" {
		t.Fatalf("got %v, %v; want [9 3 9 3]", got, err)
	}
}

func (s *suite) nilValues(t *testing.T) {
	var b built
	x := b.task("nothing", value(nil))
	y := b.task("isNil", func(_ context.Context, in []any) (any, error) { return in[0] == nil, nil }, x)
	got, err := s.ex.Execute(context.Background(), sched.Plan{Graph: b.b.Graph(), Outputs: []graph.ID{y}})
	if err != nil || got[0] != true {
		t.Fatalf("got %v, %v; want true", got, err)
	}
}

// ok -> bad -> after
func (s *suite) firstError(t *testing.T) {
	cause := errors.New("no such file")
	var b built
	var after atomic.Bool
	ok := b.task("ok", value(1))
	bad := b.task("bad", func(context.Context, []any) (any, error) { return 5, cause }, ok)
	last := b.task("after", func(context.Context, []any) (any, error) { after.Store(true); return nil, nil }, bad)
	g := b.b.Graph()
	got, err := s.ex.Execute(context.Background(), sched.Plan{Graph: g, Outputs: []graph.ID{last}})
	var failed *sched.TaskError
	if !errors.As(err, &failed) || failed.Key != g.Key(bad) || !errors.Is(err, cause) {
		t.Fatalf("error %v, want the TaskError of %s", err, g.Key(bad))
	}
	if got != nil {
		t.Errorf("got the values %v beside an error", got)
	}
	if after.Load() {
		t.Errorf("a task ran although its input failed")
	}
}

func (s *suite) panics(t *testing.T) {
	var b built
	bad := b.task("index", func(_ context.Context, in []any) (any, error) { return in[7], nil })
	g := b.b.Graph()
	_, err := s.ex.Execute(context.Background(), sched.Plan{Graph: g, Outputs: []graph.ID{bad}})
	var failed *sched.TaskError
	var panicked *sched.PanicError
	var cause runtime.Error
	if !errors.As(err, &failed) || failed.Key != g.Key(bad) || !errors.As(err, &panicked) || !errors.As(err, &cause) {
		t.Fatalf("error %v, want a TaskError with a PanicError and a runtime.Error", err)
	}
	if len(failed.Stack) == 0 {
		t.Errorf("the error has no stack")
	}
}

func (s *suite) panicNil(t *testing.T) {
	var b built
	bad := b.task("nilPanic", func(context.Context, []any) (any, error) { panic(error(nil)) })
	_, err := s.ex.Execute(context.Background(), sched.Plan{Graph: b.b.Graph(), Outputs: []graph.ID{bad}})
	var panicked *sched.PanicError
	if !errors.As(err, &panicked) {
		t.Fatalf("error %v, want a PanicError", err)
	}
}

// goexit runs the executor on a goroutine of its own: a serial executor ends
// with its task.
func (s *suite) goexit(t *testing.T) {
	if !s.concurrent {
		t.Skip("a task that ends its goroutine ends the caller of a serial executor")
	}
	var b built
	bad := b.task("goexit", func(context.Context, []any) (any, error) { runtime.Goexit(); return nil, nil })
	g := b.b.Graph()
	_, err := s.ex.Execute(context.Background(), sched.Plan{Graph: g, Outputs: []graph.ID{bad}})
	var failed *sched.TaskError
	if !errors.As(err, &failed) || failed.Key != g.Key(bad) {
		t.Fatalf("error %v, want the TaskError of %s", err, g.Key(bad))
	}
}

func (s *suite) cancelledBefore(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	cause := errors.New("the cell was interrupted")
	cancel(cause)
	var b built
	id := b.task("never", value(1))
	for range 50 {
		id = b.task("never", value(1), id)
	}
	_, err := s.ex.Execute(ctx, sched.Plan{Graph: b.b.Graph(), Outputs: []graph.ID{id}})
	var stopped *sched.CancelledError
	if !errors.As(err, &stopped) || !errors.Is(err, cause) {
		t.Fatalf("error %v, want a CancelledError with its cause", err)
	}
}

// cancelStops interrupts a long chain from within; each task watches its
// context.
func (s *suite) cancelStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var b built
	var ran atomic.Int32
	id := b.task("first", value(0))
	for range 100 {
		id = b.task("step", func(taskCtx context.Context, in []any) (any, error) {
			if ran.Add(1) == 3 {
				cancel()
				<-taskCtx.Done()
				return nil, taskCtx.Err()
			}
			return nil, nil
		}, id)
	}
	_, err := s.ex.Execute(ctx, sched.Plan{Graph: b.b.Graph(), Outputs: []graph.ID{id}})
	var stopped *sched.CancelledError
	if !errors.As(err, &stopped) || !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want a CancelledError", err)
	}
	if ran.Load() != 3 {
		t.Errorf("%d tasks ran, want 3", ran.Load())
	}
	if stopped.Finished != 3 || stopped.Tasks != 101 {
		t.Errorf("the error counts %d of %d tasks, want 3 of 101", stopped.Finished, stopped.Tasks)
	}
}

// cancelDuringError: what tasks return after the context has ended is its
// echo, and the context's cause is the better error.
func (s *suite) cancelDuringError(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var b built
	id := b.task("echo", func(taskCtx context.Context, _ []any) (any, error) {
		cancel()
		return nil, errors.New("connection closed")
	})
	_, err := s.ex.Execute(ctx, sched.Plan{Graph: b.b.Graph(), Outputs: []graph.ID{id}})
	var stopped *sched.CancelledError
	if !errors.As(err, &stopped) {
		t.Fatalf("error %v, want a CancelledError", err)
	}
}

// released runs a long chain of large values and asks, while the last task
// runs, how many of them the garbage collector could take.
//
//	big - big - big - ... - last
func (s *suite) released(t *testing.T) {
	const chain = 20
	var freed atomic.Int32
	big := func(context.Context, []any) (any, error) {
		v := new([1 << 16]byte)
		runtime.AddCleanup(v, func(int) { freed.Add(1) }, 0)
		return v, nil
	}
	var b built
	id := b.task("big", big)
	for range chain - 1 {
		id = b.task("big", big, id)
	}
	last := b.task("last", func(_ context.Context, in []any) (any, error) {
		for range 100 {
			runtime.GC()
			if freed.Load() >= chain-1 {
				break
			}
			time.Sleep(time.Millisecond)
		}
		return int(freed.Load()), nil
	}, id)
	got, err := s.ex.Execute(context.Background(), sched.Plan{Graph: b.b.Graph(), Outputs: []graph.ID{last}})
	if err != nil {
		t.Fatal(err)
	}
	if got[0].(int) < chain-1 {
		t.Errorf("%v of %d values were released before the last task, want %d", got[0], chain, chain-1)
	}
}

// nested executes a graph inside every task of a graph wider than any pool.
func (s *suite) nested(t *testing.T) {
	var b built
	var ids []graph.ID
	for range 64 {
		ids = append(ids, b.task("outer", func(ctx context.Context, _ []any) (any, error) {
			var inner built
			x := inner.task("x", value(20))
			y := inner.task("y", func(_ context.Context, in []any) (any, error) { return in[0].(int) + 1, nil }, x)
			v, err := s.ex.Execute(ctx, sched.Plan{Graph: inner.b.Graph(), Outputs: []graph.ID{y}})
			if err != nil {
				return nil, err
			}
			return v[0], nil
		}))
	}
	got, err := s.ex.Execute(context.Background(), sched.Plan{Graph: b.b.Graph(), Outputs: ids})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range got {
		if v != 21 {
			t.Fatalf("value %d is %v, want 21", i, v)
		}
	}
}

// atOnce has two tasks that wait for each other.
func (s *suite) atOnce(t *testing.T) {
	var b built
	var both sync.WaitGroup
	both.Add(2)
	meet := func(context.Context, []any) (any, error) { both.Done(); both.Wait(); return 1, nil }
	ids := []graph.ID{b.task("meet", meet), b.task("meet", meet)}
	if _, err := s.ex.Execute(context.Background(), sched.Plan{Graph: b.b.Graph(), Outputs: ids}); err != nil {
		t.Fatal(err)
	}
}

// errorCancelsRunning: the failure of one task ends the context of another.
func (s *suite) errorCancelsRunning(t *testing.T) {
	var b built
	started := make(chan struct{})
	watching := b.task("watching", func(ctx context.Context, _ []any) (any, error) {
		close(started)
		<-ctx.Done()
		return nil, ctx.Err()
	})
	failing := b.task("failing", func(context.Context, []any) (any, error) {
		<-started
		return nil, errors.New("broken")
	})
	g := b.b.Graph()
	_, err := s.ex.Execute(context.Background(), sched.Plan{Graph: g, Outputs: []graph.ID{watching, failing}})
	var failed *sched.TaskError
	if !errors.As(err, &failed) || failed.Key != g.Key(failing) {
		t.Fatalf("error %v, want the first, that of %s", err, g.Key(failing))
	}
}

// stuck cancels while a task waits for something that comes only after
// Execute has returned: it must return without the task, and drop its value.
func (s *suite) stuck(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var b built
	release, ended := make(chan struct{}), make(chan struct{})
	var after atomic.Bool
	id := b.task("stuck", func(context.Context, []any) (any, error) {
		defer close(ended)
		cancel()
		<-release
		return 1, nil
	})
	next := b.task("after", func(context.Context, []any) (any, error) { after.Store(true); return 2, nil }, id)
	_, err := s.ex.Execute(ctx, sched.Plan{Graph: b.b.Graph(), Outputs: []graph.ID{next}})
	var stopped *sched.CancelledError
	if !errors.As(err, &stopped) {
		t.Fatalf("error %v, want a CancelledError", err)
	}
	close(release)
	<-ended
	if after.Load() {
		t.Errorf("a task ran after Execute had returned")
	}
}
