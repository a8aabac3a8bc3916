package csv

import (
	"bytes"
	"context"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// seen is how much of a file Schema looks at, at its beginning and at its end.
const seen = 1 << 17

// Schema are the names and types that Read would give a file's columns, as far as the first
// and the last 128 KiB of it tell; a value in between may make a column another type. Rows
// that are wrong are not reported.
func Schema(ctx context.Context, path string, o Options) (names []string, types []column.Dtype, err error) {
	f, done, err := openPath(ctx, path, o)
	if done != nil {
		defer done()
	}
	if err != nil {
		return nil, nil, err
	}
	j, err := f.newJob()
	if err != nil {
		return nil, nil, err
	}
	if err := j.look(f.start, true); err != nil {
		return nil, nil, err
	}
	if f.size-f.start > seen && o.Rows == 0 {
		if err := j.look(max(f.start+seen, f.size-seen), false); err != nil {
			return nil, nil, err
		}
	}
	for _, k := range j.order {
		names = append(names, j.columns[k].name)
		types = append(types, kind(j.columns[k].now.Load()).dtype())
	}
	return names, types, nil
}

// look joins the kinds of the rows in so much to what is known. If it is not known that a
// record begins there, it begins behind the next end of line; where that is within quotes,
// rows have another number of fields, and are no longer looked at.
func (j *job) look(at int64, atRecord bool) error {
	f := j.file
	size := int(min(seen, f.size-at))
	if size <= 0 {
		return nil
	}
	b, err := f.readBlock(block{at: at, size: size}, nil)
	if err != nil {
		return err
	}
	if !atRecord {
		cut := bytes.IndexByte(b, f.eol) + 1
		b = append(b[cut:], make([]byte, pad)...)[:len(b)-cut]
	}
	quoted := bytes.IndexByte(b, '"') >= 0
	end := len(b)
	if at+int64(size) < f.size {
		end, _ = f.lastEnd(b, quoted)
	}
	if f.opts.Rows > 0 {
		bl, left := block{size: end}, f.opts.Rows
		f.cutRows(&bl, b[:end], &left)
		end = bl.size
	}
	cells := j.lookOnly(b, end, quoted)
	for k, t := range j.columns {
		if !t.asked {
			widen(&t.now, cells[k].found)
		}
	}
	return nil
}
