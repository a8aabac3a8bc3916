package ndarray

// Empty is an array of zeros whose contents are going to be set; it says so
// to the reader. Like all functions that take a shape it panics for a
// negative length, and no lengths are an array of one number.
func Empty(dtype Dtype, shape ...int) *Array { return newArray("Empty", dtype, shape) }

// Zeros is an array of zeros.
func Zeros(dtype Dtype, shape ...int) *Array { return newArray("Zeros", dtype, shape) }

// Ones is an array of ones.
func Ones(dtype Dtype, shape ...int) *Array { return Full(1, dtype, shape...) }

// Full is an array of one number, or of what an array repeats.
func Full(value any, dtype Dtype, shape ...int) *Array {
	a := newArray("Full", dtype, shape)
	a.Set(value)
	return a
}

// Like is an array of zeros with the shape and the type of a.
func Like(a *Array) *Array { return newArray("Like", a.dtype, a.shape) }
