package check

import (
	"fmt"
	"go/token"
	"go/types"
	"regexp"
	"sort"
	"strings"
	"unicode/utf8"
)

// Error is a place in a cell that does not compile.
type Error struct {
	Cell, Line, Col int // from 1; columns count characters
	Msg             string
	Hint            string // what the author probably meant, or ""
	Source          *Source
}

// Error returns "cell 3, line 2, column 7: undefined: slowinx (did you mean slowinc?)".
func (e *Error) Error() string {
	s := fmt.Sprintf("cell %d, line %d, column %d: %s", e.Cell, e.Line, e.Col, e.Msg)
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}

// Text returns the line of the cell that the error is in.
func (e *Error) Text() string {
	if e.Source == nil {
		return ""
	}
	lines := strings.Split(e.Source.Cut, "\n")
	if e.Line < 1 || e.Line > len(lines) {
		return ""
	}
	return strings.TrimRight(lines[e.Line-1], "\r")
}

// Caret returns the line to print below Text, with ^ under the column.
func (e *Error) Caret() string {
	var b strings.Builder
	for i, r := range []rune(e.Text()) {
		if i+1 >= e.Col {
			break
		}
		if r == '\t' {
			b.WriteByte('\t')
		} else {
			b.WriteByte(' ')
		}
	}
	return b.String() + "^"
}

// Errors is what is wrong with a cell, in the order of its text. Never empty.
type Errors []*Error

func (es Errors) Error() string {
	var b strings.Builder
	for i, e := range es {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(e.Error())
		if text := e.Text(); text != "" {
			b.WriteString("\n    " + text + "\n    " + e.Caret())
		}
	}
	return b.String()
}

// mostErrors is how many errors of one cell are told: the first ones matter.
const mostErrors = 5

// line returns the line, from 1, of an offset in the cell.
func (s *Source) line(off int) int { return 1 + strings.Count(s.Cut[:min(off, len(s.Cut))], "\n") }

func (s *Source) errorAt(pos token.Pos, msg, hint string) *Error {
	return s.errorOffset(s.Offset(pos), msg, hint)
}

// errorOffset makes an error at an offset of the parsed text.
func (s *Source) errorOffset(off int, msg, hint string) *Error {
	off = max(0, min(off-s.Lead, len(s.Cut)))
	if off == len(s.Cut) { // the end of the cell: its last character
		off = len(strings.TrimRight(s.Cut, " \t\r\n"))
	}
	line := s.line(off)
	start := strings.LastIndexByte(s.Cut[:off], '\n') + 1
	return &Error{Cell: s.Cell, Line: line, Col: 1 + utf8.RuneCountInString(s.Cut[start:off]), Msg: msg, Hint: hint, Source: s}
}

// Position returns where in which cell a node's position is.
func (s *Session) Position(pos token.Pos) (cell, line, col int) {
	s.sourcesMu.RLock()
	src := s.sources[s.fset.File(pos)]
	s.sourcesMu.RUnlock()
	if src == nil {
		return 0, 0, 0
	}
	e := src.errorAt(pos, "", "")
	return e.Cell, e.Line, e.Col
}

func (c *checking) errorAt(pos token.Pos, msg, hint string) *Error {
	if src := c.sources[c.fset.File(pos)]; src != nil {
		return src.errorAt(pos, msg, hint)
	}
	return &Error{Cell: c.part.cell, Line: 1, Col: 1, Msg: msg, Hint: hint, Source: c.part.src}
}

// errors turns the checker's errors into ours, sorted, without repetitions.
func (c *checking) errors(list []types.Error) error {
	list = joined(list)
	sort.SliceStable(list, func(i, j int) bool { return list[i].Pos < list[j].Pos })
	var out Errors
	seen := map[string]bool{}
	for _, e := range list {
		ours := c.errorAt(e.Pos, plainMessage(e.Msg), "")
		if w := c.behind(e); w == nil {
			ours.Hint = c.hint(e)
		} else if strings.Contains(e.Msg, "undefined") {
			ours.Msg = c.notYet(w)
		} else {
			ours.Hint = c.notYet(w)
		}
		key := fmt.Sprint(ours.Line, ours.Msg)
		if seen[key] {
			continue
		}
		seen[key] = true
		out = append(out, ours)
		if len(out) == mostErrors {
			break
		}
	}
	return out
}

// plainMessage takes the inner workings out of a message of go/types.
func plainMessage(msg string) string {
	msg = strings.ReplaceAll(msg, "main.", "")
	msg = strings.ReplaceAll(msg, initMark, "")
	msg = writtenDot.ReplaceAllString(msg, "")
	msg = strings.ReplaceAll(msg, "\n\thave ", ": have ")
	msg = strings.ReplaceAll(msg, "\n\twant ", ", want ")
	msg = strings.ReplaceAll(msg, "\n\t", " ")
	return strings.TrimSpace(declaredAt.ReplaceAllString(msg, ""))
}

// declaredAt is where go/types says that a package's object stands; packages have no
// positions here.
var declaredAt = regexp.MustCompile(`,? ?\(?declared at [^)]*\)?`)

// joined puts go/types' continuation lines behind the errors that they belong to.
func joined(list []types.Error) []types.Error {
	var out []types.Error
	for _, e := range list {
		if strings.HasPrefix(e.Msg, "\t") && len(out) > 0 {
			out[len(out)-1].Msg += "; " + strings.TrimSpace(e.Msg)
			continue
		}
		out = append(out, e)
	}
	return out
}
