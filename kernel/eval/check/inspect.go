package check

import (
	"go/ast"
	"go/types"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// Description is what is known about a name.
type Description struct {
	Name      string
	Kind      string
	Signature string // its declaration as Go writes it
	Doc       string // its doc comment, or ""
}

// Inspect describes the name at the byte offset cursor, or the function whose
// arguments the cursor is in; false when there is no such name.
func (s *Session) Inspect(code string, cursor int) (d Description, ok bool) {
	if s.guard(func() { d, ok = s.inspect(code, cursor) }) != nil {
		return Description{}, false
	}
	return d, ok
}

func (s *Session) inspect(code string, cursor int) (Description, bool) {
	cursor = max(0, min(cursor, len(code)))
	start, end := nameAround(code, cursor)
	if start == end {
		if start, end = calledName(code, cursor); start == end {
			return Description{}, false
		}
	}
	name := code[start:end]
	c := s.explore(code[:start] + marker)
	id, path := c.find(func(id *ast.Ident) bool { return id.Name == marker })
	if id == nil {
		return Description{}, false
	}
	if sel, ok := path[len(path)-1].(*ast.SelectorExpr); ok && sel.Sel == id {
		return c.describeMember(sel.X, name)
	}
	return c.describeName(id, name)
}

func nameAround(code string, at int) (start, end int) {
	start, end = at, at
	for start > 0 && isNameByte(code[start-1]) {
		start--
	}
	for end < len(code) && isNameByte(code[end]) {
		end++
	}
	if r, _ := utf8.DecodeRuneInString(code[start:]); start < end && unicode.IsDigit(r) {
		return at, at
	}
	return start, end
}

// calledName finds the name before the bracket that is open at the cursor.
func calledName(code string, at int) (start, end int) {
	depth := 0
	for i := at - 1; i >= 0; i-- {
		switch code[i] {
		case ')', ']', '}':
			depth++
		case '(', '[', '{':
			if depth == 0 {
				start, end = nameAround(code, i)
				if code[i] == '(' && start < end {
					return start, end
				}
				return at, at
			}
			depth--
		}
	}
	return at, at
}

func (c *checking) describeMember(x ast.Expr, name string) (Description, bool) {
	if id, ok := x.(*ast.Ident); ok {
		path := ""
		if p, ok := c.info.Uses[id].(*types.PkgName); ok {
			path = p.Imported().Path()
		} else if c.info.Uses[id] == nil {
			path = c.importsNow()[id.Name]
			if path == "" || c.autos[id.Name] != "" {
				if better := c.packageWith(id.Name, name); better != "" {
					path = better
				}
			}
		}
		if path != "" {
			p, err := c.imp.Import(path)
			if err != nil {
				return Description{}, false
			}
			if o := p.Scope().Lookup(name); o != nil {
				return c.describe(o, c.docs.Of(path, name)), true
			}
			return Description{}, false
		}
	}
	tv, ok := c.info.Types[x]
	if !ok || tv.Type == nil {
		return Description{}, false
	}
	o, _, _ := types.LookupFieldOrMethod(tv.Type, true, c.pkg, name)
	if o == nil {
		return Description{}, false
	}
	return c.describe(o, c.memberDoc(tv.Type, o)), true
}

// memberDoc finds the doc comment of a field or method with its type.
func (c *checking) memberDoc(t types.Type, o types.Object) string {
	if f, ok := o.(*types.Func); ok && f.Signature().Recv() != nil {
		t = f.Signature().Recv().Type()
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return ""
	}
	if n.Obj().Pkg() != c.pkg {
		return c.docs.Of(n.Obj().Pkg().Path(), n.Obj().Name()+"."+o.Name())
	}
	sym := c.before.objects[n.Obj()]
	if sym == nil || sym.Decl == nil {
		return ""
	}
	for _, m := range sym.Decl.Methods {
		if m.Names[0] == n.Obj().Name()+"."+o.Name() {
			return m.doc()
		}
	}
	return ""
}

func (c *checking) describeName(at *ast.Ident, name string) (Description, bool) {
	for _, o := range c.localObjects(at.Pos()) {
		if o.Name() == name {
			return c.describe(o, ""), true
		}
	}
	if sym := c.before.names[name]; sym != nil {
		doc := ""
		if sym.Decl != nil {
			doc = sym.Decl.doc()
		}
		return c.describe(sym.Obj, doc), true
	}
	for _, d := range c.part.decls {
		if o := c.objs[name]; o != nil && contains(d.Names, name) {
			return c.describe(o, d.doc()), true
		}
	}
	if name == mustName {
		return c.describe(c.must, "must returns v, or stops the cell with err when that is not nil:\n\n\tdata := must(os.ReadFile(\"notes.txt\"))"), true
	}
	if o := types.Universe.Lookup(name); o != nil {
		d := c.describe(o, c.docs.Of("builtin", name))
		return d, true
	}
	if path := c.importsNow()[name]; path != "" {
		return Description{Name: name, Kind: "package", Signature: "package " + name + " // import \"" + path + "\"", Doc: c.docs.Of(path, "")}, true
	}
	if paths := symbols.Named(name); len(paths) > 0 {
		return Description{Name: name, Kind: "package", Signature: "package " + name + " // import \"" + paths[0] + "\"", Doc: c.docs.Of(paths[0], "")}, true
	}
	return Description{}, false
}

func (c *checking) describe(o types.Object, doc string) Description {
	sig := types.ObjectString(o, func(p *types.Package) string {
		if p == c.pkg {
			return ""
		}
		return p.Name()
	})
	return Description{Name: o.Name(), Kind: c.match(o).Kind, Signature: sig, Doc: strings.TrimSpace(doc)}
}

// doc returns the comment right above a declaration of a cell.
func (d *Decl) doc() string {
	off := d.Src.Offset(d.Node.Pos()) - d.Src.Lead
	lines := strings.Split(d.Src.Cut[:max(0, min(off, len(d.Src.Cut)))], "\n")
	lines = lines[:len(lines)-1]
	first := len(lines)
	for first > 0 && strings.HasPrefix(strings.TrimSpace(lines[first-1]), "//") {
		first--
	}
	var b strings.Builder
	for _, l := range lines[first:] {
		b.WriteString(strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(l), "//"), " ") + "\n")
	}
	return b.String()
}

// Name is a name of the session with what it is.
type Name struct {
	Name, Kind, Type string
	Cell             int
}

// Names returns the session's names, sorted.
func (s *Session) Names() []Name {
	c := s.newChecking(s.scope, &part{})
	var out []Name
	for _, n := range s.scope.sortedNames() {
		if strings.Contains(n, initMark) {
			continue
		}
		sym := s.scope.names[n]
		out = append(out, Name{Name: n, Kind: sym.Kind.String(), Type: c.typeString(sym.Obj.Type()), Cell: sym.Cell})
	}
	return out
}
