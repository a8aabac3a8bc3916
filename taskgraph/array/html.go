package array

import (
	"fmt"
	"html"
	"math"
	"slices"
	"strings"
)

// HTML is how a notebook shows the array: bytes, shape, type, of the whole and of a block,
// how many tasks compute it, and a drawing of its blocks.
func (a *Array) HTML() string {
	if a == nil {
		return "<code>nil</code>"
	}
	chunk := a.grid.largest()
	rows := [][3]string{
		{"Bytes", bytesText(a.NBytes()), bytesText(product(chunk) * a.dtype.Size())},
		{"Shape", tuple(a.shape), tuple(chunk)},
		{"Count", fmt.Sprintf("%d tasks", a.Tasks()), count(len(a.blocks), "chunk")},
		{"Type", a.dtype.String(), a.name},
	}
	var b strings.Builder
	b.WriteString(`<table><tr><td style="vertical-align:top"><table><thead><tr><th></th><th>Array</th><th>Chunk</th></tr></thead><tbody>`)
	for _, r := range rows {
		fmt.Fprintf(&b, `<tr><th style="text-align:left">%s</th><td style="text-align:left">%s</td><td style="text-align:left">%s</td></tr>`,
			html.EscapeString(r[0]), html.EscapeString(r[1]), html.EscapeString(r[2]))
	}
	b.WriteString(`</tbody></table></td><td>` + a.drawing() + `</td></tr></table>`)
	return b.String()
}

// Tasks is how many tasks compute the array, one that puts it together included.
func (a *Array) Tasks() int { return a.Node().Tasks() }

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// bytesText writes 63006336 as 60.09 MiB.
func bytesText(n int) string {
	if n < 1024 {
		return fmt.Sprintf("%d B", n)
	}
	value, unit := float64(n), "B"
	for _, u := range []string{"KiB", "MiB", "GiB", "TiB", "PiB"} {
		if value < 1024 {
			break
		}
		value, unit = value/1024, u
	}
	return fmt.Sprintf("%.2f %s", value, unit)
}

// The drawing: the last three axes as a box seen from the front, longer axes longer, with a
// line at each border of a block; where these are too many, every so many is drawn.
const (
	longestSide = 160.0
	leastSide   = 12.0
	mostLines   = 40
)

func (a *Array) drawing() string {
	g := a.grid
	if len(g) == 0 || a.Size() == 0 {
		return ""
	}
	note := ""
	if n := len(g) - 3; n > 0 {
		note = fmt.Sprintf("the last 3 of %d axes", len(g))
		g = g[n:]
	}
	sides := sidesOf(g.shape())
	switch len(g) {
	case 1:
		return svg(sides[0], 30, note, box(0, 0, sides[0], 30, borders(g[0], sides[0]), nil))
	case 2:
		return svg(sides[1], sides[0], note, box(0, 0, sides[1], sides[0], borders(g[1], sides[1]), borders(g[0], sides[0])))
	}
	return solid(g, sides, note)
}

// sidesOf gives each axis a length in pixels, by its logarithm when they differ much.
func sidesOf(shape []int) []float64 {
	longest := float64(slices.Max(shape))
	out := make([]float64, len(shape))
	for i, n := range shape {
		part := float64(n) / longest
		if part < 0.25 {
			part = 0.25 * math.Log1p(float64(n)) / math.Log1p(longest*0.25)
		}
		out[i] = max(longestSide*min(part, 1), leastSide)
	}
	return out
}

// borders are where the lines of an axis are, both ends included.
func borders(lengths []int, side float64) []float64 {
	total, sum := 0, 0
	for _, n := range lengths {
		total += n
	}
	every := (len(lengths) + mostLines - 1) / mostLines
	out := []float64{0}
	for i, n := range lengths {
		if sum += n; (i+1)%every == 0 || i == len(lengths)-1 {
			out = append(out, side*float64(sum)/float64(max(total, 1)))
		}
	}
	return out
}

// box is a rectangle with lines at x and y.
func box(left, top, width, height float64, xs, ys []float64) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="#dce6f2"/>`, left, top, width, height)
	for _, x := range xs {
		b.WriteString(line(left+x, top, left+x, top+height))
	}
	for _, y := range ys {
		b.WriteString(line(left, top+y, left+width, top+y))
	}
	b.WriteString(line(left, top, left+width, top) + line(left, top+height, left+width, top+height))
	return b.String()
}

// solid draws three axes: the first goes to the back.
func solid(g grid, sides []float64, note string) string {
	const slant = 0.6
	depth := sides[0] * slant
	width, height := sides[2], sides[1]
	var b strings.Builder
	back := borders(g[0], depth)
	fmt.Fprintf(&b, `<polygon points="0,0 %.1f,0 %.1f,%.1f %.1f,%.1f" fill="#eef3f9"/>`, width, width+depth, depth, depth, depth)
	for _, d := range back {
		b.WriteString(line(d, d, d+width, d))
	}
	for _, x := range borders(g[2], width) {
		b.WriteString(line(x, 0, x+depth, depth))
	}
	fmt.Fprintf(&b, `<polygon points="0,0 %.1f,%.1f %.1f,%.1f 0,%.1f" fill="#c9d8ea"/>`, depth, depth, depth, depth+height, height)
	for _, d := range back {
		b.WriteString(line(d, d, d, d+height))
	}
	for _, y := range borders(g[1], height) {
		b.WriteString(line(0, y, depth, y+depth))
	}
	b.WriteString(box(depth, depth, width, height, borders(g[2], width), borders(g[1], height)))
	return svg(width+depth, height+depth, note, b.String())
}

func line(x1, y1, x2, y2 float64) string {
	return fmt.Sprintf(`<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#4c72b0" stroke-width="0.7"/>`, x1, y1, x2, y2)
}

func svg(width, height float64, note, inside string) string {
	text := ""
	if note != "" {
		text = fmt.Sprintf(`<text x="0" y="%.1f" font-size="10" fill="#666">%s</text>`, height+14, html.EscapeString(note))
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="-2 -2 %.1f %.1f">%s%s</svg>`,
		width+4, height+22, width+4, height+22, inside, text)
}
