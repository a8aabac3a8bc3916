package widget

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/dagbook/dagbook/display"
)

const (
	commTarget    = "jupyter.widget"
	controlTarget = "jupyter.widget.control"
)

// versions stand in the metadata of the messages that open a comm.
var (
	protocolVersion = json.RawMessage(`{"version":"2.1.0"}`)
	controlVersion  = json.RawMessage(`{"version":"1.0.0"}`)
)

// model is the kernel's half of a widget: its state, and once it is shown the comm on which
// it is kept equal to that of the front ends.
type model struct {
	kind string

	mu    sync.Mutex // also held while an update is sent, so that updates arrive in order
	state State
	set   *Set                   // where it lives; nil until it is opened
	comm  Comm                   // nil until it is opened
	id    atomic.Pointer[string] // of the comm; stays when that is closed

	accept  func(key string, value json.RawMessage) (v any, changed bool, err error) // of a key with a meaning; ErrUnknown for others
	changed func(ctx context.Context, out display.Output)                            // a front end changed what accept accepted
	settle  func(set State) (differs bool, err error)                                // makes the value go with bounds that code sets, in set
	notify  func()                                                                   // code has changed what accept accepted
	clicked func(ctx context.Context, out display.Output, content json.RawMessage)   // a custom message
}

// errPlain is what accept says of a key that is only kept.
var errPlain = errors.New("a key without a meaning of its own")

// wire is the data of messages about a state. ipywidgets wants the paths of buffers even
// when there are none.
type wire struct {
	Method      string          `json:"method,omitempty"`
	State       any             `json:"state,omitempty"`
	BufferPaths [][]string      `json:"buffer_paths"`
	Content     json.RawMessage `json:"content,omitempty"`
}

// pack makes a message of a state: bytes travel beside it.
func pack(method string, state State) (Message, error) {
	w := wire{Method: method, BufferPaths: [][]string{}}
	plain := make(map[string]any, len(state))
	var buffers [][]byte
	for _, key := range slices.Sorted(maps.Keys(state)) {
		if b, ok := state[key].([]byte); ok {
			w.BufferPaths = append(w.BufferPaths, []string{key})
			buffers = append(buffers, b)
			continue
		}
		plain[key] = references(state[key])
	}
	w.State = plain
	data, err := json.Marshal(w)
	return Message{Data: data, Buffers: buffers}, err
}

// references writes models as what front ends know them by.
func references(v any) any {
	switch v := v.(type) {
	case *model:
		return "IPY_MODEL_" + *v.id.Load()
	case []*model:
		refs := make([]any, len(v))
		for i, m := range v {
			refs[i] = references(m)
		}
		return refs
	case []any:
		refs := make([]any, len(v))
		for i, x := range v {
			refs[i] = references(x)
		}
		return refs
	}
	return v
}

// referred are the models in a value of a state, in the order in which they are opened.
func referred(v any) []*model {
	switch v := v.(type) {
	case *model:
		return []*model{v}
	case []*model:
		return v
	case []any:
		var all []*model
		for _, x := range v {
			all = append(all, referred(x)...)
		}
		return all
	}
	return nil
}

// open makes the model and those that it refers to known to the front ends. It may be called
// again.
func (m *model) open(s *Set) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.comm != nil {
		return nil
	}
	if err := openAll(s, m.state); err != nil {
		return err
	}
	msg, err := pack("", m.state)
	if err != nil {
		return fmt.Errorf("%s cannot be shown: %w", m.kind, err)
	}
	msg.Metadata = protocolVersion
	comm, err := s.host.Open(commTarget, m, msg)
	if err != nil {
		return err
	}
	id := comm.ID()
	m.set, m.comm = s, comm
	m.id.Store(&id)
	s.add(id, m)
	return nil
}

func openAll(s *Set, state State) error {
	for _, key := range slices.Sorted(maps.Keys(state)) {
		for _, child := range referred(state[key]) {
			if err := child.open(s); err != nil {
				return err
			}
		}
	}
	return nil
}

// update changes the state, here and in the front ends.
func (m *model) update(set State) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.updateLocked(set)
}

func (m *model) updateLocked(set State) error {
	maps.Copy(m.state, set)
	if m.comm == nil {
		return nil
	}
	if err := openAll(m.set, set); err != nil {
		return err
	}
	return m.send("update", set)
}

// send sends a part of the state. A comm that the front end has closed is no error: nobody
// sees the widget any more.
func (m *model) send(method string, state State) error {
	msg, err := pack(method, state)
	if err != nil {
		return fmt.Errorf("%s cannot be changed: %w", m.kind, err)
	}
	m.comm.Send(msg)
	return nil
}

// Update changes traits by the names that ipywidgets gives them, here and in the front ends:
//
//	slider.Update(widget.State{"max": 50, "description": "frame"})
//
// A value that the widget cannot take, and a name that it does not have, panics with an [*Error].
//
// Those who watch the value are told when it has become another one.
func (m *model) Update(set State) {
	changed, err := m.take(set)
	if err != nil {
		panic(err)
	}
	if changed && m.notify != nil {
		m.notify()
	}
}

