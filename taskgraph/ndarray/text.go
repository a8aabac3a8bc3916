package ndarray

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// The lengths of NumPy's print options.
const (
	mostShown = 1000 // more elements than these are summarised
	edge      = 3    // so many at each end of an axis
	lineWidth = 75
	digits    = 8 // of a float, at most
)

// String is the elements in brackets as NumPy prints them: columns line up,
// and of more than 1000 elements three at each end of every axis are shown.
func (a *Array) String() string {
	if a == nil || !a.dtype.valid() {
		return "<no array>"
	}
	cells := a.cells()
	if len(a.shape) == 0 {
		return cells.single(a)
	}
	if a.Size() == 0 {
		return "[]"
	}
	p := printing{cells: cells, summary: a.Size() > mostShown}
	return p.brackets(a, " ", lineWidth)
}

// Describe is the type and the shape in a few words: "uint8 array of shape
// (257, 257)".
func (a *Array) Describe() string {
	return fmt.Sprintf("%v array of shape %s", a.dtype, shapeText(a.shape))
}

// printing writes one array.
type printing struct {
	cells   cells
	summary bool
}

// shown are the positions of an axis that are printed; -1 is the gap.
func (p printing) shown(n int) []int {
	if !p.summary || n <= 2*edge {
		return orderOf(n)
	}
	all := orderOf(edge)
	all = append(all, -1)
	for i := n - edge; i < n; i++ {
		all = append(all, i)
	}
	return all
}

// brackets is an array with everything but its first line indented.
func (p printing) brackets(a *Array, indent string, width int) string {
	if len(a.shape) == 1 {
		return p.row(a, indent, width)
	}
	var parts []string
	for _, i := range p.shown(a.shape[0]) {
		if i < 0 {
			parts = append(parts, "...")
			continue
		}
		parts = append(parts, p.brackets(a.At(i), indent+" ", width-1))
	}
	return "[" + strings.Join(parts, strings.Repeat("\n", len(a.shape)-1)+indent) + "]"
}

// row breaks lines before the width, to which the bracket at the end belongs.
func (p printing) row(a *Array, indent string, width int) string {
	var lines []string
	line := indent
	for k, i := range p.shown(a.shape[0]) {
		word := "..."
		if i >= 0 {
			word = p.cells.text(a.At(i))
		}
		switch {
		case len(line) > len(indent) && len(line)+1+len(word) > width-1:
			lines = append(lines, strings.TrimRight(line, " "))
			line = indent
		case k > 0:
			line += " "
		}
		line += word
	}
	return "[" + strings.Join(append(lines, line), "\n")[len(indent):] + "]"
}

// cells is how the elements of one array are written, so that they line up.
type cells struct {
	left, right int // characters before the point, and after it
	exponent    bool
	power       int // digits of the exponent
}

// cells looks at the elements that are shown.
func (a *Array) cells() cells {
	shown := a
	if a.Size() > mostShown {
		for axis, n := range a.shape {
			if n > 2*edge {
				shown = Concatenate(axis, shown.along(axis, 0, edge), shown.along(axis, n-edge, edge))
			}
		}
	}
	if a.dtype.IsFloat() {
		return floatCells(shown)
	}
	c := cells{}
	if a.dtype == Bool {
		c.left = len("False")
	}
	for _, x := range shown.Ravel().Parts() {
		c.left = max(c.left, len(plain(x)))
	}
	return c
}

func (c cells) text(a *Array) string {
	if a.dtype.IsFloat() {
		return c.float(a.Get(), a.bitSize())
	}
	text := plain(a)
	return strings.Repeat(" ", max(0, c.left-len(text))) + text
}

// single is the number of an array without axes.
func (c cells) single(a *Array) string {
	if !a.dtype.IsFloat() {
		return plain(a)
	}
	x := a.Get()
	large := 1e16
	if a.dtype == Float32 {
		large = 1e6
	}
	if abs := math.Abs(x); x == 0 || math.IsNaN(x) || math.IsInf(x, 0) || 1e-4 <= abs && abs < large {
		text := special(x)
		if text == "" {
			text = strconv.FormatFloat(x, 'f', -1, a.bitSize())
		}
		if !strings.ContainsAny(text, ".nN") {
			text += ".0"
		}
		return text
	}
	return strconv.FormatFloat(x, 'e', -1, a.bitSize())
}

