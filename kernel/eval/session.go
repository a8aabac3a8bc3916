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
	"fmt"
	"log/slog"
	"os"
	"reflect"
	"sync"
	"sync/atomic"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel/eval/check"
	"github.com/dagbook/dagbook/kernel/eval/parent"
)

// Session is the state of one notebook.
type Session struct {
	front   *check.Session
	engine  Engine
	types   *travelTypes // nil when the engine's functions stay in the process
	opts    Options
	routes  *routes
	bound   bindings
	screen  *display.Displayer
	stdin   *os.File // what os.Stdin is for cells
	command *commandLine

	now atomic.Pointer[running] // the cell that runs, nil between cells
}

// Options say what a session is joined to; the zero value is a session on its own.
type Options struct {
	// Bind replaces symbols of packages by ones that belong to the session:
	// import path -> name -> function or pointer to the variable.
	Bind map[string]map[string]any
	// Form says how values look that belong to the session, widgets for example; nil, or
	// false as its second result: as display has it.
	Form func(v any) (display.Bundle, bool)
	// Magic runs a line magic (%name args, !command, name?).
	Magic func(ctx context.Context, name, args string, out display.Output) error
	// Exit ends the process when a cell calls os.Exit; nil: only the cell ends.
	Exit func(code int)
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
	s.screen = display.New(s.Output).With(opts.Form)
	s.command = newCommandLine(s)
	s.bound = s.bindings()
	e, err := engine(s)
	if err != nil {
		return nil, fmt.Errorf("the engine does not start: %w", err)
	}
	s.engine = e
	s.types = newTravelTypes(s)
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

	input  Input
	values func(reflect.Value) // gets what the program shows, in a worker

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
		return Result{Err: s.failure(ctx, err, c.Code)}
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
	for i, p := range cell.Programs {
		if !last.Empty() {
			out.Display(last, "")
		}
		now := &running{ctx: ctx, out: out, prog: p, mark: parent.Of(), input: c.Input}
		s.now.Store(now)
		stop, err := s.feedStdin(ctx, p, c.Input)
		if err != nil {
			s.front.Withdraw(cell.Programs[i:]...)
			return Result{Err: s.failure(ctx, err, c.Code)}
		}
		done, err := s.engine.Run(ctx, p)
		stop()
		ran := i + 1
		switch e := err.(type) {
		case *Refusal:
			ran = i
		case *check.Fault:
			ran = i
			s.opts.Log.Error("the engine panicked", "value", e.Value, "stack", e.Stack)
		default:
			s.front.Commit(p, done)
		}
		if err != nil {
			s.front.Withdraw(cell.Programs[ran:]...)
			return Result{Err: s.failure(ctx, err, c.Code)}
		}
		now.mu.Lock()
		last = now.last
		now.mu.Unlock()
	}
	return Result{Value: last}
}

// Call runs a function of compiled code that calls functions of cells, a widget's for example,
// as a cell: what it prints goes to out, it ends soon after ctx is cancelled, and the result
// says how it failed; nil: it did not. It may be called by code of a running cell.
func (s *Session) Call(ctx context.Context, out display.Output, f func()) (failed *Failure) {
	parent.Do(func(m parent.Mark) { s.routes.call(m, out) }, func() {
		before := s.now.Load()
		defer s.now.Store(before)
		s.now.Store(&running{ctx: ctx, out: out, prog: &check.Program{}, mark: parent.Of()})
		if err := s.engine.Call(ctx, f); err != nil {
			failed = s.failure(ctx, err, "")
		}
	})
	return failed
}

// Form is how a value looks in the session.
func (s *Session) Form(v any) display.Bundle {
	if s.opts.Form != nil {
		if b, ok := s.opts.Form(v); ok {
			return b
		}
	}
	return display.Of(v)
}

// Parameters are the names of the parameters of a cell's function; nil when nobody knows.
func (s *Session) Parameters(fn any) []string { return s.engine.Parameters(fn) }

// Reset forgets all variables, functions, types and imports of the session.
func (s *Session) Reset() error {
	s.front.Reset()
	if s.types != nil {
		s.types.reset()
	}
	return s.engine.Reset()
}

// Engine returns the name of the session's engine.
func (s *Session) Engine() string { return s.engine.Name() }
