package hdf5

import "math/bits"

// fractalHeap holds objects of any size, the links of a group or the attributes of an
// object: specification, section III.G. Blocks grow by rows of a table of given width;
// an object's id says where in the space of all blocks it is.
type fractalHeap struct {
	s          *source
	addr       uint64
	idSize     int
	filters    []filter
	checksums  bool
	width      int
	startBlock uint64
	maxDirect  uint64
	offsetLen  int // bytes of an offset in the heap
	lengthLen  int // bytes of a managed object's length
	root       uint64
	rows       int // of the root; 0: it is a direct block
	huge       uint64
	rootSize   uint64 // of a filtered direct root
	rootMask   uint32
	cache      map[uint64][]byte // blocks already read, by their offset in the heap
}

func (s *source) fractalHeap(addr uint64) (*fractalHeap, error) {
	start, err := s.at(addr, 10)
	if err != nil {
		return nil, err
	}
	if !start.expect("FRHP") {
		return nil, damaged("a heap is not where it should be")
	}
	start.skip(1)
	idSize, filtersLen := int(start.u16()), int(start.u16())
	n := 26 + 12*s.lengthSize + 3*s.offsetSize
	if filtersLen > 0 {
		n += s.lengthSize + 4 + filtersLen
	}
	c, err := s.walk().checked(addr, n, "a heap")
	if err != nil {
		return nil, err
	}
	h := &fractalHeap{s: s, addr: addr, idSize: idSize, cache: map[uint64][]byte{}}
	c.skip(9)
	h.checksums = c.u8()&2 != 0
	maxManaged := c.u32()
	c.length()
	h.huge = c.offset()
	c.length()
	c.offset()
	c.skip(8 * s.lengthSize)
	h.width = int(c.u16())
	h.startBlock, h.maxDirect = c.length(), c.length()
	maxBits := int(c.u16())
	c.skip(2)
	h.root, h.rows = c.offset(), int(c.u16())
	if filtersLen > 0 {
		h.rootSize, h.rootMask = c.length(), c.u32()
		if h.filters, err = c.filters(); err != nil {
			return nil, err
		}
		if err := known(h.filters); err != nil {
			return nil, err
		}
	}
	h.offsetLen = (maxBits + 7) / 8
	h.lengthLen = min((log2(h.maxDirect)+7)/8, bytesFor(uint64(maxManaged)))
	if c.short || h.width == 0 || bits.OnesCount64(h.startBlock) != 1 || bits.OnesCount64(h.maxDirect) != 1 ||
		h.maxDirect < h.startBlock || h.maxDirect > 1<<31 || maxBits > 64 || h.offsetLen > 8 {
		return nil, damaged("a heap's sizes make no sense")
	}
	return h, nil
}

// object returns the bytes of the object with this id.
func (h *fractalHeap) object(id []byte) ([]byte, error) {
	c := h.s.cursor(id[:min(len(id), h.idSize)])
	head := c.u8()
	switch head >> 4 & 3 {
	case 0:
		at, n := c.uint(h.offsetLen), c.uint(h.lengthLen)
		if err := c.err("an id in a heap"); err != nil {
			return nil, err
		}
		return h.managed(at, n)
	case 1:
		return h.hugeObject(c)
	case 2:
		n := int(head&15) + 1
		if h.idSize > 17 {
			n = int(head&15)<<8 + int(c.u8()) + 1
		}
		b := c.take(n)
		return b, c.err("an object in a heap")
	}
	return nil, damaged("an id in a heap is of no known kind")
}

// managed finds the block that holds offset at and cuts the object out.
func (h *fractalHeap) managed(at, n uint64) ([]byte, error) {
	if h.rows == 0 {
		return h.cut(h.root, h.startBlock, 0, at, n, h.rootSize, h.rootMask)
	}
	return h.descend(h.walkBlocks(), h.root, h.rows, 0, at, n)
}

func (h *fractalHeap) walkBlocks() *walk { return h.s.walk() }

// rowSize is the size of the blocks in a row: twice that of the row before, except for
// the second row.
func (h *fractalHeap) rowSize(row int) uint64 {
	if row < 2 {
		return h.startBlock
	}
	if row-1 >= 63-log2(h.startBlock) {
		return 1 << 63
	}
	return h.startBlock << (row - 1)
}

