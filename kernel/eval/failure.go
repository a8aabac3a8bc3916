package eval

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"reflect"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval/check"
	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// Failure is an error as a notebook shows it.
type Failure struct {
	Name, Value string
	Traceback   []string // lines; the first repeats name and value
}

const (
	red   = "\x1b[31m"
	plain = "\x1b[0m"
)

// Describe explains an error that is not a cell's own, such as a magic's. ctx is that
// of the cell.
func Describe(ctx context.Context, err error) *Failure {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return simple("interrupted", "the cell was interrupted")
	}
	return simple(errorName(err), err.Error())
}

// failure explains an error of a cell. ctx is the cell's: a context of the user's own
// that was cancelled is no interrupt.
func (s *Session) failure(ctx context.Context, err error, code string) *Failure {
	if ctx.Err() != nil && stopsWith(err) {
		return simple("interrupted", "the cell was interrupted")
	}
	// No errors.As here: it would call methods of what the cell panicked with.
	switch e := err.(type) {
	case check.Errors:
		return compileFailure(e)
	case *check.Fault:
		return simple("fault of dagbook", e.Error())
	case *Refusal:
		return simple("not supported", e.Error())
	case *Panic:
		return panicFailure(e, code)
	case Stop:
		return simple(errorName(e.Err), fmt.Sprint(e.Err))
	}
	return simple(errorName(err), fmt.Sprint(err))
}

// stopsWith reports whether an engine's error is that of a context that ended.
func stopsWith(err error) bool {
	if p, ok := err.(*Panic); ok {
		stop, ok := p.Value.(Stop)
		return ok && errors.Is(stop.Err, context.Canceled)
	}
	return errors.Is(err, context.Canceled)
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
		name, value = errorName(v.Err), fmt.Sprint(v.Err)
	case interface{ RuntimeError() }:
		value = withHint(fmt.Sprint(v))
	case error:
		name, value = errorName(v), fmt.Sprint(v) // survives methods that panic
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

// withHint says behind a run-time error of Go what is mostly the reason.
func withHint(msg string) string {
	for part, hint := range map[string]string{
		"assignment to entry in nil map": "a map that was only declared takes nothing: m := map[K]V{} makes one",
		"nil pointer dereference":        "a pointer that was only declared points to nothing: p := &T{} makes one that does",
		"interface conversion":           "v, ok := x.(T) asks for the type and does not panic",
	} {
		if strings.Contains(msg, part) {
			return msg + " (" + hint + ")"
		}
	}
	return msg
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
