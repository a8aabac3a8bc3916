package taskgraph

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/cmplx"
	"reflect"
)

// operate2 computes x op y.
func operate2(op Op, x, y any) (any, error) {
	if v, err, ok := asked(op, x, y); ok {
		return v, err
	}
	operation, problem := resolve(op, reflect.TypeOf(x), reflect.TypeOf(y))
	if problem != "" {
		return nil, errors.New(problem)
	}
	return operation.run(x, y)
}

// operate1 computes op x.
func operate1(op Op, x any) (any, error) {
	if o, ok := x.(Operator); ok {
		return o.Operate(op, x, nil)
	}
	t := reflect.TypeOf(x)
	if _, problem := unaryType(op, t); problem != "" {
		return nil, errors.New(problem)
	}
	v := reflect.ValueOf(x)
	if m, ok := methodOf(t, op, nil); ok {
		return results(m.call(v, reflect.Value{}), m.fails)
	}
	r := reflect.New(t).Elem()
	switch {
	case v.Kind() == reflect.Bool:
		r.SetBool(!v.Bool())
	case op == OpNot && v.CanInt():
		r.SetInt(^v.Int())
	case op == OpNot:
		r.SetUint(^v.Uint() & (1<<t.Bits() - 1))
	case v.CanInt():
		r.SetInt(-v.Int())
	case v.CanUint():
		r.SetUint(-v.Uint() & (1<<t.Bits() - 1))
	case v.CanFloat():
		r.SetFloat(-v.Float())
	default:
		r.SetComplex(-v.Complex())
	}
	return r.Interface(), nil
}

// asked lets operands that are Operators do it; false when neither is one
// that can.
func asked(op Op, x, y any) (v any, err error, ok bool) {
	for _, operand := range []any{x, y} {
		if o, is := operand.(Operator); is {
			if v, err = o.Operate(op, x, y); !errors.Is(err, ErrNoOperator) {
				return v, err, true
			}
		}
	}
	return nil, nil, false
}

var operatorType = reflect.TypeFor[Operator]()

// unaryType is the type of op x for an x of this type; any where only the
// value will tell. problem is a sentence when there is none.
func unaryType(op Op, t reflect.Type) (result reflect.Type, problem string) {
	if t == nil {
		return nil, string(op) + ": there is no value: the function returns nothing, or nil"
	}
	if t.Kind() == reflect.Interface || t.Implements(operatorType) {
		return anyType, ""
	}
	if m, ok := methodOf(t, op, nil); ok {
		return m.result, ""
	}
	k := t.Kind()
	if op == OpNeg && isNumber(t) && k != reflect.Uintptr || op == OpNot && (k == reflect.Bool || isWhole(t)) {
		return t, ""
	}
	return nil, fmt.Sprintf("%s%s is not possible for %s", signs[op], spaced(op), article(t))
}

func spaced(op Op) string {
	if op == OpNot {
		return " x"
	}
	return "x"
}

// binaryType is unaryType for x op y.
func binaryType(op Op, tx, ty reflect.Type) (reflect.Type, string) {
	for _, t := range []reflect.Type{tx, ty} {
		if t != nil && (t.Kind() == reflect.Interface || t.Implements(operatorType)) {
			return anyType, ""
		}
	}
	operation, problem := resolve(op, tx, ty)
	return operation.result, problem
}

// operation is how an operator is computed for operands of certain types.
type operation struct {
	result reflect.Type
	run    func(x, y any) (any, error)
}

// resolve finds the operation for operands of these types, neither of which
// is an interface.
func resolve(op Op, tx, ty reflect.Type) (operation, string) {
	if tx == nil || ty == nil {
		if op == OpEq || op == OpNe {
			return operation{boolType, func(x, y any) (any, error) { return same(x, y) == (op == OpEq), nil }}, ""
		}
		return operation{}, fmt.Sprintf("%s %s %s is not possible", typeName(tx), signs[op], typeName(ty))
	}
	if m, ok := methodOf(tx, op, ty); ok {
		return m.operation(ty), ""
	}
	if m, ok := comparison(tx, op, ty); ok {
		return m, ""
	}
	if m, ok := methodFromTheRight(tx, op, ty); ok {
		return m, ""
	}
	if tx == ty {
		return plain(op, tx)
	}
	return mixed(op, tx, ty)
}

