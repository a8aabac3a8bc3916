package yaegi

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/check"
	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// host is the package that emitted code calls back; cells cannot import it.
const host = "dagbook_"

// emitter writes a checked program as text for yaegi. The text of the cell is
// kept, byte for byte, except for edits; behind every edit a line directive puts
// the position right again.
type emitter struct {
	engine  *Engine
	prog    *check.Program
	src     *check.Source
	edits   []edit
	imports map[string]string // path -> alias, of what the text uses
	at      token.Pos         // of what is being written, for refusals
	err     error             // the first refusal
	tmp     int

	written  map[*ast.Ident]bool     // generic functions whose type arguments the cell writes
	declared map[string]bool         // variables of functions and methods that the text declares
	loops    map[*ast.BlockStmt]bool // bodies of loops
}

// edit replaces the bytes [from, to) of the source's text.
type edit struct {
	from, to int
	text     string
	order    int
}

func (e *emitter) refuse(pos token.Pos, reason string) {
	if e.err == nil {
		cell, line, col := e.engine.position(pos)
		e.err = &eval.Refusal{Cell: cell, Line: line, Col: col, Reason: reason}
	}
}

// alias returns the name of a package in emitted code, the same in all cells.
func (e *emitter) alias(path string) string {
	a := strings.NewReplacer("/", "_", ".", "_", "-", "_").Replace(path) + "_"
	e.imports[path] = a
	return a
}

func (e *emitter) edit(from, to token.Pos, text string) {
	e.edits = append(e.edits, edit{e.src.Offset(from), e.src.Offset(to), text, len(e.edits)})
}

// insert puts text before pos; of several at one place the first comes first.
func (e *emitter) insert(pos token.Pos, text string) { e.edit(pos, pos, text) }

func (e *emitter) temp(prefix string) string {
	e.tmp++
	return fmt.Sprintf("%s_%d_", prefix, e.tmp)
}

// directive puts the position that yaegi reports back to where the cell has it.
// yaegi keys imports by file name, so that all cells are one file whose line
// numbers hold the cell.
func directive(cell, line, col int) string {
	return fmt.Sprintf("/*line _.go:%d:%d*/", cell*linesPerCell+line, col)
}

const linesPerCell = 100000

// render returns the text of [from, to) with the edits made so far, and forgets them.
func (e *emitter) render(from, to token.Pos) string {
	a, z := e.src.Offset(from), e.src.Offset(to)
	edits := e.edits
	e.edits = nil
	sort.SliceStable(edits, func(i, j int) bool {
		if edits[i].from != edits[j].from {
			return edits[i].from < edits[j].from
		}
		iInsert, jInsert := edits[i].to == edits[i].from, edits[j].to == edits[j].from
		if iInsert != jInsert {
			return iInsert
		}
		return edits[i].order < edits[j].order
	})
	var b strings.Builder
	b.WriteString(e.directiveAt(a))
	for _, ed := range edits {
		if ed.from < a || ed.to > z { // inside what another edit replaced
			continue
		}
		b.WriteString(e.src.Text[a:ed.from])
		b.WriteString(ed.text)
		a = ed.to
		if ed.text != "" {
			b.WriteString(e.directiveAt(a))
		}
	}
	b.WriteString(e.src.Text[a:z])
	return b.String()
}

func (e *emitter) directiveAt(off int) string {
	text := e.src.Text[:off]
	start := strings.LastIndexByte(text, '\n') + 1
	line := 1 + strings.Count(text, "\n")
	col := off - start + 1
	if line == 1 {
		col -= e.src.Lead
	}
	return directive(e.src.Cell, line, max(1, col))
}

// ---- walking

// walk makes the edits that every node in n needs.
func (e *emitter) walk(n ast.Node) {
	if n == nil {
		return
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			e.ident(n)
		case *ast.SelectorExpr:
			return !e.constraint(n) && e.methodExpr(n)
		case *ast.AssignStmt:
			e.literals(n.Rhs)
		case *ast.ValueSpec:
			e.literals(n.Values)
		case *ast.CommClause:
			e.commClause(n)
		case *ast.TypeAssertExpr:
			e.assertion(n.Type)
		case *ast.IndexExpr:
			return e.instance(n.X, n.Lbrack, n.Rbrack)
		case *ast.IndexListExpr:
			return e.instance(n.X, n.Lbrack, n.Rbrack)
		case *ast.CallExpr:
			return e.call(n)
		case *ast.GoStmt:
			return e.goStmt(n)
		case *ast.DeferStmt:
			e.deferStmt(n)
		case *ast.RangeStmt:
			return e.rangeStmt(n)
		case *ast.TypeSwitchStmt:
			e.typeSwitch(n)
		case *ast.ForStmt:
			e.forStmt(n)
		case *ast.BlockStmt:
			e.blockDefers(n)
		}
		return true
	})
}

