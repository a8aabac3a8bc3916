package array

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

// step is an operation of a random program: args are numbers of earlier steps, or numbers.
type step struct {
	Op   string         `json:"op"`
	Args []any          `json:"args,omitempty"`
	P    map[string]any `json:"p,omitempty"`
}

type scalar struct {
	N float64 `json:"n"`
}

// told is what Python made of a step.
type told struct {
	Dtype  string
	Shape  []int
	Values []string
}

// generator makes a program that is evaluated here, lazily and eagerly, while it grows.
type generator struct {
	*rand.Rand
	steps []step
	lazy  []*Array
	eager []*ndarray.Array
}

func (g *generator) add(op string, args []any, p map[string]any, lazy *Array, eager *ndarray.Array) {
	g.steps = append(g.steps, step{op, args, p})
	g.lazy, g.eager = append(g.lazy, lazy), append(g.eager, eager)
}

// chunks are random lengths of blocks.
func (g *generator) chunks(shape []int) []int {
	out := make([]int, len(shape))
	for i, n := range shape {
		out[i] = 1 + g.IntN(max(n, 1))
	}
	return out
}

func (g *generator) array() {
	shape := make([]int, 1+g.IntN(3))
	for i := range shape {
		shape[i] = 1 + g.IntN(6)
	}
	g.arrayOf(shape)
}

func (g *generator) arrayOf(shape []int) {
	dtype := []ndarray.Dtype{ndarray.Float64, ndarray.Float64, ndarray.Int64, ndarray.Uint8, ndarray.Float32, ndarray.Bool}[g.IntN(6)]
	values := make([]float64, product(shape))
	for i := range values {
		values[i] = float64(g.IntN(9))
		if dtype.IsFloat() {
			values[i] = values[i]/2 - 2
		}
		if dtype == ndarray.Bool {
			values[i] = float64(g.IntN(2))
		}
	}
	x, chunks := ndarray.FromSlice(values, shape...).AsType(dtype), g.chunks(shape)
	g.add("array", nil, map[string]any{"values": values, "shape": shape, "dtype": dtype.String(), "chunks": chunks}, FromArray(x, chunks...), x)
}

