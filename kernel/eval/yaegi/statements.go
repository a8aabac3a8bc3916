package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// recovering begins every goroutine; only interpreted code can recover here.
const recovering = "defer func() { if v_ := recover(); v_ != nil { " + host + ".GoPanic(v_) } }();"

// goStmt hands the goroutine to the engine, which makes a panic of it an error of its
// cell. The function and the arguments are evaluated at the go statement, as Go does. The
// literal that is handed over comes out of another one, which gives it a frame of its own:
// yaegi keeps literals in the frame that they stand in, and overwrites them there when
// they end, whatever the others do.
func (e *emitter) goStmt(g *ast.GoStmt) bool {
	c := g.Call
	sig, ok := e.prog.Info.Types[c.Fun].Type.Underlying().(*types.Signature)
	if lit, isLit := ast.Unparen(c.Fun).(*ast.FuncLit); isLit && len(c.Args) == 0 && sig.Results().Len() == 0 {
		e.edit(g.Go, lit.Pos(), host+".Go(func() func() { return ")
		e.insert(lit.Body.Lbrace+1, recovering)
		e.edit(lit.End(), c.End(), " }())")
		return true
	}
	_, isBuiltin := e.prog.Info.Types[c.Fun].Type.(*types.Basic)
	if !ok || isBuiltin || e.prog.Info.Types[c.Fun].IsBuiltin() || e.isTupleCall(c) {
		e.edit(g.Go, c.Pos(), host+".Go(func() func() { return func() { "+recovering)
		e.insertEnd(c.End(), " } }())")
		return true
	}
	fn := e.temp("f")
	names := []string{fn}
	var args []string
	for range c.Args {
		a := e.temp("a")
		names, args = append(names, a), append(args, a)
	}
	if c.Ellipsis.IsValid() {
		args[len(args)-1] += "..."
	}
	e.edit(g.Go, c.Fun.Pos(), "func() { "+strings.Join(names, ", ")+" := ")
	if len(c.Args) == 0 {
		e.edit(c.Lparen, c.Lparen+1, "")
	} else {
		e.edit(c.Lparen, c.Lparen+1, ", ")
	}
	if c.Ellipsis.IsValid() {
		e.edit(c.Ellipsis, c.Ellipsis+3, "")
	}
	e.edit(c.Rparen, c.Rparen+1, fmt.Sprintf("; %s.Go(func() { %s %s(%s) }) }()", host, recovering, fn, strings.Join(args, ", ")))
	e.walk(c.Fun)
	for i, a := range c.Args {
		pt := paramType(sig, i, c.Ellipsis.IsValid())
		if tv := e.prog.Info.Types[a]; tv.Value != nil || tv.IsNil() || !types.Identical(tv.Type, pt) {
			e.insert(a.Pos(), "("+e.typeText(pt)+")(")
			e.insertEnd(a.End(), ")")
		}
		e.walk(a)
	}
	return false
}

func (e *emitter) isTupleCall(c *ast.CallExpr) bool {
	if len(c.Args) != 1 {
		return false
	}
	_, ok := e.prog.Info.Types[c.Args[0]].Type.(*types.Tuple)
	return ok
}

func paramType(s *types.Signature, i int, ellipsis bool) types.Type {
	if s.Variadic() && i >= s.Params().Len()-1 && !ellipsis {
		return s.Params().At(s.Params().Len() - 1).Type().(*types.Slice).Elem()
	}
	return s.Params().At(i).Type()
}

// deferStmt refuses what makes yaegi hang.
func (e *emitter) deferStmt(d *ast.DeferStmt) {
	if _, ok := d.Call.Fun.(*ast.ParenExpr); ok {
		e.refuse(d.Call.Pos(), "the yaegi engine hangs on a deferred call of a function in parentheses: leave the parentheses out")
	}
}

// blockDefers refuses a deferred local function in a loop, on which yaegi hangs.
func (e *emitter) blockDefers(b *ast.BlockStmt) {
	local := map[types.Object]bool{}
	for _, st := range b.List {
		if a, ok := st.(*ast.AssignStmt); ok && a.Tok == token.DEFINE {
			for i, l := range a.Lhs {
				if i < len(a.Rhs) {
					if _, isLit := a.Rhs[i].(*ast.FuncLit); isLit {
						local[e.prog.Info.Defs[l.(*ast.Ident)]] = true
					}
				}
			}
		}
		d, ok := st.(*ast.DeferStmt)
		if !ok {
			continue
		}
		if id, ok := d.Call.Fun.(*ast.Ident); ok && local[e.prog.Info.Uses[id]] && e.loops[b] {
			e.refuse(d.Pos(), "the yaegi engine hangs when a loop defers a function that it just declared: defer the function literal itself")
		}
	}
}

