package widget

import (
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"slices"

	"github.com/dagbook/dagbook/display"
)

// control is a widget with a value of type T, and who watches it.
type control[T any] struct {
	*model
	value    T                                       // under model.mu
	watchers []func(T)                               // of the user; under model.mu
	runs     []func(context.Context, display.Output) // of functions that interact; under model.mu
	key      string                                  // of the value in the state
	same     func(a, b T) bool
	encode   func(T) any // as the front ends have it
}

// trait says how the value of a control stands in its model.
type trait[T any] struct {
	key    string                           // "value", or "index" of a selection
	decode func(json.RawMessage) (T, error) // what a front end may set; the error is a sentence
	encode func(T) any                      // nil: as it is
	limit  func(T, State) T                 // makes a value one that the widget can have; nil: any is
	same   func(a, b T) bool                // nil: ==
}

// newControl makes the widget that a description describes. begin is its value.
func newControl[T any](kind string, state State, tr trait[T], begin T, onChange func(T)) *control[T] {
	c := &control[T]{key: tr.key, same: tr.same, encode: tr.encode}
	if c.same == nil {
		c.same = func(a, b T) bool { return any(a) == any(b) }
	}
	if c.encode == nil {
		c.encode = func(v T) any { return v }
	}
	limit := tr.limit
	if limit == nil {
		limit = func(v T, _ State) T { return v }
	}
	c.model = newModel(kind, state)
	c.value = limit(begin, c.model.state)
	c.state[tr.key] = c.encode(c.value)
	if onChange != nil {
		c.watchers = append(c.watchers, onChange)
	}
	c.accept = func(key string, raw json.RawMessage) (any, bool, error) {
		if key != tr.key {
			return nil, false, errPlain
		}
		v, err := tr.decode(raw)
		if err != nil {
			return nil, false, errorf("the %s of this %s cannot become %.60s: %v", key, kind, raw, err)
		}
		v = limit(v, c.state)
		changed := !c.same(v, c.value)
		c.value = v
		return c.encode(v), changed, nil
	}
	if _, bounded := c.state["min"]; bounded && tr.limit != nil {
		c.settle = func(set State) (bool, error) { return c.rebound(set, tr.limit) }
	}
	c.changed, c.notify = c.tellFrom, c.tell
	return c
}

// rebound checks bounds that code sets and brings the value between them.
func (c *control[T]) rebound(set State, limit func(T, State) T) (differs bool, err error) {
	all := maps.Clone(c.state)
	for _, key := range []string{"min", "max"} {
		v, ok := set[key]
		if !ok {
			continue
		}
		if x := reflect.ValueOf(v); !x.IsValid() || !x.CanInt() && !x.CanUint() && !x.CanFloat() {
			return false, errorf("the %s of a %s is a number, not %v", key, c.kind, v)
		}
		all[key] = reflect.ValueOf(v).Convert(reflect.TypeFor[float64]()).Interface()
	}
	if low, high := number(all["min"]), number(all["max"]); low > high {
		return false, errorf("a %s cannot go from %v to %v: set min and max together", c.kind, low, high)
	}
	v := limit(c.value, all)
	if c.same(v, c.value) {
		return false, nil
	}
	c.value = v
	set[c.key] = c.encode(v)
	return true, nil
}

// Get is the value that the widget has now.
func (c *control[T]) Get() T {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.value
}

// Set gives the widget a value, here and in the front ends; one out of its range becomes
// the nearest. Those who watch it are told if it is another one. A value that it cannot have
// at all panics with an [*Error].
func (c *control[T]) Set(v T) {
	c.Update(State{c.key: c.encode(v)})
}

// OnChange has f called with the new value whenever it changes, by a person or by [Set].
// What f prints goes to the cell whose code sets the value, or to the widget's own message.
func (c *control[T]) OnChange(f func(T)) {
	if f == nil {
		panic(errorf("OnChange needs a function, not nil"))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watchers = append(c.watchers, f)
}

// watch has run called behind the user's functions; out is nil when code has set the value.
func (c *control[T]) watch(run func(ctx context.Context, out display.Output)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.runs = append(c.runs, run)
}

// tell calls those who watch, on the goroutine of the code that has set the value.
func (c *control[T]) tell() {
	v, watchers, runs := c.told()
	for _, f := range watchers {
		f(v)
	}
	for _, run := range runs {
		run(nil, nil)
	}
}

// tellFrom calls them when a person has changed the value.
func (c *control[T]) tellFrom(ctx context.Context, out display.Output) {
	v, watchers, runs := c.told()
	for _, f := range watchers {
		c.set.host.Call(ctx, out, func() { f(v) })
	}
	for _, run := range runs {
		run(ctx, out)
	}
}

func (c *control[T]) told() (T, []func(T), []func(context.Context, display.Output)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.value, slices.Clone(c.watchers), slices.Clone(c.runs)
}

// source is a control as [Set.Interact] uses it.
type source interface {
	Widget
	argument(t reflect.Type) (reflect.Value, error)
	watch(run func(context.Context, display.Output))
}

// argument is the value as one of type t.
func (c *control[T]) argument(t reflect.Type) (reflect.Value, error) {
	return convert(reflect.ValueOf(c.Get()), t, c.kind)
}

// convert makes v a value of type t, or says why a parameter of that type cannot have it.
func convert(v reflect.Value, t reflect.Type, kind string) (reflect.Value, error) {
	switch {
	case !v.IsValid():
		return reflect.Zero(t), nil
	case v.Type().AssignableTo(t):
		return v, nil
	case v.Kind() == reflect.Array && t.Kind() == reflect.Slice && v.Type().Elem().ConvertibleTo(t.Elem()),
		v.Kind() == reflect.Slice && t.Kind() == reflect.Slice && v.Type().Elem().ConvertibleTo(t.Elem()):
		s := reflect.MakeSlice(t, v.Len(), v.Len())
		for i := range v.Len() {
			s.Index(i).Set(v.Index(i).Convert(t.Elem()))
		}
		return s, nil
	case v.CanInt() && isInt(t) && !holds(t, v.Int()):
		return reflect.Value{}, errorf("the value %v does not fit into a parameter of type %v", v, t)
	case v.CanConvert(t) && (v.Kind() == reflect.String) == (t.Kind() == reflect.String):
		return v.Convert(t), nil
	}
	return reflect.Value{}, errorf("a parameter of type %v cannot be set by a %s, whose values are of type %v", t, kind, v.Type())
}

// holds reports whether a type of whole numbers has a value.
func holds(t reflect.Type, v int64) bool {
	if t.Kind() >= reflect.Uint {
		return v >= 0 && !reflect.Zero(t).OverflowUint(uint64(v))
	}
	return !reflect.Zero(t).OverflowInt(v)
}

// with adds to a state what descriptions have in common.
func with(s State, description string, disabled bool, layout Layout, more State) State {
	if description != "" {
		s["description"] = description
	}
	if disabled {
		s["disabled"] = true
	}
	if m := layout.model(); m != nil {
		s["layout"] = m
	}
	maps.Copy(s, more)
	return s
}

// setIf sets a key unless v is zero, for which the default of ipywidgets stands.
func setIf[T comparable](s State, key string, v T) {
	var zero T
	if v != zero {
		s[key] = v
	}
}
