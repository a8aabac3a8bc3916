package hdf5_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/hdf5"
)

// tester is what testing.TB and rapid.T have in common.
type tester interface {
	Helper()
	Fatal(args ...any)
}

func must[T any](v T, err error) func(tester) T {
	return func(t tester) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func check(t tester, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// quote is a record as a program would have it.
type quote struct {
	Symbol string  `hdf5:"symbol,size=6"`
	Price  float64 `hdf5:"price"`
	Volume int64
	Up     bool
	At     [2][3]float32
	Note   string
	hidden int
	Skip   chan int `hdf5:"-"`
}

var quotes = []quote{
	{Symbol: "GO", Price: 1.25, Volume: 3, Up: true, At: [2][3]float32{{1, 2, 3}, {4, 5, 6}}, Note: "first"},
	{Symbol: "LONGER", Price: -2, Volume: -1 << 62, Note: ""},
	{Symbol: "", Price: math.Inf(1), Up: true, Note: strings.Repeat("long ", 1000)},
}

// values is what goes into the file of TestWritten: one dataset for each.
var values = map[string]any{
	"float64": []float64{0, -1.5, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(-1)},
	"float32": []float32{0, 2.5, math.MaxFloat32},
	"int8":    []int8{-128, 0, 127}, "int16": []int16{-1 << 15, 1<<15 - 1}, "int32": []int32{-1 << 31, 1<<31 - 1},
	"int64": []int64{-1 << 63, 1<<63 - 1}, "int": []int{-5, 5},
	"uint8": []uint8{0, 255}, "uint16": []uint16{0, 1<<16 - 1}, "uint32": []uint32{0, 1<<32 - 1},
	"uint64": []uint64{0, 1<<64 - 1}, "uint": []uint{7},
	"bool":      []bool{true, false, true},
	"strings":   []string{"", "a", "äöü €", strings.Repeat("x", 5000)},
	"scalar":    3.25,
	"text":      "one text",
	"array":     [2][3]int32{{1, 2, 3}, {4, 5, 6}},
	"quotes":    quotes,
	"sequences": [][]int32{{1, 2, 3}, nil, {4}},
	"deep/in/a": []int16{1},
	"many":      manyStrings(),
}

func manyStrings() []string {
	out := make([]string, 20000)
	for i := range out {
		out[i] = fmt.Sprintf("text number %d%s", i, strings.Repeat(".", i%50))
	}
	return out
}

func TestWritten(t *testing.T) {
	name := filepath.Join(t.TempDir(), "written.h5")
	f := must(hdf5.CreateFile(name, hdf5.F_ACC_TRUNC))(t)
	must(f.CreateGroup("deep"))(t)
	must(f.CreateGroup("deep/in"))(t)
	must(f.CreateGroup("nothing"))(t)
	for path, v := range values {
		writeValue(t, f, path, v, nil)
	}
	writeChunked(t, f)
	writeStrange(t, f)
	writeAttributes(t, f)
	many := must(f.CreateGroup("groups"))(t)
	for i := range 1500 {
		must(many.CreateGroup(fmt.Sprintf("g%d", i)))(t)
	}
	if _, err := os.Stat(name); err == nil {
		t.Error("the file has its name before Close")
	}
	check(t, f.Close())

	r := open(t, name)
	for path, v := range values {
		readValue(t, r, path, v)
	}
	readChunked(t, r)
	compareWithH5py(t, name, r)
	readWithPyTables(t, name)
}

// space is the shape of a value.
func space(v any) (*hdf5.Dataspace, reflect.Type) {
	g := reflect.TypeOf(v)
	var dims []uint
	if g.Kind() == reflect.Slice {
		dims, g = append(dims, uint(reflect.ValueOf(v).Len())), g.Elem()
	} else {
		for ; g.Kind() == reflect.Array; g = g.Elem() {
			dims = append(dims, uint(g.Len()))
		}
	}
	s, err := hdf5.CreateSimpleDataspace(dims, nil)
	if err != nil {
		panic(err)
	}
	return s, g
}

func writeValue(t *testing.T, f *hdf5.File, path string, v any, p *hdf5.PropList) {
	t.Helper()
	s, g := space(v)
	typ := must(hdf5.NewDataTypeFromType(g))(t)
	d := must(f.CreateDatasetWith(path, typ, s, p))(t)
	check(t, d.Write(v))
}

// readValue reads into a new value of the type that was written.
func readValue(t *testing.T, f *hdf5.File, path string, want any) {
	t.Helper()
	d := must(f.OpenDataset(path))(t)
	got := reflect.New(reflect.TypeOf(want))
	if err := d.Read(got.Interface()); err != nil {
		t.Error(err)
		return
	}
	if path == "sequences" {
		want = [][]int32{{1, 2, 3}, {}, {4}}
	}
	if !reflect.DeepEqual(got.Elem().Interface(), want) {
		t.Errorf("%s: wrote %.200v, read %.200v", path, want, got.Elem().Interface())
	}
}

func properties(t tester, chunk []uint, level int, shuffle, fletcher bool) *hdf5.PropList {
	p := must(hdf5.NewPropList(hdf5.P_DATASET_CREATE))(t)
	check(t, p.SetChunk(chunk))
	check(t, p.SetDeflate(level))
	if shuffle {
		check(t, p.SetShuffle())
	}
	if fletcher {
		check(t, p.SetFletcher32())
	}
	return p
}

func ramp(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i) / 8
	}
	return x
}

