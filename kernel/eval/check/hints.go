package check

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"regexp"
	"strconv"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// advice is what is said behind a message of go/types: the first of a list that has
// something to say.
type advice struct {
	when *regexp.Regexp
	say  func(c *checking, e types.Error, m []string) string // "" for nothing; m are the groups of when
}

// always is advice that does not look at the cell.
func always(pattern, text string) advice {
	return advice{regexp.MustCompile(pattern), func(*checking, types.Error, []string) string { return text }}
}

func advise(pattern string, say func(c *checking, e types.Error, m []string) string) advice {
	return advice{regexp.MustCompile(pattern), say}
}

// hint says what the author probably meant, "" when there is nothing to say.
func (c *checking) hint(e types.Error) string {
	for _, a := range advices {
		if m := a.when.FindStringSubmatch(e.Msg); m != nil {
			if text := a.say(c, e, m); text != "" {
				return text
			}
		}
	}
	return ""
}

const notShownHint = "only the last expression of a cell is shown; display.Show(x) shows one in between"

var advices []advice

func init() { // the functions look at advices themselves
	advices = []advice{
		advise(`^undefined: (\S+\.\S+)`, func(c *checking, e types.Error, m []string) string { return c.memberHint(m[1]) }),
		advise(`^undefined: (\S+)$`, func(c *checking, e types.Error, m []string) string { return c.nameHint(m[1], e.Pos) }),
		advise(`^name (\S+) not exported by package (\S+)`, func(c *checking, e types.Error, m []string) string {
			return c.memberHint(m[2] + "." + strings.ToUpper(m[1][:1]) + m[1][1:])
		}),
		advise(`^assignment mismatch: (\d+) variables? but .* returns? (\d+) values?$`, (*checking).mismatchHint),
		advise(`in single-value context$`, (*checking).multipleHint),
		always(`^no new variables on left side of :=`, "= sets a variable that is there already; := declares one"),
		always(`^missing return$`, "every way through a function with a result must end in a return, or in a panic"),
		advise(`\*taskgraph\.Node`, (*checking).nodeHint),
		advise(`^non-boolean condition`, (*checking).conditionHint),
		advise(`is not used$`, (*checking).unusedHint),
		advise(`undefined \(type`, (*checking).selectorHint),
		advise(`^unknown field (\S+) in struct literal`, (*checking).literalHint),
		advise(`^(?:cannot use|invalid operation|invalid argument)`, func(c *checking, e types.Error, m []string) string { return c.generationHint(e) }),
		advise(`mismatched types any and|of interface type any|of type any\) as`, func(c *checking, e types.Error, m []string) string {
			return "an any becomes a number, say, by v.(int); z.ComputeInto(&n) computes into a variable of its own type"
		}),
		advise(`mismatched types`, (*checking).operandsHint),
		advise(`truncated to int`, (*checking).truncatedHint),
		advise(`method (\S+) has pointer receiver\)`, (*checking).receiverHint),
		advise(`^cannot use .* as (\S+) value in`, (*checking).convertHint),
		advise(`^cannot use .* (in argument to)`, (*checking).argumentsHint),
		advise(`^(?:not enough|too many) arguments in call`, (*checking).argumentsHint),
		advise(`\((\w+) can only be compared to nil\)`, (*checking).compareHint),
		advise(`^invalid operation: cannot call .*: (\S+) is not a function`, (*checking).callHint),
		always(`^cannot call pointer method`, "the method changes its receiver, so it needs a variable: put the value into one first"),
		always(`^cannot assign to struct field .* in map$`, "take the value out of the map, change it, and put it back; or let the map hold pointers"),
		advise(`^(\S+) \(type\) is not an expression`, (*checking).typeHint),
		always(`^use of untyped nil`, "nil alone has no type: var x *T, or error, or []int, is nil from the start"),
		advise(`^too many return values`, (*checking).returnHint),
		advise(`(?s)^not enough return values.*have \((\S+)\).*want \(\S+, error\)`, func(c *checking, e types.Error, m []string) string {
			return "without an error the second value is nil"
		}),
		always(`permits only one iteration variable`, "an integer gives its numbers only: for i := range 10"),
		advise(`^cannot assign to (\S+) \(neither addressable`, (*checking).assignHint),
		always(`is not constant$`, "only numbers, strings and booleans can be constants: var declares the rest"),
		always(`operator ! not defined`, "! turns a bool around; a number is compared: n == 0"),
		always(`operator % not defined`, "% is for integers; math.Mod(x, y) is for floats"),
		advise(`operator \+ not defined`, (*checking).plusHint),
		advise(`^invalid operation: cannot indirect`, (*checking).powerHint),
		advise(`^invalid argument: index .* must not be negative`, func(c *checking, e types.Error, m []string) string {
			ix, ok := innermost[*ast.IndexExpr](c, e.Pos)
			if !ok {
				return ""
			}
			return fmt.Sprintf("counted from the end it is %s[len(%s)%s]", c.quote(ix.X), c.quote(ix.X), c.quote(ix.Index))
		}),
		always(`^invalid array length`, "the length of an array is a constant; make([]T, n) makes a slice of n elements"),
		advise(`^cannot convert .* to type (int|float64)$`, (*checking).conversionHint),
		advise(`^label (\S+) declared and not used`, (*checking).labelHint),
		advise(`^function (\S+) has no body`, (*checking).bodyHint),
	}
}

