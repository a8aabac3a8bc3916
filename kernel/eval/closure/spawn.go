package closure

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
)

// prepare is the code of a call that is made later: it evaluates the function and the
// arguments into a frame of its own for parent, and starts nothing.
func (t *target) prepare(c *compiler, before stmt, args []pass) func(f, parent F) (F, *function) {
	find := t.find(c)
	return func(f, parent F) (F, *function) {
		fn, receive, clo := find(f)
		n := head(parent).g.claim(parent, fn)
		head(n).clo = clo
		if receive != nil {
			receive(n)
		}
		if before != nil {
			before(f)
		}
		for _, a := range args {
			a(f, n)
		}
		return n, fn
	}
}

// find is the code of the function that a target means, of what stores its receiver, and
// of its closure.
func (t *target) find(c *compiler) func(F) (*function, func(F), mem.Ptr) {
	var receive pass
	if t.recv != nil && t.iface == nil {
		receive = c.pass(t.recv, t.sig.recv.off)
	}
	switch {
	case t.shape != nil:
		absent := c.panicking(t)
		return func(f F) (*function, func(F), mem.Ptr) {
			p := t.code(f)
			if p == nil {
				return absent, nil, nil // a nil function panics when it is called
			}
			fn, clo := t.shape.resolve(p)
			return fn, nil, clo
		}
	case t.iface != nil:
		recv := codeOf[mem.Iface](t.recv)
		absent := c.panicking(t)
		return func(f F) (*function, func(F), mem.Ptr) {
			v := recv(f)
			if v.Tab == nil {
				nilDereference(f, token.NoPos)
			}
			im := t.iface.find(v.Type())
			if v.Data == nil && !im.direct {
				return absent, nil, nil
			}
			return im.ref.get(), func(g F) { im.receive(g, v.Data) }, nil
		}
	}
	return func(f F) (*function, func(F), mem.Ptr) {
		fn := t.fn
		if t.ref != nil {
			fn = t.ref.get()
		}
		if receive == nil {
			return fn, nil, nil
		}
		return fn, func(g F) { receive(f, g) }, nil
	}
}

// panicking is what a call of a nil function, or of a method on nothing, runs.
func (c *compiler) panicking(t *target) *function {
	return &function{sig: t.sig, index: c.nextIndex(), frame: t.sig.builder.layout(), run: func(f F) ctl {
		nilDereference(f, token.NoPos)
		return next
	}}
}

// later prepares the call of a go or defer statement.
func (c *compiler) later(call *ast.CallExpr) func(f, parent F) (F, *function) {
	if builtinName(c, call.Fun) != "" || c.info.Types[call.Fun].IsType() || c.isMust(call) {
		call = c.wrapped(call)
	}
	t := c.callee(call)
	sig := c.typeOf(call.Fun).Underlying().(*types.Signature)
	before, args := c.arguments(call, sig, t.sig)
	return t.prepare(c, before, args)
}

// wrapped writes close(ch) as func(a chan T) { close(a) }(ch), so that the arguments are
// evaluated now and the call is made later.
func (c *compiler) wrapped(call *ast.CallExpr) *ast.CallExpr {
	pos := call.Pos()
	inner := &ast.CallExpr{Fun: call.Fun, Lparen: call.Lparen, Ellipsis: call.Ellipsis, Rparen: call.Rparen}
	outer := &ast.CallExpr{Lparen: call.Lparen, Rparen: call.Rparen}
	params := &ast.FieldList{}
	var vars []*types.Var
	for _, a := range call.Args {
		tv := c.info.Types[a]
		if tv.IsType() || tv.Value != nil || tv.IsNil() {
			inner.Args = append(inner.Args, a)
			continue
		}
		def := &ast.Ident{NamePos: pos, Name: "a"}
		use := &ast.Ident{NamePos: pos, Name: "a"}
		v := types.NewParam(pos, nil, "a", tv.Type)
		c.info.Defs[def], c.info.Uses[use], c.info.Types[use] = v, v, tv
		params.List = append(params.List, &ast.Field{Names: []*ast.Ident{def}})
		vars = append(vars, v)
		inner.Args, outer.Args = append(inner.Args, use), append(outer.Args, a)
	}
	c.info.Types[inner] = c.info.Types[call]
	lit := &ast.FuncLit{Type: &ast.FuncType{Func: pos, Params: params}, Body: &ast.BlockStmt{Lbrace: pos, List: []ast.Stmt{&ast.ExprStmt{X: inner}}}}
	sig := types.NewSignatureType(nil, nil, nil, types.NewTuple(vars...), nil, false)
	c.info.Types[lit] = types.TypeAndValue{Type: sig}
	outer.Fun = lit
	return outer
}

