package randprog

// localMap works on a map that nothing outside the block gets hold of. A hash of what a loop
// over it meets does not depend on the order.
func (g *generator) localMap() {
	k, t := []*typ{stringType, g.integer(), g.integer(), g.keyType()}[g.n(4)], g.value(1)
	m, key := g.fresh("own"), func() string { return g.exact(k, "("+g.text(k, 1)+")") }
	set := func() { g.line("%s[%s] = %s", m, key(), g.text(t, 2)) }
	changes := []func(){
		set, set, set,
		func() { g.line("%s[%s], %s[%s] = %s[%s], %s", m, key(), m, key(), m, key(), g.text(t, 1)) },
		func() { g.line("delete(%s, %s)", m, key()) },
		func() {
			g.line("if v, ok := %s[%s]; ok || len(%s) > %d { %s[%s] = v }", m, key(), m, g.n(4), m, key())
		},
		func() {
			g.line("for _, k := range []%s{%s, %s, %s} { %s[k] = %s }", k.name, key(), key(), key(), m, g.text(t, 1))
		},
		func() { g.line("for k := range %s { delete(%s, k) }", m, m) },
	}
	if k.kind == integer {
		changes = append(changes, func() {
			g.line("for i := range %d { %s[%s(i)] = %s[%s(i+%d)] }", 5+g.n(30), m, k.name, m, k.name, g.n(9))
		})
	}
	g.calls = false
	g.open("{")
	g.line("%s := %s", m, g.pick("map["+k.name+"]"+t.name+"{}", "make(map["+k.name+"]"+t.name+")", g.composite(mapOf(k, t), 2).text))
	g.line("met := 0")
	for range 4 + g.n(6) {
		changes[g.n(len(changes))]()
	}
	g.line("for k, v := range %s { met += len(fmt.Sprint(k)); use(v) }", m)
	g.line("v, ok := %s[%s]", m, key())
	g.line("fmt.Println(%s, ok, len(%s), met > 0, %s == nil)", g.shownOr("v", t), m, m)
	if k.plain() && k != anyType {
		g.line("fmt.Println(met)")
	}
	if g.chance(20) {
		g.line("clear(%s)", m)
		set()
		g.line("fmt.Println(len(%s))", m)
	}
	g.end("}")
}
