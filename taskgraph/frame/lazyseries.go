package frame

import (
	"github.com/dagbook/dagbook/taskgraph"
)

// operate makes the step of an operation on partitions.
func (s *LazySeries) operate(op taskgraph.Op, x, y any) *LazySeries {
	st := &step{name: string(op), kind: seriesKind, n: s.step.n}
	var constant any
	place := 0 // of the constant among x and y
	for i, side := range []any{x, y} {
		switch v := side.(type) {
		case *LazySeries, *LazyValue:
			sameParts(string(op), s.step, v.(Lazy).plan())
			st.inputs = append(st.inputs, v.(Lazy).plan())
		case nil:
		default:
			one, ok := scalarOf(string(op), v)
			if !ok {
				panic(badArgument(string(op), v))
			}
			constant, place = one, i
		}
	}
	switch {
	case len(st.inputs) == 2:
		st.fn, st.args = operatePart, []any{string(op)}
	case place == 0:
		st.fn, st.args = operateLeft, []any{constant, string(op)}
	default:
		st.fn, st.args = operateRight, []any{constant, string(op)}
	}
	return &LazySeries{s.maker, s.name, st}
}

func operatePart(x, y any, op string) (any, error) {
	s, ok := x.(*Series)
	if !ok {
		s = y.(*Series)
	}
	return s.Operate(taskgraph.Op(op), x, y)
}

func operateRight(x *Series, y any, op string) (any, error) { return x.Operate(taskgraph.Op(op), x, y) }

func operateLeft(y *Series, x any, op string) (any, error) { return y.Operate(taskgraph.Op(op), x, y) }

// Add, Sub, Mul, Div, Mod and Pow calculate as those of a Series do, with a LazySeries of the
// same partitions, a LazyValue or one number.
func (s *LazySeries) Add(other any) *LazySeries { return s.operate(taskgraph.OpAdd, s, other) }

// Sub is the difference.
func (s *LazySeries) Sub(other any) *LazySeries { return s.operate(taskgraph.OpSub, s, other) }

// Mul is the product.
func (s *LazySeries) Mul(other any) *LazySeries { return s.operate(taskgraph.OpMul, s, other) }

// Div is the quotient.
func (s *LazySeries) Div(other any) *LazySeries { return s.operate(taskgraph.OpDiv, s, other) }

// Mod is the remainder with the sign of the divisor.
func (s *LazySeries) Mod(other any) *LazySeries { return s.operate(taskgraph.OpMod, s, other) }

// Pow is the power.
func (s *LazySeries) Pow(other any) *LazySeries { return s.operate(taskgraph.OpPow, s, other) }

// RSub is other - s.
func (s *LazySeries) RSub(other any) *LazySeries { return s.operate(taskgraph.OpSub, other, s) }

// RDiv is other / s.
func (s *LazySeries) RDiv(other any) *LazySeries { return s.operate(taskgraph.OpDiv, other, s) }

// Eq says which values equal those of other; it and the other comparisons are those of a
// Series.
func (s *LazySeries) Eq(other any) *LazySeries { return s.operate(taskgraph.OpEq, s, other) }

// Ne says which values differ.
func (s *LazySeries) Ne(other any) *LazySeries { return s.operate(taskgraph.OpNe, s, other) }

// Lt says which values are less.
func (s *LazySeries) Lt(other any) *LazySeries { return s.operate(taskgraph.OpLt, s, other) }

// Le says which values are less or equal.
func (s *LazySeries) Le(other any) *LazySeries { return s.operate(taskgraph.OpLe, s, other) }

// Gt says which values are greater.
func (s *LazySeries) Gt(other any) *LazySeries { return s.operate(taskgraph.OpGt, s, other) }

// Ge says which values are greater or equal.
func (s *LazySeries) Ge(other any) *LazySeries { return s.operate(taskgraph.OpGe, s, other) }

// And says where both truth values are true.
func (s *LazySeries) And(other any) *LazySeries { return s.operate(taskgraph.OpAnd, s, other) }

// Or says where one of the truth values is true.
func (s *LazySeries) Or(other any) *LazySeries { return s.operate(taskgraph.OpOr, s, other) }

// Not turns truth values around.
func (s *LazySeries) Not() *LazySeries { return s.method("not", notPart) }

// Neg is each number with the other sign.
func (s *LazySeries) Neg() *LazySeries { return s.method("neg", negPart) }

// IsNull says which values are missing.
func (s *LazySeries) IsNull() *LazySeries { return s.method("is-null", (*Series).IsNull) }

// NotNull says which values are there.
func (s *LazySeries) NotNull() *LazySeries { return s.method("not-null", (*Series).NotNull) }

// FillNull puts one value in the place of those that are missing.
func (s *LazySeries) FillNull(value any) *LazySeries {
	one, ok := scalarOf("FillNull", value)
	if !ok {
		panic(badArgument("FillNull", value))
	}
	return s.method("fill-null", fillSeries, one)
}

// Rename is the series under another name.
func (s *LazySeries) Rename(name string) *LazySeries {
	out := s.method("rename", (*Series).Rename, name)
	out.name = name
	return out
}

// Name is the name of the series.
func (s *LazySeries) Name() string { return s.name }

func notPart(s *Series) (any, error) { return s.Operate(taskgraph.OpNot, s, nil) }
func negPart(s *Series) (any, error) { return s.Operate(taskgraph.OpNeg, s, nil) }

func fillSeries(s *Series, value any) (out *Series, err error) {
	defer told(&err)
	return s.FillNull(value), nil
}

// method does something to each partition by itself.
func (s *LazySeries) method(name string, fn any, args ...any) *LazySeries {
	return &LazySeries{s.maker, s.name, &step{name: name, kind: seriesKind, n: s.step.n, inputs: []*step{s.step}, fn: fn, args: args}}
}

// reduce makes a value of the whole series: groups without a key are one group.
func (s *LazySeries) reduce(name string) *LazyValue {
	r := &step{name: name, kind: valueKind, n: 1, inputs: []*step{s.step}, fn: seriesGroupPart,
		args: []any{[]string(nil), []Reduction{{"", name}}}, tree: &tree{join: groupJoin, end: valueEnd}}
	return &LazyValue{s.maker, r}
}

// Sum is the sum of the numbers that are there, a float64.
func (s *LazySeries) Sum() *LazyValue { return s.reduce("sum") }

// Mean is the mean of the numbers that are there, a float64, NaN if there are none.
func (s *LazySeries) Mean() *LazyValue { return s.reduce("mean") }

// Count is how many values are there, an int64.
func (s *LazySeries) Count() *LazyValue { return s.reduce("count") }

// Min is the smallest value that is there, nil if there is none.
func (s *LazySeries) Min() *LazyValue { return s.reduce("min") }

// Max is the largest value that is there, nil if there is none.
func (s *LazySeries) Max() *LazyValue { return s.reduce("max") }

// Std is the standard deviation of the numbers that are there, a float64.
func (s *LazySeries) Std() *LazyValue { return s.reduce("std") }

// Var is the variance of the numbers that are there, a float64.
func (s *LazySeries) Var() *LazyValue { return s.reduce("var") }
