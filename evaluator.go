package main

import (
	"context"
	"log/slog"
	"maps"
	"strings"
	"sync/atomic"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/display/plotview"
	"github.com/dagbook/dagbook/display/taskview"
	"github.com/dagbook/dagbook/display/widget"
	"github.com/dagbook/dagbook/kernel"
	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/check"
	"github.com/dagbook/dagbook/kernel/magic"
	"github.com/dagbook/dagbook/protocol"
	"github.com/dagbook/dagbook/taskgraph"
)

// evaluator joins a session of the evaluator and the magics to what the kernel
// asks for.
type evaluator struct {
	session *eval.Session
	magics  *magic.Set
	cell    *cell // the one that runs, or ran last
	watch   watch // who sees what computations do
	widgets *widget.Set
	host    *widgetHost // of the widgets

	outlives atomic.Pointer[context.Context] // that of the newest cell, but for the cell's end
}

// lasting is the context of what goes on after its cell: an interrupt of the cell ends it.
func (e *evaluator) lasting() context.Context {
	if ctx := e.outlives.Load(); ctx != nil {
		return *ctx
	}
	return context.Background()
}

// newEvaluator makes a session whose delayed functions run under the context of
// the cell that computes them.
func newEvaluator(engine eval.NewEngine, log *slog.Logger) (*evaluator, error) {
	e := &evaluator{magics: magic.All()}
	runner := taskgraph.New(
		taskgraph.WorkerProcess(workers(func() *eval.Session { return e.session })),
		taskgraph.Context(func() context.Context { return e.session.Context() }),
		taskgraph.FutureContext(e.lasting),
		taskgraph.ProgressView(e.watch.progress), taskgraph.Observer(e.watch.profiled))
	e.watch.view = taskview.New(func() display.Output { return e.session.Output() })
	e.host = &widgetHost{session: func() *eval.Session { return e.session }}
	e.widgets = widget.NewSet(e.host)
	bind := bindings(runner, e.host.session)
	maps.Copy(bind, widgetBindings(e.widgets))
	session, err := eval.New(engine, eval.Options{
		Log:  log,
		Bind: bind,
		Form: e.form,
		Magic: func(ctx context.Context, name, args string, out display.Output) error {
			return e.magics.Run(ctx, &magic.Call{Name: name, Args: args, Out: out, Session: e.cell})
		},
	})
	e.session = session
	return e, err
}

// form is how values look of which package display knows nothing.
func (e *evaluator) form(v any) (display.Bundle, bool) {
	if b, ok := plotview.Bundle(v); ok {
		return b, true
	}
	return e.widgets.Bundle(v)
}

// Execute implements [kernel.Evaluator].
func (e *evaluator) Execute(ctx context.Context, k kernel.Cell, out display.Output, in kernel.Input) kernel.Result {
	c := &cell{evaluator: e, number: k.Number, code: k.Code, out: out}
	if in != nil {
		c.input = func(ctx context.Context, prompt string) (string, error) { return in(ctx, prompt, false) }
	}
	e.cell = c
	lasting, interrupted := context.WithCancelCause(context.WithoutCancel(ctx))
	e.outlives.Store(&lasting)
	defer context.AfterFunc(ctx, func() { interrupted(context.Cause(ctx)) })() // the cell's end comes later
	e.watch.attended.Store(k.Attended)
	if call, ok := magic.ParseCell(k.Code); ok {
		call.Out, call.Session = out, c
		c.fail(ctx, e.magics.Run(ctx, call))
	} else {
		c.fail(ctx, c.Run(ctx, k.Code))
	}
	if c.reset {
		e.widgets.Close()
		c.fail(ctx, e.session.Reset())
	}
	return c.result
}

// cell is a running cell as the magics see it.
type cell struct {
	*evaluator
	number int
	code   string
	out    display.Output
	input  eval.Input
	result kernel.Result
	reset  bool // when the cell is over
}

// failure is a cell's failure on its way through a magic.
type failure struct{ *eval.Failure }

func (f failure) Error() string { return f.Value }

// fail makes err the cell's outcome.
func (c *cell) fail(ctx context.Context, err error) {
	if err == nil {
		return
	}
	f, ok := err.(failure)
	if !ok {
		f = failure{eval.Describe(ctx, err)}
	}
	c.result.Err = &kernel.Failure{Name: f.Name, Value: f.Value, Traceback: f.Traceback}
}

// Run implements [magic.Session].
func (c *cell) Run(ctx context.Context, code string) error {
	r := c.session.Execute(ctx, eval.Cell{Number: c.number, Code: code, Input: c.input}, c.out)
	c.result.Value = r.Value
	if r.Err != nil {
		return failure{r.Err}
	}
	return nil
}