// extend adds a random operation on the last value, or on a new one when it does not fit.
func (g *generator) extend() {
	i := len(g.lazy) - 1
	x, e := g.lazy[i], g.eager[i]
	axis := g.IntN(max(len(x.shape), 1))
	if len(x.shape) == 0 || x.Size() == 0 {
		g.array()
		return
	}
	number := e.Dtype() != ndarray.Bool
	switch k := g.IntN(20); {
	case k == 0:
		c := g.chunks(x.shape)
		g.add("Rechunk", []any{i}, map[string]any{"chunks": c}, x.Rechunk(c...), e)
	case k == 1:
		g.slice(i)
	case k == 2 && number:
		op := []string{"Neg", "Abs", "Square", "Sign"}[g.IntN(4)]
		if e.Dtype() == ndarray.Uint8 {
			op = "Square"
		}
		g.add(op, []any{i}, nil, x.one(op), ndarray.Elementwise(op, e))
	case k == 3 && number:
		op := []string{"Add", "Sub", "Mul", "Div", "Minimum", "Lt"}[g.IntN(6)]
		n := float64(g.IntN(5)) + 0.5
		if g.IntN(2) == 0 {
			g.add(op, []any{i, scalar{n}}, nil, x.two(op, x, n), ndarray.Elementwise(op, e, n))
		} else {
			g.add(op, []any{scalar{n}, i}, nil, x.two(op, n, x), ndarray.Elementwise(op, n, e))
		}
	case k == 4 || k == 5:
		g.pair(i)
	case k <= 8:
		g.reduce(i, number)
	case k == 9:
		order := g.Perm(len(x.shape))
		g.add("Transpose", []any{i}, map[string]any{"axes": order}, x.Transpose(order...), e.Transpose(order...))
	case k == 10:
		g.arrayOf(x.shape)
		j := len(g.lazy) - 1
		g.add("Stack", []any{i, j}, map[string]any{"axis": axis}, Stack([]*Array{x, g.lazy[j]}, axis), ndarray.Stack(axis, e, g.eager[j]))
	case k == 11:
		other := slices.Clone(x.shape)
		other[axis] = 1 + g.IntN(4)
		g.arrayOf(other)
		j := len(g.lazy) - 1
		g.add("Concatenate", []any{i, j}, map[string]any{"axis": axis}, Concatenate([]*Array{x, g.lazy[j]}, axis), ndarray.Concatenate(axis, e, g.eager[j]))
	case k == 12:
		shape := []int{x.Size()}
		if x.Size()%2 == 0 && g.IntN(2) == 0 {
			shape = []int{2, x.Size() / 2}
		} else if g.IntN(2) == 0 {
			shape = []int{1, x.Size(), 1}
		}
		g.add("Reshape", []any{i}, map[string]any{"shape": shape}, x.Reshape(shape...), e.Reshape(shape...))
	case k == 13:
		g.add("Cumsum", []any{i}, map[string]any{"axis": axis}, x.Cumsum(axis), e.Cumsum(axis))
	case k == 14 && x.shape[axis] > 1 && number: // Dask cannot for Bool
		g.add("Diff", []any{i}, map[string]any{"axis": axis}, x.Diff(axis), e.Diff(axis))
	case k == 15:
		positions := make([]int, 1+g.IntN(6))
		for n := range positions {
			positions[n] = g.IntN(x.shape[axis])
		}
		g.add("Take", []any{i}, map[string]any{"axis": axis, "positions": positions}, x.Take(positions, axis), e.Take(positions, axis))
	case k == 16:
		g.add("Flip", []any{i}, map[string]any{"axis": axis}, x.Flip(axis), e.Flip(axis))
	case k == 17:
		shape := append([]int{1 + g.IntN(3)}, x.shape...)
		g.add("BroadcastTo", []any{i}, map[string]any{"shape": shape}, x.BroadcastTo(shape...), e.BroadcastTo(shape...))
	case k == 18 && len(x.shape) == 2 && number:
		g.arrayOf([]int{x.shape[1], 1 + g.IntN(4)})
		j := len(g.lazy) - 1
		if g.eager[j].Dtype() == ndarray.Bool || g.eager[j].Dtype() != e.Dtype() {
			return
		}
		g.add("Dot", []any{i, j}, nil, x.Dot(g.lazy[j]), e.Dot(g.eager[j]))
	case k == 19 && number && x.grid.smallest(0) > 1: // Dask merges blocks that are less than the overlap
		g.overlap(i)
	default:
		g.array()
	}
}

// smallest is the length of the shortest block of an axis.
func (g grid) smallest(axis int) int { return slices.Min(g[axis]) }

func (g *generator) slice(i int) {
	x, e := g.lazy[i], g.eager[i]
	var ours, theirs []any
	for _, n := range x.shape {
		switch g.IntN(3) {
		case 0:
			k := g.IntN(2*n) - n
			ours, theirs = append(ours, k), append(theirs, k)
		case 1:
			ours, theirs = append(ours, ndarray.All), append(theirs, []any{nil, nil, nil})
		default:
			low, high, step := g.IntN(n), g.IntN(n+1), 1+g.IntN(3)
			if g.IntN(3) == 0 {
				step = -step
				low, high = max(low, high-1), min(low, high)-1
				if high < 0 {
					ours, theirs = append(ours, ndarray.R(low, nil, step)), append(theirs, []any{low, nil, step})
					continue
				}
			}
			ours, theirs = append(ours, ndarray.R(low, high, step)), append(theirs, []any{low, high, step})
		}
	}
	axes, shape, err := ndarray.ParseIndex(x.shape, ours...)
	eager := e
	for _, part := range ours {
		if _, number := part.(int); !number {
			eager = e.Slice(ours...)
		}
	}
	if eager == e {
		at := make([]int, len(ours))
		for k, part := range ours {
			at[k] = part.(int)
		}
		eager = e.At(at...)
	}
	g.add("Slice", []any{i}, map[string]any{"index": theirs}, x.picked("Slice", axes, shape, err), eager)
}

