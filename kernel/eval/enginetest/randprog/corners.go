package randprog

import "strings"

// More statements that each show a rule of Go.

// localTypes declares types inside a function, one of them with an alias, and converts
// between structs of the same fields.
func (g *generator) localTypes() {
	t, u := g.value(1), g.value(0)
	g.open("{")
	g.line("type local struct { a %s; b %s }", t.name, u.name)
	g.line("type same local")
	g.line("type brief = local")
	g.line("type nums []%s", u.name)
	g.line("x := local{%s, %s}", g.text(t, 2), g.text(u, 1))
	g.line("y := same(x)")
	g.line("z := struct { a %s; b %s }(y)", t.name, u.name)
	g.line("y.b = %s", g.text(u, 1))
	g.line("var w brief = local(z)")
	g.line("w.a = %s", g.text(t, 1))
	g.line("z = struct { a %s; b %s }{b: x.b}", t.name, u.name)
	g.line("fmt.Printf(\"%%v %%+v %%T %%v %%T\\n\", x, y, y, z, w)")
	g.line("fmt.Println(nums{x.b, w.b}, len(nums(nil)))")
	if t.comparable() && u.comparable() {
		g.line("fmt.Println(x == w, any(x) == any(y), any(z) == any(struct { a %s; b %s }{x.a, x.b}))", t.name, u.name)
	}
	g.end("}")
}

// passedOn gives the results of a call to another, and to append and fmt.
func (g *generator) passedOn() {
	t, u := g.value(1), g.value(1)
	g.calls = false
	g.open("{")
	g.line("two := func() (%s, %s) { fmt.Print(\"two;\"); return %s, %s }", t.name, u.name, g.text(t, 2), g.text(u, 2))
	g.line("take := func(a %s, rest ...%s) int { return len(rest) }", t.name, u.name)
	g.line("all := func(vs ...any) int { return len(vs) }")
	g.line("fmt.Println(take(two()), all(two()))")
	g.line("both := func() (a %s, b %s) { defer func() { b = %s }(); return two() }", t.name, u.name, g.text(u, 1))
	g.line("a, b := both()")
	g.line("use(a, b)")
	if t.plain() && u.plain() {
		g.line("fmt.Println(both())")
		g.line("fmt.Println(a, b)")
	}
	g.end("}")
}

// recursion calls itself, and another that calls it, a bounded number of times.
func (g *generator) recursion() {
	t := g.value(1)
	g.calls = false
	g.open("{")
	g.line("var down, up func(int, %s) (%s, int)", t.name, t.name)
	g.open("down = func(n int, v %s) (%s, int) {", t.name, t.name)
	g.line("defer func() { fmt.Print(n) }()")
	g.line("if n <= 0 { return v, 0 }")
	g.line("w, d := up(n-1, v)")
	g.line("return w, d + n")
	g.end("}")
	g.line("up = func(n int, v %s) (%s, int) { if n %% 2 == 0 { return %s, n }; return down(n-%d, v) }", t.name, t.name, g.text(t, 1), 1+g.n(3))
	g.line("v, d := down(%d, %s)", 3+g.n(5), g.text(t, 2))
	g.line("fmt.Println(%s, d)", g.shownOr("v", t))
	g.end("}")
}

// funcsKept calls funcs from maps, slices, structs, channels and results.
func (g *generator) funcsKept() {
	t := g.value(0)
	f := &function{params: []*typ{t}, results: []*typ{t}}
	g.calls = false
	a, b := g.literalFunc(f, true, 8), g.literalFunc(f, true, 8)
	name := funcOf(f).name
	g.open("{")
	g.line("m := map[string]%s{\"a\": %s}", name, a)
	g.line("s := struct { f %s; next []%s }{m[\"a\"], []%s{%s}}", name, name, name, b)
	g.line("c := make(chan %s, 2)", name)
	g.line("c <- s.f")
	g.line("c <- s.next[0]")
	g.line("x := m[\"a\"](s.next[0]((<-c)(%s)))", g.text(t, 1))
	g.line("fmt.Println(x, m[\"b\"] == nil, (<-c)(x), len(c))")
	g.line("pick := func(n int) %s { return func(v %s) %s { n++; return s.next[0](v) } }", name, t.name, t.name)
	g.line("fmt.Println(pick(1)(%s))", g.text(t, 1))
	g.line("cc := make(chan chan %s, 1)", t.name)
	g.line("go func() { in := <-cc; in <- %s }()", g.text(t, 1))
	g.line("back := make(chan %s)", t.name)
	g.line("cc <- back")
	g.line("fmt.Println(<-back)")
	g.end("}")
}

