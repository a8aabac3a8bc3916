package widget

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dagbook/dagbook/display"
)

func Example() {
	s := IntSlider{Max: 9}.New()
	s.OnChange(func(v int) { fmt.Println("now", v) })
	s.Set(4)
	s.Set(100) // becomes the nearest that the slider has
	fmt.Println(s)
	// Output:
	// now 4
	// now 9
	// IntSlider(value=9, max=9)
}

// descriptions are all kinds of widgets, as they are without anything set.
var descriptions = map[string]Widget{
	"IntSlider": IntSlider{}, "FloatSlider": FloatSlider{}, "FloatLogSlider": FloatLogSlider{}, "IntRangeSlider": IntRangeSlider{},
	"FloatRangeSlider": FloatRangeSlider{}, "IntText": IntText{}, "FloatText": FloatText{}, "IntProgress": IntProgress{}, "FloatProgress": FloatProgress{},
	"Play": Play{}, "Button": Button{}, "ToggleButton": ToggleButton{}, "Checkbox": Checkbox{}, "Valid": Valid{}, "Text": Text{}, "Textarea": Textarea{},
	"Password": Password{}, "Combobox": Combobox{}, "DatePicker": DatePicker{}, "ColorPicker": ColorPicker{}, "HTML": HTML{}, "Label": Label{},
	"VBox": VBox(), "HBox": HBox(), "GridBox": GridBox(), "Tab": Tab(nil), "Accordion": Accordion(nil), "Stack": Stack(), "Output": NewOutput(),
	"Dropdown": Dropdown{}, "Select": Select{}, "SelectMultiple": SelectMultiple{}, "RadioButtons": RadioButtons{}, "ToggleButtons": ToggleButtons{},
}

// TestDefaults: a description with nothing set is ipywidgets' widget with nothing set.
func TestDefaults(t *testing.T) {
	for name, d := range descriptions {
		m := d.widget()
		if m.kind != name {
			t.Errorf("%s is a %s", name, m.kind)
		}
		for key, want := range kinds()[name].State {
			if got := m.state[key]; !equalJSON(got, want) {
				t.Errorf("%s: %s is %v, want %v", name, key, got, want)
			}
		}
	}
}

// TestEveryWidgetOpens: with children first, and once.
func TestEveryWidgetOpens(t *testing.T) {
	n := newNotebook()
	var all []Widget
	for _, d := range descriptions {
		all = append(all, d)
	}
	n.show(t, VBox(all...))
	known := map[string]bool{}
	for _, m := range n.take() {
		if m.Type != "comm_open" {
			continue
		}
		if known[m.Comm] {
			t.Errorf("%s is opened twice", m.Comm)
		}
		known[m.Comm] = true
		for _, part := range strings.Split(string(m.Data), `"IPY_MODEL_`)[1:] {
			if !known[part[:32]] {
				t.Errorf("%.200s refers to what is not open", m.Data)
			}
		}
	}
	if len(known) != n.set.Len() {
		t.Errorf("%d models were opened, the set has %d", len(known), n.set.Len())
	}
	n.set.Close()
	if n.set.Len() != 0 {
		t.Errorf("%d models are left", n.set.Len())
	}
}

