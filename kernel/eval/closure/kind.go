package closure

import (
	"go/token"
	"go/types"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
	"github.com/dagbook/dagbook/kernel/eval/closure/table"
)

// kind is the form that values of a type have in memory. Types of one kind are loaded,
// stored and passed on in the same way.
type kind uint8

const (
	kVoid kind = iota
	kBool
	kInt
	kInt8
	kInt16
	kInt32
	kInt64
	kUint
	kUint8
	kUint16
	kUint32
	kUint64
	kUintptr
	kFloat32
	kFloat64
	kComplex64
	kComplex128
	kString
	kPtr   // one pointer: *T, map, chan, func, unsafe.Pointer
	kSlice // mem.Slice
	kIface // mem.Iface
	kMem   // structs and arrays: code yields the address
)

var basicKinds = map[types.BasicKind]kind{
	types.Bool: kBool, types.Int: kInt, types.Int8: kInt8, types.Int16: kInt16, types.Int32: kInt32, types.Int64: kInt64,
	types.Uint: kUint, types.Uint8: kUint8, types.Uint16: kUint16, types.Uint32: kUint32, types.Uint64: kUint64, types.Uintptr: kUintptr,
	types.Float32: kFloat32, types.Float64: kFloat64, types.Complex64: kComplex64, types.Complex128: kComplex128,
	types.String: kString, types.UnsafePointer: kPtr,
	types.UntypedBool: kBool, types.UntypedInt: kInt, types.UntypedRune: kInt32, types.UntypedFloat: kFloat64,
	types.UntypedComplex: kComplex128, types.UntypedString: kString, types.UntypedNil: kPtr,
}

func kindOf(t types.Type) kind {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return basicKinds[u.Kind()]
	case *types.Pointer, *types.Map, *types.Chan, *types.Signature:
		return kPtr
	case *types.Slice:
		return kSlice
	case *types.Interface:
		return kIface
	case *types.Struct, *types.Array:
		return kMem
	}
	return kVoid
}

func (k kind) integer() bool { return k >= kInt && k <= kUintptr }
func (k kind) signed() bool  { return k >= kInt && k <= kInt64 }
func (k kind) float() bool   { return k == kFloat32 || k == kFloat64 }
func (k kind) complex() bool { return k == kComplex64 || k == kComplex128 }

// expr is a compiled expression. Where its value stands decides what code around it can
// be fused with it: in a local, in a constant, or wherever fn finds it.
type expr struct {
	t     types.Type
	k     kind
	where place
	off   uintptr         // of a local
	con   any             // a constant: a T
	fn    any             // func(F) T; T is the kind's Go type
	at    func(F) mem.Ptr // where the value stands, when code finds that; nil when it does not

	cmp   *comparison      // the value compares two ints
	sum   *sum             // the value is a local plus a constant
	row   *row             // the value is an element of a local slice
	parts []func(F) string // the value is the sum of these strings
	own   *table.Form      // the value is a table of the function's own, in the place of a map
}

// row is the element, itself a slice, of the local slice at off at the local index: where
// matrices are.
type row struct {
	off, index uintptr
	at         token.Pos
}

const sliceSize = 3 * word // of any slice

// comparison is x op y.
type comparison struct {
	op   token.Token
	x, y operand[int]
}

// sum is the local at off plus con, which has its type.
type sum struct {
	off uintptr
	con any
}

type place uint8

const (
	inCode place = iota
	inLocal
	inConst
)

// operand is an expression whose Go type is known.
type operand[T any] struct {
	where place
	off   uintptr
	con   T
	fn    func(F) T
}

func operandOf[T any](x *expr) operand[T] {
	o := operand[T]{where: x.where, off: x.off, fn: codeOf[T](x)}
	if x.where == inConst {
		o.con = x.con.(T)
	}
	return o
}

// codeOf returns the code that yields the value of x, whose kind has the Go type T.
func codeOf[T any](x *expr) func(F) T {
	switch x.where {
	case inLocal:
		off := x.off
		return func(f F) T { return mem.Load[T](f, off) }
	case inConst:
		v := x.con.(T)
		return func(F) T { return v }
	}
	return x.fn.(func(F) T)
}

