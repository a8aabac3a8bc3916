package kernel_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel"
	"github.com/dagbook/dagbook/kernel/kerneltest"
	"github.com/dagbook/dagbook/protocol"
)

// types lists the broadcasts between busy and idle.
func types(x *kerneltest.Exchange) []protocol.MessageType {
	var all []protocol.MessageType
	for _, m := range x.IOPub {
		all = append(all, m.Header.MsgType)
	}
	return all[1 : len(all)-1]
}

func executeReply(t *testing.T, x *kerneltest.Exchange) protocol.ExecuteReply {
	t.Helper()
	return kerneltest.Decode[protocol.ExecuteReply](t, x.Reply())
}

func TestExecute(t *testing.T) {
	front := start(t, fake{"cell": func(_ context.Context, cell kernel.Cell, out display.Output, _ kernel.Input) kernel.Result {
		if cell.Number != 1 || cell.Silent {
			t.Errorf("the cell is %+v", cell)
		}
		out.Stream("stdout", "a")
		out.Stream("stdout", "b\n")
		out.Stream("stderr", "c\n")
		out.Display(display.Text("d"), "id")
		out.Update(display.Text("e"), "id")
		out.Update(display.Text("no id, nothing to update"), "")
		out.Clear(true)
		out.Stream("stdout", "f\n")
		r := value("g")
		r.Payload = []protocol.Payload{{Source: "set_next_input", Text: "h"}}
		return r
	}})
	x := front.Execute("cell")
	framed(t, x)
	want := []protocol.MessageType{"execute_input", "stream", "stream", "display_data", "update_display_data", "clear_output", "stream", "execute_result"}
	if diff := cmp.Diff(want, types(x)); diff != "" {
		t.Error(diff)
	}
	if x.Stdout() != "ab\nf\n" || x.Stderr() != "c\n" || !cmp.Equal(x.Shown(), []string{"d", "g"}) {
		t.Errorf("the cell gave\n%s", x)
	}
	reply := executeReply(t, x)
	if reply.ExecutionCount != 1 || len(reply.Payload) != 1 || reply.Payload[0].Text != "h" {
		t.Errorf("the reply is %+v", reply)
	}
	if last := x.All[len(x.All)-2]; last != x.Reply() {
		t.Errorf("the reply does not come after all output:\n%s", x)
	}
}

func TestExecutionCountFollowsTheHistory(t *testing.T) {
	front := start(t, simple())
	steps := []struct {
		req  protocol.ExecuteRequest
		want int // in the reply
	}{
		{kerneltest.Run("1"), 1},
		{protocol.ExecuteRequest{Code: "1"}, 2}, // not kept: the number that is next
		{kerneltest.Run("1"), 2},
		{protocol.ExecuteRequest{Code: "1", Silent: true}, 2}, // silent: the last number
		{kerneltest.Run("1"), 3},
	}
	for i, s := range steps {
		if got := executeReply(t, front.Request(s.req)).ExecutionCount; got != s.want {
			t.Errorf("step %d has the count %d, not %d", i, got, s.want)
		}
	}
	x := front.Execute("nonsense")
	if e := kerneltest.DecodeError(t, x.Reply()); e.ExecutionCount == nil || *e.ExecutionCount != 4 {
		t.Errorf("the failed cell's reply is %s", x.Reply().Content)
	}
}

func TestSilent(t *testing.T) {
	eval := simple()
	front := start(t, eval)
	for _, code := range []string{"hello", "1", "nonsense"} {
		x := front.Request(protocol.ExecuteRequest{Code: code, Silent: true, StopOnError: true})
		framed(t, x)
		if got := types(x); len(got) != 0 {
			t.Errorf("silent %s publishes %v", code, got)
		}
	}
	h := kerneltest.Decode[protocol.HistoryReply](t, front.Request(protocol.HistoryRequest{Access: protocol.HistoryTail}).Reply())
	if len(h.History) != 0 {
		t.Errorf("silent cells are kept: %v", h.History)
	}
}

