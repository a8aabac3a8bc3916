package closure

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
	"github.com/dagbook/dagbook/kernel/eval/closure/table"
)

var pointerType = reflect.TypeFor[mem.Ptr]()

// location is a place in memory with a type: in the frame at off, or off bytes behind a
// fixed address, or off bytes behind an address that code finds.
type location struct {
	t      types.Type
	k      kind
	off    uintptr
	global mem.Ptr
	addr   func(F) mem.Ptr
	hold   holder // where addr finds the address
	own    *table.Form
}

// holder is where an address stands, so that code can take it from there itself.
type holder struct {
	in  holding
	off uintptr   // in the frame, or the index of a capture
	at  token.Pos // of what follows a pointer
}

type holding uint8

const (
	unheld    holding = iota
	byBox             // the frame holds the address of a box
	byPointer         // the frame holds a pointer, which may be nil
	byCapture         // the closure holds the address of a box
)

// heldBy is the location that an address held somewhere leads to.
func heldBy(t types.Type, h holder) *location {
	l := &location{t: t, k: kindOf(t), hold: h}
	off, at := h.off, h.at
	switch h.in {
	case byBox:
		l.addr = func(f F) mem.Ptr { return mem.Load[mem.Ptr](f, off) }
	case byPointer:
		l.addr = func(f F) mem.Ptr {
			p := mem.Load[mem.Ptr](f, off)
			if p == nil {
				nilDereference(f, at)
			}
			return p
		}
	case byCapture:
		l.addr = func(f F) mem.Ptr { return captive(f, off) }
	}
	return l
}

// captive is the address of a captured variable.
func captive(f F, i uintptr) mem.Ptr { return mem.Pointer[closure](head(f).clo).caps[i] }

func (l *location) inFrame() bool { return l.addr == nil && l.global == nil }

// load is the expression of what stands there.
func (c *compiler) load(l *location) *expr {
	x := &expr{t: l.t, k: l.k}
	switch {
	case l.inFrame():
		x.where, x.off, x.own = inLocal, l.off, l.own
	case l.global != nil:
		x.fn = c.opsOf(l.t).global(mem.Add(l.global, l.off))
	default:
		x.fn = c.opsOf(l.t).load(l)
		if l.off == 0 {
			x.at = l.addr
		}
	}
	return x
}

// set is the statement that assigns x, which has the location's type.
func (c *compiler) set(l *location, x *expr) stmt {
	o := c.opsOf(l.t)
	switch {
	case l.inFrame():
		return o.setLocal(l.off, x)
	case l.global != nil:
		return o.setGlobal(mem.Add(l.global, l.off), x)
	}
	return o.setAt(l, x)
}

// address is the code of the location's address.
func (l *location) address() func(F) mem.Ptr {
	off := l.off
	switch {
	case l.inFrame():
		return func(f F) mem.Ptr { return mem.Add(f, off) }
	case l.global != nil:
		p := mem.Add(l.global, off)
		return func(F) mem.Ptr { return p }
	case off == 0:
		return l.addr
	}
	addr, a, at := l.addr, l.hold.off, l.hold.at
	switch l.hold.in {
	case byBox:
		return func(f F) mem.Ptr { return mem.Add(mem.Load[mem.Ptr](f, a), off) }
	case byPointer:
		return func(f F) mem.Ptr {
			p := mem.Load[mem.Ptr](f, a)
			if p == nil {
				nilDereference(f, at)
			}
			return mem.Add(p, off)
		}
	case byCapture:
		return func(f F) mem.Ptr { return mem.Add(captive(f, a), off) }
	}
	return func(f F) mem.Ptr { return mem.Add(addr(f), off) }
}

// part is a location inside another one.
func (l *location) part(t types.Type, off uintptr) *location {
	return &location{t: t, k: kindOf(t), off: l.off + off, global: l.global, addr: l.addr, hold: l.hold}
}

// locate returns where the value of an expression stands, nil when it stands nowhere,
// as that of a sum. The parts of what a call returned, and what a map yields, do stand
// somewhere, though nobody can assign to them.
func (c *compiler) locate(x ast.Expr) *location {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		return c.locateName(x)
	case *ast.StarExpr:
		return c.behind(c.expr(x.X), x.Pos())
	case *ast.SelectorExpr:
		return c.locateField(x)
	case *ast.IndexExpr:
		return c.locateElement(x)
	}
	return nil
}

func (c *compiler) locateName(id *ast.Ident) *location {
	o, ok := c.object(id).(*types.Var)
	if !ok {
		return nil
	}
	return c.locateVar(o)
}

func (c *compiler) locateVar(o *types.Var) *location {
	if v := c.variable(o); v != nil {
		return v.location()
	}
	if p := c.global(c.prog, o); p != nil {
		t := o.Type()
		return &location{t: t, k: kindOf(t), global: p}
	}
	return nil
}

// behind is the location that a pointer points to.
func (c *compiler) behind(p *expr, at token.Pos) *location {
	t := p.t.Underlying().(*types.Pointer).Elem()
	if p.where == inLocal {
		return heldBy(t, holder{byPointer, p.off, at})
	}
	fn := codeOf[mem.Ptr](p)
	return &location{t: t, k: kindOf(t), addr: func(f F) mem.Ptr {
		p := fn(f)
		if p == nil {
			nilDereference(f, at)
		}
		return p
	}}
}

func nilDereference(f F, at token.Pos) {
	if at.IsValid() {
		head(f).pos = at
	}
	var p *byte
	*p = 0
}