func TestWhatFrontEndsSet(t *testing.T) {
	n := newNotebook()
	day := time.Date(2026, 3, 31, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		w          Widget
		sent       string // the state that a front end sends
		value      func(w Widget) any
		want       any
		correction string // what is sent back; "" when nothing is
		err        string
	}{
		{IntSlider{Max: 9}.New(), `{"value": 4}`, get, 4, "", ""},
		{IntSlider{Max: 9}.New(), `{"value": 4.0}`, get, 4, "", ""},
		{IntSlider{Max: 9}.New(), `{"value": -3}`, get, 0, `"value":0`, ""},
		{IntSlider{Max: 9}.New(), `{"value": 2.5}`, get, 0, "", "has to be an integer"},
		{IntSlider{Max: 9}.New(), `{"value": null}`, get, 0, "", "has to be an integer"},
		{IntSlider{Max: 9}.New(), `{"max": 20}`, get, 0, "", ""},
		{IntSlider{Max: 9}.New(), `{"layout": "IPY_MODEL_0"}`, get, 0, "", "not to be set"},
		{IntSlider{Max: 9}.New(), `{"_model_name": "x"}`, get, 0, "", "not to be set"},
		{FloatSlider{Max: 1}.New(), `{"value": 0.5}`, get, 0.5, "", ""},
		{FloatLogSlider{}.New(), `{"value": 1e9}`, get, 1e4, `"value":10000`, ""},
		{IntRangeSlider{Max: 10}.New(), `{"value": [9, 30]}`, get, [2]int{9, 10}, `"value":[9,10]`, ""},
		{IntRangeSlider{Max: 10}.New(), `{"value": [9]}`, get, [2]int{2, 7}, "", "two numbers"},
		{Checkbox{}.New(), `{"value": true}`, get, true, "", ""},
		{Text{}.New(), `{"value": "<b>"}`, get, "<b>", "", ""},
		{Text{}.New(), `{"value": 3}`, get, "", "", "has to be a text"},
		{ColorPicker{}.New(), `{"value": "#ff0000"}`, get, "#ff0000", "", ""},
		{ColorPicker{}.New(), `{"value": "url(x)"}`, get, "black", "", "colour"},
		{DatePicker{}.New(), `{"value": {"year": 2026, "month": 2, "date": 31}}`, get, day, "", ""},
		{DatePicker{Max: day}.New(), `{"value": {"year": 2030, "month": 0, "date": 1}}`, get, day, `"date":31`, ""},
		{DatePicker{Value: day}.New(), `{"value": null}`, get, time.Time{}, "", ""},
		{Dropdown{Options: []string{"a", "b"}}.New(), `{"index": 1}`, get, "b", "", ""},
		{Dropdown{Options: map[string]int{"one": 1, "two": 2}}.New(), `{"index": 1}`, get, 2, "", ""},
		{Dropdown{Options: []string{"a", "b"}}.New(), `{"index": 2}`, get, "a", "", "a list of 2"},
		{Dropdown{Options: []string{"a", "b"}}.New(), `{"index": null}`, get, nil, "", ""},
		{SelectMultiple{Options: []int{5, 6, 7}}.New(), `{"index": [0, 2]}`, get, []any{5, 7}, "", ""},
		{SelectMultiple{Options: []int{5, 6, 7}}.New(), `{"index": [3]}`, get, []any(nil), "", "no option 3"},
	} {
		n.show(t, c.w)
		n.take()
		got := n.send(t, *c.w.widget().id.Load(), `{"method": "update", "state": `+c.sent+`, "buffer_paths": []}`)
		said := ""
		for _, m := range got[1:] { // behind the echo
			said += m.Type + string(m.Data) + m.Text
		}
		if v := c.value(c.w); !reflect.DeepEqual(v, c.want) {
			t.Errorf("%v after %s: %v, want %v", c.w, c.sent, v, c.want)
		}
		if c.correction+c.err == "" && said != "" || !strings.Contains(said, c.correction) || !strings.Contains(said, c.err) {
			t.Errorf("%v after %s: sent %s, want %q and %q", c.w, c.sent, said, c.correction, c.err)
		}
	}
}

// get calls Get, whatever its type.
func get(w Widget) any { return reflect.ValueOf(w).MethodByName("Get").Call(nil)[0].Interface() }

func TestBadMessages(t *testing.T) {
	n := newNotebook()
	s := IntSlider{}.New()
	n.show(t, s)
	id := n.comm("IntSlider")
	n.take()
	for _, data := range []string{``, `3`, `{"method": "dance"}`, `{"method": "update", "state": 4}`, `[]`} {
		if got := n.send(t, id, data); len(got) != 1 || got[0].Type != "error" {
			t.Errorf("%q: %v", data, got)
		}
	}
	if got := n.send(t, id, `{"method": "custom", "content": {"event": "click"}}`); len(got) != 0 {
		t.Errorf("a click on a slider: %v", got)
	}
	c := n.set.Control(&pipe{n, "control"})
	c.Message(t.Context(), Message{Data: json.RawMessage(`{"method": "x"}`)}, page{n})
	if got := n.take(); len(got) != 1 || got[0].Type != "error" {
		t.Errorf("a wrong request on the control comm: %v", got)
	}
	for _, data := range []string{``, `{"state": {}}`, `{"state": {"_model_name": "NoSuchModel"}}`} {
		if _, err := n.set.Adopt(&pipe{n, "new"}, Message{Data: json.RawMessage(data)}); err == nil {
			t.Errorf("%q was adopted", data)
		}
	}
}

// frame is an image of a width.
func frame(width int) image.Image { return image.NewGray(image.Rect(0, 0, width, 1)) }

func TestInteractWithImages(t *testing.T) {
	n := newNotebook()
	n.names = []string{"width"}
	in := n.set.Interact(func(width int) image.Image { return frame(width) }, Range(1, 9))
	got := n.take()
	if last := got[len(got)-1]; last.Type != "shown" || last.View == nil {
		t.Fatalf("the last message is %v", last)
	}
	slider := ""
	for id := range n.set.all() {
		if n.set.all()[id].kind == "IntSlider" {
			slider = id
		}
	}
	moved := n.send(t, slider, `{"method": "update", "state": {"value": 7}, "buffer_paths": []}`)
	if len(moved) != 2 || moved[1].Buffers != 1 {
		t.Errorf("a move: %v", moved)
	}
	if img, ok := in.Result().(image.Image); !ok || img.Bounds().Dx() != 7 {
		t.Errorf("the result is %v", in.Result())
	}
	if b, ok := n.set.Bundle(in); !ok || !b.Empty() {
		t.Errorf("shown as a cell's value as well: %v", b)
	}
}

