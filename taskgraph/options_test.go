package taskgraph

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func double(x int) int { return 2 * x }

func TestPureCallsAreOne(t *testing.T) {
	var calls atomic.Int64
	count := Delayed(func(x any) int { calls.Add(1); return 1 }, Pure())
	arg := func() any {
		return map[string]any{"a": []int{1, 2}, "b": &money{3}, "c": []any{nil, 2.5, "x"}}
	}
	total := Delayed(func(xs ...int) int {
		sum := 0
		for _, x := range xs {
			sum += x
		}
		return sum
	})
	if got := value[int](t, total(count(arg()), count(arg()), count(1), count(1), count(1.0))); got != 5 || calls.Load() != 3 {
		t.Errorf("sum %d after %d calls, want 5 after 3", got, calls.Load())
	}
}

func TestKeysOfPureCalls(t *testing.T) {
	pure := func() DelayedFunc { return Delayed(double, Pure()) }
	literal := func() DelayedFunc { return Delayed(func(x int) int { return x }, Pure()) }
	f := literal()
	node := Value(1)
	for _, test := range []struct {
		name string
		a, b *Node
		same bool
	}{
		{"declared functions", pure()(1), pure()(1), true},
		{"other arguments", pure()(1), pure()(2), false},
		{"one literal", f(1), f(1), true},
		{"two literals", literal()(1), literal()(1), false},
		{"literals with an ID", Delayed(Func{Name: "f", Fn: func(int) {}, ID: "1"}, Pure())(1), Delayed(Func{Name: "f", Fn: func(int) {}, ID: "1"}, Pure())(1), true},
		{"not pure", Delayed(double)(1), Delayed(double)(1), false},
		{"pure in a call", Delayed(double).With(Pure())(1), pure()(1), true},
		{"another name", pure().With(Name("twice"))(1), pure()(1), false},
		{"of the same node", pure()(node), pure()(node), true},
		{"of other nodes", pure()(Value(1)), pure()(Value(1)), false},
		{"operators", node.Add(1).Mul(2), node.Add(1).Mul(2), true},
		{"types differ", node.Eq(int8(1)), node.Eq(int16(1)), false},
		{"nodes inside", total0([]*Node{node}), total0([]*Node{node}), true},
		{"maps with nodes", total1(map[string]any{"a": node, "b": 1}), total1(map[string]any{"b": 1, "a": node}), true},
		{"maps that differ", total1(map[string]any{"a": node, "b": 1}), total1(map[string]any{"a": node, "b": 2}), false},
		{"a channel", total2(make(chan int)), total2(make(chan int)), false},
		{"outs", Delayed(two, Pure())(1).Out(1), Delayed(two, Pure())(1).Out(1), true},
		{"nil and empty", total0([]int(nil)), total0([]int{}), false},
	} {
		if same := test.a.Key() == test.b.Key(); same != test.same {
			t.Errorf("%s: keys %s and %s", test.name, test.a.Key(), test.b.Key())
		}
	}
}

func two(x int) (int, int) { return x, x }

var (
	total0 = Delayed(func(x any) any { return x }, Pure())
	total1 = Delayed(func(x map[string]any) any { return x }, Pure())
	total2 = Delayed(func(x chan int) any { return x }, Pure())
)

// TestPureCycle: a value that contains itself has a token all the same.
func TestPureCycle(t *testing.T) {
	type ring struct{ Next *ring }
	make1 := func() *ring { r := &ring{}; r.Next = r; return r }
	if a, b := total0(make1()).Key(), total0(make1()).Key(); a != b {
		t.Errorf("keys %s and %s", a, b)
	}
}

func TestName(t *testing.T) {
	if key := Delayed(double, Name("zwei"))(1).Key(); !strings.HasPrefix(key, "zwei-") {
		t.Errorf("key %s", key)
	}
	n := Delayed(double)(Delayed(double)(4)).With(Name("last"))
	if got := value[int](t, n); got != 16 || !strings.HasPrefix(n.Key(), "last-") {
		t.Errorf("%s is %d", n.Key(), got)
	}
}

func TestTraverse(t *testing.T) {
	node := Value(5)
	kind := func(v any) string { return fmt.Sprintf("%T", v.([]any)[0]) }
	if got := value[string](t, Delayed(kind, Traverse(false))([]any{node})); got != "*taskgraph.Node" {
		t.Errorf("without traversal the function gets a %s", got)
	}
	if got := value[string](t, Delayed(kind)([]any{node})); got != "int" {
		t.Errorf("with traversal the function gets a %s", got)
	}
	if got := value[[]*Node](t, Value([]*Node{node}, Traverse(false))); got[0] != node {
		t.Errorf("the value is %v", got)
	}
}

func TestOptionsRefuse(t *testing.T) {
	for _, test := range []struct {
		option func() TaskOption
		want   string
	}{
		{func() TaskOption { return Name("") }, "Name needs a name"},
		{func() TaskOption { return Retries(-1) }, "cannot be tried again -1 times"},
		{func() TaskOption { return Timeout(-time.Second) }, "cannot end within -1s"},
		{func() TaskOption { return Resource("gpu", 0) }, `cannot occupy 0 of "gpu"`},
	} {
		err := func() (err any) {
			defer func() { err = recover() }()
			test.option()
			return nil
		}()
		if !strings.Contains(fmt.Sprint(err), test.want) {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}

func TestOptimize(t *testing.T) {
	one := Value(1)
	chain := Delayed(double)(Delayed(double)(one))
	all := Delayed(sum)([]*Node{chain, Delayed(double)(one)})
	if got := all.Visualize(Optimized()).g.Len(); got != 3 {
		t.Errorf("%d tasks are left of %d, want 3", got, all.Visualize().g.Len())
	}
	if v, err := all.Compute(Optimize(true)); err != nil || v != 6 {
		t.Errorf("got %v, %v", v, err)
	}
	bad := Delayed(func(x int) (int, error) { return 0, fmt.Errorf("no %d", x) }, Name("bad"))
	_, err := Delayed(double)(bad(Delayed(double)(2))).Compute(Optimize(true))
	if err == nil || !strings.HasPrefix(err.Error(), "task bad-") || !strings.HasSuffix(err.Error(), "failed: no 4") {
		t.Errorf("error %v", err)
	}
}
