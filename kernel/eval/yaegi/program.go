package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval/check"
)

// texts is a program as yaegi takes it, piece by piece.
type texts struct {
	decls  string // types, constants, variables, functions
	assign string // new implementations for functions and methods
	body   string // the steps, as a function
	call   string // runs it
}

// emit writes a whole program. An error is a *eval.Refusal.
func (e *emitter) emit() (texts, error) {
	var t texts
	var decls, assign strings.Builder
	for _, v := range e.prog.Vars {
		e.at = v.Obj.Pos()
		fmt.Fprintf(&decls, "%svar %s %s\n", directive(e.prog.Cell, 1, 1), v.ID(), e.typeText(v.Obj.Type()))
	}
	// Types need constants, as lengths of arrays, and typed constants need types.
	e.constants(&decls, isBasic)
	e.declare(&decls, &assign, (*check.Decl).IsType)
	e.constants(&decls, func(t types.Type) bool { return !isBasic(t) })
	e.declare(&decls, &assign, isFunc)
	for _, d := range e.prog.Again {
		if !e.generic(d) { // no variable holds those: they stay what they were
			e.decl(&decls, &assign, d)
		}
	}
	t.decls, t.assign = decls.String(), assign.String()
	if len(e.prog.Steps) > 0 || len(e.prog.Calls) > 0 {
		t.body, t.call = e.body()
	}
	return t, e.err
}

func isFunc(d *check.Decl) bool { return !d.IsConst() && !d.IsType() }

func isBasic(t types.Type) bool { _, ok := t.(*types.Basic); return ok }

// declare writes the program's declarations of a kind.
func (e *emitter) declare(decls, assign *strings.Builder, kind func(*check.Decl) bool) {
	for _, d := range e.prog.Decls {
		if kind(d) {
			e.decl(decls, assign, d)
		}
	}
}

// constants writes the program's constants of the wanted types with the values that the
// checker has computed; yaegi gets iota wrong in typed ones.
func (e *emitter) constants(decls *strings.Builder, wanted func(types.Type) bool) {
	for _, d := range e.prog.Decls {
		if !d.IsConst() {
			continue
		}
		e.at = d.Node.Pos()
		for _, spec := range d.Node.(*ast.GenDecl).Specs {
			for _, id := range spec.(*ast.ValueSpec).Names {
				c, ok := e.prog.Info.Defs[id].(*types.Const)
				if !ok || id.Name == "_" || !wanted(c.Type()) {
					continue
				}
				typ := ""
				if b, ok := c.Type().(*types.Basic); !ok || b.Info()&types.IsUntyped == 0 {
					typ = " " + e.typeText(c.Type())
				}
				fmt.Fprintf(decls, "%sconst %s%s = %s\n", directive(d.Src.Cell, 1, 1), e.prog.Symbol(c).ID(), typ, constantText(c.Val(), c.Type()))
			}
		}
	}
}

func (e *emitter) decl(decls, assign *strings.Builder, d *check.Decl) {
	e.src, e.at = d.Src, d.Node.Pos()
	f, ok := d.Node.(*ast.FuncDecl)
	if !ok {
		e.walk(d.Node)
		decls.WriteString(e.render(d.Node.Pos(), d.Node.End()) + "\n")
		return
	}
	if f.Recv == nil && f.Name.Name == "_" {
		return // nobody can call it
	}
	fn, _ := e.prog.Info.Defs[f.Name].(*types.Func)
	if sym := e.genericSymbol(f, fn); sym != "" {
		e.walkFunc(f)
		decls.WriteString(e.render(f.Pos(), f.End()) + "\n")
		return
	}
	e.function(decls, assign, d, f, fn)
}

// genericSymbol returns the name of a generic function, or of a generic method's
// type; those are declared as they are, since a variable cannot hold them.
func (e *emitter) genericSymbol(f *ast.FuncDecl, fn *types.Func) string {
	if fn != nil && (fn.Signature().TypeParams().Len() > 0 || fn.Signature().RecvTypeParams().Len() > 0) {
		return f.Name.Name
	}
	return ""
}

