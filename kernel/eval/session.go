// Package eval runs the cells of a notebook: it checks them (package check), has
// an [Engine] run them, and shows what they yield.
//
//	s, err := eval.New(yaegi.New, eval.Options{})
//	r := s.Execute(ctx, eval.Cell{Number: 1, Code: "x := 6\nx * 7"}, out) // r.Value is 42
//
// A [Session] owns the variables of its cells. Execute and the other methods are
// called from one goroutine; the goroutines that cells start go on between cells,
// and what they print goes to the cell that started them.
package eval

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"log/slog"
	"os"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel/eval/check"
	"github.com/dagbook/dagbook/kernel/eval/parent"
	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// Session is the state of one notebook.
type Session struct {
	front  *check.Session
	engine Engine
	opts   Options
	routes *routes
	bound  bindings
	screen *display.Displayer
	stdin  *os.File // what os.Stdin is for cells

	now atomic.Pointer[running] // the cell that runs, nil between cells
}

// Options say what a session is joined to; the zero value is a session on its own.
type Options struct {
	// Bind replaces symbols of packages by ones that belong to the session:
	// import path -> name -> function or pointer to the variable.
	Bind map[string]map[string]any
	// Magic runs a line magic (%name args, !command, name?).
	Magic func(ctx context.Context, name, args string, out display.Output) error
	// Log is told of faults of the evaluator itself; nil: slog's default.
	Log *slog.Logger
}

// New returns an empty session.
func New(engine NewEngine, opts Options) (*Session, error) {
	s := &Session{front: check.New(), opts: opts, routes: newRoutes()}
	if opts.Log == nil {
		s.opts.Log = slog.Default()
	}
	s.front.Faults = func(f *check.Fault) { s.opts.Log.Error("the checker panicked", "value", f.Value, "stack", f.Stack) }
	s.screen = display.New(s.Output)
	s.bound = s.bindings()
	e, err := engine(s)
	if err != nil {
		return nil, fmt.Errorf("the engine does not start: %w", err)
	}
	s.engine = e
	return s, nil
}

// Result is what became of a cell.
type Result struct {
	Value display.Bundle // of its last expression; empty when there is none
	Err   *Failure       // nil when it went well
}

// running is a program while it runs. An engine that is interrupted may leave
// goroutines behind that still show values; they find another running, or none.
type running struct {
	ctx  context.Context
	out  display.Output
	prog *check.Program
	mark parent.Mark // of its goroutines

	input Input

	mu   sync.Mutex
	last display.Bundle // shown by the last step, not yet displayed
	rest string         // of a line of input that was read in part
}

// show makes b the last value shown and displays the one before.
func (r *running) show(b display.Bundle) {
	r.mu.Lock()
	before := r.last
	r.last = b
	r.mu.Unlock()
	if !before.Empty() {
		r.out.Display(before, "")
	}
}

// Cell is the text of a cell with its number, which error messages name.
type Cell struct {
	Number int
	Code   string
	Input  Input // nil: the cell cannot ask for input
}

// Execute runs a cell. What it prints and displays goes to out, also after
// Execute has returned, from goroutines that go on. When ctx is cancelled,
// Execute returns soon with an error.
func (s *Session) Execute(ctx context.Context, c Cell, out display.Output) Result {
	cell, err := s.front.Check(c.Number, c.Code)
	if err != nil { // nothing changed, so there is nothing to note
		return Result{Err: s.failure(err, c.Code)}
	}
	for _, n := range cell.Notes {
		out.Stream("stdout", "note: "+n+"\n")
	}
	var r Result
	parent.Do(func(m parent.Mark) { s.routes.begin(m, out) }, func() {
		r = s.run(ctx, cell, c, out)
	})
	return r
}

func (s *Session) run(ctx context.Context, cell *check.Cell, c Cell, out display.Output) Result {
	defer s.now.Store(nil)
	var last display.Bundle
	for _, p := range cell.Programs {
		if !last.Empty() {
			out.Display(last, "")
		}
		now := &running{ctx: ctx, out: out, prog: p, mark: parent.Of(), input: c.Input}
		s.now.Store(now)
		stop, err := s.feedStdin(ctx, p, c.Input)
		if err != nil {
			return Result{Err: s.failure(err, c.Code)}
		}
		done, err := s.engine.Run(ctx, p)
		stop()
		if _, refused := err.(*Refusal); !refused {
			s.front.Commit(p, done)
		}
		if err != nil {
			return Result{Err: s.failure(err, c.Code)}
		}
		now.mu.Lock()
		last = now.last
		now.mu.Unlock()
	}
	return Result{Value: last}
}