// pair is an operation on two arrays, of which the second is stretched now and then.
func (g *generator) pair(i int) {
	shape := slices.Clone(g.lazy[i].shape)
	for axis := range shape {
		if g.IntN(3) == 0 {
			shape[axis] = 1
		}
	}
	shape = shape[g.IntN(len(shape)):]
	g.arrayOf(shape)
	j := len(g.lazy) - 1
	x, y, e, f := g.lazy[i], g.lazy[j], g.eager[i], g.eager[j]
	op := []string{"Add", "Mul", "Maximum", "Ge", "Eq"}[g.IntN(5)]
	g.add(op, []any{i, j}, nil, x.two(op, x, y), ndarray.Elementwise(op, e, f))
	if op == "Ge" || op == "Eq" {
		k := len(g.lazy) - 1
		g.add("Where", []any{k, i, scalar{1.5}}, nil, Where(g.lazy[k], x, 1.5), ndarray.Where(g.eager[k], e, 1.5))
	}
}

func (g *generator) reduce(i int, number bool) {
	x, e := g.lazy[i], g.eager[i]
	axes := g.Perm(len(x.shape))[:1+g.IntN(len(x.shape))]
	slices.Sort(axes)
	op := []string{"Sum", "Mean", "Min", "Max", "Std", "Var", "Any", "All", "Prod", "ArgMax", "ArgMin"}[g.IntN(11)]
	if !number && op != "Any" && op != "All" && op != "Sum" {
		op = "Sum"
	}
	p := map[string]any{"axes": axes}
	along := e.Along(axes...)
	switch op {
	case "Sum":
		g.add(op, []any{i}, p, x.Sum(axes...), along.Sum())
	case "Mean":
		g.add(op, []any{i}, p, x.Mean(axes...), along.Mean())
	case "Min":
		g.add(op, []any{i}, p, x.Min(axes...), along.Min())
	case "Max":
		g.add(op, []any{i}, p, x.Max(axes...), along.Max())
	case "Std":
		g.add(op, []any{i}, p, x.Std(axes...), along.Std())
	case "Var":
		g.add(op, []any{i}, p, x.Var(axes...), along.Var())
	case "Any":
		g.add(op, []any{i}, p, x.Any(axes...), along.Any())
	case "All":
		g.add(op, []any{i}, p, x.All(axes...), along.All())
	case "Prod":
		g.add(op, []any{i}, p, x.Prod(axes...), along.Prod())
	case "ArgMax":
		g.add(op, []any{i}, map[string]any{"axis": axes[0]}, x.ArgMax(axes[0]), e.Along(axes[0]).ArgMax())
	case "ArgMin":
		g.add(op, []any{i}, map[string]any{"axis": axes[0]}, x.ArgMin(axes[0]), e.Along(axes[0]).ArgMin())
	}
}

func (g *generator) overlap(i int) {
	x, e := g.lazy[i], g.eager[i]
	b := []Boundary{Nearest, Reflect, Periodic, Constant(2)}[g.IntN(4)]
	around := func(x *ndarray.Array) *ndarray.Array { return x.Roll(1, 0).Add(x).Add(x.Roll(-1, 0)) }
	depth := make([]int, len(x.shape))
	depth[0] = 1
	n := x.shape[0]
	positions := slices.Collect(b.positions(-1, n+1, n))
	wide := e.Take(positions, 0)
	p := map[string]any{"boundary": b.kind}
	if b.kind == "constant" {
		widths := make([][2]int, len(x.shape))
		widths[0] = [2]int{1, 1}
		wide = e.Pad(2, widths...)
		p["boundary"] = 2
	}
	g.add("Overlap", []any{i}, p, x.MapOverlap(around, x.dtype, b, depth...), around(wide).Slice(ndarray.R(1, n+1)))
}

