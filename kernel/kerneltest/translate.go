package kerneltest

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/scanner"
	"go/token"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// LeftOut is why a script has no Go program that should do the same.
type LeftOut struct{ Reason string }

func (l *LeftOut) Error() string { return l.Reason }

func leftOut(format string, args ...any) error { return &LeftOut{fmt.Sprintf(format, args...)} }

// Imports finds the package that a name in a cell stands for when no import declares it;
// false: none.
type Imports func(name string) (importPath string, ok bool)

// Translate turns a script's cells into one Go program, against which an evaluator can be
// checked:
//
//   - types, constants, methods and functions become declarations of the package;
//   - statements and variables go into main, in order; a function that uses a variable of
//     the cells becomes a closure there, where it stood;
//   - a value that the cell should show (it has a .show) is given to
//     display.Of, or the value of (value, error) alone when the error is nil;
//   - import declarations are collected; a package that is used without one is found by
//     imports, as the evaluator would; variables may stay unused.
//
// The program writes a mark before each cell and around each shown value, which
// [RunCompiled] reads. The error is a *LeftOut for what has no such program: a script with
// a nogo line, a cell that should fail, a magic, a whole program in a cell, a name that is
// declared again, a method that uses a variable of the cells, a shown value that is not
// the cell's last expression.
func Translate(s *Script, imports Imports) (program []byte, err error) {
	if s.NoGo != "" {
		return nil, leftOut("%s", s.NoGo)
	}
	t := &translation{imports: imports, imported: map[string]string{}, declared: map[string]bool{}, variables: map[string]bool{}}
	for _, c := range s.Cells {
		if err := t.cell(c); err != nil {
			return nil, err
		}
	}
	return t.program()
}

// translation is a program that is being made.
type translation struct {
	imports   Imports
	imported  map[string]string // name to path, as the cells say
	blank     []string          // paths that are imported for their effects
	declared  map[string]bool   // every name at the top of the cells so far
	variables map[string]bool   // those that are variables, or closures over them
	pieces    []*piece
}

// piece is a chunk of a cell: what stands between two semicolons.
type piece struct {
	source  string
	fn      *ast.FuncDecl // a function or method
	hoisted bool          // it is declared in the package, not in main
	uses    map[string]bool
	offset  int // of the source in what fn was parsed from
}

// chunk is a part of a cell's source up to a semicolon outside of all brackets.
type chunk struct {
	source     string
	first      token.Token
	terminated bool // by a written semicolon
}

// chunks cuts a cell.
func chunks(code string) ([]chunk, error) {
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(code))
	var problem error
	var s scanner.Scanner
	s.Init(file, []byte(code), func(_ token.Position, msg string) { problem = leftOut("it is not Go: %s", msg) }, 0)
	var all []chunk
	start, end, depth, first, last := 0, 0, 0, token.ILLEGAL, token.ILLEGAL
	for {
		pos, tok, lit := s.Scan()
		at := file.Offset(pos)
		if tok == token.SEMICOLON && depth == 0 && isHeader(first) && last != token.RBRACE {
			continue // of for i := 0; i < 3; i++ {
		}
		switch tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		}
		if tok == token.EOF || (tok == token.SEMICOLON && depth == 0) {
			if first != token.ILLEGAL {
				all = append(all, chunk{source: strings.TrimSpace(code[start:end]), first: first, terminated: lit == ";"})
			}
			start, first = min(at+1, len(code)), token.ILLEGAL
			if tok == token.EOF {
				return all, problem
			}
			continue
		}
		if first == token.ILLEGAL || last == token.COLON && first == token.IDENT { // also behind a label
			first = tok
		}
		last, end = tok, at+len(tok.String())
		if lit != "" {
			end = at + len(lit)
		}
	}
}

// isHeader reports whether a statement that begins so may have semicolons before its block.
func isHeader(first token.Token) bool {
	return first == token.FOR || first == token.IF || first == token.SWITCH
}

// cell translates one cell.
func (t *translation) cell(c ScriptCell) error {
	if c.Want.Err != "" {
		return leftOut("cell %d should fail", c.Number)
	}
	if trimmed := strings.TrimSpace(c.Code); strings.HasPrefix(trimmed, "%") || strings.Contains(trimmed, "\n%") {
		return leftOut("cell %d has a magic", c.Number)
	}
	parts, err := chunks(c.Code)
	if err != nil {
		return err
	}
	t.statement(fmt.Sprintf("beginCell(%d)", c.Number))
	for i, part := range parts {
		shown := i == len(parts)-1 && c.Want.Show != ""
		if err := t.chunk(part, shown); err != nil {
			return fmt.Errorf("cell %d: %w", c.Number, err)
		}
	}
	return nil
}

// statement puts text of ours into main.
func (t *translation) statement(source string) {
	t.pieces = append(t.pieces, &piece{source: source})
}

