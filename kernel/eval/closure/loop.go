package closure

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"unicode/utf8"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// turn runs the body of a loop once. It reports whether the loop goes on, and how it
// ends when it does not.
func turn(f F, body stmt, l *label) (bool, ctl) {
	c := body(f)
	if c == next || c == cont {
		return true, next
	}
	return afterTurn(c, l)
}

func afterTurn(c ctl, l *label) (bool, ctl) {
	switch {
	case c == brk:
		return false, next
	case l != nil && c == l.cont:
		return true, next
	case l != nil && c == l.brk:
		return false, next
	}
	return false, c
}

func (c *compiler) forStmt(s *ast.ForStmt, l *label) stmt {
	var init, post stmt
	if s.Init != nil {
		init = c.stmt(s.Init)
	}
	cond := func(F) bool { return true }
	if s.Cond != nil {
		cond = codeOf[bool](c.expr(s.Cond))
	}
	body := c.block(s.Body.List)
	if s.Post != nil {
		post = c.stmt(s.Post)
	}
	post = c.perTurn(s, post)
	if run := c.counting(s, init, body, l); run != nil {
		return run
	}
	pos := s.Pos()
	return func(f F) ctl {
		if init != nil {
			init(f)
		}
		h := head(f)
		stop := &h.g.stop
		for cond(f) {
			if c := body(f); c != next && c != cont {
				if on, c := afterTurn(c, l); !on {
					return c
				}
			}
			if stop.Load() != 0 {
				panic(interrupted{})
			}
			h.pos = pos
			if post != nil {
				post(f)
			}
		}
		return next
	}
}

// counting is for i := a; i < b; i += c with a local int i that nothing captures; nil for
// other loops.
func (c *compiler) counting(s *ast.ForStmt, init, body stmt, l *label) stmt {
	cond, ok := s.Cond.(*ast.BinaryExpr)
	if !ok || init == nil || cond.Op != token.LSS && cond.Op != token.LEQ {
		return nil
	}
	id, step := identOf(cond.X), c.step(s.Post)
	if id == nil || step == nil || c.object(id) != c.object(step.of) || kindOf(c.typeOf(id)) != kInt {
		return nil
	}
	at := c.locate(id)
	if !at.inFrame() {
		return nil
	}
	i, limit, by := at.off, c.exprTo(cond.Y, c.typeOf(id)), step.by
	if by.where == inCode || limit.where == inCode {
		return nil
	}
	less := lt(operand[int]{where: inLocal, off: i}, operandOf[int](limit))
	if cond.Op == token.LEQ {
		less = le(operand[int]{where: inLocal, off: i}, operandOf[int](limit))
	}
	from := by.off
	inc, fixed := 1, by.where == inConst
	if fixed {
		inc = by.con.(int)
	}
	return func(f F) ctl {
		init(f)
		stop := &head(f).g.stop
		for less(f) {
			if c := body(f); c != next && c != cont {
				if on, c := afterTurn(c, l); !on {
					return c
				}
			}
			if stop.Load() != 0 {
				panic(interrupted{})
			}
			if fixed {
				*mem.At[int](f, i) += inc
			} else {
				*mem.At[int](f, i) += mem.Load[int](f, from)
			}
		}
		return next
	}
}

// step is i++ or i += x.
type step struct {
	of *ast.Ident
	by *expr
}

func (c *compiler) step(post ast.Stmt) *step {
	switch p := post.(type) {
	case *ast.IncDecStmt:
		if id := identOf(p.X); id != nil && p.Tok == token.INC {
			return &step{id, c.one(types.Typ[types.Int])}
		}
	case *ast.AssignStmt:
		if id := identOf(p.Lhs[0]); id != nil && p.Tok == token.ADD_ASSIGN && kindOf(c.typeOf(p.Lhs[0])) == kInt {
			return &step{id, c.exprTo(p.Rhs[0], c.typeOf(id))}
		}
	}
	return nil
}

