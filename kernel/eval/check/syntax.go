package check

import (
	"fmt"
	"go/scanner"
	"go/token"
	"go/types"
	"strings"
)

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
