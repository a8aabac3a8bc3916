package widget

import (
	"encoding/json"
	"errors"
	"regexp"
	"time"
)

// TextControl is a live widget whose value is a string.
type TextControl struct{ *control[string] }

// BoolControl is a live widget whose value is a bool.
type BoolControl struct{ *control[bool] }

// DateControl is a live widget whose value is a day, the zero time when there is none.
type DateControl struct{ *control[time.Time] }

var textTrait = trait[string]{key: "value", decode: decode[string]("a text")}

var boolTrait = trait[bool]{key: "value", decode: decode[bool]("true or false")}

func decode[T any](what string) func(json.RawMessage) (T, error) {
	return func(raw json.RawMessage) (T, error) {
		var v *T
		if err := json.Unmarshal(raw, &v); err != nil || v == nil {
			var zero T
			return zero, errors.New("it has to be " + what)
		}
		return *v, nil
	}
}

// Text describes a field for a line of text.
type Text struct {
	Value, Placeholder, Description string
	Disabled                        bool
	OnEnter                         bool // the value changes when the person presses Enter, not while they type
	OnChange                        func(value string)
	Layout                          Layout
	State                           State
}

// New makes the widget.
func (w Text) New() *TextControl {
	return &TextControl{newControl("Text", with(field(w.Placeholder, w.OnEnter), w.Description, w.Disabled, w.Layout, w.State), textTrait, w.Value, w.OnChange)}
}

func (w Text) live() source   { return w.New() }
func (w Text) widget() *model { return w.New().model }

// Password describes a field whose text is not shown. The text is in the notebook's file
// when that is saved with the state of its widgets.
type Password struct {
	Value, Placeholder, Description string
	Disabled                        bool
	OnEnter                         bool
	OnChange                        func(value string)
	Layout                          Layout
	State                           State
}

// New makes the widget.
func (w Password) New() *TextControl {
	return &TextControl{newControl("Password", with(field(w.Placeholder, w.OnEnter), w.Description, w.Disabled, w.Layout, w.State), textTrait, w.Value, w.OnChange)}
}

func (w Password) live() source   { return w.New() }
func (w Password) widget() *model { return w.New().model }

// Textarea describes a field for several lines of text.
type Textarea struct {
	Value, Placeholder, Description string
	Rows                            int // 0: as the front end likes
	Disabled                        bool
	OnLeave                         bool // the value changes when the person leaves the field
	OnChange                        func(value string)
	Layout                          Layout
	State                           State
}

// New makes the widget.
func (w Textarea) New() *TextControl {
	s := field(w.Placeholder, w.OnLeave)
	setIf(s, "rows", w.Rows)
	return &TextControl{newControl("Textarea", with(s, w.Description, w.Disabled, w.Layout, w.State), textTrait, w.Value, w.OnChange)}
}

func (w Textarea) live() source   { return w.New() }
func (w Textarea) widget() *model { return w.New().model }

// Combobox describes a field that proposes options, and with Strict takes nothing else.
type Combobox struct {
	Value, Placeholder, Description string
	Options                         []string
	Strict                          bool
	Disabled                        bool
	OnChange                        func(value string)
	Layout                          Layout
	State                           State
}

// New makes the widget.
func (w Combobox) New() *TextControl {
	s := field(w.Placeholder, false)
	s["options"] = append([]string{}, w.Options...)
	setIf(s, "ensure_option", w.Strict)
	return &TextControl{newControl("Combobox", with(s, w.Description, w.Disabled, w.Layout, w.State), textTrait, w.Value, w.OnChange)}
}

func (w Combobox) live() source   { return w.New() }
func (w Combobox) widget() *model { return w.New().model }

// field is what fields for text have in common.
func field(placeholder string, late bool) State {
	s := State{}
	setIf(s, "placeholder", placeholder)
	if late {
		s["continuous_update"] = false
	}
	return s
}

// HTML describes a piece of HTML. Value is shown as it is: what comes from data goes through
// display.Escape.
type HTML struct {
	Value, Description string
	Layout             Layout
	State              State
}

// New makes the widget.
func (w HTML) New() *TextControl {
	return &TextControl{newControl("HTML", with(State{}, w.Description, false, w.Layout, w.State), textTrait, w.Value, nil)}
}

func (w HTML) live() source   { return w.New() }
func (w HTML) widget() *model { return w.New().model }

// Label describes a line of text, in which $...$ is mathematics.
type Label struct {
	Value, Description string
	Layout             Layout
	State              State
}

// New makes the widget.
func (w Label) New() *TextControl {
	return &TextControl{newControl("Label", with(State{}, w.Description, false, w.Layout, w.State), textTrait, w.Value, nil)}
}

func (w Label) live() source   { return w.New() }
func (w Label) widget() *model { return w.New().model }

// ColorPicker describes a field for a colour in the words of CSS: "#4c72b0", "black". An
// empty Value is black.
type ColorPicker struct {
	Value, Description string
	Concise            bool // only the button
	Disabled           bool
	OnChange           func(value string)
	Layout             Layout
	State              State
}

