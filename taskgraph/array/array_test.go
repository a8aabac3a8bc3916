package array

import (
	"encoding/xml"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/dagbook/dagbook/taskgraph"
	"github.com/dagbook/dagbook/taskgraph/hdf5"
	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

func Example() {
	x := Arange(0, 12, 5).Reshape(4, 3)
	fmt.Println(x)
	total, err := x.Add(1).Sum(0).Compute()
	fmt.Println(total, err)
	// Output:
	// array<reshape, shape=(4, 3), dtype=int64, chunks=(2, 3)>
	// [22 26 30] <nil>
}

// compute is a test's Compute.
func compute(t testing.TB, a *Array) *ndarray.Array {
	t.Helper()
	x, err := a.Compute()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(x.Shape(), a.Shape()) || x.Dtype() != a.Dtype() {
		t.Fatalf("%v was promised, shape %v and type %v came", a, x.Shape(), x.Dtype())
	}
	return x
}

func same(t testing.TB, what string, a *Array, want *ndarray.Array) {
	t.Helper()
	if got := compute(t, a); !ndarray.AllClose(got, want, 1e-12, 1e-12) || got.Dtype() != want.Dtype() || !slices.Equal(got.Shape(), want.Shape()) {
		t.Errorf("%s: got %v %v %v, want %v %v %v", what, got.Dtype(), got.Shape(), got, want.Dtype(), want.Shape(), want)
	}
}

func TestFrames(t *testing.T) {
	x := ndarray.NewRandom(1).Integers(0, 255, 12, 5, 7).AsType(ndarray.Uint8)
	load := taskgraph.Delayed(func(i int) *ndarray.Array { return x.At(i).Copy() })
	var frames []*Array
	for i := range 12 {
		frames = append(frames, FromDelayed(load(i), ndarray.Uint8, 5, 7))
	}
	movie := Stack(frames, 0)
	same(t, "stack", movie, x)
	same(t, "rechunk", movie.Rechunk(5, 5, 7), x)
	same(t, "rechunk 2", movie.Rechunk(5, 2, -1).Rechunk(4, 3, 2), x)
	same(t, "sum", movie.Rechunk(5, 5, 7).Sum(0), x.Along(0).Sum())
	same(t, "at", movie.At(3), x.At(3))
	same(t, "slice", movie.Slice(ndarray.R(10, 2, -3), 1, ndarray.R(nil, nil, 2)), x.Slice(ndarray.R(10, 2, -3), 1, ndarray.R(nil, nil, 2)))
	if n := movie.At(3).Tasks(); n > 4 {
		t.Errorf("one frame takes %d tasks", n)
	}
	_, err := FromDelayed(load(1), ndarray.Uint8, 5, 8).Compute()
	if err == nil {
		t.Error("a wrong shape was not told")
	}
}

func TestChecks(t *testing.T) {
	x := FromArray(ndarray.Arange(24).Reshape(4, 6), 2, 3)
	for text, f := range map[string]func(){
		"shapes (4, 6) and (4,)":         func() { x.Add(Arange(0, 4)) },
		"blocks of":                      func() { x.RechunkTo([]int{2, 2}, []int{3, 4}) },
		"chunks of (2,)":                 func() { x.Rechunk(2) },
		"cannot have the length -2":      func() { x.Rechunk(2, -2) },
		"there is no block [0 5]":        func() { x.Block(0, 5) },
		"no position 9 on axis 1":        func() { x.Take([]int{9}, 1) },
		"no arrays to stack":             func() { Stack(nil, 0) },
		"array 1 has shape (6, 4)":       func() { Stack([]*Array{x, x.T()}, 0) },
		"may differ along axis 0 only":   func() { Concatenate([]*Array{x, x.Slice(ndarray.All, 1).Reshape(4, 1)}, 0) },
		"has the length 4, not 1":        func() { x.Squeeze(0) },
		"cannot be stretched to (4, 7)":  func() { x.BroadcastTo(4, 7) },
		"cannot overlap by 5":            func() { x.Overlap(None, 5) },
		"not arrays of shapes (2, 2, 6)": func() { x.Reshape(2, 2, 6).Dot(x) },
		"is not known: array.FromDelayed": func() {
			x.Add(taskgraph.Value(ndarray.Of(1)))
		},
		"no Min of nothing":      func() { Arange(0, 0).Min() },
		"takes one axis or none": func() { x.ArgMax(0, 1) },
		"the function is nil":    func() { x.MapBlocks(nil, ndarray.Float64) },
	} {
		func() {
			defer func() {
				err, ok := recover().(*ndarray.Error)
				if want := strings.ToLower(text); !ok || !strings.Contains(strings.ToLower(err.Error()), want) {
					t.Errorf("want an error with %q, got %v", text, err)
				}
			}()
			f()
		}()
	}
	if _, err := (*Array)(nil).Compute(); err == nil {
		t.Error("a nil array was computed")
	}
	for _, f := range []func(*ndarray.Array) *ndarray.Array{
		func(*ndarray.Array) *ndarray.Array { return nil },
		func(x *ndarray.Array) *ndarray.Array { return x.Ravel() },
		func(x *ndarray.Array) *ndarray.Array { return x.AsType(ndarray.Uint8) },
	} {
		if _, err := x.MapBlocks(f, ndarray.Int64).Compute(); err == nil || !strings.Contains(err.Error(), "MapBlocks") {
			t.Errorf("a wrong block: %v", err)
		}
	}
}

func TestStore(t *testing.T) {
	path := t.TempDir() + "/x.h5"
	x := NewRandom(3).Normal(0, 1, []int{50, 40}, 20, 15)
	if err := x.Store(path, "group/x"); err != nil {
		t.Fatal(err)
	}
	back, err := FromHDF5(path, "group/x", 7, -1)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "read", back, compute(t, x))
	failing := x.MapBlocks(func(*ndarray.Array) *ndarray.Array { panic("no") }, ndarray.Float64)
	if err := failing.Store(path, "group/x"); err == nil {
		t.Error("a failing task was stored")
	}
	same(t, "after a failed write", back, compute(t, x))
	texts := filepath.Join(t.TempDir(), "texts.h5")
	if err := hdf5.WriteDataset(texts, "x", []string{"a"}); err != nil {
		t.Fatal(err)
	}
	if _, err := FromHDF5(texts, "x"); err == nil || !strings.Contains(err.Error(), "is of the type string, and an array is of numbers: hdf5.ReadDataset(") {
		t.Errorf("strings: %v", err)
	}
	if _, err := FromHDF5(path, "nosuch"); err == nil || !strings.Contains(err.Error(), "nosuch") {
		t.Errorf("a dataset that is not there: %v", err)
	}
}

