package optimize_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/optimize"
	"github.com/dagbook/dagbook/taskgraph/sched"
)

var cheap = &graph.Policy{Cheap: true}

// text is a graph as "name(inputs)" of each task; those that became one are
// joined by "-".
func text(g *graph.Graph) string {
	var tasks []string
	for id := range graph.ID(g.Len()) {
		var inputs []string
		for _, in := range g.Inputs(id) {
			inputs = append(inputs, g.Key(in).Name)
		}
		tasks = append(tasks, g.Key(id).Name+"("+strings.Join(inputs, " ")+")")
	}
	return strings.Join(tasks, " ")
}

// drawn makes a graph of lines "task: inputs"; a task with a star is cheap, one
// with a plus has a retry.
func drawn(lines string) (*graph.Graph, map[string]graph.ID) {
	var b graph.Builder
	ids := map[string]graph.ID{}
	for line := range strings.Lines(lines) {
		name, inputs, _ := strings.Cut(strings.TrimSpace(line), ":")
		if name == "" {
			continue
		}
		task := graph.Task{}
		if strings.HasSuffix(name, "*") {
			task.Policy = cheap
		} else if strings.HasSuffix(name, "+") {
			task.Policy = &graph.Policy{Retries: 1}
		}
		name = strings.TrimRight(name, "*+")
		task.Key = graph.Key{Name: name, Token: uint64(b.Len())}
		var in []graph.ID
		for _, i := range strings.Fields(inputs) {
			in = append(in, ids[i])
		}
		task.Work = graph.WorkFunc(func(_ context.Context, inputs []any) (any, error) { return name + fmt.Sprint(inputs), nil })
		ids[name] = b.Add(task, in...)
	}
	return b.Graph(), ids
}

func TestPasses(t *testing.T) {
	type pass func(*graph.Graph, []graph.ID) (*graph.Graph, []graph.ID)
	for _, test := range []struct {
		name, graph, outputs string
		run                  pass
		want                 string
	}{
		// a - b   c - d
		{"cull", "a:\nb: a\nc:\nd: c", "b", optimize.Cull, "a() b(a)"},
		// a - b - c
		{"fuse a chain", "a:\nb: a\nc: b", "c", optimize.Fuse, "a-b-c()"},
		// a - b - c, and b is asked for
		{"fuse up to an output", "a:\nb: a\nc: b", "b c", optimize.Fuse, "a-b() c(a-b)"},
		// a - b - d
		//  \- c -/
		{"fuse not across a fork", "a:\nb: a\nc: a\nd: b c", "d", optimize.Fuse, "a() b(a) c(a) d(b c)"},
		{"fuse what is read twice", "a:\nb: a a", "b", optimize.Fuse, "a-b()"},
		{"fuse not with retries", "a:\nb+: a\nc: b", "c", optimize.Fuse, "a() b(a) c(b)"},
		// one - x - sum
		//    \- y -/
		{"inline", "one*:\nx: one\ny: one\nsum: x y", "sum", optimize.Inline, "one-x() one-y() sum(one-x one-y)"},
		{"inline a cheap chain", "a:\nb*: a\nc*: b\nd: c\ne: c", "d e", optimize.Inline, "a() b-c-d(a) b-c-e(a)"},
		{"inline keeps an output", "a*:\nb: a", "a b", optimize.Inline, "a() a-b()"},
		{"inline not into retries", "a*:\nb+: a", "b", optimize.Inline, "a() b(a)"},
		{"all", "a*:\nb: a\nc: b\nd: c\nx:", "d", optimize.All, "a-b-c-d()"},
	} {
		g, ids := drawn(test.graph)
		var outputs []graph.ID
		for _, name := range strings.Fields(test.outputs) {
			outputs = append(outputs, ids[name])
		}
		got, at := test.run(g, outputs)
		if text(got) != test.want {
			t.Errorf("%s: got %s, want %s", test.name, text(got), test.want)
		}
		want, err1 := sched.Serial{}.Execute(context.Background(), sched.Plan{Graph: g, Outputs: outputs})
		values, err2 := sched.Serial{}.Execute(context.Background(), sched.Plan{Graph: got, Outputs: at})
		if err1 != nil || err2 != nil || fmt.Sprint(values) != fmt.Sprint(want) {
			t.Errorf("%s: results %v, %v; want %v, %v", test.name, values, err2, want, err1)
		}
	}
}