// ops is what can be done with the values of a kind, whatever their type.
type ops interface {
	// code yields the value of x as a func(F) T.
	code(x *expr) any
	// coded is the func value at p, which yields values of the kind, as a func(F) T.
	coded(p mem.Ptr) any
	// load yields what stands at an address.
	load(l *location) any
	// global yields what stands at a fixed address.
	global(p mem.Ptr) any
	// setLocal, setAt and setGlobal assign the value of x.
	setLocal(off uintptr, x *expr) stmt
	setAt(l *location, x *expr) stmt
	setGlobal(p mem.Ptr, x *expr) stmt
	// pass evaluates x in f and stores it in frame g.
	pass(x *expr, off uintptr) func(f, g F)
	// fill evaluates x and stores it at an address.
	fill(x *expr, off uintptr) func(f F, p mem.Ptr)
	// result makes a call and yields what stands at off in its frame; a struct or array is
	// moved to to in the frame of the caller, a large one to the heap.
	result(t *target, args []pass, off, to uintptr) any
	// ret assigns the value of x to a result and ends the function.
	ret(off uintptr, x *expr) stmt
	// element yields an element of a slice.
	element(s *expr, i operand[int], at token.Pos) any
	// setElement assigns x to an element of a slice; nil when there is no fast form.
	setElement(s *expr, i operand[int], x *expr, at token.Pos) stmt
	// move copies from one address to another.
	move(dst, src mem.Ptr)
	// equal compares two values; nil for kinds that need their type for it.
	equal(x, y *expr) func(F) bool
	// drop evaluates x for what it does.
	drop(x *expr) stmt
	// after yields the value of x when something else has been done.
	after(do func(F), x *expr) any
}

// plain is the ops of kinds whose values code yields as they are.
type plain[T any] struct{}

func (plain[T]) code(x *expr) any { return codeOf[T](x) }

func (plain[T]) coded(p mem.Ptr) any { return mem.Cast[func(F) T](p) }

func (plain[T]) load(l *location) any {
	off, addr, a, at := l.off, l.addr, l.hold.off, l.hold.at
	switch l.hold.in {
	case byBox:
		return func(f F) T { return mem.Load[T](mem.Load[mem.Ptr](f, a), off) }
	case byPointer:
		return func(f F) T {
			p := mem.Load[mem.Ptr](f, a)
			if p == nil {
				nilDereference(f, at)
			}
			return mem.Load[T](p, off)
		}
	case byCapture:
		return func(f F) T { return mem.Load[T](captive(f, a), off) }
	}
	return func(f F) T { return mem.Load[T](addr(f), off) }
}

func (plain[T]) global(p mem.Ptr) any {
	v := mem.Pointer[T](p)
	return func(F) T { return *v }
}

func (plain[T]) setLocal(off uintptr, x *expr) stmt {
	switch x.where {
	case inLocal:
		from := x.off
		return func(f F) ctl { mem.Store(f, off, mem.Load[T](f, from)); return next }
	case inConst:
		v := x.con.(T)
		return func(f F) ctl { mem.Store(f, off, v); return next }
	}
	fn := x.fn.(func(F) T)
	return func(f F) ctl { mem.Store(f, off, fn(f)); return next }
}

func (plain[T]) setAt(l *location, x *expr) stmt {
	addr := l.address()
	switch x.where {
	case inLocal:
		from := x.off
		return func(f F) ctl { mem.Store(addr(f), 0, mem.Load[T](f, from)); return next }
	case inConst:
		v := x.con.(T)
		return func(f F) ctl { mem.Store(addr(f), 0, v); return next }
	}
	fn, a, off := x.fn.(func(F) T), l.hold.off, l.off
	switch l.hold.in {
	case byBox:
		return func(f F) ctl {
			v := fn(f)
			mem.Store(mem.Load[mem.Ptr](f, a), off, v)
			return next
		}
	case byCapture:
		return func(f F) ctl {
			v := fn(f)
			mem.Store(captive(f, a), off, v)
			return next
		}
	}
	return func(f F) ctl {
		v := fn(f)
		mem.Store(addr(f), 0, v)
		return next
	}
}

func (plain[T]) setGlobal(p mem.Ptr, x *expr) stmt {
	to, fn := mem.Pointer[T](p), codeOf[T](x)
	return func(f F) ctl { *to = fn(f); return next }
}

