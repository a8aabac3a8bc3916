package randprog

import "fmt"

// The statements below each show a rule of Go with random parts in it.

// deferred defers something in the function being written; what is deferred may change
// named results.
func (g *generator) deferred() {
	var named []variable
	for _, v := range g.vars[g.block:] {
		if v.name[0] == 'r' && !v.fixed {
			named = append(named, v)
		}
	}
	tag := g.n(100)
	switch {
	case len(named) > 0 && g.chance(60):
		r := named[g.n(len(named))]
		g.open("defer func() {")
		g.line("fmt.Println(\"result %d\")", tag)
		g.line("%s = %s", r.name, g.text(r.t, 1))
		g.end("}()")
	case g.chance(50):
		g.line("defer fmt.Println(\"deferred\", %d, %s)", tag, g.text(g.value(1), 1))
	default:
		g.open("for d := range %d {", 1+g.n(3))
		g.line("defer func() { fmt.Print(\"(d\", d, \")\") }()")
		g.end("}")
	}
}

// closure makes a func variable that changes what it captures, and calls it.
func (g *generator) closure() {
	f := &function{params: []*typ{g.value(1)}, results: []*typ{g.value(1)}}
	g.calls = true
	name := g.fresh("f")
	literal := g.literalFunc(f, g.pure, 25)
	g.calls = false
	g.line("%s := %s", name, literal)
	for range 1 + g.n(2) {
		if g.affords(f.cost) {
			g.cost += f.cost * g.mult
			g.receive(f.results, fmt.Sprintf("%s(%s)", name, g.args(f, 1)))
		}
	}
	g.line("_ = %s", name)
}

// panics does what panics with a run-time error and prints its text.
func (g *generator) panics() {
	g.calls = false
	g.open("func() {")
	g.line("defer recovered(%q)", g.fresh("panic"))
	g.nest(1, false, func() {
		loop := g.loop
		g.loop = false
		switch g.n(4) {
		case 0:
			g.certainPanic()
		case 1:
			t := g.value(1)
			g.risky = true
			e := g.text(t, 3)
			g.risky = false
			g.line("fmt.Println(%s)", e)
		default:
			g.risky = true
			t := g.number()
			g.line("x := %s", g.varying(t, 4))
			g.risky = false
			g.line("fmt.Println(x)")
		}
		g.loop = loop
	})
	g.end("}()")
}

func (g *generator) certainPanic() {
	t := g.value(1)
	g.line("%s", g.pick(
		fmt.Sprintf("var m map[string]%s; m[\"k\"] = %s", t.name, g.text(t, 1)),
		fmt.Sprintf("var p *pair[int, %s]; fmt.Println(p.second)", t.name),
		fmt.Sprintf("var p *%s; *p = %s", t.name, g.text(t, 1)),
		fmt.Sprintf("fmt.Println(%s.(fmt.Stringer))", "any(nc(1.5))"),
		fmt.Sprintf("var a any = %s; fmt.Println(a.(interface{ none(%s) }))", g.text(t, 1), t.name),
		fmt.Sprintf("var a any; fmt.Println(a.(%s))", t.name),
		fmt.Sprintf("var a any = pair[int, %s]{}; fmt.Println(a.(%s))", t.name, t.name),
		fmt.Sprintf("var s shape; fmt.Println(s.area(1), %s)", g.text(t, 0)),
		fmt.Sprintf("var f func(%s); f(%s)", t.name, g.text(t, 1)),
		fmt.Sprintf("c := make(chan %s); close(c); close(c)", t.name),
		fmt.Sprintf("c := make(chan %s, 1); close(c); c <- %s", t.name, g.text(t, 1)),
		fmt.Sprintf("var c chan %s; close(c)", t.name),
		fmt.Sprintf("fmt.Println(len(make([]%s, nc(-%d))))", t.name, 1+g.n(5)),
		fmt.Sprintf("fmt.Println([4]%s(make([]%s, %d)))", t.name, t.name, g.n(4)),
		fmt.Sprintf("fmt.Println(any([]%s{}) == any([]%s{}))", t.name, t.name),
		"m := map[any]int{}; m[func() {}] = 1",
		fmt.Sprintf("m := map[any]%s{}; fmt.Println(m[[]int{1}])", t.name),
		fmt.Sprintf("panic(fmt.Sprint(%s))", g.text(t, 1)),
		fmt.Sprintf("panic(fmt.Errorf(\"wrapped: %%w\", fmt.Errorf(\"%%v\", %s)))", g.text(t, 1)),
		fmt.Sprintf("defer func() { panic(fmt.Sprint(\"again \", recover())) }(); panic(%q)", "one"),
		fmt.Sprintf("x := []%s{}; fmt.Println(x[nc(%d)])", t.name, g.n(3)),
		fmt.Sprintf("x := make([]%s, %d, 7); fmt.Println(x[nc(%d):nc(%d):nc(%d)])", t.name, g.n(7), g.n(9), g.n(9), g.n(9)),
		fmt.Sprintf("x := \"héllo\"; fmt.Println(x[nc(%d):nc(%d)])", g.n(9), g.n(9)),
		fmt.Sprintf("fmt.Println(nc(1) << nc(%d))", g.n(3)-2),
		fmt.Sprintf("fmt.Println(nc(%d) %% nc(%d))", g.n(9), g.n(2)),
		fmt.Sprintf("var e error; fmt.Println(e.Error(), %s)", g.text(t, 0)),
		fmt.Sprintf("panic(any(%s))", g.text(intType, 1)),
		"panic(any(nil))",
		"var l *list[int]; fmt.Println(l.next.value)",
	))
}

