package widget

import (
	"math"
	"reflect"
	"time"
)

// Span is the bounds of a slider; see [Range].
type Span struct{ Min, Max, Step float64 }

// Range stands for a slider from low to high, both included, in steps of 1 or as given: over
// integers for a parameter that is one. Other than with [IntSlider] both bounds may be 0.
func Range(low, high float64, step ...float64) Span {
	s := Span{Min: low, Max: high}
	if len(step) > 0 {
		s.Step = step[0]
	}
	if low > high || s.Step < 0 || len(step) > 1 {
		panic(errorf("Range(%v, %v, %v): it goes from the lower to the higher bound in one positive step", low, high, step))
	}
	return s
}

// slider makes the slider of a parameter of type t.
func (s Span) slider(t reflect.Type, name string) source {
	begin := s.Min + (s.Max-s.Min)/2
	if !isInt(t) {
		state := State{"min": s.Min, "max": s.Max}
		setIf(state, "step", s.Step)
		return &FloatControl{newControl("FloatSlider", state, floatTrait, begin, nil)}
	}
	if s.Min != math.Trunc(s.Min) || s.Max != math.Trunc(s.Max) || s.Step != math.Trunc(s.Step) {
		panic(errorf("Interact: %s is a whole number, of type %v: Range(%v, %v, %v) has others as well; make it a float64", name, t, s.Min, s.Max, s.Step))
	}
	state := State{"min": int(s.Min), "max": int(s.Max)}
	setIf(state, "step", int(s.Step))
	return &IntControl{newControl("IntSlider", state, intTrait, int(begin), nil)}
}

func isInt(t reflect.Type) bool { return t.Kind() >= reflect.Int && t.Kind() <= reflect.Uintptr }

// abbreviated makes the control that a value stands for, or without one (from is nil) the
// type of the parameter; nil: none.
func abbreviated(from any, t reflect.Type, name string) source {
	if s, ok := from.(Span); ok {
		return s.slider(t, name)
	}
	v := reflect.ValueOf(from)
	switch {
	case from == nil:
		return byType(t)
	case v.Kind() == reflect.Bool:
		return Checkbox{Value: v.Bool()}.New()
	case v.Kind() == reflect.String:
		return Text{Value: v.String()}.New()
	case v.CanInt() || v.CanUint() || v.CanFloat():
		return around(v.Convert(reflect.TypeFor[float64]()).Float(), t, name)
	case v.Kind() == reflect.Slice, v.Kind() == reflect.Array, v.Kind() == reflect.Map:
		return Dropdown{Options: from}.New()
	}
	if day, ok := from.(time.Time); ok {
		return DatePicker{Value: day}.New()
	}
	return nil
}

// around is a slider that begins at x and goes from -x to 3x, as ipywidgets has it, or as far
// as the type goes.
func around(x float64, t reflect.Type, name string) source {
	low, high := -x, 3*x
	switch {
	case x == 0:
		low, high = 0, 1
	case x < 0:
		low, high = high, low
	}
	if !isInt(t) {
		return &FloatControl{newControl("FloatSlider", State{"min": low, "max": high}, floatTrait, x, nil)}
	}
	least, most := limits(t)
	if x != math.Trunc(x) || x < least || x > most {
		panic(errorf("Interact: %s is of type %v, which does not have the value %v", name, t, x))
	}
	s := State{"min": int(max(low, least)), "max": int(min(high, most))}
	return &IntControl{newControl("IntSlider", s, intTrait, int(x), nil)}
}

// limits are the least and the greatest value of a type of whole numbers, as far as front
// ends count exactly.
func limits(t reflect.Type) (least, most float64) {
	const exact = 1 << 53
	bits := float64(t.Bits())
	if t.Kind() >= reflect.Uint {
		return 0, min(math.Exp2(bits)-1, exact)
	}
	return max(-math.Exp2(bits-1), -exact), min(math.Exp2(bits-1)-1, exact)
}

func byType(t reflect.Type) source {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return DatePicker{}.New()
	case t.Kind() == reflect.Bool:
		return Checkbox{}.New()
	case t.Kind() == reflect.String:
		return Text{}.New()
	case isInt(t):
		return IntSlider{}.New()
	case t.Kind() == reflect.Float32, t.Kind() == reflect.Float64:
		return FloatSlider{}.New()
	}
	return nil
}
