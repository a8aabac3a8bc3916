package widget

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/dagbook/dagbook/display"
)

// Interactive is a function whose arguments are set by widgets: it is called with their
// values, and again whenever one of them changes. What it prints, shows and returns stands
// below them; a returned image.Image is shown in a place of its own that is replaced without
// flicker.
type Interactive struct {
	*model // the box
	set    *Set
	fn     reflect.Value
	args   []argument
	output *Output

	displayed atomic.Bool
	children  []*model // the controls

	// Of the call that runs:
	picture  *ImageControl // of the last picture; nil before there was one
	pictured bool          // it is seen
	filled   bool          // the output holds something

	mu     sync.Mutex
	busy   bool // a call runs
	again  bool // a value has changed since it began
	result []reflect.Value
}

// argument gives a function one of its arguments.
type argument func(t reflect.Type) (reflect.Value, error)

// Manual makes a button of Interact's: the function is called when it is pressed, not at each
// change. As a control it stands for no parameter.
type Manual struct {
	Label string // "" is "Run Interact"
}

// Fixed is an argument without a widget, for a parameter that stays as it is.
type Fixed struct{ Value any }

// Interact shows a widget for each parameter of f and calls f with their values, now and at
// each change:
//
//	widget.Interact(func(i int) image.Image { return frames[i] }, widget.IntSlider{Max: 999})
//
// controls are for the parameters in their order: a description, a live widget, a [Fixed], or
// what stands for a widget: a [Range] for a slider, a bool for a checkbox, a text for a field,
// a number for a slider around it, a slice or a map for a dropdown. What is left out is chosen
// by the parameter's type. A control without a description has the parameter's name. f may
// return nothing, a value that is shown, an error, or both. A call that fails shows its error
// and the widgets go on. Parameters that no widget can set panic with an [*Error].
func (s *Set) Interact(f any, controls ...any) *Interactive {
	in := s.Interactive(f, controls...)
	in.run(s.host.Context(), s.host.Output())
	b, _ := s.Bundle(in)
	if in.pictured { // for pages without scripts
		file, _ := in.picture.get("value").([]byte)
		b.Data[display.MIMEPNG] = display.PNG(file).Data[display.MIMEPNG]
	}
	s.host.Output().Display(b, "")
	in.displayed.Store(true)
	return in
}

// Interactive is [Set.Interact] without showing anything: the result is shown like other
// widgets, and calls f for the first time when Run does or a control changes.
func (s *Set) Interactive(f any, controls ...any) *Interactive {
	v := reflect.ValueOf(f)
	if v.Kind() != reflect.Func || v.IsNil() {
		panic(errorf("Interact needs a function, not %T", f))
	}
	in := &Interactive{set: s, fn: v, output: s.NewOutput()}
	controls, manual := withoutManual(controls)
	if v.Type().IsVariadic() || len(controls) > v.Type().NumIn() {
		panic(errorf("Interact: %s for a function of type %v; there has to be one for each parameter at most, and none of them may be variadic", counted(len(controls)), v.Type()))
	}
	sources := in.arguments(controls, s.host.Parameters(f))
	in.build(sources, manual)
	return in
}

func counted(controls int) string {
	if controls == 1 {
		return "there is 1 control"
	}
	return fmt.Sprintf("there are %d controls", controls)
}

func withoutManual(controls []any) (rest []any, manual *Manual) {
	for _, c := range controls {
		switch m := c.(type) {
		case Manual:
			manual = &m
		case *Manual:
			manual = m
		default:
			rest = append(rest, c)
		}
	}
	return rest, manual
}

// arguments makes the controls of the parameters and says how each gives its argument.
func (in *Interactive) arguments(controls []any, names []string) (sources []named) {
	t := in.fn.Type()
	for i := range t.NumIn() {
		var from any
		if i < len(controls) {
			from = controls[i]
		}
		name := ""
		if i < len(names) && names[i] != "_" {
			name = names[i]
		}
		if fixed, ok := from.(Fixed); ok {
			if _, err := convert(reflect.ValueOf(fixed.Value), t.In(i), "Fixed"); err != nil {
				panic(errorf("Interact: %s: %v", called(i, name), err))
			}
			in.args = append(in.args, func(t reflect.Type) (reflect.Value, error) {
				return convert(reflect.ValueOf(fixed.Value), t, "Fixed")
			})
			continue
		}
		c := controlFor(from, t.In(i), called(i, name))
		if _, err := c.argument(t.In(i)); err != nil {
			panic(errorf("Interact: %s: %v; a control for it is one of widget.IntSlider{}, widget.Checkbox{}, widget.Text{}, widget.Dropdown{...} and the like, whose values have its type", called(i, name), err))
		}
		in.args = append(in.args, c.argument)
		sources = append(sources, named{c, name})
	}
	return sources
}

// called is how an error names a parameter.
func called(i int, name string) string {
	if name == "" {
		return fmt.Sprintf("parameter %d", i+1)
	}
	return "the parameter " + name
}

// named is a control and the name of its parameter.
type named struct {
	source
	name string
}

// build puts the widgets into a box, in the order in which ipywidgets makes them known.
func (in *Interactive) build(sources []named, manual *Manual) {
	var children []*model
	for _, c := range sources {
		in.must(c.widget().open(in.set))
		children = append(children, c.widget())
	}
	in.model = newModel("VBox", State{})
	in.state["_dom_classes"] = []string{"widget-interact"}
	in.must(in.open(in.set))
	for _, c := range sources {
		if m := c.widget(); c.name != "" && m.get("description") == "" {
			in.must(m.update(State{"description": c.name}))
		}
		if manual == nil {
			c.watch(in.changedControl)
		}
	}
	if manual != nil {
		children = append(children, in.button(manual))
	}
	in.must(in.output.open(in.set))
	in.children = children
	in.place(append(children[:len(children):len(children)], in.output.model))
}