// defers shows the order of deferred calls, what recover makes of results, and arguments
// taken early.
func (g *generator) defers() {
	t := g.value(1)
	tag := g.n(100)
	r := g.fresh("v")
	g.line("%s, %sok := func() (out %s, ok bool) {", r, r, t.name)
	g.indent++
	g.line("for i := range %d {", 1+g.n(3))
	g.line("\tdefer fmt.Print(\"[\", i, \" %d]\")", tag)
	g.line("}")
	g.open("defer func() {")
	g.line("if x := recover(); x != nil { out, ok = %s, true; fmt.Println(\"caught\", x) }", g.text(t, 1))
	g.end("}()")
	g.line("out = %s", g.text(t, 2))
	switch g.n(3) {
	case 0:
		g.line("panic(%d)", tag)
	case 1:
		g.line("var none []int; none[nc(%d)]++", tag)
	}
	g.line("return out, ok")
	g.end("}()")
	g.add(variable{r, t, false, !t.plain()})
	g.add(variable{r + "ok", boolType, false, false})
}

// jump loops with goto.
func (g *generator) jump() {
	label, i := g.fresh("again"), g.fresh("i")
	g.open("{")
	g.line("%s := %d", i, 1+g.n(3))
	g.indent--
	g.line("%s:", label)
	g.indent++
	g.open("{")
	n := len(g.vars)
	g.add(variable{i, intType, true, false})
	g.nest(3, false, func() {
		l := g.loop
		g.loop = false
		g.some()
		g.loop = l
	})
	g.vars = g.vars[:n]
	g.end("}")
	g.line("if %s--; %s > 0 { goto %s }", i, i, label)
	g.end("}")
}

// workers computes on goroutines; results are gathered where the order is settled.
func (g *generator) workers() {
	t, n := g.value(1), 1+g.n(4)
	g.calls = false
	out := g.fresh("v")
	f := &function{params: []*typ{intType}, results: []*typ{t}}
	work := g.literalFunc(f, true, 8)
	switch g.n(4) {
	case 0:
		g.imports["sync"] = true
		g.line("%s := make([]%s, %d)", out, t.name, n)
		g.open("func(work func(int) %s) {", t.name)
		g.line("var wg sync.WaitGroup")
		g.line("for i := range %s {", out)
		g.line("\twg.Go(func() { %s[i] = work(i) })", out)
		g.line("}")
		g.line("wg.Wait()")
		g.end("}(" + work + ")")
		g.add(variable{out, sliceOf(t), false, !t.plain()})
	case 1:
		g.line("%s := make(chan %s, %d)", out, t.name, g.n(3))
		g.open("go func(work func(int) %s) {", t.name)
		g.line("defer close(%s)", out)
		g.line("for i := range %d { %s <- work(i) }", n, out)
		g.end("}(" + work + ")")
		g.line("for x := range %s { fmt.Println(%s) }", out, g.shownOr("x", t))
	case 2:
		g.line("%s := make(chan %s)", out, t.name)
		g.line("go func(c chan<- %s, work func(int) %s) { c <- work(%d) }(%s, %s)", t.name, t.name, n, out, work)
		g.line("%sx, %sok := <-%s", out, out, out)
		g.add(variable{out + "x", t, false, !t.plain()})
		g.add(variable{out + "ok", boolType, false, false})
	default:
		g.imports["sync"] = true
		g.open("{")
		g.line("var mu sync.Mutex")
		g.line("var wg sync.WaitGroup")
		g.line("n, work := 0, %s", work)
		g.open("for i := 0; i < %d; i++ {", n)
		g.line("wg.Add(1)")
		g.open("go func() {")
		g.line("defer wg.Done()")
		g.line("mu.Lock()")
		g.line("defer mu.Unlock()")
		g.line("n += len(fmt.Sprint(work(i)))")
		g.end("}()")
		g.end("}")
		g.line("wg.Wait()")
		g.line("fmt.Println(\"together\", n)")
		g.end("}")
	}
}

