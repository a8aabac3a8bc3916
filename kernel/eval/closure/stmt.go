package closure

import (
	"go/ast"
	"go/token"
	"go/types"
)

// flow is the labels of the function that is being compiled. A label has a code for each
// way to it: break, continue and goto.
type flow struct {
	next   ctl // the next free code
	labels map[types.Object]*label
}

type label struct{ brk, cont, goto_ ctl }

func (c *compiler) label(o types.Object) *label {
	if c.flow.labels == nil {
		c.flow.labels = map[types.Object]*label{}
		c.flow.next = labels
	}
	l := c.flow.labels[o]
	if l == nil {
		n := c.flow.next
		l = &label{n, n + 1, n + 2}
		c.flow.next += 3
		c.flow.labels[o] = l
	}
	return l
}

// block compiles statements in order.
func (c *compiler) block(list []ast.Stmt) stmt {
	return c.blockOf(list, func(_ int, s ast.Stmt) stmt { return c.stmt(s) })
}

// blockOf is block with a say in how each statement is compiled.
func (c *compiler) blockOf(list []ast.Stmt, compile func(int, ast.Stmt) stmt) stmt {
	var code []stmt
	var pos []token.Pos
	var last ast.Stmt
	targets := map[ctl]int{}
	for i, s := range list {
		for l, ok := s.(*ast.LabeledStmt); ok; l, ok = l.Stmt.(*ast.LabeledStmt) {
			targets[c.label(c.info.Defs[l.Label]).goto_] = len(code)
		}
		if st := compile(i, s); st != nil {
			code, pos, last = append(code, st), append(pos, s.Pos()), s
		}
	}
	if len(targets) > 0 {
		return jumping(append(code, func(F) ctl { return next }), append(pos, token.NoPos), targets)
	}
	if len(code) == 1 && (c.placed == last.Pos() || c.quiet(last)) { // the place that stands there stays good for what follows
		return code[0]
	}
	return inOrder(code, pos)
}

func inOrder(code []stmt, pos []token.Pos) stmt {
	switch len(code) {
	case 0:
		return func(F) ctl { return next }
	case 1:
		s, p := code[0], pos[0]
		return func(f F) ctl {
			head(f).pos = p
			return s(f)
		}
	case 2:
		s, t, p, q := code[0], code[1], pos[0], pos[1]
		return func(f F) ctl {
			head(f).pos = p
			if c := s(f); c != next {
				return c
			}
			head(f).pos = q
			return t(f)
		}
	}
	return func(f F) ctl {
		h := head(f)
		for i, s := range code {
			h.pos = pos[i]
			if c := s(f); c != next {
				return c
			}
		}
		return next
	}
}

// quiet reports whether a statement can neither panic nor call, so that nobody ever asks
// where it stands.
func (c *compiler) quiet(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.BranchStmt:
		return s.Tok != token.GOTO
	case *ast.ReturnStmt:
		for _, x := range s.Results {
			if !c.plainValue(x) {
				return false
			}
		}
		return true
	case *ast.IncDecStmt:
		return c.plainNumber(s.X)
	case *ast.AssignStmt:
		op, isUpdate := operatorOf[s.Tok]
		if s.Tok != token.ASSIGN && s.Tok != token.DEFINE && !(isUpdate && neverPanics[op]) {
			return false
		}
		return len(s.Lhs) == 1 && len(s.Rhs) == 1 && c.plainNumber(s.Lhs[0]) && c.harmless(s.Rhs[0])
	}
	return false
}

// neverPanics are the operators on numbers that cannot panic.
var neverPanics = map[token.Token]bool{
	token.ADD: true, token.SUB: true, token.MUL: true, token.AND: true, token.OR: true, token.XOR: true, token.AND_NOT: true,
}

// harmless reports whether x is arithmetic on local numbers that cannot panic.
func (c *compiler) harmless(x ast.Expr) bool {
	if b, ok := ast.Unparen(x).(*ast.BinaryExpr); ok && c.info.Types[x].Value == nil {
		return neverPanics[b.Op] && c.harmless(b.X) && c.harmless(b.Y)
	}
	return c.plainNumber(x)
}

func (c *compiler) plainNumber(x ast.Expr) bool {
	t := c.info.TypeOf(x) // nil for _
	return t != nil && numbersIn(kindOf(c.subst(t))) && c.plainValue(x)
}

