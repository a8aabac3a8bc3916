package hdf5_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/hdf5"
)

// TestString asks for the lines that a cell shows.
func TestString(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x.h5")
	f := must(hdf5.CreateFile(name, hdf5.F_ACC_TRUNC))(t)
	if want := "HDF5 file " + name + ", empty"; f.String() != want {
		t.Errorf("got %s, want %s", f, want)
	}
	g := must(f.CreateGroup("run"))(t)
	s := must(hdf5.CreateSimpleDataspace([]uint{8, 9}, nil))(t)
	d := must(g.CreateDatasetWith("x", hdf5.T_NATIVE_INT16, s, properties(t, []uint{4, 9}, 9, true, false)))(t)
	for i := range 13 {
		must(g.CreateDataset(fmt.Sprintf("y%02d", i), hdf5.T_NATIVE_DOUBLE, must(hdf5.CreateSimpleDataspace([]uint{3}, nil))(t)))(t)
	}
	one := must(f.CreateDataset("one", hdf5.T_NATIVE_DOUBLE, must(hdf5.CreateDataspace(hdf5.S_SCALAR))(t)))(t)
	none := must(f.CreateDataset("none", hdf5.T_NATIVE_DOUBLE, must(hdf5.CreateDataspace(hdf5.S_NULL))(t)))(t)
	y := must(f.OpenDataset("run/y00"))(t)
	lines := map[fmt.Stringer]string{
		f:    "HDF5 file " + name + ": none, one, run",
		g:    "HDF5 group /run of " + name + ": x, y00, y01, y02, y03, y04, y05, y06, y07, y08, and 4 more",
		d:    "HDF5 dataset /run/x of " + name + ": int16, shape (8, 9), chunks (4, 9), filters shuffle, gzip",
		y:    "HDF5 dataset /run/y00 of " + name + ": float64, shape (3,)",
		one:  "HDF5 dataset /one of " + name + ": float64, a single value",
		none: "HDF5 dataset /none of " + name + ": float64, without values",
	}
	for x, want := range lines {
		if got := x.String(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	check(t, f.Close())
	for x, open := range lines {
		got, want := x.String(), open+", closed"
		if _, ok := x.(*hdf5.Dataset); !ok {
			want = open[:strings.LastIndex(open, ": ")] + ", closed"
		}
		if got != want {
			t.Errorf("closed: got  %s\nwant %s", got, want)
		}
	}
	if text := fmt.Sprintln((*hdf5.File)(nil), (*hdf5.Group)(nil), (*hdf5.Dataset)(nil)); strings.Count(text, "<nil>") != 3 {
		t.Error(text)
	}
}

// TestStringOfMany has goroutines ask a file for the first time.
func TestStringOfMany(t *testing.T) {
	f := open(t, "testdata/chunks_latest.h5")
	lines := make([]string, 8)
	var all sync.WaitGroup
	for i := range lines {
		all.Go(func() { lines[i] = f.String() })
	}
	all.Wait()
	for _, line := range lines {
		if line != lines[0] || !strings.HasPrefix(line, "HDF5 file testdata/chunks_latest.h5: all, ") {
			t.Error(line)
		}
	}
	d := must(f.OpenDataset("all/growing1"))(t)
	if got, want := d.String(), "HDF5 dataset /all/growing1 of testdata/chunks_latest.h5: float64, shape (23, 17), chunks (5, 4), filters shuffle, gzip, fletcher32"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
