package widget

import (
	"encoding/json"
	"errors"
	"math"
)

// IntControl is a live widget whose value is an int.
type IntControl struct{ *control[int] }

// FloatControl is a live widget whose value is a float64.
type FloatControl struct{ *control[float64] }

// IntRangeControl is a live widget whose value is a lowest and a highest int.
type IntRangeControl struct{ *control[[2]int] }

// FloatRangeControl is a live widget whose value is a lowest and a highest float64.
type FloatRangeControl struct{ *control[[2]float64] }

// IntSlider describes a slider over integers. Max 0 together with Min 0 means 100, Step 0
// means 1, as in ipywidgets; for a range that may be of one value there is [Range].
type IntSlider struct {
	Value, Min, Max, Step int
	Description           string // Interact takes the parameter's name when it is empty
	Disabled              bool
	Vertical              bool
	OnRelease             bool   // the value changes when the handle is let go, not while it is dragged
	ReadoutFormat         string // as in d3-format; "" is "d"
	OnChange              func(value int)
	Layout                Layout
	State                 State // further traits by the names of ipywidgets
}

// New makes the widget, which can be read and changed while it is shown.
func (w IntSlider) New() *IntControl {
	s := slider(w.Vertical, w.OnRelease, w.ReadoutFormat)
	bounds(s, w.Min, w.Max, w.Step)
	return &IntControl{newControl("IntSlider", with(s, w.Description, w.Disabled, w.Layout, w.State), intTrait, w.Value, w.OnChange)}
}

func (w IntSlider) live() source   { return w.New() }
func (w IntSlider) widget() *model { return w.New().model }

// FloatSlider describes a slider over numbers. Max 0 together with Min 0 means 100, Step 0
// means 0.1.
type FloatSlider struct {
	Value, Min, Max, Step float64
	Description           string
	Disabled              bool
	Vertical              bool
	OnRelease             bool
	ReadoutFormat         string // "" is ".2f"
	OnChange              func(value float64)
	Layout                Layout
	State                 State
}

// New makes the widget.
func (w FloatSlider) New() *FloatControl {
	s := slider(w.Vertical, w.OnRelease, w.ReadoutFormat)
	bounds(s, w.Min, w.Max, w.Step)
	return &FloatControl{newControl("FloatSlider", with(s, w.Description, w.Disabled, w.Layout, w.State), floatTrait, w.Value, w.OnChange)}
}

func (w FloatSlider) live() source   { return w.New() }
func (w FloatSlider) widget() *model { return w.New().model }

// FloatLogSlider describes a slider over powers: the handle moves from Base^Min to Base^Max
// in steps of the exponent. Zeros mean base 10, exponents 0 to 4, steps of 0.1, value 1.
type FloatLogSlider struct {
	Value, Base, Min, Max, Step float64
	Description                 string
	Disabled                    bool
	Vertical                    bool
	OnRelease                   bool
	ReadoutFormat               string // "" is ".3g"
	OnChange                    func(value float64)
	Layout                      Layout
	State                       State
}

// New makes the widget.
func (w FloatLogSlider) New() *FloatControl {
	s := slider(w.Vertical, w.OnRelease, w.ReadoutFormat)
	bounds(s, w.Min, w.Max, w.Step)
	setIf(s, "base", w.Base)
	begin := w.Value
	if begin == 0 {
		begin = 1
	}
	tr := floatTrait
	tr.limit = func(v float64, s State) float64 {
		base, low, high := number(s["base"]), number(s["min"]), number(s["max"])
		return min(max(v, math.Pow(base, low)), math.Pow(base, high))
	}
	return &FloatControl{newControl("FloatLogSlider", with(s, w.Description, w.Disabled, w.Layout, w.State), tr, begin, w.OnChange)}
}

func (w FloatLogSlider) live() source   { return w.New() }
func (w FloatLogSlider) widget() *model { return w.New().model }

// IntRangeSlider describes a slider with two handles. A zero Value is the middle half.
type IntRangeSlider struct {
	Value          [2]int
	Min, Max, Step int
	Description    string
	Disabled       bool
	Vertical       bool
	OnRelease      bool
	ReadoutFormat  string
	OnChange       func(value [2]int)
	Layout         Layout
	State          State
}