func (e *emitter) object(id *ast.Ident) types.Object {
	if o := e.prog.Info.Uses[id]; o != nil {
		return o
	}
	return e.prog.Info.Defs[id]
}

// ident renames names of the session to their generation, and packages.
func (e *emitter) ident(id *ast.Ident) {
	o := e.object(id)
	if o == nil {
		return
	}
	name := id.Name
	if p, ok := o.(*types.PkgName); ok {
		name = e.alias(p.Imported().Path())
	} else if v, ok := o.(*types.Var); ok && v.IsField() {
		name = e.fieldName(v)
	} else if sym := e.prog.Symbol(o); sym != nil {
		name = sym.ID()
	} else if f, ok := o.(*types.Func); ok && f.Pkg() != nil && f.Pkg().Path() != "main" && f.Signature().TypeParams().Len() > 0 {
		e.refuse(id.Pos(), fmt.Sprintf("%s.%s is generic, which the yaegi engine cannot call: write the loop out, or use a function that is not generic (package sort instead of slices)", f.Pkg().Name(), f.Name()))
	}
	if name != id.Name {
		e.edit(id.Pos(), id.End(), name)
	}
	if e.isInstance(id) && !e.written[id] {
		e.insert(id.End(), e.typeArguments(id))
	}
}

// isInstance reports whether id calls for an instance of a generic function of a cell.
// Its type arguments are always written out: yaegi infers only the simplest.
func (e *emitter) isInstance(id *ast.Ident) bool {
	_, isFunc := e.prog.Info.Uses[id].(*types.Func)
	return isFunc && e.prog.Info.Instances[id].TypeArgs.Len() > 0
}

