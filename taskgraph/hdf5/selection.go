package hdf5

import "fmt"

// span is what is selected of one dimension: n blocks of block elements, stride apart,
// the first at start. Blocks of 1 cover ranges with any step.
type span struct{ start, stride, n, block int }

// selection is a span for every dimension: a hyperslab.
type selection []span

func everything(dims []int) selection {
	sel := make(selection, len(dims))
	for i, d := range dims {
		sel[i] = span{0, 1, d, 1}
	}
	return sel
}

// dims are the extents of what is selected.
func (sel selection) dims() []int {
	dims := make([]int, len(sel))
	for i, s := range sel {
		dims[i] = s.n * s.block
	}
	return dims
}

// newSelection checks a hyperslab against the extents of its space.
func newSelection(dims []int, offset, stride, count, block []uint) (selection, error) {
	sel := make(selection, len(dims))
	for _, v := range [][]uint{offset, stride, count, block} {
		if v != nil && len(v) != len(dims) {
			return nil, fmt.Errorf("a hyperslab of %d dimensions in a space of %d: give one number for each dimension", len(v), len(dims))
		}
	}
	at := func(v []uint, i int, otherwise uint) uint {
		if v == nil {
			return otherwise
		}
		return v[i]
	}
	for i, d := range dims {
		start, step, n, b := at(offset, i, 0), at(stride, i, 1), at(count, i, 1), at(block, i, 1)
		if n == 0 || b == 0 {
			sel[i] = span{0, 1, 0, 1}
			continue
		}
		if step == 0 || step < b && n > 1 {
			return nil, fmt.Errorf("dimension %d: a stride of %d with blocks of %d would select elements twice", i, step, b)
		}
		if extent := uint(d); start >= extent || b > extent-start || (n-1) > (extent-start-b)/step {
			return nil, fmt.Errorf("dimension %d: %d blocks of %d elements from %d with stride %d go beyond the extent %d", i, n, b, start, step, d)
		}
		sel[i] = span{int(start), int(step), int(n), int(b)}.simple()
	}
	return sel, nil
}

// simple writes neighbouring blocks as single elements.
func (s span) simple() span {
	switch {
	case s.n == 1 || s.block == s.stride:
		return span{s.start, 1, s.n * s.block, 1}
	}
	return s
}

// box is a part of a selection that has one step in each dimension: where it begins, its
// steps and counts, and where its first element goes in the result.
type box struct {
	start, step, count, to []int
}

func newBox(rank int) box {
	n := make([]int, 4*rank)
	return box{n[:rank:rank], n[rank : 2*rank : 2*rank], n[2*rank : 3*rank : 3*rank], n[3*rank:]}
}

// boxes splits a selection at its blocks; there is one box when blocks are single
// elements, and none when nothing is selected.
func (sel selection) boxes(yield func(box) error) error {
	return sel.split(0, newBox(len(sel)), yield)
}

func (sel selection) split(d int, b box, yield func(box) error) error {
	if d == len(sel) {
		return yield(b)
	}
	s := sel[d]
	if s.n == 0 {
		return nil
	}
	if s.block == 1 {
		b.start[d], b.step[d], b.count[d], b.to[d] = s.start, s.stride, s.n, 0
		return sel.split(d+1, b, yield)
	}
	for i := range s.n {
		b.start[d], b.step[d], b.count[d], b.to[d] = s.start+i*s.stride, 1, s.block, i*s.block
		if err := sel.split(d+1, b, yield); err != nil {
			return err
		}
	}
	return nil
}

// strides are the distances, in elements, of neighbours in each dimension of an array
// whose last index runs fastest.
func strides(dims []int) []int {
	out := make([]int, len(dims))
	n := 1
	for i := len(dims) - 1; i >= 0; i-- {
		out[i] = n
		n *= dims[i]
	}
	return out
}
