package ndarray

import "slices"

// BroadcastShapes is the shape of the result of an operation on arrays of
// these shapes: they are laid over each other from the last axis on, and an
// axis of length 1, or one that is missing, is stretched to the other's
// length. The error is an *Error where two lengths differ.
//
// It is NumPy's rule (numpy.org, "Broadcasting").
func BroadcastShapes(shapes ...[]int) ([]int, error) {
	return broadcast("BroadcastShapes", shapes...)
}

func broadcast(op string, shapes ...[]int) ([]int, error) {
	n := 0
	for _, s := range shapes {
		n = max(n, len(s))
	}
	out := make([]int, n)
	for i := range out {
		out[i] = 1
	}
	for _, s := range shapes {
		for i, length := range s {
			at := &out[n-len(s)+i]
			if length != *at && length != 1 && *at != 1 {
				return nil, misfit(op, shapes)
			}
			if *at == 1 {
				*at = length
			}
		}
	}
	return out, nil
}

func misfit(op string, shapes [][]int) *Error {
	texts := ""
	for i, s := range shapes {
		switch {
		case i == len(shapes)-1:
			texts += " and "
		case i > 0:
			texts += ", "
		}
		texts += shapeText(s)
	}
	return errorf(op, "arrays of shapes %s do not go together: seen from the last axis, two lengths must be equal, or one of them 1", texts)
}

// count is the product of the lengths.
func count(shape []int) int {
	n := 1
	for _, length := range shape {
		n *= length
	}
	return n
}

// rowMajor is the strides of an array with memory of its own.
func rowMajor(shape []int) []int {
	strides := make([]int, len(shape))
	step := 1
	for i := len(shape) - 1; i >= 0; i-- {
		strides[i] = step
		step *= max(shape[i], 1)
	}
	return strides
}

// axisOf counts a negative axis from the end.
func axisOf(op string, axis, ndim int) (int, error) {
	if axis < -ndim || axis >= ndim {
		return 0, errorf(op, "there is no axis %d in an array of %d axes", axis, ndim)
	}
	if axis < 0 {
		axis += ndim
	}
	return axis, nil
}

// Axes gives axes in ascending order, negative ones counted from the end. No
// axes are all of them. The error is an *Error for one that is not there or
// named twice.
func Axes(ndim int, axes ...int) ([]int, error) { return axesOf("Axes", ndim, axes) }

func axesOf(op string, ndim int, axes []int) ([]int, error) {
	var out []int
	if len(axes) == 0 {
		for i := range ndim {
			out = append(out, i)
		}
		return out, nil
	}
	for _, axis := range axes {
		i, err := axisOf(op, axis, ndim)
		if err != nil {
			return nil, err
		}
		if slices.Contains(out, i) {
			return nil, errorf(op, "axis %d is named twice", axis)
		}
		out = append(out, i)
	}
	slices.Sort(out)
	return out, nil
}

// mostElements keeps sizes within what a slice can have, also of the widest
// type.
const mostElements = int(^uint(0)>>1) / 16

// wellFormed is the error of an unknown type and of a shape that strides
// cannot reach.
func wellFormed(op string, dtype Dtype, shape []int) error {
	if err := dtypeError(op, dtype, shape); err != nil {
		return err
	}
	return shapeError(op, shape)
}

// fits is the error of a shape of which no array can be made.
func fits(op string, dtype Dtype, shape []int) error {
	if err := shapeError(op, shape); err != nil {
		return err
	}
	return sizeError(op, dtype, shape)
}

func shapeError(op string, shape []int) error {
	n := 1
	for _, length := range shape {
		if length < 0 {
			return errorf(op, "the shape %s has a negative length", shapeText(shape))
		}
		if length > 0 && n > mostElements/length {
			return errorf(op, "an array of shape %s is larger than any memory", shapeText(shape))
		}
		n *= max(length, 1)
	}
	return nil
}
