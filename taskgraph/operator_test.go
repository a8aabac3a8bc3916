package taskgraph

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"
)

type money struct{ Cents int }

func (m money) Add(o money) money { return money{m.Cents + o.Cents} }
func (m money) Mul(n int) money   { return money{m.Cents * n} }
func (m money) Compare(o money) int {
	return m.Cents - o.Cents
}
func (m money) Split(ctx context.Context, n int) (money, error) {
	if n == 0 {
		return money{}, errors.New("nobody to share with")
	}
	return money{m.Cents / n}, ctx.Err()
}

// percent answers for itself, on both sides.
type percent float64

func (p percent) Operate(op Op, x, y any) (any, error) {
	n, ok := x.(int)
	if op != OpMul || !ok {
		return nil, fmt.Errorf("percent: %w", ErrNoOperator)
	}
	return float64(n) * float64(p) / 100, nil
}

func value[T any](t *testing.T, n *Node) T {
	t.Helper()
	v, err := n.Compute()
	if err != nil {
		t.Fatal(err)
	}
	return v.(T)
}

func TestOperators(t *testing.T) {
	one, two, half := Value(1), Value(2), Value(0.5)
	loose := Delayed(func(v any) any { return v })
	day := time.Date(2024, 2, 28, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name string
		node *Node
		want any
	}{
		{"int", one.Add(two).Mul(10).Sub(3).Div(2), 13},
		{"mod", Value(-7).Mod(3), -1},
		{"pow", Value(3).Pow(4), 81},
		{"neg", one.Neg(), -1},
		{"not", Value(6).Not(), -7},
		{"and or", Value(6).And(3).Or(8), 10},
		{"bools", Value(true).And(false).Or(true), true},
		{"not bool", Value(true).Not(), false},
		{"float", half.Add(1), 1.5},
		{"int and float", one.Add(half), 1.5},
		{"float power", Value(2.0).Pow(0.5).Mul(Value(2.0).Pow(0.5)).Lt(2.1), true},
		{"small wraps", Value(int8(127)).Add(1), int8(-128)},
		{"unsigned", Value(uint8(3)).Not(), uint8(252)},
		{"complex", Value(1i).Mul(1i), complex(-1, 0)},
		{"text", Value("a").Add("b").Add(Value("c")), "abc"},
		{"text order", Value("a").Lt("b"), true},
		{"eq", one.Eq(1.0), true},
		{"ne", one.Ne(two), true},
		{"slices", Value([]int{1}).Eq([]int{1}), true},
		{"nil", loose(nil).Eq(nil), true},
		{"duration", Value(time.Second).Mul(2), 2 * time.Second},
		{"time", Value(day).Add(24 * time.Hour), day.Add(24 * time.Hour)},
		{"time order", Value(day).Lt(day.Add(1)), true},
		{"a type's method", Value(money{5}).Add(Value(money{3})).Mul(2), money{16}},
		{"a type's comparison", Value(money{5}).Ge(money{5}), true},
		{"seen when run", loose(20).Add(loose(1)), 21},
		{"an operator", Value(200).Mul(percent(12)), 24.0},
		{"an operator node", Value(200).Mul(Value(percent(12))), 24.0},
		{"NaN", Value(0.0).Div(0.0).Eq(Value(0.0).Div(0.0)), false},
	} {
		if got, err := test.node.Compute(); err != nil || got != test.want {
			t.Errorf("%s: got %v (%T), %v; want %v (%T)", test.name, got, got, err, test.want, test.want)
		}
	}
	sum := value[*big.Int](t, Value(big.NewInt(2)).Add(Value(big.NewInt(3))))
	if sum.String() != "5" {
		t.Errorf("big sum is %v", sum)
	}
	if got := value[[]int](t, Value([]int{1}).Add([]int{2})); fmt.Sprint(got) != "[1 2]" {
		t.Errorf("joined slices are %v", got)
	}
}

