package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
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
	src := s.sources[s.fset.File(pos)]
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
		ours := c.errorAt(e.Pos, plainMessage(e.Msg), c.hint(e))
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

// hint says what the author probably meant, "" when there is nothing to say.
func (c *checking) hint(e types.Error) string {
	name, undefined := strings.CutPrefix(e.Msg, "undefined: ")
	switch {
	case undefined && strings.Contains(name, "."):
		return c.memberHint(name)
	case undefined:
		return c.nameHint(name, e.Pos)
	case strings.HasPrefix(e.Msg, "assignment mismatch: 1 variable but") && strings.Contains(e.Msg, "returns 2 values"):
		return "if the second value is an error, must(...) around the call returns the first and stops the cell on an error"
	case strings.HasSuffix(e.Msg, "is not used"):
		return "only the last expression of a cell is shown; display.Show(x) shows one in between"
	case strings.HasPrefix(e.Msg, "string.") && strings.Contains(e.Msg, "undefined"):
		return c.memberHint("strings." + strings.TrimPrefix(strings.Fields(e.Msg)[0], "string."))
	case strings.Contains(e.Msg, "undefined (type") && strings.Contains(e.Msg, "has no field or method"):
		if hint := c.shadowHint(e); hint != "" {
			return hint
		}
		return c.fieldHint(e)
	case strings.HasPrefix(e.Msg, "name ") && strings.Contains(e.Msg, " not exported by package "):
		member, pkg, _ := strings.Cut(strings.TrimPrefix(e.Msg, "name "), " not exported by package ")
		return c.memberHint(pkg + "." + strings.ToUpper(member[:1]) + member[1:])
	case strings.Contains(e.Msg, "mismatched types any and") || strings.HasPrefix(e.Msg, "cannot use") && strings.Contains(e.Msg, "of interface type any") || strings.Contains(e.Msg, "of type any) as"):
		return "an any becomes a number, say, by v.(int); z.ComputeInto(&n) computes into a variable of its own type"
	case strings.HasPrefix(e.Msg, "cannot use") && strings.Contains(e.Msg, " as "):
		return c.generationHint(e.Msg)
	}
	return ""
}

func (c *checking) nameHint(name string, pos token.Pos) string {
	paths := symbols.Named(name)
	if symbols.Ambiguous(name) && len(paths) > 1 {
		return "write the import: " + strings.Join(quoteAll(paths), " or ")
	}
	if near := c.nearest(name, pos); near != "" && len(paths) == 0 {
		return "did you mean " + near + "?"
	}
	if len(paths) > 0 {
		return fmt.Sprintf("%s is a package: write %s and a dot before what you want of it", name, name)
	}
	return ""
}

func quoteAll(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = fmt.Sprintf("%q", s)
	}
	return out
}

func (c *checking) memberHint(name string) string {
	pkg, member, _ := strings.Cut(name, ".")
	path := c.importsNow()[pkg]
	if paths := symbols.Named(pkg); path == "" && len(paths) > 0 {
		path = paths[0]
	}
	if path == "" {
		return ""
	}
	p, err := c.imp.Import(path)
	if err != nil {
		return ""
	}
	if o := p.Scope().Lookup(member); o != nil && o.Exported() {
		return "did you mean " + pkg + "." + member + "?"
	}
	var exported []string
	for _, n := range p.Scope().Names() {
		if token.IsExported(n) {
			exported = append(exported, n)
		}
	}
	if near := nearestName(member, exported); near != "" {
		return "did you mean " + pkg + "." + near + "?"
	}
	return ""
}

// shadowHint explains x.F when x is a variable that hides a package.
func (c *checking) shadowHint(e types.Error) string {
	name, _, _ := strings.Cut(e.Msg, ".")
	if len(symbols.Named(name)) == 0 {
		return ""
	}
	kind, since := "variable", "in this cell"
	if sym := c.after.names[name]; !c.definedHere(name) {
		if sym == nil {
			return ""
		}
		kind, since = sym.Kind.String(), fmt.Sprintf("since cell %d", sym.Cell)
	}
	return fmt.Sprintf("%s is a %s %s and hides the package %s: give it another name, or import the package again", name, kind, since, name)
}

