// Package plotview says how the plots of gonum.org/v1/plot look in a notebook: as SVG, which
// is sharp at any size and drawn in a hundredth of the time that a PNG takes.
//
//	b, ok := plotview.Bundle(p) // p is a *plot.Plot
//
// It keeps no state and may be used from any goroutine.
package plotview

import (
	"bytes"
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/dagbook/dagbook/display"
)

// The size of a plot that does not say one: that of a column of a notebook.
const (
	width  = 5 * vg.Inch
	height = 3.5 * vg.Inch
)

// Bundle is how a *plot.Plot is shown; false for other values and for nil. A plot whose data
// cannot be drawn (a plotter of a cell that panics, a logarithm of 0) is shown as the text of
// what is wrong.
func Bundle(v any) (b display.Bundle, ok bool) {
	p, ok := v.(*plot.Plot)
	if !ok || p == nil {
		return display.Bundle{}, false
	}
	defer func() {
		if problem := recover(); problem != nil {
			b = display.Text(fmt.Sprintf("the plot cannot be drawn: %v", problem))
		}
	}()
	canvas := vgsvg.New(width, height)
	p.Draw(draw.New(canvas))
	var file bytes.Buffer
	if _, err := canvas.WriteTo(&file); err != nil {
		return display.Text("the plot cannot be drawn: " + err.Error()), true
	}
	b = display.SVG(file.String())
	b.Data[display.MIMEText] = fmt.Sprintf("plot %q", p.Title.Text)
	return b, true
}
