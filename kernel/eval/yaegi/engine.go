// Package yaegi runs checked cells on the interpreter github.com/traefik/yaegi.
//
// The front end has resolved every name, so the text that yaegi gets leaves it no
// choice: names carry their generation (x_2), packages have one alias in all
// cells, functions and methods are reached through variables so that callers see
// a redefinition, and what yaegi lacks or gets wrong is written in a form it
// knows (must, min, range over a number) or refused with a sentence.
//
// What stays out of reach: interpreted types have no methods for compiled code
// beyond the interfaces that yaegi wraps, generic functions of the standard
// library, range over functions, and the line of a panic inside a function: the
// traceback names the function.
package yaegi

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"os"
	"reflect"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/traefik/yaegi/interp"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/check"
)

// Engine is the interpreter with what it remembers of a session.
type Engine struct {
	host   eval.Host
	interp *interp.Interpreter
	trace  *tracer

	imported map[string]bool // paths that emitted text may use
	declared map[string]bool // variables of functions and methods
	impls    map[string]int
	bodies   int

	running atomic.Int64 // goroutines of cells

	shared   *shared
	funcType func() reflect.Type // of taskgraph.Func
}

// New is an [eval.NewEngine].
func New(h eval.Host) (eval.Engine, error) {
	e := &Engine{host: h}
	return e, e.Reset()
}

// Name returns "yaegi".
func (e *Engine) Name() string { return "yaegi" }

// Reset starts a new interpreter.
func (e *Engine) Reset() error {
	e.shared = newShared()
	e.trace = &tracer{out: e.host.Stderr(), shared: e.shared}
	e.interp = interp.New(interp.Options{GoPath: os.DevNull, Stdout: e.host.Stdout(), Stderr: e.trace, Unrestricted: true})
	e.imported, e.declared = map[string]bool{}, map[string]bool{}
	e.impls = map[string]int{}
	e.funcType = sync.OnceValue(e.delayedFunc)
	if err := e.interp.Use(interp.Exports{"dagbook/host/" + host: e.callbacks()}); err != nil {
		return err
	}
	_, err := e.interp.Eval(fmt.Sprintf("import %s %q", host, "dagbook/host"))
	return err
}

func (e *Engine) position(pos token.Pos) (cell, line, col int) { return e.host.Position(pos) }

func (e *Engine) nextBody() int { e.bodies++; return e.bodies }

// Run implements [eval.Engine].
func (e *Engine) Run(ctx context.Context, p *check.Program) (int, error) {
	em := &emitter{engine: e, prog: p, imports: map[string]string{}, written: map[*ast.Ident]bool{}, declared: map[string]bool{}, loops: map[*ast.BlockStmt]bool{}}
	t, err := em.emit()
	if err != nil {
		return 0, err
	}
	if err := e.importAll(em.imports); err != nil {
		return 0, err
	}
	e.settle()
	e.shared.latest.Store(int64(p.Cell))
	steps := &progress{body: e.bodies, left: make(chan struct{})}
	e.trace.begin(steps)
	defer e.trace.begin(nil)
	if t.decls != "" {
		if err := e.eval(ctx, p, "package main\n"+t.decls, false); err != nil {
			return 0, err
		}
		maps.Copy(e.declared, em.declared)
	}
	for _, text := range []string{t.assign, t.body} {
		if text != "" {
			if err := e.eval(ctx, p, text, false); err != nil {
				return 0, err
			}
		}
	}
	if t.call == "" {
		return len(p.Steps), nil
	}
	if err := e.eval(ctx, p, t.call, true); err != nil {
		switch {
		case isOverflow(err):
			steps.awaitLeaving(10 * time.Second) // there is much to unwind
			runtime.GC()                         // gives the stacks back
		case ctx.Err() != nil:
			steps.awaitLeaving(100 * time.Millisecond)
		}
		return steps.before(), err
	}
	if !steps.ended() && ctx.Err() != nil {
		return steps.before(), ctx.Err()
	}
	if !steps.ended() {
		return steps.before(), e.panicOf(p, errors.New("runtime.Goexit ended the cell"))
	}
	return min(steps.before()+1, len(p.Steps)), nil // fewer than all when a return ended the cell
}

