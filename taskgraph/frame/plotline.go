package frame

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// addLine draws a line with gaps where a value cannot be drawn. A value between two gaps is a
// dot. It says how many pieces there are.
func addLine(p *plot.Plot, name string, xs, ys []float64, c color.Color, legend bool) int {
	style := draw.LineStyle{Color: c, Width: vg.Points(1.2)}
	named := !legend
	all := pieces(xs, ys)
	for _, piece := range all {
		if len(piece) == 1 {
			p.Add(&plotter.Scatter{XYs: piece, GlyphStyle: draw.GlyphStyle{Color: c, Radius: vg.Points(1.5), Shape: draw.CircleGlyph{}}})
			continue
		}
		line := &plotter.Line{XYs: thinned(piece, len(xs)), LineStyle: style}
		p.Add(line)
		if !named {
			p.Legend.Add(nameOf(name), line)
			named = true
		}
	}
	if !named {
		p.Legend.Add(nameOf(name), &plotter.Line{LineStyle: style})
	}
	return len(all)
}

// pieces are the points between gaps.
func pieces(xs, ys []float64) []plotter.XYs {
	var all []plotter.XYs
	open := false
	for row, x := range xs {
		if !drawable(x) || !drawable(ys[row]) {
			open = false
			continue
		}
		if !open {
			all, open = append(all, nil), true
		}
		last := &all[len(all)-1]
		*last = append(*last, plotter.XY{X: x, Y: ys[row]})
	}
	return all
}

// Lines of more points are thinned: a plot in a notebook is some 500 points wide.
const (
	fullLine = 4000
	buckets  = 1000
)

// thinned is a line through fewer points that looks the same: of every so many points the
// first, the lowest, the highest and the last. all is how many points the whole line has.
func thinned(line plotter.XYs, all int) plotter.XYs {
	if all <= fullLine {
		return line
	}
	size := max(4, all/buckets)
	var out plotter.XYs
	for from := 0; from < len(line); from += size {
		out = append(out, extremesOf(line[from:min(len(line), from+size)])...)
	}
	return out
}

// extremesOf are the first, lowest, highest and last of points, in their order.
func extremesOf(points plotter.XYs) plotter.XYs {
	low, high, last := 0, 0, len(points)-1
	for i, pt := range points {
		if pt.Y < points[low].Y {
			low = i
		}
		if pt.Y > points[high].Y {
			high = i
		}
	}
	out := plotter.XYs{points[0]}
	at := 0
	for _, i := range []int{min(low, high), max(low, high), last} {
		if i > at {
			out, at = append(out, points[i]), i
		}
	}
	return out
}
