package kerneltest

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/dagbook/dagbook/kernel"
	"github.com/dagbook/dagbook/protocol"
)

// patience is how long a front end waits for what a kernel owes it. It is reached in
// tests that fail only.
const patience = 20 * time.Second

// FrontEnd is a client of one kernel. Its methods that wait fail the test when the kernel
// does not answer; they are for the test's goroutine.
type FrontEnd struct {
	Kernel *kernel.Kernel

	t       testing.TB
	conn    *Conn
	session *protocol.Session
	ended   chan struct{} // closed when Run has returned
	err     error         // Run's; to be read after ended
}

// Start runs a kernel with that evaluator until the test ends, which then waits for it.
func Start(t testing.TB, eval kernel.Evaluator, opts kernel.Options) *FrontEnd {
	t.Helper()
	conn := NewConn()
	f := &FrontEnd{
		t: t, conn: conn, session: protocol.NewSession("student"), ended: make(chan struct{}),
		Kernel: kernel.New(protocol.NewSession("kernel"), conn, eval, opts),
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		defer close(f.ended)
		f.err = f.Kernel.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		if err := f.Ended(); err != nil {
			t.Errorf("the kernel ended with: %v", err)
		}
	})
	return f
}

// Ended waits until the kernel has ended, and returns the error of its Run.
func (f *FrontEnd) Ended() error {
	f.t.Helper()
	select {
	case <-f.ended:
		return f.err
	case <-time.After(patience):
		f.t.Fatal("the kernel did not end")
		return nil
	}
}

// Send sends content on shell or control and returns the request, without waiting.
func (f *FrontEnd) Send(ch protocol.Channel, c protocol.Content) *protocol.Message {
	f.t.Helper()
	m, err := f.session.New(nil, c)
	if err != nil {
		f.t.Fatal(err)
	}
	return f.deliver(ch, m)
}

// SendJSON sends a message of any type with any object as content, without waiting: what
// a broken client, or one of another version, sends.
func (f *FrontEnd) SendJSON(ch protocol.Channel, t protocol.MessageType, content string) *protocol.Message {
	f.t.Helper()
	h := f.header()
	h.MsgType = t
	return f.sendFrames(ch, h, []byte(content))
}

// SendToSubshell sends content on shell to a subshell (JEP 91), without waiting.
func (f *FrontEnd) SendToSubshell(c protocol.Content, subshell string) *protocol.Message {
	f.t.Helper()
	content, err := protocol.EncodeContent(c)
	if err != nil {
		f.t.Fatal(err)
	}
	h := f.header()
	h.MsgType, h.SubshellID = c.MsgType(), subshell
	return f.sendFrames(protocol.Shell, h, content)
}

// header is that of a new message of ours.
func (f *FrontEnd) header() protocol.Header {
	f.t.Helper()
	m, err := f.session.New(nil, protocol.KernelInfoRequest{})
	if err != nil {
		f.t.Fatal(err)
	}
	return m.Header
}

// sendFrames sends a message that the protocol's own constructors would not make.
func (f *FrontEnd) sendFrames(ch protocol.Channel, h protocol.Header, content []byte) *protocol.Message {
	f.t.Helper()
	header, err := json.Marshal(h)
	if err != nil {
		f.t.Fatal(err)
	}
	signer, err := protocol.NewSigner("", "")
	if err != nil {
		f.t.Fatal(err)
	}
	frames := [][]byte{[]byte("student"), []byte("<IDS|MSG>"), nil, header, []byte("{}"), []byte("{}"), content}
	m, err := signer.Decode(ch, frames)
	if err != nil {
		f.t.Fatal(err)
	}
	return f.deliver(ch, m)
}

func (f *FrontEnd) deliver(ch protocol.Channel, m *protocol.Message) *protocol.Message {
	m.Channel = ch
	m.Identities = [][]byte{[]byte("student")}
	f.conn.Deliver(m)
	return m
}

// Request sends content on shell and waits until the kernel is done with it.
func (f *FrontEnd) Request(c protocol.Content) *Exchange {
	f.t.Helper()
	return f.Wait(f.Send(protocol.Shell, c))
}

