package ndarray

// Add is a + b for every element; b is an array or a number, see the package
// comment for shapes and types. Of Bools it is "or".
func (a *Array) Add(b any) *Array { return binaryOp(opAdd, a, b) }

// Sub is a - b. Bools cannot be subtracted.
func (a *Array) Sub(b any) *Array { return binaryOp(opSub, a, b) }

// RSub is b - a, for a number on the left: x.RSub(1) is 1 - x.
func (a *Array) RSub(b any) *Array { return binaryOp(opSub, b, a) }

// Mul is a * b. Of Bools it is "and".
func (a *Array) Mul(b any) *Array { return binaryOp(opMul, a, b) }

// Div is a / b, always of floats: whole numbers are made Float64 first.
func (a *Array) Div(b any) *Array { return binaryOp(opDiv, a, b) }

// RDiv is b / a, for a number on the left: x.RDiv(1) is 1 / x.
func (a *Array) RDiv(b any) *Array { return binaryOp(opDiv, b, a) }

// FloorDiv is the largest whole number not above a / b, as Python's //. Of
// whole numbers a division by zero gives 0.
func (a *Array) FloorDiv(b any) *Array { return binaryOp(opFloorDiv, a, b) }

// Mod is what FloorDiv leaves, as Python's %: it has the sign of b.
func (a *Array) Mod(b any) *Array { return binaryOp(opMod, a, b) }

// RMod is b modulo a.
func (a *Array) RMod(b any) *Array { return binaryOp(opMod, b, a) }

// Pow is a to the power of b. Of whole numbers it wraps around as a product
// does, and a negative exponent panics: make a or b a float.
func (a *Array) Pow(b any) *Array { return binaryOp(opPow, a, b) }

// RPow is b to the power of a.
func (a *Array) RPow(b any) *Array { return binaryOp(opPow, b, a) }

// Maximum is the larger of a and b; NaN where one is NaN.
func (a *Array) Maximum(b any) *Array { return binaryOp(opMaximum, a, b) }

// Minimum is the smaller of a and b; NaN where one is NaN.
func (a *Array) Minimum(b any) *Array { return binaryOp(opMinimum, a, b) }

// Hypot is the square root of a² + b².
func (a *Array) Hypot(b any) *Array { return binaryOp(opHypot, a, b) }

// Arctan2 is the angle of the point with y = a and x = b.
func (a *Array) Arctan2(b any) *Array { return binaryOp(opArctan2, a, b) }

// And is "and" of Bools and the bitwise & of whole numbers.
func (a *Array) And(b any) *Array { return binaryOp(opAnd, a, b) }

// Or is "or" of Bools and the bitwise | of whole numbers.
func (a *Array) Or(b any) *Array { return binaryOp(opOr, a, b) }

// Xor is "either or" of Bools and the bitwise ^ of whole numbers.
func (a *Array) Xor(b any) *Array { return binaryOp(opXor, a, b) }

// Eq is the Bools of a == b. ArrayEqual compares whole arrays.
func (a *Array) Eq(b any) *Array { return binaryOp(opEq, a, b) }

// Ne is the Bools of a != b.
func (a *Array) Ne(b any) *Array { return binaryOp(opNe, a, b) }

// Lt is the Bools of a < b.
func (a *Array) Lt(b any) *Array { return binaryOp(opLt, a, b) }

// Le is the Bools of a <= b.
func (a *Array) Le(b any) *Array { return binaryOp(opLe, a, b) }

// Gt is the Bools of a > b.
func (a *Array) Gt(b any) *Array { return binaryOp(opGt, a, b) }

// Ge is the Bools of a >= b.
func (a *Array) Ge(b any) *Array { return binaryOp(opGe, a, b) }

// Not is "not" of Bools and the bitwise complement of whole numbers.
func (a *Array) Not() *Array { return unaryOp(opNot, a) }

// Neg is -a. Bools have no negative, see Not; unsigned numbers wrap around.
func (a *Array) Neg() *Array { return unaryOp(opNeg, a) }

// Abs is the absolute value.
func (a *Array) Abs() *Array { return unaryOp(opAbs, a) }

// Sign is -1, 0 or 1; NaN of NaN.
func (a *Array) Sign() *Array { return unaryOp(opSign, a) }

// Square is a * a.
func (a *Array) Square() *Array { return unaryOp(opSquare, a) }

// Sqrt is the square root; NaN of negative numbers. Like all functions of
// analysis here it gives floats: Float32 of Float32, otherwise Float64.
func (a *Array) Sqrt() *Array { return unaryOp(opSqrt, a) }

// Cbrt is the cube root.
func (a *Array) Cbrt() *Array { return unaryOp(opCbrt, a) }