// rangeStmt turns range over a number and over display.Progress into loops with a
// counter. It reports whether the walk goes on into the statement.
func (e *emitter) rangeStmt(r *ast.RangeStmt) bool {
	e.loops[r.Body] = true
	if c, name := e.progressCall(r.X); c != nil {
		e.rangeProgress(r, c, name)
		return false
	}
	t := e.prog.Info.Types[r.X].Type
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsInteger != 0 {
			e.rangeInt(r, t)
		} else {
			e.perTurn(r.Body, r.Key, r.Value)
		}
	case *types.Signature:
		e.refuse(r.X.Pos(), "the yaegi engine cannot range over a function: collect the values first, or call the function with a callback")
	default:
		e.perTurn(r.Body, r.Key, r.Value)
	}
	return true
}

// perTurn gives the captured variables of a loop a copy per turn. yaegi has one for all
// turns, and what a function literal finds in it depends on when it runs.
func (e *emitter) perTurn(body *ast.BlockStmt, variables ...ast.Expr) {
	for _, v := range variables {
		id, ok := v.(*ast.Ident)
		if o := e.prog.Info.Defs[id]; ok && o != nil && e.captured(body, o) {
			e.insert(body.Lbrace+1, fmt.Sprintf("%s := %s;", id.Name, id.Name))
		}
	}
}

// typeSwitch refuses interfaces of packages as cases: yaegi never matches them with
// compiled values, and would take another case without a word.
func (e *emitter) typeSwitch(s *ast.TypeSwitchStmt) {
	for _, st := range s.Body.List {
		for _, t := range st.(*ast.CaseClause).List {
			tv := e.prog.Info.Types[t]
			n, ok := types.Unalias(tv.Type).(*types.Named)
			if ok && tv.IsType() && types.IsInterface(n) && (n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "main") {
				name := e.src.Text[e.src.Offset(t.Pos()):e.src.Offset(t.End())]
				e.refuse(t.Pos(), fmt.Sprintf("the yaegi engine does not find %s in a type switch: ask for it before the switch, if v, ok := x.(%s); ok { ... }", name, name))
			}
		}
	}
}

// member returns the package path and name that a called expression stands for.
func (e *emitter) member(fun ast.Expr) (path, name string) {
	switch x := ast.Unparen(fun).(type) {
	case *ast.SelectorExpr:
		if f, ok := e.prog.Info.Uses[x.Sel].(*types.Func); ok && f.Pkg() != nil {
			return f.Pkg().Path(), f.Name()
		}
	case *ast.IndexExpr:
		return e.member(x.X)
	case *ast.IndexListExpr:
		return e.member(x.X)
	}
	return "", ""
}

// progressCall returns the call when x is one of display.Progress or ProgressN.
func (e *emitter) progressCall(x ast.Expr) (*ast.CallExpr, string) {
	c, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok || len(c.Args) == 0 {
		return nil, ""
	}
	path, name := e.member(c.Fun)
	if path != displayPath || name != "Progress" && name != "ProgressN" {
		return nil, ""
	}
	return c, name
}

// rangeProgress writes a loop with a bar: what it ranges over is evaluated once,
// and the condition moves the bar on.
func (e *emitter) rangeProgress(r *ast.RangeStmt, c *ast.CallExpr, name string) {
	i, xs, bar := e.temp("i"), e.temp("xs"), e.temp("bar")
	total := "len(" + xs + ")"
	if name == "ProgressN" {
		total = xs
	}
	inner := ""
	assign := func(x ast.Expr, value string) {
		id, ok := x.(*ast.Ident)
		if !ok && x != nil {
			e.refuse(x.Pos(), loopTarget)
		}
		if !ok || id.Name == "_" {
			return
		}
		if r.Tok == token.DEFINE {
			inner += fmt.Sprintf("%s := %s; _ = %s;", id.Name, value, id.Name)
		} else if sym := e.prog.Symbol(e.prog.Info.Uses[id]); sym != nil {
			inner += fmt.Sprintf("%s = %s;", sym.ID(), value)
		} else {
			inner += fmt.Sprintf("%s = %s;", id.Name, value)
		}
	}
	assign(r.Key, i)
	assign(r.Value, xs+"["+i+"]")
	e.edit(r.For+3, c.Args[0].Pos(), fmt.Sprintf(" %s, %s, %s := 0, ", i, bar, xs))
	// for i, bar, xs := 0, NewBar(label), (xs); bar.More(i, len(xs)); i++ {
	label := `""`
	if len(c.Args) > 1 {
		outer := e.edits
		e.edits = nil
		e.walk(c.Args[1])
		label = e.render(c.Args[1].Pos(), c.Args[1].End())
		e.edits = outer
	}
	e.insert(c.Args[0].Pos(), fmt.Sprintf("%s.NewBar(%s), (", host, label))
	e.edits = append(e.edits, edit{from: e.src.Offset(c.Args[0].End()), to: e.src.Offset(r.Body.Lbrace + 1), text: fmt.Sprintf("); %s.More(%s, %s); %s++ {%s", bar, i, total, i, inner), order: len(e.edits) + 1<<20})
	e.walk(c.Args[0])
	e.walk(r.Body)
}

const displayPath = symbols.Module + "display"

