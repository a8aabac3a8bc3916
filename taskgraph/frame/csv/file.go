package csv

import (
	"bytes"
	"compress/bzip2"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/klauspost/compress/gzip"
)

// file is a text in places: where its header is, and where the blocks of its rows are.
type file struct {
	form
	name    string
	r       io.ReaderAt
	size    int64
	opts    Options
	missing *missing
	names   []string // of all columns
	start   int64    // of the first row
	line    int      // number of the line there
	blocks  []block
	lines   int // of all blocks
}

// block is a stretch of whole records.
type block struct {
	at     int64
	size   int
	line   int // number of the first line
	row    int // lines in the blocks before: its rows get the places from there on
	lines  int // ends of lines, at least as many as rows
	quoted bool
}

// openPath opens a file. A compressed one is unpacked in memory, because blocks are read
// from any place of it.
func openPath(ctx context.Context, path string, o Options) (*file, func() error, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, openError(path, err)
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s is a folder: give a file in it, or a pattern such as %s/*.csv where several are read", path, path)
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	head := make([]byte, 4)
	n, _ := f.ReadAt(head, 0)
	if info.Mode().IsRegular() && !isPacked(head[:n]) {
		out := &file{name: path, r: f, size: info.Size()}
		return out, f.Close, out.prepare(ctx, o)
	}
	defer f.Close()
	out, err := fromReader(ctx, f, path, o)
	return out, func() error { return nil }, err
}

func openError(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no file %s: look at the folder and the spelling: %w", path, fs.ErrNotExist)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("the file %s may not be read by you: change its permissions (chmod +r): %w", path, fs.ErrPermission)
	}
	return err
}

func isPacked(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\x1f\x8b")) || bytes.HasPrefix(head, []byte("BZh"))
}

// fromReader takes all of a stream into memory.
func fromReader(ctx context.Context, r io.Reader, name string, o Options) (*file, error) {
	all, err := readAll(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if isPacked(all) {
		if all, err = unpack(ctx, all); err != nil {
			return nil, fmt.Errorf("%s: the file cannot be unpacked: %w: it may be cut short; copy it anew", name, err)
		}
	}
	f := &file{name: name, r: bytes.NewReader(all), size: int64(len(all))}
	return f, f.prepare(ctx, o)
}

func unpack(ctx context.Context, all []byte) ([]byte, error) {
	if all[0] == 'B' {
		return readAll(ctx, bzip2.NewReader(bytes.NewReader(all)))
	}
	z, err := gzip.NewReader(bytes.NewReader(all))
	if err != nil {
		return nil, err
	}
	return readAll(ctx, z)
}

// readAll is io.ReadAll until ctx ends.
func readAll(ctx context.Context, r io.Reader) ([]byte, error) {
	return io.ReadAll(untilDone{ctx, r})
}

type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}

// readBlock reads the bytes of a block into buffer, which it makes larger where it is too
// small; an end of line is added to a last line without one, and room for the loops.
func (f *file) readBlock(bl block, buffer []byte) ([]byte, error) {
	if cap(buffer) < bl.size+1+pad {
		buffer = make([]byte, 0, bl.size+1+pad)
	}
	buffer = buffer[:bl.size]
	if n, err := f.r.ReadAt(buffer, bl.at); n < bl.size {
		if err == io.EOF {
			return nil, fmt.Errorf("%s has become shorter while it was read: read it again when the program that writes it is done", f.name)
		}
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	if n := len(buffer); n == 0 || buffer[n-1] != f.eol {
		buffer = append(buffer, f.eol)
	}
	clear(buffer[len(buffer) : len(buffer)+pad])
	return buffer, nil
}