// TestRandom: the same numbers for the same seed and blocks, others for another array.
func TestRandom(t *testing.T) {
	draw := func() []float64 {
		r := NewRandom(5)
		a, b := r.Uniform(0, 1, []int{100}, 30), r.Uniform(0, 1, []int{100}, 30)
		if slices.Equal(compute(t, a).Float64s(), compute(t, b).Float64s()) {
			t.Error("two arrays of one source are equal")
		}
		return compute(t, a).Float64s()
	}
	first := draw()
	if !slices.Equal(first, draw()) {
		t.Error("the same seed gives other numbers")
	}
	if slices.Equal(first[:30], first[30:60]) {
		t.Error("two blocks are equal")
	}
}

// TestPersist: what is built on a persisted array does not compute it again.
func TestPersist(t *testing.T) {
	var calls atomic.Int32
	x := Arange(0, 40, 10).MapBlocks(func(x *ndarray.Array) *ndarray.Array { calls.Add(1); return x }, ndarray.Int64)
	p, err := x.Persist()
	if err != nil {
		t.Fatal(err)
	}
	same(t, "sum", p.Sum(), ndarray.Arange(40).Along(0).Sum())
	same(t, "slice", p.Slice(3, 20, 4), ndarray.Arange(3, 20, 4))
	if n := calls.Load(); n != 4 {
		t.Errorf("%d calls for four blocks", n)
	}
}

// TestShared: what two arrays share is computed once.
func TestShared(t *testing.T) {
	var calls atomic.Int32
	x := Arange(0, 40, 10).MapBlocks(func(x *ndarray.Array) *ndarray.Array { calls.Add(1); return x }, ndarray.Int64)
	all, err := Compute(x.Min(), x.Max())
	if err != nil || all[0].Min() != 0 || all[1].Max() != 39 || calls.Load() != 4 {
		t.Errorf("%v %v after %d calls", all, err, calls.Load())
	}
}

// TestTasksOfParts: a part of an array takes the tasks of that part.
func TestTasksOfParts(t *testing.T) {
	x := Zeros(ndarray.Float64, []int{1000, 1000}, 100, 100)
	for what, c := range map[string]struct {
		a    *Array
		most int
	}{
		"one element": {x.At(5, 5), 2}, "a row": {x.At(5), 10 + 10 + 1}, "a block": {x.Slice(ndarray.R(0, 100), ndarray.R(0, 100)), 1},
		"the same blocks": {x.Rechunk(100, 100), 101}, "a sum": {x.Sum(), 100 + 100 + 20},
	} {
		if n := c.a.Tasks(); n > c.most {
			t.Errorf("%s takes %d tasks, at most %d were wanted", what, n, c.most)
		}
	}
}

func TestHTML(t *testing.T) {
	arrays := []*Array{Arange(0, 100, 7), Zeros(ndarray.Uint8, []int{40, 30}, 7, 9), Zeros(ndarray.Uint8, []int{1000, 257, 257}, 10, -1, -1), Zeros(ndarray.Bool, []int{2, 3, 4, 5}), Arange(0, 0), Arange(0, 9).Sum()}
	for _, a := range arrays {
		text := a.HTML()
		d := xml.NewDecoder(strings.NewReader(text))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%v: %v in %s", a, err, text)
			}
		}
		if len(text) > 40_000 || !strings.Contains(text, a.Dtype().String()) {
			t.Errorf("%v: %d bytes", a, len(text))
		}
	}
	if text := arrays[2].HTML(); !strings.Contains(text, "62.99 MiB") || !strings.Contains(text, "(1000, 257, 257)") || !strings.Contains(text, "100 chunks") {
		t.Error(text)
	}
	evil := *arrays[0]
	evil.name = `<img onerror="alert(1)">`
	if strings.Contains(evil.HTML(), "<img") {
		t.Error("a name is markup")
	}
}

// BenchmarkBuild builds the array of the lesson: a thousand frames, ten in a block, summed.
func BenchmarkBuild(b *testing.B) {
	load := taskgraph.Delayed(func(int) *ndarray.Array { return nil })
	for b.Loop() {
		var frames []*Array
		for i := range 1000 {
			frames = append(frames, FromDelayed(load(i), ndarray.Uint8, 257, 257))
		}
		Stack(frames, 0).Rechunk(10, 257, 257).Sum(0)
	}
}
