package check

import (
	"go/ast"
	"go/scanner"
	"go/token"
	"go/types"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// Match is a completion.
type Match struct {
	Text string
	Kind string // function, variable, type, constant, package, field, method, keyword
	Type string // what it is, as Go writes it; may be ""
}

// Completion is what can stand at a place: the bytes [Start, End) of the cell are
// to be replaced by one of the matches.
type Completion struct {
	Start, End int
	Matches    []Match
}

// marker stands where the cursor is while an unfinished cell is checked.
const marker = "Zz_cursor_"

// Complete returns what can stand at the byte offset cursor of an unfinished cell.
func (s *Session) Complete(code string, cursor int) (comp Completion) {
	if s.guard(func() { comp = s.complete(code, cursor) }) != nil {
		return Completion{Start: cursor, End: cursor}
	}
	return comp
}

func (s *Session) complete(code string, cursor int) Completion {
	cursor = max(0, min(cursor, len(code)))
	start := cursor
	for start > 0 && isNameByte(code[start-1]) {
		start--
	}
	prefix := code[start:cursor]
	comp := Completion{Start: start, End: cursor}
	if from, ok := importPath(code[:cursor]); ok {
		comp.Start = from
		comp.Matches = pathMatches(code[from:cursor])
		return comp
	}
	if inText(code[:start]) || prefix != "" && prefix[0] >= '0' && prefix[0] <= '9' {
		return comp
	}
	c := s.explore(code[:start] + marker)
	id, path := c.find(func(id *ast.Ident) bool { return id.Name == marker })
	if id == nil {
		if start == 0 || code[start-1] != '.' {
			comp.Matches = filter(c.names(nil), prefix)
		}
		return comp
	}
	var list []Match
	switch parent := path[len(path)-1].(type) {
	case *ast.SelectorExpr:
		if parent.Sel == id {
			comp.Matches = filter(c.members(parent.X), prefix)
			return comp
		}
	case *ast.CompositeLit:
		list = c.fields(parent)
	}
	comp.Matches = filter(append(list, c.names(id)...), prefix)
	return comp
}

// importPath reports whether text ends inside the string of an import line, and
// where that string starts.
func importPath(text string) (int, bool) {
	line := text[strings.LastIndexByte(text, '\n')+1:]
	quote := strings.LastIndexByte(line, '"')
	if quote < 0 || strings.Count(line, `"`)%2 == 0 {
		return 0, false
	}
	before := strings.TrimSpace(line[:quote])
	if strings.HasPrefix(before, "import") {
		return len(text) - len(line) + quote + 1, true
	}
	block := strings.LastIndex(text, "import (")
	if block < 0 || strings.Contains(text[block:], ")") || strings.ContainsAny(before, "=({") {
		return 0, false
	}
	return len(text) - len(line) + quote + 1, true
}

func pathMatches(prefix string) []Match {
	var out []Match
	for _, p := range symbols.Paths() {
		short := strings.TrimPrefix(p, symbols.Module)
		if strings.HasPrefix(p, prefix) || strings.HasPrefix(short, prefix) {
			if !strings.HasPrefix(p, prefix) || prefix == "" {
				p = short
			}
			out = append(out, Match{Text: p, Kind: "package"})
		}
	}
	return out
}

// inText reports whether text ends inside a string or a comment.
func inText(text string) bool {
	var sc scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	open := false
	sc.Init(file, []byte(text), func(pos token.Position, msg string) {
		if strings.Contains(msg, "not terminated") {
			open = true
		}
	}, scanner.ScanComments)
	for {
		pos, tok, lit := sc.Scan()
		if tok == token.EOF {
			return open
		}
		if tok == token.COMMENT && strings.HasPrefix(lit, "//") && file.Offset(pos)+len(lit) == len(text) {
			return true
		}
		if strings.HasSuffix(text, "\n") && open { // an error of an earlier line
			open = false
		}
	}
}

// explore checks as much as it can of an unfinished cell and changes nothing.
func (s *Session) explore(code string) *checking {
	code += closers(code)
	all := &part{cell: 0, src: nil}
	chunks := split(code, func(name string) bool { return s.scope.names[name] != nil })
	_ = s.parseImports(all, code, chunks)
	s.parseLoose(all, code, chunks)
	c := s.newChecking(s.scope, all)
	defer s.forget()
	_ = c.imports()
	c.ownUnits()
	var units []*Decl
	for _, d := range c.units { // a method of an earlier type would stay on it
		if d.Recv == "" || c.declaredHere(d.Recv) {
			units = append(units, d)
		}
	}
	c.units = units
	c.declareOnce()
	if len(all.stmts) > 0 {
		_ = c.statements()
	}
	var funcs []*Decl
	for _, d := range c.units {
		if d.fn() != nil && d.fn().Body != nil {
			funcs = append(funcs, d)
		}
	}
	if len(funcs) > 0 {
		c.checkBodies(funcs)
	}
	return c
}

// forget drops the texts that only an exploration parsed.
func (s *Session) forget() {
	for file, src := range s.sources {
		if src.Cell == 0 {
			delete(s.sources, file)
			s.fset.RemoveFile(file)
		}
	}
}

// closers returns the brackets that close what code leaves open.
func closers(code string) string {
	var sc scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(code))
	sc.Init(file, []byte(code), nil, 0)
	var open []byte
	for {
		_, tok, _ := sc.Scan()
		switch tok {
		case token.LPAREN:
			open = append(open, ')')
		case token.LBRACK:
			open = append(open, ']')
		case token.LBRACE:
			open = append(open, '}')
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		case token.EOF:
			var b strings.Builder
			for i := len(open) - 1; i >= 0; i-- {
				b.WriteByte(open[i])
			}
			return b.String()
		}
	}
}

