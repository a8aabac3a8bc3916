package ndarray

// Concatenate joins arrays along an axis that they have. All other axes have
// the same lengths, and the types meet as in ResultType; anything else, and
// no arrays, panics.
func Concatenate(axis int, arrays ...*Array) *Array {
	first := firstOf("Concatenate", arrays)
	axis = first.axis("Concatenate", axis)
	shape, dtype := first.Shape(), first.dtype
	for i, a := range arrays[1:] {
		if !sameBut(shape, a.shape, axis) {
			panic(errorf("Concatenate", "array %d has shape %s, which does not go with %s along axis %d: the other axes must have the same lengths", i+1, shapeText(a.shape), shapeText(first.shape), axis))
		}
		shape[axis] += a.shape[axis]
		dtype = ResultType(dtype, a.dtype)
	}
	out, from := newArray("Concatenate", dtype, shape), 0
	for _, a := range arrays {
		dtype.loops().assign(out.along(axis, from, a.shape[axis]), a)
		from += a.shape[axis]
	}
	return out
}

// Stack joins arrays of one shape along a new axis: Stack(0, frames...) has
// one frame after the other.
func Stack(axis int, arrays ...*Array) *Array {
	first := firstOf("Stack", arrays)
	expanded := make([]*Array, len(arrays))
	for i, a := range arrays {
		if !sameShape(a.shape, first.shape) {
			panic(errorf("Stack", "array %d has shape %s, and the first one %s: stacked arrays have one shape", i, shapeText(a.shape), shapeText(first.shape)))
		}
		expanded[i] = a.ExpandDims(axis)
	}
	return Concatenate(axis, expanded...)
}

func firstOf(op string, arrays []*Array) *Array {
	if len(arrays) == 0 {
		panic(errorf(op, "there are no arrays to join"))
	}
	for i, a := range arrays {
		if a == nil {
			panic(errorf(op, "array %d is nil", i))
		}
	}
	return arrays[0]
}

func sameBut(a, b []int, axis int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if i != axis && a[i] != b[i] {
			return false
		}
	}
	return true
}

// along is a view of n positions of one axis.
func (a *Array) along(axis, from, n int) *Array {
	shape := a.Shape()
	shape[axis] = n
	offset := a.offset
	if n > 0 {
		offset += from * a.strides[axis]
	}
	return a.view(shape, append([]int{}, a.strides...), offset)
}

// Split is n views of equal parts of an axis. One that n does not divide
// panics.
func (a *Array) Split(n, axis int) []*Array {
	axis = a.axis("Split", axis)
	if n <= 0 || a.shape[axis]%n != 0 {
		panic(errorf("Split", "axis %d of an array of shape %s is not divided into %d equal parts", axis, shapeText(a.shape), n))
	}
	parts, each := make([]*Array, n), a.shape[axis]/n
	for i := range parts {
		parts[i] = a.along(axis, i*each, each)
	}
	return parts
}

// Roll moves elements along an axis by so many positions; what leaves at the
// end comes in at the beginning.
func (a *Array) Roll(shift, axis int) *Array {
	axis = a.axis("Roll", axis)
	n := a.shape[axis]
	if n == 0 {
		return a.Copy()
	}
	shift = (shift%n + n) % n
	return Concatenate(axis, a.along(axis, n-shift, shift), a.along(axis, 0, n-shift))
}

// Repeat is an array with every position of an axis n times.
func (a *Array) Repeat(n, axis int) *Array {
	axis = a.axis("Repeat", axis)
	if n < 0 {
		panic(errorf("Repeat", "%d is no number of times", n))
	}
	wide := a.ExpandDims(axis + 1)
	shape := wide.Shape()
	shape[axis+1] = n
	must(fits("Repeat", a.dtype, shape))
	out := a.Shape()
	out[axis] *= n
	return wide.BroadcastTo(shape...).Copy().Reshape(out...)
}

// Tile is an array that repeats a whole one so many times along the axes, the
// last number for the last axis.
func (a *Array) Tile(times ...int) *Array {
	must(shapeError("Tile", times))
	x := a
	for len(x.shape) < len(times) {
		x = x.ExpandDims(0)
	}
	var narrow, wide, out []int
	for i, length := range x.shape {
		n := 1
		if j := i - len(x.shape) + len(times); j >= 0 {
			n = times[j]
		}
		narrow, wide, out = append(narrow, 1, length), append(wide, n, length), append(out, n*length)
	}
	must(fits("Tile", a.dtype, wide))
	return x.Reshape(narrow...).BroadcastTo(wide...).Copy().Reshape(out...)
}

// Pad surrounds an array with a value: each width is how many elements come
// before and after along an axis; one width is for all axes.
func (a *Array) Pad(value any, widths ...[2]int) *Array {
	if len(widths) != 1 && len(widths) != len(a.shape) {
		panic(errorf("Pad", "there are %d widths for an array of shape %s: give one, or one for each axis", len(widths), shapeText(a.shape)))
	}
	shape, index := a.Shape(), make([]any, len(a.shape))
	for i := range shape {
		w := widths[min(i, len(widths)-1)]
		if w[0] < 0 || w[1] < 0 {
			panic(errorf("Pad", "the width %v is negative", w))
		}
		index[i] = R(w[0], w[0]+shape[i])
		shape[i] += w[0] + w[1]
	}
	out := newArray("Pad", a.dtype, shape)
	out.Set(value)
	out.Set(a, index...)
	return out
}
