package hdf5

import (
	"fmt"
	"math"
	"slices"
)

// SpaceClass tells single values and arrays apart.
type SpaceClass int

// S_SCALAR is one value, S_SIMPLE an array, S_NULL nothing at all.
const (
	S_NO_CLASS SpaceClass = -1
	S_SCALAR   SpaceClass = 0
	S_SIMPLE   SpaceClass = 1
	S_NULL     SpaceClass = 2
)

// S_UNLIMITED as a largest extent lets a dimension grow.
const S_UNLIMITED = math.MaxUint

// maxRank is the most dimensions an HDF5 dataset has.
const maxRank = 32

// Dataspace is the shape of a dataset or attribute, and the part of it that is selected
// for ReadSubset and WriteSubset: everything, until SelectHyperslab says otherwise. It
// belongs to one goroutine while its selection changes.
type Dataspace struct {
	class   SpaceClass
	dims    []int
	maxDims []int // -1: without limit; nil: as dims
	sel     selection
}

// CreateDataspace makes the space of one value (S_SCALAR) or of none (S_NULL).
func CreateDataspace(class SpaceClass) (*Dataspace, error) {
	if class != S_SCALAR && class != S_NULL {
		return nil, fmt.Errorf("hdf5: CreateDataspace makes S_SCALAR and S_NULL; CreateSimpleDataspace makes arrays")
	}
	return &Dataspace{class: class}, nil
}

// CreateSimpleDataspace makes the space of an array with these extents. maxDims says how
// far it may grow later (S_UNLIMITED: without end); nil means not at all.
func CreateSimpleDataspace(dims, maxDims []uint) (*Dataspace, error) {
	if len(dims) > maxRank {
		return nil, fmt.Errorf("hdf5: a dataspace of %d dimensions: HDF5 has at most %d", len(dims), maxRank)
	}
	if maxDims != nil && len(maxDims) != len(dims) {
		return nil, fmt.Errorf("hdf5: a dataspace of %d dimensions with %d largest extents: give one for each", len(dims), len(maxDims))
	}
	s := &Dataspace{class: S_SIMPLE, dims: make([]int, len(dims))}
	if len(dims) == 0 {
		s.class = S_SCALAR
	}
	for i, d := range dims {
		if d > math.MaxInt {
			return nil, fmt.Errorf("hdf5: the extent %d of dimension %d is too large", d, i)
		}
		s.dims[i] = int(d)
	}
	if _, ok := volume(s.dims); !ok {
		return nil, fmt.Errorf("hdf5: a dataspace of %v has more elements than can be counted", dims)
	}
	for i, d := range maxDims {
		if d < dims[i] {
			return nil, fmt.Errorf("hdf5: dimension %d is %d long and may grow to %d only", i, dims[i], d)
		}
		limit := int(min(d, math.MaxInt))
		if d == S_UNLIMITED {
			limit = -1
		}
		s.maxDims = append(s.maxDims, limit)
	}
	return s, nil
}

// Close does nothing; it is here for programs written for the C library.
func (s *Dataspace) Close() error { return nil }

// Copy returns a space of the same shape and selection.
func (s *Dataspace) Copy() (*Dataspace, error) {
	c := *s
	c.sel = slices.Clone(s.sel)
	return &c, nil
}

// IsSimple reports whether the space is one value or an array of them.
func (s *Dataspace) IsSimple() bool { return s.class != S_NULL }

// SimpleExtentType is the kind of space.
func (s *Dataspace) SimpleExtentType() SpaceClass { return s.class }

// SimpleExtentNDims is the number of dimensions; 0 for one value.
func (s *Dataspace) SimpleExtentNDims() int { return len(s.dims) }

// SimpleExtentNPoints is the number of elements; 1 for one value, 0 for an empty space.
func (s *Dataspace) SimpleExtentNPoints() int {
	if s.class == S_NULL {
		return 0
	}
	return product(s.dims)
}

// SimpleExtentDims are the extents and how far they may grow (S_UNLIMITED: without end).
func (s *Dataspace) SimpleExtentDims() (dims, maxdims []uint, err error) {
	for i, d := range s.dims {
		dims = append(dims, uint(d))
		switch {
		case s.maxDims == nil:
			maxdims = append(maxdims, uint(d))
		case s.maxDims[i] < 0:
			maxdims = append(maxdims, S_UNLIMITED)
		default:
			maxdims = append(maxdims, uint(s.maxDims[i]))
		}
	}
	return dims, maxdims, nil
}

// SelectHyperslab selects, in every dimension, count blocks of block elements, stride
// apart, the first at offset. A nil stride or block is 1 everywhere; a nil count selects
// one block. It replaces what was selected before.
func (s *Dataspace) SelectHyperslab(offset, stride, count, block []uint) error {
	sel, err := newSelection(s.dims, offset, stride, count, block)
	if err != nil {
		return fmt.Errorf("hdf5: %w", err)
	}
	s.sel = sel
	return nil
}

// SelectNPoints is the number of elements that are selected.
func (s *Dataspace) SelectNPoints() int {
	if s.sel == nil {
		return s.SimpleExtentNPoints()
	}
	return product(s.sel.dims())
}

// selected is what is selected, spelled out.
func (s *Dataspace) selected() selection {
	if s.sel != nil {
		return s.sel
	}
	return everything(s.dims)
}

// dataspace reads a dataspace message: specification, section IV.A.2.b.
func (c *cursor) dataspace() (*Dataspace, error) {
	version, rank, flags := c.u8(), int(c.u8()), c.u8()
	s := &Dataspace{class: S_SIMPLE}
	switch version {
	case 1:
		c.skip(5)
	case 2:
		s.class = SpaceClass(c.u8())
	default:
		return nil, unsupported("version %d of dataspaces", version)
	}
	if rank == 0 && s.class == S_SIMPLE {
		s.class = S_SCALAR
	}
	if rank > maxRank || s.class > S_NULL || s.class != S_SIMPLE && rank > 0 {
		return nil, damaged("a dataspace has %d dimensions and class %d", rank, s.class)
	}
	s.dims = make([]int, rank)
	for i := range s.dims {
		n := c.length()
		if n > math.MaxInt {
			return nil, fmt.Errorf("an extent of %d is more than this machine can count", n)
		}
		s.dims[i] = int(n)
	}
	if flags&1 != 0 {
		for range rank {
			s.maxDims = append(s.maxDims, c.limit())
		}
	}
	if _, ok := volume(s.dims); !ok {
		return nil, fmt.Errorf("the extents %v have more elements than this machine can count", s.dims)
	}
	return s, c.err("a dataspace")
}

// limit reads a largest extent; -1 is none.
func (c *cursor) limit() int {
	n := c.length()
	if n == 1<<(8*c.s.lengthSize)-1 || n > math.MaxInt {
		return -1
	}
	return int(n)
}