func TestInteract(t *testing.T) {
	n := newNotebook()
	var calls []string
	f := func(i int, x float64, ok bool, name string, pick string, fixed int) (int, error) {
		calls = append(calls, fmt.Sprintf("%v %v %v %v %v %v", i, x, ok, name, pick, fixed))
		if i == 3 {
			return 0, fmt.Errorf("<three>")
		}
		return i, nil
	}
	s := IntSlider{Max: 5}.New()
	in := n.set.Interact(f, s, 0.5, true, "hello", []string{"sin", "cos"}, Fixed{7})
	s.Set(2)
	s.Set(3)
	want := []string{"0 0.5 true hello sin 7", "2 0.5 true hello sin 7", "3 0.5 true hello sin 7"}
	if !reflect.DeepEqual(calls, want) {
		t.Errorf("the calls were %q", calls)
	}
	errors := 0
	for _, m := range n.take() {
		if m.Type == "error" && m.Text == "<three>" {
			errors++
		}
	}
	if errors != 1 || in.Result() != 0 {
		t.Errorf("%d errors, result %v", errors, in.Result())
	}
	calls = nil
	var again *Interactive
	runs := 0
	t1 := IntSlider{Max: 5}.New()
	again = n.set.Interact(func(i int) { // sets its own control
		if runs++; i < 3 {
			t1.Set(i + 1)
		}
	}, t1, Manual{})
	if runs != 1 || again == nil || t1.Get() != 1 {
		t.Errorf("by hand only: %d calls, value %d", runs, t1.Get())
	}
	t2, last := IntSlider{Max: 5}.New(), 0
	n.set.Interact(func(i int) {
		if last = i; i < 3 {
			t2.Set(i + 1)
		}
	}, t2)
	if last != 3 {
		t.Errorf("a function that moves its own slider ended with %d", last)
	}
}

func TestInteractRefuses(t *testing.T) {
	n := newNotebook()
	for text, f := range map[string]func(){
		"needs a function":        func() { n.set.Interact(3) },
		"2 controls":              func() { n.set.Interact(func(int) {}, 1, 2) },
		"variadic":                func() { n.set.Interact(func(...int) {}) },
		"of type func()":          func() { n.set.Interact(func(func()) {}) },
		"cannot be set by a Text": func() { n.set.Interact(func(int) {}, Text{}) },
		"no value":                func() { n.set.Interact(func(int) {}, Button{}) },
		"Min is greater":          func() { IntSlider{Min: 3, Max: 1}.New() },
		"has no \"colour\"":       func() { IntSlider{State: State{"colour": 1}}.New() },
		"no option x":             func() { Dropdown{Options: []string{"a"}, Value: "x"}.New() },
		"are a slice, a map":      func() { Dropdown{Options: 3}.New() },
		"would stand in itself":   func() { b := VBox(); b.SetChildren(HBox(b)) },
		"needs a notebook":        func() { Interact(func(int) {}) },
		"make them with New":      func() { Link(Button{}, IntSlider{}) },
		"has no \"values\"":       func() { n.set.JSLink(IntSlider{}.New(), "values", IntSlider{}.New(), "value") },
	} {
		func() {
			defer func() {
				if err, ok := recover().(*Error); !ok || !strings.Contains(err.Error(), text) {
					t.Errorf("want an error with %q, got %v", text, err)
				}
			}()
			f()
		}()
	}
}

// TestBounds: what code sets goes together.
func TestBounds(t *testing.T) {
	s := IntSlider{Max: 9}.New()
	var told []int
	s.OnChange(func(v int) { told = append(told, v) })
	s.Update(State{"min": 5})
	s.Update(State{"max": 20, "value": 17})
	s.Update(State{"max": 12})
	if s.Get() != 12 || !reflect.DeepEqual(told, []int{5, 17, 12}) {
		t.Errorf("%v after %v", s.Get(), told)
	}
	for text, set := range map[string]State{"from 5 to 3": {"max": 3}, "is a number": {"max": "x"}} {
		func() {
			defer func() {
				if err := fmt.Sprint(recover()); !strings.Contains(err, text) {
					t.Errorf("want an error with %q, got %v", text, err)
				}
			}()
			s.Update(set)
		}()
	}
}

