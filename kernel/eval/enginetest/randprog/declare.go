package randprog

import (
	"fmt"
	"strings"
)

// generic is a declared generic function of numbers: func [T num](a, b T) T.
type generic struct {
	name string
	cost int
}

// declareConstants makes typed and untyped constants, with iota and with numbers too big
// for any type on the way.
func (g *generator) declareConstants() {
	for range 1 + g.n(3) {
		a, b, c := g.fresh("c"), g.fresh("c"), g.fresh("c")
		step := 1 + g.n(5)
		switch g.n(4) {
		case 0:
			g.decls = append(g.decls, fmt.Sprintf("const (\n\t%s = iota*%d + %d\n\t%s\n\t_\n\t%s\n)\n", a, step, g.n(9), b, c))
		case 1:
			g.decls = append(g.decls, fmt.Sprintf("const (\n\t%s, %s = 1 << iota, -iota * %d\n\t_, _\n\t%s, _\n)\n", a, b, step, c))
		case 2:
			g.decls = append(g.decls, fmt.Sprintf("const %s = 1 << %d\n\nconst (\n\t%s = %s >> %d\n\t%s int = %s / (%s + %d)\n)\n", a+"big", 70+g.n(200), a, a+"big", 68, b, a+"big", a+"big", step))
			g.decls = append(g.decls, fmt.Sprintf("const %s = len(%q) + int(%d.5*2)\n", c, strings.Repeat("é", g.n(4)), g.n(9)))
			a = b
		default:
			g.decls = append(g.decls, fmt.Sprintf("const (\n\t%s int = %d + iota\n\t%s\n)\n\nconst %s = %s - %s*%d\n", a, g.n(50), b, c, a, b, step))
		}
		for _, name := range []string{a, b, c} {
			g.consts = append(g.consts, variable{name: name, t: intType})
		}
	}
}

// declareGenerics makes functions with a type parameter whose bodies are random.
func (g *generator) declareGenerics() {
	for range 1 + g.n(3) {
		name := g.fresh("g")
		g.declare(func() {
			g.open("func %s[T num](a, b T) T {", name)
			for range 1 + g.n(3) {
				g.genericStatement()
			}
			g.line("return %s", g.ofT(2))
			g.end("}")
		})
		g.generics = append(g.generics, generic{name, 15})
	}
}

func (g *generator) genericStatement() {
	switch g.n(5) {
	case 0:
		g.open("if (%s %s %s) {", g.ofT(1), g.pick("<", "==", ">="), g.ofT(1))
		g.line("a %s %s", g.pick("=", "+=", "-="), g.ofT(2))
		g.end("}")
	case 1:
		g.open("for i := T(0); i < %d; i++ {", g.n(5))
		g.line("b += i - %s", g.ofT(1))
		g.end("}")
	case 2:
		g.open("if b != 0 {")
		g.line("a /= b")
		g.end("}")
	case 3:
		g.open("switch any(a).(type) {")
		g.line("case %s: a++", g.integer().name)
		g.line("default: b--")
		g.end("}")
	default:
		g.line("a, b = b, %s", g.ofT(2))
	}
}

// ofT returns an expression of the type parameter T.
func (g *generator) ofT(depth int) string {
	if depth == 0 {
		return g.pick("a", "b", "T(1)", "T(7)", "sum(a, b)", "*ref(a)")
	}
	switch g.n(5) {
	case 0:
		return fmt.Sprintf("T(%s * %s)", g.ofT(depth-1), g.ofT(depth-1))
	case 1:
		return fmt.Sprintf("%s(%s, %s)", g.pick("min", "max", "sum"), g.ofT(depth-1), g.ofT(depth-1))
	case 2:
		return fmt.Sprintf("pair[T, int]{%s, 1}.swap().second", g.ofT(depth-1))
	}
	return fmt.Sprintf("(%s %s %s)", g.ofT(depth-1), g.pick("+", "-"), g.ofT(depth-1))
}

// genericCall calls a generic function that gives t.
func (g *generator) genericCall(t *typ, depth int) string {
	of := g.value(0)
	switch {
	case (t.kind == integer || t.kind == float) && g.chance(60):
		f := g.generics[g.n(len(g.generics))]
		if !g.affords(f.cost) {
			return ""
		}
		g.cost += f.cost * g.mult
		return fmt.Sprintf("%s%s(%s, %s)", f.name, g.pick("", "["+t.name+"]"), g.varying(t, depth-1), g.text(t, depth-1))
	case t.kind == integer || t.kind == float:
		return fmt.Sprintf("sum[%s](%s)", t.name, g.args(&function{params: []*typ{sliceOf(t)}, variadic: true}, depth-1))
	case g.nesting > 2:
		return ""
	case t.kind == slice && t.under == "":
		f := &function{params: []*typ{of}, results: []*typ{t.elem}}
		return fmt.Sprintf("mapAll(%s, %s)", g.text(sliceOf(of), depth-1), g.literalFunc(f, true, 4))
	case t.kind == slice:
		f := &function{params: []*typ{t.elem}, results: []*typ{boolType}}
		return fmt.Sprintf("keep(%s, %s)", g.text(t, depth-1), g.literalFunc(f, true, 4))
	}
	f := &function{params: []*typ{t, of}, results: []*typ{t}}
	return fmt.Sprintf("fold(%s, %s, %s)", g.text(sliceOf(of), depth-1), g.varying(t, depth-1), g.literalFunc(f, true, 4))
}

