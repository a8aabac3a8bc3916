// Package layout draws task graphs in layers, with no other program
// installed: a Graph goes in, a Drawing comes out, and Drawing.SVG writes it.
//
// It works in the four steps of Sugiyama, Tagawa and Toda:
//
//   - rank.go puts tasks in layers, inputs before readers, edges short;
//     edges across several layers get a bend in each, treated as a vertex.
//   - cross.go orders each layer so that few edges cross (medians and
//     exchanges of neighbours).
//   - place.go gives coordinates that keep long edges straight (Brandes and
//     Köpf).
//   - layout.go and svg.go make boxes and curves of it.
//
// A drawing depends on the graph and the options only: the same input gives
// the same bytes. Nothing here is shared, so any number of goroutines may
// draw at once.
package layout

import (
	"math"
	"unicode/utf8"

	"github.com/dagbook/dagbook/taskgraph/graph"
)

// Direction is where the edges of a drawing lead, from inputs to readers.
type Direction string

// The directions, with Graphviz's names. BT is Dask's: results on top.
const (
	BottomToTop Direction = "BT"
	TopToBottom Direction = "TB"
	LeftToRight Direction = "LR"
	RightToLeft Direction = "RL"
)

// Options say how to draw. The zero Options draw bottom to top and label
// tasks with the names in their keys.
type Options struct {
	Direction Direction
	Label     func(graph.ID) string // nil for the name in the key
	Fill      func(graph.ID) string // colour of the box, as in CSS; nil or "" for the usual one
	Title     func(graph.ID) string // what is shown under the mouse; nil or "" for the key
	Legend    []Swatch              // drawn below the graph, in a row
}

// Swatch is an entry of a legend: a colour and what it means.
type Swatch struct{ Color, Label string }

// Drawing is a graph with coordinates, in pixels, from the top left corner.
type Drawing struct {
	Width, Height float64
	Boxes         []Box // one for each task, by ID
	Lines         []Line
	Legend        []Swatch // within Height
}

// Box is a task as drawn.
type Box struct {
	Key   string
	Label string
	Title string  // "" for the key
	Fill  string  // "" for the usual colour
	X, Y  float64 // of the centre
	W, H  float64
}

// Line is an edge as drawn, from an input to its reader. A task that is read
// twice by the same reader has one line to it.
type Line struct {
	From, To graph.ID
	// Points are a path of Bézier curves: the start, then for each curve two
	// control points and an end. The last point is the tip of the arrow.
	Points []Point
}

// Point is a place in a drawing.
type Point struct{ X, Y float64 }

// Sizes in pixels.
const (
	fontSize   = 14.0
	boxHeight  = 30.0
	boxPadding = 12.0
	minWidth   = 44.0
	besideGap  = 18.0 // between boxes of a layer
	bendGap    = 8.0  // around a bend
	layerGap   = 36.0
	maxWiden   = 110.0
	margin     = 8.0
	maxLabel   = 40 // runes

	legendHeight = 30.0
	swatchSize   = 14.0
)

// Draw lays a graph out.
func Draw(g *graph.Graph, o Options) *Drawing {
	d := &Drawing{Boxes: make([]Box, g.Len())}
	for id := range graph.ID(g.Len()) {
		d.Boxes[id] = newBox(g, id, o)
	}
	n := newNet(g)
	n.reduceCrossings()
	s := sheet{d: d, n: n, o: o}
	s.sizeVertices()
	n.place()
	s.finish()
	d.addLegend(o.Legend)
	return d
}

// addLegend makes room for a legend at the bottom.
func (d *Drawing) addLegend(legend []Swatch) {
	if len(legend) == 0 {
		return
	}
	d.Legend = legend
	d.Height += legendHeight
	wide := margin
	for _, s := range legend {
		wide += s.width()
	}
	d.Width = max(d.Width, wide)
}

// width is that of an entry, with the room behind it.
func (s Swatch) width() float64 { return swatchSize + 6 + textWidth(s.Label) + 2*margin }

func newBox(g *graph.Graph, id graph.ID, o Options) Box {
	key := g.Key(id)
	b := Box{Key: key.String(), Label: key.Name, H: boxHeight}
	if o.Label != nil {
		b.Label = o.Label(id)
	}
	if o.Fill != nil {
		b.Fill = o.Fill(id)
	}
	if o.Title != nil {
		b.Title = o.Title(id)
	}
	b.Label = shorten(b.Label)
	b.W = max(minWidth, textWidth(b.Label)+2*boxPadding)
	return b
}

func shorten(label string) string {
	if utf8.RuneCountInString(label) <= maxLabel {
		return label
	}
	return string([]rune(label)[:maxLabel-1]) + "…"
}

