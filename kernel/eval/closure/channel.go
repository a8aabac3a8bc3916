package closure

import (
	"go/ast"
	"go/token"
	"go/types"
	"math/rand/v2"
	"reflect"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// chanType is what operations on a channel type need.
type chanType struct {
	lay, elem *mem.Layout
	waits     chanWaits
}

// chanWaits waits until a channel can receive or send, or done is closed.
type chanWaits interface {
	recv(ch, to mem.Ptr, done <-chan struct{}) (ok, stopped bool)
	send(ch, from mem.Ptr, done <-chan struct{}) (stopped bool)
}

// waitsFor waits with a select of compiled Go: the elements have the layout of T.
type waitsFor[T any] struct{}

func (waitsFor[T]) recv(ch, to mem.Ptr, done <-chan struct{}) (ok, stopped bool) {
	select {
	case v, ok := <-mem.Cast[chan T](ch):
		mem.Store(to, 0, v)
		return ok, false
	case <-done:
		return false, true
	}
}

func (waitsFor[T]) send(ch, from mem.Ptr, done <-chan struct{}) (stopped bool) {
	select {
	case mem.Cast[chan T](ch) <- mem.Load[T](from, 0):
		return false
	case <-done:
		return true
	}
}

var waitsOf = [...]chanWaits{
	kBool: waitsFor[bool]{},
	kInt:  waitsFor[int]{}, kInt8: waitsFor[int8]{}, kInt16: waitsFor[int16]{}, kInt32: waitsFor[int32]{}, kInt64: waitsFor[int64]{},
	kUint: waitsFor[uint]{}, kUint8: waitsFor[uint8]{}, kUint16: waitsFor[uint16]{}, kUint32: waitsFor[uint32]{}, kUint64: waitsFor[uint64]{}, kUintptr: waitsFor[uintptr]{},
	kFloat32: waitsFor[float32]{}, kFloat64: waitsFor[float64]{},
	kComplex64: waitsFor[complex64]{}, kComplex128: waitsFor[complex128]{},
	kString: waitsFor[string]{}, kPtr: waitsFor[mem.Ptr]{}, kSlice: waitsFor[mem.Slice]{}, kIface: waitsFor[mem.Iface]{},
}

// waitsByReflection is for structs and arrays.
type waitsByReflection struct{ lay, elem *mem.Layout }

func (w waitsByReflection) recv(ch, to mem.Ptr, done <-chan struct{}) (ok, stopped bool) {
	i, v, ok := reflect.Select([]reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: chanValue(w.lay, ch)},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(done)},
	})
	if i == 1 {
		return false, true
	}
	w.elem.Value(to).Set(v)
	return ok, false
}

func (w waitsByReflection) send(ch, from mem.Ptr, done <-chan struct{}) (stopped bool) {
	i, _, _ := reflect.Select([]reflect.SelectCase{
		{Dir: reflect.SelectSend, Chan: chanValue(w.lay, ch), Send: w.elem.Value(from)},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(done)},
	})
	return i == 1
}

func (c *compiler) chanType(t types.Type) *chanType {
	elem := t.Underlying().(*types.Chan).Elem()
	ct := &chanType{lay: c.layout(t), elem: c.layout(elem)}
	switch k := kindOf(elem); {
	case k != kMem:
		ct.waits = waitsOf[k]
	case ct.elem.Size == 0:
		ct.waits = waitsFor[struct{}]{}
	default:
		ct.waits = waitsByReflection{ct.lay, ct.elem}
	}
	return ct
}

// recvFrom receives into memory at to.
func (g *routine) recvFrom(t *chanType, ch, to mem.Ptr) (ok bool) {
	if done, ok := rt.ChanTryRecv(ch, to); done {
		return ok
	}
	g.sleep()
	ok, stopped := t.waits.recv(ch, to, g.run.done)
	g.wake()
	if stopped {
		panic(interrupted{})
	}
	return ok
}

// sendTo sends what stands at from.
func (g *routine) sendTo(t *chanType, ch, from mem.Ptr) {
	if rt.ChanTrySend(ch, from) {
		return
	}
	g.sleep()
	defer g.wake() // a send on a channel that is closed meanwhile panics
	if t.waits.send(ch, from, g.run.done) {
		panic(interrupted{})
	}
}

