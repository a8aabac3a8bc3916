package generic

import (
	"math"
	"reflect"
	"runtime"
	"unsafe"
)

// This file has the unsafe casts of the package: the other files reach memory and call
// funcs under other types through as, load, store and view only. They rest on four
// invariants.
//
//  1. Layout. A value is only kept in a variable of the same size, the same alignment
//     and the same pointer words: the collector sees what the real type would show it.
//     (The type word of an interface may pass for a pointer: it is one, to memory that
//     outlives the value.) A number is never held as a pointer. A pointer is held as a
//     number only between reading an argument and the call that takes it, see 4.
//  2. Calling convention. Go's compilers pass a parameter by its flattened fields: a
//     word that is not a float in an integer register, a float in a float register, in
//     order, else on the stack by its layout. So a func value may be called as another
//     func type when the flattened parameters and results are the same words. That
//     func(a, b Celsius) int is func(a, b float64) int, that func(s []T) is
//     func(s header), and that any func value is one pointer word, follow.
//  3. A func value is one pointer to a code pointer and what it captured, and the
//     data word of an interface that holds a func is that pointer.
//  4. Calls with the arguments in memory, which are read as numbers (caller, callShape).
//     The pointers among the words stay reachable through the memory they were read from
//     until the callee, whose own type says which are pointers, holds them: nothing is
//     called and no stack is moved between. A call by registers sets more of them than its
//     callee reads; all are scratch over a call, and the callee's spill room lies in the
//     frame of its caller, which has more of it than the callee wants. Only GOARCH amd64
//     and arm64 call so, others by reflect. The result is read as a word, of which a bool
//     is the low byte and of which there is nothing to read when there is no result.

// addr is the address of a value in Go memory, or the single pointer word of a func, a
// map, a channel or a pointer.
type addr = unsafe.Pointer

// header is the layout of every slice.
type header struct {
	p   addr
	len int
	cap int
}

// at returns the address of element i, each of the size. It does not check i.
func (s header) at(i int, size uintptr) addr { return unsafe.Add(s.p, uintptr(i)*size) }

// ghost returns a slice without memory of the same length and capacity. Slicing it
// fails as slicing s would, with the same words.
func (s header) ghost() []struct{} {
	return unsafe.Slice(new(struct{}), s.cap)[:s.len]
}

// offset returns the address n bytes further.
func offset(p addr, n uintptr) addr { return unsafe.Add(p, n) }

// word returns the pointer word of the func value in f.
func word(f any) addr {
	return (*[2]addr)(unsafe.Pointer(&f))[1]
}

// as returns the func value in f as one of the type sig (invariant 2).
func as(sig reflect.Type, f any) reflect.Value {
	return asWord(sig, word(f))
}

func asWord(sig reflect.Type, w addr) reflect.Value {
	return view(sig, unsafe.Pointer(&w))
}

// wordOf returns the pointer word of a func in a reflect value.
func wordOf(f reflect.Value) addr {
	p := reflect.New(f.Type())
	p.Elem().Set(f)
	return *(*addr)(p.UnsafePointer())
}

// view returns the variable of type t at p.
func view(t reflect.Type, p addr) reflect.Value { return reflect.NewAt(t, p).Elem() }

// viewSlice returns the slice variable of type t whose header is at s.
func viewSlice(t reflect.Type, s *header) reflect.Value { return view(t, unsafe.Pointer(s)) }

// viewWord returns the map, func or pointer variable of type t whose word is at w.
func viewWord(t reflect.Type, w *addr) reflect.Value { return view(t, unsafe.Pointer(w)) }

// load and store treat the memory at p as a T (invariant 1).
func load[T any](p addr) T     { return *(*T)(p) }
func store[T any](p addr, v T) { *(*T)(p) = v }

// same reports whether the Ts at a and b are equal.
func same[T comparable](a, b addr) bool { return *(*T)(a) == *(*T)(b) }

// moveBytes copies n bytes without pointers.
func moveBytes(dst, src addr, n uintptr) {
	copy(unsafe.Slice((*byte)(dst), n), unsafe.Slice((*byte)(src), n))
}

// box returns the address of a new variable that holds v.
func box(v reflect.Value) addr {
	p := reflect.New(v.Type())
	p.Elem().Set(v)
	return p.UnsafePointer()
}

// The registers that a call by registers sets: those of amd64. arm64 has more.
const (
	intRegisters   = 9
	floatRegisters = 15
	byRegisters    = runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64"
)

type (
	intCall   = func(a, b, c, d, e, f, g, h, i uintptr) uintptr
	mixedCall = func(a, b, c, d, e, f, g, h, i uintptr,
		j, k, l, m, n, o, p, q, r, s, t, u, v, w, x float64) uintptr
)

// move says where a word of an argument comes from and which register it goes to.
type move struct {
	arg, size, reg uint8
	float          bool
	offset         uintptr
}

// caller calls funcs of one type whose arguments lie in memory, one or two of them.
type caller struct {
	fn     reflect.Type
	own    Own
	moves  []move
	typed  callShape // when not nil, this calls; two when there are two parameters
	two    bool
	direct bool // by registers, else by reflect
	floats bool
}

