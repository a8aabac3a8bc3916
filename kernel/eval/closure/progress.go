package closure

import (
	"go/ast"
	"go/types"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// progressCall returns the call when a loop ranges over display.Progress or ProgressN,
// whose bar belongs to the cell.
func (c *compiler) progressCall(x ast.Expr) *ast.CallExpr {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok || len(call.Args) == 0 {
		return nil
	}
	id := genericName(call.Fun)
	if id == nil {
		return nil
	}
	f, ok := c.info.Uses[id].(*types.Func)
	if !ok || f.Pkg() == nil || f.Pkg().Path() != symbols.Module+"display" || f.Name() != "Progress" && f.Name() != "ProgressN" {
		return nil
	}
	return call
}

// rangeProgress is a loop over a slice, or up to a number, with a bar.
func (c *compiler) rangeProgress(s *ast.RangeStmt, l *label, call *ast.CallExpr) stmt {
	name := func(F) string { return "" }
	if len(call.Args) > 1 {
		name = codeOf[string](c.expr(call.Args[1]))
	}
	i, sl := c.counter(), c.temp(types.NewSlice(types.Typ[types.Int])).off
	over := c.expr(call.Args[0])
	slice, val := func(F) mem.Slice { return mem.Slice{} }, (*expr)(nil)
	if over.k == kSlice {
		slice = codeOf[mem.Slice](over)
		elem := over.t.Underlying().(*types.Slice).Elem()
		size := c.layout(elem).Size
		val = c.load(&location{t: elem, k: kindOf(elem), addr: func(f F) mem.Ptr {
			return mem.Elem(mem.At[mem.Slice](f, sl).Data, mem.Load[int](f, i), size)
		}})
	} else {
		n := intOf(over).fn
		slice = func(f F) mem.Slice { return mem.Slice{Len: n(f)} }
	}
	set := c.turnVariables(s, intAt(types.Typ[types.Int], i), val)
	body := c.block(s.Body.List)
	return func(f F) ctl {
		over := slice(f)
		mem.Store(f, sl, over)
		bar := c.host.Bar(over.Len, name(f))
		for turns := range over.Len {
			if turns > 0 {
				bar.Step()
			}
			mem.Store(f, i, turns)
			set(f)
			if on, c := turn(f, body, l); !on {
				return c
			}
			head(f).g.check()
		}
		if over.Len > 0 {
			bar.Step()
		}
		bar.Done()
		return next
	}
}
