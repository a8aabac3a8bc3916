package array

import (
	"testing"

	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

// A large array is put together by several goroutines; the race detector looks on.
func TestLargeGather(t *testing.T) {
	a := Arange(0, 3<<20, 100_000).Reshape(-1, 1024)
	x, err := a.Rechunk(100, 1000).Compute()
	if err != nil {
		t.Fatal(err)
	}
	if want := ndarray.Arange(3<<20).Reshape(-1, 1024); !x.Eq(want).All() {
		t.Error("the array is not what it was")
	}
	defer func() {
		if p := recover(); p != "told" {
			t.Errorf("inParts panicked with %v", p)
		}
	}()
	inParts(10, 1<<30, func(from, to int) { panic("told") })
}
