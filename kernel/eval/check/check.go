// Package check is the typed front end of the evaluator: it takes the text of a
// cell apart, checks it against everything earlier cells declared, and hands an
// engine a [Program] in which every identifier is resolved.
//
// A [Session] holds the names. [Session.Check] parses and checks a cell without
// changing them; [Session.Commit] makes its names the session's, once an engine
// ran it (or as far as it ran). The rules:
//
//   - imports, declarations and statements may stand in any order; a package
//     is imported when it is used;
//   - x := e declares x anew or, when its type stays the same, assigns to it;
//   - a redefined function is seen by its callers when its signature stays the
//     same; otherwise, and for a redefined type, what depends on it is checked
//     again and keeps the old definition, with a note, where it no longer compiles;
//   - a function that mentions a name no cell has declared yet waits for it.
//
// The session's package has one *types.Package for all cells, whose scope is
// filled anew for every check; go/types would not let one package see the
// unexported fields of another. A cell is checked in three passes: signatures of
// its declarations, then its statements in order as the body of a function, then
// the bodies of its functions, which may use the variables of the statements.
//
// A Session is used by one goroutine at a time.
package check

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"runtime"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// Session holds what the cells so far have declared.
type Session struct {
	fset    *token.FileSet
	imp     *symbols.Importer
	pkg     *types.Package
	scope   *scope
	must    types.Object
	sources map[*token.File]*Source
	sizes   types.Sizes

	phantoms map[*types.Func]bool // methods whose declaration did not compile in the end
	pruneAt  int                  // how many sources are too many

	// Faults, when set, is told of every [Fault], on the goroutine that met it.
	Faults func(*Fault)
}

const mustName = "must"

// New returns an empty session.
func New() *Session {
	fset := token.NewFileSet()
	s := &Session{fset: fset, imp: symbols.NewImporter(fset), pkg: types.NewPackage("main", "main"), scope: newScope(), sources: map[*token.File]*Source{}, sizes: types.SizesFor("gc", runtime.GOARCH), phantoms: map[*types.Func]bool{}}
	s.must = s.mustObject()
	return s
}

// Reset forgets every name.
func (s *Session) Reset() {
	s.scope = newScope()
	clear(s.phantoms)
	s.prune()
}

// prune forgets the texts that no live declaration stands in: those of statements, of
// what was redefined, and of cells that did not compile.
func (s *Session) prune() {
	live := map[*Source]bool{}
	for _, d := range append(s.scope.decls(), s.scope.pending...) {
		live[d.Src] = true
	}
	for file, src := range s.sources {
		if !live[src] {
			delete(s.sources, file)
			s.fset.RemoveFile(file)
		}
	}
	s.pruneAt = 2*len(s.sources) + fewSources
}

// fewSources is how many texts are kept before it is worth looking for those to forget.
const fewSources = 64

// mustObject declares func must[T any](v T, err ...error) T: the built-in of
// cells that returns v or stops the cell with err.
func (s *Session) mustObject() types.Object {
	src := "package main; func " + mustName + "[T any](v T, err ...error) T { panic(0) }"
	f, err := parser.ParseFile(s.fset, "", src, parser.SkipObjectResolution)
	if err != nil {
		panic(err) // a fault of the line above
	}
	conf := types.Config{IgnoreFuncBodies: true}
	if err := types.NewChecker(&conf, s.fset, s.pkg, nil).Files([]*ast.File{f}); err != nil {
		panic(err)
	}
	return s.pkg.Scope().Lookup(mustName)
}

// Cell is a checked cell: its programs in order (one, unless the cell declares
// a name twice) and what its author should know about earlier definitions.
type Cell struct {
	Programs []*Program
	Notes    []string
}

// Check parses and checks a cell with the given number. The error is an [Errors], or a
// [*Fault] when the checker itself failed. The cell is nil when the text does not parse;
// with an error of a later kind it has the notes so far.
func (s *Session) Check(number int, text string) (cell *Cell, err error) {
	if fault := s.guard(func() { cell, err = s.check(number, text) }); fault != nil {
		return nil, fault
	}
	return cell, err
}

func (s *Session) check(number int, text string) (*Cell, error) {
	if len(s.sources) >= s.pruneAt { // here, when no program is on its way
		s.prune()
	}
	parts, err := s.parse(number, text)
	if err != nil {
		return nil, err
	}
	cell := &Cell{}
	sc := s.scope
	for _, part := range parts {
		p, notes, err := s.checkPart(sc, part)
		cell.Notes = append(cell.Notes, notes...)
		if err != nil {
			return cell, err
		}
		cell.Programs = append(cell.Programs, p)
		sc = p.after
	}
	return cell, nil
}

