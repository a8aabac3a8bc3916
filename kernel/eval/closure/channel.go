package closure

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// tries is how often a channel operation looks whether it can go on at once, before it
// waits in a form that an interrupt ends.
const tries = 3

// recvFrom receives into memory at to.
func (g *routine) recvFrom(lay *mem.Layout, elem *mem.Layout, ch, to mem.Ptr) (ok bool) {
	if ch == nil {
		<-g.run.done
		panic(interrupted{})
	}
	for range tries {
		if done, ok := rt.ChanTryRecv(ch, to); done {
			return ok
		}
		yieldToOthers()
	}
	i, v, ok := reflect.Select([]reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: chanValue(lay, ch)},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(g.run.done)},
	})
	if i == 1 {
		panic(interrupted{})
	}
	elem.Value(to).Set(v)
	return ok
}

// sendTo sends what stands at from.
func (g *routine) sendTo(lay *mem.Layout, elem *mem.Layout, ch, from mem.Ptr) {
	if ch == nil {
		<-g.run.done
		panic(interrupted{})
	}
	for range tries {
		if rt.ChanTrySend(ch, from) {
			return
		}
		yieldToOthers()
	}
	i, _, _ := reflect.Select([]reflect.SelectCase{
		{Dir: reflect.SelectSend, Chan: chanValue(lay, ch), Send: elem.Value(from)},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(g.run.done)},
	})
	if i == 1 {
		panic(interrupted{})
	}
}

// chanValue is a channel as a reflect value that may send and receive.
func chanValue(lay *mem.Layout, ch mem.Ptr) reflect.Value {
	p := mem.Of(&ch)
	return reflect.NewAt(reflect.ChanOf(reflect.BothDir, lay.Type.Elem()), p).Elem()
}

func (c *compiler) chanLayouts(t types.Type) (lay, elem *mem.Layout) {
	lay = c.layout(t)
	return lay, c.layout(t.Underlying().(*types.Chan).Elem())
}

// receive is <-ch.
func (c *compiler) receive(x *ast.UnaryExpr, t types.Type) *expr {
	r := c.receiving(x)
	return c.after(func(f F) { r.run(f) }, r.exprs[0])
}

// receiveOK is v, ok := <-ch.
func (c *compiler) receiveOK(x ast.Expr) *tuple { return c.receiving(ast.Unparen(x).(*ast.UnaryExpr)) }

func (c *compiler) receiving(x *ast.UnaryExpr) *tuple {
	ch := c.expr(x.X)
	lay, elem := c.chanLayouts(ch.t)
	v, ok := c.temp(ch.t.Underlying().(*types.Chan).Elem()), c.temp(types.Typ[types.Bool])
	code, to, fresh, at := codeOf[mem.Ptr](ch), v.location().address(), orNew(v), ok.off
	return &tuple{exprs: []*expr{c.load(v.location()), c.load(ok.location())}, run: func(f F) {
		fresh(f)
		mem.Store(f, at, head(f).g.recvFrom(lay, elem, code(f), to(f)))
	}}
}

func (c *compiler) send(s *ast.SendStmt) stmt {
	ch := c.expr(s.Chan)
	lay, elem := c.chanLayouts(ch.t)
	code := codeOf[mem.Ptr](ch)
	from := c.addressable(c.exprTo(s.Value, ch.t.Underlying().(*types.Chan).Elem()))
	return func(f F) ctl {
		ch := code(f)
		head(f).g.sendTo(lay, elem, ch, from(f))
		return next
	}
}

func (c *compiler) rangeChan(s *ast.RangeStmt, l *label, t *types.Chan) stmt {
	lay, elem := c.chanLayouts(c.typeOf(s.X))
	v := c.temp(t.Elem())
	set := orNothing(c.iterated(s, s.Key, c.load(v.location())))
	ch := c.temp(c.typeOf(s.X))
	keep, off := c.declare(ch, c.expr(s.X)), ch.off
	body, to, fresh := c.block(s.Body.List), v.location().address(), orNew(v)
	return func(f F) ctl {
		keep(f)
		g := head(f).g
		for {
			fresh(f)
			if !g.recvFrom(lay, elem, mem.Load[mem.Ptr](f, off), to(f)) {
				return next
			}
			set(f)
			if on, c := turn(f, body, l); !on {
				return c
			}
			g.check()
		}
	}
}