// Control is Request on the control channel.
func (f *FrontEnd) Control(c protocol.Content) *Exchange {
	f.t.Helper()
	return f.Wait(f.Send(protocol.Control, c))
}

// Run is an execute_request as a notebook sends it.
func Run(code string) protocol.ExecuteRequest {
	return protocol.ExecuteRequest{Code: code, StoreHistory: true, AllowStdin: true, StopOnError: true}
}

// Execute runs a cell and waits for its end.
func (f *FrontEnd) Execute(code string) *Exchange {
	f.t.Helper()
	return f.Request(Run(code))
}

// Wait waits until a request is idle and has the reply that it is owed.
func (f *FrontEnd) Wait(request *protocol.Message) *Exchange {
	f.t.Helper()
	return f.until(request, "an end", func(x *Exchange) bool {
		_, owed := protocol.ReplyType(request.Header.MsgType)
		return x.idle() && (!owed || len(x.Replies) > 0)
	})
}

// WaitFor waits for the first broadcast of a type that a request causes.
func (f *FrontEnd) WaitFor(request *protocol.Message, t protocol.MessageType) *protocol.Message {
	f.t.Helper()
	return f.until(request, "a "+string(t), func(x *Exchange) bool { return len(x.Of(t)) > 0 }).Of(t)[0]
}

// WaitForPrompt waits for the input_request of a running cell.
func (f *FrontEnd) WaitForPrompt(request *protocol.Message) *protocol.Message {
	f.t.Helper()
	x := f.until(request, "an input_request", func(x *Exchange) bool { return len(x.Prompts) > 0 })
	return x.Prompts[len(x.Prompts)-1]
}

// Answer waits for the input_request of a running cell and answers it; parent false
// leaves out which one it answers, as some clients do. It returns the input_request.
func (f *FrontEnd) Answer(request *protocol.Message, line string, parent bool) *protocol.Message {
	f.t.Helper()
	prompt := f.WaitForPrompt(request)
	f.Type(prompt, line, parent)
	return prompt
}

// Type sends an input_reply, whether or not anybody waits for it.
func (f *FrontEnd) Type(prompt *protocol.Message, line string, parent bool) {
	f.t.Helper()
	if !parent {
		prompt = nil
	}
	m, err := f.session.New(prompt, protocol.InputReply{Value: line})
	if err != nil {
		f.t.Fatal(err)
	}
	f.deliver(protocol.Stdin, m)
}

// until waits until what a request has caused so far is enough.
func (f *FrontEnd) until(request *protocol.Message, what string, enough func(*Exchange) bool) *Exchange {
	f.t.Helper()
	deadline := time.After(patience)
	for {
		sent, changed := f.conn.snapshot()
		x := collect(f.t, request, sent)
		if enough(x) {
			return x
		}
		select {
		case <-changed:
		case <-f.ended:
			if x = collect(f.t, request, f.conn.Sent()); enough(x) {
				return x
			}
			f.t.Fatalf("the kernel ended before it had sent %s for the %s; it sent:\n%s", what, request.Header.MsgType, x)
		case <-deadline:
			f.t.Fatalf("the kernel has not sent %s for the %s; it sent:\n%s", what, request.Header.MsgType, x)
		}
	}
}

// Sent returns everything that the kernel has sent by now, in order.
func (f *FrontEnd) Sent() []*protocol.Message { return f.conn.Sent() }

// Forget drops what the kernel has sent, so that long measurements stay small.
func (f *FrontEnd) Forget() { f.conn.forget() }

// Exchange is what a kernel has sent because of one request, in the order of sending.
type Exchange struct {
	Request *protocol.Message
	Replies []*protocol.Message // on shell or control; one, when all is well
	Prompts []*protocol.Message // input_request
	IOPub   []*protocol.Message
	All     []*protocol.Message // all of these

	t testing.TB
}

