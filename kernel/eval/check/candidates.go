package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// names returns the names in scope at the marker: local ones, the cell's, the session's,
// the language's, packages.
func (e *exploration) names(w want) []candidate {
	var out []candidate
	seen := map[string]bool{marker: true, "_": true, "init": true, "iota": true, "print": true, "println": true}
	add := func(o types.Object, near int) {
		if o == nil || seen[o.Name()] || strings.ContainsAny(o.Name(), "·"+initMark) {
			return
		}
		seen[o.Name()] = true
		out = append(out, candidate{e.match(o), w.object(o), near})
	}
	local := e.localObjects(e.pos())
	for _, l := range local {
		add(l.obj, l.depth-len(local)-1)
	}
	declaring := e.declaring()
	for i := len(e.vars) - 1; i >= 0; i-- {
		if v := e.vars[i]; !declaring[v.Pos()] {
			add(v, nearCell)
		}
	}
	for _, n := range sortedKeys(e.objs) {
		add(e.objs[n], nearCell)
	}
	for _, n := range e.before.sortedNames() {
		if e.after.names[n] != nil { // an import line of the cell takes names away
			add(e.before.names[n].Obj, nearSession)
		}
	}
	add(e.must, nearLanguage)
	for _, n := range types.Universe.Names() {
		add(types.Universe.Lookup(n), nearLanguage)
	}
	out = append(out, e.ofWantedType(w, seen)...)
	packages := func(alias, path string, near int) {
		if !seen[alias] && !strings.HasPrefix(alias, dotMark) {
			seen[alias] = true
			out = append(out, candidate{Match{alias, "package", path}, w.pkg(), near})
		}
	}
	dotted := e.dotObjects()
	for _, n := range sortedKeys(dotted) {
		add(dotted[n], nearImport)
	}
	for _, alias := range sortedKeys(e.after.imports) {
		packages(alias, e.after.imports[alias], nearImport)
	}
	for _, p := range append(symbols.Paths(), "unsafe") {
		name := symbols.NameOf(p)
		if paths := symbols.Named(name); len(paths) > 0 && !symbols.Ambiguous(name) {
			packages(name, paths[0], nearPackage)
		}
	}
	return out
}

// ofWantedType returns what the package of a wanted type has of that type: time.Second
// where a time.Duration is wanted. A name in scope hides the package.
func (e *exploration) ofWantedType(w want, inScope map[string]bool) []candidate {
	if w.typ == nil || w.isType || w.call {
		return nil
	}
	n := namedOf(w.typ)
	if n == nil || n.Obj().Pkg() == nil || n.Obj().Pkg() == e.pkg {
		return nil
	}
	alias, p := e.aliasOf(n.Obj().Pkg().Path()), n.Obj().Pkg()
	if alias == "" || inScope[alias] {
		return nil
	}
	var out []candidate
	for _, name := range p.Scope().Names() {
		o := p.Scope().Lookup(name)
		if fit := w.object(o); token.IsExported(name) && (fit == fitSame || fit == fitResult) {
			m := e.match(o)
			m.Text = alias + "." + name
			out = append(out, candidate{m, fit, nearImport})
		}
	}
	return out
}

// aliasOf returns the name by which the cell knows a package, imported or not; "" when it
// has none.
func (e *exploration) aliasOf(path string) string {
	for _, alias := range sortedKeys(e.after.imports) {
		if e.after.imports[alias] == path && !strings.HasPrefix(alias, dotMark) {
			return alias
		}
	}
	name := symbols.NameOf(path)
	if paths := symbols.Named(name); len(paths) == 0 || paths[0] != path || symbols.Ambiguous(name) || e.after.imports[name] != "" {
		return ""
	}
	return name
}

// declaring returns where the names stand that the var line or := around the marker
// declares: they are there only behind it.
func (e *exploration) declaring() map[token.Pos]bool {
	at := map[token.Pos]bool{}
	for _, n := range e.path {
		switch n := n.(type) {
		case *ast.FuncLit: // what it declares itself is among its locals
			return at
		case *ast.ValueSpec:
			for _, id := range n.Names {
				at[id.Pos()] = true
			}
		case *ast.AssignStmt:
			for _, id := range definedIdents(n) {
				at[id.Pos()] = true
			}
		}
	}
	return at
}

// local is an object of a function or a block.
type local struct {
	obj   types.Object
	depth int // 0 for the innermost scope
}

// localObjects returns the objects of the scopes around pos that are declared there,
// innermost first.
func (c *checking) localObjects(pos token.Pos) []local {
	var inner *types.Scope
	for _, sc := range c.info.Scopes {
		if sc.Contains(pos) && (inner == nil || inner.Contains(sc.Pos()) && sc.End() <= inner.End()) {
			inner = sc
		}
	}
	var out []local
	depth := 0
	for sc := inner; sc != nil && sc != c.pkg.Scope() && sc != types.Universe; sc = sc.Parent() {
		for _, n := range sc.Names() {
			_, o := sc.LookupParent(n, pos)
			if _, isPkg := o.(*types.PkgName); o != nil && !isPkg && o == sc.Lookup(n) {
				out = append(out, local{o, depth})
			}
		}
		depth++
	}
	return out
}