// nodes calls visit for the syntax of the part that holds pos, outermost first.
func (c *checking) nodes(pos token.Pos, visit func(ast.Node)) {
	c.part.inspect(func(n ast.Node) bool {
		if n == nil || pos < n.Pos() || n.End() <= pos {
			return false
		}
		visit(n)
		return true
	})
}

// innermost returns the innermost node of a kind that holds pos.
func innermost[T ast.Node](c *checking, pos token.Pos) (found T, ok bool) {
	c.nodes(pos, func(n ast.Node) {
		if t, is := n.(T); is {
			found, ok = t, true
		}
	})
	return found, ok
}

// longestQuote is how long a piece of the cell may be that is repeated in a hint.
const longestQuote = 30

// quote returns the text of an expression, a long one or one of several lines shortened.
func (c *checking) quote(x ast.Expr) string {
	src := c.sources[c.fset.File(x.Pos())]
	if src == nil {
		return types.ExprString(x)
	}
	text := src.Text[src.Offset(x.Pos()):min(src.Offset(x.End()), len(src.Text))]
	if call, ok := x.(*ast.CallExpr); ok && (len(text) > longestQuote || strings.Contains(text, "\n")) {
		return c.quote(call.Fun) + "(…)"
	}
	if len(text) > longestQuote || strings.Contains(text, "\n") {
		return types.ExprString(x)
	}
	return text
}

// mismatchHint is for x := os.Open(name).
func (c *checking) mismatchHint(e types.Error, m []string) string {
	var names []string
	var call ast.Expr
	c.nodes(e.Pos, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			names, call = nil, n.Rhs[0]
			for _, l := range n.Lhs {
				names = append(names, c.quote(l))
			}
		case *ast.ValueSpec:
			if len(n.Values) == 1 {
				names, call = specNames(&ast.GenDecl{Specs: []ast.Spec{n}}), n.Values[0]
			}
		}
	})
	results, ok := c.typeOf(call).(*types.Tuple)
	if !ok || results.Len() == 0 {
		return ""
	}
	text := c.quote(call)
	if isErrorType(results.At(results.Len()-1).Type()) && results.Len() == len(names)+1 {
		if len(names) == 1 {
			return fmt.Sprintf("must(%s) is the first value and stops the cell on an error; %s, err := %s keeps the error", text, names[0], text)
		}
		return fmt.Sprintf("the last value is an error: %s, err := %s", strings.Join(names, ", "), text)
	}
	if results.Len() > len(names) {
		for len(names) < results.Len() {
			names = append(names, "_")
		}
		return fmt.Sprintf("%s := %s leaves out the rest", strings.Join(names, ", "), text)
	}
	return ""
}

