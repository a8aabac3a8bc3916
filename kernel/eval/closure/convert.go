package closure

import (
	"go/ast"
	"go/constant"
	"go/types"
	"reflect"
	"sync/atomic"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// convert makes x a value of type t, as an assignment does: a value becomes an
// interface, an interface becomes a wider one, nil becomes the zero value. Everything
// else that may be assigned has the same form in memory.
func (c *compiler) convert(x *expr, t types.Type) *expr {
	if b, ok := x.t.(*types.Basic); ok && b.Kind() == types.UntypedNil {
		return c.nilOf(t)
	}
	if kindOf(t) != kIface {
		y := *x
		y.t = t
		return &y
	}
	if x.k != kIface {
		return c.box(x, t)
	}
	if types.Identical(x.t.Underlying(), t.Underlying()) || isEmpty(x.t) && isEmpty(t) {
		y := *x
		y.t = t
		return &y
	}
	fn := codeOf[mem.Iface](x)
	if isEmpty(t) {
		return value(t, func(f F) mem.Iface { return fn(f).Empty() })
	}
	tabs := c.itabs(t)
	empty := isEmpty(x.t)
	return value(t, func(f F) mem.Iface {
		v := fn(f)
		if v.Tab == nil {
			return v
		}
		if !empty {
			v = v.Empty()
		}
		return mem.Iface{Tab: tabs.of(v.Tab), Data: v.Data}
	})
}

// box makes an interface value of a value of a type.
func (c *compiler) box(x *expr, t types.Type) *expr {
	x = c.defaulted(x)
	lay := c.layout(x.t)
	tab := lay.Word
	if !isEmpty(t) {
		tab = c.itab(t, lay.Type)
		if tab == nil {
			panic("closure: " + x.t.String() + " has no methods for " + t.String())
		}
	}
	data := c.boxed(x, lay)
	if madeOfOwn(x.t) {
		w := &tabWord{e: c.Engine, of: x.t, in: t}
		w.now.Store(&tabNow{c.growths.Load(), tab})
		return value(t, func(f F) mem.Iface { return mem.Iface{Tab: w.get(), Data: data(f)} })
	}
	if x.where == inConst {
		v := mem.Iface{Tab: tab, Data: data(nil)}
		return &expr{t: t, k: kIface, where: inConst, con: v}
	}
	return value(t, func(f F) mem.Iface { return mem.Iface{Tab: tab, Data: data(f)} })
}

// tabWord is the first word of interfaces of type in with values of type of, a type of cells: it
// is another one when that has got methods since the code was compiled.
type tabWord struct {
	e      *Engine
	of, in types.Type
	now    atomic.Pointer[tabNow]
}

// madeOfOwn reports whether a type is one of a cell's, or is made of one.
func madeOfOwn(t types.Type) bool {
	switch u := types.Unalias(t).(type) {
	case *types.Named:
		if p := u.Obj().Pkg(); p != nil && p.Path() == "main" {
			return true
		}
		for a := range u.TypeArgs().Types() {
			if madeOfOwn(a) {
				return true
			}
		}
	case *types.Map:
		return madeOfOwn(u.Key()) || madeOfOwn(u.Elem())
	case interface{ Elem() types.Type }:
		return madeOfOwn(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			if madeOfOwn(f.Type()) {
				return true
			}
		}
	}
	return false
}

type tabNow struct {
	growths uint64
	tab     mem.Ptr
}

func (w *tabWord) get() mem.Ptr {
	now := w.now.Load()
	if n := w.e.growths.Load(); n != now.growths {
		now = &tabNow{n, w.find()}
		w.now.Store(now)
	}
	return now.tab
}

func (w *tabWord) find() mem.Ptr {
	w.e.mu.Lock()
	defer w.e.mu.Unlock()
	lay := w.e.layout(w.of)
	if isEmpty(w.in) {
		return lay.Word
	}
	return w.e.itab(w.in, lay.Type)
}

// defaulted gives an untyped value its default type.
func (c *compiler) defaulted(x *expr) *expr {
	y := *x
	y.t = types.Default(x.t)
	return &y
}

// boxed is the data word of the interface that holds x.
func (c *compiler) boxed(x *expr, lay *mem.Layout) func(F) mem.Ptr {
	switch x.k {
	case kPtr:
		return codeOf[mem.Ptr](x)
	case kMem:
		fn := addressOf(x)
		if rt.IsDirect(lay.Type) {
			return func(f F) mem.Ptr { return mem.Load[mem.Ptr](fn(f), 0) }
		}
		return func(f F) mem.Ptr { return lay.Copy(fn(f)) }
	case kInt:
		return boxedOf[int](x)
	case kFloat64:
		return boxedOf[float64](x)
	case kString:
		return boxedOf[string](x)
	case kBool:
		return boxedOf[bool](x)
	case kUint8:
		return boxedOf[uint8](x)
	case kInt32:
		return boxedOf[int32](x)
	}
	fill := c.opsOf(x.t).fill(x, 0)
	return func(f F) mem.Ptr {
		p := lay.New()
		fill(f, p)
		return p
	}
}

// boxedOf lets Go make the interface, which has small numbers at hand.
func boxedOf[T any](x *expr) func(F) mem.Ptr {
	fn := codeOf[T](x)
	return func(f F) mem.Ptr { return mem.Words(any(fn(f))).Data }
}

// itabs finds the itabs of an interface type for dynamic types. It remembers the last.
type itabs struct {
	e    *Engine
	t    types.Type
	last atomic.Pointer[itabEntry]
}

type itabEntry struct{ typ, tab mem.Ptr }

func (c *compiler) itabs(t types.Type) *itabs { return &itabs{e: c.Engine, t: t} }

// find returns nil for a type that lacks a method.
func (i *itabs) find(typ mem.Ptr) mem.Ptr {
	if e := i.last.Load(); e != nil && e.typ == typ {
		return e.tab
	}
	i.e.mu.Lock()
	tab := i.e.itab(i.t, i.e.typeOfWord(typ))
	i.e.mu.Unlock()
	i.last.Store(&itabEntry{typ, tab})
	return tab
}

// of is find for a type that is known to have the methods.
func (i *itabs) of(typ mem.Ptr) mem.Ptr { return i.find(typ) }

// conversion is T(x).
func (c *compiler) conversion(x *ast.CallExpr) *expr {
	t := c.typeOf(x)
	if v := c.info.Types[x.Args[0]].Value; v != nil && v.Kind() != constant.String && v.Kind() != constant.Bool {
		if k := kindOf(t); numbersIn(k) || k.complex() {
			return c.constant(t, v)
		}
	}
	return c.convertTo(x, c.expr(x.Args[0]), t)
}

func (c *compiler) convertTo(at ast.Node, x *expr, t types.Type) *expr {
	k := kindOf(t)
	if k == kIface || x.t == types.Typ[types.UntypedNil] {
		return c.convert(x, t)
	}
	if numbersIn(x.k) && numbersIn(k) {
		if x.k == k {
			return c.convert(x, t)
		}
		return value(t, convertNumber(x, k))
	}
	if fn := c.convertText(x, t); fn != nil {
		return value(t, fn)
	}
	switch {
	case x.k.complex() && k.complex() && x.k != k:
		if k == kComplex64 {
			fn := codeOf[complex128](x)
			return value(t, func(f F) complex64 { return complex64(fn(f)) })
		}
		fn := codeOf[complex64](x)
		return value(t, func(f F) complex128 { return complex128(fn(f)) })
	case x.k == kSlice && k == kMem:
		return value(t, arrayOfSlice(x, int(t.Underlying().(*types.Array).Len())))
	case x.k == kSlice && k == kPtr:
		return value(t, arrayOfSlice(x, int(t.Underlying().(*types.Pointer).Elem().Underlying().(*types.Array).Len())))
	case x.k == kPtr && k == kUintptr:
		fn := codeOf[mem.Ptr](x)
		return value(t, func(f F) uintptr { return uintptr(fn(f)) })
	case x.k == kUintptr && k == kPtr:
		fn := codeOf[uintptr](x)
		return value(t, func(f F) mem.Ptr { return mem.Cast[mem.Ptr](fn(f)) })
	}
	return c.convert(x, t)
}

func numbersIn(k kind) bool { return k >= kInt && k <= kFloat64 }

// convertText is a conversion between strings, bytes and runes; nil when it is none.
func (c *compiler) convertText(x *expr, t types.Type) any {
	k := kindOf(t)
	switch {
	case k == kString && x.k.integer():
		return stringOfRune(x)
	case k == kString && x.k == kSlice:
		if elemKind(x.t) == kUint8 {
			fn := codeOf[mem.Slice](x)
			return func(f F) string { return string(mem.Cast[[]byte](fn(f))) }
		}
		fn := codeOf[mem.Slice](x)
		return func(f F) string { return string(mem.Cast[[]rune](fn(f))) }
	case k == kSlice && x.k == kString:
		fn := codeOf[string](x)
		if elemKind(t) == kUint8 {
			return func(f F) mem.Slice { return mem.Cast[mem.Slice]([]byte(fn(f))) }
		}
		return func(f F) mem.Slice { return mem.Cast[mem.Slice]([]rune(fn(f))) }
	}
	return nil
}

func elemKind(t types.Type) kind { return kindOf(t.Underlying().(*types.Slice).Elem()) }

func stringOfRune(x *expr) func(F) string {
	if x.k.signed() {
		fn := numbersOf[x.k].toInt(x)
		return func(f F) string {
			if v := fn(f); int64(rune(v)) == v {
				return string(rune(v))
			}
			return "\uFFFD"
		}
	}
	fn := numbersOf[x.k].toUint(x)
	return func(f F) string {
		if v := fn(f); v <= 0x10FFFF {
			return string(rune(v))
		}
		return "\uFFFD"
	}
}

// arrayOfSlice is the address of the array that a slice begins with.
func arrayOfSlice(x *expr, n int) func(F) mem.Ptr {
	fn := codeOf[mem.Slice](x)
	return func(f F) mem.Ptr {
		s := fn(f)
		if s.Len < n {
			panic(rt.BoundsError(rt.ArrayOfSlice, n, s.Len))
		}
		return s.Data
	}
}

// runtimeError is an error of Go's runtime, in its words.
func runtimeError(text string) error { return rt.ErrorString(text) }

// asserted is a type assertion in parts: code that finds out whether v is of the type, and
// what the value is then.
type asserted struct {
	test func(v mem.Iface) bool // v is an empty interface
	// value is the expression of the value, v standing in the location.
	value func(v *location) *expr
}

// assert prepares the assertion of values to type t.
func (c *compiler) assert(t types.Type) asserted {
	if kindOf(t) == kIface {
		return c.assertInterface(t)
	}
	lay := c.layout(t)
	word := lay.Word
	return asserted{
		test:  func(v mem.Iface) bool { return v.Tab == word || v.Tab != nil && c.same(v.Tab, word) },
		value: func(v *location) *expr { return c.unboxed(v, t, lay) },
	}
}

func (c *compiler) assertInterface(t types.Type) asserted {
	if isEmpty(t) {
		return asserted{
			test:  func(v mem.Iface) bool { return v.Tab != nil },
			value: func(v *location) *expr { x := *c.load(v); x.t = t; return &x },
		}
	}
	tabs := c.itabs(t)
	return asserted{
		test: func(v mem.Iface) bool { return v.Tab != nil && tabs.find(v.Tab) != nil },
		value: func(v *location) *expr {
			fn := codeOf[mem.Iface](c.load(v))
			return value(t, func(f F) mem.Iface { v := fn(f); return mem.Iface{Tab: tabs.of(v.Tab), Data: v.Data} })
		},
	}
}

// unboxed is the value of type t that an interface at v holds.
func (c *compiler) unboxed(v *location, t types.Type, lay *mem.Layout) *expr {
	data := v.part(types.Typ[types.UnsafePointer], word)
	if rt.IsDirect(lay.Type) {
		if kindOf(t) == kMem {
			return value(t, data.address())
		}
		x := *c.load(data)
		x.t = t
		return &x
	}
	return c.load(&location{t: t, k: kindOf(t), addr: codeOf[mem.Ptr](c.load(data))})
}

// assertion is x.(T), which panics when it fails.
func (c *compiler) assertion(x *ast.TypeAssertExpr) *expr {
	v, set := c.held(x.X)
	t := c.typeOf(x)
	a := c.assert(t)
	from, want, off := c.typeOf(x.X), t, v.off
	got := a.value(v)
	test := func(f F) {
		set(f)
		if v := mem.Load[mem.Iface](f, off); !a.test(v) {
			panic(c.failed(from, want, v))
		}
	}
	return c.after(test, got)
}

// held evaluates an interface into a temporary, as an empty interface.
func (c *compiler) held(x ast.Expr) (*location, stmt) {
	any := types.NewInterfaceType(nil, nil)
	v := c.temp(any)
	return v.location(), opsOf[kIface].setLocal(v.off, c.convert(c.expr(x), any))
}

// after is x, evaluated after something else was done.
func (c *compiler) after(do func(F), x *expr) *expr {
	return value(x.t, c.opsOf(x.t).after(do, x))
}

func (c *compiler) failed(from, want types.Type, v mem.Iface) error {
	to := c.layout(want).Type
	var dyn reflect.Type
	if v.Tab != nil {
		dyn = c.typeOfWord(v.Tab)
	}
	switch {
	case kindOf(want) != kIface:
		return rt.AssertionError(c.layout(from).Type, dyn, to, "")
	case dyn == nil:
		return rt.AssertionError(nil, nil, to, "")
	}
	return rt.AssertionError(nil, dyn, to, rt.MissingMethod(to, dyn))
}
