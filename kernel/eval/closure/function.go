package closure

import (
	"go/ast"
	"go/types"
	"reflect"
	"strconv"

	"github.com/dagbook/dagbook/kernel/eval/check"
	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
)

// source is a function as it is written: a declaration or a literal.
type source struct {
	node    ast.Node // with all identifiers that it declares
	recv    *ast.FieldList
	typ     *ast.FuncType
	body    *ast.BlockStmt
	sig     *types.Signature // of a declaration with its receiver
	name    string
	program *check.Program
	env     *environment
	args    []types.Type // of an instance of a generic function
}

// compile makes the function of a declaration or literal. outer is the compiler of the
// function around a literal.
func (e *Engine) compile(s *source, outer *compiler) (*function, []*variable) {
	c := &compiler{Engine: e, prog: s.program, info: s.program.Info, env: s.env, outer: outer, funcName: s.name, vars: map[types.Object]*variable{}}
	if outer != nil {
		c.escapes, c.owned = outer.escapes, outer.owned
	} else {
		c.find(s.node)
	}
	fn := &function{name: s.name, sig: c.signature(s.sig), index: e.nextIndex(), origin: s.origin()}
	c.sig = fn.sig
	c.frame = fn.sig.builder
	c.frame.types = append([]reflect.Type(nil), c.frame.types...)
	c.guards = c.mayDefer(s.body)
	prologue := c.parameters(s)
	prologue = append(prologue, c.resultVariables(s)...)
	body := c.block(s.body.List)
	fn.run = c.finish(prologue, body)
	fn.recovers = c.recovers
	fn.frame = c.frame.layout()
	return fn, c.caps
}

// find learns about the variables of a function and of the literals in it.
func (c *compiler) find(fn ast.Node) {
	c.escapes = c.findEscapes(fn)
	c.owned = c.findOwned(fn) // none that escapes
}

// signature lays out the calls of a function type; a receiver is the first parameter.
func (c *compiler) signature(sig *types.Signature) *signature {
	var recv types.Type
	if r := sig.Recv(); r != nil && !types.IsInterface(r.Type()) {
		recv = c.subst(r.Type())
	}
	return c.signatureOf(recv, c.tupleTypes(sig.Params()), c.tupleTypes(sig.Results()))
}

func (c *compiler) tupleTypes(t *types.Tuple) []types.Type {
	var list []types.Type
	for v := range t.Variables() {
		list = append(list, c.subst(v.Type()))
	}
	return list
}

// parameters makes the variables of the receiver and the parameters. What callers stored
// in the frame moves into a box when the function captures it.
func (c *compiler) parameters(s *source) []stmt {
	idents, slots := identsOf(s.typ.Params), c.sig.params
	if c.sig.recv != nil {
		idents, slots = append(idents, identsOf(s.recv)...), append(slots[:len(slots):len(slots)], *c.sig.recv)
	}
	var moves []stmt
	for i, sl := range slots {
		if idents[i] == nil {
			continue
		}
		o := c.info.Defs[idents[i]]
		v := &variable{t: c.subst(o.Type()), k: sl.k, lay: sl.lay, off: sl.off}
		c.vars[o] = v
		if c.escapes[o] {
			moves = append(moves, c.moveToBox(v))
		}
	}
	return moves
}

// moveToBox gives a parameter or result a box.
func (c *compiler) moveToBox(v *variable) stmt {
	from, lay := v.off, v.lay
	v.where, v.off = inBox, c.frame.add(pointerType)
	off := v.off
	return func(f F) ctl {
		mem.Store(f, off, lay.Copy(mem.Add(f, from)))
		return next
	}
}

// identsOf returns the names of a list, nil for those without.
func identsOf(list *ast.FieldList) []*ast.Ident {
	var ids []*ast.Ident
	if list == nil {
		return nil
	}
	for _, f := range list.List {
		if len(f.Names) == 0 {
			ids = append(ids, nil)
		}
		for _, id := range f.Names {
			if id.Name == "_" {
				id = nil
			}
			ids = append(ids, id)
		}
	}
	return ids
}

