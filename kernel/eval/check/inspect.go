package check

import (
	"fmt"
	"go/ast"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// Description is what is known about a name.
type Description struct {
	Name      string
	Kind      string
	Signature string // its declaration as Go writes it; of a type with fields and methods
	Doc       string // its doc comment, or ""
	Source    string // the text of what a cell declared, or ""
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
	if !holdsGo(code) || inText(s.withoutMagics(code[:start], "")) && start < end {
		return Description{}, false
	}
	if start == end {
		if start, end = calledName(code, cursor); start == end {
			return Description{}, false
		}
	}
	name := code[start:end]
	text, place := code, start
	if closers(code) != "" {
		text, place = unfinished(code, start, end, name)
	}
	e := s.explore(text, place, name)
	if e.at == nil {
		return e.describeName(name)
	}
	if sel, ok := e.parent().(*ast.SelectorExpr); ok && sel.Sel == e.at {
		return e.describeMember(sel, name)
	}
	if o := e.info.ObjectOf(e.at); o != nil {
		if p, ok := o.(*types.PkgName); ok {
			return e.describePackage(name, p.Imported().Path()), true
		}
		return e.describe(o), true
	}
	return e.describeName(name)
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

// calledName finds the name before the call's bracket that is open at an offset.
func calledName(code string, at int) (start, end int) {
	var sc scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, at)
	sc.Init(file, []byte(code[:at]), nil, 0)
	var open []int
	for {
		pos, tok, _ := sc.Scan()
		switch tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			open = append(open, file.Offset(pos))
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		case token.EOF:
			for i := len(open) - 1; i >= 0 && code[open[i]] != '{'; i-- {
				if start, end = nameAround(code, open[i]); code[open[i]] == '(' && start < end {
					return start, end
				}
			}
			return at, at
		}
	}
}

func (e *exploration) describeMember(sel *ast.SelectorExpr, name string) (Description, bool) {
	if o := e.info.Uses[sel.Sel]; o != nil {
		d := e.describe(o)
		if v, ok := o.(*types.Var); ok && v.IsField() {
			d.Kind, d.Doc = "field", e.fieldDoc(sel, v)
			d.Signature = "field " + strings.TrimPrefix(d.Signature, "field ")
		}
		return d, true
	}
	if id, ok := sel.X.(*ast.Ident); ok && e.info.Uses[id] == nil {
		if path := e.packageWith(id.Name, []string{name}); path != "" {
			if p, err := e.imp.Import(path); err == nil && p.Scope().Lookup(name) != nil {
				return e.describe(p.Scope().Lookup(name)), true
			}
		}
	}
	tv := e.info.Types[sel.X]
	if n := namedOrNil(tv.Type); n != nil {
		for _, d := range e.foreign { // what this cell adds to an earlier type
			if d.Names[0] == n.Obj().Name()+"."+name {
				return Description{Name: name, Kind: "method", Signature: head(d), Doc: d.doc(), Source: d.Text()}, true
			}
		}
	}
	return Description{}, false
}

func namedOrNil(t types.Type) *types.Named {
	if t == nil {
		return nil
	}
	return namedOf(t)
}

// head returns the text of a function up to its body.
func head(d *Decl) string {
	f := d.fn()
	if f == nil || f.Body == nil {
		return d.Text()
	}
	return strings.TrimSpace(d.Src.Text[d.Src.Offset(f.Pos()):d.Src.Offset(f.Body.Pos())])
}