// typeOf returns the type of an expression, nil when there is none.
func (c *checking) typeOf(x ast.Expr) types.Type {
	if x == nil {
		return nil
	}
	if t := c.info.TypeOf(x); t != nil && valid(t) {
		return t
	}
	return nil
}

func isErrorType(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}

// multipleHint is for strconv.Atoi(s) + 1.
func (c *checking) multipleHint(e types.Error, m []string) string {
	call, ok := c.exprAt(e.Pos, func(x ast.Expr) bool { _, ok := c.typeOf(x).(*types.Tuple); return ok })
	if !ok {
		return ""
	}
	results := c.typeOf(call).(*types.Tuple)
	if results.Len() == 2 && isErrorType(results.At(1).Type()) {
		return fmt.Sprintf("must(%s) is the first value and stops the cell on an error", c.quote(call))
	}
	return "give the values names first: a, b := " + c.quote(call)
}

// exprAt returns the largest expression that begins at pos and is wanted.
func (c *checking) exprAt(pos token.Pos, wanted func(ast.Expr) bool) (found ast.Expr, ok bool) {
	c.nodes(pos, func(n ast.Node) {
		if x, is := n.(ast.Expr); is && !ok && x.Pos() == pos && wanted(x) {
			found, ok = x, true
		}
	})
	return found, ok
}

// nodeHint is for the delayed result of a call where a value is wanted.
func (c *checking) nodeHint(e types.Error, m []string) string {
	isNode := func(x ast.Expr) bool {
		n := namedOrNil(c.typeOf(x))
		return n != nil && n.Obj().Name() == "Node" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == symbols.Module+"taskgraph"
	}
	name := "z"
	c.nodes(e.Pos, func(n ast.Node) {
		if b, ok := n.(*ast.BinaryExpr); ok {
			for _, x := range []ast.Expr{b.X, b.Y} {
				if isNode(x) {
					name = c.quote(x)
				}
			}
		}
		if x, ok := n.(ast.Expr); ok && isNode(x) {
			name = c.quote(x)
		}
	})
	return fmt.Sprintf("%s is a task that has not run: its value is there after must(%s.ComputeInto(&v)), with v a variable of its type; or make a delayed function of what is done with it", name, name)
}

func (c *checking) conditionHint(e types.Error, m []string) string {
	x, ok := c.exprAt(e.Pos, func(x ast.Expr) bool { return c.typeOf(x) != nil })
	if !ok {
		return ""
	}
	text := c.quote(x)
	switch u := c.typeOf(x).Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Info()&types.IsNumeric != 0:
			return "numbers are not true or false: " + text + " != 0"
		case u.Info()&types.IsString != 0:
			return "strings are not true or false: " + text + ` != ""`
		}
	case *types.Slice, *types.Map:
		return "a length is compared: len(" + text + ") > 0"
	case *types.Pointer:
		if namedOf(u) != nil && namedOf(u).Obj().Name() == "Node" {
			return c.nodeHint(e, m)
		}
		return "it is compared with nil: " + text + " != nil"
	case *types.Interface, *types.Chan, *types.Signature:
		return "it is compared with nil: " + text + " != nil"
	}
	return ""
}

func (c *checking) unusedHint(e types.Error, m []string) string {
	x, ok := c.exprAt(e.Pos, func(ast.Expr) bool { return true })
	if !ok {
		return notShownHint
	}
	if call, ok := x.(*ast.CallExpr); ok && len(call.Args) > 0 {
		if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "append" && c.info.Types[call.Fun].IsBuiltin() {
			return fmt.Sprintf("append returns the longer slice: %s = append(%s, …)", c.quote(call.Args[0]), c.quote(call.Args[0]))
		}
	}
	if src := c.sources[c.fset.File(x.Pos())]; src != nil && floorDivision.MatchString(src.Text[src.Offset(x.End()):]) {
		return "// begins a comment; / between integers cuts off the rest"
	}
	return notShownHint
}

var floorDivision = regexp.MustCompile(`^ *// *\d`)

