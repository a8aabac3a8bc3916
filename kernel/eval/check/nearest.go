package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// nameHint says what was meant by a name that is not declared.
func (c *checking) nameHint(name string, pos token.Pos) string {
	paths := symbols.Named(name)
	switch {
	case symbols.Ambiguous(name) && len(paths) > 1:
		return "write the import: " + strings.Join(quoteAll(paths), " or ")
	case foreignNames[name] != "":
		return foreignNames[name]
	case printName.MatchString(name):
		return "did you mean fmt." + name + "?"
	}
	if line := c.declaredBelow(name, pos); line > 0 {
		return fmt.Sprintf("%s is declared below, in line %d; the statements of a cell run from top to bottom", name, line)
	}
	if near := c.nearest(name, pos); near != "" && len(paths) == 0 {
		return "did you mean " + near + "?"
	}
	if len(paths) > 0 {
		return fmt.Sprintf("%s is a package: write %s and a dot before what you want of it", name, name)
	}
	return c.placeHint(name, pos)
}

// printName is a function of package fmt, whose name is often forgotten before it.
var printName = regexp.MustCompile(`^(?:(?:Print|Sprint|Fprint|Scan|Sscan|Fscan)(?:f|ln)?|Errorf)$`)

// foreignNames are the names that other languages have for what Go has.
var foreignNames = map[string]string{
	"None": "Go's word is nil", "null": "Go's word is nil", "NULL": "Go's word is nil", "undefined": "Go's word is nil",
	"True": "did you mean true?", "TRUE": "did you mean true?", "False": "did you mean false?", "FALSE": "did you mean false?",
	"pass": "Go needs no pass: { } is an empty block",
	"this": "a method gives its receiver a name: func (p Point) Norm()", "self": "a method gives its receiver a name: func (p Point) Norm()",
	"str": "fmt.Sprint(x) makes a string of a value", "float": "Go's types are float64 and float32", "double": "Go's type is float64",
	"char": "Go's types are byte and rune", "boolean": "Go's type is bool", "String": "Go's type is string", "list": "Go's lists are slices: []int{1, 2}", "dict": "Go's tables are maps: map[string]int{}",
	"printf": "it is fmt.Printf", "input": "fmt.Scan(&x) reads what is typed", "try": "errors are values: if err != nil { … }, or must(f())", "object": "Go's type is any",
}

// declaredBelow returns the line of a statement behind pos that declares the name, 0 when
// there is none or pos is in a function.
func (c *checking) declaredBelow(name string, pos token.Pos) int {
	for _, st := range c.part.stmts {
		if st.Pos() <= pos {
			continue
		}
		for _, id := range definedIdents(st) {
			if id.Name == name && c.part.src.File == c.fset.File(pos) {
				_, line, _ := c.Position(id.Pos())
				return line
			}
		}
	}
	return 0
}

// placeHint looks at where an unknown name stands.
func (c *checking) placeHint(name string, pos token.Pos) (hint string) {
	c.nodes(pos, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if len(n.Lhs) > 0 && n.Lhs[0].Pos() == pos && n.Tok == token.ASSIGN {
				hint = ":= declares a variable: " + c.quote(n.Lhs[0]) + " := " + c.quote(n.Rhs[0])
			}
		case *ast.FuncType:
			for _, f := range n.Params.List {
				if id, ok := f.Type.(*ast.Ident); ok && id.Pos() == pos && len(f.Names) == 0 {
					hint = "a parameter has a name and a type: " + name + " int"
				}
			}
		}
	})
	return hint
}

func quoteAll(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = fmt.Sprintf("%q", s)
	}
	return out
}

// memberHint finds what pkg.member probably meant.
func (c *checking) memberHint(name string) string {
	pkg, member, _ := strings.Cut(name, ".")
	path := c.importsNow()[pkg]
	if paths := symbols.Named(pkg); path == "" && len(paths) > 0 {
		path = paths[0]
	}
	exported := c.exported(path)
	if contains(exported, member) {
		return "did you mean " + pkg + "." + member + "?"
	}
	if near := nearestName(member, exported); near != "" {
		return "did you mean " + pkg + "." + near + "?"
	}
	return ""
}

// exported returns the names that a package exports, nil for an unknown path.
func (c *checking) exported(path string) []string {
	if path == "" {
		return nil
	}
	p, err := c.imp.Import(path)
	if err != nil {
		return nil
	}
	var names []string
	for _, n := range p.Scope().Names() {
		if token.IsExported(n) {
			names = append(names, n)
		}
	}
	return names
}

// nearest returns the known name that looks most like the unknown one at pos, "" if
// none does. Before a dot it is no type and no built-in function.
func (c *checking) nearest(name string, pos token.Pos) string {
	var known []string
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
	for n := range c.dotObjects() {
		known = append(known, n)
	}
	member, qualifies := c.memberOf(name, pos)
	if !qualifies {
		known = append(append(known, mustName), types.Universe.Names()...)
	}
	if near := nearestName(name, known); near != "" {
		return near
	}
	if qualifies {
		return c.nearestPackage(name, member)
	}
	if len(name) > 3 && !token.IsExported(name) && !c.called(name, pos) { // packages are written small
		return nearestName(name, packageNames())
	}
	return ""
}

// called reports whether a name is called, which no package is.
func (c *checking) called(name string, pos token.Pos) bool {
	src := c.sources[c.fset.File(pos)]
	return src != nil && strings.HasPrefix(src.Text[min(src.Offset(pos)+len(name), len(src.Text)):], "(")
}

// memberOf returns what stands behind the dot that follows a name, and whether one does.
func (c *checking) memberOf(name string, pos token.Pos) (member string, ok bool) {
	src := c.sources[c.fset.File(pos)]
	if src == nil {
		return "", false
	}
	rest, ok := strings.CutPrefix(src.Text[min(src.Offset(pos)+len(name), len(src.Text)):], ".")
	end := 0
	for end < len(rest) && isNameByte(rest[end]) {
		end++
	}
	return rest[:end], ok
}

// nearestPackage returns the package name that looks most like an unknown one: of
// those that have the member, if any has it.
func (c *checking) nearestPackage(name, member string) string {
	var having []string
	for _, n := range packageNames() {
		if nearestName(name, []string{n}) == "" {
			continue
		}
		for _, path := range symbols.Named(n) {
			if contains(c.exported(path), member) {
				having = append(having, n)
			}
		}
	}
	if near := nearestName(name, having); near != "" {
		return near
	}
	return nearestName(name, packageNames())
}

func packageNames() []string {
	var names []string
	for _, p := range symbols.Paths() {
		names = append(names, symbols.NameOf(p))
	}
	return names
}

// nearestOf says which import paths a path probably meant: those that end in it, or
// the one that looks most like it.
func nearestOf(path string, paths []string) string {
	if whole := symbols.Named(path); len(whole) > 0 {
		return "did you mean " + strings.Join(whole, " or ") + "?"
	}
	if near := nearestName(path, paths); near != "" {
		return "did you mean " + near + "?"
	}
	if near := nearestName(path[strings.LastIndexByte(path, '/')+1:], packageNames()); near != "" {
		return "did you mean " + strings.Join(symbols.Named(near), " or ") + "?"
	}
	return ""
}

// nearestName finds the candidate at the smallest edit distance: at most one for
// short names, two for longer ones; letter case does not count. Names of three letters
// begin alike.
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
		if k == name || k == "" || strings.ContainsAny(k, "·"+initMark) || len(name) <= 3 && !strings.EqualFold(k[:1], name[:1]) {
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
