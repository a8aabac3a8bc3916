package closure

import (
	"context"
	"errors"
	"go/ast"
	"go/types"
	"reflect"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/check"
	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// Engine compiles and runs the cells of a session.
type Engine struct {
	host eval.Host

	layouts  sync.Map      // reflect.Type -> *mem.Layout
	outside  atomic.Bool   // cells have called compiled code that may wake their goroutines
	growths  atomic.Uint64 // how often types have gained methods: since the first time one may have several type words
	routines sync.Pool     // of *routine; their frames belong to this engine's functions

	runsMu sync.Mutex
	runs   map[*run]bool // that have goroutines left, and a few that have not

	current atomic.Pointer[run] // the latest
	seats   seats
	exits   map[string]any // by the name of a method

	mu        sync.Mutex // for what follows: compiling happens in cells and, for methods, whenever compiled code first calls one
	types     *rt.Types
	globals   map[*check.Symbol]mem.Ptr
	funcs     map[*check.Symbol]*ref
	methods   map[methodKey]*ref
	sources   map[*types.Func]*source // of methods and generic functions
	instances map[instanceKey]*instance
	receivers map[methodKey]*types.Named // of methods of generic types: the instances
	packages  map[string]map[string]reflect.Value
	shapes    map[reflect.Type]*shape
	indices   int
	refused   bool // the latest cell: types may have lost the methods that it gave them
}

// New is an [eval.NewEngine].
func New(h eval.Host) (eval.Engine, error) {
	e := &Engine{host: h, runs: map[*run]bool{}}
	e.exits = exitsOf(e)
	return e, e.Reset()
}

// Name returns "closure".
func (e *Engine) Name() string { return "closure" }

// Reset forgets all that cells declared.
func (e *Engine) Reset() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.packages = map[string]map[string]reflect.Value{}
	if e.types != nil {
		e.types.Release()
	}
	e.types = rt.New(e.compiledType, e.methodFunc)
	e.globals, e.funcs = map[*check.Symbol]mem.Ptr{}, map[*check.Symbol]*ref{}
	e.methods, e.sources = map[methodKey]*ref{}, map[*types.Func]*source{}
	e.instances = map[instanceKey]*instance{}
	e.receivers = map[methodKey]*types.Named{}
	e.shapes = map[reflect.Type]*shape{}
	e.layouts.Clear()
	e.outside.Store(false)
	return nil
}

func (e *Engine) nextIndex() int { e.indices++; return e.indices - 1 }

// layout returns the layout of a type's values.
func (e *Engine) layout(t types.Type) *mem.Layout {
	r := e.types.Of(t)
	if l, ok := e.layouts.Load(r); ok {
		return l.(*mem.Layout)
	}
	l, _ := e.layouts.LoadOrStore(r, mem.LayoutOf(r))
	return l.(*mem.Layout)
}

// Run implements [eval.Engine].
func (e *Engine) Run(ctx context.Context, p *check.Program) (int, error) {
	cell, err := e.prepare(p)
	if err != nil {
		return 0, err
	}
	return cell.start(ctx)
}

// Call implements [eval.Engine].
func (e *Engine) Call(ctx context.Context, f func()) error {
	before := e.current.Load()
	defer e.current.Store(before)
	_, err := (&cellRun{e: e, prog: &check.Program{}, code: func(*routine) { fromOutside(f) }}).start(ctx)
	return err
}

// Parameters implements [eval.Engine].
func (e *Engine) Parameters(fn any) []string {
	e.mu.Lock()
	s := e.shapes[reflect.TypeOf(fn)]
	e.mu.Unlock()
	if s == nil {
		return nil
	}
	o := s.origin(fn, nil)
	var t *ast.FuncType
	switch {
	case o == nil:
	case o.Lit != nil:
		t = o.Lit.Type
	case o.Decl != nil:
		t = o.Decl.Node.(*ast.FuncDecl).Type
	}
	if t == nil {
		return nil
	}
	var names []string
	for _, f := range t.Params.List {
		for _, n := range f.Names {
			names = append(names, n.Name)
		}
	}
	return names
}