// Reset forgets all variables, functions, types and imports of the session.
func (s *Session) Reset() error {
	s.front.Reset()
	return s.engine.Reset()
}

// Engine returns the name of the session's engine.
func (s *Session) Engine() string { return s.engine.Name() }

// ---- Host

// Step implements [Host]: what an earlier step showed is no longer the last.
func (s *Session) Step(i int) {
	if now := s.now.Load(); now != nil {
		now.show(display.Bundle{})
	}
}

// Show implements [Host].
func (s *Session) Show(i int, t types.Type, values []reflect.Value) error {
	ts := []types.Type{t}
	if tuple, ok := t.(*types.Tuple); ok {
		ts = ts[:0]
		for v := range tuple.Variables() {
			ts = append(ts, v.Type())
		}
		last := len(values) - 1
		if isError(ts[last]) {
			if err, _ := interfaceOf(values[last]).(error); err != nil {
				return err
			}
			ts, values = ts[:last], values[:last]
		}
	}
	if now := s.now.Load(); now != nil {
		for k, v := range values {
			now.show(display.Typed(v, types.Default(ts[k])))
		}
	}
	return nil
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

func interfaceOf(v reflect.Value) any {
	if !v.IsValid() || !v.CanInterface() {
		return nil
	}
	return v.Interface()
}

// Magic implements [Host].
func (s *Session) Magic(i int) error {
	now := s.now.Load()
	if now == nil {
		return context.Canceled
	}
	st := now.prog.Steps[i]
	if s.opts.Magic == nil {
		return fmt.Errorf("%%%s: this session has no magics", st.Magic)
	}
	return s.opts.Magic(now.ctx, st.Magic, st.Args, now.out)
}

// Stdout implements [Host].
func (s *Session) Stdout() io.Writer { return s.routes.writer("stdout") }

// Stderr implements [Host].
func (s *Session) Stderr() io.Writer { return s.routes.writer("stderr") }

// GoPanic implements [Host]: the panic of a goroutine is told on the stderr of its
// cell; the kernel goes on.
func (s *Session) GoPanic(p *Panic) {
	f := s.failure(p, "")
	lines := append([]string{fmt.Sprintf("a goroutine of this cell ended: %s: %s", f.Name, f.Value)}, f.Traceback[1:]...)
	fmt.Fprintln(s.Stderr(), strings.Join(lines, "\n"))
}

// ShowBundle implements [Host].
func (s *Session) ShowBundle(b display.Bundle) {
	if now := s.now.Load(); now != nil {
		now.show(b)
	}
}

// Typed implements [Host].
func (s *Session) Typed(v reflect.Value, t types.Type, methods map[string]any) display.Bundle {
	if len(methods) > 0 {
		return display.Of(hooked{v, t, methods})
	}
	return display.Typed(v, types.Default(t))
}

// Bar implements [Host].
func (s *Session) Bar(total int, label string) *display.Bar { return s.screen.Start(total, label) }

// Position implements [Host].
func (s *Session) Position(pos token.Pos) (cell, line, col int) { return s.front.Position(pos) }

// Bound implements [Host].
func (s *Session) Bound(path string) (map[string]reflect.Value, bool) { return s.bound.of(path) }

// Output returns the output of the cell that the calling goroutine belongs to.
func (s *Session) Output() display.Output { return s.routes.output() }

// Context returns the context of the cell that runs; it is cancelled on interrupt.
func (s *Session) Context() context.Context {
	if now := s.now.Load(); now != nil {
		return now.ctx
	}
	return context.Background()
}

// ---- failures

// Failure is an error as a notebook shows it.
type Failure struct {
	Name, Value string
	Traceback   []string // lines; the first repeats name and value
}

const (
	red   = "\x1b[31m"
	plain = "\x1b[0m"
)

// Describe explains an error that is not a cell's own, such as a magic's.
func Describe(err error) *Failure {
	if errors.Is(err, context.Canceled) {
		return simple("interrupted", "the cell was interrupted")
	}
	return simple(errorName(err), err.Error())
}

// failure explains an error of a cell.
func (s *Session) failure(err error, code string) *Failure {
	if stopped, ok := err.(*Panic); ok {
		if st, ok := stopped.Value.(Stop); ok && errors.Is(st.Err, context.Canceled) {
			err = st.Err
		}
	}
	if errors.Is(err, context.Canceled) {
		return simple("interrupted", "the cell was interrupted")
	}
	var compile check.Errors
	var fault *check.Fault
	var pan *Panic
	var refusal *Refusal
	var stop Stop
	switch {
	case errors.As(err, &compile):
		return compileFailure(compile)
	case errors.As(err, &fault):
		return simple("fault of dagbook", fault.Error())
	case errors.As(err, &refusal):
		return simple("not supported", refusal.Error())
	case errors.As(err, &pan):
		return panicFailure(pan, code)
	case errors.As(err, &stop):
		return simple(errorName(stop.Err), stop.Err.Error())
	}
	return simple(errorName(err), err.Error())
}

func simple(name, value string) *Failure {
	return &Failure{Name: name, Value: value, Traceback: []string{red + name + plain + ": " + value}}
}

// errorName is the title of an error: its type when that says something.
func errorName(err error) string {
	t := reflect.TypeOf(err)
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t.Name() == "" || t.PkgPath() == "errors" || t.PkgPath() == "fmt" || !token.IsExported(t.Name()) || strings.HasPrefix(t.Name(), "_") {
		return "error"
	}
	if inner, ok := strings.CutPrefix(t.PkgPath(), symbols.Module+"taskgraph/"); ok && inner != "" {
		return "taskgraph." + t.Name() // the name under which users know it
	}
	return t.String()
}

func compileFailure(es check.Errors) *Failure {
	f := simple("compile error", es[0].Error())
	f.Traceback = nil
	for _, e := range es {
		f.Traceback = append(f.Traceback, red+"compile error"+plain+": "+e.Error())
		if text := e.Text(); text != "" {
			f.Traceback = append(f.Traceback, "    "+text, "    "+red+e.Caret()+plain)
		}
	}
	return f
}

func panicFailure(p *Panic, code string) *Failure {
	name, value := "panic", fmt.Sprint(p.Value)
	switch v := p.Value.(type) {
	case Exit:
		name = "exit"
	case Stop:
		name, value = errorName(v.Err), v.Err.Error()
	case interface{ RuntimeError() }:
		value = fmt.Sprint(v)
	case error:
		name, value = errorName(v), v.Error()
		if !ours(v) {
			name = "panic: " + name
		}
	}
	f := simple(name, value)
	lines := strings.Split(code, "\n")
	for _, fr := range p.Frames {
		f.Traceback = append(f.Traceback, "    "+fr.String())
		if fr.Func == "" && fr.Line >= 1 && fr.Line <= len(lines) {
			f.Traceback = append(f.Traceback, "        "+strings.TrimSpace(lines[fr.Line-1]))
		}
	}
	return f
}

// ours reports an error of dagbook's own packages, which panic to tell the person
// at the notebook of a mistake where it stands.
func ours(err error) bool {
	t := reflect.TypeOf(err)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return strings.HasPrefix(t.PkgPath()+"/", symbols.Module)
}

// exit is os.Exit for cells.
func exit(code int) { panic(Exit{Code: code}) }

// Complete lists what can stand at the byte offset cursor of an unfinished cell.
func (s *Session) Complete(code string, cursor int) check.Completion {
	return s.front.Complete(code, cursor)
}

// Inspect describes the name at the byte offset cursor of a cell, or the function
// whose arguments it is in.
func (s *Session) Inspect(code string, cursor int) (check.Description, bool) {
	return s.front.Inspect(code, cursor)
}

// IsComplete tells a console whether to run what was typed so far: "complete",
// "incomplete" (with the indent of the next line) or "invalid".
func (s *Session) IsComplete(code string) (status, indent string) { return s.front.IsComplete(code) }

// Names returns what the session has declared, sorted by name.
func (s *Session) Names() []check.Name { return s.front.Names() }