// selectCase is a case of a select statement.
type selectCase struct {
	dir   reflect.SelectDir
	lay   *mem.Layout
	elem  *mem.Layout
	ch    func(F) mem.Ptr
	from  func(F) mem.Ptr // of a send
	to    func(F) mem.Ptr // of a receive
	fresh func(F)
	ok    uintptr
	bind  stmt
	body  stmt
}

func (c *compiler) selectStmt(s *ast.SelectStmt, l *label) stmt {
	var cases []selectCase
	def := -1
	for i, st := range s.Body.List {
		cc := st.(*ast.CommClause)
		if cc.Comm == nil {
			def = i
		}
		cases = append(cases, c.selectCase(cc))
	}
	return ended(func(f F) ctl {
		i := choose(f, cases, def)
		if b := cases[i].bind; b != nil {
			b(f)
		}
		return cases[i].body(f)
	}, l)
}

// choose waits until a case can go on and does it.
func choose(f F, cases []selectCase, def int) int {
	g := head(f).g
	list := make([]reflect.SelectCase, len(cases), len(cases)+1)
	for i := range cases {
		list[i] = cases[i].prepare(f)
	}
	if def < 0 {
		list = append(list, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(g.run.done)})
	}
	i, v, ok := reflect.Select(list)
	if i == len(cases) {
		panic(interrupted{})
	}
	if s := &cases[i]; s.dir == reflect.SelectRecv {
		s.fresh(f)
		s.elem.Value(s.to(f)).Set(v)
		mem.Store(f, s.ok, ok)
	}
	return i
}

func (s *selectCase) prepare(f F) reflect.SelectCase {
	rc := reflect.SelectCase{Dir: s.dir}
	if s.dir == reflect.SelectDefault {
		return rc
	}
	if ch := s.ch(f); ch != nil {
		rc.Chan = chanValue(s.lay, ch)
	}
	if s.dir == reflect.SelectSend {
		rc.Send = s.elem.Value(s.elem.Copy(s.from(f)))
	}
	return rc
}

func (c *compiler) selectCase(cc *ast.CommClause) selectCase {
	var sc selectCase
	switch comm := cc.Comm.(type) {
	case nil:
		sc.dir = reflect.SelectDefault
	case *ast.SendStmt:
		ch := c.expr(comm.Chan)
		sc.dir = reflect.SelectSend
		sc.lay, sc.elem = c.chanLayouts(ch.t)
		sc.ch = codeOf[mem.Ptr](ch)
		sc.from = c.addressable(c.exprTo(comm.Value, ch.t.Underlying().(*types.Chan).Elem()))
	case *ast.ExprStmt:
		c.recvCase(&sc, comm.X, nil, false)
	case *ast.AssignStmt:
		c.recvCase(&sc, comm.Rhs[0], comm.Lhs, comm.Tok == token.DEFINE)
	}
	sc.body = c.block(cc.Body)
	return sc
}

func (c *compiler) recvCase(sc *selectCase, x ast.Expr, lhs []ast.Expr, define bool) {
	ch := c.expr(ast.Unparen(x).(*ast.UnaryExpr).X)
	sc.dir = reflect.SelectRecv
	sc.lay, sc.elem = c.chanLayouts(ch.t)
	sc.ch = codeOf[mem.Ptr](ch)
	v, ok := c.temp(ch.t.Underlying().(*types.Chan).Elem()), c.temp(types.Typ[types.Bool])
	sc.to, sc.fresh, sc.ok = v.location().address(), orNew(v), ok.off
	var binds []stmt
	for i, l := range lhs {
		got := c.load([]*variable{v, ok}[i].location())
		if id := identOf(l); id != nil && (id.Name == "_" || define && c.info.Defs[id] != nil) {
			if id.Name != "_" {
				binds = append(binds, c.declareName(id, got))
			}
			continue
		}
		keep, set := c.target(l)
		binds = append(binds, keep, set(got))
	}
	sc.bind = all(binds)
}
