package closure

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/check"
	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// methodKey names a method: its object, for a generic type that of the generic
// declaration with the type arguments.
type methodKey struct {
	fn   *types.Func
	args string
}

// instanceKey names an instance of a generic function.
type instanceKey struct {
	sym  *check.Symbol
	args string
}

// global returns where a variable of the session stands, nil for others.
func (e *Engine) global(p *check.Program, o types.Object) mem.Ptr {
	if o == nil {
		return nil
	}
	sym := p.Symbol(o)
	if sym == nil || sym.Kind != check.Var {
		return nil
	}
	return e.globals[sym]
}

// funcRef returns the function that a name of the session stands for.
func (e *Engine) funcRef(p *check.Program, o *types.Func) *ref {
	sym := p.Symbol(o)
	if e.funcs[sym] == nil {
		e.funcs[sym] = &ref{}
	}
	return e.funcs[sym]
}

// argsKey is a text that is the same for identical type arguments only.
func (e *Engine) argsKey(args []types.Type) string {
	var b strings.Builder
	for _, a := range args {
		fmt.Fprintf(&b, "%p,", e.layout(a).Word)
	}
	return b.String()
}

func environmentOf(params *types.TypeParamList, args []types.Type) *environment {
	env := &environment{args: map[string]types.Type{}, context: types.NewContext(), locals: map[*types.TypeName]*types.Named{}}
	for i := range params.Len() {
		env.args[params.At(i).Obj().Name()] = args[i]
		env.args[check.BlankParam(i)] = args[i]
	}
	return env
}

// instance is an instance of a generic function.
type instance struct {
	ref
	args []types.Type
}

// instanceOf returns the instance of a generic function, compiled now if need be.
func (c *compiler) instanceOf(sym *check.Symbol, args []types.Type, at ast.Node) *ref {
	key := instanceKey{sym, c.argsKey(args)}
	if i := c.instances[key]; i != nil {
		return &i.ref
	}
	fn := sym.Obj.(*types.Func)
	s := c.sources[fn]
	if s == nil {
		c.refuse(at, "%s has no body yet", sym.Name)
	}
	i := &instance{args: args}
	c.instances[key] = i
	own, _ := c.compile(s.with(fn, args), nil)
	i.fn.Store(own)
	return &i.ref
}

// with is the source of an instance of a generic function.
func (s *source) with(fn *types.Func, args []types.Type) *source {
	own, sig := *s, fn.Signature()
	own.args = args
	own.env = environmentOf(sig.TypeParams(), args)
	own.sig = own.env.subst(types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic())).(*types.Signature)
	return &own
}

// on is the source of a method of an instance of a generic type.
func (s *source) on(named *types.Named, m *types.Func) *source {
	var args []types.Type
	for a := range named.TypeArgs().Types() {
		args = append(args, a)
	}
	own := *s
	own.env = environmentOf(m.Origin().Signature().RecvTypeParams(), args)
	own.sig = concreteMethod(named, m)
	return &own
}

// renew has the instances of a generic function or method, which has been declared again,
// compiled anew: those who call them have their refs.
func (e *Engine) renew(fn *types.Func, todo map[*ref]*source) {
	s := e.sources[fn]
	for key, i := range e.instances {
		if key.sym.Obj == fn {
			todo[&i.ref] = s.with(fn, i.args)
		}
	}
	for key, r := range e.methods {
		if named := e.receivers[key]; named != nil && key.fn == fn {
			todo[r] = s.on(named, fn)
		}
	}
}

func (e *Engine) methodOf(key methodKey) *ref {
	r := e.methods[key]
	if r == nil {
		r = &ref{}
		e.methods[key] = r
	}
	return r
}

// methodRef returns a method declared by a cell; recv is the type that it is called on.
func (e *Engine) methodRef(p *check.Program, m *types.Func, recv types.Type) *ref {
	named := namedOf(recv)
	if named == nil || named.TypeArgs().Len() == 0 {
		return e.methodOf(methodKey{m.Origin(), ""})
	}
	var args []types.Type
	for a := range named.TypeArgs().Types() {
		args = append(args, a)
	}
	key := methodKey{m.Origin(), e.argsKey(args)}
	if r := e.methods[key]; r != nil {
		return r
	}
	s := e.sources[m.Origin()]
	if s == nil {
		panic(fmt.Sprintf("closure: the method %s has no source", m.FullName()))
	}
	r := e.methodOf(key)
	e.receivers[key] = named
	fn, _ := e.compile(s.on(named, m), nil)
	r.fn.Store(fn)
	return r
}

// concreteMethod is the signature of a method of an instance.
func concreteMethod(named *types.Named, m *types.Func) *types.Signature {
	for f := range named.Methods() {
		if f.Name() == m.Name() {
			return f.Signature()
		}
	}
	return m.Signature()
}

// namedOf returns T for T and *T.
func namedOf(t types.Type) *types.Named {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, _ := t.(*types.Named)
	return n
}

// foreign reports whether a function or method comes from a compiled package.
func (c *compiler) foreign(o *types.Func) bool {
	return o.Pkg() == nil || o.Pkg().Path() != "main"
}