// call runs a function without arguments.
func (g *routine) call(fn *function) {
	n := enter(g.base(), fn)
	start(n, fn)
	leave(n)
}

// fromOutside calls a function of a compiled package that calls functions of cells; caught knows
// it by its name.
//
//go:noinline
func fromOutside(f func()) { f() }

// start runs the cell on a goroutine of its own and waits for it.
func (c *cellRun) start(ctx context.Context) (int, error) {
	r := c.e.newRun()
	c.e.current.Store(r)
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.run(r)
	}()
	return c.await(ctx, r, done)
}

// cellRun is a cell that has been compiled, or what a cell has left to be called.
type cellRun struct {
	e    *Engine
	prog *check.Program
	code func(*routine) // what it does

	mu   sync.Mutex
	step int
	left bool // by a return
	err  error
}

func (c *cellRun) begin(i int) {
	c.mu.Lock()
	c.step = i
	c.mu.Unlock()
}

// leave notes that a return in step i ended the cell.
func (c *cellRun) leave(i int) {
	c.mu.Lock()
	c.step, c.left = i+1, true
	c.mu.Unlock()
}

func (c *cellRun) finish() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.left {
		c.step = len(c.prog.Steps)
	}
}

// run runs the steps on the calling goroutine.
func (c *cellRun) run(r *run) {
	g := r.routine()
	g.bind()
	r.mu.Lock()
	r.main = g
	r.mu.Unlock()
	ended := false
	defer func() {
		v := recover()
		if ended && v == nil {
			g.release()
			r.retire()
			return
		}
		r.end(g)
		c.fail(g, v)
	}()
	c.code(g)
	c.finish()
	ended = true
}

// fail notes what ended the cell.
func (c *cellRun) fail(g *routine, v any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	quit := g.run.quit.Load()
	switch v := v.(type) {
	case nil:
		c.err = g.panicked(errors.New("runtime.Goexit ended the cell"))
		if quit != nil {
			c.err = g.panicked(*quit)
		}
	case interrupted:
		c.err = context.Canceled
	default:
		c.err = g.panicked(v)
	}
}

// await waits for the cell.
func (c *cellRun) await(ctx context.Context, r *run, done chan struct{}) (int, error) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	w := watch{r: r}
	for {
		select {
		case <-done:
			return c.outcome(r, ctx.Err())
		case <-ctx.Done():
			return c.stop(r, done, ctx.Err())
		case <-look.C:
			if err := w.look(); err != nil {
				return c.stop(r, done, err)
			}
		}
	}
}

// stop interrupts a cell and waits a moment more: a cell that sits in compiled code is left
// alone then.
func (c *cellRun) stop(r *run, done chan struct{}, cause error) (int, error) {
	r.interrupt()
	select {
	case <-done:
	case <-time.After(100 * time.Millisecond):
	}
	return c.outcome(r, cause)
}

func (c *cellRun) outcome(r *run, cause error) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if quit := r.tell(); quit != nil && cause == nil {
		if _, own := c.err.(*eval.Panic); !own { // another goroutine's than the cell's called os.Exit
			c.err = &eval.Panic{Value: *quit}
		}
	}
	if cause != nil { // also when the cell got to its end: a wait that was cut short returned
		return c.step, cause
	}
	return c.step, c.err
}

// tooLarge refuses a cell for the size of a type or a variable. Where in the
// cell that is, is not known any more: it names its beginning.
func (e *Engine) tooLarge(p *check.Program, why string) error {
	r := &eval.Refusal{Line: 1, Col: 1, Reason: why}
	switch {
	case len(p.Decls) > 0:
		r.Cell, r.Line, r.Col = e.host.Position(p.Decls[0].Node.Pos())
	case len(p.Steps) > 0 && p.Steps[0].Stmt != nil:
		r.Cell, r.Line, r.Col = e.host.Position(p.Steps[0].Stmt.Pos())
	case len(p.Vars) > 0:
		r.Cell, r.Line, r.Col = e.host.Position(p.Vars[0].Obj.Pos())
	}
	return r
}

