package check

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"strings"
)

// marker stands where the cursor is while an unfinished cell is checked.
const marker = "Zz_cursor_"

// exploration is an unfinished cell of which as much is checked as the place of the
// cursor needs.
type exploration struct {
	*checking
	at      *ast.Ident // the marker, nil when the parser lost it
	path    []ast.Node // what at stands in, outermost first
	foreign []*Decl    // methods of the cell for types of earlier cells
}

// parent returns what the marker stands in directly, nil when there is nothing.
func (e *exploration) parent() ast.Node { return e.ancestor(1) }

// ancestor returns the n-th node around the marker, nil beyond the outermost.
func (e *exploration) ancestor(n int) ast.Node {
	if n > len(e.path) {
		return nil
	}
	return e.path[len(e.path)-n]
}

// unfinished makes a text to explore of a cell in which the name at [start, end) is
// being written, and says where in it the name is: what is open behind it is closed.
func unfinished(code string, start, end int, name string) (text string, at int) {
	head := code[:start]
	if i := max(strings.LastIndex(head, "\nfunc "), strings.LastIndex(head, "\ntype ")); i > 0 {
		// What begins a line is no part of what was left open above.
		if open := closers(head[:i]); open != "" && !inText(head[:i]) {
			head = head[:i] + open + head[i:]
		}
	}
	text = head + name
	return text + endings(text) + declarationsBehind(code[end:]), len(head)
}

// explore checks what there is of a cell around the given name at the offset at, and
// changes nothing.
func (s *Session) explore(text string, at int, name string) *exploration {
	defer s.forget()
	e := s.parseAround(text, at, name)
	if e.at == nil {
		e = s.parseAround(s.withoutBroken(text, at), at, name)
	}
	all := e.part
	all.stmts = e.prune(all.stmts)
	for _, d := range all.decls {
		if f := d.fn(); f != nil && !e.contains(f) {
			f.Body = emptied(f.Body)
		}
	}
	_ = e.imports()
	e.declareAround()
	e.statementsAround()
	if d := declAt(all.decls, e.pos()); d != nil && d.fn() != nil {
		d.fn().Body.List = e.prune(d.fn().Body.List)
		e.checkBodies([]*Decl{d})
	}
	return e
}

// parseAround parses a cell as far as that goes and looks for the name.
func (s *Session) parseAround(text string, at int, name string) *exploration {
	all := &part{}
	chunks := s.chunks(text)
	_ = s.parseImports(all, text, chunks)
	s.parseLoose(all, text, chunks)
	e := &exploration{checking: s.newChecking(s.scope, all)}
	e.find(at, name)
	return e
}

func (s *Session) chunks(text string) []chunk {
	return split(text, func(name string) bool { return s.scope.names[name] != nil })
}

// withoutBroken blanks the chunks of a cell that do not parse and do not hold the offset:
// the parser would skip what follows them.
func (s *Session) withoutBroken(text string, at int) string {
	out := []byte(text)
	for _, c := range s.chunks(text) {
		switch {
		case c.kind == chunkMagic:
		case c.start <= at && at < c.end:
			c.blankLines(out, at)
		case c.firstError(out) >= 0:
			for i := c.start; i < c.end; i++ {
				if out[i] != '\n' {
					out[i] = ' '
				}
			}
		}
	}
	return string(out)
}

// mostRepairs is how many lines of an unfinished function are left out at most.
const mostRepairs = 3

// blankLines blanks the lines above an offset that do not parse, but for their braces.
func (c *chunk) blankLines(text []byte, at int) {
	for range mostRepairs {
		off := c.firstError(text)
		if off < 0 || bytes.IndexByte(text[off:max(off, at)], '\n') < 0 {
			return
		}
		for i := 1 + bytes.LastIndexByte(text[:off], '\n'); text[i] != '\n'; i++ {
			if text[i] != '{' && text[i] != '}' {
				text[i] = ' '
			}
		}
	}
}

// firstError returns where a chunk of a text does not parse, -1 when it does.
func (c *chunk) firstError(text []byte) int {
	lead, tail := "package p;func f() {", "\n}"
	if c.kind != chunkStmt {
		lead, tail = "package p;", ""
	}
	_, err := parser.ParseFile(token.NewFileSet(), "", lead+string(text[c.start:c.end])+tail, parser.SkipObjectResolution)
	list, ok := err.(scanner.ErrorList)
	if !ok || len(list) == 0 {
		return -1
	}
	return max(c.start, min(c.start+list[0].Pos.Offset-len(lead), c.end))
}

// pos returns the marker's position, or [token.NoPos].
func (e *exploration) pos() token.Pos {
	if e.at == nil {
		return token.NoPos
	}
	return e.at.Pos()
}

