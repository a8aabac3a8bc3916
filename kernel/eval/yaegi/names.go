package yaegi

import (
	"go/ast"
	"reflect"

	"github.com/dagbook/dagbook/kernel/eval/check"
	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// funcName returns the name under which a cell knows the function that call makes
// delayed: the function's own, or that of the variable that the result goes to.
func (e *Engine) funcName(p *check.Program, call *ast.CallExpr) string {
	switch x := ast.Unparen(call.Args[0]).(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return x.Sel.Name
	case *ast.FuncLit:
		return assignedTo(p, call)
	}
	return ""
}

// assignedTo finds name in `name := delayed(func ...)`, wherever that stands.
func assignedTo(p *check.Program, call *ast.CallExpr) (name string) {
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

// named makes a taskgraph.Func of a function, or returns what is none as it is.
func (e *Engine) named(name string, fn any) any {
	if t := reflect.TypeOf(fn); t == nil || t.Kind() != reflect.Func {
		return fn
	}
	named := reflect.New(e.funcType()).Elem()
	named.FieldByName("Name").SetString(name)
	named.FieldByName("Fn").Set(reflect.ValueOf(fn))
	return named.Interface()
}

const taskgraphPath = symbols.Module + "taskgraph"
