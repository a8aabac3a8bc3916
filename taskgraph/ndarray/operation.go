package ndarray

import "fmt"

// The operations by the names of their methods.
const (
	opAdd, opSub, opMul, opDiv         = "Add", "Sub", "Mul", "Div"
	opFloorDiv, opMod, opPow           = "FloorDiv", "Mod", "Pow"
	opMaximum, opMinimum               = "Maximum", "Minimum"
	opHypot, opArctan2                 = "Hypot", "Arctan2"
	opAnd, opOr, opXor, opNot          = "And", "Or", "Xor", "Not"
	opEq, opNe, opLt, opLe, opGt, opGe = "Eq", "Ne", "Lt", "Le", "Gt", "Ge"
	opNeg, opAbs, opSign, opSquare     = "Neg", "Abs", "Sign", "Square"
	opSqrt, opCbrt                     = "Sqrt", "Cbrt"
	opExp, opExp2, opExpm1             = "Exp", "Exp2", "Expm1"
	opLog, opLog2, opLog10, opLog1p    = "Log", "Log2", "Log10", "Log1p"
	opSin, opCos, opTan                = "Sin", "Cos", "Tan"
	opArcsin, opArccos, opArctan       = "Arcsin", "Arccos", "Arctan"
	opSinh, opCosh, opTanh             = "Sinh", "Cosh", "Tanh"
	opFloor, opCeil, opTrunc, opRint   = "Floor", "Ceil", "Trunc", "Round"
	opIsNaN, opIsInf, opIsFinite       = "IsNaN", "IsInf", "IsFinite"
)

// operation is how an elementwise operation treats types: in which its
// operands meet, and what comes out.
type operation struct {
	operands int
	// types are those in which it is computed for operands that meet in a
	// type, and of the result; the text says why there is none.
	types func(Dtype) (in, out Dtype, why string)
}

var operations = allOperations()

func allOperations() map[string]operation {
	all := map[string]operation{}
	for operands, groups := range []map[string]func(Dtype) (Dtype, Dtype, string){
		{
			opNeg: arithmetic, opAbs: kept, opSign: arithmetic, opSquare: widened, opNot: bitwise,
			opFloor: kept, opCeil: kept, opTrunc: kept, opRint: kept,
			opSqrt: analysis, opCbrt: analysis, opExp: analysis, opExp2: analysis, opExpm1: analysis,
			opLog: analysis, opLog2: analysis, opLog10: analysis, opLog1p: analysis,
			opSin: analysis, opCos: analysis, opTan: analysis, opArcsin: analysis, opArccos: analysis, opArctan: analysis,
			opSinh: analysis, opCosh: analysis, opTanh: analysis,
			opIsNaN: tested, opIsInf: tested, opIsFinite: tested,
		},
		{
			opAdd: kept, opSub: arithmetic, opMul: kept, opMaximum: kept, opMinimum: kept,
			opFloorDiv: widened, opMod: widened, opPow: widened, opDiv: analysis, opHypot: analysis, opArctan2: analysis,
			opAnd: bitwise, opOr: bitwise, opXor: bitwise,
			opEq: compared, opNe: compared, opLt: compared, opLe: compared, opGt: compared, opGe: compared,
		},
	} {
		for name, types := range groups {
			all[name] = operation{operands + 1, types}
		}
	}
	return all
}

func kept(d Dtype) (Dtype, Dtype, string)     { return d, d, "" }
func compared(d Dtype) (Dtype, Dtype, string) { return d, Bool, "" }

func arithmetic(d Dtype) (Dtype, Dtype, string) {
	if d == Bool {
		return 0, 0, "bools have no such arithmetic: use Not or Xor, or AsType(ndarray.Int8) first"
	}
	return d, d, ""
}

func widened(d Dtype) (Dtype, Dtype, string) {
	if d == Bool {
		d = Int8
	}
	return d, d, ""
}

func analysis(d Dtype) (Dtype, Dtype, string) {
	if d != Float32 {
		d = Float64
	}
	return d, d, ""
}

func tested(d Dtype) (Dtype, Dtype, string) {
	d, _, _ = analysis(d)
	return d, Bool, ""
}

func bitwise(d Dtype) (Dtype, Dtype, string) {
	if d.IsFloat() {
		return 0, 0, fmt.Sprintf("it is of bools and whole numbers, not of %v: compare first, or convert with AsType", d)
	}
	return d, d, ""
}

// typesOf are the types of an operation on operands.
func typesOf(op string, operands ...operand) (in, out Dtype, err error) {
	meet := operands[0].dtype
	if len(operands) == 2 {
		meet = promoted(operands[0], operands[1])
	}
	in, out, why := operations[op].types(meet)
	if why != "" {
		return 0, 0, errorf(op, "%s", why)
	}
	return in, out, nil
}

func operandsOf(op string, values []any) ([]operand, error) {
	known, ok := operations[op]
	if !ok {
		return nil, errorf("Elementwise", "there is no elementwise operation %q", op)
	}
	if len(values) != known.operands {
		return nil, errorf(op, "it takes %d operands, not %d", known.operands, len(values))
	}
	operands := make([]operand, len(values))
	for i, v := range values {
		var err error
		if operands[i], err = operandOf(op, v); err != nil {
			return nil, err
		}
	}
	return operands, nil
}

