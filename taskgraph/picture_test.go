package taskgraph

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/order"
)

// wellFormed fails unless text is XML.
func wellFormed(t *testing.T, text string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("%v in %.2000s", err, text)
		}
	}
}

// treeOfSums adds n scaled loads two by two.
//
//	load load load load
//	  |    |    |    |
//	scale scale ...
//	   \  /    \  /
//	   sum     sum
//	      \   /
//	       sum
func treeOfSums(n int) *Node {
	load := Delayed(Func{Name: "load", Fn: func(i int) int { return i }})
	scale := Delayed(Func{Name: "scale", Fn: func(i int) int { return 2 * i }})
	sum := Delayed(Func{Name: "sum", Fn: func(a, b int) int { return a + b }})
	var row []*Node
	for i := range n {
		row = append(row, scale(load(i)))
	}
	for len(row) > 1 {
		var next []*Node
		for pair := range slices.Chunk(row, 2) {
			if len(pair) == 2 {
				pair[0] = sum(pair[0], pair[1])
			}
			next = append(next, pair[0])
		}
		row = next
	}
	return row[0]
}

func TestCollapse(t *testing.T) {
	big := treeOfSums(1000)
	p := big.Visualize()
	if n := p.boxes.g.Len(); n > 20 {
		t.Errorf("%d boxes for 1,000 loads, 1,000 scales and their sum", n)
	}
	svg := p.SVG()
	wellFormed(t, svg)
	for _, want := range []string{">load ×1000<", ">scale ×1000<", ">sum ×500<", ">sum ×250<"} {
		if !strings.Contains(svg, want) {
			t.Errorf("%s is not in the picture", want)
		}
	}
	if !strings.Contains(p.DOT(), `label="load ×1000"`) {
		t.Errorf("DOT: %s", p.DOT())
	}
	if p.MIMEBundle()["text/html"] == nil || p.String() != fmt.Sprintf("drawing of a graph of 2999 tasks in %d boxes", p.boxes.g.Len()) {
		t.Errorf("shown as %s", p)
	}
	if n := strings.Count(big.Visualize(Collapse(false)).SVG(), `class="node"`); n != 2999 {
		t.Errorf("%d boxes without Collapse", n)
	}
	if n := strings.Count(treeOfSums(4).Visualize(Collapse(true)).SVG(), `class="node"`); n != 4 {
		t.Errorf("%d boxes for 4 loads, 4 scales and their sum", n)
	}
	if n := strings.Count(treeOfSums(4).Visualize().SVG(), `class="node"`); n != 11 {
		t.Errorf("%d boxes for a small graph", n)
	}
}

// TestCollapseKeepsTheGraph: every task is in one box, with others of its name, and
// boxes are joined as their tasks are.
func TestCollapseKeepsTheGraph(t *testing.T) {
	add := Delayed(Func{Name: "add", Fn: func(a, b int) int { return a + b }})
	nodes := []*Node{Value(1), Value(2)}
	for i := range 300 { // each reads two that are some way back
		name := []string{"add", "mul"}[i*i%3%2]
		nodes = append(nodes, add.With(Name(name))(nodes[len(nodes)*i%7%len(nodes)], nodes[len(nodes)-1-i%2]))
	}
	g, _ := gather(nodes)
	b := collapsed(g)
	if b.g.Len() == g.Len() {
		t.Error("nothing was collapsed")
	}
	box := make([]graph.ID, g.Len())
	seen := 0
	for id, members := range b.members {
		for _, m := range members {
			box[m] = graph.ID(id)
			seen++
			if g.Key(m).Name != b.g.Key(graph.ID(id)).Name {
				t.Errorf("%v is in a box of %v", g.Key(m), b.g.Key(graph.ID(id)))
			}
		}
	}
	if seen != g.Len() {
		t.Errorf("%d of %d tasks are in boxes", seen, g.Len())
	}
	for id := range graph.ID(g.Len()) {
		want := []graph.ID{}
		for _, in := range g.Inputs(id) {
			want = append(want, box[in])
		}
		slices.Sort(want)
		if got := b.g.Inputs(box[id]); !slices.Equal(got, slices.Compact(want)) {
			t.Errorf("the box of %v reads %v, want %v", g.Key(id), got, want)
		}
	}
}

