package closure

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"sync/atomic"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
)

// target is what a call calls.
type target struct {
	sig     *signature
	results []types.Type

	// One of these says which function it is.
	ref   *ref            // a declared function or method
	fn    *function       // a function that stays
	shape *shape          // of a func value
	code  func(F) mem.Ptr // yields it
	iface *methodCall     // a method of an interface value

	recv *expr // the receiver as the method takes it; of an interface call the interface
}

// invocation makes a call and returns its frame, from which the caller reads the results
// before it makes another one.
type invocation func(F) F

// pass evaluates an argument in f and stores it in the frame g of the call. It calls nothing.
type pass func(f, g F)

// invoke is the code of a call with arguments, the receiver of a fixed method among them.
func (t *target) invoke(args []pass) invocation {
	switch {
	case t.fixed() != nil:
		return callRefFrame(t.fixed(), args)
	case t.shape != nil:
		return callValueFrame(t.shape, t.code, args)
	}
	return callMethodFrame(t.iface, codeOf[mem.Iface](t.recv), args)
}

// statement is invoke for a call whose results nobody wants.
func (t *target) statement(args []pass) stmt {
	switch {
	case t.fixed() != nil:
		return callRefStmt(t.fixed(), args)
	case t.shape != nil:
		return callValueStmt(t.shape, t.code, args)
	}
	return callMethodStmt(t.iface, codeOf[mem.Iface](t.recv), args)
}

// fixed is the function that a call always calls, nil for one that is found at run time.
func (t *target) fixed() *ref {
	if t.fn != nil {
		return refTo(t.fn)
	}
	return t.ref
}

// withReceiver adds the receiver of a method to the arguments.
func (t *target) withReceiver(c *compiler, args []pass) []pass {
	if t.recv == nil || t.iface != nil {
		return args
	}
	return append([]pass{c.pass(t.recv, t.sig.recv.off)}, args...)
}

// methodCall is a call of a method through an interface. It remembers the functions of the
// dynamic types that it met.
type methodCall struct {
	e    *Engine
	name string
	pkg  *types.Package
	sig  *types.Signature

	first atomic.Pointer[implementation]
	met   atomic.Pointer[[]*implementation]
}

// implementation is the method of a dynamic type.
type implementation struct {
	typ    mem.Ptr // its type word
	ref    *ref
	off    uintptr     // of the receiver in the frame
	direct bool        // the receiver is the data word itself
	lay    *mem.Layout // else it is a copy of what the word points to
}

func (im *implementation) receive(g F, data mem.Ptr) {
	if im.direct {
		mem.Store(g, im.off, data)
		return
	}
	if data == nil {
		nilDereference(nil, token.NoPos)
	}
	im.lay.Move(mem.Add(g, im.off), data)
}

func (m *methodCall) find(typ mem.Ptr) *implementation {
	met := m.met.Load()
	if met != nil {
		for _, im := range *met {
			if im.typ == typ {
				return im
			}
		}
	}
	return m.meet(typ, met)
}

// meet adds a type. A place that meets very many begins anew at times.
func (m *methodCall) meet(typ mem.Ptr, met *[]*implementation) *implementation {
	const most = 16
	im := m.e.implementation(typ, m)
	list := []*implementation{im}
	if met != nil && len(*met) < most {
		list = append(list, *met...)
	}
	m.met.Store(&list)
	m.first.CompareAndSwap(nil, im)
	return im
}