// take checks a change from user code and makes it.
func (m *model) take(set State) (changed bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.check(set); err != nil {
		return false, err
	}
	set = maps.Clone(set)
	if m.settle != nil { // bounds come before a value that may need them
		bounds := State{}
		for _, key := range []string{"min", "max"} {
			if v, ok := set[key]; ok {
				bounds[key] = v
				delete(set, key)
			}
		}
		if len(bounds) > 0 {
			if changed, err = m.settle(bounds); err != nil {
				return false, err
			}
			if err := m.updateLocked(bounds); err != nil {
				return false, err
			}
		}
	}
	differs, err := m.acceptAll(set)
	if err != nil || len(set) == 0 {
		return changed, err
	}
	return changed || differs, m.updateLocked(set)
}

// acceptAll makes values of code those that the model has for them.
func (m *model) acceptAll(set State) (changed bool, err error) {
	for key, v := range set {
		if _, bytes := v.([]byte); bytes || v == nil || len(referred(v)) > 0 {
			continue
		}
		data, err := json.Marshal(v)
		if err != nil {
			return false, errorf("%s cannot have %v as its %s: %v", m.kind, v, key, err)
		}
		if m.accept == nil {
			continue
		}
		switch accepted, differs, err := m.accept(key, data); {
		case errors.Is(err, errPlain):
		case err != nil:
			return false, err
		default:
			set[key], changed = accepted, changed || differs
		}
	}
	return changed, nil
}

// Message implements [Handler].
func (m *model) Message(ctx context.Context, msg Message, out display.Output) {
	var w struct {
		Method      string                     `json:"method"`
		State       map[string]json.RawMessage `json:"state"`
		BufferPaths [][]any                    `json:"buffer_paths"`
		Content     json.RawMessage            `json:"content"`
	}
	if err := json.Unmarshal(msg.Data, &w); err != nil {
		fail(out, errorf("a message for the %s is not understood: %v", m.kind, err))
		return
	}
	switch w.Method {
	case "update":
		if len(w.State) > 0 || len(w.BufferPaths) > 0 {
			m.changedByFrontEnd(ctx, w.State, out)
		}
	case "request_state":
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.comm != nil {
			if err := m.send("update", m.state); err != nil {
				fail(out, err)
			}
		}
	case "custom":
		if m.clicked != nil {
			m.clicked(ctx, out, w.Content)
		}
	default:
		fail(out, errorf("a message for the %s asks for %q, which widgets do not know", m.kind, w.Method))
	}
}

// changedByFrontEnd echoes a change to all front ends, takes it up and tells those who watch.
func (m *model) changedByFrontEnd(ctx context.Context, set map[string]json.RawMessage, out display.Output) {
	changed, errs := m.takeUp(set)
	for _, err := range errs {
		fail(out, err)
	}
	if changed && m.changed != nil {
		m.changed(ctx, out)
	}
}

func (m *model) takeUp(set map[string]json.RawMessage) (changed bool, errs []error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.comm == nil {
		return false, nil
	}
	if err := m.echo(set); err != nil {
		return false, []error{err}
	}
	corrections := State{}
	for _, key := range slices.Sorted(maps.Keys(set)) {
		v, differs, err := m.accepted(key, set[key])
		switch {
		case err != nil:
			errs = append(errs, err)
		default:
			m.state[key] = v
			changed = changed || differs
			if !sameJSON(v, set[key]) {
				corrections[key] = v
			}
		}
	}
	if len(corrections) > 0 {
		if err := m.send("update", corrections); err != nil {
			errs = append(errs, err)
		}
	}
	return changed, errs
}

// echo tells all front ends what one of them has changed.
func (m *model) echo(set map[string]json.RawMessage) error {
	if m.set.silent {
		return nil
	}
	data, err := json.Marshal(wire{Method: "echo_update", State: set, BufferPaths: [][]string{}})
	if err != nil {
		return err
	}
	m.comm.Send(Message{Data: data}) // an error says that nobody sees the widget any more
	return nil
}

// accepted is the value that a front end's one becomes, and whether somebody wants to know.
func (m *model) accepted(key string, value json.RawMessage) (v any, changed bool, err error) {
	if m.accept != nil {
		if v, changed, err = m.accept(key, value); !errors.Is(err, errPlain) {
			return v, changed, err
		}
	}
	old, ok := m.state[key]
	if !ok || strings.HasPrefix(key, "_") || len(referred(old)) > 0 {
		return nil, false, errorf("a front end has set %q, which is not to be set from there in a %s", key, m.kind)
	}
	return json.RawMessage(bytes.Clone(value)), false, nil // as it came: nobody here reads it
}

func sameJSON(v any, raw json.RawMessage) bool {
	data, err := json.Marshal(v)
	if err != nil {
		return false
	}
	var a, b any
	if json.Unmarshal(data, &a) != nil || json.Unmarshal(raw, &b) != nil {
		return false
	}
	return fmt.Sprint(a) == fmt.Sprint(b)
}

// Closed implements [Handler]: the front end has closed the widget.
func (m *model) Closed(context.Context, Message, display.Output) { m.forget() }

// forget is the end of the model's comm; it can be opened again.
func (m *model) forget() Comm {
	m.mu.Lock()
	defer m.mu.Unlock()
	comm := m.comm
	if comm != nil {
		m.set.remove(comm.ID())
		m.comm = nil
	}
	return comm
}

// Close removes the widget from the front ends. Shown again it is a new one.
func (m *model) Close() {
	if comm := m.forget(); comm != nil {
		comm.Close(Message{})
	}
}

// String is the widget on a line.
func (m *model) String() string { return m.text() }

func (m *model) widget() *model { return m }

// get reads a key.
func (m *model) get(key string) any {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.state[key]
}
