package csv

import (
	"context"
	"math"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// table puts the columns together from the parts. A column of texts whose first rows looked
// like numbers is read again where they did.
func (j *job) table(ctx context.Context) (*Table, error) {
	kinds := j.kinds()
	if err := j.rereadTexts(ctx, kinds); err != nil {
		return nil, err
	}
	n := 0
	for _, p := range j.parts {
		n += p.rows
	}
	out := &Table{}
	done := make([]column.Column, len(j.columns))
	for k := range j.columns {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		done[k] = j.column(k, kinds[k], n)
		for i := range j.parts {
			j.parts[i].cells[k] = cell{}
		}
	}
	for _, k := range j.order {
		out.Names = append(out.Names, j.columns[k].name)
		out.Columns = append(out.Columns, done[k])
	}
	return out, nil
}

// kinds are those that have all values of each column.
func (j *job) kinds() []kind {
	out := make([]kind, len(j.columns))
	for k, t := range j.columns {
		out[k] = t.guess
		for _, p := range j.parts {
			out[k] = join(out[k], p.cells[k].found)
		}
	}
	return out
}

// rereadTexts reads the columns of texts again in the blocks where they were taken for
// something else.
func (j *job) rereadTexts(ctx context.Context, kinds []kind) error {
	var blocks []int
	wrong := func(i, k int) bool {
		found := j.parts[i].cells[k].found
		return kinds[k] == text && found != text && found != nothing
	}
	for i := range j.parts {
		for k := range kinds {
			if wrong(i, k) {
				blocks = append(blocks, i)
				break
			}
		}
	}
	return j.each(ctx, len(blocks), func(w *worker, n int) error {
		i := blocks[n]
		bl := j.file.blocks[i]
		if err := w.load(bl); err != nil {
			return err
		}
		var again []*cell
		for k := range kinds {
			if wrong(i, k) {
				c := &j.parts[i].cells[k]
				c.forget()
				w.room(k, c, text, bl)
				again = append(again, c)
			}
		}
		_, err := w.scan(bl, again)
		return err
	})
}

// column is a column of n rows from its cells in all parts.
func (j *job) column(k int, as kind, n int) column.Column {
	t := j.columns[k]
	switch {
	case as == nothing:
		return column.Nothing(column.Float64, n)
	case as == whole:
		return column.Ints{Values: joined(j, k, n, t.ints, func(c *cell) []int64 { return c.ints }, 0), Valid: j.validity(k, n)}
	case as.isTime():
		return column.Times{Values: joined(j, k, n, t.ints, func(c *cell) []int64 { return c.ints }, 0), Valid: j.validity(k, n)}
	case as == truth:
		return column.Bools{Values: joined(j, k, n, t.truths, func(c *cell) []bool { return c.truths }, false), Valid: j.validity(k, n)}
	case as == float:
		return column.Floats{Values: joined(j, k, n, t.floats, (*cell).asFloats, math.NaN())}
	}
	return j.texts(k, n)
}

// joined moves the values of all parts together, in the column's place if there is one: each
// part goes to where it is or further to the front, because there are no more rows than
// lines. A part without values gets missing ones.
func joined[T any](j *job, k, n int, place []T, values func(*cell) []T, missing T) []T {
	if place == nil {
		place = make([]T, n)
	}
	at := 0
	for i := range j.parts {
		p := &j.parts[i]
		out := place[at : at+p.rows]
		if from := values(&p.cells[k]); from != nil {
			if p.rows > 0 && &out[0] != &from[0] { // which most are: to read and write it all again is slow
				copy(out, from)
			}
		} else {
			for row := range out {
				out[row] = missing
			}
		}
		at += p.rows
	}
	return place[:n:n]
}

// asFloats are the values of a cell of numbers.
func (c *cell) asFloats() []float64 {
	if c.ints == nil {
		return c.floats
	}
	out := make([]float64, len(c.ints))
	for row, x := range c.ints {
		out[row] = float64(x)
		if !c.valid.Has(row) {
			out[row] = math.NaN()
		}
	}
	return out
}

// validity is the bitmap of a column that has one, from those of its cells.
func (j *job) validity(k, n int) column.Bitmap {
	var out column.Bitmap
	at := 0
	for i := range j.parts {
		p := &j.parts[i]
		c := &p.cells[k]
		if all := c.found == nothing; all || c.valid != nil || c.codes != nil {
			for row := range p.rows {
				if all || !c.valid.Has(row) || c.codes != nil && c.codes[row] < 0 {
					if out == nil {
						out = column.NewBitmap(n)
					}
					out.Clear(at + row)
				}
			}
		}
		at += p.rows
	}
	return out
}

// texts is a column of texts: a Dict, if all parts are and that takes less memory.
func (j *job) texts(k, n int) column.Column {
	codes, dict := j.columns[k].codes, true
	for i := range j.parts {
		dict = dict && j.parts[i].cells[k].starts == nil
	}
	if dict {
		if codes == nil {
			codes = make([]int32, n)
		}
		if d := j.dict(k, codes); !worthwhile(d) {
			return plain(d)
		} else {
			return d
		}
	}
	out := column.Strings{Offsets: make([]int64, 1, n+1), Valid: j.validity(k, n)}
	for i := range j.parts {
		p := &j.parts[i]
		p.cells[k].addTo(&out, p.rows)
		p.cells[k] = cell{found: p.cells[k].found}
	}
	return out
}

// dict numbers the words anew in the order of rows, whichever goroutine found them, and
// moves the codes together.
func (j *job) dict(k int, codes []int32) column.Dict {
	var words column.Words
	anew := make(map[*column.Words][]int32)
	at := 0
	for i := range j.parts {
		p := &j.parts[i]
		c := &p.cells[k]
		to := anew[c.words]
		if to == nil && c.words != nil {
			to = make([]int32, len(c.words.Words))
			anew[c.words] = to
		}
		for row := range p.rows {
			code := int32(-1)
			if c.codes != nil && c.codes[row] >= 0 {
				old := c.codes[row]
				if to[old] == 0 {
					fresh, _ := words.Code([]byte(c.words.Words[old]))
					to[old] = fresh + 1
				}
				code = to[old] - 1
			}
			codes[at+row] = code
		}
		at += p.rows
	}
	return column.Dict{Codes: codes[:at:at], Words: words.Words}
}

// worthwhile reports whether a Dict takes less than half of the memory of its texts, as
// column.Compact has it.
func worthwhile(d column.Dict) bool {
	n := len(d.Codes)
	if n < 64 || 4*len(d.Words) > n {
		return false
	}
	size := 8 * n
	for _, code := range d.Codes {
		if code >= 0 {
			size += len(d.Words[code])
		}
	}
	return 2*d.NBytes() < size
}

// plain are the texts of a Dict one after the other.
func plain(d column.Dict) column.Strings {
	b := column.NewText(len(d.Codes))
	for row, code := range d.Codes {
		if code < 0 {
			b.AppendMissing()
		} else {
			b.Append(d.Text(row))
		}
	}
	return b.Column()
}

// addTo appends the texts of a cell.
func (c *cell) addTo(out *column.Strings, rows int) {
	if c.codes == nil && c.starts != nil {
		base := int64(len(out.Bytes))
		out.Bytes = append(out.Bytes, c.bytes...)
		for row := 1; row < rows; row++ {
			out.Offsets = append(out.Offsets, base+c.starts[row])
		}
		if rows > 0 {
			out.Offsets = append(out.Offsets, int64(len(out.Bytes)))
		}
		return
	}
	for row := range rows {
		if c.codes != nil && c.codes[row] >= 0 {
			out.Bytes = append(out.Bytes, c.words.Words[c.codes[row]]...)
		}
		out.Offsets = append(out.Offsets, int64(len(out.Bytes)))
	}
}