// describeName describes a name by itself, wherever it is.
func (e *exploration) describeName(name string) (Description, bool) {
	for _, l := range e.localObjects(e.pos()) {
		if l.obj.Name() == name {
			return e.describe(l.obj), true
		}
	}
	for _, v := range e.vars {
		if v.Name() == name {
			return e.describe(v), true
		}
	}
	if o := e.objs[name]; o != nil {
		return e.describe(o), true
	}
	if sym := e.before.names[name]; sym != nil {
		return e.describe(sym.Obj), true
	}
	if name == mustName {
		return e.describe(e.must), true
	}
	if o := types.Universe.Lookup(name); o != nil {
		return e.describe(o), true
	}
	if path := e.importsNow()[name]; path != "" {
		return e.describePackage(name, path), true
	}
	if paths := symbols.Named(name); len(paths) > 0 {
		return e.describePackage(name, paths[0]), true
	}
	if doc := keywordDocs[name]; doc != "" {
		return Description{Name: name, Kind: "keyword", Signature: name, Doc: doc}, true
	}
	return Description{}, false
}

func (e *exploration) describePackage(name, path string) Description {
	return Description{Name: name, Kind: "package", Signature: "package " + name + " // import \"" + path + "\"", Doc: e.docs.Of(path, "")}
}

const mustDoc = "must returns v, or stops the cell with err when that is not nil:\n\n\tdata := must(os.ReadFile(\"notes.txt\"))"

// describe describes an object.
func (e *exploration) describe(o types.Object) Description {
	if f, ok := o.(*types.Func); ok {
		if origin := e.docOf(f.Origin()); origin != nil {
			return e.described(o, origin)
		}
	}
	return e.described(o, e.docOf(o))
}

func (e *exploration) described(o types.Object, d *declared) Description {
	out := Description{Name: o.Name(), Kind: e.match(o).Kind, Signature: e.signature(o)}
	if f, ok := o.(*types.Func); ok && f.Signature().Recv() != nil {
		out.Kind = "method"
	}
	if d != nil {
		out.Doc, out.Source = strings.TrimSpace(d.doc), d.source
	}
	return out
}

// declared is what the text of a declaration tells.
type declared struct{ doc, source string }

// docOf finds the comment and the text of an object's declaration, nil if there are none.
func (e *exploration) docOf(o types.Object) *declared {
	switch {
	case o == e.must:
		return &declared{doc: mustDoc}
	case o.Pkg() == nil && o.Parent() == types.Universe:
		return &declared{doc: e.docs.Of("builtin", o.Name())}
	case o.Pkg() == nil:
		return nil
	}
	name := o.Name()
	if f, ok := o.(*types.Func); ok && f.Signature().Recv() != nil {
		if n := namedOf(f.Signature().Recv().Type()); n != nil {
			name = n.Obj().Name() + "." + name
		}
	}
	if o.Pkg() != e.pkg {
		return &declared{doc: e.docs.Of(o.Pkg().Path(), name)}
	}
	if d := e.declOf(o, name); d != nil {
		return &declared{doc: d.docFor(o.Name()), source: d.Text()}
	}
	if sym := e.before.objects[o]; sym != nil {
		return &declared{doc: sym.Doc}
	}
	for _, st := range e.part.stmts {
		for _, id := range definedIdents(st) {
			if e.info.Defs[id] == o {
				return &declared{doc: e.part.src.comment(st)}
			}
		}
	}
	return nil
}

// declOf finds the declaration of a name ("T.M" for a method), in this cell or in
// earlier ones; nil for variables and local names.
func (e *exploration) declOf(o types.Object, name string) *Decl {
	if o.Parent() != nil && o.Parent() != e.pkg.Scope() && e.objs[name] != o && e.before.objects[o] == nil {
		return nil
	}
	typeName, _, method := strings.Cut(name, ".")
	for _, d := range e.part.decls {
		if contains(d.Names, name) && (method || e.objs[name] == o || e.before.objects[o] != nil) {
			return d
		}
	}
	if sym := e.before.objects[o]; sym != nil {
		return sym.Decl
	}
	if sym := e.before.names[typeName]; method && sym != nil && sym.Decl != nil {
		for _, m := range sym.Decl.Methods {
			if m.Names[0] == name {
				return m
			}
		}
	}
	return nil
}