// chanValue is a channel as a reflect value that may send and receive.
func chanValue(lay *mem.Layout, ch mem.Ptr) reflect.Value {
	p := mem.Of(&ch)
	return reflect.NewAt(rt.ChanOf(reflect.BothDir, lay.Type.Elem()), p).Elem()
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
	ct := c.chanType(ch.t)
	v, ok := c.temp(ch.t.Underlying().(*types.Chan).Elem()), c.temp(types.Typ[types.Bool])
	code, to, fresh, at := codeOf[mem.Ptr](ch), v.location().address(), orNew(v), ok.off
	return &tuple{exprs: []*expr{c.load(v.location()), c.load(ok.location())}, run: func(f F) {
		fresh(f)
		mem.Store(f, at, head(f).g.recvFrom(ct, code(f), to(f)))
	}}
}

func (c *compiler) send(s *ast.SendStmt) stmt {
	ch := c.expr(s.Chan)
	ct := c.chanType(ch.t)
	code := codeOf[mem.Ptr](ch)
	from := c.addressable(c.exprTo(s.Value, ch.t.Underlying().(*types.Chan).Elem()))
	return func(f F) ctl {
		ch := code(f)
		head(f).g.sendTo(ct, ch, from(f))
		return next
	}
}

func (c *compiler) rangeChan(s *ast.RangeStmt, l *label, t *types.Chan) stmt {
	ct := c.chanType(c.typeOf(s.X))
	v := c.temp(t.Elem())
	set := orNothing(c.iterated(s, s.Key, c.load(v.location())))
	ch := c.temp(c.typeOf(s.X))
	keep, off := c.declare(ch, c.expr(s.X)), ch.off
	body, to, fresh := c.block(s.Body.List), v.location().address(), orNew(v)
	pos := s.Pos()
	return func(f F) ctl {
		keep(f)
		h := head(f)
		g := h.g
		for {
			h.pos = pos
			fresh(f)
			if !g.recvFrom(ct, mem.Load[mem.Ptr](f, off), to(f)) {
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
	typ   *chanType
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

// ready is a case with its operands evaluated.
type ready struct {
	s    *selectCase
	ch   mem.Ptr
	data mem.Ptr // what is sent, or where what is received goes
}

// choose waits until a case can go on and does it.
func choose(f F, cases []selectCase, def int) int {
	list := make([]ready, len(cases))
	for i := range cases {
		list[i] = cases[i].prepare(f)
	}
	start := 0
	if len(list) > 1 {
		start = rand.IntN(len(list))
	}
	for n := range list {
		i := (start + n) % len(list)
		if list[i].try(f) {
			return i
		}
	}
	if def >= 0 {
		return def
	}
	return head(f).g.waitForOne(f, list)
}

func (s *selectCase) prepare(f F) ready {
	r := ready{s: s}
	switch s.dir {
	case reflect.SelectSend:
		r.ch = s.ch(f)
		r.data = s.typ.elem.Copy(s.from(f))
	case reflect.SelectRecv:
		r.ch = s.ch(f)
	}
	return r
}

// try does a case if that is possible at once.
func (r *ready) try(f F) bool {
	switch {
	case r.ch == nil:
		return false
	case r.s.dir == reflect.SelectSend:
		return rt.ChanTrySend(r.ch, r.data)
	}
	r.s.fresh(f)
	done, ok := rt.ChanTryRecv(r.ch, r.s.to(f))
	mem.Store(f, r.s.ok, ok)
	return done
}

func (g *routine) waitForOne(f F, list []ready) int {
	sel := make([]reflect.SelectCase, len(list), len(list)+1)
	for i := range list {
		r := &list[i]
		sel[i].Dir = r.s.dir
		if r.ch != nil {
			sel[i].Chan = chanValue(r.s.typ.lay, r.ch)
		}
		if r.s.dir == reflect.SelectSend {
			sel[i].Send = r.s.typ.elem.Value(r.data)
		}
	}
	g.sleep()
	defer g.wake()
	i, v, ok := reflect.Select(append(sel, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(g.run.done)}))
	if i == len(list) {
		panic(interrupted{})
	}
	if s := list[i].s; s.dir == reflect.SelectRecv {
		s.fresh(f)
		s.typ.elem.Value(s.to(f)).Set(v)
		mem.Store(f, s.ok, ok)
	}
	return i
}

func (c *compiler) selectCase(cc *ast.CommClause) selectCase {
	var sc selectCase
	switch comm := cc.Comm.(type) {
	case nil:
		sc.dir = reflect.SelectDefault
	case *ast.SendStmt:
		ch := c.expr(comm.Chan)
		sc.dir = reflect.SelectSend
		sc.typ = c.chanType(ch.t)
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
	sc.typ = c.chanType(ch.t)
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
