package widget

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/display"
)

// stepOf is a step of a recording: what the front end sent, and what the kernel answered.
type stepOf struct {
	Note string
	ID   string // of the request
	Sent []struct {
		ID, Type, Comm, Target string
		Data                   json.RawMessage
	}
	Got []said
}

func recording(t *testing.T, name string) []stepOf {
	data, err := os.ReadFile("testdata/recordings/" + name + ".json")
	var steps []stepOf
	if err == nil {
		err = json.Unmarshal(data, &steps)
	}
	if err != nil {
		t.Fatal(err)
	}
	return steps
}

// side is one side of a comparison: it knows models by what they hold, since ids differ and
// the order in which they are opened may.
type side struct {
	models  map[string]map[string]any // by id, as they were opened
	request string
}

// essence are the messages of a step without ids: the models that were opened come first, in
// an order of their own.
func (s *side) essence(got []said) []string {
	var opened, rest []string
	s.know(got)
	for _, m := range got {
		switch m.Type {
		case "comm_open":
			opened = append(opened, fmt.Sprintf("open %s %s %d buffers: %s", m.Target, plain(m.Metadata), m.Buffers, s.describe(m.Comm)))
		case "comm_msg", "comm_close":
			rest = append(rest, fmt.Sprintf("%s %s: %s, %d buffers", m.Type, s.name(m.Comm), s.replaced(m.Data), m.Buffers))
		case "shown":
			text := "shown"
			if m.View != nil {
				text += " " + s.name(m.View.Model)
			}
			rest = append(rest, text)
		case "clear_output":
			rest = append(rest, fmt.Sprint("clear ", m.Wait))
		case "stream":
			rest = append(rest, "prints "+strings.TrimSpace(m.Text))
		default:
			rest = append(rest, m.Type)
		}
	}
	sort.Strings(opened)
	return append(opened, rest...)
}

// know takes up the models that messages open.
func (s *side) know(got []said) {
	for _, m := range got {
		if m.Type == "comm_open" {
			var w struct{ State map[string]any }
			json.Unmarshal(m.Data, &w)
			s.models[m.Comm] = w.State
		}
	}
}

// plain is JSON with its keys in order.
func plain(raw json.RawMessage) string {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return string(raw)
	}
	data, _ := json.Marshal(v)
	return string(data)
}

func (s *side) name(id string) string {
	if state := s.models[id]; state != nil {
		return fmt.Sprint(state["_model_name"])
	}
	return "another comm"
}

func (s *side) describe(id string) string {
	state := map[string]any{}
	for k, v := range s.models[id] {
		state[k] = s.names(v)
	}
	data, _ := json.Marshal(state)
	return string(data)
}

// names puts the model's kind in the place of a reference.
func (s *side) names(v any) any {
	switch v := v.(type) {
	case string:
		if id, ok := strings.CutPrefix(v, "IPY_MODEL_"); ok {
			return "a " + s.name(id)
		}
		if v == s.request {
			return "the request"
		}
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = s.names(x)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			if s.models[k] != nil { // update_states has ids as keys
				out[s.name(k)+s.describe(k)] = s.names(x)
				continue
			}
			out[k] = s.names(x)
		}
		return out
	}
	return v
}

func (s *side) replaced(raw json.RawMessage) string {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return string(raw)
	}
	if m, ok := v.(map[string]any); ok && m["buffer_paths"] != nil {
		for _, p := range m["buffer_paths"].([]any) {
			if path := p.([]any); s.models[fmt.Sprint(path[0])] != nil {
				path[0] = s.name(fmt.Sprint(path[0]))
			}
		}
	}
	data, _ := json.Marshal(s.names(v))
	return string(data)
}

// replay plays a front end's part of a recording and compares what we say with what ipykernel
// did. cells are what stands for the cells of the steps, by their notes; leave are steps that
// are not about widgets.
func replay(t *testing.T, name string, n *notebook, cells map[string]func(), leave ...string) {
	t.Helper()
	theirs, ours := &side{models: map[string]map[string]any{}}, &side{models: map[string]map[string]any{}}
	pairs := map[string]string{} // their ids to ours
	for i, step := range recording(t, name) {
		if slices.Contains(leave, step.Note) {
			continue
		}
		theirs.request = step.ID
		n.request, ours.request = fmt.Sprint("request", i), fmt.Sprint("request", i)
		if cell := cells[step.Note]; cell != nil {
			cell()
			theirs.know(step.Got)
			ours.know(n.got)
			pair(pairs, theirs, ours)
		}
		for _, m := range step.Sent {
			theirs.request = m.ID
			switch id := pairs[m.Comm]; {
			case m.Type == "comm_close":
				n.handlers[id].Closed(t.Context(), Message{}, page{n})
				delete(n.handlers, id)
			case m.Type == "comm_open" && m.Target == ControlTarget:
				pairs[m.Comm] = m.Comm
				n.handlers[m.Comm] = n.set.Control(&pipe{n, m.Comm})
			case m.Type == "comm_open":
				h, err := n.set.Adopt(&pipe{n, m.Comm}, Message{Data: m.Data})
				if err != nil {
					t.Fatal(err)
				}
				pairs[m.Comm], n.handlers[m.Comm] = m.Comm, h
				n.got = slices.DeleteFunc(n.got, func(m said) bool { return m.Type == "comm_open" }) // of layout and style
			default:
				n.handlers[id].Message(t.Context(), Message{Data: m.Data}, page{n})
			}
		}
		got := n.take()
		a, b := theirs.essence(step.Got), ours.essence(got)
		pair(pairs, theirs, ours)
		if a, b = without(a, b), without(b, a); len(a)+len(b) > 0 {
			t.Errorf("%s, %s:\nipykernel:\n  %s\nwe:\n  %s", name, step.Note, strings.Join(a, "\n  "), strings.Join(b, "\n  "))
		}
	}
}

