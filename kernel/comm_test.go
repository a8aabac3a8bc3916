package kernel_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel"
	"github.com/dagbook/dagbook/kernel/kerneltest"
	"github.com/dagbook/dagbook/protocol"
)

// echo is a widget that says back what it is told.
type echo struct {
	comm   *kernel.Comm
	closed bool
}

func (e *echo) Message(_ context.Context, m kernel.CommMessage, out display.Output) {
	if string(m.Data) == `"panic"` {
		panic("a callback's panic")
	}
	out.Stream("stdout", "before ")
	if err := e.comm.Send(m); err != nil {
		out.Stream("stderr", err.Error())
	}
	out.Stream("stdout", "after")
}

func (e *echo) Closed(context.Context, kernel.CommMessage, display.Output) { e.closed = true }

func TestCommOpenedByTheFrontEnd(t *testing.T) {
	front := start(t, simple())
	e := &echo{}
	front.Kernel.Comms().Register("echo", func(_ context.Context, c *kernel.Comm, open kernel.CommMessage, _ display.Output) (kernel.CommHandler, error) {
		e.comm = c
		if string(open.Data) != `{"a":1}` {
			return nil, fmt.Errorf("opened with %s", open.Data)
		}
		return e, nil
	})
	framed(t, front.Request(protocol.CommOpen{CommID: "c1", TargetName: "echo", Data: json.RawMessage(`{"a":1}`)}))
	info := kerneltest.Decode[protocol.CommInfoReply](t, front.Request(protocol.CommInfoRequest{TargetName: "echo"}).Reply())
	if diff := cmp.Diff(map[string]protocol.CommInfo{"c1": {TargetName: "echo"}}, info.Comms); diff != "" {
		t.Error(diff)
	}
	if other := kerneltest.Decode[protocol.CommInfoReply](t, front.Control(protocol.CommInfoRequest{TargetName: "x"}).Reply()); len(other.Comms) != 0 {
		t.Errorf("another target has %v", other.Comms)
	}

	x := front.Request(protocol.CommMsg{CommID: "c1", Data: json.RawMessage(`{"b":2}`)})
	framed(t, x)
	if want := []protocol.MessageType{"stream", "comm_msg", "stream"}; !cmp.Equal(types(x), want) {
		t.Errorf("a callback publishes %v", types(x))
	}
	if m := kerneltest.Decode[protocol.CommMsg](t, x.Of(protocol.TypeCommMsg)[0]); m.CommID != "c1" || string(m.Data) != `{"b":2}` {
		t.Errorf("the echo is %+v", m)
	}

	x = front.Request(protocol.CommMsg{CommID: "c1", Data: json.RawMessage(`"panic"`)})
	framed(t, x)
	if x.Failure() == nil {
		t.Errorf("a panic in a callback is not shown:\n%s", x)
	}

	framed(t, front.Request(protocol.CommClose{CommID: "c1"}))
	if !e.closed {
		t.Error("the handler does not know that its comm is closed")
	}
	if err := e.comm.Send(kernel.CommMessage{}); !errors.Is(err, kernel.ErrCommClosed) {
		t.Errorf("sending on a closed comm: %v", err)
	}
	framed(t, front.Request(protocol.CommMsg{CommID: "c1"})) // nobody there: no harm
}

func TestCommsThatCannotBeOpenedAreClosed(t *testing.T) {
	front := start(t, simple())
	front.Kernel.Comms().Register("no", func(context.Context, *kernel.Comm, kernel.CommMessage, display.Output) (kernel.CommHandler, error) {
		return nil, errors.New("not today")
	})
	front.Kernel.Comms().Register("gone", func(context.Context, *kernel.Comm, kernel.CommMessage, display.Output) (kernel.CommHandler, error) {
		return &echo{}, nil
	})
	front.Kernel.Comms().Register("gone", nil)
	for _, target := range []string{"no", "gone", "unknown"} {
		x := front.Request(protocol.CommOpen{CommID: "c-" + target, TargetName: target})
		framed(t, x)
		closed := x.Of(protocol.TypeCommClose)
		if len(closed) != 1 || kerneltest.Decode[protocol.CommClose](t, closed[0]).CommID != "c-"+target {
			t.Errorf("target %s:\n%s", target, x)
		}
	}
	info := kerneltest.Decode[protocol.CommInfoReply](t, front.Request(protocol.CommInfoRequest{}).Reply())
	if len(info.Comms) != 0 {
		t.Errorf("open comms: %v", info.Comms)
	}
}

func TestCommOpenedByACell(t *testing.T) {
	e := &echo{}
	eval := simple()
	front := start(t, eval)
	eval["widget"] = just(func(out display.Output) {
		out.Stream("stdout", "first")
		c, err := front.Kernel.Comms().Open("jupyter.widget", e, kernel.CommMessage{
			Data: json.RawMessage(`{"state":{}}`), Metadata: json.RawMessage(`{"version":"2.1.0"}`), Buffers: [][]byte{{1, 2}},
		})
		if err != nil {
			t.Error(err)
			return
		}
		e.comm = c
	})
	x := front.Execute("widget")
	if want := []protocol.MessageType{"execute_input", "stream", "comm_open"}; !cmp.Equal(types(x), want) {
		t.Fatalf("the cell publishes %v", types(x))
	}
	m := x.Of(protocol.TypeCommOpen)[0]
	open := kerneltest.Decode[protocol.CommOpen](t, m)
	if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(open.CommID) || open.TargetName != "jupyter.widget" {
		t.Errorf("comm_open is %+v", open)
	}
	if string(m.Metadata) != `{"version":"2.1.0"}` || !cmp.Equal(m.Buffers, [][]byte{{1, 2}}) {
		t.Errorf("comm_open has metadata %s and buffers %v", m.Metadata, m.Buffers)
	}
	x = front.Request(protocol.CommMsg{CommID: open.CommID, Data: json.RawMessage(`{}`)})
	if len(x.Of(protocol.TypeCommMsg)) != 1 {
		t.Errorf("the widget does not answer:\n%s", x)
	}
	if err := e.comm.Close(kernel.CommMessage{}); err != nil {
		t.Error(err)
	}
	if err := e.comm.Close(kernel.CommMessage{}); !errors.Is(err, kernel.ErrCommClosed) {
		t.Errorf("closing twice: %v", err)
	}
	if _, err := front.Kernel.Comms().Open("x", nil, kernel.CommMessage{Data: json.RawMessage(`{`)}); err == nil {
		t.Error("a comm was opened with what is not JSON")
	}
}
