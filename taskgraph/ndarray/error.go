package ndarray

import (
	"fmt"
	"strings"
)

// Error is what functions and methods of this package panic with, or return,
// when shapes, types or indices do not go together.
type Error struct {
	Op  string // the method or function, "Add"; empty where several need the same
	Msg string // a sentence without a capital letter, with the shapes and types
}

// Error is the operation and the sentence.
func (e *Error) Error() string {
	if e.Op == "" {
		return e.Msg
	}
	return e.Op + ": " + e.Msg
}

func errorf(op, format string, args ...any) *Error {
	return &Error{op, fmt.Sprintf(format, args...)}
}

// errNotMade is told by arrays that are the zero Array.
var errNotMade = errorf("", "this ndarray.Array was declared, but never made: write x := ndarray.Zeros(ndarray.Float64, 3, 4) or the like, and not var x ndarray.Array")

// must panics with an error; for methods, whose chains stay short this way.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// shapeText is a shape as NumPy writes it: (), (3,), (3, 4).
func shapeText(shape []int) string {
	if len(shape) == 1 {
		return fmt.Sprintf("(%d,)", shape[0])
	}
	return "(" + strings.Trim(strings.ReplaceAll(fmt.Sprint(shape), " ", ", "), "[]") + ")"
}
