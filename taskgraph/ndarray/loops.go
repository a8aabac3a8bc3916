package ndarray

// binary computes an operation of two arrays that go together in a shape.
func (k kind[T]) binary(op string, shape []int, x, y *Array) *Array {
	if compare := comparison[T](op); compare != nil {
		out, data := kind[uint8]{dtype: Bool}.new(shape)
		together(k, data, shape, x, y, compare)
		return out
	}
	loop := k.loop2(op)
	data, copied := k.begun(shape, x, y)
	out := wrap(k.dtype, data, shape)
	if copied == y {
		y = out
	}
	if copied == x {
		x = out
	}
	together(k, data, shape, x, y, loop)
	return out
}

// mostCopied is up to how many elements memory is quicker to have as a copy
// of other memory than as zeros.
const mostCopied = 1 << 18

// begun is memory for a result. Where an operand has its form it is a copy
// of that operand, which takes less time than zeros, and the operand is told.
func (k kind[T]) begun(shape []int, operands ...*Array) (data []T, copied *Array) {
	n := count(shape)
	for _, x := range operands {
		if n <= mostCopied && x.dtype == k.dtype && sameShape(x.shape, shape) && x.isContiguous() {
			return append([]T(nil), x.elements().([]T)[x.offset:x.offset+n]...), x
		}
	}
	return k.allocate("", shape), nil
}

// together runs a loop over the blocks of two arrays.
func together[T, R number](k kind[T], out []R, shape []int, x, y *Array, loop func(out []R, a, b []T)) {
	spread(len(out), len(out), func(low, high int) {
		a, b := k.source(x, shape), k.source(y, shape)
		inBlocks(low, high, func(start, n int) {
			loop(out[start:start+n], a.block(start, n), b.block(start, n))
		})
	})
}

// unary computes an operation of one array.
func (k kind[T]) unary(op string, x *Array) *Array {
	if test := testOf[T](op); test != nil {
		out, data := kind[uint8]{dtype: Bool}.new(x.shape)
		each(k, data, x, test)
		return out
	}
	loop := k.loop1(op)
	data, copied := k.begun(x.shape, x)
	out := wrap(k.dtype, data, x.shape)
	if copied != nil {
		x = out
	}
	each(k, data, x, loop)
	return out
}

// each runs a loop over the blocks of an array.
func each[T, R number](k kind[T], out []R, x *Array, loop func(out []R, a []T)) {
	spread(len(out), len(out), func(low, high int) {
		a := k.source(x, x.shape)
		inBlocks(low, high, func(start, n int) {
			loop(out[start:start+n], a.block(start, n))
		})
	})
}

// convert copies an array, stretched to a shape, into memory of its own.
func (k kind[T]) convert(x *Array, shape []int) *Array {
	data, copied := k.begun(shape, x)
	out := wrap(k.dtype, data, shape)
	if copied != nil {
		return out
	}
	spread(len(data), len(data), func(low, high int) {
		a := k.source(x, shape)
		if a.direct != nil {
			copy(data[low:high], a.direct[low:high])
			return
		}
		if low < high {
			a.fill(data[low:high], low)
		}
	})
	return out
}

// assign copies the elements of one array, stretched, to the memory of
// another. They must not overlap.
func (k kind[T]) assign(to, from *Array) {
	data := to.elements().([]T)
	shape, strides := merged(to.shape, to.strides)
	n := count(to.shape)
	if n == 0 {
		return
	}
	a := k.source(from, to.shape)
	if a.direct != nil && (n == 1 || len(shape) == 1 && strides[0] == 1) {
		copy(data[to.offset:to.offset+n], a.direct)
		return
	}
	w := walkFrom(shape, strides, to.offset, 0)
	inBlocks(0, n, func(start, n int) {
		block := a.block(start, n)
		for len(block) > 0 {
			pos, n, step := w.next(len(block))
			scatter(data, pos, step, block[:n])
			block = block[n:]
		}
	})
}

func scatter[T number](data []T, pos, step int, block []T) {
	if step == 1 {
		copy(data[pos:], block)
		return
	}
	for _, x := range block {
		data[pos] = x
		pos += step
	}
}

