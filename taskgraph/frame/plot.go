package frame

import (
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// colorOf is the colour of one of several columns (Okabe and Ito, Color Universal Design, 2008:
// they differ for people who do not see all colours as well).
func colorOf(i int) color.Color {
	palette := [...]color.RGBA{
		{0, 114, 178, 255}, {213, 94, 0, 255}, {0, 158, 115, 255}, {204, 121, 167, 255}, {230, 159, 0, 255}, {86, 180, 233, 255}, {0, 0, 0, 255},
	}
	return palette[i%len(palette)]
}

// plotWidth is about how wide the inside of a plot in a notebook is.
const plotWidth = 300 * vg.Length(1)

// mostBars is how many bars can be told apart.
const mostBars = 200

// newPlot is a plot with a title.
func newPlot(title string) *plot.Plot {
	p := plot.New()
	p.Title.Text = cleanText(title)
	return p
}

// orNothing is the plot, which says so where nothing was drawn.
func orNothing(p *plot.Plot, drawn int) *plot.Plot {
	if drawn == 0 {
		p.X.Label.Text = "there are no values to draw"
	}
	return p
}

// legendAbove makes room for the names of columns above what is drawn.
func legendAbove(p *plot.Plot, columns int) {
	p.Legend.Top, p.Legend.Padding = true, vg.Points(2)
	if columns > 1 && p.Y.Max > p.Y.Min {
		p.Y.Max += 0.08 * float64(min(columns, 6)) * (p.Y.Max - p.Y.Min)
	}
}

// largest is how large a number may be for the distance of two to be one as well.
const largest = 1e300

// drawable reports whether a number can be drawn: it is there, and not an infinity.
func drawable(x float64) bool { return math.Abs(x) <= largest }

// finite is how many numbers can be drawn.
func finite(values []float64) int {
	n := 0
	for _, x := range values {
		n += zeroOne(drawable(x))
	}
	return n
}

// plotNumbers are the named columns as numbers; without names all columns of numbers.
func (df *DataFrame) plotNumbers(op string, names []string) (columns []*Series, values [][]float64, n int) {
	if columns = df.numbers(); len(names) > 0 {
		columns = df.Select(names...).Columns()
	}
	if len(columns) == 0 && len(df.names) > 0 {
		panic(errorf(op, "no column has numbers to draw: there are %s", strings.Join(df.names, ", ")))
	}
	for _, s := range columns {
		of := s.floats(op)
		values, n = append(values, of), n+finite(of)
	}
	return columns, values, n
}

// Line draws the values as a line over their labels: numbers and times to scale, others one
// beside the other. Missing values and infinities leave gaps. A notebook shows the plot as
// SVG; its title, axes and ranges are fields that can be set before.
func (s *Series) Line() *plot.Plot { return s.Frame().Line(s.name) }

// Line draws columns as lines, as the series' Line does, with a legend; without names, all
// columns of numbers.
func (df *DataFrame) Line(names ...string) *plot.Plot {
	columns, values, _ := df.plotNumbers("Line", names)
	p, n := newPlot(titleOf(columns)), 0
	xs := labelAxis(p, df.index)
	for i, s := range columns {
		n += addLine(p, s.name, xs, values[i], colorOf(i), len(columns) > 1)
	}
	legendAbove(p, len(columns))
	return orNothing(p, n)
}

// titleOf is the name of a single column; several are named by a legend.
func titleOf(columns []*Series) string {
	if len(columns) == 1 {
		return columns[0].name
	}
	return ""
}

// Bar draws a bar for each value, beside its label; no bar for a missing one. More than 200
// bars panic: Head or NLargest pick some.
//
//	df.GroupBy("Origin").Col("DepDelay").Mean().Bar()
func (s *Series) Bar() *plot.Plot { return s.Frame().Bar(s.name) }

// Bar draws the columns of the names as bars beside each other, with a legend; without names,
// all columns of numbers.
func (df *DataFrame) Bar(names ...string) *plot.Plot {
	columns, values, n := df.plotNumbers("Bar", names)
	if bars := df.Len() * len(columns); bars > mostBars {
		panic(errorf("Bar", "%d bars are too many to tell apart: at most %d, which Head or NLargest pick", bars, mostBars))
	}
	p := newPlot(titleOf(columns))
	if df.Len() == 0 {
		return orNothing(p, 0)
	}
	nominal(p, df.index)
	width := 0.8 * plotWidth / vg.Length(df.Len()*len(columns))
	for i, s := range columns {
		heights := make(plotter.Values, len(values[i]))
		for row, x := range values[i] {
			if drawable(x) {
				heights[row] = x
			}
		}
		bars, err := plotter.NewBarChart(heights, width)
		if err != nil {
			panic(errorf("Bar", "%v", err))
		}
		bars.Color, bars.LineStyle.Width = colorOf(i), 0
		bars.Offset = width * (vg.Length(i) - vg.Length(len(columns)-1)/2)
		p.Add(bars)
		if len(columns) > 1 {
			p.Legend.Add(nameOf(s.name), bars)
		}
	}
	legendAbove(p, len(columns))
	return orNothing(p, n)
}

// Hist draws how many values lie in each of 10 bins of the same width, or of as many as are
// asked for, from the smallest to the largest. Missing values and infinities are left out.
func (s *Series) Hist(bins ...int) *plot.Plot {
	n := 10
	if len(bins) > 0 {
		n = bins[0]
	}
	if len(bins) > 1 || n < 1 || n > 1000 {
		panic(errorf("Hist", "it takes one number of bins from 1 to 1000, not %v", bins))
	}
	values := s.floats("Hist")
	p := newPlot(s.name)
	p.Y.Label.Text = "count"
	if finite(values) == 0 {
		return orNothing(p, 0)
	}
	h := &plotter.Histogram{Bins: binned(values, n), FillColor: colorOf(0), LineStyle: plotter.DefaultLineStyle}
	h.Width = h.Bins[0].Max - h.Bins[0].Min
	p.Add(h)
	return p
}

// binned are bins with how many of the numbers each has; the largest number is in the last.
func binned(values []float64, n int) []plotter.HistogramBin {
	low, high := math.Inf(1), math.Inf(-1)
	for _, x := range values {
		if drawable(x) {
			low, high = min(low, x), max(high, x)
		}
	}
	if low == high {
		low, high = low-0.5, high+0.5
	}
	edge := func(i int) float64 { return low + (high/float64(n)-low/float64(n))*float64(i) }
	bins := make([]plotter.HistogramBin, n)
	for i := range bins {
		bins[i].Min, bins[i].Max = edge(i), edge(i+1)
	}
	for _, x := range values {
		if drawable(x) {
			bins[max(0, min(n-1, int((x/2-low/2)/(high/2-low/2)*float64(n))))].Weight++
		}
	}
	return bins
}

// Scatter draws a point for each row, with the value of column x to the right and that of y
// upwards. Rows in which one is missing or infinite are left out; of many points that lie on
// each other one is drawn.
func (df *DataFrame) Scatter(x, y string) *plot.Plot {
	xs, ys := df.Col(x).floats("Scatter"), df.Col(y).floats("Scatter")
	points := scattered(xs, ys)
	p := newPlot("")
	if len(points) == 0 {
		return orNothing(p, 0)
	}
	p.X.Label.Text, p.Y.Label.Text = cleanText(x), cleanText(y)
	dots, err := plotter.NewScatter(points)
	if err != nil {
		panic(errorf("Scatter", "%v", err))
	}
	dots.GlyphStyle = draw.GlyphStyle{Color: colorOf(0), Radius: vg.Points(1.5), Shape: draw.CircleGlyph{}}
	p.Add(dots)
	return p
}

// nominal puts labels side by side on the horizontal axis.
func nominal(p *plot.Plot, x *Index) {
	p.X.Label.Text = cleanText(strings.Join(x.names, ", "))
	p.X.Tick.Marker = plot.ConstantTicks(nominalTicks(x))
	p.X.Min, p.X.Max = -0.5, float64(x.n)-0.5
	letters := 0
	for _, t := range p.X.Tick.Marker.Ticks(0, 0) {
		letters += len(t.Label) + 2
	}
	if letters > 50 { // they would overlap
		p.X.Tick.Label.Rotation = math.Pi / 4
		p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = draw.XRight, draw.YCenter
	}
}

const mostTicks = 30

// nominalTicks are the labels of rows, or of every so many.
func nominalTicks(x *Index) []plot.Tick {
	var ticks []plot.Tick
	_, levels := x.columns()
	step := max(1, (x.n+mostTicks-1)/mostTicks)
	for row := 0; row < x.n; row += step {
		parts := make([]string, len(levels))
		for i, c := range levels {
			parts[i] = cleanText(cells(c.Slice(row, row+1))[0])
		}
		ticks = append(ticks, plot.Tick{Value: float64(row), Label: strings.Join(parts, ", ")})
	}
	return ticks
}

// labelAxis prepares the horizontal axis for labels and says where each row stands on it: NaN
// for one without a place.
func labelAxis(p *plot.Plot, x *Index) []float64 {
	if x.isRange() || len(x.levels) == 1 && x.levels[0].Dtype().IsNumber() {
		_, levels := x.columns()
		p.X.Label.Text = cleanText(strings.Join(x.names, ""))
		xs, _ := column.Floats64(levels[0])
		return xs
	}
	if times, ok := x.levels[0].(column.Times); ok && len(x.levels) == 1 {
		p.X.Label.Text = cleanText(x.names[0])
		return timeAxis(p, times)
	}
	xs := make([]float64, x.n)
	for row := range xs {
		xs[row] = float64(row)
	}
	if x.n > 0 {
		nominal(p, x)
	}
	return xs
}

// timeAxis writes days where the times go over more than two, and hours where not.
func timeAxis(p *plot.Plot, times column.Times) []float64 {
	xs := make([]float64, times.Len())
	low, high := math.Inf(1), math.Inf(-1)
	for row, ns := range times.Values {
		if xs[row] = float64(ns) / 1e9; times.IsMissing(row) {
			xs[row] = math.NaN()
			continue
		}
		low, high = min(low, xs[row]), max(high, xs[row])
	}
	layout := "2006-01-02"
	if high-low < 2*24*3600 {
		layout = "01-02 15:04"
	}
	p.X.Tick.Marker = plot.TimeTicks{Format: layout}
	p.X.Tick.Label.Rotation = math.Pi / 6
	p.X.Tick.Label.XAlign, p.X.Tick.Label.YAlign = draw.XRight, draw.YCenter
	p.X.Tick.Label.Font.Size = font.Length(9)
	return xs
}

// scatterCells is how finely points are told apart when there are many, across and upwards.
const (
	fewPoints   = 5000
	cellsAcross = 180
	cellsUp     = 130
)

// scattered are the points to draw.
func scattered(xs, ys []float64) plotter.XYs {
	var points plotter.XYs
	for i, x := range xs {
		if drawable(x) && drawable(ys[i]) {
			points = append(points, plotter.XY{X: x, Y: ys[i]})
		}
	}
	if len(points) <= fewPoints {
		return points
	}
	lowX, highX, lowY, highY := plotter.XYRange(points)
	cell := func(v, low, high float64, n int) int {
		if high == low {
			return 0
		}
		return int((v/2 - low/2) / (high/2 - low/2) * float64(n)) // halves: high-low may be too large
	}
	seen := map[[2]int]bool{}
	few := points[:0]
	for _, pt := range points {
		at := [2]int{cell(pt.X, lowX, highX, cellsAcross), cell(pt.Y, lowY, highY, cellsUp)}
		if !seen[at] {
			seen[at], few = true, append(few, pt)
		}
	}
	return few
}

// nameOf is the name of a column for a legend.
func nameOf(name string) string {
	if name == "" {
		return "values"
	}
	return cleanText(name)
}
