package hdf5_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/hdf5"
)

// TestDescribe asks what files say about their datasets.
func TestDescribe(t *testing.T) {
	f := open(t, "testdata/plain_latest.h5")
	for path, want := range map[string]string{
		"numbers/be_i4":    "big-endian int32, integer, 4 bytes",
		"numbers/le_u8":    "uint64, integer, 8 bytes",
		"numbers/le_f2":    "float16, float, 2 bytes",
		"bools":            "bool, enum, 1 bytes",
		"colours":          "enum of big-endian int16, enum, 2 bytes",
		"strings/fixed":    "string of 6 bytes, string, 6 bytes",
		"strings/variable": "string, string, 16 bytes",
		"opaque":           "opaque of 3 bytes, opaque, 3 bytes",
		"arrays":           "array [2 2] of int32, array, 16 bytes",
		"sequences":        "sequence of int32, variable-length, 16 bytes",
		"rows":             "compound (x float64, n big-endian int32, name string of 5 bytes, ok bool, v array [2 3] of uint16), compound, 30 bytes",
	} {
		d := must(f.OpenDataset(path))(t)
		typ := must(d.Datatype())(t)
		if got := fmt.Sprintf("%v, %v, %d bytes", typ, typ.Class(), typ.Size()); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
		if again := must(must(f.OpenDataset(path))(t).Datatype())(t); !again.Equal(typ) || typ.Equal(hdf5.T_NATIVE_INT8) {
			t.Errorf("%s does not equal itself", path)
		}
	}
	colours := must(must(f.OpenDataset("colours"))(t).Datatype())(t)
	if !slices.Equal(colours.Names(), []string{"BLUE", "GREEN", "RED"}) || !slices.Equal(colours.Values(), []int64{1000, 1, 0}) || !colours.Signed() {
		t.Errorf("colours are %v %v", colours.Names(), colours.Values())
	}
	rows := must(must(f.OpenDataset("rows"))(t).Datatype())(t)
	if !slices.Equal(rows.Members(), []string{"x", "n", "name", "ok", "v"}) || !rows.Member("n").BigEndian() || rows.Member("q") != nil {
		t.Errorf("the fields are %v", rows.Members())
	}
	if dims := rows.Member("v").ArrayDims(); !slices.Equal(dims, []int{2, 3}) || rows.Member("v").Base().Size() != 2 {
		t.Errorf("v is %v", dims)
	}
}

func TestDescribeChunks(t *testing.T) {
	f := open(t, "testdata/chunks_latest.h5")
	d := must(f.OpenDataset("all/growing1"))(t)
	if !slices.Equal(d.Chunks(), []int{5, 4}) || !slices.Equal(d.Filters(), []string{"shuffle", "gzip", "fletcher32"}) || d.Name() != "/all/growing1" {
		t.Errorf("%s has chunks of %v and filters %q", d.Name(), d.Chunks(), d.Filters())
	}
	dims, most, err := d.Space().SimpleExtentDims()
	if err != nil || !slices.Equal(dims, []uint{23, 17}) || !slices.Equal(most, []uint{30, hdf5.S_UNLIMITED}) {
		t.Errorf("extents %v up to %v (%v)", dims, most, err)
	}
	if s := d.Space(); s.SimpleExtentNDims() != 2 || s.SimpleExtentNPoints() != 391 || s.SimpleExtentType() != hdf5.S_SIMPLE || !s.IsSimple() {
		t.Errorf("the space is %+v", s)
	}
	n := must(f.NumObjects())(t)
	first := must(f.ObjectNameByIndex(0))(t)
	if kind := must(f.ObjectTypeByIndex(0))(t); n < 10 || first != "all" || kind != hdf5.H5G_GROUP {
		t.Errorf("%d objects, the first is the %v %q", n, kind, first)
	}
	if _, err := f.ObjectNameByIndex(n); err == nil {
		t.Error("there is one object too many")
	}
	if !f.LinkExists("all/one") || f.LinkExists("all/two") || !f.LinkExists("/") || f.LinkExists("all/one/x") {
		t.Error("LinkExists is wrong")
	}
	if !hdf5.IsHDF5("testdata/userblock.h5") || hdf5.IsHDF5("testdata/make.py") || hdf5.IsHDF5("testdata") {
		t.Error("IsHDF5 is wrong")
	}
}

func TestAttributes(t *testing.T) {
	f := open(t, "testdata/plain_earliest.h5")
	d := must(f.OpenDataset("a/b/c/leaf"))(t)
	list := []int64{}
	a := must(d.OpenAttribute("list"))(t)
	check(t, a.Read(&list, nil))
	if !slices.Equal(list, []int64{1, 2, 3}) || a.Name() != "list" || a.Datatype().Size() != 8 || a.Space().SimpleExtentNPoints() != 3 {
		t.Errorf("%s is %v", a.Name(), list)
	}
	var text string
	check(t, must(d.OpenAttribute("text"))(t).Read(&text, hdf5.T_GO_STRING))
	if text != "grün" {
		t.Errorf("the text is %q", text)
	}
	if err := a.Read(make([]int64, 2), nil); err == nil || !strings.Contains(err.Error(), `"list"`) {
		t.Errorf("too short: %v", err)
	}
	if _, err := d.OpenAttribute("nothing"); err == nil || !strings.Contains(err.Error(), "matrix") {
		t.Errorf("an attribute that is not there: %v", err)
	}
	if err := a.Write([]int64{1, 2, 3}, nil); err == nil {
		t.Error("a file that is open for reading was written to")
	}
}

// TestOverAndOver writes parts of a chunk, then all of it, flushes, and writes again.
func TestOverAndOver(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x.h5")
	f := must(hdf5.CreateFile(name, hdf5.F_ACC_TRUNC))(t)
	s := must(hdf5.CreateSimpleDataspace([]uint{8}, nil))(t)
	tag := must(hdf5.CreateDatatype(hdf5.T_OPAQUE, 2))(t)
	check(t, tag.SetTag("pair"))
	must(f.CreateDataset("tagged", tag, s))(t)
	d := must(f.CreateDatasetWith("x", hdf5.T_NATIVE_INT8, s, properties(t, []uint{4}, 9, false, true)))(t)
	check(t, d.WriteHyperslab([]int8{1, 2}, []int{1}, []int{2}, nil))
	check(t, d.Write([]int8{9, 9, 9, 9, 9, 9, 9, 9}))
	check(t, d.WriteHyperslab([]int8{3}, []int{7}, []int{1}, nil))
	check(t, f.Flush(hdf5.F_SCOPE_GLOBAL))
	check(t, d.WriteHyperslab([]int8{4}, []int{6}, []int{1}, nil))
	check(t, f.Close())
	got, _, err := hdf5.ReadDataset(name, "x")
	if want := []int8{9, 9, 9, 9, 9, 9, 4, 3}; err != nil || !slices.Equal(got.([]int8), want) {
		t.Errorf("%v (%v), want %v", got, err, want)
	}
	r := open(t, name)
	typ := must(must(r.OpenDataset("tagged"))(t).Datatype())(t)
	if typ.Tag() != "pair" {
		t.Errorf("the tag is %q", typ.Tag())
	}
	check(t, r.Close())
	if _, err := r.OpenDataset("x"); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("after Close: %v", err)
	}
}
