package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// This file explains names that a type or package does not have, and types that are not
// the ones they look like.

// selectorHint is for x.name where x has no such field or method.
func (c *checking) selectorHint(e types.Error, m []string) string {
	if strings.HasPrefix(e.Msg, "string.") {
		return c.memberHint("strings." + strings.TrimPrefix(strings.Fields(e.Msg)[0], "string."))
	}
	if hint := c.shadowHint(e); hint != "" {
		return hint
	}
	sel := c.selectorAt(e.Pos)
	if sel == nil || c.typeOf(sel.X) == nil {
		return ""
	}
	var known []string
	for _, m := range c.typeMembers(c.info.Types[sel.X]) {
		known = append(known, m.obj.Name())
	}
	if near := nearestName(sel.Sel.Name, known); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return c.methodHint(sel)
}

// selectorAt returns the x.name with its name at pos, in the part or a function that has been
// waiting, nil if there is none.
func (c *checking) selectorAt(pos token.Pos) (sel *ast.SelectorExpr) {
	look := func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Pos() == pos {
			sel = s
		}
		return sel == nil
	}
	c.part.inspect(look)
	for d := range c.pending {
		ast.Inspect(d.Node, look)
	}
	return sel
}

// shadowHint explains x.F when x is a variable that hides a package.
func (c *checking) shadowHint(e types.Error) string {
	name, _, _ := strings.Cut(e.Msg, ".")
	if len(symbols.Named(name)) == 0 {
		return ""
	}
	kind, since := "variable", "in this cell"
	if sym := c.after.names[name]; !c.definedHere(name) {
		if sym == nil {
			return ""
		}
		kind, since = sym.Kind.String(), fmt.Sprintf("since cell %d", sym.Cell)
	}
	return fmt.Sprintf("%s is a %s %s and hides the package %s: give it another name, or import the package again", name, kind, since, name)
}

// definedHere reports whether a statement of the part declares a variable of the name.
func (c *checking) definedHere(name string) bool {
	for _, st := range c.part.stmts {
		if contains(definedNames(st), name) {
			return true
		}
	}
	return false
}

