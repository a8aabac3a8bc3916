package layout

import (
	"encoding/xml"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dagbook/dagbook/taskgraph/graph"
)

// random draws a graph of up to n tasks.
func random(rt *rapid.T, n int) *graph.Graph {
	var b graph.Builder
	for i := range rapid.IntRange(0, n).Draw(rt, "tasks") {
		var inputs []graph.ID
		for range rapid.IntRange(0, min(i, 3)).Draw(rt, "count") {
			inputs = append(inputs, graph.ID(rapid.IntRange(0, i-1).Draw(rt, "input")))
		}
		name := rapid.SampledFrom([]string{"f", "slowinc", "a_rather_long_name_of_a_function"}).Draw(rt, "name")
		b.Add(graph.Task{Key: graph.Key{Name: name, Token: uint64(i)}}, inputs...)
	}
	return b.Graph()
}

// TestDrawing holds any drawing to what a reader relies on: boxes apart and
// inside, lines from border to border, inputs on their side.
func TestDrawing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g := random(rt, 40)
		dir := rapid.SampledFrom([]Direction{BottomToTop, TopToBottom, LeftToRight, RightToLeft, ""}).Draw(rt, "direction")
		d := Draw(g, Options{Direction: dir})
		if len(d.Boxes) != g.Len() {
			rt.Fatalf("%d boxes for %d tasks", len(d.Boxes), g.Len())
		}
		for i, b := range d.Boxes {
			if b.X-b.W/2 < 0 || b.Y-b.H/2 < 0 || b.X+b.W/2 > d.Width || b.Y+b.H/2 > d.Height {
				rt.Fatalf("box %d %+v is outside of %g x %g", i, b, d.Width, d.Height)
			}
			for j, c := range d.Boxes[:i] {
				if math.Abs(b.X-c.X) < (b.W+c.W)/2 && math.Abs(b.Y-c.Y) < (b.H+c.H)/2 {
					rt.Fatalf("boxes %d %+v and %d %+v overlap", i, b, j, c)
				}
			}
		}
		checkLines(rt, g, d, dir)
	})
}

func checkLines(rt *rapid.T, g *graph.Graph, d *Drawing, dir Direction) {
	type edge struct{ from, to graph.ID }
	want := map[edge]bool{}
	for id := range graph.ID(g.Len()) {
		for _, in := range g.Inputs(id) {
			want[edge{in, id}] = true
		}
	}
	if len(d.Lines) != len(want) {
		rt.Fatalf("%d lines for %d edges", len(d.Lines), len(want))
	}
	for _, l := range d.Lines {
		if !want[edge{l.From, l.To}] {
			rt.Fatalf("a line %d->%d without an edge", l.From, l.To)
		}
		from, to := d.Boxes[l.From], d.Boxes[l.To]
		if !onBorder(l.Points[0], from) || !onBorder(l.Points[len(l.Points)-1], to) {
			rt.Fatalf("line %v does not lead from the border of %+v to that of %+v", l.Points, from, to)
		}
		ahead := map[Direction]bool{
			BottomToTop: to.Y < from.Y, "": to.Y < from.Y, TopToBottom: to.Y > from.Y,
			LeftToRight: to.X > from.X, RightToLeft: to.X < from.X,
		}[dir]
		if !ahead {
			rt.Fatalf("direction %q, but a line leads from %+v to %+v", dir, from, to)
		}
	}
}

func onBorder(p Point, b Box) bool {
	near := func(x, y float64) bool { return math.Abs(x-y) < 1e-6 }
	return near(p.X, b.X) && near(math.Abs(p.Y-b.Y), b.H/2) || near(p.Y, b.Y) && near(math.Abs(p.X-b.X), b.W/2)
}

// TestLongEdgesPassBoxes: a line does not run through boxes of other layers.
//
//	d
//	| \
//	c  |
//	|  |
//	b  |
//	| /
//	a
func TestLongEdgesPassBoxes(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := Draw(random(rt, 25), Options{})
		for _, l := range d.Lines {
			for j := 3; j+3 < len(l.Points); j += 3 { // bends: straight beside the boxes of a layer
				p := l.Points[j]
				for i, b := range d.Boxes {
					if math.Abs(p.X-b.X) < b.W/2 && math.Abs(p.Y-b.Y) <= b.H/2 {
						rt.Fatalf("the line %d->%d bends inside of box %d", l.From, l.To, i)
					}
				}
			}
		}
	})
}