// fieldDoc finds the comment of a field that x.f selects.
func (e *exploration) fieldDoc(sel *ast.SelectorExpr, v *types.Var) string {
	owner := fieldOwner(e.info.TypeOf(sel.X), v, 0)
	if owner == nil || owner.Obj().Pkg() == nil {
		return ""
	}
	if owner.Obj().Pkg() != e.pkg {
		return e.docs.Of(owner.Obj().Pkg().Path(), owner.Obj().Name()+"."+v.Name())
	}
	d := e.declOf(owner.Obj(), owner.Obj().Name())
	if d == nil {
		return ""
	}
	doc := ""
	ast.Inspect(d.Node, func(n ast.Node) bool {
		if f, ok := n.(*ast.Field); ok {
			for _, id := range f.Names {
				if id.Name == v.Name() && doc == "" {
					doc = d.Src.comment(f)
				}
			}
		}
		return true
	})
	return strings.TrimSpace(doc)
}

// fieldOwner finds the named struct type, t or one embedded in it, that has the field.
func fieldOwner(t types.Type, v *types.Var, depth int) *types.Named {
	st := structOf(t)
	if st == nil || depth > mostEmbedded {
		return nil
	}
	for f := range st.Fields() {
		if f == v || f.Origin() == v.Origin() {
			return namedOf(t)
		}
	}
	for f := range st.Fields() {
		if f.Embedded() {
			if n := fieldOwner(f.Type(), v, depth+1); n != nil {
				return n
			}
		}
	}
	return nil
}

// signature writes the declaration of an object.
func (e *exploration) signature(o types.Object) string {
	qualify := func(p *types.Package) string {
		if p == e.pkg {
			return ""
		}
		return p.Name()
	}
	switch o := o.(type) {
	case *types.Const:
		return types.ObjectString(o, qualify) + " = " + o.Val().String()
	case *types.TypeName:
		return e.typeSignature(o, qualify)
	}
	return types.ObjectString(o, qualify)
}

// mostMethods is how many methods of a type are listed.
const mostMethods = 40

// typeSignature writes a type with its fields, and its methods below.
func (e *exploration) typeSignature(o *types.TypeName, qualify types.Qualifier) string {
	var b strings.Builder
	named, ok := types.Unalias(o.Type()).(*types.Named)
	if !ok || o.IsAlias() {
		return types.ObjectString(o, qualify)
	}
	visible := func(m types.Object) bool { return m.Exported() || m.Pkg() == e.pkg }
	st, ok := named.Underlying().(*types.Struct)
	if ok {
		whole := types.ObjectString(o, qualify) // type T[P any] struct{…}
		b.WriteString(whole[:max(0, strings.Index(whole, " struct{"))] + " struct {\n")
		for f := range st.Fields() {
			if visible(f) {
				b.WriteString("\t" + strings.TrimPrefix(fieldString(f, qualify), " ") + "\n")
			}
		}
		b.WriteString("}")
	} else {
		b.WriteString(types.ObjectString(o, qualify))
	}
	if types.IsInterface(named) {
		return b.String()
	}
	n := 0
	for m := range named.Methods() {
		if !visible(m) {
			continue
		}
		if n++; n > mostMethods {
			continue
		}
		b.WriteString("\n" + types.ObjectString(m, qualify))
	}
	if n > mostMethods {
		fmt.Fprintf(&b, "\n// and %d more methods", n-mostMethods)
	}
	return b.String()
}

func fieldString(f *types.Var, qualify types.Qualifier) string {
	t := types.TypeString(f.Type(), qualify)
	if f.Embedded() {
		return t
	}
	return f.Name() + " " + t
}

// doc returns the comment of a declaration of a cell.
func (d *Decl) doc() string { return d.Src.comment(d.Node) }

// docFor returns the comment of a name that a declaration declares: that of its own line in
// a group, or the group's.
func (d *Decl) docFor(name string) string {
	if g, ok := d.Node.(*ast.GenDecl); ok && g.Lparen.IsValid() {
		for _, spec := range g.Specs {
			for _, id := range specIdents(&ast.GenDecl{Specs: []ast.Spec{spec}}) {
				if doc := d.Src.comment(spec); id.Name == name && doc != "" {
					return doc
				}
			}
		}
	}
	return d.doc()
}

