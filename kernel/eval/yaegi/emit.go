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
	closing  bool // ends what an insertion before began
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
	e.edits = append(e.edits, edit{from: e.src.Offset(from), to: e.src.Offset(to), text: text, order: len(e.edits)})
}

// insert puts text before pos; of several at one place the first comes first.
func (e *emitter) insert(pos token.Pos, text string) { e.edit(pos, pos, text) }

// insertEnd closes what an insert before an expression opened; of several at one place
// the last opened closes first.
func (e *emitter) insertEnd(pos token.Pos, text string) {
	e.insert(pos, text)
	e.edits[len(e.edits)-1].closing = true
}

func (e *emitter) temp(prefix string) string {
	e.tmp++
	return fmt.Sprintf("%s_%d_", prefix, e.tmp)
}

// directive puts the position that yaegi reports back to where the cell has it.
// yaegi keys imports by file name, so that all cells are one file whose line
// numbers hold the cell.
func directive(cell, line, col int) string {
	return fmt.Sprintf("/*line _.go:%d:%d*/", packed(cell, line), col)
}

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
		if iInsert && edits[i].closing != edits[j].closing {
			return edits[i].closing
		}
		if edits[i].closing && edits[j].closing {
			return edits[i].order > edits[j].order
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
		case *ast.CaseClause:
			e.hoist(n.Body)
		case *ast.IfStmt:
			e.head(n.Init)
		case *ast.SwitchStmt:
			e.head(n.Init)
		case *ast.CommClause:
			e.hoist(n.Body)
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
			e.head(n.Init)
			e.typeSwitch(n)
		case *ast.ForStmt:
			e.head(n.Init)
			e.forStmt(n)
		case *ast.BlockStmt:
			e.hoist(n.List)
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
	if p, ok := o.(*types.PkgName); ok && check.IsDot(id) {
		e.insert(id.Pos(), e.alias(p.Imported().Path())+".")
		return
	} else if ok {
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
		e.insertEnd(id.End(), e.typeArguments(id))
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
	starts := e.startsGoroutine(c)
	for _, a := range c.Args {
		t := e.prog.Info.Types[a].Type
		lit, isLit := a.(*ast.FuncLit)
		sig, isFunc := t.Underlying().(*types.Signature)
		switch {
		case isLit:
			e.insert(lit.Pos(), "func() "+e.typeText(t)+" { return ")
			if starts {
				e.insert(lit.Body.Lbrace+1, recovering)
			}
			e.insertEnd(lit.End(), " }()")
		case isFunc && starts && sig.Params().Len() == 0 && sig.Results().Len() == 0:
			e.insert(a.Pos(), "func() func() { f_ := ")
			e.insertEnd(a.End(), "; return func() { "+recovering+" f_() } }()")
		}
	}
}

// startsGoroutine reports calls of compiled functions that run a function on a goroutine
// of their own, where a panic would end the process.
func (e *emitter) startsGoroutine(c *ast.CallExpr) bool {
	switch path, name := e.member(c.Fun); path + "." + name {
	case "sync.Go", "time.AfterFunc", "context.AfterFunc":
		return true
	}
	return false
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
			e.insertEnd(c.Args[1].End(), ")")
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
	name := e.prog.DelayedName(c)
	if name == "" {
		return
	}
	e.insert(c.Args[0].Pos(), fmt.Sprintf("%s.Named(%q, ", host, name))
	e.insertEnd(c.Args[0].End(), ")")
}