// TestAges is of
//
//	a0  b1   c3
//	 \  /   /
//	  d2   /
//	   \  /
//	    e4
func TestAges(t *testing.T) {
	var b graph.Builder
	add := func(name string, inputs ...graph.ID) graph.ID {
		return b.Add(graph.Task{Key: graph.Key{Name: name}}, inputs...)
	}
	x, y, z := add("a"), add("b"), add("c")
	add("e", add("d", x, y), z)
	g := b.Graph()
	place, age := order.Priorities(g), ages(g)
	got := map[string]string{}
	for id := range graph.ID(g.Len()) {
		got[g.Key(id).Name] = fmt.Sprint(place[id], age[id])
	}
	if want := "map[a:0 2 b:1 1 c:3 1 d:2 2 e:4 0]"; fmt.Sprint(got) != want {
		t.Errorf("places and ages: got %v, want %v", got, want)
	}
}

func TestColorBy(t *testing.T) {
	load := Delayed(Func{Name: "load", Fn: func(i int) (int, error) {
		if i == 3 {
			return 0, errors.New("no such file")
		}
		return i, nil
	}})
	sum := Delayed(Func{Name: "sum", Fn: func(xs ...int) int { return len(xs) }})
	p := NewProfile()
	good, bad := sum(load(1), load(2)), sum(load(1), load(3))
	if _, err := Compute(good); err != nil {
		t.Fatal(err)
	}
	if len(p.Runs()) != 0 {
		t.Error("the profile recorded what it was not told to")
	}
	good.Compute(p.Record(), Synchronous())
	bad.Compute(p.Record(), Synchronous())
	for _, test := range []struct {
		n    *Node
		by   string
		want []string
	}{
		{good, "order", []string{">place 0<", ">place 2<", gradient(0), gradient(1), "8 B"}},
		{good, "age", []string{">waits for 0 tasks<", ">waits for 2 tasks<"}},
		{good, "time", []string{"8 B", `class="legend"`, gradient(0), gradient(1)}},
		{good, "state", []string{">done: 3<", stateColors[stateDone]}},
		{bad, "state", []string{">done: 1<", ">waiting: 1<", ">failed: 1<", stateColors[stateFailed]}},
		{bad, "time", []string{">not recorded<", unknownColor}},
		{load(4), "time", []string{">not recorded<"}},
		{good, "none", []string{"8 B"}},
	} {
		pic := test.n.Visualize(ColorBy(test.by, p))
		svg, dot := pic.SVG(), pic.DOT()
		wellFormed(t, svg)
		for _, want := range test.want {
			if !strings.Contains(svg, want) {
				t.Errorf("by %s: %q is not in %s", test.by, want, svg)
			}
			if strings.HasPrefix(want, "#") && !strings.Contains(dot, want) {
				t.Errorf("by %s: %q is not in %s", test.by, want, dot)
			}
		}
		if pic.MIMEBundle()["text/html"] == nil {
			t.Errorf("by %s: there are no tooltips", test.by)
		}
	}
	if svg := good.Visualize(ColorBy("none")).SVG(); svg != good.Visualize().SVG() {
		t.Errorf("coloured by none: %s", svg)
	}
	wellFormed(t, Visualize(ColorBy("order")).SVG())
	for want, build := range map[string]func(){
		`there is no colouring by "size": use order, age`:        func() { ColorBy("size") },
		`ColorBy("time") needs a profile of a computation: p :=`: func() { ColorBy("time") },
		"ColorBy takes one profile, made by NewProfile":          func() { ColorBy("time", &Profile{}) },
		"the profile was not made by NewProfile":                 func() { (&Profile{}).Record() },
	} {
		if e := sentence(t, build); !strings.Contains(e.Msg, want) {
			t.Errorf("got %s, want %s", e.Msg, want)
		}
	}
}

// TestColorsOfBoxes: a box of several tasks shows what needs looking at.
func TestColorsOfBoxes(t *testing.T) {
	m := &measure{values: []float64{stateDone, stateFailed, stateDone}, join: slices.Max[[]float64], states: true}
	painted := m.paint(boxes{members: [][]graph.ID{{0, 1}, {2}}})
	if want := []string{stateColors[stateFailed], stateColors[stateDone]}; !slices.Equal(painted.fills, want) {
		t.Errorf("got %v, want %v", painted.fills, want)
	}
	p := NewProfile()
	n := treeOfSums(8)
	n.Compute(p.Record())
	if svg := n.Visualize(Collapse(true), ColorBy("time", p)).SVG(); !strings.Contains(svg, "8 recorded: ") || !strings.Contains(svg, "64 B") {
		t.Errorf("nothing about the 8 loads: %s", svg)
	}
}

