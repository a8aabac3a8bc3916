package array

import (
	"fmt"
	"iter"
	"slices"

	"github.com/dagbook/dagbook/taskgraph"
	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

// MapBlocks calls f for every block. f gives a block of the same shape and of type dtype;
// what it gives is checked when it runs.
//
//	frames.MapBlocks(func(x *ndarray.Array) *ndarray.Array { return x.Sub(x.Mean()) }, ndarray.Float64)
func (a *Array) MapBlocks(f func(*ndarray.Array) *ndarray.Array, dtype ndarray.Dtype) *Array {
	if f == nil {
		panic(errorf("MapBlocks", "the function is nil"))
	}
	g := a.maker.call("map-blocks", mapBlock)
	return a.maker.make("map-blocks", dtype, a.grid, func(at []int) *taskgraph.Node {
		return g(f, a.block(at), dtype, a.grid.lengths(at))
	})
}

func mapBlock(f func(*ndarray.Array) *ndarray.Array, x *ndarray.Array, dtype ndarray.Dtype, shape []int) (*ndarray.Array, error) {
	y := f(x)
	switch {
	case y == nil:
		return nil, fmt.Errorf("the function of MapBlocks returned nil for a block of shape %s", tuple(x.Shape()))
	case !slices.Equal(y.Shape(), shape):
		return nil, fmt.Errorf("the function of MapBlocks made shape %s of a block of shape %s; it has to be %s", tuple(y.Shape()), tuple(x.Shape()), tuple(shape))
	case y.Dtype() != dtype:
		return nil, fmt.Errorf("the function of MapBlocks gave a block of type %v, but %v was promised", y.Dtype(), dtype)
	}
	return y, nil
}

// Boundary says what stands beyond the ends of an array for [Array.Overlap].
type Boundary struct {
	kind  string
	value any
}

// The boundaries: with None blocks at an end have no neighbours there; Nearest goes on with
// the last element, Reflect turns around behind it, so that it comes twice, and Periodic goes
// on at the other end.
var (
	None     = Boundary{kind: "none"}
	Nearest  = Boundary{kind: "nearest"}
	Reflect  = Boundary{kind: "reflect"}
	Periodic = Boundary{kind: "periodic"}
)

// Constant is a boundary of one value.
func Constant(value any) Boundary { return Boundary{"constant", value} }

// position is the place of p in an axis of n; false: there is none.
func (b Boundary) position(p, n int) (int, bool) {
	switch {
	case p >= 0 && p < n:
		return p, true
	case b.kind == "nearest":
		return min(max(p, 0), n-1), true
	case b.kind == "reflect":
		p = ((p % (2 * n)) + 2*n) % (2 * n)
		return min(p, 2*n-1-p), true
	case b.kind == "periodic":
		return ((p % n) + n) % n, true
	}
	return 0, false
}

// positions are those of an axis of n from low to before high.
func (b Boundary) positions(low, high, n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for p := low; p < high; p++ {
			if at, ok := b.position(p, n); ok && !yield(at) {
				return
			}
		}
	}
}

// Overlap is the array with blocks that reach into their neighbours: by depth elements along
// each axis, one depth for each axis or one for all. Its shape counts the overlaps.
// [Array.MapOverlap] is what it is for.
func (a *Array) Overlap(b Boundary, depth ...int) *Array {
	deep := a.depths("Overlap", depth)
	along, g := make([][][]run, len(a.grid)), make(grid, len(a.grid))
	pad := make([][][2]int, len(a.grid))
	for axis := range a.grid {
		starts := a.grid.starts(axis)
		for i, length := range a.grid[axis] {
			low, high := starts[i]-deep[axis], starts[i+1]+deep[axis]
			rs := runsOf(b.positions(low, high, a.shape[axis]), starts)
			n := 0
			for _, r := range rs {
				n += r.count
			}
			var around [2]int
			if b.kind == "constant" {
				around = [2]int{max(-low, 0), max(high-a.shape[axis], 0)}
				n = length + 2*deep[axis]
			}
			along[axis], g[axis] = append(along[axis], rs), append(g[axis], n)
			pad[axis] = append(pad[axis], around)
		}
	}
	runs := make([][]run, len(a.grid))
	fill := a.maker.call("pad", padBlock)
	return a.maker.make("overlap", a.dtype, g, func(at []int) *taskgraph.Node {
		widths, inner := make([][2]int, len(at)), make([]int, len(at))
		padded := false
		for axis, i := range at {
			runs[axis], widths[axis] = along[axis][i], pad[axis][i]
			inner[axis] = g[axis][i] - widths[axis][0] - widths[axis][1]
			padded = padded || widths[axis] != [2]int{}
		}
		n := a.gathered("overlap", runs, inner)
		if padded {
			n = fill(n, b.value, widths)
		}
		return n
	})
}