func (t *translation) chunk(c chunk, shown bool) error {
	if shown {
		return t.show(c)
	}
	switch c.first {
	case token.PACKAGE:
		return leftOut("a cell is a whole program")
	case token.IMPORT:
		return t.importDecl(c)
	case token.TYPE, token.CONST:
		return t.declaration(c)
	case token.FUNC:
		if done, err := t.function(c); done || err != nil {
			return err
		}
	}
	return t.statements(c)
}

// parseDecls parses a chunk as declarations of a package.
func parseDecls(source string) (*ast.File, error) {
	return parser.ParseFile(token.NewFileSet(), "", "package p;"+source, parser.SkipObjectResolution)
}

func (t *translation) importDecl(c chunk) error {
	f, err := parseDecls(c.source)
	if err != nil {
		return leftOut("an import does not parse: %v", err)
	}
	for _, spec := range f.Imports {
		importPath, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		if full, ok := t.find(importPath); ok {
			importPath = full // "taskgraph" stands for the full path
		}
		name := path.Base(importPath)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		switch name {
		case ".":
			return leftOut("it has a dot import")
		case "_":
			t.blank = append(t.blank, importPath)
		default:
			t.imported[name] = importPath
		}
	}
	return nil
}

func (t *translation) find(name string) (string, bool) {
	if t.imports == nil {
		return "", false
	}
	return t.imports(name)
}

// declare notes a name; a second time there is no such program.
func (t *translation) declare(name string) error {
	if name == "_" {
		return nil
	}
	if t.declared[name] {
		return leftOut("%s is declared again", name)
	}
	t.declared[name] = true
	return nil
}

// declaration moves types and constants into the package.
func (t *translation) declaration(c chunk) error {
	f, err := parseDecls(c.source)
	if err != nil {
		return leftOut("a declaration does not parse: %v", err)
	}
	for _, d := range f.Decls {
		for _, spec := range d.(*ast.GenDecl).Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				err = t.declare(spec.Name.Name)
			case *ast.ValueSpec:
				err = t.declareAll(spec.Names)
			}
			if err != nil {
				return err
			}
		}
	}
	t.pieces = append(t.pieces, &piece{source: c.source, hoisted: true})
	return nil
}

func (t *translation) declareAll(names []*ast.Ident) error {
	for _, n := range names {
		if err := t.declare(n.Name); err != nil {
			return err
		}
	}
	return nil
}

// function takes a function or method; done is false for a statement that begins with a
// function literal. Whether it can move into the package is known at the end.
func (t *translation) function(c chunk) (done bool, err error) {
	f, parseErr := parseDecls(c.source)
	if parseErr != nil || len(f.Decls) != 1 {
		return false, nil
	}
	fn, ok := f.Decls[0].(*ast.FuncDecl)
	if !ok {
		return false, nil
	}
	if fn.Recv == nil {
		if fn.Name.Name == "main" || fn.Name.Name == "init" {
			return true, leftOut("it declares %s", fn.Name.Name)
		}
		if err := t.declare(fn.Name.Name); err != nil {
			return true, err
		}
	}
	t.pieces = append(t.pieces, &piece{source: c.source, fn: fn, hoisted: true, uses: used(fn), offset: len("package p;")})
	return true, nil
}

// used lists the names in a function, without those behind a dot. A parameter that is
// named like a variable of the cells counts too: then a closure is made where none is
// needed, which does the same.
func used(fn *ast.FuncDecl) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			ast.Inspect(n.X, func(x ast.Node) bool {
				if id, ok := x.(*ast.Ident); ok {
					names[id.Name] = true
				}
				return true
			})
			return false
		case *ast.Ident:
			names[n.Name] = true
		}
		return true
	})
	return names
}

// statements puts a chunk into main.
func (t *translation) statements(c chunk) error {
	f, err := parseDecls("func _() {" + c.source + "\n}")
	if err != nil {
		return leftOut("a statement does not parse: %v", err)
	}
	var names []*ast.Ident
	source := c.source
	for _, s := range f.Decls[0].(*ast.FuncDecl).Body.List {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				names = append(names, t.fresh(s)...)
				if len(names) == 0 {
					return leftOut("%s is declared again", c.source)
				}
			}
		case *ast.DeclStmt:
			for _, spec := range s.Decl.(*ast.GenDecl).Specs {
				names = append(names, spec.(*ast.ValueSpec).Names...)
			}
		case *ast.ExprStmt:
			if !isCall(s.X) {
				source = "_ = " + source // Go has no statement that only computes
			}
		}
	}
	if err := t.declareAll(names); err != nil {
		return err
	}
	t.statement(source)
	for _, n := range names {
		if n.Name != "_" {
			t.variables[n.Name] = true
			t.statement("_ = " + n.Name)
		}
	}
	return nil
}

// fresh lists the names that a := declares.
func (t *translation) fresh(s *ast.AssignStmt) []*ast.Ident {
	var names []*ast.Ident
	for _, x := range s.Lhs {
		if id, ok := x.(*ast.Ident); ok && id.Name != "_" && !t.declared[id.Name] {
			names = append(names, id)
		}
	}
	return names
}

