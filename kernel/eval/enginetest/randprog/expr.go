package randprog

import (
	"fmt"
	"strconv"
	"strings"
)

// expression is text of a known type; a constant one is folded by the compiler, which then
// refuses what would overflow.
type expression struct {
	text     string
	constant bool
}

// vary returns the expression as one that the compiler does not compute.
func (e expression) vary() expression {
	if e.constant {
		return expression{text: "nc(" + e.text + ")"}
	}
	return e
}

// expr returns an expression of a type; vexpr is one that is not constant.
func (g *generator) expr(t *typ, depth int) expression {
	if depth <= 0 || g.chance(15) {
		return g.leaf(t)
	}
	for range 3 {
		if e, ok := g.reach(t, depth); ok {
			return e
		}
	}
	switch t.kind {
	case boolean:
		return g.boolean(t, depth)
	case integer:
		return g.integerExpr(t, depth)
	case float:
		return g.floatExpr(t, depth)
	case complexNumber:
		return g.complexExpr(t, depth)
	case text:
		return g.textExpr(t, depth)
	case slice:
		return g.sliceExpr(t, depth)
	case anything:
		return expression{text: g.anyOf(depth)}
	case callable:
		return expression{text: g.literalFunc(t.fn, true, methodSteps)}
	case shape:
		return expression{text: g.shapeOf(depth)}
	}
	return g.composite(t, depth)
}

func (g *generator) text(t *typ, depth int) string { return g.expr(t, depth).text }

func (g *generator) varying(t *typ, depth int) string { return g.expr(t, depth).vary().text }

// leaf returns a variable, a constant or a literal.
func (g *generator) leaf(t *typ) expression {
	if vs := g.holding(t); len(vs) > 0 && g.chance(75) {
		return expression{text: vs[g.n(len(vs))].name}
	}
	for _, c := range g.consts {
		if c.t.name == t.name && g.chance(15) {
			return expression{c.name, true}
		}
	}
	return g.literal(t)
}

func (g *generator) holding(t *typ) []variable {
	return g.visible(func(_ int, v variable) bool { return v.t.name == t.name })
}

func (g *generator) literal(t *typ) expression {
	switch t.kind {
	case boolean:
		return expression{g.typed(t, "bool", g.pick("true", "false")), true}
	case integer:
		if t.name != "int" && g.chance(10) {
			return expression{t.name + "(" + g.rune(t) + ")", true}
		}
		return expression{g.typed(t, "int", g.whole(t)), true}
	case float:
		return expression{g.typed(t, "float64", g.pick("0.5", "1.25", "-3.0", "100.0", "0.1", "2.5e3", "7.0", "0x1p-3")), true}
	case complexNumber:
		return expression{g.typed(t, "complex128", g.pick("(1+2i)", "(0.5-1i)", "3i", "(-2+0i)")), true}
	case text:
		return expression{g.typed(t, "string", g.pick(`""`, `"a"`, `"go"`, `"héllo"`, `"日本"`, `"x\x80y"`, "`r\\n`", `"tab\t"`, `"🙂"`)), true}
	}
	return g.composite(t, 0)
}

// typed writes a literal as one of type t, plainly where that is the type it has anyway.
func (g *generator) typed(t *typ, usual, literal string) string {
	if t.name == usual && g.chance(90) {
		return literal
	}
	return t.name + "(" + literal + ")"
}

// rune returns a literal of a character that fits.
func (g *generator) rune(t *typ) string {
	if bits, signed := t.bits(); bits > 8 || !signed {
		return g.pick("'a'", "'é'", "'\\n'", "'\\x41'", "'\\u00ff'")
	}
	return g.pick("'a'", "'\\n'", "'\\''")
}

// whole returns an integer that fits the type, the ends of its range now and then.
func (g *generator) whole(t *typ) string {
	bits, signed := t.bits()
	switch {
	case g.chance(70):
		n := g.n(12)
		if signed && g.chance(25) {
			return "(-" + strconv.Itoa(n) + ")"
		}
		return strconv.Itoa(n)
	case g.chance(30) && bits >= 32:
		return g.pick("0x7f", "0b101", "0o17", "1_000")
	case signed && g.chance(50):
		return "(-" + strconv.FormatUint(1<<(bits-1), 10) + ")"
	case signed:
		return strconv.FormatUint(1<<(bits-1)-1, 10)
	}
	return strconv.FormatUint(1<<(bits-1)-1+1<<(bits-1), 10)
}

