package csv

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// scan goes once through the rows of a block, and puts the values of some columns in place.
// Its loop does not look for the fields first: the number parsers stop at what is no digit,
// and if that is the comma, the field is done. What they do not take (a missing value, a
// quote, an exponent, a text in a column of numbers) goes to slow.
type scan struct {
	form
	file    *file
	text    []byte // whole records, each with its end, and pad bytes behind them
	size    int    // of the records
	line    int    // the number of the first line
	quoted  bool   // there are quotes
	steps   []step
	rows    int // done
	scratch []byte
	commas  uint64 // the comma, eight times
	ends    uint64 // the end of line, eight times
}

// step is what happens to the next fields of a row: skip fields without a cell, or one with.
type step struct {
	cell *cell
	skip int
	last bool // nothing follows
}

// stepsFor are the steps to some columns of a file, which are in the order of the file.
func stepsFor(cells []*cell, columns int) []step {
	var steps []step
	at := 0
	for _, c := range cells {
		if c.place > at {
			steps = append(steps, step{skip: c.place - at})
		}
		steps = append(steps, step{cell: c})
		at = c.place + 1
	}
	if at < columns {
		steps = append(steps, step{skip: columns - at})
	}
	steps[len(steps)-1].last = true
	return steps
}

// run scans all rows. A row with too few or too many fields is an error, and so is a value
// that is not of a type that was asked for.
func (s *scan) run() error {
	s.rows = 0
	s.commas, s.ends = ones*uint64(s.comma), ones*uint64(s.eol)
	for at := 0; at < s.size; {
		switch c := s.text[at]; {
		case c == s.eol:
			at++
			continue
		case c == ' ' || c == '\t' || c == '\r' || c == s.comment && c != 0:
			if end := s.recordAt(at); s.isBlank(s.text[at:end], len(s.file.names)) {
				at = end
				continue
			}
		}
		next, err := s.row(at)
		if err != nil {
			return err
		}
		if next < 0 {
			return s.ragged(at, s.recordAt(at))
		}
		at = next
		s.rows++
	}
	return nil
}

// recordAt is the end of the record that begins at.
func (s *scan) recordAt(at int) int {
	end, _ := s.recordEnd(s.text[:s.size], at)
	if end < 0 {
		return s.size
	}
	return end
}

// row scans a row and gives where the next begins; -1 if it has not as many fields as the
// header.
func (s *scan) row(at int) (next int, err error) {
	b, comma, eol, row := s.text, s.comma, s.eol, s.rows
	for i := range s.steps {
		st := &s.steps[i]
		c := st.cell
		if c == nil {
			if at = s.skip(at, st.skip, st.last); at < 0 {
				return -1, nil
			}
		} else {
			next := at
			switch c.mode {
			case float:
				c.floats[row], next = scanFloat(b, at)
				if next == at && (b[at] == comma || b[at] == eol) {
					c.floats[row] = math.NaN()
					next = -1
				}
			case whole:
				c.ints[row], next = scanInt(b, at)
			case text:
				if next, err = s.word(c, row, at); err != nil {
					return 0, err
				}
			}
			switch {
			case next < 0: // an empty field
			case next > at && (b[next] == comma || b[next] == eol || b[next] == '\r' && b[next+1] == eol):
				at = next
			default:
				if at, err = s.slow(c, row, at); err != nil {
					return 0, err
				}
			}
		}
		if !st.last {
			if b[at] != comma {
				return -1, nil
			}
			at++
		}
	}
	if b[at] == '\r' && eol == '\n' {
		at++
	}
	if b[at] != eol {
		return -1, nil
	}
	return at + 1, nil
}

// skip passes n fields and stops at the comma or end of line after them; -1 if they are not
// there.
func (s *scan) skip(at, n int, last bool) int {
	if !s.quoted {
		if last {
			commas, end := countCommas(s.text, at, s.commas, s.ends)
			if commas != n-1 {
				return -1
			}
			return end
		}
		next := skipCommas(s.text, at, n, s.commas, s.ends)
		return max(next-1, -1)
	}
	for ; ; at++ {
		_, at = s.field(s.text, at, &s.scratch)
		if n--; n == 0 {
			return at
		}
		if s.text[at] != s.comma {
			return -1
		}
	}
}

// word puts the code of a short text without quotes in its place, and gives where it ends;
// at itself, if it is not such a one.
func (s *scan) word(c *cell, row, at int) (next int, err error) {
	if c.codes == nil || s.text[at] == '"' {
		return at, nil
	}
	w := binary.LittleEndian.Uint64(s.text[at:])
	stops := equal(w, s.commas) | equal(w, s.ends)
	n := bits.TrailingZeros64(stops) >> 3
	if n == 8 || n == 0 || s.text[at+n-1] == '\r' || s.file.missing.mayBe(s.text[at], n) {
		return at, nil
	}
	code, isNew := c.words.CodeShort(column.ShortKey(w, n))
	if isNew {
		if err := s.checkText(c, s.text[at:at+n], at); err != nil {
			return 0, err
		}
	}
	c.codes[row] = code
	return at + n, nil
}

// slow puts the value of any field in its place, and gives where the field ends.
func (s *scan) slow(c *cell, row, at int) (next int, err error) {
	var field []byte
	if s.text[at] == '"' {
		field, next = s.field(s.text, at, &s.scratch)
	} else {
		next = bareEnd(s.text, at, s.commas, s.ends)
		field = s.cut(s.text, at, next)
	}
	if s.file.missing.is(field) {
		c.miss(row)
		return next, nil
	}
	if c.put(row, field) {
		return next, nil
	}
	if c.mode == text {
		return next, s.putText(c, row, field, at)
	}
	if c.asked {
		return 0, s.wrongType(c, field, at)
	}
	// Another kind than thought: the rest of the block is only looked at, and read again.
	c.found, c.mode = join(c.found, classify(field)), nothing
	return next, nil
}

// putText adds a text that is checked for being one.
func (s *scan) putText(c *cell, row int, field []byte, at int) error {
	if c.codes == nil {
		if err := s.checkText(c, field, at); err != nil {
			return err
		}
		c.appendText(row, field)
		return nil
	}
	code, isNew := c.words.Code(field)
	c.codes[row] = code
	if isNew {
		return s.checkText(c, field, at)
	}
	return nil
}

// lineAt is the number of the line of a place in the text.
func (s *scan) lineAt(at int) int {
	return s.line + bytes.Count(s.text[:at], []byte{s.eol})
}