// TestStraight: a chain is a straight line, and parents stand over the
// middle of their children.
func TestStraight(t *testing.T) {
	for _, r := range readRecorded(t) {
		d := Draw(r.g, Options{})
		switch r.name {
		case "chain":
			for _, b := range d.Boxes {
				if math.Abs(b.X-d.Boxes[0].X) > 0.01 {
					t.Errorf("chain: a box at %g, the first at %g", b.X, d.Boxes[0].X)
				}
			}
		case "tree":
			for id := range graph.ID(r.g.Len()) {
				if in := r.g.Inputs(id); len(in) == 2 {
					middle := (d.Boxes[in[0]].X + d.Boxes[in[1]].X) / 2
					if math.Abs(d.Boxes[id].X-middle) > 0.01 {
						t.Errorf("tree: task %d at %g, the middle of its inputs is %g", id, d.Boxes[id].X, middle)
					}
				}
			}
		}
	}
}

func TestSameEachTime(t *testing.T) {
	for _, r := range readRecorded(t) {
		if Draw(r.g, Options{}).SVG() != Draw(r.g, Options{}).SVG() {
			t.Errorf("%s is drawn in two ways", r.name)
		}
	}
}

// TestCountedCrossings compares the count that guides us with a count of
// all pairs.
func TestCountedCrossings(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := newNet(random(rt, 30))
		n.pos = make([]int32, len(n.layer))
		n.begin(start{fromResults: rapid.Bool().Draw(rt, "fromResults")})
		var segments []segment
		for v := range n.down {
			for _, w := range n.down[v] {
				segments = append(segments, segment{int32(v), w})
			}
		}
		want := 0
		for i, s := range segments {
			for _, o := range segments[:i] {
				if n.layer[s.a] == n.layer[o.a] && (n.pos[s.a]-n.pos[o.a])*(n.pos[s.b]-n.pos[o.b]) < 0 {
					want++
				}
			}
		}
		if got := newSweeper(n).crossings(); got != want {
			rt.Fatalf("counted %d crossings, there are %d", got, want)
		}
	})
}

// TestImproveNeverWorsens: and leaves every vertex in its layer, once.
func TestImproveNeverWorsens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := newNet(random(rt, 30))
		n.pos = make([]int32, len(n.layer))
		n.begin(start{fromResults: true})
		before := newSweeper(n).crossings()
		reported := n.improve()
		after := newSweeper(n).crossings()
		if after > before || reported != after {
			rt.Fatalf("%d crossings before, %d after, %d reported", before, after, reported)
		}
		var all []int32
		for l, layer := range n.layers {
			for _, v := range layer {
				if n.layer[v] != int32(l) {
					rt.Fatalf("vertex %d of layer %d is in layer %d", v, n.layer[v], l)
				}
			}
			all = append(all, layer...)
		}
		slices.Sort(all)
		for i, v := range all {
			if v != int32(i) || len(all) != len(n.layer) {
				rt.Fatalf("vertices %v, want each of %d once", all, len(n.layer))
			}
		}
	})
}

// element is any element of an SVG.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []element  `xml:",any"`
}

func (e element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// TestHostileNames: whatever a function is called, the SVG is well-formed,
// has no elements but ours, and gives the name back as text.
func TestHostileNames(t *testing.T) {
	for _, name := range []string{
		`<img src=x onerror=alert(1)>`, `"><script>`, `]]>`, `a'b`, "a`b", `&lt;`, "tab\tand\nline", "müller ∑", "\u202eevil",
	} {
		svg := drawNamed(name)
		var root element
		if err := xml.Unmarshal([]byte(svg), &root); err != nil {
			t.Fatalf("%q: %v\n%s", name, err, svg)
		}
		onlyOurs(t, root)
		node := root.Children[1].Children[0]
		key := graph.Key{Name: name}.String()
		if got := node.attr("data-key"); got != key {
			t.Errorf("data-key is %q, want %q", got, key)
		}
		if got := node.Children[0].Text; got != key {
			t.Errorf("title is %q, want %q", got, key)
		}
		if got := node.Children[2].Text; got != name {
			t.Errorf("text is %q, want %q", got, name)
		}
		edge := root.Children[0].Children[0]
		if got, want := edge.Children[0].Text, key+"->reader-0000000000000001"; got != want {
			t.Errorf("title of the edge is %q, want %q", got, want)
		}
	}
}

func drawNamed(name string) string {
	var b graph.Builder
	id := b.Add(graph.Task{Key: graph.Key{Name: name}})
	b.Add(graph.Task{Key: graph.Key{Name: "reader", Token: 1}}, id)
	return Draw(b.Graph(), Options{}).SVG()
}

func onlyOurs(t *testing.T, e element) {
	t.Helper()
	if !slices.Contains([]string{"svg", "g", "title", "path", "rect", "text"}, e.XMLName.Local) {
		t.Errorf("an element <%s>", e.XMLName.Local)
	}
	for _, a := range e.Attrs {
		if strings.HasPrefix(a.Name.Local, "on") {
			t.Errorf("an attribute %s", a.Name.Local)
		}
	}
	for _, c := range e.Children {
		onlyOurs(t, c)
	}
}

// FuzzName: any name at all.
func FuzzName(f *testing.F) {
	for _, seed := range []string{"slowinc", "<b>", "\x00\x1f\x7f", "\xff\xfe", "\ufffe\uffff", "]]>", "'\"&"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		svg := drawNamed(name)
		dec := xml.NewDecoder(strings.NewReader(svg))
		for {
			tok, err := dec.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%q: %v\n%s", name, err, svg)
			}
			if _, ok := tok.(xml.Comment); ok {
				t.Fatalf("%q: a comment in\n%s", name, svg)
			}
		}
		if strings.Count(svg, "<") != strings.Count(drawNamed("plain"), "<") {
			t.Errorf("%q: another number of tags\n%s", name, svg)
		}
	})
}

