package check

import (
	"go/ast"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// Match is a completion.
type Match struct {
	Text string
	Kind string // function, variable, type, constant, package, field, method, keyword, label
	Type string // what it is, as Go writes it; may be ""
}

// Completion is what can stand at a place: the bytes [Start, End) of the cell are
// to be replaced by one of the matches. They are in the order in which they are likely:
// those that begin with the very letters of the prefix before those in another case, then
// what has the type that is wanted there, then the nearer scope.
type Completion struct {
	Start, End int
	Matches    []Match
}

// Complete returns what can stand at the byte offset cursor of an unfinished cell. It
// changes nothing. Inside of strings and comments, and where a new name stands, there are
// no matches.
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
	if !holdsGo(code) {
		return comp
	}
	if from, ok := importPath(code[:cursor]); ok {
		comp.Start = from
		comp.Matches = pathMatches(code[from:cursor])
		return comp
	}
	head := s.withoutMagics(code[:start], prefix)
	last, ok := lastTokens(head)
	if !ok || prefix != "" && prefix[0] >= '0' && prefix[0] <= '9' {
		return comp
	}
	text, place := unfinished(code, start, cursor, marker)
	e := s.explore(text, place, marker)
	comp.Matches = ranked(e.candidates(last), prefix)
	return comp
}

// candidate is a match with what decides its place: the smaller, the earlier.
type candidate struct {
	Match
	fit  int // how well it has the wanted type
	near int // how near its scope is
}

// How near the scope of a candidate is; local names have negative numbers, the innermost
// the smallest.
const (
	nearCell = iota
	nearSession
	nearLanguage
	nearImport
	nearPackage
)

// ranked sorts the candidates that begin with the prefix.
func ranked(list []candidate, prefix string) []Match {
	low := strings.ToLower(prefix)
	list = slices.DeleteFunc(list, func(c candidate) bool { return !strings.HasPrefix(strings.ToLower(c.Text), low) })
	other := func(c candidate) int {
		if strings.HasPrefix(c.Text, prefix) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b candidate) int {
		if d := other(a) - other(b); d != 0 {
			return d
		}
		if d := a.fit - b.fit; d != 0 {
			return d
		}
		if d := a.near - b.near; d != 0 {
			return d
		}
		return strings.Compare(a.Text, b.Text)
	})
	out := make([]Match, 0, len(list))
	seen := map[string]bool{}
	for _, c := range list {
		if !seen[c.Text] {
			seen[c.Text] = true
			out = append(out, c.Match)
		}
	}
	return out
}

// candidates returns what can stand at the marker, behind the last tokens of the text.
func (e *exploration) candidates(last tokens) []candidate {
	switch {
	case last.newName():
		return nil
	case last.jump():
		return e.labels()
	case last.at(0) == token.ELLIPSIS: // after a parameter's ... stands a type, after an argument's nothing
		if _, ok := e.parent().(*ast.Ellipsis); !ok {
			return nil
		}
	case last.at(0) == token.PERIOD:
		sel, ok := e.parent().(*ast.SelectorExpr)
		if !ok || sel.Sel != e.at {
			return nil
		}
		return e.members(sel.X, e.wanted())
	}
	var list []candidate
	w := e.wanted()
	if last.at(0) == token.RBRACE && !last.newLine {
		return []candidate{{Match: Match{"else", "keyword", ""}}}
	}
	if lit, ok := e.parent().(*ast.CompositeLit); ok {
		list = e.missingFields(lit)
	}
	list = append(list, e.names(w)...)
	for _, word := range e.keywords(last) {
		list = append(list, candidate{Match{word, "keyword", ""}, w.keyword(word), nearLanguage})
	}
	return list
}

// holdsGo reports whether a cell is Go: the body of %%bash is not.
func holdsGo(code string) bool {
	first := strings.TrimLeft(code, " \t\r\n\ufeff")
	name, magic := strings.CutPrefix(first, "%%")
	if !magic {
		return true
	}
	name, _, _ = strings.Cut(name, "\n")
	word, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	return strings.Contains(first, "\n") && (word == "time" || word == "timeit")
}

// withoutMagics blanks the lines of a text that are not Go. A text that ends in one is
// made a comment from there.
func (s *Session) withoutMagics(text, prefix string) string {
	if !strings.ContainsAny(text, "%!?") {
		return text
	}
	out := []byte(text)
	for _, c := range s.chunks(text + prefix) {
		if c.kind != chunkMagic {
			continue
		}
		if c.end >= len(text) {
			return text[:c.start] + "//"
		}
		for i := c.start; i < c.end; i++ {
			out[i] = ' '
		}
	}
	return string(out)
}