// mixed converts one operand as Go converts constants.
func mixed(op Op, tx, ty reflect.Type) (operation, string) {
	t := tx
	if isConstantType(tx) && !(isConstantType(ty) && rank(tx) > rank(ty)) {
		t = ty
	}
	from := tx
	if t == tx {
		from = ty
	}
	if !isConstantType(from) || !alike(from, t) {
		return operation{}, fmt.Sprintf("%s %s %s is not possible: Go does not mix types; convert one of them in a delayed function", typeName(tx), signs[op], typeName(ty))
	}
	o, problem := plain(op, t)
	run := o.run
	o.run = func(x, y any) (any, error) {
		cx, okx := convert(x, t)
		cy, oky := convert(y, t)
		if !okx || !oky {
			return nil, fmt.Errorf("%v %s %v is not possible: %s does not hold the %s exactly", x, signs[op], y, article(t), typeName(from))
		}
		return run(cx, cy)
	}
	return o, problem
}

// rank orders the types of numeric constants as Go does.
func rank(t reflect.Type) int {
	switch t.Kind() {
	case reflect.Float64:
		return 2
	case reflect.Complex128:
		return 3
	}
	return 1
}

// alike tells whether a constant of one type may become the other's.
func alike(from, to reflect.Type) bool {
	return isNumber(from) && isNumber(to) || from.Kind() == to.Kind() && (from.Kind() == reflect.String || from.Kind() == reflect.Bool)
}

func isWhole(t reflect.Type) bool { return t.Kind() >= reflect.Int && t.Kind() <= reflect.Uintptr }

func isComparison(op Op) bool {
	switch op {
	case OpEq, OpNe, OpLt, OpLe, OpGt, OpGe:
		return true
	}
	return false
}

var boolType = reflect.TypeFor[bool]()

// plain is the operation of Go itself on two values of one type.
func plain(op Op, t reflect.Type) (operation, string) {
	var run func(x, y any) (any, error)
	switch {
	case op == OpEq || op == OpNe:
		return operation{boolType, func(x, y any) (any, error) { return same(x, y) == (op == OpEq), nil }}, ""
	case t.Kind() == reflect.Bool && (op == OpAnd || op == OpOr):
		run = bools(op, t)
	case t.Kind() == reflect.String && (op == OpAdd || isComparison(op)):
		run = texts(op, t)
	case t.Kind() == reflect.Slice && op == OpAdd:
		run = func(x, y any) (any, error) {
			a := reflect.ValueOf(x)
			return reflect.AppendSlice(a.Slice3(0, a.Len(), a.Len()), reflect.ValueOf(y)).Interface(), nil
		}
	case isWhole(t):
		run = wholes(op, t)
	case t.Kind() == reflect.Float32 || t.Kind() == reflect.Float64:
		run = floats(op, t)
	case t.Kind() == reflect.Complex64 || t.Kind() == reflect.Complex128:
		run = complexes(op, t)
	}
	if run == nil {
		return operation{}, fmt.Sprintf("%s %s %s is not possible%s", typeName(t), signs[op], typeName(t), offer(op, t))
	}
	if isComparison(op) {
		t = boolType
	}
	return operation{t, run}, ""
}

// offer says how a type gets an operator.
func offer(op Op, t reflect.Type) string {
	if t.PkgPath() == "main" || t.Kind() == reflect.Struct {
		return fmt.Sprintf(": a method %s(%s) %s of the type would do it", methods[op][0], typeName(t), typeName(t))
	}
	return ""
}

// same is == where Go can compare, and otherwise reflect.DeepEqual.
func same(x, y any) bool {
	v := reflect.ValueOf(x)
	if v.IsValid() && !v.Comparable() {
		return reflect.DeepEqual(x, y)
	}
	return x == y
}

// ordered decides a comparison by the result of cmp.Compare.
func ordered(op Op, c int) bool {
	switch op {
	case OpLt:
		return c < 0
	case OpLe:
		return c <= 0
	case OpGt:
		return c > 0
	case OpGe:
		return c >= 0
	case OpEq:
		return c == 0
	}
	return c != 0
}

func bools(op Op, t reflect.Type) func(x, y any) (any, error) {
	return func(x, y any) (any, error) {
		a, b := reflect.ValueOf(x).Bool(), reflect.ValueOf(y).Bool()
		r := reflect.New(t).Elem()
		r.SetBool(op == OpAnd && a && b || op == OpOr && (a || b))
		return r.Interface(), nil
	}
}

