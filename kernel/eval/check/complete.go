package check

import (
	"go/ast"
	"go/scanner"
	"go/token"
	"go/types"
	"sort"
	"strings"

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