func TestError(t *testing.T) {
	front := start(t, simple())
	x := front.Execute("nonsense")
	framed(t, x)
	want := protocol.Error{EName: "NameError", EValue: "undefined: nonsense", Traceback: []string{"NameError: undefined: nonsense"}}
	if diff := cmp.Diff(&want, x.Failure()); diff != "" {
		t.Error(diff)
	}
	e := kerneltest.DecodeError(t, x.Reply())
	if e.Status != protocol.Failed || e.EName != want.EName || !cmp.Equal(e.Traceback, want.Traceback) {
		t.Errorf("the reply is %s", x.Reply().Content)
	}
}

func TestUserExpressions(t *testing.T) {
	eval := simple()
	eval["bad"] = func(context.Context, kernel.Cell, display.Output, kernel.Input) kernel.Result {
		return kernel.Result{Value: display.Bundle{Data: map[string]any{"text/plain": "x"}, Metadata: map[string]any{"c": func() {}}}}
	}
	front := start(t, eval)
	req := kerneltest.Run("hello")
	req.UserExpressions = map[string]string{"one": "1", "none": "hello", "wrong": "nonsense", "bad": "bad"}
	x := front.Request(req)
	framed(t, x)
	got := executeReply(t, x).UserExpressions
	if one := got["one"]; one.Status != protocol.OK || one.Data["text/plain"] != "1" {
		t.Errorf("1 is %+v", one)
	}
	for name, says := range map[string]string{"none": "no value", "wrong": "undefined: nonsense", "bad": "unsupported type"} {
		if e := got[name]; e.Status != protocol.Failed || !strings.Contains(e.EValue, says) {
			t.Errorf("%s is %+v", name, e)
		}
	}
	req = kerneltest.Run("nonsense")
	req.UserExpressions = map[string]string{"one": "1"}
	if x := front.Request(req); strings.Contains(string(x.Reply().Content), "user_expressions") {
		t.Errorf("after an error expressions are evaluated: %s", x.Reply().Content)
	}
}

// gate is a cell that a test lets go on.
func gate(result kernel.Result) (cell run, open func()) {
	gone := make(chan struct{})
	return func(ctx context.Context, _ kernel.Cell, out display.Output, _ kernel.Input) kernel.Result {
		out.Display(display.Text("at the gate"), "")
		select {
		case <-gone:
		case <-ctx.Done():
		}
		return result
	}, func() { close(gone) }
}

func TestStopOnErrorAbortsWhatIsQueued(t *testing.T) {
	for _, stop := range []bool{true, false} {
		eval := simple()
		cell, open := gate(failure("Error", "failed at the gate"))
		eval["gate"] = cell
		front := start(t, eval)

		req := kerneltest.Run("gate")
		req.StopOnError = stop
		first := front.Send(protocol.Shell, req)
		front.WaitFor(first, protocol.TypeDisplayData)
		queued := []*protocol.Message{front.Send(protocol.Shell, kerneltest.Run("1")), front.Send(protocol.Shell, kerneltest.Run("hello"))}
		info := front.Send(protocol.Shell, protocol.KernelInfoRequest{})
		open()

		for _, m := range queued {
			x := front.Wait(m)
			framed(t, x)
			aborted := strings.Contains(string(x.Reply().Content), `"status":"aborted"`)
			if aborted != stop {
				t.Errorf("stop_on_error %v: the cell behind is answered by %s", stop, x.Reply().Content)
			}
			if aborted && len(types(x)) != 0 {
				t.Errorf("an aborted cell publishes %v", types(x))
			}
		}
		kerneltest.Decode[protocol.KernelInfoReply](t, front.Wait(info).Reply())
		if got := front.Execute("1").Result(); got != "1" {
			t.Errorf("stop_on_error %v: a cell sent after the reply has the value %q", stop, got)
		}
	}
}

func TestControlIsAnsweredWhileACellRuns(t *testing.T) {
	front := start(t, simple())
	cell := front.Send(protocol.Shell, kerneltest.Run("loop"))
	front.WaitFor(cell, protocol.TypeDisplayData)
	framed(t, front.Control(protocol.KernelInfoRequest{}))
	framed(t, front.Control(protocol.InterruptRequest{}))
	x := front.Wait(cell)
	framed(t, x)
	if f := x.Failure(); f == nil || f.EValue != kernel.ErrInterrupted.Error() {
		t.Errorf("the interrupted cell gave\n%s", x)
	}
	if got := front.Execute("1").Result(); got != "1" {
		t.Errorf("the next cell has the value %q", got)
	}
}

