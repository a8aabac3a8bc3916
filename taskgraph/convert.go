package taskgraph

import (
	"fmt"
	"math"
	"reflect"
)

// mismatch says that a value does not fit where it was given. Containers
// add the way to the value while it travels up.
type mismatch struct {
	path  string // ", element 3, field X"
	is    string // what was given: "a string"
	takes reflect.Type
}

func (m *mismatch) in(step string) *mismatch {
	m.path = ", " + step + m.path
	return m
}

// convert makes of v what a parameter of type t accepts: v itself where Go
// would assign it, and otherwise what Go would make of a constant: an int
// for a float64 and the like, as long as t holds the number exactly. (1 given
// to a func(float64) arrives here as an int, since arguments are of type
// any.) nil becomes the nil of pointers, slices, maps, functions, channels
// and interfaces.
func convert(v any, t reflect.Type) (any, bool) {
	if v == nil {
		return nil, canBeNil(t)
	}
	rv := reflect.ValueOf(v)
	from := rv.Type()
	switch {
	case from == t:
		return v, true
	case from.AssignableTo(t):
		if t.Kind() == reflect.Interface {
			return v, true
		}
		return rv.Convert(t).Interface(), true
	case !isConstantType(from):
		return nil, false
	}
	return convertConstant(rv, t)
}

func canBeNil(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Func, reflect.Chan, reflect.Interface:
		return true
	}
	return false
}

// isConstantType tells whether a constant without a type would get this one.
func isConstantType(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[int](), reflect.TypeFor[float64](), reflect.TypeFor[rune](),
		reflect.TypeFor[complex128](), reflect.TypeFor[string](), reflect.TypeFor[bool]():
		return true
	}
	return false
}

func convertConstant(v reflect.Value, t reflect.Type) (any, bool) {
	ok := false
	switch {
	case v.Kind() == reflect.String || v.Kind() == reflect.Bool:
		ok = v.Kind() == t.Kind()
	case v.CanInt():
		ok = holdsInt(t, v.Int())
	case v.CanFloat():
		ok = holdsFloat(t, v.Float())
	case v.CanComplex():
		ok = isComplex(t) && !reflect.Zero(t).OverflowComplex(v.Complex())
	}
	if !ok {
		return nil, false
	}
	if isComplex(t) && !v.CanComplex() {
		v = reflect.ValueOf(complex(v.Convert(reflect.TypeFor[float64]()).Float(), 0))
	}
	return v.Convert(t).Interface(), true
}

func isComplex(t reflect.Type) bool {
	return t.Kind() == reflect.Complex64 || t.Kind() == reflect.Complex128
}

func holdsInt(t reflect.Type, i int64) bool {
	zero := reflect.Zero(t)
	switch {
	case zero.CanInt():
		return !zero.OverflowInt(i)
	case zero.CanUint():
		return i >= 0 && !zero.OverflowUint(uint64(i))
	case t.Kind() == reflect.Float64, t.Kind() == reflect.Complex128:
		return isExact(i, 53)
	case t.Kind() == reflect.Float32, t.Kind() == reflect.Complex64:
		return isExact(i, 24)
	}
	return false
}

// isExact tells whether a float with so many bits of mantissa holds i.
func isExact(i int64, mantissa uint) bool {
	u := uint64(i)
	if i < 0 {
		u = -u
	}
	for u != 0 && u&1 == 0 {
		u >>= 1
	}
	return u < 1<<mantissa
}

// holdsFloat allows rounding between float types, as Go does for constants.
func holdsFloat(t reflect.Type, f float64) bool {
	zero := reflect.Zero(t)
	switch {
	case zero.CanFloat():
		return !zero.OverflowFloat(f)
	case isComplex(t):
		return !zero.OverflowComplex(complex(f, 0))
	case f != math.Trunc(f) || math.Abs(f) >= 1<<63:
		return false
	}
	return holdsInt(t, int64(f)) && (zero.CanInt() || zero.CanUint())
}

// misfit describes a value that convert refused.
func misfit(v any, t reflect.Type) *mismatch {
	if v == nil {
		return &mismatch{is: "nil", takes: t}
	}
	if d, ok := v.(DelayedFunc); ok && d != nil {
		return &mismatch{is: "a delayed function that was not called", takes: t}
	}
	from := reflect.ValueOf(v)
	if isNumber(from.Type()) && isNumber(t) && isConstantType(from.Type()) {
		return &mismatch{is: "the " + typeName(from.Type()) + " " + number(from), takes: t}
	}
	return &mismatch{is: article(from.Type()), takes: t}
}

func isNumber(t reflect.Type) bool {
	k := t.Kind()
	return k >= reflect.Int && k <= reflect.Complex128
}

// fitsStatically tells whether a node of this result type may be given to a
// parameter. An interface may hold anything that implements it: what it
// really holds is seen at run time.
func fitsStatically(result, param reflect.Type) bool {
	switch {
	case result == param:
		return true
	case result == nil: // no result: nil
		return canBeNil(param) && param.Kind() == reflect.Interface
	case result.AssignableTo(param):
		return true
	case result.Kind() == reflect.Interface:
		return param.Implements(result)
	}
	return false
}

// misfitNode describes a node whose result type does not fit.
func misfitNode(n *Node, t reflect.Type) *mismatch {
	if n == nil {
		return &mismatch{is: "a nil node", takes: t}
	}
	if n.fn.result == nil {
		return &mismatch{is: "the node " + n.Key() + ", whose function returns nothing", takes: t}
	}
	return &mismatch{is: article(n.fn.result) + " (the value of " + n.Key() + ")", takes: t}
}

// number is a number as it would be written.
func number(v reflect.Value) string { return fmt.Sprint(v.Interface()) }