// reach returns a value of the type that is part of another or the result of a call.
func (g *generator) reach(t *typ, depth int) (expression, bool) {
	var e string
	switch g.n(15) {
	case 0, 1:
		e = g.fieldOf(t)
	case 2, 3:
		e = g.elementOf(t, depth)
	case 4, 5:
		e = g.callOf(t, depth)
	case 6:
		e = g.pointee(t)
	case 7:
		e = g.genericCall(t, depth)
	case 8:
		if g.calls {
			e = fmt.Sprintf("tr(%d, %s)", g.n(1000), g.text(t, depth-1))
		}
	case 9:
		if t.kind != shape && t.kind != anything {
			e = fmt.Sprintf("any(%s).(%s)", g.text(t, depth-1), t.name)
		}
	case 10:
		e = fmt.Sprintf("pair[%s, %s]{%s, %s}.%s", t.name, t.name, g.text(t, depth-1), g.text(t, depth-1), g.pick("first", "swap().first", "second"))
	case 11:
		if g.nesting < 3 {
			e = g.literalFunc(&function{results: []*typ{t}}, true, 8) + "()"
		}
	case 12:
		e = fmt.Sprintf("choose(%s, %s, %s)", g.text(boolType, depth-1), g.varying(t, depth-1), g.text(t, depth-1))
	case 13:
		e = fmt.Sprintf("(*ref(%s))", g.text(t, depth-1))
	case 14:
		if t.kind == structure {
			e = fmt.Sprintf("(*&%s)", g.composite(t, depth-1).text)
		}
	}
	return expression{text: e}, e != ""
}

// fieldOf returns a field, perhaps a promoted one, of a struct variable or of the struct a
// pointer variable points to.
func (g *generator) fieldOf(t *typ) string {
	var found []string
	for _, v := range g.visible(func(int, variable) bool { return true }) {
		s := v.t
		if s.kind == pointer {
			s = s.elem
		}
		found = append(found, fieldsOf(s, v.name, t, 2)...)
	}
	if len(found) == 0 {
		return ""
	}
	return found[g.n(len(found))]
}

func fieldsOf(s *typ, path string, t *typ, depth int) []string {
	var found []string
	if s.kind != structure || depth == 0 {
		return nil
	}
	for _, f := range s.field {
		here := path + "." + f.name
		if f.t.name == t.name {
			found = append(found, here)
		}
		found = append(found, fieldsOf(f.t, here, t, depth-1)...)
		if f.embedded {
			for _, in := range fieldsOf(f.t, path, t, 1) {
				if !hides(s, in[len(path)+1:]) {
					found = append(found, in)
				}
			}
		}
	}
	return found
}

// hides says whether a promoted name of s is not the embedded struct's: its own, or one
// that two embedded structs have (all names are fresh but those of embedded fields).
func hides(s *typ, name string) bool {
	n := 0
	for _, f := range s.field {
		if f.name == name {
			return true
		}
		if f.embedded {
			for _, in := range f.t.field {
				if in.name == name {
					n++
				}
			}
		}
	}
	return n > 1
}

// elementOf returns an element of an array, slice or map variable.
func (g *generator) elementOf(t *typ, depth int) string {
	vs := g.visible(func(_ int, v variable) bool { return v.t.elem != nil && v.t.elem.name == t.name && v.t.kind != pointer })
	if len(vs) == 0 {
		return ""
	}
	v := vs[g.n(len(vs))]
	switch {
	case v.t.kind == mapping:
		return fmt.Sprintf("%s[%s]", v.name, g.text(v.t.key, depth-1))
	case g.risky:
		return fmt.Sprintf("%s[%s]", v.name, g.varying(g.integer(), depth-1))
	case v.t.kind == slice:
		return fmt.Sprintf("at(%s, %s)", v.name, g.text(intType, depth-1))
	case g.chance(40):
		return fmt.Sprintf("%s[uint(%s)%%%d]", v.name, g.varying(intType, depth-1), v.t.n)
	}
	return fmt.Sprintf("%s[%d]", v.name, g.n(v.t.n))
}

func (g *generator) pointee(t *typ) string {
	vs := g.visible(func(_ int, v variable) bool { return v.t.kind == pointer && v.t.elem.name == t.name })
	if len(vs) == 0 {
		return ""
	}
	return "(*" + vs[g.n(len(vs))].name + ")"
}

// callOf calls a function or a method that gives t. They print, so calls must be allowed.
func (g *generator) callOf(t *typ, depth int) string {
	if !g.calls {
		return ""
	}
	if t.name == "int" && g.methods && g.affords(methodSteps) && g.chance(40) {
		g.cost += methodSteps * g.mult
		return g.areaCall(depth)
	}
	for range 3 {
		if len(g.funcs) == 0 {
			return ""
		}
		f := g.funcs[g.n(len(g.funcs))]
		if !f.changes && len(f.results) == 1 && f.results[0].name == t.name && g.affords(f.cost) {
			g.cost += f.cost * g.mult
			return f.name + "(" + g.args(f, depth-1) + ")"
		}
	}
	return ""
}

