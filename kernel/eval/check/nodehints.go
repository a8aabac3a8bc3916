package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// This file explains tasks where values are wanted: a *taskgraph.Node stands for a value that
// is not there yet. Its methods record what is to be done with it.

func (c *checking) isNode(x ast.Expr) bool {
	if x == nil {
		return false
	}
	p, ok := types.Unalias(c.info.TypeOf(x)).(*types.Pointer)
	return ok && isOfTaskgraph(p, "Node")
}

// nodeMethods are the methods that stand for operators.
var nodeMethods = map[token.Token]string{
	token.ADD: "Add", token.SUB: "Sub", token.MUL: "Mul", token.QUO: "Div", token.REM: "Mod",
	token.EQL: "Eq", token.NEQ: "Ne", token.LSS: "Lt", token.LEQ: "Le", token.GTR: "Gt", token.GEQ: "Ge",
	token.LAND: "And", token.LOR: "Or",
	token.ADD_ASSIGN: "Add", token.SUB_ASSIGN: "Sub", token.MUL_ASSIGN: "Mul", token.QUO_ASSIGN: "Div", token.REM_ASSIGN: "Mod",
	token.INC: "Add", token.DEC: "Sub",
}

// nodeHint is for a task where a value is wanted: it names the method that records what the
// cell does, or says how to compute first.
func (c *checking) nodeHint(e types.Error, m []string) string {
	if hint := c.recorded(e.Pos); hint != "" {
		return hint
	}
	name := ""
	c.nodes(e.Pos, func(n ast.Node) {
		if x, ok := n.(ast.Expr); ok && c.isNode(x) {
			name = c.quote(x)
		}
	})
	if name == "" {
		if !strings.Contains(e.Msg, "taskgraph.Node") {
			return ""
		}
		name = "z"
	}
	return fmt.Sprintf("%s is a task that has not run: its value is there after must(%s.ComputeInto(&v)), with v a variable of its type; or make a delayed function of what is done with it", name, name)
}

// recorded is the hint for the syntax at a place, the innermost that says something.
func (c *checking) recorded(pos token.Pos) (hint string) {
	var around ast.Node
	c.nodes(pos, func(n ast.Node) {
		if text := c.recordedIn(n, around, pos); text != "" {
			hint = text
		}
		around = n
	})
	return hint
}

func (c *checking) recordedIn(n, around ast.Node, pos token.Pos) string {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		return c.recordedOperator(n)
	case *ast.UnaryExpr:
		if method := map[token.Token]string{token.NOT: "Not", token.SUB: "Neg"}[n.Op]; method != "" && c.isNode(n.X) {
			return records(c.operand(n.X) + "." + method + "()")
		}
	case *ast.AssignStmt:
		if method := nodeMethods[n.Tok]; method != "" && len(n.Lhs) == 1 && c.isNode(n.Lhs[0]) {
			x := c.quote(n.Lhs[0])
			return records(fmt.Sprintf("%s = %s.%s(%s)", x, x, method, c.quote(n.Rhs[0])))
		}
	case *ast.IncDecStmt:
		if x := c.quote(n.X); c.isNode(n.X) {
			return records(fmt.Sprintf("%s = %s.%s(1)", x, x, nodeMethods[n.Tok]))
		}
	case *ast.IndexExpr:
		if c.isNode(n.X) {
			return records(fmt.Sprintf("%s.Index(%s)", c.quote(n.X), c.quote(n.Index)))
		}
	case *ast.SliceExpr:
		if c.isNode(n.X) {
			return records(fmt.Sprintf("%s.Slice(%s, %s)", c.quote(n.X), c.bound(n.Low), c.bound(n.High)))
		}
	case *ast.SelectorExpr:
		return c.recordedMember(n, around, pos)
	case *ast.CallExpr:
		if x := c.quote(n.Fun); c.isNode(n.Fun) {
			return fmt.Sprintf("%s is a task already, of a call that was recorded: %s.Compute() computes it", x, x)
		}
	}
	return c.undecided(n, pos)
}

func records(call string) string { return call + " records it as a task" }

// operand is an expression as a method can follow it.
func (c *checking) operand(x ast.Expr) string {
	switch x.(type) {
	case *ast.BinaryExpr, *ast.UnaryExpr, *ast.StarExpr:
		return "(" + c.quote(x) + ")"
	}
	return c.quote(x)
}