// directRows is how many rows have blocks of objects; those below have tables.
func (h *fractalHeap) directRows() int { return log2(h.maxDirect) - log2(h.startBlock) + 2 }

// descend looks in a table of blocks, whose first byte is base in the heap.
func (h *fractalHeap) descend(w *walk, addr uint64, rows int, base, at, n uint64) ([]byte, error) {
	entry := h.s.offsetSize
	if h.filters != nil {
		entry += h.s.lengthSize + 4
	}
	direct := min(rows, h.directRows()) * h.width
	tables := max(0, rows-h.directRows()) * h.width
	prefix := 5 + h.s.offsetSize + h.offsetLen
	c, err := w.checked(addr, prefix+direct*entry+tables*h.s.offsetSize+4, "a heap's table")
	if err != nil {
		return nil, err
	}
	if !c.expect("FHIB") {
		return nil, damaged("a heap's table is not where it should be")
	}
	c.skip(prefix - 4)
	for row := range rows {
		size := h.rowSize(row)
		span := size * uint64(h.width)
		isDirect := row < h.directRows()
		if at-base >= span {
			base += span
			if isDirect {
				c.skip(h.width * entry)
			} else {
				c.skip(h.width * h.s.offsetSize)
			}
			continue
		}
		column := (at - base) / size
		base += column * size
		if !isDirect {
			c.skip(int(column) * h.s.offsetSize)
			below := log2(size) - log2(h.startBlock*uint64(h.width)) + 1
			return h.descend(w, c.offset(), below, base, at, n)
		}
		c.skip(int(column) * entry)
		child := c.offset()
		var stored uint64
		var mask uint32
		if h.filters != nil {
			stored, mask = c.length(), c.u32()
		}
		return h.cut(child, size, base, at, n, stored, mask)
	}
	return nil, damaged("an object lies beyond its heap")
}

// cut returns n bytes from a block of objects, whose first byte is base in the heap.
func (h *fractalHeap) cut(addr, size, base, at, n, stored uint64, mask uint32) ([]byte, error) {
	b, ok := h.cache[base]
	if !ok {
		var err error
		if b, err = h.block(addr, size, stored, mask); err != nil {
			return nil, err
		}
		h.cache[base] = b
	}
	if from := at - base; from <= uint64(len(b)) && n <= uint64(len(b))-from {
		return b[from : from+n], nil
	}
	return nil, damaged("an object lies beyond its block of the heap")
}

func (h *fractalHeap) block(addr, size, stored uint64, mask uint32) ([]byte, error) {
	if size > 1<<31-1 {
		return nil, damaged("a heap has a block of %d bytes", size)
	}
	if h.filters == nil {
		b, err := h.s.bytes(addr, int(size))
		if err == nil && string(b[:min(4, len(b))]) != "FHDB" {
			err = damaged("a heap's block is not where it should be")
		}
		return b, err
	}
	b, err := h.s.bytes(addr, int(min(stored, 1<<31-1)))
	if err != nil {
		return nil, err
	}
	if size > (stored+64)*deflateAtMost {
		return nil, damaged("a heap has a block that cannot have been compressed so far")
	}
	return unfilter(h.filters, mask, append([]byte(nil), b...), int(size), nil)
}

// hugeObject reads an object that is too large for blocks and lies on its own.
func (h *fractalHeap) hugeObject(c *cursor) ([]byte, error) {
	if h.filters != nil {
		return nil, unsupported("large objects in a compressed heap")
	}
	if h.idSize-1 >= h.s.offsetSize+h.s.lengthSize {
		addr, n := c.offset(), c.length()
		return h.s.bytes(addr, int(min(n, 1<<31-1)))
	}
	want := c.uint(min(h.idSize-1, h.s.lengthSize))
	var out []byte
	found := false
	err := h.s.tree2(h.huge, func(record *cursor) error {
		addr, n, id := record.offset(), record.length(), record.length()
		if id != want || found {
			return nil
		}
		found = true
		var err error
		out, err = h.s.bytes(addr, int(min(n, 1<<31-1)))
		return err
	})
	if err == nil && !found {
		err = damaged("a large object is not where its heap says")
	}
	return out, err
}