// prepare compiles a program. Nothing of it is seen by others before all of it compiles.
func (e *Engine) prepare(p *check.Program) (cell *cellRun, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	defer func() {
		switch v := recover().(type) {
		case nil:
		case *eval.Refusal:
			err = v
		case rt.TooLarge:
			err = e.tooLarge(p, string(v))
		case error:
			if over, ok := v.(overLimit); ok {
				err = e.tooLarge(p, over.Error())
				break
			}
			err = &check.Fault{Value: v, Stack: string(debug.Stack())}
		default:
			err = &check.Fault{Value: v, Stack: string(debug.Stack())}
		}
		if e.refused = err != nil; e.refused {
			for _, v := range p.Vars {
				delete(e.globals, v)
			}
		}
	}()
	for _, v := range p.Vars {
		lay := e.layout(v.Obj.Type())
		e.globals[v] = newOf(lay)
	}
	sources := e.declare(p)
	gains := slices.ContainsFunc(p.Decls, func(d *check.Decl) bool { return d.Recv != "" })
	if (gains || e.refused) && len(e.types.Renew()) > 0 {
		e.growths.Add(1)
	}
	made := map[*ref]*function{}
	for r, s := range sources {
		made[r], _ = e.compile(s, nil)
	}
	cell = &cellRun{e: e, prog: p}
	body := e.compileSteps(p, cell)
	for r, fn := range made {
		r.fn.Store(fn)
	}
	var calls []*ref
	for _, sym := range p.Calls {
		calls = append(calls, e.funcs[sym])
	}
	cell.code = func(g *routine) {
		g.call(body)
		for _, fn := range calls {
			g.call(fn.get())
		}
	}
	return cell, nil
}

// declare makes the program's functions and methods known and returns those to compile.
func (e *Engine) declare(p *check.Program) map[*ref]*source {
	todo := map[*ref]*source{}
	for _, list := range [][]*check.Decl{p.Decls, p.Again} {
		for _, d := range list {
			f, ok := d.Node.(*ast.FuncDecl)
			if !ok || f.Body == nil || f.Recv == nil && f.Name.Name == "_" {
				continue
			}
			fn := declaredFunc(p, d, f)
			if fn == nil {
				continue
			}
			s := &source{node: f, recv: f.Recv, typ: f.Type, body: f.Body, sig: fn.Signature(), name: d.Names[0], program: p}
			if fn.Signature().TypeParams().Len() > 0 || fn.Signature().RecvTypeParams().Len() > 0 {
				e.sources[fn] = s
				e.renew(fn, todo)
				continue
			}
			if f.Recv != nil {
				todo[e.methodOf(methodKey{fn, ""})] = s
				continue
			}
			sym := p.Symbol(fn)
			if d.Symbol != nil {
				sym = d.Symbol
			}
			if e.funcs[sym] == nil {
				e.funcs[sym] = &ref{}
			}
			todo[e.funcs[sym]] = s
		}
	}
	return todo
}

// declaredFunc is the object of a function; of a method that which its type has.
func declaredFunc(p *check.Program, d *check.Decl, f *ast.FuncDecl) *types.Func {
	if d.Recv != "" {
		if sym := p.SymbolOf(d.Recv); sym != nil {
			if named := namedOf(sym.Obj.Type()); named != nil {
				for m := range named.Methods() {
					if m.Name() == f.Name.Name {
						return m
					}
				}
			}
		}
	}
	if fn, ok := p.Info.Defs[f.Name].(*types.Func); ok {
		return fn
	}
	if d.Symbol != nil { // of an earlier cell: only its body was checked again
		fn, _ := d.Symbol.Obj.(*types.Func)
		return fn
	}
	return nil
}

// compileSteps makes a function of a cell's statements.
func (e *Engine) compileSteps(p *check.Program, cell *cellRun) *function {
	c := &compiler{Engine: e, prog: p, info: p.Info, vars: map[types.Object]*variable{}}
	fn := &function{sig: &signature{}, index: e.nextIndex()}
	c.sig = fn.sig
	var list []ast.Stmt
	for _, st := range p.Steps {
		list = append(list, st.Stmt)
	}
	block := &ast.BlockStmt{}
	for _, st := range list {
		if st != nil {
			block.List = append(block.List, st)
		}
	}
	c.find(block)
	body := c.steps(p, cell)
	fn.run = c.finish(nil, body)
	fn.frame = c.frame.layout()
	return fn
}

