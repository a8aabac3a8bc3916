package array

import (
	"slices"

	"github.com/dagbook/dagbook/taskgraph"
	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

// Reductions make one result of the elements along axes: of all without axes. Each block is
// reduced by itself, and the parts are put together in a tree, so that no task waits for more
// than a few of them.

// fanIn is how many parts a task of the tree puts together.
const fanIn = 8

// tree reduces the array along axes. part is the task of a block, join that of up to fanIn
// parts, end the one behind the last: they get the node or nodes first.
func (a *Array) tree(name string, dtype ndarray.Dtype, axes []int,
	part func(block *taskgraph.Node, at []int) *taskgraph.Node,
	join func(parts []*taskgraph.Node) *taskgraph.Node,
	end func(all *taskgraph.Node, shape []int) *taskgraph.Node) *Array {
	var g grid = make(grid, 0, len(a.grid))
	var kept []int
	inner := make(grid, 0, len(axes)) // the grid along the axes that go
	for axis, lengths := range a.grid {
		if slices.Contains(axes, axis) {
			inner = append(inner, lengths)
			continue
		}
		g, kept = append(g, lengths), append(kept, axis)
	}
	full := make([]int, len(a.grid))
	return a.maker.make(name, dtype, g, func(at []int) *taskgraph.Node {
		parts := make([]*taskgraph.Node, 0, inner.size())
		for i, axis := range kept {
			full[axis] = at[i]
		}
		for along := range inner.places() {
			for i, axis := range axes {
				full[axis] = along[i]
			}
			parts = append(parts, part(a.block(full), full))
		}
		for len(parts) > 1 {
			var next []*taskgraph.Node
			for group := range slices.Chunk(parts, fanIn) {
				if len(group) == 1 {
					next = append(next, group[0])
					continue
				}
				next = append(next, join(slices.Clone(group)))
			}
			parts = next
		}
		return end(parts[0], g.lengths(at))
	})
}

// reduced are the axes of a reduction and the type of its result.
func (a *Array) reduced(op string, axes []int) ([]int, ndarray.Dtype) {
	sorted, err := ndarray.Axes(len(a.shape), axes...)
	if err != nil {
		panic(errorf(op, "%s", message(err)))
	}
	dtype, err := ndarray.ReductionType(op, a.dtype)
	if err != nil {
		panic(errorf(op, "%s", message(err)))
	}
	return sorted, dtype
}

// count is how many elements go into one of the result.
func (a *Array) count(axes []int) int {
	n := 1
	for _, axis := range axes {
		n *= a.shape[axis]
	}
	return n
}

// folded is a reduction whose parts are of the kind of its result: joined by an elementwise
// operation.
func (a *Array) folded(op, joinWith string, axes []int) *Array {
	axes, dtype := a.reduced(op, axes)
	if a.count(axes) == 0 && (op == "Min" || op == "Max") {
		panic(errorf(op, "there is no %s of nothing: the array has shape %s", lower(op), tuple(a.shape)))
	}
	part, join := a.maker.call(lower(op), reducePart), a.maker.call(lower(op), foldParts)
	return a.tree(lower(op), dtype, axes,
		func(block *taskgraph.Node, _ []int) *taskgraph.Node { return part(op, block, axes) },
		func(parts []*taskgraph.Node) *taskgraph.Node { return join(joinWith, parts) },
		func(all *taskgraph.Node, _ []int) *taskgraph.Node { return all })
}

// reducePart reduces a block; its axes are gone.
func reducePart(op string, x *ndarray.Array, axes []int) *ndarray.Array { return reduce(op, x, axes) }

func reduce(op string, x *ndarray.Array, axes []int) *ndarray.Array {
	if len(axes) == 0 { // an array without axes: Along() would take all
		axes, x = []int{0}, x.ExpandDims(0)
	}
	along := x.Along(axes...)
	switch op {
	case "Sum":
		return along.Sum()
	case "Prod":
		return along.Prod()
	case "Min":
		return along.Min()
	case "Max":
		return along.Max()
	case "All":
		return along.All()
	case "Any":
		return along.Any()
	case "CountNonzero":
		return along.CountNonzero()
	}
	panic(errorf("reduce", "there is no reduction %s", op))
}

func foldParts(op string, parts []*ndarray.Array) *ndarray.Array {
	all := parts[0]
	for _, p := range parts[1:] {
		all = ndarray.Elementwise(op, all, p)
	}
	return all
}

// Sum is the sum along axes, of all elements without axes. Whole numbers are summed in 64
// bits.
func (a *Array) Sum(axes ...int) *Array { return a.folded("Sum", "Add", axes) }

// Prod is the product along axes.
func (a *Array) Prod(axes ...int) *Array { return a.folded("Prod", "Mul", axes) }

// Min is the least element along axes; NaN where there is one. Of nothing it panics.
func (a *Array) Min(axes ...int) *Array { return a.folded("Min", "Minimum", axes) }

// Max is the greatest element along axes; NaN where there is one. Of nothing it panics.
func (a *Array) Max(axes ...int) *Array { return a.folded("Max", "Maximum", axes) }

// All tells whether all elements along axes are not zero.
func (a *Array) All(axes ...int) *Array { return a.folded("All", "And", axes) }

// Any tells whether an element along axes is not zero.
func (a *Array) Any(axes ...int) *Array { return a.folded("Any", "Or", axes) }

// CountNonzero counts the elements along axes that are not zero.
func (a *Array) CountNonzero(axes ...int) *Array { return a.folded("CountNonzero", "Add", axes) }

// Moments are the mean of elements and the sum of the squares of their distances from it, by
// place. Blocks' moments are joined as in T. Chan, G. Golub, R. LeVeque, "Updating formulae and
// a pairwise algorithm for computing sample variances" (1979).
type Moments struct {
	N              int
	Mean, Distance *ndarray.Array
}

func momentsPart(x *ndarray.Array, axes []int, dtype ndarray.Dtype) Moments {
	if len(axes) == 0 {
		axes, x = []int{0}, x.ExpandDims(0)
	}
	n := 1
	for _, axis := range axes {
		n *= x.Shape()[axis]
	}
	x = x.AsType(dtype)
	mean := x.Along(axes...).Keep().Mean()
	away := x.Sub(mean)
	return Moments{N: n, Mean: mean.Squeeze(axes...), Distance: away.Mul(away).Along(axes...).Sum()}
}

func momentsJoin(parts []Moments) Moments {
	all := parts[0]
	for _, p := range parts[1:] {
		switch n := all.N + p.N; {
		case p.N == 0:
		case all.N == 0:
			all = p
		default:
			delta := p.Mean.Sub(all.Mean)
			all = Moments{
				N:        n,
				Mean:     all.Mean.Add(delta.Mul(float64(p.N) / float64(n))),
				Distance: all.Distance.Add(p.Distance).Add(delta.Mul(delta).Mul(float64(all.N) * float64(p.N) / float64(n))),
			}
		}
	}
	return all
}

func momentsEnd(op string, m Moments, dtype ndarray.Dtype) *ndarray.Array {
	out := m.Distance.Div(float64(m.N))
	if op == "Std" {
		out = out.Sqrt()
	}
	return out.AsType(dtype)
}

func (a *Array) moments(op string, axes []int) *Array {
	axes, dtype := a.reduced(op, axes)
	name := lower(op)
	part, join, end := a.maker.call(name, momentsPart), a.maker.call(name, momentsJoin), a.maker.call(name, momentsEnd)
	return a.tree(name, dtype, axes,
		func(block *taskgraph.Node, _ []int) *taskgraph.Node { return part(block, axes, dtype) },
		func(parts []*taskgraph.Node) *taskgraph.Node { return join(parts) },
		func(all *taskgraph.Node, _ []int) *taskgraph.Node { return end(op, all, dtype) })
}

// Std is the standard deviation along axes, of the elements themselves: divided by their
// number, as NumPy does.
func (a *Array) Std(axes ...int) *Array { return a.moments("Std", axes) }

// Var is the variance along axes, see [Array.Std].
func (a *Array) Var(axes ...int) *Array { return a.moments("Var", axes) }

// Mean is the average along axes, in floats; of nothing it is NaN.
func (a *Array) Mean(axes ...int) *Array {
	axes, dtype := a.reduced("Mean", axes)
	part, join, end := a.maker.call("mean", meanPart), a.maker.call("mean", foldParts), a.maker.call("mean", meanEnd)
	n := a.count(axes)
	return a.tree("mean", dtype, axes,
		func(block *taskgraph.Node, _ []int) *taskgraph.Node { return part(block, axes) },
		func(parts []*taskgraph.Node) *taskgraph.Node { return join("Add", parts) },
		func(all *taskgraph.Node, _ []int) *taskgraph.Node { return end(all, n, dtype) })
}

// meanPart sums a block; in Float64, so that the sum of many Float32 is exact enough.
func meanPart(x *ndarray.Array, axes []int) *ndarray.Array {
	if x.Dtype().IsFloat() {
		x = x.AsType(ndarray.Float64)
	}
	return reduce("Sum", x, axes)
}

func meanEnd(sum *ndarray.Array, n int, dtype ndarray.Dtype) *ndarray.Array {
	return sum.Div(float64(n)).AsType(dtype)
}

// Best are the greatest or least elements and where they are.
type Best struct{ Values, Places *ndarray.Array }

// ArgMax is where the greatest element is along an axis, the first one of several, or along
// all of them as a position in C order. Of nothing it panics.
func (a *Array) ArgMax(axis ...int) *Array { return a.arg("ArgMax", "Gt", axis) }

// ArgMin is where the least element is, see [Array.ArgMax].
func (a *Array) ArgMin(axis ...int) *Array { return a.arg("ArgMin", "Lt", axis) }

func (a *Array) arg(op, better string, axis []int) *Array {
	if len(axis) > 1 {
		panic(errorf(op, "it takes one axis or none, not %d", len(axis)))
	}
	axes, dtype := a.reduced(op, axis)
	if a.count(axes) == 0 {
		panic(errorf(op, "there is no place in nothing: the array has shape %s", tuple(a.shape)))
	}
	starts := make([][]int, len(a.grid))
	for i := range a.grid {
		starts[i] = a.grid.starts(i)
	}
	part, join, end := a.maker.call(lower(op), bestPart), a.maker.call(lower(op), bestJoin), a.maker.call(lower(op), bestPlaces)
	return a.tree(lower(op), dtype, axes,
		func(block *taskgraph.Node, at []int) *taskgraph.Node {
			begin := make([]int, len(at))
			for i, k := range at {
				begin[i] = starts[i][k]
			}
			if len(axis) == 0 {
				return part(op, block, -1, begin, slices.Clone(a.shape))
			}
			return part(op, block, axes[0], begin, slices.Clone(a.shape))
		},
		func(parts []*taskgraph.Node) *taskgraph.Node { return join(better, parts) },
		func(all *taskgraph.Node, _ []int) *taskgraph.Node { return end(all) })
}

// bestPart finds the best elements of a block that begins somewhere in an array of a shape,
// along an axis; -1 is all.
func bestPart(op string, x *ndarray.Array, axis int, begin, shape []int) Best {
	if axis >= 0 {
		along := x.Along(axis)
		if op == "ArgMax" {
			return Best{along.Max(), along.ArgMax().Add(begin[axis])}
		}
		return Best{along.Min(), along.ArgMin().Add(begin[axis])}
	}
	flat := 0
	if op == "ArgMax" {
		flat = x.ArgMax()
	} else {
		flat = x.ArgMin()
	}
	at := make([]int, x.Ndim())
	for i, left := x.Ndim()-1, flat; i >= 0; i-- {
		at[i], left = left%x.Shape()[i], left/x.Shape()[i]
	}
	place := 0
	for i, n := range shape {
		place = place*n + begin[i] + at[i]
	}
	return Best{x.At(at...).Copy(), ndarray.Full(place, ndarray.Int64)}
}

// bestJoin takes the better elements, and of equal ones those that come first. NaN is better
// than any number, as in NumPy.
func bestJoin(better string, parts []Best) Best {
	all := parts[0]
	for _, p := range parts[1:] {
		wins := ndarray.Elementwise(better, p.Values, all.Values)
		if all.Values.Dtype().IsFloat() {
			wins = wins.Or(p.Values.IsNaN()).And(all.Values.IsNaN().Not())
		}
		same := p.Values.Eq(all.Values)
		if all.Values.Dtype().IsFloat() {
			same = same.Or(p.Values.IsNaN().And(all.Values.IsNaN()))
		}
		wins = wins.Or(same.And(p.Places.Lt(all.Places)))
		all = Best{ndarray.Where(wins, p.Values, all.Values), ndarray.Where(wins, p.Places, all.Places)}
	}
	return all
}

func bestPlaces(b Best) *ndarray.Array { return b.Places }