// callerOf returns the caller of funcs of type fn, which has at most two parameters and
// one result, a bool or an int, or none.
func callerOf(fn reflect.Type) *caller {
	c := &caller{fn: fn, two: fn.NumIn() == 2, direct: byRegisters}
	if !c.two || fn.In(0) == fn.In(1) {
		if c.typed = callShapeOf(fn.In(0)); c.typed != nil {
			return c
		}
	}
	var ints, floats uint8
	for i := range fn.NumIn() {
		c.direct = c.direct && c.place(fn.In(i), uint8(i), 0, &ints, &floats)
	}
	c.floats = floats > 0
	return c
}

// place gives the words of a t registers. It is false when they run out or when the
// convention puts a t on the stack.
func (c *caller) place(t reflect.Type, arg uint8, at uintptr, ints, floats *uint8) bool {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if !c.place(f.Type, arg, at+f.Offset, ints, floats) {
				return false
			}
		}
		return true
	case reflect.Array:
		return t.Len() == 0 || t.Len() == 1 && c.place(t.Elem(), arg, at, ints, floats)
	case reflect.Float32, reflect.Float64:
		return c.take(t.Size(), 1, true, arg, at, floats)
	case reflect.Complex64, reflect.Complex128:
		return c.take(t.Size()/2, 2, true, arg, at, floats)
	case reflect.String, reflect.Interface:
		return c.take(8, 2, false, arg, at, ints)
	case reflect.Slice:
		return c.take(8, 3, false, arg, at, ints)
	default:
		return c.take(t.Size(), 1, false, arg, at, ints)
	}
}

// take gives n words of the size one register each.
func (c *caller) take(size uintptr, n int, float bool, arg uint8, at uintptr, next *uint8) bool {
	limit := uint8(intRegisters)
	if float {
		limit = floatRegisters
	}
	for i := range n {
		if *next == limit {
			return false
		}
		c.moves = append(c.moves, move{arg, uint8(size), *next, float, at + uintptr(i)*size})
		*next++
	}
	return true
}

// call calls fn with the values at a and b, of which it takes what it has parameters
// for, and returns its result's word.
func (c *caller) call(fn, a, b addr) uintptr {
	switch {
	case c.typed != nil && c.two:
		return c.typed.two(fn, a, b)
	case c.typed != nil:
		return c.typed.one(fn, a)
	case !c.direct:
		return c.reflect(fn, a, b)
	case c.floats:
		return c.mixed(fn, a, b)
	}
	var r [intRegisters]uintptr
	for i := range c.moves {
		m := &c.moves[i]
		r[m.reg] = uintptr(m.read(a, b))
	}
	f := *(*intCall)(unsafe.Pointer(&fn))
	return f(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8])
}

func (c *caller) mixed(fn, a, b addr) uintptr {
	var r [intRegisters]uintptr
	var x [floatRegisters]float64
	for i := range c.moves {
		m := &c.moves[i]
		if m.float {
			x[m.reg] = math.Float64frombits(m.read(a, b))
		} else {
			r[m.reg] = uintptr(m.read(a, b))
		}
	}
	f := *(*mixedCall)(unsafe.Pointer(&fn))
	return f(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8],
		x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8], x[9], x[10], x[11], x[12], x[13], x[14])
}

// read returns the word, which is one of the values at a and b.
func (m *move) read(a, b addr) uint64 {
	p := a
	if m.arg == 1 {
		p = b
	}
	p = unsafe.Add(p, m.offset)
	switch m.size {
	case 8:
		return *(*uint64)(p)
	case 4:
		return uint64(*(*uint32)(p))
	case 2:
		return uint64(*(*uint16)(p))
	default:
		return uint64(*(*uint8)(p))
	}
}

// reflect is call for what registers cannot carry.
func (c *caller) reflect(fn, a, b addr) uintptr {
	if fn == nil {
		var none func()
		none() // fails as the call would
	}
	from := [2]addr{a, b}
	in := make([]reflect.Value, c.fn.NumIn())
	for i := range in {
		in[i] = view(c.fn.In(i), from[i])
	}
	out := asWord(c.fn, fn).Call(in)
	switch {
	case len(out) == 0:
		return 0
	case out[0].Kind() == reflect.Bool:
		if out[0].Bool() {
			return 1
		}
		return 0
	default:
		return uintptr(out[0].Int())
	}
}

// inMemory returns a func of type sig over impl, which finds the arguments and leaves
// the results, zero at first, in memory.
func inMemory(sig reflect.Type, impl func(in, out []addr)) reflect.Value {
	return reflect.MakeFunc(sig, func(args []reflect.Value) []reflect.Value {
		in := make([]addr, len(args))
		for i, v := range args {
			in[i] = box(v)
		}
		out := make([]addr, sig.NumOut())
		results := make([]reflect.Value, len(out))
		for i := range out {
			p := reflect.New(sig.Out(i))
			out[i], results[i] = p.UnsafePointer(), p.Elem()
		}
		impl(in, out)
		return results
	})
}
