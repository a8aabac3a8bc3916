package jsonlines

import (
	"fmt"
	"math"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// kind is what the values of a key have been so far.
type kind uint8

const (
	nothing kind = iota // missing, all of them
	whole
	float
	truth
	moment // texts that are points in time
	text
)

var kindNames = [...]string{"missing", "number", "number", "truth value", "text", "text"}

// cell collects the values of a key in a block.
type cell struct {
	name  string
	asked column.Dtype // 0: none
	mode  kind
	form  column.TimeForm // of a moment, the same for all unless asked for
	rows  int             // so far
	hint  int             // how many rows the block has at most
	first int             // the line of the first value that is not missing
	again bool            // a text came after moments: the block has to be parsed again

	ints   []int64 // of whole and of moment
	floats []float64
	truths []bool
	codes  []int32
	words  column.Words
	absent []int  // rows that are missing
	raw    []byte // of moments, in case that a later value is none; one after the other
	ends   []int  // where the text of each row ends in raw
}

// token is a value as it stands in a line.
type token struct {
	mode kind   // whole, float, truth, text; nothing for null
	raw  []byte // as it is written; the text without quotes and escapes
}

// add appends the value of a row; rows between have none. The error is one about the type,
// without file and line.
func (c *cell) add(row, line int, t token) error {
	c.pad(row)
	if t.mode == nothing {
		c.pad(row + 1)
		return nil
	}
	c.rows++
	if c.mode == nothing {
		if err := c.begin(row, t); err != nil {
			return err
		}
		c.first = line
	}
	switch c.mode {
	case whole:
		return c.addWhole(row, t)
	case float:
		return c.addFloat(t)
	case truth:
		if t.mode != truth {
			return c.mismatch(t)
		}
		c.truths = push(c.truths, t.raw[0] == 't', c.hint)
	case moment:
		return c.addTime(t)
	default:
		return c.addText(t)
	}
	return nil
}

// begin decides what is collected, by the first value or by what was asked for.
func (c *cell) begin(row int, t token) error {
	c.mode = t.mode
	switch {
	case c.asked == column.String:
		c.mode = text
	case c.asked == column.Timestamp:
		c.mode = moment
	case c.asked == column.Float64:
		c.mode = float
	case c.asked == column.Int64:
		c.mode = whole
	case c.asked == column.Bool:
		c.mode = truth
	case t.mode == text:
		if _, c.form = column.ParseTime(t.raw); c.form != column.NoTime {
			c.mode = moment
		}
	}
	if c.mode == whole && c.asked == 0 {
		if _, ok := column.ParseInt(t.raw); !ok {
			c.mode = float
		}
	}
	c.blank(row)
	return nil
}

// pad makes rows up to n missing.
func (c *cell) pad(n int) {
	for ; c.rows < n; c.rows++ {
		c.absent = append(c.absent, c.rows)
		if c.mode != nothing {
			c.blank(1)
		}
	}
}

// blank appends what stands in n missing rows.
func (c *cell) blank(n int) {
	for range n {
		switch c.mode {
		case whole, moment:
			c.ints = push(c.ints, 0, c.hint)
		case float:
			c.floats = push(c.floats, math.NaN(), c.hint)
		case truth:
			c.truths = push(c.truths, false, c.hint)
		case text:
			c.codes = append(c.codes, -1)
		}
	}
}

func (c *cell) addWhole(row int, t token) error {
	if t.mode == whole {
		if x, ok := column.ParseInt(t.raw); ok {
			c.ints = push(c.ints, x, c.hint)
			return nil
		}
	}
	if c.asked != 0 || t.mode != whole && t.mode != float {
		return c.mismatch(t)
	}
	c.floats = floatsOf(c.ints, c.absent)
	c.ints, c.mode = nil, float
	return c.addFloat(t)
}

// floatsOf are whole numbers as floating-point ones, NaN where they are missing.
func floatsOf(ints []int64, absent []int) []float64 {
	out := make([]float64, len(ints), 2*len(ints)+1)
	for i, x := range ints {
		out[i] = float64(x)
	}
	for _, row := range absent {
		if row < len(out) {
			out[row] = math.NaN()
		}
	}
	return out
}

// push appends a value to values, for which there is room from the beginning.
func push[T any](values []T, x T, room int) []T {
	if values == nil {
		values = make([]T, 0, room)
	}
	return append(values, x)
}

func (c *cell) addFloat(t token) error {
	if t.mode != whole && t.mode != float {
		return c.mismatch(t)
	}
	x, _ := column.ParseFloat(t.raw)
	c.floats = push(c.floats, x, c.hint)
	return nil
}

func (c *cell) addTime(t token) error {
	if t.mode != text {
		return c.mismatch(t)
	}
	ns, form := column.ParseTime(t.raw)
	if form == column.NoTime && c.asked != 0 {
		return c.mismatch(t)
	}
	if c.asked == 0 {
		if form != c.form {
			c.asText()
			return c.addText(t)
		}
		for len(c.ends) < len(c.ints) {
			c.ends = push(c.ends, len(c.raw), c.hint)
		}
		if c.raw == nil {
			c.raw = make([]byte, 0, c.hint*len(t.raw))
		}
		c.raw = append(c.raw, t.raw...)
		c.ends = push(c.ends, len(c.raw), c.hint)
	}
	c.ints = push(c.ints, ns, c.hint)
	return nil
}

// asText makes texts of moments, because not all values are such.
func (c *cell) asText() {
	c.codes = make([]int32, len(c.ints))
	for _, row := range c.absent {
		if row < len(c.codes) {
			c.codes[row] = -1
		}
	}
	from := 0
	for row, end := range c.ends {
		if c.codes[row] == 0 {
			c.codes[row], _ = c.words.Code(c.raw[from:end])
		}
		from = end
	}
	c.mode, c.form, c.ints, c.raw, c.ends = text, column.NoTime, nil, nil, nil
}

func (c *cell) addText(t token) error {
	if t.mode != text && c.asked == 0 {
		return c.mismatch(t)
	}
	code, _ := c.words.Code(t.raw)
	c.codes = append(c.codes, code)
	return nil
}

// mismatch says that a value is not of the column's type.
func (c *cell) mismatch(t token) error {
	shown := string(t.raw)
	if r := []rune(shown); len(r) > 40 {
		shown = string(r[:40]) + "..."
	}
	if c.asked != 0 {
		return fmt.Errorf("%q of key %q is no %v, which Types asks for: leave the key out of Types to let its type be found", shown, c.name, c.asked)
	}
	return fmt.Errorf("key %q has the %s %q, but a %s in line %d: ask for column.String in Types to take both as texts", c.name, kindNames[t.mode], shown, kindNames[c.mode], c.first)
}

// column is what was collected in a block of rows, in a column whose values are of a kind.
// A nil cell has none.
func (c *cell) column(rows int, of kind, asked column.Dtype) column.Column {
	if c == nil || c.mode == nothing {
		return column.Nothing(dtypeOf(of, asked), rows)
	}
	c.pad(rows)
	if c.mode == moment && of == text {
		c.asText()
	}
	switch c.mode {
	case whole:
		return column.Ints{Values: c.ints, Valid: c.validity()}
	case float:
		return column.Floats{Values: c.floats}
	case truth:
		return column.Bools{Values: c.truths, Valid: c.validity()}
	case moment:
		return column.Times{Values: c.ints, Valid: c.validity()}
	}
	return c.texts()
}

// dtypeOf is the type of a column, the one asked for where there are no values.
func dtypeOf(k kind, asked column.Dtype) column.Dtype {
	switch {
	case k == whole:
		return column.Int64
	case k == truth:
		return column.Bool
	case k == moment:
		return column.Timestamp
	case k == text:
		return column.String
	case k == nothing && asked != 0:
		return asked
	}
	return column.Float64
}

func (c *cell) validity() column.Bitmap {
	if len(c.absent) == 0 {
		return nil
	}
	out := column.NewBitmap(c.rows)
	for _, row := range c.absent {
		out.Clear(row)
	}
	return out
}

// texts is a Dict where words come again, and the texts themselves where not.
func (c *cell) texts() column.Column {
	d := column.Dict{Codes: c.codes, Words: c.words.Words}
	if 4*len(d.Words) <= len(d.Codes) {
		return d
	}
	b := column.NewText(len(d.Codes))
	for _, code := range d.Codes {
		if code < 0 {
			b.AppendMissing()
		} else {
			b.Append(d.Words[code])
		}
	}
	return b.Column()
}
