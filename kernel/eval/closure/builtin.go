package closure

import (
	"fmt"
	"go/ast"
	"go/types"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// builtinName returns the name of the built-in function that is called, "" for others.
func builtinName(c *compiler, fun ast.Expr) string {
	if !c.info.Types[fun].IsBuiltin() {
		return ""
	}
	switch x := ast.Unparen(fun).(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return "unsafe." + x.Sel.Name
	}
	return ""
}

// builtin is a call of a built-in function with a value.
func (c *compiler) builtin(x *ast.CallExpr, name string) *expr {
	t := c.typeOf(x)
	if own, run := c.spread(x); own != nil {
		return c.after(run, c.builtin(own, name))
	}
	switch name {
	case "len", "cap":
		return c.length(x, name)
	case "append":
		return c.appendTo(x, t)
	case "make":
		return c.makeValue(x, t)
	case "new":
		return c.newValue(x, t)
	case "min", "max":
		return c.extreme(x, t, name)
	case "copy":
		return value(t, c.copyTo(x))
	case "complex":
		return c.complexValue(x, t)
	case "real", "imag":
		return c.complexPart(x, t, name)
	case "recover":
		c.recovers = true
		return value(t, func(f F) mem.Iface { return mem.Words(recovered(f)) })
	case "panic", "print", "println", "clear", "close", "delete":
		c.refuse(x, "%s has no value", name)
	}
	return c.unsafeValue(x, t, name)
}

// spread writes copy(f()), where f has several results, as copy(a, b) and returns the code
// that sets a and b; nil for other calls.
func (c *compiler) spread(x *ast.CallExpr) (*ast.CallExpr, func(F)) {
	if len(x.Args) != 1 {
		return nil, nil
	}
	tv := c.info.Types[x.Args[0]]
	tuple, ok := tv.Type.(*types.Tuple)
	if !ok {
		return nil, nil
	}
	t := c.tuple(x.Args[0])
	own := &ast.CallExpr{Fun: x.Fun, Lparen: x.Lparen, Rparen: x.Rparen}
	c.info.Types[own] = c.info.Types[x]
	for i := range tuple.Len() {
		v := types.NewVar(x.Pos(), nil, "a", tuple.At(i).Type())
		id := &ast.Ident{NamePos: x.Pos(), Name: "a"}
		part := tv
		part.Type = v.Type()
		c.info.Uses[id], c.info.Types[id] = v, part
		keep := t.exprs[i]
		c.vars[v] = &variable{t: keep.t, k: keep.k, lay: c.layout(keep.t), off: keep.off}
		own.Args = append(own.Args, id)
	}
	return own, t.run
}

// builtinStmt is such a call for what it does.
func (c *compiler) builtinStmt(x *ast.CallExpr, name string) stmt {
	if own, run := c.spread(x); own != nil {
		code := c.builtinStmt(own, name)
		return func(f F) ctl { run(f); return code(f) }
	}
	switch name {
	case "panic":
		fn := codeOf[mem.Iface](c.exprTo(x.Args[0], emptyInterface))
		pos := x.Pos()
		return func(f F) ctl {
			v := fn(f)
			head(f).pos = pos
			panic(v.Any())
		}
	case "print", "println":
		return c.print(x, name == "println")
	case "close":
		ch := codeOf[mem.Ptr](c.expr(x.Args[0]))
		return func(f F) ctl { rt.ChanClose(ch(f)); return next }
	case "delete":
		m := c.expr(x.Args[0])
		return c.deleteFromMap(m, c.exprTo(x.Args[1], m.t.Underlying().(*types.Map).Key()))
	case "clear":
		return c.clear(c.expr(x.Args[0]))
	}
	e := c.builtin(x, name)
	return c.opsOf(e.t).drop(e)
}

var emptyInterface = types.NewInterfaceType(nil, nil)

// print writes to the standard error as the built-in function does.
func (c *compiler) print(x *ast.CallExpr, line bool) stmt {
	var args []func(F) string
	for _, a := range x.Args {
		e := c.expr(a)
		if c.info.Types[a].IsNil() {
			e = c.nilOf(types.Typ[types.UnsafePointer])
		}
		args = append(args, printed(e))
	}
	sep, end := "", ""
	if line {
		sep, end = " ", "\n"
	}
	return func(f F) ctl {
		words := make([]string, len(args))
		for i, a := range args {
			words[i] = a(f)
		}
		io.WriteString(c.host.Stderr(), strings.Join(words, sep)+end)
		return next
	}
}

// printed is the text of a value in print.
func printed(x *expr) func(F) string {
	switch x.k {
	case kBool:
		fn := codeOf[bool](x)
		return func(f F) string { return strconv.FormatBool(fn(f)) }
	case kString:
		return codeOf[string](x)
	case kFloat32:
		fn := codeOf[float32](x)
		return func(f F) string { return strconv.FormatFloat(float64(fn(f)), 'g', -1, 32) }
	case kFloat64:
		fn := codeOf[float64](x)
		return func(f F) string { return strconv.FormatFloat(fn(f), 'g', -1, 64) }
	case kComplex64:
		fn := codeOf[complex64](x)
		return func(f F) string { return strconv.FormatComplex(complex128(fn(f)), 'g', -1, 64) }
	case kComplex128:
		fn := codeOf[complex128](x)
		return func(f F) string { return strconv.FormatComplex(fn(f), 'g', -1, 128) }
	case kPtr:
		fn := codeOf[mem.Ptr](x)
		return func(f F) string { return address(fn(f)) }
	case kSlice:
		fn := codeOf[mem.Slice](x)
		return func(f F) string { s := fn(f); return fmt.Sprintf("[%d/%d]%s", s.Len, s.Cap, address(s.Data)) }
	case kIface:
		fn := codeOf[mem.Iface](x)
		return func(f F) string { v := fn(f); return "(" + address(v.Tab) + "," + address(v.Data) + ")" }
	}
	if x.k.signed() {
		fn := numbersOf[x.k].toInt(x)
		return func(f F) string { return strconv.FormatInt(fn(f), 10) }
	}
	fn := numbersOf[x.k].toUint(x)
	return func(f F) string { return strconv.FormatUint(fn(f), 10) }
}

func address(p mem.Ptr) string { return fmt.Sprintf("%#x", uintptr(p)) }

// unsafeValue is a call of a function of package unsafe.
func (c *compiler) unsafeValue(x *ast.CallExpr, t types.Type, name string) *expr {
	size := func(n uintptr) *expr { return &expr{t: t, k: kUintptr, where: inConst, con: n} }
	arg := func(i int) *expr { return c.expr(x.Args[i]) }
	switch name {
	case "unsafe.Sizeof":
		return size(c.layout(c.typeOf(x.Args[0])).Size)
	case "unsafe.Alignof":
		return size(uintptr(c.layout(c.typeOf(x.Args[0])).Type.Align()))
	case "unsafe.Offsetof":
		sel := c.selection(ast.Unparen(x.Args[0]).(*ast.SelectorExpr))
		st := sel.recv
		if p, ok := st.Underlying().(*types.Pointer); ok {
			st = p.Elem()
		}
		at := c.fieldPath(&location{t: st, k: kMem}, sel.index, x.Pos())
		return size(at.off)
	case "unsafe.Add":
		p, n := codeOf[mem.Ptr](arg(0)), c.index(x.Args[1]).fn
		return value(t, func(f F) mem.Ptr { return mem.Add(p(f), uintptr(n(f))) })
	case "unsafe.SliceData":
		fn := codeOf[mem.Slice](arg(0))
		return value(t, func(f F) mem.Ptr { return fn(f).Data })
	case "unsafe.StringData":
		fn := codeOf[string](arg(0))
		return value(t, func(f F) mem.Ptr { return mem.StringData(fn(f)) })
	case "unsafe.String":
		p, n := codeOf[mem.Ptr](arg(0)), c.index(x.Args[1]).fn
		return value(t, func(f F) string { p := p(f); return mem.String(p, checkedLength("String", p, n(f), 1)) })
	case "unsafe.Slice":
		p, n, elem := codeOf[mem.Ptr](arg(0)), c.index(x.Args[1]).fn, c.layout(t.Underlying().(*types.Slice).Elem()).Size
		return value(t, func(f F) mem.Slice {
			p := p(f)
			n := checkedLength("Slice", p, n(f), elem)
			return mem.Slice{Data: p, Len: n, Cap: n}
		})
	}
	c.refuse(x, "a cell cannot use %s", name)
	return nil
}

// checkedLength panics for a length that cannot be one.
func checkedLength(name string, p mem.Ptr, n int, size uintptr) int {
	if n < 0 || size > 0 && uint64(n) > 1<<47/uint64(size) {
		panic(runtimeError("unsafe." + name + ": len out of range"))
	}
	if p == nil && n > 0 {
		panic(runtimeError("unsafe." + name + ": ptr is nil and len is not zero"))
	}
	if p != nil && uintptr(n)*size > -uintptr(p) { // past the end of all addresses
		panic(runtimeError("unsafe." + name + ": len out of range"))
	}
	return n
}

func (c *compiler) length(x *ast.CallExpr, name string) *expr {
	t := c.typeOf(x)
	a := c.expr(x.Args[0])
	switch u := a.t.Underlying().(type) {
	case *types.Basic:
		if a.where == inLocal {
			off := a.off
			return value(t, func(f F) int { return len(*mem.At[string](f, off)) })
		}
		fn := codeOf[string](a)
		return value(t, func(f F) int { return len(fn(f)) })
	case *types.Slice:
		if name == "cap" {
			fn := codeOf[mem.Slice](a)
			return value(t, func(f F) int { return fn(f).Cap })
		}
		if a.where == inLocal {
			off := a.off
			return value(t, func(f F) int { return mem.At[mem.Slice](f, off).Len })
		}
		fn := codeOf[mem.Slice](a)
		return value(t, func(f F) int { return fn(f).Len })
	case *types.Map:
		if a.own != nil {
			return value(t, lenOfTable(a))
		}
		fn := codeOf[mem.Ptr](a)
		return value(t, func(f F) int { return mapLen(fn(f)) })
	case *types.Chan:
		fn, of := codeOf[mem.Ptr](a), rt.ChanLen
		if name == "cap" {
			of = rt.ChanCap
		}
		return value(t, func(f F) int { return of(fn(f)) })
	case *types.Pointer: // to an array: evaluated, for what it does
		n := int(u.Elem().Underlying().(*types.Array).Len())
		fn := codeOf[mem.Ptr](a)
		return value(t, func(f F) int { fn(f); return n })
	case *types.Array:
		n, fn := int(u.Len()), addressOf(a)
		return value(t, func(f F) int { fn(f); return n })
	}
	c.refuse(x, "dagbook has no %s for %s", name, a.t)
	return nil
}

func mapLen(m mem.Ptr) int {
	if m == nil {
		return 0
	}
	l := lockMap(m)
	defer l.Store(0)
	return rt.MapLen(m)
}

func (c *compiler) clear(x *expr) stmt {
	if x.k == kSlice {
		fn, lay := codeOf[mem.Slice](x), c.layout(x.t.Underlying().(*types.Slice).Elem())
		return func(f F) ctl {
			s := fn(f)
			for i := range s.Len {
				lay.Clear(mem.Elem(s.Data, i, lay.Size))
			}
			return next
		}
	}
	if x.own != nil {
		return clearTable(x)
	}
	fn, word := codeOf[mem.Ptr](x), c.layout(x.t).Word
	return func(f F) ctl {
		if m := fn(f); m != nil {
			l := lockMap(m)
			defer l.Store(0)
			rt.MapClear(word, m)
		}
		return next
	}
}

// appendTo is append(s, values...).
func (c *compiler) appendTo(x *ast.CallExpr, t types.Type) *expr {
	s := c.exprTo(x.Args[0], t)
	elem := t.Underlying().(*types.Slice).Elem()
	lay := c.layout(elem)
	base := codeOf[mem.Slice](s)
	late := c.readsBeforeCall(x.Args) // the slice is read after the calls
	if x.Ellipsis.IsValid() {
		more := c.expr(x.Args[1])
		if more.k == kString {
			str := codeOf[string](more)
			return value(t, func(f F) mem.Slice {
				b := mem.Cast[[]byte](base(f))
				return mem.Cast[mem.Slice](append(b, str(f)...))
			})
		}
		rest := codeOf[mem.Slice](c.convert(more, t))
		if late {
			return value(t, func(f F) mem.Slice {
				r := rest(f)
				return lay.Append(base(f), r)
			})
		}
		return value(t, func(f F) mem.Slice {
			s := base(f)
			return lay.Append(s, rest(f))
		})
	}
	if len(x.Args) == 1 {
		return s
	}
	if len(x.Args) == 2 && !late {
		if fn := appendOne(base, c.exprTo(x.Args[1], elem)); fn != nil {
			return value(t, fn)
		}
	}
	n := len(x.Args) - 1
	fills, keeps := make([]filler, n), make([]stmt, n)
	for i, a := range x.Args[1:] { // all are evaluated before any is stored
		var v *expr
		keeps[i], v = c.keep(c.exprTo(a, elem))
		fills[i] = c.opsOf(elem).fill(v, uintptr(i)*lay.Size)
	}
	fill, keep := together(fills), orNothing(all(keeps))
	return value(t, func(f F) mem.Slice {
		var s mem.Slice
		if !late {
			s = base(f)
		}
		keep(f)
		if late {
			s = base(f)
		}
		s = lay.Grow(s, n)
		fill(f, mem.Elem(s.Data, s.Len, lay.Size))
		s.Len += n
		return s
	})
}

// appendOne appends one value of a common kind; nil for others.
func appendOne(base func(F) mem.Slice, x *expr) any {
	switch x.k {
	case kInt:
		return appendValue[int](base, x)
	case kFloat64:
		return appendValue[float64](base, x)
	case kUint8:
		return appendValue[uint8](base, x)
	case kString:
		return appendValue[string](base, x)
	case kBool:
		return appendValue[bool](base, x)
	case kInt32:
		return appendValue[int32](base, x)
	}
	return nil
}

func appendValue[T any](base func(F) mem.Slice, x *expr) any {
	fn := codeOf[T](x)
	return func(f F) mem.Slice {
		s := mem.Cast[[]T](base(f))
		return mem.Cast[mem.Slice](append(s, fn(f)))
	}
}

func (c *compiler) copyTo(x *ast.CallExpr) func(F) int {
	dst := c.expr(x.Args[0])
	to := codeOf[mem.Slice](dst)
	src := c.expr(x.Args[1])
	if src.k == kString {
		from := codeOf[string](src)
		return func(f F) int { d := mem.Cast[[]byte](to(f)); return copy(d, from(f)) }
	}
	from, lay := codeOf[mem.Slice](src), c.layout(dst.t.Underlying().(*types.Slice).Elem())
	return func(f F) int { d := to(f); return lay.CopySlice(d, from(f)) }
}

// makeValue is make(T, n, m).
func (c *compiler) makeValue(x *ast.CallExpr, t types.Type) *expr {
	size := func(i int) func(F) int {
		if i >= len(x.Args) {
			return nil
		}
		return c.index(x.Args[i]).fn
	}
	n, m := size(1), size(2)
	if n == nil {
		n = func(F) int { return 0 }
	}
	switch u := t.Underlying().(type) {
	case *types.Slice:
		if m == nil {
			m = n
		}
		return value(t, makeSlice(c.layout(u.Elem()), n, m))
	case *types.Map:
		mt := c.mapType(t)
		return value(t, func(f F) mem.Ptr {
			n := max(n(f), 0)
			allocates(product(n, int(mt.key.Size+mt.elem.Size)))
			return rt.MapNew(mt.word, n)
		})
	}
	ct := c.chanType(t)
	return value(t, func(f F) mem.Ptr {
		n := n(f)
		allocates(product(n, int(ct.elem.Size)))
		return rt.ChanNew(ct.lay.Word, n)
	})
}

func makeSlice(lay *mem.Layout, n, m func(F) int) func(F) mem.Slice {
	limit := uint64(math.MaxInt)
	if lay.Size > 0 {
		limit = min(limit, mostOfGo/uint64(lay.Size))
	}
	return func(f F) mem.Slice {
		n, m := n(f), m(f)
		if n < 0 || uint64(n) > limit {
			panic(runtimeError("makeslice: len out of range"))
		}
		if m < n || uint64(m) > limit {
			panic(runtimeError("makeslice: cap out of range"))
		}
		allocates(uint64(m) * uint64(lay.Size))
		return mem.Slice{Data: mem.NewArray(lay.Word, m), Len: n, Cap: m}
	}
}

// newValue is new(T) or new(x).
func (c *compiler) newValue(x *ast.CallExpr, t types.Type) *expr {
	lay := c.layout(t.Underlying().(*types.Pointer).Elem())
	if c.info.Types[x.Args[0]].IsType() {
		return value(t, func(F) mem.Ptr { return newOf(lay) })
	}
	elem := t.Underlying().(*types.Pointer).Elem()
	fill := c.opsOf(elem).fill(c.exprTo(x.Args[0], elem), 0)
	return value(t, func(f F) mem.Ptr {
		p := newOf(lay)
		fill(f, p)
		return p
	})
}

// extreme is min or max.
func (c *compiler) extreme(x *ast.CallExpr, t types.Type, name string) *expr {
	e := c.exprTo(x.Args[0], t)
	for _, a := range x.Args[1:] {
		e = value(t, extremeOf(name, e, c.exprTo(a, t)))
	}
	return e
}

func extremeOf(name string, a, b *expr) any {
	switch a.k {
	case kInt:
		return minMax[int](name, a, b)
	case kInt8:
		return minMax[int8](name, a, b)
	case kInt16:
		return minMax[int16](name, a, b)
	case kInt32:
		return minMax[int32](name, a, b)
	case kInt64:
		return minMax[int64](name, a, b)
	case kUint:
		return minMax[uint](name, a, b)
	case kUint8:
		return minMax[uint8](name, a, b)
	case kUint16:
		return minMax[uint16](name, a, b)
	case kUint32:
		return minMax[uint32](name, a, b)
	case kUint64:
		return minMax[uint64](name, a, b)
	case kUintptr:
		return minMax[uintptr](name, a, b)
	case kFloat32:
		return minMax[float32](name, a, b)
	case kFloat64:
		return minMax[float64](name, a, b)
	}
	return minMax[string](name, a, b)
}

func minMax[T ordered](name string, a, b *expr) any {
	x, y := codeOf[T](a), codeOf[T](b)
	if name == "min" {
		return func(f F) T { return min(x(f), y(f)) }
	}
	return func(f F) T { return max(x(f), y(f)) }
}

func (c *compiler) complexValue(x *ast.CallExpr, t types.Type) *expr {
	if kindOf(t) == kComplex64 {
		part := types.Typ[types.Float32]
		re, im := codeOf[float32](c.number(x.Args[0], part)), codeOf[float32](c.number(x.Args[1], part))
		return value(t, func(f F) complex64 { return complex(re(f), im(f)) })
	}
	part := types.Typ[types.Float64]
	re, im := codeOf[float64](c.number(x.Args[0], part)), codeOf[float64](c.number(x.Args[1], part))
	return value(t, func(f F) complex128 { return complex(re(f), im(f)) })
}

// number is an expression of a type; a constant need not have it yet.
func (c *compiler) number(x ast.Expr, t types.Type) *expr {
	if v := c.info.Types[x].Value; v != nil {
		return c.constant(t, v)
	}
	return c.expr(x)
}

func (c *compiler) complexPart(x *ast.CallExpr, t types.Type, name string) *expr {
	e := c.expr(x.Args[0])
	if e.k == kComplex64 {
		fn := codeOf[complex64](e)
		if name == "real" {
			return value(t, func(f F) float32 { return real(fn(f)) })
		}
		return value(t, func(f F) float32 { return imag(fn(f)) })
	}
	fn := codeOf[complex128](e)
	if name == "real" {
		return value(t, func(f F) float64 { return real(fn(f)) })
	}
	return value(t, func(f F) float64 { return imag(fn(f)) })
}

// isMust reports whether a call is one of the built-in function must.
func (c *compiler) isMust(x *ast.CallExpr) bool {
	id := identOf(x.Fun)
	return id != nil && c.prog.Must(id)
}

// must is must(f()): the results of f without the error, which ends the cell when it is
// not nil. Of a single value, which may be the error, it is that value.
func (c *compiler) must(x *ast.CallExpr) *tuple {
	var t *tuple
	if tt, ok := c.info.TypeOf(x.Args[0]).(*types.Tuple); ok && tt.Len() != 1 {
		t = c.tuple(x.Args[0])
	} else {
		t = &tuple{run: func(F) {}}
		for _, a := range x.Args {
			keep, e := c.keep(c.expr(a))
			before := t.run
			t.run = func(f F) { before(f); orNothing(keep)(f) }
			t.exprs = append(t.exprs, e)
		}
	}
	last := len(t.exprs) - 1
	failed := t.exprs[last]
	if last > 0 {
		t.exprs = t.exprs[:last]
	} else if !types.Implements(failed.t, errorType.Underlying().(*types.Interface)) {
		return t // must(7) is 7
	}
	err := codeOf[mem.Iface](c.convert(failed, emptyInterface))
	run := t.run
	return &tuple{exprs: t.exprs, run: func(f F) {
		run(f)
		if v := err(f); v.Tab != nil {
			panic(eval.Stop{Err: v.Any().(error)})
		}
	}}
}
