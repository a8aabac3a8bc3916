package ndarray

import "math"

// ResultType is the type that holds what arrays of both types hold: the wider
// of two, a signed type for signed and unsigned ones, Float64 for Uint64 and
// a signed one. It is NumPy's promotion, NEP 50.
func ResultType(a, b Dtype) Dtype {
	if a > b {
		a, b = b, a
	}
	switch {
	case a == b || a == Bool:
		return b
	case b.IsFloat():
		if b == Float32 && (a.Size() <= 2 || a.IsFloat()) {
			return Float32
		}
		return Float64
	case a.isSigned() == b.isSigned():
		return b
	case a.Size() > b.Size():
		return a
	case b == Uint64:
		return Float64
	}
	return Int16 + (b - Uint8) // of twice the size
}

// operand is one side of an operation: an array, a number, or only a type.
type operand struct {
	array  *Array
	number any // an int or a float64, that takes the other's type
	dtype  Dtype
}

func operandOf(op string, v any) (operand, error) {
	switch v := v.(type) {
	case *Array:
		if v != nil && v.dtype.valid() {
			return operand{array: v, dtype: v.dtype}, nil
		}
		return operand{}, errorf(op, "the operand is a nil *ndarray.Array, or one that was not made by this package")
	case Dtype:
		if v.valid() {
			return operand{dtype: v}, nil
		}
	case int:
		return operand{number: v, dtype: Int64}, nil
	case float64:
		return operand{number: v, dtype: Float64}, nil
	}
	if a, ok := scalar(v); ok {
		return operand{array: a, dtype: a.dtype}, nil
	}
	return operand{}, errorf(op, "%s of type %T is no operand: it is an *ndarray.Array or a number", brief(v), v)
}

// promoted is the type in which two operands meet.
func promoted(x, y operand) Dtype {
	switch {
	case x.number == nil && y.number == nil || x.number != nil && y.number != nil:
		return ResultType(x.dtype, y.dtype)
	case x.number != nil:
		return withWeak(y.dtype, x.dtype)
	}
	return withWeak(x.dtype, y.dtype)
}

// withWeak is the type for an array and a number: the array's, unless that is of
// a lower kind.
func withWeak(array, number Dtype) Dtype {
	switch {
	case array.IsFloat():
		return array
	case number == Float64 || array == Bool:
		return number
	}
	return array
}

// holds tells whether a type holds a whole number.
func (d Dtype) holds(i int) bool {
	bits := uint(d.Size() * 8)
	switch {
	case d.isUnsigned():
		return i >= 0 && (bits == 64 || uint64(i)>>bits == 0)
	case d.isSigned() && bits < 64:
		return int64(i)>>(bits-1) == 0 || int64(i)>>(bits-1) == -1
	}
	return true
}

// ReductionType is the type of the reduction of that name, "Sum" or "Max", of
// an array of a type: sums and products of whole numbers have 64 bits, means
// are floats, positions Int64. The error is an *Error for an unknown name.
func ReductionType(name string, dtype Dtype) (Dtype, error) {
	switch name {
	case "Sum", "Prod", "Cumsum", "Cumprod":
		switch {
		case dtype.isUnsigned():
			return Uint64, nil
		case !dtype.IsFloat():
			return Int64, nil
		}
		return dtype, nil
	case "Min", "Max", "Sort":
		return dtype, nil
	case "Mean", "Std", "Var", "Median":
		if dtype == Float32 {
			return Float32, nil
		}
		return Float64, nil
	case "ArgMin", "ArgMax", "CountNonzero", "ArgSort":
		return Int64, nil
	case "All", "Any":
		return Bool, nil
	}
	return 0, errorf("ReductionType", "there is no reduction %q", name)
}

// limits are the smallest and the largest number of a whole type.
func (d Dtype) limits() (low int64, high uint64) {
	bits := uint(d.Size() * 8)
	if d.isUnsigned() {
		return 0, math.MaxUint64 >> (64 - bits)
	}
	return -1 << (bits - 1), 1<<(bits-1) - 1
}
