package hdf5

import (
	"fmt"
	"math"
)

// Where a dataset's elements are: specification, section IV.A.2.i.
const (
	compact    = 0 // in the header
	contiguous = 1 // in one piece
	chunked    = 2 // in blocks of equal shape
)

// Indexes of chunks.
const (
	indexTree       = 0 // B-tree, version 1
	indexSingle     = 1
	indexImplicit   = 2
	indexFixed      = 3
	indexExtensible = 4
	indexTree2      = 5
)

// layout says where a dataset's elements are.
type layout struct {
	class int
	addr  uint64 // of the elements or of the index; undefined: nothing was written
	size  uint64 // of contiguous elements
	data  []byte // of compact elements

	chunk     []int // extents of a chunk
	chunkSize int   // bytes of a chunk without filters
	index     int
	sizeBytes int  // how wide the sizes of filtered chunks are
	rawEdges  bool // chunks that reach beyond the dataset are not filtered

	// The single chunk's size and mask, where there are filters.
	filtered   bool
	singleSize uint64
	singleMask uint32
}

func (c *cursor) layout() (*layout, error) {
	version := c.u8()
	l := &layout{}
	var err error
	switch version {
	case 1, 2:
		err = c.oldLayout(l)
	case 3:
		err = c.layout3(l)
	case 4, 5:
		err = c.layout4(l, version)
	default:
		err = unsupported("version %d of layouts", version)
	}
	if err == nil {
		err = c.err("a layout")
	}
	return l, err
}

func (c *cursor) oldLayout(l *layout) error {
	rank := int(c.u8())
	l.class = int(c.u8())
	c.skip(5)
	if l.class != compact {
		l.addr = c.offset()
	}
	l.size = math.MaxUint64
	var dims []uint64
	for range rank {
		dims = append(dims, uint64(c.u32()))
	}
	switch l.class {
	case compact:
		l.data = c.take(int(c.u32()))
	case chunked:
		return l.setChunk(dims)
	}
	return nil
}

func (c *cursor) layout3(l *layout) error {
	l.class = int(c.u8())
	if l.class != chunked {
		return c.plain(l)
	}
	rank := int(c.u8())
	l.addr = c.offset()
	var dims []uint64
	for range rank {
		dims = append(dims, uint64(c.u32()))
	}
	return l.setChunk(dims)
}

func (c *cursor) plain(l *layout) error {
	switch l.class {
	case compact:
		l.data = c.take(int(c.u16()))
	case contiguous:
		l.addr, l.size = c.offset(), c.length()
	case 3:
		return unsupported("virtual datasets, made of parts of others")
	default:
		return damaged("a layout of class %d", l.class)
	}
	return nil
}

func (c *cursor) layout4(l *layout, version byte) error {
	l.class = int(c.u8())
	if l.class != chunked {
		return c.plain(l)
	}
	flags, rank, width := c.u8(), int(c.u8()), int(c.u8())
	if width < 1 || width > 8 {
		return damaged("a layout with extents of %d bytes", width)
	}
	var dims []uint64
	for range rank {
		dims = append(dims, c.uint(width))
	}
	if err := l.setChunk(dims); err != nil {
		return err
	}
	l.rawEdges = flags&1 != 0
	l.index = int(c.u8())
	// Version 5, of HDF5 2.0, has room for chunks of any size.
	if l.sizeBytes = 8; version == 4 {
		l.sizeBytes = min(8, 1+(log2(uint64(l.chunkSize))+8)/8)
	}
	switch l.index {
	case indexSingle:
		if l.filtered = flags&2 != 0; l.filtered {
			l.singleSize, l.singleMask = c.length(), c.u32()
		}
	case indexImplicit:
	case indexFixed:
		c.skip(1)
	case indexExtensible:
		c.skip(5)
	case indexTree2:
		c.skip(6)
	default:
		return damaged("a chunk index of kind %d", l.index)
	}
	l.addr = c.offset()
	return nil
}

// setChunk takes a chunk's extents, the last of which is the size of an element.
func (l *layout) setChunk(dims []uint64) error {
	if len(dims) < 1 || len(dims) > maxRank+1 {
		return damaged("chunks of %d dimensions", len(dims)-1)
	}
	size := uint64(1)
	for _, d := range dims {
		if d == 0 || d > math.MaxInt32 || size*d > math.MaxInt32 {
			return fmt.Errorf("chunks of %v elements and bytes: a chunk must not be empty and must be smaller than 2 GB", dims)
		}
		size *= d
		l.chunk = append(l.chunk, int(d))
	}
	l.chunk = l.chunk[:len(dims)-1]
	l.chunkSize = int(size)
	return nil
}

func log2(n uint64) int {
	k := 0
	for n > 1 {
		n >>= 1
		k++
	}
	return k
}