// TestTypesOfParameters: no value is set that a parameter's type does not hold.
func TestTypesOfParameters(t *testing.T) {
	n := newNotebook()
	var got any
	n.set.Interact(func(i int8) { got = i }, 50)
	for _, m := range n.set.all() {
		if m.kind == "IntSlider" && (number(m.get("max")) != 127 || number(m.get("min")) != -50) {
			t.Errorf("a slider for an int8 goes from %v to %v", m.get("min"), m.get("max"))
		}
	}
	s := IntSlider{Max: 999}.New()
	n.set.Interact(func(i uint8) { got = i }, s)
	s.Set(255)
	n.take()
	s.Set(256)
	if said := n.take(); got != uint8(255) || !strings.Contains(fmt.Sprint(said), "does not fit") {
		t.Errorf("%v, %v", got, said)
	}
	for text, f := range map[string]func(){
		"make it a float64":           func() { n.set.Interact(func(int) {}, Range(0, 1, 0.1)) },
		"does not have the value 2.5": func() { n.set.Interact(func(int) {}, 2.5) },
		"does not have the value 300": func() { n.set.Interact(func(int8) {}, 300) },
		"the parameter first":         func() { n.names = []string{"first"}; n.set.Interact(func(int) {}, Fixed{"a"}) },
		"is nil: was":                 func() { VBox((*IntControl)(nil)) },
		"OnChange needs":              func() { IntSlider{}.New().OnChange(nil) },
	} {
		func() {
			defer func() {
				if err := fmt.Sprint(recover()); !strings.Contains(err, text) {
					t.Errorf("want an error with %q, got %v", text, err)
				}
			}()
			f()
		}()
	}
}

// TestPicturesGo: a picture that the function no longer gives is not seen.
func TestPicturesGo(t *testing.T) {
	n := newNotebook()
	s := IntSlider{Max: 9}.New()
	in := n.set.Interact(func(i int) any {
		switch i {
		case 1:
			return nil
		case 2:
			return "text"
		}
		return frame(i + 1)
	}, s)
	seen := func() int { return len(in.get("children").([]*model)) }
	for v, want := range []int{3, 2, 2, 3} {
		if s.Set(v); seen() != want {
			t.Errorf("%d widgets for %d, want %d", seen(), v, want)
		}
	}
}

func TestLinks(t *testing.T) {
	a, b := IntSlider{Max: 9, Value: 3}.New(), FloatSlider{Max: 5}.New()
	Link(a, b)
	if b.Get() != 3 {
		t.Errorf("b began with %v", b.Get())
	}
	a.Set(4)
	if b.Get() != 4 {
		t.Errorf("b is %v", b.Get())
	}
	b.Set(2)
	if a.Get() != 2 {
		t.Errorf("a is %v", a.Get())
	}
}

// TestGoroutines: many move, one shows, with the race detector.
func TestGoroutines(t *testing.T) {
	n := newNotebook()
	var mu sync.Mutex // of the notebook
	locked := &lockedHost{n, &mu}
	set := NewSet(locked)
	s := IntSlider{Max: 1000}.New()
	out := set.NewOutput()
	set.Bundle(VBox(s, out))
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for k := range 50 {
				s.Set(i*50 + k)
				s.Get()
				s.Update(State{"description": fmt.Sprint(k)})
				out.Print(k)
				_ = s.String()
			}
		})
	}
	wg.Wait()
	all := out.get("outputs").([]any)
	if len(all) != 400 {
		t.Errorf("%d outputs, want 400", len(all))
	}
}

// lockedHost is a notebook for several goroutines.
type lockedHost struct {
	*notebook
	mu *sync.Mutex
}

func (h *lockedHost) Open(target string, handler Handler, open Message) (Comm, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c, err := h.notebook.Open(target, handler, open)
	return &lockedComm{c, h.mu}, err
}

type lockedComm struct {
	Comm
	mu *sync.Mutex
}

func (c *lockedComm) Send(m Message) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.Comm.Send(m)
}

// TestManyMoves: nothing grows.
func TestManyMoves(t *testing.T) {
	n := newNotebook()
	s := IntSlider{Max: 9}.New()
	n.set.Interact(func(i int) image.Image { return frame(i + 1) }, s)
	models := n.set.Len()
	for i := range 2_000 {
		s.Set(i % 10)
		n.got = n.got[:0]
	}
	if n.set.Len() != models {
		t.Errorf("%d models became %d", models, n.set.Len())
	}
}

func FuzzMessage(f *testing.F) {
	for _, data := range []string{`{"method":"update","state":{"value":3},"buffer_paths":[]}`, `{"method":"update","state":{"value":[1,2]}}`, `{"method":"request_state"}`, `{"method":"custom","content":{"event":"click"}}`} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n := newNotebook()
		for _, w := range descriptions {
			m := w.widget()
			n.set.Bundle(w)
			m.Message(context.Background(), Message{Data: data}, page{n})
		}
		if _, err := n.set.states(); err != nil {
			t.Fatal(err)
		}
	})
}

var _ display.Output = page{}