// typedArgument shows an argument by its static type: display.Show(p) knows that p
// is a Point, which its value does not tell.
func (e *emitter) typedArgument(c *ast.CallExpr) {
	path, name := e.member(c.Fun)
	if path != displayPath || name != "Show" && name != "Update" && name != "Of" || len(c.Args) != 1 || e.isTupleCall(c) {
		return
	}
	t := e.prog.Info.Types[c.Args[0]].Type
	if types.IsInterface(t) || t == types.Typ[types.UntypedNil] {
		return
	}
	if hooks := e.hooks(t, "v_"); hooks != "" {
		e.insert(c.Args[0].Pos(), "func() interface{} { v_ := ")
		e.insertEnd(c.Args[0].End(), fmt.Sprintf("; return %s.Typed(%d, v_%s) }()", host, e.typeNumber(t), hooks))
		return
	}
	e.insert(c.Args[0].Pos(), fmt.Sprintf("%s.Typed(%d, ", host, e.typeNumber(t)))
	e.insertEnd(c.Args[0].End(), ")")
}

// hooks returns, as further arguments, the names and values of the methods by which
// a type of a cell says how it looks; compiled code cannot find them by itself.
func (e *emitter) hooks(t types.Type, v string) string {
	base := t
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		base = p.Elem()
	}
	n, ok := types.Unalias(base).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "main" || types.IsInterface(n) {
		return ""
	}
	var b strings.Builder
	for _, name := range eval.HookNames {
		o, _, _ := types.LookupFieldOrMethod(t, true, n.Obj().Pkg(), name)
		if f, ok := o.(*types.Func); ok && f.Signature().Params().Len() == 0 && f.Signature().Results().Len() == 1 {
			fmt.Fprintf(&b, ", %q, %s.%s", name, v, name)
		}
	}
	return b.String()
}

// typeNumber gives a type a number by which emitted code names it.
func (e *emitter) typeNumber(t types.Type) int {
	key := e.typeText(types.Default(t))
	return e.engine.shared.number(key, t)
}

func (e *emitter) rangeInt(r *ast.RangeStmt, t types.Type) {
	i, n := e.temp("i"), e.temp("n")
	inner := ""
	if _, ok := r.Key.(*ast.Ident); !ok && r.Key != nil {
		e.refuse(r.Key.Pos(), loopTarget)
	}
	if id, ok := r.Key.(*ast.Ident); ok && id.Name != "_" {
		if o := e.prog.Info.Defs[id]; o != nil {
			t = o.Type()
		} else {
			t = e.prog.Info.Types[r.Key].Type
		}
		inner = fmt.Sprintf("%s %s %s;", id.Name, r.Tok, i)
		if r.Tok == token.DEFINE {
			inner += "_ = " + id.Name + ";"
		} else if sym := e.prog.Symbol(e.prog.Info.Uses[id]); sym != nil {
			inner = fmt.Sprintf("%s = %s;", sym.ID(), i)
		}
	}
	text := e.typeText(types.Default(t))
	e.edit(r.For+3, r.X.Pos(), fmt.Sprintf(" %s, %s := %s(0), %s(", i, n, text, text))
	e.edits = append(e.edits, edit{from: e.src.Offset(r.X.End()), to: e.src.Offset(r.Body.Lbrace + 1), text: fmt.Sprintf("); %s < %s; %s++ {%s", i, n, i, inner), order: len(e.edits) + 1<<20})
}

// forStmt gives a captured loop variable one copy per turn, as Go does, where the
// body does not assign to it; yaegi has one for all turns.
func (e *emitter) forStmt(f *ast.ForStmt) {
	e.loops[f.Body] = true
	a, ok := f.Init.(*ast.AssignStmt)
	if !ok || a.Tok != token.DEFINE {
		return
	}
	for _, l := range a.Lhs {
		if id, ok := l.(*ast.Ident); ok && !e.assigned(f.Body, e.prog.Info.Defs[id]) {
			e.perTurn(f.Body, id)
		}
	}
}

// captured reports whether a function literal in n mentions the variable.
func (e *emitter) captured(n ast.Node, o types.Object) (yes bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		if lit, ok := n.(*ast.FuncLit); ok {
			ast.Inspect(lit.Body, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && e.prog.Info.Uses[id] == o {
					yes = true
				}
				return !yes
			})
		}
		return !yes
	})
	return yes
}

// assigned reports whether n may change the variable.
func (e *emitter) assigned(n ast.Node, o types.Object) (yes bool) {
	is := func(x ast.Expr) bool {
		id, ok := ast.Unparen(x).(*ast.Ident)
		return ok && e.prog.Info.Uses[id] == o
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				yes = yes || is(l)
			}
		case *ast.IncDecStmt:
			yes = yes || is(n.X)
		case *ast.UnaryExpr:
			yes = yes || n.Op == token.AND && is(n.X)
		}
		return !yes
	})
	return yes
}

const loopTarget = "the yaegi engine can count such a loop in a variable only: assign to the element inside the loop"