// members returns what can stand behind x and a dot.
func (e *exploration) members(x ast.Expr, w want) []candidate {
	if id, ok := x.(*ast.Ident); ok {
		if p, ok := e.info.Uses[id].(*types.PkgName); ok {
			paths := []string{p.Imported().Path()}
			if e.after.imports[id.Name] == "" { // imported on use: any package of the name may be meant
				paths = symbols.Named(id.Name)
			}
			return e.packageMembers(paths, w)
		}
	}
	tv, ok := e.info.Types[x]
	if !ok || tv.Type == nil {
		return nil
	}
	var out []candidate
	for _, m := range e.typeMembers(tv) {
		out = append(out, candidate{Match{m.obj.Name(), m.kind(), e.typeString(m.obj.Type())}, w.object(m.obj), m.order()})
	}
	return append(out, e.foreignMembers(tv)...)
}

// packageMembers returns the exported names of packages, those of the first first.
func (e *exploration) packageMembers(paths []string, w want) []candidate {
	var out []candidate
	for i, path := range paths {
		p, err := e.imp.Import(path)
		if err != nil {
			continue
		}
		for _, n := range p.Scope().Names() {
			if token.IsExported(n) {
				o := p.Scope().Lookup(n)
				out = append(out, candidate{e.match(o), w.object(o), i})
			}
		}
	}
	return out
}

// foreignMembers returns the methods that the cell itself declares for a type of an
// earlier cell.
func (e *exploration) foreignMembers(tv types.TypeAndValue) []candidate {
	n := namedOf(tv.Type)
	if n == nil || n.Obj().Pkg() != e.pkg {
		return nil
	}
	var out []candidate
	for _, d := range e.foreign {
		if d.Recv == n.Obj().Name() && d.fn().Name.Name != marker {
			out = append(out, candidate{Match: Match{d.fn().Name.Name, "method", ""}, near: 1})
		}
	}
	return out
}

// namedOf returns the named type that t is or points to, nil if none.
func namedOf(t types.Type) *types.Named {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, _ := types.Unalias(t).(*types.Named)
	return n
}

// member is a field or a method that an expression has.
type member struct {
	obj   types.Object
	depth int // of embedding
}

func (m member) kind() string {
	if _, ok := m.obj.(*types.Func); ok {
		return "method"
	}
	return "field"
}

// order puts fields before methods, and a type's own before those of embedded ones.
func (m member) order() int {
	if m.kind() == "field" {
		return m.depth
	}
	return 100 + m.depth
}

// typeMembers returns the fields and methods that x.name can mean for an expression:
// embedded ones included, those with a pointer receiver where x has an address. Of a
// type there are only methods.
func (c *checking) typeMembers(tv types.TypeAndValue) []member {
	names := map[string]bool{}
	if !tv.IsType() {
		c.fieldNames(tv.Type, names, 0)
	}
	recv := tv.Type
	if _, isPtr := recv.Underlying().(*types.Pointer); !isPtr && tv.Addressable() && !types.IsInterface(recv) {
		recv = types.NewPointer(recv)
	}
	ms := types.NewMethodSet(recv)
	for m := range ms.Methods() {
		names[m.Obj().Name()] = true
	}
	var out []member
	for _, n := range sortedKeys(names) {
		o, index, _ := types.LookupFieldOrMethod(tv.Type, true, c.pkg, n)
		if o == nil || n == "_" || !o.Exported() && o.Pkg() != c.pkg {
			continue
		}
		if f, ok := o.(*types.Func); ok && ms.Lookup(c.pkg, n) == nil && f.Pkg() == c.pkg {
			continue
		}
		out = append(out, member{o, len(index)})
	}
	return out
}

// mostEmbedded is how deep embedding is followed.
const mostEmbedded = 6

// fieldNames gathers the names of a struct's fields, embedded ones included.
func (c *checking) fieldNames(t types.Type, names map[string]bool, depth int) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok || depth > mostEmbedded {
		return
	}
	for f := range st.Fields() {
		names[f.Name()] = true
		if f.Embedded() {
			c.fieldNames(f.Type(), names, depth+1)
		}
	}
}

// missingFields returns the fields that a struct literal may still give: none when its
// values come without names.
func (e *exploration) missingFields(lit *ast.CompositeLit) []candidate {
	st := structOf(e.info.TypeOf(lit))
	if st == nil {
		return nil
	}
	given := map[string]bool{}
	for _, x := range lit.Elts {
		kv, ok := x.(*ast.KeyValueExpr)
		if !ok && x != ast.Expr(e.at) {
			return nil
		}
		if ok {
			if id, ok := kv.Key.(*ast.Ident); ok {
				given[id.Name] = true
			}
		}
	}
	var out []candidate
	i := 0
	for f := range st.Fields() {
		if i++; f.Name() != "_" && !given[f.Name()] && (f.Exported() || f.Pkg() == e.pkg) {
			out = append(out, candidate{Match{f.Name() + ":", "field", e.typeString(f.Type())}, -1, i})
		}
	}
	return out
}

// structOf returns the struct that t is or points to, nil if none.
func structOf(t types.Type) *types.Struct {
	if t == nil {
		return nil
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, _ := t.Underlying().(*types.Struct)
	return st
}

func (c *checking) match(o types.Object) Match {
	m := Match{Text: o.Name(), Type: ""}
	switch o := o.(type) {
	case *types.Func:
		m.Kind, m.Type = "function", c.typeString(o.Type())
	case *types.Builtin:
		m.Kind = "function"
	case *types.Var:
		m.Kind, m.Type = "variable", c.typeString(o.Type())
	case *types.Const:
		m.Kind, m.Type = "constant", c.typeString(o.Type())
	case *types.TypeName:
		m.Kind = "type"
	case *types.Nil:
		m.Kind = "constant"
	case *types.PkgName:
		m.Kind = "package"
	}
	return m
}
