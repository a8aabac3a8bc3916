package generic

import (
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// A callShape calls funcs whose parameters, one or two, have one layout. It has more
// layouts than shape: an argument is only read, so a pointer may pass for a number, and
// arrays, which go on the stack, count as well.
type callShape interface {
	one(fn, a addr) uintptr
	two(fn, a, b addr) uintptr
}

type callShaped[A any] struct{}

func (callShaped[A]) one(fn, a addr) uintptr {
	return load[func(A) uintptr](addr(&fn))(load[A](a))
}

func (callShaped[A]) two(fn, a, b addr) uintptr {
	return load[func(A, A) uintptr](addr(&fn))(load[A](a), load[A](b))
}

// callShapes has the callShapes under their letters, i or p a number and f a float, or
// under their length in words when they are arrays or contain one.
var callShapes = sync.OnceValue(func() map[string]callShape {
	t := map[string]callShape{"": callShaped[struct{}]{}}
	call1[uintptr](t, "i")
	call1[float64](t, "f")
	t["iiiiiii"] = callShaped[struct{ a, b, c, d, e, f, g uintptr }]{}
	t["iiiiiiii"] = callShaped[struct{ a, b, c, d, e, f, g, h uintptr }]{}
	t["iiiiiiiii"] = callShaped[struct{ a, b, c, d, e, f, g, h, i uintptr }]{}
	t["2"] = callShaped[[2]uintptr]{}
	t["3"] = callShaped[[3]uintptr]{}
	t["4"] = callShaped[[4]uintptr]{}
	t["5"] = callShaped[[5]uintptr]{}
	t["6"] = callShaped[[6]uintptr]{}
	t["7"] = callShaped[[7]uintptr]{}
	t["8"] = callShaped[[8]uintptr]{}
	t["9"] = callShaped[[9]uintptr]{}
	t["10"] = callShaped[[10]uintptr]{}
	t["12"] = callShaped[[12]uintptr]{}
	t["16"] = callShaped[[16]uintptr]{}
	return t
})

func call1[A any](t map[string]callShape, letters string) {
	t[letters] = callShaped[struct{ a A }]{}
	call2[A, uintptr](t, letters+"i")
	call2[A, float64](t, letters+"f")
}

func call2[A, B any](t map[string]callShape, letters string) {
	t[letters] = callShaped[struct {
		a A
		b B
	}]{}
	call3[A, B, uintptr](t, letters+"i")
	call3[A, B, float64](t, letters+"f")
}

func call3[A, B, C any](t map[string]callShape, letters string) {
	t[letters] = callShaped[struct {
		a A
		b B
		c C
	}]{}
	call4[A, B, C, uintptr](t, letters+"i")
	call4[A, B, C, float64](t, letters+"f")
}

func call4[A, B, C, D any](t map[string]callShape, letters string) {
	t[letters] = callShaped[struct {
		a A
		b B
		c C
		d D
	}]{}
	call5[A, B, C, D, uintptr](t, letters+"i")
	call5[A, B, C, D, float64](t, letters+"f")
}

func call5[A, B, C, D, E any](t map[string]callShape, letters string) {
	t[letters] = callShaped[struct {
		a A
		b B
		c C
		d D
		e E
	}]{}
	call6[A, B, C, D, E, uintptr](t, letters+"i")
	call6[A, B, C, D, E, float64](t, letters+"f")
}

func call6[A, B, C, D, E, F any](t map[string]callShape, letters string) {
	t[letters] = callShaped[struct {
		a A
		b B
		c C
		d D
		e E
		f F
	}]{}
}

// callShapeOf returns the callShape of t, nil when it has none.
func callShapeOf(t reflect.Type) callShape {
	const words = 9
	if onStack(t) {
		if t.Size()%8 != 0 || t.Align() != 8 {
			return nil
		}
		return callShapes()[strconv.Itoa(int(t.Size()/8))]
	}
	letters, ok := spell(nil, t, words)
	if !ok {
		return nil
	}
	return callShapes()[strings.ReplaceAll(string(letters), "p", "i")]
}

// onStack reports whether t contains an array that makes it go on the stack, however
// many registers there are.
func onStack(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Array:
		return t.Len() > 1 && t.Size() > 0 || t.Len() == 1 && onStack(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if onStack(t.Field(i).Type) {
				return true
			}
		}
	}
	return false
}
