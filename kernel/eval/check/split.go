package check

import (
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"
)

// A chunk is one top-level piece of a cell: the text between two semicolons
// (written or implied by a line end) outside all brackets.
type chunk struct {
	kind       chunkKind
	start, end int    // byte offsets into the cell
	time       string // "time" or "timeit" when the magic stands before the chunk
	name, args string // of a magic
	quiet      bool   // ended by a written semicolon
	list       []int  // offsets of the commas of an expression list
}

type chunkKind int

const (
	chunkStmt chunkKind = iota
	chunkImport
	chunkDecl // type, const, func, method
	chunkPackage
	chunkMagic
)

// splitter walks over a cell once. It restarts Go's scanner at every chunk, so
// that lines which are not Go (magics, shell commands) never reach it.
type splitter struct {
	src    string
	text   []byte                 // src, for the scanner
	known  func(name string) bool // is the name declared? decides between !cmd and !flag
	chunks []chunk
}

// split cuts a cell into its chunks, in order. It never fails: text that is no
// Go becomes a statement for the parser to complain about.
func split(src string, known func(string) bool) []chunk {
	s := &splitter{src: src, text: []byte(src), known: known}
	for off := 0; off < len(src); {
		off = s.next(off)
	}
	return s.chunks
}

// next reads the chunk that starts at or after off and returns the offset behind it.
func (s *splitter) next(off int) int {
	off = s.blank(off)
	if off >= len(s.src) {
		return off
	}
	c := chunk{start: off}
	if word, behind := s.timing(off); word != "" {
		c.time = word
		off = behind
		c.start = off
	} else if m, ok := s.magic(off); ok && s.beginsLine(off) {
		s.chunks = append(s.chunks, m)
		return m.end
	}
	return s.code(c, off)
}

// blank skips white space and comments, which belong to no chunk, and semicolons
// on their own; a semicolon that only follows a chunk was eaten with it.
func (s *splitter) blank(off int) int {
	for off < len(s.src) {
		rest := s.src[off:]
		switch {
		case strings.IndexByte(" \t\r\n;\ufeff", rest[0]) >= 0:
			if rest[0] == ';' && len(s.chunks) > 0 {
				s.chunks[len(s.chunks)-1].quiet = true
			}
			off++
		case strings.HasPrefix(rest, "//"):
			i := strings.IndexByte(rest, '\n')
			if i < 0 {
				return len(s.src)
			}
			off += i
		case strings.HasPrefix(rest, "/*"):
			i := strings.Index(rest, "*/")
			if i < 0 {
				return off // the parser says that it does not end
			}
			off += i + 2
		default:
			return off
		}
	}
	return off
}

// timing recognises %time and %timeit before a statement.
func (s *splitter) timing(off int) (word string, behind int) {
	for _, w := range []string{"timeit", "time"} {
		rest, ok := strings.CutPrefix(s.src[off:], "%"+w)
		if !ok || rest == "" || rest[0] != ' ' && rest[0] != '\t' {
			continue
		}
		trimmed := strings.TrimLeft(rest, " \t")
		if trimmed == "" || trimmed[0] == '\n' {
			return "", off
		}
		return w, len(s.src) - len(trimmed)
	}
	return "", off
}

// magic recognises %name args, !command and name? on a line of its own.
func (s *splitter) magic(off int) (chunk, bool) {
	line, _, _ := strings.Cut(s.src[off:], "\n")
	c := chunk{kind: chunkMagic, start: off, end: off + len(line)}
	text := strings.TrimSpace(line)
	switch {
	case text == "": // white space that Go does not know, such as a form feed
		return c, false
	case text[0] == '%':
		c.name, c.args = text[1:], ""
		if i := strings.IndexAny(c.name, " \t"); i >= 0 {
			c.name, c.args = c.name[:i], strings.TrimSpace(c.name[i:])
		}
		if name, help := strings.CutSuffix(c.name, "?"); help {
			c.name, c.args = "pinfo", "%"+strings.TrimRight(name, "?")
		}
		return c, c.name != ""
	case text[0] == '!' && !s.isNegation(text):
		c.name, c.args = "!", text[1:]
		return c, true
	case strings.HasSuffix(text, "?") && isName(strings.TrimRight(text, "?")):
		c.name, c.args = "pinfo", strings.TrimRight(text, "?")
		return c, true
	}
	return c, false
}

// beginsLine reports whether nothing but white space stands before off on its line.
func (s *splitter) beginsLine(off int) bool {
	line := s.src[:off]
	return strings.TrimSpace(line[strings.LastIndexByte(line, '\n')+1:]) == ""
}

// header is the head of an if, for or switch, whose semicolons end no statement.
type header struct {
	open   bool        // until the block begins
	inFunc bool        // a func literal's body comes before the block
	last   token.Token // the token before
}

func (h *header) token(tok token.Token, depth int) {
	if depth == 0 {
		switch tok {
		case token.IF, token.FOR, token.SWITCH:
			h.open = h.open || h.last == token.ILLEGAL || h.last == token.COLON || h.last == token.ELSE
		case token.FUNC:
			h.inFunc = true
		case token.LBRACE:
			h.open, h.inFunc = h.open && h.inFunc, false
		}
	}
	h.last = tok
}

