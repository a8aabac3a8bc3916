package check

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// This file explains values of one type where one of another is wanted.

func isErrorType(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
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