// shownOr is the name of a value to print, or something about it when it has an address.
func (g *generator) shownOr(name string, t *typ) string {
	if t.plain() {
		return name
	}
	return "use(" + name + ")"
}

// selection is a select of which one case can go on.
func (g *generator) selection() {
	t := g.value(1)
	g.open("{")
	g.line("a, b := make(chan %s, 1), make(chan %s)", t.name, t.name)
	which := g.n(4)
	switch which {
	case 0:
		g.line("a <- %s", g.text(t, 2))
	case 1:
		g.line("close(b)")
		g.line("a = nil")
	case 2:
		g.line("var none chan %s", t.name)
		g.line("a = none")
	}
	g.open("select {")
	g.line("case x := <-a:")
	g.line("\tfmt.Println(\"a\", %s)", g.shownOr("x", t))
	if which != 3 { // there a can be sent to
		g.line("case x, ok := <-b:")
		g.line("\tfmt.Println(\"b\", %s, ok)", g.shownOr("x", t))
	} else {
		g.line("case a <- %s:", g.text(t, 2))
		g.line("\tfmt.Println(\"sent\", len(a), cap(b))")
	}
	if which == 2 {
		g.line("default:")
		g.line("\tfmt.Println(\"none\")")
	}
	g.end("}")
	g.end("}")
}

// aliases shows which slices share memory; all capacities are given.
func (g *generator) aliases() {
	t := g.value(0)
	if !t.plain() || !t.comparable() {
		t = intType
	}
	n, c := 1+g.n(3), 4+g.n(4)
	g.open("{")
	g.line("s := make([]%s, %d, %d)", t.name, n, c)
	g.line("all := s[:cap(s)]")
	names := []string{"s", "all"}
	for i := range 2 + g.n(4) {
		from := names[g.n(len(names))]
		switch g.n(5) {
		case 0:
			g.line("if len(%s) < cap(%s) { %s = append(%s, %s) }", from, from, from, from, g.text(t, 1))
		case 1:
			name := fmt.Sprintf("s%d", i)
			g.line("%s := %s[len(%s)/2:]", name, from, from)
			names = append(names, name)
		case 2:
			name := fmt.Sprintf("s%d", i)
			g.line("%s := %s[:len(%s)/2:min(len(%s)/2+%d, cap(%s))]", name, from, from, from, g.n(2), from)
			g.line("if len(%s) < cap(%s) { %s = append(%s, %s) }", name, name, name, name, g.text(t, 1))
			names = append(names, name)
		case 3:
			g.line("for i := range %s { %s[i] = %s }", from, from, g.text(t, 1))
		default:
			g.line("fmt.Println(copy(%s, %s))", from, names[g.n(len(names))])
		}
	}
	for _, name := range names {
		g.line("fmt.Println(%s, len(%s), cap(%s))", name, name, name)
	}
	g.line("p := (*[1]%s)(s)", t.name)
	g.line("p[0] = %s", g.text(t, 1))
	g.line("fmt.Println(all[0] == s[0], p[0] == s[0])")
	g.end("}")
}

