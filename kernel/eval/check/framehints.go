package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// This file explains what pandas writes with brackets, dots and operators, and frames do with
// methods.

// frameType is the name of the type of a frame or series, "" for others.
func (c *checking) frameType(x ast.Expr) string {
	if x == nil {
		return ""
	}
	p, ok := types.Unalias(c.info.TypeOf(x)).(*types.Pointer)
	if !ok {
		return ""
	}
	n := namedOrNil(p)
	if n == nil || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != symbols.Module+"taskgraph/frame" {
		return ""
	}
	return n.Obj().Name()
}

func (c *checking) isFrame(x ast.Expr) bool {
	t := c.frameType(x)
	return t == "DataFrame" || t == "LazyFrame"
}

func (c *checking) isSeries(x ast.Expr) bool {
	t := c.frameType(x)
	return t == "Series" || t == "LazySeries"
}

// frameHint names the method that does what the cell writes as pandas has it.
func (c *checking) frameHint(e types.Error, m []string) (hint string) {
	if undefined := strings.Contains(e.Msg, "undefined (type"); undefined {
		if hint := c.selectorHint(e, m); hint != "" {
			return hint // a method has nearly that name
		}
	}
	assigned := false
	c.nodes(e.Pos, func(n ast.Node) {
		text := c.frameMethod(n)
		if text == "" || assigned {
			return // of df["a"] = s, which says more than that of df["a"]
		}
		_, assigned = n.(*ast.AssignStmt)
		hint = text
	})
	if hint != "" {
		return hint + " does"
	}
	return ""
}

func (c *checking) frameMethod(n ast.Node) string {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		return c.frameOperator(n)
	case *ast.UnaryExpr:
		if method := map[token.Token]string{token.NOT: "Not", token.SUB: "Neg"}[n.Op]; method != "" && c.isSeries(n.X) {
			return c.operand(n.X) + "." + method + "()"
		}
	case *ast.AssignStmt:
		return c.frameAssignment(n)
	case *ast.IndexExpr:
		return c.frameIndex(n)
	case *ast.SliceExpr:
		if c.isFrame(n.X) || c.isSeries(n.X) {
			return fmt.Sprintf("%s.Slice(%s, %s)", c.quote(n.X), c.bound(n.Low), c.bound(n.High))
		}
	case *ast.SelectorExpr:
		if c.isFrame(n.X) && c.info.Selections[n] == nil {
			return fmt.Sprintf("for a column, %s.Col(%q)", c.quote(n.X), n.Sel.Name)
		}
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.Ident); ok && f.Name == "len" && len(n.Args) == 1 && (c.isFrame(n.Args[0]) || c.isSeries(n.Args[0])) {
			return c.quote(n.Args[0]) + ".Len()"
		}
	case *ast.RangeStmt:
		if x := c.quote(n.X); c.isFrame(n.X) {
			return fmt.Sprintf("for i := range %s.Len(), with %s.ILoc(i), or for _, s := range %s.Columns()", x, x, x)
		} else if c.isSeries(n.X) {
			return fmt.Sprintf("for i, v := range %s.Values()", x)
		}
	}
	return ""
}

// frameOperator is the method for an operator with a series or frame on one side.
func (c *checking) frameOperator(b *ast.BinaryExpr) string {
	method := nodeMethods[b.Op]
	left, right := c.isSeries(b.X) || c.isFrame(b.X), c.isSeries(b.Y)
	switch {
	case method == "" || !left && !right:
		return ""
	case left:
		return fmt.Sprintf("%s.%s(%s)", c.operand(b.X), method, c.quote(b.Y))
	}
	switch b.Op {
	case token.ADD, token.MUL, token.EQL, token.NEQ:
		return fmt.Sprintf("%s.%s(%s)", c.operand(b.Y), method, c.quote(b.X))
	case token.SUB, token.QUO, token.REM:
		return fmt.Sprintf("%s.R%s(%s)", c.operand(b.Y), method, c.quote(b.X))
	}
	turned := map[token.Token]string{token.LSS: "Gt", token.LEQ: "Ge", token.GTR: "Lt", token.GEQ: "Le"}[b.Op]
	if turned == "" {
		return ""
	}
	return fmt.Sprintf("%s.%s(%s)", c.operand(b.Y), turned, c.quote(b.X))
}

// frameAssignment is for df["a"] = s and s += 1.
func (c *checking) frameAssignment(n *ast.AssignStmt) string {
	if len(n.Lhs) != 1 || len(n.Rhs) != 1 {
		return ""
	}
	x := c.quote(n.Lhs[0])
	if method := nodeMethods[n.Tok]; method != "" && (c.isSeries(n.Lhs[0]) || c.isFrame(n.Lhs[0])) {
		return fmt.Sprintf("%s = %s.%s(%s)", x, x, method, c.quote(n.Rhs[0]))
	}
	switch to := n.Lhs[0].(type) {
	case *ast.IndexExpr:
		if c.isFrame(to.X) {
			return fmt.Sprintf("%s = %s.With(%s, %s)", c.quote(to.X), c.quote(to.X), c.quote(to.Index), c.quote(n.Rhs[0]))
		}
	case *ast.SelectorExpr:
		if c.isFrame(to.X) {
			return fmt.Sprintf("%s = %s.With(%q, %s)", c.quote(to.X), c.quote(to.X), to.Sel.Name, c.quote(n.Rhs[0]))
		}
	}
	return ""
}

// frameIndex is for df["a"], df[mask] and s[3].
func (c *checking) frameIndex(n *ast.IndexExpr) string {
	if b, ok := n.Index.(*ast.BinaryExpr); ok {
		if mask := c.frameOperator(b); mask != "" {
			return fmt.Sprintf("%s.Filter(%s)", c.quote(n.X), mask)
		}
	}
	text := false
	if b, ok := types.Unalias(c.typeOf(n.Index)).(*types.Basic); ok {
		text = b.Info()&types.IsString != 0
	}
	switch x, index := c.quote(n.X), c.quote(n.Index); {
	case c.isFrame(n.X) && c.isSeries(n.Index):
		return fmt.Sprintf("%s.Filter(%s)", x, index)
	case c.isFrame(n.X) && text:
		return fmt.Sprintf("%s.Col(%s)", x, index)
	case c.frameType(n.X) == "Series" && text:
		return fmt.Sprintf("%s.Loc(%s)", x, index)
	case c.isSeries(n.X) && c.isSeries(n.Index):
		return fmt.Sprintf("%s.Filter(%s)", x, index)
	case c.frameType(n.X) == "Series" || c.frameType(n.X) == "DataFrame":
		return fmt.Sprintf("%s.ILoc(%s)", x, index)
	}
	return ""
}
