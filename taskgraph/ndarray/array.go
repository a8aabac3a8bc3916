package ndarray

import "slices"

// Array is an n-dimensional array of numbers of one type. Make one with
// Empty, FromSlice and the like: the zero Array has no elements, and what
// needs them panics.
//
// Several arrays may be views of one memory, see the package comment.
type Array struct {
	dtype   Dtype
	shape   []int
	strides []int // in elements
	offset  int   // of the first element in the memory
	memory  *memory
}

// Shape is the length of every axis; empty for an array of no axes. It is a
// copy.
func (a *Array) Shape() []int { return slices.Clone(a.shape) }

// Ndim is the number of axes.
func (a *Array) Ndim() int { return len(a.shape) }

// Size is the number of elements.
func (a *Array) Size() int { return count(a.shape) }

// NBytes is how many bytes the elements take, whether or not they lie in
// memory of their own.
func (a *Array) NBytes() int { return a.Size() * a.dtype.Size() }

// Dtype is the type of the elements.
func (a *Array) Dtype() Dtype { return a.dtype }

// Len is the length of the first axis. An array of no axes has none: panic.
func (a *Array) Len() int {
	if len(a.shape) == 0 {
		panic(errorf("Len", "an array of shape () has no length: it is a single number, see Item"))
	}
	return a.shape[0]
}

// Strides says for every axis how many bytes lie between neighbours.
func (a *Array) Strides() []int {
	strides := slices.Clone(a.strides)
	for i := range strides {
		strides[i] *= a.dtype.Size()
	}
	return strides
}

// isContiguous tells whether the elements lie one after the other, in order
// of the last axis first.
func (a *Array) isContiguous() bool {
	want := 1
	for i := len(a.shape) - 1; i >= 0; i-- {
		if a.shape[i] == 0 {
			return true
		}
		if a.shape[i] != 1 && a.strides[i] != want {
			return false
		}
		want *= a.shape[i]
	}
	return true
}