// plainValue reports whether x is a constant or a local number or string in the frame.
func (c *compiler) plainValue(x ast.Expr) bool {
	if c.info.Types[x].Value != nil {
		return true
	}
	id := identOf(x)
	if id == nil {
		return false
	}
	v := c.vars[c.object(id)]
	return v != nil && v.where == inFrame && v.k != kIface && v.k != kMem
}

// jumping is inOrder for a block that goto may jump into.
func jumping(code []stmt, pos []token.Pos, targets map[ctl]int) stmt {
	return func(f F) ctl {
		h := head(f)
		for i := 0; i < len(code); i++ {
			h.pos = pos[i]
			c := code[i](f)
			if c == next {
				continue
			}
			at, ok := targets[c]
			if !ok {
				return c
			}
			h.g.check()
			i = at - 1
		}
		return next
	}
}

// stmt compiles a statement; nil when it does nothing.
func (c *compiler) stmt(s ast.Stmt) stmt {
	switch s := s.(type) {
	case *ast.ExprStmt:
		return c.exprStmt(s.X)
	case *ast.AssignStmt:
		return c.assign(s)
	case *ast.IncDecStmt:
		return c.incDec(s)
	case *ast.DeclStmt:
		return c.decl(s.Decl.(*ast.GenDecl))
	case *ast.BlockStmt:
		return c.block(s.List)
	case *ast.IfStmt:
		return c.ifStmt(s)
	case *ast.ForStmt:
		return c.forStmt(s, nil)
	case *ast.RangeStmt:
		return c.rangeStmt(s, nil)
	case *ast.SwitchStmt:
		return c.switchStmt(s, nil)
	case *ast.TypeSwitchStmt:
		return c.typeSwitch(s, nil)
	case *ast.SelectStmt:
		return c.selectStmt(s, nil)
	case *ast.LabeledStmt:
		return c.labeled(s)
	case *ast.BranchStmt:
		return c.branch(s)
	case *ast.ReturnStmt:
		return c.returnStmt(s)
	case *ast.GoStmt:
		return c.goStmt(s)
	case *ast.DeferStmt:
		return c.deferStmt(s)
	case *ast.SendStmt:
		return c.send(s)
	case *ast.EmptyStmt:
		return nil
	}
	c.refuse(s, "dagbook cannot compile this statement (%T)", s)
	return nil
}

func (c *compiler) exprStmt(x ast.Expr) stmt {
	x = ast.Unparen(x)
	if call, ok := x.(*ast.CallExpr); ok {
		return c.callStmt(call)
	}
	e := c.expr(x)
	return c.opsOf(e.t).drop(e)
}

func (c *compiler) labeled(s *ast.LabeledStmt) stmt {
	l := c.label(c.info.Defs[s.Label])
	switch st := s.Stmt.(type) {
	case *ast.ForStmt:
		return c.forStmt(st, l)
	case *ast.RangeStmt:
		return c.rangeStmt(st, l)
	case *ast.SwitchStmt:
		return c.switchStmt(st, l)
	case *ast.TypeSwitchStmt:
		return c.typeSwitch(st, l)
	case *ast.SelectStmt:
		return c.selectStmt(st, l)
	}
	body := c.stmt(s.Stmt)
	if body == nil {
		return nil
	}
	return breakable(body, l)
}

// breakable ends a break to the label; the codes of others go on.
func breakable(body stmt, l *label) stmt {
	if l == nil {
		return body
	}
	brk := l.brk
	return func(f F) ctl {
		if c := body(f); c != brk {
			return c
		}
		return next
	}
}

func (c *compiler) branch(s *ast.BranchStmt) stmt {
	code := brk
	switch {
	case s.Tok == token.FALLTHROUGH:
		return nil // switchStmt looks for it
	case s.Label != nil:
		l := c.label(c.info.Uses[s.Label])
		code = map[token.Token]ctl{token.BREAK: l.brk, token.CONTINUE: l.cont, token.GOTO: l.goto_}[s.Tok]
	case s.Tok == token.CONTINUE:
		code = cont
	}
	return func(F) ctl { return code }
}

func (c *compiler) decl(d *ast.GenDecl) stmt {
	if d.Tok != token.VAR {
		return nil
	}
	var code []stmt
	for _, spec := range d.Specs {
		code = append(code, c.varSpec(spec.(*ast.ValueSpec))...)
	}
	return all(code)
}

func (c *compiler) varSpec(s *ast.ValueSpec) []stmt {
	lhs := make([]ast.Expr, len(s.Names))
	for i, id := range s.Names {
		lhs[i] = id
	}
	if len(s.Values) == 0 {
		var code []stmt
		for _, id := range s.Names {
			code = append(code, c.declareName(id, nil))
		}
		return code
	}
	return []stmt{c.assignAll(lhs, s.Values, true)}
}