// locateField is the location of a field, or of a variable of a package.
func (c *compiler) locateField(s *ast.SelectorExpr) *location {
	sel := c.selection(s)
	if sel == nil {
		o, ok := c.info.Uses[s.Sel].(*types.Var)
		if !ok {
			return nil
		}
		if v, ok := c.member(o.Pkg().Path(), o.Name()); ok && v.CanAddr() {
			c.types.Adopt(o.Type(), v.Type())
			return &location{t: o.Type(), k: kindOf(o.Type()), global: v.Addr().UnsafePointer()}
		}
		c.refuse(s, "there is no variable %s.%s here", o.Pkg().Name(), o.Name())
	}
	if sel.kind != types.FieldVal {
		return nil
	}
	return c.fieldPath(c.whole(s.X), sel.index, s.Pos())
}

// whole is the location of an expression whose parts are wanted: where it stands, or where a
// struct or array value is that was computed.
func (c *compiler) whole(x ast.Expr) *location {
	if l := c.locate(x); l != nil {
		return l
	}
	v := c.expr(x)
	return c.wholeOf(v)
}

func (c *compiler) wholeOf(v *expr) *location {
	l := &location{t: v.t, k: v.k}
	switch {
	case v.where == inLocal:
		l.off = v.off
	case v.k == kMem:
		l.addr = codeOf[mem.Ptr](v)
	default: // a pointer that was computed: a temporary holds it
		t := c.temp(v.t)
		set, off := c.opsOf(v.t).setLocal(t.off, v), t.off
		l.addr = func(f F) mem.Ptr { set(f); return mem.Add(f, off) }
	}
	return l
}

// fieldPath follows a path of field indices; pointers on the way are followed.
func (c *compiler) fieldPath(l *location, path []int, at token.Pos) *location {
	for _, i := range path {
		if isPointer(l.t) {
			l = c.behind(c.load(l), at)
		}
		st := l.t.Underlying().(*types.Struct)
		l = l.part(st.Field(i).Type(), c.layout(l.t).Type.Field(i).Offset)
	}
	return l
}

// locateElement is the location of an element of a slice or array.
func (c *compiler) locateElement(x *ast.IndexExpr) *location {
	t := c.typeOf(x.X)
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return c.sliceElement(c.expr(x.X), u.Elem(), c.index(x.Index), x.Pos())
	case *types.Array:
		return c.arrayElement(c.whole(x.X), u, x.Index)
	case *types.Pointer:
		if a, ok := u.Elem().Underlying().(*types.Array); ok {
			return c.arrayElement(c.behind(c.expr(x.X), x.Pos()), a, x.Index)
		}
	}
	return nil
}

func (c *compiler) sliceElement(s *expr, elem types.Type, i operand[int], at token.Pos) *location {
	l := &location{t: elem, k: kindOf(elem)}
	size := c.layout(elem).Size
	if s.where == inLocal && i.where == inLocal {
		a, b := s.off, i.off
		l.addr = func(f F) mem.Ptr {
			s, i := mem.At[mem.Slice](f, a), mem.Load[int](f, b)
			if uint(i) >= uint(s.Len) {
				outOfRange(f, at, i, s.Len)
			}
			return mem.Elem(s.Data, i, size)
		}
		return l
	}
	if s.row != nil && i.where == inLocal {
		rows, row, before, b := s.row.off, s.row.index, s.row.at, i.off
		l.addr = func(f F) mem.Ptr {
			r, k := mem.At[mem.Slice](f, rows), mem.Load[int](f, row)
			if uint(k) >= uint(r.Len) {
				outOfRange(f, before, k, r.Len)
			}
			s, i := mem.At[mem.Slice](r.Data, uintptr(k)*sliceSize), mem.Load[int](f, b)
			if uint(i) >= uint(s.Len) {
				outOfRange(f, at, i, s.Len)
			}
			return mem.Elem(s.Data, i, size)
		}
		return l
	}
	sf, index := codeOf[mem.Slice](s), i.fn
	l.addr = func(f F) mem.Ptr {
		s := sf(f)
		i := index(f)
		if uint(i) >= uint(s.Len) {
			outOfRange(f, at, i, s.Len)
		}
		return mem.Elem(s.Data, i, size)
	}
	return l
}

func (c *compiler) arrayElement(a *location, t *types.Array, index ast.Expr) *location {
	at := index.Pos()
	i, n, size := c.index(index), int(t.Len()), c.layout(t.Elem()).Size
	if i.where == inConst {
		return a.part(t.Elem(), uintptr(i.con)*size)
	}
	base, fn := a.address(), i.fn
	return &location{t: t.Elem(), k: kindOf(t.Elem()), addr: func(f F) mem.Ptr {
		p := base(f)
		i := fn(f)
		if uint(i) >= uint(n) {
			outOfRange(f, at, i, n)
		}
		return mem.Elem(p, i, size)
	}}
}

// index is an index or length, as an int.
func (c *compiler) index(x ast.Expr) operand[int] {
	e := c.expr(x)
	if tv := c.info.Types[x]; tv.Value != nil && !e.k.integer() { // 2.0 is a fine index
		e = c.constant(types.Typ[types.Int], tv.Value)
	}
	return intOf(e)
}

// outOfRange panics as Go does.
func outOfRange(f F, at token.Pos, i, n int) {
	if at.IsValid() {
		head(f).pos = at
	}
	_ = make([]struct{}, n)[i]
}