// TestSameResults optimises random graphs.
func TestSameResults(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var b graph.Builder
		n := rapid.IntRange(1, 40).Draw(rt, "tasks")
		for i := range n {
			var inputs []graph.ID
			if i > 0 {
				inputs = rapid.SliceOfN(rapid.Map(rapid.IntRange(max(0, i-4), i-1), func(i int) graph.ID { return graph.ID(i) }), 0, 3).Draw(rt, "inputs")
			}
			task := graph.Task{Key: graph.Key{Name: fmt.Sprint(i)}}
			task.Policy = rapid.SampledFrom([]*graph.Policy{nil, nil, cheap, {Retries: 1}}).Draw(rt, "policy")
			task.Work = graph.WorkFunc(func(_ context.Context, inputs []any) (any, error) {
				sum := uint64(i)
				for _, in := range inputs {
					sum = sum*31 + in.(uint64)
				}
				return sum, nil
			})
			b.Add(task, inputs...)
		}
		g := b.Graph()
		outputs := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, n-1), func(i int) graph.ID { return graph.ID(i) }), 1, 4).Draw(rt, "outputs")
		smaller, at := optimize.All(g, outputs)
		want, _ := sched.Serial{}.Execute(context.Background(), sched.Plan{Graph: g, Outputs: outputs})
		got, err := sched.Pool{Workers: 2}.Execute(context.Background(), sched.Plan{Graph: smaller, Outputs: at})
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			rt.Errorf("got %v, %v; want %v", got, err, want)
		}
		if smaller.Len() > g.Len() {
			rt.Errorf("%d tasks became %d", g.Len(), smaller.Len())
		}
	})
}

// TestErrorsNameThePart: what fails inside is named, not the whole.
func TestErrorsNameThePart(t *testing.T) {
	for _, bad := range []graph.WorkFunc{
		func(context.Context, []any) (any, error) { return nil, errors.New("broken") },
		func(context.Context, []any) (any, error) { panic("broken") },
	} {
		var b graph.Builder
		nothing := graph.WorkFunc(func(context.Context, []any) (any, error) { return nil, nil })
		a := b.Add(graph.Task{Key: graph.Key{Name: "a"}, Work: nothing})
		c := b.Add(graph.Task{Key: graph.Key{Name: "bad"}, Work: bad}, a)
		d := b.Add(graph.Task{Key: graph.Key{Name: "d"}, Work: nothing}, c)
		g, at := optimize.All(b.Graph(), []graph.ID{d})
		if g.Len() != 1 || len(g.Task(0).Work.(*optimize.Work).Keys()) != 3 {
			t.Fatalf("the chain became %s", text(g))
		}
		_, err := sched.Pool{}.Execute(context.Background(), sched.Plan{Graph: g, Outputs: at})
		var failed *sched.TaskError
		if !errors.As(err, &failed) || failed.Key.Name != "bad" || !strings.Contains(err.Error(), "broken") {
			t.Errorf("error %v", err)
		}
	}
}

// TestLongChain: a chain of a million tasks is one, without deep recursion.
func TestLongChain(t *testing.T) {
	var b graph.Builder
	inc := graph.WorkFunc(func(_ context.Context, in []any) (any, error) {
		if len(in) == 0 {
			return 0, nil
		}
		return in[0].(int) + 1, nil
	})
	id := b.Add(graph.Task{Work: inc})
	for range 1_000_000 {
		id = b.Add(graph.Task{Work: inc}, id)
	}
	g, at := optimize.All(b.Graph(), []graph.ID{id})
	got, err := sched.Serial{}.Execute(context.Background(), sched.Plan{Graph: g, Outputs: at})
	if err != nil || g.Len() != 1 || got[0] != 1_000_000 {
		t.Errorf("%d tasks gave %v, %v", g.Len(), got, err)
	}
}

// A load, a scaling and a sum of each file are one task, and the constant is
// a part of every reader.
func Example() {
	var b graph.Builder
	task := func(name string, p *graph.Policy, inputs ...graph.ID) graph.ID {
		return b.Add(graph.Task{Key: graph.Key{Name: name}, Policy: p}, inputs...)
	}
	factor := task("factor", &graph.Policy{Cheap: true})
	var sums []graph.ID
	for range 2 {
		load := task("load", nil)
		scaled := task("scale", nil, load, factor)
		sums = append(sums, task("sum", nil, scaled))
	}
	total := task("total", nil, sums...)
	g := b.Graph()
	smaller, _ := optimize.All(g, []graph.ID{total})
	fmt.Println(g.Len(), "tasks became", smaller.Len())
	for id := range graph.ID(smaller.Len()) {
		fmt.Println(smaller.Key(id).Name)
	}
	// Output:
	// 8 tasks became 3
	// load-factor-scale-sum
	// load-factor-scale-sum
	// total
}
