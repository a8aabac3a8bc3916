package hdf5_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/hdf5"
	"pgregory.net/rapid"
)

// slab is a random part of an array.
type slab struct{ start, count, stride []int }

func drawSlab(t *rapid.T, dims []int) slab {
	var s slab
	for i, d := range dims {
		start := rapid.IntRange(0, max(0, d-1)).Draw(t, fmt.Sprint("start", i))
		stride := rapid.IntRange(1, max(1, d/2+1)).Draw(t, fmt.Sprint("stride", i))
		most := 0
		if d > 0 {
			most = (d-start-1)/stride + 1
		}
		s.start, s.stride = append(s.start, start), append(s.stride, stride)
		s.count = append(s.count, rapid.IntRange(0, most).Draw(t, fmt.Sprint("count", i)))
	}
	return s
}

// each visits the elements of a slab: where they are in the array, in order.
func (s slab) each(dims []int, visit func(at int)) {
	var walk func(d, at int)
	walk = func(d, at int) {
		if d == len(dims) {
			visit(at)
			return
		}
		for i := range s.count[d] {
			walk(d+1, at*dims[d]+s.start[d]+i*s.stride[d])
		}
	}
	walk(0, 0)
}

// slice takes a slab out of a flat slice of any type.
func (s slab) slice(dims []int, all any) any {
	v := reflect.ValueOf(all)
	out := reflect.MakeSlice(v.Type(), 0, 0)
	s.each(dims, func(at int) { out = reflect.Append(out, v.Index(at)) })
	return out.Interface()
}

// TestHyperslabs compares random parts of what h5py wrote with the same parts of all.
func TestHyperslabs(t *testing.T) {
	var files []*hdf5.File
	for _, name := range []string{"chunks_earliest.h5", "chunks_latest.h5", "plain_latest.h5"} {
		files = append(files, open(t, filepath.Join("testdata", name)))
	}
	paths := [][]string{
		{"gzip/one", "all/fixed", "plain/bounded", "plain/growing1", "lzf/growing2", "plain/sparse", "gzip/sparse", "space5", "gzip_be", "plain/of_bei4", "texts", "implicit", "wide", "gaps"},
		{"gzip/one", "all/fixed", "plain/bounded", "plain/growing1", "lzf/growing2", "plain/sparse", "gzip/sparse", "space5", "gzip_be", "plain/of_S3", "texts", "implicit", "wide", "gaps_growing"},
		{"cube", "numbers/be_f8", "numbers/le_i2", "numbers/be_u4", "strings/variable", "unwritten", "empty", "bools"},
	}
	whole := map[string]any{}
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(0, len(files)-1).Draw(t, "file")
		path := rapid.SampledFrom(paths[k]).Draw(t, "path")
		d := must(files[k].OpenDataset(path))(t)
		key := fmt.Sprint(k, path)
		if whole[key] == nil {
			whole[key] = must(d.ReadAll())(t)
		}
		dims := d.Dims()
		s := drawSlab(t, dims)
		if product(s.count) > 100000 {
			return
		}
		got := must(d.ReadHyperslab(s.start, s.count, s.stride))(t)
		if want := s.slice(dims, whole[key]); !reflect.DeepEqual(got, want) {
			t.Fatalf("%s %v of %v:\n got %.300v\nwant %.300v", path, s, dims, got, want)
		}
	})
}

func product(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}

// TestRoundTrips writes random parts of datasets of random shapes and compares, before
// and after Close, with the same done to a slice.
func TestRoundTrips(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		rank := rapid.IntRange(0, 4).Draw(t, "rank")
		var dims []int
		var extents, chunk []uint
		for i := range rank {
			d := rapid.IntRange(1, 12).Draw(t, fmt.Sprint("dim", i))
			dims, extents = append(dims, d), append(extents, uint(d))
			chunk = append(chunk, uint(rapid.IntRange(1, d).Draw(t, fmt.Sprint("chunk", i))))
		}
		var p *hdf5.PropList
		if rank > 0 && rapid.Bool().Draw(t, "chunked") {
			p = properties(t, chunk, rapid.SampledFrom([]int{0, 1, 6}).Draw(t, "level"), rapid.Bool().Draw(t, "shuffle"), rapid.Bool().Draw(t, "fletcher"))
		}
		kind := rapid.SampledFrom([]*hdf5.Datatype{hdf5.T_STD_I32LE, hdf5.T_STD_I32BE}).Draw(t, "type")
		name := filepath.Join(dir, "trip.h5")
		f := must(hdf5.CreateFile(name, hdf5.F_ACC_TRUNC))(t)
		d := must(f.CreateDatasetWith("x", kind, must(hdf5.CreateSimpleDataspace(extents, nil))(t), p))(t)
		want := make([]int32, product(dims))
		value := int32(1)
		for range rapid.IntRange(0, 5).Draw(t, "writes") {
			s := drawSlab(t, dims)
			var part []int32
			s.each(dims, func(at int) {
				part = append(part, value)
				want[at] = value
				value++
			})
			check(t, d.WriteHyperslab(part, s.start, s.count, s.stride))
			if got := must(d.ReadAll())(t); !reflect.DeepEqual(got, want) {
				t.Fatalf("while writing: %v, want %v", got, want)
			}
		}
		check(t, f.Close())
		got, gotDims, err := hdf5.ReadDataset(name, "x")
		if err != nil || !reflect.DeepEqual(got, want) || !slices.Equal(gotDims, dims) {
			t.Fatalf("%v %v (%v), want %v", got, gotDims, err, want)
		}
	})
}

