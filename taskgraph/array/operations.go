package array

// Elementwise operations, as those of package ndarray: b is a number, an array or an
// *ndarray.Array. Shapes are stretched to one, and blocks are cut at the same borders; what
// does not go together panics with an *ndarray.Error.

// Add is a + b.
func (a *Array) Add(b any) *Array { return a.two("Add", a, b) }

// Sub is a - b.
func (a *Array) Sub(b any) *Array { return a.two("Sub", a, b) }

// Mul is a * b.
func (a *Array) Mul(b any) *Array { return a.two("Mul", a, b) }

// Div is a / b, in floats.
func (a *Array) Div(b any) *Array { return a.two("Div", a, b) }

// FloorDiv is a / b, rounded down.
func (a *Array) FloorDiv(b any) *Array { return a.two("FloorDiv", a, b) }

// Mod is what is left of a / b, with the sign of b.
func (a *Array) Mod(b any) *Array { return a.two("Mod", a, b) }

// Pow is a to the power of b.
func (a *Array) Pow(b any) *Array { return a.two("Pow", a, b) }

// Eq tells where a equals b.
func (a *Array) Eq(b any) *Array { return a.two("Eq", a, b) }

// Ne tells where a differs from b.
func (a *Array) Ne(b any) *Array { return a.two("Ne", a, b) }

// Lt tells where a is less than b.
func (a *Array) Lt(b any) *Array { return a.two("Lt", a, b) }

// Le tells where a is at most b.
func (a *Array) Le(b any) *Array { return a.two("Le", a, b) }

// Gt tells where a is greater than b.
func (a *Array) Gt(b any) *Array { return a.two("Gt", a, b) }

// Ge tells where a is at least b.
func (a *Array) Ge(b any) *Array { return a.two("Ge", a, b) }

// And is a and b: of Bool what is true in both, of whole numbers bit by bit.
func (a *Array) And(b any) *Array { return a.two("And", a, b) }

// Or is a or b.
func (a *Array) Or(b any) *Array { return a.two("Or", a, b) }

// Xor is either a or b.
func (a *Array) Xor(b any) *Array { return a.two("Xor", a, b) }

// Minimum is the lesser one of a and b.
func (a *Array) Minimum(b any) *Array { return a.two("Minimum", a, b) }

// Maximum is the greater one of a and b.
func (a *Array) Maximum(b any) *Array { return a.two("Maximum", a, b) }

// Arctan2 is the angle of the point (b, a).
func (a *Array) Arctan2(b any) *Array { return a.two("Arctan2", a, b) }

// Hypot is the root of a*a + b*b.
func (a *Array) Hypot(b any) *Array { return a.two("Hypot", a, b) }

// RSub is b - a.
func (a *Array) RSub(b any) *Array { return a.two("Sub", b, a) }

// RDiv is b / a.
func (a *Array) RDiv(b any) *Array { return a.two("Div", b, a) }

// RMod is what is left of b / a.
func (a *Array) RMod(b any) *Array { return a.two("Mod", b, a) }

// RPow is b to the power of a.
func (a *Array) RPow(b any) *Array { return a.two("Pow", b, a) }

// Neg is -a.
func (a *Array) Neg() *Array { return a.one("Neg") }

// Abs is the amount of a.
func (a *Array) Abs() *Array { return a.one("Abs") }

// Sign is -1, 0 or 1.
func (a *Array) Sign() *Array { return a.one("Sign") }

// Square is a * a.
func (a *Array) Square() *Array { return a.one("Square") }

// Sqrt is the square root.
func (a *Array) Sqrt() *Array { return a.one("Sqrt") }

// Cbrt is the cube root.
func (a *Array) Cbrt() *Array { return a.one("Cbrt") }

// Exp is e to the power of a.
func (a *Array) Exp() *Array { return a.one("Exp") }

// Exp2 is 2 to the power of a.
func (a *Array) Exp2() *Array { return a.one("Exp2") }

// Expm1 is Exp - 1, exact near 0.
func (a *Array) Expm1() *Array { return a.one("Expm1") }

// Log is the natural logarithm.
func (a *Array) Log() *Array { return a.one("Log") }

// Log2 is the logarithm to base 2.
func (a *Array) Log2() *Array { return a.one("Log2") }

// Log10 is the logarithm to base 10.
func (a *Array) Log10() *Array { return a.one("Log10") }

// Log1p is the logarithm of 1 + a, exact near 0.
func (a *Array) Log1p() *Array { return a.one("Log1p") }

// Sin is the sine of angles in radians.
func (a *Array) Sin() *Array { return a.one("Sin") }

// Cos is the cosine.
func (a *Array) Cos() *Array { return a.one("Cos") }

// Tan is the tangent.
func (a *Array) Tan() *Array { return a.one("Tan") }

// Arcsin is the angle of a sine.
func (a *Array) Arcsin() *Array { return a.one("Arcsin") }

// Arccos is the angle of a cosine.
func (a *Array) Arccos() *Array { return a.one("Arccos") }

// Arctan is the angle of a tangent.
func (a *Array) Arctan() *Array { return a.one("Arctan") }

// Sinh is the hyperbolic sine.
func (a *Array) Sinh() *Array { return a.one("Sinh") }

// Cosh is the hyperbolic cosine.
func (a *Array) Cosh() *Array { return a.one("Cosh") }

// Tanh is the hyperbolic tangent.
func (a *Array) Tanh() *Array { return a.one("Tanh") }

// Floor rounds down.
func (a *Array) Floor() *Array { return a.one("Floor") }

// Ceil rounds up.
func (a *Array) Ceil() *Array { return a.one("Ceil") }

// Trunc rounds to zero.
func (a *Array) Trunc() *Array { return a.one("Trunc") }

// Not turns Bool around, and the bits of whole numbers.
func (a *Array) Not() *Array { return a.one("Not") }

// IsNaN tells which elements are no numbers.
func (a *Array) IsNaN() *Array { return a.one("IsNaN") }

// IsInf tells which elements are infinite.
func (a *Array) IsInf() *Array { return a.one("IsInf") }

// IsFinite tells which elements are numbers that are not infinite.
func (a *Array) IsFinite() *Array { return a.one("IsFinite") }
