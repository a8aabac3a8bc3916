package hdf5

import (
	"cmp"
	"slices"
)

// chunkRef says where a chunk is stored. number counts the chunks of a dataset, the
// last index fastest.
type chunkRef struct {
	number uint64
	addr   uint64
	size   uint64 // stored bytes
	mask   uint32 // filters that were left out
}

// chunkIndex finds chunks by their number.
type chunkIndex struct {
	refs []chunkRef // in order of their numbers
}

// find returns the chunk of this number, and false where none was written.
func (x *chunkIndex) find(number uint64) (chunkRef, bool) {
	// All chunks are there as a rule.
	if number < uint64(len(x.refs)) && x.refs[number].number == number {
		return x.refs[number], true
	}
	i, ok := slices.BinarySearchFunc(x.refs, number, func(r chunkRef, n uint64) int { return cmp.Compare(r.number, n) })
	if !ok {
		return chunkRef{}, false
	}
	return x.refs[i], true
}

// grid is how the chunks of a dataset lie: their extents, and how many there are in
// each dimension.
type grid struct {
	chunk, counts []int
}

func newGrid(dims, chunk []int) grid {
	g := grid{chunk, make([]int, len(dims))}
	for i, d := range dims {
		g.counts[i] = ceilDiv(d, chunk[i])
	}
	return g
}

// ceilDiv is a/b rounded up, without the overflow of (a+b-1)/b.
func ceilDiv(a, b int) int {
	n := a / b
	if a%b != 0 {
		n++
	}
	return n
}

// number is the number of the chunk at these coordinates, counted in chunks; false when
// it is outside of the dataset, as chunks are that were left after it shrank.
func (g grid) number(at []uint64) (uint64, bool) {
	n := uint64(0)
	for i, c := range at {
		if c >= uint64(g.counts[i]) {
			return 0, false
		}
		n = n*uint64(g.counts[i]) + c
	}
	return n, true
}

// indexReader collects the chunks of a dataset.
type indexReader struct {
	*walk
	l     *layout
	space *Dataspace
	grid  grid
	out   chunkIndex
}

// readIndex reads where the chunks are. filtered tells whether sizes vary.
func (s *source) readIndex(l *layout, space *Dataspace, filtered bool) (*chunkIndex, error) {
	r := &indexReader{walk: s.walk(), l: l, space: space, grid: newGrid(space.dims, l.chunk)}
	if l.addr == undefined {
		return &r.out, nil
	}
	var err error
	switch l.index {
	case indexTree:
		err = r.tree()
	case indexSingle:
		ref := chunkRef{addr: l.addr, size: uint64(l.chunkSize)}
		if l.filtered {
			ref.size, ref.mask = l.singleSize, l.singleMask
		}
		r.out.refs = []chunkRef{ref}
	case indexImplicit:
		err = r.implicit()
	case indexFixed:
		err = r.fixedArray(filtered)
	case indexExtensible:
		err = r.extensibleArray(filtered)
	case indexTree2:
		err = r.tree2(filtered)
	}
	slices.SortFunc(r.out.refs, func(a, b chunkRef) int { return cmp.Compare(a.number, b.number) })
	return &r.out, err
}

// implicit counts the chunks of a dataset that keeps no index: they follow one another.
func (r *indexReader) implicit() error {
	places := r.numbering()
	n, limit := uint64(1), uint64(r.s.size())/uint64(r.l.chunkSize)+1
	for _, size := range places.sizes {
		if n *= size; n > limit {
			return damaged("the chunks go beyond the end of the file")
		}
	}
	at := make([]uint64, len(r.l.chunk))
	for i := range n {
		places.place(i, at)
		r.add(at, chunkRef{addr: r.l.addr + i*uint64(r.l.chunkSize), size: uint64(r.l.chunkSize)})
	}
	return nil
}

func (r *indexReader) add(at []uint64, ref chunkRef) {
	number, ok := r.grid.number(at)
	if ok && ref.addr != undefined {
		ref.number = number
		r.out.refs = append(r.out.refs, ref)
	}
}

// tree reads a B-tree, version 1, of chunks: specification, section III.A.1.
func (r *indexReader) tree() error {
	rank := len(r.l.chunk)
	at := make([]uint64, rank)
	return r.tree1(r.l.addr, 1, 8+8*(rank+1), -1, func(key *cursor, child uint64) error {
		ref := chunkRef{size: uint64(key.u32()), mask: key.u32(), addr: child}
		for i := range at {
			at[i] = key.uint(8) / uint64(r.l.chunk[i])
		}
		r.add(at, ref)
		return nil
	})
}

// tree2 reads a B-tree, version 2, whose records of types 10 and 11 are chunks.
func (r *indexReader) tree2(filtered bool) error {
	at := make([]uint64, len(r.l.chunk))
	return r.s.tree2(r.l.addr, func(record *cursor) error {
		ref := r.ref(record, filtered)
		for i := range at {
			at[i] = record.uint(8)
		}
		r.add(at, ref)
		return record.err("the index of chunks")
	})
}

// ref reads the address of a chunk and, where there are filters, its size and mask.
func (r *indexReader) ref(c *cursor, filtered bool) chunkRef {
	ref := chunkRef{addr: c.offset(), size: uint64(r.l.chunkSize)}
	if filtered {
		ref.size = c.uint(r.l.sizeBytes)
		ref.mask = c.u32()
	}
	return ref
}

func (r *indexReader) refSize(filtered bool) int {
	if filtered {
		return r.s.offsetSize + r.l.sizeBytes + 4
	}
	return r.s.offsetSize
}

// numbering turns positions in an array of chunks into coordinates. The array counts up
// to the largest extents, and a dimension without end comes first.
type numbering struct {
	order []int // dimensions, slowest first
	sizes []uint64
}

func (r *indexReader) numbering() numbering {
	var n numbering
	unlimited := -1
	limits := r.space.maxDims
	if limits == nil {
		limits = r.space.dims
	}
	for i, d := range limits {
		if d < 0 && unlimited < 0 {
			unlimited = i
			n.order = append([]int{i}, n.order...)
		} else {
			n.order = append(n.order, i)
		}
	}
	for _, i := range n.order {
		size := uint64(1)
		if limits[i] > 0 {
			size = uint64(ceilDiv(limits[i], r.l.chunk[i]))
		}
		n.sizes = append(n.sizes, size)
	}
	return n
}

// place writes the coordinates of position p into at.
func (n numbering) place(p uint64, at []uint64) {
	for k := len(n.order) - 1; k > 0; k-- {
		at[n.order[k]] = p % n.sizes[k]
		p /= n.sizes[k]
	}
	if len(n.order) > 0 {
		at[n.order[0]] = p
	}
}

// run reads n entries that begin at position p of the array.
func (r *indexReader) run(c *cursor, places numbering, p uint64, n int, filtered bool) {
	at := make([]uint64, len(r.l.chunk))
	for i := range n {
		ref := r.ref(c, filtered)
		if c.short {
			return
		}
		places.place(p+uint64(i), at)
		r.add(at, ref)
	}
}
