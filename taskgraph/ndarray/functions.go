package ndarray

import "math"

// logical2 is the loops of Bools that differ from those of numbers.
func logical2(op string) func(out, a, b []uint8) {
	switch op {
	case opAdd, opOr, opMaximum:
		return whole2[uint8](opOr)
	case opMul, opAnd, opMinimum:
		return whole2[uint8](opAnd)
	}
	return whole2[uint8](op)
}

func logical1(op string) func(out, a []uint8) {
	if op == opNot {
		return mapping(func(x uint8) uint8 { return x ^ 1 })
	}
	return nil
}

// whole2 is the loops of whole numbers only.
func whole2[T integer](op string) func(out, a, b []T) {
	switch op {
	case opAnd:
		return pairing(func(x, y T) T { return x & y })
	case opOr:
		return pairing(func(x, y T) T { return x | y })
	case opXor:
		return pairing(func(x, y T) T { return x ^ y })
	case opFloorDiv:
		return pairing(floorDiv[T])
	case opMod:
		return pairing(floorMod[T])
	case opPow:
		return pairing(wholePower[T])
	}
	return nil
}

func pairing[T number](f func(x, y T) T) func(out, a, b []T) {
	return func(out, a, b []T) {
		a, b = a[:len(out)], b[:len(out)]
		for i := range out {
			out[i] = f(a[i], b[i])
		}
	}
}

func whole1[T integer](op string) func(out, a []T) {
	if op == opNot {
		return mapping(func(x T) T { return ^x })
	}
	return nil
}

// floorDiv rounds down, as Python does; by zero it is 0.
func floorDiv[T integer](x, y T) T {
	if y == 0 {
		return 0
	}
	q := x / y
	if x%y != 0 && (x < 0) != (y < 0) {
		q--
	}
	return q
}

func floorMod[T integer](x, y T) T {
	if y == 0 {
		return 0
	}
	r := x % y
	if r != 0 && (r < 0) != (y < 0) {
		r += y
	}
	return r
}

// wholePower multiplies by squares; it wraps around as they do.
func wholePower[T integer](x, y T) T {
	power := T(1)
	for ; y > 0; y >>= 1 {
		if y&1 != 0 {
			power *= x
		}
		x *= x
	}
	return power
}

// floating2 is the loops of floats only.
func floating2[T float](op string) func(out, a, b []T) {
	switch op {
	case opDiv:
		return func(out, a, b []T) {
			a, b = a[:len(out)], b[:len(out)]
			for i := range out {
				out[i] = a[i] / b[i]
			}
		}
	case opFloorDiv:
		return pairing(func(x, y T) T { q, _ := divmod(float64(x), float64(y)); return T(q) })
	case opMod:
		return pairing(func(x, y T) T { _, r := divmod(float64(x), float64(y)); return T(r) })
	case opPow:
		return pairing(func(x, y T) T { return T(math.Pow(float64(x), float64(y))) })
	case opHypot:
		return pairing(func(x, y T) T { return T(math.Hypot(float64(x), float64(y))) })
	case opArctan2:
		return pairing(func(x, y T) T { return T(math.Atan2(float64(x), float64(y))) })
	}
	return nil
}

// divmod is Python's division of floats: the quotient is rounded down, the
// rest has the sign of y.
func divmod(x, y float64) (q, r float64) {
	if y == 0 {
		return x / y, math.NaN()
	}
	r = math.Mod(x, y)
	if r != 0 && (r < 0) != (y < 0) {
		r += y
	}
	if r == 0 {
		r = math.Copysign(0, y)
	}
	if math.IsInf(y, 0) && !math.IsInf(x, 0) && !math.IsNaN(x) {
		if x == 0 || (x < 0) == (y < 0) {
			return math.Copysign(0, x/y), r
		}
		return -1, r
	}
	q = (x - r) / y
	if q == 0 {
		return math.Copysign(0, x/y), r
	}
	if whole := math.Floor(q); q-whole > 0.5 {
		return whole + 1, r
	} else {
		return whole, r
	}
}

// floating1 is the loops of floats only.
func floating1[T float](op string) func(out, a []T) {
	switch op {
	case opSqrt:
		return func(out, a []T) {
			for i, x := range a {
				out[i] = T(math.Sqrt(float64(x)))
			}
		}
	case opAbs:
		return func(out, a []T) {
			for i, x := range a {
				out[i] = T(math.Abs(float64(x)))
			}
		}
	}
	if f := analytic[op]; f != nil {
		return func(out, a []T) {
			for i, x := range a {
				out[i] = T(f(float64(x)))
			}
		}
	}
	return nil
}

// analytic are the functions of one float.
var analytic = map[string]func(float64) float64{
	opCbrt: math.Cbrt, opExp: math.Exp, opExp2: math.Exp2, opExpm1: math.Expm1,
	opLog: math.Log, opLog2: math.Log2, opLog10: math.Log10, opLog1p: math.Log1p,
	opSin: math.Sin, opCos: math.Cos, opTan: math.Tan, opArcsin: math.Asin, opArccos: math.Acos, opArctan: math.Atan,
	opSinh: math.Sinh, opCosh: math.Cosh, opTanh: math.Tanh,
	opFloor: math.Floor, opCeil: math.Ceil, opTrunc: math.Trunc, opRint: math.RoundToEven,
}

// round is Round.
func round(a *Array, decimals []int) *Array {
	switch {
	case len(decimals) > 1:
		panic(errorf(opRint, "it takes one number of decimals, not %d", len(decimals)))
	case len(decimals) == 0 || decimals[0] == 0 || a.dtype == Bool || a.dtype.IsInteger() && decimals[0] > 0:
		return unaryOp(opRint, a)
	}
	scale := math.Pow(10, math.Abs(float64(decimals[0])))
	to := a.dtype
	if decimals[0] > 0 {
		return a.Mul(scale).Round().Div(scale)
	}
	return a.Div(scale).Round().Mul(scale).AsType(to)
}

func where(cond *Array, a, b any) *Array {
	c, err := operandOf("Where", cond)
	must(err)
	x, err := operandOf("Where", a)
	must(err)
	y, err := operandOf("Where", b)
	must(err)
	d := promoted(x, y)
	left, okX := x.fitting(d)
	right, okY := y.fitting(d)
	switch {
	case !okX:
		panic(unfit("Where", x.number, d))
	case !okY:
		panic(unfit("Where", y.number, d))
	case left == nil || right == nil || c.array == nil:
		panic(errorf("Where", "a Dtype is no operand"))
	}
	shape, err := broadcast("Where", cond.shape, left.shape, right.shape)
	must(err)
	must(fits("Where", d, shape))
	return d.loops().choose(shape, cond, left, right)
}

// mapped calls f in the order of the elements, on this goroutine: who wrote
// it need not think of others.
func mapped(a *Array, f func(float64) float64) *Array {
	out := asType(a, Float64)
	data := out.elements().([]float64)
	for i, x := range data {
		data[i] = f(x)
	}
	return out
}

func asType(a *Array, dtype Dtype) *Array {
	must(dtypeError("AsType", dtype, nil))
	if out := convertedLater(a, dtype); out != nil {
		return out
	}
	return dtype.loops().convert(a, a.shape)
}