// parseLoose parses declarations and statements and keeps what there is of them.
func (s *Session) parseLoose(p *part, text string, chunks []chunk) {
	f, src := s.parseAnyway(text, "package main;", keep(text, chunks, chunkDecl), "")
	for _, n := range f.Decls {
		d := &Decl{Node: n, Src: src}
		switch n := n.(type) {
		case *ast.FuncDecl:
			d.Names = []string{n.Name.Name}
			if n.Recv != nil && len(n.Recv.List) == 1 {
				d.Recv = receiverName(n.Recv.List[0].Type)
				d.Names[0] = d.Recv + "." + n.Name.Name
			}
		case *ast.GenDecl:
			d.Names = specNames(n)
			bracketTypes(n)
		default:
			continue
		}
		p.decls = append(p.decls, d)
	}
	f, src = s.parseAnyway(text, "package main;func cell() {", keep(text, chunks, chunkStmt), "\n}")
	p.src = src
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
			p.stmts = fn.Body.List
			break
		}
	}
	for _, st := range p.stmts {
		p.steps = append(p.steps, Step{Stmt: st})
	}
}

func (s *Session) parseAnyway(cell, lead, text, tail string) (*ast.File, *Source) {
	full := lead + text + tail
	f, _, _ := s.parseText(0, cell, lead, text, tail)
	if f != nil {
		return f, s.sources[s.fset.File(f.FileStart)]
	}
	f = s.parsePartial(full)
	src := &Source{Cut: cell, Text: full, Lead: len(lead), File: s.fset.File(f.FileStart)}
	s.sources[src.File] = src
	return f, src
}

// find returns the first identifier that is wanted, and its ancestors, outermost first.
func (c *checking) find(wanted func(*ast.Ident) bool) (found *ast.Ident, path []ast.Node) {
	look := func(root ast.Node) {
		var stack []ast.Node
		ast.Inspect(root, func(n ast.Node) bool {
			if n == nil {
				stack = stack[:len(stack)-1]
				return true
			}
			if id, ok := n.(*ast.Ident); ok && found == nil && wanted(id) {
				found, path = id, append([]ast.Node(nil), stack...)
			}
			stack = append(stack, n)
			return true
		})
	}
	for _, st := range c.part.stmts {
		look(st)
	}
	for _, d := range c.part.decls {
		look(d.Node)
	}
	if found != nil && len(path) == 0 {
		path = []ast.Node{&ast.BlockStmt{}}
	}
	return found, path
}

// members returns what can stand behind x and a dot.
func (c *checking) members(x ast.Expr) []Match {
	if id, ok := x.(*ast.Ident); ok {
		if p, ok := c.info.Uses[id].(*types.PkgName); ok {
			return c.packageMembers(p.Imported())
		}
		if c.info.Uses[id] == nil { // not used yet, so not imported yet
			if path := c.importsNow()[id.Name]; path != "" {
				if p, err := c.imp.Import(path); err == nil {
					return c.packageMembers(p)
				}
			}
		}
	}
	tv, ok := c.info.Types[x]
	if !ok || tv.Type == nil {
		return nil
	}
	return c.typeMembers(tv.Type)
}

func (c *checking) packageMembers(p *types.Package) []Match {
	var out []Match
	for _, n := range p.Scope().Names() {
		if token.IsExported(n) {
			out = append(out, c.match(p.Scope().Lookup(n)))
		}
	}
	return out
}

// typeMembers returns the fields and methods of a type, embedded ones included.
func (c *checking) typeMembers(t types.Type) []Match {
	var out []Match
	seen := map[string]bool{}
	add := func(o types.Object, kind string) {
		if !seen[o.Name()] && (o.Exported() || o.Pkg() == c.pkg) && o.Name() != "_" {
			seen[o.Name()] = true
			out = append(out, Match{o.Name(), kind, c.typeString(o.Type())})
		}
	}
	var fields func(t types.Type, depth int)
	fields = func(t types.Type, depth int) {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok || depth > 5 {
			return
		}
		for f := range st.Fields() {
			add(f, "field")
		}
		for f := range st.Fields() {
			if f.Embedded() {
				fields(f.Type(), depth+1)
			}
		}
	}
	fields(t, 0)
	recv := t
	if _, isPtr := t.Underlying().(*types.Pointer); !isPtr && !types.IsInterface(t) {
		recv = types.NewPointer(t)
	}
	ms := types.NewMethodSet(recv)
	for i := range ms.Len() {
		add(ms.At(i).Obj(), "method")
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Text < out[j].Text })
	return out
}

