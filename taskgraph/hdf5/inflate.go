package hdf5

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"github.com/klauspost/compress/zlib"
)

// inflater is a decompressor with the source that it reads: both are used again, since a
// file has thousands of chunks.
type inflater struct {
	src bytes.Reader
	z   io.ReadCloser // nil before the first chunk
}

var inflaters = sync.Pool{New: func() any { return new(inflater) }}

// inflate decompresses src into dst[:want] and returns what there was, which is want
// bytes at most; more are an error, and so is a wrong checksum.
func inflate(dst, src []byte, want int) ([]byte, error) {
	f := inflaters.Get().(*inflater)
	defer inflaters.Put(f)
	f.src.Reset(src)
	defer f.src.Reset(nil)
	if err := f.begin(); err != nil {
		return nil, damaged("a chunk (gzip) does not begin as compressed data does")
	}
	n, err := io.ReadFull(f.z, dst[:want])
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) && f.ended():
		return dst[:n], nil // shorter
	case err != nil:
		return nil, damaged("a chunk (gzip) cannot be decompressed: %v", err)
	}
	var one [1]byte // reads the checksum too
	switch n, err := f.z.Read(one[:]); {
	case n > 0 || err == nil:
		return nil, damaged("a chunk (gzip) is longer than it should be")
	case !errors.Is(err, io.EOF):
		return nil, damaged("a chunk (gzip) cannot be decompressed: %v", err)
	}
	return dst[:want], nil
}

func (f *inflater) begin() (err error) {
	if f.z == nil {
		f.z, err = zlib.NewReader(&f.src)
		return err
	}
	return f.z.(zlib.Resetter).Reset(&f.src, nil)
}

// ended reports whether the stream came to its own end, and was not cut off.
func (f *inflater) ended() bool {
	_, err := f.z.Read(make([]byte, 1))
	return errors.Is(err, io.EOF)
}
