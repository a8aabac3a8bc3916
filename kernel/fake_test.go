package kernel_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel"
	"github.com/dagbook/dagbook/kernel/kerneltest"
	"github.com/dagbook/dagbook/protocol"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// run is what a cell does; a fake evaluator has one per code.
type run func(ctx context.Context, cell kernel.Cell, out display.Output, in kernel.Input) kernel.Result

// fake evaluates the cells that it knows. Any other cell fails, like a misspelt name.
type fake map[string]run

func (f fake) Execute(ctx context.Context, cell kernel.Cell, out display.Output, in kernel.Input) kernel.Result {
	if r, ok := f[cell.Code]; ok {
		return r(ctx, cell, out, in)
	}
	return failure("NameError", "undefined: "+cell.Code)
}

// Complete offers what the word before the cursor may become, among two words.
func (f fake) Complete(code string, cursor int) kernel.Completion {
	start := strings.LastIndexAny(code[:cursor], " .") + 1
	c := kernel.Completion{Start: start, End: cursor}
	for _, word := range []string{"Println", "Printf"} {
		if strings.HasPrefix(word, code[start:cursor]) {
			c.Matches = append(c.Matches, kernel.Match{Text: word, Type: "function", Signature: "(a ...any)"})
		}
	}
	return c
}

func (f fake) Inspect(code string, cursor, detail int) (display.Bundle, bool) {
	if !strings.HasPrefix(code, "Println") {
		return display.Bundle{}, false
	}
	return display.Text("func Println(a ...any)"), true
}

func (f fake) IsComplete(code string) (protocol.Completeness, string) {
	if strings.HasSuffix(code, "{") {
		return protocol.Incomplete, "\t"
	}
	return protocol.Complete, ""
}

func failure(name, value string) kernel.Result {
	return kernel.Result{Err: &kernel.Failure{Name: name, Value: value, Traceback: []string{name + ": " + value}}}
}

func value(text string) kernel.Result { return kernel.Result{Value: display.Text(text)} }

// just makes a cell that only prints.
func just(f func(out display.Output)) run {
	return func(_ context.Context, _ kernel.Cell, out display.Output, _ kernel.Input) kernel.Result {
		f(out)
		return kernel.Result{}
	}
}

// simple are cells that many tests use.
func simple() fake {
	return fake{
		"1": func(context.Context, kernel.Cell, display.Output, kernel.Input) kernel.Result { return value("1") },
		"hello": just(func(out display.Output) {
			out.Stream("stdout", "hello\n")
		}),
		"loop": func(ctx context.Context, _ kernel.Cell, out display.Output, _ kernel.Input) kernel.Result {
			out.Display(display.Text("running"), "")
			<-ctx.Done()
			return failure("Interrupted", context.Cause(ctx).Error())
		},
		"name?": func(ctx context.Context, _ kernel.Cell, out display.Output, in kernel.Input) kernel.Result {
			line, err := in(ctx, "name? ", false)
			if err != nil {
				return failure("InputError", err.Error())
			}
			return value("hello " + line)
		},
	}
}

func start(t testing.TB, eval kernel.Evaluator) *kerneltest.FrontEnd {
	t.Helper()
	return kerneltest.Start(t, eval, kernel.Options{Version: "1.2.3"})
}

// logged returns a logger and what it has written.
func logged() (*slog.Logger, *strings.Builder) {
	var b strings.Builder
	return slog.New(slog.NewTextHandler(&b, nil)), &b
}
