package randprog

import (
	"fmt"
	"strings"
)

// statements writes up to n statements, as far as the allowance goes.
func (g *generator) statements(n int) {
	for range n {
		if !g.affords(3) {
			return
		}
		g.statement()
	}
}

// statement writes one. Either its expressions call what prints, or they only read: so the
// order in which Go takes readings and calls does not matter.
func (g *generator) statement() {
	calls := g.calls
	g.cost += g.mult
	g.calls = g.chance(50)
	g.choose()()
	g.calls = calls
}

func (g *generator) choose() func() {
	simple := []func(){g.declaration, g.declaration, g.declaration, g.assignment, g.assignment, g.print, g.mutation, g.tuple}
	if g.nesting > 4 || !g.affords(12) || g.chance(45) {
		if g.loop && g.chance(15) {
			return g.leave
		}
		return simple[g.n(len(simple))]
	}
	nested := []func(){
		g.branch, g.loopStatement, g.loopStatement, g.rangeStatement, g.rangeStatement, g.switchStatement,
		g.typeSwitch, g.inner, g.closure, g.panics, g.panics, g.panics, g.defers, g.jump, g.workers, g.selection,
		g.aliases, g.order, g.order, g.mapWork, g.methodValue, g.containers, g.labelled, g.iteration,
		g.build, g.perIteration, g.copies, g.pointers, g.stages,
		g.localTypes, g.passedOn, g.recursion, g.funcsKept, g.embedding, g.constrained, g.matrices, g.merged,
		g.bytesAndRunes, g.resultsOf, g.sorted, g.localMap,
	}
	return nested[g.n(len(nested))]
}

// nest writes a block that runs up to so many times for each time its surroundings do.
func (g *generator) nest(times int, loop bool, f func()) {
	mult, l, nesting := g.mult, g.loop, g.nesting
	g.mult, g.loop, g.nesting = g.mult*max(times, 1), loop || l, g.nesting+1
	g.within(f)
	g.mult, g.loop, g.nesting = mult, l, nesting
}

func (g *generator) some() { g.statements(1 + g.n(3)) }

func (g *generator) declaration() {
	t := g.value(2)
	if g.chance(10) {
		t = shapeType
	}
	v := variable{t: t, silent: !t.plain()}
	if g.chance(15) {
		g.declarePointer()
		return
	}
	switch e := g.text(t, 3); g.n(5) {
	case 0:
		v.name = g.fresh("v")
		g.line("var %s %s", v.name, t.name)
		if t.kind == mapping || t.kind == shape {
			g.line("%s = %s", v.name, e)
		}
	case 1:
		v.name = g.name()
		g.line("var %s %s = %s", v.name, t.name, e)
	case 2:
		v.name = g.name()
		g.line("var %s = %s", v.name, g.exact(t, e))
	default:
		v.name = g.name()
		g.line("%s := %s", v.name, g.exact(t, e))
	}
	g.add(v)
}

// exact makes an expression whose own type is t: interfaces are named.
func (g *generator) exact(t *typ, e string) string {
	if t.kind == anything || t.kind == shape || t.kind == boolean {
		return t.name + "(" + e + ")"
	}
	return e
}

// declarePointer makes a pointer to a variable, or to a new one.
func (g *generator) declarePointer() {
	vs := g.visible(func(i int, v variable) bool {
		return i >= g.frozen && !v.fixed && v.t.kind != pointer && v.t.plain()
	})
	name := g.name()
	if len(vs) > 0 && g.chance(70) && !g.pure {
		v := vs[g.n(len(vs))]
		g.line("%s := &%s", name, v.name)
		g.add(variable{name, pointerTo(v.t), true, true})
		return
	}
	t := g.value(1)
	g.line("%s := ref(%s)", name, g.exact(t, g.text(t, 2)))
	g.add(variable{name, pointerTo(t), true, true})
}