// generic reports whether a declaration of an earlier cell is a generic function or a
// method of a generic type.
func (e *emitter) generic(d *check.Decl) bool {
	if d.Recv == "" {
		return d.Symbol != nil && d.Symbol.Generic()
	}
	named, ok := types.Unalias(e.prog.SymbolOf(d.Recv).Obj.Type()).(*types.Named)
	return ok && named.TypeParams().Len() > 0
}

// function writes a function or method as an implementation of its own name and
// a variable that holds it, so that callers see a later definition. A method is
// a forwarder to such a variable.
func (e *emitter) function(decls, assign *strings.Builder, d *check.Decl, f *ast.FuncDecl, fn *types.Func) {
	variable, signature, isNew := e.slot(d, f, fn)
	if isNew {
		pos := directive(d.Src.Cell, 1, 1)
		fmt.Fprintf(decls, "%svar %s func%s\n", pos, variable, signature)
		if f.Recv != nil {
			e.forwarder(decls, d, f, fn, variable, pos)
		}
	}
	e.engine.impls[variable]++
	impl := fmt.Sprintf("%s_impl%d", variable, e.engine.impls[variable])
	// func (r R) M(a A) B {  ->  func impl(r R, a A) B {
	e.edits = nil
	if f.Recv != nil {
		recv := f.Recv.List[0]
		e.edit(f.Recv.Opening, f.Type.Params.Opening, impl)
		e.insert(f.Type.Params.Opening+1, e.receiver(recv)+e.comma(f))
		e.walk(f.Type.Params)
		e.blankParams(f)
	} else {
		e.edit(f.Name.Pos(), f.Type.Params.Opening, impl)
		e.walk(f.Type.Params)
	}
	if f.Type.Results != nil {
		e.walk(f.Type.Results)
	}
	e.walk(f.Body)
	decls.WriteString(e.render(f.Pos(), f.End()) + "\n")
	fmt.Fprintf(assign, "%s = %s; ", variable, impl)
}

// walkFunc renames inside a function that keeps its form.
func (e *emitter) walkFunc(f *ast.FuncDecl) {
	if f.Recv == nil {
		e.ident(f.Name)
	} else {
		e.walk(f.Recv)
	}
	e.walk(f.Type)
	e.walk(f.Body)
}

// slot returns the variable that holds a function's implementation, its type,
// and whether it has to be declared.
func (e *emitter) slot(d *check.Decl, f *ast.FuncDecl, fn *types.Func) (name, signature string, isNew bool) {
	if f.Recv == nil {
		name = d.Symbol.ID()
		signature = e.signatureText(d.Symbol.Obj.Type().(*types.Signature))
	} else {
		recvType := e.prog.SymbolOf(d.Recv)
		recv := e.recvType(f)
		name = recvType.ID() + "_" + f.Name.Name
		sig := e.methodSig(d, f, fn)
		parts := append([]string{recv}, e.paramTexts(sig)...)
		signature = "(" + strings.Join(parts, ", ") + ")" + e.resultText(sig)
	}
	isNew = !e.engine.declared[name] && !e.declared[name]
	e.declared[name] = true
	return name, signature, isNew
}

// methodSig returns the signature of a method declaration; one that is added to a
// type of an earlier cell has no object of its own.
func (e *emitter) methodSig(d *check.Decl, f *ast.FuncDecl, fn *types.Func) *types.Signature {
	if fn != nil {
		return fn.Signature()
	}
	t := e.prog.SymbolOf(d.Recv).Obj.Type()
	o, _, _ := types.LookupFieldOrMethod(types.NewPointer(t), true, e.prog.SymbolOf(d.Recv).Obj.Pkg(), f.Name.Name)
	return o.(*types.Func).Signature()
}

func (e *emitter) recvType(f *ast.FuncDecl) string {
	t := e.prog.Info.Types[f.Recv.List[0].Type].Type
	return e.typeText(t)
}

