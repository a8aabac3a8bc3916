package array

import (
	"slices"

	"github.com/dagbook/dagbook/taskgraph"
	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

// unary is the task of an operation on one array.
func unary(op string, x *ndarray.Array) *ndarray.Array { return ndarray.Elementwise(op, x) }

// binary is the task of an operation on two arrays or numbers.
func binary(op string, x, y any) *ndarray.Array { return ndarray.Elementwise(op, x, y) }

// one makes an operation on the array alone.
func (a *Array) one(op string) *Array {
	dtype, err := ndarray.ElementwiseType(op, a.dtype)
	if err != nil {
		panic(errorf(op, "%s", message(err)))
	}
	f := a.maker.call(lower(op), unary)
	return a.maker.make(lower(op), dtype, a.grid, func(at []int) *taskgraph.Node { return f(op, a.block(at)) })
}

// two makes an operation on x and y, of which one is a.
func (a *Array) two(op string, x, y any) *Array {
	left, okX := a.operand(op, x)
	right, okY := a.operand(op, y)
	dtype, err := ndarray.ElementwiseType(op, typeOf(left, x), typeOf(right, y))
	if err != nil {
		panic(errorf(op, "%s", message(err)))
	}
	f := a.maker.call(lower(op), binary)
	switch {
	case !okX:
		return a.maker.make(lower(op), dtype, right.grid, func(at []int) *taskgraph.Node { return f(op, x, right.block(at)) })
	case !okY:
		return a.maker.make(lower(op), dtype, left.grid, func(at []int) *taskgraph.Node { return f(op, left.block(at), y) })
	}
	all := aligned(op, left, right)
	return a.maker.make(lower(op), dtype, gridOf(all...), func(at []int) *taskgraph.Node {
		return f(op, all[0].stretched(at), all[1].stretched(at))
	})
}

// operand is a lazy array; false: it is a number.
func (a *Array) operand(op string, x any) (*Array, bool) {
	switch x := x.(type) {
	case *Array:
		if x == nil {
			panic(errorf(op, "the array is nil: was the variable ever set?"))
		}
		return x, true
	case *ndarray.Array:
		return a.maker.FromArray(x), true
	case Noder:
		panic(errorf(op, "the shape of a delayed value is not known: array.FromDelayed(node, dtype, shape...) tells it"))
	}
	return nil, false
}

func typeOf(a *Array, number any) any {
	if a != nil {
		return a.dtype
	}
	return number
}

// lower writes "FloorDiv" as "floordiv", as pictures name tasks.
func lower(op string) string {
	b := []byte(op)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// aligned cuts arrays that are stretched to one shape at the same borders.
func aligned(op string, arrays ...*Array) []*Array {
	shapes := make([][]int, len(arrays))
	for i, a := range arrays {
		shapes[i] = a.shape
	}
	shape, err := ndarray.BroadcastShapes(shapes...)
	if err != nil {
		panic(errorf(op, "%s", message(err)))
	}
	g := make(grid, len(shape))
	for axis, n := range shape {
		var cuts [][]int
		for _, a := range arrays {
			if k := axis - len(shape) + len(a.shape); k >= 0 && a.shape[k] == n {
				cuts = append(cuts, a.grid[k])
			}
		}
		if g[axis] = cuts[0]; slices.ContainsFunc(cuts, func(c []int) bool { return !slices.Equal(c, cuts[0]) }) {
			g[axis] = common(cuts...)
		}
	}
	out := make([]*Array, len(arrays))
	for i, a := range arrays {
		own := make(grid, len(a.shape))
		for k := range own {
			if own[k] = g[k+len(g)-len(own)]; a.shape[k] == 1 && len(own[k]) != 1 || a.shape[k] != shape[k+len(g)-len(own)] {
				own[k] = []int{1}
			}
		}
		out[i] = a.regrid("rechunk", own)
	}
	return out
}

// gridOf is the grid of what aligned arrays give together.
func gridOf(arrays ...*Array) grid {
	var g grid
	for _, a := range arrays {
		if len(a.grid) > len(g) {
			g = append(make(grid, len(a.grid)-len(g)), g...)
		}
		for k, lengths := range a.grid {
			axis := k + len(g) - len(a.grid)
			if g[axis] == nil || a.shape[k] != 1 {
				g[axis] = lengths
			}
		}
	}
	return g
}

// stretched is the block of an aligned array for a place of the common grid.
func (a *Array) stretched(at []int) *taskgraph.Node {
	own := slices.Clone(at[len(at)-len(a.grid):])
	for axis := range own {
		if len(a.grid[axis]) == 1 {
			own[axis] = 0
		}
	}
	return a.block(own)
}

// Where is a where cond is not zero, and b elsewhere. a and b are arrays or numbers; the
// shapes are stretched to one.
func Where(cond *Array, a, b any) *Array {
	m := cond.maker
	type side struct {
		array *Array
		value any
	}
	sides, arrays := []side{}, []*Array{cond}
	for _, x := range []any{a, b} {
		x2, ok := cond.operand("Where", x)
		sides = append(sides, side{x2, x})
		if ok {
			arrays = append(arrays, x2)
		}
	}
	dtype, err := ndarray.ElementwiseType("Add", typeOf(sides[0].array, a), typeOf(sides[1].array, b))
	if err != nil {
		panic(errorf("Where", "%s", message(err)))
	}
	all := aligned("Where", arrays...)
	f := m.call("where", where)
	return m.make("where", dtype, gridOf(all...), func(at []int) *taskgraph.Node {
		rest := all[1:]
		args := []any{all[0].stretched(at)}
		for _, s := range sides {
			if s.array == nil {
				args = append(args, s.value)
				continue
			}
			args, rest = append(args, rest[0].stretched(at)), rest[1:]
		}
		return f(append(args, dtype)...)
	})
}

func where(cond *ndarray.Array, a, b any, dtype ndarray.Dtype) *ndarray.Array {
	return ndarray.Where(cond, a, b).AsType(dtype)
}

// AsType is the array with elements of another type, converted as ndarray does.
func (a *Array) AsType(dtype ndarray.Dtype) *Array {
	if dtype == a.dtype {
		return a
	}
	f := a.maker.call("astype", asType)
	return a.maker.make("astype", dtype, a.grid, func(at []int) *taskgraph.Node { return f(a.block(at), dtype) })
}

func asType(x *ndarray.Array, dtype ndarray.Dtype) *ndarray.Array { return x.AsType(dtype) }

// Clip limits the elements to low and high; nil is no limit.
func (a *Array) Clip(low, high any) *Array {
	out := a
	if low != nil {
		out = out.Maximum(low)
	}
	if high != nil {
		out = out.Minimum(high)
	}
	return out
}

// Round rounds to a number of decimals, to whole numbers without one.
func (a *Array) Round(decimals ...int) *Array {
	f := a.maker.call("round", round)
	return a.maker.make("round", a.dtype, a.grid, func(at []int) *taskgraph.Node { return f(a.block(at), append([]int{}, decimals...)) })
}

func round(x *ndarray.Array, decimals []int) *ndarray.Array { return x.Round(decimals...) }

// Map calls f for every element, as a float64; the result has type Float64, and Float32 for
// an array of that.
func (a *Array) Map(f func(float64) float64) *Array {
	dtype := ndarray.Float64
	if a.dtype == ndarray.Float32 {
		dtype = a.dtype
	}
	g := a.maker.call("map", mapped)
	return a.maker.make("map", dtype, a.grid, func(at []int) *taskgraph.Node { return g(f, a.block(at), dtype) })
}

func mapped(f func(float64) float64, x *ndarray.Array, dtype ndarray.Dtype) *ndarray.Array {
	return x.Map(f).AsType(dtype)
}
