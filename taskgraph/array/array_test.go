package array

import (
	"fmt"
	"slices"
	"testing"

	"github.com/dagbook/dagbook/taskgraph"
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
