package layout

import (
	"bufio"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/graph"
)

// recorded is a graph of testdata/graphs and what Graphviz's dot made of it.
type recorded struct {
	name      string
	g         *graph.Graph
	crossings int
}

// readRecorded reads the files of testdata/graphs: lines "# comment",
// "crossings N" and "input reader".
func readRecorded(t testing.TB) []recorded {
	paths, err := filepath.Glob("../../testdata/graphs/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no graphs in testdata/graphs (%v)", err)
	}
	var all []recorded
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		r := recorded{name: strings.TrimSuffix(filepath.Base(path), ".txt"), crossings: -1}
		inputs := map[int][]graph.ID{}
		last := 0
		for sc := bufio.NewScanner(f); sc.Scan(); {
			line, from, to := sc.Text(), 0, 0
			switch {
			case strings.HasPrefix(line, "#"):
			case strings.HasPrefix(line, "crossings"):
				_, err = fmt.Sscanf(line, "crossings %d", &r.crossings)
			default:
				_, err = fmt.Sscanf(line, "%d %d", &from, &to)
				inputs[to] = append(inputs[to], graph.ID(from))
				last = max(last, to)
			}
			if err != nil {
				t.Fatalf("%s: %q: %v", path, line, err)
			}
		}
		f.Close()
		if r.crossings < 0 {
			t.Fatalf("%s: no line \"crossings N\"", path)
		}
		var b graph.Builder
		for v := range last + 1 {
			b.Add(graph.Task{Key: graph.Key{Name: "slowinc", Token: uint64(v)}}, inputs[v]...)
		}
		r.g = b.Graph()
		all = append(all, r)
	}
	return all
}

// TestCrossings holds our drawings to 1.2 times the crossings of dot's.
// Both are counted in the same way, from the finished drawing: where each
// edge passes each row of boxes, and how many edges exchange their places
// from one row to the next.
func TestCrossings(t *testing.T) {
	for _, r := range readRecorded(t) {
		t.Run(r.name, func(t *testing.T) {
			got := drawnCrossings(Draw(r.g, Options{}))
			t.Logf("%d tasks, %d edges: %d crossings, dot has %d", r.g.Len(), r.g.Edges(), got, r.crossings)
			if float64(got) > 1.2*float64(r.crossings) {
				t.Errorf("%d crossings, more than 1.2 times dot's %d", got, r.crossings)
			}
		})
	}
}

// route is an edge of a drawing whose layers are rows: the middle of its
// first box, points on the way, the middle of its last box.
type route []Point

func drawnCrossings(d *Drawing) int {
	rows := map[float64]bool{}
	for _, b := range d.Boxes {
		rows[b.Y] = true
	}
	var routes []route
	for _, l := range d.Lines {
		r := route{{d.Boxes[l.From].X, d.Boxes[l.From].Y}}
		for j := 0; j+3 < len(l.Points); j += 3 {
			r = append(r, sample(l.Points[j:j+4])...)
		}
		routes = append(routes, append(r, Point{d.Boxes[l.To].X, d.Boxes[l.To].Y}))
	}
	return countCrossings(slices.Sorted(maps.Keys(rows)), routes)
}

// sample is a Bézier curve as points.
func sample(p []Point) []Point {
	const pieces = 16
	var points []Point
	for k := 1; k < pieces; k++ {
		t := float64(k) / pieces
		u := 1 - t
		a, b, c, e := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		points = append(points, Point{a*p[0].X + b*p[1].X + c*p[2].X + e*p[3].X, a*p[0].Y + b*p[1].Y + c*p[2].Y + e*p[3].Y})
	}
	return points
}

// countCrossings counts exchanges between neighbouring rows.
func countCrossings(rows []float64, routes []route) int {
	total := 0
	for i := 1; i < len(rows); i++ {
		var at [][2]float64
		for _, r := range routes {
			x, ok := r.at(rows[i-1])
			y, ok2 := r.at(rows[i])
			if ok && ok2 {
				at = append(at, [2]float64{x, y})
			}
		}
		for j, e := range at {
			for _, f := range at[:j] {
				const same = 1.5 // pixels
				dx, dy := e[0]-f[0], e[1]-f[1]
				if math.Abs(dx) > same && math.Abs(dy) > same && dx*dy < 0 {
					total++
				}
			}
		}
	}
	return total
}

// at is where a route passes a row; false when it does not.
func (r route) at(y float64) (float64, bool) {
	const same = 0.5
	for i, p := range r {
		if math.Abs(p.Y-y) < same {
			return p.X, true
		}
		if i > 0 && (r[i-1].Y < y) != (p.Y < y) {
			t := (y - r[i-1].Y) / (p.Y - r[i-1].Y)
			return r[i-1].X + t*(p.X-r[i-1].X), true
		}
	}
	return 0, false
}
