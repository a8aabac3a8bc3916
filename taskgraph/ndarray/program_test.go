package ndarray_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

// generator makes a random program and evaluates it as it goes, so that it
// knows shapes and types.
type generator struct {
	rand   *rand.Rand
	steps  []step
	values []*ndarray.Array
	usable []int // values that later steps may use
}

func (g *generator) program() {
	for range 3 {
		g.source()
	}
	for range 8 {
		g.operation()
	}
}

// source is an array of random numbers, often at the ends of their type.
func (g *generator) source() {
	d := ndarray.Bool + ndarray.Dtype(g.rand.IntN(11))
	shape := g.shape()
	n := 1
	for _, length := range shape {
		n *= length
	}
	texts := make([]string, n)
	for i := range texts {
		texts[i] = g.number(d)
	}
	op, a := "array", ndarray.Empty(d, shape...)
	if !d.IsFloat() {
		op = "whole"
	}
	for i, text := range texts {
		setText(a.Reshape(-1), i, text)
	}
	if n == 0 {
		texts = []string{}
	}
	g.add(step{Op: op, P: map[string]any{"dtype": d.String(), "shape": shape, "values": texts}}, true, func() *ndarray.Array { return a })
}

func setText(a *ndarray.Array, i int, text string) {
	if x, err := strconv.ParseInt(text, 10, 64); err == nil {
		a.Set(x, i)
	} else if x, err := strconv.ParseUint(text, 10, 64); err == nil {
		a.Set(x, i)
	} else {
		x, _ := strconv.ParseFloat(text, 64)
		a.Set(x, i)
	}
}

func (g *generator) shape() []int {
	shape := []int{}
	for range []int{0, 1, 1, 2, 2, 3}[g.rand.IntN(6)] {
		shape = append(shape, []int{0, 1, 2, 3, 3, 4, 5}[g.rand.IntN(7)])
	}
	return shape
}

func (g *generator) number(d ndarray.Dtype) string {
	r := g.rand.IntN(10)
	bits := d.Size() * 8
	switch {
	case d == ndarray.Bool:
		return strconv.Itoa(g.rand.IntN(2))
	case d.IsFloat() && r < 2:
		return []string{"nan", "inf", "-inf", "0", "-0.0", "1e10"}[g.rand.IntN(6)]
	case d.IsFloat():
		return strconv.FormatFloat(float64(g.rand.IntN(81)-40)/8, 'g', -1, 64)
	case r < 2 && strings.HasPrefix(d.String(), "u"):
		return strconv.FormatUint(math.MaxUint64>>(64-bits)-uint64(g.rand.IntN(2)), 10)
	case r < 2:
		return strconv.FormatInt(int64(-1)<<(bits-1)+int64(g.rand.IntN(2)), 10)
	case strings.HasPrefix(d.String(), "u"):
		return strconv.Itoa(g.rand.IntN(12))
	}
	return strconv.Itoa(g.rand.IntN(23) - 11)
}

// add evaluates a step; a panic with an *Error is a value that is nil.
func (g *generator) add(s step, usable bool, compute func() *ndarray.Array) {
	var value *ndarray.Array
	func() {
		defer func() {
			if r := recover(); r != nil {
				if _, ok := r.(*ndarray.Error); !ok {
					text, _ := json.Marshal(append(g.steps, s))
					panic(fmt.Sprintf("%v\n%s", r, text))
				}
			}
		}()
		value = compute()
	}()
	if value != nil && usable && value.Size() < 500 {
		g.usable = append(g.usable, len(g.steps))
	}
	g.steps, g.values = append(g.steps, s), append(g.values, value)
}

// pick is one of the values so far.
func (g *generator) pick() (arg, *ndarray.Array) {
	i := g.usable[g.rand.IntN(len(g.usable))]
	return arg{Ref: &i}, g.values[i]
}

// operand is a value so far, or a number.
func (g *generator) operand() (arg, any) {
	switch g.rand.IntN(4) {
	case 0:
		i := []int{0, 1, 2, 3, -1, 7, 100, 300, -200, 70000}[g.rand.IntN(10)]
		return arg{Int: &i}, i
	case 1:
		f := []float64{0, 0.5, -1.5, 2, 3.25, 1e3}[g.rand.IntN(6)]
		return arg{Float: &f}, f
	}
	ref, a := g.pick()
	return ref, a
}

// valueFor is an operand that can be written to x: what becomes of a float
// that a whole type does not hold is not specified.
func (g *generator) valueFor(x *ndarray.Array) (arg, any) {
	ref, y := g.operand()
	b, isArray := y.(*ndarray.Array)
	f, isFloat := y.(float64)
	drops := isArray && b.Ndim() > min(1, x.Ndim()) // axes of length 1, which NumPy does in some places only
	if drops || !x.Dtype().IsFloat() && (isArray && b.Dtype().IsFloat() || isFloat && (f < 0 || f > 100)) {
		three := 3
		return arg{Int: &three}, 3
	}
	return ref, y
}

