package check

import (
	"go/ast"
	"go/types"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// DelayedName returns the name under which a cell knows the function that call makes
// delayed, when it is a call like taskgraph.Delayed(f) or taskgraph.Submit(f, x): the
// function's own, or that of the variable that the result goes to, or "func" where there is
// no name. It is "" for other calls.
func (p *Program) DelayedName(call *ast.CallExpr) string {
	if !p.delays(call) {
		return ""
	}
	name := ""
	switch x := functionOf(call.Args[0]).(type) {
	case *ast.Ident:
		name = x.Name
	case *ast.SelectorExpr:
		name = x.Sel.Name
	case *ast.FuncLit:
		name = p.assignedTo(call)
	}
	if name == "" {
		name = "func"
	}
	return name
}

// delays reports whether the first argument of a call is a plain function that becomes one
// of tasks: where package taskgraph takes anything and gives a DelayedFunc or a Future.
func (p *Program) delays(call *ast.CallExpr) bool {
	if len(call.Args) == 0 || !isOfTaskgraph(p.Info.TypeOf(call), "DelayedFunc", "Future") {
		return false
	}
	if t := p.Info.TypeOf(call.Args[0]); t == nil || !isFunc(t) {
		return false
	}
	sig, ok := p.Info.TypeOf(call.Fun).Underlying().(*types.Signature)
	return ok && sig.Params().Len() > 0 && types.Identical(sig.Params().At(0).Type().Underlying(), types.NewInterfaceType(nil, nil))
}

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// functionOf is the function in an expression, without its type arguments.
func functionOf(x ast.Expr) ast.Expr {
	switch x := ast.Unparen(x).(type) {
	case *ast.IndexExpr:
		return ast.Unparen(x.X)
	case *ast.IndexListExpr:
		return ast.Unparen(x.X)
	default:
		return x
	}
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

// isOfTaskgraph reports whether t, or what it points to, is a type of package taskgraph with
// one of the names.
func isOfTaskgraph(t types.Type, names ...string) bool {
	n := namedOrNil(t)
	return n != nil && contains(names, n.Obj().Name()) && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == symbols.Module+"taskgraph"
}
