package check

import (
	"fmt"
	"go/ast"
	"go/types"
	"sort"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// bodies checks the bodies of the units' functions and of the functions to be
// compiled again. It reports whether a unit was dropped, so that all must be
// checked once more.
func (c *checking) bodies() (retry bool, err error) {
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
	for _, e := range errs {
		d := declAt(funcs, e.Pos)
		switch {
		case d == nil:
			own = append(own, e)
		case c.stale[d]: // dropped for an earlier error
		case c.again[d]:
			c.drop(d, e.Msg)
		case c.pull[d]:
			c.drop(d, e.Msg)
			retry = true
		case c.canWait(d, e):
			c.wait[d] = true
		case c.pending[d] && !c.wait[d]:
			c.wait[d] = true
			c.notes = append(c.notes, fmt.Sprintf("%s (cell %d) cannot run: %s", d.Names[0], d.Src.Cell, plainMessage(e.Msg)))
		case !c.wait[d]:
			own = append(own, e)
		}
	}
	if len(own) > 0 {
		return false, c.errors(own)
	}
	if !retry {
		return false, c.waiting()
	}
	return true, nil
}

func (c *checking) checkBodies(funcs []*Decl) []types.Error {
	names := c.namesWithout(nil)
	for n, o := range c.objs {
		names[n] = o
	}
	for _, v := range c.vars {
		names[v.Name()] = c.variable(v)
	}
	return c.check(names, true, func() []*ast.File {
		var files []*ast.File
		for i, d := range funcs {
			files = append(files, c.bodyFiles(d, i)...)
		}
		return files
	})
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
	if fn := c.funcs[d]; fn != nil && fn.Signature().RecvTypeParams().Len() > 0 {
		clone.Type.TypeParams = c.receiverTypeParams(f, fn)
	}
	return []*ast.File{c.file(d.Src, d.Imports, clone)}
}

// receiverTypeParams declares the type parameters of a method's receiver for its
// clone, with their constraints as names put into the package's scope.
func (c *checking) receiverTypeParams(f *ast.FuncDecl, fn *types.Func) *ast.FieldList {
	list := &ast.FieldList{Opening: f.Name.Pos(), Closing: f.Name.Pos()}
	params := fn.Signature().RecvTypeParams()
	for i := range params.Len() {
		p := params.At(i)
		name := fmt.Sprintf("constraint·%d·%d", f.Pos(), i)
		c.pkg.Scope().Insert(types.NewTypeName(f.Pos(), c.pkg, name, p.Constraint()))
		list.List = append(list.List, &ast.Field{Names: []*ast.Ident{{NamePos: f.Name.Pos(), Name: p.Obj().Name()}}, Type: &ast.Ident{NamePos: f.Name.Pos(), Name: name}})
	}
	return list
}

// canWait reports whether an error only says that a plain function mentions a
// name that no cell has declared and that is not a slip of the pen.
func (c *checking) canWait(d *Decl, e types.Error) bool {
	name, ok := strings.CutPrefix(e.Msg, "undefined: ")
	if !ok || d.Recv != "" || d.Main || strings.Contains(name, ".") || c.part.program {
		return false
	}
	return c.nearest(name, e.Pos) == "" && len(symbols.Named(name)) == 0
}

// waiting spreads waiting to the callers of waiting functions and refuses
// statements that need one now.
func (c *checking) waiting() error {
	if len(c.wait) == 0 {
		return nil
	}
	objs := map[types.Object]*Decl{}
	for d := range c.wait {
		objs[c.funcs[d]] = d
	}
	for grow := true; grow; {
		grow = false
		for _, d := range c.units {
			if d.fn() == nil || c.wait[d] || c.usesObject(d.Node, objs) == nil {
				continue
			}
			if d.Recv != "" || c.pull[d] {
				continue
			}
			c.wait[d], objs[c.funcs[d]] = true, d
			grow = true
		}
	}
	for _, st := range c.part.stmts {
		if id := c.usesObject(st, objs); id != nil {
			d := objs[c.info.Uses[id]]
			return Errors{c.errorAt(id.Pos(), fmt.Sprintf("%s cannot run yet: %s", id.Name, c.missing(d)), "")}
		}
	}
	var waits []string
	for d := range c.wait {
		if !c.pending[d] {
			waits = append(waits, fmt.Sprintf("%s waits: %s", d.Names[0], c.missing(d)))
		}
	}
	sort.Strings(waits)
	c.notes = append(c.notes, waits...)
	return nil
}

func (c *checking) usesObject(n ast.Node, objs map[types.Object]*Decl) (found *ast.Ident) {
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && c.info.Uses[id] != nil && objs[c.info.Uses[id]] != nil && found == nil {
			found = id
		}
		return found == nil
	})
	return found
}

// missing says what a waiting function waits for.
func (c *checking) missing(d *Decl) string {
	var names []string
	ast.Inspect(d.fn().Body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && c.info.Uses[id] == nil && c.info.Defs[id] == nil && id.Name != "_" && c.before.names[id.Name] == nil && c.objs[id.Name] == nil && types.Universe.Lookup(id.Name) == nil && !contains(names, id.Name) && !c.isSelector(d.fn().Body, id) {
			names = append(names, id.Name)
		}
		return true
	})
	if len(names) == 0 {
		return "it uses a function that waits"
	}
	return "no cell has defined " + strings.Join(names, ", ") + " yet"
}

func (c *checking) isSelector(root ast.Node, id *ast.Ident) (is bool) {
	ast.Inspect(root, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.SelectorExpr:
			is = is || x.Sel == id
		case *ast.KeyValueExpr:
			is = is || x.Key == ast.Expr(id)
		}
		return !is
	})
	return is
}
