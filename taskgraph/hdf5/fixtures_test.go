package hdf5_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/hdf5"
)

// object is what testdata/make.py says of one object, by h5py.
type object struct {
	Names      any            `json:"names"`
	Attributes map[string]any `json:"attributes"`
	Dims       []int          `json:"dims"`
	Values     any            `json:"values"`
}

func expectations(t testing.TB) map[string]map[string]object {
	text, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]map[string]object
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestFixtures reads every object of every file that h5py and PyTables wrote.
func TestFixtures(t *testing.T) {
	for name, objects := range expectations(t) {
		t.Run(name, func(t *testing.T) {
			f := open(t, filepath.Join("testdata", name))
			if len(objects) == 0 {
				t.Error("nothing is expected")
			}
			for path, want := range objects {
				if want.Names != nil {
					checkGroup(t, f, path, want)
				} else {
					checkDataset(t, f, path, want)
				}
			}
		})
	}
}

func open(t testing.TB, name string) *hdf5.File {
	t.Helper()
	f, err := hdf5.OpenFile(name, hdf5.F_ACC_RDONLY)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func checkGroup(t *testing.T, f *hdf5.File, path string, want object) {
	g, err := f.OpenGroup(path)
	if err != nil {
		t.Error(err)
		return
	}
	names, err := g.Names()
	if err != nil {
		t.Error(err)
	}
	same(t, path+" names", want.Names, digest(names))
	checkAttributes(t, path, want, g.AttributeNames, g.OpenAttribute)
}

func checkDataset(t *testing.T, f *hdf5.File, path string, want object) {
	d, err := f.OpenDataset(path)
	if err != nil {
		t.Error(err)
		return
	}
	if dims := d.Dims(); !slices.Equal(dims, want.Dims) {
		t.Errorf("%s has extents %v, want %v", path, dims, want.Dims)
	}
	v, err := d.ReadAll()
	if err != nil {
		t.Error(err)
		return
	}
	same(t, path, want.Values, column(v))
	checkAttributes(t, path, want, d.AttributeNames, d.OpenAttribute)
}

func checkAttributes(t *testing.T, path string, want object, names func() ([]string, error), open func(string) (*hdf5.Attribute, error)) {
	got, err := names()
	if err != nil {
		t.Error(err)
	}
	for name, w := range want.Attributes {
		if !slices.Contains(got, name) {
			t.Errorf("%s has no attribute %q, only %q", path, name, got)
			continue
		}
		a, err := open(name)
		if err != nil {
			t.Error(err)
			continue
		}
		v, err := a.Value()
		if err != nil {
			t.Error(err)
			continue
		}
		where := path + "@" + name
		switch {
		case v == nil:
			same(t, where, w, "nothing")
		case reflect.TypeOf(v).Kind() == reflect.Slice && reflect.TypeOf(v) != reflect.TypeFor[[]byte]():
			same(t, where, w, column(v))
		default:
			same(t, where, w, text(reflect.ValueOf(v)))
		}
	}
}

// same compares by JSON, in which the expectations came.
func same(t *testing.T, what string, want, got any) {
	t.Helper()
	w, _ := json.Marshal(want)
	g, _ := json.Marshal(got)
	if string(w) != string(g) {
		t.Errorf("%s:\n got %.400s\nwant %.400s", what, g, w)
	}
}

func digest(values []string) any {
	if len(values) <= 40 {
		return values
	}
	sum := sha256.Sum256([]byte(strings.Join(values, "\n")))
	return "sha256 " + hex.EncodeToString(sum[:])
}

// column is make.py's function of the same name.
func column(v any) any {
	if m, ok := v.(map[string]any); ok {
		out := map[string]any{}
		for name, col := range m {
			out[name] = column(col)
		}
		return out
	}
	r := reflect.ValueOf(v)
	values := make([]string, r.Len())
	for i := range values {
		x := r.Index(i)
		if x.Kind() == reflect.Slice && x.Type().Elem().Kind() != reflect.Uint8 {
			return nested(r)
		}
		values[i] = text(x)
	}
	return digest(values)
}

func nested(r reflect.Value) any {
	out := make([][]string, r.Len())
	for i := range out {
		out[i] = []string{}
		for k := range r.Index(i).Len() {
			out[i] = append(out[i], text(r.Index(i).Index(k)))
		}
	}
	return out
}

func text(x reflect.Value) string {
	switch x.Kind() {
	case reflect.Float32, reflect.Float64:
		return fmt.Sprintf("%016x", math.Float64bits(x.Float()))
	case reflect.Slice:
		return hex.EncodeToString(x.Bytes())
	}
	return fmt.Sprint(x.Interface())
}