func (c *compiler) goStmt(s *ast.GoStmt) stmt {
	prepare := c.later(s.Call)
	return func(f F) ctl {
		g := head(f).g.run.routine()
		n, fn := prepare(f, g.base())
		g.launch(n, fn)
		return next
	}
}

func (c *compiler) deferStmt(s *ast.DeferStmt) stmt {
	c.defers = true
	if builtinName(c, s.Call.Fun) == "recover" {
		return func(f F) ctl {
			h := head(f)
			h.defers = &deferral{next: h.defers, frame: f}
			return next
		}
	}
	prepare := c.later(s.Call)
	return func(f F) ctl {
		n, fn := prepare(f, f)
		h := head(f)
		h.defers = &deferral{next: h.defers, frame: n, fn: fn}
		return next
	}
}

// loopState is a loop over a function while it runs.
type loopState struct {
	frame F
	over  bool // no more turns
	left  bool // the loop's statement has ended
	torn  bool // a turn began and did not end
	exit  ctl  // where control goes on
}

// rangeFunction calls the function with a yield function that runs the loop's body in the
// frame of the function around it.
func (c *compiler) rangeFunction(s *ast.RangeStmt, l *label, sig *types.Signature) stmt {
	yieldType := c.subst(sig.Params().At(0).Type())
	yield := yieldType.Underlying().(*types.Signature)
	fn, shape := c.yield(s, l, yield), c.shape(yieldType)
	iter := c.calleeValue(c.expr(s.X))
	arg := c.temp(yieldType)
	call := iter.prepare(c, nil, []pass{opsOf[kPtr].pass(c.load(arg.location()), iter.sig.params[0].off)})
	off := arg.off
	return func(f F) ctl {
		st := &loopState{frame: f}
		clo := &closure{fn: fn, caps: []mem.Ptr{mem.Of(st)}}
		mem.Store(f, off, shape.value(clo, head(f).g.run))
		defer func() { st.left = true }()
		n, callee := call(f, f) // the body makes calls from f, too
		start(n, callee)
		leave(n)
		head(f).g.give(n)
		if st.torn {
			head(f).g.check()
			panic(runtimeError("range function recovered a loop body panic and did not resume panicking"))
		}
		return st.exit
	}
}

// yield is the function that takes the values of a turn and runs the body.
func (c *compiler) yield(s *ast.RangeStmt, l *label, sig *types.Signature) *function {
	own := c.signature(sig)
	fn := &function{name: c.funcName, sig: own, index: c.nextIndex(), frame: own.builder.layout()}
	var sets []stmt
	var moves []func(f, g F)
	for i, x := range []ast.Expr{s.Key, s.Value} {
		if x == nil || isBlank(x) || i >= len(own.params) {
			continue
		}
		v := c.temp(c.subst(sig.Params().At(i).Type()))
		from, to, fresh, o := own.params[i].off, v.location().address(), orNew(v), c.opsOf(v.t)
		moves = append(moves, func(f, g F) { fresh(f); o.move(to(f), mem.Add(g, from)) })
		sets = append(sets, c.iterated(s, x, c.load(v.location())))
	}
	set, body, result := orNothing(all(sets)), c.block(s.Body.List), own.results[0].off
	pos := s.Pos()
	fn.run = func(g F) ctl {
		st := mem.Pointer[loopState](mem.Pointer[closure](head(g).clo).caps[0])
		if st.left || st.over {
			endedLoop(st)
		}
		f := st.frame
		st.over, st.torn = true, true // a panic in the body ends the loop
		for _, m := range moves {
			m(f, g)
		}
		set(f)
		on, exit := turn(f, body, l)
		head(f).pos = pos // where the function that is ranged over was called
		st.over, st.torn, st.exit = !on, false, exit
		mem.Store(g, result, on)
		return next
	}
	return fn
}

func endedLoop(st *loopState) {
	switch {
	case st.left:
		panic(runtimeError("range function continued iteration after whole loop exit"))
	case st.torn:
		panic(runtimeError("range function continued iteration after loop body panic"))
	}
	panic(runtimeError("range function continued iteration after function for loop body returned false"))
}
