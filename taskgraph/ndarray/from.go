package ndarray

import "reflect"

// FromSlice is an array of what a slice holds: a []float64, []int, []bool or
// the like, or slices of slices, [][]float64, whose inner ones all have the
// same length. A shape puts the elements in another form, as Reshape does.
// It is a copy; []int becomes Int64 and []uint Uint64. What is no slice of
// numbers panics.
func FromSlice(slice any, shape ...int) *Array {
	a, err := fromSlice("FromSlice", slice, shape)
	must(err)
	return a
}

// FromBuffer is an array on the memory of a slice: setting elements of one
// shows in the other. The slice is of the Go type of a Dtype, []int8 to
// []float64, but not []int or []bool, of which only copies can be had:
// anything else panics.
func FromBuffer(slice any, shape ...int) *Array {
	a, err := fromBuffer(slice)
	must(err)
	a.shown()
	if len(shape) > 0 {
		return a.Reshape(shape...)
	}
	return a
}

func fromBuffer(slice any) (*Array, error) {
	dtype, ok := dtypesOfSlices[reflect.TypeOf(slice)]
	if !ok {
		return nil, errorf("FromBuffer", "a %T is no memory of an array: it is a []int8, ... or []float64; FromSlice copies others", slice)
	}
	return wrap(dtype, slice, []int{reflect.ValueOf(slice).Len()}), nil
}

var dtypesOfSlices = map[reflect.Type]Dtype{
	reflect.TypeFor[[]int8](): Int8, reflect.TypeFor[[]int16](): Int16, reflect.TypeFor[[]int32](): Int32, reflect.TypeFor[[]int64](): Int64,
	reflect.TypeFor[[]uint8](): Uint8, reflect.TypeFor[[]uint16](): Uint16, reflect.TypeFor[[]uint32](): Uint32, reflect.TypeFor[[]uint64](): Uint64,
	reflect.TypeFor[[]float32](): Float32, reflect.TypeFor[[]float64](): Float64,
}

var dtypesOfKinds = map[reflect.Kind]Dtype{
	reflect.Bool: Bool, reflect.Int: Int64, reflect.Uint: Uint64,
	reflect.Int8: Int8, reflect.Int16: Int16, reflect.Int32: Int32, reflect.Int64: Int64,
	reflect.Uint8: Uint8, reflect.Uint16: Uint16, reflect.Uint32: Uint32, reflect.Uint64: Uint64,
	reflect.Float32: Float32, reflect.Float64: Float64,
}

func fromSlice(op string, slice any, shape []int) (*Array, error) {
	v := reflect.ValueOf(slice)
	lengths, dtype := formOf(v)
	if len(lengths) == 0 || !dtype.valid() {
		return nil, errorf(op, "a %T is no slice of numbers", slice)
	}
	a := newArray(op, dtype, lengths)
	if err := copyNested(op, a, v); err != nil {
		return nil, err
	}
	if len(shape) > 0 {
		return a.Reshape(shape...), nil
	}
	return a, nil
}

// formOf reads the shape off the first elements.
func formOf(v reflect.Value) (lengths []int, dtype Dtype) {
	if !v.IsValid() {
		return nil, 0
	}
	t := v.Type()
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
		n := 0
		if v.IsValid() {
			n = v.Len()
		}
		if lengths, t = append(lengths, n), t.Elem(); n > 0 {
			v = v.Index(0)
		} else {
			v = reflect.Value{}
		}
	}
	return lengths, dtypesOfKinds[t.Kind()]
}

func copyNested(op string, to *Array, v reflect.Value) error {
	if v.Len() != to.shape[0] {
		return errorf(op, "the inner slices have different lengths, %d and %d: an array has rows of one length", to.shape[0], v.Len())
	}
	if to.Ndim() == 1 {
		to.dtype.loops().fill(to, v)
		return nil
	}
	for i := range v.Len() {
		if err := copyNested(op, to.At(i), v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

// fill copies a slice or array of numbers to an array of one axis.
func (k kind[T]) fill(to *Array, v reflect.Value) {
	data := to.elements().([]T)[to.offset : to.offset+v.Len()]
	if v.Kind() == reflect.Slice {
		switch s := v.Interface().(type) {
		case []T:
			copy(data, s)
			return
		case []int:
			for i, x := range s {
				data[i] = T(x)
			}
			return
		case []bool:
			for i, x := range s {
				data[i] = T(truth(x))
			}
			return
		}
	}
	for i := range data {
		data[i] = fromReflect[T](v.Index(i))
	}
}

func fromReflect[T number](v reflect.Value) T {
	switch {
	case v.CanInt():
		return T(v.Int())
	case v.CanUint():
		return T(v.Uint())
	case v.CanFloat():
		return T(v.Float())
	}
	return T(truth(v.Bool()))
}
