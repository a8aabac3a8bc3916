package array

import (
	"slices"

	"github.com/dagbook/dagbook/taskgraph"
	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

// Stack puts arrays of one shape behind each other along a new axis: a thousand frames of
// 257 by 257 become an array of 1000 by 257 by 257, with a block for each. Types meet in
// ndarray.ResultType. It panics with an *ndarray.Error without arrays and for shapes that
// differ.
func Stack(arrays []*Array, axis int) *Array {
	if len(arrays) == 0 {
		panic(errorf("Stack", "there are no arrays to stack"))
	}
	all := sameType("Stack", arrays)
	for i, a := range all {
		if !slices.Equal(a.shape, all[0].shape) {
			panic(errorf("Stack", "array %d has shape %s, but the first one has %s", i, tuple(a.shape), tuple(all[0].shape)))
		}
		if !a.grid.equal(all[0].grid) {
			all[i] = a.regrid("rechunk", all[0].grid)
		}
	}
	first := all[0]
	axes, err := ndarray.Axes(len(first.shape)+1, axis)
	if err != nil {
		panic(errorf("Stack", "%s", message(err)))
	}
	axis = axes[0]
	ones := slices.Repeat([]int{1}, len(all))
	g := slices.Insert(slices.Clone(first.grid), axis, ones)
	expand := first.maker.call("stack", expandDims)
	return first.maker.make("stack", first.dtype, g, func(at []int) *taskgraph.Node {
		own := slices.Delete(slices.Clone(at), axis, axis+1)
		return expand(all[at[axis]].block(own), axis)
	})
}

func expandDims(x *ndarray.Array, axis int) *ndarray.Array { return x.ExpandDims(axis) }

// Concatenate puts arrays behind each other along an axis that they have. Their other axes
// have the same lengths, or it panics with an *ndarray.Error.
func Concatenate(arrays []*Array, axis int) *Array {
	if len(arrays) == 0 {
		panic(errorf("Concatenate", "there are no arrays to concatenate"))
	}
	all := sameType("Concatenate", arrays)
	first := all[0]
	axis = first.axis("Concatenate", axis)
	g := slices.Clone(first.grid)
	g[axis] = nil
	type place struct{ array, block int }
	var from []place
	for i, a := range all {
		want := slices.Clone(first.grid)
		if len(a.shape) != len(first.shape) {
			panic(errorf("Concatenate", "array %d has shape %s, but the first one has %s", i, tuple(a.shape), tuple(first.shape)))
		}
		want[axis] = a.grid[axis]
		if !slices.Equal(want.shape(), a.shape) {
			panic(errorf("Concatenate", "array %d has shape %s and the first one %s: they may differ along axis %d only", i, tuple(a.shape), tuple(first.shape), axis))
		}
		all[i] = a.regrid("rechunk", want)
		for k, n := range a.grid[axis] {
			if n > 0 || a.shape[axis] == 0 && len(g[axis]) == 0 && i == len(all)-1 {
				g[axis], from = append(g[axis], n), append(from, place{i, k})
			}
		}
	}
	return first.maker.make("concatenate", first.dtype, g, func(at []int) *taskgraph.Node {
		own, p := slices.Clone(at), from[at[axis]]
		own[axis] = p.block
		return all[p.array].block(own)
	})
}

// sameType converts arrays to the type in which all meet.
func sameType(op string, arrays []*Array) []*Array {
	for i, a := range arrays {
		if a == nil {
			panic(errorf(op, "array %d is nil", i))
		}
	}
	dtype := arrays[0].dtype
	for _, a := range arrays[1:] {
		dtype = ndarray.ResultType(dtype, a.dtype)
	}
	out := make([]*Array, len(arrays))
	for i, a := range arrays {
		out[i] = a.AsType(dtype)
	}
	return out
}

// Transpose puts the axes into another order, into the reverse one without axes.
func (a *Array) Transpose(axes ...int) *Array {
	order := make([]int, len(a.shape))
	for i := range order {
		order[i] = len(order) - 1 - i
	}
	if len(axes) > 0 {
		if len(axes) != len(order) {
			panic(errorf("Transpose", "%v does not say where each of the %d axes goes", axes, len(order)))
		}
		if _, err := ndarray.Axes(len(order), axes...); err != nil {
			panic(errorf("Transpose", "%s", message(err)))
		}
		for i, axis := range axes {
			order[i] = a.axis("Transpose", axis)
		}
	}
	g := make(grid, len(order))
	for i, axis := range order {
		g[i] = a.grid[axis]
	}
	f := a.maker.call("transpose", transpose)
	own := make([]int, len(order))
	return a.maker.make("transpose", a.dtype, g, func(at []int) *taskgraph.Node {
		for i, axis := range order {
			own[axis] = at[i]
		}
		return f(a.block(own), order)
	})
}

func transpose(x *ndarray.Array, order []int) *ndarray.Array {
	if len(order) == 0 {
		return x
	}
	return x.Transpose(order...)
}

// T is Transpose of all axes.
func (a *Array) T() *Array { return a.Transpose() }

// SwapAxes exchanges two axes.
func (a *Array) SwapAxes(i, j int) *Array {
	i, j = a.axis("SwapAxes", i), a.axis("SwapAxes", j)
	order := make([]int, len(a.shape))
	for k := range order {
		order[k] = k
	}
	order[i], order[j] = j, i
	return a.Transpose(order...)
}

// Reshape gives the elements another shape, in C order; -1 is what is left. The blocks are
// cut anew so that none of them has to be taken apart: along the first axis only.
func (a *Array) Reshape(shape ...int) *Array {
	to, err := ndarray.ReshapeShape(a.shape, shape...)
	if err != nil {
		panic(errorf("Reshape", "%s", message(err)))
	}
	if slices.Equal(to, a.shape) {
		return a
	}
	if len(a.blocks) == 1 {
		return a.reshaped(newGrid("Reshape", a.dtype, to, whole(to)))
	}
	from, rows := a.rows(to)
	g := newGrid("Reshape", a.dtype, to, whole(to))
	g[0] = rows
	return from.reshaped(g)
}

// rows cuts the array along its first axis into blocks that are whole rows of the new shape
// as well, and says how many rows each has there.
func (a *Array) rows(to []int) (*Array, []int) {
	g := newGrid("Reshape", a.dtype, a.shape, whole(a.shape))
	if len(to) == 0 || len(a.shape) == 0 || a.Size() == 0 {
		return a.regrid("rechunk", g), []int{max(first(to), 0)}
	}
	row, newRow := product(a.shape[1:]), product(to[1:])
	step := newRow / gcd(row, newRow) // rows that are whole new rows together
	var lengths, rows []int
	left := 0
	for i, n := range a.grid[0] {
		left += n
		if take := left - left%step; take > 0 && i < len(a.grid[0])-1 {
			lengths, left = append(lengths, take), left-take
		}
	}
	if left > 0 {
		lengths = append(lengths, left)
	}
	for _, n := range lengths {
		rows = append(rows, n*row/newRow)
	}
	g[0] = lengths
	return a.regrid("rechunk", g), rows
}

func first(shape []int) int {
	if len(shape) == 0 {
		return 1
	}
	return shape[0]
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// reshaped gives the blocks, one after the other, the shapes of a grid of as many.
func (a *Array) reshaped(g grid) *Array {
	f := a.maker.call("reshape", reshape)
	i := -1
	return a.maker.make("reshape", a.dtype, g, func(at []int) *taskgraph.Node {
		i++
		return f(a.blocks[i], g.lengths(at))
	})
}

func reshape(x *ndarray.Array, shape []int) *ndarray.Array { return x.Reshape(shape...) }

// Ravel is the array with one axis, in C order.
func (a *Array) Ravel() *Array { return a.Reshape(-1) }

// ExpandDims adds an axis of length 1.
func (a *Array) ExpandDims(axis int) *Array {
	all, err := ndarray.Axes(len(a.shape)+1, axis)
	if err != nil {
		panic(errorf("ExpandDims", "%s", message(err)))
	}
	return a.reshaped(slices.Insert(slices.Clone(a.grid), all[0], []int{1}))
}

// Squeeze removes axes of length 1, all of them without axes.
func (a *Array) Squeeze(axes ...int) *Array {
	if len(axes) == 0 {
		for axis, n := range a.shape {
			if n == 1 {
				axes = append(axes, axis)
			}
		}
		if len(axes) == 0 {
			return a
		}
	}
	all, err := ndarray.Axes(len(a.shape), axes...)
	if err != nil {
		panic(errorf("Squeeze", "%s", message(err)))
	}
	g := grid{}
	for axis, lengths := range a.grid {
		switch {
		case !slices.Contains(all, axis):
			g = append(g, lengths)
		case a.shape[axis] != 1:
			panic(errorf("Squeeze", "axis %d has the length %d, not 1", axis, a.shape[axis]))
		}
	}
	return a.reshaped(g)
}

// BroadcastTo stretches the array to a shape, as in arithmetic.
func (a *Array) BroadcastTo(shape ...int) *Array {
	if got, err := ndarray.BroadcastShapes(a.shape, shape); err != nil || !slices.Equal(got, shape) {
		panic(errorf("BroadcastTo", "an array of shape %s cannot be stretched to %s", tuple(a.shape), tuple(shape)))
	}
	g := newGrid("BroadcastTo", a.dtype, shape, nil)
	for k, lengths := range a.grid {
		if axis := k + len(g) - len(a.grid); a.shape[k] == shape[axis] {
			g[axis] = lengths
		}
	}
	f := a.maker.call("broadcast", broadcastTo)
	return a.maker.make("broadcast", a.dtype, g, func(at []int) *taskgraph.Node { return f(a.stretched(at), g.lengths(at)) })
}

func broadcastTo(x *ndarray.Array, shape []int) *ndarray.Array { return x.BroadcastTo(shape...) }

// Flip turns axes around, all of them without axes.
func (a *Array) Flip(axes ...int) *Array {
	all, err := ndarray.Axes(len(a.shape), axes...)
	if err != nil {
		panic(errorf("Flip", "%s", message(err)))
	}
	index := make([]any, len(a.shape))
	for axis := range index {
		index[axis] = ndarray.All
		if slices.Contains(all, axis) {
			index[axis] = ndarray.R(nil, nil, -1)
		}
	}
	if len(index) == 0 {
		return a
	}
	parsed, shape, err := ndarray.ParseIndex(a.shape, index...)
	return a.picked("Flip", parsed, shape, err)
}

// Cumsum is the running sum along an axis.
func (a *Array) Cumsum(axis int) *Array {
	axis = a.axis("Cumsum", axis)
	dtype, err := ndarray.ReductionType("Sum", a.dtype)
	if err != nil {
		panic(errorf("Cumsum", "%s", message(err)))
	}
	own, last, add := a.maker.call("cumsum", cumsum), a.maker.call("sum", reducePart), a.maker.call("cumsum", addTotal)
	total, sum := map[int]*taskgraph.Node{}, a.maker.call("sum", binary)
	return a.maker.make("cumsum", dtype, a.grid, func(at []int) *taskgraph.Node {
		block := a.block(at)
		lane := slices.Clone(at) // the blocks along the axis
		lane[axis] = 0
		key := a.grid.flat(lane)
		out := own(block, axis)
		before := total[key]
		if before != nil && at[axis] > 0 {
			out = add(out, before, axis)
		}
		if at[axis] < len(a.grid[axis])-1 {
			mine := last("Sum", block, []int{axis})
			if total[key] = mine; at[axis] > 0 {
				total[key] = sum("Add", before, mine)
			}
		}
		return out
	})
}

func cumsum(x *ndarray.Array, axis int) *ndarray.Array { return x.Cumsum(axis) }

// addTotal adds what the blocks before have summed up.
func addTotal(x, total *ndarray.Array, axis int) *ndarray.Array { return x.Add(total.ExpandDims(axis)) }

// Diff is each element less the one before along an axis, which becomes one shorter.
func (a *Array) Diff(axis int) *Array {
	axis = a.axis("Diff", axis)
	later, earlier := make([]any, axis+1), make([]any, axis+1)
	for i := range axis {
		later[i], earlier[i] = ndarray.All, ndarray.All
	}
	later[axis], earlier[axis] = ndarray.R(1, nil), ndarray.R(0, -1)
	if a.shape[axis] == 0 {
		return a
	}
	pick := func(index []any) *Array {
		parsed, shape, err := ndarray.ParseIndex(a.shape, index...)
		return a.picked("Diff", parsed, shape, err)
	}
	if a.dtype == ndarray.Bool {
		return pick(later).Ne(pick(earlier))
	}
	return pick(later).Sub(pick(earlier))
}
