package closure

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/check"
	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
	"github.com/dagbook/dagbook/kernel/eval/closure/table"
)

// compiler compiles one function. The compilers of function literals are chained to
// that of the function around them.
type compiler struct {
	*Engine
	prog  *check.Program
	info  *types.Info
	env   *environment // type arguments
	outer *compiler

	funcName string
	frame    frameBuilder
	sig      *signature
	vars     map[types.Object]*variable
	escapes  escapes
	owned    map[types.Object]bool // maps that only this function uses
	caps     []*variable           // of outer, in the order of closure.caps

	results  []*variable
	named    bool // results have names
	guards   bool // has defer statements
	recovers bool // calls the built-in recover
	defers   bool
	flow     flow
	placed   token.Pos // of the last statement that notes itself where it stands
	literals int
}

// variable is where a variable of a function stands.
type variable struct {
	t     types.Type
	k     kind
	lay   *mem.Layout
	where storage
	off   uintptr // in the frame: of the value, or of the pointer to its box
	index int     // among the captured
	own   *table.Form
}

type storage uint8

const (
	inFrame storage = iota
	inBox
	captured
)

// refuse stops the compilation with a sentence.
func (c *compiler) refuse(n ast.Node, format string, args ...any) {
	cell, line, col := c.host.Position(n.Pos())
	panic(&eval.Refusal{Cell: cell, Line: line, Col: col, Reason: fmt.Sprintf(format, args...)})
}

// typeOf returns the type of an expression with the type arguments put in.
func (c *compiler) typeOf(x ast.Expr) types.Type {
	t := c.info.TypeOf(x)
	if t == nil {
		c.refuse(x, "the type of this expression is not known; this is a fault of dagbook's")
	}
	return c.subst(t)
}

func (c *compiler) subst(t types.Type) types.Type { return c.env.subst(t) }

func (c *compiler) object(id *ast.Ident) types.Object {
	if o := c.info.Uses[id]; o != nil {
		return o
	}
	return c.info.Defs[id]
}

// newVariable makes room for a variable of this function.
func (c *compiler) newVariable(o types.Object) *variable {
	v := c.place(c.subst(o.Type()), c.escapes[o])
	c.vars[o] = v
	return v
}

// largest is the size of the largest value that a frame holds itself.
const largest = 1 << 10

func (c *compiler) place(t types.Type, boxed bool) *variable {
	v := &variable{t: t, k: kindOf(t), lay: c.layout(t)}
	if boxed || v.lay.Size > largest {
		v.where = inBox
		v.off = c.frame.add(pointerType)
	} else {
		v.off = c.frame.add(v.lay.Type)
	}
	return v
}

// temp makes room for a value that the cell has no name for.
func (c *compiler) temp(t types.Type) *variable { return c.place(t, false) }

// variable finds a local of this function or of one around it; nil for what is not local.
func (c *compiler) variable(o types.Object) *variable {
	if v := c.vars[o]; v != nil {
		return v
	}
	if c.outer == nil {
		return nil
	}
	v := c.outer.variable(o)
	if v == nil {
		return nil
	}
	own := &variable{t: v.t, k: v.k, lay: v.lay, where: captured, index: len(c.caps)}
	c.caps = append(c.caps, v)
	c.vars[o] = own
	return own
}

// location returns where the variable's value stands.
func (v *variable) location() *location {
	switch v.where {
	case inBox:
		return heldBy(v.t, holder{in: byBox, off: v.off})
	case captured:
		return heldBy(v.t, holder{in: byCapture, off: uintptr(v.index)})
	}
	return &location{t: v.t, k: v.k, off: v.off, own: v.own}
}

// box returns the code of the address of a boxed or captured variable.
func (v *variable) box() func(F) mem.Ptr { return v.location().addr }

// fresh gives a boxed variable a new box; nil when it has none.
func (v *variable) fresh() func(F) {
	if v.where != inBox {
		return nil
	}
	off, lay := v.off, v.lay
	return func(f F) { mem.Store(f, off, newOf(lay)) }
}

// declare is the statement that begins a variable's life with the value of x, or zero
// when x is nil.
func (c *compiler) declare(v *variable, x *expr) stmt {
	if x == nil {
		if v.where == inBox {
			off, lay := v.off, v.lay
			return func(f F) ctl { mem.Store(f, off, newOf(lay)); return next }
		}
		return c.zero(v)
	}
	if v.where == inFrame {
		return c.opsOf(v.t).setLocal(v.off, x)
	}
	off, lay, fill := v.off, v.lay, c.opsOf(v.t).fill(x, 0)
	return func(f F) ctl {
		p := newOf(lay)
		fill(f, p)
		mem.Store(f, off, p)
		return next
	}
}

// zero makes a variable that stands in the frame zero.
func (c *compiler) zero(v *variable) stmt {
	off, lay := v.off, v.lay
	if v.k == kInt {
		return func(f F) ctl { mem.Store(f, off, 0); return next }
	}
	return func(f F) ctl { lay.Clear(mem.Add(f, off)); return next }
}

// zeroGlobal makes a variable of the session zero. A large one that is so already is only read:
// to write all of it takes seconds, and memory that compiled Go does not take.
func zeroGlobal(lay *mem.Layout, p mem.Ptr) stmt {
	return func(F) ctl {
		if lay.Size < sizeable || !isZero(mem.Bytes(p, lay.Size)) {
			lay.Clear(p)
		}
		return next
	}
}