// callee finds out what a call calls.
func (c *compiler) callee(call *ast.CallExpr) *target {
	fun := ast.Unparen(call.Fun)
	switch x := fun.(type) {
	case *ast.Ident:
		if o, ok := c.object(x).(*types.Func); ok {
			return c.calleeFunc(x, o, c.typeOf(fun))
		}
	case *ast.IndexExpr:
		if id := genericName(x.X); id != nil {
			if o, ok := c.info.Uses[id].(*types.Func); ok {
				return c.calleeFunc(id, o, c.typeOf(fun))
			}
		}
	case *ast.IndexListExpr:
		if id := genericName(x.X); id != nil {
			return c.calleeFunc(id, c.info.Uses[id].(*types.Func), c.typeOf(fun))
		}
	case *ast.SelectorExpr:
		sel := c.selection(x)
		if sel == nil {
			if o, ok := c.info.Uses[x.Sel].(*types.Func); ok {
				return c.calleeFunc(x.Sel, o, c.typeOf(fun))
			}
		} else if sel.kind == types.MethodVal {
			return c.method(c.whole(x.X), sel, x)
		}
	}
	return c.calleeValue(c.expr(fun))
}

// genericName is the name of a function that is instantiated; nil for anything else.
func genericName(x ast.Expr) *ast.Ident {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		return x
	case *ast.SelectorExpr:
		return x.Sel
	}
	return nil
}

func (c *compiler) calleeFunc(id *ast.Ident, o *types.Func, ft types.Type) *target {
	sig := ft.Underlying().(*types.Signature)
	t := &target{sig: c.signature(sig), results: c.tupleTypes(sig.Results())}
	if c.foreign(o) {
		t.fn = c.memberTarget(id, o, sig)
	} else {
		t.ref = c.declared(id, o)
	}
	return t
}

// calleeValue calls a func value.
func (c *compiler) calleeValue(fn *expr) *target {
	sig := fn.t.Underlying().(*types.Signature)
	shape := c.shape(fn.t)
	return &target{sig: shape.sig, results: c.tupleTypes(sig.Results()), shape: shape, code: codeOf[mem.Ptr](fn)}
}

// method finds the method that a selector names on the value at a location.
func (c *compiler) method(l *location, sel *selected, at ast.Node) *target {
	if m := sel.obj.(*types.Func); len(sel.index) > 1 && c.foreign(m) && c.foreignType(l.t) && namedOf(l.t).TypeArgs().Len() == 0 {
		return c.promoted(l, m)
	}
	l = c.fieldPath(l, sel.index[:len(sel.index)-1], token.NoPos)
	m := sel.obj.(*types.Func)
	if types.IsInterface(l.t) {
		return c.interfaceMethod(c.load(l), m)
	}
	sig := c.methodSignature(l.t, m)
	t := &target{results: c.tupleTypes(sig.Results())}
	t.recv = c.receiver(l, isPointer(sig.Recv().Type()))
	t.sig = c.signature(sig)
	if c.foreign(m) {
		t.fn = c.foreignMethod(t.recv.t, m, sig)
	} else {
		t.ref = c.methodRef(c.prog, m, t.recv.t)
	}
	return t
}

// foreignType reports whether a type, or what it points to, is of a compiled package.
func (c *compiler) foreignType(t types.Type) bool {
	n := namedOf(t)
	return n != nil && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() != "main"
}

// promoted is a method that a compiled type has from a type that it embeds: compiled code
// has it as a method of the outer type too.
func (c *compiler) promoted(l *location, m *types.Func) *target {
	t := &target{}
	if types.IsInterface(l.t) {
		return c.interfaceMethod(c.load(l), m)
	}
	t.recv = c.receiver(l, true)
	o, _, _ := types.LookupFieldOrMethod(t.recv.t, true, m.Pkg(), m.Name())
	sig := o.(*types.Func).Signature()
	recv := types.NewVar(0, nil, "", t.recv.t)
	sig = types.NewSignatureType(recv, nil, nil, sig.Params(), sig.Results(), sig.Variadic())
	t.sig, t.results = c.signature(sig), c.tupleTypes(sig.Results())
	t.fn = c.foreignMethod(t.recv.t, m, sig)
	return t
}

// methodSignature returns the signature of a method with the type arguments of its
// receiver put in, receiver included.
func (c *compiler) methodSignature(recv types.Type, m *types.Func) *types.Signature {
	base := recv
	if p, ok := types.Unalias(recv).(*types.Pointer); ok {
		base = p.Elem()
	}
	o, _, _ := types.LookupFieldOrMethod(base, true, m.Pkg(), m.Name())
	if f, ok := o.(*types.Func); ok {
		return f.Signature()
	}
	return m.Signature()
}