// contains reports whether the marker stands inside a node.
func (e *exploration) contains(n ast.Node) bool {
	return e.at != nil && n.Pos() <= e.at.Pos() && e.at.Pos() < n.End()
}

// declarationsBehind returns the text behind the cursor from the first line that begins
// with a declaration: what stands before that belongs to what is being written.
func declarationsBehind(rest string) string {
	for i := strings.IndexByte(rest, '\n'); i >= 0; {
		line := rest[i+1:]
		for _, word := range []string{"func ", "type ", "const ", "var ", "import "} {
			if strings.HasPrefix(line, word) {
				return "\n" + line
			}
		}
		next := strings.IndexByte(line, '\n')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return ""
}

// declareAround checks the signatures of the cell's declarations. Methods of types of
// earlier cells would stay on them, so they are left out.
func (e *exploration) declareAround() {
	e.ownUnits()
	declared := map[string]bool{}
	for _, d := range e.units {
		for _, n := range d.Names {
			declared[n] = d.IsType()
		}
	}
	var units []*Decl
	for _, d := range e.units {
		switch {
		case d.Recv == "" || declared[d.Recv]:
			units = append(units, d)
		case e.genericType(d.Recv) != nil && e.contains(d.Node):
			units = append(units, d) // its receiver's type parameters are needed
		default:
			e.foreign = append(e.foreign, d)
		}
	}
	e.units = units
	e.declareOnce()
}

// statementsAround checks the statements and gathers their variables. What declares
// nothing but names that are declared already begins a block of its own, since it
// declares them anew.
func (e *exploration) statementsAround() {
	if len(e.part.stmts) == 0 {
		return
	}
	body := e.body()
	block, end := body.Body, body.Body.Rbrace
	block.List = nil
	declared := map[string]bool{}
	for _, st := range e.part.stmts {
		names := definedNames(st)
		if len(names) > 0 && allIn(declared, names) {
			inner := &ast.BlockStmt{Lbrace: st.Pos(), Rbrace: end}
			block.List = append(block.List, inner)
			block = inner
			clear(declared)
		}
		for _, n := range names {
			declared[n] = true
		}
		block.List = append(block.List, st)
	}
	names := e.namesWithout(nil)
	for n, o := range e.objs {
		names[n] = o
	}
	e.check(names, true, func() []*ast.File {
		return []*ast.File{e.file(e.part.src, e.importsNow(), body)}
	})
	for _, st := range e.part.stmts {
		for _, id := range definedIdents(st) {
			if v, ok := e.info.Defs[id].(*types.Var); ok {
				e.vars = append(e.vars, v)
			}
		}
	}
}

// prune drops the statements that say nothing about the place of the marker: they
// declare no name and do not hold it. It takes the bodies out of functions that
// do not hold it, and goes on in the blocks that do.
func (e *exploration) prune(list []ast.Stmt) []ast.Stmt {
	var out []ast.Stmt
	for _, st := range list {
		holds := e.contains(st)
		if !holds && !declares(st) {
			continue
		}
		ast.Inspect(st, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				if !e.contains(n) {
					n.Body = emptied(n.Body)
				}
			case *ast.BlockStmt:
				if n.List = e.prune(n.List); !e.contains(n) {
					n.List = nil
				}
				return false
			case *ast.CaseClause:
				n.Body = e.prune(n.Body)
				return false
			case *ast.CommClause:
				n.Body = e.prune(n.Body)
				return e.contains(n)
			}
			return true
		})
		out = append(out, st)
	}
	return out
}

func emptied(b *ast.BlockStmt) *ast.BlockStmt {
	return &ast.BlockStmt{Lbrace: b.Lbrace, Rbrace: b.Rbrace}
}

// declares reports whether a statement declares a name for those behind it.
func declares(st ast.Stmt) bool {
	switch st := st.(type) {
	case *ast.AssignStmt:
		return st.Tok == token.DEFINE
	case *ast.DeclStmt:
		return true
	case *ast.LabeledStmt:
		return declares(st.Stmt)
	}
	return false
}

// forget drops the texts that only an exploration parsed.
func (s *Session) forget() {
	for file, src := range s.sources {
		if src.Cell == 0 {
			s.drop(file)
		}
	}
}

// level is an open bracket in a text, and how far the statement in it has come.
type level struct {
	open   token.Token // ILLEGAL outside of all brackets
	first  token.Token // of the statement
	header bool        // of an if, for or switch, whose block has not begun
	last   token.Token
	before token.Token // the last one
}

