package main

import (
	"context"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel"
	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/check"
	"github.com/dagbook/dagbook/kernel/eval/symbols"
	"github.com/dagbook/dagbook/protocol"
	"github.com/dagbook/dagbook/taskgraph"
)

// evaluator joins a session of the evaluator to what the kernel asks for.
type evaluator struct {
	session *eval.Session
}

// newEvaluator makes a session whose delayed functions run under the context of
// the cell that computes them.
func newEvaluator(engine eval.NewEngine) (*evaluator, error) {
	e := &evaluator{}
	runner := taskgraph.New(taskgraph.Context(func() context.Context { return e.session.Context() }))
	session, err := eval.New(engine, eval.Options{
		Bind: map[string]map[string]any{
			symbols.Module + "taskgraph": {"Delayed": runner.Delayed, "Compute": runner.Compute, "Visualize": runner.Visualize},
		},
	})
	e.session = session
	return e, err
}

// Execute implements [kernel.Evaluator].
func (e *evaluator) Execute(ctx context.Context, cell kernel.Cell, out display.Output, in kernel.Input) kernel.Result {
	input := func(ctx context.Context, prompt string) (string, error) { return in(ctx, prompt, false) }
	r := e.session.Execute(ctx, eval.Cell{Number: cell.Number, Code: cell.Code, Input: input}, out)
	res := kernel.Result{Value: r.Value}
	if r.Err != nil {
		res.Err = &kernel.Failure{Name: r.Err.Name, Value: r.Err.Value, Traceback: r.Err.Traceback}
	}
	return res
}

// Complete implements [kernel.Evaluator].
func (e *evaluator) Complete(code string, cursor int) kernel.Completion {
	c := e.session.Complete(code, cursor)
	out := kernel.Completion{Start: c.Start, End: c.End}
	for _, m := range c.Matches {
		out.Matches = append(out.Matches, kernel.Match{Text: m.Text, Type: m.Kind})
	}
	return out
}

// Inspect implements [kernel.Evaluator].
func (e *evaluator) Inspect(code string, cursor, detail int) (display.Bundle, bool) {
	d, ok := e.session.Inspect(code, cursor)
	if !ok {
		return display.Bundle{}, false
	}
	return describe(d), true
}

// describe lays a description out as text and as Markdown.
func describe(d check.Description) display.Bundle {
	text := d.Signature
	if d.Doc != "" {
		text += "\n\n" + d.Doc
	}
	return display.Text(text)
}

// IsComplete implements [kernel.Evaluator].
func (e *evaluator) IsComplete(code string) (status protocol.Completeness, indent string) {
	s, indent := e.session.IsComplete(code)
	return protocol.Completeness(s), indent
}
