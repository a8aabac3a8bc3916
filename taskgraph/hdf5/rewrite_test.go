package hdf5_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/hdf5"
)

func copyOf(t *testing.T, fixture string) string {
	b := must(os.ReadFile(filepath.Join("testdata", fixture)))(t)
	name := filepath.Join(t.TempDir(), fixture)
	check(t, os.WriteFile(name, b, 0o640))
	return name
}

// TestAdd adds to files that h5py wrote, of every version, and compares all that was in
// them with what h5py said before.
func TestAdd(t *testing.T) {
	all := expectations(t)
	for _, fixture := range []string{"plain_latest.h5", "chunks_latest.h5", "many_latest.h5", "many_earliest.h5", "userblock.h5"} {
		t.Run(fixture, func(t *testing.T) {
			name := copyOf(t, fixture)
			if fixture == "plain_latest.h5" {
				refuseExternalLink(t, name)
				return
			}
			f := must(hdf5.OpenFile(name, hdf5.F_ACC_RDWR))(t)
			must(f.CreateGroup("added"))(t)
			writeValue(t, f, "added/values", []float64{1, 2, 3}, nil)
			writeValue(t, f, "added/texts", []string{"a", "bb"}, nil)
			text := must(hdf5.CreateDataspace(hdf5.S_SCALAR))(t)
			check(t, must(f.CreateAttribute("note", hdf5.T_GO_STRING, text))(t).Write("new", nil))
			check(t, f.Close())

			r := open(t, name)
			readValue(t, r, "added/values", []float64{1, 2, 3})
			readValue(t, r, "added/texts", []string{"a", "bb"})
			for path, want := range all[fixture] {
				switch {
				case path == "/":
				case want.Names != nil:
					checkGroup(t, r, path, want)
				default:
					checkDataset(t, r, path, want)
				}
			}
			if fixture != "chunks_latest.h5" { // TestOverwrite compares this one
				compareWithH5py(t, name, r)
			}
		})
	}
}

func refuseExternalLink(t *testing.T, name string) {
	before := must(os.ReadFile(name))(t)
	f := must(hdf5.OpenFile(name, hdf5.F_ACC_RDWR))(t)
	must(f.CreateGroup("added"))(t)
	if err := f.Close(); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("external links are lost without a word: %v", err)
	}
	unchanged(t, name, before)
}

// unchanged checks that a file is as it was, and alone in its directory.
func unchanged(t *testing.T, name string, before []byte) {
	t.Helper()
	after, err := os.ReadFile(name)
	if err != nil || !slices.Equal(before, after) {
		t.Errorf("the old file has changed (%v)", err)
	}
	if entries := must(os.ReadDir(filepath.Dir(name)))(t); len(entries) != 1 {
		t.Errorf("there is something beside the file: %v", entries)
	}
}

// TestOverwrite changes datasets of every layout in place.
func TestOverwrite(t *testing.T) {
	name := copyOf(t, "chunks_latest.h5")
	f := must(hdf5.OpenFile(name, hdf5.F_ACC_RDWR))(t)
	want := map[string]any{}
	for _, path := range []string{"all/fixed", "plain/growing1", "gzip/one", "fletcher/growing2", "plain/of_f4", "gzip/sparse"} {
		d := must(f.OpenDataset(path))(t)
		all := must(d.ReadAll())(t)
		dims := d.Dims()
		start, one := make([]int, len(dims)), make([]int, len(dims))
		for i := range dims {
			start[i], one[i] = dims[i]/2, 1
		}
		at := 0
		for i := range dims {
			at = at*dims[i] + start[i]
		}
		v := reflect.ValueOf(all)
		v.Index(at).Set(reflect.ValueOf(77).Convert(v.Type().Elem()))
		check(t, d.WriteHyperslab(v.Slice(at, at+1).Interface(), start, one, nil))
		want[path] = all
	}
	d := must(f.OpenDataset("lzf/one"))(t)
	if err := d.Write(make([]float64, 23*17)); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("writing lzf: %v", err)
	}
	check(t, f.Close())
	r := open(t, name)
	for path, w := range want {
		readValue(t, r, path, w)
	}
	compareWithH5py(t, name, r)
}