// writeChunked writes chunks whole, in parts from several goroutines, and some not at
// all, in numbers that need trees of several levels.
func writeChunked(t *testing.T, f *hdf5.File) {
	for _, level := range []int{0, 4} {
		for _, fletcher := range []bool{false, true} {
			s := must(hdf5.CreateSimpleDataspace([]uint{100, 90}, nil))(t)
			p := properties(t, []uint{30, 20}, level, level > 0, fletcher)
			d := must(f.CreateDatasetWith(fmt.Sprintf("chunks%d%v", level, fletcher), hdf5.T_NATIVE_DOUBLE, s, p))(t)
			x := ramp(9000)
			var group sync.WaitGroup
			for row := range 100 {
				group.Go(func() {
					if err := d.WriteHyperslab(x[row*90:][:90], []int{row, 0}, []int{1, 90}, nil); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
		}
	}
	s := must(hdf5.CreateSimpleDataspace([]uint{10000}, nil))(t)
	d := must(f.CreateDatasetWith("tiny", hdf5.T_NATIVE_INT16, s, properties(t, []uint{1}, 0, false, false)))(t)
	x := make([]int16, 10000)
	for i := range x {
		x[i] = int16(i)
	}
	check(t, d.Write(x))
	s = must(hdf5.CreateSimpleDataspace([]uint{50, 50}, []uint{hdf5.S_UNLIMITED, 60}))(t)
	d = must(f.CreateDatasetWith("sparse", hdf5.T_STD_I32BE, s, properties(t, []uint{8, 8}, 6, true, true)))(t)
	check(t, d.WriteHyperslab([]int32{1, 2, 3, 4}, []int{9, 9}, []int{2, 2}, []int{20, 30}))
	s = must(hdf5.CreateSimpleDataspace([]uint{20}, nil))(t)
	must(f.CreateDatasetWith("blank", hdf5.T_NATIVE_FLOAT, s, properties(t, []uint{7}, 1, false, false)))(t)
	must(f.CreateDataset("zeros", hdf5.T_NATIVE_FLOAT, s))(t)
	s = must(hdf5.CreateSimpleDataspace([]uint{0, 4}, nil))(t)
	must(f.CreateDataset("empty", hdf5.T_NATIVE_FLOAT, s))(t)
	writeValue(t, f, "quotes_packed", quotes, properties(t, []uint{2}, 3, true, false))
}

func readChunked(t *testing.T, f *hdf5.File) {
	for _, path := range []string{"chunks0false", "chunks0true", "chunks4false", "chunks4true"} {
		readValue(t, f, path, ramp(9000))
	}
	want := make([]int32, 2500)
	want[9*50+9], want[9*50+39], want[29*50+9], want[29*50+39] = 1, 2, 3, 4
	readValue(t, f, "sparse", want)
	readValue(t, f, "blank", make([]float32, 20))
	readValue(t, f, "zeros", make([]float32, 20))
	readValue(t, f, "quotes_packed", quotes)
}

// writeStrange writes types that Go values do not have of themselves.
func writeStrange(t *testing.T, f *hdf5.File) {
	s := must(hdf5.CreateSimpleDataspace([]uint{2}, nil))(t)
	opaque := must(hdf5.CreateDatatype(hdf5.T_OPAQUE, 3))(t)
	d := must(f.CreateDataset("opaque", opaque, s))(t)
	check(t, d.Write([][]byte{{1, 2, 3}, {4, 5, 255}}))
	fixed := must(hdf5.T_C_S1.Copy())(t)
	check(t, fixed.SetSize(8))
	d = must(f.CreateDataset("fixed", fixed, s))(t)
	check(t, d.Write([]string{"seven77", ""}))
	if err := d.Write([]string{"seven77", "eight888"}); err == nil {
		t.Error("a text was cut off without a word")
	}
	pairs := must(hdf5.NewArrayType(hdf5.T_IEEE_F64BE, []int{2, 2}))(t)
	d = must(f.CreateDataset("pairs", &pairs.Datatype, s))(t)
	check(t, d.Write([]float64{1, 2, 3, 4, 5, 6, 7, 8}))
	c := must(hdf5.NewCompoundType(16))(t)
	check(t, c.Insert("a", 0, hdf5.T_NATIVE_INT16))
	check(t, c.Insert("b", 8, hdf5.T_NATIVE_DOUBLE))
	d = must(f.CreateDataset("gaps", &c.Datatype, s))(t)
	check(t, d.Write([]struct {
		A int16
		B float64
	}{{1, 2}, {3, 4}}))
	null := must(hdf5.CreateDataspace(hdf5.S_NULL))(t)
	must(f.CreateDataset("null", hdf5.T_NATIVE_DOUBLE, null))(t)
}

func writeAttributes(t *testing.T, f *hdf5.File) {
	g := must(f.OpenGroup("deep"))(t)
	d := must(f.OpenDataset("float64"))(t)
	for name, v := range map[string]any{"unit": "km", "scale": 1.5, "on": true, "list": []int64{1, 2, 3}, "names": []string{"a", "bb"}, "größe": int32(7)} {
		s, typ := space(v)
		kind := must(hdf5.NewDataTypeFromType(typ))(t)
		check(t, must(f.CreateAttribute(name, kind, s))(t).Write(v, kind))
		check(t, must(g.CreateAttribute(name, kind, s))(t).Write(v, kind))
		check(t, must(d.CreateAttribute(name, kind, s))(t).Write(v, kind))
	}
}

var python = filepath.Join("..", "..", ".venv", "bin", "python")

var hasPython = sync.OnceValue(func() bool {
	return exec.Command(python, "-c", "import h5py, tables").Run() == nil
})

func needPython(t *testing.T) {
	if !hasPython() {
		t.Skip("h5py and PyTables are not there to read the file: make test-setup installs them")
	}
}

// compareWithH5py has h5py describe a file, and compares with what this package reads.
func compareWithH5py(t *testing.T, name string, f *hdf5.File) {
	t.Helper()
	needPython(t)
	script := "import json, sys; sys.path.insert(0, 'testdata'); import make; print(json.dumps(make.describe(sys.argv[1])))"
	cmd := exec.Command(python, "-B", "-c", script, name)
	cmd.Stderr = os.Stderr
	out := must(cmd.Output())(t)
	var objects map[string]object
	check(t, json.Unmarshal(out, &objects))
	if len(objects) < 2 {
		t.Errorf("h5py found %d objects", len(objects))
	}
	for path, want := range objects {
		if want.Names != nil {
			checkGroup(t, f, path, want)
		} else {
			checkDataset(t, f, path, want)
		}
	}
}

// readWithPyTables has PyTables read everything in a file.
func readWithPyTables(t *testing.T, name string) {
	t.Helper()
	needPython(t)
	script := "import sys, tables, warnings; warnings.simplefilter('ignore'); f = tables.open_file(sys.argv[1]); print(sum(1 for n in f.walk_nodes() if not hasattr(n, 'read') or n.read() is not None))"
	if out, err := exec.Command(python, "-c", script, name).CombinedOutput(); err != nil {
		t.Errorf("PyTables cannot read the file: %v\n%s", err, out)
	}
}

// TestFolderNotThere: errors are about the folder, not about the temporary file in it.
func TestFolderNotThere(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "nodir")
	err := hdf5.WriteDataset(filepath.Join(folder, "x.h5"), "x", []int8{1})
	if want := fmt.Sprintf("the folder %s is not there; os.MkdirAll(%q, 0o755) makes it", folder, folder); err == nil || !strings.HasSuffix(err.Error(), want) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want %s", err, want)
	}
	check(t, os.WriteFile(folder, nil, 0o666))
	err = hdf5.WriteDataset(filepath.Join(folder, "x.h5"), "x", []int8{1})
	if err == nil || strings.Contains(err.Error(), ".tmp") || !strings.Contains(err.Error(), folder) {
		t.Errorf("a file instead of a folder: %v", err)
	}
}
