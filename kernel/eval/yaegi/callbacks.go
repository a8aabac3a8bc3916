package yaegi

import (
	"fmt"
	"reflect"
	"time"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel/eval"
)

// callbacks is the package that emitted code calls.
func (e *Engine) callbacks() map[string]reflect.Value {
	return map[string]reflect.Value{
		"Step":       reflect.ValueOf(func(i int) { e.trace.at(i); e.host.Step(i) }),
		"End":        reflect.ValueOf(func() { e.trace.end() }),
		"Left":       reflect.ValueOf(func(body int) { e.trace.leave(body) }),
		"Magic":      reflect.ValueOf(func(i int) { stopOn(e.host.Magic(i)) }),
		"Time":       reflect.ValueOf(func() func() { return e.host.Time() }),
		"Timeit":     reflect.ValueOf(func(f func()) { e.host.Timeit(f) }),
		"Must":       reflect.ValueOf(func(err error) { stopOn(err) }),
		"MustOne":    reflect.ValueOf(func(v any) { err, _ := v.(error); stopOn(err) }),
		"Show":       reflect.ValueOf(e.show),
		"Typed":      reflect.ValueOf(e.typed),
		"ShowHooked": reflect.ValueOf(func(i int, v any) { e.host.ShowBundle(v.(display.Bundle)) }),
		"NewBar":     reflect.ValueOf(func(label string) *bar { return &bar{host: e.host, label: label} }),
		"Named":      reflect.ValueOf(e.named),
		"Go":         reflect.ValueOf(e.start),
		"GoPanic":    reflect.ValueOf(e.goPanic),
		"Print":      reflect.ValueOf(func(a ...any) { fmt.Fprint(e.host.Stderr(), printArgs(a)...) }),
		"Println":    reflect.ValueOf(func(a ...any) { fmt.Fprintln(e.host.Stderr(), printArgs(a)...) }),
	}
}

func stopOn(err error) {
	if err != nil {
		panic(eval.Stop{Err: err})
	}
}

// printArgs follows the built-in println in writing floats.
func printArgs(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		switch v := a.(type) {
		case float64:
			out[i] = fmt.Sprintf("%+e", v)
		case float32:
			out[i] = fmt.Sprintf("%+e", v)
		default:
			out[i] = a
		}
	}
	return out
}

func (e *Engine) show(i, k int, values ...any) {
	vs := make([]reflect.Value, len(values))
	for j, v := range values {
		vs[j] = reflect.ValueOf(v)
	}
	stopOn(e.host.Show(i, e.shared.typeAt(k), vs))
}

// typed is the bundle of a value; hooks are names and methods in turn.
func (e *Engine) typed(k int, v any, hooks ...any) any {
	methods := map[string]any{}
	for i := 0; i+1 < len(hooks); i += 2 {
		methods[hooks[i].(string)] = hooks[i+1]
	}
	return e.host.Typed(reflect.ValueOf(v), e.shared.typeAt(k), methods)
}

// start runs the function of a go statement. Cells own their goroutines, which may run
// as long as the session does; the engine only counts them.
func (e *Engine) start(f func()) {
	e.running.Add(1)
	go func() {
		defer e.running.Add(-1)
		defer func() { // f recovers by itself; this is for a panic in its own recovering
			if v := recover(); v != nil {
				e.goPanic(v)
			}
		}()
		f()
	}()
}

// settle gives goroutines that are about to end, having told so by a WaitGroup or a
// channel, the time to leave the interpreter, which does not like to start a program
// meanwhile. Those that go on it can bear.
func (e *Engine) settle() {
	const step = 50 * time.Microsecond
	for waited := time.Duration(0); e.running.Load() > 0 && waited < patience; waited += step {
		time.Sleep(step)
	}
}

// goPanic is called with what a goroutine of a cell panicked with.
func (e *Engine) goPanic(v any) {
	e.host.GoPanic(&eval.Panic{Value: e.inGoWords(plainValue(v)), Frames: e.trace.frames()})
}

// bar is the progress bar of a loop.
type bar struct {
	host  eval.Host
	label string
	shown *display.Bar
}

// More tells the bar that turn i of n begins and reports whether there is one.
func (b *bar) More(i, n int) bool {
	if b.shown == nil {
		b.shown = b.host.Bar(n, b.label)
	} else {
		b.shown.Step()
	}
	if i >= n {
		b.shown.Done()
	}
	return i < n
}