func TestInterruptSignal(t *testing.T) {
	signals := make(chan os.Signal)
	front := kerneltest.Start(t, simple(), kernel.Options{Interrupts: signals})
	signals <- os.Interrupt // nothing runs: no harm
	cell := front.Send(protocol.Shell, kerneltest.Run("loop"))
	front.WaitFor(cell, protocol.TypeDisplayData)
	signals <- os.Interrupt
	if f := front.Wait(cell).Failure(); f == nil || f.EName != "Interrupted" {
		t.Errorf("the cell's error is %+v", f)
	}
}

func TestPanicInTheEvaluatorIsAnswered(t *testing.T) {
	log, text := logged()
	eval := fake{"panic": func(context.Context, kernel.Cell, display.Output, kernel.Input) kernel.Result { panic("oh no") }}
	front := kerneltest.Start(t, eval, kernel.Options{Log: log})
	x := front.Execute("panic")
	framed(t, x)
	if e := kerneltest.DecodeError(t, x.Reply()); e.EName != "Panic" || !strings.Contains(e.EValue, "oh no") {
		t.Errorf("the reply is %s", e)
	}
	if f := x.Failure(); f == nil {
		t.Errorf("nothing is shown:\n%s", x)
	}
	front.Control(protocol.ShutdownRequest{})
	if err := front.Ended(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "execute_test.go") {
		t.Errorf("the log has no stack:\n%s", text)
	}
}

func TestUnshowableValuesAreSaidSo(t *testing.T) {
	eval := fake{"nan": func(_ context.Context, _ kernel.Cell, out display.Output, _ kernel.Input) kernel.Result {
		out.Display(display.Bundle{Data: map[string]any{"application/json": func() {}}}, "")
		return kernel.Result{Value: display.Bundle{Data: map[string]any{"text/plain": "x"}, Metadata: map[string]any{"y": make(chan int)}}}
	}}
	x := start(t, eval).Execute("nan")
	framed(t, x)
	if strings.Count(x.Stderr(), "The output cannot be shown: ") != 2 {
		t.Errorf("stderr is %q", x.Stderr())
	}
}

func TestInput(t *testing.T) {
	front := start(t, simple())
	for _, parent := range []bool{true, false} {
		cell := front.Send(protocol.Shell, kerneltest.Run("name?"))
		prompt := front.Answer(cell, "Ada", parent)
		if p := kerneltest.Decode[protocol.InputRequest](t, prompt); p.Prompt != "name? " || p.Password {
			t.Errorf("the prompt is %+v", p)
		}
		x := front.Wait(cell)
		if x.Result() != "hello Ada" || !cmp.Equal(prompt.Identities, cell.Identities) {
			t.Errorf("the cell gave\n%s", x)
		}
	}
}

func TestInputIsRefusedWithoutStdin(t *testing.T) {
	x := start(t, simple()).Request(protocol.ExecuteRequest{Code: "name?"})
	if f := x.Failure(); f == nil || !strings.Contains(f.EValue, "allow_stdin is false") || len(x.Prompts) != 0 {
		t.Errorf("the cell gave\n%s", x)
	}
}

func TestInputIsInterruptedAndLateAnswersAreDropped(t *testing.T) {
	front := start(t, simple())
	cell := front.Send(protocol.Shell, kerneltest.Run("name?"))
	prompt := front.WaitForPrompt(cell)
	front.Control(protocol.InterruptRequest{})
	if f := front.Wait(cell).Failure(); f == nil || f.EValue != kernel.ErrInterrupted.Error() {
		t.Errorf("the interrupted prompt gave %+v", f)
	}
	next := front.Send(protocol.Shell, kerneltest.Run("name?"))
	front.WaitForPrompt(next)
	front.Type(prompt, "too late", true)
	front.Answer(next, "Bob", true)
	if got := front.Wait(next).Result(); got != "hello Bob" {
		t.Errorf("the second prompt gave %q", got)
	}
}

