package taskgraph

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/sched"
	"github.com/dagbook/dagbook/taskgraph/trace"
)

func TestMain(m *testing.M) {
	if strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe") == "dot" {
		os.Exit(standInForDot())
	}
	registerForTests()
	WorkerMain()
	goleak.VerifyTestMain(m)
}

func slowinc(x int) int    { return x + 1 }
func slowadd(x, y int) int { return x + y }

type celsius float64
type names []string

type pair struct {
	A any
	B int
	c *Node // not looked at
}

type linked struct {
	Value any
	Next  *linked
}

// compute gives a node's value, or fails the test.
func compute(t *testing.T, n *Node) any {
	t.Helper()
	v, err := n.Compute()
	if err != nil {
		t.Fatalf("%v: %v", n, err)
	}
	return v
}

// sentence runs build, which must panic with an *Error, and returns it.
func sentence(t *testing.T, build func()) (e *Error) {
	t.Helper()
	defer func() {
		p := recover()
		err, ok := p.(*Error)
		if !ok {
			t.Errorf("panic with %v (%T), want an *Error", p, p)
			err = &Error{}
		}
		e = err
	}()
	build()
	return nil
}

// TestLesson is the first graph of the lesson.
//
//	slowinc(1)  slowinc(2)
//	      \      /
//	      slowadd
func TestLesson(t *testing.T) {
	x := Delayed(slowinc)(1)
	y := Delayed(slowinc)(2)
	z := Delayed(slowadd)(x, y)
	if got := compute(t, z); got != 5 {
		t.Errorf("got %v, want 5", got)
	}
	if z.Type() != reflect.TypeFor[int]() {
		t.Errorf("type %v, want int", z.Type())
	}
}

func TestKeys(t *testing.T) {
	inc := Delayed(slowinc)
	a, b := inc(1), inc(1)
	if a.Key() == b.Key() {
		t.Errorf("two calls have the same key %s", a.Key())
	}
	if !strings.HasPrefix(a.Key(), "slowinc-") || len(a.Key()) != len("slowinc-")+16 {
		t.Errorf("key %q", a.Key())
	}
	if want := "Delayed(" + a.Key() + ")"; a.String() != want || fmt.Sprint(a) != want {
		t.Errorf("shown as %v, want %s", a, want)
	}
}

func TestTokensAreUnique(t *testing.T) {
	r := New()
	seen := map[uint64]bool{}
	for range 100_000 {
		token := r.token()
		if seen[token] {
			t.Fatalf("token %x came twice", token)
		}
		seen[token] = true
	}
}

type counter struct{}

func (counter) Count(s string) int { return len(s) }
func generic[T any](x T) T         { return x }

func TestNames(t *testing.T) {
	fromInterpreter := reflect.MakeFunc(reflect.TypeFor[func(int) int](), func(in []reflect.Value) []reflect.Value { return in }).Interface()
	for _, test := range []struct {
		fn   any
		want string
	}{
		{slowinc, "slowinc"},
		{counter{}.Count, "Count"},
		{(*strings.Builder).Len, "Len"},
		{strings.ToUpper, "ToUpper"},
		{generic[int], "generic"},
		{func() {}, "TestNames.func2"},
		{fromInterpreter, "func"},
		{Func{Name: "mine", Fn: slowinc}, "mine"},
		{Func{Name: "mine", Fn: fromInterpreter}, "mine"},
		{Func{Fn: slowinc}, "slowinc"},
	} {
		if got := newFunction(standard, test.fn).name; got != test.want {
			t.Errorf("name of %T is %q, want %q", test.fn, got, test.want)
		}
	}
}

