package ndarray

import (
	"iter"
	"slices"
)

// view is another array on the same memory.
func (a *Array) view(shape, strides []int, offset int) *Array {
	if count(shape) == 0 {
		offset = 0 // what is empty may lie behind the end
	}
	return &Array{a.dtype, shape, strides, offset, a.memory}
}

// At is a view of what stands at an index: one number for each axis from the
// first on, negative ones from the end. frames.At(3) is the fourth frame, of
// one axis less; with numbers for all axes the view has none, see Get.
func (a *Array) At(index ...int) *Array {
	if len(index) > len(a.shape) {
		panic(errorf("At", "%d indices are too many for an array of shape %s", len(index), shapeText(a.shape)))
	}
	n := len(index)
	return a.view(append([]int{}, a.shape[n:]...), append([]int{}, a.strides[n:]...), a.position("At", index))
}

// position is where an element, or a part, begins.
func (a *Array) position(op string, index []int) int {
	pos := a.offset
	for axis, i := range index {
		n := a.shape[axis]
		if i < -n || i >= n {
			panic(errorf(op, "index %d is out of range for axis %d of an array of shape %s", i, axis, shapeText(a.shape)))
		}
		if i < 0 {
			i += n
		}
		pos += i * a.strides[axis]
	}
	return pos
}

// Get is the element at an index, with a number for each axis; of an array
// of a single element it needs none. Item gives it in its own type.
func (a *Array) Get(index ...int) float64 {
	return a.dtype.loops().float(a.elements(), a.element("Get", index))
}

// Item is the element at an index as a Go value of its type: a uint8, a
// float64, a bool. See Get.
func (a *Array) Item(index ...int) any {
	return a.dtype.loops().item(a.elements(), a.element("Item", index))
}

func (a *Array) element(op string, index []int) int {
	if len(index) == 0 && a.Size() == 1 {
		return a.offset
	}
	switch {
	case len(a.shape) == 0:
		panic(errorf(op, "an array of shape () is a single number: %s() without an index gives it", op))
	case len(index) != len(a.shape):
		panic(errorf(op, "an element of an array of shape %s has %d indices, not %d: At and Slice give parts", shapeText(a.shape), len(a.shape), len(index)))
	}
	return a.position(op, index)
}

// Set writes a value to the elements at an index, which is that of ParseIndex:
// a number for each axis from the first on, or a range. No index are all
// elements. The value is a number, an array that is stretched to the shape
// and converted as AsType does, or a slice for FromSlice:
//
//	frames.Set(img, i)                   // frame i
//	x.Set(0, ndarray.All, ndarray.R(1))  // all columns but the first
func (a *Array) Set(value any, index ...any) {
	if a.setElement(value, index) {
		return
	}
	to := a
	if len(index) > 0 {
		to = a.part("Set", index, parseIndex)
	}
	from := a.valueToSet(value)
	shape, err := broadcast("Set", to.shape, from.shape)
	if err != nil || !sameShape(shape, to.shape) {
		if from = withoutOnes(from, len(to.shape)); from == nil || !fitsInto(from.shape, to.shape) {
			panic(errorf("Set", "a value of shape %s does not go into a part of shape %s", shapeText(a.valueToSet(value).shape), shapeText(to.shape)))
		}
	}
	if overlap(to, from) {
		from = from.Copy()
	}
	to.written()
	a.dtype.loops().assign(to, from)
}

// setElement is the short way for one element and a plain number; false if it
// is not that, or wrong.
func (a *Array) setElement(value any, index []any) bool {
	switch x := value.(type) {
	case int:
		if a.dtype.IsInteger() && !a.dtype.holds(x) {
			return false
		}
	case float64:
	default:
		return false
	}
	if len(index) != len(a.shape) {
		return false
	}
	pos := a.offset
	for axis, part := range index {
		i, ok := part.(int)
		if i < 0 {
			i += a.shape[axis]
		}
		if !ok || i < 0 || i >= a.shape[axis] {
			return false
		}
		pos += i * a.strides[axis]
	}
	a.dtype.loops().put(a.written(), pos, value)
	return true
}

// withoutOnes drops axes of length 1 at the front that are too many; nil if
// there are others.
func withoutOnes(a *Array, ndim int) *Array {
	for len(a.shape) > ndim {
		if a.shape[0] != 1 {
			return nil
		}
		a = a.At(0)
	}
	return a
}

func fitsInto(from, to []int) bool {
	shape, err := broadcast("", from, to)
	return err == nil && sameShape(shape, to)
}