func (plain[T]) pass(x *expr, off uintptr) func(f, g F) {
	switch x.where {
	case inLocal:
		from := x.off
		return func(f, g F) { mem.Store(g, off, mem.Load[T](f, from)) }
	case inConst:
		v := x.con.(T)
		return func(_, g F) { mem.Store(g, off, v) }
	}
	fn := x.fn.(func(F) T)
	return func(f, g F) { mem.Store(g, off, fn(f)) }
}

func (plain[T]) fill(x *expr, off uintptr) func(f F, p mem.Ptr) {
	fn := codeOf[T](x)
	return func(f F, p mem.Ptr) { mem.Store(p, off, fn(f)) }
}

func (plain[T]) result(t *target, args []pass, off, _ uintptr) any {
	switch {
	case t.fixed() != nil:
		return callRef[T](t.fixed(), args, off)
	case t.shape != nil:
		return callValue[T](t.shape, t.code, args, off)
	}
	return callMethod[T](t.iface, codeOf[mem.Iface](t.recv), args, off)
}

func (plain[T]) ret(off uintptr, x *expr) stmt {
	switch x.where {
	case inLocal:
		from := x.off
		return func(f F) ctl { mem.Store(f, off, mem.Load[T](f, from)); return ret }
	case inConst:
		v := x.con.(T)
		return func(f F) ctl { mem.Store(f, off, v); return ret }
	}
	fn := x.fn.(func(F) T)
	return func(f F) ctl { mem.Store(f, off, fn(f)); return ret }
}

func (plain[T]) element(s *expr, i operand[int], at token.Pos) any { return elementOf[T](s, i, at) }

func (plain[T]) setElement(s *expr, i operand[int], x *expr, at token.Pos) stmt {
	if s.where != inLocal {
		return nil
	}
	a, b, fn := s.off, i.off, codeOf[T](x)
	if i.where != inLocal {
		index := i.fn
		return func(f F) ctl {
			i := index(f)
			v := fn(f)
			s := mem.At[mem.Slice](f, a)
			if uint(i) >= uint(s.Len) {
				outOfRange(f, at, i, s.Len)
			}
			mem.SetIndex(s.Data, i, v)
			return next
		}
	}
	if x.where == inConst {
		v := x.con.(T)
		return func(f F) ctl {
			s, i := mem.At[mem.Slice](f, a), mem.Load[int](f, b)
			if uint(i) >= uint(s.Len) {
				outOfRange(f, at, i, s.Len)
			}
			mem.SetIndex(s.Data, i, v)
			return next
		}
	}
	return func(f F) ctl {
		v := fn(f)
		s, i := mem.At[mem.Slice](f, a), mem.Load[int](f, b)
		if uint(i) >= uint(s.Len) {
			outOfRange(f, at, i, s.Len)
		}
		mem.SetIndex(s.Data, i, v)
		return next
	}
}

func (plain[T]) move(dst, src mem.Ptr) { mem.Store(dst, 0, mem.Load[T](src, 0)) }

func (plain[T]) equal(x, y *expr) func(F) bool { return nil }

func (plain[T]) drop(x *expr) stmt {
	fn := codeOf[T](x)
	return func(f F) ctl { fn(f); return next }
}

func (plain[T]) after(do func(F), x *expr) any {
	fn := codeOf[T](x)
	return func(f F) T { do(f); return fn(f) }
}

// comparableOps adds == to plain.
type comparableOps[T comparable] struct{ plain[T] }

func (comparableOps[T]) equal(x, y *expr) func(F) bool { return eq(operandOf[T](x), operandOf[T](y)) }

var opsOf = [...]ops{
	kBool: comparableOps[bool]{},
	kInt:  comparableOps[int]{}, kInt8: comparableOps[int8]{}, kInt16: comparableOps[int16]{}, kInt32: comparableOps[int32]{}, kInt64: comparableOps[int64]{},
	kUint: comparableOps[uint]{}, kUint8: comparableOps[uint8]{}, kUint16: comparableOps[uint16]{}, kUint32: comparableOps[uint32]{}, kUint64: comparableOps[uint64]{}, kUintptr: comparableOps[uintptr]{},
	kFloat32: comparableOps[float32]{}, kFloat64: comparableOps[float64]{},
	kComplex64: comparableOps[complex64]{}, kComplex128: comparableOps[complex128]{},
	kString: comparableOps[string]{},
	kPtr:    comparableOps[mem.Ptr]{},
	kSlice:  plain[mem.Slice]{},
	kIface:  plain[mem.Iface]{},
}