func choose[T any](g *generator, of ...T) T { return of[g.rand.IntN(len(of))] }

func (g *generator) operation() {
	switch g.rand.IntN(12) {
	case 0, 1, 2:
		g.binary()
	case 3, 4:
		g.unary()
	case 5, 6:
		g.reduction()
	case 7, 8:
		g.slice()
	case 9:
		g.reshaping()
	case 10:
		g.joining()
	default:
		g.sorting()
	}
}

func (g *generator) binary() {
	op := choose(g, "Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow", "Maximum", "Minimum", "Hypot", "Arctan2", "And", "Or", "Xor", "Eq", "Ne", "Lt", "Le", "Gt", "Ge", "Where", "MatMul", "Dot")
	refX, x := g.pick()
	refY, y := g.operand()
	args := []arg{refX, refY}
	if op == "MatMul" || op == "Dot" {
		refY, b := g.pick()
		g.add(step{Op: op, Args: []arg{refX, refY}}, false, func() *ndarray.Array {
			if op == "Dot" {
				return x.Dot(b)
			}
			return x.MatMul(b)
		})
		return
	}
	if op == "Where" {
		refC, c := g.pick()
		if i, ok := y.(int); ok && i != 1 {
			args[1], y = refX, x // NumPy wraps around what the type does not hold
		}
		g.add(step{Op: op, Args: append([]arg{refC}, args...)}, true, func() *ndarray.Array { return ndarray.Where(c, x, y) })
		return
	}
	if _, isArray := y.(*ndarray.Array); !isArray && g.rand.IntN(3) == 0 {
		g.add(step{Op: op, Args: []arg{refY, refX}}, op != "Pow" && op != "Hypot" && op != "Arctan2", func() *ndarray.Array { return ndarray.Elementwise(op, y, x) })
		return
	}
	g.add(step{Op: op, Args: args}, op != "Pow" && op != "Hypot" && op != "Arctan2", func() *ndarray.Array { return ndarray.Elementwise(op, x, y) })
}

func (g *generator) unary() {
	ref, x := g.pick()
	args := []arg{ref}
	switch g.rand.IntN(6) {
	case 0:
		op := choose(g, "Sqrt", "Cbrt", "Exp", "Exp2", "Expm1", "Log", "Log2", "Log10", "Log1p", "Sin", "Cos", "Tan", "Arcsin", "Arccos", "Arctan", "Sinh", "Cosh", "Tanh")
		if slices.Contains([]string{"Sin", "Cos", "Tan"}, op) {
			// Far from 0 the last digits depend on the library.
			g.add(step{Op: "Clip", Args: args, P: map[string]any{"low": -50, "high": 50, "float": true}}, true, func() *ndarray.Array { return x.Clip(-50.0, 50.0) })
			i := len(g.steps) - 1
			ref, x, args = arg{Ref: &i}, g.values[i], []arg{{Ref: &i}}
		}
		g.add(step{Op: op, Args: args}, false, func() *ndarray.Array { return ndarray.Elementwise(op, x) })
	case 1:
		g.conversion(args, x)
	case 2:
		low, high := g.rand.IntN(3), 3+g.rand.IntN(5)
		g.add(step{Op: "Clip", Args: args, P: map[string]any{"low": low, "high": high, "float": false}}, true, func() *ndarray.Array { return x.Clip(low, high) })
	case 3:
		decimals := g.rand.IntN(5) - 2
		if x.Dtype() == ndarray.Bool || x.Dtype().IsInteger() {
			decimals = max(decimals, 0)
		}
		if x.Dtype() == ndarray.Bool {
			return // NumPy gives half precision
		}
		g.add(step{Op: "RoundTo", Args: args, P: decimals}, false, func() *ndarray.Array { return x.Round(decimals) })
	default:
		op := choose(g, "Neg", "Abs", "Sign", "Square", "Not", "Floor", "Ceil", "Trunc", "Round", "IsNaN", "IsInf", "IsFinite")
		if op == "Round" && x.Dtype() == ndarray.Bool {
			op = "Floor"
		}
		g.add(step{Op: op, Args: args}, true, func() *ndarray.Array { return ndarray.Elementwise(op, x) })
	}
}