// receiver brings the value at a location into the form that the method takes.
func (c *compiler) receiver(l *location, pointer bool) *expr {
	switch {
	case isPointer(l.t) && pointer, !isPointer(l.t) && !pointer:
		return c.load(l)
	case pointer:
		return value(types.NewPointer(l.t), l.address())
	}
	return c.load(c.behind(c.load(l), token.NoPos))
}

func (c *compiler) interfaceMethod(recv *expr, m *types.Func) *target {
	sig := m.Signature()
	if n, ok := recv.t.Underlying().(*types.Interface); ok {
		for f := range n.Methods() {
			if f.Name() == m.Name() {
				sig = f.Signature()
			}
		}
	}
	plain := types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic())
	return &target{
		sig: c.signature(plain), results: c.tupleTypes(plain.Results()), recv: recv,
		iface: &methodCall{e: c.Engine, name: m.Name(), pkg: m.Pkg(), sig: c.subst(plain).(*types.Signature)},
	}
}

// preparedCall is a call whose parts are compiled. What calls something itself among the
// function, the receiver and the arguments is evaluated before, into temporaries: the frame of
// the call must not be in use when those calls are made.
type preparedCall struct {
	*target
	before func(F) // nil when there is nothing to do first
	args   []pass
}

func (c *compiler) call(x *ast.CallExpr) *preparedCall { return c.prepareCall(x, c.callee(x)) }

func (c *compiler) prepareCall(x *ast.CallExpr, t *target) *preparedCall {
	sig := c.typeOf(x.Fun).Underlying().(*types.Signature)
	var first stmt
	if c.mayCall(x.Fun) || c.ordered(x.Fun) && slices.ContainsFunc(x.Args, c.mayCall) {
		first = t.keep(c)
	}
	before, args := c.arguments(x, sig, t.sig)
	p := &preparedCall{target: t, args: t.withReceiver(c, args)}
	if before := all([]stmt{first, before}); before != nil {
		p.before = func(f F) { before(f) }
	}
	return p
}

// keep evaluates the function or the receiver into a temporary.
func (t *target) keep(c *compiler) (first stmt) {
	switch {
	case t.recv != nil:
		first, t.recv = c.keep(t.recv)
	case t.shape != nil:
		v := c.temp(types.Typ[types.UnsafePointer])
		first = opsOf[kPtr].setLocal(v.off, value(v.t, t.code))
		t.code = codeOf[mem.Ptr](c.load(v.location()))
	}
	return first
}

// mayCall reports whether evaluating x enters a function from the frame of this one.
func (c *compiler) mayCall(x ast.Expr) (yes bool) {
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			name := builtinName(c, n.Fun)
			yes = yes || !c.info.Types[n.Fun].IsType() && (name == "" || name == "panic" || name == "recover")
		}
		return !yes
	})
	return yes
}

// invoke makes the call; what has to be done first included.
func (p *preparedCall) invoke() invocation {
	run, before := p.target.invoke(p.args), p.before
	if before == nil {
		return run
	}
	return func(f F) F { before(f); return run(f) }
}

// arguments stores the arguments of a call in its frame. Those that call something are
// evaluated before.
func (c *compiler) arguments(x *ast.CallExpr, sig *types.Signature, s *signature) (before stmt, _ []pass) {
	if len(x.Args) == 1 && sig.Params().Len() != 1 || len(x.Args) == 1 && sig.Variadic() {
		if _, ok := c.info.TypeOf(x.Args[0]).(*types.Tuple); ok {
			t := c.tuple(x.Args[0])
			return func(f F) ctl { t.run(f); return next }, c.passAll(t.exprs, sig, s, false)
		}
	}
	args := make([]*expr, len(x.Args))
	for i, a := range x.Args {
		args[i] = c.expr(a)
	}
	if name := c.prog.DelayedName(x); name != "" {
		args[0] = c.namedFunc(name, x.Args[0], args[0])
	}
	var keeps []stmt
	last := lastOf(x.Args, c.mayCall)
	for i, a := range x.Args {
		if c.mayCall(a) || c.ordered(a) && (i < last || c.readsBeforeCall(x.Args)) {
			var keep stmt
			keep, args[i] = c.keep(c.defaulted(args[i]))
			keeps = append(keeps, keep)
		}
	}
	return all(keeps), c.passAll(args, sig, s, x.Ellipsis.IsValid())
}

