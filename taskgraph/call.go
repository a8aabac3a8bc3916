package taskgraph

import (
	"context"
	"reflect"
	"strconv"
	"sync"
)

func itoa(i int) string { return strconv.Itoa(i) }

// fastCaller calls functions of the most common types directly, at a tenth
// of the cost of package reflect; nil for all others. A function made by
// reflect.MakeFunc has such a type too, and gains as much.
func fastCaller(fn any) caller {
	switch f := fn.(type) {
	case func():
		return func(context.Context, []any) (any, error) { f(); return nil, nil }
	case func() error:
		return func(context.Context, []any) (any, error) { return nil, f() }
	case func() any:
		return call0(f)
	case func() int:
		return call0(f)
	case func() float64:
		return call0(f)
	case func() string:
		return call0(f)
	case func(int) int:
		return call1(f)
	case func(int) float64:
		return call1(f)
	case func(int) string:
		return call1(f)
	case func(int) bool:
		return call1(f)
	case func(float64) float64:
		return call1(f)
	case func(string) string:
		return call1(f)
	case func(string) int:
		return call1(f)
	case func(any) any:
		return call1(f)
	case func([]int) int:
		return call1(f)
	case func([]float64) float64:
		return call1(f)
	case func([]any) any:
		return call1(f)
	case func(...int) int:
		return call1(func(xs []int) int { return f(xs...) })
	case func(...float64) float64:
		return call1(func(xs []float64) float64 { return f(xs...) })
	case func(...any) any:
		return call1(func(xs []any) any { return f(xs...) })
	case func(int, int) int:
		return call2(f)
	case func(float64, float64) float64:
		return call2(f)
	case func(string, string) string:
		return call2(f)
	case func(any, any) any:
		return call2(f)
	case func(int, int, int) int:
		return call3(f)
	case func(float64, float64, float64) float64:
		return call3(f)
	case func(any, any, any) any:
		return call3(f)
	case func(int) (int, error):
		return callErr1(f)
	case func(string) (string, error):
		return callErr1(f)
	case func(any) (any, error):
		return callErr1(f)
	}
	return nil
}

func call0[R any](f func() R) caller {
	return func(context.Context, []any) (any, error) { return f(), nil }
}

func call1[A, R any](f func(A) R) caller {
	return func(_ context.Context, args []any) (any, error) { return f(as[A](args[0])), nil }
}

func call2[A, B, R any](f func(A, B) R) caller {
	return func(_ context.Context, args []any) (any, error) {
		return f(as[A](args[0]), as[B](args[1])), nil
	}
}

func call3[A, B, C, R any](f func(A, B, C) R) caller {
	return func(_ context.Context, args []any) (any, error) {
		return f(as[A](args[0]), as[B](args[1]), as[C](args[2])), nil
	}
}

func callErr1[A, R any](f func(A) (R, error)) caller {
	return func(_ context.Context, args []any) (any, error) { return f(as[A](args[0])) }
}

// as is v as a T; the zero T for nil. Node.Run has checked that it fits.
func as[T any](v any) T {
	if t, ok := v.(T); ok {
		return t
	}
	var t T
	if v != nil { // assignable, yet of another type: a named slice, say
		reflect.ValueOf(&t).Elem().Set(reflect.ValueOf(v))
	}
	return t
}

// reflectCaller calls a function of any type, which may take a context at the
// given place. The slices of arguments are used again from call to call.
func reflectCaller(f *function, fn reflect.Value, at int) caller {
	t := fn.Type()
	call := fn.Call
	if f.variadic {
		call = fn.CallSlice
	}
	takesContext := t.NumIn() > len(f.params)
	fails := t.NumOut() > 0 && t.Out(t.NumOut()-1) == errorType
	spare := sync.Pool{New: func() any { s := make([]reflect.Value, 0, t.NumIn()); return &s }}
	return func(ctx context.Context, args []any) (any, error) {
		in := spare.Get().(*[]reflect.Value)
		defer func() {
			clear(*in)
			spare.Put(in)
		}()
		*in = (*in)[:0]
		for i, arg := range args {
			if takesContext && i == at {
				*in = append(*in, reflect.ValueOf(ctx))
			}
			*in = append(*in, valueFor(f.params[i], arg))
		}
		if takesContext && len(args) == at {
			*in = append(*in, reflect.ValueOf(ctx))
		}
		return results(call(*in), fails)
	}
}

// valueFor is v as an argument of type t.
func valueFor(t reflect.Type, v any) reflect.Value {
	if v == nil {
		return reflect.Zero(t)
	}
	return reflect.ValueOf(v)
}

// results makes a node's value of what its function returned: nil for
// nothing, the value of one, a []any of several.
func results(out []reflect.Value, fails bool) (any, error) {
	if fails {
		last := len(out) - 1
		if err, _ := out[last].Interface().(error); err != nil {
			return nil, err
		}
		out = out[:last]
	}
	switch len(out) {
	case 0:
		return nil, nil
	case 1:
		return out[0].Interface(), nil
	}
	values := make([]any, len(out))
	for i, v := range out {
		values[i] = v.Interface()
	}
	return values, nil
}