// conversion converts what the type holds: the rest is not specified.
func (g *generator) conversion(args []arg, x *ndarray.Array) {
	d := ndarray.Bool + ndarray.Dtype(g.rand.IntN(11))
	if x.Dtype().IsFloat() && !d.IsFloat() && d != ndarray.Bool {
		zero, low, high := 0, 0.0, 100.0
		g.add(step{Op: "IsFinite", Args: args}, true, func() *ndarray.Array { return x.IsFinite() })
		i := len(g.steps) - 1
		g.add(step{Op: "Where", Args: []arg{{Ref: &i}, args[0], {Int: &zero}}}, true, func() *ndarray.Array { return ndarray.Where(g.values[i], x, 0) })
		j := len(g.steps) - 1
		g.add(step{Op: "Clip", Args: []arg{{Ref: &j}}, P: map[string]any{"low": low, "high": high, "float": true}}, true, func() *ndarray.Array { return g.values[j].Clip(low, high) })
		k := len(g.steps) - 1
		args, x = []arg{{Ref: &k}}, g.values[k]
	}
	g.add(step{Op: "AsType", Args: args, P: d.String()}, true, func() *ndarray.Array { return x.AsType(d) })
}

func (g *generator) axis(x *ndarray.Array) int {
	n := x.Ndim()
	if n == 0 {
		return 0
	}
	return g.rand.IntN(2*n) - n
}

func (g *generator) reduction() {
	ref, x := g.pick()
	axes := []int{}
	for i := range x.Ndim() {
		if g.rand.IntN(2) == 0 {
			axes = append(axes, i)
		}
	}
	op := choose(g, "Sum", "Prod", "Min", "Max", "Mean", "Var", "Std", "Median", "All", "Any", "CountNonzero", "ArgMin", "ArgMax", "Sum", "Min")
	if strings.HasPrefix(op, "Arg") && len(axes) > 1 {
		axes = axes[:1]
	}
	keep := g.rand.IntN(2) == 0
	exact := !x.Dtype().IsFloat() && !slices.Contains([]string{"Mean", "Var", "Std", "Median"}, op) || op == "Min" || op == "Max"
	g.add(step{Op: op, Args: []arg{ref}, P: map[string]any{"axes": axes, "keep": keep}}, exact, func() *ndarray.Array {
		r := x.Along(axes...)
		if keep {
			r = r.Keep()
		}
		return map[string]func() *ndarray.Array{
			"Sum": r.Sum, "Prod": r.Prod, "Min": r.Min, "Max": r.Max, "Mean": r.Mean, "Var": r.Var, "Std": r.Std, "Median": r.Median,
			"All": r.All, "Any": r.Any, "CountNonzero": r.CountNonzero, "ArgMin": r.ArgMin, "ArgMax": r.ArgMax,
		}[op]()
	})
}

// index is a random one, for both sides.
func (g *generator) index(x *ndarray.Array) (theirs, ours []any) {
	theirs, dots := []any{}, false
	for range g.rand.IntN(x.Ndim() + 2) {
		switch r := g.rand.IntN(8); {
		case r == 0:
			theirs, ours = append(theirs, "new"), append(ours, ndarray.NewAxis)
		case r == 1 && !dots:
			theirs, ours, dots = append(theirs, "..."), append(ours, ndarray.Ellipsis), true
		case r == 2:
			theirs, ours = append(theirs, ":"), append(ours, ndarray.All)
		case r < 5:
			i := g.rand.IntN(7) - 3
			theirs, ours = append(theirs, i), append(ours, i)
		default:
			bounds := []any{g.bound(), g.bound(), choose[any](g, nil, nil, 1, 2, 3, -1, -2)}
			theirs, ours = append(theirs, bounds), append(ours, ndarray.R(bounds...))
		}
	}
	return theirs, ours
}

func (g *generator) bound() any {
	if g.rand.IntN(3) == 0 {
		return nil
	}
	return g.rand.IntN(13) - 6
}

func (g *generator) slice() {
	ref, x := g.pick()
	theirs, ours := g.index(x)
	switch g.rand.IntN(5) {
	case 0:
		refY, y := g.valueFor(x)
		g.add(step{Op: "Set", Args: []arg{ref, refY}, P: theirs}, true, func() *ndarray.Array {
			out := x.Copy()
			out.Set(y, ours...)
			return out
		})
	case 1:
		g.add(step{Op: "Mask", Args: []arg{ref}}, true, func() *ndarray.Array { return x.Mask(x.AsType(ndarray.Bool)) })
	case 2:
		if x.Ndim() == 0 {
			return // NumPy gives it an axis
		}
		axis, n := g.axis(x), g.rand.IntN(4)
		positions := []int{}
		for range n {
			positions = append(positions, g.rand.IntN(5)-2)
		}
		g.add(step{Op: "Take", Args: []arg{ref}, P: []any{positions, axis}}, true, func() *ndarray.Array { return x.Take(positions, axis) })
	default:
		numbers := len(theirs) > 0
		for _, part := range theirs {
			if _, ok := part.(int); !ok {
				numbers = false
			}
		}
		if numbers { // alone they are bounds here
			theirs, ours = append(theirs, "..."), append(ours, ndarray.Ellipsis)
		}
		g.add(step{Op: "Slice", Args: []arg{ref}, P: theirs}, true, func() *ndarray.Array { return x.Slice(ours...) })
	}
}