func (a *Array) valueToSet(value any) *Array {
	o, err := operandOf("Set", value)
	if err != nil {
		from, problem := fromSlice("Set", value, nil)
		if problem != nil {
			panic(errorf("Set", "%s of type %T is no number, array or slice of numbers", brief(value), value))
		}
		return from
	}
	from, ok := o.fitting(a.dtype)
	switch {
	case !ok:
		panic(errorf("Set", "%v is out of the range of %v", o.number, a.dtype))
	case from == nil:
		panic(errorf("Set", "a Dtype is no value"))
	}
	return from
}

// overlap tells whether two arrays are views of one memory.
func overlap(a, b *Array) bool {
	return a.memory == b.memory || a.dtype == b.dtype && a.dtype.loops().shared(a.elements(), b.elements())
}

func (k kind[T]) shared(x, y any) bool {
	a, b := x.([]T), y.([]T)
	return len(a) > 0 && len(b) > 0 && &a[0] == &b[0]
}

// Slice is a view of a part. Numbers and nil are low, high and step of the
// first axis, as in Python's x[low:high:step]:
//
//	x.Slice(1, 10)        // from 1 to before 10
//	x.Slice(nil, nil, 2)  // every second
//
// Otherwise there is one argument for each axis from the first on, a number
// for one position, R(low, high, step) for a range, All, Ellipsis or NewAxis:
//
//	x.Slice(ndarray.All, ndarray.R(1, 10), 0)  // x[:, 1:10, 0]
//
// A single number for each axis is At's. What is out of range panics, but
// ranges end where the axis does.
func (a *Array) Slice(args ...any) *Array { return a.part("Slice", args, parseSlice) }

func (a *Array) part(op string, args []any, parse func(string, []int, []any) ([]AxisIndex, []int, error)) *Array {
	index, shape, err := parse(op, a.shape, args)
	must(err)
	strides, offset := make([]int, 0, len(shape)), a.offset
	for _, at := range index {
		stride := 0
		if at.Axis >= 0 {
			stride = a.strides[at.Axis]
		}
		offset += at.Start * stride
		if !at.Drop {
			strides = append(strides, stride*at.Step)
		}
	}
	return a.view(shape, strides, offset)
}

// Copy is an array with memory of its own, its elements in order.
func (a *Array) Copy() *Array { return a.dtype.loops().convert(a, a.shape) }

// Parts goes over the first axis: each position and a view of what stands
// there.
//
//	for i, frame := range frames.Parts() {
func (a *Array) Parts() iter.Seq2[int, *Array] {
	n := a.Len()
	return func(yield func(int, *Array) bool) {
		for i := range n {
			if !yield(i, a.At(i)) {
				return
			}
		}
	}
}

// inOrder is the elements side by side: the array's own memory if they lie so.
func (a *Array) inOrder() *Array {
	if a.isContiguous() {
		return a
	}
	return a.Copy()
}

// Float64s is a copy of the elements in order.
func (a *Array) Float64s() []float64 { return asType(a, Float64).elements().([]float64) }

// Values is the elements in order, in a slice of their Go type: []uint8,
// []float64, []bool. It is the array's own memory where they lie side by side
// (never for Bool), otherwise a copy.
func (a *Array) Values() any {
	return a.values((*Array).shown)
}

func (a *Array) values(elements func(*Array) any) any {
	b := a.inOrder()
	if a.dtype == Bool {
		bools := make([]bool, a.Size())
		for i, x := range b.elements().([]uint8)[b.offset:][:len(bools)] {
			bools[i] = x != 0
		}
		return bools
	}
	return a.dtype.loops().values(elements(b), b.offset, a.Size())
}

func (k kind[T]) values(data any, offset, n int) any {
	return data.([]T)[offset : offset+n : offset+n]
}

// ArrayEqual tells whether two arrays have the same shape and equal elements,
// of whatever types. NaN equals nothing.
func ArrayEqual(a, b *Array) bool {
	return sameShape(a.shape, b.shape) && a.Eq(b).All()
}

// AllClose tells whether all elements differ by atol + rtol*|b| at most, as
// NumPy's allclose, whose tolerances are rtol 1e-5 and atol 1e-8. The shapes
// must go together. NaN is close to nothing.
func AllClose(a, b *Array, rtol, atol float64) bool {
	x, y := a.AsType(Float64), b.AsType(Float64)
	return x.Sub(y).Abs().Le(y.Abs().Mul(rtol).Add(atol)).And(y.IsFinite()).Or(x.Eq(y)).All()
}

func sameShape(a, b []int) bool { return slices.Equal(a, b) }