// embedding promotes fields and methods through values, pointers and interfaces.
func (g *generator) embedding() {
	if !g.methods || !g.affords(6*methodSteps) {
		g.print()
		return
	}
	g.cost += 6 * methodSteps * g.mult
	g.calls = false
	s, t := g.structType(), g.value(1)
	g.open("{")
	g.line("type inner struct { %s; own %s }", s.name, t.name)
	g.line("type outer struct { *inner; shape; extra int }")
	g.line("x := outer{&inner{%s, %s}, nil, 1}", g.text(s, 2), g.text(t, 2))
	g.line("x.shape = x.inner")
	g.line("x.own = %s", g.text(t, 1))
	g.line("y := x")
	g.line("y.inner.bump(%s)", g.text(intType, 1))
	g.line("y.extra++")
	g.line("fmt.Println(x.inner.area(%s), x.shape.label(), y.inner.label(), x.extra)", g.text(intType, 1))
	g.line("var b bumper = x.inner")
	g.line("b.bump(2)")
	g.line("f := x.inner.%s.label", s.name)
	g.line("fmt.Println(f() == x.inner.label(), x.%s, x.inner == y.inner)", s.name)
	if t.plain() {
		g.line("fmt.Println(y.own)")
	}
	g.line("func() { defer recovered(\"nil embedded\"); var none outer; fmt.Println(none.extra, none.own) }()")
	g.end("}")
}

// constrained calls generic functions with constraints of methods and of underlying
// types, in all the ways that their arguments are found.
func (g *generator) constrained() {
	if !g.methods || !g.affords(4*methodSteps) {
		g.print()
		return
	}
	g.cost += 4 * methodSteps * g.mult
	g.calls = false
	s, k := g.structType(), g.keyType()
	g.open("{")
	g.line("fmt.Println(areas(1, %s, %s), areas[shape](2, ref(%s)))", g.text(s, 2), g.text(s, 1), g.text(s, 1))
	g.line("v := bumped[%s](%s, 3)", s.name, g.text(s, 2))
	g.line("fmt.Println(v)")
	g.line("set := setOf(%s, %s)", g.text(k, 1), g.varying(k, 1))
	g.line("fmt.Println(set.has(%s), len(set) <= 2)", g.varying(k, 1))
	g.line("compose := then(func(n %s) set0[%s] { return setOf(n) }, set0[%s].len)", k.name, k.name, k.name)
	g.line("fmt.Printf(\"%%v %%T\\n\", compose(%s), set)", g.text(k, 1))
	g.end("}")
}

// matrices are arrays of arrays, assigned as wholes and in parts.
func (g *generator) matrices() {
	t := basics[g.n(len(basics))]
	n := 2 + g.n(2)
	m := arrayOf(arrayOf(t, n), n)
	g.calls = false
	g.open("{")
	g.line("a := %s", g.composite(m, 2).text)
	g.line("row, all := a[%d], &a", g.n(n))
	g.open("for i := range a {")
	g.line("for j := range a[i] { if i != j { a[i][j], a[j][i] = a[j][i], row[j] } else { all[i][j] = %s } }", g.text(t, 1))
	g.end("}")
	g.line("a[0], a[%d] = a[%d], a[0]", n-1, n-1)
	g.line("s := a[:]")
	g.line("s[1][0] = row[1]")
	g.line("m := map[string]%s{\"m\": a}", m.name)
	g.line("fmt.Println(a, row, m[\"m\"][1], m[\"none\"][0][1], len(s), *all == a, m[\"m\"] == a)")
	g.end("}")
}