func TestLongLabelsAreCut(t *testing.T) {
	svg := drawNamed(strings.Repeat("ä", 100))
	if !strings.Contains(svg, ">"+strings.Repeat("ä", maxLabel-1)+"…</text>") {
		t.Errorf("no shortened label in\n%s", svg)
	}
}

func TestEmptyDrawing(t *testing.T) {
	svg := Draw((&graph.Builder{}).Graph(), Options{}).SVG()
	var root element
	if err := xml.Unmarshal([]byte(svg), &root); err != nil || root.attr("width") == "0" || root.attr("height") == "0" {
		t.Errorf("%v: %s", err, svg)
	}
}

// TestManyLongEdges: a chain of which all tasks are read by one more would
// need half a million bends; it is drawn with few of them, and completely.
//
//	0 - 1 - 2 - 3 ... 999
//	 \   \   \   \ ... |
//	         last
func TestManyLongEdges(t *testing.T) {
	const chain = 1000
	var b graph.Builder
	all := []graph.ID{b.Add(graph.Task{})}
	for range chain - 1 {
		all = append(all, b.Add(graph.Task{}, all[len(all)-1]))
	}
	b.Add(graph.Task{}, all...)
	g := b.Graph()
	if n := newNet(g); len(n.layer) > chain+1+maxBends {
		t.Errorf("%d vertices", len(n.layer))
	}
	if d := Draw(g, Options{}); len(d.Lines) != g.Edges() || len(d.Boxes) != g.Len() {
		t.Errorf("%d lines and %d boxes, want %d and %d", len(d.Lines), len(d.Boxes), g.Edges(), g.Len())
	}
}

func TestRepeatedInputsHaveOneLine(t *testing.T) {
	var b graph.Builder
	x := b.Add(graph.Task{})
	y := b.Add(graph.Task{})
	b.Add(graph.Task{}, x, y, x)
	if d := Draw(b.Graph(), Options{}); len(d.Lines) != 2 {
		t.Errorf("%d lines, want 2", len(d.Lines))
	}
}

func TestColorsTitlesAndLegend(t *testing.T) {
	var b graph.Builder
	b.Add(graph.Task{Key: graph.Key{Name: "load"}}, b.Add(graph.Task{Key: graph.Key{Name: "list"}}))
	g := b.Graph()
	plain := Draw(g, Options{})
	d := Draw(g, Options{
		Fill:   func(id graph.ID) string { return []string{"", `#ff0000"><b>`}[id] },
		Title:  func(id graph.ID) string { return []string{"", "<i>\n2 s"}[id] },
		Legend: []Swatch{{"#00ff00", "<quick>"}, {"#ff0000", "slow"}, {"#0000ff", "much longer than the graph is wide"}},
	})
	if d.Height <= plain.Height || d.Width <= plain.Width || d.Boxes[1].Y != plain.Boxes[1].Y {
		t.Errorf("the drawing is %v × %v with a legend, %v × %v without", d.Width, d.Height, plain.Width, plain.Height)
	}
	svg := d.SVG()
	for _, want := range []string{"<title>list-0000000000000000</title><rect x=", "<title>&#60;i&#62;&#10;2 s</title>", `fill="#ff0000&#34;&#62;&#60;b&#62;"`, "&#60;quick&#62;"} {
		if !strings.Contains(svg, want) {
			t.Errorf("%s is not in %s", want, svg)
		}
	}
	if strings.Count(svg, `class="legend"`) != 3 || strings.Contains(plain.SVG(), "legend") {
		t.Errorf("legend: %s", svg)
	}
}
