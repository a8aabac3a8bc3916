package kernel

import (
	"context"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/protocol"
)

// Conn is the kernel's end of the sockets. Its methods may be called from any goroutine.
type Conn interface {
	// Recv returns the next message on shell, control or stdin. The error is that of ctx,
	// or says that the connection is closed, which ends Run.
	Recv(ctx context.Context, ch protocol.Channel) (*protocol.Message, error)
	// Send sends to the client that the message's identities name, on its channel,
	// without waiting for that client.
	Send(m *protocol.Message) error
	// Publish sends to every subscriber of iopub; it waits in bounds only.
	Publish(m *protocol.Message) error
}

// Evaluator runs cells. The shell loop calls it, one call at a time.
type Evaluator interface {
	// Execute runs a cell to its end. ctx is cancelled by an interrupt, when the kernel
	// ends, and once Execute has returned (a goroutine that is to go on after its cell
	// needs a context of its own); Execute should return within 200 ms of it, with a
	// Failure that says so. Whatever the cell prints and shows, also after Execute has
	// returned, goes to out; in asks the person at the notebook for a line.
	Execute(ctx context.Context, cell Cell, out display.Output, in Input) Result
	// Complete lists what may stand at the cursor, a byte offset in code.
	Complete(code string, cursor int) Completion
	// Inspect describes what stands at the cursor, a byte offset in code; with detail 1
	// the source too. False: there is nothing to say.
	Inspect(code string, cursor, detail int) (display.Bundle, bool)
	// IsComplete says whether code can be run as it is and, when it is incomplete, with
	// which indentation the next line starts.
	IsComplete(code string) (status protocol.Completeness, indent string)
}

// Cell is code to run.
type Cell struct {
	Code string
	// Number is the execution count that the front ends show. Cells that are not kept in
	// the history do not advance it, so two cells may have the same.
	Number int
	// Silent code is not the user's cell: a front end's own, or a user expression.
	Silent bool
	// Attended says that somebody is there to answer questions (allow_stdin), and so to see
	// what changes while the cell runs. nbconvert and others that only run notebooks say no.
	Attended bool
}

// Input asks the person at the notebook for a line, which comes without its newline; a
// password is not shown while it is typed. It fails with a sentence when the front end
// cannot ask, when the cell is interrupted, and when the cell that it belongs to is over.
type Input func(ctx context.Context, prompt string, password bool) (string, error)

// Result is what became of a cell.
type Result struct {
	// Value is the cell's last value, its execute_result; empty when there is none.
	// Several values are shown by Display, before the last one comes here.
	Value display.Bundle
	// Err is nil when the cell ran to its end.
	Err *Failure
	// Payload are requests to the front end, such as set_next_input; mostly nil.
	Payload []protocol.Payload
}

// Failure is a cell's error, as front ends show it.
type Failure struct {
	Name      string   // its kind, such as "CompileError"
	Value     string   // what happened, a sentence
	Traceback []string // lines for people; may hold ANSI colours
}

// Completion lists what can replace the bytes Start to End of the code.
type Completion struct {
	Start, End int
	Matches    []Match // nil: nothing fits
}

// Match is one candidate.
type Match struct {
	Text      string
	Type      string // in Jupyter's words: "function", "instance", "type", "module", "keyword" ...; may be empty
	Signature string // of what can be called: "(s string) string"; else empty
}
