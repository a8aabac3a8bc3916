package plotview

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"

	"github.com/dagbook/dagbook/display"
)

func ExampleBundle() {
	p := plot.New()
	p.Title.Text = "sine"
	p.Add(plotter.NewFunction(math.Sin))
	b, ok := Bundle(p)
	fmt.Println(b.Data[display.MIMEText], ok)
	// Output: plot "sine" true
}

func TestBundle(t *testing.T) {
	p := plot.New()
	p.Title.Text = "<script>alert(1)</script>"
	b, ok := Bundle(p)
	svg, _ := b.Data[display.MIMESVG].(string)
	if !ok || !strings.Contains(svg, "<svg") || strings.Contains(svg, "<script") {
		t.Errorf("%v, %.300s", ok, svg)
	}
	p.Y.Scale = plot.LogScale{} // from 0 on
	p.Y.Min, p.Y.Max = 0, 1
	if b, ok := Bundle(p); !ok || !strings.Contains(b.Data[display.MIMEText].(string), "cannot be drawn") {
		t.Errorf("a logarithm of 0: %v", b.Data)
	}
	for _, v := range []any{nil, 3, (*plot.Plot)(nil), plot.Plot{}} {
		if _, ok := Bundle(v); ok {
			t.Errorf("%T was taken for a plot", v)
		}
	}
}

func BenchmarkBundle(b *testing.B) {
	p := plot.New()
	p.Add(plotter.NewFunction(math.Sin))
	for b.Loop() {
		Bundle(p)
	}
}
