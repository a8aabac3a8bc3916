package check

import (
	"go/ast"
	"go/types"
	"strings"
)

// DelayedName returns the name under which a cell knows the function that call makes
// delayed, when it is a call like taskgraph.Delayed(f): the function's own, or that of the
// variable that the result goes to. It is "" for other calls, and where there is no name.
func (p *Program) DelayedName(call *ast.CallExpr) string {
	if len(call.Args) == 0 || !isDelayedFunc(p.Info.TypeOf(call)) {
		return ""
	}
	if _, ok := p.Info.TypeOf(call.Args[0]).Underlying().(*types.Signature); !ok {
		return ""
	}
	switch x := ast.Unparen(call.Args[0]).(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return x.Sel.Name
	case *ast.FuncLit:
		return p.assignedTo(call)
	}
	return ""
}

// assignedTo finds name in `name := delayed(func ...)`, wherever that stands.
func (p *Program) assignedTo(call *ast.CallExpr) (name string) {
	look := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, r := range n.Rhs {
				if id, ok := n.Lhs[min(i, len(n.Lhs)-1)].(*ast.Ident); ok && ast.Unparen(r) == ast.Expr(call) {
					name = id.Name
				}
			}
		case *ast.ValueSpec:
			for i, r := range n.Values {
				if ast.Unparen(r) == ast.Expr(call) {
					name = n.Names[i].Name
				}
			}
		}
		return name == ""
	}
	for _, st := range p.Steps {
		if st.Stmt != nil {
			ast.Inspect(st.Stmt, look)
		}
	}
	for _, d := range p.Decls {
		ast.Inspect(d.Node, look)
	}
	return name
}

func isDelayedFunc(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == "DelayedFunc" && n.Obj().Pkg() != nil && strings.HasSuffix(n.Obj().Pkg().Path(), "/taskgraph")
}
