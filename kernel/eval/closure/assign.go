package closure

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

var operatorOf = map[token.Token]token.Token{
	token.ADD_ASSIGN: token.ADD, token.SUB_ASSIGN: token.SUB, token.MUL_ASSIGN: token.MUL, token.QUO_ASSIGN: token.QUO, token.REM_ASSIGN: token.REM,
	token.AND_ASSIGN: token.AND, token.OR_ASSIGN: token.OR, token.XOR_ASSIGN: token.XOR, token.SHL_ASSIGN: token.SHL, token.SHR_ASSIGN: token.SHR, token.AND_NOT_ASSIGN: token.AND_NOT,
}

func (c *compiler) assign(s *ast.AssignStmt) stmt {
	switch s.Tok {
	case token.ASSIGN, token.DEFINE:
		return c.assignAll(s.Lhs, s.Rhs, s.Tok == token.DEFINE)
	}
	op := operatorOf[s.Tok]
	l, r := s.Lhs[0], s.Rhs[0]
	if c.calls(r) && !c.calls(l) && identOf(l) == nil { // where l is, is found after the calls
		if keep, y := c.early(r); y != nil {
			return all([]stmt{keep, c.updateBy(l, op, y)})
		}
	}
	return c.updateBy(l, op, r)
}

// updateBy is x op= by.
func (c *compiler) updateBy(x ast.Expr, op token.Token, by ast.Expr) stmt {
	return c.update(x, func(x *expr) *expr {
		if op == token.SHL || op == token.SHR {
			return c.shift(op, x, by)
		}
		if c.calls(by) { // x is read after the calls
			keep, by := c.keep(c.exprTo(by, x.t))
			return c.after(func(f F) { keep(f) }, value(x.t, c.arithmetic(op, x, by)))
		}
		return value(x.t, c.arithmetic(op, x, c.exprTo(by, x.t)))
	}, op, by)
}

func (c *compiler) incDec(s *ast.IncDecStmt) stmt {
	op, by := token.ADD, int64(1) // what is added to a local
	if s.Tok == token.DEC {
		op, by = token.SUB, -1
	}
	if l := c.locate(s.X); l != nil && l.inFrame() && numbersIn(l.k) {
		return numbersOf[l.k].addTo(l.off, by)
	}
	return c.update(s.X, func(x *expr) *expr { return value(x.t, c.arithmetic(op, x, c.one(x.t))) }, op, nil)
}

func (c *compiler) one(t types.Type) *expr { return c.constant(t, constantOne) }

// update is x = change(x), with the operands of x evaluated once.
func (c *compiler) update(x ast.Expr, change func(*expr) *expr, op token.Token, by ast.Expr) stmt {
	if ix, ok := ast.Unparen(x).(*ast.IndexExpr); ok {
		if m, ok := c.typeOf(ix.X).Underlying().(*types.Map); ok {
			return c.updateMap(ix, m, change, op, by)
		}
	}
	l := c.locate(x)
	if l.inFrame() && numbersIn(l.k) && by != nil && op != token.SHL && op != token.SHR {
		if st := numbersOf[l.k].assignOp(op, l.off, c.exprTo(by, l.t)); st != nil {
			return st
		}
	}
	if l.addr == nil {
		return c.set(l, change(c.load(l)))
	}
	if numbersIn(l.k) && (by == nil || !c.calls(by)) {
		x := c.one(l.t)
		if by != nil && op != token.SHL && op != token.SHR {
			x = c.exprTo(by, l.t)
		}
		if st := numbersOf[l.k].updateAt(op, l, x); st != nil {
			return st
		}
	}
	p := c.temp(types.Typ[types.UnsafePointer])
	keep := opsOf[kPtr].setLocal(p.off, value(p.t, l.address()))
	at := *heldBy(l.t, holder{in: byBox, off: p.off})
	set := c.set(&at, change(c.load(&at)))
	return func(f F) ctl { keep(f); return set(f) }
}

func (c *compiler) updateMap(ix *ast.IndexExpr, m *types.Map, change func(*expr) *expr, op token.Token, by ast.Expr) stmt {
	if numbersIn(kindOf(m.Elem())) && (by == nil || !c.calls(by)) {
		x := c.one(m.Elem())
		if by != nil {
			x = c.exprTo(by, m.Elem())
		}
		mx := c.expr(ix.X)
		slot := c.assignInMap(c.mapType(mx.t), mx, c.exprTo(ix.Index, m.Key()))
		if st := numbersOf[x.k].updateMap(op, x, slot); st != nil {
			return st
		}
	}
	keepMap, mx := c.keep(c.expr(ix.X))
	keepKey, key := c.keep(c.exprTo(ix.Index, m.Key()))
	set := c.setMapElement(mx, key, change(c.mapElement(mx, m, key)))
	return all([]stmt{keepMap, keepKey, set})
}