// textWidth is an estimate for the sans-serif fonts of browsers, rather too
// wide than too narrow.
func textWidth(s string) float64 {
	width := 0.0
	for _, r := range s {
		switch {
		case r > 0x2000:
			width += 1.0
		case r == 'm' || r == 'w' || r == 'M' || r == 'W' || r == '@' || r == '%':
			width += 0.9
		case r >= 'A' && r <= 'Z':
			width += 0.7
		case r == 'i' || r == 'l' || r == 'j' || r == 'I' || r == '.' || r == ',' || r == '\'' || r == '|' || r == ':':
			width += 0.3
		case r == 'f' || r == 't' || r == 'r' || r == '-' || r == '[' || r == ']' || r == '(' || r == ')':
			width += 0.4
		default:
			width += 0.57
		}
	}
	return width * fontSize
}

// sheet turns the places of vertices into coordinates of the drawing. The
// net only knows "along" a layer and "across" the layers; the direction says
// which of them is x.
type sheet struct {
	d *Drawing
	n *net
	o Options

	across  []float64 // the middle of each layer
	half    []float64 // half its thickness
	length  float64   // across all layers, margins included
	breadth float64
}

func (s *sheet) sideways() bool {
	return s.o.Direction == LeftToRight || s.o.Direction == RightToLeft
}

// size is the extent of a task along and across its layer.
func (s *sheet) size(v int32) (along, across float64) {
	b := s.d.Boxes[v]
	if s.sideways() {
		return b.H, b.W
	}
	return b.W, b.H
}

func (s *sheet) sizeVertices() {
	s.n.size = make([]float64, len(s.n.layer))
	s.n.gap = make([]float64, len(s.n.layer))
	for v := range int32(len(s.n.layer)) {
		s.n.gap[v] = bendGap
		if s.n.isTask(v) {
			s.n.size[v], _ = s.size(v)
			s.n.gap[v] = besideGap
		}
	}
}

func (s *sheet) finish() {
	s.placeLayers()
	for v := range s.d.Boxes {
		p := s.point(s.n.x[v], s.across[s.n.layer[v]])
		s.d.Boxes[v].X, s.d.Boxes[v].Y = p.X, p.Y
	}
	for _, e := range s.n.edges {
		s.d.Lines = append(s.d.Lines, Line{From: graph.ID(e.from), To: graph.ID(e.to), Points: s.curve(e)})
	}
	s.d.Width, s.d.Height = s.breadth, s.length
	if s.sideways() {
		s.d.Width, s.d.Height = s.length, s.breadth
	}
}

func (s *sheet) placeLayers() {
	at := margin
	s.length = 2 * margin
	for _, layer := range s.n.layers {
		thick := 0.0
		for _, v := range layer {
			if s.n.isTask(v) {
				_, across := s.size(v)
				thick = max(thick, across)
			}
		}
		s.across = append(s.across, at+thick/2)
		s.half = append(s.half, thick/2)
		s.length = at + thick + margin
		at += thick + s.gapAfter(layer)
	}
	for v, x := range s.n.x {
		s.breadth = max(s.breadth, x+s.n.size[v]/2)
	}
	s.breadth = max(s.breadth, margin) + margin
}

// gapAfter is the room between a layer and the next: more when edges have
// far to go sideways, so that they do not lie flat upon each other.
func (s *sheet) gapAfter(layer []int32) float64 {
	farthest := 0.0
	for _, v := range layer {
		for _, w := range s.n.down[v] {
			farthest = max(farthest, math.Abs(s.n.x[v]-s.n.x[w]))
		}
	}
	return layerGap + min(farthest/8, maxWiden)
}

// point turns a place along and across the layers into one of the drawing.
func (s *sheet) point(along, across float64) Point {
	switch s.o.Direction {
	case TopToBottom:
		return Point{along, across}
	case LeftToRight:
		return Point{across, along}
	case RightToLeft:
		return Point{s.length - across, along}
	}
	return Point{along, s.length - across}
}

// curve leads an edge from the border of its input through its bends to the
// border of its reader: straight beside the boxes of each layer, and curved
// in the gaps. Curves of the same gap cross only if their ends are exchanged.
func (s *sheet) curve(e edge) []Point {
	x, across := s.n.x[e.from], s.far(e.from)
	points := []Point{s.point(x, across)}
	to := func(nx, nacross float64) {
		mid := (across + nacross) / 2
		points = append(points, s.point(x, mid), s.point(nx, mid), s.point(nx, nacross))
		x, across = nx, nacross
	}
	for _, bend := range e.bends {
		layer := s.n.layer[bend]
		to(s.n.x[bend], s.across[layer]-s.half[layer])
		to(s.n.x[bend], s.across[layer]+s.half[layer])
	}
	to(s.n.x[e.to], s.near(e.to))
	return points
}

// far is the border of a task from which its readers are reached, near the
// one where its inputs arrive.
func (s *sheet) far(v int32) float64 {
	_, across := s.size(v)
	return s.across[s.n.layer[v]] + across/2
}

func (s *sheet) near(v int32) float64 {
	_, across := s.size(v)
	return s.across[s.n.layer[v]] - across/2
}
