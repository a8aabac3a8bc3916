package closure

import (
	"go/token"
	"math"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
)

//go:generate go run ./gen

type integer interface {
	int | int8 | int16 | int32 | int64 | uint | uint8 | uint16 | uint32 | uint64 | uintptr
}

type floating interface{ float32 | float64 }

type number interface {
	integer | floating | complex64 | complex128
}

type ordered interface {
	integer | floating | string
}

type addable interface {
	number | string
}

// numbers is what can be done with the numbers of a kind.
type numbers interface {
	// binary is an arithmetic operation; nil when there is none such.
	binary(op token.Token, x, y *expr) any
	// divide is / or % by what may be zero.
	divide(op token.Token, x, y *expr, at token.Pos) any
	// compare is <, <=, > or >=; nil when there is none.
	compare(op token.Token, x, y *expr) func(F) bool
	// shift shifts x by count, which is not negative.
	shift(op token.Token, x *expr, count func(F) uint64) any
	unary(op token.Token, x *expr) any
	// addend is what adding adds when op, + or -, is done with a constant.
	addend(op token.Token, con any) any
	// passSum stores a sum in frame g.
	passSum(s *sum, off uintptr) pass
	// addTo adds a constant to a local.
	addTo(off uintptr, by int64) stmt
	// assignOp is a local op= x; nil when there is no fast form.
	assignOp(op token.Token, off uintptr, x *expr) stmt
	// updateAt is op= for what stands at an address; nil when there is no fast form.
	updateAt(op token.Token, l *location, x *expr) stmt
	// updateMap is m[k] op= x; nil when there is no fast form.
	updateMap(op token.Token, x *expr, assign mapSlot) stmt

	toInt(x *expr) func(F) int64
	toUint(x *expr) func(F) uint64
	toFloat(x *expr) func(F) float64
	fromInt(fn func(F) int64) any
	fromUint(fn func(F) uint64) any
	fromFloat(fn func(F) float64) any
}

var numbersOf = [...]numbers{
	kInt: integers[int]{}, kInt8: integers[int8]{}, kInt16: integers[int16]{}, kInt32: integers[int32]{}, kInt64: integers[int64]{},
	kUint: integers[uint]{}, kUint8: integers[uint8]{}, kUint16: integers[uint16]{}, kUint32: integers[uint32]{}, kUint64: integers[uint64]{}, kUintptr: integers[uintptr]{},
	kFloat32: floats[float32]{}, kFloat64: floats[float64]{},
}

type integers[T integer] struct{}

func (integers[T]) binary(op token.Token, a, b *expr) any {
	x, y := operandOf[T](a), operandOf[T](b)
	switch op {
	case token.ADD:
		return add(x, y)
	case token.SUB:
		return sub(x, y)
	case token.MUL:
		return mul(x, y)
	case token.QUO:
		return quo(x, y)
	case token.REM:
		return rem(x, y)
	case token.AND:
		return and(x, y)
	case token.OR:
		return or(x, y)
	case token.XOR:
		return xor(x, y)
	case token.AND_NOT:
		return andNot(x, y)
	}
	return nil
}

func (integers[T]) divide(op token.Token, x, y *expr, at token.Pos) any {
	p, q := codeOf[T](x), codeOf[T](y)
	if op == token.REM {
		return func(f F) T {
			a, b := p(f), q(f)
			if b == 0 {
				head(f).pos = at
			}
			return a % b
		}
	}
	return func(f F) T {
		a, b := p(f), q(f)
		if b == 0 {
			head(f).pos = at
		}
		return a / b
	}
}

func compare[T ordered](op token.Token, x, y operand[T]) func(F) bool {
	switch op {
	case token.LSS:
		return lt(x, y)
	case token.LEQ:
		return le(x, y)
	case token.GTR:
		return gt(x, y)
	case token.GEQ:
		return ge(x, y)
	}
	return nil
}

func (integers[T]) compare(op token.Token, x, y *expr) func(F) bool {
	return compare(op, operandOf[T](x), operandOf[T](y))
}

func (integers[T]) shift(op token.Token, x *expr, count func(F) uint64) any {
	fn := codeOf[T](x)
	if op == token.SHL {
		return func(f F) T { return fn(f) << count(f) }
	}
	return func(f F) T { return fn(f) >> count(f) }
}

func (integers[T]) unary(op token.Token, x *expr) any {
	fn := codeOf[T](x)
	switch op {
	case token.SUB:
		return func(f F) T { return -fn(f) }
	case token.XOR:
		return func(f F) T { return ^fn(f) }
	}
	return fn
}

func (integers[T]) addend(op token.Token, con any) any { return addend(op, con.(T)) }
func (floats[T]) addend(op token.Token, con any) any   { return addend(op, con.(T)) }