// New makes the widget.
func (w IntRangeSlider) New() *IntRangeControl {
	s := slider(w.Vertical, w.OnRelease, w.ReadoutFormat)
	bounds(s, w.Min, w.Max, w.Step)
	if w.Value == [2]int{} {
		low, high := w.Min, w.Max
		if low == 0 && high == 0 {
			high = 100
		}
		w.Value = [2]int{low + (high-low)/4, low + (high-low)*3/4}
	}
	return &IntRangeControl{newControl("IntRangeSlider", with(s, w.Description, w.Disabled, w.Layout, w.State), pairTrait(intTrait), w.Value, w.OnChange)}
}

func (w IntRangeSlider) live() source   { return w.New() }
func (w IntRangeSlider) widget() *model { return w.New().model }

// FloatRangeSlider describes a slider with two handles. A zero Value is the middle half.
type FloatRangeSlider struct {
	Value          [2]float64
	Min, Max, Step float64
	Description    string
	Disabled       bool
	Vertical       bool
	OnRelease      bool
	ReadoutFormat  string
	OnChange       func(value [2]float64)
	Layout         Layout
	State          State
}

// New makes the widget.
func (w FloatRangeSlider) New() *FloatRangeControl {
	s := slider(w.Vertical, w.OnRelease, w.ReadoutFormat)
	bounds(s, w.Min, w.Max, w.Step)
	if w.Value == [2]float64{} {
		low, high := w.Min, w.Max
		if low == 0 && high == 0 {
			high = 100
		}
		w.Value = [2]float64{low + (high-low)/4, low + (high-low)*3/4}
	}
	return &FloatRangeControl{newControl("FloatRangeSlider", with(s, w.Description, w.Disabled, w.Layout, w.State), pairTrait(floatTrait), w.Value, w.OnChange)}
}

func (w FloatRangeSlider) live() source   { return w.New() }
func (w FloatRangeSlider) widget() *model { return w.New().model }

// IntText describes a field for an int; with Min or Max it takes no others.
type IntText struct {
	Value, Min, Max, Step int
	Description           string
	Disabled              bool
	OnChange              func(value int)
	Layout                Layout
	State                 State
}

// New makes the widget.
func (w IntText) New() *IntControl {
	kind, s := "IntText", State{}
	if w.Min != 0 || w.Max != 0 {
		kind = "BoundedIntText"
		bounds(s, w.Min, w.Max, 0)
	}
	setIf(s, "step", w.Step)
	return &IntControl{newControl(kind, with(s, w.Description, w.Disabled, w.Layout, w.State), intTrait, w.Value, w.OnChange)}
}

func (w IntText) live() source   { return w.New() }
func (w IntText) widget() *model { return w.New().model }

// FloatText describes a field for a number; with Min or Max it takes no others.
type FloatText struct {
	Value, Min, Max, Step float64
	Description           string
	Disabled              bool
	OnChange              func(value float64)
	Layout                Layout
	State                 State
}

// New makes the widget.
func (w FloatText) New() *FloatControl {
	kind, s := "FloatText", State{}
	if w.Min != 0 || w.Max != 0 {
		kind = "BoundedFloatText"
		bounds(s, w.Min, w.Max, 0)
	}
	setIf(s, "step", w.Step)
	return &FloatControl{newControl(kind, with(s, w.Description, w.Disabled, w.Layout, w.State), floatTrait, w.Value, w.OnChange)}
}

func (w FloatText) live() source   { return w.New() }
func (w FloatText) widget() *model { return w.New().model }

// IntProgress describes a bar that code moves. Style is "success", "info", "warning",
// "danger" or "".
type IntProgress struct {
	Value, Min, Max int
	Description     string
	Style           string
	Vertical        bool
	Layout          Layout
	State           State
}

// New makes the widget.
func (w IntProgress) New() *IntControl {
	s := progress(w.Style, w.Vertical)
	bounds(s, w.Min, w.Max, 0)
	return &IntControl{newControl("IntProgress", with(s, w.Description, false, w.Layout, w.State), intTrait, w.Value, nil)}
}

func (w IntProgress) live() source   { return w.New() }
func (w IntProgress) widget() *model { return w.New().model }

// FloatProgress describes a bar that code moves.
type FloatProgress struct {
	Value, Min, Max float64
	Description     string
	Style           string
	Vertical        bool
	Layout          Layout
	State           State
}