func TestNotAFunction(t *testing.T) {
	var nilFunc func(int) int
	node := Delayed(slowinc)(1)
	for _, test := range []struct {
		fn   any
		want string
	}{
		{nil, "Delayed needs a function, but got nil: call it as Delayed(f), with f a function"},
		{5, "Delayed needs a function, but got an int: call it as Delayed(f), with f a function"},
		{nilFunc, "Delayed needs a function, but got a nil func(int) int: the function is declared and was never set"},
		{node, "Delayed needs a function, but got the node " + node.String() + ": a node can be given to a delayed function as an argument"},
		{Delayed(slowinc), "Delayed needs a plain function, but got one that is delayed already: call it as it is"},
		{Func{Name: "f", Fn: nil}, "Delayed needs a function, but got nil for f: call it as Delayed(f), with f a function"},
	} {
		if e := sentence(t, func() { Delayed(test.fn) }); e.Msg != test.want {
			t.Errorf("Delayed(%T):\n got %s\nwant %s", test.fn, e.Msg, test.want)
		}
	}
}

// interpreted makes a function as an interpreter does: its body gets and
// gives reflect.Values.
func interpreted(fn any) Func {
	v := reflect.ValueOf(fn)
	body := func(args []reflect.Value) []reflect.Value { return v.Call(args) }
	return Func{Name: nameOf(v), Fn: reflect.MakeFunc(v.Type(), body).Interface()}
}

func sum(xs []int) int {
	s := 0
	for _, x := range xs {
		s += x
	}
	return s
}
func sumAll(xs ...int) int               { return sum(xs) }
func half(x float64) float64             { return x / 2 }
func small(x uint8) int                  { return int(x) }
func single(x float32) float32           { return x }
func warm(c celsius) celsius             { return c + 1 }
func count(xs names) int                 { return len(xs) }
func show(x any) string                  { return fmt.Sprint(x) }
func isNil(p *int) bool                  { return p == nil }
func describe(x any, rest ...any) string { return fmt.Sprint(x, rest) }
func scale(k int, xs ...float64) float64 { return float64(k) * xs[len(xs)-1] }
func nothing()                           {}
func read(r io.Reader) string            { b, _ := io.ReadAll(r); return string(b) }
func text() string                       { return "five" }
func anything() any                      { return "five" }
func strs() []string                     { return []string{"a", "b"} }
func reader() *strings.Reader            { return strings.NewReader("read") }
func ints() []int                        { return []int{1, 2, 3} }
func byKey(m map[string]int) string      { return fmt.Sprint(m) }
func both(p [2]int) int                  { return p[0] + p[1] }
func rows(m [][]int) string              { return fmt.Sprint(m) }
func complexAbs(z complex128) float64    { return real(z) }

