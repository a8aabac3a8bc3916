package ndarray

import "slices"

// Reshape puts the elements in another shape, in the same order; one length
// may be -1 for what is left. It is a view where the elements lie side by
// side, otherwise a copy. A shape for another number of elements panics.
func (a *Array) Reshape(shape ...int) *Array {
	shape, err := ReshapeShape(a.shape, shape...)
	must(err)
	b := a.inOrder()
	return b.view(shape, rowMajor(shape), b.offset)
}

// ReshapeShape is the shape that Reshape gives an array of shape from, with
// the -1 filled in. The error is an *Error.
func ReshapeShape(from []int, shape ...int) ([]int, error) {
	out, open, n := append([]int{}, shape...), -1, 1
	for i, length := range shape {
		switch {
		case length == -1 && open < 0:
			open = i
		case length < 0:
			return nil, errorf("Reshape", "the shape %s has more than one open length, or a negative one", shapeText(shape))
		default:
			n *= length
		}
	}
	size := count(from)
	if open >= 0 && n > 0 && size%n == 0 {
		out[open] = size / n
		n = size
	}
	if n != size || open >= 0 && out[open] < 0 {
		return nil, errorf("Reshape", "an array of shape %s has %d elements, which do not fill the shape %s", shapeText(from), size, shapeText(shape))
	}
	return out, nil
}

// Ravel is all elements along one axis, see Reshape.
func (a *Array) Ravel() *Array { return a.Reshape(-1) }

// Transpose is a view with the axes in another order, each named once; none
// turns them round. Anything else panics.
func (a *Array) Transpose(axes ...int) *Array {
	n := len(a.shape)
	if len(axes) == 0 {
		for i := range n {
			axes = append(axes, n-1-i)
		}
	}
	if len(axes) != n {
		panic(errorf("Transpose", "%d axes are named for an array of shape %s", len(axes), shapeText(a.shape)))
	}
	if n > 0 {
		_, err := axesOf("Transpose", n, axes)
		must(err)
	}
	shape, strides := make([]int, n), make([]int, n)
	for i, axis := range axes {
		axis, _ = axisOf("Transpose", axis, n)
		shape[i], strides[i] = a.shape[axis], a.strides[axis]
	}
	return a.view(shape, strides, a.offset)
}

// T is a view with all axes turned round: rows become columns.
func (a *Array) T() *Array { return a.Transpose() }

// SwapAxes is a view with two axes exchanged.
func (a *Array) SwapAxes(i, j int) *Array {
	order := orderOf(len(a.shape))
	x, y := a.axis("SwapAxes", i), a.axis("SwapAxes", j)
	order[x], order[y] = order[y], order[x]
	return a.Transpose(order...)
}

// moved is a view with one axis moved to another place.
func (a *Array) moved(from, to int) *Array {
	order := slices.Delete(orderOf(len(a.shape)), from, from+1)
	return a.Transpose(slices.Insert(order, to, from)...)
}

func orderOf(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

// axis is an axis counted from the front; it panics if there is none.
func (a *Array) axis(op string, axis int) int {
	i, err := axisOf(op, axis, len(a.shape))
	must(err)
	return i
}

// Squeeze is a view without the axes named, which must have length 1, or
// without all of length 1.
func (a *Array) Squeeze(axes ...int) *Array {
	drop, err := axesOf("Squeeze", len(a.shape), axes)
	must(err)
	shape, strides := []int{}, []int{}
	for i, length := range a.shape {
		if slices.Contains(drop, i) {
			if length == 1 {
				continue
			}
			if len(axes) > 0 {
				panic(errorf("Squeeze", "axis %d of an array of shape %s has not length 1", i, shapeText(a.shape)))
			}
		}
		shape, strides = append(shape, length), append(strides, a.strides[i])
	}
	return a.view(shape, strides, a.offset)
}

// ExpandDims is a view with a new axis of length 1 at that place.
func (a *Array) ExpandDims(axis int) *Array {
	i, err := axisOf("ExpandDims", axis, len(a.shape)+1)
	must(err)
	return a.view(slices.Insert(a.Shape(), i, 1), slices.Insert(slices.Clone(a.strides), i, 0), a.offset)
}

// BroadcastTo is a view of a larger shape, which repeats elements without
// having them twice. Setting an element of it sets all its repetitions.
func (a *Array) BroadcastTo(shape ...int) *Array {
	must(shapeError("BroadcastTo", shape))
	if out, err := broadcast("BroadcastTo", a.shape, shape); err != nil || !sameShape(out, shape) {
		panic(errorf("BroadcastTo", "an array of shape %s cannot be stretched to %s", shapeText(a.shape), shapeText(shape)))
	}
	return a.view(append([]int{}, shape...), stretched(a, shape), a.offset)
}

// Flip is a view with the named axes backwards; none are all.
func (a *Array) Flip(axes ...int) *Array {
	flipped, err := axesOf("Flip", len(a.shape), axes)
	must(err)
	index := make([]any, len(a.shape))
	for i := range index {
		index[i] = All
		if slices.Contains(flipped, i) {
			index[i] = R(nil, nil, -1)
		}
	}
	return a.part("Flip", index, parseIndex)
}
