package jsonlines

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// Read reads a file. A file without lines gives a table without columns. Every error names
// the file, and the line where it is about one; ctx stops the reading within milliseconds,
// with its error.
func Read(ctx context.Context, path string, o Options) (*Table, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no file %s: look at the folder and the spelling: %w", path, fs.ErrNotExist)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a folder: give a file in it", path)
	}
	return ReadFrom(ctx, f, path, o)
}

// ReadFrom reads a stream to its end; name is what errors call it. No more of the text than
// a block for each goroutine is held in memory.
func ReadFrom(ctx context.Context, r io.Reader, name string, o Options) (*Table, error) {
	if o.Rows < 0 || o.Chunk < 0 {
		return nil, fmt.Errorf("%s: Rows and Chunk must not be negative", name)
	}
	s := &source{ctx: ctx, r: r, name: name, opts: o, line: 1, left: o.Rows}
	if o.Columns != nil {
		s.only = make(map[string]bool)
		for _, c := range o.Columns {
			s.only[c] = true
		}
	}
	var group sync.WaitGroup
	for range o.workers() {
		group.Go(s.work)
	}
	group.Wait()
	if s.err != nil {
		return nil, s.err
	}
	return s.table()
}

// source gives out the blocks of a stream, and collects what they hold. The lock is held
// while a block is read, and not while it is parsed.
type source struct {
	ctx  context.Context
	r    io.Reader
	name string
	opts Options
	only map[string]bool

	lock  sync.Mutex
	rest  []byte // of a line that the last block did not have as a whole
	line  int    // of the next block
	left  int    // rows to read, if Rows is set
	done  bool
	parts []*part
	err   error
	where int // the block that has err
}

// part is a block: its text until it is parsed, then its columns.
type part struct {
	number int
	line   int
	ends   int // of lines in the text
	text   []byte
	rows   int
	cells  []*cell
}

// longest is how long a line may be.
const longest = 64 << 20

func (s *source) work() {
	var buffer []byte
	for {
		p := s.take(&buffer)
		if p == nil {
			return
		}
		if err := s.parse(p); err != nil {
			s.fail(p.number, err)
			return
		}
		p.text = nil
	}
}

// fail keeps the error of the first block that has one.
func (s *source) fail(number int, err error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.err == nil || number < s.where {
		s.err, s.where = err, number
	}
	s.done = true
}

// take reads the next block into a buffer; nil if there are no more.
func (s *source) take(buffer *[]byte) *part {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.done {
		return nil
	}
	p := &part{number: len(s.parts), line: s.line}
	err := s.fill(p, buffer)
	if err != nil {
		if s.err == nil {
			s.err, s.where = err, p.number
		}
		s.done = true
		return nil
	}
	if len(p.text) == 0 {
		return nil
	}
	if s.opts.Rows > 0 {
		p.text = s.cutRows(p.text)
	}
	p.ends = bytes.Count(p.text, []byte{'\n'})
	s.line += p.ends
	s.parts = append(s.parts, p)
	return p
}

