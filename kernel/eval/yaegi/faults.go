package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"regexp"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval"
)

// This file holds what yaegi gets wrong without a word, where a small change of the
// text sets it right, and refusals where none does.

// hoist takes T{...} and &T{...} out of an assignment of several values, into
// variables before it: beside each other yaegi loses some of the values. It works for
// statements of a list; in the head of an if or a loop there is no room for it.
func (e *emitter) hoist(list []ast.Stmt) {
	for _, st := range list {
		switch s := st.(type) {
		case *ast.AssignStmt:
			e.hoistValues(s.Pos(), s.Rhs)
		case *ast.DeclStmt:
			for _, spec := range s.Decl.(*ast.GenDecl).Specs {
				if v, ok := spec.(*ast.ValueSpec); ok {
					e.hoistValues(s.Pos(), v.Values)
				}
			}
		}
	}
}

func (e *emitter) hoistValues(before token.Pos, values []ast.Expr) {
	if len(values) < 2 {
		return
	}
	for _, v := range values {
		if !isLiteral(v) {
			continue
		}
		outer := e.edits
		e.edits = nil
		e.walk(v)
		text := e.render(v.Pos(), v.End())
		e.edits = outer
		name := e.temp("p")
		e.insert(before, name+" := "+text+"; ")
		e.edit(v.Pos(), v.End(), name)
	}
}

// head refuses such an assignment in the head of a statement.
func (e *emitter) head(init ast.Stmt) {
	a, ok := init.(*ast.AssignStmt)
	if !ok || len(a.Rhs) < 2 {
		return
	}
	for _, v := range a.Rhs {
		if isLiteral(v) {
			e.refuse(v.Pos(), "the yaegi engine loses values here: put the assignment on a line before")
		}
	}
}

func isLiteral(v ast.Expr) bool {
	x := ast.Unparen(v)
	if u, ok := x.(*ast.UnaryExpr); ok && u.Op == token.AND {
		x = ast.Unparen(u.X)
	}
	_, ok := x.(*ast.CompositeLit)
	return ok
}

// commClause puts a labelled branch out of a select, which yaegi overlooks as a
// direct statement of a clause, into a block of its own.
func (e *emitter) commClause(c *ast.CommClause) {
	for _, st := range c.Body {
		if b, ok := st.(*ast.BranchStmt); ok && b.Label != nil {
			e.insert(b.Pos(), "if true { ")
			e.insertEnd(b.End(), " }")
		}
	}
}

// errorArguments makes errors of arguments whose type is a cell's error type and whose
// parameter is any: fmt finds the method then.
func (e *emitter) errorArguments(c *ast.CallExpr) {
	if path, _ := e.member(c.Fun); path != "fmt" && path != "log" {
		return
	}
	for _, a := range c.Args {
		t := e.prog.Info.Types[a].Type
		if t != nil && !types.IsInterface(t) && e.ofCell(t) && types.Implements(t, errorType) {
			e.insert(a.Pos(), "func() error { return ")
			e.insertEnd(a.End(), " }()")
		}
	}
}

var errorType = types.Universe.Lookup("error").Type().Underlying().(*types.Interface)

// ofCell reports whether t, or what it points to, is a type that a cell declared.
func (e *emitter) ofCell(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "main"
}

// assertion refuses to ask whether a value has the methods of a cell's interface:
// yaegi always says no.
func (e *emitter) assertion(target ast.Expr) {
	if target == nil { // x.(type)
		return
	}
	t := e.prog.Info.Types[target].Type
	iface, ok := t.Underlying().(*types.Interface)
	if !ok || iface.NumMethods() == 0 {
		return
	}
	if _, named := types.Unalias(t).(*types.Named); named && !e.ofCell(t) {
		return
	}
	e.refuse(target.Pos(), "the yaegi engine cannot tell whether a value has the methods of an interface that a cell declares: assert a concrete type, or keep the values in a variable of that interface type")
}

// encoding refuses to encode values whose JSON would silently be wrong: compiled code
// sees unexported fields of interpreted structs, and does not see their methods.
func (e *emitter) encoding(c *ast.CallExpr) {
	path, name := e.member(c.Fun)
	if path != "encoding/json" || name != "Marshal" && name != "MarshalIndent" && name != "Encode" || len(c.Args) == 0 {
		return
	}
	if why := e.unencodable(e.prog.Info.Types[c.Args[0]].Type, map[types.Type]bool{}); why != "" {
		e.refuse(c.Args[0].Pos(), "the yaegi engine would encode this wrongly: "+why)
	}
}

