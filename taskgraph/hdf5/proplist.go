package hdf5

import (
	"fmt"
	"slices"
)

// PropType is a kind of property list.
type PropType int

// Kinds of property lists, and the list in which everything is as usual.
const (
	P_DATASET_CREATE PropType = 1
	P_DATASET_ACCESS PropType = 2
)

// P_DEFAULT has no properties: elements in one piece, not compressed.
var P_DEFAULT = &PropList{}

// DefaultCompression is level 6 of deflate.
const DefaultCompression = -1

// PropList says how a dataset is stored. It belongs to one goroutine until it was used.
type PropList struct {
	chunk    []int
	deflate  int // level; 0: none
	shuffle  bool
	fletcher bool
}

// NewPropList makes an empty list.
func NewPropList(kind PropType) (*PropList, error) {
	if kind != P_DATASET_CREATE && kind != P_DATASET_ACCESS {
		return nil, fmt.Errorf("hdf5: there is no kind %d of property lists; use P_DATASET_CREATE", kind)
	}
	return &PropList{}, nil
}

// Close does nothing; it is here for programs written for the C library.
func (p *PropList) Close() error { return nil }

// Copy returns a list that may be changed on its own.
func (p *PropList) Copy() (*PropList, error) {
	c := *p
	return &c, nil
}

// SetChunk stores elements in chunks of these extents, which must not be zero. Filters
// need chunks.
func (p *PropList) SetChunk(dims []uint) error {
	if len(dims) == 0 || len(dims) > maxRank || slices.Contains(dims, 0) {
		return fmt.Errorf("hdf5: chunks of %v elements: give an extent of at least 1 for each dimension", dims)
	}
	chunk := make([]int, len(dims))
	for i, d := range dims {
		if d > 1<<31-1 {
			return fmt.Errorf("hdf5: chunks of %v elements: a chunk must be smaller than 2 GB", dims)
		}
		chunk[i] = int(d)
	}
	p.chunk = chunk
	return nil
}

// GetChunk returns the extents of chunks; ndims is how many are wanted.
func (p *PropList) GetChunk(ndims int) ([]uint, error) {
	if ndims != len(p.chunk) {
		return nil, fmt.Errorf("hdf5: the chunks have %d dimensions, not %d", len(p.chunk), ndims)
	}
	var dims []uint
	for _, d := range p.chunk {
		dims = append(dims, uint(d))
	}
	return dims, nil
}

// SetDeflate compresses chunks with gzip's method at a level from 1 (fast) to 9 (small);
// 0 is no compression, DefaultCompression is 6.
func (p *PropList) SetDeflate(level int) error {
	if level == DefaultCompression {
		level = defaultDeflate
	}
	if level < 0 || level > 9 {
		return fmt.Errorf("hdf5: there is no deflate level %d; levels go from 0 to 9", level)
	}
	p.deflate = level
	return nil
}

// SetShuffle puts like bytes of a chunk's elements side by side before they are
// compressed, which makes numbers smaller.
func (p *PropList) SetShuffle() error {
	p.shuffle = true
	return nil
}

// SetFletcher32 gives each chunk a checksum.
func (p *PropList) SetFletcher32() error {
	p.fletcher = true
	return nil
}

// filters are the steps in the order in which chunks take them.
func (p *PropList) filters(size int) []filter {
	var out []filter
	if p.shuffle && size > 1 {
		out = append(out, filter{id: filterShuffle, name: "shuffle", params: []uint32{uint32(size)}})
	}
	if p.deflate > 0 {
		out = append(out, filter{id: filterDeflate, name: "deflate", params: []uint32{uint32(p.deflate)}})
	}
	if p.fletcher {
		out = append(out, filter{id: filterFletcher, name: "fletcher32"})
	}
	return out
}