func (c *compiler) passAll(args []*expr, sig *types.Signature, s *signature, ellipsis bool) []pass {
	var passes []pass
	params := c.tupleTypes(sig.Params())
	fixed := len(params)
	if sig.Variadic() && !ellipsis {
		fixed--
	}
	for i := range fixed {
		passes = append(passes, c.pass(c.convert(args[i], params[i]), s.params[i].off))
	}
	if fixed < len(params) {
		rest := c.gather(args[fixed:], params[fixed].(*types.Slice))
		passes = append(passes, opsOf[kSlice].pass(rest, s.params[fixed].off))
	}
	return passes
}

// pass stores the value of x in the frame of a call.
func (c *compiler) pass(x *expr, off uintptr) pass {
	if x.sum != nil {
		return numbersOf[x.k].passSum(x.sum, off)
	}
	return c.opsOf(x.t).pass(x, off)
}

// gather makes the slice of a variadic call.
func (c *compiler) gather(args []*expr, t *types.Slice) *expr {
	if len(args) == 0 {
		return c.nilOf(t)
	}
	lay := c.layout(t.Elem())
	fills := make([]filler, len(args))
	for i, a := range args {
		fills[i] = c.opsOf(t.Elem()).fill(c.convert(a, t.Elem()), uintptr(i)*lay.Size)
	}
	fill, n := together(fills), len(args)
	return value(t, func(f F) mem.Slice {
		s := mem.Slice{Data: mem.NewArray(lay.Word, n), Len: n, Cap: n}
		fill(f, s.Data)
		return s
	})
}

// callValue is a call with one result.
func (c *compiler) callValue(x *ast.CallExpr) *expr {
	if c.info.Types[x.Fun].IsType() {
		return c.conversion(x)
	}
	if id := builtinName(c, x.Fun); id != "" {
		return c.builtin(x, id)
	}
	if c.isMust(x) {
		t := c.must(x)
		return c.after(t.run, t.exprs[0])
	}
	callee := c.callee(x)
	if len(callee.results) == 0 {
		c.refuse(x, "this call has no value")
	}
	t, to := callee.results[0], uintptr(0)
	if code := c.direct(x, callee); code != nil {
		return value(t, c.opsOf(t).coded(code))
	}
	p := c.prepareCall(x, callee)
	if kindOf(t) == kMem && c.layout(t).Size <= largest {
		to = c.frame.add(c.layout(t).Type)
	}
	v := value(t, c.opsOf(t).result(p.target, p.args, p.sig.results[0].off, to))
	if p.before == nil {
		return v
	}
	return c.after(p.before, v)
}

// direct is a call of a compiled function that needs no frame: the func(F) of its result,
// or a statement when it has not one result. nil for other calls.
func (c *compiler) direct(x *ast.CallExpr, t *target) mem.Ptr {
	if t.fn == nil || t.fn.direct == nil {
		return nil
	}
	sig := c.typeOf(x.Fun).Underlying().(*types.Signature)
	if sig.Variadic() || len(x.Args) != sig.Params().Len() {
		return nil
	}
	var exprs []*expr
	list := x.Args
	if t.recv != nil {
		list, exprs = append([]ast.Expr{ast.Unparen(x.Fun).(*ast.SelectorExpr).X}, list...), append(exprs, t.recv)
	}
	if c.readsBeforeCall(list) {
		return nil
	}
	for i, a := range x.Args {
		exprs = append(exprs, c.exprTo(a, c.subst(sig.Params().At(i).Type())))
	}
	args := make([]mem.Ptr, len(exprs))
	for i, e := range exprs {
		args[i] = mem.Words(c.opsOf(e.t).code(e)).Data
	}
	return t.fn.direct(args)
}