// TestSubsets reads and writes with selections in the file and in memory, with blocks,
// as programs for the C library do.
func TestSubsets(t *testing.T) {
	name := filepath.Join(t.TempDir(), "subset.h5")
	f := must(hdf5.CreateFile(name, hdf5.F_ACC_TRUNC))(t)
	space := must(hdf5.CreateSimpleDataspace([]uint{6, 8}, nil))(t)
	d := must(f.CreateDataset("x", hdf5.T_NATIVE_INT16, space))(t)
	all := make([]int16, 48)
	for i := range all {
		all[i] = int16(i)
	}
	check(t, d.Write(&all))
	in := must(space.Copy())(t)
	check(t, in.SelectHyperslab([]uint{1, 0}, []uint{3, 4}, []uint{2, 2}, []uint{1, 2}))
	memory := must(hdf5.CreateSimpleDataspace([]uint{20}, nil))(t)
	check(t, memory.SelectHyperslab([]uint{2}, []uint{2}, []uint{8}, nil))
	got := make([]int16, 20)
	check(t, d.ReadSubset(&got, memory, in))
	want := []int16{0, 0, 8, 0, 9, 0, 12, 0, 13, 0, 32, 0, 33, 0, 36, 0, 37, 0, 0, 0}
	if !slices.Equal(got, want) {
		t.Errorf("read %v, want %v", got, want)
	}
	for i := range got {
		got[i] = -got[i] - 1
	}
	check(t, d.WriteSubset(got, memory, in))
	for _, at := range []int{8, 9, 12, 13, 32, 33, 36, 37} {
		all[at] = -all[at] - 1
	}
	var matrix [6][8]int16
	check(t, d.Read(&matrix))
	for i, v := range all {
		if matrix[i/8][i%8] != v {
			t.Fatalf("wrote %v, read %v", all, matrix)
		}
	}
	check(t, f.Close())
}

