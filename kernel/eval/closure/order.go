package closure

import (
	"go/ast"
	"slices"

	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// The specification orders calls and receives among each other, but not the reading of
// variables between them. Compiled Go makes the calls of a statement first and reads
// variables, fields and elements after them; programs have come to count on that.

// readsBeforeCall reports whether something that calls nothing stands before a call.
func (c *compiler) readsBeforeCall(list []ast.Expr) bool {
	read := false
	for _, x := range list {
		switch {
		case c.calls(x):
			if read {
				return true
			}
		case c.info.Types[x].Value == nil && !c.asserts(x):
			read = true
		}
	}
	return false
}

// callsFirst evaluates those of a list that are ordered into temporaries, when a reading
// stands before a call. before is nil when there is nothing to do first.
func (c *compiler) callsFirst(list []ast.Expr, exprs []*expr) (before stmt, out []*expr) {
	if !c.readsBeforeCall(list) {
		return nil, exprs
	}
	return c.keepOrdered(list, exprs)
}

// keepOrdered evaluates those of a list that are ordered into temporaries.
func (c *compiler) keepOrdered(list []ast.Expr, exprs []*expr) (before stmt, out []*expr) {
	var keeps []stmt
	out = make([]*expr, len(exprs))
	for i, x := range exprs {
		out[i] = x
		if c.ordered(list[i]) {
			var keep stmt
			keep, out[i] = c.keep(c.defaulted(x))
			keeps = append(keeps, keep)
		}
	}
	return all(keeps), out
}

// lastOf is the index of the last of a list for which is holds, -1 when there is none.
func lastOf(list []ast.Expr, is func(ast.Expr) bool) int {
	for i, x := range slices.Backward(list) {
		if is(x) {
			return i
		}
	}
	return -1
}

// ordered reports whether compiled Go evaluates x, or something in it, at its place among calls.
func (c *compiler) ordered(x ast.Expr) bool { return c.calls(x) || c.asserts(x) }

// asserts reports whether evaluating x asserts a type at its place among calls. Pointers and
// the like are asserted when they are read (cmd/compile/internal/walk/order.go).
func (c *compiler) asserts(x ast.Expr) (yes bool) {
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.TypeAssertExpr:
			yes = yes || n.Type != nil && !rt.IsDirect(c.layout(c.typeOf(n.Type)).Type)
		}
		return !yes
	})
	return yes
}
