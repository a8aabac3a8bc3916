package frame

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// drawn is what an SVG of a plot shows.
type drawn struct {
	texts        []string
	paths, lines int // paths with a fill, and without
	bytes        int
}

// svg draws a plot as a notebook does, and reads it again; a file that is no XML fails.
func svg(t *testing.T, p *plot.Plot) drawn {
	t.Helper()
	canvas := vgsvg.New(5*vg.Inch, 3.5*vg.Inch)
	p.Draw(draw.New(canvas))
	var file bytes.Buffer
	if _, err := canvas.WriteTo(&file); err != nil {
		t.Fatal(err)
	}
	out := drawn{bytes: file.Len()}
	if strings.Contains(file.String(), "NaN") || strings.Contains(file.String(), "Inf") {
		t.Errorf("a coordinate is not a number: %.2000s", file.String())
	}
	for d := xml.NewDecoder(&file); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local == "path" {
				for _, a := range token.Attr {
					if a.Name.Local == "style" && strings.Contains(a.Value, "fill:none") {
						out.lines++
						out.paths--
					}
				}
				out.paths++
			}
		case xml.CharData:
			if text := strings.TrimSpace(string(token)); text != "" {
				out.texts = append(out.texts, text)
			}
		}
	}
}

func (d drawn) shows(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !slices.Contains(d.texts, text) {
			t.Errorf("the plot does not show %q: %q", text, d.texts)
		}
	}
}

func TestBar(t *testing.T) {
	means := FromColumns("Origin", []string{"JFK", "<LGA>", "EWR"}, "DepDelay", []float64{12, math.NaN(), -3}).SetIndex("Origin")
	one := svg(t, means.Col("DepDelay").Bar())
	one.shows(t, "JFK", "<LGA>", "EWR", "Origin", "DepDelay")
	two := svg(t, means.With("ArrDelay", []float64{1, 2, 3}).Bar())
	two.shows(t, "DepDelay", "ArrDelay")
	if one.paths < 2 || two.paths <= one.paths {
		t.Errorf("%d and %d bars", one.paths, two.paths)
	}
}

func TestLineGaps(t *testing.T) {
	whole, gap := []float64{1, 2, 3, 4, 5, 6, 7}, []float64{1, 2, math.NaN(), 4, math.Inf(1), 6, 7}
	all := svg(t, NewSeries("v", whole).Line())
	cut := svg(t, NewSeries("v", gap).Line())
	all.shows(t, "v")
	if cut.lines != all.lines+1 || cut.paths != all.paths+1 {
		t.Errorf("a line of two pieces and a dot: %+v, and the whole one %+v", cut, all)
	}
	df := FromColumns("a", whole, "b", gap, "s", make([]string, 7))
	svg(t, df.Line()).shows(t, "a", "b")
}

func TestLineAxes(t *testing.T) {
	var days []time.Time
	var values []float64
	for i := range 90 {
		days, values = append(days, time.Date(2013, 1, 1+i, 0, 0, 0, 0, time.UTC)), append(values, float64(i*i%17))
	}
	s := FromColumns("day", days, "x", values).SetIndex("day").Col("x")
	d := svg(t, s.Line())
	d.shows(t, "day", "x")
	if !slices.ContainsFunc(d.texts, func(text string) bool { return strings.HasPrefix(text, "2013-0") }) {
		t.Errorf("no dates: %q", d.texts)
	}
	svg(t, s.DropIndex().Frame().With("y", 1).SetIndex("x").Line()).shows(t, "x", "y")
	g := FromColumns("k", []string{"p", "q"}, "m", []int{1, 2}, "v", []float64{3, 4}).SetIndex("k", "m")
	svg(t, g.Line()).shows(t, "k, m", "p, 1", "q, 2")
}

// TestThinned looks at what is drawn of a million points: the peak must not be lost.
func TestThinned(t *testing.T) {
	values := make([]float64, 1_000_000)
	for i := range values {
		values[i] = math.Sin(float64(i) / 1e5)
	}
	values[345_678] = 42
	points := thinned(pieces(values, values)[0], len(values))
	if len(points) > 5*buckets || points[0].Y != values[0] || points[len(points)-1].Y != values[len(values)-1] {
		t.Errorf("%d points", len(points))
	}
	s := NewSeries("peak", values)
	d := svg(t, s.Line())
	if d.bytes > 400_000 {
		t.Errorf("%d bytes", d.bytes)
	}
	peak := false
	for _, pt := range points {
		peak = peak || pt.Y == 42
	}
	if !peak {
		t.Error("the peak is lost")
	}
	df := New(s).With("z", s.Mul(2))
	if sc := svg(t, df.Scatter("peak", "z")); sc.bytes > 4_000_000 || sc.paths < 10 {
		t.Errorf("%d dots, %d bytes", sc.paths, sc.bytes)
	}
}

func TestHist(t *testing.T) {
	values := []float64{1, 1, 2, 3, 10, math.NaN(), math.Inf(-1)}
	total := 0.0
	for _, b := range binned(values, 3) {
		total += b.Weight
	}
	if bins := binned(values, 3); total != 5 || bins[0].Weight != 4 || bins[2].Weight != 1 || bins[2].Max != 10 {
		t.Errorf("%v", bins)
	}
	svg(t, NewSeries("delay", values).Hist()).shows(t, "delay", "count")
	svg(t, NewSeries("same", []int{7, 7}).Hist(4)).shows(t, "same")
	svg(t, NewSeries("huge", []float64{-1e300, 1e300, math.MaxFloat64}).Hist(4)).shows(t, "huge")
}

func TestPlotsWithoutValues(t *testing.T) {
	for _, values := range [][]float64{{}, {math.NaN()}, {math.Inf(1), math.NaN(), math.Inf(-1)}} {
		df := FromColumns("x", values, "y", values)
		s := df.Col("x")
		for i, p := range []*plot.Plot{s.Line(), s.Bar(), s.Hist(), df.Scatter("x", "y"), df.Line(), df.Bar(), df.SetIndex("x").Line()} {
			d := svg(t, p)
			if !slices.Contains(d.texts, "there are no values to draw") {
				t.Errorf("plot %d of %v: %q", i, values, d.texts)
			}
		}
	}
}

func TestPlotMistakes(t *testing.T) {
	df := FromColumns("s", []string{"a"}, "x", []int{1})
	for _, c := range []struct {
		do   func()
		want string
	}{
		{func() { df.Col("s").Line() }, `"s" has values of type string: numbers are needed`},
		{func() { df.Select("s").Bar() }, "no column has numbers to draw"},
		{func() { df.Scatter("x", "z") }, `there is no column "z"`},
		{func() { df.Col("x").Hist(0) }, "from 1 to 1000"},
		{func() { NewSeries("n", make([]int, 201)).Bar() }, "201 bars are too many"},
	} {
		if err := misused(c.do); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}

func ExampleSeries_Bar() {
	means := FromColumns("Origin", []string{"JFK", "LGA"}, "DepDelay", []float64{12, 10}).GroupBy("Origin").Col("DepDelay").Mean()
	p := means.Bar() // in a notebook the last line of a cell, which shows it
	fmt.Println(p.Title.Text, "by", p.X.Label.Text)
	// Output: DepDelay by Origin
}
