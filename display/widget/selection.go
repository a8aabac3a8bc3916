package widget

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// Option is one of several that a person selects from: what they read, and what it stands for.
type Option struct {
	Label string
	Value any
}

// SelectControl is a live widget in which one of several options is selected.
type SelectControl struct {
	*control[int] // the index, -1 for none
	options       []Option
}

// Get is the value of the selected option, nil when none is.
func (c *SelectControl) Get() any {
	if i := c.control.Get(); i >= 0 {
		return c.options[i].Value
	}
	return nil
}

// Label is what the person reads at the selected option, "" when none is.
func (c *SelectControl) Label() string {
	if i := c.control.Get(); i >= 0 {
		return c.options[i].Label
	}
	return ""
}

// Index is the place of the selected option from 0, -1 when none is.
func (c *SelectControl) Index() int { return c.control.Get() }

// Set selects the option with that value. There has to be one, or it panics with an [*Error].
func (c *SelectControl) Set(value any) { c.control.Set(indexOf(c.kind, c.options, value)) }

// OnChange has f called with the value of the option that is selected now.
func (c *SelectControl) OnChange(f func(value any)) {
	c.control.OnChange(func(int) { f(c.Get()) })
}

func (c *SelectControl) argument(t reflect.Type) (reflect.Value, error) {
	return convert(reflect.ValueOf(c.Get()), t, c.kind)
}

// MultipleControl is a live widget in which any number of options is selected.
type MultipleControl struct {
	*control[[]int]
	options []Option
}

// Get is the values of the selected options, in the order of the options.
func (c *MultipleControl) Get() []any {
	var all []any
	for _, i := range c.control.Get() {
		all = append(all, c.options[i].Value)
	}
	return all
}

// Set selects the options with these values.
func (c *MultipleControl) Set(values ...any) {
	var all []int
	for _, v := range values {
		all = append(all, indexOf(c.kind, c.options, v))
	}
	c.control.Set(all)
}

// OnChange has f called with the values that are selected now.
func (c *MultipleControl) OnChange(f func(values []any)) {
	c.control.OnChange(func([]int) { f(c.Get()) })
}

func (c *MultipleControl) argument(t reflect.Type) (reflect.Value, error) {
	if t.Kind() != reflect.Slice {
		return reflect.Value{}, errorf("a parameter of type %v cannot be set by a SelectMultiple: it has to be a slice", t)
	}
	values := reflect.MakeSlice(t, 0, len(c.options))
	for _, v := range c.Get() {
		x, err := convert(reflect.ValueOf(v), t.Elem(), c.kind)
		if err != nil {
			return x, err
		}
		values = reflect.Append(values, x)
	}
	return values, nil
}

// options makes the options of what a description has: a slice, whose elements are both what
// is read and what is meant; a map from what is read to what is meant, in the order of the
// keys; or a []Option.
func options(kind string, from any) []Option {
	if o, ok := from.([]Option); ok {
		return slices.Clone(o)
	}
	v := reflect.ValueOf(from)
	var all []Option
	switch {
	case from == nil:
	case v.Kind() == reflect.Slice, v.Kind() == reflect.Array:
		for i := range v.Len() {
			x := v.Index(i).Interface()
			all = append(all, Option{fmt.Sprint(x), x})
		}
	case v.Kind() == reflect.Map:
		for key, x := range v.Seq2() {
			all = append(all, Option{fmt.Sprint(key.Interface()), x.Interface()})
		}
		slices.SortFunc(all, func(a, b Option) int { return cmp.Compare(a.Label, b.Label) })
	default:
		panic(errorf("the options of a %s are a slice, a map from texts to values or a []widget.Option, not a %T", kind, from))
	}
	return all
}

func indexOf(kind string, options []Option, value any) int {
	for i, o := range options {
		if reflect.DeepEqual(o.Value, value) {
			return i
		}
	}
	for i, o := range options {
		if o.Label == fmt.Sprint(value) {
			return i
		}
	}
	panic(errorf("this %s has no option %v", kind, value))
}

// Dropdown describes a list that opens. Options is a slice, a map from texts to values, or a
// []Option. Value is that of the option selected at first; nil is the first one.
type Dropdown struct {
	Options     any
	Value       any
	Description string
	Disabled    bool
	OnChange    func(value any)
	Layout      Layout
	State       State
}

// New makes the widget.
func (w Dropdown) New() *SelectControl {
	return newSelect("Dropdown", w.Options, w.Value, with(State{}, w.Description, w.Disabled, w.Layout, w.State), w.OnChange)
}

func (w Dropdown) live() source   { return w.New() }
func (w Dropdown) widget() *model { return w.New().model }

// Select describes a list of which some rows are seen.
type Select struct {
	Options     any
	Value       any
	Rows        int // 0 means 5
	Description string
	Disabled    bool
	OnChange    func(value any)
	Layout      Layout
	State       State
}

// New makes the widget.
func (w Select) New() *SelectControl {
	s := State{}
	setIf(s, "rows", w.Rows)
	return newSelect("Select", w.Options, w.Value, with(s, w.Description, w.Disabled, w.Layout, w.State), w.OnChange)
}