func elementwiseType(op string, values []any) (Dtype, error) {
	operands, err := operandsOf(op, values)
	if err != nil {
		return 0, err
	}
	in, out, err := typesOf(op, operands...)
	if err != nil {
		return 0, err
	}
	for _, o := range operands {
		if _, ok := o.fitting(in); !ok && out != Bool {
			return 0, unfit(op, o.number, in)
		}
	}
	return out, nil
}

func unfit(op string, number any, d Dtype) *Error {
	return errorf(op, "%v is out of the range of %v: convert the array first with AsType", number, d)
}

func elementwise(op string, values []any) *Array {
	operands, err := operandsOf(op, values)
	must(err)
	if len(operands) == 1 {
		return unaryOf(op, operands[0])
	}
	return binaryOf(op, operands[0], operands[1])
}

func binaryOp(op string, a, b any) *Array { return elementwise(op, []any{a, b}) }

func unaryOp(op string, a *Array) *Array { return elementwise(op, []any{a}) }

func unaryOf(op string, x operand) *Array {
	in, _, err := typesOf(op, x)
	must(err)
	a, _ := x.fitting(in)
	if a == nil {
		panic(errorf(op, "a Dtype is no operand"))
	}
	if out := later(a, in, step{op: op}); out != nil {
		return out
	}
	return in.loops().unary(op, a)
}

func binaryOf(op string, x, y operand) *Array {
	in, out, err := typesOf(op, x, y)
	must(err)
	a, okA := x.fitting(in)
	b, okB := y.fitting(in)
	switch {
	case okA && okB:
	case out == Bool && okA:
		return beyond(op, a, y.number.(int) > 0)
	case out == Bool:
		return beyond(mirrored[op], b, x.number.(int) > 0)
	case okB:
		panic(unfit(op, x.number, in))
	default:
		panic(unfit(op, y.number, in))
	}
	if a == nil || b == nil {
		panic(errorf(op, "a Dtype is no operand"))
	}
	if op == opPow && in.isSigned() && b.Size() > 0 && b.Min() < 0 {
		panic(errorf(op, "whole numbers have no negative powers among them: make one side a float, with AsType(ndarray.Float64)"))
	}
	shape, err := broadcast(op, a.shape, b.shape)
	must(err)
	must(fits(op, out, shape))
	if out == Bool && in == Float64 && (a.dtype == Uint64 && b.dtype.isSigned() || b.dtype == Uint64 && a.dtype.isSigned()) {
		return mixedSigns(op, a, b)
	}
	if out := withNumberLater(op, in, a, b); out != nil {
		return out
	}
	return in.loops().binary(op, shape, a, b)
}

// fitting is the operand as an array, a number in the type it meets the
// other in; false for a number that this does not hold.
func (o operand) fitting(d Dtype) (*Array, bool) {
	i, isInt := o.number.(int)
	switch {
	case o.number == nil:
		return o.array, true
	case isInt && d.IsInteger() && !d.holds(i):
		return nil, false
	}
	a := newArray("", d, nil)
	d.loops().put(a.elements(), 0, o.number)
	return a, true
}

// withNumberLater is the operation of an array and a number without axes; nil
// if it is no such, or has to be computed at once.
func withNumberLater(op string, in Dtype, a, b *Array) *Array {
	switch {
	case len(b.shape) == 0:
		return later(a, in, step{op: op, number: b})
	case len(a.shape) == 0:
		return later(b, in, step{op: op, number: a, left: true})
	}
	return nil
}

var mirrored = map[string]string{opEq: opEq, opNe: opNe, opLt: opGt, opLe: opGe, opGt: opLt, opGe: opLe}

// beyond compares with a number that the type of a does not hold.
func beyond(op string, a *Array, large bool) *Array {
	out := Zeros(Bool, a.shape...)
	if op == opNe || large && (op == opLt || op == opLe) || !large && (op == opGt || op == opGe) {
		out.Set(1)
	}
	return out
}

// mixedSigns compares Uint64 with signed numbers exactly: those below 0 are
// smaller than all others, the rest is compared as Uint64.
func mixedSigns(op string, a, b *Array) *Array {
	if a.dtype != Uint64 {
		return mixedSigns(mirrored[op], b, a)
	}
	shape, _ := broadcast(op, a.shape, b.shape)
	return Bool.loops().choose(shape, b.Lt(0), beyond(op, Zeros(Uint64, shape...), false), Uint64.loops().binary(op, shape, a, b))
}

// scalar is a Go number as an array of its type. An int and a float64 have
// none: they take the array's.
func scalar(v any) (*Array, bool) {
	switch v := v.(type) {
	case bool:
		a := Zeros(Bool)
		if v {
			a.elements().([]uint8)[0] = 1
		}
		return a, true
	case int8:
		return wrap(Int8, []int8{v}, nil), true
	case int16:
		return wrap(Int16, []int16{v}, nil), true
	case int32:
		return wrap(Int32, []int32{v}, nil), true
	case int64:
		return wrap(Int64, []int64{v}, nil), true
	case uint8:
		return wrap(Uint8, []uint8{v}, nil), true
	case uint16:
		return wrap(Uint16, []uint16{v}, nil), true
	case uint32:
		return wrap(Uint32, []uint32{v}, nil), true
	case uint64:
		return wrap(Uint64, []uint64{v}, nil), true
	case uint:
		return wrap(Uint64, []uint64{uint64(v)}, nil), true
	case float32:
		return wrap(Float32, []float32{v}, nil), true
	}
	return nil, false
}

// brief is a value in a sentence.
func brief(v any) string {
	text := fmt.Sprint(v)
	if len(text) > 40 {
		text = text[:40] + "…"
	}
	return text
}