// Commit makes the names of a program the session's. done is the number of its
// steps that ran to their end; variables of later steps stay as they were.
func (s *Session) Commit(p *Program, done int) {
	if done < len(p.Steps) {
		reached := map[*Symbol]bool{}
		for _, st := range p.Steps[:done] {
			for _, sym := range st.Defs {
				reached[sym] = true
			}
		}
		for _, sym := range p.Vars {
			if reached[sym] {
				continue
			}
			delete(p.after.objects, sym.Obj)
			delete(p.after.names, sym.Name)
			if old := p.before.names[sym.Name]; old != nil {
				p.after.put(old)
			}
		}
	}
	s.scope = p.after
}

// part is a cell, or a piece of it that declares no name twice.
type part struct {
	cell    int
	src     *Source // of the statements
	imports []*ast.ImportSpec
	decls   []*Decl
	steps   []Step
	stmts   []ast.Stmt
	program bool // a whole program: package main
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
	return cut(all), nil
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
		s.sources[src.File] = src
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
		d := &Decl{Node: n, Src: src}
		switch n := n.(type) {
		case *ast.FuncDecl:
			d.Names = []string{n.Name.Name}
			if n.Recv != nil && len(n.Recv.List) == 1 {
				d.Recv = receiverName(n.Recv.List[0].Type)
				d.Names[0] = d.Recv + "." + n.Name.Name
			} else if p.program && n.Name.Name == "init" {
				inits++
				n.Name.Name += strings.Repeat(initMark, inits) // called after the variables are set
				d.Names[0] = n.Name.Name
				d.Main = true
			} else if n.Name.Name == "init" {
				return Errors{src.errorAt(n.Name.Pos(), "func init runs by itself only in a whole program (package main): put its statements into the cell, or give it another name", "")}
			} else if p.program && n.Name.Name == "main" {
				d.Main = true
			}
		case *ast.GenDecl:
			d.Names = specNames(n)
			bracketTypes(n)
		}
		p.decls = append(p.decls, d)
	}
	return nil
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

// cut ends a part before a := or var whose names the part has all declared
// already. Declarations stay with the text around them, except that a function
// or type which an earlier part mentions moves there.
func cut(all *part) []*part {
	declared := map[string]bool{}
	parts := []*part{{cell: all.cell, src: all.src, imports: all.imports, program: all.program}}
	var starts []int // offset in the cell where each later part begins
	for _, st := range all.steps {
		names := definedNames(st.Stmt)
		if len(names) > 0 && allIn(declared, names) {
			parts = append(parts, &part{cell: all.cell, src: all.src, program: all.program})
			starts = append(starts, all.src.Offset(st.Stmt.Pos())-all.src.Lead)
			clear(declared)
		}
		for _, n := range names {
			declared[n] = true
		}
		p := parts[len(parts)-1]
		p.steps = append(p.steps, st)
		if st.Stmt != nil {
			p.stmts = append(p.stmts, st.Stmt)
		}
	}
	for _, d := range all.decls {
		at := d.Src.Offset(d.Node.Pos()) - d.Src.Lead
		i := 0
		for i < len(starts) && starts[i] <= at {
			i++
		}
		parts[i].decls = append(parts[i].decls, d)
	}
	pullForward(parts)
	return parts
}

func allIn(set map[string]bool, names []string) bool {
	for _, n := range names {
		if !set[n] {
			return false
		}
	}
	return true
}

// definedNames returns the names that a top-level statement declares.
func definedNames(st ast.Stmt) []string {
	var names []string
	for _, id := range definedIdents(st) {
		names = append(names, id.Name)
	}
	return names
}

func definedIdents(st ast.Stmt) []*ast.Ident {
	var ids []*ast.Ident
	switch st := st.(type) {
	case *ast.AssignStmt:
		if st.Tok == token.DEFINE {
			for _, l := range st.Lhs {
				if id, ok := l.(*ast.Ident); ok && id.Name != "_" {
					ids = append(ids, id)
				}
			}
		}
	case *ast.DeclStmt:
		if g, ok := st.Decl.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, sp := range g.Specs {
				for _, id := range sp.(*ast.ValueSpec).Names {
					if id.Name != "_" {
						ids = append(ids, id)
					}
				}
			}
		}
	case *ast.LabeledStmt:
		return definedIdents(st.Stmt)
	}
	return ids
}

