package check

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"
)

func (c *checking) statements() error {
	c.vars = nil
	if len(c.part.stmts) == 0 {
		return nil
	}
	names := c.namesWithout(nil)
	for n, o := range c.objs {
		names[n] = o
	}
	body := c.body()
	errs := c.check(names, true, func() []*ast.File {
		return []*ast.File{c.file(c.part.src, c.importsNow(), body)}
	})
	errs = c.notShown(errs)
	errs = append(errs, c.tooLarge()...)
	errs = append(errs, c.misusedMust(body)...)
	errs = append(errs, c.comparedNodes(body)...)
	if len(errs) > 0 {
		return c.errors(errs)
	}
	for _, st := range c.part.stmts {
		for _, id := range definedIdents(st) {
			if v, ok := c.info.Defs[id].(*types.Var); ok {
				if c.objs[v.Name()] != nil && c.declaredHere(v.Name()) {
					return Errors{c.errorAt(id.Pos(), fmt.Sprintf("this cell declares %s twice: as a %s and as a variable", v.Name(), kindOf(c.objs[v.Name()])), "")}
				}
				c.vars = append(c.vars, v)
			}
		}
	}
	return nil
}

// tooLarge finds shown constants that fit into no type, such as 1 << 100.
func (c *checking) tooLarge() []types.Error {
	var errs []types.Error
	for _, st := range c.part.steps {
		for _, x := range st.Show {
			tv := c.info.Types[x]
			basic, ok := tv.Type.(*types.Basic)
			if !ok || tv.Value == nil || basic.Kind() != types.UntypedInt && basic.Kind() != types.UntypedRune {
				continue
			}
			if _, exact := constant.Int64Val(constant.ToInt(tv.Value)); !exact {
				errs = append(errs, types.Error{Fset: c.fset, Pos: x.Pos(), Msg: fmt.Sprintf("the constant %s is too large for an int; uint64(…) or float64(…) around it may hold it", types.ExprString(x))})
			}
		}
	}
	return errs
}

// misusedMust finds calls of the built-in must with several errors, which its type allows: it
// looks at one.
func (c *checking) misusedMust(root ast.Node) []types.Error {
	var errs []types.Error
	ast.Inspect(root, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) < 2 || len(call.Args) == 2 && !call.Ellipsis.IsValid() {
			return true
		}
		if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok && c.info.Uses[id] == c.must {
			rest := c.quote(call.Args[1])
			for _, a := range call.Args[2:] {
				rest += ", " + c.quote(a)
			}
			if call.Ellipsis.IsValid() {
				rest += "..."
			}
			errs = append(errs, types.Error{Fset: c.fset, Pos: call.Args[1].Pos(), Msg: fmt.Sprintf("must looks at one error: must(%s, errors.Join(%s)) stops the cell when any of them is not nil", c.quote(call.Args[0]), rest)})
		}
		return true
	})
	return errs
}

func (c *checking) declaredHere(name string) bool {
	for _, d := range c.part.decls {
		if contains(d.Names, name) {
			return true
		}
	}
	return false
}

// body wraps the part's statements in the function that they are checked in.
func (c *checking) body() *ast.FuncDecl {
	pos := c.part.stmts[0].Pos()
	end := c.part.stmts[len(c.part.stmts)-1].End()
	return &ast.FuncDecl{Name: &ast.Ident{NamePos: pos, Name: "cell·"}, Type: &ast.FuncType{Func: pos, Params: &ast.FieldList{Opening: pos, Closing: pos}}, Body: &ast.BlockStmt{Lbrace: pos, List: c.part.stmts, Rbrace: end}}
}

// notShown drops the complaints that a shown expression is not used.
func (c *checking) notShown(errs []types.Error) []types.Error {
	var out []types.Error
	for _, e := range errs {
		if !strings.HasSuffix(e.Msg, "is not used") || !c.mayBeUnused(e.Pos) {
			out = append(out, e)
		}
	}
	return out
}

// mayBeUnused reports whether pos is in a step that is shown or timed, or in one that
// a semicolon keeps from being shown.
func (c *checking) mayBeUnused(pos token.Pos) bool {
	for _, st := range c.part.steps {
		if st.Stmt != nil && st.Stmt.Pos() <= pos && pos <= st.Stmt.End() {
			return len(st.Show) > 0 || st.Time != "" || st.quiet
		}
	}
	return false
}

// againForVars finds the functions that use a variable whose type changes.
func (c *checking) againForVars() {
	changed := map[*Symbol]bool{}
	for _, v := range c.vars {
		if old := c.before.names[v.Name()]; old != nil && !c.sameAsBefore(old, v) {
			changed[old] = true
		}
	}
	if len(changed) == 0 {
		return
	}
	for _, d := range c.before.decls() {
		if d = c.latest(d); d.fn() != nil && !c.stale[d] && !c.isUnit(d) && !c.redeclares(d) && c.usesAny(d, changed) != 0 {
			c.again[d] = true
		}
	}
}
