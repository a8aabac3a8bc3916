package taskgraph

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestFuture(t *testing.T) {
	gate := make(chan struct{})
	f := Submit(Func{Name: "wait", Fn: func(x int) int { <-gate; return x + 1 }}, 4)
	if s := f.String(); f.Status() != "pending" || !strings.HasPrefix(s, "Future(wait-") {
		t.Errorf("before its end it is %s", s)
	}
	after := Delayed(double)(f).Submit()
	close(gate)
	if v, err := f.Wait(); v != 5 || err != nil || f.Status() != "finished" {
		t.Errorf("got %v, %v, %s", v, err, f.Status())
	}
	if v, err := after.Wait(); v != 10 || err != nil {
		t.Errorf("what needs the future is %v, %v", v, err)
	}
	broken := Submit(func() error { return errors.New("broken") })
	if _, err := broken.Wait(); err == nil || broken.Status() != "error" {
		t.Errorf("error %v, %s", err, broken.Status())
	}
}

func TestFutureCancel(t *testing.T) {
	f := Submit(func(ctx context.Context) { <-ctx.Done() })
	f.Cancel()
	_, err := f.Wait()
	var cancelled *CancelledError
	if !errors.As(err, &cancelled) || f.Status() != "cancelled" {
		t.Errorf("error %v, %s", err, f.Status())
	}
}

func TestAsCompleted(t *testing.T) {
	gates := make([]chan struct{}, 3)
	futures := make([]*Future, 3)
	for i := range gates {
		gates[i] = make(chan struct{})
		futures[i] = Submit(func() int { <-gates[i]; return i })
	}
	var got []int
	order := []int{2, 0, 1}
	close(gates[order[0]])
	for f := range AsCompleted(futures...) {
		v, _ := f.Wait()
		if got = append(got, v.(int)); len(got) < len(order) {
			close(gates[order[len(got)]])
		}
	}
	if !slices.Equal(got, order) {
		t.Errorf("completed %v, want %v", got, order)
	}
	for range AsCompleted() {
		t.Error("a future came out of nothing")
	}
}

func TestPersist(t *testing.T) {
	var calls atomic.Int32
	slow := Delayed(func(x int) (int, int) { calls.Add(1); return x, x * x })
	n := slow(7)
	kept, err := n.Persist()
	if err != nil || kept.Key() != n.Key() || kept.Type() != n.Type() {
		t.Fatalf("kept %v of type %v, %v; want %v", kept, kept.Type(), err, n)
	}
	if got := value[int](t, kept.Out(0).Add(kept.Out(1))); got != 56 || calls.Load() != 1 {
		t.Errorf("sum %d after %d calls", got, calls.Load())
	}
	if _, err := Delayed(func() error { return errors.New("no") })().Persist(); err == nil {
		t.Error("a failed node was kept")
	}
}

// TestComputeInTask: a task may compute a graph of its own, however few
// workers there are.
func TestComputeInTask(t *testing.T) {
	one := With(Workers(1))
	inner := Delayed(double)(4)
	outer := Delayed(func() (any, error) {
		values, err := one.Compute(inner)
		if err != nil {
			return nil, err
		}
		return values[0], nil
	})()
	if values, err := one.Compute(outer); err != nil || values[0] != 8 {
		t.Errorf("got %v, %v", values, err)
	}
}

func TestSynchronous(t *testing.T) {
	var running atomic.Int32
	alone := Delayed(func(int) bool { defer running.Add(-1); return running.Add(1) == 1 })
	var nodes []*Node
	for i := range 20 {
		nodes = append(nodes, alone(i))
	}
	values, err := With(Synchronous()).Compute(nodes...)
	if err != nil || slices.Contains(values, any(false)) {
		t.Errorf("values %v, %v", values, err)
	}
}

func TestPoliciesOfNodes(t *testing.T) {
	var tries atomic.Int32
	shaky := Delayed(func() (int, error) {
		if tries.Add(1) < 3 {
			return 0, errors.New("not yet")
		}
		return 1, nil
	}, Retries(2))
	if got := value[int](t, shaky()); got != 1 {
		t.Errorf("got %d", got)
	}
	late := Delayed(func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, Timeout(time.Millisecond))
	if _, err := late().Compute(); err == nil || !strings.Contains(err.Error(), "it took longer than 1ms") {
		t.Errorf("error %v", err)
	}
	greedy := Delayed(double, Resource("gpu", 2))
	if _, err := greedy(1).Compute(); err == nil || !strings.Contains(err.Error(), `it needs 2 of the resource "gpu", but there is 0`) {
		t.Errorf("error %v", err)
	}
	if v, err := greedy(1).Compute(Resources(map[string]float64{"gpu": 2})); v != 2 || err != nil {
		t.Errorf("got %v, %v", v, err)
	}
}

// TestPersistAndPure: a value that is there is used by equal pure calls, whichever
// comes first.
func TestPersistAndPure(t *testing.T) {
	calls := 0
	pure := Delayed(func(x int) int { calls++; return x + calls*100 }, Pure(), Name("f"))
	fresh := pure(1)
	kept, err := fresh.Persist()
	if err != nil {
		t.Fatal(err)
	}
	for _, nodes := range [][]*Node{{fresh, kept}, {kept, fresh}} {
		if got, err := Compute(nodes...); err != nil || got[0] != 101 || got[1] != 101 {
			t.Errorf("got %v, %v", got, err)
		}
	}
	if calls != 1 {
		t.Errorf("%d calls", calls)
	}
}

func TestSubmitDelayed(t *testing.T) {
	if v, err := Submit(Delayed(double), 4).Wait(); v != 8 || err != nil {
		t.Errorf("got %v, %v", v, err)
	}
	bad := Submit(Func{Name: "bad", Fn: func() (int, error) { return 0, errors.New("no") }})
	_, err := Delayed(double)(bad).Compute()
	if err == nil || strings.Count(err.Error(), "bad-") != 1 || strings.Count(err.Error(), "failed") != 1 {
		t.Errorf("error %v", err)
	}
}