// New makes the widget.
func (w FloatProgress) New() *FloatControl {
	s := progress(w.Style, w.Vertical)
	bounds(s, w.Min, w.Max, 0)
	return &FloatControl{newControl("FloatProgress", with(s, w.Description, false, w.Layout, w.State), floatTrait, w.Value, nil)}
}

func (w FloatProgress) live() source   { return w.New() }
func (w FloatProgress) widget() *model { return w.New().model }

// Play describes the buttons of a film: the front end counts Value up every Interval
// milliseconds (100 when 0). [Set.JSLink] joins it to a slider.
type Play struct {
	Value, Min, Max, Step, Interval int
	Repeat                          bool
	Description                     string
	Disabled                        bool
	OnChange                        func(value int)
	Layout                          Layout
	State                           State
}

// New makes the widget.
func (w Play) New() *IntControl {
	s := State{}
	bounds(s, w.Min, w.Max, w.Step)
	setIf(s, "interval", w.Interval)
	setIf(s, "repeat", w.Repeat)
	return &IntControl{newControl("Play", with(s, w.Description, w.Disabled, w.Layout, w.State), intTrait, w.Value, w.OnChange)}
}

func (w Play) live() source   { return w.New() }
func (w Play) widget() *model { return w.New().model }

// slider is what the sliders have in common.
func slider(vertical, onRelease bool, format string) State {
	s := State{}
	if vertical {
		s["orientation"] = "vertical"
	}
	if onRelease {
		s["continuous_update"] = false
	}
	setIf(s, "readout_format", format)
	return s
}

func progress(style string, vertical bool) State {
	s := State{}
	setIf(s, "bar_style", style)
	if vertical {
		s["orientation"] = "vertical"
	}
	return s
}

// bounds sets min, max and step. Both bounds zero are the defaults.
func bounds[T int | float64](s State, low, high, step T) {
	if low != 0 || high != 0 {
		if low > high {
			panic(errorf("a widget cannot go from %v to %v: Min is greater than Max", low, high))
		}
		s["min"], s["max"] = low, high
	}
	if step < 0 {
		panic(errorf("a widget cannot have steps of %v", step))
	}
	setIf(s, "step", step)
}

// number is a value of a state as a float64.
func number(v any) float64 {
	switch v := v.(type) {
	case int:
		return float64(v)
	case float64:
		return v
	case json.RawMessage:
		var f float64
		if json.Unmarshal(v, &f) == nil {
			return f
		}
	}
	return 0
}

// between keeps v in the bounds of a state that has some.
func between[T int | float64](v T, s State) T {
	if low, ok := s["min"]; ok {
		v = max(v, T(number(low)))
	}
	if high, ok := s["max"]; ok {
		v = min(v, T(number(high)))
	}
	return v
}

var intTrait = trait[int]{key: "value", decode: decodeInt, limit: between[int]}

var floatTrait = trait[float64]{key: "value", decode: decodeFloat, limit: between[float64], same: func(a, b float64) bool { return a == b || a != a && b != b }}

// pairTrait is that of a lowest and a highest value.
func pairTrait[T int | float64](one trait[T]) trait[[2]T] {
	return trait[[2]T]{
		key: one.key,
		decode: func(raw json.RawMessage) (pair [2]T, err error) {
			var both []json.RawMessage
			if err := json.Unmarshal(raw, &both); err != nil || len(both) != 2 {
				return pair, errors.New("it has to be two numbers")
			}
			for i := range pair {
				if pair[i], err = one.decode(both[i]); err != nil {
					return pair, err
				}
			}
			return pair, nil
		},
		limit: func(v [2]T, s State) [2]T {
			v[0], v[1] = between(v[0], s), between(v[1], s)
			if v[0] > v[1] {
				v[0], v[1] = v[1], v[0]
			}
			return v
		},
	}
}

func decodeFloat(raw json.RawMessage) (float64, error) {
	var f *float64
	if err := json.Unmarshal(raw, &f); err != nil || f == nil {
		return 0, errors.New("it has to be a number")
	}
	return *f, nil
}

// decodeInt takes 3 and 3.0, as a language with one kind of numbers sends either.
func decodeInt(raw json.RawMessage) (int, error) {
	f, err := decodeFloat(raw)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, errors.New("it has to be an integer")
	}
	return int(f), nil
}
