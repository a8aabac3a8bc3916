package taskgraph

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

// TestArrays computes with a type that has its own operators, from both
// sides, and its own ways into itself.
func TestArrays(t *testing.T) {
	x := Delayed(func() *ndarray.Array { return ndarray.Arange(6) })()
	loose := Delayed(func(v any) any { return v })(x)
	for _, test := range []struct {
		name string
		node *Node
		want string
	}{
		{"the lesson's", x.Add(1).Slice(nil, nil, 2).Call("Sum"), "9"},
		{"seen when run", loose.Add(1).Slice(nil, nil, 2).Call("Sum"), "9"},
		{"from the right", Value(2).Sub(x), "[ 2  1  0 -1 -2 -3]"},
		{"quotient", Value(6.0).Div(x.Add(1)).Call("Floor"), "[6. 3. 2. 1. 1. 1.]"},
		{"order", Value(2).Lt(x), "[False False False  True  True  True]"},
		{"order from the right, seen when run", Value(2).Ge(loose), "[ True  True  True False False False]"},
		{"neg", x.Neg().Mul(x), "[  0  -1  -4  -9 -16 -25]"},
		{"index", x.Index(-1), "5"},
		{"index by node", loose.Index(Value(2)), "2"},
		{"ranges", x.Call("Reshape", 2, 3).Slice(ndarray.All, ndarray.R(Value(1), nil)), "[[1 2]\n [4 5]]"},
		{"reduction", x.Call("Reshape", 2, 3).Call("Along", 0).Call("Max"), "[3 4 5]"},
		{"a slice with a step", Value([]int{0, 1, 2, 3, 4}).Slice(1, nil, 3), "[1 4]"},
		{"a step longer than the slice", Value([]int{0, 1}).Slice(nil, nil, 10), "[0]"},
		{"a text with a step", Value("abcdefg").Slice(nil, 6, 2), "ace"},
		{"one bound", Value("abc").Slice(1), "bc"},
	} {
		got, err := test.node.Compute()
		if err != nil || fmt.Sprint(got) != test.want {
			t.Errorf("%s: got %v, %v; want %s", test.name, got, err, test.want)
		}
	}
	for _, test := range []struct {
		node *Node
		want string
	}{
		{x.Add(ndarray.Of(1, 2)), "Add: arrays of shapes (6,) and (2,) do not go together"},
		{x.Slice(1, 2, 3, 4), "4 numbers are too many"},
		{x.Index(9), "At: index 9 is out of range for axis 0 of an array of shape (6,)"},
		{x.Index("a"), "the index is a string, but the method At takes an int"},
		{Value([]int{1}).Slice(nil, nil, 0), "the step of a slice is 0, but it must be 1 or more"},
		{Delayed(func(v any) any { return v })([]int{1}).Slice(1, 2, 3, 4), "4 bounds are too many"},
	} {
		if _, err := test.node.Compute(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}
