package hdf5

// fixedArray reads the index of a dataset whose extents are bounded: specification,
// section VII.C. Large arrays come in pages, and pages without chunks may not be written.
func (r *indexReader) fixedArray(filtered bool) error {
	c, err := r.checked(r.l.addr, 12+r.s.lengthSize+r.s.offsetSize, "the index of chunks")
	if err != nil {
		return err
	}
	if !c.expect("FAHD") {
		return damaged("the index of chunks is not where it should be")
	}
	c.skip(2)
	entry, pageBits := int(c.u8()), int(c.u8())
	n := c.length()
	block := c.offset()
	if block == undefined {
		return nil
	}
	if entry != r.refSize(filtered) || n > uint64(r.s.size()) && n > 1<<20 || pageBits > 30 {
		return damaged("the index of chunks has %d entries of %d bytes", n, entry)
	}
	places := r.numbering()
	prefix := 6 + r.s.offsetSize
	page := uint64(1) << pageBits
	if n <= page {
		return r.block(block, "FADB", prefix, places, 0, int(n), filtered)
	}
	pages := int((n + page - 1) / page)
	bitmap := (pages + 7) / 8
	c, err = r.checked(block, prefix+bitmap+4, "the index of chunks")
	if err != nil {
		return err
	}
	if !c.expect("FADB") {
		return damaged("the index of chunks is not where it should be")
	}
	c.skip(prefix - 4)
	written := c.take(bitmap)
	at := block + uint64(prefix+bitmap+4)
	for i := range pages {
		first := uint64(i) * page
		count := int(min(page, n-first))
		if bitSet(written, i) {
			if err := r.block(at, "", 0, places, first, count, filtered); err != nil {
				return err
			}
		}
		at += uint64(int(page)*entry + 4)
	}
	return nil
}

// bitSet reads a map of bits, the most significant of a byte first.
func bitSet(b []byte, i int) bool { return b[i/8]>>(7-i%8)&1 != 0 }

// block reads n entries behind a prefix; a checksum ends them.
func (r *indexReader) block(addr uint64, signature string, prefix int, places numbering, first uint64, n int, filtered bool) error {
	c, err := r.checked(addr, prefix+n*r.refSize(filtered)+4, "the index of chunks")
	if err != nil {
		return err
	}
	if prefix > 0 {
		if !c.expect(signature) {
			return damaged("the index of chunks is not where it should be")
		}
		c.skip(prefix - 4)
	}
	r.run(c, places, first, n, filtered)
	return nil
}

// extensible is the index of a dataset that may grow in one dimension: specification,
// section VII.D. A few entries are in the index block; more are in data blocks, whose
// addresses are in the index block at first and in super blocks then. Every two super
// blocks the data blocks double in size, and in between in number.
type extensible struct {
	*indexReader
	places    numbering
	filtered  bool
	entry     int
	inIndex   int
	minBlock  int
	minPtrs   int
	pageSize  int
	offsetLen int
	next      uint64 // position of the next entry
	end       uint64 // positions that are in use
}

func (r *indexReader) extensibleArray(filtered bool) error {
	c, err := r.checked(r.l.addr, 16+6*r.s.lengthSize+r.s.offsetSize, "the index of chunks")
	if err != nil {
		return err
	}
	if !c.expect("EAHD") {
		return damaged("the index of chunks is not where it should be")
	}
	c.skip(2)
	x := &extensible{indexReader: r, places: r.numbering(), filtered: filtered, entry: int(c.u8())}
	maxBits := int(c.u8())
	x.inIndex, x.minBlock, x.minPtrs = int(c.u8()), int(c.u8()), int(c.u8())
	pageBits := int(c.u8())
	c.skip(4 * r.s.lengthSize)
	x.end = c.length()
	c.length()
	index := c.offset()
	if index == undefined {
		return nil
	}
	if x.entry != r.refSize(filtered) || maxBits > 64 || pageBits > 30 || !powerOf2(x.minBlock) || !powerOf2(x.minPtrs) {
		return damaged("the index of chunks has entries of %d bytes", x.entry)
	}
	x.pageSize, x.offsetLen = 1<<pageBits, (maxBits+7)/8
	return x.indexBlock(index, max(0, 1+maxBits-log2(uint64(x.minBlock))))
}

func powerOf2(n int) bool { return n > 0 && n&(n-1) == 0 }

func (x *extensible) indexBlock(addr uint64, superBlocks int) error {
	inline := 2 * log2(uint64(x.minPtrs)) // super blocks whose data blocks are here
	direct := 2 * (x.minPtrs - 1)
	supers := max(0, superBlocks-inline)
	prefix := 6 + x.s.offsetSize
	c, err := x.checked(addr, prefix+x.inIndex*x.entry+(direct+supers)*x.s.offsetSize+4, "the index of chunks")
	if err != nil {
		return err
	}
	if !c.expect("EAIB") {
		return damaged("the index of chunks is not where it should be")
	}
	c.skip(prefix - 4)
	x.run(c, x.places, 0, x.inIndex, x.filtered)
	x.next = uint64(x.inIndex)
	for u := range inline {
		for range 1 << (u / 2) {
			if err := x.dataBlock(c.offset(), x.blockSize(u), nil); err != nil {
				return err
			}
		}
	}
	for u := inline; u < superBlocks && x.next < x.end; u++ {
		if err := x.superBlock(c.offset(), u); err != nil {
			return err
		}
	}
	return nil
}

// blockSize is the number of entries of the data blocks of super block u.
func (x *extensible) blockSize(u int) int { return x.minBlock << min(40, (u+1)/2) }

func (x *extensible) superBlock(addr uint64, u int) error {
	size := x.blockSize(u)
	blocks := 1 << min(40, u/2)
	if addr == undefined {
		x.next += uint64(blocks) * uint64(size)
		return nil
	}
	if blocks > 1<<24 || size > 1<<30 {
		return damaged("the index of chunks has a block of %d entries", size)
	}
	bitmap := 0
	if size > x.pageSize {
		bitmap = (size/x.pageSize + 7) / 8
	}
	prefix := 6 + x.s.offsetSize + x.offsetLen
	c, err := x.checked(addr, prefix+blocks*(bitmap+x.s.offsetSize)+4, "the index of chunks")
	if err != nil {
		return err
	}
	if !c.expect("EASB") {
		return damaged("the index of chunks is not where it should be")
	}
	c.skip(prefix - 4)
	written := x.s.cursor(c.take(blocks * bitmap))
	for range blocks {
		if err := x.dataBlock(c.offset(), size, written.take(bitmap)); err != nil {
			return err
		}
	}
	return nil
}

// dataBlock reads a block of n entries; written says which of its pages exist, where it
// has pages.
func (x *extensible) dataBlock(addr uint64, n int, written []byte) error {
	first := x.next
	x.next += uint64(n)
	if addr == undefined {
		return nil
	}
	prefix := 6 + x.s.offsetSize + x.offsetLen
	if n <= x.pageSize {
		return x.block(addr, "EADB", prefix, x.places, first, n, x.filtered)
	}
	if n/x.pageSize > 8*len(written) {
		return damaged("the index of chunks has pages without a map of them")
	}
	at := addr + uint64(prefix+4)
	for i := range n / x.pageSize {
		if bitSet(written, i) {
			if err := x.block(at, "", 0, x.places, first+uint64(i*x.pageSize), x.pageSize, x.filtered); err != nil {
				return err
			}
		}
		at += uint64(x.pageSize*x.entry + 4)
	}
	return nil
}