// steps compiles the steps of a cell in order.
func (c *compiler) steps(p *check.Program, cell *cellRun) stmt {
	list := make([]ast.Stmt, len(p.Steps))
	for i, st := range p.Steps {
		list[i] = st.Stmt
		if st.Stmt == nil {
			list[i] = &ast.EmptyStmt{}
		}
	}
	return c.blockOf(list, func(i int, s ast.Stmt) stmt {
		st := p.Steps[i]
		var code stmt
		switch {
		case st.Magic != "":
			code = func(F) ctl { stopOn(c.host.Magic(i)); return next }
		case len(st.Show) > 0:
			var shows []stmt
			for _, x := range st.Show {
				shows = append(shows, c.show(i, x))
			}
			code = orNothing(all(shows))
		default:
			code = orNothing(c.stmt(s))
		}
		code = c.timed(st.Time, code)
		return func(f F) ctl {
			cell.begin(i)
			c.host.Step(i)
			end := code(f)
			if end == ret {
				cell.leave(i)
			}
			return end
		}
	})
}

func (c *compiler) timed(how string, code stmt) stmt {
	switch how {
	case "time":
		return func(f F) ctl {
			stop := c.host.Time()
			defer stop()
			return code(f)
		}
	case "timeit":
		return func(f F) ctl {
			c.host.Timeit(func() { code(f) })
			return next
		}
	}
	return code
}

func stopOn(err error) {
	if err != nil {
		panic(eval.Stop{Err: err})
	}
}

// show is an expression whose value is shown.
func (c *compiler) show(i int, x ast.Expr) stmt {
	tv := c.info.Types[x]
	tuple, isTuple := tv.Type.(*types.Tuple)
	switch {
	case tv.IsType():
		c.refuse(x, "this is a type, not a value")
	case tv.IsVoid() || isTuple && tuple.Len() == 0 || c.prints(x):
		return c.exprStmt(x)
	}
	if c.prog.Fallible(x) {
		err := codeOf[mem.Iface](c.exprTo(x, emptyInterface))
		return func(f F) ctl {
			if v := err(f); v.Tab != nil {
				stopOn(v.Any().(error))
			}
			return next
		}
	}
	var exprs []*expr
	run := func(F) {}
	if isTuple {
		t := c.tuple(x)
		exprs, run = t.exprs, t.run
	} else {
		e := c.expr(x)
		if tv.IsNil() {
			e = c.nilOf(emptyInterface)
		}
		exprs = []*expr{c.defaulted(e)}
	}
	return c.showAll(i, tv.Type, run, exprs)
}

func (c *compiler) showAll(i int, t types.Type, run func(F), exprs []*expr) stmt {
	lays := make([]*mem.Layout, len(exprs))
	fills := make([]func(F, mem.Ptr), len(exprs))
	for k, e := range exprs {
		lays[k], fills[k] = c.layout(e.t), c.opsOf(e.t).fill(e, 0)
	}
	return func(f F) ctl {
		run(f)
		values := make([]reflect.Value, len(exprs))
		for k, fill := range fills {
			p := lays[k].New()
			fill(f, p)
			values[k] = lays[k].Value(p)
		}
		stopOn(c.host.Show(i, t, values))
		return next
	}
}

// prints reports a call of fmt's printing functions, whose count nobody wants to see.
func (c *compiler) prints(x ast.Expr) bool {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	f, ok := c.info.Uses[sel.Sel].(*types.Func)
	return ok && f.Pkg() != nil && f.Pkg().Path() == "fmt" && (f.Name() == "Print" || f.Name() == "Println" || f.Name() == "Printf" || f.Name() == "Fprint" || f.Name() == "Fprintln" || f.Name() == "Fprintf")
}