// TestArguments computes calls whose arguments fit, one way or another.
func TestArguments(t *testing.T) {
	one, two := Delayed(slowinc)(0), Delayed(slowinc)(1)
	d := Delayed
	for _, test := range []struct {
		name string
		node *Node
		want any
	}{
		{"a constant for a float64", d(half)(1), 0.5},
		{"an integral float for an int", d(slowinc)(2.0), 3},
		{"a constant for a uint8", d(small)(255), 255},
		{"a rune for an int", d(slowinc)('a'), 98},
		{"a rounded float32", d(single)(0.1), float32(0.1)},
		{"a constant for a complex", d(complexAbs)(3), 3.0},
		{"a constant for a named type", d(warm)(20.5), celsius(21.5)},
		{"a slice for a named slice", d(count)([]string{"a"}), 1},
		{"a node for a named slice", d(count)(d(strs)()), 2},
		{"a node for an interface", d(read)(d(reader)()), "read"},
		{"nil for a pointer", d(isNil)(nil), true},
		{"nil for any", d(show)(nil), "<nil>"},
		{"a node without value for any", d(show)(d(nothing)()), "<nil>"},
		{"a slice of nodes", d(sum)([]*Node{one, two}), 3},
		{"no nodes in a slice", d(sum)([]*Node{}), 0},
		{"nodes among values", d(sum)([]any{one, 10, two}), 13},
		{"values only, as any", d(sum)([]any{1, 2}), 3},
		{"nodes for any", d(show)([]*Node{one, two}), "[1 2]"},
		{"a map of nodes", d(byKey)(map[string]*Node{"a": one, "b": two}), "map[a:1 b:2]"},
		{"a map of anything", d(byKey)(map[string]any{"a": one, "b": 5}), "map[a:1 b:5]"},
		{"a map for any", d(show)(map[int]*Node{7: two}), "map[7:2]"},
		{"an array", d(both)([2]*Node{one, two}), 3},
		{"rows", d(rows)([][]*Node{{one}, {two, one}}), "[[1] [2 1]]"},
		{"rows for any", d(show)([][]*Node{{one}, {two, one}}), "[[1] [2 1]]"},
		{"a struct", d(func(p pair) string { return fmt.Sprint(p.A, p.B) })(pair{A: two, B: 7}), "2 7"},
		{"a struct with the same fields", d(func(p struct{ X, Y int }) int { return p.X * p.Y })(struct{ X, Y *Node }{two, two}), 4},
		{"a pointer to a struct", d(func(p *pair) string { return fmt.Sprint(p.A, p.B) })(&pair{A: two, B: 7}), "2 7"},
		{"a pointer in any", d(func(p any) string { return fmt.Sprint(p.(*pair).A) })(&pair{A: two}), "2"},
		{"variadic", d(sumAll)(one, 10, two), 13},
		{"variadic, nothing", d(sumAll)(), 0},
		{"variadic from nodes", d(sumAll)([]*Node{one, two}), 3},
		{"variadic from values", d(sumAll)([]int{4, 5}), 9},
		{"variadic from a node that is a slice", d(sumAll)(d(ints)()), 6},
		{"variadic after a fixed one", d(scale)(2, 1, 2.5), 5.0},
		{"variadic any from a slice", d(describe)("x", []int{1, 2}), "x[1 2]"},
		{"variadic any", d(describe)("x", one, []*Node{two}), "x[1 [2]]"},
		{"the same node twice", d(slowadd)(two, two), 4},
		{"an interface that holds an int", d(slowinc)(d(func() any { return 4 })()), 5},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, compute(t, test.node)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestWrongArguments: the mistake is told when the graph is built.
func TestWrongArguments(t *testing.T) {
	tooLong := int64(1<<53 + 1) // for a float64, and for an int of 32 bits too
	d := Delayed
	str := d(text)()
	for _, test := range []struct {
		build func()
		arg   int
		want  string
	}{
		{func() { d(slowadd)(1, "2") }, 2, "slowadd: argument 2 is a string, but the function takes an int"},
		{func() { d(slowadd)(1, str) }, 2, "slowadd: argument 2 is a string (the value of " + str.Key() + "), but the function takes an int"},
		{func() { d(slowinc)(1.5) }, 1, "slowinc: argument 1 is the float64 1.5, but the function takes an int"},
		{func() { d(small)(256) }, 1, "small: argument 1 is the int 256, but the function takes a uint8"},
		{func() { d(half)(int(tooLong)) }, 1, "half: argument 1 is the int 9007199254740993, but the function takes a float64"},
		{func() { d(half)(int32Value(7)) }, 1, "half: argument 1 is a taskgraph.int32Value, but the function takes a float64"},
		{func() { d(slowinc)(nil) }, 1, "slowinc: argument 1 is nil, but the function takes an int"},
		{func() { d(slowinc)((*Node)(nil)) }, 1, "slowinc: argument 1 is a nil node, but the function takes an int"},
		{func() { d(slowinc)(d(slowinc)) }, 1, "slowinc: argument 1 is a delayed function that was not called, but the function takes an int"},
		{func() { d(slowinc)() }, 0, "slowinc: the function takes 1 argument, but the call has 0"},
		{func() { d(slowadd)(1, 2, 3) }, 0, "slowadd: the function takes 2 arguments, but the call has 3"},
		{func() { d(nothing)(1) }, 0, "nothing: the function takes no argument, but the call has 1"},
		{func() { d(scale)() }, 0, "scale: the function takes at least 1 argument, but the call has 0"},
		{func() { d(sum)([]*Node{str}) }, 1, "sum: argument 1, element 1 is a string (the value of " + str.Key() + "), but there the function takes an int"},
		{func() { d(sum)([]any{1, "2"}) }, 1, "sum: argument 1, element 2 is a string, but there the function takes an int"},
		{func() { d(sum)([]string{"a"}) }, 1, "sum: argument 1 is a []string, but the function takes a []int"},
		{func() { d(sumAll)(1, "2") }, 2, "sumAll: argument 2 is a string, but the function takes an int"},
		{func() { d(sumAll)([]*Node{str}) }, 1, "sumAll: argument 1, element 1 is a string (the value of " + str.Key() + "), but there the function takes an int"},
		{func() { d(byKey)(map[string]any{"k": str}) }, 1, "byKey: argument 1, key k is a string (the value of " + str.Key() + "), but there the function takes an int"},
		{func() { d(slowinc)(d(nothing)()) }, 1, ""},
		{func() { d(show)(struct{ N *Node }{str}) }, 1, "show: argument 1, field N is a string (the value of " + str.Key() + "), but there the function takes a *taskgraph.Node"},
	} {
		e := sentence(t, test.build)
		if test.want != "" && e.Msg != test.want {
			t.Errorf("\n got %s\nwant %s", e.Msg, test.want)
		}
		if e.Arg != test.arg || e.Func == "" {
			t.Errorf("%s: argument %d of %q, want argument %d", e.Msg, e.Arg, e.Func, test.arg)
		}
	}
}

type int32Value int32

// TestWrongAtRunTime: what an interface holds is known only then.
func TestWrongAtRunTime(t *testing.T) {
	n := Delayed(slowadd)(1, Delayed(anything)())
	_, err := n.Compute()
	var failed *TaskError
	if !errors.As(err, &failed) || failed.Key.String() != n.Key() {
		t.Fatalf("error %v, want the TaskError of %s", err, n.Key())
	}
	if !strings.HasSuffix(err.Error(), "slowadd: argument 2 is a string, but the function takes an int") {
		t.Errorf("error %v", err)
	}
	_, err = Delayed(sum)([]*Node{Delayed(anything)()}).Compute()
	if err == nil || !strings.HasSuffix(err.Error(), "sum: argument 1, element 1 is a string, but there the function takes an int") {
		t.Errorf("error %v", err)
	}
}

// TestExactConversions: whatever convert lets through is the same number.
func TestExactConversions(t *testing.T) {
	targets := []reflect.Type{
		reflect.TypeFor[int8](), reflect.TypeFor[int64](), reflect.TypeFor[uint16](), reflect.TypeFor[uint64](),
		reflect.TypeFor[float32](), reflect.TypeFor[float64](), reflect.TypeFor[complex64](), reflect.TypeFor[complex128](),
	}
	rapid.Check(t, func(rt *rapid.T) {
		i := rapid.Int().Draw(rt, "i")
		to := rapid.SampledFrom(targets).Draw(rt, "to")
		v, ok := convert(i, to)
		back, exact := backToInt(v)
		if ok && (!exact || back != i) {
			rt.Fatalf("%d became the %T %v", i, v, v)
		}
		if !ok && to.Kind() == reflect.Int64 {
			rt.Fatalf("%d was refused for an int64", i)
		}
	})
	for _, f := range []float64{math.NaN(), math.Inf(1), 1 << 63, 0.5, 1e300} {
		if v, ok := convert(f, reflect.TypeFor[int]()); ok {
			t.Errorf("%v became the int %v", f, v)
		}
	}
}

func backToInt(v any) (int, bool) {
	rv := reflect.ValueOf(v)
	switch {
	case v == nil:
		return 0, false
	case rv.CanInt():
		return int(rv.Int()), true
	case rv.CanUint():
		return int(rv.Uint()), rv.Uint() <= math.MaxInt
	case rv.CanFloat():
		return int(rv.Float()), rv.Float() < 1<<63
	}
	return int(real(rv.Complex())), imag(rv.Complex()) == 0 && real(rv.Complex()) < 1<<63
}

// TestCycles: a list that ends in itself is copied as such.
func TestCycles(t *testing.T) {
	first := &linked{Value: Delayed(slowinc)(1)}
	first.Next = &linked{Value: 5, Next: first}
	walk := func(l *linked) string { return fmt.Sprint(l.Value, l.Next.Value, l.Next.Next == l) }
	if got := compute(t, Delayed(walk)(first)); got != "2 5 true" {
		t.Errorf("got %v, want 2 5 true", got)
	}
	if _, isNode := first.Value.(*Node); !isNode {
		t.Errorf("the argument was changed")
	}
	loop := []any{Delayed(slowinc)(1), nil}
	loop[1] = loop
	if got := compute(t, Delayed(func(l []any) int { return l[1].([]any)[0].(int) })(loop)); got != 2 {
		t.Errorf("got %v, want 2", got)
	}
	bare := &linked{}
	bare.Next = bare
	if got := compute(t, Delayed(func(l *linked) bool { return l == bare })(bare)); got != true {
		t.Errorf("an argument without nodes was copied")
	}
}

// TestArgumentsAreKept: changing a slice after the call changes nothing.
func TestArgumentsAreKept(t *testing.T) {
	one, two := Delayed(slowinc)(0), Delayed(slowinc)(1)
	nodes, mixed, args := []*Node{one}, []any{one, 7}, []any{one, 1}
	a, b, c := Delayed(sum)(nodes), Delayed(sum)(mixed), Delayed(slowadd)(args...)
	nodes[0], mixed[0], mixed[1], args[0] = two, two, 8, two
	got, err := Compute(a, b, c)
	if err != nil || fmt.Sprint(got) != "[1 8 2]" {
		t.Errorf("got %v, %v; want [1 8 2]", got, err)
	}
}

func TestResults(t *testing.T) {
	divmod := func(a, b int) (int, string, error) {
		if b == 0 {
			return 0, "", errors.New("division by zero")
		}
		return a / b, fmt.Sprint("rest ", a%b), nil
	}
	both := Delayed(Func{Name: "divmod", Fn: divmod})(17, 5)
	if diff := cmp.Diff([]any{3, "rest 2"}, compute(t, both)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := compute(t, Delayed(slowinc)(both.Out(0))); got != 4 {
		t.Errorf("got %v, want 4", got)
	}
	if rest := both.Out(1); rest.Type() != reflect.TypeFor[string]() || !strings.HasPrefix(rest.Key(), "divmod[1]-") {
		t.Errorf("result 1 is %v of type %v", rest, rest.Type())
	}
	if e := sentence(t, func() { both.Out(2) }); e.Msg != "divmod: there is no result 2: the function returns 2 values, counted from 0" {
		t.Errorf("got %s", e.Msg)
	}
	if one := Delayed(slowinc)(1); one.Out(0) != one {
		t.Errorf("Out(0) of a single result is another node")
	}
	if got := compute(t, Delayed(nothing)()); got != nil {
		t.Errorf("got %v from a function without result", got)
	}
	bad := Delayed(Func{Name: "divmod", Fn: divmod})(1, 0)
	if _, err := bad.Out(0).Compute(); err == nil || err.Error() != "task "+bad.Key()+" failed: division by zero" {
		t.Errorf("error %v", err)
	}
}

func TestComputeInto(t *testing.T) {
	n := Delayed(slowinc)(1)
	var i int
	var f float64
	var a any
	for _, target := range []any{&i, &f, &a} {
		if err := n.ComputeInto(target); err != nil {
			t.Errorf("%T: %v", target, err)
		}
	}
	if i != 2 || f != 2 || a != 2 {
		t.Errorf("got %v, %v, %v; want 2 three times", i, f, a)
	}
	ran := false
	s, side := "before", Delayed(func() int { ran = true; return 1 })()
	err := side.ComputeInto(&s)
	if err == nil || err.Error() != "ComputeInto: "+side.String()+" gives an int, but the variable is a string" {
		t.Errorf("error %v", err)
	}
	if ran || s != "before" {
		t.Errorf("ran %v, the variable is %q", ran, s)
	}
	if err := n.ComputeInto(i); err == nil || !strings.Contains(err.Error(), "needs a pointer to a variable") {
		t.Errorf("error %v", err)
	}
	if err := Delayed(anything)().ComputeInto(&i); err == nil || !strings.Contains(err.Error(), "gave a string") || i != 2 {
		t.Errorf("error %v, i is %d", err, i)
	}
}

// TestShared: what several nodes need is computed once.
func TestShared(t *testing.T) {
	var calls atomic.Int32
	load := Delayed(func() int { return int(calls.Add(1)) })()
	a, b := Delayed(slowadd)(load, 1), Delayed(slowadd)(load, 2)
	got, err := Compute(a, b, load, a)
	if err != nil || fmt.Sprint(got) != "[2 3 1 2]" || calls.Load() != 1 {
		t.Errorf("got %v, %v after %d calls; want [2 3 1 2] after 1", got, err, calls.Load())
	}
	if got, err := Compute(); err != nil || len(got) != 0 {
		t.Errorf("got %v, %v from nothing", got, err)
	}
	if _, err := Compute(a, nil); err == nil || err.Error() != "Compute: node 2 is nil: was the variable ever set?" {
		t.Errorf("error %v", err)
	}
}

// TestContext: a function's context is that of the runner, and ends with it.
func TestContext(t *testing.T) {
	type key struct{}
	ctx, cancel := context.WithCancel(context.WithValue(context.Background(), key{}, "cell 7"))
	defer cancel()
	r := New(Workers(2), Context(func() context.Context { return ctx }))
	whose := r.Delayed(func(ctx context.Context, prefix string) string { return prefix + ctx.Value(key{}).(string) })
	if got := compute(t, whose("in ")); got != "in cell 7" {
		t.Errorf("got %v", got)
	}
	waits := r.Delayed(func(ctx context.Context) error { cancel(); <-ctx.Done(); return ctx.Err() })
	_, err := waits().Compute()
	var stopped *CancelledError
	if !errors.As(err, &stopped) || !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want a CancelledError", err)
	}
}

// TestComputeInsideTasks: more tasks that compute than there are workers.
func TestComputeInsideTasks(t *testing.T) {
	r := New(Workers(2))
	outer := r.Delayed(func(x int) (int, error) {
		var v int
		err := r.Delayed(slowadd)(r.Delayed(slowinc)(x), 1).ComputeInto(&v)
		return v, err
	})
	var nodes []*Node
	for i := range 20 {
		nodes = append(nodes, outer(i))
	}
	if got := compute(t, r.Delayed(sum)(nodes)); got != 230 {
		t.Errorf("got %v, want 230", got)
	}
}

func TestPanicInTask(t *testing.T) {
	n := Delayed(Func{Name: "first", Fn: func(xs []int) int { return xs[0] }})([]int{})
	_, err := n.Compute()
	var failed *TaskError
	if !errors.As(err, &failed) || !strings.Contains(string(failed.Stack), "TestPanicInTask") {
		t.Fatalf("error %v without the stack of the panic", err)
	}
	if want := "task " + n.Key() + " panicked: runtime error: index out of range [0] with length 0"; err.Error() != want {
		t.Errorf("got %v, want %v", err, want)
	}
}

func TestObserverOption(t *testing.T) {
	var rec *trace.Recorder
	r := New(Executor(sched.Serial{}), Observer(func(g *graph.Graph) trace.Observer {
		rec = trace.NewRecorder(g)
		return rec
	}))
	n := r.Delayed(slowinc)(r.Delayed(slowinc)(1))
	compute(t, n)
	records := rec.Records()
	if len(records) != 2 || records[1].Key.String() != n.Key() {
		t.Errorf("records %+v", records)
	}
}

// TestRandomGraphs builds graphs of additions and works them out beside.
func TestRandomGraphs(t *testing.T) {
	add, inc, total := Delayed(slowadd), Delayed(interpreted(slowinc)), Delayed(sum)
	rapid.Check(t, func(rt *rapid.T) {
		nodes, want := []*Node{inc(0)}, []int{1}
		at := rapid.Custom(func(rt *rapid.T) int { return rapid.IntRange(0, len(nodes)-1).Draw(rt, "at") })
		for range rapid.IntRange(1, 40).Draw(rt, "tasks") {
			i, j := at.Draw(rt, "i"), at.Draw(rt, "j")
			switch rapid.IntRange(0, 3).Draw(rt, "kind") {
			case 0:
				nodes, want = append(nodes, inc(nodes[i])), append(want, want[i]+1)
			case 1:
				nodes, want = append(nodes, add(nodes[i], nodes[j])), append(want, want[i]+want[j])
			case 2:
				nodes, want = append(nodes, add(nodes[i], 7)), append(want, want[i]+7)
			case 3:
				nodes, want = append(nodes, total([]any{nodes[i], 3, nodes[j]})), append(want, want[i]+3+want[j])
			}
		}
		got, err := Compute(nodes...)
		if err != nil {
			rt.Fatal(err)
		}
		for i, v := range got {
			if v != want[i] {
				rt.Fatalf("node %d is %v, want %d", i, v, want[i])
			}
		}
	})
}

// TestNodeMemory holds a node with its arguments under 300 bytes.
func TestNodeMemory(t *testing.T) {
	const n = 1000
	add := Delayed(slowadd)
	one := Delayed(slowinc)(0)
	nodes := make([]*Node, n)
	result := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			for i := range nodes {
				nodes[i] = add(one, 1000+i)
			}
		}
	})
	if each := result.AllocedBytesPerOp() / n; each == 0 || each >= 300 {
		t.Errorf("a node takes %d bytes", each)
	}
}