// assignAll is lhs = rhs, or lhs := rhs, or var lhs = rhs.
func (c *compiler) assignAll(lhs, rhs []ast.Expr, define bool) stmt {
	if len(lhs) == len(rhs) {
		if len(lhs) == 1 {
			return c.assignOne(lhs[0], rhs[0], define)
		}
		return c.assignParallel(lhs, rhs, define)
	}
	targets := make([]func(*expr) stmt, len(lhs))
	var before []stmt
	for i, l := range lhs {
		if !define || c.info.Defs[identOf(l)] == nil {
			var keep stmt
			keep, targets[i] = c.target(l)
			before = append(before, keep)
		}
	}
	t := c.tuple(rhs[0])
	run := func(f F) ctl { t.run(f); return next }
	code := append(before, run)
	if !slices.ContainsFunc(lhs, c.calls) { // where they are, is found after the calls
		code = append([]stmt{run}, before...)
	}
	for i, l := range lhs {
		if targets[i] != nil {
			code = append(code, targets[i](t.exprs[i]))
		} else {
			code = append(code, c.declareName(identOf(l), t.exprs[i]))
		}
	}
	return all(code)
}

func identOf(x ast.Expr) *ast.Ident {
	id, _ := ast.Unparen(x).(*ast.Ident)
	return id
}

func (c *compiler) assignOne(l, r ast.Expr, define bool) stmt {
	if id := identOf(l); id != nil && (id.Name == "_" || define && c.info.Defs[id] != nil) {
		if c.owned[c.info.Defs[id]] {
			return c.declareOwned(id, r)
		}
		x := c.expr(r)
		if id.Name == "_" || c.object(id) == nil {
			x = c.defaulted(x)
			if x.t == types.Typ[types.UntypedNil] {
				return nil
			}
			return c.opsOf(x.t).drop(x)
		}
		return c.declareName(id, x)
	}
	if ix, ok := ast.Unparen(l).(*ast.IndexExpr); ok {
		if m, ok := c.typeOf(ix.X).Underlying().(*types.Map); ok {
			return c.assignMap(ix, m, r)
		}
	}
	if c.calls(l) && c.calls(r) { // the calls of the left side come first
		keep, set := c.target(l)
		return all([]stmt{keep, set(c.exprTo(r, c.typeOf(l)))})
	}
	if st := c.assignElement(l, r); st != nil {
		return st
	}
	loc := c.locate(l)
	return c.set(loc, c.exprTo(r, loc.t))
}

// assignElement is s[i] = r for a local slice; nil for others.
func (c *compiler) assignElement(l, r ast.Expr) stmt {
	ix, ok := ast.Unparen(l).(*ast.IndexExpr)
	if !ok {
		return nil
	}
	t, ok := c.typeOf(ix.X).Underlying().(*types.Slice)
	if !ok {
		return nil
	}
	s := c.expr(ix.X)
	if s.where != inLocal {
		return nil
	}
	i, x := c.index(ix.Index), c.exprTo(r, t.Elem())
	st := c.opsOf(t.Elem()).setElement(s, i, x, ix.Pos())
	if st != nil && i.where == inLocal && x.where != inCode { // then an index out of range is all that can happen
		c.placed = l.Pos()
	}
	return st
}

func (c *compiler) assignMap(ix *ast.IndexExpr, m *types.Map, r ast.Expr) stmt {
	if c.calls(r) && (c.calls(ix.X) || c.calls(ix.Index)) {
		keepMap, mx := c.keep(c.expr(ix.X))
		keepKey, key := c.keep(c.exprTo(ix.Index, m.Key()))
		return all([]stmt{keepMap, keepKey, c.setMapElement(mx, key, c.exprTo(r, m.Elem()))})
	}
	return c.setMapElement(c.expr(ix.X), c.exprTo(ix.Index, m.Key()), c.exprTo(r, m.Elem()))
}

// calls reports whether evaluating x calls something or receives.
func (c *compiler) calls(x ast.Expr) (yes bool) {
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if c.info.Types[n].Value != nil { // len("abc")
				return false
			}
			yes = yes || !c.info.Types[n.Fun].IsType()
		case *ast.UnaryExpr:
			yes = yes || n.Op == token.ARROW
		}
		return !yes
	})
	return yes
}