func TestInputOfACellThatIsOver(t *testing.T) {
	got, goOn := make(chan error), make(chan struct{})
	front := start(t, fake{"leave": func(_ context.Context, _ kernel.Cell, _ display.Output, in kernel.Input) kernel.Result {
		go func() {
			<-goOn
			_, err := in(context.Background(), "anybody? ", false)
			got <- err
		}()
		return kernel.Result{}
	}})
	front.Execute("leave")
	close(goOn)
	if err := <-got; err == nil || !strings.Contains(err.Error(), "is over") {
		t.Errorf("the error is %v", err)
	}
}

func TestShutdown(t *testing.T) {
	for _, ch := range []protocol.Channel{protocol.Control, protocol.Shell} {
		for _, restart := range []bool{true, false} {
			front := start(t, simple())
			x := front.Wait(front.Send(ch, protocol.ShutdownRequest{Restart: restart}))
			framed(t, x)
			want := protocol.ShutdownReply{Status: protocol.OK, Restart: restart}
			if got := kerneltest.Decode[protocol.ShutdownReply](t, x.Reply()); got != want {
				t.Errorf("the reply is %+v", got)
			}
			if len(x.Of(protocol.TypeShutdownReply)) != 1 {
				t.Errorf("nothing is broadcast:\n%s", x)
			}
			if err := front.Ended(); err != nil {
				t.Errorf("Run returns %v", err)
			}
		}
	}
}

func TestShutdownStopsTheRunningCell(t *testing.T) {
	front := start(t, simple())
	cell := front.Send(protocol.Shell, kerneltest.Run("loop"))
	front.WaitFor(cell, protocol.TypeDisplayData)
	front.Control(protocol.ShutdownRequest{})
	if err := front.Ended(); err != nil {
		t.Errorf("Run returns %v", err)
	}
	framed(t, front.Wait(cell)) // the cell is answered, too
}

func TestShutdownDoesNotWaitForACellThatIgnoresIt(t *testing.T) {
	release, left := make(chan struct{}), make(chan struct{})
	conn := kerneltest.NewConn()
	session := protocol.NewSession("student")
	k := kernel.New(session, conn, fake{"deaf": func(context.Context, kernel.Cell, display.Output, kernel.Input) kernel.Result {
		defer close(left)
		<-release
		return kernel.Result{}
	}}, kernel.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	m, err := session.New(nil, kerneltest.Run("deaf"))
	if err != nil {
		t.Fatal(err)
	}
	conn.Deliver(m)
	ended := make(chan error)
	go func() { ended <- k.Run(ctx) }()
	waitForType(t, conn, protocol.TypeExecuteInput)
	cancel()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "did not stop") {
		t.Errorf("Run returns %v", err)
	}
	close(release)
	<-left
}

// waitForType waits until the kernel has sent a message of a type.
func waitForType(t *testing.T, conn *kerneltest.Conn, want protocol.MessageType) {
	t.Helper()
	for range 10_000 {
		for _, m := range conn.Sent() {
			if m.Header.MsgType == want {
				return
			}
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("no %s was sent", want)
}

// broken is a connection whose sockets are gone.
type broken struct{ *kerneltest.Conn }

var errBroken = errors.New("the wire is cut")

func (b broken) Recv(ctx context.Context, ch protocol.Channel) (*protocol.Message, error) {
	if ch == protocol.Shell {
		return nil, errBroken
	}
	return b.Conn.Recv(ctx, ch)
}

func TestRunEndsWithItsConnection(t *testing.T) {
	k := kernel.New(protocol.NewSession("k"), broken{kerneltest.NewConn()}, fake{}, kernel.Options{})
	if err := k.Run(t.Context()); !errors.Is(err, errBroken) {
		t.Errorf("Run returns %v", err)
	}
}

// TestAttended: who cannot be asked does not look on either.
func TestAttended(t *testing.T) {
	var attended []bool
	front := start(t, fake{"cell": func(_ context.Context, cell kernel.Cell, _ display.Output, _ kernel.Input) kernel.Result {
		attended = append(attended, cell.Attended)
		return kernel.Result{}
	}})
	for _, allow := range []bool{true, false} {
		front.Request(protocol.ExecuteRequest{Code: "cell", AllowStdin: allow})
	}
	if !slices.Equal(attended, []bool{true, false}) {
		t.Errorf("got %v", attended)
	}
}