// selectorHint is for x.name where x has no such field or method.
func (c *checking) selectorHint(e types.Error, m []string) string {
	if strings.HasPrefix(e.Msg, "string.") {
		return c.memberHint("strings." + strings.TrimPrefix(strings.Fields(e.Msg)[0], "string."))
	}
	if hint := c.shadowHint(e); hint != "" {
		return hint
	}
	sel := c.selectorAt(e.Pos)
	if sel == nil || c.typeOf(sel.X) == nil {
		return ""
	}
	var known []string
	for _, m := range c.typeMembers(c.info.Types[sel.X]) {
		known = append(known, m.obj.Name())
	}
	if near := nearestName(sel.Sel.Name, known); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return c.methodHint(sel)
}

func (c *checking) selectorAt(pos token.Pos) (sel *ast.SelectorExpr) {
	c.part.inspect(func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Pos() == pos {
			sel = s
		}
		return sel == nil
	})
	return sel
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

// methodHint is for what other languages write as a method: names.append(x).
func (c *checking) methodHint(sel *ast.SelectorExpr) string {
	x, name := c.quote(sel.X), sel.Sel.Name
	t := c.typeOf(sel.X)
	_, isFunc := t.Underlying().(*types.Signature)
	if hasLength(t) {
		switch strings.ToLower(name) {
		case "len", "length", "size", "count":
			return "len(" + x + ") is its length"
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Slice:
		switch strings.ToLower(name) {
		case "append", "push", "add", "push_back", "extend":
			return fmt.Sprintf("%s = append(%s, …) makes it longer", x, x)
		}
		return c.packageHint("slices", name, x)
	case *types.Map:
		switch strings.ToLower(name) {
		case "get", "has", "has_key", "contains":
			return fmt.Sprintf("v, ok := %s[key] looks a key up", x)
		case "items":
			return "for key, value := range " + x + " goes over it"
		}
		return c.packageHint("maps", name, x)
	case *types.Basic:
		if u.Info()&types.IsString != 0 {
			return c.packageHint("strings", stringMethods(name), x)
		}
	case *types.Interface:
		if u.NumMethods() == 0 && !hasTypeParam(t) {
			return fmt.Sprintf("%s can be anything: %s.(T) is its value of type T", x, x)
		}
	}
	if isFunc {
		return x + " is a function: " + x + "(…) calls it"
	}
	return ""
}

// stringMethods turns the names that other languages give to functions of package strings
// into Go's.
func stringMethods(name string) string {
	for _, pair := range [][2]string{{"upper", "ToUpper"}, {"lower", "ToLower"}, {"strip", "TrimSpace"}, {"trim", "TrimSpace"}, {"startswith", "HasPrefix"}, {"endswith", "HasSuffix"}, {"find", "Index"}, {"indexof", "Index"}, {"includes", "Contains"}, {"replace", "ReplaceAll"}, {"toUpperCase", "ToUpper"}, {"toLowerCase", "ToLower"}} {
		if strings.EqualFold(name, pair[0]) {
			return pair[1]
		}
	}
	return name
}

// packageHint names the function of a package that does what the method x.name would.
func (c *checking) packageHint(pkg, name, x string) string {
	p, err := c.imp.Import(pkg)
	if err != nil {
		return ""
	}
	for _, n := range p.Scope().Names() {
		f, ok := p.Scope().Lookup(n).(*types.Func)
		if !ok || !f.Exported() || !strings.EqualFold(n, name) {
			continue
		}
		if f.Signature().Params().Len() > 1 {
			x += ", …"
		}
		return fmt.Sprintf("%s.%s(%s) does that", pkg, n, x)
	}
	return ""
}

func (c *checking) literalHint(e types.Error, m []string) string {
	lit, ok := innermost[*ast.CompositeLit](c, e.Pos)
	if !ok {
		return ""
	}
	st := structOf(c.typeOf(lit))
	if st == nil {
		return ""
	}
	var known []string
	for f := range st.Fields() {
		known = append(known, f.Name())
	}
	if near := nearestName(m[1], known); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return ""
}

// operandsHint is for a + b of two types.
func (c *checking) operandsHint(e types.Error, m []string) string {
	var b *ast.BinaryExpr
	c.nodes(e.Pos, func(n ast.Node) {
		if x, ok := n.(*ast.BinaryExpr); ok && (b == nil || x.Pos() == e.Pos || x.OpPos == e.Pos || x.Y.Pos() == e.Pos) {
			b = x
		}
	})
	if b == nil {
		if as, ok := innermost[*ast.AssignStmt](c, e.Pos); ok && as.Tok >= token.ADD_ASSIGN && as.Tok <= token.AND_NOT_ASSIGN && len(as.Lhs) == 1 {
			b = &ast.BinaryExpr{X: as.Lhs[0], Y: as.Rhs[0], Op: token.ADD}
		} else {
			return numbersHint
		}
	}
	x, y := c.typeOf(b.X), c.typeOf(b.Y)
	if x == nil || y == nil {
		return ""
	}
	switch {
	case isBasic(x, types.IsString) && isBasic(y, types.IsNumeric):
		return c.textAndNumber(b, b.X, b.Y)
	case isBasic(y, types.IsString) && isBasic(x, types.IsNumeric):
		return c.textAndNumber(b, b.Y, b.X)
	case isBasic(y, types.IsUntyped) && y == types.Typ[types.UntypedNil]:
		return "only pointers, slices, maps, channels, functions and interfaces can be nil"
	case isBasic(x, types.IsNumeric) && isBasic(y, types.IsNumeric):
		return c.numbers(b)
	}
	return ""
}

func (c *checking) textAndNumber(b *ast.BinaryExpr, text, number ast.Expr) string {
	t := c.typeOf(number)
	lit, isLit := ast.Unparen(number).(*ast.BasicLit)
	switch {
	case isLit && lit.Kind == token.CHAR && b.Op != token.MUL:
		char, _, _, _ := strconv.UnquoteChar(lit.Value[1:], '\'')
		return fmt.Sprintf("single quotes make a character, which is a number: %q instead of %s", string(char), lit.Value)
	case isBasic(t, types.IsUntyped) && b.Op == token.MUL:
		return fmt.Sprintf("strings.Repeat(%s, %s) repeats a string", c.quote(text), c.quote(number))
	case types.Identical(t.Underlying(), types.Typ[types.Byte]), types.Identical(t.Underlying(), types.Typ[types.Rune]):
		if b.Op == token.ADD {
			return "string(" + c.quote(number) + ") makes a string of a character"
		}
		return c.quote(number) + " is one character: single quotes hold one, as in 'a'"
	}
	return "fmt.Sprint(" + c.quote(number) + ") makes a string of a number"
}

const numbersHint = "numbers of two types do not mix: float64(n) makes a float64 of an int"

func (c *checking) numbers(b *ast.BinaryExpr) string {
	x, y := b.X, b.Y
	tx, ty := c.typeOf(x), c.typeOf(y)
	switch {
	case isDuration(tx) || isDuration(ty):
		if isDuration(tx) {
			x = y
		}
		return "time.Duration(" + c.quote(x) + ") makes a duration of a number"
	case isBasic(tx, types.IsInteger) && isBasic(ty, types.IsFloat):
		return fmt.Sprintf("numbers of two types do not mix: %s(%s)", c.typeString(ty), c.quote(x))
	default:
		return fmt.Sprintf("numbers of two types do not mix: %s(%s)", c.typeString(tx), c.quote(y))
	}
}

func isDuration(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == "Duration" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "time"
}

// truncatedHint is for n * 1.5 with an int n.
func (c *checking) truncatedHint(e types.Error, m []string) string {
	if b, ok := innermost[*ast.BinaryExpr](c, e.Pos); ok {
		other, number := b.X, b.Y
		if b.X.Pos() <= e.Pos && e.Pos < b.X.End() {
			other, number = b.Y, b.X
		}
		switch t := c.typeOf(other); {
		case t == nil:
		case isDuration(t):
			return fmt.Sprintf("time.Duration(%s * float64(%s))", c.quote(number), c.quote(other))
		case isBasic(t, types.IsInteger):
			return fmt.Sprintf("%s is an %s: float64(%s) %s %s", c.quote(other), c.typeString(t), c.quote(other), b.Op, c.quote(number))
		}
	}
	return "an int holds whole numbers: a float64 holds this one"
}

func (c *checking) receiverHint(e types.Error, m []string) string {
	x, ok := c.exprAt(e.Pos, func(x ast.Expr) bool { return c.typeOf(x) != nil })
	if !ok {
		return ""
	}
	return fmt.Sprintf("&%s has the method, since its receiver is a pointer", c.quote(x))
}

// convertHint is for a value of one type where one of another is wanted that it can be
// converted to.
func (c *checking) convertHint(e types.Error, m []string) string {
	x, ok := c.exprAt(e.Pos, func(x ast.Expr) bool { return c.typeOf(x) != nil && !c.info.Types[x].IsType() })
	if !ok {
		return ""
	}
	have, text, want := c.typeOf(x), c.quote(x), m[1]
	if sig, ok := have.(*types.Signature); ok && sig.Results().Len() > 0 && c.typeString(sig.Results().At(0).Type()) == want {
		return fmt.Sprintf("%s is a function: %s(…) calls it", text, text)
	}
	if v := c.info.Types[x].Value; v != nil {
		return constantHint(v, text, want)
	}
	switch {
	case "*"+c.typeString(have) == want:
		return "&" + text + " is its address"
	case c.typeString(have) == "*"+want:
		if x, ok := x.(*ast.UnaryExpr); ok && x.Op == token.AND {
			return c.quote(x.X) + " is the value, & makes a pointer to it"
		}
		return "*" + text + " is what it points to"
	case want == "string" && isBasic(have, types.IsInteger):
		if types.Identical(have, types.Typ[types.Rune]) || types.Identical(have, types.Typ[types.Byte]) {
			return "string(" + text + ") makes a string of a character"
		}
		return "fmt.Sprint(" + text + ") makes a string of a number"
	case want == "string" && isBasic(have, types.IsFloat|types.IsBoolean):
		return "fmt.Sprint(" + text + ") makes a string of it"
	case want == "int" && isBasic(have, types.IsString):
		return "must(strconv.Atoi(" + text + ")) reads a number"
	case want == "float64" && isBasic(have, types.IsString):
		return "must(strconv.ParseFloat(" + text + ", 64)) reads a number"
	case numberType(want) && isBasic(have, types.IsFloat) && !strings.HasPrefix(want, "float"):
		return want + "(" + text + ") cuts off what is behind the point"
	case numberType(want) && isBasic(have, types.IsNumeric), want == "string" && isBytes(have), want == "[]byte" && isBasic(have, types.IsString):
		return want + "(" + text + ") converts it"
	}
	return ""
}

// constantHint is for a literal of another type.
func constantHint(v constant.Value, text, want string) string {
	switch {
	case v.Kind() != constant.String:
	case want == "[]byte":
		return "[]byte(" + text + ") converts it"
	case (want == "rune" || want == "byte" || want == "int32" || want == "uint8") && len([]rune(constant.StringVal(v))) == 1:
		return "single quotes make a character: " + strings.ReplaceAll(text, `"`, "'")
	}
	return ""
}

func isBytes(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	return ok && (types.Identical(s.Elem(), types.Typ[types.Byte]) || types.Identical(s.Elem(), types.Typ[types.Rune]))
}

// numberType reports whether a type of that name holds real numbers.
func numberType(name string) bool {
	o, ok := types.Universe.Lookup(name).(*types.TypeName)
	return ok && (isBasic(o.Type(), types.IsInteger) || isBasic(o.Type(), types.IsFloat))
}

// argumentsHint says how the function is declared whose arguments do not fit.
func (c *checking) argumentsHint(e types.Error, m []string) string {
	call, ok := innermost[*ast.CallExpr](c, e.Pos)
	if !ok {
		return ""
	}
	sig, ok := under[*types.Signature](c.typeOf(call.Fun))
	if !ok {
		return ""
	}
	return fmt.Sprintf("%s is %s", c.quote(call.Fun), c.typeString(sig))
}

func (c *checking) compareHint(e types.Error, m []string) string {
	b, ok := innermost[*ast.BinaryExpr](c, e.Pos)
	if !ok {
		return ""
	}
	switch m[1] {
	case "slice":
		return fmt.Sprintf("slices.Equal(%s, %s) compares the elements", c.quote(b.X), c.quote(b.Y))
	case "map":
		return fmt.Sprintf("maps.Equal(%s, %s) compares the elements", c.quote(b.X), c.quote(b.Y))
	}
	return "there is no telling whether two functions do the same"
}

func (c *checking) callHint(e types.Error, m []string) string {
	call, ok := innermost[*ast.CallExpr](c, e.Pos)
	if !ok {
		return ""
	}
	text := c.quote(call.Fun)
	if id, ok := call.Fun.(*ast.Ident); ok {
		if o := types.Universe.Lookup(id.Name); o != nil || len(symbols.Named(id.Name)) > 0 {
			return text + " is a variable and hides what Go calls so: give it another name"
		}
	}
	switch c.typeOf(call.Fun).Underlying().(type) {
	case *types.Slice, *types.Array, *types.Map:
		return text + "[…] is an element"
	case *types.Basic:
		if isBasic(c.typeOf(call.Fun), types.IsNumeric) && len(call.Args) == 1 {
			return "a product is written with *: " + text + " * …"
		}
	}
	return ""
}

func (c *checking) typeHint(e types.Error, m []string) string {
	x, ok := c.exprAt(e.Pos, func(x ast.Expr) bool { return c.info.Types[x].IsType() })
	if !ok {
		return ""
	}
	text := c.quote(x)
	switch c.typeOf(x).Underlying().(type) {
	case *types.Struct, *types.Slice, *types.Map, *types.Array:
		return fmt.Sprintf("%s is a type: %s{…} makes a value of it", text, text)
	}
	return fmt.Sprintf("%s is a type: var x %s declares a variable of it, %s(x) converts", text, text, text)
}

func (c *checking) returnHint(e types.Error, m []string) string {
	in := false
	c.nodes(e.Pos, func(n ast.Node) {
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			in = true
		}
	})
	switch {
	case !in:
		return "a cell returns nothing: its last expression is shown"
	case strings.Contains(e.Msg, "want ()"):
		return "the types of the results stand behind the parameters: func f(a int) int"
	}
	return ""
}

