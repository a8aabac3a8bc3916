package csv

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// longest is how long a record may be.
const longest = 64 << 20

// mostColumns is how many columns a file may have.
const mostColumns = 100_000

// prepare finds out the form of the file and the names of its columns.
func (f *file) prepare(ctx context.Context, o Options) error {
	f.opts, f.missing = o, newMissing(o.Missing)
	f.form = form{comma: o.comma(), eol: '\n', comment: o.Comment}
	if err := o.check(); err != nil {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	head := make([]byte, min(f.size, 1<<16))
	if n, err := f.r.ReadAt(head, 0); n < len(head) && err != io.EOF {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	if err := refuseOthers(f.name, head); err != nil {
		return err
	}
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		f.eol = '\r'
	}
	f.start, f.line = 0, 1
	if bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")) {
		f.start = 3
	}
	if err := f.skipLines(ctx, o.Skip); err != nil {
		return err
	}
	return f.header(ctx)
}

// check refuses options that cannot be meant.
func (o Options) check() error {
	switch c := o.comma(); {
	case c == '"' || c == '\n' || c == '\r' || c >= utf8.RuneSelf:
		return fmt.Errorf("the Comma %q cannot stand between fields: give a character of ASCII other than a quote and an end of line", c)
	case o.Comment != 0 && o.Comment == c:
		return fmt.Errorf("Comma and Comment are both %q", c)
	case o.Rows < 0 || o.Skip < 0 || o.Chunk < 0:
		return fmt.Errorf("Rows, Skip and Chunk must not be negative")
	}
	return nil
}

// skipLines passes over the first n lines, without regard to quotes.
func (f *file) skipLines(ctx context.Context, n int) error {
	for range n {
		record, err := f.firstLine(ctx, false)
		if err != nil {
			return err
		}
		if len(record) == 0 {
			return fmt.Errorf("%s has only %d lines: Skip is %d", f.name, f.line-1, n)
		}
		f.start += int64(len(record))
		f.line++
	}
	return nil
}

// header takes the names from the first record that is not blank.
func (f *file) header(ctx context.Context) error {
	for {
		record, err := f.firstLine(ctx, true)
		if err != nil {
			return err
		}
		if len(record) == 0 {
			if f.opts.NoHeader && len(f.opts.Names) > 0 {
				f.names = renamed(f.opts.Names)
				return nil
			}
			return fmt.Errorf("%s is empty: there is no line with the names of columns", f.name)
		}
		if blank := f.isBlank(record, 2); !blank {
			return f.nameColumns(record)
		}
		f.pass(record)
	}
}

func (f *file) pass(record []byte) {
	f.start += int64(len(record))
	f.line += bytes.Count(record, []byte{f.eol})
}

// firstLine is the record at the start, or the line if quotes are not to be regarded; empty
// at the end of the file.
func (f *file) firstLine(ctx context.Context, quotes bool) ([]byte, error) {
	for size := int64(1 << 12); ; size *= 4 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b := make([]byte, min(size, f.size-f.start))
		if n, err := f.r.ReadAt(b, f.start); n < len(b) {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		end, open := -1, -1
		if quotes {
			end, open = f.recordEnd(b, 0)
		} else {
			end = bytes.IndexByte(b, f.eol) + 1
		}
		switch {
		case end > 0:
			return b[:end], nil
		case f.start+int64(len(b)) == f.size && open >= 0:
			return nil, f.unclosed(f.line + bytes.Count(b[:open], []byte{f.eol}))
		case f.start+int64(len(b)) == f.size:
			return b, nil
		case size > longest:
			return nil, f.tooLong(f.line)
		}
	}
}

func (f *file) tooLong(line int) error {
	return fmt.Errorf("%s, line %d: the line has more than %d MB: is this text with a line for each row?", f.name, line, longest>>20)
}

func (f *file) unclosed(line int) error {
	return fmt.Errorf("%s, line %d: a quote (\") that begins here is not closed until the end of the file: close it, or write it twice within quotes", f.name, line)
}

func (f *file) nameColumns(record []byte) error {
	names := f.fields(record)
	if len(names) > mostColumns {
		return fmt.Errorf("%s, line %d: there are %d columns, and at most %d are read: is %q what stands between fields?", f.name, f.line, len(names), mostColumns, f.comma)
	}
	if f.opts.NoHeader {
		for i := range names {
			names[i] = strconv.Itoa(i)
		}
	} else {
		for _, n := range names {
			if !utf8.ValidString(n) || strings.IndexByte(n, 0) >= 0 {
				return fmt.Errorf("%s, line %d: the name %.40q of a column is not UTF-8 text: %s", f.name, f.line, n, advice)
			}
		}
		f.pass(record)
	}
	if own := f.opts.Names; own != nil {
		if len(own) != len(names) {
			return fmt.Errorf("%s, line %d: Names has %d names, but there are %d columns", f.name, f.line, len(own), len(names))
		}
		names = own
	}
	f.names = renamed(names)
	return f.checkNames()
}

// renamed gives columns without a name, and all but the first of the same name, another one:
// Unnamed: 2, x.1, as pandas does.
func renamed(names []string) []string {
	out := make([]string, len(names))
	taken := make(map[string]bool, len(names))
	for _, n := range names {
		taken[n] = true
	}
	first, next := make(map[string]bool, len(names)), make(map[string]int)
	for i, n := range names {
		if n == "" {
			n = "Unnamed: " + strconv.Itoa(i)
		}
		if first[n] {
			base := n
			for taken[n] {
				next[base]++
				n = base + "." + strconv.Itoa(next[base])
			}
			taken[n] = true
		}
		first[n] = true
		out[i] = n
	}
	return out
}

// checkNames refuses Columns and Types of columns that there are not.
func (f *file) checkNames() error {
	places, asked := f.places(), make(map[string]bool)
	for _, n := range f.opts.Columns {
		if _, ok := places[n]; !ok {
			return f.unknown("Columns", n)
		}
		if asked[n] {
			return fmt.Errorf("%s: Columns has %q twice", f.name, n)
		}
		asked[n] = true
	}
	for n := range f.opts.Types {
		if _, ok := places[n]; !ok {
			return f.unknown("Types", n)
		}
	}
	return nil
}

// places are the numbers of the columns by name.
func (f *file) places() map[string]int {
	places := make(map[string]int, len(f.names))
	for i, n := range f.names {
		places[n] = i
	}
	return places
}