// Call implements [eval.Engine]. Code of the interpreter that compiled code calls cannot be
// stopped: after an interrupt it is left alone.
func (e *Engine) Call(ctx context.Context, f func()) error {
	done := make(chan error, 1)
	go func() {
		var failed error = &eval.Panic{Value: errors.New("runtime.Goexit ended the call")}
		defer func() {
			if v := recover(); v != nil {
				failed = e.panicOf(&check.Program{}, v)
			}
			done <- failed
		}()
		f()
		failed = nil
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Parameters implements [eval.Engine]: the interpreter does not tell.
func (e *Engine) Parameters(any) []string { return nil }

// importAll makes packages known to the interpreter, each once.
func (e *Engine) importAll(imports map[string]string) error {
	for path, alias := range imports {
		if e.imported[path] {
			continue
		}
		syms, ok := e.host.Bound(path)
		if !ok {
			return fmt.Errorf("the package %s has no symbols here", path)
		}
		if err := e.use(path, syms); err != nil {
			return err
		}
		if _, err := e.interp.Eval(fmt.Sprintf("import %s %q", alias, path)); err != nil {
			return fmt.Errorf("importing %s: %w", path, err)
		}
		e.imported[path] = true
		if path == "reflect" {
			e.shared.reflects.Store(true)
		}
	}
	return nil
}

func (e *Engine) use(path string, syms map[string]reflect.Value) error {
	name := path[strings.LastIndexByte(path, '/')+1:]
	// A path handed over as "p/name" is package name at p; fmt must not be known by
	// that form, since yaegi would compile its own copies of generic packages then.
	exports := interp.Exports{path + "/" + name: syms}
	if path == "fmt" {
		exports = interp.Exports{"fmt/fmt_": syms}
		mapPrinting(e.interp, syms)
	}
	return e.interp.Use(exports)
}

// mapPrinting tells yaegi which functions look for methods on their arguments.
func mapPrinting(in *interp.Interpreter, syms map[string]reflect.Value) {
	ifaces := []reflect.Type{reflect.TypeFor[fmt.Formatter](), reflect.TypeFor[fmt.Stringer](), reflect.TypeFor[error]()}
	m := map[reflect.Value][]reflect.Type{}
	for name, v := range syms {
		if v.Kind() == reflect.Func && strings.Contains(name, "rint") || name == "Errorf" {
			m[v] = ifaces[:2]
		}
	}
	in.Use(interp.Exports{".": {"MapTypes": reflect.ValueOf(m)}})
}

// eval evaluates a text. Only the steps run code of the cell; the rest cannot fail
// but by a fault of yaegi's, which is told as such.
func (e *Engine) eval(ctx context.Context, p *check.Program, text string, steps bool) error {
	stop := make(chan struct{})
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var watch sync.WaitGroup
	if steps {
		watch.Go(func() { watchStacks(stop, cancel) })
	}
	_, err := e.interp.EvalWithContext(ctx, text)
	close(stop)
	watch.Wait()
	var pan interp.Panic
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		if o, ok := context.Cause(ctx).(*overflow); ok {
			return &eval.Panic{Value: o}
		}
		return ctx.Err()
	case asPanic(err, &pan):
		if !steps {
			return e.refusal(p, fmt.Sprint(pan.Value))
		}
		return e.panicOf(p, pan.Value)
	default:
		return e.refusal(p, err.Error())
	}
}

func asPanic(err error, p *interp.Panic) bool {
	v, ok := err.(interp.Panic)
	if ok {
		*p = v
	}
	return ok
}

// panicOf turns what a cell panicked with into the error that ends it.
func (e *Engine) panicOf(p *check.Program, v any) error {
	v = e.inGoWords(plainValue(v))
	frames := e.trace.frames()
	if i := e.trace.step(); i >= 0 && i < len(p.Steps) {
		frames = append(frames, eval.Frame{Cell: p.Cell, Line: p.Steps[i].Line})
	}
	return &eval.Panic{Value: v, Frames: frames}
}

// plainValue takes yaegi's wrapping off a panic value.
func plainValue(v any) any {
	if rv, ok := v.(reflect.Value); ok {
		if rv.IsValid() && rv.CanInterface() {
			return plainValue(rv.Interface())
		}
		return nil
	}
	return v
}

var where = regexp.MustCompile(`^(?:_\.go:)?(\d+):(\d+): `)

// refusal tells that yaegi does not take a program that is correct Go.
func (e *Engine) refusal(p *check.Program, msg string) error {
	r := &eval.Refusal{Cell: p.Cell, Line: 1, Col: 1}
	if m := where.FindStringSubmatch(msg); m != nil {
		n, _ := strconv.Atoi(m[1])
		r.Cell, r.Line = e.shared.place(n)
		r.Col, _ = strconv.Atoi(m[2])
		msg = msg[len(m[0]):]
	}
	r.Reason = "the yaegi engine cannot run this, though it is correct Go: " + generation.ReplaceAllString(msg, "$1")
	return r
}

// generation finds names like x_2 and fmt_ in messages.
var generation = regexp.MustCompile(`\b([A-Za-z]\w*?)_(?:\d+(?:_impl\d+)?)?\b`)