func (c *checking) assignHint(e types.Error, m []string) string {
	x, ok := c.exprAt(e.Pos, func(x ast.Expr) bool { return c.typeOf(x) != nil })
	if !ok {
		return ""
	}
	if c.info.Types[x].Value != nil {
		return c.quote(x) + " is a constant; var declares what can be set"
	}
	if ix, ok := x.(*ast.IndexExpr); ok && c.typeOf(ix.X) != nil && isBasic(c.typeOf(ix.X), types.IsString) {
		return fmt.Sprintf("strings do not change: b := []byte(%s), and string(b) in the end", c.quote(ix.X))
	}
	return ""
}

// conversionHint is for int("3") and for names["a"].
func (c *checking) conversionHint(e types.Error, m []string) string {
	hint := ""
	c.nodes(e.Pos, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.IndexExpr:
			if n.Index.Pos() <= e.Pos && !hasKeys(c.typeOf(n.X)) {
				hint = "the elements of " + c.quote(n.X) + " have numbers, from 0; keys are for maps"
			}
		case *ast.CallExpr:
			if len(n.Args) == 1 && c.typeOf(n.Args[0]) != nil && isBasic(c.typeOf(n.Args[0]), types.IsString) {
				if hint = "must(strconv.Atoi(" + c.quote(n.Args[0]) + ")) reads a number"; m[1] == "float64" {
					hint = "must(strconv.ParseFloat(" + c.quote(n.Args[0]) + ", 64)) reads a number"
				}
			}
		}
	})
	return hint
}