func (a *Array) bitSize() int { return a.dtype.Size() * 8 }

// plain is a bool or a whole number.
func plain(a *Array) string {
	switch x := a.Item().(type) {
	case bool:
		if x {
			return "True"
		}
		return "False"
	default:
		return fmt.Sprint(x)
	}
}

func special(x float64) string {
	switch {
	case math.IsNaN(x):
		return "nan"
	case math.IsInf(x, 1):
		return "inf"
	case math.IsInf(x, -1):
		return "-inf"
	}
	return ""
}

// floatCells decides between digits and powers of ten, by the sizes of the
// numbers, and finds the widths.
func floatCells(a *Array) cells {
	values := a.Float64s()
	finite := slices.DeleteFunc(slices.Clone(values), func(x float64) bool { return special(x) != "" })
	c := cells{exponent: needsExponent(finite)}
	for _, x := range finite {
		left, right := c.halves(x, a.bitSize())
		c.left, c.right = max(c.left, len(left)), max(c.right, len(right))
		if c.exponent {
			_, digits := power(x, a.bitSize())
			c.power = max(c.power, len(digits))
		}
	}
	for _, x := range values {
		c.left = max(c.left, len(special(x))-(c.width()-c.left))
	}
	return c
}

func needsExponent(finite []float64) bool {
	low, high := math.Inf(1), 0.0
	for _, x := range finite {
		if x = math.Abs(x); x != 0 {
			low, high = min(low, x), max(high, x)
		}
	}
	return high >= 1e8 || high > 0 && (low < 1e-4 || high/low > 1000)
}

// rounded is a number with as few digits as tell it from its neighbours, but
// not too many.
func rounded(x float64, format byte, bits int) string {
	text := strconv.FormatFloat(x, format, -1, bits)
	mantissa, _, _ := strings.Cut(text, "e")
	if _, after, _ := strings.Cut(mantissa, "."); len(after) > digits {
		return strconv.FormatFloat(x, format, digits, bits)
	}
	return text
}

// halves are the digits of a number before and after the point.
func (c cells) halves(x float64, bits int) (left, right string) {
	format := byte('f')
	if c.exponent {
		format = 'e'
	}
	mantissa, _, _ := strings.Cut(rounded(x, format, bits), "e")
	left, right, _ = strings.Cut(mantissa, ".")
	return left, strings.TrimRight(right, "0")
}

// power is the sign and the digits of a number's exponent.
func power(x float64, bits int) (sign, power string) {
	_, power, _ = strings.Cut(rounded(x, 'e', bits), "e")
	return power[:1], power[1:]
}

func (c cells) float(x float64, bits int) string {
	if text := special(x); text != "" {
		return strings.Repeat(" ", max(0, c.width()-len(text))) + text
	}
	if c.exponent {
		return c.withPower(x)
	}
	left, right := c.halves(x, bits)
	return strings.Repeat(" ", c.left-len(left)) + left + "." + right + strings.Repeat(" ", c.right-len(right))
}

// withPower has as many digits as the others, and so perhaps more than tell
// the number from its neighbours.
func (c cells) withPower(x float64) string {
	mantissa, power, _ := strings.Cut(strconv.FormatFloat(x, 'e', c.right, 64), "e")
	left, right, _ := strings.Cut(mantissa, ".")
	return strings.Repeat(" ", max(0, c.left-len(left))) + left + "." + right + "e" + power[:1] + strings.Repeat("0", max(0, c.power-len(power)+1)) + power[1:]
}

// width is that of a float.
func (c cells) width() int {
	width := c.left + 1 + c.right
	if c.exponent {
		width += len("e+") + c.power
	}
	return width
}
