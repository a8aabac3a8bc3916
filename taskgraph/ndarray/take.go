package ndarray

// Take picks positions along an axis, in any order and any number of times,
// negative ones from the end. The positions are an int, a slice of whole
// numbers or an array of them, whose axes take the axis's place. It is a
// copy. Positions out of range panic.
func (a *Array) Take(positions any, axis int) *Array {
	axis = a.axis("Take", axis)
	at := positionsOf(positions)
	shape := append(append(a.Shape()[:axis:axis], at.shape...), a.shape[axis+1:]...)
	must(fits("Take", a.dtype, shape))
	n := a.shape[axis]
	list := make([]int, at.Size())
	for i, p := range asType(at, Int64).elements().([]int64) {
		if p < int64(-n) || p >= int64(n) {
			panic(errorf("Take", "position %d is out of range for axis %d of an array of shape %s", p, axis, shapeText(a.shape)))
		}
		if p < 0 {
			p += int64(n)
		}
		list[i] = int(p)
	}
	return a.dtype.loops().take(shape, a.inOrder(), axis, list)
}

func positionsOf(v any) *Array {
	if i, ok := whole(v); ok {
		return wrap(Int64, []int64{int64(i)}, nil)
	}
	at, ok := v.(*Array)
	if !ok {
		var err error
		at, err = fromSlice("Take", v, nil)
		must(err)
	}
	if !at.dtype.IsInteger() && at.Size() > 0 {
		panic(errorf("Take", "positions are whole numbers, not %v: Mask picks by bools", at.dtype))
	}
	return at
}

// take copies from an array whose elements lie in order.
func (k kind[T]) take(shape []int, x *Array, axis int, positions []int) *Array {
	out, to := k.new(shape)
	n, inner := x.shape[axis], count(x.shape[axis+1:])
	from := x.elements().([]T)[x.offset:]
	for range count(x.shape[:axis]) {
		if inner == 1 {
			for i, p := range positions {
				to[i] = from[p]
			}
		} else {
			for i, p := range positions {
				copy(to[i*inner:(i+1)*inner], from[p*inner:])
			}
		}
		to, from = to[len(positions)*inner:], from[n*inner:]
	}
	return out
}

// Mask picks the elements, or the parts along the first axes, where an array
// of Bools is true, in order. The shape of the Bools is that of a, or of its
// first axes. It is a copy with one axis in place of theirs.
func (a *Array) Mask(bools *Array) *Array {
	truth := a.truths("Mask", bools)
	n := 0
	for _, t := range truth {
		n += int(t)
	}
	return a.dtype.loops().pick(append([]int{n}, a.shape[len(bools.shape):]...), a.inOrder(), truth)
}

func (a *Array) truths(op string, bools *Array) []uint8 {
	if bools.dtype != Bool {
		panic(errorf(op, "a mask is of bools, not of %v: a comparison such as x.Gt(0) gives them", bools.dtype))
	}
	if len(bools.shape) > len(a.shape) || !sameShape(bools.shape, a.shape[:len(bools.shape)]) {
		panic(errorf(op, "a mask of shape %s does not go with an array of shape %s", shapeText(bools.shape), shapeText(a.shape)))
	}
	b := bools.inOrder()
	return b.elements().([]uint8)[b.offset:][:b.Size()]
}

func (k kind[T]) pick(shape []int, x *Array, truth []uint8) *Array {
	out, to := k.new(shape)
	inner := count(shape[1:])
	from := x.elements().([]T)[x.offset:]
	for i, t := range truth {
		if t != 0 {
			copy(to[:inner], from[i*inner:])
			to = to[inner:]
		}
	}
	return out
}

// SetMask writes a value where an array of Bools is true: a number, or what is
// stretched to the shape that Mask gives, an element for each true in their
// order. See Mask and Set.
func (a *Array) SetMask(bools *Array, value any) {
	truth := a.truths("SetMask", bools)
	from := a.valueToSet(value)
	if from.Size() != 1 || len(from.shape) > 0 {
		from = a.spreadOut(from, bools, truth)
	}
	mask := bools
	for len(mask.shape) < len(a.shape) {
		mask = mask.ExpandDims(len(mask.shape))
	}
	a.Set(a.dtype.loops().choose(a.shape, mask, from, a))
}

// spreadOut puts values at the places of the trues.
func (a *Array) spreadOut(values, bools *Array, truth []uint8) *Array {
	places, n := make([]int64, len(truth)), 0
	for i, t := range truth {
		if t != 0 {
			places[i] = int64(n)
			n++
		}
	}
	shape := append([]int{n}, a.shape[len(bools.shape):]...)
	if values = withoutOnes(values, len(shape)); values == nil || !fitsInto(values.shape, shape) {
		panic(errorf("SetMask", "the value does not go to places of shape %s: it is a number, or has an element for each", shapeText(shape)))
	}
	if n == 0 {
		return Zeros(values.dtype)
	}
	return values.BroadcastTo(shape...).Take(wrap(Int64, places, bools.shape), 0)
}