func (e *emitter) typeArguments(id *ast.Ident) string {
	args := e.prog.Info.Instances[id].TypeArgs
	texts := make([]string, args.Len())
	for i := range texts {
		texts[i] = e.typeText(args.At(i))
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// instance completes the type arguments in f[int], where f may take more.
func (e *emitter) instance(x ast.Expr, from, to token.Pos) bool {
	id, ok := ast.Unparen(x).(*ast.Ident)
	if !ok || !e.isInstance(id) {
		return true
	}
	e.written[id] = true
	e.walk(x)
	e.edit(from, to+1, e.typeArguments(id))
	return false
}

// methodExpr writes T.M, which yaegi takes for a method value, as a function literal.
func (e *emitter) methodExpr(x *ast.SelectorExpr) bool {
	s := e.prog.Info.Selections[x]
	if s == nil || s.Kind() != types.MethodExpr {
		return true
	}
	sig := s.Type().(*types.Signature)
	params, names := e.paramTexts(sig), []string{}
	for i, p := range params {
		name := fmt.Sprintf("p%d_", i)
		params[i] = name + " " + p
		if strings.HasPrefix(p, "...") {
			name += "..."
		}
		names = append(names, name)
	}
	ret := ""
	if sig.Results().Len() > 0 {
		ret = "return "
	}
	e.edit(x.Pos(), x.End(), fmt.Sprintf("func(%s)%s { %s%s.%s(%s) }", strings.Join(params, ", "), e.resultText(sig), ret, names[0], x.Sel.Name, strings.Join(names[1:], ", ")))
	return false
}

// fieldName follows the renaming of types into embedded fields, which are named
// after their type.
func (e *emitter) fieldName(v *types.Var) string {
	if !v.Embedded() {
		return v.Name()
	}
	t := v.Type()
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := t.(interface{ Obj() *types.TypeName }); ok {
		if sym := e.prog.Symbol(n.Obj()); sym != nil {
			return sym.ID()
		}
	}
	return v.Name()
}

// call handles the built-in functions that yaegi lacks and the names of delayed functions.
func (e *emitter) call(c *ast.CallExpr) bool {
	fun := ast.Unparen(c.Fun)
	if id, ok := fun.(*ast.Ident); ok {
		if e.prog.Must(id) {
			e.must(c, id)
			return false
		}
		if b, ok := e.prog.Info.Uses[id].(*types.Builtin); ok {
			return e.builtin(c, b.Name())
		}
	}
	if e.compileTime(c) {
		return false
	}
	e.nameDelayed(c)
	e.typedArgument(c)
	e.errorArguments(c)
	e.encoding(c)
	e.ownFrames(c)
	return true
}

// ownFrames gives the function literals that compiled code gets a frame of their own, for
// the reason told at goStmt: it may call them on other goroutines, as sync.WaitGroup.Go does.
func (e *emitter) ownFrames(c *ast.CallExpr) {
	if path, _ := e.member(c.Fun); path == "" || path == "main" {
		return
	}
	for _, a := range c.Args {
		if lit, ok := a.(*ast.FuncLit); ok {
			e.insert(lit.Pos(), "func() "+e.typeText(e.prog.Info.Types[a].Type)+" { return ")
			e.insert(lit.End(), " }()")
		}
	}
}

// must(f()) becomes a function literal that stops the cell with the error.
func (e *emitter) must(c *ast.CallExpr, id *ast.Ident) {
	t := e.prog.Info.Types[ast.Expr(c)].Type
	if len(c.Args) == 0 {
		return
	}
	text := e.typeText(t)
	first := e.prog.Info.Types[c.Args[0]].Type
	if len(c.Args) > 2 {
		e.refuse(c.Args[2].Pos(), "must takes a value and one error")
	}
	if tuple, ok := first.(*types.Tuple); ok && tuple.Len() == 2 || len(c.Args) == 2 {
		if len(c.Args) == 2 { // it may be a plain nil
			e.insert(c.Args[1].Pos(), "error(")
			e.insert(c.Args[1].End(), ")")
		}
		e.edit(id.Pos(), c.Lparen+1, fmt.Sprintf("func() %s { v_, err_ := ", text))
		e.edit(c.Rparen, c.Rparen+1, fmt.Sprintf("; %s.Must(err_); return v_ }()", host))
	} else {
		e.edit(id.Pos(), c.Lparen+1, fmt.Sprintf("func() %s { v_ := ", text))
		e.edit(c.Rparen, c.Rparen+1, fmt.Sprintf("; %s.MustOne(v_); return v_ }()", host))
	}
	for _, a := range c.Args {
		e.walk(a)
	}
}

func (e *emitter) builtin(c *ast.CallExpr, name string) bool {
	switch name {
	case "min", "max":
		e.minMax(c, name)
		return false
	case "clear":
		e.clear(c)
		return false
	case "print", "println":
		e.edit(c.Fun.Pos(), c.Fun.End(), host+"."+strings.ToUpper(name[:1])+name[1:])
	}
	return true
}

// minMax evaluates the arguments once, in order, in a function literal.
func (e *emitter) minMax(c *ast.CallExpr, name string) {
	tv := e.prog.Info.Types[ast.Expr(c)]
	if tv.Value != nil {
		e.edit(c.Pos(), c.End(), constantText(tv.Value, tv.Type))
		return
	}
	t := e.typeText(tv.Type)
	op := map[string]string{"min": "<", "max": ">"}[name]
	e.edit(c.Fun.Pos(), c.Lparen+1, fmt.Sprintf("func() %s { a_ := []%s{", t, t))
	e.edit(c.Rparen, c.Rparen+1, fmt.Sprintf("}; m_ := a_[0]; for _, v_ := range a_[1:] { if v_ %s m_ || v_ != v_ { m_ = v_ } }; return m_ }()", op))
	for _, a := range c.Args {
		e.walk(a)
	}
}

// constantText writes a constant of a type as Go source.
func constantText(v constant.Value, t types.Type) string {
	b, _ := t.Underlying().(*types.Basic)
	switch {
	case b != nil && b.Kind() == types.UntypedRune:
		if r, ok := constant.Int64Val(v); ok && utf8.ValidRune(rune(r)) && r == int64(rune(r)) {
			return strconv.QuoteRuneToASCII(rune(r))
		}
	case b != nil && b.Info()&types.IsFloat != 0:
		v = constant.ToFloat(v)
		if f, ok := constant.Float64Val(v); ok || v.Kind() == constant.Float && !math.IsInf(f, 0) {
			text := strconv.FormatFloat(f, 'g', -1, 64)
			if !strings.ContainsAny(text, ".e") {
				text += ".0"
			}
			return text
		}
		return v.ExactString() + ".0"
	}
	return v.ExactString()
}

func (e *emitter) clear(c *ast.CallExpr) {
	if _, ok := e.prog.Info.Types[c.Args[0]].Type.Underlying().(*types.Map); ok {
		e.edit(c.Fun.Pos(), c.Lparen+1, "func() { m_ := ")
		e.edit(c.Rparen, c.Rparen+1, "; for k_ := range m_ { delete(m_, k_) } }()")
	} else {
		el := e.typeText(e.prog.Info.Types[c.Args[0]].Type.Underlying().(*types.Slice).Elem())
		e.edit(c.Fun.Pos(), c.Lparen+1, "func() { s_ := ")
		e.edit(c.Rparen, c.Rparen+1, fmt.Sprintf("; var z_ %s; for i_ := range s_ { s_[i_] = z_ } }()", el))
	}
	e.walk(c.Args[0])
}

// nameDelayed gives a function that is made delayed the name that the cell has
// for it: delayed(slowinc) becomes delayed(taskgraph.Func{"slowinc", slowinc}).
func (e *emitter) nameDelayed(c *ast.CallExpr) {
	if len(c.Args) == 0 || !isDelayedFunc(e.prog.Info.Types[ast.Expr(c)].Type) {
		return
	}
	name := e.engine.funcName(e.prog, c)
	if _, ok := e.prog.Info.Types[c.Args[0]].Type.Underlying().(*types.Signature); !ok || name == "" {
		return
	}
	e.insert(c.Args[0].Pos(), fmt.Sprintf("%s.Named(%q, ", host, name))
	e.insert(c.Args[0].End(), ")")
}

func isDelayedFunc(t types.Type) bool {
	n, ok := t.(*types.Named)
	return ok && n.Obj().Name() == "DelayedFunc" && n.Obj().Pkg() != nil && strings.HasSuffix(n.Obj().Pkg().Path(), "/taskgraph")
}

// ---- statements

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
		e.insert(c.End(), " } }())")
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
			e.insert(a.End(), ")")
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
		}
	case *types.Signature:
		e.refuse(r.X.Pos(), "the yaegi engine cannot range over a function: collect the values first, or call the function with a callback")
	}
	return true
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
		label = e.src.Text[e.src.Offset(c.Args[1].Pos()):e.src.Offset(c.Args[1].End())]
	}
	e.insert(c.Args[0].Pos(), fmt.Sprintf("%s.NewBar(%s), (", host, label))
	e.edits = append(e.edits, edit{e.src.Offset(c.Args[0].End()), e.src.Offset(r.Body.Lbrace + 1), fmt.Sprintf("); %s.More(%s, %s); %s++ {%s", bar, i, total, i, inner), len(e.edits) + 1<<20})
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
		e.insert(c.Args[0].End(), fmt.Sprintf("; return %s.Typed(%d, v_%s) }()", host, e.typeNumber(t), hooks))
		return
	}
	e.insert(c.Args[0].Pos(), fmt.Sprintf("%s.Typed(%d, ", host, e.typeNumber(t)))
	e.insert(c.Args[0].End(), ")")
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
	if i, ok := e.engine.typeNumbers[key]; ok {
		return i
	}
	e.engine.types = append(e.engine.types, t)
	e.engine.typeNumbers[key] = len(e.engine.types) - 1
	return len(e.engine.types) - 1
}

func (e *emitter) rangeInt(r *ast.RangeStmt, t types.Type) {
	i, n := e.temp("i"), e.temp("n")
	inner := ""
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
	e.edits = append(e.edits, edit{e.src.Offset(r.X.End()), e.src.Offset(r.Body.Lbrace + 1), fmt.Sprintf("); %s < %s; %s++ {%s", i, n, i, inner), len(e.edits) + 1<<20})
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
		id, ok := l.(*ast.Ident)
		if o := e.prog.Info.Defs[id]; ok && o != nil && e.captured(f.Body, o) && !e.assigned(f.Body, o) {
			e.insert(f.Body.Lbrace+1, fmt.Sprintf("%s := %s;", id.Name, id.Name))
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
