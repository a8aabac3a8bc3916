package randprog

import "fmt"

func (g *generator) boolean(t *typ, depth int) expression {
	var e string
	switch g.n(6) {
	case 0:
		e = "(!" + g.varying(t, depth-1) + ")"
	case 1, 2:
		e = fmt.Sprintf("(%s %s %s)", g.varying(t, depth-1), g.pick("&&", "||", "==", "!="), g.text(t, depth-1))
	default:
		e = g.comparison(depth)
		if t.name != "bool" {
			e = t.name + e
		}
	}
	return expression{text: e}
}

func (g *generator) comparison(depth int) string {
	for range 4 {
		c := g.value(1)
		switch {
		case c.kind == integer || c.kind == float || c.kind == text:
			return fmt.Sprintf("(%s %s %s)", g.varying(c, depth-1), g.pick("<", "<=", ">", ">=", "==", "!="), g.text(c, depth-1))
		case c.kind == anything && (g.risky || g.chance(50)):
			return fmt.Sprintf("(%s %s %s)", g.text(c, depth-1), g.pick("==", "!="), g.text(c, depth-1))
		case c.kind == slice || c.kind == mapping:
			return fmt.Sprintf("(%s %s nil)", g.text(c, depth-1), g.pick("==", "!="))
		case c.comparable():
			return fmt.Sprintf("(%s %s %s)", g.varying(c, depth-1), g.pick("==", "!="), g.text(c, depth-1))
		}
	}
	return "(1 < nc(2))"
}

func (g *generator) integerExpr(t *typ, depth int) expression {
	x := func() string { return g.varying(t, depth-1) }
	y := func() string { return g.text(t, depth-1) }
	bits, signed := t.bits()
	var e string
	switch g.n(16) {
	case 0, 1, 2, 3:
		e = fmt.Sprintf("(%s %s %s)", x(), g.pick("+", "-", "*", "&", "|", "^", "&^"), y())
	case 4:
		op := g.pick("/", "%")
		if g.risky {
			e = fmt.Sprintf("(%s %s %s)", x(), op, x())
		} else {
			e = fmt.Sprintf("(%s %s (%s | 1))", x(), op, x())
		}
	case 5:
		e = fmt.Sprintf("(%s %s %d)", x(), g.pick("/", "%"), 1+g.n(9))
	case 6, 7:
		e = fmt.Sprintf("(%s %s %s)", x(), g.pick("<<", ">>"), g.count(depth))
	case 8:
		e = "(" + g.pick("-", "^", "+") + " " + x() + ")"
	case 9, 10:
		from := g.integer()
		e = fmt.Sprintf("%s(%s)", t.name, g.varying(from, depth-1))
	case 11:
		e = fmt.Sprintf("%s(toInt(float64(%s)))", t.name, g.varying(basics[14+g.n(2)], depth-1))
	case 12:
		e = fmt.Sprintf("%s(len(%s))", t.name, g.text(sliceOf(g.value(0)), depth-1))
		if g.chance(50) {
			e = fmt.Sprintf("%s(len(%s))", t.name, g.varying(stringType, depth-1))
		}
	case 13:
		e = fmt.Sprintf("%s(%s, %s)", g.pick("min", "max"), x(), y())
	case 14:
		if signed {
			e = fmt.Sprintf("(-%s)", x())
		} else {
			e = fmt.Sprintf("(%s + 1)", x())
		}
	default:
		e = fmt.Sprintf("(%s + %d)", x(), g.n(100))
		if bits < 64 && g.chance(50) {
			e = fmt.Sprintf("(%s(1) << (%s & 15))", t.name, g.varying(byteType, depth-1))
		}
	}
	return expression{text: e}
}

// count returns a shift count.
func (g *generator) count(depth int) string {
	switch {
	case g.risky:
		return g.varying(g.integer(), depth-1)
	case g.chance(40):
		return fmt.Sprint(g.n(9))
	case g.chance(30):
		return fmt.Sprintf("(%s & 31)", g.varying(intType, depth-1))
	}
	return g.varying(byteType, depth-1)
}

func (g *generator) floatExpr(t *typ, depth int) expression {
	x := func() string { return g.varying(t, depth-1) }
	var e string
	switch g.n(8) {
	case 0, 1:
		e = fmt.Sprintf("(%s %s %s)", x(), g.pick("+", "-", "/"), x())
	case 2:
		e = fmt.Sprintf("%s(%s * %s)", t.name, x(), g.text(t, depth-1)) // the conversion keeps it from being fused
	case 3:
		e = "(- " + x() + ")"
	case 4, 5:
		e = fmt.Sprintf("%s(%s)", t.name, g.varying(g.number(), depth-1))
	case 6:
		c := map[string]string{"float64": "complex128", "float32": "complex64"}[t.base()]
		e = fmt.Sprintf("%s(%s(%s))", t.name, g.pick("real", "imag"), g.varying(basic(c, complexNumber), depth-1))
	default:
		e = fmt.Sprintf("%s(%s, %s)", g.pick("min", "max"), x(), x())
	}
	return expression{text: e}
}