var colorText = regexp.MustCompile(`^(#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})|[a-zA-Z]+|(rgb|hsl)a?\([0-9.,%/ ]*\))$`)

// New makes the widget. A Value that is no colour panics with an [*Error].
func (w ColorPicker) New() *TextControl {
	s := State{}
	setIf(s, "concise", w.Concise)
	tr := trait[string]{key: "value", decode: func(raw json.RawMessage) (string, error) {
		text, err := textTrait.decode(raw)
		if err != nil || !colorText.MatchString(text) {
			return "", errors.New("it has to be a colour, as #4c72b0")
		}
		return text, nil
	}}
	if w.Value == "" {
		w.Value = "black"
	}
	if !colorText.MatchString(w.Value) {
		panic(errorf("%q is no colour: write it as #4c72b0, or one of CSS's names", w.Value))
	}
	return &TextControl{newControl("ColorPicker", with(s, w.Description, w.Disabled, w.Layout, w.State), tr, w.Value, w.OnChange)}
}

func (w ColorPicker) live() source   { return w.New() }
func (w ColorPicker) widget() *model { return w.New().model }

// DatePicker describes a field for a day. Times of the day are cut off; the zero time is no
// day, also as Min and Max.
type DatePicker struct {
	Value, Min, Max time.Time
	Description     string
	Disabled        bool
	OnChange        func(value time.Time)
	Layout          Layout
	State           State
}

// date is a day as the front ends have it: months count from 0.
type date struct {
	Year  int `json:"year"`
	Month int `json:"month"`
	Date  int `json:"date"`
}

func encodeDate(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return date{t.Year(), int(t.Month()) - 1, t.Day()}
}

func decodeDate(raw json.RawMessage) (time.Time, error) {
	var d *date
	if err := json.Unmarshal(raw, &d); err != nil {
		return time.Time{}, errors.New("it has to be a day")
	}
	if d == nil {
		return time.Time{}, nil
	}
	return time.Date(d.Year, time.Month(d.Month+1), d.Date, 0, 0, 0, 0, time.UTC), nil
}

// New makes the widget.
func (w DatePicker) New() *DateControl {
	s := State{"min": encodeDate(w.Min), "max": encodeDate(w.Max)}
	tr := trait[time.Time]{
		key: "value", decode: decodeDate, encode: encodeDate, same: time.Time.Equal,
		limit: func(t time.Time, _ State) time.Time {
			switch {
			case t.IsZero():
			case t.Before(w.Min):
				t = w.Min
			case !w.Max.IsZero() && t.After(w.Max):
				t = w.Max
			}
			return t
		},
	}
	return &DateControl{newControl("DatePicker", with(s, w.Description, w.Disabled, w.Layout, w.State), tr, w.Value, w.OnChange)}
}

func (w DatePicker) live() source   { return w.New() }
func (w DatePicker) widget() *model { return w.New().model }

// Checkbox describes a box to tick.
type Checkbox struct {
	Value       bool
	Description string
	Disabled    bool
	OnChange    func(value bool)
	Layout      Layout
	State       State
}

// New makes the widget.
func (w Checkbox) New() *BoolControl {
	return &BoolControl{newControl("Checkbox", with(State{}, w.Description, w.Disabled, w.Layout, w.State), boolTrait, w.Value, w.OnChange)}
}

func (w Checkbox) live() source   { return w.New() }
func (w Checkbox) widget() *model { return w.New().model }

// ToggleButton describes a button that stays pressed. Style is "success", "info",
// "warning", "danger", "primary" or ""; Icon a name of Font Awesome's.
type ToggleButton struct {
	Value                    bool
	Description, Style, Icon string
	Disabled                 bool
	OnChange                 func(value bool)
	Layout                   Layout
	State                    State
}

// New makes the widget.
func (w ToggleButton) New() *BoolControl {
	s := State{}
	setIf(s, "button_style", w.Style)
	setIf(s, "icon", w.Icon)
	return &BoolControl{newControl("ToggleButton", with(s, w.Description, w.Disabled, w.Layout, w.State), boolTrait, w.Value, w.OnChange)}
}

func (w ToggleButton) live() source   { return w.New() }
func (w ToggleButton) widget() *model { return w.New().model }

// Valid describes a mark that code sets: right or wrong.
type Valid struct {
	Value       bool
	Description string
	Readout     string // beside a mark for wrong; "" is "Invalid"
	Layout      Layout
	State       State
}

// New makes the widget.
func (w Valid) New() *BoolControl {
	s := State{}
	setIf(s, "readout", w.Readout)
	return &BoolControl{newControl("Valid", with(s, w.Description, false, w.Layout, w.State), boolTrait, w.Value, nil)}
}

func (w Valid) live() source   { return w.New() }
func (w Valid) widget() *model { return w.New().model }