// order calls what prints in all operands of a statement.
func (g *generator) order() {
	t, k := g.value(1), g.keyType()
	tr := func(t *typ, depth int) string {
		return fmt.Sprintf("tr(%d, %s)", g.n(100), g.exact(t, g.text(t, depth)))
	}
	g.calls = true
	g.open("{")
	g.line("a, m := make([]%s, 4), map[%s]%s{}", t.name, k.name, t.name)
	switch g.n(9) {
	case 0:
		g.line("a[tr(1, %d)], m[%s] = %s, %s", g.n(4), tr(k, 1), tr(t, 1), tr(t, 1))
	case 1:
		g.line("m[%s], a[tr(2, %d)] = func() (%s, %s) { fmt.Print(\"call\"); return %s, %s }()", tr(k, 1), g.n(4), t.name, t.name, g.text(t, 1), g.text(t, 1))
	case 2:
		g.line("fmt.Println(tr(1, %s), tr(2, %s) || tr(3, %s) && tr(4, %s), tr(5, 1) + tr(6, 2) * tr(7, 3))", g.text(intType, 1), g.text(boolType, 1), g.text(boolType, 1), g.text(boolType, 1))
	case 3:
		g.line("a = []%s{%s, 3: %s}", t.name, tr(t, 1), tr(t, 1))
	case 4:
		g.line("m[%s] = %s", tr(k, 1), tr(t, 2))
		g.line("at1 := &a[tr(3, 1)]")
		g.line("*at1, a[tr(4, 2)] = %s, *at1", tr(t, 1))
	case 5:
		g.line("defer fmt.Println(%s, %s)", tr(intType, 1), tr(stringType, 1))
		g.line("func(...int) {}(tr(1, 2), tr(2, %s))", g.text(intType, 1))
	case 6:
		g.line("switch tr(1, %d) { case tr(2, 0), tr(3, 1): fmt.Print(\"low\"); case tr(4, 2): fmt.Print(\"two\"); fallthrough; case tr(5, 9): fmt.Print(\"nine\") }", g.n(4))
	case 7:
		g.line("for i := tr(1, 0); tr(2, i) < tr(3, 2); i += tr(4, 1) { a[i] = %s }", tr(t, 1))
		g.line("for i := range tr(5, a) { a[i], a[tr(6, 0)] = %s, a[i] }", tr(t, 0))
	default:
		g.line("p := pair[%s, int]{second: tr(1, %s), first: %s}", t.name, g.text(intType, 1), tr(t, 1))
		g.line("fmt.Println(p.swap().first, %s)", g.shownOr("p", t))
		g.line("if v, ok := m[%s]; tr(8, ok) || tr(9, !ok) { _ = v }", tr(k, 1))
	}
	if t.plain() {
		g.line("fmt.Println(a, m)")
	} else {
		g.line("fmt.Println(len(a), len(m))")
	}
	g.end("}")
}

// mapWork inserts, looks up, counts and deletes.
func (g *generator) mapWork() {
	k, t := g.keyType(), g.value(1)
	m := g.fresh("v")
	g.line("%s := %s", m, g.composite(mapOf(k, t), 2).text)
	g.line("%s[%s] = %s", m, g.text(k, 1), g.text(t, 2))
	g.open("for _, k := range []%s{%s, %s} {", k.name, g.text(k, 2), g.text(k, 1))
	g.line("x, ok := %s[k]", m)
	g.line("fmt.Println(%s, ok, len(%s))", g.shownOr("x", t), m)
	if g.chance(50) {
		g.line("delete(%s, k)", m)
	}
	g.end("}")
	if g.chance(15) {
		g.line("clear(%s)", m)
	}
	g.line("for k := range %s { delete(%s, k); break }", "map["+k.name+"]int{}", "map["+k.name+"]int{}")
	if t.kind == structure && len(t.field) > 0 {
		f := t.field[g.n(len(t.field))]
		g.line("_ = %s[%s].%s", m, g.text(k, 1), f.name)
	}
	g.add(variable{m, mapOf(k, t), false, !t.plain()})
}

// methodValue binds methods to values, which are copied, and to pointers, which are not.
func (g *generator) methodValue() {
	if !g.methods || !g.affords(4*methodSteps) {
		g.print()
		return
	}
	g.cost += 4 * methodSteps * g.mult
	g.calls = false
	s := g.structType()
	g.open("{")
	g.line("s := %s", g.text(s, 2))
	g.line("area, bump := s.area, s.bump")
	g.line("fmt.Println(area(%s))", g.text(intType, 1))
	g.line("bump(%s)", g.text(intType, 1))
	g.line("s = %s", g.text(s, 1))
	g.line("fmt.Println(area(%s), s)", g.text(intType, 1))
	g.line("label, by := %s.label, (*%s).bump", s.name, s.name)
	g.line("by(&s, %s)", g.text(intType, 0))
	g.line("fmt.Println(label(s), s)")
	g.line("var b bumper = &s")
	g.line("b.bump(%s)", g.text(intType, 0))
	g.line("var sh shape = b")
	g.line("_, is := sh.(bumper)")
	g.line("_, isn := any(s).(bumper)")
	g.line("fmt.Println(s, is, isn, sh.label())")
	g.end("}")
}