func padBlock(x *ndarray.Array, value any, widths [][2]int) *ndarray.Array {
	return x.Pad(value, widths...)
}

func (a *Array) depths(op string, depth []int) []int {
	if len(depth) == 1 && len(a.grid) > 1 {
		depth = slices.Repeat(depth, len(a.grid))
	}
	if len(depth) != len(a.grid) {
		panic(errorf(op, "%d depths do not fit an array of shape %s: give one for each axis, or one for all", len(depth), tuple(a.shape)))
	}
	for axis, d := range depth {
		if d < 0 || d > a.shape[axis] {
			panic(errorf(op, "blocks cannot overlap by %d along axis %d, which has %d elements", d, axis, a.shape[axis]))
		}
	}
	return depth
}

// MapOverlap calls f for every block together with its neighbours' elements up to depth, and
// keeps the inner part: a filter over the whole array. f gives a block of the same shape and
// of type dtype.
func (a *Array) MapOverlap(f func(*ndarray.Array) *ndarray.Array, dtype ndarray.Dtype, b Boundary, depth ...int) *Array {
	deep := a.depths("MapOverlap", depth)
	wide := a.Overlap(b, deep...).MapBlocks(f, dtype)
	trim := a.maker.call("trim", trimBlock)
	return a.maker.make("map-overlap", dtype, a.grid, func(at []int) *taskgraph.Node {
		from := make([]int, len(at))
		for axis, i := range at {
			from[axis] = deep[axis]
			if b.kind == "none" {
				from[axis] = min(deep[axis], a.grid.starts(axis)[i])
			}
		}
		return trim(wide.block(at), from, a.grid.lengths(at))
	})
}

func trimBlock(x *ndarray.Array, from, shape []int) *ndarray.Array {
	index := make([]any, len(from))
	for axis := range from {
		index[axis] = ndarray.R(from[axis], from[axis]+shape[axis])
	}
	if len(index) == 0 {
		return x
	}
	return x.Slice(index...)
}

// Dot is the product of matrices, of a matrix and a vector, or of two vectors. b is an array
// or an *ndarray.Array.
func (a *Array) Dot(b any) *Array {
	x, ok := a.operand("Dot", b)
	if !ok {
		return a.Mul(b)
	}
	if len(a.shape) == 0 || len(a.shape) > 2 || len(x.shape) == 0 || len(x.shape) > 2 {
		panic(errorf("Dot", "it takes vectors and matrices, not arrays of shapes %s and %s", tuple(a.shape), tuple(x.shape)))
	}
	if _, err := ndarray.MatMulShape(a.shape, x.shape); err != nil {
		panic(errorf("Dot", "%s", message(err)))
	}
	dtype := ndarray.ResultType(a.dtype, x.dtype)
	inner := len(a.shape) - 1
	left, right := a, x
	if !slices.Equal(a.grid[inner], x.grid[0]) {
		cuts := common(a.grid[inner], x.grid[0])
		ga, gx := slices.Clone(a.grid), slices.Clone(x.grid)
		ga[inner], gx[0] = cuts, cuts
		left, right = a.regrid("rechunk", ga), x.regrid("rechunk", gx)
	}
	g := append(append(grid{}, left.grid[:inner]...), right.grid[1:]...)
	dot, add := a.maker.call("dot", dotBlocks), a.maker.call("dot", foldParts)
	return a.maker.make("dot", dtype, g, func(at []int) *taskgraph.Node {
		var parts []*taskgraph.Node
		for k := range left.grid[inner] {
			parts = append(parts, dot(left.block(append(slices.Clone(at[:inner]), k)), right.block(append([]int{k}, at[inner:]...))))
		}
		if len(parts) == 1 {
			return parts[0]
		}
		return add("Add", parts)
	})
}

// MatMul is Dot.
func (a *Array) MatMul(b any) *Array { return a.Dot(b) }

func dotBlocks(x, y *ndarray.Array) *ndarray.Array { return x.Dot(y) }

// Store computes the array and writes it to a new dataset of an HDF5 file, block by block:
// the whole array is never in memory. Groups in the dataset's name are made. The file is new,
// or replaces an old one, with all its datasets, when all has been written. The error is that
// of a task, or of writing.
func (a *Array) Store(path, dataset string, opts ...taskgraph.Option) (err error) {
	out, err := newStore(path, dataset, a.dtype, a.shape)
	if err != nil {
		return err
	}
	defer func() { err = out.close(err) }()
	starts := make([][]int, len(a.grid))
	for axis := range a.grid {
		starts[axis] = a.grid.starts(axis)
	}
	write := a.maker.call("store", out.write)
	var written []*taskgraph.Node
	for at := range a.grid.places() {
		start := make([]int, len(at))
		for axis, i := range at {
			start[axis] = starts[axis][i]
		}
		written = append(written, write(a.block(at), start))
	}
	_, err = a.maker.runner.With(opts...).Compute(written...)
	return err
}
