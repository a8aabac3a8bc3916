package randprog

import (
	"fmt"
	"strconv"
	"strings"
)

type kind int

const (
	boolean kind = iota
	integer
	float
	complexNumber
	text
	slice
	array
	mapping
	pointer
	structure
	anything // any
	shape    // the interface of methods that the program declares
	callable
)

// typ is a type of the program; two are identical when name is the same. under is how
// its underlying type is written ("" for name itself).
type typ struct {
	name  string
	under string
	kind  kind
	elem  *typ
	key   *typ
	n     int // of an array
	field []member
	fn    *function // of a callable
	own   []*function
	// generic marks an instance of a generic type; its fields are reached by methods.
	small bool // it has few values, so that they meet as keys
}

type member struct {
	name     string
	t        *typ
	embedded bool
}

func basic(name string, k kind) *typ { return &typ{name: name, kind: k} }

var (
	boolType   = basic("bool", boolean)
	intType    = basic("int", integer)
	byteType   = basic("uint8", integer)
	runeType   = basic("int32", integer)
	uintType   = basic("uint", integer)
	floatType  = basic("float64", float)
	stringType = basic("string", text)
	anyType    = basic("any", anything)
	shapeType  = basic("shape", shape)
	basics     = []*typ{
		boolType, intType, intType, intType, basic("int8", integer), basic("int16", integer), runeType,
		basic("int64", integer), uintType, byteType, basic("uint16", integer), basic("uint32", integer),
		basic("uint64", integer), basic("uintptr", integer), floatType, basic("float32", float),
		basic("complex128", complexNumber), basic("complex64", complexNumber), stringType, stringType,
	}
	numbers = basics[1:16]
)

func (t *typ) base() string {
	if t.under != "" {
		return t.under
	}
	return t.name
}

// bits returns the size of an integer or float and whether it is signed.
func (t *typ) bits() (int, bool) {
	switch b := t.base(); b {
	case "int":
		return 64, true
	case "uint", "uintptr":
		return 64, false
	default:
		n, _ := strconv.Atoi(strings.TrimLeft(b, "uintfloa"))
		return n, b[0] != 'u'
	}
}

// comparable says whether == is allowed and cannot panic.
func (t *typ) comparable() bool {
	switch t.kind {
	case boolean, integer, float, complexNumber, text, pointer:
		return true
	case array:
		return t.elem.comparable()
	case structure:
		for _, f := range t.field {
			if !f.t.comparable() {
				return false
			}
		}
		return true
	}
	return false
}

// keyable says whether values are good keys: found again (no NaN) and printed in an order
// that is settled.
func (t *typ) keyable() bool {
	switch t.kind {
	case boolean, integer, text:
		return true
	case array:
		return t.elem.keyable()
	case structure:
		for _, f := range t.field {
			if !f.t.keyable() {
				return false
			}
		}
		return len(t.field) > 0
	}
	return false
}

// plain says whether fmt prints values without an address.
func (t *typ) plain() bool {
	switch t.kind {
	case pointer, callable, shape:
		return false
	case slice, array:
		return t.elem.plain()
	case mapping:
		return t.elem.plain()
	}
	return true
}

func sliceOf(t *typ) *typ { return &typ{name: "[]" + t.name, kind: slice, elem: t} }
func arrayOf(t *typ, n int) *typ {
	return &typ{name: fmt.Sprintf("[%d]%s", n, t.name), kind: array, elem: t, n: n}
}
func pointerTo(t *typ) *typ { return &typ{name: "*" + t.name, kind: pointer, elem: t} }
func mapOf(k, t *typ) *typ {
	return &typ{name: "map[" + k.name + "]" + t.name, kind: mapping, key: k, elem: t}
}

func funcOf(f *function) *typ {
	return &typ{name: "func" + f.signature(), kind: callable, fn: f}
}

// signature writes a function's parameters and results without names.
func (f *function) signature() string {
	s := "(" + join(f.params, f.variadic) + ")"
	switch len(f.results) {
	case 0:
		return s
	case 1:
		return s + " " + f.results[0].name
	}
	return s + " (" + join(f.results, false) + ")"
}

func join(ts []*typ, variadic bool) string {
	names := make([]string, len(ts))
	for i, t := range ts {
		names[i] = t.name
		if variadic && i == len(ts)-1 {
			names[i] = "..." + t.elem.name
		}
	}
	return strings.Join(names, ", ")
}

// value returns a random type of values, nested at most that deep.
func (g *generator) value(depth int) *typ {
	if depth > 0 {
		switch g.n(12) {
		case 0, 1:
			return sliceOf(g.value(depth - 1))
		case 2:
			return arrayOf(g.value(depth-1), 1+g.n(4))
		case 3:
			return mapOf(g.keyType(), g.value(depth-1))
		case 4:
			return anyType
		}
	}
	if len(g.named) > 0 && g.chance(35) {
		return g.named[g.n(len(g.named))]
	}
	return basics[g.n(len(basics))]
}

func (g *generator) keyType() *typ {
	for range 4 {
		if t := g.value(1); t.keyable() {
			return t
		}
	}
	return intType
}

func (g *generator) number() *typ { return numbers[g.n(len(numbers))] }

func (g *generator) integer() *typ {
	for {
		if t := g.number(); t.kind == integer {
			return t
		}
	}
}

// declareTypes makes named types of all kinds, some with a String method, which fmt uses.
func (g *generator) declareTypes() {
	g.decls = append(g.decls, prelude)
	for range 3 + g.n(4) {
		switch g.n(7) {
		case 0, 1:
			g.declareNamed(g.number())
		case 2:
			g.declareNamed(stringType)
		case 3:
			g.declareNamed(sliceOf(g.value(0)))
		case 4:
			g.declareNamed(mapOf(g.keyType(), g.value(0)))
		default:
			g.declareStruct()
		}
	}
	g.declareStruct()
}

func (g *generator) declareNamed(of *typ) {
	t := *of
	t.name, t.under, t.own = g.fresh("T"), of.base(), nil
	if g.chance(30) && t.kind != slice && t.kind != mapping {
		g.decls = append(g.decls, fmt.Sprintf("func (x %s) String() string { return \"%s:\" + fmt.Sprint(%s(x)) }\n", t.name, t.name, t.under))
	}
	g.decls = append(g.decls, fmt.Sprintf("type %s %s\n", t.name, t.under))
	g.named = append(g.named, &t)
}

func (g *generator) declareStruct() {
	t := &typ{name: g.fresh("S"), kind: structure}
	taken := map[string]bool{}
	for range g.n(5) {
		f := member{name: g.fresh(g.pick("f", "F")), t: g.value(2)}
		if g.chance(30) {
			if e := g.embeddable(); e != nil && !taken[e.name] {
				f = member{name: e.name, t: e, embedded: true}
				taken[e.name] = true
			}
		}
		t.field = append(t.field, f)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "type %s struct {\n", t.name)
	for _, f := range t.field {
		switch {
		case f.embedded:
			fmt.Fprintf(&b, "\t%s\n", f.name)
		case g.chance(20):
			fmt.Fprintf(&b, "\t%s %s `json:\"%s\"`\n", f.name, f.t.name, strings.ToLower(f.name))
		default:
			fmt.Fprintf(&b, "\t%s %s\n", f.name, f.t.name)
		}
	}
	b.WriteString("}\n")
	g.decls = append(g.decls, b.String())
	g.named = append(g.named, t)
}

func (g *generator) embeddable() *typ {
	for range 3 {
		if len(g.named) > 0 {
			if t := g.named[g.n(len(g.named))]; t.kind == structure {
				return t
			}
		}
	}
	return nil
}
