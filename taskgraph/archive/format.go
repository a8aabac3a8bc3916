package archive

import (
	"bytes"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// formats are told by how files begin. open undoes compression; those without it are refused.
var formats = []struct {
	name, start string
	open        func(io.Reader) (io.ReadCloser, error)
}{
	{"gzip", "\x1f\x8b", func(r io.Reader) (io.ReadCloser, error) { return gzip.NewReader(r) }},
	{"bzip2", "BZh", func(r io.Reader) (io.ReadCloser, error) { return io.NopCloser(bzip2.NewReader(r)), nil }},
	{"Zstandard", "\x28\xb5\x2f\xfd", func(r io.Reader) (io.ReadCloser, error) {
		d, err := zstd.NewReader(r, window, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	}},
	{name: "xz", start: "\xfd7zXZ\x00"},
	{name: "lzip", start: "LZIP"},
	{name: "compress (.Z)", start: "\x1f\x9d"},
	{name: "lz4", start: "\x04\x22\x4d\x18"},
	{name: "7z", start: "7z\xbc\xaf\x27\x1c"},
	{name: "RAR", start: "Rar!\x1a\x07"},
}

// window bounds the memory that a Zstandard frame may ask for, at what zstd --long=27 writes.
var window = zstd.WithDecoderMaxWindow(128 << 20)

// unpack reads the whole archive into the hidden folder.
func (x *extraction) unpack(f *os.File) error {
	start := make([]byte, 8)
	n, err := f.ReadAt(start, 0)
	if err != nil && err != io.EOF {
		return fmt.Errorf("the archive cannot be read: %w", err)
	}
	if n == 0 {
		return fmt.Errorf("%s is an empty file, and no archive", x.path)
	}
	if start = start[:n]; bytes.HasPrefix(start, []byte("PK\x03\x04")) || bytes.HasPrefix(start, []byte("PK\x05\x06")) {
		return x.unzip(f)
	}
	for _, format := range formats {
		if !strings.HasPrefix(string(start), format.start) {
			continue
		}
		if format.open == nil {
			return fmt.Errorf("%s is packed with %s, which archive does not read: tar (also with gzip, bzip2 or Zstandard) and zip it does", x.path, format.name)
		}
		r, err := format.open(f)
		if err != nil {
			return x.broken(err)
		}
		defer r.Close()
		return x.untar(&stream{x: x, r: r}, format.name)
	}
	return x.untar(&stream{x: x, r: f}, "")
}

// stream is what comes out of decompression. It ends with the context and at the limits.
type stream struct {
	x *extraction
	r io.Reader
	n int64
}

func (s *stream) Read(p []byte) (int, error) {
	if err := s.x.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.r.Read(p)
	s.n += int64(n)
	s.x.unpacked += int64(n)
	if why := s.x.limits.exceeded(s.x.unpacked, s.x.packed); why != "" {
		return n, s.x.refuse(s.x.current, "%s", why)
	}
	return n, err
}

// broken makes the error for an archive that cannot be read to its end.
func (x *extraction) broken(err error) error {
	var refused *refusal
	where := "before its first entry"
	if x.current != "" {
		where = fmt.Sprintf("in or after its entry %q", short(x.current))
	}
	switch {
	case errors.As(err, &refused):
		return refused
	case x.ctx.Err() != nil:
		return fmt.Errorf("%s: extracting was stopped: %w; nothing was extracted", x.path, x.ctx.Err())
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		return fmt.Errorf("%s is cut off %s; nothing was extracted. Was it downloaded to its end?", x.path, where)
	}
	return fmt.Errorf("%s is damaged %s: %w; nothing was extracted", x.path, where, err)
}