func texts(op Op, t reflect.Type) func(x, y any) (any, error) {
	return func(x, y any) (any, error) {
		a, b := reflect.ValueOf(x).String(), reflect.ValueOf(y).String()
		if op != OpAdd {
			return ordered(op, cmp.Compare(a, b)), nil
		}
		r := reflect.New(t).Elem()
		r.SetString(a + b)
		return r.Interface(), nil
	}
}

func wholes(op Op, t reflect.Type) func(x, y any) (any, error) {
	if t == reflect.TypeFor[int]() {
		return func(x, y any) (any, error) { return whole(op, x.(int), y.(int)) }
	}
	unsigned := t.Kind() >= reflect.Uint
	return func(x, y any) (any, error) {
		a, b, r := reflect.ValueOf(x), reflect.ValueOf(y), reflect.New(t).Elem()
		var v any
		var err error
		if unsigned {
			v, err = whole(op, a.Uint(), b.Uint())
		} else {
			v, err = whole(op, a.Int(), b.Int())
		}
		if err != nil || isComparison(op) {
			return v, err
		}
		rv := reflect.ValueOf(v)
		if op == OpPow && (unsigned && r.OverflowUint(rv.Uint()) || !unsigned && r.OverflowInt(rv.Int())) {
			return nil, overflow(x, y, t)
		}
		r.Set(rv.Convert(t)) // wraps around as Go's operators do
		return r.Interface(), nil
	}
}

func whole[T int | int64 | uint64](op Op, a, b T) (any, error) {
	switch op {
	case OpAdd:
		return a + b, nil
	case OpSub:
		return a - b, nil
	case OpMul:
		return a * b, nil
	case OpDiv, OpMod:
		if b == 0 {
			return nil, fmt.Errorf("%d %s 0: integer divide by zero", a, signs[op])
		}
		if op == OpDiv {
			return a / b, nil
		}
		return a % b, nil
	case OpPow:
		return power(a, b)
	case OpAnd:
		return a & b, nil
	case OpOr:
		return a | b, nil
	}
	return ordered(op, cmp.Compare(a, b)), nil
}

func power[T int | int64 | uint64](base, exponent T) (any, error) {
	if exponent < 0 {
		return nil, fmt.Errorf("%d ** %d: a whole number has no negative power; use floats", base, exponent)
	}
	result := T(1)
	for b, e := base, exponent; e > 0; e >>= 1 {
		if e&1 == 1 {
			next := result * b
			if b != 0 && next/b != result {
				return nil, overflow(base, exponent, reflect.TypeOf(base))
			}
			result = next
		}
		if e > 1 {
			square := b * b
			if b != 0 && square/b != b {
				return nil, overflow(base, exponent, reflect.TypeOf(base))
			}
			b = square
		}
	}
	return result, nil
}

func overflow(x, y any, t reflect.Type) error {
	return fmt.Errorf("%v ** %v is more than %s holds", x, y, article(t))
}

func floats(op Op, t reflect.Type) func(x, y any) (any, error) {
	if op == OpAnd || op == OpOr {
		return nil
	}
	return func(x, y any) (any, error) {
		a, b := reflect.ValueOf(x).Float(), reflect.ValueOf(y).Float()
		if isComparison(op) {
			return !math.IsNaN(a) && !math.IsNaN(b) && ordered(op, cmp.Compare(a, b)), nil
		}
		r := reflect.New(t).Elem()
		r.SetFloat(float(op, a, b))
		return r.Interface(), nil
	}
}

func float(op Op, a, b float64) float64 {
	switch op {
	case OpAdd:
		return a + b
	case OpSub:
		return a - b
	case OpMul:
		return a * b
	case OpDiv:
		return a / b
	case OpMod:
		return math.Mod(a, b)
	}
	return math.Pow(a, b)
}

func complexes(op Op, t reflect.Type) func(x, y any) (any, error) {
	if op == OpMod || op == OpAnd || op == OpOr || isComparison(op) {
		return nil
	}
	return func(x, y any) (any, error) {
		a, b, r := reflect.ValueOf(x).Complex(), reflect.ValueOf(y).Complex(), reflect.New(t).Elem()
		switch op {
		case OpAdd:
			r.SetComplex(a + b)
		case OpSub:
			r.SetComplex(a - b)
		case OpMul:
			r.SetComplex(a * b)
		case OpDiv:
			r.SetComplex(a / b)
		default:
			r.SetComplex(cmplx.Pow(a, b))
		}
		return r.Interface(), nil
	}
}