// target returns what can be assigned to, with its type; "" when there is nothing. What
// its evaluation can panic with is excluded.
func (g *generator) target() (string, *typ) {
	vs := g.visible(func(i int, v variable) bool { return i >= g.frozen && (!v.fixed || v.t.kind == pointer) })
	if len(vs) == 0 {
		return "", nil
	}
	v := vs[g.n(len(vs))]
	name, t := v.name, v.t
	if t.kind == pointer {
		if g.pure || !t.elem.plain() {
			return "", nil
		}
		name, t = "(*"+name+")", t.elem
	}
	for t.kind == structure && len(t.field) > 0 && g.chance(60) {
		f := t.field[g.n(len(t.field))]
		name, t = name+"."+f.name, f.t
	}
	if t.kind == array && g.chance(60) {
		name, t = fmt.Sprintf("%s[%d]", name, g.n(t.n)), t.elem
	}
	return name, t
}

func (g *generator) assignment() {
	name, t := g.target()
	if name == "" {
		g.print()
		return
	}
	op := ""
	switch {
	case t.kind == integer && g.chance(50):
		op = g.pick("+=", "-=", "*=", "|=", "&=", "^=", "&^=", "++", "--", "<<=", ">>=")
	case (t.kind == float || t.kind == complexNumber) && g.chance(40):
		op = g.pick("+=", "-=")
	case t.kind == text && g.chance(50):
		op = "+="
	}
	switch op {
	case "":
		g.line("%s = %s", name, g.text(t, 3))
	case "++", "--":
		g.line("%s%s", name, op)
	case "<<=", ">>=":
		g.line("%s %s %s", name, op, g.count(2))
	default:
		e := g.text(t, 2)
		if t.kind == text {
			e = "first(" + g.varying(t, 2) + ")"
		}
		g.line("%s %s %s", name, op, e)
	}
}

// mutation changes what a slice, map or pointer refers to, or calls a function that does.
func (g *generator) mutation() {
	if g.pure {
		g.print()
		return
	}
	vs := g.visible(func(i int, v variable) bool { return v.t.kind == slice || v.t.kind == mapping })
	if len(vs) == 0 || g.chance(30) {
		g.callChanging()
		return
	}
	v := vs[g.n(len(vs))]
	if v.t.kind == mapping {
		g.open("if %s != nil {", v.name)
		g.line("%s[%s] = %s", v.name, g.text(v.t.key, 1), g.text(v.t.elem, 2))
		if v.t.elem.kind == integer {
			g.line("%s[%s]%s", v.name, g.text(v.t.key, 0), g.pick("++", "--", " += 3", " <<= 1"))
		}
		g.end("}")
		return
	}
	g.open("if len(%s) > %d {", v.name, 1)
	g.line("%s", g.pick(
		fmt.Sprintf("%s[0] = %s", v.name, g.text(v.t.elem, 2)),
		fmt.Sprintf("%s[0], %s[1] = %s[1], %s[0]", v.name, v.name, v.name, v.name),
		fmt.Sprintf("%s[len(%s)-1] = at(%s, %s)", v.name, v.name, v.name, g.text(intType, 1)),
		fmt.Sprintf("copy(%s, %s[1:])", v.name, v.name),
		fmt.Sprintf("clear(%s[1:])", v.name),
		fmt.Sprintf("%s[uint(%s)%%2] = %s", v.name, g.varying(intType, 1), g.text(v.t.elem, 1)),
	))
	g.end("}")
}

func (g *generator) callChanging() {
	g.calls = false
	if vs := g.visible(func(_ int, v variable) bool { return v.t.kind == pointer && v.t.elem.kind == structure }); len(vs) > 0 && g.methods && g.affords(methodSteps) && g.chance(60) {
		g.cost += methodSteps * g.mult
		v := vs[g.n(len(vs))]
		g.line(g.pick("%s.bump(%s)", "bumper(%s).bump(%s)", "(*"+v.t.elem.name+").bump(%s, %s)"), v.name, g.text(intType, 2))
		return
	}
	for range 4 {
		if len(g.funcs) == 0 {
			break
		}
		f := g.funcs[g.n(len(g.funcs))]
		if g.affords(f.cost) {
			g.cost += f.cost * g.mult
			g.receive(f.results, f.name+"("+g.args(f, 1)+")")
			return
		}
	}
	g.print()
}

// receive declares variables for the results of a call.
func (g *generator) receive(results []*typ, call string) {
	var names []string
	var vs []variable
	for _, r := range results {
		v := variable{g.fresh("v"), r, false, !r.plain()}
		names, vs = append(names, v.name), append(vs, v)
	}
	g.line("%s := %s", strings.Join(names, ", "), call)
	for _, v := range vs {
		g.add(v)
	}
}