// perTurn gives each turn its own copies of the captured variables of a loop.
func (c *compiler) perTurn(s *ast.ForStmt, post stmt) stmt {
	a, ok := s.Init.(*ast.AssignStmt)
	if !ok || a.Tok != token.DEFINE {
		return post
	}
	var code []stmt
	for _, x := range a.Lhs {
		v := c.vars[c.info.Defs[identOf(x)]]
		if v == nil || v.where != inBox || !c.escapes[c.info.Defs[identOf(x)]] {
			continue
		}
		off, lay := v.off, v.lay
		code = append(code, func(f F) ctl {
			mem.Store(f, off, lay.Copy(mem.Load[mem.Ptr](f, off)))
			return next
		})
	}
	return all(append(code, post))
}

func (c *compiler) rangeStmt(s *ast.RangeStmt, l *label) stmt {
	if call := c.progressCall(s.X); call != nil {
		return c.rangeProgress(s, l, call)
	}
	t := c.typeOf(s.X)
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsInteger != 0 {
			return c.rangeInt(s, l)
		}
		return c.rangeString(s, l)
	case *types.Slice:
		return c.rangeSlice(s, l, codeOf[mem.Slice](c.expr(s.X)), u.Elem())
	case *types.Array:
		return c.rangeArray(s, l, u)
	case *types.Pointer:
		return c.rangeArray(s, l, u.Elem().Underlying().(*types.Array))
	case *types.Map:
		return c.rangeMap(s, l, u)
	case *types.Chan:
		return c.rangeChan(s, l, u)
	case *types.Signature:
		return c.rangeFunction(s, l, u)
	}
	c.refuse(s, "dagbook cannot range over %s", t)
	return nil
}

// iterated is the statement that gives a loop's variable the value of x at each turn.
func (c *compiler) iterated(s *ast.RangeStmt, target ast.Expr, x *expr) stmt {
	if target == nil {
		return nil
	}
	id := identOf(target)
	if id != nil && id.Name == "_" {
		return nil
	}
	if s.Tok == token.DEFINE {
		return c.declareName(id, x)
	}
	keep, set := c.target(target)
	return all([]stmt{keep, set(x)})
}

// turnVariables gives both variables of a loop their values.
func (c *compiler) turnVariables(s *ast.RangeStmt, key, val *expr) stmt {
	if s.Tok == token.DEFINE || s.Key == nil || s.Value == nil || isBlank(s.Key) || isBlank(s.Value) {
		return orNothing(all([]stmt{c.iterated(s, s.Key, key), c.iterated(s, s.Value, val)}))
	}
	keepKey, setKey := c.target(s.Key) // the operands of both come first
	keepVal, setVal := c.target(s.Value)
	return all([]stmt{keepKey, keepVal, setKey(key), setVal(val)})
}

// orNothing is s, or what does nothing when s is nil.
func orNothing(s stmt) stmt {
	if s == nil {
		return func(F) ctl { return next }
	}
	return s
}

// counter is a hidden int of a loop.
func (c *compiler) counter() uintptr { return c.temp(types.Typ[types.Int]).off }

func intAt(t types.Type, off uintptr) *expr {
	return &expr{t: t, k: kInt, where: inLocal, off: off}
}

func (c *compiler) rangeInt(s *ast.RangeStmt, l *label) stmt {
	t := types.Type(types.Typ[types.Int])
	switch {
	case s.Key != nil && !isBlank(s.Key):
		if t = c.typeOfTarget(s.Key); t == nil {
			t = c.typeOf(s.X)
		}
	case c.info.Types[s.X].Value == nil:
		t = c.typeOf(s.X)
	}
	t = types.Default(t)
	n := c.exprTo(s.X, t)
	if v := c.info.Types[s.X].Value; v != nil {
		n = c.constant(t, v)
	}
	if n.k != kInt {
		return c.rangeSized(s, l, n)
	}
	limit := codeOf[int](n)
	if v := c.ownCounter(s); v != nil {
		return countTo(limit, v.off, c.block(s.Body.List), l)
	}
	if s.Key == nil || isBlank(s.Key) {
		return repeat(limit, c.block(s.Body.List), l)
	}
	i := c.counter()
	set := c.iterated(s, s.Key, intAt(t, i))
	return countTo(limit, i, inTurn(set, c.block(s.Body.List)), l)
}

