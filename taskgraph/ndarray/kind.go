package ndarray

import "reflect"

type signed interface{ int8 | int16 | int32 | int64 }
type unsigned interface {
	uint8 | uint16 | uint32 | uint64
}
type integer interface{ signed | unsigned }
type float interface{ float32 | float64 }
type number interface{ integer | float }

// typed is what can be done with arrays of one Dtype; a kind does it.
// Wherever the type of the elements matters, kinds is asked once, and the
// loops below know it.
type typed interface {
	make(op string, shape []int) any
	binary(op string, shape []int, x, y *Array) *Array
	unary(op string, x *Array) *Array
	choose(shape []int, cond, x, y *Array) *Array
	convert(x *Array, shape []int) *Array
	run(c *chain) any
	storing(to, from any) func(start, n int)
	assign(to, from *Array)
	take(shape []int, x *Array, axis int, positions []int) *Array
	pick(shape []int, x *Array, truth []uint8) *Array
	fill(to *Array, from reflect.Value)
	shared(x, y any) bool
	values(data any, offset, n int) any
	float(data any, pos int) float64
	item(data any, pos int) any
	put(data any, pos int, number any)
	appendJSON(buf []byte, data any, pos int) []byte
	reduce(name string, r Reduction) *Array
	sort(x *Array, n int)
	argsort(out []int64, x *Array, n int)
	accumulate(x *Array, n int)
	multiply(out, x, y *Array)
}

// kind is the loops for one type of elements, T in memory.
type kind[T number] struct {
	dtype    Dtype
	read     func(data any) reader[T]
	special2 func(op string) func(out, a, b []T) // the operations not of all numbers
	special1 func(op string) func(out, a []T)
	sums     func(name string, r Reduction) *Array // with an accumulator of 64 bits
}

// loops are those of a type, and for what is none a panic.
func (d Dtype) loops() typed {
	k := kinds[d&15]
	if k == nil {
		panic(errNotMade)
	}
	return k
}

// kinds has the loops of every Dtype by its last bits.
var kinds = [16]typed{
	Bool & 15:    kind[uint8]{Bool, truths, logical2, logical1, summed[uint8, int64]},
	Int8 & 15:    wholes[int8, int64](Int8),
	Int16 & 15:   wholes[int16, int64](Int16),
	Int32 & 15:   wholes[int32, int64](Int32),
	Int64 & 15:   wholes[int64, int64](Int64),
	Uint8 & 15:   wholes[uint8, uint64](Uint8),
	Uint16 & 15:  wholes[uint16, uint64](Uint16),
	Uint32 & 15:  wholes[uint32, uint64](Uint32),
	Uint64 & 15:  wholes[uint64, uint64](Uint64),
	Float32 & 15: kind[float32]{Float32, reading[float32], floating2[float32], floating1[float32], summed[float32, float64]},
	Float64 & 15: kind[float64]{Float64, reading[float64], floating2[float64], floating1[float64], summed[float64, float64]},
}

func wholes[T, A integer](dtype Dtype) typed {
	return kind[T]{dtype, reading[T], whole2[T], whole1[T], summed[T, A]}
}

func (k kind[T]) make(op string, shape []int) any { return k.allocate(op, shape) }

// allocate is zeros for the elements of a shape. What does not fit into
// memory panics.
func (k kind[T]) allocate(op string, shape []int) []T {
	must(sizeError(op, k.dtype, shape))
	return make([]T, count(shape))
}

// new is an array of zeros with memory of its own, and that memory.
func (k kind[T]) new(shape []int) (*Array, []T) {
	data := k.allocate("", shape)
	return wrap(k.dtype, data, shape), data
}

func (k kind[T]) float(data any, pos int) float64 { return float64(data.([]T)[pos]) }

func (k kind[T]) item(data any, pos int) any {
	x := data.([]T)[pos]
	if k.dtype == Bool {
		return x != 0
	}
	return x
}

// put writes an int or a float64, which the type holds.
func (k kind[T]) put(data any, pos int, number any) {
	elements := data.([]T)
	switch x := number.(type) {
	case int:
		elements[pos] = T(x)
	case float64:
		elements[pos] = T(x)
	}
	if k.dtype == Bool {
		elements[pos] = T(truth(number != 0 && number != 0.0))
	}
}

// wrap is an array on memory that holds its elements in order.
func wrap(dtype Dtype, data any, shape []int) *Array {
	return &Array{dtype: dtype, shape: append([]int{}, shape...), strides: rowMajor(shape), memory: &memory{data: data}}
}

func newArray(op string, dtype Dtype, shape []int) *Array {
	must(wellFormed(op, dtype, shape))
	return wrap(dtype, dtype.loops().make(op, shape), shape)
}
