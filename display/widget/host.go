package widget

import (
	"context"
	"encoding/json"

	"github.com/dagbook/dagbook/display"
)

// Host is what widgets need of the session that they live in. A kernel implements it.
type Host interface {
	// Open opens a comm to the front ends. handler gets what they send.
	Open(target string, handler Handler, open Message) (Comm, error)
	// Output and Context are those of the code that calls.
	Output() display.Output
	Context() context.Context
	// Call runs user code that prints to out until ctx ends, and reports on out how it
	// failed, if it did.
	Call(ctx context.Context, out display.Output, f func()) (ok bool)
	// Form is how a value looks in the session.
	Form(v any) display.Bundle
	// Parameters are the names of a function's parameters; nil when nobody knows.
	Parameters(fn any) []string
}

// Message is what travels on a comm.
type Message struct {
	Data     json.RawMessage
	Metadata json.RawMessage // of the message, beside its content
	Buffers  [][]byte
}

// Comm is the kernel's end of a comm.
type Comm interface {
	ID() string
	Send(Message) error
	Close(Message) error
}

// Handler takes what front ends send on a comm. Its methods are called one at a time.
type Handler interface {
	Message(ctx context.Context, m Message, out display.Output)
	Closed(ctx context.Context, m Message, out display.Output)
}

// failer is an output on which an error can be shown as that of a cell.
type failer interface {
	Fail(name, value string, traceback []string)
}

// fail shows an error of the widgets themselves.
func fail(out display.Output, err error) {
	if f, ok := out.(failer); ok {
		f.Fail("widget error", err.Error(), []string{"widget error: " + err.Error()})
		return
	}
	out.Stream("stderr", err.Error()+"\n")
}