func (w Select) live() source   { return w.New() }
func (w Select) widget() *model { return w.New().model }

// RadioButtons describes buttons of which one is pressed.
type RadioButtons struct {
	Options     any
	Value       any
	Description string
	Disabled    bool
	OnChange    func(value any)
	Layout      Layout
	State       State
}

// New makes the widget.
func (w RadioButtons) New() *SelectControl {
	return newSelect("RadioButtons", w.Options, w.Value, with(State{}, w.Description, w.Disabled, w.Layout, w.State), w.OnChange)
}

func (w RadioButtons) live() source   { return w.New() }
func (w RadioButtons) widget() *model { return w.New().model }

// ToggleButtons describes buttons in a row of which one is pressed.
type ToggleButtons struct {
	Options            any
	Value              any
	Description, Style string
	Disabled           bool
	OnChange           func(value any)
	Layout             Layout
	State              State
}

// New makes the widget.
func (w ToggleButtons) New() *SelectControl {
	s := State{}
	setIf(s, "button_style", w.Style)
	return newSelect("ToggleButtons", w.Options, w.Value, with(s, w.Description, w.Disabled, w.Layout, w.State), w.OnChange)
}

func (w ToggleButtons) live() source   { return w.New() }
func (w ToggleButtons) widget() *model { return w.New().model }

// SelectionSlider describes a slider over options.
type SelectionSlider struct {
	Options     any
	Value       any
	Description string
	Disabled    bool
	OnRelease   bool
	OnChange    func(value any)
	Layout      Layout
	State       State
}

// New makes the widget.
func (w SelectionSlider) New() *SelectControl {
	s := slider(false, w.OnRelease, "")
	return newSelect("SelectionSlider", w.Options, w.Value, with(s, w.Description, w.Disabled, w.Layout, w.State), w.OnChange)
}

func (w SelectionSlider) live() source   { return w.New() }
func (w SelectionSlider) widget() *model { return w.New().model }

// SelectMultiple describes a list in which any number of options is selected. Value is a
// slice of the values selected at first.
type SelectMultiple struct {
	Options     any
	Value       any
	Rows        int // 0 means 5
	Description string
	Disabled    bool
	OnChange    func(values []any)
	Layout      Layout
	State       State
}

// New makes the widget.
func (w SelectMultiple) New() *MultipleControl {
	c := &MultipleControl{options: options("SelectMultiple", w.Options)}
	s := State{"_options_labels": labels(c.options)}
	setIf(s, "rows", w.Rows)
	var begin []int
	for _, o := range options("SelectMultiple", w.Value) {
		begin = append(begin, indexOf("SelectMultiple", c.options, o.Value))
	}
	tr := trait[[]int]{
		key:  "index",
		same: slices.Equal[[]int],
		encode: func(v []int) any {
			return append([]int{}, v...) // none is [], not null
		},
		decode: func(raw json.RawMessage) ([]int, error) {
			var all []int
			if err := json.Unmarshal(raw, &all); err != nil {
				return nil, errors.New("it has to be places in the list")
			}
			for _, i := range all {
				if i < 0 || i >= len(c.options) {
					return nil, fmt.Errorf("there is no option %d", i)
				}
			}
			return all, nil
		},
	}
	c.control = newSelection("SelectMultiple", s, with(State{}, w.Description, w.Disabled, w.Layout, w.State), tr, begin)
	if w.OnChange != nil {
		c.OnChange(w.OnChange)
	}
	return c
}

func (w SelectMultiple) live() source   { return w.New() }
func (w SelectMultiple) widget() *model { return w.New().model }

func labels(options []Option) []string {
	all := make([]string, len(options))
	for i, o := range options {
		all[i] = o.Label
	}
	return all
}

func newSelect(kind string, from, value any, s State, onChange func(any)) *SelectControl {
	c := &SelectControl{options: options(kind, from)}
	begin := min(0, len(c.options)-1)
	if value != nil {
		begin = indexOf(kind, c.options, value)
	}
	tr := trait[int]{
		key: "index",
		encode: func(i int) any {
			if i < 0 {
				return nil
			}
			return i
		},
		decode: func(raw json.RawMessage) (int, error) {
			var i *int
			switch err := json.Unmarshal(raw, &i); {
			case err != nil || i != nil && (*i < 0 || *i >= len(c.options)):
				return 0, fmt.Errorf("it has to be a place in a list of %d", len(c.options))
			case i == nil:
				return -1, nil
			}
			return *i, nil
		},
	}
	c.control = newSelection(kind, State{"_options_labels": labels(c.options)}, s, tr, begin)
	if onChange != nil {
		c.OnChange(onChange)
	}
	return c
}

// newSelection is newControl with keys that only we set.
func newSelection[T any](kind string, own, s State, tr trait[T], begin T) *control[T] {
	c := newControl(kind, s, tr, begin, nil)
	maps.Copy(c.state, own)
	return c
}
