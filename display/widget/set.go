package widget

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/dagbook/dagbook/display"
)

// mimeView is how a widget is shown: front ends look its model up.
const mimeView = "application/vnd.jupyter.widget-view+json"

// Widget is what can be shown as one: a description such as [IntSlider], of which a widget is
// made each time that it is shown, or what New made of it, which is one widget wherever it
// stands.
type Widget interface{ widget() *model }

// Set is the widgets of a session. Its methods may be called from any goroutine.
type Set struct {
	host   Host
	silent bool // changes from a front end are not echoed to all of them

	mu     sync.Mutex
	models map[string]*model // by the id of their comm
}

// NewSet returns a set without widgets.
func NewSet(h Host) *Set { return &Set{host: h, models: map[string]*model{}} }

// Silent stops the echo of what a front end changes, of which others hear then when the page
// is loaded anew. It is called before there are widgets.
func (s *Set) Silent() { s.silent = true }

// Adopt makes a widget that a front end has opened one of the set. The error says that the
// message is not understood, or that there is no such widget.
func (s *Set) Adopt(comm Comm, open Message) (Handler, error) {
	var w struct{ State map[string]json.RawMessage }
	if err := json.Unmarshal(open.Data, &w); err != nil {
		return nil, errorf("a front end has opened a widget in a way that is not understood: %v", err)
	}
	var name string
	if err := json.Unmarshal(w.State["_model_name"], &name); err != nil {
		return nil, errorf("a front end has opened a widget without saying which")
	}
	kind := strings.TrimSuffix(name, "Model")
	if _, ok := kinds()[kind]; !ok {
		return nil, errorf("a front end has opened a widget %.60q, which there is not here", name)
	}
	m := newModel(kind, nil)
	if err := openAll(s, m.state); err != nil {
		return nil, err
	}
	for key, v := range w.State {
		if _, ok := m.state[key]; ok {
			m.state[key] = v
		}
	}
	id := comm.ID()
	m.set, m.comm = s, comm
	m.id.Store(&id)
	s.add(id, m)
	return m, m.echo(w.State)
}

func (s *Set) add(id string, m *model) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.models[id] = m
}

func (s *Set) remove(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.models, id)
}

// Len is how many models there are, those of layouts and styles included.
func (s *Set) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.models)
}

// Close closes all widgets.
func (s *Set) Close() {
	for _, m := range s.all() {
		m.Close()
	}
}

func (s *Set) all() map[string]*model {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.models)
}

// Bundle is how v is shown when it is a [Widget]; false for other values.
func (s *Set) Bundle(v any) (display.Bundle, bool) {
	w, ok := v.(Widget)
	if !ok {
		return display.Bundle{}, false
	}
	if shown, ok := v.(*Interactive); ok && shown != nil && shown.displayed.Load() {
		return display.Bundle{}, true // it was shown when it was made
	}
	if absent(w) {
		return display.Bundle{}, false
	}
	m := w.widget()
	if err := m.open(s); err != nil {
		return display.Text(err.Error()), true
	}
	return m.view(), true
}

// view shows an open model.
func (m *model) view() display.Bundle {
	b := display.Text(m.text())
	b.Data[mimeView] = map[string]any{"version_major": 2, "version_minor": 0, "model_id": m.comm.ID()}
	return b
}

// Control answers what a front end asks on a comm with the target "jupyter.widget.control",
// which it opens after a page is loaded anew: the states of all models.
func (s *Set) Control(comm Comm) Handler { return &control_{s, comm} }

// ControlTarget is the target of the comms that [Set.Control] answers.
const ControlTarget = controlTarget

// Target is the target of the comms of widgets; see [Set.Adopt].
const Target = commTarget

type control_ struct {
	set  *Set
	comm Comm
}

// Message implements [Handler].
func (c *control_) Message(ctx context.Context, m Message, out display.Output) {
	var request struct {
		Method string `json:"method"`
	}
	if err := json.Unmarshal(m.Data, &request); err != nil || request.Method != "request_states" {
		fail(out, errorf("the comm %s answers the method request_states only", controlTarget))
		return
	}
	reply, err := c.set.states()
	if err == nil {
		err = c.comm.Send(reply)
	}
	if err != nil {
		fail(out, err)
	}
}

// Closed implements [Handler].
func (c *control_) Closed(context.Context, Message, display.Output) {}

// states is the message with all models.
func (s *Set) states() (Message, error) {
	type entry struct {
		Name    any `json:"model_name"`
		Module  any `json:"model_module"`
		Version any `json:"model_module_version"`
		State   any `json:"state"`
	}
	states, paths := map[string]entry{}, [][]string{}
	var buffers [][]byte
	all := s.all()
	for _, id := range slices.Sorted(maps.Keys(all)) {
		plain := map[string]any{}
		for key, v := range all[id].snapshot() {
			if b, ok := v.([]byte); ok {
				paths, buffers = append(paths, []string{id, "state", key}), append(buffers, b)
				continue
			}
			plain[key] = references(v)
		}
		states[id] = entry{plain["_model_name"], plain["_model_module"], plain["_model_module_version"], plain}
	}
	data, err := json.Marshal(map[string]any{"method": "update_states", "states": states, "buffer_paths": paths})
	return Message{Data: data, Buffers: buffers}, err
}

func (m *model) snapshot() State {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.state)
}
