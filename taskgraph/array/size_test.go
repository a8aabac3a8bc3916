package array

import (
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

func TestComputeTooLarge(t *testing.T) {
	before := debug.SetMemoryLimit(64 << 20)
	defer debug.SetMemoryLimit(before)
	var ran atomic.Bool // several tasks run at once
	large := Zeros(ndarray.Float64, []int{1 << 10, 1 << 14}, 1<<8, 1<<10).MapBlocks(func(x *ndarray.Array) *ndarray.Array {
		ran.Store(true)
		return x
	}, ndarray.Float64)
	want := "Compute: an array of shape (1024, 16384) and type float64 takes 128.0 MiB, more than the memory that there is (64.0 MiB): reduce it first, or let Store write it to a file block by block"
	if _, err := large.Compute(); err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if _, err := Compute(Ones(ndarray.Float64, []int{2}), large); err == nil || err.Error() != want {
		t.Errorf("several: %v", err)
	}
	if ran.Load() {
		t.Error("a task ran")
	}
	if x, err := large.Sum().Compute(); err != nil || x.Get() != 0 || !ran.Load() {
		t.Errorf("its sum is %v, %v", x, err)
	}
}

func TestTooManyBlocks(t *testing.T) {
	for _, test := range []struct {
		shape, chunks []int
		want          string
	}{
		{[]int{1 << 30}, []int{1}, "Zeros: blocks of (1,) cut an array of shape (1073741824,) into 1.074e+09 blocks, a task each, and at most 50000000 can be had: take larger chunks"},
		{[]int{1 << 20, 1 << 20, 1 << 20, 1 << 20}, []int{1, 1, 1, 1}, "take larger chunks"}, // a product that wraps to 0
		{[]int{1 << 30, 1 << 30}, []int{-1, 2}, "take larger chunks"},
	} {
		func() {
			defer func() {
				if err, _ := recover().(*ndarray.Error); err == nil || !strings.HasSuffix(err.Error(), test.want) {
					t.Errorf("got  %v\nwant %s", err, test.want)
				}
			}()
			Zeros(ndarray.Int8, test.shape, test.chunks...)
		}()
	}
}
