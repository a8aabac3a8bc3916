package check

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"sort"
	"strings"
)

// bodies checks the bodies of the units' functions and of the functions to be
// compiled again. It reports whether a unit was dropped, so that all must be
// checked once more.
func (c *checking) bodies() (retry bool, err error) {
	clear(c.wait)
	var funcs []*Decl
	for _, d := range c.units {
		if d.fn() != nil {
			funcs = append(funcs, d)
		}
	}
	var again []*Decl
	for d := range c.again {
		again = append(again, d)
	}
	sort.Slice(again, func(i, j int) bool { return again[i].Node.Pos() < again[j].Node.Pos() })
	funcs = append(funcs, again...)
	if len(funcs) == 0 {
		return false, nil
	}
	errs := c.checkBodies(funcs)
	var own []types.Error
	handled := false
	for _, e := range errs {
		if handled && strings.HasPrefix(e.Msg, "\t") { // goes on with the error before
			continue
		}
		d := declAt(funcs, e.Pos)
		handled = true
		switch {
		case d == nil:
			handled = false
		case c.stale[d]: // dropped for an earlier error
		case c.again[d] && !c.isOwn(d):
			c.drop(d, e.Msg)
		case c.pull[d]:
			c.drop(d, e.Msg)
			retry = true
		default:
			handled = !c.again[d] && c.lack(c.wait, d, e)
		}
		if !handled {
			own = append(own, e)
		}
	}
	if len(own) > 0 {
		return false, c.errors(own)
	}
	return retry, nil
}

func (c *checking) checkBodies(funcs []*Decl) []types.Error {
	names := c.namesWithout(nil)
	for n, o := range c.objs {
		names[n] = o
	}
	for _, v := range c.vars {
		names[v.Name()] = c.variable(v)
	}
	errs := c.check(names, true, func() []*ast.File {
		var files []*ast.File
		for i, d := range funcs {
			files = append(files, c.bodyFiles(d, i)...)
		}
		return files
	})
	for _, d := range funcs {
		errs = append(errs, c.misusedMust(d.Node)...)
		errs = append(errs, c.comparedNodes(d.Node)...)
	}
	return errs
}

// variable returns the package-level object that stands for a variable of the
// statements: the earlier one when the type stays.
func (c *checking) variable(v *types.Var) types.Object {
	if old := c.before.names[v.Name()]; old != nil && c.sameAsBefore(old, v) {
		return old.Obj
	}
	return types.NewVar(v.Pos(), c.pkg, v.Name(), v.Type())
}

// bodyFiles wraps the body of a function for the third pass: as a plain function
// with the receiver as its first parameter, so that the function itself and its
// type, which the statements may have used, stay the objects they are.
func (c *checking) bodyFiles(d *Decl, i int) []*ast.File {
	f := d.fn()
	if f.Body == nil {
		return nil
	}
	clone := plainFunc(f, fmt.Sprintf("body·%d", i))
	if fn := c.methodOf(d); fn != nil && fn.Signature().RecvTypeParams().Len() > 0 {
		clone.Type.TypeParams = c.receiverTypeParams(clone, d, fn)
	}
	return []*ast.File{c.file(d.Src, d.Imports, clone)}
}

// methodOf returns the object of a method, of an earlier cell too; nil for a function.
func (c *checking) methodOf(d *Decl) *types.Func {
	if fn := c.funcs[d]; fn != nil || d.Recv == "" {
		return fn
	}
	if sym := c.before.names[d.Recv]; sym != nil {
		if named, ok := types.Unalias(sym.Obj.Type()).(*types.Named); ok {
			return methodOf(named, d.fn().Name.Name)
		}
	}
	return nil
}