// containers uses the generic types.
func (g *generator) containers() {
	t := g.value(1)
	if !t.plain() {
		t = intType
	}
	g.open("{")
	switch g.n(3) {
	case 0:
		g.line("var s stack[%s]", t.name)
		g.line("s.push(%s)", g.args(&function{params: []*typ{sliceOf(t)}, variadic: true}, 1))
		g.line("s.push(%s)", g.text(t, 2))
		g.open("for i, v := range s.all {")
		g.line("if i == %d { %s }", g.n(4), g.pick("break", "continue"))
		g.line("fmt.Println(i, v)")
		g.end("}")
		g.line("v, ok := s.pop()")
		g.line("fmt.Printf(\"%%v %%v %%T\\n\", v, ok, s)")
	case 1:
		g.line("var l *list[%s]", t.name)
		g.line("for range %d { l = l.with(%s) }", g.n(4), g.text(t, 2))
		g.line("l.each(func(v %s) { fmt.Print(v, \" \") })", t.name)
		g.line("fmt.Println(l == nil)")
	default:
		g.line("p := pair[%s, []%s]{first: %s}", t.name, t.name, g.text(t, 2))
		g.line("q := p.swap()")
		g.line("q.first = append(q.first, p.first)")
		g.line("fmt.Printf(\"%%v %%+v %%T\\n\", p, q, q)")
		g.line("f := pair[%s, []%s].swap", t.name, t.name)
		g.line("fmt.Println(f(p).second)")
	}
	g.end("}")
}

// labelled breaks and continues an outer loop.
func (g *generator) labelled() {
	label := g.fresh("outer")
	i, j := g.fresh("i"), g.fresh("j")
	g.indent--
	g.line("%s:", label)
	g.indent++
	g.open("for %s := range %d {", i, 2+g.n(2))
	g.open("for %s := 0; %s < 3; %s++ {", j, j, j)
	n := len(g.vars)
	g.add(variable{i, intType, true, false})
	g.add(variable{j, intType, true, false})
	g.nest(9, true, func() {
		g.some()
		g.line("if %s { %s %s }", "("+g.text(boolType, 2)+")", g.pick("break", "continue"), label)
		g.line("switch %s { case 1: continue %s; case 2: break; default: if %s == 2 { break %s } }", j, label, i, label)
	})
	g.vars = g.vars[:n]
	g.end("}")
	g.line("fmt.Println(\"end of\", %s)", i)
	g.end("}")
}

// iteration ranges over a func, and leaves it in all ways.
func (g *generator) iteration() {
	r := g.fresh("v")
	t := g.value(1)
	i := g.fresh("i")
	g.line("%s := func() (out %s) {", r, t.name)
	g.indent++
	g.line("defer func() { fmt.Println(\"left\") }()")
	g.open("for %s := range count(%d) {", i, 1+g.n(4))
	n := len(g.vars)
	g.add(variable{i, intType, true, false})
	g.line("_ = %s", i)
	loop := g.loop
	g.loop = false
	g.nest(4, true, func() {
		g.some()
		if g.chance(40) {
			g.line("defer fmt.Print(\"{\", %s, \"}\")", i)
		}
		switch g.n(3) {
		case 0:
			g.line("if %s == %d { return %s }", i, g.n(3), g.text(t, 1))
		case 1:
			g.line("for k := range count(2) { if k == 1 { break }; if %s == 1 { return }; fmt.Print(k) }", i)
		}
	})
	g.loop = loop
	g.vars = g.vars[:n]
	g.end("}")
	g.line("out = %s", g.text(t, 1))
	g.line("return")
	g.end("}()")
	g.add(variable{r, t, false, !t.plain()})
}

// build makes a string piece by piece.
func (g *generator) build() {
	s := g.fresh("v")
	if g.chance(50) {
		g.imports["strings"] = true
		g.line("%sb := strings.Builder{}", s)
		g.open("for i := range %d {", g.n(5))
		g.line("%sb.WriteString(%s)", s, g.text(stringType, 2))
		g.line("fmt.Fprintf(&%sb, \"%%d|%%v\", i, %s)", s, g.text(g.value(1), 1))
		g.end("}")
		g.line("%s := short(%sb.String())", s, s)
	} else {
		g.line("%s := %s", s, g.varying(stringType, 2))
		g.open("for i, c := range first(%s) {", g.text(stringType, 2))
		g.line("%s += string(c) + string(rune('a'+i))", s)
		g.line("%sbytes := []byte(%s)", s, s)
		g.line("%sbytes[i] ^= 1", s)
		g.line("fmt.Println(%sbytes, []rune(%s), len(%s), %s < string(%sbytes))", s, s, s, s, s)
		g.end("}")
	}
	g.add(variable{s, stringType, false, false})
}