func collect(t testing.TB, request *protocol.Message, sent []*protocol.Message) *Exchange {
	x := &Exchange{Request: request, t: t}
	for _, m := range sent {
		parent, err := m.Parent()
		if err != nil {
			t.Fatal(err)
		}
		if parent.MsgID != request.Header.MsgID {
			continue
		}
		x.All = append(x.All, m)
		switch m.Channel {
		case protocol.IOPub:
			x.IOPub = append(x.IOPub, m)
		case protocol.Stdin:
			x.Prompts = append(x.Prompts, m)
		default:
			x.Replies = append(x.Replies, m)
		}
	}
	return x
}

func (x *Exchange) idle() bool {
	for _, m := range x.Of(protocol.TypeStatus) {
		if Decode[protocol.KernelStatus](x.t, m).ExecutionState == protocol.Idle {
			return true
		}
	}
	return false
}

// Reply is the answer; the test fails when there is none.
func (x *Exchange) Reply() *protocol.Message {
	x.t.Helper()
	if len(x.Replies) == 0 {
		x.t.Fatalf("the %s was not answered; the kernel sent:\n%s", x.Request.Header.MsgType, x)
	}
	return x.Replies[0]
}

// Of returns the broadcasts of a type.
func (x *Exchange) Of(t protocol.MessageType) []*protocol.Message {
	var found []*protocol.Message
	for _, m := range x.IOPub {
		if m.Header.MsgType == t {
			found = append(found, m)
		}
	}
	return found
}

// Stdout is what was printed.
func (x *Exchange) Stdout() string { return x.stream(protocol.Stdout) }

// Stderr is what was printed to stderr.
func (x *Exchange) Stderr() string { return x.stream(protocol.Stderr) }

func (x *Exchange) stream(name protocol.StreamName) string {
	var b strings.Builder
	for _, m := range x.Of(protocol.TypeStream) {
		if s := Decode[protocol.Stream](x.t, m); s.Name == name {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

// Result is the cell's value as text, empty when it has none.
func (x *Exchange) Result() string {
	for _, m := range x.Of(protocol.TypeExecuteResult) {
		return text(Decode[protocol.ExecuteResult](x.t, m).Data)
	}
	return ""
}

// Shown is everything that was shown, displays and the cell's value, as text in order.
func (x *Exchange) Shown() []string {
	var shown []string
	for _, m := range x.IOPub {
		switch m.Header.MsgType {
		case protocol.TypeDisplayData:
			shown = append(shown, text(Decode[protocol.DisplayData](x.t, m).Data))
		case protocol.TypeExecuteResult:
			shown = append(shown, text(Decode[protocol.ExecuteResult](x.t, m).Data))
		}
	}
	return shown
}

// Failure is the cell's error, nil when it has none.
func (x *Exchange) Failure() *protocol.Error {
	for _, m := range x.Of(protocol.TypeError) {
		e := Decode[protocol.Error](x.t, m)
		return &e
	}
	return nil
}

// String lists what was sent, for messages of failing tests.
func (x *Exchange) String() string {
	var b strings.Builder
	for _, m := range x.All {
		content := string(m.Content)
		if len(content) > 200 {
			content = content[:200] + "..."
		}
		b.WriteString("  " + m.Channel.String() + " " + string(m.Header.MsgType) + " " + content + "\n")
	}
	return b.String()
}

func text(data protocol.MIMEData) string {
	s, _ := data["text/plain"].(string)
	return s
}

// Decode reads a message's content, which must be a T.
func Decode[T protocol.Content](t testing.TB, m *protocol.Message) T {
	t.Helper()
	c, err := protocol.DecodeContent[T](m)
	if err != nil {
		t.Fatalf("%s: %v in %s", m.Header.MsgType, err, m.Content)
	}
	return c
}

// DecodeError reads the error reply that a message must be.
func DecodeError(t testing.TB, m *protocol.Message) protocol.ErrorReply {
	t.Helper()
	var e protocol.ErrorReply
	if err := json.Unmarshal(m.Content, &e); err != nil || e.Status == protocol.OK || e.Status == "" {
		t.Fatalf("%s should be an error reply, not %s", m.Header.MsgType, m.Content)
	}
	return e
}