// assignParallel is a, b = b, a: the operands of the left side and the values first,
// then the assignments in order.
func (c *compiler) assignParallel(lhs, rhs []ast.Expr, define bool) stmt {
	var code, sets []stmt
	targets := make([]func(*expr) stmt, len(lhs))
	for i, l := range lhs {
		id := identOf(l)
		if id != nil && (id.Name == "_" || define && c.info.Defs[id] != nil) {
			continue
		}
		var keep stmt
		keep, targets[i] = c.target(l)
		code = append(code, keep)
	}
	var values []*expr
	exprs := make([]*expr, len(rhs))
	for i, r := range rhs {
		exprs[i] = c.expr(r)
	}
	var first stmt
	if isElement := func(l ast.Expr) bool { return identOf(l) == nil }; slices.ContainsFunc(lhs, isElement) && !slices.ContainsFunc(lhs, c.calls) && slices.ContainsFunc(rhs, c.calls) {
		first, exprs = c.keepOrdered(rhs, exprs) // where the left side is, is found after the calls
		code = append([]stmt{first}, code...)
	} else {
		first, exprs = c.callsFirst(rhs, exprs)
		code = append(code, first)
	}
	for i := range rhs {
		x := exprs[i]
		if targets[i] != nil {
			x = c.convert(x, c.typeOf(lhs[i]))
		} else if o := c.object(identOf(lhs[i])); o != nil {
			x = c.convert(x, c.subst(o.Type()))
		} else if x = c.defaulted(x); x.t == types.Typ[types.UntypedNil] {
			x = c.nilOf(types.Typ[types.UnsafePointer])
		}
		keep, v := c.keep(x)
		code, values = append(code, keep), append(values, v)
	}
	for i, l := range lhs {
		switch {
		case targets[i] != nil:
			sets = append(sets, targets[i](values[i]))
		case identOf(l).Name != "_":
			sets = append(sets, c.declareName(identOf(l), values[i]))
		}
	}
	return all(append(code, sets...))
}

// target evaluates the operands of the left side of an assignment, and returns what makes
// the assignment of a value later. Whether an index is in range is looked at then.
func (c *compiler) target(l ast.Expr) (keep stmt, set func(*expr) stmt) {
	switch x := ast.Unparen(l).(type) {
	case *ast.Ident:
		if x.Name == "_" {
			return nil, func(v *expr) stmt { return c.opsOf(v.t).drop(v) }
		}
	case *ast.IndexExpr:
		return c.placeElement(x)
	case *ast.StarExpr:
		keep, p := c.keep(c.expr(x.X))
		return keep, func(v *expr) stmt { l := c.behind(p, x.Pos()); return c.set(l, c.convert(v, l.t)) }
	case *ast.SelectorExpr:
		if sel := c.selection(x); sel != nil && isPointer(c.typeOf(x.X)) {
			keep, p := c.keep(c.expr(x.X))
			return keep, func(v *expr) stmt {
				l := c.fieldPath(c.wholeOf(p), sel.index, x.Pos())
				return c.set(l, c.convert(v, l.t))
			}
		}
	}
	loc := c.locate(l)
	if loc.addr == nil {
		return nil, func(v *expr) stmt { return c.set(loc, c.convert(v, loc.t)) }
	}
	p := c.temp(types.Typ[types.UnsafePointer])
	at := heldBy(loc.t, holder{in: byBox, off: p.off})
	return opsOf[kPtr].setLocal(p.off, value(p.t, loc.address())), func(v *expr) stmt { return c.set(at, c.convert(v, loc.t)) }
}

func (c *compiler) placeElement(x *ast.IndexExpr) (stmt, func(*expr) stmt) {
	switch u := c.typeOf(x.X).Underlying().(type) {
	case *types.Map:
		keepMap, m := c.keep(c.expr(x.X))
		keepKey, key := c.keep(c.exprTo(x.Index, u.Key()))
		return all([]stmt{keepMap, keepKey}), func(v *expr) stmt { return c.setMapElement(m, key, c.convert(v, u.Elem())) }
	case *types.Slice:
		keepSlice, s := c.keep(c.expr(x.X))
		i := c.index(x.Index)
		keepIndex, at := c.keep(&expr{t: types.Typ[types.Int], k: kInt, fn: i.fn})
		return all([]stmt{keepSlice, keepIndex}), func(v *expr) stmt {
			return c.set(c.sliceElement(s, u.Elem(), operandOf[int](at), x.Pos()), c.convert(v, u.Elem()))
		}
	}
	loc := c.locate(x)
	p := c.temp(types.Typ[types.UnsafePointer])
	at := heldBy(loc.t, holder{in: byBox, off: p.off})
	return opsOf[kPtr].setLocal(p.off, value(p.t, loc.address())), func(v *expr) stmt { return c.set(at, c.convert(v, loc.t)) }
}