func (e *emitter) receiver(recv *ast.Field) string {
	name := "_"
	if len(recv.Names) > 0 {
		name = recv.Names[0].Name
	}
	return name + " " + e.typeText(e.prog.Info.Types[recv.Type].Type)
}

func (e *emitter) comma(f *ast.FuncDecl) string {
	if f.Type.Params.NumFields() > 0 {
		return ", "
	}
	return ""
}

// blankParams names parameters that have no name, now that the receiver has one.
func (e *emitter) blankParams(f *ast.FuncDecl) {
	for _, p := range f.Type.Params.List {
		if len(p.Names) == 0 {
			e.insert(p.Pos(), "_ ")
		}
	}
}

// forwarder writes the method itself: func (r T) M(a0 A) B { return T_M(r, a0) }.
func (e *emitter) forwarder(decls *strings.Builder, d *check.Decl, f *ast.FuncDecl, fn *types.Func, variable, pos string) {
	sig := e.methodSig(d, f, fn)
	params, args := []string{}, []string{"r_"}
	for i, p := range e.paramTexts(sig) {
		a := fmt.Sprintf("a%d_", i)
		params = append(params, a+" "+p)
		if strings.HasPrefix(p, "...") {
			a += "..."
		}
		args = append(args, a)
	}
	ret := ""
	if sig.Results().Len() > 0 {
		ret = "return "
	}
	fmt.Fprintf(decls, "%sfunc (r_ %s) %s(%s)%s { %s%s(%s) }\n", pos, e.recvType(f), f.Name.Name, strings.Join(params, ", "), e.resultText(sig), ret, variable, strings.Join(args, ", "))
}

// body writes the steps as a function and the text that calls it.
func (e *emitter) body() (body, call string) {
	name := fmt.Sprintf("cell_%d_%d_", e.prog.Cell, e.engine.nextBody())
	var b strings.Builder
	// A return in a step ends the inner function; only Goexit or a panic misses End.
	fmt.Fprintf(&b, "package main\nfunc %s() { defer %s.Left(%d); %ssteps(); %s.End() }\nfunc %ssteps() {", name, host, e.engine.bodies, name, host, name)
	e.src = e.prog.Src
	for i, st := range e.prog.Steps {
		fmt.Fprintf(&b, "%s.Step(%d);", host, i)
		b.WriteString(e.step(i, st))
		b.WriteString("\n")
	}
	for _, sym := range e.prog.Calls {
		fmt.Fprintf(&b, "%s()\n", sym.ID())
	}
	b.WriteString("}\n")
	return b.String(), name + "()"
}

func (e *emitter) step(i int, st check.Step) string {
	if st.Magic != "" {
		return fmt.Sprintf("%s.Magic(%d);", host, i)
	}
	e.at = st.Stmt.Pos()
	var text string
	if len(st.Show) > 0 {
		text = e.show(i, st.Show[0])
	} else {
		text = e.statement(st.Stmt)
	}
	switch st.Time {
	case "time":
		tm := e.temp("t")
		return fmt.Sprintf("%s := %s.Time(); %s; %s()", tm, host, text, tm)
	case "timeit":
		return fmt.Sprintf("%s.Timeit(func() { %s\n})", host, text)
	}
	return text
}

// statement writes a top-level statement; its variables are the session's.
func (e *emitter) statement(st ast.Stmt) string {
	e.edits = nil
	inner := st
	for {
		l, ok := inner.(*ast.LabeledStmt)
		if !ok {
			break
		}
		inner = l.Stmt
	}
	switch s := inner.(type) {
	case *ast.AssignStmt:
		e.hoistValues(s.Pos(), s.Rhs)
		if s.Tok == token.DEFINE {
			e.edit(s.TokPos, s.TokPos+2, "=")
		}
	case *ast.DeclStmt:
		if g, ok := s.Decl.(*ast.GenDecl); ok && g.Tok == token.VAR {
			return e.varDecl(g)
		}
	case *ast.ExprStmt: // only a timed one can be here without being a call
		if _, isCall := ast.Unparen(s.X).(*ast.CallExpr); !isCall {
			e.insert(s.Pos(), "_ = ")
		}
	}
	e.walk(st)
	return e.render(st.Pos(), st.End())
}