// ownCounter makes the variable of a range over an int that may count itself: it stands in
// the frame and the body does not change it. nil when a hidden counter is needed.
func (c *compiler) ownCounter(s *ast.RangeStmt) *variable {
	if s.Tok != token.DEFINE || s.Key == nil || isBlank(s.Key) {
		return nil
	}
	o := c.info.Defs[identOf(s.Key)]
	if o == nil || c.escapes[o] || c.global(c.prog, o) != nil || c.changes(s.Body, o) {
		return nil
	}
	return c.newVariable(o)
}

// changes reports whether code assigns to a variable that nobody has the address of.
func (c *compiler) changes(body ast.Node, o types.Object) (yes bool) {
	is := func(x ast.Expr) bool { id := identOf(x); return id != nil && c.info.Uses[id] == o }
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			yes = yes || slices.ContainsFunc(n.Lhs, is)
		case *ast.IncDecStmt:
			yes = yes || is(n.X)
		case *ast.RangeStmt:
			yes = yes || is(n.Key) || is(n.Value)
		}
		return !yes
	})
	return yes
}

// inTurn sets the variables of a loop, if there are any, before its body.
func inTurn(set, body stmt) stmt {
	if set == nil {
		return body
	}
	return func(f F) ctl { set(f); return body(f) }
}

// countTo runs a body with the local at i going from 0 to the limit.
func countTo(limit func(F) int, i uintptr, body stmt, l *label) stmt {
	return func(f F) ctl {
		stop := &head(f).g.stop
		for n, turn := limit(f), 0; turn < n; turn++ {
			mem.Store(f, i, turn)
			if c := body(f); c != next && c != cont {
				if on, c := afterTurn(c, l); !on {
					return c
				}
			}
			if stop.Load() != 0 {
				panic(interrupted{})
			}
		}
		return next
	}
}

// repeat runs a body so many times: countTo without the counter, which is a fourth of a short turn.
func repeat(times func(F) int, body stmt, l *label) stmt {
	return func(f F) ctl {
		stop := &head(f).g.stop
		for n := times(f); n > 0; n-- {
			if c := body(f); c != next && c != cont {
				if on, c := afterTurn(c, l); !on {
					return c
				}
			}
			if stop.Load() != 0 {
				panic(interrupted{})
			}
		}
		return next
	}
}

func isBlank(x ast.Expr) bool { id := identOf(x); return id != nil && id.Name == "_" }

// typeOfTarget is the type of a loop's variable.
func (c *compiler) typeOfTarget(x ast.Expr) types.Type {
	if id := identOf(x); id != nil {
		if o := c.object(id); o != nil {
			return c.subst(o.Type())
		}
	}
	return c.typeOf(x)
}

// rangeSized ranges over a number of another type than int.
func (c *compiler) rangeSized(s *ast.RangeStmt, l *label, n *expr) stmt {
	i, end := c.temp(n.t), c.temp(n.t)
	x := c.load(i.location())
	begin := all([]stmt{c.declare(end, n), c.zero(i)})
	less := numbersOf[n.k].compare(token.LSS, x, c.load(end.location()))
	add := numbersOf[n.k].addTo(i.off, 1)
	set := orNothing(c.iterated(s, s.Key, x))
	body := c.block(s.Body.List)
	return func(f F) ctl {
		stop := &head(f).g.stop
		for begin(f); less(f); add(f) {
			set(f)
			if on, c := turn(f, body, l); !on {
				return c
			}
			if stop.Load() != 0 {
				panic(interrupted{})
			}
		}
		return next
	}
}

func (c *compiler) rangeSlice(s *ast.RangeStmt, l *label, slice func(F) mem.Slice, elem types.Type) stmt {
	i := c.counter()
	sl := c.temp(types.NewSlice(elem)).off
	size := c.layout(elem).Size
	at := &location{t: elem, k: kindOf(elem), addr: func(f F) mem.Ptr {
		return mem.Elem(mem.At[mem.Slice](f, sl).Data, mem.Load[int](f, i), size)
	}}
	set := c.turnVariables(s, intAt(types.Typ[types.Int], i), c.load(at))
	body := c.block(s.Body.List)
	return func(f F) ctl {
		mem.Store(f, sl, slice(f))
		stop := &head(f).g.stop
		for mem.Store(f, i, 0); mem.Load[int](f, i) < mem.At[mem.Slice](f, sl).Len; *mem.At[int](f, i)++ {
			set(f)
			if c := body(f); c != next && c != cont {
				if on, c := afterTurn(c, l); !on {
					return c
				}
			}
			if stop.Load() != 0 {
				panic(interrupted{})
			}
		}
		return next
	}
}

