package widget

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// A kind is a model of ipywidgets: what it holds when nothing is set, and the kinds of the
// models that it refers to.
type kind struct {
	State State             `json:"state"`
	Refs  map[string]string `json:"refs"`
}

// modelsFile is written by testdata/models.py from ipywidgets 8.1.9, so that our models have
// the keys and the defaults of the reference.
//
//go:embed models.json
var modelsFile []byte

var kinds = sync.OnceValue(func() map[string]kind {
	var all map[string]kind
	if err := json.Unmarshal(modelsFile, &all); err != nil {
		panic(err) // the file is part of the program
	}
	return all
})

// State is what a model holds, by the names that ipywidgets gives to its traits:
// "value", "description", "button_style", ... The values are what encodes as JSON, widgets,
// and bytes.
type State map[string]any

// newModel returns a model of a kind that has not been opened. set differs from the defaults;
// a name that the kind does not have is an error, told by panicking as it is a mistake where
// the widget is written.
func newModel(name string, set State) *model {
	k := kinds()[name]
	m := &model{kind: name, state: maps.Clone(k.State)}
	for _, ref := range slices.Sorted(maps.Keys(k.Refs)) {
		m.state[ref] = newModel(k.Refs[ref], nil)
	}
	if err := m.check(set); err != nil {
		panic(err)
	}
	maps.Copy(m.state, set)
	return m
}

// Error is a mistake in how widgets are used.
type Error struct{ Msg string }

func (e *Error) Error() string { return e.Msg }

func errorf(format string, args ...any) *Error { return &Error{fmt.Sprintf(format, args...)} }

// check refuses keys that the model does not have.
func (m *model) check(set State) error {
	for key := range set {
		if _, ok := m.state[key]; !ok || strings.HasPrefix(key, "_") {
			var known []string
			for k := range m.state {
				if !strings.HasPrefix(k, "_") {
					known = append(known, k)
				}
			}
			slices.Sort(known)
			return errorf("%s has no %q; it has %s", m.kind, key, strings.Join(known, ", "))
		}
		if slices.ContainsFunc(referred(set[key]), func(child *model) bool { return child.holds(m) }) {
			return errorf("this %s would stand in itself", m.kind)
		}
	}
	return nil
}

// holds reports whether other is the model, or stands in it.
func (m *model) holds(other *model) bool {
	if m == other {
		return true
	}
	for _, v := range m.snapshot() {
		if slices.ContainsFunc(referred(v), func(child *model) bool { return child.holds(other) }) {
			return true
		}
	}
	return false
}

// text is a widget as ipywidgets writes it: its value, and what is not as always.
func (m *model) text() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	defaults := kinds()[m.kind].State
	var parts []string
	add := func(key string) {
		if s, ok := short(m.state[key]); ok {
			parts = append(parts, key+"="+s)
		}
	}
	if _, ok := m.state["value"]; ok {
		add("value")
	}
	for _, key := range slices.Sorted(maps.Keys(m.state)) {
		if key != "value" && !strings.HasPrefix(key, "_") && !reflect.DeepEqual(m.state[key], defaults[key]) && !equalJSON(m.state[key], defaults[key]) {
			add(key)
		}
	}
	return m.kind + "(" + strings.Join(parts, ", ") + ")"
}

// short is a value of a state on a line; false for what says nothing there.
func short(v any) (string, bool) {
	const most = 60
	switch v := v.(type) {
	case *model:
		return "", false
	case []*model:
		var parts []string
		for _, m := range v {
			parts = append(parts, m.text())
		}
		return "(" + strings.Join(parts, ", ") + ")", true
	case []byte:
		return fmt.Sprintf("%d bytes", len(v)), true
	}
	data, err := json.Marshal(v)
	if err != nil {
		return "", false
	}
	if len(data) > most {
		return string(data[:most]) + "…", true
	}
	return string(data), true
}

// equalJSON compares by what is sent: 0 and 0.0 are one.
func equalJSON(a, b any) bool {
	switch a := a.(type) {
	case []*model:
		return len(a) == 0
	case *model, []byte:
		return false
	}
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}
