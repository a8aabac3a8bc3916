package closure

import (
	"go/ast"
	"go/types"
	"reflect"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/check"
	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// This file is what the engine does for functions that go to worker processes; see
// [eval.Portable].

// origin is where a function that is written in a cell comes from; nil for a method, which is
// never a value.
func (s *source) origin() *eval.Origin {
	switch n := s.node.(type) {
	case *ast.FuncLit:
		return &eval.Origin{Root: check.Root{Lit: n, Program: s.program}}
	case *ast.FuncDecl:
		if d := declOf(s.program, n); d != nil && n.Recv == nil {
			return &eval.Origin{Root: check.Root{Decl: d, Args: s.args}}
		}
	}
	return nil
}

func declOf(p *check.Program, f *ast.FuncDecl) *check.Decl {
	for _, list := range [][]*check.Decl{p.Decls, p.Again} {
		for _, d := range list {
			if d.Node == ast.Decl(f) {
				return d
			}
		}
	}
	return nil
}

// namedFunc gives a function that is made delayed the name that the cell has for it, and what
// other processes need to know it: a taskgraph.Func. x is how the cell writes it.
func (c *compiler) namedFunc(name string, x ast.Expr, fn *expr) *expr {
	t := c.compiledType(symbols.Module+"taskgraph", "Func")
	shape, member := c.shape(fn.t), c.memberOrigin(x)
	iface := codeOf[mem.Iface](c.convert(fn, emptyInterface))
	return value(emptyInterface, func(f F) mem.Iface {
		v := iface(f).Any()
		return mem.Words(c.taskFunc(t, name, v, shape.origin(v, member)))
	})
}

// taskFunc is a taskgraph.Func, of type t.
func (e *Engine) taskFunc(t reflect.Type, name string, fn any, o *eval.Origin) any {
	named := reflect.New(t).Elem()
	named.FieldByName("Name").SetString(name)
	named.FieldByName("Fn").Set(reflect.ValueOf(fn))
	if o != nil {
		id, source := e.host.Origin(o)
		named.FieldByName("ID").SetString(id)
		named.FieldByName("Source").Set(reflect.ValueOf(source))
	}
	return named.Interface()
}

// boundInstance is an instance of a generic function, or method as "T.M", that belongs to
// the session; false for others.
func (c *compiler) boundInstance(path, name string, args []reflect.Type, sig *types.Signature) (reflect.Value, bool) {
	v, ok := c.member(path, name)
	if !ok {
		return reflect.Value{}, false
	}
	instance, ok := v.Interface().(eval.Generic)
	if !ok {
		return reflect.Value{}, false
	}
	return instance(args, c.layout(sig).Type, c.namer(sig)), true
}

// namer makes a taskgraph.Func of the function that an instance gets first, when it is
// called; nil for an instance that gets none.
func (c *compiler) namer(sig *types.Signature) func(fn any) any {
	if sig.Params().Len() == 0 {
		return nil
	}
	if _, ok := sig.Params().At(0).Type().Underlying().(*types.Signature); !ok {
		return nil
	}
	e, t, shape := c.Engine, c.compiledType(symbols.Module+"taskgraph", "Func"), c.shape(sig.Params().At(0).Type())
	return func(fn any) any {
		o := shape.origin(fn, nil)
		name := "func"
		if o != nil && o.Root.Decl != nil {
			name = o.Root.Decl.Names[0]
		}
		return e.taskFunc(t, name, fn, o)
	}
}

// memberOrigin is that of a function of a compiled package, nil for other expressions.
func (c *compiler) memberOrigin(x ast.Expr) *eval.Origin {
	if sel, ok := ast.Unparen(x).(*ast.SelectorExpr); ok {
		if f, ok := c.info.Uses[sel.Sel].(*types.Func); ok && c.foreign(f) && f.Pkg() != nil && f.Signature().Recv() == nil {
			return &eval.Origin{Root: check.Root{Package: f.Pkg().Path(), Member: f.Name()}}
		}
	}
	return nil
}

// origin is where a func value comes from; nil for nil.
func (s *shape) origin(fn any, member *eval.Origin) *eval.Origin {
	p := mem.Words(fn).Data
	if p == nil {
		return nil
	}
	code, _ := s.resolve(p)
	switch {
	case code.origin != nil:
		return code.origin
	case code.native && member != nil:
		return member
	}
	return &eval.Origin{}
}

// Variable implements [eval.Portable].
func (e *Engine) Variable(sym *check.Symbol) (reflect.Value, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, ok := e.globals[sym]
	if !ok {
		return reflect.Value{}, false
	}
	return e.layout(sym.Obj.Type()).Value(p), true
}

// Type implements [eval.Portable].
func (e *Engine) Type(t types.Type) reflect.Type {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.types.Of(t)
}

// Declared implements [eval.Portable].
func (e *Engine) Declared(t reflect.Type) types.Type {
	if t.Name() == "" {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.types.Source(rt.TypeWord(t))
}

// Trace implements [eval.Portable].
func (e *Engine) Trace(fn any) []eval.Frame {
	e.mu.Lock()
	s := e.shapes[reflect.TypeOf(fn)]
	e.mu.Unlock()
	if s == nil {
		return nil
	}
	cb := s.callback(mem.Words(fn).Data)
	if cb == nil {
		return nil
	}
	return e.traceback(e.runOf(cb.run).takeTrace())
}
