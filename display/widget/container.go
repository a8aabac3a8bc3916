package widget

import "reflect"

// Box is a live widget that holds others.
type Box struct{ *model }

// VBox returns a box with widgets one below the other. They are descriptions, such as
// [IntSlider], or live widgets.
func VBox(children ...Widget) *Box { return newBox("VBox", children, nil) }

// HBox returns a box with widgets side by side.
func HBox(children ...Widget) *Box { return newBox("HBox", children, nil) }

// GridBox returns a box whose layout says how many columns there are; see [Box.Layout].
func GridBox(children ...Widget) *Box { return newBox("GridBox", children, nil) }

// Tab returns a box of which one widget is seen, under titles to click; a title too few is
// empty.
func Tab(titles []string, children ...Widget) *Box {
	return newBox("Tab", children, State{"titles": pad(titles, len(children)), "selected_index": first(children)})
}

// Accordion returns a box whose widgets open below their titles.
func Accordion(titles []string, children ...Widget) *Box {
	return newBox("Accordion", children, State{"titles": pad(titles, len(children))})
}

// Stack returns a box of which one widget is seen: the one that Update sets as
// "selected_index".
func Stack(children ...Widget) *Box {
	return newBox("Stack", children, State{"selected_index": first(children)})
}

func newBox(kind string, children []Widget, s State) *Box {
	if s == nil {
		s = State{}
	}
	s["children"] = models(children)
	return &Box{newModel(kind, s)}
}

// SetChildren replaces what the box holds.
func (b *Box) SetChildren(children ...Widget) { b.Update(State{"children": models(children)}) }

// Layout sets the layout of the box and returns the box.
func (b *Box) Layout(l Layout) *Box {
	if m := l.model(); m != nil {
		b.Update(State{"layout": m})
	}
	return b
}

// models are the models of widgets. nil ones are left out; a nil live widget panics.
func models(ws []Widget) []*model {
	all := []*model{}
	for _, w := range ws {
		if w == nil {
			continue
		}
		if absent(w) {
			panic(errorf("a %T is nil: was the variable ever set?", w))
		}
		all = append(all, w.widget())
	}
	return all
}

// absent reports a nil pointer to a live widget.
func absent(w Widget) bool {
	v := reflect.ValueOf(w)
	return v.Kind() == reflect.Pointer && v.IsNil()
}

// pad gives each of n children a title.
func pad(titles []string, n int) []string {
	out := make([]string, max(n, len(titles)))
	copy(out, titles)
	return out
}

func first(children []Widget) any {
	if len(children) == 0 {
		return nil
	}
	return 0
}
