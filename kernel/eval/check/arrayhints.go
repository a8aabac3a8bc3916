package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// This file explains operators on arrays: Go has them for numbers, arrays have methods.

// isArray reports an expression of type *ndarray.Array or *array.Array.
func (c *checking) isArray(x ast.Expr) bool {
	if x == nil {
		return false
	}
	p, ok := types.Unalias(c.info.TypeOf(x)).(*types.Pointer)
	if !ok {
		return false
	}
	n := namedOrNil(p)
	if n == nil || n.Obj().Pkg() == nil || n.Obj().Name() != "Array" {
		return false
	}
	path := n.Obj().Pkg().Path()
	return path == symbols.Module+"taskgraph/ndarray" || path == symbols.Module+"taskgraph/array"
}

// arrayHint names the method that does what the cell writes with an operator.
func (c *checking) arrayHint(e types.Error, m []string) (hint string) {
	c.nodes(e.Pos, func(n ast.Node) {
		if strings.Contains(hint, ".Set(") {
			return // of a[i] = v, which says more than that of a[i]
		}
		if text := c.arrayMethod(n); text != "" {
			hint = text
		}
	})
	if hint != "" {
		return hint + " does"
	}
	return ""
}

func (c *checking) arrayMethod(n ast.Node) string {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		return c.arrayOperator(n)
	case *ast.UnaryExpr:
		if method := map[token.Token]string{token.NOT: "Not", token.SUB: "Neg"}[n.Op]; method != "" && c.isArray(n.X) {
			return c.operand(n.X) + "." + method + "()"
		}
	case *ast.AssignStmt:
		if method := nodeMethods[n.Tok]; method != "" && len(n.Lhs) == 1 && c.isArray(n.Lhs[0]) {
			x := c.quote(n.Lhs[0])
			return fmt.Sprintf("%s = %s.%s(%s)", x, x, method, c.quote(n.Rhs[0]))
		}
		if len(n.Lhs) == 1 && len(n.Rhs) == 1 && n.Tok == token.ASSIGN {
			if ix, ok := n.Lhs[0].(*ast.IndexExpr); ok && c.isArray(ix.X) {
				return fmt.Sprintf("%s.Set(%s, %s)", c.quote(ix.X), c.quote(n.Rhs[0]), c.quote(ix.Index))
			}
		}
	case *ast.IndexExpr:
		if c.isArray(n.X) {
			return fmt.Sprintf("%s.At(%s)", c.quote(n.X), c.quote(n.Index))
		}
	case *ast.SliceExpr:
		if c.isArray(n.X) {
			return fmt.Sprintf("%s.Slice(%s, %s)", c.quote(n.X), c.bound(n.Low), c.bound(n.High))
		}
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.Ident); ok && f.Name == "len" && len(n.Args) == 1 && c.isArray(n.Args[0]) {
			return c.quote(n.Args[0]) + ".Len()"
		}
	case *ast.RangeStmt:
		if c.isArray(n.X) {
			x := c.quote(n.X)
			return fmt.Sprintf("for i := range %s.Len(), with %s.At(i),", x, x)
		}
	}
	return ""
}

// arrayOperator is the method for an operator; an array on the right only has it for some.
func (c *checking) arrayOperator(b *ast.BinaryExpr) string {
	method := nodeMethods[b.Op]
	switch {
	case method == "" || !c.isArray(b.X) && !c.isArray(b.Y):
		return ""
	case c.isArray(b.X):
		return fmt.Sprintf("%s.%s(%s)", c.operand(b.X), method, c.quote(b.Y))
	}
	switch b.Op {
	case token.ADD, token.MUL:
		return fmt.Sprintf("%s.%s(%s)", c.operand(b.Y), method, c.quote(b.X))
	case token.SUB, token.QUO, token.REM:
		return fmt.Sprintf("%s.R%s(%s)", c.operand(b.Y), method, c.quote(b.X))
	}
	return ""
}
