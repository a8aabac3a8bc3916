package hdf5

import (
	"bytes"
	"errors"
	"io"
)

var signature = []byte("\x89HDF\r\n\x1a\n")

// openSource finds the superblock in a file of size bytes and reads it: HDF5 File
// Format Specification, section II.A. A file may begin with a block of the user's; its
// length is 512 bytes or a power of two times that.
func openSource(r io.ReaderAt, size int64) (*source, error) {
	return openSourceAs(&source{r: r}, size)
}

func openSourceAs(s *source, size int64) (*source, error) {
	s.head, s.offsetSize, s.lengthSize = make([]byte, min(size, headSize)), 8, 8
	s.end.Store(size)
	if err := s.readFull(s.head, 0); err != nil {
		return nil, err
	}
	for at := int64(0); at+int64(len(signature)) <= size; at = max(512, 2*at) {
		b, err := s.bytes(uint64(at), len(signature))
		if err != nil {
			return nil, err
		}
		if bytes.Equal(b, signature) {
			s.base = at
			return s, s.superblock()
		}
	}
	return nil, errors.New("it is not an HDF5 file: the signature is missing")
}

func (s *source) superblock() error {
	b, err := s.upTo(0, 128)
	if err != nil {
		return err
	}
	c := s.cursor(b)
	c.skip(len(signature))
	s.version = c.u8()
	switch s.version {
	case 0, 1:
		return s.oldSuperblock(c)
	case 2, 3:
		return s.newSuperblock(c, b)
	}
	return unsupported("version %d of the superblock", s.version)
}

func (s *source) oldSuperblock(c *cursor) error {
	c.skip(4)
	if err := s.widths(c.u8(), c.u8()); err != nil {
		return err
	}
	c.skip(1 + 2 + 2 + 4)
	if s.version == 1 {
		c.skip(4)
	}
	// Base address, free space, end of file, driver information; then the root's
	// entry: offset of its (empty) name, address of its header.
	c.skip(5 * s.offsetSize)
	s.root = c.offset()
	return c.err("its superblock")
}

func (s *source) newSuperblock(c *cursor, b []byte) error {
	if err := s.widths(c.u8(), c.u8()); err != nil {
		return err
	}
	c.skip(1 + 3*s.offsetSize)
	s.root = c.offset()
	n := 12 + 4*s.offsetSize
	if c.skip(4); c.short {
		return c.err("its superblock")
	}
	_, err := s.verified(b[:n+4], "its superblock")
	return err
}

func (s *source) widths(offset, length byte) error {
	for _, n := range []byte{offset, length} {
		if n != 2 && n != 4 && n != 8 {
			return unsupported("addresses of %d and lengths of %d bytes", offset, length)
		}
	}
	s.offsetSize, s.lengthSize = int(offset), int(length)
	return nil
}