// pullForward moves declarations to the first part that mentions them.
func pullForward(parts []*part) {
	for i := len(parts) - 1; i > 0; i-- {
		var stay []*Decl
		for _, d := range parts[i].decls {
			if to := mentionedBefore(parts[:i], d); to != nil {
				to.decls = append(to.decls, d)
			} else {
				stay = append(stay, d)
			}
		}
		parts[i].decls = stay
	}
}

func mentionedBefore(parts []*part, d *Decl) *part {
	names := map[string]bool{}
	for _, n := range d.Names {
		names[n] = true
	}
	if d.Recv != "" {
		names[d.Recv] = true
	}
	for _, p := range parts {
		for _, other := range p.decls {
			for _, n := range other.Names {
				if names[n] && d.Recv == "" {
					return nil // declared there too: this one is the redefinition
				}
			}
		}
		for _, st := range p.stmts {
			if mentions(st, names) {
				return p
			}
		}
		for _, other := range p.decls {
			if mentions(other.Node, names) {
				return p
			}
		}
	}
	return nil
}

func mentions(n ast.Node, names map[string]bool) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && names[id.Name] {
			found = true
		}
		return !found
	})
	return found
}

// syntaxErrors turns the parser's errors into ours.
func syntaxErrors(src *Source, err error) error {
	list, ok := err.(scanner.ErrorList)
	if !ok {
		return Errors{&Error{Cell: src.Cell, Line: 1, Col: 1, Msg: err.Error(), Source: src}}
	}
	if off, msg := unbalanced(src.Text[src.Lead : src.Lead+len(src.Cut)]); msg != "" {
		return Errors{src.errorOffset(src.Lead+off, "syntax error: "+msg, "")}
	}
	var out Errors
	for _, e := range list {
		msg := syntaxMessage(e.Msg)
		if e.Pos.Offset-src.Lead >= len(strings.TrimRight(src.Cut, " \t\r\n")) {
			msg = "syntax error: the cell ends too early: a bracket, a string or an expression is not finished"
		}
		at := src.errorOffset(e.Pos.Offset, msg, "")
		at.Hint = syntaxHint(msg, at.Text())
		out = append(out, at)
		break // what follows a syntax error is mostly its echo
	}
	return out
}

// unbalanced finds the first closing bracket that closes nothing, or another kind of
// bracket than is open; the parser tells of these only far behind.
func unbalanced(text string) (off int, msg string) {
	var sc scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	sc.Init(file, []byte(text), nil, 0)
	closes := map[token.Token]token.Token{token.LPAREN: token.RPAREN, token.LBRACK: token.RBRACK, token.LBRACE: token.RBRACE}
	var open []token.Token
	var at []int
	for {
		pos, tok, _ := sc.Scan()
		switch tok {
		case token.EOF:
			if len(open) > 0 {
				return at[len(at)-1], fmt.Sprintf("this %s is not closed", open[len(open)-1])
			}
			return 0, ""
		case token.LPAREN, token.LBRACK, token.LBRACE:
			open, at = append(open, tok), append(at, file.Offset(pos))
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(open) == 0 {
				return file.Offset(pos), fmt.Sprintf("this %s closes nothing", tok)
			}
			if last := open[len(open)-1]; closes[last] != tok {
				return file.Offset(pos), fmt.Sprintf("there is a %s where the last %s wants a %s", tok, last, closes[last])
			}
			open, at = open[:len(open)-1], at[:len(at)-1]
		}
	}
}

// syntaxHint says what was probably meant by a line that other languages would take.
func syntaxHint(msg, line string) string {
	words := strings.Fields(line)
	switch {
	case strings.Contains(msg, "rune literal"):
		return "single quotes hold one character; a string takes double quotes"
	case len(words) < 2:
	case words[0] == "while":
		return "Go's only loop is for: for condition { … }"
	case words[0] == "import" && !strings.ContainsAny(line, "\"`"):
		return fmt.Sprintf("an import path is a string: import %q; most packages need no import here", words[1])
	case types.Universe.Lookup(words[0]) != nil && token.IsIdentifier(words[1]):
		return fmt.Sprintf("the name comes first: var %s %s, or %s := with a value", words[1], words[0], words[1])
	case words[0] == "def" || words[0] == "function":
		return "a function is declared by func name(parameters) result { … }"
	}
	return ""
}

func syntaxMessage(msg string) string {
	msg = strings.TrimPrefix(msg, "expected operand, found ")
	switch {
	case strings.HasPrefix(msg, "'"):
		return "syntax error: there is a value missing before " + msg
	}
	return "syntax error: " + msg
}
