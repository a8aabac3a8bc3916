package csv

import (
	"bytes"
	"context"
	"fmt"
	"io"
)

// split cuts the rows into blocks, at ends of records. It reads the file once from front to
// back and does no more than count quotes and ends of lines, which goes at the speed of
// memory; then each block can be scanned by itself, to a place that is known.
func (f *file) split(ctx context.Context) error {
	f.blocks, f.lines = nil, 0
	buffer := make([]byte, f.chunk())
	at, line, left := f.start, f.line, f.opts.Rows
	for at < f.size {
		if err := ctx.Err(); err != nil {
			return err
		}
		b := buffer[:min(int64(len(buffer)), f.size-at)]
		if n, err := f.r.ReadAt(b, at); n < len(b) {
			if err == io.EOF {
				return fmt.Errorf("%s has become shorter while it was read: read it again when the program that writes it is done", f.name)
			}
			return fmt.Errorf("%s: %w", f.name, err)
		}
		bl, err := f.blockOf(b, at, line)
		if err != nil {
			return err
		}
		if bl.size == 0 { // not one whole record
			if len(buffer) >= longest {
				return f.tooLong(line)
			}
			buffer = make([]byte, 2*len(buffer))
			continue
		}
		if f.opts.Rows > 0 {
			f.cutRows(&bl, b[:bl.size], &left)
		}
		bl.row = f.lines
		f.blocks, f.lines = append(f.blocks, bl), f.lines+bl.lines
		if f.opts.Rows > 0 && left == 0 {
			return nil
		}
		at, line = at+int64(bl.size), line+bl.lines
	}
	return nil
}

// chunk is how many bytes a block has: some dozens of lines at least.
func (f *file) chunk() int {
	size := f.opts.Chunk
	if size == 0 {
		size = max(256<<10, 64*len(f.names))
	}
	return int(min(int64(size), max(f.size-f.start, 1)))
}

// blockOf is the block of the whole records that b begins with.
func (f *file) blockOf(b []byte, at int64, line int) (block, error) {
	bl := block{at: at, line: line, quoted: bytes.IndexByte(b, '"') >= 0}
	end, open := f.lastEnd(b, bl.quoted)
	if at+int64(len(b)) == f.size {
		if open >= 0 {
			return bl, f.unclosed(line + bytes.Count(b[:open], []byte{f.eol}))
		}
		end = len(b)
	}
	bl.size, bl.lines = end, bytes.Count(b[:end], []byte{f.eol})
	if end > 0 && b[end-1] != f.eol {
		bl.lines++
	}
	return bl, nil
}

// cutRows makes a block shorter where the rows that are left to read end, and counts down.
func (f *file) cutRows(bl *block, b []byte, left *int) {
	for at := 0; at < len(b); {
		end, _ := f.recordEnd(b, at)
		if end < 0 {
			end = len(b)
		}
		if !f.isBlank(b[at:end], len(f.names)) {
			*left--
		}
		at = end
		if *left == 0 {
			bl.size, bl.lines = at, bytes.Count(b[:at], []byte{f.eol})
			if b[at-1] != f.eol {
				bl.lines++
			}
			return
		}
	}
}
