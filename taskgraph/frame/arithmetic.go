package frame

import (
	"math"

	"github.com/dagbook/dagbook/taskgraph"
	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// Add is the sum with a series or a number, or texts after each other. Series are put
// together by their labels: a label that only one of them has gives a missing value, and so
// does a missing value. Whole numbers stay whole and wrap at 64 bits.
func (s *Series) Add(other any) *Series { return s.operate("Add", taskgraph.OpAdd, s, other) }

// Sub is the difference; other as for Add. Times give their distance in seconds, also from
// one time that is written as text: s.Sub("2013-01-01").
func (s *Series) Sub(other any) *Series { return s.operate("Sub", taskgraph.OpSub, s, other) }

// Mul is the product; other as for Add.
func (s *Series) Mul(other any) *Series { return s.operate("Mul", taskgraph.OpMul, s, other) }

// Div is the quotient, always of floating point; other as for Add. x/0 is an infinity, and
// 0/0 missing.
func (s *Series) Div(other any) *Series { return s.operate("Div", taskgraph.OpDiv, s, other) }

// Mod is the remainder with the sign of the divisor, as in Python; other as for Add. That of
// a division by 0 is missing.
func (s *Series) Mod(other any) *Series { return s.operate("Mod", taskgraph.OpMod, s, other) }

// Pow is the power; other as for Add. Whole numbers stay whole unless an exponent is negative.
func (s *Series) Pow(other any) *Series { return s.operate("Pow", taskgraph.OpPow, s, other) }

// RSub is other - s, RDiv other / s, RMod other % s and RPow other to the power of s.
func (s *Series) RSub(other any) *Series { return s.operate("RSub", taskgraph.OpSub, other, s) }

// RDiv is other / s.
func (s *Series) RDiv(other any) *Series { return s.operate("RDiv", taskgraph.OpDiv, other, s) }

// RMod is other % s.
func (s *Series) RMod(other any) *Series { return s.operate("RMod", taskgraph.OpMod, other, s) }

// RPow is other to the power of s.
func (s *Series) RPow(other any) *Series { return s.operate("RPow", taskgraph.OpPow, other, s) }

// Eq says which values equal those of other: a series, a number, text, truth value or time.
// A missing value equals nothing.
func (s *Series) Eq(other any) *Series { return s.operate("Eq", taskgraph.OpEq, s, other) }

// Ne says which values differ from those of other; missing ones do.
func (s *Series) Ne(other any) *Series { return s.operate("Ne", taskgraph.OpNe, s, other) }

// Lt says which values are less; missing ones are not.
func (s *Series) Lt(other any) *Series { return s.operate("Lt", taskgraph.OpLt, s, other) }

// Le says which values are less or equal; missing ones are not.
func (s *Series) Le(other any) *Series { return s.operate("Le", taskgraph.OpLe, s, other) }

// Gt says which values are greater; missing ones are not.
func (s *Series) Gt(other any) *Series { return s.operate("Gt", taskgraph.OpGt, s, other) }

// Ge says which values are greater or equal; missing ones are not.
func (s *Series) Ge(other any) *Series { return s.operate("Ge", taskgraph.OpGe, s, other) }

// And says where both truth values are true. A missing one is taken for false.
func (s *Series) And(other any) *Series { return s.operate("And", taskgraph.OpAnd, s, other) }

// Or says where one of the truth values is true, or both.
func (s *Series) Or(other any) *Series { return s.operate("Or", taskgraph.OpOr, s, other) }

// Not turns truth values around; a missing one stays missing.
func (s *Series) Not() *Series {
	b, ok := s.values.(column.Bools)
	if !ok {
		panic(errorf("Not", "it takes truth values, and %q is of type %v", s.name, s.Dtype()))
	}
	out := make([]bool, len(b.Values))
	for i, x := range b.Values {
		out[i] = !x && b.Valid.Has(i)
	}
	return s.with(column.Bools{Values: out, Valid: b.Valid})
}

// Neg is each number with the other sign.
func (s *Series) Neg() *Series { return s.operate("Neg", taskgraph.OpSub, int64(0), s) }

// operand is a side of an operation: a column, or one value for all rows.
type operand struct {
	values column.Column // nil for one value
	one    any           // an int64, float64, bool, string or time.Time
}

func (o operand) dtype() Dtype {
	if o.values != nil {
		return o.values.Dtype()
	}
	return cellType(o.one)
}

// column is the operand with a value for each of n rows.
func (o operand) column(n int) column.Column {
	if o.values != nil {
		return o.values
	}
	return scalarColumn(o.one, n)
}

// operate puts the sides together by their labels and does it. The name of the result is
// that of the series, and none where two have different ones.
func (s *Series) operate(name string, op taskgraph.Op, x, y any) *Series {
	out := &Series{name: s.name, index: s.index}
	other := x
	if x == any(s) {
		other = y
	}
	o, isSeries := other.(*Series)
	var side operand
	mine := operand{values: s.values}
	if isSeries {
		if o == nil {
			panic(errorf(name, "the other series is nil"))
		}
		if o.name != s.name {
			out.name = ""
		}
		side.values = o.values
		index, ofMine, ofOther := align(name, s.index, o.index)
		if out.index = index; ofMine != nil {
			mine.values, side.values = s.values.Take(ofMine), o.values.Take(ofOther)
		}
	} else {
		one, ok := scalarOf(name, other)
		if !ok {
			panic(errorf(name, "a series and a %T do not go together: another series does, a number, text, truth value or time", other))
		}
		if side.one = one; isMissing(one) { // one value for all rows is always there
			side.values = scalarColumn(one, out.index.n)
		}
	}
	left, right := mine, side
	if x != any(s) {
		left, right = side, mine
	}
	out.values = compute(name, op, left, right, out.index.n)
	return out
}

// compute does an operation on n rows.
func compute(name string, op taskgraph.Op, x, y operand, n int) column.Column {
	a, b := x.dtype(), y.dtype()
	number := func(d Dtype) bool { return d.IsNumber() || d == Bool }
	logic := op == taskgraph.OpAnd || op == taskgraph.OpOr
	switch {
	case logic && a == Bool && b == Bool:
		return logical(op, x.column(n).(column.Bools), y.column(n).(column.Bools))
	case logic:
		panic(errorf(name, "truth values are needed on both sides, not %v and %v", a, b))
	case isComparison(op) && number(a) && number(b):
		return compareNumbers(op, x, y, n)
	case isComparison(op) && a == String && b == String:
		return compareTexts(op, x, y, n)
	case isComparison(op) && (a == Timestamp || b == Timestamp):
		return compareInts(op, asTime(name, x), asTime(name, y), n)
	case op == taskgraph.OpAdd && a == String && b == String:
		return join(x.column(n).(column.Texts), y.column(n).(column.Texts))
	case op == taskgraph.OpSub && (a == Timestamp || b == Timestamp):
		x, y = asTime(name, x), asTime(name, y)
		return seconds(x.column(n).(column.Times), y.column(n).(column.Times))
	case !isComparison(op) && number(a) && number(b):
		return calculate(op, x, y, n)
	}
	panic(errorf(name, "values of type %v and %v do not go together", a, b))
}

func isComparison(op taskgraph.Op) bool {
	switch op {
	case taskgraph.OpEq, taskgraph.OpNe, taskgraph.OpLt, taskgraph.OpLe, taskgraph.OpGt, taskgraph.OpGe:
		return true
	}
	return false
}

// logical is And and Or; what is missing is false.
func logical(op taskgraph.Op, x, y column.Bools) column.Column {
	out := make([]bool, len(x.Values))
	for i, a := range x.Values {
		if op == taskgraph.OpAnd {
			out[i] = a && y.Values[i]
		} else {
			out[i] = a || y.Values[i]
		}
	}
	return column.Bools{Values: out}
}

// calculate is an arithmetic operation on numbers; truth values count as 0 and 1.
func calculate(op taskgraph.Op, x, y operand, n int) column.Column {
	if x.dtype() == Int64 && y.dtype() == Int64 && op != taskgraph.OpDiv {
		a, validA := intsOf(x)
		b, validB := intsOf(y)
		valid := both(validA, validB, n)
		out := make([]int64, n)
		if calculateInts(op, out, a, b, valid) {
			blankInts(out, valid)
			return column.Ints{Values: out, Valid: valid}
		}
	}
	a, b := floatsOf(x), floatsOf(y)
	out := make([]float64, n)
	calculateFloats(op, out, a, b)
	return column.Floats{Values: out}
}

// cycle is values, or one value again and again: that of row i is values[i&mask].
type cycle[T any] struct {
	values []T
	mask   int
}

func (r cycle[T]) at(i int) T { return r.values[i&r.mask] }

func floatsOf(o operand) cycle[float64] {
	if o.values != nil {
		values, _ := column.Floats64(o.values)
		return cycle[float64]{values, -1}
	}
	values, _ := column.Floats64(scalarColumn(o.one, 1))
	return cycle[float64]{values, 0}
}

// intsOf are whole numbers or times, with the bitmap of those that are there.
func intsOf(o operand) (cycle[int64], column.Bitmap) {
	c, mask := o.values, -1
	if c == nil {
		c, mask = scalarColumn(o.one, 1), 0
	}
	if t, ok := c.(column.Times); ok {
		return cycle[int64]{t.Values, mask}, t.Valid
	}
	i := c.(column.Ints)
	return cycle[int64]{i.Values, mask}, i.Valid
}

// blankInts makes 0 of what is missing, as columns have it.
func blankInts(values []int64, valid column.Bitmap) {
	if valid == nil {
		return
	}
	for i := range values {
		if !valid.Has(i) {
			values[i] = 0
		}
	}
}

func calculateFloats(op taskgraph.Op, out []float64, a, b cycle[float64]) {
	switch op {
	case taskgraph.OpAdd:
		for i := range out {
			out[i] = a.at(i) + b.at(i)
		}
	case taskgraph.OpSub:
		for i := range out {
			out[i] = a.at(i) - b.at(i)
		}
	case taskgraph.OpMul:
		for i := range out {
			out[i] = a.at(i) * b.at(i)
		}
	case taskgraph.OpDiv:
		for i := range out {
			out[i] = a.at(i) / b.at(i)
		}
	case taskgraph.OpMod:
		for i := range out {
			out[i] = modulo(a.at(i), b.at(i))
		}
	case taskgraph.OpPow:
		for i := range out {
			out[i] = math.Pow(a.at(i), b.at(i))
		}
	}
}

// modulo is the remainder with the sign of the divisor, as Python's.
func modulo(x, y float64) float64 {
	r := math.Mod(x, y)
	if r != 0 && (r < 0) != (y < 0) {
		r += y
	}
	return r
}

// calculateInts is an operation on whole numbers; false where a result is not whole.
func calculateInts(op taskgraph.Op, out []int64, a, b cycle[int64], valid column.Bitmap) bool {
	switch op {
	case taskgraph.OpAdd:
		for i := range out {
			out[i] = a.at(i) + b.at(i)
		}
	case taskgraph.OpSub:
		for i := range out {
			out[i] = a.at(i) - b.at(i)
		}
	case taskgraph.OpMul:
		for i := range out {
			out[i] = a.at(i) * b.at(i)
		}
	default:
		for i := range out {
			if valid.Has(i) && !divideInts(op, &out[i], a.at(i), b.at(i)) {
				return false
			}
		}
	}
	return true
}

// divideInts is Mod or Pow; false for a remainder of a division by 0 and a negative exponent.
func divideInts(op taskgraph.Op, out *int64, x, y int64) bool {
	if op == taskgraph.OpPow {
		*out = power(x, y)
		return y >= 0
	}
	if y == 0 {
		return false
	}
	if *out = x % y; *out != 0 && (*out < 0) != (y < 0) {
		*out += y
	}
	return true
}

// power multiplies by squaring (Knuth, The Art of Computer Programming 2, 4.6.3).
func power(x, n int64) int64 {
	out := int64(1)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			out *= x
		}
		x *= x
	}
	return out
}

// both is the bitmap of rows that are there in both.
func both(a, b column.Bitmap, n int) column.Bitmap {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	out := column.NewBitmap(n)
	for i := range out {
		out[i] = a[i] & b[i]
	}
	return out
}
