package array

import (
	"iter"
	"math"
	"slices"

	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

// grid is how an array is cut: the lengths of the blocks along each axis.
type grid [][]int

func (g grid) shape() []int {
	shape := make([]int, len(g))
	for axis, lengths := range g {
		for _, n := range lengths {
			shape[axis] += n
		}
	}
	return shape
}

func (g grid) counts() []int {
	counts := make([]int, len(g))
	for axis, lengths := range g {
		counts[axis] = len(lengths)
	}
	return counts
}

func (g grid) size() int { return product(g.counts()) }

// largest is the length of the longest block along each axis.
func (g grid) largest() []int {
	out := make([]int, len(g))
	for axis, lengths := range g {
		if len(lengths) > 0 {
			out[axis] = slices.Max(lengths)
		}
	}
	return out
}

// lengths is the shape of the block at a place.
func (g grid) lengths(at []int) []int {
	out := make([]int, len(g))
	for axis, i := range at {
		out[axis] = g[axis][i]
	}
	return out
}

// flat is the number of a place in C order.
func (g grid) flat(at []int) int {
	n := 0
	for axis, i := range at {
		n = n*len(g[axis]) + i
	}
	return n
}

// starts is where the blocks of an axis begin, and behind them where the axis ends.
func (g grid) starts(axis int) []int {
	out := make([]int, 1, len(g[axis])+1)
	for _, n := range g[axis] {
		out = append(out, out[len(out)-1]+n)
	}
	return out
}

// places are all places in C order. The slice is used again.
func (g grid) places() iter.Seq[[]int] { return places(g.counts()) }

func places(counts []int) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		if slices.Contains(counts, 0) {
			return
		}
		at := make([]int, len(counts))
		for {
			if !yield(at) {
				return
			}
			axis := len(at) - 1
			for ; axis >= 0; axis-- {
				if at[axis]++; at[axis] < counts[axis] {
					break
				}
				at[axis] = 0
			}
			if axis < 0 {
				return
			}
		}
	}
}

func (g grid) equal(h grid) bool { return slices.EqualFunc(g, h, slices.Equal[[]int]) }

// cut makes blocks of a length; the last one is what is left. An empty axis has one block of
// nothing.
func cut(n, length int) []int {
	if n == 0 {
		return []int{0}
	}
	var out []int
	for ; n > length; n -= length {
		out = append(out, length)
	}
	return append(out, n)
}

// autoBytes is how large blocks are that nobody has given a size: small enough that several
// of them fit into memory with what is made of them, large enough that tasks cost nothing.
const autoBytes = 16 << 20

// newGrid cuts a shape into blocks of the given lengths, one for each axis: -1 is the whole
// axis. Without lengths blocks are of about 16 MiB and as square as can be.
func newGrid(op string, dtype ndarray.Dtype, shape, lengths []int) grid {
	for _, n := range shape {
		if n < 0 {
			panic(errorf(op, "an axis cannot have the length %d, in the shape %s", n, tuple(shape)))
		}
	}
	if len(lengths) == 0 {
		lengths = autoLengths(dtype, shape)
	}
	if len(lengths) != len(shape) {
		panic(errorf(op, "chunks of %s do not cut an array of shape %s: give one length for each axis", tuple(lengths), tuple(shape)))
	}
	each := slices.Clone(lengths)
	for axis, n := range shape {
		switch {
		case each[axis] == -1:
			each[axis] = max(n, 1)
		case each[axis] <= 0:
			panic(errorf(op, "a chunk cannot have the length %d along axis %d; -1 is the whole axis", each[axis], axis))
		}
	}
	if err := tooManyBlocks(op, shape, each); err != nil {
		panic(err)
	}
	g := make(grid, len(shape))
	for axis, n := range shape {
		g[axis] = cut(n, each[axis])
	}
	return g
}

// mostBlocks is how many tasks an array may be made of. Each takes a few hundred bytes, so
// that more are a mistake, which would fill the memory before anything runs.
const mostBlocks = 50_000_000

func tooManyBlocks(op string, shape, lengths []int) error {
	n := 1.0
	for axis, length := range lengths {
		n *= math.Ceil(float64(max(shape[axis], 1)) / float64(length))
	}
	if n <= mostBlocks {
		return nil
	}
	return errorf(op, "blocks of %s cut an array of shape %s into %.4g blocks, a task each, and at most %d can be had: take larger chunks", tuple(lengths), tuple(shape), n, mostBlocks)
}

// autoLengths halves the longest side until a block is small enough.
func autoLengths(dtype ndarray.Dtype, shape []int) []int {
	lengths := make([]int, len(shape))
	for i, n := range shape {
		lengths[i] = max(n, 1)
	}
	for len(lengths) > 0 && product(lengths)*dtype.Size() > autoBytes {
		longest := slices.Index(lengths, slices.Max(lengths))
		if lengths[longest] == 1 {
			break
		}
		lengths[longest] = (lengths[longest] + 1) / 2
	}
	return lengths
}

// common is the coarsest cut that has the borders of all cuts of one axis.
func common(cuts ...[]int) []int {
	var out []int
	left := make([]int, len(cuts)) // of the first block of each cut
	rest := make([][]int, len(cuts))
	for i, c := range cuts {
		rest[i] = slices.DeleteFunc(slices.Clone(c), func(n int) bool { return n == 0 })
		if len(rest[i]) > 0 {
			left[i] = rest[i][0]
		}
	}
	for slices.Max(left) > 0 {
		step := slices.Min(left)
		out = append(out, step)
		for i := range left {
			if left[i] -= step; left[i] == 0 {
				if rest[i] = rest[i][1:]; len(rest[i]) > 0 {
					left[i] = rest[i][0]
				}
			}
		}
	}
	if out == nil {
		return []int{0}
	}
	return out
}

func product(ns []int) int {
	p := 1
	for _, n := range ns {
		p *= n
	}
	return p
}