// standInForDot is this test's program under the name of dot: it reads a graph and
// writes how a file of the wanted format begins, or fails as dot does.
func standInForDot() int {
	source, err := io.ReadAll(os.Stdin)
	start, known := map[string]string{"-Tpng": "\x89PNG", "-Tpdf": "%PDF"}[os.Args[1]]
	if err != nil || !known || !strings.HasPrefix(string(source), "digraph") {
		fmt.Fprintf(os.Stderr, "Format: %q not recognized.\nUse one of: png pdf\n", strings.TrimPrefix(os.Args[1], "-T"))
		return 1
	}
	fmt.Print(start)
	return 0
}

// TestGraphviz draws with a stand-in for dot, and with dot too where it is installed.
func TestGraphviz(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin, standIn := t.TempDir(), "dot"
	if runtime.GOOS == "windows" {
		standIn += ".exe"
	}
	program, err := os.ReadFile(self)
	if err == nil {
		err = os.WriteFile(filepath.Join(bin, standIn), program, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("dot"); err == nil {
		t.Run("installed", testGraphviz)
	}
	t.Setenv("PATH", bin)
	t.Run("stand-in", testGraphviz)
	_, err = treeOfSums(2).Visualize().graphviz("jpg")
	if err == nil || !strings.Contains(err.Error(), "cannot draw the picture as jpg") || !strings.Contains(err.Error(), "not recognized") {
		t.Errorf("a format that dot refuses: %v", err)
	}
}

func testGraphviz(t *testing.T) {
	n, dir := treeOfSums(8), t.TempDir()
	n.Visualize(Filename(dir+"/a"), Format("png"), ColorBy("order"))
	n.Visualize(Filename(dir + "/b.pdf"))
	for file, start := range map[string]string{"a.png": "\x89PNG", "b.pdf": "%PDF"} {
		if data, err := os.ReadFile(dir + "/" + file); err != nil || !strings.HasPrefix(string(data), start) {
			t.Errorf("%s: %v, %.20q", file, err, data)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := New(Context(func() context.Context { return ctx })).Delayed(slowinc)(1).Visualize()
	if err := p.WriteFile(dir + "/c.png"); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that has ended: %v", err)
	}
}

func TestWithoutGraphviz(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	err := treeOfSums(2).Visualize().WriteFile(t.TempDir() + "/a.png")
	if err == nil || !strings.Contains(err.Error(), "needs Graphviz's program dot, which is not installed here") {
		t.Errorf("got %v", err)
	}
}

func TestHTML(t *testing.T) {
	name := `<script>alert("1")</script>`
	bad := Delayed(func(i int) (map[string]int, error) { return nil, errors.New("<b>no</b>") }, Name(name))
	n := bad(Value(1).Add(2))
	f := n.Submit()
	f.Wait()
	p := NewProfile()
	n.Compute(p.Record())
	for what, html := range map[string]string{
		"node": n.HTML(), "future": f.HTML(), "task": Typed[map[string]int](n).HTML(), "picture": n.Visualize(ColorBy("state", p)).SVG(),
		"collapsed": n.Visualize(Collapse(true)).SVG(), "profile": p.SVG(),
	} {
		wellFormed(t, html)
		if strings.Contains(html, "<script") || strings.Contains(html, "<b>") || !strings.Contains(html, "script") {
			t.Errorf("%s: %s", what, html)
		}
	}
	for _, want := range []string{"map[string]int", "<code>3</code>", "Delayed"} {
		if !strings.Contains(n.HTML(), want) {
			t.Errorf("%q is not in %s", want, n.HTML())
		}
	}
	if !strings.Contains(f.HTML(), "&lt;b&gt;no&lt;/b&gt;") || !strings.Contains(f.HTML(), "<code>error</code>") {
		t.Errorf("future: %s", f.HTML())
	}
	wellFormed(t, (*Node)(nil).HTML()+(*Future)(nil).HTML()+Task[int]{}.HTML())
}
