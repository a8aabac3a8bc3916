package eval

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"reflect"
	"slices"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval/check"
	"github.com/dagbook/dagbook/kernel/eval/symbols"
	"github.com/dagbook/dagbook/taskgraph/process"
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
		return simple(errorName(e.Err), Words(e))
	}
	return simple(errorName(err), Words(err))
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
	if strings.HasPrefix(t.PkgPath(), symbols.Module+"taskgraph/") {
		alias := symbols.Module + "taskgraph"
		if syms, _ := symbols.Of(alias); syms[t.Name()].IsValid() && syms[t.Name()].Type() == reflect.PointerTo(t) {
			return "taskgraph." + t.Name() // the name under which users know it
		}
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
	name, value := "panic", p.Words
	if value == "" {
		value = Words(p.Value)
	}
	switch v := p.Value.(type) {
	case Exit:
		name = "exit"
	case Stop:
		name = errorName(v.Err)
	case interface{ RuntimeError() }:
		value = withHint(value)
	case error:
		name = errorName(v)
		if !ours(v) {
			name = "panic: " + name
		}
	}
	f := simple(name, value)
	f.Traceback = append(f.Traceback, elsewhere(p.Value)...)
	f.Traceback = append(f.Traceback, traceback(p.Frames, strings.Split(code, "\n"))...)
	return f
}

// elsewhere is the traceback of a panic in a worker process; nil for other errors.
func elsewhere(v any) (lines []string) {
	if stop, ok := v.(Stop); ok {
		v = stop.Err
	}
	for err, ok := v.(error); ok && err != nil && ours(err); {
		if remote, is := err.(*process.RemoteError); is {
			if strings.HasPrefix(remote.Where, "    cell ") { // Worker.Where
				lines = strings.Split(remote.Where, "\n")
			}
			return lines
		}
		var wrapper interface{ Unwrap() error }
		if wrapper, ok = err.(interface{ Unwrap() error }); ok {
			err = wrapper.Unwrap()
		}
	}
	return nil
}

// traceback is a line for each frame, with the cell's own line below where it stands. Frames
// that come again and again, as those of a recursion do, are there once.
func traceback(frames []Frame, code []string) (lines []string) {
	for len(frames) > 0 {
		period, times := repeated(frames)
		for _, fr := range frames[:period] {
			lines = append(lines, "    "+fr.String())
			if fr.Func == "" && fr.Line >= 1 && fr.Line <= len(code) {
				lines = append(lines, "        "+strings.TrimSpace(code[fr.Line-1]))
			}
		}
		if times > 1 {
			lines = append(lines, "        ... "+again(period, times-1))
		}
		frames = frames[period*times:]
	}
	return lines
}

// repeated returns how many frames at the beginning of a list come at once again and how
// often they are there: 1 and 1 when none do so often that it is worth a line.
func repeated(frames []Frame) (period, times int) {
	const (
		longest = 4 // functions that call each other in turn
		fewest  = 3
	)
	for period := 1; period <= longest && period*fewest <= len(frames); period++ {
		times := 1
		for end := (times + 1) * period; end <= len(frames) && slices.Equal(frames[:period], frames[end-period:end]); end += period {
			times++
		}
		if times >= fewest {
			return period, times
		}
	}
	return 1, 1
}

func again(period, times int) string {
	if period == 1 {
		return fmt.Sprintf("%d more times", times)
	}
	return fmt.Sprintf("these %d lines %d more times", period, times)
}

// Words is the text of what a cell panicked with, or failed with. Its methods may be the
// cell's: they panic, end their goroutine, or do not end before the cell is interrupted. So
// engines ask while the cell still runs.
func Words(v any) string {
	if stop, ok := v.(Stop); ok {
		v = stop.Err
	}
	said := make(chan string, 1)
	go func() {
		text := fmt.Sprintf("a %T, whose text cannot be had", v)
		defer func() {
			recover() // what fmt passes on: a panic with a value that panics as well
			said <- text
		}()
		text = fmt.Sprint(v) // says when a method panics
	}()
	return <-said
}

// withHint says behind a run-time error of Go what is mostly the reason.
func withHint(msg string) string {
	for _, r := range runtimeHints {
		if strings.Contains(msg, r.part) {
			return msg + " (" + r.hint + ")"
		}
	}
	return msg
}

// runtimeHints is in the order in which they are tried: the message of a conversion quotes
// the names of types, and may hold any word.
var runtimeHints = []struct{ part, hint string }{
	{"interface conversion", "v, ok := x.(T) asks for the type and does not panic"},
	{"assignment to entry in nil map", "a map that was only declared takes nothing: m := map[K]V{} makes one"},
	{"nil pointer dereference", "a pointer that was only declared points to nothing: p := &T{} makes one that does"},
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

// Exit implements Host.
func (s *Session) Exit(code int) {
	if s.opts.Exit != nil {
		s.opts.Exit(code)
	}
	if e, ok := s.engine.(Exiter); ok {
		e.Exit(code)
	}
	panic(Exit{Code: code})
}

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
