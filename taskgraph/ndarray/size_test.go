package ndarray_test

import (
	"errors"
	"math"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/hdf5"
	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

// withMemory sets the limit of the process for a test.
func withMemory(t *testing.T, bytes int64) {
	before := debug.SetMemoryLimit(bytes)
	t.Cleanup(func() { debug.SetMemoryLimit(before) })
}

// sentence is what a function panics with.
func sentence(t *testing.T, f func()) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = r.(*ndarray.Error).Error()
		}
	}()
	f()
	return "nothing"
}

// TestTooLarge asks for more than the machine has, which would end the
// process if someone tried.
func TestTooLarge(t *testing.T) {
	if math.MaxInt == math.MaxInt32 {
		t.Skip("such numbers have more than 32 bits")
	}
	withMemory(t, 20<<30)
	bits := 40
	tera := 1 << bits
	small := ndarray.Arange(10)
	wide := ndarray.Of(1).BroadcastTo(tera, 1)
	const tail = "8.0 TiB, more than the memory that there is (20.0 GiB)"
	for name, f := range map[string]func(){
		"Zeros":       func() { ndarray.Zeros(ndarray.Float64, tera) },
		"Empty":       func() { ndarray.Empty(ndarray.Int64, tera, 1) },
		"Ones":        func() { ndarray.Ones(ndarray.Float64, 1<<20, 1<<20) },
		"Full":        func() { ndarray.Full(2, ndarray.Uint64, 1, tera) },
		"Like":        func() { ndarray.Like(wide) },
		"Eye":         func() { ndarray.Eye(ndarray.Float64, 1<<20) },
		"Arange":      func() { ndarray.Arange(tera) },
		"ArangeFloat": func() { ndarray.Arange(float64(tera)) },
		"Linspace":    func() { ndarray.Linspace(0, 1, tera) },
		"Normal":      func() { ndarray.NewRandom(1).Normal(0, 1, tera) },
		"Integers":    func() { ndarray.NewRandom(1).Integers(0, 9, tera) },
		"Permutation": func() { ndarray.NewRandom(1).Permutation(tera) },
		"Repeat":      func() { small.At(0).ExpandDims(0).Repeat(tera, 0) },
		"Tile":        func() { small.At(0).Tile(tera) },
		"Pad":         func() { small.Pad(0, [2]int{tera - 10, 0}) },
		"Add":         func() { ndarray.Ones(ndarray.Float64, 1<<20, 1).Add(ndarray.Ones(ndarray.Float64, 1<<20)) },
		"Lt": func() {
			ndarray.Ones(ndarray.Float64, 1<<20, 1).Lt(wide.Reshape(1, tera).Slice(ndarray.All, ndarray.R(0, 1<<23)))
		},
		"later":       func() { wide.Add(1) },
		"analysis":    func() { wide.Exp() },
		"AsType":      func() { wide.AsType(ndarray.Int64) },
		"Copy":        func() { wide.Copy() },
		"Float64s":    func() { wide.Float64s() },
		"Where":       func() { ndarray.Where(wide.BroadcastTo(tera, 1), 1.0, 2.0) },
		"Take":        func() { ndarray.Zeros(ndarray.Float64, 1, 1<<20).Take(ndarray.Zeros(ndarray.Int64, 1<<20), 0) },
		"Concatenate": func() { half := wide.Slice(tera / 2); ndarray.Concatenate(0, half, half) },
		"Sum":         func() { wide.Along(1).Sum() },
		"Dot":         func() { ndarray.Ones(ndarray.Float64, 1<<20, 1).Dot(ndarray.Ones(ndarray.Float64, 1, 1<<20)) },
	} {
		if got := sentence(t, f); !strings.HasSuffix(got, tail) {
			t.Errorf("%s: %s", name, got)
		}
	}
	const want = "Zeros: an array of shape (1099511627776,) and type float64 takes 8.0 TiB, more than the memory that there is (20.0 GiB)"
	if got := sentence(t, func() { ndarray.Zeros(ndarray.Float64, tera) }); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	debug.SetMemoryLimit(math.MaxInt64)
	if got := sentence(t, func() { ndarray.Zeros(ndarray.Float64, tera<<4) }); !strings.HasSuffix(got, "takes 128.0 TiB, which is larger than any memory") {
		t.Error(got)
	}
}

func TestCheckSize(t *testing.T) {
	withMemory(t, 64<<20)
	if err := ndarray.CheckSize(ndarray.Float64, 1<<10, 1<<13); err != nil {
		t.Error(err)
	}
	for _, err := range []error{
		ndarray.CheckSize(ndarray.Float64, 1<<10, 1<<13+1),
		ndarray.CheckSize(ndarray.Int8, 1<<15, 1<<15, 1<<15, 1<<15, 1<<15), // the product wraps to 0 or 2048
		ndarray.CheckSize(ndarray.Float64, -1),
		ndarray.CheckSize(0, 1),
	} {
		if problem := (*ndarray.Error)(nil); !errors.As(err, &problem) {
			t.Errorf("%v is no *Error", err)
		}
	}
}

func TestTooLargeFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.h5")
	if err := hdf5.WriteDataset(path, "x", make([]float64, 1<<19), 1<<9, 1<<10); err != nil {
		t.Fatal(err)
	}
	withMemory(t, 2<<20)
	_, err := ndarray.ReadHDF5(path, "x")
	if err == nil || !strings.HasSuffix(err.Error(), "[512 1024] elements of float64 take 0.00391 GiB, more than the memory that there is (0.00195 GiB): read a part of it") {
		t.Error(err)
	}
	if x, err := ndarray.ReadHDF5(path, "x", ndarray.R(0, 256)); err != nil || x.Len() != 256 {
		t.Error(err)
	}
}