// rangeArray ranges over a copy of an array, or over what a pointer points to.
func (c *compiler) rangeArray(s *ast.RangeStmt, l *label, a *types.Array) stmt {
	n := int(a.Len())
	t := c.typeOf(s.X)
	if isPointer(t) {
		p := codeOf[mem.Ptr](c.expr(s.X))
		return c.rangeSlice(s, l, func(f F) mem.Slice {
			data := p(f)
			if data == nil && s.Value != nil && !isBlank(s.Value) {
				nilDereference(f, s.X.Pos())
			}
			return mem.Slice{Data: data, Len: n, Cap: n}
		}, a.Elem())
	}
	if s.Value == nil || isBlank(s.Value) {
		eval := func(F) ctl { return next }
		if c.calls(s.X) { // else only its length matters
			eval = c.exprStmt(s.X)
		}
		return c.rangeSlice(s, l, func(f F) mem.Slice { eval(f); return mem.Slice{Len: n, Cap: n} }, a.Elem())
	}
	v := c.place(t, true)
	keep, off := c.declare(v, c.expr(s.X)), v.off
	return c.rangeSlice(s, l, func(f F) mem.Slice {
		keep(f)
		return mem.Slice{Data: mem.Load[mem.Ptr](f, off), Len: n, Cap: n}
	}, a.Elem())
}

func (c *compiler) rangeString(s *ast.RangeStmt, l *label) stmt {
	i := c.counter()
	text, r := c.temp(types.Typ[types.String]).off, c.temp(types.Typ[types.Rune])
	set := c.turnVariables(s, intAt(types.Typ[types.Int], i), c.load(r.location()))
	body, str := c.block(s.Body.List), codeOf[string](c.expr(s.X))
	return func(f F) ctl {
		mem.Store(f, text, str(f))
		stop := &head(f).g.stop
		for at := 0; ; {
			rest := mem.Load[string](f, text)[at:]
			if rest == "" {
				return next
			}
			c, size := utf8.DecodeRuneInString(rest)
			mem.Store(f, i, at)
			mem.Store(f, r.off, c)
			at += size
			set(f)
			if on, c := turn(f, body, l); !on {
				return c
			}
			if stop.Load() != 0 {
				panic(interrupted{})
			}
		}
	}
}

func (c *compiler) rangeMap(s *ast.RangeStmt, l *label, m *types.Map) stmt {
	x := c.expr(s.X)
	if x.own != nil {
		return c.rangeTable(s, l, m, x)
	}
	mt := c.mapType(x.t)
	k, v := c.temp(m.Key()), c.temp(m.Elem())
	set := c.turnVariables(s, c.load(k.location()), c.load(v.location()))
	newKey, newVal := orNew(k), orNew(v)
	toKey, toVal := k.location().address(), v.location().address()
	body, mf := c.block(s.Body.List), codeOf[mem.Ptr](x)
	return func(f F) ctl {
		m := mf(f)
		if m == nil {
			return next
		}
		stop := &head(f).g.stop
		var it rt.MapIter
		lock := lockMap(m)
		it.Start(mt.word, m)
		for {
			if it.Key() == nil {
				lock.Store(0)
				return next
			}
			newKey(f)
			newVal(f)
			mt.key.Move(toKey(f), it.Key())
			mt.elem.Move(toVal(f), it.Elem())
			lock.Store(0)
			set(f)
			if on, c := turn(f, body, l); !on {
				return c
			}
			if stop.Load() != 0 {
				panic(interrupted{})
			}
			lock = lockMap(m)
			it.Next()
		}
	}
}

func orNew(v *variable) func(F) {
	if fresh := v.fresh(); fresh != nil {
		return fresh
	}
	return func(F) {}
}