// TestParallel reads one dataset and one file from many goroutines.
func TestParallel(t *testing.T) {
	for _, name := range []string{"chunks_latest.h5", "plain_earliest.h5"} {
		f := open(t, filepath.Join("testdata", name))
		paths := map[string][]string{
			"chunks_latest.h5":  {"all/growing2", "long_filtered", "texts", "space5", "paged"},
			"plain_earliest.h5": {"numbers/be_f8", "rows", "strings/variable", "mixed", "soft"},
		}[name]
		shared := must(f.OpenDataset(paths[0]))(t)
		want := must(shared.ReadAll())(t)
		var group sync.WaitGroup
		for i := range 16 {
			group.Go(func() {
				random := rand.New(rand.NewPCG(uint64(i), 1))
				for range 5 {
					if got, err := shared.ReadAll(); err != nil || !reflect.DeepEqual(got, want) {
						t.Errorf("a parallel read differs: %v", err)
					}
					d, err := f.OpenDataset(paths[random.IntN(len(paths))])
					if err == nil {
						_, err = d.ReadAll()
					}
					if err == nil {
						_, err = d.AttributeNames()
					}
					if err == nil {
						_, err = f.Names()
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
	}
}

// TestReuse reads into what a slice has already.
func TestReuse(t *testing.T) {
	f := open(t, "testdata/plain_latest.h5")
	d := must(f.OpenDataset("cube"))(t)
	buf := make([]int32, 0, 100)
	first := &buf[:1][0]
	check(t, d.Read(&buf))
	if len(buf) != 24 || &buf[0] != first || buf[23] != 23 {
		t.Errorf("%d elements, in place: %v", len(buf), &buf[0] == first)
	}
	long := slices.Repeat([]int32{-1}, 30)
	check(t, d.Read(long))
	if long[23] != 23 || long[24] != -1 {
		t.Errorf("beyond the dataset: %v", long)
	}
	var rows []struct {
		Name string
		N    int32
		V    [2][3]uint16
		Else string
	}
	d = must(f.OpenDataset("rows"))(t)
	check(t, d.Read(&rows))
	if len(rows) != 4 || rows[3].Name != "three" || rows[1].N != -2 || rows[3].V[1][2] != 23 {
		t.Errorf("%+v", rows)
	}
	var celsius []temperature
	d = must(f.OpenDataset("numbers/be_f8"))(t)
	check(t, d.Read(&celsius))
	if len(celsius) != 9 || celsius[2] != 1.5 {
		t.Errorf("%v", celsius)
	}
	var one float64
	d = must(f.OpenDataset("scalar"))(t)
	check(t, d.Read(&one))
	if one != 42.5 {
		t.Error(one)
	}
}

type temperature float64

// TestErrors has the sentences that people see.
func TestErrors(t *testing.T) {
	f := open(t, "testdata/plain_earliest.h5")
	refused := open(t, "testdata/refused_earliest.h5")
	tables := open(t, "testdata/pytables.h5")
	read := func(f *hdf5.File, path string, dst any) error {
		d, err := f.OpenDataset(path)
		if err != nil {
			return err
		}
		if dst == nil {
			_, err = d.ReadAll()
			return err
		}
		return d.Read(dst)
	}
	for _, c := range []struct {
		err   error
		words []string
	}{
		{read(f, "cube", make([]int32, 3)), []string{"cube", "plain_earliest.h5", "24", "3"}},
		{read(f, "cube", &[]int64{}), []string{"cube", "int32", "int64"}},
		{read(f, "cube", &[]float32{}), []string{"int32", "float32"}},
		{read(f, "cube", []int32(nil)), []string{"24"}},
		{read(f, "cube", 5), []string{"pointer"}},
		{read(f, "cube", (*[]int32)(nil)), []string{"pointer"}},
		{read(f, "strings/fixed", &[]int8{}), []string{"string"}},
		{read(f, "rows", &[]struct{ Q int }{}), []string{"field"}},
		{read(f, "nothere", nil), []string{"nothere", "plain_earliest.h5", "cube"}},
		{read(f, "numbers", nil), []string{"group", "OpenGroup"}},
		{read(f, "cube/x", nil), []string{"dataset"}},
		{read(f, "dangling", nil), []string{"soft link", "/nowhere"}},
		{read(f, "circle", nil), []string{"circle"}},
		{read(f, "elsewhere", nil), []string{"external link", "other.h5"}},
		{read(f, "references", nil), []string{"references"}},
		{read(f, "type", nil), []string{"datatype"}},
		{read(refused, "scaleoffset", nil), []string{"scaleoffset", "refused_earliest.h5", "h5repack"}},
		{read(refused, "nbit", nil), []string{"nbit"}},
		{read(refused, "virtual", nil), []string{"virtual"}},
		{read(refused, "external", nil), []string{"external"}},
		{read(tables, "g/blosc", nil), []string{"blosc", "32001", "g/blosc", "pytables.h5"}},
		{read(tables, "g/blosc2", nil), []string{"blosc2"}},
		{read(tables, "g/bzip2", nil), []string{"bzip2"}},
		{second(f.CreateGroup("x")), []string{"reading only"}},
		{second(hdf5.OpenFile("testdata/make.py", hdf5.F_ACC_RDONLY)), []string{"make.py", "not an HDF5 file"}},
		{second(hdf5.OpenFile("testdata/none.h5", hdf5.F_ACC_RDONLY)), []string{"none.h5"}},
		{second(hdf5.OpenFile("testdata", hdf5.F_ACC_RDONLY)), []string{"regular"}},
		{second(hdf5.OpenFile("", hdf5.F_ACC_RDONLY)), []string{"a file needs a name"}},
		{second(hdf5.CreateFile("", hdf5.F_ACC_TRUNC)), []string{"a file needs a name"}},
		{second(f.OpenDataset("")), []string{`dataset "" of`, "it is the group /, which OpenGroup opens; it has "}},
	} {
		if c.err == nil {
			t.Errorf("no error with %q", c.words)
			continue
		}
		for _, w := range c.words {
			if !strings.Contains(c.err.Error(), w) {
				t.Errorf("%q does not mention %q", c.err, w)
			}
		}
	}
}

func second[T any](_ T, err error) error { return err }
