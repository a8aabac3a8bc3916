package hdf5

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"sync"
)

// inflaters keeps decompressors, whose tables are large, for the next chunk.
var inflaters sync.Pool

type inflater struct {
	in  bytes.Reader
	out io.ReadCloser
}

// inflate undoes zlib's compression (RFC 1950) into dst, which has room for the want
// bytes that there must be at most; more are an error.
func inflate(dst, src []byte, want int) ([]byte, error) {
	z, _ := inflaters.Get().(*inflater)
	var err error
	if z == nil {
		z = &inflater{}
		z.in.Reset(src)
		z.out, err = zlib.NewReader(&z.in)
	} else {
		z.in.Reset(src)
		err = z.out.(zlib.Resetter).Reset(&z.in, nil)
	}
	if err != nil {
		return nil, damaged("a chunk (gzip) cannot be decompressed: %v", err)
	}
	n, err := io.ReadFull(z.out, dst[:want])
	if err == nil {
		// The end holds a checksum, which is looked at only when the end is read.
		var more [1]byte
		if k, end := z.out.Read(more[:]); k > 0 || !errors.Is(end, io.EOF) {
			return nil, damaged("a chunk (gzip) is longer than it should be or its checksum is wrong")
		}
	} else if !errors.Is(err, io.ErrUnexpectedEOF) || n == 0 {
		return nil, damaged("a chunk (gzip) cannot be decompressed: %v", err)
	}
	inflaters.Put(z)
	return dst[:n], nil
}
