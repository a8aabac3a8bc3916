package taskgraph

import (
	"context"
	"errors"
	"reflect"

	"github.com/dagbook/dagbook/taskgraph/graph"
)

// Op is an operator of nodes.
type Op string

// The operators, by the names of the methods that record them and of the
// tasks that run them.
const (
	OpAdd Op = "add"
	OpSub Op = "sub"
	OpMul Op = "mul"
	OpDiv Op = "div"
	OpMod Op = "mod"
	OpPow Op = "pow"
	OpNeg Op = "neg"
	OpEq  Op = "eq"
	OpNe  Op = "ne"
	OpLt  Op = "lt"
	OpLe  Op = "le"
	OpGt  Op = "gt"
	OpGe  Op = "ge"
	OpAnd Op = "and"
	OpOr  Op = "or"
	OpNot Op = "not"
)

// signs are the operators as people write them.
var signs = map[Op]string{
	OpAdd: "+", OpSub: "-", OpMul: "*", OpDiv: "/", OpMod: "%", OpPow: "**", OpNeg: "-",
	OpEq: "==", OpNe: "!=", OpLt: "<", OpLe: "<=", OpGt: ">", OpGe: ">=", OpAnd: "and", OpOr: "or", OpNot: "not",
}

// methods are those of a user's type that do the work of an operator.
var methods = map[Op][]string{
	OpAdd: {"Add"}, OpSub: {"Sub"}, OpMul: {"Mul"}, OpDiv: {"Quo", "Div"}, OpMod: {"Rem", "Mod"}, OpPow: {"Pow"}, OpNeg: {"Neg"},
	OpEq: {"Equal", "Eq"}, OpNe: {"Ne"}, OpLt: {"Lt", "Less", "Before"}, OpLe: {"Le"}, OpGt: {"Gt", "After"}, OpGe: {"Ge"},
	OpAnd: {"And"}, OpOr: {"Or"}, OpNot: {"Not"},
}

// fromTheRight are the methods of a type that stands on the right and takes
// operands of any type: 2 - x is x.RSub(2).
var fromTheRight = map[Op]string{
	OpAdd: "Add", OpSub: "RSub", OpMul: "Mul", OpDiv: "RDiv", OpMod: "RMod", OpPow: "RPow",
	OpEq: "Eq", OpNe: "Ne", OpLt: "Gt", OpLe: "Ge", OpGt: "Lt", OpGe: "Le", OpAnd: "And", OpOr: "Or",
}

// An Operator is a value that says by itself what operators do to it: an
// array, a column of a table. It is asked whichever side it stands on.
type Operator interface {
	// Operate gives "x op y", or "op x" for OpNeg and OpNot, where y is nil.
	// The receiver is x or y. The error is ErrNoOperator when it knows nothing
	// of the other operand: then that one is asked.
	Operate(op Op, x, y any) (any, error)
}

// An Indexer is a value that says by itself what Index and Slice pick.
type Indexer interface {
	// Index gives one element, or what an index of that type stands for.
	Index(index any) (any, error)
	// Slice gives a part: from low to before high in steps, or what else its
	// arguments stand for. nil is the beginning, the end or 1.
	Slice(bounds ...any) (any, error)
}

// ErrNoOperator says that a value has no such operator for such an operand.
var ErrNoOperator = errors.New("there is no such operator")

// Add is a node for n + other. Like all operators it takes a value or a node
// and follows Go: both operands have the same type, but a number of a type
// that constants have (1, 2.5, 'a') becomes the other's type where that holds
// it. + joins strings and slices. A type with a method Add, and an Operator,
// do it themselves (a type whose methods take operands of type any also from
// the right, where RSub, RDiv, RMod and RPow are the operators that are not
// the same from both sides):
//
//	total := price.Mul(1.2).Add(shipping)
//
// Operands that do not go together panic with an *Error where their types
// are known, and fail the task where they are not. So does what Go would
// panic at: the division of whole numbers by zero.
func (n *Node) Add(other any) *Node { return n.binary(OpAdd, other) }

// Sub is a node for n - other, see Add.
func (n *Node) Sub(other any) *Node { return n.binary(OpSub, other) }