// resultVariables makes the variables of the results. The caller reads them where the
// signature says; one that is captured lives in a box until the function ends.
func (c *compiler) resultVariables(s *source) []stmt {
	idents := identsOf(s.typ.Results)
	var begin []stmt
	for i, sl := range c.sig.results {
		v := &variable{t: c.subst(s.sig.Results().At(i).Type()), k: sl.k, lay: sl.lay, off: sl.off}
		c.results = append(c.results, v)
		begin = append(begin, c.zero(v))
		if i >= len(idents) || idents[i] == nil {
			continue
		}
		c.named = true
		o := c.info.Defs[idents[i]]
		c.vars[o] = v
		if c.escapes[o] {
			begin = append(begin, c.moveToBox(v))
		}
	}
	if s.typ.Results != nil && len(s.typ.Results.List) > 0 && len(s.typ.Results.List[0].Names) > 0 {
		c.named = true
	}
	if !c.named && !c.guards {
		return nil // nobody reads them before return has set them
	}
	return begin
}

// finish puts a function together: what comes first, the body, and what follows it.
func (c *compiler) finish(prologue []stmt, body stmt) stmt {
	epilogue := c.epilogue()
	inner := body
	if len(prologue) > 0 || len(epilogue) > 0 || c.defers {
		run := body
		if c.defers {
			run = withDefers(body)
		}
		inner = func(f F) ctl {
			for _, s := range prologue {
				s(f)
			}
			run(f)
			for _, s := range epilogue {
				s(f)
			}
			return next
		}
	}
	return inner
}

// epilogue moves results out of their boxes.
func (c *compiler) epilogue() []stmt {
	var moves []stmt
	for i, v := range c.results {
		if v.where == inBox {
			to, from, lay := c.sig.results[i].off, v.off, v.lay
			moves = append(moves, func(f F) ctl {
				lay.Move(mem.Add(f, to), mem.Load[mem.Ptr](f, from))
				return next
			})
		}
	}
	return moves
}

// literal is a func literal: a closure of the boxes that it captures.
func (c *compiler) literal(lit *ast.FuncLit) *expr {
	t := c.typeOf(lit)
	fn, boxes := c.compileLiteral(lit)
	shape := c.shape(t)
	return value(t, func(f F) mem.Ptr { return shape.value(boxes.close(fn, f), head(f).g.run) })
}

func (c *compiler) compileLiteral(lit *ast.FuncLit) (*function, captures) {
	sig := c.info.TypeOf(lit).Underlying().(*types.Signature)
	fn, caps := c.compile(&source{node: lit, typ: lit.Type, body: lit.Body, sig: sig, name: c.literalName(), program: c.prog, env: c.env}, c)
	return fn, c.capture(caps)
}

func (c *compiler) literalName() string {
	c.literals++
	if c.funcName == "" {
		return "func" + strconv.Itoa(c.literals)
	}
	return c.funcName + ".func" + strconv.Itoa(c.literals)
}

// captures is the code of the boxes that a literal captures.
type captures []func(F) mem.Ptr

func (c *compiler) capture(vars []*variable) captures {
	boxes := make(captures, len(vars))
	for i, v := range vars {
		boxes[i] = v.box()
	}
	return boxes
}

func (b captures) close(fn *function, f F) *closure {
	clo := &closure{fn: fn}
	if len(b) > 0 {
		clo.caps = make([]mem.Ptr, len(b))
		for i, box := range b {
			clo.caps[i] = box(f)
		}
	}
	return clo
}

// functionValue is a declared function, or one of a package, as a value.
func (c *compiler) functionValue(id *ast.Ident, o *types.Func, t types.Type) *expr {
	if o.Pkg() != nil && o.Pkg().Path() != "main" {
		return c.memberFunction(id, o, t)
	}
	r := c.declared(id, o)
	shape := c.shape(t)
	return value(t, func(f F) mem.Ptr { return shape.value(&closure{fn: r.get()}, head(f).g.run) })
}

// declared returns the function that a name stands for, an instance when it is generic.
func (c *compiler) declared(id *ast.Ident, o *types.Func) *ref {
	if o.Signature().TypeParams().Len() > 0 {
		var args []types.Type
		for a := range c.info.Instances[id].TypeArgs.Types() {
			args = append(args, c.subst(a))
		}
		return c.instanceOf(c.prog.Symbol(o), args, id)
	}
	return c.funcRef(c.prog, o)
}