// varDecl writes var declarations as assignments to the session's variables.
func (e *emitter) varDecl(g *ast.GenDecl) string {
	var b strings.Builder
	for _, s := range g.Specs {
		spec := s.(*ast.ValueSpec)
		if len(spec.Values) == 0 {
			for _, id := range spec.Names {
				if o := e.prog.Info.Defs[id]; o != nil && id.Name != "_" {
					z := e.temp("z")
					fmt.Fprintf(&b, "{ var %s %s; %s = %s };", z, e.typeText(o.Type()), e.prog.Symbol(o).ID(), z)
				}
			}
			continue
		}
		if spec.Type != nil {
			e.edit(spec.Names[len(spec.Names)-1].End(), spec.Type.End(), "")
		}
		for _, id := range spec.Names {
			e.walk(id)
		}
		e.hoistValues(spec.Pos(), spec.Values)
		for _, v := range spec.Values {
			e.walk(v)
		}
		b.WriteString(e.render(spec.Pos(), spec.End()) + ";")
	}
	return b.String()
}

// show writes an expression whose value is shown.
func (e *emitter) show(i int, x ast.Expr) string {
	e.edits = nil
	tv := e.prog.Info.Types[x]
	e.walk(x)
	text := e.render(x.Pos(), x.End())
	tuple, isTuple := tv.Type.(*types.Tuple)
	switch {
	case tv.IsType():
		e.refuse(x.Pos(), "this is a type, not a value")
		return ""
	case tv.IsVoid() || isTuple && tuple.Len() == 0 || e.prints(x):
		return text
	}
	if e.prog.Fallible(x) {
		return fmt.Sprintf("%s.Must(%s)", host, text)
	}
	k := e.typeNumber(tv.Type)
	if method := saying(tv.Type); method != "" {
		return fmt.Sprintf("{ v_ := %s; if v_ == nil { %s.Show(%d, %d, nil) } else { %s.ShowHooked(%d, %s.Typed(%d, v_, %q, v_.%s)) } }", text, host, i, k, host, i, host, k, method, method)
	}
	if hooks := e.hooks(tv.Type, "v_"); hooks != "" {
		return fmt.Sprintf("{ v_ := %s; %s.ShowHooked(%d, %s.Typed(%d, v_%s)) }", text, host, i, host, k, hooks)
	}
	if !isTuple {
		return fmt.Sprintf("%s.Show(%d, %d, %s)", host, i, k, text)
	}
	var names []string
	for range tuple.Len() {
		names = append(names, e.temp("v"))
	}
	list := strings.Join(names, ", ")
	return fmt.Sprintf("{ %s := %s; %s.Show(%d, %d, %s) }", list, text, host, i, k, list)
}

// saying returns the method by which values of an interface type say what they
// are; the values may be of a cell's types.
func saying(t types.Type) string {
	iface, ok := t.Underlying().(*types.Interface)
	if !ok {
		return ""
	}
	for _, name := range []string{"Error", "String"} {
		for m := range iface.Methods() {
			if m.Name() == name && types.TypeString(m.Signature(), nil) == "func() string" {
				return name
			}
		}
	}
	return ""
}

// prints reports a call of fmt's printing functions, whose count nobody wants to see.
func (e *emitter) prints(x ast.Expr) bool {
	c, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := c.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	f, ok := e.prog.Info.Uses[sel.Sel].(*types.Func)
	return ok && f.Pkg() != nil && f.Pkg().Path() == "fmt" && (strings.HasPrefix(f.Name(), "Print") || strings.HasPrefix(f.Name(), "Fprint"))
}
