package ndarray_test

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/hdf5"
	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

// everyDtype has an array of each type.
func everyDtype() map[string]*ndarray.Array {
	arrays := map[string]*ndarray.Array{"number": ndarray.Full(2.5, ndarray.Float32)}
	for d := ndarray.Bool; d <= ndarray.Float64; d++ {
		arrays[d.String()] = ndarray.Arange(24).Mod(5).Reshape(2, 3, 4).AsType(d).Slice(ndarray.All, ndarray.R(nil, nil, -1))
	}
	return arrays
}

func TestHDF5(t *testing.T) {
	for name, x := range everyDtype() {
		path := filepath.Join(t.TempDir(), "x.h5")
		if err := x.WriteHDF5(path, "run/values"); err != nil {
			t.Fatal(err)
		}
		got, err := ndarray.ReadHDF5(path, "run/values")
		if err != nil {
			t.Fatal(err)
		}
		if got.Dtype() != x.Dtype() || !ndarray.ArrayEqual(got, x) {
			t.Errorf("%s comes back as %s", x.Describe(), got.Describe())
		}
		if name == "number" {
			continue
		}
		for _, part := range [][]any{
			{1}, {-2, 1}, {1, -1, 3}, {ndarray.All, 2}, {ndarray.R(nil, nil, -1), ndarray.R(1, 3), ndarray.R(3, nil, -2)},
			{ndarray.NewAxis, ndarray.Ellipsis, -1}, {ndarray.All, ndarray.R(5)},
		} {
			got, err := ndarray.ReadHDF5(path, "run/values", part...)
			if err != nil {
				t.Errorf("%v: %v", part, err)
				continue
			}
			index := part // of numbers alone Slice would make a range
			if !slices.Contains(part, any(ndarray.Ellipsis)) {
				index = append(index, ndarray.Ellipsis)
			}
			if want := x.Slice(index...); !ndarray.ArrayEqual(got, want) {
				t.Errorf("%v is\n%v\nnot\n%v", part, got, want)
			}
		}
	}
}

// TestHDF5ByOthers lets h5py read what is written.
func TestHDF5ByOthers(t *testing.T) {
	interpreter, dir := python(t), t.TempDir()
	for name, x := range everyDtype() {
		if err := x.WriteHDF5(filepath.Join(dir, name+".h5"), "values"); err != nil {
			t.Fatal(err)
		}
	}
	program := `
import h5py, sys, pathlib, numpy as np
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.h5")):
    with h5py.File(path) as f:
        x = f["values"]
        if path.stem == "number":
            assert x.shape == () and x[()] == 2.5, x
        else:
            want = (np.arange(24) % 5).reshape(2, 3, 4).astype(path.stem)[:, ::-1]
            assert x.dtype == want.dtype and (x[()] == want).all(), (path, x.dtype, x[()])
        print(path.stem)`
	out, err := exec.Command(interpreter, "-c", program, dir).CombinedOutput()
	if err != nil || len(strings.Fields(string(out))) != len(everyDtype()) {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestHDF5Errors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.h5")
	if err := hdf5.WriteDataset(path, "names", []string{"a"}); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		path, dataset string
		part          []any
		want          string
	}{
		{path, "names", nil, `is of the type string, and an array is of numbers: hdf5.ReadDataset(path, "/names") reads it`},
		{path, "names", []any{5, ndarray.All}, "2 indices are too many for an array of shape (1,)"},
		{path, "names", []any{1}, "index 1 is out of range for axis 0 of an array of shape (1,)"},
		{path, "names", []any{-2}, "index -2 is out of range"},
		{path, "names", []any{nil}, "<nil> of type <nil> is no index"},
		{path, "none", nil, "none"},
		{path + "x", "names", nil, "x.h5x"},
	} {
		if _, err := ndarray.ReadHDF5(test.path, test.dataset, test.part...); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}