// callStmt is a call for what it does.
func (c *compiler) callStmt(x *ast.CallExpr) stmt {
	if c.info.Types[x.Fun].IsType() {
		e := c.conversion(x)
		return c.opsOf(e.t).drop(e)
	}
	if id := builtinName(c, x.Fun); id != "" {
		return c.builtinStmt(x, id)
	}
	if c.isMust(x) {
		run := c.must(x).run
		return func(f F) ctl { run(f); return next }
	}
	callee := c.callee(x)
	if st := c.write(x, callee); st != nil {
		return st
	}
	if code := c.direct(x, callee); code != nil {
		if len(callee.results) == 1 {
			t := callee.results[0]
			return c.opsOf(t).drop(value(t, c.opsOf(t).coded(code)))
		}
		return mem.Cast[func(F) ctl](code)
	}
	p := c.prepareCall(x, callee)
	run, before := p.statement(p.args), p.before
	if before == nil {
		return run
	}
	return func(f F) ctl { before(f); return run(f) }
}

// tuple is an expression with several values: code that computes them, and where they
// stand then.
type tuple struct {
	run   func(F)
	exprs []*expr
}

// tuple compiles a call with several results, or a form with a second value "ok".
func (c *compiler) tuple(x ast.Expr) *tuple {
	switch x := ast.Unparen(x).(type) {
	case *ast.CallExpr:
		if c.isMust(x) {
			return c.must(x)
		}
		return c.callTuple(x)
	case *ast.IndexExpr:
		m := c.typeOf(x.X).Underlying().(*types.Map)
		return c.mapElementOK(c.expr(x.X), m, c.exprTo(x.Index, m.Key()))
	case *ast.TypeAssertExpr:
		return c.assertionOK(x)
	case *ast.UnaryExpr:
		return c.receiveOK(x)
	}
	c.refuse(x, "dagbook cannot take several values from this expression (%T)", x)
	return nil
}

// callTuple makes a call and copies its results into temporaries.
func (c *compiler) callTuple(x *ast.CallExpr) *tuple {
	p := c.call(x)
	return c.resultsOf(p.invoke(), p.target)
}

func (c *compiler) resultsOf(invoke invocation, t *target) *tuple {
	type move struct {
		from uintptr
		to   func(F) mem.Ptr
		new  func(F)
		ops  ops
	}
	var moves []move
	out := &tuple{}
	for i, rt := range t.results {
		v := c.temp(rt)
		l := v.location()
		out.exprs = append(out.exprs, c.load(l))
		moves = append(moves, move{t.sig.results[i].off, l.address(), v.fresh(), c.opsOf(rt)})
	}
	out.run = func(f F) {
		g := invoke(f)
		for i := range moves {
			m := &moves[i]
			if m.new != nil {
				m.new(f)
			}
			m.ops.move(m.to(f), mem.Add(g, m.from))
		}
	}
	return out
}

// assertionOK is v, ok := x.(T).
func (c *compiler) assertionOK(x *ast.TypeAssertExpr) *tuple {
	t := c.typeOf(x.Type)
	from, set := c.held(x.X)
	a := c.assert(t)
	v, ok := c.temp(t), c.temp(types.Typ[types.Bool])
	take, zero := c.declare(v, a.value(from)), c.declare(v, nil)
	off, at := from.off, ok.off
	return &tuple{exprs: []*expr{c.load(v.location()), c.load(ok.location())}, run: func(f F) {
		set(f)
		if ok := a.test(mem.Load[mem.Iface](f, off)); ok {
			take(f)
			mem.Store(f, at, true)
			return
		}
		zero(f)
		mem.Store(f, at, false)
	}}
}