// forward makes a function that passes its parameters on to a target.
func (e *Engine) forward(name string, p *check.Program, recv types.Type, sig *types.Signature, to func(c *compiler, recv *location) *target) *function {
	c := &compiler{Engine: e, prog: p, vars: map[types.Object]*variable{}, funcName: name}
	if p != nil {
		c.info = p.Info
	}
	plain := types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic())
	fn := &function{name: name, index: e.nextIndex(), wrapper: true}
	fn.sig = e.signatureOf(recv, c.tupleTypes(plain.Params()), c.tupleTypes(plain.Results()))
	c.sig, c.frame = fn.sig, fn.sig.builder
	var at *location
	if recv != nil {
		at = &location{t: recv, k: kindOf(recv), off: fn.sig.recv.off}
	}
	t := to(c, at)
	var args []pass
	for i, ty := range c.tupleTypes(plain.Params()) {
		from := &expr{t: ty, k: kindOf(ty), where: inLocal, off: fn.sig.params[i].off}
		args = append(args, c.opsOf(ty).pass(from, t.sig.params[i].off))
	}
	invoke := t.invoke(t.withReceiver(c, args))
	var moves []func(f, g F)
	for i, ty := range t.results {
		to, from, o := fn.sig.results[i].off, t.sig.results[i].off, c.opsOf(ty)
		moves = append(moves, func(f, g F) { o.move(mem.Add(f, to), mem.Add(g, from)) })
	}
	fn.run = func(f F) ctl {
		g := invoke(f)
		for _, m := range moves {
			m(f, g)
		}
		return next
	}
	fn.frame = c.frame.layout()
	return fn
}

// methodValue is x.M without a call: a function with x in it.
func (c *compiler) methodValue(s *ast.SelectorExpr, sel *selected) *expr {
	t := c.typeOf(s)
	m := c.method(c.whole(s.X), sel, s)
	box := c.place(m.recv.t, true)
	box.where = inBox
	keep, off, iface := c.declare(box, m.recv), box.off, m.iface != nil
	fn := c.forward(s.Sel.Name, c.prog, nil, t.Underlying().(*types.Signature), func(own *compiler, _ *location) *target {
		bound := *m
		bound.recv = own.load(heldBy(m.recv.t, holder{in: byCapture}))
		return &bound
	})
	fn.origin = &eval.Origin{Bound: s.Sel.Name}
	shape := c.shape(t)
	return value(t, func(f F) mem.Ptr {
		keep(f)
		p := mem.Load[mem.Ptr](f, off)
		if iface && mem.Load[mem.Ptr](p, 0) == nil {
			nilDereference(f, token.NoPos)
		}
		return shape.value(&closure{fn: fn, caps: []mem.Ptr{p}}, head(f).g.run)
	})
}

// methodExpr is T.M: a function whose first parameter is the receiver.
func (c *compiler) methodExpr(s *ast.SelectorExpr, sel *selected) *expr {
	t := c.typeOf(s)
	sig := t.Underlying().(*types.Signature)
	fn := &function{name: s.Sel.Name, index: c.nextIndex(), wrapper: true}
	fn.origin = &eval.Origin{Root: check.Root{Recv: c.subst(sel.recv), Method: s.Sel.Name}}
	own := &compiler{Engine: c.Engine, prog: c.prog, info: c.info, env: c.env, vars: map[types.Object]*variable{}}
	fn.sig = own.signature(sig)
	own.sig, own.frame = fn.sig, fn.sig.builder
	recv := own.subst(sig.Params().At(0).Type())
	m := own.method(&location{t: recv, k: kindOf(recv), off: fn.sig.params[0].off}, sel, s)
	var args []pass
	for i, ty := range own.tupleTypes(sig.Params())[1:] {
		from := &expr{t: ty, k: kindOf(ty), where: inLocal, off: fn.sig.params[i+1].off}
		args = append(args, own.opsOf(ty).pass(from, m.sig.params[i].off))
	}
	invoke := m.invoke(m.withReceiver(own, args))
	results := own.tupleTypes(sig.Results())
	fn.run = func(f F) ctl {
		g := invoke(f)
		for i, ty := range results {
			own.opsOf(ty).move(mem.Add(f, fn.sig.results[i].off), mem.Add(g, m.sig.results[i].off))
		}
		return next
	}
	fn.frame = own.frame.layout()
	shape := c.shape(t)
	return value(t, func(f F) mem.Ptr { return shape.value(&closure{fn: fn}, head(f).g.run) })
}

// implementation finds the method of a dynamic type.
func (e *Engine) implementation(typ mem.Ptr, m *methodCall) *implementation {
	e.mu.Lock()
	defer e.mu.Unlock()
	t := e.types.Source(typ)
	if t == nil {
		return e.foreignImplementation(typ, m)
	}
	o, path, _ := types.LookupFieldOrMethod(t, true, m.pkg, m.name)
	f := o.(*types.Func)
	im := &implementation{typ: typ}
	lay := e.layout(t)
	if len(path) == 1 && f.Pkg().Path() == "main" {
		im.ref = e.methodRef(nil, f, t)
		recv := e.methodReceiver(t, f)
		im.lay = e.layout(recv)
		im.off = e.signatureOf(recv, tupleOf(m.sig.Params()), tupleOf(m.sig.Results())).recv.off
		im.direct = isPointer(recv) || rt.IsDirect(lay.Type) && !isPointer(t)
		return im
	}
	fn := e.forward(m.name, nil, t, m.sig, func(c *compiler, recv *location) *target {
		return c.method(recv, &selected{kind: types.MethodVal, recv: t, obj: f, index: path}, nil)
	})
	im.ref, im.off, im.lay, im.direct = refTo(fn), fn.sig.recv.off, lay, rt.IsDirect(lay.Type)
	return im
}

// methodReceiver is the type of a method's receiver, T or *T, for a dynamic type.
func (e *Engine) methodReceiver(t types.Type, f *types.Func) types.Type {
	named := namedOf(t)
	if isPointer(f.Signature().Recv().Type()) {
		return types.NewPointer(named)
	}
	return named
}

func tupleOf(t *types.Tuple) []types.Type {
	var list []types.Type
	for v := range t.Variables() {
		list = append(list, v.Type())
	}
	return list
}