func (c *checking) bound(x ast.Expr) string {
	if x == nil {
		return "nil"
	}
	return c.quote(x)
}

func (c *checking) recordedOperator(b *ast.BinaryExpr) string {
	method := nodeMethods[b.Op]
	switch {
	case method == "" || !c.isNode(b.X) && !c.isNode(b.Y):
		return ""
	case c.isNode(b.X):
		return records(fmt.Sprintf("%s.%s(%s)", c.operand(b.X), method, c.quote(b.Y)))
	}
	return records(fmt.Sprintf("taskgraph.Value(%s).%s(%s)", c.quote(b.X), method, c.quote(b.Y)))
}

// recordedMember is for x.Name, a field or a method that the task's value may have.
func (c *checking) recordedMember(sel *ast.SelectorExpr, around ast.Node, pos token.Pos) string {
	if !c.isNode(sel.X) || sel.Sel.Pos() != pos {
		return ""
	}
	if o, _, _ := types.LookupFieldOrMethod(c.info.TypeOf(sel.X), true, c.pkg, sel.Sel.Name); o != nil {
		return ""
	}
	ask := ""
	if near := nearestName(sel.Sel.Name, methodNames(c.info.TypeOf(sel.X))); near != "" {
		ask = "did you mean " + near + "? If not, "
	}
	args := []string{strconv.Quote(sel.Sel.Name)}
	call, called := around.(*ast.CallExpr)
	if !called || call.Fun != ast.Expr(sel) {
		return ask + records(fmt.Sprintf("%s.Field(%s)", c.quote(sel.X), args[0]))
	}
	for _, a := range call.Args {
		args = append(args, c.quote(a))
	}
	return ask + records(fmt.Sprintf("%s.Call(%s)", c.quote(sel.X), strings.Join(args, ", ")))
}

// undecided is for what decides where the cell goes on.
func (c *checking) undecided(n ast.Node, pos token.Pos) string {
	var x ast.Expr
	what := ""
	switch n := n.(type) {
	case *ast.IfStmt:
		x, what = n.Cond, "whether it is true"
	case *ast.ForStmt:
		x, what = n.Cond, "whether it is true"
	case *ast.RangeStmt:
		x, what = n.X, "what there is to range over"
	case *ast.SwitchStmt:
		x, what = n.Tag, "which case it is,"
	}
	if !c.isNode(x) || pos < x.Pos() {
		return ""
	}
	if _, is := n.(*ast.SwitchStmt); !is && pos >= x.End() {
		return ""
	}
	text := c.quote(x)
	return fmt.Sprintf("%s is known when %s has run: compute it first, by must(%s.ComputeInto(&v)) with a variable v, or make a delayed function of the whole", what, text, text)
}

// comparedNodes finds comparisons of two tasks, which Go allows: they would compare pointers.
func (c *checking) comparedNodes(root ast.Node) []types.Error {
	var errs []types.Error
	refuse := func(x, y ast.Expr, pos token.Pos, method string) {
		a, b := c.quote(x), c.quote(y)
		errs = append(errs, types.Error{Fset: c.fset, Pos: pos, Msg: fmt.Sprintf("%s and %s are tasks, which have no values yet: %s.%s(%s) records the comparison, computing both first allows it here, and %s.Key() == %s.Key() says whether they are one task", a, b, a, method, b, a, b)})
	}
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if (n.Op == token.EQL || n.Op == token.NEQ) && c.isNode(n.X) && c.isNode(n.Y) {
				refuse(n.X, n.Y, n.OpPos, nodeMethods[n.Op])
			}
		case *ast.SwitchStmt:
			for _, clause := range n.Body.List {
				for _, x := range clause.(*ast.CaseClause).List {
					if n.Tag != nil && c.isNode(n.Tag) && c.isNode(x) {
						refuse(n.Tag, x, x.Pos(), "Eq")
					}
				}
			}
		}
		return true
	})
	return errs
}

func methodNames(t types.Type) (names []string) {
	set := types.NewMethodSet(t)
	for i := range set.Len() {
		names = append(names, set.At(i).Obj().Name())
	}
	return names
}