func isCall(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.CallExpr:
		return true
	case *ast.UnaryExpr:
		return x.Op == token.ARROW
	}
	return false
}

// show prints the values of the last line: one expression, or several with commas.
func (t *translation) show(c chunk) error {
	f, err := parseDecls("var _ = f(" + c.source + ")")
	if err != nil || c.terminated {
		return leftOut("what it shows is not its last expression")
	}
	call, ok := f.Decls[0].(*ast.GenDecl).Specs[0].(*ast.ValueSpec).Values[0].(*ast.CallExpr)
	if !ok {
		return leftOut("what it shows is not its last expression")
	}
	text := "package p;var _ = f(" + c.source
	for _, arg := range call.Args {
		t.statement("showValue(" + text[arg.Pos()-1:arg.End()-1] + ")")
	}
	return nil
}

// program puts the pieces together.
func (t *translation) program() ([]byte, error) {
	if err := t.findClosures(); err != nil {
		return nil, err
	}
	var pkg, body strings.Builder
	for _, p := range t.pieces {
		switch {
		case p.hoisted:
			pkg.WriteString(p.source + "\n\n")
		case p.fn != nil:
			body.WriteString(p.closure() + "\n")
		default:
			body.WriteString(p.source + "\n")
		}
	}
	if !t.declared["must"] {
		pkg.WriteString(mustSource)
	}
	rest := pkg.String() + marks + "func main() {\n" + body.String() + "}\n"
	head, err := t.importsOf(rest)
	if err != nil {
		return nil, err
	}
	program, err := format.Source([]byte(head + rest))
	if err != nil {
		return nil, leftOut("the program does not parse: %v", err)
	}
	return program, nil
}

// findClosures turns the functions that use variables of the cells, or other closures,
// into closures of main.
func (t *translation) findClosures() error {
	for changed := true; changed; {
		changed = false
		for _, p := range t.pieces {
			if p.fn == nil || !p.hoisted || !t.usesVariable(p) {
				continue
			}
			if p.fn.Recv != nil || p.fn.Type.TypeParams != nil {
				return leftOut("%s uses a variable of the cells and cannot be a closure", p.fn.Name.Name)
			}
			p.hoisted, changed = false, true
			t.variables[p.fn.Name.Name] = true
		}
	}
	return nil
}

func (t *translation) usesVariable(p *piece) bool {
	for name := range p.uses {
		if t.variables[name] {
			return true
		}
	}
	return false
}

// closure is a function as a variable, declared first because it may call itself.
func (p *piece) closure() string {
	at := func(pos token.Pos) int { return int(pos) - 1 - p.offset }
	name := p.fn.Name.Name
	signature := "func" + p.source[at(p.fn.Type.Params.Pos()):at(p.fn.Type.End())]
	return fmt.Sprintf("var %s %s\n%s = %s %s\n_ = %s", name, signature, name, signature, p.source[at(p.fn.Body.Pos()):at(p.fn.Body.End())], name)
}

// importsOf finds the imports of a program without any.
func (t *translation) importsOf(rest string) (string, error) {
	f, err := parser.ParseFile(token.NewFileSet(), "", "package main;"+rest, 0)
	if err != nil {
		return "", leftOut("the program does not parse: %v", err)
	}
	unresolved := map[*ast.Ident]bool{}
	for _, id := range f.Unresolved {
		unresolved[id] = true
	}
	needed := map[string]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && unresolved[id] {
				if importPath, ok := t.pathOf(id.Name); ok {
					needed[id.Name] = importPath
				}
			}
		}
		return true
	})
	var b strings.Builder
	b.WriteString("package main\n\nimport (\n")
	for _, name := range slices.Sorted(maps.Keys(needed)) {
		fmt.Fprintf(&b, "%s %q\n", name, needed[name])
	}
	for _, importPath := range t.blank {
		fmt.Fprintf(&b, "_ %q\n", importPath)
	}
	b.WriteString(")\n\n")
	return b.String(), nil
}

// pathOf is the package that a name stands for: as imported, found, or one that the marks
// need.
func (t *translation) pathOf(name string) (string, bool) {
	if importPath, ok := t.imported[name]; ok {
		return importPath, true
	}
	if importPath, ok := t.find(name); ok {
		return importPath, true
	}
	if name == "display" {
		return "github.com/dagbook/dagbook/display", true
	}
	return name, name == "fmt"
}

// A mark is a line that no cell prints by chance.
const (
	cellMark = "\x01cell "
	showMark = "\x01show"
	doneMark = "\x01done"
)

const marks = `
func beginCell(n int) { fmt.Printf("\x01cell %d\n", n) }

// showValue shows what a cell's last expression is: a value, or a value and a nil error.
func showValue(values ...any) {
	if len(values) == 2 && values[1] == nil {
		values = values[:1]
	}
	fmt.Println("\x01show")
	for _, v := range values {
		fmt.Println(display.Of(v).Data[display.MIMEText])
	}
	fmt.Println("\x01done")
}

`

const mustSource = `
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
`
