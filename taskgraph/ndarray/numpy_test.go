package ndarray_test

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

// step is one operation of a program for both sides. Its arguments are values
// of earlier steps, or numbers.
type step struct {
	Op   string `json:"op"`
	Args []arg  `json:"args,omitempty"`
	P    any    `json:"p,omitempty"`
}

type arg struct {
	Ref   *int     `json:"ref,omitempty"`
	Int   *int     `json:"int,omitempty"`
	Float *float64 `json:"float,omitempty"`
}

// told is what NumPy made of a step.
type told struct {
	Dtype  string
	Shape  []int
	Values []string
	Text   string
}

// numpy runs programs with the Python of the tests.
func numpy(tb testing.TB, programs [][]step) [][]*told {
	input, err := json.Marshal(programs)
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.Command(python(tb), "testdata/numpy_oracle.py")
	cmd.Stdin = bytes.NewReader(input)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		tb.Fatal("the oracle failed: ", err)
	}
	var results [][]*told
	if err := json.Unmarshal(out, &results); err != nil {
		tb.Fatal(err)
	}
	return results
}

// python is the interpreter with the packages of requirements-test.txt.
func python(tb testing.TB) string {
	for _, name := range []string{"../../.venv/bin/python", "../../.venv/Scripts/python.exe"} {
		if path, err := filepath.Abs(name); err == nil {
			if _, err := os.Stat(path); err == nil {
				return path
			}
		}
	}
	tb.Skip("there is no .venv with NumPy here, which the answers are compared with")
	return ""
}

// TestNumPy evaluates random programs here and with NumPy.
func TestNumPy(t *testing.T) {
	n := 3000
	if testing.Short() {
		n = 300
	}
	var programs [][]step
	var values [][]*ndarray.Array
	for i := range n {
		g := generator{rand: rand.New(rand.NewPCG(uint64(i), 1))}
		g.program()
		programs, values = append(programs, g.steps), append(values, g.values)
	}
	failed := 0
	for i, results := range numpy(t, programs) {
		for j, want := range results {
			if problem := differs(values[i][j], want, programs[i][j].Op); problem != "" {
				text, _ := json.Marshal(programs[i][:j+1])
				t.Errorf("program %d, step %d: %s\n%s", i, j, problem, text)
				if failed++; failed > 10 {
					t.FailNow()
				}
				break
			}
		}
	}
}

// TestText prints arrays that are summarised, or have numbers of all sizes.
func TestText(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	var programs [][]step
	var values []*ndarray.Array
	for _, shape := range [][]int{{7}, {30}, {1001}, {1000}, {20, 60}, {3, 400}, {5, 3, 80}, {2, 2, 2, 200}, {0, 3}, {8, 1, 200}} {
		for _, d := range []ndarray.Dtype{ndarray.Float64, ndarray.Float32, ndarray.Int64, ndarray.Uint8, ndarray.Bool} {
			for _, spread := range []float64{0, 1, 3, 8, 130} {
				a := ndarray.Empty(ndarray.Float64, shape...).Map(func(float64) float64 {
					return math.Round(r.NormFloat64()*1000) / 1000 * math.Pow(10, math.Round(spread*(r.Float64()-0.5)))
				})
				if d != ndarray.Float64 {
					a = a.Clip(-1e30, 1e30)
				}
				if !d.IsFloat() {
					a = a.Clip(0, 255)
				}
				a = a.AsType(d)
				s := step{Op: "array", P: map[string]any{"dtype": d.String(), "shape": shape, "values": texts(a)}}
				programs, values = append(programs, []step{s}), append(values, a)
			}
		}
	}
	for i, results := range numpy(t, programs) {
		if problem := differs(values[i], results[0], "array"); problem != "" {
			t.Error(problem)
		}
	}
}

// texts are the elements as JSON carries them.
func texts(a *ndarray.Array) []string {
	out := []string{}
	for _, x := range a.Float64s() {
		out = append(out, strconv.FormatFloat(x, 'g', -1, 64))
	}
	return out
}

func differs(got *ndarray.Array, want *told, op string) string {
	switch {
	case got == nil && want == nil:
		return ""
	case got == nil && len(want.Values) == 0 || want == nil && got.Size() == 0:
		return "" // where there are no elements NumPy checks less, or its median more
	case got == nil:
		return op + " panicked here, NumPy gives " + want.Text
	case want == nil:
		return op + " raised an error in NumPy, here it is " + got.String()
	case got.Dtype().String() != want.Dtype:
		return fmt.Sprintf("%s is of %v, with NumPy of %s", op, got.Dtype(), want.Dtype)
	case !slices.Equal(got.Shape(), want.Shape):
		return fmt.Sprintf("%s has the shape %v, with NumPy %v", op, got.Shape(), want.Shape)
	}
	flat, exact := got.Ravel(), true
	for i, text := range want.Values {
		x := flat.Item(i)
		if !matches(x, text, got.Dtype()) {
			return fmt.Sprintf("%s: element %d is %v, with NumPy %s", op, i, x, text)
		}
		y, _ := strconv.ParseFloat(text, 64)
		exact = exact && (!got.Dtype().IsFloat() || math.Float64bits(got.Get(position(i, got.Shape())...)) == math.Float64bits(y) || y != y)
	}
	if exact && got.String() != want.Text {
		return fmt.Sprintf("%s is printed as\n%s\nby NumPy as\n%s", op, got, want.Text)
	}
	return ""
}

// position is the index of element i.
func position(i int, shape []int) []int {
	index := make([]int, len(shape))
	for axis := len(shape) - 1; axis >= 0; axis-- {
		index[axis] = i % shape[axis]
		i /= shape[axis]
	}
	return index
}

func matches(x any, text string, d ndarray.Dtype) bool {
	switch {
	case d == ndarray.Bool:
		return x.(bool) == (text == "1.0")
	case !d.IsFloat():
		return fmt.Sprint(x) == text
	}
	want, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return false
	}
	got, tolerance := 0.0, 1e-12
	switch x := x.(type) {
	case float32:
		got, tolerance = float64(x), 2e-6
	case float64:
		got = x
	}
	if got == want || got != got && want != want {
		return true
	}
	return math.Abs(got-want) <= tolerance*max(math.Abs(got), math.Abs(want), 1e-3)
}