func isZero(b []byte) bool {
	var zeros [1 << 12]byte
	for len(b) > len(zeros) {
		if !bytes.Equal(b[:len(zeros)], zeros[:]) {
			return false
		}
		b = b[len(zeros):]
	}
	return bytes.Equal(b, zeros[:len(b)])
}

// constant returns the expression of a constant of type t.
func (c *compiler) constant(t types.Type, v constant.Value) *expr {
	t = types.Default(t)
	k := kindOf(t)
	if k == kIface { // a constant that became a value of an interface type
		return c.convert(c.constant(defaultType(v), v), t)
	}
	return &expr{t: t, k: k, where: inConst, con: constantOf(k, v)}
}

func defaultType(v constant.Value) types.Type {
	switch v.Kind() {
	case constant.Bool:
		return types.Typ[types.Bool]
	case constant.String:
		return types.Typ[types.String]
	case constant.Int:
		return types.Typ[types.Int]
	case constant.Float:
		return types.Typ[types.Float64]
	}
	return types.Typ[types.Complex128]
}

func constantOf(k kind, v constant.Value) any {
	switch {
	case k == kBool:
		return constant.BoolVal(v)
	case k == kString:
		return constant.StringVal(v)
	case k.integer():
		return integerOf(k, constant.ToInt(v))
	case k.float():
		x, _ := constant.Float64Val(v)
		if k == kFloat32 {
			y, _ := constant.Float32Val(v)
			return y
		}
		return x
	}
	re, _ := constant.Float64Val(constant.Real(v))
	im, _ := constant.Float64Val(constant.Imag(v))
	if k == kComplex64 {
		r, _ := constant.Float32Val(constant.Real(v))
		i, _ := constant.Float32Val(constant.Imag(v))
		return complex(r, i)
	}
	return complex(re, im)
}

func integerOf(k kind, v constant.Value) any {
	i, _ := constant.Int64Val(v)
	u, _ := constant.Uint64Val(v)
	switch k {
	case kInt:
		return int(i)
	case kInt8:
		return int8(i)
	case kInt16:
		return int16(i)
	case kInt32:
		return int32(i)
	case kInt64:
		return i
	case kUint:
		return uint(u)
	case kUint8:
		return uint8(u)
	case kUint16:
		return uint16(u)
	case kUint32:
		return uint32(u)
	case kUint64:
		return u
	}
	return uintptr(u)
}

// escapes are the variables that function literals capture or whose address is taken;
// they live in boxes.
type escapes map[types.Object]bool

// findEscapes looks through a function with all the literals in it.
func (c *compiler) findEscapes(fn ast.Node) escapes {
	w := &escapeWalk{c: c, found: escapes{}, owner: map[types.Object]ast.Node{}}
	w.walk(fn, fn)
	return w.found
}

type escapeWalk struct {
	c     *compiler
	found escapes
	owner map[types.Object]ast.Node // the function that declares a variable
}

func (w *escapeWalk) walk(n, fn ast.Node) {
	ast.Inspect(n, func(m ast.Node) bool {
		switch m := m.(type) {
		case *ast.FuncLit:
			if m != fn {
				w.walk(m, m)
				return false
			}
		case *ast.Ident:
			w.ident(m, fn)
		case *ast.CaseClause:
			if o := w.c.info.Implicits[m]; o != nil {
				w.owner[o] = fn
			}
		case *ast.UnaryExpr:
			if m.Op == token.AND {
				w.address(m.X)
			}
		case *ast.SliceExpr:
			if _, ok := w.c.typeOf(m.X).Underlying().(*types.Array); ok {
				w.address(m.X)
			}
		case *ast.SelectorExpr:
			w.selector(m)
		}
		return true
	})
}

func (w *escapeWalk) ident(id *ast.Ident, fn ast.Node) {
	if o, ok := w.c.info.Defs[id].(*types.Var); ok && !o.IsField() {
		w.owner[o] = fn
		return
	}
	if o, ok := w.c.info.Uses[id].(*types.Var); ok && !o.IsField() {
		if at, ok := w.owner[o]; ok && at != fn {
			w.found[o] = true
		}
	}
}

// selector finds methods with pointer receivers, which take the address of a variable.
func (w *escapeWalk) selector(s *ast.SelectorExpr) {
	sel := w.c.selection(s)
	if sel == nil || sel.kind != types.MethodVal || isPointer(w.c.typeOf(s.X)) {
		return
	}
	if isPointer(sel.obj.(*types.Func).Signature().Recv().Type()) {
		w.address(s.X)
	}
}

// address notes the variable that x is, or is a part of.
func (w *escapeWalk) address(x ast.Expr) {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		if o, ok := w.c.object(x).(*types.Var); ok {
			w.found[o] = true
		}
	case *ast.SelectorExpr:
		if w.c.info.Selections[x] != nil && !isPointer(w.c.typeOf(x.X)) {
			w.address(x.X)
		}
	case *ast.IndexExpr:
		if _, isArray := w.c.typeOf(x.X).Underlying().(*types.Array); isArray {
			w.address(x.X)
		}
	}
}