// fill reads until there is a whole line, or the end.
func (s *source) fill(p *part, buffer *[]byte) error {
	chunk := s.opts.Chunk
	if chunk == 0 {
		chunk = 256 << 10
	}
	b := append((*buffer)[:0], s.rest...)
	defer func() { *buffer = b }()
	for from := 0; ; {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		b = slices.Grow(b, chunk)
		n, err := io.ReadFull(s.r, b[len(b):len(b)+chunk])
		from = len(b)
		b = b[:from+n]
		if p.number == 0 && from == 0 {
			if err := refuse(s.name, b); err != nil {
				return err
			}
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			s.done, p.text, s.rest = true, b, nil
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if end := bytes.LastIndexByte(b[from:], '\n'); end >= 0 {
			end += from + 1
			p.text, s.rest = b[:end], append([]byte(nil), b[end:]...)
			return nil
		}
		if len(b) > longest {
			return fmt.Errorf("%s, line %d: the line has more than %d MB: is this a file with an object on each line?", s.name, s.line, longest>>20)
		}
	}
}

// refuse names files that are not JSON lines by what they begin with.
func refuse(name string, head []byte) error {
	for _, s := range []struct{ begin, is string }{
		{"\x1f\x8b", "is packed with gzip: unpack it (gunzip)"},
		{"PK\x03\x04", "is a zip archive: unpack it"},
		{"\x89HDF", "is an HDF5 file: read it with hdf5.OpenFile"},
		{"\xFF\xFE", "is text in UTF-16: save it as UTF-8"},
		{"\xFE\xFF", "is text in UTF-16: save it as UTF-8"},
	} {
		if bytes.HasPrefix(head, []byte(s.begin)) {
			return fmt.Errorf("%s %s", name, s.is)
		}
	}
	return nil
}

// cutRows leaves no more lines than are to be read.
func (s *source) cutRows(b []byte) []byte {
	for at := 0; at < len(b); {
		end := lineEnd(b, at)
		if len(bytes.TrimSpace(b[at:end])) > 0 {
			s.left--
		}
		if at = end; s.left == 0 {
			s.done = true
			return b[:at]
		}
	}
	return b
}

// lineEnd is where the line after the one that begins at begins.
func lineEnd(b []byte, at int) int {
	if n := bytes.IndexByte(b[at:], '\n'); n >= 0 {
		return at + n + 1
	}
	return len(b)
}

// parse parses the lines of a block.
func (s *source) parse(p *part) error {
	q := parser{byKey: make(map[string]*cell), only: s.only, types: s.opts.Types, hint: p.ends + 1, line: p.line}
	b := p.text
	if p.number == 0 {
		b = bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF"))
	}
	for at := 0; at < len(b); q.line++ {
		end := lineEnd(b, at)
		q.b = b[at:end]
		at = end
		if q.isBlank() {
			continue
		}
		if err := q.object(); err != nil {
			return fmt.Errorf("%s, line %d: %w", s.name, q.line, err)
		}
		q.row++
	}
	p.rows, p.cells = q.row, q.cells
	return nil
}

// isBlank reports whether there is nothing but spaces on the line.
func (p *parser) isBlank() bool { return len(bytes.TrimSpace(p.b)) == 0 }

// known are the keys of all blocks in the order of first appearance, or those asked for. A
// key that no line has is an error, unless there are no lines.
func (s *source) known() ([]string, error) {
	var names []string
	seen := make(map[string]bool)
	for _, p := range s.parts {
		for _, c := range p.cells {
			if !seen[c.name] {
				seen[c.name] = true
				names = append(names, c.name)
			}
		}
	}
	for _, asked := range s.opts.Columns {
		if !seen[asked] {
			return nil, fmt.Errorf("%s: no line has the key %q, which Columns asks for", s.name, asked)
		}
	}
	for asked := range s.opts.Types {
		if !seen[asked] && (s.only == nil || s.only[asked]) {
			return nil, fmt.Errorf("%s: no line has the key %q, which Types asks for: there are %s", s.name, asked, strings.Join(names[:min(len(names), 12)], ", "))
		}
	}
	if s.opts.Columns != nil {
		return s.opts.Columns, nil
	}
	return names, nil
}

func (s *source) table() (*Table, error) {
	names, err := s.known()
	if err != nil {
		return nil, err
	}
	byKey := make([]map[string]*cell, len(s.parts))
	for i, p := range s.parts {
		byKey[i] = make(map[string]*cell, len(p.cells))
		for _, c := range p.cells {
			byKey[i][c.name] = c
		}
	}
	out := &Table{Names: slices.Clone(names)}
	for _, name := range names {
		cells := make([]*cell, len(s.parts))
		for i := range s.parts {
			cells[i] = byKey[i][name]
			delete(byKey[i], name)
		}
		c, err := s.join(name, cells)
		if err != nil {
			return nil, err
		}
		out.Columns = append(out.Columns, c)
	}
	return out, nil
}

// join is the column of a key from the cells of all blocks.
func (s *source) join(name string, cells []*cell) (column.Column, error) {
	mode := nothing
	var first *cell
	form := column.NoTime
	for _, c := range cells {
		if c == nil || c.mode == nothing {
			continue
		}
		if first == nil {
			first, mode, form = c, c.mode, c.form
			continue
		}
		switch {
		case c.mode == mode && c.form == form:
		case c.mode <= float && mode <= float:
			mode = float
		case c.mode >= moment && mode >= moment:
			mode, form = text, column.NoTime
		default:
			return nil, fmt.Errorf("%s, line %d: key %q has a %s, but a %s in line %d: ask for column.String in Types to take both as texts", s.name, c.first, name, kindNames[c.mode], kindNames[first.mode], first.first)
		}
	}
	parts := make([]column.Column, len(cells))
	for i, c := range cells {
		parts[i] = c.column(s.parts[i].rows, mode, s.opts.Types[name])
	}
	out, err := column.Concat(parts...)
	if texts, ok := out.(column.Texts); ok {
		return column.Compact(texts), err
	}
	return out, err
}