// declareFunctions makes the methods of the structs, then functions, which may call those
// before them.
func (g *generator) declareFunctions() {
	for _, t := range g.named {
		if t.kind == structure {
			g.declareMethods(t)
		}
	}
	g.methods = true
	for range 2 + g.n(4) {
		f := g.randomFunction(g.fresh("fn"))
		g.declare(func() { f.cost = g.writeFunction("func "+f.name, f, !f.changes, functionSteps) })
		g.funcs = append(g.funcs, f)
	}
}

// declareMethods gives a struct area, label and bump; one that embeds a single struct may
// leave them to it.
func (g *generator) declareMethods(t *typ) {
	embedded := 0
	for _, f := range t.field {
		if f.embedded {
			embedded++
		}
	}
	if embedded == 1 && g.chance(50) {
		return
	}
	method := func(star string, f *function, frozen bool) {
		g.declare(func() {
			of := t
			if star != "" {
				of = pointerTo(t)
			}
			outer := g.place
			g.add(variable{name: "self", t: of, fixed: true, silent: true})
			g.writeFunction(fmt.Sprintf("func (self %s%s) %s", star, t.name, f.name), f, frozen, methodSteps)
			g.place = outer
		})
	}
	method("", &function{name: "area", params: []*typ{intType}, results: []*typ{intType}}, true)
	method("", &function{name: "label", results: []*typ{stringType}}, true)
	method("*", &function{name: "bump", params: []*typ{intType}}, false)
}

func (g *generator) randomFunction(name string) *function {
	f := &function{name: name}
	for range g.n(4) {
		f.params = append(f.params, g.parameter(f))
	}
	if g.chance(20) {
		f.params = append(f.params, sliceOf(g.value(0)))
		f.variadic, f.changes = true, true
	}
	for range 1 + g.n(2) {
		f.results = append(f.results, g.value(1))
	}
	return f
}

// parameter returns the type of a parameter; what a function gets by reference it may
// change.
func (g *generator) parameter(f *function) *typ {
	t := g.value(1)
	if g.chance(15) {
		t = pointerTo(g.value(0))
	}
	switch t.kind {
	case slice, mapping, pointer:
		f.changes = true
	}
	if g.chance(8) {
		return shapeType
	}
	return t
}

// writeFunction writes a function that begins with head and returns the cost of a call.
func (g *generator) writeFunction(head string, f *function, frozen bool, limit int) int {
	return g.apart(frozen, limit, f.results, func() {
		g.calls = true
		var params, results []string
		for i, p := range f.params {
			v := variable{name: g.fresh("p"), t: p, silent: !p.plain()}
			params = append(params, v.name+" "+spell(f, i))
			g.add(v)
		}
		named := len(f.results) > 0 && g.chance(35)
		for _, r := range f.results {
			name := g.fresh("r")
			if named {
				g.add(variable{name: name, t: r, silent: !r.plain()})
				results = append(results, name+" "+r.name)
			} else {
				results = append(results, r.name)
			}
		}
		g.open("%s(%s) (%s) {", head, strings.Join(params, ", "), strings.Join(results, ", "))
		if g.chance(30) {
			g.deferred()
		}
		n := len(g.vars)
		g.statements(2 + g.n(5))
		g.use(n)
		g.giveBack(named && g.chance(50))
		g.end("}")
	})
}

// spell writes the type of a function's ith parameter.
func spell(f *function, i int) string {
	if f.variadic && i == len(f.params)-1 {
		return "..." + f.params[i].elem.name
	}
	return f.params[i].name
}

// giveBack writes the return of the function being written.
func (g *generator) giveBack(bare bool) {
	var out []string
	for _, r := range g.results {
		if bare {
			break
		}
		out = append(out, g.text(r, 2))
	}
	g.line("return %s", strings.Join(out, ", "))
}

// literalFunc returns a function literal, written where it stands.
func (g *generator) literalFunc(f *function, frozen bool, limit int) string {
	outer, indent := g.body, g.indent
	g.body, g.indent = strings.Builder{}, 0
	cost := g.apart(frozen, limit, f.results, func() {
		calls := g.calls && !g.risky
		var params []string
		for i, p := range f.params {
			v := variable{name: g.fresh("p"), t: p, silent: !p.plain()}
			params = append(params, v.name+" "+spell(f, i))
			g.add(v)
		}
		g.risky = false
		g.open("func(%s) (%s) {", strings.Join(params, ", "), join(f.results, false))
		n := len(g.vars)
		if calls && limit > 4 {
			g.statements(1 + g.n(3))
		}
		g.calls = calls
		g.use(n)
		g.giveBack(false)
		g.end("}")
	})
	out := strings.TrimSuffix(g.body.String(), "\n")
	g.body, g.indent = outer, indent
	f.cost = cost
	g.cost += cost * g.mult
	return out
}

// declareGlobals makes package variables that refer to each other; they are declared in a
// shuffled order and initialized in the order they need, which calls show.
func (g *generator) declareGlobals(calls bool) {
	g.calls = calls
	for range 2 + g.n(4) {
		t := g.value(2)
		name := g.fresh("glob")
		g.declare(func() { g.line("var %s %s = %s", name, t.name, g.text(t, 2)) })
		g.add(variable{name: name, t: t})
	}
	g.calls = false
}

func (g *generator) declareMain() {
	g.declare(func() {
		g.open("func main() {")
		for range 4 + g.n(8) {
			g.open("func() {")
			g.line("defer recovered(%q)", g.fresh("part"))
			g.within(g.statement)
			g.end("}()")
			g.statements(1)
		}
		g.use(0)
		g.end("}")
	})
}
