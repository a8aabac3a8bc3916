package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Names that import . "p" brings in are written out before an engine sees them: Sqrt
// becomes a selector whose package name is dotMark + p, a name that nobody can write. So
// an import for all cells needs nothing but one more alias in the imports of the session.
const dotMark = "·"

// dotAlias is the name by which dot imports of a package go.
func dotAlias(path string) string {
	return dotMark + strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '_'
	}, path)
}

// IsDot reports whether the identifier of a package stands in no text: a dot import made
// its member known.
func IsDot(id *ast.Ident) bool { return strings.HasPrefix(id.Name, dotMark) }

// writtenDot is a name of a dot import as go/types quotes it.
var writtenDot = regexp.MustCompile(dotMark + `\w+\.`)

// dots returns the paths of the packages that are imported with a dot.
func (c *checking) dots() []string {
	var paths []string
	for _, alias := range slices.Sorted(maps.Keys(c.after.imports)) {
		if strings.HasPrefix(alias, dotMark) {
			paths = append(paths, c.after.imports[alias])
		}
	}
	return paths
}

// dotObjects returns what dot imports bring in and nothing of the session hides, by name.
func (c *checking) dotObjects() map[string]types.Object {
	found := map[string]types.Object{}
	for _, path := range c.dots() {
		p, err := c.imp.Import(path)
		if err != nil {
			continue
		}
		for _, n := range p.Scope().Names() {
			if token.IsExported(n) && found[n] == nil && c.after.names[n] == nil {
				found[n] = p.Scope().Lookup(n)
			}
		}
	}
	for _, d := range c.units {
		for _, n := range d.Names {
			delete(found, n)
		}
	}
	return found
}

// qualify writes out the names of dot imports that the checker has resolved, and reports
// whether there were any.
func (c *checking) qualify() (changed bool) {
	if len(c.dots()) == 0 {
		return false
	}
	for _, st := range c.part.stmts {
		changed = c.qualifyIn(st, nil) || changed
	}
	for i, st := range c.part.steps {
		if x, ok := st.Stmt.(*ast.ExprStmt); ok && len(st.Show) == 1 {
			c.part.steps[i].Show = []ast.Expr{x.X}
		}
	}
	decls := append(slices.Clone(c.part.decls), c.units...)
	for _, d := range decls {
		changed = c.qualifyIn(d.Node, d) || changed
	}
	return changed
}

// qualifyIn does it in a piece of syntax; d is its declaration, if it is one.
func (c *checking) qualifyIn(root ast.Node, d *Decl) (changed bool) {
	ast.Inspect(root, func(n ast.Node) bool {
		if n != nil {
			eachExpr(n, func(slot reflect.Value) {
				path := c.dotted(slot.Interface())
				if path == "" {
					return
				}
				id := slot.Interface().(*ast.Ident)
				slot.Set(reflect.ValueOf(&ast.SelectorExpr{X: &ast.Ident{NamePos: id.Pos(), Name: dotAlias(path)}, Sel: id}))
				changed = true
				if d != nil && d.Imports[dotAlias(path)] == "" { // it has waited for the import
					d.Imports = maps.Clone(d.Imports)
					d.Imports[dotAlias(path)] = path
				}
			})
		}
		return true
	})
	return changed
}

// dotted returns the path of the package that a name of a dot import belongs to, "" for
// other expressions.
func (c *checking) dotted(x any) string {
	id, ok := x.(*ast.Ident)
	if !ok {
		return ""
	}
	o := c.info.Uses[id]
	if o == nil || o.Pkg() == nil || o.Pkg() == c.pkg || o.Parent() != o.Pkg().Scope() || c.after.imports[dotAlias(o.Pkg().Path())] == "" {
		return ""
	}
	return o.Pkg().Path()
}

var exprType = reflect.TypeFor[ast.Expr]()

// eachExpr calls visit for the places of a node where any expression can stand.
func eachExpr(n ast.Node, visit func(slot reflect.Value)) {
	v := reflect.ValueOf(n).Elem()
	if v.Kind() != reflect.Struct {
		return
	}
	for i := range v.NumField() {
		switch f := v.Field(i); {
		case f.Type() == exprType && !f.IsNil():
			visit(f)
		case f.Kind() == reflect.Slice && f.Type().Elem() == exprType:
			for k := range f.Len() {
				visit(f.Index(k))
			}
		}
	}
}