// definedHere reports whether a statement of the part declares a variable of the name.
func (c *checking) definedHere(name string) bool {
	for _, st := range c.part.stmts {
		if contains(definedNames(st), name) {
			return true
		}
	}
	return false
}

// fieldHint finds the field or method that x.nam probably meant.
func (c *checking) fieldHint(e types.Error) string {
	var sel *ast.SelectorExpr
	c.part.inspect(func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Pos() == e.Pos {
			sel = s
		}
		return sel == nil
	})
	if sel == nil || c.info.Types[sel.X].Type == nil {
		return ""
	}
	var known []string
	for _, m := range c.typeMembers(c.info.Types[sel.X]) {
		known = append(known, m.obj.Name())
	}
	if near := nearestName(sel.Sel.Name, known); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return ""
}

// generationHint explains "cannot use w (variable of type P) as P value": two
// types of one name.
func (c *checking) generationHint(msg string) string {
	for n, sym := range c.after.names {
		if sym.Kind == Type && sym.Gen > 1 && strings.Contains(msg, " as "+n+" value") && (strings.Contains(msg, "of struct type "+n+")") || strings.Contains(msg, "of type "+n+")")) {
			return fmt.Sprintf("%s was declared anew in cell %d; values made before have the older type", n, sym.Cell)
		}
	}
	return ""
}

// nearest returns the known name that looks most like the unknown one at pos, "" if
// none does. Before a dot it is no type and no built-in function.
func (c *checking) nearest(name string, pos token.Pos) string {
	known := []string{mustName}
	if src := c.sources[c.fset.File(pos)]; src != nil && strings.HasPrefix(src.Text[src.Offset(pos)+len(name):], ".") {
		known = packageNames()
	} else {
		known = append(known, types.Universe.Names()...)
	}
	for _, o := range c.localObjects(pos) {
		known = append(known, o.obj.Name())
	}
	for _, st := range c.part.stmts {
		if st.Pos() < pos {
			known = append(known, definedNames(st)...)
		}
	}
	for n := range c.after.names {
		known = append(known, n)
	}
	for n := range c.objs {
		known = append(known, n)
	}
	for _, v := range c.vars {
		known = append(known, v.Name())
	}
	for n := range c.after.imports {
		known = append(known, n)
	}
	if near := nearestName(name, known); near != "" {
		return near
	}
	if len(name) > 3 {
		return nearestName(name, packageNames())
	}
	return ""
}

func packageNames() []string {
	var names []string
	for _, p := range symbols.Paths() {
		names = append(names, symbols.NameOf(p))
	}
	return names
}

func nearestOf(path string, paths []string) string {
	if near := nearestName(path, paths); near != "" {
		return "did you mean " + near + "?"
	}
	return ""
}

// nearestName finds the candidate at the smallest edit distance: at most one for
// short names, two for longer ones; letter case does not count.
func nearestName(name string, candidates []string) string {
	limit := 1
	if len(name) > 5 {
		limit = 2
	}
	if len(name) < 3 {
		limit = 0
	}
	best, at := "", limit+1
	for _, k := range candidates {
		if k == name || strings.ContainsAny(k, "·"+initMark) {
			continue
		}
		d := distance([]rune(strings.ToLower(name)), []rune(strings.ToLower(k)), limit)
		if d < at || d == at && d <= limit && k < best {
			best, at = k, d
		}
	}
	return best
}

// distance is the number of letters to insert, delete, replace or swap with
// their neighbour (optimal string alignment), or limit+1 when it is larger.
func distance(a, b []rune, limit int) int {
	if abs(len(a)-len(b)) > limit {
		return limit + 1
	}
	before, prev, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, prev, row = prev, row, before
	}
	return prev[len(b)]
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
