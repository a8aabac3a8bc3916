package hdf5

import (
	"math"
	"sync"
	"sync/atomic"
)

// heaps reads values of variable length, which lie in collections of the file's global
// heap: specification, section III.E. Collections are kept for the read that uses them.
type heaps struct {
	s  *source
	mu sync.Mutex
	// collections by address; by index the bytes of an object.
	collections map[uint64]map[uint16][]byte
	// left is how many bytes values may have in all: a damaged file can have a million
	// elements that refer to one large object.
	left atomic.Int64
}

func (s *source) newHeaps() *heaps {
	h := &heaps{s: s, collections: map[uint64]map[uint16][]byte{}}
	h.left.Store(s.allowance())
	return h
}

// item returns what an element in a dataset refers to: its length in elements, and the
// bytes; nil for an empty value.
func (h *heaps) item(b []byte, size int) ([]byte, int, error) {
	c := h.s.cursor(b)
	n, addr, index := c.u32(), c.offset(), c.u32()
	if err := c.err("a value of variable length"); err != nil {
		return nil, 0, err
	}
	if n == 0 || addr == 0 || addr == undefined {
		return nil, 0, nil
	}
	objects, err := h.collection(addr)
	if err != nil {
		return nil, 0, err
	}
	data, ok := objects[uint16(index)]
	if !ok || index > math.MaxUint16 || uint64(n)*uint64(size) > uint64(len(data)) {
		return nil, 0, damaged("a value of variable length (object %d at address %d) is not where it should be", index, addr)
	}
	if h.left.Add(-int64(n)*int64(size)-16) < 0 {
		return nil, 0, damaged("its values of variable length refer to the same bytes over and over")
	}
	return data[:int(n)*size], int(n), nil
}

func (h *heaps) text(b []byte) (string, error) {
	data, _, err := h.item(b, 1)
	// C programs count the zero byte at the end or not.
	return zeroTerminated(data), err
}

func (h *heaps) collection(addr uint64) (map[uint16][]byte, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if objects, ok := h.collections[addr]; ok {
		return objects, nil
	}
	objects, err := h.s.collection(addr)
	if err == nil {
		h.collections[addr] = objects
	}
	return objects, err
}

func (s *source) collection(addr uint64) (map[uint16][]byte, error) {
	c, err := s.at(addr, 8+s.lengthSize)
	if err != nil {
		return nil, err
	}
	if !c.expect("GCOL") {
		return nil, damaged("values of variable length are not where they should be (address %d)", addr)
	}
	c.skip(4)
	size := c.length()
	c, err = s.at(addr, int(min(size, math.MaxInt32)))
	if err != nil {
		return nil, err
	}
	c.skip(8 + s.lengthSize)
	objects := map[uint16][]byte{}
	for len(c.b) >= 8+s.lengthSize {
		index := c.u16()
		c.skip(6)
		n := c.length()
		if index == 0 {
			break // the rest is free
		}
		b := c.take(int(min(n, math.MaxInt32)))
		if c.short {
			break
		}
		objects[index] = b
		c.skip(min(int(-n&7), len(c.b)))
	}
	return objects, c.err("a collection of values of variable length")
}