// TestDask evaluates random programs here lazily and eagerly, and with dask.array and NumPy:
// all four agree.
func TestDask(t *testing.T) {
	n := 150
	if testing.Short() {
		n = 60
	}
	var all []*generator
	var programs [][]step
	for seed := range n {
		g := &generator{Rand: rand.New(rand.NewPCG(uint64(seed), 6))}
		g.array()
		for range 6 {
			g.extend()
		}
		all, programs = append(all, g), append(programs, g.steps)
	}
	results := oracle(t, programs)
	failed, steps, withDask := 0, 0, 0
	for i, g := range all {
		for j := range g.steps {
			steps++
			if _, ok := results[i][j]["dask"]; ok {
				withDask++
			}
			text, _ := json.Marshal(g.steps[:j+1])
			got, err := g.lazy[j].Compute()
			problem := fmt.Sprint(err)
			if err == nil {
				problem = differs(got, g.lazy[j], g.eager[j], results[i][j])
			}
			if problem != "" {
				if t.Errorf("program %d, step %d: %s\n%.1500s", i, j, problem, text); failed > 8 {
					t.FailNow()
				}
				failed++
				break
			}
		}
	}
	if withDask < steps*95/100 {
		t.Errorf("Dask could do %d of %d steps only: the test compares too little", withDask, steps)
	}
}

func differs(got *ndarray.Array, promised *Array, eager *ndarray.Array, python map[string]told) string {
	if !slices.Equal(got.Shape(), promised.Shape()) || got.Dtype() != promised.Dtype() {
		return fmt.Sprintf("shape %v and type %v, but %v was promised", got.Shape(), got.Dtype(), promised)
	}
	if !slices.Equal(promised.grid.shape(), promised.shape) {
		return fmt.Sprintf("the blocks %v are not the shape %v", promised.grid, promised.shape)
	}
	if !slices.Equal(got.Shape(), eager.Shape()) || got.Dtype() != eager.Dtype() || !close(got.Float64s(), eager.Float64s(), got.Dtype()) {
		return fmt.Sprintf("lazily %v %v, eagerly %v %v", got.Dtype(), got, eager.Dtype(), eager)
	}
	for _, name := range []string{"numpy", "dask"} {
		want, ok := python[name]
		if !ok {
			continue
		}
		values := make([]float64, len(want.Values))
		for i, v := range want.Values {
			values[i], _ = strconv.ParseFloat(v, 64)
		}
		if !slices.Equal(got.Shape(), want.Shape) || got.Dtype().String() != want.Dtype || !close(got.Float64s(), values, got.Dtype()) {
			return fmt.Sprintf("%v %v %v, %s has %s %v %v", got.Dtype(), got.Shape(), got.Float64s(), name, want.Dtype, want.Shape, values)
		}
	}
	return ""
}

func close(a, b []float64, dtype ndarray.Dtype) bool {
	tolerance := 1e-9
	if dtype == ndarray.Float32 {
		tolerance = 1e-4
	}
	return slices.EqualFunc(a, b, func(x, y float64) bool {
		return x == y || math.IsNaN(x) && math.IsNaN(y) || math.Abs(x-y) <= tolerance*(1+math.Abs(x))
	})
}

func oracle(t *testing.T, programs [][]step) [][]map[string]told {
	python, err := filepath.Abs("../../.venv/bin/python")
	if _, missing := os.Stat(python); err != nil || missing != nil {
		t.Skip("there is no .venv with Dask here, which the answers are compared with")
	}
	input, err := json.Marshal(programs)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "testdata/dask_oracle.py")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal("the oracle failed: ", err)
	}
	var results [][]map[string]told
	if err := json.Unmarshal(out, &results); err != nil {
		t.Fatal(err)
	}
	return results
}