func hasKeys(t types.Type) bool {
	_, ok := under[*types.Map](t)
	return ok
}

func (c *checking) plusHint(e types.Error, m []string) string {
	b, ok := innermost[*ast.BinaryExpr](c, e.Pos)
	if !ok {
		return ""
	}
	if _, ok := under[*types.Slice](c.typeOf(b.X)); ok {
		return fmt.Sprintf("slices.Concat(%s, %s) joins slices", c.quote(b.X), c.quote(b.Y))
	}
	return ""
}

func (c *checking) powerHint(e types.Error, m []string) string {
	b, ok := innermost[*ast.BinaryExpr](c, e.Pos)
	if !ok || b.Op != token.MUL {
		return ""
	}
	if star, ok := b.Y.(*ast.StarExpr); ok {
		return fmt.Sprintf("Go has no **: math.Pow(%s, %s), of float64s", c.quote(b.X), c.quote(star.X))
	}
	return ""
}

// labelHint is for x: int = 5, which Go reads as a label before an assignment to int.
func (c *checking) labelHint(e types.Error, m []string) string {
	st, ok := innermost[*ast.LabeledStmt](c, e.Pos)
	if !ok {
		return ""
	}
	as, ok := st.Stmt.(*ast.AssignStmt)
	if !ok || len(as.Lhs) != 1 || as.Tok != token.ASSIGN || !c.info.Types[as.Lhs[0]].IsType() {
		return ""
	}
	value := c.quote(as.Rhs[0])
	return fmt.Sprintf("%s := %s declares a variable; with its type it is var %s %s = %s", m[1], value, m[1], c.quote(as.Lhs[0]), value)
}