// methodHint is for what other languages write as a method: names.append(x).
func (c *checking) methodHint(sel *ast.SelectorExpr) string {
	x, name := c.quote(sel.X), sel.Sel.Name
	t := c.typeOf(sel.X)
	_, isFunc := t.Underlying().(*types.Signature)
	if hasLength(t) {
		switch strings.ToLower(name) {
		case "len", "length", "size", "count":
			return "len(" + x + ") is its length"
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Slice:
		switch strings.ToLower(name) {
		case "append", "push", "add", "push_back", "extend":
			return fmt.Sprintf("%s = append(%s, …) makes it longer", x, x)
		}
		return c.packageHint("slices", name, x)
	case *types.Map:
		switch strings.ToLower(name) {
		case "get", "has", "has_key", "contains":
			return fmt.Sprintf("v, ok := %s[key] looks a key up", x)
		case "items":
			return "for key, value := range " + x + " goes over it"
		}
		return c.packageHint("maps", name, x)
	case *types.Basic:
		if u.Info()&types.IsString != 0 {
			return c.packageHint("strings", stringMethods(name), x)
		}
	case *types.Interface:
		if u.NumMethods() == 0 && !hasTypeParam(t) {
			return fmt.Sprintf("%s can be anything: %s.(T) is its value of type T", x, x)
		}
	}
	if isFunc {
		return x + " is a function: " + x + "(…) calls it"
	}
	return ""
}

// stringMethods turns the names that other languages give to functions of package strings
// into Go's.
func stringMethods(name string) string {
	for _, pair := range [][2]string{{"upper", "ToUpper"}, {"lower", "ToLower"}, {"strip", "TrimSpace"}, {"trim", "TrimSpace"}, {"startswith", "HasPrefix"}, {"endswith", "HasSuffix"}, {"find", "Index"}, {"indexof", "Index"}, {"includes", "Contains"}, {"replace", "ReplaceAll"}, {"toUpperCase", "ToUpper"}, {"toLowerCase", "ToLower"}} {
		if strings.EqualFold(name, pair[0]) {
			return pair[1]
		}
	}
	return name
}

// packageHint names the function of a package that does what the method x.name would.
func (c *checking) packageHint(pkg, name, x string) string {
	p, err := c.imp.Import(pkg)
	if err != nil {
		return ""
	}
	for _, n := range p.Scope().Names() {
		f, ok := p.Scope().Lookup(n).(*types.Func)
		if !ok || !f.Exported() || !strings.EqualFold(n, name) {
			continue
		}
		if f.Signature().Params().Len() > 1 {
			x += ", …"
		}
		return fmt.Sprintf("%s.%s(%s) does that", pkg, n, x)
	}
	return ""
}

func (c *checking) literalHint(e types.Error, m []string) string {
	lit, ok := innermost[*ast.CompositeLit](c, e.Pos)
	if !ok {
		return ""
	}
	st := structOf(c.typeOf(lit))
	if st == nil {
		return ""
	}
	var known []string
	for f := range st.Fields() {
		known = append(known, f.Name())
	}
	if near := nearestName(m[1], known); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return ""
}

func (c *checking) receiverHint(e types.Error, m []string) string {
	x, ok := c.exprAt(e.Pos, func(x ast.Expr) bool { return c.typeOf(x) != nil })
	if !ok {
		return ""
	}
	return fmt.Sprintf("&%s has the method, since its receiver is a pointer", c.quote(x))
}

func (c *checking) typeHint(e types.Error, m []string) string {
	x, ok := c.exprAt(e.Pos, func(x ast.Expr) bool { return c.info.Types[x].IsType() })
	if !ok {
		return ""
	}
	text := c.quote(x)
	switch c.typeOf(x).Underlying().(type) {
	case *types.Struct, *types.Slice, *types.Map, *types.Array:
		return fmt.Sprintf("%s is a type: %s{…} makes a value of it", text, text)
	}
	return fmt.Sprintf("%s is a type: var x %s declares a variable of it, %s(x) converts", text, text, text)
}

// generationHint explains "cannot use w (variable of type P) as P value": two
// types of one name. One of them is what an expression of the statement has.
func (c *checking) generationHint(e types.Error) (hint string) {
	st, ok := innermost[ast.Stmt](c, e.Pos)
	if !ok {
		return ""
	}
	ast.Inspect(st, func(n ast.Node) bool {
		if x, ok := n.(ast.Expr); ok && hint == "" {
			hint = c.generationOf(x, e.Msg)
		}
		return hint == ""
	})
	return hint
}

// generationOf tells of an expression whose type was declared anew since, when the
// message names that type twice.
func (c *checking) generationOf(x ast.Expr, msg string) string {
	t := c.typeOf(x)
	if t == nil {
		return ""
	}
	for _, n := range c.ownTypes(t) {
		name := n.Obj().Name()
		old, now := c.after.objects[n.Obj()], c.after.names[name]
		if old == nil || len(regexp.MustCompile(`\b`+regexp.QuoteMeta(name)+`\b`).FindAllString(msg, -1)) < 2 {
			continue
		}
		anew, what := "", "make the value again"
		switch {
		case c.objs[name] != nil && c.objs[name] != types.Object(n.Obj()):
			anew = "in this cell"
		case c.objs[name] == nil && now != nil && now != old:
			anew = fmt.Sprintf("in cell %d", now.Cell)
		default:
			continue
		}
		if _, ok := t.(*types.Signature); ok {
			what = "declare the function again"
		}
		return fmt.Sprintf("%s has the type %s of cell %d; %s was declared anew %s: %s", c.quote(x), name, old.Cell, name, anew, what)
	}
	return ""
}

// ownTypes returns the types of cells that a type is made of.
func (c *checking) ownTypes(t types.Type) []*types.Named {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if t.Obj().Pkg() == c.pkg {
			return []*types.Named{t}
		}
	case *types.Map:
		return append(c.ownTypes(t.Key()), c.ownTypes(t.Elem())...)
	case *types.Signature:
		var out []*types.Named
		for _, tuple := range []*types.Tuple{t.Params(), t.Results()} {
			for v := range tuple.Variables() {
				out = append(out, c.ownTypes(v.Type())...)
			}
		}
		return out
	case interface{ Elem() types.Type }:
		return c.ownTypes(t.Elem())
	}
	return nil
}