// importPath reports whether text ends inside the string of an import line, and
// where that string starts.
func importPath(text string) (int, bool) {
	line := text[strings.LastIndexByte(text, '\n')+1:]
	quote := strings.LastIndexAny(line, "\"`")
	if quote < 0 || strings.Count(line, line[quote:quote+1])%2 == 0 {
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

// tokens are the last tokens of a text, the last one first, and whether a line began
// between them and the end.
type tokens struct {
	last    [3]token.Token
	first   token.Token // of the statement that the text ends in
	newLine bool
}

func (t *tokens) at(i int) token.Token { return t.last[i] }

// newName reports whether the next word is a name that is being declared.
func (t *tokens) newName() bool {
	switch t.at(0) {
	case token.VAR, token.CONST, token.TYPE, token.PACKAGE, token.IMPORT:
		return true
	case token.FUNC:
		return t.at(1) == token.SEMICOLON || t.at(1) == token.ILLEGAL
	case token.INT, token.FLOAT, token.IMAG, token.STRING, token.CHAR: // 3.
		return !t.newLine
	}
	return false
}

// jump reports whether the next word is a label.
func (t *tokens) jump() bool {
	switch t.at(0) {
	case token.BREAK, token.CONTINUE, token.GOTO:
		return !t.newLine
	}
	return false
}

// lastTokens scans a text; it is false when the text ends inside a string or a comment.
func lastTokens(text string) (t tokens, ok bool) {
	var sc scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	open := false
	sc.Init(file, []byte(text), func(_ token.Position, msg string) {
		open = open || strings.Contains(msg, "not terminated")
	}, scanner.ScanComments)
	for {
		open = false
		pos, tok, lit := sc.Scan()
		at := min(file.Offset(pos), len(text))
		if open && (strings.HasPrefix(text[at:], "`") || strings.HasPrefix(text[at:], "/*") || !strings.Contains(text[at:], "\n")) {
			return t, false
		}
		switch {
		case tok == token.EOF:
			return t, true
		case tok == token.COMMENT:
			if strings.HasPrefix(lit, "//") && !strings.Contains(text[at:], "\n") {
				return t, false
			}
			continue
		case tok == token.SEMICOLON && lit == "\n" && strings.TrimLeft(text[at:], " \t\r") == "":
			return t, true // the end of the text is not the end of a line
		}
		t.newLine = tok == token.SEMICOLON && lit == "\n"
		t.last = [3]token.Token{tok, t.last[0], t.last[1]}
		switch {
		case tok == token.SEMICOLON && (lit == "\n" || t.first != token.FOR), tok == token.LBRACE, tok == token.RBRACE, tok == token.COLON:
			t.first = token.ILLEGAL
		case t.first == token.ILLEGAL:
			t.first = tok
		}
	}
}

// inText reports whether text ends inside a string or a comment.
func inText(text string) bool {
	_, ok := lastTokens(text)
	return !ok
}

// labels returns the labels around the marker.
func (e *exploration) labels() []candidate {
	var list []candidate
	for _, n := range e.path {
		if l, ok := n.(*ast.LabeledStmt); ok {
			list = append(list, candidate{Match: Match{l.Label.Name, "label", ""}})
		}
	}
	return list
}

// keywords returns the keywords that can stand at the marker.
func (e *exploration) keywords(last tokens) []string {
	words := []string{"func", "map", "chan", "struct", "interface"}
	switch {
	case last.at(0) == token.ELSE:
		return []string{"if"}
	case last.first == token.FOR && (last.at(0) == token.FOR || last.at(0) == token.DEFINE || last.at(0) == token.ASSIGN):
		return append(words, "range")
	case e.at == nil:
		for t := token.BREAK; t <= token.VAR; t++ {
			words = append(words, t.String())
		}
		return words
	case e.atStatement():
		return append(words, e.statementWords()...)
	}
	return words
}

// atStatement reports whether the marker is where a statement begins.
func (e *exploration) atStatement() bool {
	st, ok := e.parent().(*ast.ExprStmt)
	return ok && st.X == ast.Expr(e.at)
}

// statementWords returns the keywords that a statement at the marker can begin with.
func (e *exploration) statementWords() []string {
	words := []string{"if", "for", "switch", "select", "go", "defer", "return", "var", "const", "type", "goto"}
	seen := map[string]bool{}
	add := func(list ...string) {
		for _, w := range list {
			if !seen[w] {
				seen[w] = true
				words = append(words, w)
			}
		}
	}
	if len(e.path) == 1 {
		add("import", "package")
	}
	for i := len(e.path) - 1; i >= 0; i-- {
		switch e.path[i].(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			add("break", "continue")
		case *ast.SwitchStmt:
			add("break", "case", "default", "fallthrough")
		case *ast.TypeSwitchStmt, *ast.SelectStmt:
			add("break", "case", "default")
		case *ast.FuncLit:
			return words
		}
	}
	return words
}

// typeString writes a type as cells do: their own names without a package.
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
