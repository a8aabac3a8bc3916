package check

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"
)

// part is a cell, or a piece of it that declares no name twice.
type part struct {
	cell    int
	src     *Source // of the statements
	imports []*ast.ImportSpec
	decls   []*Decl
	steps   []Step
	stmts   []ast.Stmt
	program bool   // a whole program: package main
	sent    *Layer // what it came as from another session; nil for a cell
}

// inspect walks over all syntax of the part.
func (p *part) inspect(visit func(ast.Node) bool) {
	for _, st := range p.stmts {
		ast.Inspect(st, visit)
	}
	for _, d := range p.decls {
		ast.Inspect(d.Node, visit)
	}
}

// initMark stands behind the name of each init function of a whole program, of which
// there may be several. It is a letter, so that engines can use the name as it is.
const initMark = "ꞏ"

// parse turns the text of a cell into parts. Its errors are syntax errors.
func (s *Session) parse(number int, text string) ([]*part, error) {
	chunks := split(text, func(name string) bool { return s.scope.names[name] != nil })
	all := &part{cell: number}
	if err := s.parseImports(all, text, chunks); err != nil {
		return nil, err
	}
	if err := s.parseDecls(all, text, chunks); err != nil {
		return nil, err
	}
	if err := s.parseSteps(all, text, chunks); err != nil {
		return nil, err
	}
	if off := embedAt(text); off >= 0 {
		return nil, Errors{all.src.errorOffset(all.src.Lead+off, "//go:embed is not available in a cell: it takes files in when a program is built", "must(os.ReadFile(name)) reads a file")}
	}
	s.initOrder(all, text)
	return cut(all), nil
}

// embedAt returns where a comment of a text asks for a file to be embedded, -1 when none does.
func embedAt(text string) int {
	if !strings.Contains(text, "//go:embed ") {
		return -1
	}
	var sc scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	sc.Init(file, []byte(text), nil, scanner.ScanComments)
	for {
		pos, tok, lit := sc.Scan()
		switch {
		case tok == token.EOF:
			return -1
		case tok == token.COMMENT && strings.HasPrefix(lit, "//go:embed "):
			return file.Offset(pos)
		}
	}
}

// parsePartial parses a file and returns what the parser made of it.
func (s *Session) parsePartial(text string) *ast.File {
	f, _ := parser.ParseFile(s.fset, "", text, parser.SkipObjectResolution|parser.AllErrors)
	return f
}

// parseText parses lead + text + tail as a file and registers its source.
func (s *Session) parseText(number int, cell, lead, text, tail string) (*ast.File, *Source, error) {
	full := lead + text + tail
	f, err := parser.ParseFile(s.fset, fmt.Sprintf("cell %d", number), full, parser.SkipObjectResolution|parser.ParseComments|parser.AllErrors)
	src := &Source{Cell: number, Cut: cell, Text: full, Lead: len(lead)}
	if f != nil {
		src.File = s.fset.File(f.FileStart)
		s.keep(src)
	}
	if err != nil {
		return nil, nil, syntaxErrors(src, err)
	}
	return f, src, nil
}

func has(chunks []chunk, kind chunkKind) bool {
	for _, c := range chunks {
		if c.kind == kind {
			return true
		}
	}
	return false
}

func (s *Session) parseImports(p *part, text string, chunks []chunk) error {
	if !has(chunks, chunkImport) && !has(chunks, chunkPackage) {
		return nil
	}
	if has(chunks, chunkPackage) {
		f, _, err := s.parseText(p.cell, text, "", keep(text, chunks, chunkPackage), "")
		if err != nil {
			return err
		}
		p.program = f.Name.Name == "main"
	}
	f, _, err := s.parseText(p.cell, text, "package main;", keep(text, chunks, chunkImport), "")
	if err != nil {
		return err
	}
	p.imports = f.Imports
	return nil
}

