package widget

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/dagbook/dagbook/display"
)

// said is what a front end sees, in the form of the recordings.
type said struct {
	Type     string          `json:"type"`
	Comm     string          `json:"comm"`
	Target   string          `json:"target"`
	Data     json.RawMessage `json:"data"`
	Metadata json.RawMessage `json:"metadata"`
	Buffers  int             `json:"buffers"`
	Wait     bool            `json:"wait"`
	Text     string          `json:"text"`
	View     *struct {
		Model string `json:"model_id"`
	} `json:"view"`
}

// notebook is a session without a kernel: it notes what a front end would see.
type notebook struct {
	set      *Set
	handlers map[string]Handler
	got      []said
	request  string // whose output it is
	buffers  [][]byte
	names    []string       // of the parameters of the function that interacts next
	out      display.Output // of the call that runs
}

func newNotebook() *notebook {
	n := &notebook{handlers: map[string]Handler{}, request: "request"}
	n.set, n.out = NewSet(n), page{n}
	return n
}

func (n *notebook) take() []said {
	got := n.got
	n.got = nil
	return got
}

// send is a message of a front end.
func (n *notebook) send(t testing.TB, comm, data string) []said {
	t.Helper()
	h := n.handlers[comm]
	if h == nil {
		t.Fatalf("no comm %s is open", comm)
	}
	h.Message(context.Background(), Message{Data: json.RawMessage(data)}, page{n})
	return n.take()
}

// show shows a value as the last one of a cell.
func (n *notebook) show(t testing.TB, v any) {
	t.Helper()
	b, ok := n.set.Bundle(v)
	if !ok {
		t.Fatalf("%T is no widget", v)
	}
	page{n}.Display(b, "")
}

// comm is the id of the newest model of a kind.
func (n *notebook) comm(kind string) string {
	id := ""
	for _, m := range n.got {
		var w struct {
			State struct {
				Name string `json:"_model_name"`
			}
		}
		if m.Type == "comm_open" && json.Unmarshal(m.Data, &w) == nil && w.State.Name == kind+"Model" {
			id = m.Comm
		}
	}
	return id
}

// Open implements [Host].
func (n *notebook) Open(target string, h Handler, open Message) (Comm, error) {
	id := fmt.Sprintf("%032x", len(n.handlers)+1)
	n.handlers[id] = h
	n.got = append(n.got, said{Type: "comm_open", Comm: id, Target: target, Data: open.Data, Metadata: open.Metadata, Buffers: len(open.Buffers)})
	return &pipe{n, id}, nil
}

type pipe struct {
	n  *notebook
	id string
}

func (p *pipe) ID() string { return p.id }
func (p *pipe) Send(m Message) error {
	p.n.got = append(p.n.got, said{Type: "comm_msg", Comm: p.id, Data: m.Data, Buffers: len(m.Buffers)})
	p.n.buffers = m.Buffers
	return nil
}
func (p *pipe) Close(m Message) error {
	delete(p.n.handlers, p.id)
	p.n.got = append(p.n.got, said{Type: "comm_close", Comm: p.id, Data: json.RawMessage("{}")})
	return nil
}

// Output implements [Host].
func (n *notebook) Output() display.Output { return n.out }

// Context implements [Host].
func (n *notebook) Context() context.Context { return context.Background() }

// Call implements [Host].
func (n *notebook) Call(_ context.Context, out display.Output, f func()) (ok bool) {
	defer func() {
		if v := recover(); v != nil {
			out.(failer).Fail("panic", fmt.Sprint(v), nil)
		}
	}()
	before := n.out
	n.out = out
	defer func() { n.out = before }()
	f()
	return true
}

// Form implements [Host].
func (n *notebook) Form(v any) display.Bundle {
	if b, ok := n.set.Bundle(v); ok {
		return b
	}
	return display.Of(v)
}

// Parameters implements [Host].
func (n *notebook) Parameters(any) []string { return n.names }

// page is the output of a request.
type page struct{ n *notebook }

func (p page) Stream(_, text string) { p.n.got = append(p.n.got, said{Type: "stream", Text: text}) }
func (p page) Display(b display.Bundle, _ string) {
	m := said{Type: "shown"}
	if view, ok := b.Data[mimeView]; ok {
		data, _ := json.Marshal(view)
		json.Unmarshal(data, &m.View)
	}
	p.n.got = append(p.n.got, m)
}
func (p page) Update(display.Bundle, string) {}
func (p page) Clear(wait bool)               { p.n.got = append(p.n.got, said{Type: "clear_output", Wait: wait}) }
func (p page) Fail(name, value string, trace []string) {
	p.n.got = append(p.n.got, said{Type: "error", Text: value})
}
func (p page) ParentID() string { return p.n.request }