// merged takes from several channels in a loop with a label, until all are closed.
func (g *generator) merged() {
	t := g.integer()
	label := g.fresh("loop")
	g.calls = false
	g.open("{")
	g.line("a, b, quit := make(chan %s), make(chan %s, 2), make(chan struct{})", t.name, t.name)
	g.line("go func() { defer close(a); for i := range %d { a <- %s + %s(i) } }()", g.n(4), g.varying(t, 1), t.name)
	g.line("go func() { defer close(b); for range %d { b <- %s } }()", g.n(4), g.text(t, 2))
	g.line("var total %s", t.name)
	g.line("n := 0")
	g.line("go func() { <-quit }()")
	g.indent--
	g.line("%s:", label)
	g.indent++
	g.open("for a != nil || b != nil {")
	g.open("select {")
	g.line("case v, ok := <-a:")
	g.line("\tif !ok { a = nil; break }")
	g.line("\ttotal += v")
	g.line("\tn++")
	g.line("case v, ok := <-b:")
	g.line("\tif !ok { b = nil; continue %s }", label)
	g.line("\ttotal ^= 0")
	g.line("\ttotal += v")
	g.line("\tn++")
	g.end("}")
	g.line("if a == nil && b == nil { break %s }", label)
	g.end("}")
	g.line("if a == nil && b == nil { fmt.Println(total, n) }")
	g.line("quit <- struct{}{}")
	g.end("}")
}

// bytesAndRunes takes text apart and copies it about.
func (g *generator) bytesAndRunes() {
	s := g.fresh("v")
	g.line("%s := %s", s, g.varying(stringType, 3))
	g.open("{")
	g.line("b := make([]byte, %d)", g.n(5))
	g.line("n := copy(b, %s)", s)
	g.line("b = append(b[:n:n], %s...)", s)
	g.line("r := []rune(%s)", s)
	g.line("for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 { r[i], r[j] = r[j], r[i] }")
	g.line("m := map[string]int{}")
	g.line("for _, c := range %s { m[string(c)]++ }", s)
	g.line("m[string(b)]++")
	g.line("fmt.Println(n, b, string(r), m, m[string(b)], len(r))")
	g.line("fmt.Printf(\"%%q %%x %%d\\n\", %s, %s, len(%s))", s, s, s)
	g.line("switch %s { case \"a\", \"go\": fmt.Println(\"known\"); case string(b): fmt.Println(\"bytes\"); default: fmt.Println(%s > \"b\") }", s, s)
	g.end("}")
	g.add(variable{s, stringType, false, false})
}

// results changes named results by defer, also after a panic, and returns through
// several frames.
func (g *generator) resultsOf() {
	t := g.value(1)
	g.calls = false
	g.open("{")
	g.open("f := func(mode int) (v %s, err error) {", t.name)
	g.line("defer func() { if r := recover(); r != nil { err = fmt.Errorf(\"from %%v\", r) } }()")
	g.line("defer func() { if mode == 2 { v = %s } }()", g.text(t, 1))
	g.line("func() { defer func() { if mode == 3 { panic(\"three\") } }(); if mode == 4 { panic(fmt.Sprint(mode)) } }()")
	g.line("if v := %s; mode == 5 { return v, nil }", g.exact(t, "("+g.text(t, 1)+")"))
	g.line("return %s, nil", g.text(t, 2))
	g.end("}")
	g.open("for mode := range 6 {")
	g.line("v, err := f(mode)")
	g.line("fmt.Println(mode, %s, err)", g.shownOr("v", t))
	g.end("}")
	g.end("}")
}

// sorted sorts with the functions that take a comparison, and with an interface.
func (g *generator) sorted() {
	t := []*typ{intType, stringType, byteType, floatType}[g.n(4)]
	g.imports["sort"], g.imports["slices"], g.imports["cmp"] = true, true, true
	var vs []string
	for range 3 + g.n(5) {
		vs = append(vs, g.text(t, 1))
	}
	g.calls = false
	g.open("{")
	g.line("xs := []%s{%s}", t.name, strings.Join(vs, ", "))
	if t.kind == float { // NaN has no order
		g.line("for i, x := range xs { if x != x { xs[i] = 0 } }")
	}
	g.line("ys := slices.Clone(xs)")
	g.line("n := 0")
	g.line("sort.Slice(xs, func(i, j int) bool { n++; return xs[i] < xs[j] })")
	g.line("slices.SortStableFunc(ys, func(a, b %s) int { return %scmp.Compare(a, b) })", t.name, g.pick("", "-"))
	g.line("i, found := slices.BinarySearch(xs, %s)", g.text(t, 1))
	g.line("fmt.Println(xs, ys, n > 0, i, found, slices.Max(ys), slices.Contains(ys, xs[0]))")
	g.line("fmt.Println(slices.Collect(slices.Values(xs[:2])), slices.IndexFunc(xs, func(x %s) bool { return x == ys[0] }))", t.name)
	g.end("}")
}