func (l *level) token(tok token.Token, lit string) {
	switch {
	case tok == token.SEMICOLON && lit == ";" && l.header:
	case tok == token.SEMICOLON:
		*l = level{open: l.open}
		return
	case l.first == token.ILLEGAL || l.last == token.ELSE || l.last == token.COLON && !l.header && l.open != token.LBRACK:
		l.first = tok
		l.header = tok == token.IF || tok == token.FOR || tok == token.SWITCH
	}
	l.before, l.last = l.last, tok
}

// beginsLiteral reports whether a brace that comes now is that of []T{ and not of a block.
func (l *level) beginsLiteral() bool { return l.before == token.RBRACK && l.last == token.IDENT }

// levels returns the open brackets at the end of a text, outermost first.
func levels(code string) []level {
	var sc scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(code))
	sc.Init(file, []byte(code), nil, 0)
	open := []level{{}}
	for {
		pos, tok, lit := sc.Scan()
		top := &open[len(open)-1]
		if tok == token.SEMICOLON && file.Offset(pos) >= len(code) { // the end of the text is not that of a statement
			continue
		}
		switch tok {
		case token.EOF:
			return open
		case token.LPAREN, token.LBRACK, token.LBRACE:
			if tok == token.LBRACE && !top.beginsLiteral() {
				top.header = false
			}
			top.token(tok, lit)
			open = append(open, level{open: tok})
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(open) > 1 {
				open = open[:len(open)-1]
				open[len(open)-1].token(tok, lit)
			}
		default:
			top.token(tok, lit)
		}
	}
}

// endings returns what ends an unfinished text: the brackets that close what it
// leaves open, the block of a statement that has only its head, the call of go and defer.
func endings(code string) string {
	var b strings.Builder
	open := levels(code)
	for i := len(open) - 1; i >= 0; i-- {
		l := open[i]
		switch {
		case l.header:
			b.WriteString(" {}")
		case (l.first == token.GO || l.first == token.DEFER) && (l.last == token.IDENT || l.last == token.LBRACE):
			b.WriteString("()")
		}
		b.WriteString(closing(l.open))
	}
	return b.String()
}

// closers returns the closing brackets of what code leaves open.
func closers(code string) string {
	var b strings.Builder
	open := levels(code)
	for i := len(open) - 1; i >= 0; i-- {
		b.WriteString(closing(open[i].open))
	}
	return b.String()
}

func closing(open token.Token) string {
	switch open {
	case token.LPAREN:
		return ")"
	case token.LBRACK:
		return "]"
	case token.LBRACE:
		return "}"
	}
	return ""
}

// parseLoose parses declarations and statements and keeps what there is of them.
func (s *Session) parseLoose(p *part, text string, chunks []chunk) {
	f, src := s.parseAnyway(text, "package main;", keep(text, chunks, chunkDecl), "")
	for _, n := range f.Decls {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Body == nil {
				n.Body = &ast.BlockStmt{Lbrace: n.Type.End(), Rbrace: n.Type.End()}
			}
		case *ast.GenDecl:
		default:
			continue
		}
		p.decls = append(p.decls, newDecl(n, src))
	}
	f, src = s.parseAnyway(text, "package main;func cell() {", keep(text, chunks, chunkStmt), "\n}")
	p.src = src
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
			p.stmts = fn.Body.List
			break
		}
	}
}

// parseAnyway parses a file and returns what the parser made of it.
func (s *Session) parseAnyway(cell, lead, text, tail string) (*ast.File, *Source) {
	full := lead + text + tail
	f := s.parsePartial(full)
	src := &Source{Cut: cell, Text: full, Lead: len(lead), File: s.fset.File(f.FileStart)}
	s.keep(src)
	return f, src
}

// find looks for the name at an offset of the cell.
func (e *exploration) find(at int, name string) {
	if e.findIn(at, name, false); e.at == nil {
		e.findIn(at, name, true) // the ends of what is not finished may be wrong
	}
}

func (e *exploration) findIn(at int, name string, everywhere bool) {
	var stack []ast.Node
	e.part.inspect(func(n ast.Node) bool {
		switch {
		case n == nil:
			stack = stack[:len(stack)-1]
			return true
		case e.at != nil, !everywhere && (e.offset(n.Pos()) > at || e.offset(n.End()) <= at):
			return false
		}
		if id, ok := n.(*ast.Ident); ok && id.Name == name && e.offset(id.Pos()) == at {
			e.at, e.path = id, append([]ast.Node(nil), stack...)
		}
		stack = append(stack, n)
		return true
	})
}

// offset returns where in the cell a position is.
func (e *exploration) offset(pos token.Pos) int {
	src := e.sources[e.fset.File(pos)]
	if src == nil {
		return -1
	}
	return src.Offset(pos) - src.Lead
}