// receiverTypeParams declares the type parameters of a method's receiver for its
// clone. Their constraints become names put into the package's scope, or are written
// out where they mention the parameters themselves.
func (c *checking) receiverTypeParams(clone *ast.FuncDecl, d *Decl, fn *types.Func) *ast.FieldList {
	f := d.fn()
	list := &ast.FieldList{Opening: f.Name.Pos(), Closing: f.Name.Pos()}
	params := fn.Signature().RecvTypeParams()
	names := nameReceiverParams(clone)
	own := c.typeParamsOf(d.Recv)
	for i := range params.Len() {
		p := params.At(i)
		constraint := own.constraint(i, names, f.Name.Pos())
		if constraint == nil {
			name := fmt.Sprintf("constraint·%d·%d", f.Pos(), i)
			c.pkg.Scope().Insert(types.NewTypeName(f.Pos(), c.pkg, name, p.Constraint()))
			constraint = &ast.Ident{NamePos: f.Name.Pos(), Name: name}
		}
		list.List = append(list.List, &ast.Field{Names: []*ast.Ident{{NamePos: f.Name.Pos(), Name: names[i]}}, Type: constraint})
	}
	return list
}

// nameReceiverParams gives the blank ones among the type parameters of a clone's
// receiver names, since the receiver is a parameter there, and returns all names.
func nameReceiverParams(clone *ast.FuncDecl) []string {
	recv := clone.Type.Params.List[0]
	var names []string
	name := func(x ast.Expr) ast.Expr {
		id, ok := x.(*ast.Ident)
		if ok && id.Name == "_" {
			x = &ast.Ident{NamePos: id.NamePos, Name: BlankParam(len(names))}
		}
		names = append(names, x.(*ast.Ident).Name)
		return x
	}
	var rewrite func(x ast.Expr) ast.Expr
	rewrite = func(x ast.Expr) ast.Expr {
		switch x := x.(type) {
		case *ast.ParenExpr:
			return rewrite(x.X)
		case *ast.StarExpr:
			y := *x
			y.X = rewrite(x.X)
			return &y
		case *ast.IndexExpr:
			y := *x
			y.Index = name(x.Index)
			return &y
		case *ast.IndexListExpr:
			y := *x
			y.Indices = nil
			for _, i := range x.Indices {
				y.Indices = append(y.Indices, name(i))
			}
			return &y
		}
		return x
	}
	recv.Type = rewrite(recv.Type)
	return names
}

// BlankParam is the name that a body has for type parameter i of its receiver when the
// receiver calls it _.
func BlankParam(i int) string { return fmt.Sprintf("blank·%d", i) }

// typeParams are the type parameters of a type as they are written.
type typeParams struct {
	src         *Source
	names       []string
	constraints []ast.Expr
}

func (c *checking) typeParamsOf(name string) *typeParams {
	var decl *Decl
	if sym := c.after.names[name]; sym != nil {
		decl = sym.Decl
	}
	for _, d := range c.units {
		if d.IsType() && contains(d.Names, name) {
			decl = d
		}
	}
	if decl == nil || !decl.IsType() {
		return nil
	}
	t := &typeParams{src: decl.Src}
	for _, spec := range decl.Node.(*ast.GenDecl).Specs {
		ts := spec.(*ast.TypeSpec)
		if ts.Name.Name != name || ts.TypeParams == nil {
			continue
		}
		for _, f := range ts.TypeParams.List {
			for _, id := range f.Names {
				t.names, t.constraints = append(t.names, id.Name), append(t.constraints, f.Type)
			}
		}
	}
	return t
}

// constraint writes the constraint of a parameter with the names that a receiver uses;
// nil when it mentions no parameter.
func (t *typeParams) constraint(i int, names []string, pos token.Pos) ast.Expr {
	if t == nil || i >= len(t.constraints) || len(names) != len(t.names) {
		return nil
	}
	x := t.constraints[i]
	text := t.src.Text[t.src.Offset(x.Pos()):t.src.Offset(x.End())]
	if strings.ContainsAny(text, "~|") {
		text = "interface{" + text + "}"
	}
	own, err := parser.ParseExpr(text)
	if err != nil {
		return nil
	}
	mentions := false
	ast.Inspect(own, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			id.NamePos = pos
			for k, name := range t.names {
				if id.Name == name {
					id.Name, mentions = names[k], true
					break
				}
			}
		}
		return true
	})
	if !mentions {
		return nil
	}
	return own
}