// isNegation tells the Go expression !done from the shell command !ls: a
// negation starts with a name that is declared, or with a bracket.
func (s *splitter) isNegation(text string) bool {
	if _, err := parser.ParseExpr(text); err != nil {
		return false
	}
	name := strings.TrimLeft(text, "! ")
	if name != "" && name[0] == '(' {
		return true
	}
	i := 0
	for i < len(name) && isNameByte(name[i]) {
		i++
	}
	return s.known(name[:i])
}

func isName(text string) bool {
	for i := range len(text) {
		if !isNameByte(text[i]) && text[i] != '.' {
			return false
		}
	}
	return text != "" && !(text[0] >= '0' && text[0] <= '9')
}

func isNameByte(c byte) bool {
	return c == '_' || c >= 0x80 || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// code scans Go from off to the end of the chunk.
func (s *splitter) code(c chunk, off int) int {
	var sc scanner.Scanner
	text := s.src[off:]
	file := token.NewFileSet().AddFile("", -1, len(text))
	sc.Init(file, s.text[off:], nil, 0)
	k := kindScanner{text: text}
	var h header
	plain := true // no token of an assignment or a keyword outside brackets
	for {
		pos, tok, lit := sc.Scan()
		at := file.Offset(pos)
		if tok == token.EOF {
			return s.close(c, &k, len(s.src), len(s.src), plain)
		}
		if tok == token.SEMICOLON && lit == ";" && h.open {
			continue
		}
		h.token(tok, k.depth)
		if tok == token.SEMICOLON && k.depth <= 0 {
			c.quiet = lit == ";"
			behind := off + at
			if c.quiet {
				behind++
			}
			return s.close(c, &k, off+at, behind, plain)
		}
		if k.depth == 0 && tok == token.COMMA {
			c.list = append(c.list, off+at)
		}
		if k.depth == 0 && (tok.IsKeyword() && !startsExpr(tok) || tok >= token.ADD_ASSIGN && tok <= token.AND_NOT_ASSIGN || tok == token.ASSIGN || tok == token.DEFINE || tok == token.COLON || tok == token.INC || tok == token.DEC) {
			plain = false
		}
		k.token(tok, at, len(lit))
	}
}

func startsExpr(tok token.Token) bool {
	switch tok {
	case token.FUNC, token.MAP, token.STRUCT, token.CHAN, token.INTERFACE:
		return true
	}
	return false
}

func (s *splitter) close(c chunk, k *kindScanner, end, behind int, plain bool) int {
	c.end = end
	c.kind = k.kind()
	if c.kind != chunkStmt || !plain {
		c.list = nil
	}
	if k.n > 0 || strings.HasPrefix(s.src[c.start:], "/*") { // a comment that does not end
		s.chunks = append(s.chunks, c)
	}
	return max(behind, c.start+1)
}

// kindScanner finds what kind of chunk a run of tokens is; a function literal
// that is called at once is a statement, so func needs a closer look.
type kindScanner struct {
	text          string
	depth, n      int
	first, second token.Token
	receiver      int // 0 not closed, 1 the token behind it comes next, 2 done
	method        bool
}

func (k *kindScanner) token(tok token.Token, at, size int) {
	k.n++
	switch k.n {
	case 1:
		k.first = tok
	case 2:
		k.second = tok
	}
	if k.receiver == 1 {
		k.receiver = 2
		if tok == token.IDENT {
			rest := strings.TrimLeft(k.text[at+size:], " \t")
			k.method = strings.HasPrefix(rest, "(")
		}
	}
	switch tok {
	case token.LPAREN, token.LBRACE, token.LBRACK:
		k.depth++
	case token.RPAREN, token.RBRACE, token.RBRACK:
		k.depth--
		if k.depth == 0 && k.receiver == 0 {
			k.receiver = 1
		}
	}
}

func (k *kindScanner) kind() chunkKind {
	switch k.first {
	case token.IMPORT:
		return chunkImport
	case token.PACKAGE:
		return chunkPackage
	case token.TYPE, token.CONST:
		return chunkDecl
	case token.FUNC:
		if k.second == token.IDENT || k.method {
			return chunkDecl
		}
	}
	return chunkStmt
}

// keep returns the cell with every byte outside the chunks of the wanted kind
// blanked, so that what is left keeps its line and column.
func keep(src string, chunks []chunk, kind chunkKind) string {
	out := []byte(src)
	for i := range out {
		if out[i] != '\n' {
			out[i] = ' '
		}
	}
	for i, c := range chunks {
		if c.kind != kind {
			continue
		}
		copy(out[c.start:c.end], src[c.start:c.end])
		if len(c.list) > 0 && i == len(chunks)-1 {
			for _, comma := range c.list { // a, b on the last line shows both
				out[comma] = ';'
			}
		}
		if c.end < len(out) && out[c.end] == ' ' {
			out[c.end] = ';'
		}
	}
	return string(out)
}