// must tells of widgets that cannot be made known.
func (in *Interactive) must(err error) {
	if err != nil {
		panic(errorf("Interact: %v", err))
	}
}

func (in *Interactive) button(m *Manual) *model {
	label := m.Label
	if label == "" {
		label = "Run Interact"
	}
	b := Button{Description: label}.New()
	b.clicked = func(ctx context.Context, out display.Output, _ json.RawMessage) { in.run(ctx, out) }
	return b.model
}

// changedControl runs the function for a control; out is nil when code has set its value.
func (in *Interactive) changedControl(ctx context.Context, out display.Output) {
	if out == nil {
		ctx, out = in.set.host.Context(), in.set.host.Output()
	}
	in.run(ctx, out)
}

// Run calls the function with the values that the widgets have.
func (in *Interactive) Run() { in.run(in.set.host.Context(), in.set.host.Output()) }

// Result is what the function returned last: nil, one value, or a []any of several.
func (in *Interactive) Result() any {
	in.mu.Lock()
	defer in.mu.Unlock()
	switch len(in.result) {
	case 0:
		return nil
	case 1:
		return in.result[0].Interface()
	}
	var all []any
	for _, v := range in.result {
		all = append(all, v.Interface())
	}
	return all
}

// run calls the function and shows what becomes of it. A change that comes while a call runs,
// by the function itself or another goroutine, has it called once more.
func (in *Interactive) run(ctx context.Context, inner display.Output) {
	if !in.enter() {
		return
	}
	defer in.leave()
	for {
		in.once(ctx, inner)
		if !in.repeat() || ctx.Err() != nil {
			return
		}
	}
}

func (in *Interactive) enter() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.again = in.busy
	in.busy = true
	return !in.again
}

func (in *Interactive) leave() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.busy, in.again = false, false
}

func (in *Interactive) repeat() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	again := in.again
	in.again = false
	return again
}

// once calls the function. An output that it does not write to is emptied.
func (in *Interactive) once(ctx context.Context, inner display.Output) {
	c := &captured{to: in.output, inner: inner}
	defer c.end()
	in.set.host.Call(ctx, c, func() {
		if err := in.call(); err != nil {
			text := err.Error()
			c.Fail("error", text, []string{text})
			return
		}
		in.show(c)
	})
	shown := c.hasBegun()
	if !shown && in.filled {
		c.Clear(false)
	}
	in.filled = shown
}

// call calls the function and keeps what it returns but for the error.
func (in *Interactive) call() error {
	t := in.fn.Type()
	args := make([]reflect.Value, len(in.args))
	for i, arg := range in.args {
		v, err := arg(t.In(i))
		if err != nil {
			return err
		}
		args[i] = v
	}
	results := in.fn.Call(args)
	var err error
	if n := len(results); n > 0 && t.Out(n-1) == reflect.TypeFor[error]() {
		err, _ = results[n-1].Interface().(error)
		results = results[:n-1]
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	in.result = results
	return err
}

// show shows what the function returned.
func (in *Interactive) show(out display.Output) {
	in.mu.Lock()
	results := in.result
	in.mu.Unlock()
	pictures := 0
	for _, v := range results {
		x := v.Interface()
		if img, ok := picture(x); ok && pictures == 0 {
			in.showPicture(img)
			pictures++
			continue
		}
		if (v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer) && v.IsNil() {
			continue
		}
		out.Display(in.set.host.Form(x), "")
	}
	if pictures == 0 {
		in.hidePicture()
	}
}

// picture is the image behind a result: an image.Image that is not nil.
func picture(x any) (image.Image, bool) {
	img, ok := x.(image.Image)
	if _, region := x.(image.Rectangle); region { // it has the methods, but stands for a place
		return nil, false
	}
	if v := reflect.ValueOf(x); !ok || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil, false
	}
	return img, true
}

// showPicture replaces the picture, or puts it above the output.
func (in *Interactive) showPicture(img image.Image) {
	if in.picture == nil {
		in.picture = Image{Image: img, Layout: Layout{AlignSelf: "flex-start"}}.New() // in its own size
	} else {
		in.picture.Set(img)
	}
	if !in.pictured {
		in.place(append(in.children[:len(in.children):len(in.children)], in.picture.model, in.output.model))
		in.pictured = true
	}
}

// hidePicture takes a picture away that is no longer what the function gives.
func (in *Interactive) hidePicture() {
	if in.pictured {
		in.place(append(in.children[:len(in.children):len(in.children)], in.output.model))
		in.pictured = false
	}
}

func (in *Interactive) place(children []*model) { in.must(in.update(State{"children": children})) }

// controlFor makes the control of a parameter from what Interact was given for it.
func controlFor(from any, t reflect.Type, name string) source {
	switch c := from.(type) {
	case source:
		return c
	case interface{ live() source }:
		return c.live()
	case Widget:
		panic(errorf("Interact: a %s has no value that could set %s", strings.TrimPrefix(reflect.TypeOf(c).String(), "*"), name))
	}
	if c := abbreviated(from, t, name); c != nil {
		return c
	}
	if from == nil {
		panic(errorf("Interact: no control is made of itself for %s of type %v: give it a widget, such as widget.Dropdown{Options: ...}, or a widget.Fixed", name, t))
	}
	panic(errorf("Interact: %s of type %v cannot be set by a %T: give it a widget, such as widget.IntSlider{}, or a widget.Fixed", name, t, from))
}