func (c *checking) bodyHint(e types.Error, m []string) string {
	for _, d := range c.part.decls {
		if f := d.fn(); f != nil && f.Name.Pos() == e.Pos {
			behind := d.Src.Cut[min(d.Src.Offset(f.End())-d.Src.Lead, len(d.Src.Cut)):]
			if strings.HasPrefix(strings.TrimLeft(behind, " \t\r\n"), "{") {
				return "the { stands at the end of the line of func"
			}
		}
	}
	return ""
}

// generationHint explains "cannot use w (variable of type P) as P value": two
// types of one name. One of them is what an expression of the statement has.
func (c *checking) generationHint(e types.Error) (hint string) {
	st, ok := innermost[ast.Stmt](c, e.Pos)
	if !ok {
		return ""
	}
	ast.Inspect(st, func(n ast.Node) bool {
		if x, ok := n.(ast.Expr); ok && hint == "" {
			hint = c.generationOf(x, e.Msg)
		}
		return hint == ""
	})
	return hint
}

// generationOf tells of an expression whose type was declared anew since, when the
// message names that type twice.
func (c *checking) generationOf(x ast.Expr, msg string) string {
	t := c.typeOf(x)
	if t == nil {
		return ""
	}
	for _, n := range c.ownTypes(t) {
		name := n.Obj().Name()
		old, now := c.after.objects[n.Obj()], c.after.names[name]
		if old == nil || len(regexp.MustCompile(`\b`+regexp.QuoteMeta(name)+`\b`).FindAllString(msg, -1)) < 2 {
			continue
		}
		anew, what := "", "make the value again"
		switch {
		case c.objs[name] != nil && c.objs[name] != types.Object(n.Obj()):
			anew = "in this cell"
		case c.objs[name] == nil && now != nil && now != old:
			anew = fmt.Sprintf("in cell %d", now.Cell)
		default:
			continue
		}
		if _, ok := t.(*types.Signature); ok {
			what = "declare the function again"
		}
		return fmt.Sprintf("%s has the type %s of cell %d; %s was declared anew %s: %s", c.quote(x), name, old.Cell, name, anew, what)
	}
	return ""
}

// ownTypes returns the types of cells that a type is made of.
func (c *checking) ownTypes(t types.Type) []*types.Named {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if t.Obj().Pkg() == c.pkg {
			return []*types.Named{t}
		}
	case *types.Map:
		return append(c.ownTypes(t.Key()), c.ownTypes(t.Elem())...)
	case *types.Signature:
		var out []*types.Named
		for _, tuple := range []*types.Tuple{t.Params(), t.Results()} {
			for v := range tuple.Variables() {
				out = append(out, c.ownTypes(v.Type())...)
			}
		}
		return out
	case interface{ Elem() types.Type }:
		return c.ownTypes(t.Elem())
	}
	return nil
}
