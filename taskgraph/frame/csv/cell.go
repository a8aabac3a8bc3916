package csv

import (
	"bytes"
	"math"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// cell holds the values of one column in one block: where they go while the block is
// scanned, and what they turned out to be.
type cell struct {
	place int    // the number of the column in the file
	name  string //
	asked bool   // the type is the caller's: other values are errors
	mode  kind   // what is stored; nothing: values are only classified
	found kind   // the kind of all values; the same as mode, unless that was wrong

	ints   []int64 // of whole and of times
	floats []float64
	truths []bool
	codes  []int32 // of text in a dictionary
	words  *column.Words
	bytes  []byte  // of text beside each other
	starts []int64 // where the text of each row begins
	valid  column.Bitmap
}

// miss makes the value of a row a missing one.
func (c *cell) miss(row int) {
	switch {
	case c.mode == nothing:
		return
	case c.mode == float:
		c.floats[row] = math.NaN()
		return
	case c.mode == text && c.codes != nil:
		c.codes[row] = -1
		return
	case c.mode == text:
		c.appendText(row, nil)
	case c.mode == truth:
		c.truths[row] = false
	default:
		c.ints[row] = 0
	}
	if c.valid == nil {
		c.valid = column.NewBitmap(c.rows())
	}
	c.valid.Clear(row)
}

// rows is how many there is room for.
func (c *cell) rows() int {
	return max(len(c.ints), len(c.truths), cap(c.starts))
}

// appendText adds the text of a row, which is the next one.
func (c *cell) appendText(row int, field []byte) {
	c.starts = append(c.starts[:row], int64(len(c.bytes)))
	c.bytes = append(c.bytes, field...)
}

// put stores a value that is not missing, and reports whether it is of the kind that is
// stored. Texts are not its part.
func (c *cell) put(row int, field []byte) (ok bool) {
	switch c.mode {
	case nothing:
		if c.found != text {
			c.found = join(c.found, classify(field))
		}
		return true
	case whole:
		c.ints[row], ok = column.ParseInt(bytes.TrimSpace(field))
	case float:
		c.floats[row], ok = column.ParseFloat(bytes.TrimSpace(field))
	case truth:
		c.truths[row], ok = column.ParseBool(field)
		if !ok && c.asked && len(field) == 1 && (field[0] == '0' || field[0] == '1') {
			c.truths[row], ok = field[0] == '1', true
		}
	case date, clock, zoned, moment:
		ok = c.putTime(row, bytes.TrimSpace(field))
	}
	return ok
}

func (c *cell) putTime(row int, field []byte) bool {
	ns, form := column.ParseTime(field)
	c.ints[row] = ns
	switch form {
	case column.NoTime:
		return false
	case column.DateOnly:
		return c.mode == date || c.mode == moment
	case column.Clock:
		return c.mode == clock || c.mode == moment
	}
	return c.mode == zoned || c.mode == moment
}