func addend[T integer | floating](op token.Token, v T) T {
	if op == token.SUB {
		return -v
	}
	return v
}

func (integers[T]) passSum(s *sum, off uintptr) pass { return passSum(s.off, s.con.(T), off) }
func (floats[T]) passSum(s *sum, off uintptr) pass   { return passSum(s.off, s.con.(T), off) }

func passSum[T integer | floating](from uintptr, v T, off uintptr) pass {
	return func(f, g F) { mem.Store(g, off, mem.Load[T](f, from)+v) }
}

func (integers[T]) addTo(off uintptr, by int64) stmt {
	v := T(by)
	return func(f F) ctl { *mem.At[T](f, off) += v; return next }
}

func (integers[T]) assignOp(op token.Token, off uintptr, x *expr) stmt { return addTo[T](op, off, x) }

func addTo[T integer | floating](op token.Token, off uintptr, x *expr) stmt {
	fn := codeOf[T](x)
	switch op {
	case token.ADD:
		if x.where == inLocal {
			from := x.off
			return func(f F) ctl { *mem.At[T](f, off) += mem.Load[T](f, from); return next }
		}
		return func(f F) ctl { v := fn(f); *mem.At[T](f, off) += v; return next }
	case token.SUB:
		return func(f F) ctl { v := fn(f); *mem.At[T](f, off) -= v; return next }
	case token.MUL:
		return func(f F) ctl { v := fn(f); *mem.At[T](f, off) *= v; return next }
	}
	return nil
}

func (integers[T]) updateAt(op token.Token, l *location, x *expr) stmt { return updateAt[T](op, l, x) }
func (floats[T]) updateAt(op token.Token, l *location, x *expr) stmt   { return updateAt[T](op, l, x) }

func updateAt[T integer | floating](op token.Token, l *location, x *expr) stmt {
	addr, fn, off, a := l.address(), codeOf[T](x), l.off, l.hold.off
	switch op {
	case token.ADD, token.SUB:
		if x.where == inConst {
			v := x.con.(T)
			if op == token.SUB {
				v = -v
			}
			return addAt(l, v)
		}
		if op == token.SUB {
			return func(f F) ctl { p := mem.At[T](addr(f), 0); *p -= fn(f); return next }
		}
		switch l.hold.in {
		case byBox:
			return func(f F) ctl { p := mem.At[T](mem.Load[mem.Ptr](f, a), off); *p += fn(f); return next }
		case byCapture:
			return func(f F) ctl { p := mem.At[T](captive(f, a), off); *p += fn(f); return next }
		}
		return func(f F) ctl { p := mem.At[T](addr(f), 0); *p += fn(f); return next }
	case token.MUL:
		return func(f F) ctl { p := mem.At[T](addr(f), 0); *p *= fn(f); return next }
	}
	return nil
}

// addAt adds a constant to what stands at an address.
func addAt[T integer | floating](l *location, v T) stmt {
	addr, off, a, at := l.address(), l.off, l.hold.off, l.hold.at
	switch l.hold.in {
	case byBox:
		return func(f F) ctl { *mem.At[T](mem.Load[mem.Ptr](f, a), off) += v; return next }
	case byPointer:
		return func(f F) ctl {
			p := mem.Load[mem.Ptr](f, a)
			if p == nil {
				nilDereference(f, at)
			}
			*mem.At[T](p, off) += v
			return next
		}
	case byCapture:
		return func(f F) ctl { *mem.At[T](captive(f, a), off) += v; return next }
	}
	return func(f F) ctl { *mem.At[T](addr(f), 0) += v; return next }
}

func (integers[T]) updateMap(op token.Token, x *expr, assign mapSlot) stmt {
	return updateMap[T](op, x, assign)
}

func (floats[T]) updateMap(op token.Token, x *expr, assign mapSlot) stmt {
	return updateMap[T](op, x, assign)
}

func updateMap[T integer | floating](op token.Token, x *expr, assign mapSlot) stmt {
	fn := codeOf[T](x)
	switch op {
	case token.ADD:
		return func(f F) ctl {
			v := fn(f)
			p, l := assign(f)
			*mem.At[T](p, 0) += v
			openMap(l)
			return next
		}
	case token.SUB:
		return func(f F) ctl {
			v := fn(f)
			p, l := assign(f)
			*mem.At[T](p, 0) -= v
			openMap(l)
			return next
		}
	}
	return nil
}

func (integers[T]) toInt(x *expr) func(F) int64 {
	if x.where == inLocal {
		off := x.off
		return func(f F) int64 { return int64(mem.Load[T](f, off)) }
	}
	fn := codeOf[T](x)
	return func(f F) int64 { return int64(fn(f)) }
}

