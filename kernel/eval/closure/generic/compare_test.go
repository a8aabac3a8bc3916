package generic_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/kernel/eval/closure/generic"
)

// a diary is what a call was seen to do: what its callbacks got, then what it gave and
// left in its arguments.
type diary struct{ lines []string }

func (d *diary) note(what string, values ...any) {
	var b strings.Builder
	b.WriteString(what)
	for _, v := range values {
		b.WriteString(" " + show(reflect.ValueOf(&v).Elem().Elem()))
	}
	d.lines = append(d.lines, b.String())
}

// sameAs checks that Func's instance does what the compiled one does with arguments that
// args makes anew for each.
func sameAs(t *testing.T, name string, targs []reflect.Type, compiled any, args func(*diary) []any) {
	t.Helper()
	dot := strings.LastIndex(name, ".")
	f := reflect.ValueOf(compiled)
	g, ok := generic.Func(name[:dot], name[dot+1:], targs, f.Type())
	if !ok {
		t.Errorf("%s%v is not known", name, targs)
		return
	}
	if g.Type() != f.Type() {
		t.Errorf("%s%v is a %v, want a %v", name, targs, g.Type(), f.Type())
		return
	}
	want, got := outcome(f, args), outcome(g, args)
	var rows rowsOfCalls
	own, ok := generic.FuncWith(rows.calls, name[:dot], name[dot+1:], targs, f.Type())
	if !ok || !slices.Equal(outcome(own, args), got) {
		t.Errorf("%s%v calls an own func otherwise", name, targs)
	}
	if rows.begun != rows.ended {
		t.Errorf("%s%v ended %d of %d rows of calls", name, targs, rows.ended, rows.begun)
	}
	for i := range max(len(want), len(got)) {
		if w, g := line(want, i), line(got, i); w != g {
			t.Errorf("%s%v, line %d\n got %s\nwant %s", name, targs, i, g, w)
			return
		}
	}
}

func line(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(nothing)"
}

// outcome calls f and returns its diary.
func outcome(f reflect.Value, args func(*diary) []any) []string {
	d := new(diary)
	var in []reflect.Value
	for i, a := range args(d) {
		v := reflect.New(f.Type().In(i)).Elem()
		if a != nil {
			v.Set(reflect.ValueOf(a))
		}
		own(v)
		in = append(in, v)
	}
	attempt(d, func() {
		call := f.Call
		if f.Type().IsVariadic() {
			call = f.CallSlice
		}
		for _, r := range call(in) {
			d.lines = append(d.lines, "result "+show(r))
		}
	})
	for _, a := range in {
		if a.Kind() != reflect.Func {
			d.lines = append(d.lines, "argument "+show(a))
		}
	}
	return d.lines
}

// attempt does f and notes its panic.
func attempt(d *diary, f func()) {
	defer func() {
		if p := recover(); p != nil {
			d.lines = append(d.lines, fmt.Sprintf("panic: %T %v", p, p))
		}
	}()
	f()
}

// show is a value in words: of a slice also what lies up to its capacity, of a func
// without parameters what two calls give, of a sequence what it yields.
func show(v reflect.Value) string {
	if !v.IsValid() {
		return "nil"
	}
	switch t := v.Type(); {
	case t.Kind() == reflect.Slice:
		return showSlice(v)
	case t.Kind() == reflect.Map && v.IsNil():
		return "nil map"
	case t.Kind() != reflect.Func || v.IsNil():
		return fmt.Sprintf("%+v", v)
	case t.NumIn() == 0:
		return showValues(v.Call(nil)) + " then " + showValues(v.Call(nil))
	case t.NumIn() == 1 && t.NumOut() == 0 && t.In(0).Kind() == reflect.Func:
		return "all: " + drain(v, -1) + " two: " + drain(v, 2)
	default:
		return "func"
	}
}

func showSlice(v reflect.Value) string {
	if v.IsNil() {
		return "nil slice"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d of %d:", v.Len(), v.Cap())
	for i := range v.Cap() {
		b.WriteString(" " + show(v.Slice(0, v.Cap()).Index(i)))
	}
	return b.String()
}

func showValues(values []reflect.Value) string {
	var words []string
	for _, v := range values {
		words = append(words, show(v))
	}
	return strings.Join(words, ", ")
}

// drain ranges over n turns of a sequence, all when n is negative.
func drain(seq reflect.Value, n int) string {
	var turns []string
	yield := reflect.New(seq.Type().In(0)).Elem()
	yield.Set(reflect.MakeFunc(yield.Type(), func(args []reflect.Value) []reflect.Value {
		turns = append(turns, showValues(args))
		return []reflect.Value{reflect.ValueOf(len(turns) != n)}
	}))
	own(yield)
	seq.Call([]reflect.Value{yield})
	return strings.Join(turns, "; ")
}