// without are the lines of a that are not in b at the same place; all of them when only the
// order differs.
func without(a, b []string) (out []string) {
	for i, line := range a {
		if i >= len(b) || b[i] != line {
			out = append(out, line)
		}
	}
	return out
}

// pair finds which of our models stands for which of theirs.
func pair(pairs map[string]string, theirs, ours *side) {
	taken := map[string]bool{}
	for _, id := range pairs {
		taken[id] = true
	}
	ids := func(s *side) []string {
		var all []string
		for id := range s.models {
			all = append(all, id)
		}
		sort.Strings(all)
		return all
	}
	for _, a := range ids(theirs) {
		for _, b := range ids(ours) {
			if pairs[a] == "" && !taken[b] && theirs.describe(a) == ours.describe(b) {
				pairs[a], taken[b] = b, true
			}
		}
	}
}

// png stands for a picture that is not an image.Image: it is shown in the Output.
var png = display.Bundle{Data: map[string]any{display.MIMEPNG: "", display.MIMEText: "a picture"}}

func TestInteractAsRecorded(t *testing.T) {
	n := newNotebook()
	n.names = []string{"i"}
	replay(t, "interact_intslider", n, map[string]func(){
		"interact": func() { n.set.Interact(func(int) display.Bundle { return png }, IntSlider{Max: 999}) },
		"exception in callback": func() {
			n.set.Interact(func(int) { n.out.Stream("stdout", "before\n"); panic("division by zero") }, Range(0, 5))
		},
	}, "unknown comm_msg", "unknown comm_open target") // which the kernel answers
}

func TestImageAsRecorded(t *testing.T) {
	n := newNotebook()
	replay(t, "image_widget_buffers", n, map[string]func(){
		"Image widget with PNG bytes (buffers)": func() {
			img := Image{File: make([]byte, 1004), Width: 257, Height: 257}.New()
			slider := IntSlider{Max: 999, OnChange: func(int) { img.SetFile([]byte("another")) }}.New()
			n.show(t, VBox(slider, img))
		},
	})
	if len(n.buffers) != 1 || string(n.buffers[0]) != "another" {
		t.Errorf("the buffers of the last message are %q", n.buffers)
	}
}

func TestButtonAsRecorded(t *testing.T) {
	n := newNotebook()
	var raw *ButtonControl
	replay(t, "button", n, map[string]func(){
		"Button": func() {
			out := n.set.NewOutput()
			n.show(t, Button{Description: "go", OnClick: func() { out.Do(func() { n.out.Stream("stdout", "clicked\n") }) }})
			n.show(t, out)
		},
		"interact_manual-like: print outside Output": func() {
			raw = Button{Description: "raw", OnClick: func() { n.out.Stream("stdout", "raw print\n") }}.New()
			n.show(t, raw)
		},
		"close": func() { raw.Close() },
	})
}

func TestEchoAsRecorded(t *testing.T) {
	for name, silent := range map[string]bool{"echo_on": false, "echo_default": false, "echo_off": true} {
		n := newNotebook()
		if silent {
			n.set.Silent()
		}
		s := IntSlider{}.New()
		replay(t, name, n, map[string]func(){
			"start":           func() { n.show(t, s) },
			"kernel-side set": func() { s.Set(3) },
		})
	}
}

func TestControlAsRecorded(t *testing.T) {
	n := newNotebook()
	replay(t, "control_comm", n, map[string]func(){
		"start": func() { n.show(t, VBox(IntSlider{Value: 7}, Image{File: []byte("\x89PNGxxxx")})) },
	})
}

func TestOutputAsRecorded(t *testing.T) {
	n := newNotebook()
	o := n.set.NewOutput()
	replay(t, "output_widget", n, map[string]func(){
		"Output capture": func() { n.show(t, o) },
		"with o: print/display/err": func() {
			o.Do(func() {
				n.out.Stream("stdout", "hello\n")
				n.out.Stream("stderr", "err\n")
				n.out.Display(display.HTML("<b>x</b>"), "")
			})
		},
		"clear_output(wait=True)+print": func() {
			o.Do(func() { n.out.Clear(true); n.out.Stream("stdout", "second\n") })
		},
		"exception within": func() {
			o.Do(func() { n.out.(failer).Fail("panic", "division by zero", nil) })
		},
		"append_stdout / append_display_data": func() {
			o.Print("app\n")
			o.Show(display.Bundle{Data: map[string]any{"text/plain": "<IPython.core.display.HTML object>", "text/html": "<i>d</i>"}})
		},
	})
}

func TestLinkAsRecorded(t *testing.T) {
	n := newNotebook()
	replay(t, "play_jslink", n, map[string]func(){
		"Play + jslink": func() {
			p, s := Play{Interval: 50}.New(), IntSlider{}.New()
			n.set.JSLink(p, "value", s, "value")
			n.show(t, HBox(p, s))
		},
	})
}