func (integers[T]) toUint(x *expr) func(F) uint64 {
	if x.where == inLocal {
		off := x.off
		return func(f F) uint64 { return uint64(mem.Load[T](f, off)) }
	}
	fn := codeOf[T](x)
	return func(f F) uint64 { return uint64(fn(f)) }
}

func (integers[T]) toFloat(x *expr) func(F) float64 {
	fn := codeOf[T](x)
	return func(f F) float64 { return float64(fn(f)) }
}

func (integers[T]) fromInt(fn func(F) int64) any   { return func(f F) T { return T(fn(f)) } }
func (integers[T]) fromUint(fn func(F) uint64) any { return func(f F) T { return T(fn(f)) } }
func (integers[T]) fromFloat(fn func(F) float64) any {
	return func(f F) T { return T(fn(f)) }
}

type floats[T floating] struct{}

func (floats[T]) binary(op token.Token, a, b *expr) any {
	x, y := operandOf[T](a), operandOf[T](b)
	switch op {
	case token.ADD:
		return add(x, y)
	case token.SUB:
		return sub(x, y)
	case token.MUL:
		return mul(x, y)
	case token.QUO:
		return quo(x, y)
	}
	return nil
}

func (floats[T]) divide(token.Token, *expr, *expr, token.Pos) any { return nil }

func (floats[T]) compare(op token.Token, x, y *expr) func(F) bool {
	return compare(op, operandOf[T](x), operandOf[T](y))
}

func (floats[T]) shift(token.Token, *expr, func(F) uint64) any { return nil }

func (floats[T]) unary(op token.Token, x *expr) any {
	fn := codeOf[T](x)
	if op == token.SUB {
		return func(f F) T { return -fn(f) }
	}
	return fn
}

func (floats[T]) addTo(off uintptr, by int64) stmt {
	v := T(by)
	return func(f F) ctl { *mem.At[T](f, off) += v; return next }
}

func (floats[T]) assignOp(op token.Token, off uintptr, x *expr) stmt { return addTo[T](op, off, x) }

func (floats[T]) toInt(x *expr) func(F) int64 {
	fn := codeOf[T](x)
	return func(f F) int64 { return int64(fn(f)) }
}

func (floats[T]) toUint(x *expr) func(F) uint64 {
	fn := codeOf[T](x)
	return func(f F) uint64 { return uint64(fn(f)) }
}

func (floats[T]) toFloat(x *expr) func(F) float64 {
	fn := codeOf[T](x)
	return func(f F) float64 { return float64(fn(f)) }
}

func (floats[T]) fromInt(fn func(F) int64) any     { return func(f F) T { return T(fn(f)) } }
func (floats[T]) fromUint(fn func(F) uint64) any   { return func(f F) T { return T(fn(f)) } }
func (floats[T]) fromFloat(fn func(F) float64) any { return func(f F) T { return T(fn(f)) } }

// complexBinary is the arithmetic of complex numbers.
func complexBinary[T complex64 | complex128](op token.Token, a, b *expr) any {
	x, y := operandOf[T](a), operandOf[T](b)
	switch op {
	case token.ADD:
		return add(x, y)
	case token.SUB:
		return sub(x, y)
	case token.MUL:
		return mul(x, y)
	case token.QUO:
		return quo(x, y)
	}
	return nil
}

// convertNumber converts between kinds of numbers as Go does.
func convertNumber(x *expr, to kind) any {
	from, target := numbersOf[x.k], numbersOf[to]
	switch {
	case x.k.float() && to.float():
		return target.fromFloat(from.toFloat(x))
	case x.k.float() && to.signed():
		return target.fromInt(from.toInt(x))
	case x.k.float():
		if to == kUint64 || to == kUint || to == kUintptr {
			return target.fromUint(from.toUint(x))
		}
		return target.fromInt(from.toInt(x))
	case x.k.signed():
		return target.fromInt(from.toInt(x))
	}
	return target.fromUint(from.toUint(x))
}

// intOf returns the code of an integer expression as an int, as indices and lengths need
// it. A value that is too large for an int comes out as a number that is too large for any index.
func intOf(x *expr) operand[int] {
	switch {
	case x.k == kInt:
		return operandOf[int](x)
	case x.where == inConst:
		v := constInt(x)
		return operand[int]{where: inConst, con: v, fn: func(F) int { return v }}
	case x.k.signed():
		fn := numbersOf[x.k].toInt(x)
		return operand[int]{fn: func(f F) int { return int(fn(f)) }}
	}
	fn := numbersOf[x.k].toUint(x)
	return operand[int]{fn: func(f F) int { return int(min(fn(f), math.MaxInt)) }}
}

func constInt(x *expr) int {
	if x.k.signed() {
		return int(numbersOf[x.k].toInt(x)(nil))
	}
	return int(min(numbersOf[x.k].toUint(x)(nil), math.MaxInt))
}