func (e *emitter) unencodable(t types.Type, seen map[types.Type]bool) string {
	if t == nil || seen[t] {
		return ""
	}
	seen[t] = true
	if n, ok := types.Unalias(t).(*types.Named); ok {
		if !e.ofCell(n) {
			return ""
		}
		for _, m := range []string{"MarshalJSON", "MarshalText"} {
			if o, _, _ := types.LookupFieldOrMethod(types.NewPointer(n), true, n.Obj().Pkg(), m); o != nil {
				return fmt.Sprintf("json does not find the method %s of %s", m, n.Obj().Name())
			}
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			if !f.Exported() && !f.Embedded() {
				return fmt.Sprintf("the unexported field %s would show as X%s; encode a struct of exported fields", f.Name(), f.Name())
			}
			if why := e.unencodable(f.Type(), seen); why != "" {
				return why
			}
		}
	case *types.Map:
		return e.unencodable(u.Elem(), seen)
	case interface{ Elem() types.Type }:
		return e.unencodable(u.Elem(), seen)
	}
	return ""
}

// constraint writes a constraint of a package, such as cmp.Ordered, out in full: yaegi
// knows types that values can have, not these.
func (e *emitter) constraint(sel *ast.SelectorExpr) bool {
	tn, ok := e.prog.Info.Uses[sel.Sel].(*types.TypeName)
	if !ok || tn.Pkg() == nil || tn.Pkg().Path() == "main" {
		return false
	}
	iface, ok := tn.Type().Underlying().(*types.Interface)
	if !ok || iface.IsMethodSet() {
		return false
	}
	e.edit(sel.Pos(), sel.End(), e.interfaceText(iface))
	return true
}

// compileTime writes calls such as unsafe.Sizeof(x) as the constants that they are.
func (e *emitter) compileTime(c *ast.CallExpr) bool {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	b, ok := e.prog.Info.Uses[sel.Sel].(*types.Builtin)
	if !ok {
		return false
	}
	if v := e.prog.Info.Types[ast.Expr(c)].Value; v != nil {
		e.edit(c.Pos(), c.End(), "uintptr("+v.ExactString()+")")
		return true
	}
	e.refuse(c.Pos(), "the yaegi engine has no unsafe."+b.Name())
	return true
}

// goWords are the errors of Go's runtime that yaegi reports in reflect's words.
var goWords = map[string]runtimeError{
	"reflect: slice index out of range":                     "index out of range",
	"reflect: array index out of range":                     "index out of range",
	"reflect: string index out of range":                    "index out of range",
	"reflect.Value.Slice: slice index out of bounds":        "slice bounds out of range",
	"reflect.Value.Slice: string slice index out of bounds": "slice bounds out of range",
	"reflect.Value.Slice3: slice index out of bounds":       "slice bounds out of range",
	"reflect.Value.Call: call of nil function":              "invalid memory address or nil pointer dereference: a nil function was called",
	"reflect: call of nil function":                         "invalid memory address or nil pointer dereference: a nil function was called",
	"reflect: Method on nil interface value":                "invalid memory address or nil pointer dereference: a method of a nil interface was called",
}

// at is the position that yaegi writes before some messages.
var at = regexp.MustCompile(`^(?:_\.go:)?\d{6,}:\d+: `)

// methodMissing is what yaegi says of a method call on a nil interface.
var methodMissing = regexp.MustCompile(`^method not found: (\w+)$`)

// inGoWords takes yaegi's own ways out of what a cell panicked with. A session that
// uses reflect itself means what it says.
func (e *Engine) inGoWords(v any) any {
	var text string
	switch v := v.(type) {
	case *eval.Panic, eval.Stop, eval.Exit:
		return v
	case *reflect.ValueError:
		if !e.shared.reflects.Load() {
			return runtimeError("invalid memory address or nil pointer dereference")
		}
		return v
	case error:
		text = eval.Words(v)
	case string:
		text = v
	default:
		return v
	}
	if known, ok := goWords[text]; ok && !e.shared.reflects.Load() {
		return known
	}
	words := at.ReplaceAllString(text, "")
	if m := methodMissing.FindStringSubmatch(words); m != nil {
		return runtimeError(fmt.Sprintf("invalid memory address or nil pointer dereference: method %s of a nil interface was called", m[1]))
	}
	if words == text {
		return v
	}
	if strings.HasPrefix(words, "interface conversion: ") {
		return conversionError(strings.ReplaceAll(words, "interface {}", "any"))
	}
	return runtimeError(words)
}

// runtimeError is a mistake that Go's runtime would have reported.
type runtimeError string

func (e runtimeError) Error() string { return "runtime error: " + string(e) }

// RuntimeError implements [runtime.Error].
func (runtimeError) RuntimeError() {}

// conversionError is a failed type assertion.
type conversionError string

func (e conversionError) Error() string { return string(e) }

// RuntimeError implements [runtime.Error].
func (conversionError) RuntimeError() {}