func (g *generator) complexExpr(t *typ, depth int) expression {
	part := basic(map[string]string{"complex128": "float64", "complex64": "float32"}[t.base()], float)
	x := func() string { return g.varying(t, depth-1) }
	switch g.n(4) {
	case 0:
		return expression{text: fmt.Sprintf("(%s %s %s)", x(), g.pick("+", "-"), g.text(t, depth-1))}
	case 1:
		return expression{text: "(- " + x() + ")"}
	case 2:
		from := basic(g.pick("complex64", "complex128"), complexNumber)
		return expression{text: fmt.Sprintf("%s(%s)", t.name, g.varying(from, depth-1))}
	}
	return expression{text: fmt.Sprintf("%s(complex(%s, %s))", t.name, g.varying(part, depth-1), g.varying(part, depth-1))}
}

func (g *generator) textExpr(t *typ, depth int) expression {
	x := func() string { return g.varying(t, depth-1) }
	s := func() string { return g.varying(stringType, depth-1) }
	var e string
	switch g.n(11) {
	case 0, 1, 2:
		e = fmt.Sprintf(g.pick("(first(%s) + %s)", "(%s + first(%s))"), x(), x()) // so that they do not double in loops
	case 3:
		e = fmt.Sprintf("%s(rune(%s))", t.name, g.varying(g.integer(), depth-1))
	case 4:
		e = fmt.Sprintf("%s(%s)", t.name, g.text(sliceOf(byteType), depth-1))
	case 5:
		e = fmt.Sprintf("%s([]rune(%s))", t.name, s())
	case 6:
		g.imports["strings"] = true
		e = fmt.Sprintf("%s(strings.%s(%s))", t.name, g.pick("ToUpper", "TrimSpace", "ToLower"), s())
	case 7:
		g.imports["strconv"] = true
		e = fmt.Sprintf("%s(strconv.%s)", t.name, g.pick("Itoa("+g.text(intType, depth-1)+")", "Quote(first("+s()+"))", "FormatBool("+g.text(boolType, depth-1)+")"))
	case 8:
		if v := g.printed(); v != "" {
			e = fmt.Sprintf("%s(short(fmt.Sprintf(%q, %s)))", t.name, g.pick("%v", "%+v", "%v|"), v)
		} else {
			e = x()
		}
	case 9:
		if g.risky {
			e = fmt.Sprintf("%s[%s:]", x(), g.varying(intType, depth-1))
		} else {
			e = fmt.Sprintf("cut(%s, %s)", x(), g.text(intType, depth-1))
		}
	default:
		e = fmt.Sprintf("%s(%s, %s)", g.pick("min", "max"), x(), x())
	}
	return expression{text: e}
}

// printed returns a variable that can be printed, or "".
func (g *generator) printed() string {
	vs := g.visible(func(_ int, v variable) bool { return !v.silent })
	if len(vs) == 0 {
		return ""
	}
	return vs[g.n(len(vs))].name
}

// sliceExpr never depends on the capacity that append chose: it appends to slices that
// have none to spare.
func (g *generator) sliceExpr(t *typ, depth int) expression {
	vs := g.holding(t)
	if len(vs) == 0 || depth < 1 {
		return g.composite(t, depth)
	}
	v := vs[g.n(len(vs))].name
	switch g.n(8) {
	case 0:
		return expression{text: fmt.Sprintf("append(%s[:len(%s):len(%s)], %s)", v, v, v, g.text(t.elem, depth-1))}
	case 1:
		return expression{text: fmt.Sprintf("append(%s(nil), %s...)", t.name, v)}
	case 2:
		return expression{text: fmt.Sprintf("append(%s{%s}, %s...)", t.name, g.text(t.elem, depth-1), v)}
	case 3:
		return expression{text: fmt.Sprintf("%s[len(%s)/2:]", v, v)}
	case 4:
		return expression{text: fmt.Sprintf("%s[:len(%s)/2]", v, v)}
	case 5:
		return expression{text: fmt.Sprintf("%s[:len(%s)/2:len(%s)/2]", v, v, v)}
	case 6:
		if g.risky {
			return expression{text: fmt.Sprintf("%s[:len(%s):len(%s)][%s:%s]", v, v, v, g.varying(intType, depth-1), g.varying(g.integer(), depth-1))}
		}
		return expression{text: fmt.Sprintf("make(%s, %d, %d)", t.name, g.n(3), 3+g.n(3))}
	}
	return g.composite(t, depth)
}
