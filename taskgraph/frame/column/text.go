package column

import "math"

// Strings are texts one after the other in Bytes: that of row i goes from Offsets[i] to
// Offsets[i+1]. There is one offset more than there are rows.
type Strings struct {
	Offsets []int64
	Bytes   []byte
	Valid   Bitmap
}

// Dict are texts of which each is in Words once; Codes has the number of its word for each
// row, and -1 where it is missing. No word is missing, and no two words are equal.
type Dict struct {
	Codes []int32
	Words []string
}

func (c Strings) Dtype() Dtype { return String }
func (c Dict) Dtype() Dtype    { return String }

func (c Strings) Len() int { return max(0, len(c.Offsets)-1) }
func (c Dict) Len() int    { return len(c.Codes) }

func (c Strings) Missing() int { return c.Valid.missing(c.Len()) }
func (c Dict) Missing() int {
	n := 0
	for _, code := range c.Codes {
		if code < 0 {
			n++
		}
	}
	return n
}

func (c Strings) IsMissing(row int) bool { return !c.Valid.Has(row) }
func (c Dict) IsMissing(row int) bool    { return c.Codes[row] < 0 }

// Text is the text of a row, "" if it is missing.
func (c Strings) Text(row int) string { return string(c.Bytes[c.Offsets[row]:c.Offsets[row+1]]) }

// Text is the text of a row, "" if it is missing.
func (c Dict) Text(row int) string {
	if code := c.Codes[row]; code >= 0 {
		return c.Words[code]
	}
	return ""
}

func (c Strings) Value(row int) any { return orNil(c.Text(row), c.Valid.Has(row)) }
func (c Dict) Value(row int) any    { return orNil(c.Text(row), c.Codes[row] >= 0) }

func (c Strings) NBytes() int {
	if len(c.Offsets) == 0 {
		return 0
	}
	return 8*len(c.Offsets) + int(c.Offsets[len(c.Offsets)-1]-c.Offsets[0]) + len(c.Valid)
}
func (c Dict) NBytes() int {
	n := 4 * len(c.Codes)
	for _, w := range c.Words {
		n += 16 + len(w)
	}
	return n
}

func (c Strings) Slice(from, to int) Column {
	if to == from {
		return Strings{}
	}
	return Strings{c.Offsets[from : to+1 : to+1], c.Bytes, c.Valid.slice(from, to)}
}
func (c Dict) Slice(from, to int) Column { return Dict{c.Codes[from:to:to], c.Words} }

func (c Strings) Take(rows []int) Column {
	out := Strings{Offsets: make([]int64, 1, len(rows)+1), Valid: c.Valid.take(rows)}
	total := int64(0)
	for _, row := range rows {
		if row >= 0 {
			total += c.Offsets[row+1] - c.Offsets[row]
		}
	}
	out.Bytes = make([]byte, 0, total)
	for _, row := range rows {
		if row >= 0 {
			out.Bytes = append(out.Bytes, c.Bytes[c.Offsets[row]:c.Offsets[row+1]]...)
		}
		out.Offsets = append(out.Offsets, int64(len(out.Bytes)))
	}
	return out
}
func (c Dict) Take(rows []int) Column { return Dict{taken(c.Codes, rows, -1), c.Words} }

// Texts is a column of String, however it is kept.
type Texts interface {
	Column
	Text(row int) string
}

// Encode is the Dict of a column of texts. It fails where there are more than limit
// different words, and then says so.
func Encode(c Texts, limit int) (Dict, bool) {
	if d, ok := c.(Dict); ok {
		return d, true
	}
	d := Dict{Codes: make([]int32, c.Len())}
	codes := make(map[string]int32)
	for row := range d.Codes {
		if c.IsMissing(row) {
			d.Codes[row] = -1
			continue
		}
		text := c.Text(row)
		code, known := codes[text]
		if !known {
			if len(d.Words) == min(limit, math.MaxInt32) {
				return Dict{}, false
			}
			code = int32(len(d.Words))
			d.Words = append(d.Words, text)
			codes[text] = code
		}
		d.Codes[row] = code
	}
	return d, true
}
