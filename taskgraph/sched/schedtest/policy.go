package schedtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/sched"
)

// What tasks ask for by their policies.

// retries: a task that fails twice is tried three times, each time with the
// inputs that it was given, and its readers run once.
func (s *suite) retries(t *testing.T) {
	var b built
	var tries, readers atomic.Int32
	in := b.task("in", value(7))
	shaky := b.taskWith(&graph.Policy{Retries: 2}, "shaky", func(_ context.Context, inputs []any) (any, error) {
		x := inputs[0]
		inputs[0] = "overwritten"
		switch tries.Add(1) {
		case 1:
			return nil, errors.New("not yet")
		case 2:
			panic("not yet either")
		}
		return x, nil
	}, in)
	out := b.task("out", func(_ context.Context, inputs []any) (any, error) { readers.Add(1); return inputs[0], nil }, shaky)
	got, err := s.ex.Execute(context.Background(), sched.Plan{Graph: b.b.Graph(), Outputs: []graph.ID{out}})
	if err != nil || got[0] != 7 || tries.Load() != 3 || readers.Load() != 1 {
		t.Errorf("got %v, %v after %d tries and %d readings; want 7 after 3 and 1", got, err, tries.Load(), readers.Load())
	}
}

// retriesEnd: the error of the last try is the task's, and a task that ends
// because the run was stopped is not tried again.
func (s *suite) retriesEnd(t *testing.T) {
	var b built
	var tries atomic.Int32
	policy := &graph.Policy{Retries: 2}
	b.taskWith(policy, "bad", func(context.Context, []any) (any, error) {
		return nil, fmt.Errorf("try %d", tries.Add(1))
	})
	_, err := s.ex.Execute(context.Background(), sched.Plan{Graph: b.b.Graph()})
	var failed *sched.TaskError
	if !errors.As(err, &failed) || failed.Err.Error() != "try 3" {
		t.Errorf("error %v, want that of try 3", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	tries.Store(0)
	b.taskWith(policy, "stopped", func(ctx context.Context, _ []any) (any, error) {
		tries.Add(1)
		cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	})
	_, err = s.ex.Execute(ctx, sched.Plan{Graph: b.b.Graph()})
	var stopped *sched.CancelledError
	if !errors.As(err, &stopped) || tries.Load() != 1 {
		t.Errorf("error %v after %d tries, want a CancelledError after one", err, tries.Load())
	}
}

// timeout: a task that watches its context ends with it, one that does not is
// left behind; both have failed for the same reason.
func (s *suite) timeout(t *testing.T) {
	release := make(chan struct{})
	var left atomic.Int32 // tasks that were left behind
	defer func() {
		close(release)
		for left.Load() > 0 {
			time.Sleep(time.Millisecond)
		}
	}()
	policy := &graph.Policy{Timeout: 200 * time.Millisecond, Retries: 1}
	var tries atomic.Int32
	for name, run := range map[string]graph.WorkFunc{
		"watching": func(ctx context.Context, _ []any) (any, error) { tries.Add(1); <-ctx.Done(); return nil, ctx.Err() },
		"deaf": func(context.Context, []any) (any, error) {
			tries.Add(1)
			left.Add(1)
			<-release
			left.Add(-1)
			return 1, nil
		},
	} {
		var b built
		tries.Store(0)
		b.taskWith(policy, name, run)
		_, err := s.ex.Execute(context.Background(), sched.Plan{Graph: b.b.Graph()})
		var late *sched.TimeoutError
		if !errors.As(err, &late) || tries.Load() != 2 {
			t.Errorf("%s: error %v after %d tries, want a TimeoutError after 2", name, err, tries.Load())
		}
	}
	var b built
	quick := b.taskWith(&graph.Policy{Timeout: time.Hour}, "quick", value("done"))
	if got, err := s.ex.Execute(context.Background(), sched.Plan{Graph: b.b.Graph(), Outputs: []graph.ID{quick}}); err != nil || got[0] != "done" {
		t.Errorf("a quick task gave %v, %v", got, err)
	}
}

// priority: tasks start in the order of their priorities as far as there is a
// choice: the first to start has the highest.
func (s *suite) priority(t *testing.T) {
	var b built
	var mu sync.Mutex
	var started []int
	for i := range 20 {
		b.taskWith(&graph.Policy{Priority: i}, "task", func(context.Context, []any) (any, error) {
			mu.Lock()
			defer mu.Unlock()
			started = append(started, i)
			return nil, nil
		})
	}
	if _, err := s.ex.Execute(context.Background(), sched.Plan{Graph: b.b.Graph()}); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if at := slices.Index(started, 0); at < 20-2*s.most() {
		t.Errorf("started %v: the lowest came too early", started)
	}
}

// most is how many tasks may run at once at most, as far as tests mind.
func (s *suite) most() int {
	if s.concurrent {
		return 8
	}
	return 1
}

// resources: what runs at once never occupies more than there is, and tasks
// that need nothing are not held up.
func (s *suite) resources(t *testing.T) {
	var b built
	var occupied, most, free atomic.Int64
	policy := func(amounts ...float64) *graph.Policy {
		p := &graph.Policy{}
		for _, a := range amounts {
			p.Resources = append(p.Resources, graph.Resource{Label: "gpu", Amount: a})
		}
		return p
	}
	use := func(n int64) graph.WorkFunc {
		return func(context.Context, []any) (any, error) {
			now := occupied.Add(n)
			for m := most.Load(); now > m && !most.CompareAndSwap(m, now); m = most.Load() {
			}
			time.Sleep(time.Millisecond / 4)
			occupied.Add(-n)
			return nil, nil
		}
	}
	for range 10 {
		in := b.taskWith(policy(1), "one", use(1))
		b.taskWith(policy(1, 1), "two", use(2), in)
		b.task("none", func(context.Context, []any) (any, error) { free.Add(1); return nil, nil })
	}
	plan := sched.Plan{Graph: b.b.Graph(), Resources: map[string]float64{"gpu": 2}}
	if _, err := s.ex.Execute(context.Background(), plan); err != nil || most.Load() > 2 || free.Load() != 10 {
		t.Errorf("error %v, %d of 2 occupied, %d free tasks", err, most.Load(), free.Load())
	}
	if plan.Resources["gpu"] != 2 {
		t.Errorf("the plan's resources were changed to %v", plan.Resources)
	}
}

// tooFewResources: a task that could never start is refused before anything
// runs.
func (s *suite) tooFewResources(t *testing.T) {
	var b built
	var ran atomic.Bool
	b.task("first", func(context.Context, []any) (any, error) { ran.Store(true); return nil, nil })
	greedy := b.taskWith(&graph.Policy{Resources: []graph.Resource{{Label: "gpu", Amount: 2}}}, "greedy", value(1))
	g := b.b.Graph()
	for _, has := range []map[string]float64{nil, {"gpu": 1}} {
		_, err := s.ex.Execute(context.Background(), sched.Plan{Graph: g, Resources: has})
		var failed *sched.TaskError
		if !errors.As(err, &failed) || failed.Key != g.Key(greedy) || ran.Load() {
			t.Errorf("error %v, ran %v; want that of %s before anything runs", err, ran.Load(), g.Key(greedy))
		}
	}
}
