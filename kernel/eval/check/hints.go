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
		advise(`array\.Array|operator \S+ not defined on pointer`, (*checking).arrayHint),
		advise(`frame\.(?:Lazy)?(?:Series|DataFrame|Frame)|operator \S+ not defined on pointer`, (*checking).frameHint),
		advise(`\*taskgraph\.Node|operator \S+ not defined on pointer`, (*checking).nodeHint),
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
