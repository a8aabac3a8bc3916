package closure

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
)

var constantOne = constant.MakeInt64(1)

// clause is a case with the code that follows it.
type clause struct {
	tests []func(F) bool
	body  stmt
	fall  bool // ends in fallthrough
}

func (c *compiler) switchStmt(s *ast.SwitchStmt, l *label) stmt {
	var init, keep stmt
	if s.Init != nil {
		init = c.stmt(s.Init)
	}
	var tag *expr
	if s.Tag != nil {
		tag = c.defaulted(c.expr(s.Tag))
		keep, tag = c.keep(tag)
	}
	clauses, def := c.clauses(s.Body, tag)
	begin := orNothing(all([]stmt{init, keep}))
	return ended(func(f F) ctl {
		begin(f)
		return runClauses(f, clauses, choice(f, clauses, def))
	}, l)
}

// choice is the first clause with a test that holds, else def.
func choice(f F, clauses []clause, def int) int {
	for i := range clauses {
		for _, test := range clauses[i].tests {
			if test(f) {
				return i
			}
		}
	}
	return def
}

func runClauses(f F, clauses []clause, at int) ctl {
	if at < 0 {
		return next
	}
	for ; ; at++ {
		c := clauses[at].body(f)
		if c != next || !clauses[at].fall {
			return c
		}
	}
}

// ended ends a break that means the statement.
func ended(run stmt, l *label) stmt {
	return func(f F) ctl {
		c := run(f)
		if c == brk || l != nil && c == l.brk {
			return next
		}
		return c
	}
}

func (c *compiler) clauses(b *ast.BlockStmt, tag *expr) (list []clause, def int) {
	def = -1
	for i, st := range b.List {
		cc := st.(*ast.CaseClause)
		if cc.List == nil {
			def = i
		}
		var cl clause
		for _, x := range cc.List {
			cl.tests = append(cl.tests, c.caseTest(tag, x))
		}
		if n := len(cc.Body); n > 0 {
			br, ok := cc.Body[n-1].(*ast.BranchStmt)
			cl.fall = ok && br.Tok == token.FALLTHROUGH
		}
		cl.body = c.block(cc.Body)
		list = append(list, cl)
	}
	return list, def
}

func (c *compiler) caseTest(tag *expr, x ast.Expr) func(F) bool {
	if tag == nil {
		return codeOf[bool](c.expr(x))
	}
	v := c.expr(x)
	switch {
	case c.info.Types[x].IsNil():
		v = c.nilOf(tag.t)
	case tag.k == kIface && v.k != kIface:
		v = c.convert(v, tag.t)
	case v.k == kIface && tag.k != kIface:
		return c.equal(c.convert(tag, v.t), v)
	case c.info.Types[x].Value != nil:
		v = c.constant(tag.t, c.info.Types[x].Value)
	}
	return c.equal(tag, v)
}

func (c *compiler) typeSwitch(s *ast.TypeSwitchStmt, l *label) stmt {
	var init stmt
	if s.Init != nil {
		init = c.stmt(s.Init)
	}
	x := subject(s)
	v, hold := c.held(x)
	var clauses []clause
	def := -1
	for i, st := range s.Body.List {
		cc := st.(*ast.CaseClause)
		if cc.List == nil {
			def = i
		}
		cl := clause{tests: c.typeTests(cc, v.off)}
		bind := c.bindCase(cc, v, c.typeOf(x))
		body := c.block(cc.Body)
		cl.body = body
		if bind != nil {
			cl.body = func(f F) ctl { bind(f); return body(f) }
		}
		clauses = append(clauses, cl)
	}
	begin := orNothing(all([]stmt{init, hold}))
	return ended(func(f F) ctl {
		begin(f)
		return runClauses(f, clauses, choice(f, clauses, def))
	}, l)
}

func subject(s *ast.TypeSwitchStmt) ast.Expr {
	switch a := s.Assign.(type) {
	case *ast.AssignStmt:
		return ast.Unparen(a.Rhs[0]).(*ast.TypeAssertExpr).X
	case *ast.ExprStmt:
		return ast.Unparen(a.X).(*ast.TypeAssertExpr).X
	}
	return nil
}

func (c *compiler) typeTests(cc *ast.CaseClause, off uintptr) []func(F) bool {
	var tests []func(F) bool
	for _, t := range cc.List {
		if c.info.Types[t].IsNil() {
			tests = append(tests, func(f F) bool { return mem.Load[mem.Iface](f, off).Tab == nil })
			continue
		}
		test := c.assert(c.typeOf(t)).test
		tests = append(tests, func(f F) bool { return test(mem.Load[mem.Iface](f, off)) })
	}
	return tests
}

// bindCase gives the variable of a type switch its value in a clause.
func (c *compiler) bindCase(cc *ast.CaseClause, v *location, from types.Type) stmt {
	o := c.info.Implicits[cc]
	if o == nil {
		return nil
	}
	own := c.newVariable(o)
	if len(cc.List) == 1 && !c.info.Types[cc.List[0]].IsNil() {
		return c.declare(own, c.assert(own.t).value(v))
	}
	return c.declare(own, c.convertHeld(v, from))
}

// convertHeld is the interface that held has made empty, with its own type again.
func (c *compiler) convertHeld(v *location, t types.Type) *expr {
	x := c.load(v)
	if isEmpty(t) {
		x.t = t
		return x
	}
	fn, tabs := codeOf[mem.Iface](x), c.itabs(t)
	return value(t, func(f F) mem.Iface {
		v := fn(f)
		if v.Tab == nil {
			return v
		}
		return mem.Iface{Tab: tabs.of(v.Tab), Data: v.Data}
	})
}