// tuple assigns several values at once.
func (g *generator) tuple() {
	a, ta := g.target()
	b, tb := g.target()
	if a == "" || b == "" || overlap(a, b) {
		g.print()
		return
	}
	if ta.name == tb.name && g.chance(50) {
		g.line("%s, %s = %s, %s", a, b, b, a)
		return
	}
	g.line("%s, %s = %s, %s", a, b, g.text(ta, 2), g.text(tb, 2))
}

// overlap says whether two targets may be in the same variable.
func overlap(a, b string) bool {
	return strings.HasPrefix(a, b) || strings.HasPrefix(b, a)
}

func (g *generator) print() {
	var out []string
	for range 1 + g.n(3) {
		t := g.value(2)
		e := g.text(t, 3)
		if g.chance(40) {
			if v := g.printed(); v != "" {
				e = v
			}
		}
		out = append(out, e)
	}
	switch g.n(5) {
	case 0:
		g.line("fmt.Printf(\"%%v %%+v %%T\\n\", %s, %s, %s)", out[0], out[len(out)-1], out[0])
	case 1:
		g.line("fmt.Printf(\"%%#v\\n\", %s)", out[0])
	default:
		g.line("fmt.Println(%s)", strings.Join(out, ", "))
	}
}

func (g *generator) leave() {
	g.line("if %s {", "("+g.text(boolType, 2)+")")
	g.line("\t%s", g.pick("break", "continue"))
	g.line("}")
}

func (g *generator) branch() {
	init := ""
	n := len(g.vars)
	block := g.block
	g.block = n
	if g.chance(35) {
		t := g.value(1)
		v := variable{g.name(), t, false, !t.plain()}
		init = fmt.Sprintf("%s := %s; use(%s) && ", v.name, g.exact(t, "("+g.text(t, 2)+")"), v.name)
		g.add(v)
	}
	g.open("if %s(%s) {", init, g.text(boolType, 3))
	g.nest(1, false, g.some)
	switch g.n(3) {
	case 0:
		g.indent--
		g.open("} else {")
		g.nest(1, false, g.some)
	case 1:
		g.indent--
		g.open("} else if (%s) {", g.text(boolType, 2))
		g.nest(1, false, g.some)
	}
	g.end("}")
	g.vars, g.block = g.vars[:n], block
}

func (g *generator) loopStatement() {
	times := 1 + g.n(4)
	i := g.fresh("i")
	v := variable{i, intType, true, false}
	n := len(g.vars)
	switch g.n(4) {
	case 0: // the condition only: the count is first in the body, so that continue ends too
		g.line("%s := %d", i, times)
		g.add(v)
		g.open("for %s > 0 && (%s || true) {", i, g.text(boolType, 1))
		g.line("%s--", i)
		g.nest(times, true, g.some)
		g.end("}")
		return // i stays in scope
	case 1:
		g.open("for %s := %d; %s > 0; %s-- {", i, times, i, i)
	case 2:
		t := g.integer()
		v.t = t
		g.open("for %s := range %s(%d) {", i, t.name, times)
	default:
		g.open("for %s := range %d {", i, times)
	}
	g.add(v)
	g.line("_ = %s", i)
	g.nest(times, true, g.some)
	g.end("}")
	g.vars = g.vars[:n]
}

// rangeStatement ranges over an array, slice, string, or map (with a body that does not
// mind the order).
func (g *generator) rangeStatement() {
	n := len(g.vars)
	k, v := g.fresh("k"), g.fresh("x")
	var over, keyType, elemType = "", intType, intType
	switch g.n(4) {
	case 0:
		elemType = g.value(1)
		t := arrayOf(elemType, 1+g.n(4))
		over = "(" + g.pick("", "&") + g.composite(t, 2).text + ")"
	case 1:
		over, elemType = fmt.Sprintf("first(%s)", g.text(stringType, 2)), runeType
	case 2:
		g.rangeMap()
		return
	default:
		elemType = g.value(1)
		over = fmt.Sprintf("few(%s)", g.text(sliceOf(elemType), 2))
	}
	switch g.n(3) {
	case 0:
		g.open("for %s := range %s {", k, over)
		g.add(variable{k, keyType, false, false})
	case 1:
		g.open("for _, %s := range %s {", v, over)
		g.add(variable{v, elemType, false, !elemType.plain()})
	default:
		g.open("for %s, %s := range %s {", k, v, over)
		g.add(variable{k, keyType, false, false})
		g.add(variable{v, elemType, false, !elemType.plain()})
	}
	for _, w := range g.vars[n:] {
		g.line("_ = %s", w.name)
	}
	g.nest(4, true, g.some)
	g.end("}")
	g.vars = g.vars[:n]
}

