package widget

import (
	"context"
	"reflect"

	"github.com/dagbook/dagbook/display"
)

// link is what joins values of widgets in the front ends.
func link(kind string, source Widget, key string, target Widget, targetKey string) *model {
	a, b := source.widget(), target.widget()
	for _, end := range []struct {
		m   *model
		key string
	}{{a, key}, {b, targetKey}} {
		if err := end.m.check(State{end.key: nil}); err != nil {
			panic(err)
		}
	}
	m := newModel(kind, nil)
	m.state["source"], m.state["target"] = []any{a, key}, []any{b, targetKey}
	return m
}

// Linked is a link between widgets that the front ends keep. Close ends it.
type Linked struct{ *model }

// JSLink keeps two values equal from now on, both ways, in the front ends: a film's buttons
// and a slider, for example. The keys are the names that ipywidgets gives to traits:
//
//	widget.JSLink(play, "value", slider, "value")
//
// The widgets are live ones; a key that one of them does not have panics with an [*Error].
func (s *Set) JSLink(a Widget, keyA string, b Widget, keyB string) *Linked {
	return s.link("Link", a, keyA, b, keyB)
}

// JSDLink keeps the second value equal to the first in the front ends, not the other way
// round.
func (s *Set) JSDLink(source Widget, key string, target Widget, targetKey string) *Linked {
	return s.link("DirectionalLink", source, key, target, targetKey)
}

func (s *Set) link(kind string, a Widget, keyA string, b Widget, keyB string) *Linked {
	l := &Linked{link(kind, a, keyA, b, keyB)}
	if err := l.open(s); err != nil {
		panic(errorf("the widgets cannot be linked: %v", err))
	}
	return l
}

// Link keeps the values of two live widgets equal, both ways, here in the kernel; b takes
// a's value at once. It panics with an [*Error] when one cannot have the other's values.
func Link(a, b Widget) {
	x, okA := a.(joint)
	y, okB := b.(joint)
	if !okA || !okB {
		panic(errorf("Link joins live widgets that have a value: make them with New first"))
	}
	forth, back := follow(y, x), follow(x, y)
	forth()
	x.watch(func(context.Context, display.Output) { forth() })
	y.watch(func(context.Context, display.Output) { back() })
}

// joint is a control whose value another one can set.
type joint interface {
	source
	follow(v reflect.Value) error
	valueType() reflect.Type
}

// follow returns what sets the value of to to that of from.
func follow(to, from joint) func() {
	return func() {
		v, err := from.argument(to.valueType())
		if err == nil {
			err = to.follow(v)
		}
		if err != nil {
			panic(errorf("the widgets cannot be linked: %v", err))
		}
	}
}

func (c *control[T]) valueType() reflect.Type { return reflect.TypeFor[T]() }

func (c *control[T]) follow(v reflect.Value) error {
	x, ok := v.Interface().(T)
	if !ok {
		return errorf("a %s takes values of type %v, not %v", c.kind, reflect.TypeFor[T](), v.Type())
	}
	c.Set(x)
	return nil
}
