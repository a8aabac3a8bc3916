package hdf5

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"sync/atomic"
)

// undefined is the address that points nowhere: all bits set, however wide the file's
// addresses are.
const undefined = math.MaxUint64

// headSize is how much of a file is read when it is opened. Small files keep all that
// describes them there, so that opening a dataset costs no further call of the system.
const headSize = 4096

// source is a file that is read by address. Nothing in it changes after it was opened,
// except that the size of a file that is being written grows; so any number of
// goroutines may read.
type source struct {
	r    io.ReaderAt
	head []byte // of a file that is only read: its first bytes
	end  atomic.Int64
	base int64 // where address 0 is: behind a user block, if there is one

	offsetSize, lengthSize int // bytes of an address and of a length
	root                   uint64
	version                byte // of the superblock
	unchecked              bool // tests look behind wrong checksums
}

// size is the number of bytes from address 0 to the end of the file.
func (s *source) size() int64 { return s.end.Load() - s.base }

// allowance is how many bytes may be made of the file without being asked for them in so
// many words: what deflate at its best can make of it, and something for small files.
func (s *source) allowance() int64 { return allowanceOf(s.size()) }

func allowanceOf(size int64) int64 {
	const small = 64 << 20
	if size > (math.MaxInt64-small)/1100 {
		return math.MaxInt64
	}
	return small + 1100*size
}

// check reports whether n bytes at addr are in the file.
func (s *source) check(addr uint64, n int64) error {
	if addr == undefined {
		return errors.New("an address is missing where one is needed; the file is damaged")
	}
	if n < 0 || addr > uint64(s.size()) || uint64(n) > uint64(s.size())-addr {
		return fmt.Errorf("%d bytes at address %d are beyond its end (%d bytes); the file is cut short or damaged", n, addr, s.size())
	}
	return nil
}

// bytes returns n bytes at addr, which the caller must not change.
func (s *source) bytes(addr uint64, n int) ([]byte, error) {
	if err := s.check(addr, int64(n)); err != nil {
		return nil, err
	}
	if at := int64(addr) + s.base; at+int64(n) <= int64(len(s.head)) {
		return s.head[at : at+int64(n) : at+int64(n)], nil
	}
	b := make([]byte, n)
	return b, s.readFull(b, addr)
}

// readFull fills b from addr.
func (s *source) readFull(b []byte, addr uint64) error {
	if err := s.check(addr, int64(len(b))); err != nil {
		return err
	}
	n, err := s.r.ReadAt(b, int64(addr)+s.base)
	if n == len(b) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("reading %d bytes at address %d: %w", len(b), addr, err)
}

// upTo returns at most n bytes at addr, fewer where the file ends.
func (s *source) upTo(addr uint64, n int) ([]byte, error) {
	if left := s.size() - int64(min(addr, math.MaxInt64)); addr != undefined && left > 0 && left < int64(n) {
		n = int(left)
	}
	return s.bytes(addr, n)
}

// cursor reads one structure of a file front to back. It never fails in the middle: what
// is beyond the end reads as zero, and err tells at the end of a structure.
type cursor struct {
	s     *source
	b     []byte
	short bool
}

func (s *source) cursor(b []byte) *cursor { return &cursor{s: s, b: b} }

// at is a cursor over n bytes at addr.
func (s *source) at(addr uint64, n int) (*cursor, error) {
	b, err := s.bytes(addr, n)
	return s.cursor(b), err
}

// take returns the next n bytes, or nil when there are not as many.
func (c *cursor) take(n int) []byte {
	if n < 0 || n > len(c.b) {
		c.short = true
		c.b = nil
		return nil
	}
	b := c.b[:n:n]
	c.b = c.b[n:]
	return b
}

func (c *cursor) skip(n int) { c.take(n) }

// uint reads an unsigned little-endian number of n <= 8 bytes.
func (c *cursor) uint(n int) uint64 {
	b := c.take(n)
	if len(b) == 8 {
		return binary.LittleEndian.Uint64(b)
	}
	var v uint64
	for i := len(b) - 1; i >= 0; i-- {
		v = v<<8 | uint64(b[i])
	}
	return v
}

func (c *cursor) u8() byte    { return byte(c.uint(1)) }
func (c *cursor) u16() uint16 { return uint16(c.uint(2)) }
func (c *cursor) u32() uint32 { return uint32(c.uint(4)) }

// length reads a length in the file's width.
func (c *cursor) length() uint64 { return c.uint(c.s.lengthSize) }

// offset reads an address in the file's width.
func (c *cursor) offset() uint64 {
	v := c.uint(c.s.offsetSize)
	if n := c.s.offsetSize; n < 8 && v == 1<<(8*n)-1 {
		return undefined
	}
	return v
}

// expect reads a signature of four bytes.
func (c *cursor) expect(signature string) bool { return string(c.take(4)) == signature }

// name reads up to a zero byte; padded names fill up to a multiple of 8 bytes.
func (c *cursor) name(padded bool) string {
	for i, b := range c.b {
		if b == 0 {
			name := string(c.b[:i])
			n := i + 1
			if padded {
				n = (n + 7) &^ 7
			}
			c.skip(n)
			return name
		}
	}
	c.short = true
	c.b = nil
	return ""
}

// err tells whether the structure was complete.
func (c *cursor) err(what string) error {
	if c.short {
		return fmt.Errorf("%s ends too early; the file is damaged", what)
	}
	return nil
}

// damaged is the error of a structure that is not what it should be.
func damaged(format string, args ...any) error {
	return fmt.Errorf(format+"; the file is damaged", args...)
}

// unsupported is the error of a feature that this package does without.
func unsupported(format string, args ...any) error {
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), errors.ErrUnsupported)
}

// walk is one tour through the nodes of a tree or list in a file. Damaged files have
// nodes that point to one another in circles; a tour that has read more than the file
// holds ends with an error.
type walk struct {
	s    *source
	left int64
}

func (s *source) walk() *walk { return &walk{s: s, left: 4*s.size() + 1<<16} }

func (w *walk) bytes(addr uint64, n int) ([]byte, error) {
	if w.left -= int64(n) + 16; w.left < 0 {
		return nil, damaged("its structures point to each other in a circle")
	}
	return w.s.bytes(addr, n)
}

func (w *walk) at(addr uint64, n int) (*cursor, error) {
	b, err := w.bytes(addr, n)
	return w.s.cursor(b), err
}

// checked is at for a structure that ends in a checksum of all before it.
func (w *walk) checked(addr uint64, n int, what string) (*cursor, error) {
	b, err := w.bytes(addr, n)
	if err != nil {
		return w.s.cursor(nil), err
	}
	return w.s.verified(b, what)
}

// verified is a cursor over b without the checksum at its end, which must fit.
func (s *source) verified(b []byte, what string) (*cursor, error) {
	if len(b) < 4 {
		return s.cursor(nil), damaged("%s ends too early", what)
	}
	body := b[:len(b)-4]
	if !s.unchecked && lookup3(body) != binary.LittleEndian.Uint32(b[len(body):]) {
		return s.cursor(nil), damaged("the checksum of %s is wrong", what)
	}
	return s.cursor(body), nil
}