// perIteration captures loop variables, of which every iteration has its own.
func (g *generator) perIteration() {
	g.open("{")
	g.line("var fs []func() int")
	switch g.n(3) {
	case 0:
		g.line("for i := 0; i < 3; i++ { fs = append(fs, func() int { i += %d; return i }); i += %d }", g.n(4), g.n(2))
	case 1:
		g.line("for i, x := range few(%s) { fs = append(fs, func() int { i++; return i + len(fmt.Sprint(x)) }) }", g.text(sliceOf(basics[g.n(len(basics))]), 2))
	default:
		g.line("for i := range 3 { p := &i; fs = append(fs, func() int { *p *= 2; return i }); i += %d }", g.n(9))
	}
	g.line("for range 2 { for _, f := range fs { fmt.Print(f(), \" \") } }")
	g.line("fmt.Println(len(fs))")
	g.end("}")
}

// copies shows that arrays and structs are copied, by assignment, in range, as arguments
// and into interfaces.
func (g *generator) copies() {
	t := g.value(1)
	n := 2 + g.n(2)
	g.calls = false
	g.open("{")
	g.line("a := %s", g.composite(arrayOf(t, n), 2).text)
	g.line("b, p := a, &a")
	g.line("var i any = a")
	g.line("a[0] = %s", g.text(t, 1))
	g.line("func(c [%d]%s) { c[1] = a[0] }(a)", n, t.name)
	g.line("for k, x := range a { a[%d] = x; p[k] = b[0]; _ = x }", n-1)
	g.line("s := pair[[%d]%s, *[%d]%s]{a, p}", n, t.name, n, t.name)
	g.line("s2 := s")
	g.line("s2.first[0], s2.second[1] = b[1], b[0]")
	if t.plain() {
		g.line("fmt.Println(a, b, i, *p, s.first, s2.first, len(p))")
	}
	if t.comparable() {
		g.line("fmt.Println(a == b, i == any(a), s == s2, a == [%d]%s{})", n, t.name)
	}
	g.line("_, _, _ = i, s2, p")
	g.end("}")
}

// pointers shows what refers to the same variable.
func (g *generator) pointers() {
	s, t := g.structType(), g.value(0)
	g.calls = false
	g.open("{")
	g.line("s := %s", g.text(s, 2))
	g.line("p, q := &s, new(%s)", s.name)
	g.line("*q = s")
	g.line("pp := &p")
	g.line("**pp = %s", g.text(s, 2))
	g.line("fmt.Println(p == &s, *q, s)")
	if len(s.field) > 0 {
		f := s.field[g.n(len(s.field))]
		g.line("fp := &p.%s", f.name)
		g.line("*fp = %s", g.text(f.t, 2))
		g.line("q.%s = s.%s", f.name, f.name)
		g.line("*pp = q")
		g.line("fmt.Println(*p, s, *fp)")
	}
	g.line("x := new(%s)", g.exact(t, g.varying(t, 2)))
	g.line("y := x")
	g.line("*y = %s", g.text(t, 1))
	g.line("fmt.Println(*x, x == y)")
	g.end("}")
}

// stages is a pipeline of goroutines.
func (g *generator) stages() {
	t := g.value(0)
	g.calls = false
	f := &function{params: []*typ{t}, results: []*typ{t}}
	work := g.literalFunc(f, true, 6)
	g.open("{")
	g.line("work := %s", work)
	g.open("stage := func(in <-chan %s) <-chan %s {", t.name, t.name)
	g.line("out := make(chan %s, %d)", t.name, g.n(2))
	g.line("go func() { defer close(out); for x := range in { out <- work(x) } }()")
	g.line("return out")
	g.end("}")
	g.line("in := make(chan %s)", t.name)
	g.line("go func() { for _, x := range []%s{%s, %s, %s} { in <- x }; close(in) }()", t.name, g.text(t, 1), g.text(t, 2), g.text(t, 1))
	g.line("for x := range stage(stage(in)) { fmt.Print(x, \";\") }")
	g.line("fmt.Println()")
	g.end("}")
}
