package closure

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
)

// write is a statement that writes to a strings.Builder; nil for others. Text is built up
// in the innermost of loops, where a call through a func value costs more than the work.
func (c *compiler) write(x *ast.CallExpr, t *target) stmt {
	sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
	if !ok || t.recv == nil || len(x.Args) != 1 || c.calls(sel.X) || c.calls(x.Args[0]) {
		return nil
	}
	m, ok := c.info.Uses[sel.Sel].(*types.Func)
	if !ok {
		return nil
	}
	name, isBuilder := strings.CutPrefix(m.FullName(), "(*strings.Builder).")
	if !isBuilder {
		return nil
	}
	var run stmt
	switch b, pos := c.builderAt(sel.X, t.recv), x.Pos(); name {
	case "WriteString":
		run = b.writeString(c.exprTo(x.Args[0], types.Typ[types.String]), pos)
	case "WriteByte":
		v := codeOf[byte](c.exprTo(x.Args[0], types.Typ[types.Byte]))
		run = func(f F) ctl { head(f).pos = pos; b.get(f).WriteByte(v(f)); return next }
	case "WriteRune":
		v := codeOf[rune](c.exprTo(x.Args[0], types.Typ[types.Rune]))
		run = func(f F) ctl { head(f).pos = pos; b.get(f).WriteRune(v(f)); return next }
	}
	if run != nil {
		c.placed = x.Pos()
	}
	return run
}

// builder is where the address of a strings.Builder is found: in the frame at off, or by code.
type builder struct {
	off  uintptr
	code func(F) mem.Ptr
}

func (c *compiler) builderAt(x ast.Expr, recv *expr) builder {
	if recv.where == inLocal {
		return builder{off: recv.off}
	}
	if !types.Identical(types.NewPointer(c.typeOf(x)), recv.t) {
		return builder{code: codeOf[mem.Ptr](recv)} // x is a pointer, or has a builder somewhere in it
	}
	if l := c.locate(x); l != nil && l.hold.in == byBox && l.off == 0 {
		return builder{off: l.hold.off}
	}
	return builder{code: codeOf[mem.Ptr](recv)}
}

func (b builder) get(f F) *strings.Builder {
	if b.code != nil {
		return mem.Pointer[strings.Builder](b.code(f))
	}
	return mem.Load[*strings.Builder](f, b.off)
}

func (b builder) writeString(x *expr, pos token.Pos) stmt {
	text := codeOf[string](x)
	switch {
	case b.code != nil:
		return func(f F) ctl { head(f).pos = pos; b.get(f).WriteString(text(f)); return next }
	case x.where == inConst:
		off, s := b.off, x.con.(string)
		return func(f F) ctl { head(f).pos = pos; mem.Load[*strings.Builder](f, off).WriteString(s); return next }
	}
	off := b.off
	return func(f F) ctl { head(f).pos = pos; mem.Load[*strings.Builder](f, off).WriteString(text(f)); return next }
}