// all runs statements that do not branch.
func all(code []stmt) stmt {
	code = compact(code)
	switch len(code) {
	case 0:
		return nil
	case 1:
		return code[0]
	case 2:
		a, b := code[0], code[1]
		return func(f F) ctl { a(f); b(f); return next }
	}
	return func(f F) ctl {
		for _, s := range code {
			s(f)
		}
		return next
	}
}

func compact(code []stmt) []stmt {
	var list []stmt
	for _, s := range code {
		if s != nil {
			list = append(list, s)
		}
	}
	return list
}

func (c *compiler) ifStmt(s *ast.IfStmt) stmt {
	var init stmt
	if s.Init != nil {
		init = c.stmt(s.Init)
	}
	cond := c.condition(s.Cond)
	then := c.block(s.Body.List)
	var els stmt
	if s.Else != nil {
		els = c.stmt(s.Else)
	}
	run := cond(then, els)
	if init == nil {
		return run
	}
	return func(f F) ctl { init(f); return run(f) }
}

// condition returns what makes an if statement of the code for true and for false; that
// for false may be nil.
func (c *compiler) condition(x ast.Expr) func(then, els stmt) stmt {
	e := c.expr(x)
	cond := codeOf[bool](e)
	return func(then, els stmt) stmt {
		if e.cmp != nil {
			if run := branch(e.cmp.op, e.cmp.x, e.cmp.y, then, els); run != nil {
				return run
			}
		}
		if els == nil {
			return func(f F) ctl {
				if cond(f) {
					return then(f)
				}
				return next
			}
		}
		return func(f F) ctl {
			if cond(f) {
				return then(f)
			}
			return els(f)
		}
	}
}

func (c *compiler) returnStmt(s *ast.ReturnStmt) stmt {
	if len(s.Results) == 0 {
		return func(F) ctl { return ret }
	}
	if len(s.Results) == 1 && len(c.results) == 1 {
		r := c.results[0]
		x := c.exprTo(s.Results[0], r.t)
		if r.where == inFrame {
			return c.opsOf(r.t).ret(r.off, x)
		}
		set := c.set(r.location(), x)
		return func(f F) ctl { set(f); return ret }
	}
	var exprs []*expr
	var code []stmt
	if len(s.Results) == 1 {
		t := c.tuple(s.Results[0])
		code, exprs = []stmt{func(f F) ctl { t.run(f); return next }}, t.exprs
	} else {
		values := make([]*expr, len(s.Results))
		for i, x := range s.Results {
			values[i] = c.exprTo(x, c.results[i].t)
		}
		before, values := c.callsFirst(s.Results, values)
		code = append(code, before)
		for _, e := range values {
			if c.named || c.guards { // a later operand may be the variable of an earlier result
				var keep stmt
				keep, e = c.keep(e)
				code = append(code, keep)
			}
			exprs = append(exprs, e)
		}
	}
	for i, e := range exprs {
		code = append(code, c.set(c.results[i].location(), c.convert(e, c.results[i].t)))
	}
	run := all(code)
	return func(f F) ctl { run(f); return ret }
}

// keep evaluates x into a temporary.
func (c *compiler) keep(x *expr) (stmt, *expr) {
	if x.where == inConst {
		return nil, x
	}
	t := c.temp(x.t)
	t.own = x.own
	return c.declare(t, x), c.load(t.location())
}

// declareName begins the life of a variable; x is nil for the zero value. A variable of
// the session exists already.
func (c *compiler) declareName(id *ast.Ident, x *expr) stmt {
	if id.Name == "_" {
		if x == nil {
			return nil
		}
		return c.opsOf(x.t).drop(x)
	}
	o := c.info.Defs[id]
	if p := c.global(c.prog, o); p != nil {
		t := o.Type()
		l := &location{t: t, k: kindOf(t), global: p}
		if x == nil {
			return zeroGlobal(c.layout(t), p)
		}
		return c.set(l, c.convert(x, t))
	}
	v := c.newVariable(o)
	if x != nil {
		x = c.convert(x, v.t)
	}
	return c.declare(v, x)
}

// mayDefer reports whether a function has a defer statement, itself and not a literal in it.
func (c *compiler) mayDefer(body *ast.BlockStmt) (yes bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.DeferStmt:
			yes = true
		}
		return !yes
	})
	return yes
}