func (g *generator) reshaping() {
	ref, x := g.pick()
	args, shape := []arg{ref}, x.Shape()
	axis := g.axis(x)
	switch g.rand.IntN(9) {
	case 0:
		to := choose(g, []int{-1}, []int{2, -1}, []int{-1, 3}, []int{1, -1, 1}, []int{2, 3}, []int{0, -1})
		g.add(step{Op: "Reshape", Args: args, P: to}, true, func() *ndarray.Array { return x.Reshape(to...) })
	case 1:
		order := g.rand.Perm(len(shape))
		g.add(step{Op: "Transpose", Args: args, P: order}, true, func() *ndarray.Array { return x.Transpose(order...) })
	case 2:
		other := g.axis(x)
		g.add(step{Op: "SwapAxes", Args: args, P: []int{axis, other}}, true, func() *ndarray.Array { return x.SwapAxes(axis, other) })
	case 3:
		g.add(step{Op: "Squeeze", Args: args}, true, func() *ndarray.Array { return x.Squeeze() })
	case 4:
		g.add(step{Op: "ExpandDims", Args: args, P: axis}, true, func() *ndarray.Array { return x.ExpandDims(axis) })
	case 5:
		to := append([]int{2}, shape...)
		g.add(step{Op: "BroadcastTo", Args: args, P: to}, true, func() *ndarray.Array { return x.BroadcastTo(to...) })
	case 6:
		axes := []int{axis}
		if g.rand.IntN(2) == 0 || len(shape) == 0 {
			axes = []int{}
		}
		g.add(step{Op: "Flip", Args: args, P: axes}, true, func() *ndarray.Array { return x.Flip(axes...) })
	case 7:
		by := g.rand.IntN(9) - 4
		g.add(step{Op: "Roll", Args: args, P: []int{by, axis}}, true, func() *ndarray.Array { return x.Roll(by, axis) })
	default:
		n := g.rand.IntN(3)
		if g.rand.IntN(2) == 0 && len(shape) > 0 {
			g.add(step{Op: "Repeat", Args: args, P: []int{n, axis}}, true, func() *ndarray.Array { return x.Repeat(n, axis) })
			return
		}
		times := []int{n, 2}
		g.add(step{Op: "Tile", Args: args, P: times}, true, func() *ndarray.Array { return x.Tile(times...) })
	}
}

func (g *generator) joining() {
	refX, x := g.pick()
	refY, y := g.pick()
	if g.rand.IntN(2) == 0 {
		refY, y = refX, x
	}
	args, axis := []arg{refX, refY}, g.axis(x)
	switch g.rand.IntN(4) {
	case 0:
		g.add(step{Op: "Stack", Args: args, P: axis}, true, func() *ndarray.Array { return ndarray.Stack(axis, x, y) })
	case 1:
		g.add(step{Op: "Split", Args: args[:1], P: []int{2, axis}}, true, func() *ndarray.Array { return x.Split(2, axis)[0] })
	case 2:
		width := [2]int{g.rand.IntN(2), g.rand.IntN(3)}
		g.add(step{Op: "Pad", Args: args[:1], P: width}, true, func() *ndarray.Array { return x.Pad(1, width) })
	default:
		g.add(step{Op: "Concatenate", Args: args, P: axis}, true, func() *ndarray.Array { return ndarray.Concatenate(axis, x, y) })
	}
}

func (g *generator) sorting() {
	ref, x := g.pick()
	if x.Ndim() == 0 {
		return // NumPy gives it an axis
	}
	args, axis := []arg{ref}, g.axis(x)
	switch g.rand.IntN(6) {
	case 0:
		g.add(step{Op: "Sort", Args: args, P: axis}, true, func() *ndarray.Array { return x.Sort(axis) })
	case 1:
		g.add(step{Op: "ArgSort", Args: args, P: axis}, true, func() *ndarray.Array { return x.ArgSort(axis) })
	case 2:
		g.add(step{Op: "Unique", Args: args}, true, func() *ndarray.Array { return x.Unique() })
	case 3:
		g.add(step{Op: "Cumsum", Args: args, P: axis}, false, func() *ndarray.Array { return x.Cumsum(axis) })
	case 4:
		refY, y := g.valueFor(x)
		g.add(step{Op: "SetMask", Args: []arg{ref, refY}}, true, func() *ndarray.Array {
			out := x.Copy()
			out.SetMask(x.AsType(ndarray.Bool), y)
			return out
		})
	default:
		g.add(step{Op: "Diff", Args: args, P: axis}, true, func() *ndarray.Array { return x.Diff(axis) })
	}
}