// Mul is a node for n * other, see Add.
func (n *Node) Mul(other any) *Node { return n.binary(OpMul, other) }

// Div is a node for n / other, see Add; of whole numbers it is the whole
// quotient, as in Go.
func (n *Node) Div(other any) *Node { return n.binary(OpDiv, other) }

// Mod is a node for n % other, see Add; of floats it is math.Mod.
func (n *Node) Mod(other any) *Node { return n.binary(OpMod, other) }

// Pow is a node for n to the power of other, see Add. A power of whole
// numbers that its type does not hold fails the task, and so does a negative
// exponent of a whole number.
func (n *Node) Pow(other any) *Node { return n.binary(OpPow, other) }

// Neg is a node for -n, see Add.
func (n *Node) Neg() *Node { return n.unary(OpNeg) }

// Eq is a node for n == other, a bool for plain values, see Add. Values of
// types that Go cannot compare are compared as reflect.DeepEqual does.
func (n *Node) Eq(other any) *Node { return n.binary(OpEq, other) }

// Ne is a node for n != other, see Eq.
func (n *Node) Ne(other any) *Node { return n.binary(OpNe, other) }

// Lt is a node for n < other, see Add.
func (n *Node) Lt(other any) *Node { return n.binary(OpLt, other) }

// Le is a node for n <= other, see Add.
func (n *Node) Le(other any) *Node { return n.binary(OpLe, other) }

// Gt is a node for n > other, see Add.
func (n *Node) Gt(other any) *Node { return n.binary(OpGt, other) }

// Ge is a node for n >= other, see Add.
func (n *Node) Ge(other any) *Node { return n.binary(OpGe, other) }

// And is a node for n && other of bools and n & other of whole numbers. Both
// operands are computed in any case.
func (n *Node) And(other any) *Node { return n.binary(OpAnd, other) }

// Or is a node for n || other of bools and n | other of whole numbers.
func (n *Node) Or(other any) *Node { return n.binary(OpOr, other) }

// Not is a node for !n of a bool and ^n of a whole number.
func (n *Node) Not() *Node { return n.unary(OpNot) }

func (n *Node) unary(op Op) *Node {
	result, bad := unaryType(op, typeOfOperand(n))
	if bad != "" {
		panic(&Error{Func: string(op), Arg: 1, Msg: bad})
	}
	f := n.fn.runner.operation(string(op), []reflect.Type{anyType}, result, nil, func(_ context.Context, args []any) (any, error) {
		return operate1(op, args[0])
	})
	return f.node([]any{n})
}

func (n *Node) binary(op Op, other any) *Node {
	result, bad := binaryType(op, typeOfOperand(n), typeOfOperand(other))
	if bad != "" {
		panic(&Error{Func: string(op), Arg: 2, Msg: bad})
	}
	f := n.fn.runner.operation(string(op), []reflect.Type{anyType, anyType}, result, nil, func(_ context.Context, args []any) (any, error) {
		return operate2(op, args[0], args[1])
	})
	return f.node([]any{n, other})
}

// operationKey names a function of operation: one does for all nodes.
type operationKey struct {
	name   string
	result reflect.Type
}

// operation is the function of the nodes of an operator, made once for each type of
// result.
func (r *Runner) operation(name string, params []reflect.Type, result reflect.Type, p *graph.Policy, call caller) *function {
	key := operationKey{name, result}
	if known, ok := r.operations.Load(key); ok {
		return known.(*function)
	}
	return r.once(key, &function{runner: r, name: name, params: params, result: result, call: call, id: "operator", pure: true, policy: p})
}

// once keeps the first function for a key.
func (r *Runner) once(key any, f *function) *function {
	known, _ := r.operations.LoadOrStore(key, f)
	return known.(*function)
}

// typeOfOperand is the type that an operand will have; nil for nil.
func typeOfOperand(v any) reflect.Type {
	if n, ok := v.(*Node); ok && n != nil {
		if n.fn.result == nil {
			panic(errorf("the node %s has no value: its function returns nothing", n.Key()))
		}
		return n.fn.result
	}
	return reflect.TypeOf(v)
}
