package ndarray

import (
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// FromMatrix is an array of two axes with a copy of a matrix.
func FromMatrix(m mat.Matrix) *Array {
	rows, columns := m.Dims()
	a := Empty(Float64, rows, columns)
	mat.NewDense(rows, columns, a.elements().([]float64)).Copy(m)
	return a
}

// Matrix is a copy of an array of two axes, for package mat; an array of one
// axis is a column. Others, and those without elements, panic.
func (a *Array) Matrix() *mat.Dense {
	if len(a.shape) == 1 {
		a = a.ExpandDims(1)
	}
	if len(a.shape) != 2 || a.Size() == 0 {
		panic(errorf("Matrix", "an array of shape %s is no matrix", shapeText(a.shape)))
	}
	return mat.NewDense(a.shape[0], a.shape[1], a.Float64s())
}

// MatMul is the product of matrices, Python's @: the last two axes of both
// are rows and columns, the others are stretched to one shape. An array of
// one axis is a row on the left and a column on the right, and the result
// has no axis for it. Shapes that do not go together panic.
func (a *Array) MatMul(b *Array) *Array {
	shape, err := MatMulShape(a.shape, b.shape)
	must(err)
	dtype := ResultType(a.dtype, b.dtype)
	x, y := a.AsType(dtype), b.AsType(dtype)
	if len(x.shape) == 1 {
		x = x.ExpandDims(0)
	}
	if len(y.shape) == 1 {
		y = y.ExpandDims(1)
	}
	batch, _ := broadcast("MatMul", x.shape[:len(x.shape)-2], y.shape[:len(y.shape)-2])
	m, inner, n := x.shape[len(x.shape)-2], x.shape[len(x.shape)-1], y.shape[len(y.shape)-1]
	out := newArray("MatMul", dtype, append(slices.Clone(batch), m, n))
	if out.Size() > 0 && inner > 0 {
		left := x.BroadcastTo(append(slices.Clone(batch), m, inner)...)
		right := y.BroadcastTo(append(slices.Clone(batch), inner, n)...)
		eachMatrix(len(batch), out, left, right)
	}
	return out.Reshape(shape...)
}

// MatMulShape is the shape of MatMul's result. The error is an *Error.
func MatMulShape(a, b []int) ([]int, error) {
	if len(a) == 0 || len(b) == 0 {
		return nil, errorf("MatMul", "arrays of shapes %s and %s: a single number is no matrix, Mul multiplies by it", shapeText(a), shapeText(b))
	}
	rows, columns := []int{}, []int{}
	inner := b[0]
	if len(a) > 1 {
		rows = a[len(a)-2 : len(a)-1]
	}
	if len(b) > 1 {
		inner, columns = b[len(b)-2], b[len(b)-1:]
	}
	if a[len(a)-1] != inner {
		return nil, errorf("MatMul", "arrays of shapes %s and %s do not go together: rows of %d elements meet columns of %d", shapeText(a), shapeText(b), a[len(a)-1], inner)
	}
	batch, err := broadcast("MatMul", a[:max(len(a)-2, 0)], b[:max(len(b)-2, 0)])
	if err != nil {
		return nil, err
	}
	return append(append(batch, rows...), columns...), nil
}

// eachMatrix multiplies the matrices of stacks of them.
func eachMatrix(stacked int, out, x, y *Array) {
	if stacked == 0 {
		multiply(out, x.inOrder(), y.inOrder())
		return
	}
	for i := range out.shape[0] {
		eachMatrix(stacked-1, out.At(i), x.At(i), y.At(i))
	}
}

// multiply is one product of matrices, with BLAS for floats.
func multiply(out, x, y *Array) {
	switch data := out.elements().(type) {
	case []float64:
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, general64(x), general64(y), 0, blas64.General{
			Rows: out.shape[0], Cols: out.shape[1], Stride: out.shape[1], Data: data[out.offset:],
		})
	case []float32:
		blas32.Gemm(blas.NoTrans, blas.NoTrans, 1, general32(x), general32(y), 0, blas32.General{
			Rows: out.shape[0], Cols: out.shape[1], Stride: out.shape[1], Data: data[out.offset:],
		})
	default:
		out.dtype.loops().multiply(out, x, y)
	}
}

func general64(a *Array) blas64.General {
	return blas64.General{Rows: a.shape[0], Cols: a.shape[1], Stride: a.shape[1], Data: a.elements().([]float64)[a.offset:]}
}

func general32(a *Array) blas32.General {
	return blas32.General{Rows: a.shape[0], Cols: a.shape[1], Stride: a.shape[1], Data: a.elements().([]float32)[a.offset:]}
}

// multiply is for whole numbers, which wrap around, and Bools, for which it
// is "or" of "and".
func (k kind[T]) multiply(out, x, y *Array) {
	m, inner, n := x.shape[0], x.shape[1], y.shape[1]
	to, a, b := out.elements().([]T)[out.offset:], x.elements().([]T)[x.offset:], y.elements().([]T)[y.offset:]
	for i := range m {
		row := to[i*n : i*n+n]
		for j := range inner {
			factor := a[i*inner+j]
			if factor == 0 {
				continue
			}
			for c, v := range b[j*n : j*n+n] {
				if k.dtype == Bool {
					row[c] = max(row[c], v)
				} else {
					row[c] += factor * v
				}
			}
		}
	}
}

// Dot is the sum of products over the last axis of a and the last but one of
// b, or its only one: the inner product of two arrays of one axis, the
// product of matrices of two. It differs from MatMul for more axes, which
// all stay, those of a before those of b. Of a single number it is Mul.
func (a *Array) Dot(b *Array) *Array {
	if len(a.shape) == 0 || len(b.shape) == 0 {
		return a.Mul(b)
	}
	if len(a.shape) <= 2 && len(b.shape) <= 2 {
		return a.MatMul(b)
	}
	axis := max(len(b.shape)-2, 0)
	inner := b.shape[axis]
	if a.shape[len(a.shape)-1] != inner {
		panic(errorf("Dot", "arrays of shapes %s and %s do not go together: rows of %d elements meet columns of %d", shapeText(a.shape), shapeText(b.shape), a.shape[len(a.shape)-1], inner))
	}
	columns := b.moved(axis, 0)
	shape := append(a.Shape()[:len(a.shape)-1], columns.shape[1:]...)
	left := a.Reshape(count(a.shape[:len(a.shape)-1]), inner)
	right := columns.Reshape(inner, count(columns.shape[1:]))
	return left.MatMul(right).Reshape(shape...)
}
