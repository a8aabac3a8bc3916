package eval

import (
	"context"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"reflect"
	"strings"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel/eval/check"
	"github.com/dagbook/dagbook/taskgraph/process"
)

// Engine runs checked programs. A session has one and calls it from one
// goroutine; the goroutines of cells run on between the calls.
type Engine interface {
	// Run makes the program's declarations and variables and takes its steps in
	// order. It returns how many steps ran to their end and what stopped it: nil,
	// ctx.Err() soon after ctx is cancelled, a *Panic, or an error that a step asked
	// the host to report, as it is. A program that the engine cannot run is refused
	// with a *Refusal before anything of it ran.
	Run(ctx context.Context, p *check.Program) (done int, err error)
	// Call calls a function of compiled code that calls functions of cells, those behind
	// widgets for example, as a cell of its own: it ends soon after ctx is cancelled, and
	// a panic of it is a *Panic. It may be called while a program runs.
	Call(ctx context.Context, f func()) error
	// Parameters are the names of the parameters of a cell's function; nil when nobody
	// knows them.
	Parameters(fn any) []string
	// Reset forgets everything earlier programs declared.
	Reset() error
	// Name is the engine's name on the command line.
	Name() string
}

// NewEngine makes an engine that calls back the host.
type NewEngine func(Host) (Engine, error)

// Host is what an engine calls back while code of a cell runs. The methods may be
// called from any goroutine.
type Host interface {
	// Step tells that step i of the program begins.
	Step(i int)
	// Show shows the values of an expression of step i with their static types: one
	// value, or those of a call with several results. It returns the error that stops
	// the cell when the last result is an error that is not nil.
	Show(i int, t types.Type, values []reflect.Value) error
	// Magic runs the magic of step i.
	Magic(i int) error
	// Time measures what runs between the call and that of the returned function.
	Time() (stop func())
	// Timeit runs f as often as it takes for a good measure.
	Timeit(f func())
	// Stdout and Stderr go to the cell that the writing goroutine belongs to.
	Stdout() io.Writer
	Stderr() io.Writer
	// GoPanic reports a panic of a goroutine that a cell started.
	GoPanic(p *Panic)
	// Exit is os.Exit for cells: it ends the cell, by the engine's own way when that is an
	// Exiter, or the process of a worker. It does not return.
	Exit(code int)
	// ShowBundle shows what Typed made of the value of an expression.
	ShowBundle(b display.Bundle)
	// Typed is how a value of a static type looks. methods are the type's own among
	// HookNames, as functions, where compiled code cannot find them on the value; or nil.
	Typed(v reflect.Value, t types.Type, methods map[string]any) display.Bundle
	// Bar shows a progress bar for a loop of that many turns.
	Bar(total int, label string) *display.Bar
	// Position returns where a node of a program stands.
	Position(token.Pos) (cell, line, col int)
	// Origin returns what a taskgraph.Func says about the function of an origin: its ID and
	// its Source.
	Origin(o *Origin) (id string, source *process.Source)
	// Bound returns the symbols of a package, those that belong to the session (fmt's
	// Println, os.Exit, taskgraph.Delayed, ...) bound to it; false for no such package.
	Bound(path string) (map[string]reflect.Value, bool)
}

// Panic is how a cell ends that panicked.
type Panic struct {
	Value  any     // what it panicked with
	Words  string  // of the value, as Words found them while the cell ran; "" when it was not asked
	Frames []Frame // innermost first; empty when the engine knows nothing
}

func (p *Panic) Error() string {
	if err, ok := p.Value.(error); ok {
		return err.Error()
	}
	return fmt.Sprint(p.Value)
}

// Unwrap returns the value when it is an error.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// Frame is a place in a cell that a panic went through; the zero Frame stands for further
// ones that are not listed.
type Frame struct {
	Cell, Line, Col int    // Col is 0 when only the line is known
	Func            string // "" for the cell itself
}

func (f Frame) String() string {
	if f == (Frame{}) {
		return "... and so on"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "cell %d, line %d", f.Cell, f.Line)
	if f.Col > 0 {
		fmt.Fprintf(&b, ", column %d", f.Col)
	}
	if f.Func != "" {
		b.WriteString(", in " + f.Func)
	}
	return b.String()
}

// Refusal says why an engine does not run a program that is correct Go.
type Refusal struct {
	Cell, Line, Col int
	Reason          string // a sentence: what, and what to write instead
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("cell %d, line %d, column %d: %s", r.Cell, r.Line, r.Col, r.Reason)
}

// Generic makes an instance of a generic function that belongs to the session: a function of
// type sig for these type arguments. It is bound by the function's name; a method by "T.M",
// and gets a pointer to its receiver first. named makes what tells a function of a cell to
// others of the one that the instance gets first; it is nil when that is none.
type Generic func(types []reflect.Type, sig reflect.Type, named func(fn any) any) reflect.Value

// Exiter is an engine that ends a cell as os.Exit ends a process: no deferred function runs, and
// nothing recovers. Exit does not return. Other engines panic with an Exit.
type Exiter interface{ Exit(code int) }

// Exit is what os.Exit ends a cell with: the cell ends, the kernel does not.
type Exit struct{ Code int }

func (e Exit) Error() string {
	return fmt.Sprintf("os.Exit(%d) ended the cell; the kernel goes on", e.Code)
}

// Stop is the panic value of must and of a failed magic: the cell ends with Err.
type Stop struct{ Err error }

func (s Stop) Error() string { return s.Err.Error() }

// Unwrap returns the error.
func (s Stop) Unwrap() error { return s.Err }