// Vars implements [magic.Session].
func (c *cell) Vars() []magic.Var {
	kinds := map[string]string{"variable": "var", "function": "func", "type": "type", "constant": "const"}
	var out []magic.Var
	for _, n := range c.session.Names() {
		out = append(out, magic.Var{Name: n.Name, Kind: kinds[n.Kind], Type: n.Type})
	}
	return out
}

// Args implements [magic.Session].
func (c *cell) Args() []string { return c.session.Args() }

// SetArgs implements [magic.Session].
func (c *cell) SetArgs(args []string) { c.session.SetArgs(args) }

// Reset implements [magic.Session]: the names go when the cell is over, since the
// rest of it may need them.
func (c *cell) Reset() error {
	c.reset = true
	return nil
}

// Inspect implements [magic.Session].
func (c *cell) Inspect(name string) (display.Bundle, bool) {
	code := c.code + "\n" + name // which may be declared in this very cell
	return c.evaluator.Inspect(code, len(code), 0)
}

// Page implements [magic.Session].
func (c *cell) Page(b display.Bundle) {
	c.result.Payload = append(c.result.Payload, protocol.Payload{Source: "page", Data: b.Data})
}

// SetNextInput implements [magic.Session].
func (c *cell) SetNextInput(text string, replace bool) {
	c.result.Payload = append(c.result.Payload, protocol.Payload{Source: "set_next_input", Text: text, Replace: replace})
}

// Profile implements [magic.Session].
func (c *cell) Profile() (stop func() display.Bundle) {
	p := taskgraph.NewProfile()
	c.watch.profile.Store(p)
	return func() display.Bundle {
		c.watch.profile.Store(nil)
		if len(p.Runs()) == 0 {
			return display.Bundle{}
		}
		return display.Of(p)
	}
}

// Measure implements [magic.Session].
func (c *cell) Measure() func() string { return eval.StartMeasure().Stop }

// Complete implements [kernel.Evaluator].
func (e *evaluator) Complete(code string, cursor int) kernel.Completion {
	if out, ok := e.completeMagic(code, cursor); ok {
		return out
	}
	c := e.session.Complete(code, cursor)
	out := kernel.Completion{Start: c.Start, End: c.End}
	for _, m := range c.Matches {
		signature, called := strings.CutPrefix(m.Type, "func")
		if !called || !strings.HasPrefix(signature, "(") {
			signature = ""
		}
		out.Matches = append(out.Matches, kernel.Match{Text: m.Text, Type: jupyterTypes[m.Kind], Signature: signature})
	}
	return out
}

// jupyterTypes are the words that front ends know for what Go calls so.
var jupyterTypes = map[string]string{
	"function": "function", "method": "function", "variable": "instance", "constant": "instance", "field": "property",
	"type": "type", "package": "module", "keyword": "keyword", "label": "label",
}

// completeMagic completes % and %% at the start of a line.
func (e *evaluator) completeMagic(code string, cursor int) (kernel.Completion, bool) {
	start := strings.LastIndexByte(code[:cursor], '\n') + 1
	line := strings.TrimLeft(code[start:cursor], " \t")
	if !strings.HasPrefix(line, "%") || strings.ContainsAny(line, " \t") {
		return kernel.Completion{}, false
	}
	out := kernel.Completion{Start: cursor - len(line), End: cursor}
	for _, name := range e.magics.Names() {
		m, err := e.magics.Lookup(name)
		if err != nil {
			continue
		}
		for _, form := range []struct {
			prefix string
			fits   bool
		}{{"%", m.Line}, {"%%", m.Cell && strings.TrimSpace(code[:start]) == ""}} {
			if text := form.prefix + name; form.fits && name != "!" && strings.HasPrefix(text, line) {
				out.Matches = append(out.Matches, kernel.Match{Text: text, Type: "magic"})
			}
		}
	}
	return out, true
}

// Inspect implements [kernel.Evaluator].
func (e *evaluator) Inspect(code string, cursor, detail int) (display.Bundle, bool) {
	d, ok := e.session.Inspect(code, cursor)
	if !ok {
		return display.Bundle{}, false
	}
	return describe(d, detail), true
}

// describe lays a description out as text and as Markdown, at detail 1 with the source.
func describe(d check.Description, detail int) display.Bundle {
	text, markdown := d.Signature, "```go\n"+d.Signature+"\n```"
	if d.Doc != "" {
		text += "\n\n" + d.Doc
		markdown += "\n\n" + d.Doc
	}
	if detail > 0 && d.Source != "" {
		text += "\n\n" + d.Source
		markdown += "\n\n```go\n" + d.Source + "\n```"
	}
	b := display.Text(text)
	b.Data[display.MIMEMarkdown] = markdown
	return b
}

// IsComplete implements [kernel.Evaluator].
func (e *evaluator) IsComplete(code string) (status protocol.Completeness, indent string) {
	s, indent := e.session.IsComplete(code)
	return protocol.Completeness(s), indent
}