// Exp is e to the power of a.
func (a *Array) Exp() *Array { return unaryOp(opExp, a) }

// Exp2 is 2 to the power of a.
func (a *Array) Exp2() *Array { return unaryOp(opExp2, a) }

// Expm1 is Exp less 1, exact near 0.
func (a *Array) Expm1() *Array { return unaryOp(opExpm1, a) }

// Log is the natural logarithm: -Inf of 0, NaN of negative numbers.
func (a *Array) Log() *Array { return unaryOp(opLog, a) }

// Log2 is the logarithm to base 2.
func (a *Array) Log2() *Array { return unaryOp(opLog2, a) }

// Log10 is the logarithm to base 10.
func (a *Array) Log10() *Array { return unaryOp(opLog10, a) }

// Log1p is the logarithm of 1 + a, exact near 0.
func (a *Array) Log1p() *Array { return unaryOp(opLog1p, a) }

// Sin is the sine; angles are in radians.
func (a *Array) Sin() *Array { return unaryOp(opSin, a) }

// Cos is the cosine.
func (a *Array) Cos() *Array { return unaryOp(opCos, a) }

// Tan is the tangent.
func (a *Array) Tan() *Array { return unaryOp(opTan, a) }

// Arcsin is the angle with this sine.
func (a *Array) Arcsin() *Array { return unaryOp(opArcsin, a) }

// Arccos is the angle with this cosine.
func (a *Array) Arccos() *Array { return unaryOp(opArccos, a) }

// Arctan is the angle with this tangent.
func (a *Array) Arctan() *Array { return unaryOp(opArctan, a) }

// Sinh is the hyperbolic sine.
func (a *Array) Sinh() *Array { return unaryOp(opSinh, a) }

// Cosh is the hyperbolic cosine.
func (a *Array) Cosh() *Array { return unaryOp(opCosh, a) }

// Tanh is the hyperbolic tangent.
func (a *Array) Tanh() *Array { return unaryOp(opTanh, a) }

// Floor is the largest whole number not above a; it keeps the type, as Ceil,
// Trunc and Round do.
func (a *Array) Floor() *Array { return unaryOp(opFloor, a) }

// Ceil is the smallest whole number not below a.
func (a *Array) Ceil() *Array { return unaryOp(opCeil, a) }

// Trunc drops what stands after the point.
func (a *Array) Trunc() *Array { return unaryOp(opTrunc, a) }

// Round is the nearest whole number, the even one of two, or the nearest with
// so many decimals, as NumPy's round.
func (a *Array) Round(decimals ...int) *Array { return round(a, decimals) }

// IsNaN is the Bools of what is not a number.
func (a *Array) IsNaN() *Array { return unaryOp(opIsNaN, a) }

// IsInf is the Bools of what is infinite.
func (a *Array) IsInf() *Array { return unaryOp(opIsInf, a) }

// IsFinite is the Bools of what is neither NaN nor infinite.
func (a *Array) IsFinite() *Array { return unaryOp(opIsFinite, a) }

// Clip moves what is below low to low and what is above high to high. Both
// are numbers or arrays; nil leaves a side open.
func (a *Array) Clip(low, high any) *Array {
	out := a
	if low != nil {
		out = binaryOp(opMaximum, out, low)
	}
	if high != nil {
		out = binaryOp(opMinimum, out, high)
	}
	if out == a {
		return a.Copy()
	}
	return out
}

// Where takes an element of a where cond is true and of b elsewhere; a and b
// are arrays or numbers, and all three are stretched to one shape. cond is of
// Bools, or of numbers, of which 0 is false.
func Where(cond *Array, a, b any) *Array { return where(cond, a, b) }

// Map is an array of Float64 with f of every element.
func (a *Array) Map(f func(float64) float64) *Array { return mapped(a, f) }

// AsType converts every element, and is always a copy. Floats lose what
// stands after the point, and whole numbers that the type does not hold lose
// their upper bits, as in C; what becomes of floats that a whole type does
// not hold, NaN among them, is not specified. Of Bool only 0 is false.
func (a *Array) AsType(dtype Dtype) *Array { return asType(a, dtype) }

// Elementwise computes the elementwise method of that name, "Add" or "Sqrt",
// of one or two operands, arrays or numbers, of which one may stand alone:
// Elementwise("Sub", 1, x). It is for those who compute what others have
// chosen. An unknown name and a wrong number of operands panic.
func Elementwise(name string, operands ...any) *Array { return elementwise(name, operands) }

// ElementwiseType is the type of what Elementwise gives. An operand is a
// Dtype, that of an array, or a number itself. The error is an *Error.
func ElementwiseType(name string, operands ...any) (Dtype, error) {
	return elementwiseType(name, operands)
}