func (s *Session) parseDecls(p *part, text string, chunks []chunk) error {
	if !has(chunks, chunkDecl) {
		return nil
	}
	f, src, err := s.parseText(p.cell, text, "package main;", keep(text, chunks, chunkDecl), "")
	if err != nil {
		return err
	}
	inits := 0
	for _, n := range f.Decls {
		d := newDecl(n, src)
		if n, ok := n.(*ast.FuncDecl); ok && d.Recv == "" {
			if p.program && n.Name.Name == "init" {
				inits++
				n.Name.Name += strings.Repeat(initMark, inits) // called after the variables are set
				d.Names[0] = n.Name.Name
				d.Main = true
			} else if n.Name.Name == "init" {
				return Errors{src.errorAt(n.Name.Pos(), "func init runs by itself only in a whole program (package main): put its statements into the cell, or give it another name", "")}
			} else if p.program && n.Name.Name == "main" {
				d.Main = true
			}
		}
		p.decls = append(p.decls, d)
	}
	return nil
}

// newDecl is a declaration as it stands.
func newDecl(n ast.Decl, src *Source) *Decl {
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
	}
	return d
}

// bracketTypes writes type A B as type A (B). A checker that looks for cycles follows
// plain names, and panics (Go 1.26) where one leads to a type of an earlier cell.
func bracketTypes(g *ast.GenDecl) {
	for _, spec := range g.Specs {
		if t, ok := spec.(*ast.TypeSpec); ok {
			if id, ok := t.Type.(*ast.Ident); ok {
				t.Type = &ast.ParenExpr{Lparen: id.Pos(), X: id, Rparen: id.End() - 1}
			}
		}
	}
}

func receiverName(t ast.Expr) string {
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

func specNames(g *ast.GenDecl) []string {
	var names []string
	for _, s := range g.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			names = append(names, s.Name.Name)
		case *ast.ValueSpec:
			for _, n := range s.Names {
				names = append(names, n.Name)
			}
		}
	}
	return names
}

func (s *Session) parseSteps(p *part, text string, chunks []chunk) error {
	f, src, err := s.parseText(p.cell, text, "package main;func cell() {", keep(text, chunks, chunkStmt), "\n}")
	if err != nil {
		return err
	}
	if len(f.Decls) != 1 {
		off, _ := unbalanced(src.Text[src.Lead : src.Lead+len(src.Cut)])
		return Errors{src.errorOffset(src.Lead+off, "syntax error: this } closes nothing", "")}
	}
	p.src = src
	p.stmts = f.Decls[0].(*ast.FuncDecl).Body.List
	p.steps = steps(src, p.stmts, chunks)
	return nil
}

// steps puts statements and magics in their order and marks what is shown.
func steps(src *Source, stmts []ast.Stmt, chunks []chunk) []Step {
	var out []Step
	i := 0
	var last *chunk
	for ci := range chunks {
		c := &chunks[ci]
		if c.kind == chunkMagic {
			last = c
			out = append(out, Step{Magic: c.name, Args: c.args, Line: src.line(c.start)})
		}
		if c.kind != chunkStmt {
			continue
		}
		last = c
		for ; i < len(stmts) && src.Offset(stmts[i].Pos())-src.Lead < c.end; i++ {
			if _, empty := stmts[i].(*ast.EmptyStmt); empty {
				continue
			}
			out = append(out, Step{Stmt: stmts[i], Time: c.time, Line: src.line(c.start)})
		}
	}
	for k := range out { // what is timed is shown wherever it stands
		if e, ok := out[k].Stmt.(*ast.ExprStmt); ok && out[k].Time == "time" {
			out[k].Show = []ast.Expr{e.X}
		}
	}
	if last == nil || last.kind != chunkStmt {
		return out
	}
	// The expressions of the last chunk are shown.
	first := len(out)
	for first > 0 && out[first-1].Stmt != nil && src.Offset(out[first-1].Stmt.Pos())-src.Lead >= last.start {
		first--
	}
	for k := first; k < len(out); k++ {
		if e, ok := out[k].Stmt.(*ast.ExprStmt); ok && out[k].Time != "timeit" && !last.quiet {
			out[k].Show = []ast.Expr{e.X}
		}
		out[k].quiet = last.quiet
	}
	return out
}