// choose takes x where cond is true and y elsewhere.
func (k kind[T]) choose(shape []int, cond, x, y *Array) *Array {
	out, data := k.new(shape)
	truth := Bool.loops().(kind[uint8])
	spread(len(data), len(data), func(low, high int) {
		c, a, b := truth.source(cond, shape), k.source(x, shape), k.source(y, shape)
		inBlocks(low, high, func(start, n int) {
			dst, c, a, b := data[start:start+n], c.block(start, n), a.block(start, n), b.block(start, n)
			for i := range dst {
				if dst[i] = b[i]; c[i] != 0 {
					dst[i] = a[i]
				}
			}
		})
	})
	return out
}

// common2 is the loops of the operations that all numbers have alike.
func common2[T number](op string) func(out, a, b []T) {
	switch op {
	case opAdd:
		return func(out, a, b []T) {
			a, b = a[:len(out)], b[:len(out)]
			for i := range out {
				out[i] = a[i] + b[i]
			}
		}
	case opSub:
		return func(out, a, b []T) {
			a, b = a[:len(out)], b[:len(out)]
			for i := range out {
				out[i] = a[i] - b[i]
			}
		}
	case opMul:
		return func(out, a, b []T) {
			a, b = a[:len(out)], b[:len(out)]
			for i := range out {
				out[i] = a[i] * b[i]
			}
		}
	case opMaximum:
		return func(out, a, b []T) {
			a, b = a[:len(out)], b[:len(out)]
			for i := range out {
				out[i] = max(a[i], b[i])
			}
		}
	}
	return func(out, a, b []T) { // Minimum
		a, b = a[:len(out)], b[:len(out)]
		for i := range out {
			out[i] = min(a[i], b[i])
		}
	}
}

// common1 is common2 for one operand.
func common1[T number](op string) func(out, a []T) {
	switch op {
	case opNeg:
		return mapping(func(x T) T { return -x })
	case opSquare:
		return mapping(func(x T) T { return x * x })
	case opAbs:
		return mapping(func(x T) T {
			if x < 0 {
				return -x
			}
			return x
		})
	case opSign:
		return mapping(func(x T) T {
			switch zero := T(0); {
			case x > 0:
				return 1
			case x < 0:
				return zero - 1
			case x == 0:
				return zero // also of -0
			}
			return x
		})
	}
	return func(out, a []T) { copy(out, a) } // Floor and the like of whole numbers
}

func mapping[T number](f func(T) T) func(out, a []T) {
	return func(out, a []T) {
		out = out[:len(a)]
		for i, x := range a {
			out[i] = f(x)
		}
	}
}

// comparison is the loop of a comparison, nil for other operations.
func comparison[T number](op string) func(out []uint8, a, b []T) {
	switch op {
	case opEq:
		return func(out []uint8, a, b []T) {
			a, b = a[:len(out)], b[:len(out)]
			for i := range out {
				out[i] = truth(a[i] == b[i])
			}
		}
	case opNe:
		return func(out []uint8, a, b []T) {
			a, b = a[:len(out)], b[:len(out)]
			for i := range out {
				out[i] = truth(a[i] != b[i])
			}
		}
	case opLt:
		return func(out []uint8, a, b []T) {
			a, b = a[:len(out)], b[:len(out)]
			for i := range out {
				out[i] = truth(a[i] < b[i])
			}
		}
	case opLe:
		return func(out []uint8, a, b []T) {
			a, b = a[:len(out)], b[:len(out)]
			for i := range out {
				out[i] = truth(a[i] <= b[i])
			}
		}
	case opGt:
		return comparisonTurned[T](opLt)
	case opGe:
		return comparisonTurned[T](opLe)
	}
	return nil
}

func comparisonTurned[T number](op string) func(out []uint8, a, b []T) {
	loop := comparison[T](op)
	return func(out []uint8, a, b []T) { loop(out, b, a) }
}

func testOf[T number](op string) func(out []uint8, a []T) {
	switch op {
	case opIsNaN:
		return func(out []uint8, a []T) {
			out = out[:len(a)]
			for i, x := range a {
				out[i] = truth(x != x)
			}
		}
	case opIsInf:
		return func(out []uint8, a []T) {
			out = out[:len(a)]
			for i, x := range a {
				out[i] = truth(x == x && x-x != 0)
			}
		}
	case opIsFinite:
		return func(out []uint8, a []T) {
			out = out[:len(a)]
			for i, x := range a {
				out[i] = truth(x-x == 0)
			}
		}
	}
	return nil
}

// truth is a Bool in memory; the compiler makes no jump of it.
func truth(b bool) uint8 {
	var x uint8
	if b {
		x = 1
	}
	return x
}
