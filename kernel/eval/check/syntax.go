package check

import (
	"fmt"
	"go/scanner"
	"go/token"
	"regexp"
	"strings"
)

// syntaxErrors turns the parser's errors into ours.
func syntaxErrors(src *Source, err error) error {
	list, ok := err.(scanner.ErrorList)
	if !ok || len(list) == 0 {
		return Errors{&Error{Cell: src.Cell, Line: 1, Col: 1, Msg: err.Error(), Source: src}}
	}
	if off, msg := unbalanced(src.Text[src.Lead : src.Lead+len(src.Cut)]); msg != "" {
		return Errors{src.errorOffset(src.Lead+off, "syntax error: "+msg, "")}
	}
	e := list[0] // what follows a syntax error is mostly its echo
	msg := syntaxMessage(e.Msg)
	if noCall := strings.HasPrefix(e.Msg, "expression in ") && strings.HasSuffix(strings.TrimSpace(src.Cut), "}"); !noCall && e.Pos.Offset-src.Lead >= len(strings.TrimRight(src.Cut, " \t\r\n")) {
		msg = "syntax error: the cell ends too early: a bracket, a string or an expression is not finished"
	}
	at := src.errorOffset(e.Pos.Offset, msg, "")
	at.Hint = syntaxHint(src.misspelt(at))
	return Errors{at}
}

// unbalanced finds the first closing bracket that closes nothing, or another kind of
// bracket than is open; the parser tells of these only far behind.
func unbalanced(text string) (off int, msg string) {
	var sc scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	openText := false // a string that is not closed swallows brackets
	sc.Init(file, []byte(text), func(_ token.Position, msg string) {
		openText = openText || strings.HasSuffix(msg, "literal not terminated")
	}, 0)
	closes := map[token.Token]token.Token{token.LPAREN: token.RPAREN, token.LBRACK: token.RBRACK, token.LBRACE: token.RBRACE}
	var open []token.Token
	var at []int
	for {
		pos, tok, _ := sc.Scan()
		if openText {
			return 0, ""
		}
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

// misspelt gathers what is around an error.
func (s *Source) misspelt(e *Error) misspelt {
	at := misspelt{msg: e.Msg, line: e.Text()}
	if runes := []rune(at.line); e.Col-1 <= len(runes) {
		at.rest = string(runes[e.Col-1:])
	}
	if lines := strings.SplitN(s.Cut, "\n", e.Line+1); len(lines) > e.Line {
		at.below = strings.TrimSpace(lines[e.Line])
	}
	if strings.Contains(e.Msg, "ends too early") {
		for line := range strings.SplitSeq(s.Cut, "\n") {
			if headOnly.MatchString(line) {
				at.line = line
			}
		}
	}
	at.line = stringText.ReplaceAllString(at.line, `"·"`)
	at.line, _, _ = strings.Cut(at.line, "//")
	return at
}

// stringText is the text in a string, in which words mean nothing to Go.
var stringText = regexp.MustCompile(`"[^"]+"`)

// headOnly is a line with the head of a statement, and no block.
var headOnly = regexp.MustCompile(`^\s*(?:if|for|switch)\b[^{]*$`)

func syntaxMessage(msg string) string {
	msg = strings.TrimPrefix(msg, "expected operand, found ")
	switch {
	case strings.HasPrefix(msg, "'"):
		return "syntax error: there is a value missing before " + msg
	}
	return "syntax error: " + msg
}
