package ndarray

import "math"

// Empty is an array of zeros whose contents are going to be set; it says so
// to the reader. Like all functions that take a shape it panics for a
// negative length, and no lengths are an array of one number.
func Empty(dtype Dtype, shape ...int) *Array { return newArray("Empty", dtype, shape) }

// Zeros is an array of zeros.
func Zeros(dtype Dtype, shape ...int) *Array { return newArray("Zeros", dtype, shape) }

// Ones is an array of ones.
func Ones(dtype Dtype, shape ...int) *Array { return full("Ones", 1, dtype, shape) }

// Full is an array of one number, or of what an array repeats.
func Full(value any, dtype Dtype, shape ...int) *Array {
	return full("Full", value, dtype, shape)
}

func full(op string, value any, dtype Dtype, shape []int) *Array {
	a := newArray(op, dtype, shape)
	a.Set(value)
	return a
}

// Like is an array of zeros with the shape and the type of a.
func Like(a *Array) *Array { return newArray("Like", a.dtype, a.shape) }

// Of is an array of numbers along one axis, of Float64.
func Of(values ...float64) *Array {
	return wrap(Float64, append([]float64{}, values...), []int{len(values)})
}

// Arange counts: Arange(stop) from 0, Arange(start, stop) and Arange(start,
// stop, step), always to before stop. It is of Int64 for whole numbers and
// of Float64 if one is a float. For steps that are no whole numbers Linspace
// tells better how many there are.
func Arange(bounds ...any) *Array {
	dtype := Int64
	var floats [3]float64
	var ints [3]int
	for i, v := range bounds {
		var ok bool
		if i == 3 {
			panic(errorf("Arange", "it takes start, stop and step, not %d numbers", len(bounds)))
		}
		if ints[i], ok = whole(v); ok {
			floats[i] = float64(ints[i])
		} else if floats[i], ok = fraction(v); ok {
			dtype = Float64
		} else {
			panic(errorf("Arange", "%s of type %T is no number", brief(v), v))
		}
	}
	switch len(bounds) {
	case 0:
		panic(errorf("Arange", "it takes a number to stop before"))
	case 1:
		ints, floats = [3]int{0, ints[0], 1}, [3]float64{0, floats[0], 1}
	case 2:
		ints[2], floats[2] = 1, 1
	}
	if floats[2] == 0 {
		panic(errorf("Arange", "the step is 0"))
	}
	if dtype == Int64 {
		return arangeInts(ints[0], ints[1], ints[2])
	}
	return arangeFloats(floats[0], floats[1], floats[2])
}

func fraction(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case float32:
		return float64(v), true
	}
	return 0, false
}

func arangeInts(start, stop, step int) *Array {
	n := spaced(start, stop, step).Count
	a := newArray("Arange", Int64, []int{n})
	for i := range a.elements().([]int64) {
		a.elements().([]int64)[i] = int64(start + i*step)
	}
	return a
}

func arangeFloats(start, stop, step float64) *Array {
	n := math.Ceil((stop - start) / step)
	if math.IsNaN(n) || n > float64(mostElements) {
		panic(errorf("Arange", "from %v to %v in steps of %v there are too many numbers, or none", start, stop, step))
	}
	a := newArray("Arange", Float64, []int{max(0, int(n))})
	// NumPy adds the difference of the first two, which is not step where
	// start is large.
	delta := (start + step) - start
	for i := range a.elements().([]float64) {
		a.elements().([]float64)[i] = start + float64(float64(i)*delta)
	}
	return a
}

// Linspace is n numbers from start to stop, both among them, evenly spaced.
func Linspace(start, stop float64, n int) *Array {
	a := newArray("Linspace", Float64, []int{n})
	values := a.elements().([]float64)
	if n > 1 {
		step := (stop - start) / float64(n-1)
		for i := range values {
			values[i] = start + float64(float64(i)*step)
		}
		values[n-1] = stop
	} else if n == 1 {
		values[0] = start
	}
	return a
}

// Eye is an array of n rows and n columns with ones where they are equal.
func Eye(dtype Dtype, n int) *Array {
	a := newArray("Eye", dtype, []int{n, n})
	a.view([]int{n}, []int{n + 1}, 0).Set(1)
	return a
}