// TestFailedWrite leaves the old file when a program gives up, or a write fails.
func TestFailedWrite(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x.h5")
	check(t, hdf5.WriteDataset(name, "x", []float64{1}))
	before := must(os.ReadFile(name))(t)

	f := must(hdf5.CreateFile(name, hdf5.F_ACC_TRUNC))(t)
	writeValue(t, f, "y", []float64{2}, nil)
	check(t, f.Discard())
	check(t, f.Close())
	unchanged(t, name, before)

	if err := hdf5.WriteDataset(name, "x", []chan int{nil}); err == nil {
		t.Error("a channel was written")
	}
	unchanged(t, name, before)

	f = must(hdf5.OpenFile(name, hdf5.F_ACC_RDWR))(t)
	d := must(f.OpenDataset("x"))(t)
	check(t, d.Write([]float64{3}))
	check(t, f.Discard())
	unchanged(t, name, before)

	if _, err := hdf5.CreateFile(name, hdf5.F_ACC_EXCL); !errors.Is(err, fs.ErrExist) {
		t.Errorf("F_ACC_EXCL: %v", err)
	}
	if _, err := hdf5.CreateFile(filepath.Join(name, "y"), hdf5.F_ACC_TRUNC); err == nil {
		t.Error("a file was made in a file")
	}
	if runtime.GOOS != "windows" {
		check(t, os.Chmod(name, 0o600))
		check(t, hdf5.WriteDataset(name, "x", []float64{4}))
		if info := must(os.Stat(name))(t); info.Mode().Perm() != 0o600 {
			t.Errorf("the new file has mode %v", info.Mode())
		}
	}
}

// TestRefusedWrites has what cannot be written.
func TestRefusedWrites(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x.h5")
	f := must(hdf5.CreateFile(name, hdf5.F_ACC_TRUNC))(t)
	defer f.Discard()
	s := must(hdf5.CreateSimpleDataspace([]uint{4}, nil))(t)
	d := must(f.CreateDataset("x", hdf5.T_NATIVE_DOUBLE, s))(t)
	grow := must(hdf5.CreateSimpleDataspace([]uint{4}, []uint{hdf5.S_UNLIMITED}))(t)
	deflate := must(hdf5.NewPropList(hdf5.P_DATASET_CREATE))(t)
	check(t, deflate.SetDeflate(1))
	for what, err := range map[string]error{
		"too short":             d.Write([]float64{1, 2}),
		"another type":          d.Write([]float32{1, 2, 3, 4}),
		"nothing":               d.Write(nil),
		"beyond the end":        d.WriteHyperslab([]float64{1}, []int{4}, []int{1}, nil),
		"negative":              d.WriteHyperslab([]float64{1}, []int{-1}, []int{1}, nil),
		"a name twice":          second(f.CreateGroup("x")),
		"in a dataset":          second(f.CreateGroup("x/y")),
		"in no group":           second(f.CreateGroup("a/b")),
		"no name":               second(f.CreateGroup("")),
		"growing without chunk": second(f.CreateDataset("g", hdf5.T_NATIVE_DOUBLE, grow)),
		"filter without chunk":  second(f.CreateDatasetWith("g", hdf5.T_NATIVE_DOUBLE, s, deflate)),
		"chunks too large":      second(f.CreateDatasetWith("g", hdf5.T_NATIVE_DOUBLE, s, properties(t, []uint{5}, 0, false, false))),
		"chunks of other rank":  second(f.CreateDatasetWith("g", hdf5.T_NATIVE_DOUBLE, s, properties(t, []uint{2, 2}, 0, false, false))),
		"level":                 deflate.SetDeflate(10),
		"empty chunk":           deflate.SetChunk([]uint{0}),
		"too many dimensions":   second(hdf5.CreateSimpleDataspace(make([]uint, 33), nil)),
		"overflow":              second(hdf5.CreateSimpleDataspace([]uint{1 << 20, 1 << 22, 1 << 22}, nil)),
		"a map":                 second(hdf5.NewDatatypeFromValue(map[string]int{})),
		"no fields":             second(hdf5.NewDatatypeFromValue(struct{ a int }{})),
		"constant":              hdf5.T_C_S1.SetSize(3),
	} {
		if err == nil {
			t.Errorf("%s: no error", what)
		}
	}
	if err := d.Write([]float64{1, 2, 3, 4}); err != nil {
		t.Error("after the errors:", err)
	}
}