// comment returns the comment in the lines right above a node, or behind it on its line.
func (s *Source) comment(n ast.Node) string {
	at := max(0, min(s.Offset(n.Pos())-s.Lead, len(s.Cut)))
	above := s.Cut[:strings.LastIndexByte(s.Cut[:at], '\n')+1]
	if strings.TrimSpace(s.Cut[len(above):at]) != "" { // the comment is that of something else
		return s.commentBehind(n)
	}
	if text := strings.TrimRight(above, " \t\r\n"); strings.HasSuffix(text, "*/") && strings.Count(above[len(text):], "\n") == 1 {
		if open := strings.LastIndex(text, "/*"); open >= 0 {
			return strings.TrimSpace(text[open+2:len(text)-2]) + "\n"
		}
	}
	var lines []string
	for above != "" {
		start := strings.LastIndexByte(above[:len(above)-1], '\n') + 1
		line, ok := strings.CutPrefix(strings.TrimSpace(above[start:]), "//")
		if !ok {
			break
		}
		lines = append(lines, strings.TrimPrefix(line, " ")+"\n")
		above = above[:start]
	}
	if len(lines) == 0 {
		return s.commentBehind(n)
	}
	slices.Reverse(lines)
	return strings.Join(lines, "")
}

// commentBehind returns the // comment that ends a node's last line.
func (s *Source) commentBehind(n ast.Node) string {
	end := max(0, min(s.Offset(n.End())-s.Lead, len(s.Cut)))
	line, _, _ := strings.Cut(s.Cut[end:], "\n")
	text, ok := strings.CutPrefix(strings.TrimLeft(line, " \t;,"), "//")
	if !ok {
		return ""
	}
	return strings.TrimSpace(text)
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

// keywordDocs say what Go's keywords begin.
var keywordDocs = map[string]string{
	"break":       "break leaves the innermost for, switch or select, or the one with the label behind it.",
	"case":        "case begins a clause of a switch or a select.",
	"chan":        "chan T is the type of channels that carry values of type T: make(chan T).",
	"const":       "const name = value declares a constant.",
	"continue":    "continue begins the next round of the innermost for, or of the one with the label behind it.",
	"default":     "default begins the clause of a switch or a select that is taken when no other is.",
	"defer":       "defer f(x) calls f when the function around it ends, also after a panic.",
	"else":        "else follows the } of an if, on the same line.",
	"fallthrough": "fallthrough, last in a case, goes on in the next case.",
	"for":         "for is Go's loop:\n\n\tfor i := range 10 { … }\n\tfor i, x := range list { … }\n\tfor condition { … }\n\tfor i := 0; i < n; i++ { … }\n\tfor { … }",
	"func":        "func name(parameters) results { … } declares a function; without a name it is a value.",
	"go":          "go f(x) calls f in a goroutine of its own and does not wait for it.",
	"goto":        "goto goes on at a label of the same function.",
	"if":          "if condition { … } else { … }, or with a statement before the condition: if err := f(); err != nil { … }.",
	"import":      "import \"path\" imports a package; in a cell, most packages are imported when they are used.",
	"interface":   "interface { methods } is the type of values that have the methods.",
	"map":         "map[K]V is the type of maps from keys K to values V: map[string]int{\"a\": 1}.",
	"package":     "package main begins a whole program.",
	"range":       "for i, x := range v goes over a slice, array, string, map, channel, integer or function.",
	"return":      "return ends the function, with its results.",
	"select":      "select { … } waits until one of the channel operations in its cases can go on.",
	"struct":      "struct { fields } is the type of values that have the fields.",
	"switch":      "switch value { case a, b: … default: … } takes the first case that fits; switch x := v.(type) asks for the type.",
	"type":        "type Name T declares a type.",
	"var":         "var name T, or var name = value, declares a variable.",
}