func TestAccess(t *testing.T) {
	type point struct{ X, Y int }
	xs, loose := Value([]int{10, 20, 30}), Delayed(func(v any) any { return v })
	for _, test := range []struct {
		name string
		node *Node
		want string
	}{
		{"index", xs.Index(1), "20"},
		{"index by node", xs.Index(Value(1).Add(1)), "30"},
		{"string", Value("abc").Index(1), "98"},
		{"map", Value(map[string]int{"a": 1}).Index("a"), "1"},
		{"map of floats", Value(map[float64]int{2: 1}).Index(2), "1"},
		{"slice", xs.Slice(1, nil), "[20 30]"},
		{"slice by node", xs.Slice(nil, Value(1)), "[10]"},
		{"text", Value("hello").Slice(1, 3), "el"},
		{"field", Value(point{3, 4}).Field("Y"), "4"},
		{"field through a pointer", Value(&point{3, 4}).Field("X"), "3"},
		{"method", Value(money{7}).Call("Split", 2), "{3}"},
		{"method of what comes", loose(money{7}).Call("Split", Value(3)), "{2}"},
		{"variadic", Value(strings.NewReplacer("a", "b")).Call("Replace", "banana"), "bbnbnb"},
		{"loose", loose(xs).Index(0), "10"},
		{"containers", Value([]*Node{xs.Index(0), xs.Index(2)}), "[10 30]"},
		{"nodes in a map", Value(map[string]any{"k": []any{xs.Index(0), 5}}), "map[k:[10 5]]"},
	} {
		got, err := test.node.Compute()
		if err != nil || fmt.Sprint(got) != test.want {
			t.Errorf("%s: got %v, %v; want %s", test.name, got, err, test.want)
		}
	}
}

func TestOperatorsRefuse(t *testing.T) {
	type hidden struct{ x int }
	loose := Delayed(func(v any) any { return v })
	nothing := Delayed(func() {})()
	for _, test := range []struct {
		build func() *Node
		want  string
	}{
		{func() *Node { return Value("a").Add(1) }, "string + int is not possible: Go does not mix types; convert one of them in a delayed function"},
		{func() *Node { return Value("a").Mul("b") }, "string * string is not possible"},
		{func() *Node { return Value(1).Add(nil) }, "int + nil is not possible"},
		{func() *Node { return Value(int16(1)).Add(Value(int64(1))) }, "int16 + int64 is not possible: Go does not mix types; convert one of them in a delayed function"},
		{func() *Node { return Value(hidden{1}).Sub(hidden{1}) }, "taskgraph.hidden - taskgraph.hidden is not possible: a method Sub(taskgraph.hidden) taskgraph.hidden of the type would do it"},
		{func() *Node { return Value("a").Neg() }, "-x is not possible for a string"},
		{func() *Node { return Value(1.5).Not() }, "not x is not possible for a float64"},
		{func() *Node { return nothing.Add(1) }, "no value"},
		{func() *Node { return Value(1).Index(0) }, "index: an int has no elements"},
		{func() *Node { return Value([]int{1}).Index("a") }, "index: the index is a string, but it must be a whole number"},
		{func() *Node { return Value(map[string]int{}).Index(1) }, "index: the key is an int, but the map has keys of type string"},
		{func() *Node { return Value(1).Slice(0, 1) }, "slice: an int cannot be sliced"},
		{func() *Node { return Value(hidden{1}).Field("x") }, "field: the field x of taskgraph.hidden is not exported: read it in a delayed function"},
		{func() *Node { return Value(money{1}).Field("Euros") }, "field: a taskgraph.money has no field Euros"},
		{func() *Node { return Value(money{1}).Call("Halve") }, "a taskgraph.money has no method Halve"},
		{func() *Node { return Value(money{1}).Call("Mul", "x") }, "Mul: argument 1 is a string, but the function takes an int"},
	} {
		err := func() (err any) {
			defer func() { err = recover() }()
			test.build()
			return "nothing was refused"
		}()
		if !strings.Contains(fmt.Sprint(err), test.want) {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
	for _, test := range []struct {
		node *Node
		want string
	}{
		{Value(1).Div(0), "div-"},
		{Value(1).Div(loose(0)), "1 / 0: integer divide by zero"},
		{Value(10).Pow(19), "10 ** 19 is more than an int holds"},
		{Value(int8(10)).Pow(3), "10 ** 3 is more than an int8 holds"},
		{Value(2).Pow(-1), "2 ** -1: a whole number has no negative power; use floats"},
		{Value(int8(1)).Add(300), "1 + 300 is not possible: an int8 does not hold the int exactly"},
		{loose("a").Add(1), "string + int is not possible"},
		{Value([]int{1}).Index(5), "index out of range [5] with length 1"},
		{Value([]int{1}).Index(-1), "index out of range [-1] with length 1"},
		{Value([]int{1}).Slice(1, 0), "slice bounds out of range [1:0] with length 1"},
		{Value(map[string]int{}).Index("a"), "the map has no key a"},
		{loose(money{1}).Call("Split", 0), "nobody to share with"},
		{loose(money{1}).Call("Split"), "the function takes 1 argument, but the call has 0"},
		{loose(nil).Call("Split"), "nil has no method Split"},
		{loose(1).Field("X"), "field: an int has no fields"},
	} {
		if _, err := test.node.Compute(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}