// fields returns the field names that a struct literal may give.
func (c *checking) fields(lit *ast.CompositeLit) []Match {
	tv, ok := c.info.Types[ast.Expr(lit)]
	if !ok || tv.Type == nil {
		return nil
	}
	st, ok := tv.Type.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var out []Match
	for f := range st.Fields() {
		if f.Exported() || f.Pkg() == c.pkg {
			out = append(out, Match{f.Name() + ":", "field", c.typeString(f.Type())})
		}
	}
	return out
}

// names returns the names in scope at an identifier: local ones, the session's,
// packages, the language's.
func (c *checking) names(at *ast.Ident) []Match {
	var out []Match
	seen := map[string]bool{marker: true, "_": true, "init": true}
	add := func(m Match) {
		if !seen[m.Text] && !strings.ContainsRune(m.Text, '·') {
			seen[m.Text] = true
			out = append(out, m)
		}
	}
	if at != nil {
		for _, o := range c.localObjects(at.Pos()) {
			add(c.match(o))
		}
	}
	for _, v := range c.vars {
		add(c.match(v))
	}
	for _, o := range c.objs {
		add(c.match(o))
	}
	for _, n := range c.before.sortedNames() {
		if strings.Contains(n, initMark) {
			continue
		}
		add(c.match(c.before.names[n].Obj))
	}
	add(c.match(c.must))
	for _, n := range types.Universe.Names() {
		add(c.match(types.Universe.Lookup(n)))
	}
	for t := token.BREAK; t <= token.VAR; t++ {
		add(Match{t.String(), "keyword", ""})
	}
	for alias := range c.after.imports {
		add(Match{alias, "package", c.after.imports[alias]})
	}
	for _, p := range symbols.Paths() {
		add(Match{symbols.NameOf(p), "package", p})
	}
	return out
}

// localObjects returns the objects of the scopes around pos, innermost first.
func (c *checking) localObjects(pos token.Pos) []types.Object {
	var inner *types.Scope
	for _, sc := range c.info.Scopes {
		if sc.Contains(pos) && (inner == nil || inner.Contains(sc.Pos()) && sc.End() <= inner.End()) {
			inner = sc
		}
	}
	var out []types.Object
	for sc := inner; sc != nil && sc != c.pkg.Scope() && sc != types.Universe; sc = sc.Parent() {
		for _, n := range sc.Names() {
			o := sc.Lookup(n)
			if _, isPkg := o.(*types.PkgName); !isPkg && (o.Pos() < pos || !o.Pos().IsValid()) {
				out = append(out, o)
			}
		}
	}
	return out
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

func (c *checking) typeString(t types.Type) string {
	if t == nil {
		return ""
	}
	return types.TypeString(t, func(p *types.Package) string {
		if p == c.pkg {
			return ""
		}
		return p.Name()
	})
}

// filter keeps the matches that begin with the prefix; letter case matters only
// for the order.
func filter(list []Match, prefix string) []Match {
	low := strings.ToLower(prefix)
	out := []Match{}
	var other []Match
	for _, m := range list {
		switch {
		case strings.HasPrefix(m.Text, prefix):
			out = append(out, m)
		case strings.HasPrefix(strings.ToLower(m.Text), low):
			other = append(other, m)
		}
	}
	return append(out, other...)
}

// ---- inspection

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
				return c.describe(o, symbols.Doc(path, name)), true
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
		return symbols.Doc(n.Obj().Pkg().Path(), n.Obj().Name()+"."+o.Name())
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
		d := c.describe(o, symbols.Doc("builtin", name))
		return d, true
	}
	if path := c.importsNow()[name]; path != "" {
		return Description{Name: name, Kind: "package", Signature: "package " + name + " // import \"" + path + "\"", Doc: symbols.Doc(path, "")}, true
	}
	if paths := symbols.Named(name); len(paths) > 0 {
		return Description{Name: name, Kind: "package", Signature: "package " + name + " // import \"" + paths[0] + "\"", Doc: symbols.Doc(paths[0], "")}, true
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

// ---- completeness

// IsComplete reports whether a console should run what was typed so far:
// "complete", "incomplete" (with the indent of the next line) or "invalid".
func (s *Session) IsComplete(code string) (status, indent string) {
	if strings.HasPrefix(strings.TrimSpace(code), "%%") {
		if strings.Contains(strings.TrimSpace(code), "\n") && strings.HasSuffix(code, "\n\n") {
			return "complete", ""
		}
		return "incomplete", ""
	}
	open := closers(code)
	if open != "" {
		return "incomplete", strings.Repeat("\t", strings.Count(open, "}"))
	}
	if _, err := s.parse(0, code); err != nil {
		es, ok := err.(Errors)
		if ok && strings.Contains(es[0].Msg, "ends too early") || inText(code) && strings.Count(code, "`")%2 == 1 {
			return "incomplete", ""
		}
		return "invalid", ""
	}
	return "complete", ""
}