func TestVisualize(t *testing.T) {
	x, y := Delayed(slowinc)(1), Delayed(slowinc)(2)
	z := Delayed(slowadd)(x, y)
	svg := z.Visualize().SVG()
	for _, n := range []*Node{x, y, z} {
		if c := strings.Count(svg, `data-key="`+n.Key()+`"`); c != 1 {
			t.Errorf("%v is drawn %d times", n, c)
		}
	}
	for _, n := range []*Node{x, y} {
		if !strings.Contains(svg, `<g class="edge"><title>`+n.Key()+`-&gt;`+z.Key()+`</title>`) {
			t.Errorf("no edge from %v", n)
		}
	}
	if c := strings.Count(svg, ">slowinc</text>"); c != 2 {
		t.Errorf("%d labels slowinc, want 2", c)
	}
	both := Visualize([]*Node{x}, z, Rankdir("LR"))
	if strings.Count(both.SVG(), `class="node"`) != 3 || both.SVG() == svg {
		t.Errorf("two nodes and a direction:\n%s", both.SVG())
	}
	if dot := both.DOT(); !strings.Contains(dot, `rankdir="LR"`) || strings.Count(dot, "->") != 2 {
		t.Errorf("DOT:\n%s", dot)
	}
}

func TestVisualizeFiles(t *testing.T) {
	n, dir := Delayed(slowinc)(1), t.TempDir()
	n.Visualize(Filename(dir+"/a"), Format("dot"))
	n.Visualize(Filename(dir + "/b"))
	n.Visualize(Filename(dir + "/c.GV"))
	for file, start := range map[string]string{"a.dot": "digraph", "b.svg": "<svg", "c.GV": "digraph"} {
		if data, err := os.ReadFile(dir + "/" + file); err != nil || !strings.HasPrefix(string(data), start) {
			t.Errorf("%s: %v, %.20s", file, err, data)
		}
	}
	for _, test := range []struct {
		build func()
		want  string
	}{
		{func() { n.Visualize(Filename("a.gif")) }, `the extension ".gif" is none of .svg, .dot, .gv, .png and .pdf`},
		{func() { n.Visualize(Filename(dir + "/no/such/a.svg")) }, "the picture could not be written"},
		{func() { Rankdir("UP") }, `Rankdir: there is no direction "UP": use BT, TB, LR or RL`},
		{func() { Format("gif") }, `Format: there is no format "gif": use svg, dot, png or pdf`},
		{func() { Visualize(n, 5) }, "Visualize: argument 2 is an int, but it takes nodes"},
		{func() { Visualize(n, (*Node)(nil)) }, "Visualize: node 2 is nil"},
	} {
		if e := sentence(t, test.build); !strings.Contains(e.Msg, test.want) {
			t.Errorf("got %s, want %s", e.Msg, test.want)
		}
	}
}

// TestDeepGraphs: no recursion over nodes anywhere.
func TestDeepGraphs(t *testing.T) {
	inc := Delayed(slowinc)
	n := inc(0)
	for range 199_999 {
		n = inc(n)
	}
	if got := compute(t, n); got != 200_000 {
		t.Errorf("got %v, want 200000", got)
	}
}