func (g *generator) rangeMap() {
	t := mapOf(g.keyType(), g.integer())
	total := g.fresh("v")
	g.line("%s := 0", total)
	g.open("for k, x := range (%s) {", g.text(t, 2))
	g.line("%s += int(x) + len(fmt.Sprint(k))", total)
	g.end("}")
	g.add(variable{total, intType, false, false})
}

func (g *generator) switchStatement() {
	t := []*typ{intType, stringType, byteType}[g.n(3)]
	tagged := g.chance(70)
	switch init := g.fresh("v"); {
	case tagged && g.chance(30):
		g.open("switch %s := 1; choose(use(%s), %s, %s) {", init, init, g.switched(t), g.switched(t))
	case tagged:
		g.open("switch (%s) {", g.switched(t))
	default:
		g.open("switch {")
	}
	used := map[string]bool{}
	for range 1 + g.n(4) {
		if !tagged {
			g.line("case (%s):", g.text(boolType, 2))
		} else {
			cases := []string{"(" + g.switched(t) + ")"}
			if c := g.distinct(t); !used[c] && g.chance(70) {
				used[c] = true
				cases = append(cases, c)
			}
			g.line("case %s:", strings.Join(cases, ", "))
		}
		g.indent++
		g.nest(1, false, g.some)
		if g.chance(20) {
			g.line("fallthrough")
			g.indent--
			g.line("case %s:", map[bool]string{true: "(" + g.switched(t) + ")", false: "(" + g.text(boolType, 1) + ")"}[tagged])
			g.indent++
			g.nest(1, false, g.some)
		}
		g.indent--
	}
	if g.chance(60) {
		g.line("default:")
		g.indent++
		g.nest(1, false, g.some)
		g.indent--
	}
	g.end("}")
}

// distinct returns a constant of a case, written as it always is.
func (g *generator) distinct(t *typ) string {
	if t.kind == integer {
		return fmt.Sprint(g.n(6))
	}
	return g.pick(`""`, `"a"`, `"go"`, `"héllo"`, `"日本"`)
}

func (g *generator) switched(t *typ) string {
	if t.kind == integer {
		return fmt.Sprintf("%s(uint(%s)%%5)", t.name, g.varying(uintType, 2))
	}
	return g.varying(t, 2)
}

func (g *generator) typeSwitch() {
	v := g.fresh("x")
	shapes := g.methods && g.chance(40)
	subject := "any(" + g.text(anyType, 2) + ")"
	if shapes {
		subject = g.text(shapeType, 2)
	}
	g.open("switch %s := (%s).(type) {", v, subject)
	used := map[string]bool{}
	for range 1 + g.n(4) {
		t := g.value(1)
		if shapes {
			t = g.structType()
			if g.chance(50) {
				t = pointerTo(t)
			}
		}
		if used[t.name] || t.kind == anything {
			continue
		}
		used[t.name] = true
		g.line("case %s:", t.name)
		g.indent++
		g.line("_ = %s", v)
		n := len(g.vars)
		g.add(variable{v, t, false, !t.plain()})
		g.nest(1, false, g.some)
		g.vars = g.vars[:n]
		g.indent--
	}
	if shapes {
		g.line("case bumper, error:")
	} else {
		g.line("%s", g.pick("case error, fmt.Stringer:", "case nil:", "case interface{ label() string }:", "case func(), []error:"))
	}
	g.line("\tfmt.Println(%s == nil)", v)
	g.line("default:")
	g.line("\tfmt.Printf(\"%%T\\n\", %s)", v)
	g.end("}")
}

// inner is a block of its own.
func (g *generator) inner() {
	g.open("{")
	g.nest(1, false, g.some)
	g.end("}")
}
