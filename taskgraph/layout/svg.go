package layout

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// The colours are chosen to be read on white and on black: the drawing has
// no background of its own.
const (
	boxFill   = "#e3edf9"
	boxStroke = "#5a7fa8"
	textFill  = "#16222e"
	lineColor = "#7f8c99"
	arrowLen  = 7.0
	arrowHalf = 3.2
)

// SVG writes the drawing as a complete <svg> element. Every task is a
// <g class="node" data-key="..."> with its title, or key, as <title> and its label as
// <text>; every edge is a <g class="edge"> with "key->key" as <title>. All
// text is escaped.
func (d *Drawing) SVG() string {
	w := &svgWriter{}
	w.text(`<svg xmlns="http://www.w3.org/2000/svg" width="`)
	w.number(d.Width)
	w.text(`" height="`)
	w.number(d.Height)
	w.text(`" viewBox="0 0 `)
	w.numbers(d.Width, d.Height)
	w.text(`" style="max-width:100%;height:auto" font-family="Helvetica,Arial,sans-serif" font-size="14">` + "\n")
	w.text(`<g fill="none" stroke="` + lineColor + `" stroke-width="1.3">` + "\n")
	for _, l := range d.Lines {
		w.line(l, d.Boxes[l.From].Key, d.Boxes[l.To].Key)
	}
	w.text("</g>\n" + `<g fill="` + boxFill + `" stroke="` + boxStroke + `" stroke-width="1.3">` + "\n")
	for _, b := range d.Boxes {
		w.box(b)
	}
	w.text("</g>\n")
	w.legend(d.Legend, d.Height-legendHeight+margin)
	w.text("</svg>\n")
	return string(w.buf)
}

type svgWriter struct{ buf []byte }

func (w *svgWriter) text(s string) { w.buf = append(w.buf, s...) }

// number writes a coordinate to a tenth of a pixel.
func (w *svgWriter) number(x float64) {
	n := len(w.buf)
	w.buf = strconv.AppendFloat(w.buf, x, 'f', 1, 64)
	if s := w.buf[n:]; s[len(s)-1] == '0' {
		w.buf = w.buf[:len(w.buf)-2]
	}
}

func (w *svgWriter) numbers(x, y float64) {
	w.number(x)
	w.text(" ")
	w.number(y)
}

func (w *svgWriter) box(b Box) {
	w.text(`<g class="node" data-key="`)
	w.escaped(b.Key)
	w.text(`"><title>`)
	if b.Title != "" {
		w.escaped(b.Title)
	} else {
		w.escaped(b.Key)
	}
	w.text(`</title><rect`)
	if b.Fill != "" {
		w.text(` fill="`)
		w.escaped(b.Fill)
		w.text(`"`)
	}
	w.text(` x="`)
	w.number(b.X - b.W/2)
	w.text(`" y="`)
	w.number(b.Y - b.H/2)
	w.text(`" width="`)
	w.number(b.W)
	w.text(`" height="`)
	w.number(b.H)
	w.text(`" rx="9"/><text x="`)
	w.number(b.X)
	w.text(`" y="`)
	w.number(b.Y + fontSize*0.35)
	w.text(`" text-anchor="middle" fill="` + textFill + `" stroke="none">`)
	w.escaped(b.Label)
	w.text("</text></g>\n")
}

// legend writes the entries of a legend next to each other.
func (w *svgWriter) legend(legend []Swatch, y float64) {
	x := margin
	for _, s := range legend {
		w.text(`<g class="legend"><rect fill="`)
		w.escaped(s.Color)
		w.text(`" stroke="` + boxStroke + `" x="`)
		w.number(x)
		w.text(`" y="`)
		w.number(y)
		w.text(`" width="14" height="14" rx="3"/><text fill="` + lineColor + `" x="`)
		w.number(x + swatchSize + 6)
		w.text(`" y="`)
		w.number(y + swatchSize - 2)
		w.text(`">`)
		w.escaped(s.Label)
		w.text("</text></g>\n")
		x += s.width()
	}
}

// line writes an edge: its curves up to the arrow, and the arrow.
func (w *svgWriter) line(l Line, from, to string) {
	w.text(`<g class="edge"><title>`)
	w.escaped(from)
	w.text(`-&gt;`)
	w.escaped(to)
	w.text(`</title><path d="M`)
	last := len(l.Points) - 1
	tip := l.Points[last]
	back := towards(tip, l.Points[last-1], arrowLen)
	for i, p := range l.Points {
		switch {
		case i == last:
			p = back
			w.text(" ")
		case i%3 == 1:
			w.text("C")
		case i > 0:
			w.text(" ")
		}
		w.numbers(p.X, p.Y)
	}
	side := Point{(tip.Y - back.Y) / arrowLen * arrowHalf, (back.X - tip.X) / arrowLen * arrowHalf}
	w.text(`"/><path fill="` + lineColor + `" stroke="none" d="M`)
	w.numbers(tip.X, tip.Y)
	w.text("L")
	w.numbers(back.X+side.X, back.Y+side.Y)
	w.text("L")
	w.numbers(back.X-side.X, back.Y-side.Y)
	w.text(`Z"/></g>` + "\n")
}

// towards is the point at a distance from p on the way to q. Edges end at
// right angles to the layers, so one of the two coordinates is the same.
func towards(p, q Point, distance float64) Point {
	switch {
	case q.X < p.X:
		return Point{p.X - distance, p.Y}
	case q.X > p.X:
		return Point{p.X + distance, p.Y}
	case q.Y < p.Y:
		return Point{p.X, p.Y - distance}
	}
	return Point{p.X, p.Y + distance}
}

// escaped writes a text so that it stays a text in SVG and in HTML, inside
// elements and attributes. Characters that XML does not allow become U+FFFD.
func (w *svgWriter) escaped(s string) {
	for _, r := range s {
		switch {
		case strings.ContainsRune(`&<>"'`+"`", r) || r == '\t' || r == '\n' || r == '\r':
			w.text("&#")
			w.buf = strconv.AppendInt(w.buf, int64(r), 10)
			w.text(";")
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0xfffe || r == 0xffff:
			w.buf = utf8.AppendRune(w.buf, utf8.RuneError)
		default:
			w.buf = utf8.AppendRune(w.buf, r)
		}
	}
}