// areaCall calls area, which all structs have, on a struct, a pointer, an interface, as a
// method value or a method expression.
func (g *generator) areaCall(depth int) string {
	s := g.structType()
	arg := g.text(intType, depth-1)
	switch g.n(5) {
	case 0:
		return fmt.Sprintf("%s.area(%s)", g.text(shapeType, depth-1), arg)
	case 1:
		return fmt.Sprintf("%s.area(%s, %s)", s.name, g.text(s, depth-1), arg)
	case 2:
		return fmt.Sprintf("(*%s).area(ref(%s), %s)", s.name, g.text(s, depth-1), arg)
	case 3:
		return fmt.Sprintf("shape.area(%s, %s)", g.text(shapeType, depth-1), arg)
	}
	return fmt.Sprintf("(%s).area(%s)", g.text(s, depth-1), arg)
}

func (g *generator) structType() *typ {
	for {
		if t := g.named[g.n(len(g.named))]; t.kind == structure {
			return t
		}
	}
}

// shapeOf returns a struct or a pointer to one as a shape.
func (g *generator) shapeOf(depth int) string {
	s := g.structType()
	if g.chance(40) {
		return fmt.Sprintf("shape(ref(%s))", g.text(s, depth-1))
	}
	return fmt.Sprintf("shape(%s)", g.text(s, depth-1))
}

// args writes the arguments of a call of f.
func (g *generator) args(f *function, depth int) string {
	var out []string
	for i, p := range f.params {
		if !f.variadic || i < len(f.params)-1 {
			out = append(out, g.text(p, depth))
			continue
		}
		if g.chance(25) {
			out = append(out, g.text(p, depth)+"...")
			continue
		}
		for range g.n(4) {
			out = append(out, g.text(p.elem, depth))
		}
	}
	return strings.Join(out, ", ")
}

// anyOf returns a value as an any; no address is in it, and == does not
// panic.
func (g *generator) anyOf(depth int) string {
	for range 5 {
		if t := g.value(1); t.plain() && t.comparable() && t.kind != anything {
			return "any(" + g.text(t, depth-1) + ")"
		}
	}
	return g.pick("any(nil)", "any(1)", `any("s")`)
}

// composite writes a literal of a type that is no number or string.
func (g *generator) composite(t *typ, depth int) expression {
	if t.under != "" && t.kind != slice && t.kind != mapping {
		return expression{text: t.name + "(" + g.varying(basic(t.under, t.kind), depth-1) + ")"}
	}
	var parts []string
	switch t.kind {
	case slice:
		if g.chance(10) {
			return expression{text: t.name + "(nil)"}
		}
		for range g.n(4) {
			parts = append(parts, g.text(t.elem, depth-1))
		}
	case array:
		for i := range g.n(t.n + 1) {
			e := g.text(t.elem, depth-1)
			if g.chance(15) {
				e = fmt.Sprintf("%d: %s", i, e)
			}
			parts = append(parts, e)
		}
	case mapping:
		for _, k := range g.keys(t.key, depth) {
			parts = append(parts, k+": "+g.text(t.elem, depth-1))
		}
	case structure:
		return expression{text: g.structLiteral(t, depth)}
	case pointer:
		return expression{text: "ref(" + g.text(t.elem, depth-1) + ")"}
	case anything:
		return expression{text: g.anyOf(depth)}
	case callable:
		return expression{text: g.literalFunc(t.fn, true, 8)}
	case shape:
		return expression{text: g.shapeOf(depth)}
	default:
		return g.literal(t)
	}
	return expression{text: t.name + "{" + strings.Join(parts, ", ") + "}"}
}

// keys returns keys for a map literal that are not equal, as it is not specified which of
// two equal ones wins.
func (g *generator) keys(t *typ, depth int) []string {
	n := g.n(4)
	switch {
	case t.kind == integer && t.under == "" && g.chance(70):
		return []string{"3", "nc[" + t.name + "](1)", "nc[" + t.name + "](7)"}[:n]
	case t.name == "string" && g.chance(70):
		return []string{`"k"`, `nc("héllo") + nc("!")`, `nc("l")`}[:n]
	}
	if n > 1 {
		return []string{g.varying(t, depth-1)}
	}
	return nil
}

func (g *generator) structLiteral(t *typ, depth int) string {
	var parts []string
	keyed := g.chance(60)
	for _, f := range t.field {
		if keyed && g.chance(35) {
			continue
		}
		e := g.text(f.t, depth-1)
		if keyed {
			e = f.name + ": " + e
		}
		parts = append(parts, e)
	}
	if keyed {
		g.r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	}
	return t.name + "{" + strings.Join(parts, ", ") + "}"
}
