package ndarray_test

import (
	"encoding/json"
	"errors"
	"math"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

func TestMarshalJSON(t *testing.T) {
	for _, test := range []struct {
		x    *ndarray.Array
		want string
	}{
		{ndarray.Arange(6).Reshape(2, 3), "[[0,1,2],[3,4,5]]"},
		{ndarray.Arange(6).Reshape(2, 3).T().Slice(1, nil), "[[1,4],[2,5]]"},
		{ndarray.Of(1, -2.5, 1e300, math.NaN(), math.Inf(1), math.Inf(-1)), "[1.0,-2.5,1e+300,null,null,null]"},
		{ndarray.Full(0.1, ndarray.Float32, 1), "[0.1]"},
		{ndarray.FromSlice([]bool{true, false}), "[true,false]"},
		{ndarray.FromSlice([]uint64{math.MaxUint64}), "[18446744073709551615]"},
		{ndarray.FromSlice([]int8{-128, 127}), "[-128,127]"},
		{ndarray.Of(3).At(0), "3.0"},
		{ndarray.Zeros(ndarray.Int64, 2, 0), "[[],[]]"},
		{nil, "null"},
	} {
		got, err := json.Marshal(test.x)
		if err != nil || string(got) != test.want {
			t.Errorf("got %s, %v, want %s", got, err, test.want)
		}
	}
	if _, err := json.Marshal(&ndarray.Array{}); err == nil || !strings.Contains(err.Error(), "was declared, but never made") {
		t.Error(err)
	}
}

func TestUnmarshalJSON(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"[[1, 2], [3, 4]]", "int64 [[1,2],[3,4]]"},
		{"[1, 2.5]", "float64 [1.0,2.5]"},
		{"[2.5, 1]", "float64 [2.5,1.0]"},
		{"[1.0, 1e3]", "float64 [1.0,1000.0]"},
		{"[9223372036854775807]", "int64 [9223372036854775807]"},
		{"[9223372036854775808]", "float64 [9.223372036854776e+18]"},
		{"[1, null]", "float64 [1.0,null]"},
		{"[[true], [false]]", "bool [[true],[false]]"},
		{" 7 ", "int64 7"},
		{"[]", "float64 []"},
		{"[[[]],[[]]]", "float64 [[[]],[[]]]"},
	} {
		var x *ndarray.Array
		if err := json.Unmarshal([]byte(test.text), &x); err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if text, err := json.Marshal(x); err != nil || x.Dtype().String()+" "+string(text) != test.want {
			t.Errorf("%s is %v %s, %v", test.text, x.Dtype(), text, err)
		}
	}
	for text, want := range map[string]string{
		"[[1, 2], [3]]":     "different lengths or depths",
		"[[1], 2]":          "different lengths or depths",
		"[1, [2]]":          "different lengths or depths",
		"[[], [1]]":         "different lengths or depths",
		"[[], 1]":           "different lengths or depths",
		"[[[]], []]":        "different lengths or depths",
		"[1, true]":         "numbers and bools",
		"[true, 1]":         "numbers and bools",
		"[true, null]":      "numbers and bools",
		"[null, true]":      "numbers and bools",
		`["a"]`:             `"a" is no number`,
		`[{"a": 1}]`:        "an object with names is no array",
		"[1e400]":           "1e400 is beyond the range of float64",
		`{"x": [1], "y":2}`: "an object with names",
	} {
		x := ndarray.Of(1, 2)
		err := x.UnmarshalJSON([]byte(text))
		if problem := (*ndarray.Error)(nil); !errors.As(err, &problem) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
		if x.Len() != 2 {
			t.Errorf("%s has changed the array", text)
		}
	}
	for _, text := range []string{"", "[", "[1", "]", "[1] [2]", "1 2"} {
		if err := new(ndarray.Array).UnmarshalJSON([]byte(text)); err == nil {
			t.Errorf("%q is taken for an array", text)
		}
	}
	x := struct{ X *ndarray.Array }{ndarray.Of(1)}
	if err := json.Unmarshal([]byte(`{"X": null}`), &x); err != nil || x.X != nil {
		t.Error(x, err)
	}
}

// TestJSONAsNumPy compares with what tolist gives.
func TestJSONAsNumPy(t *testing.T) {
	interpreter, dir := python(t), t.TempDir()
	for name, x := range everyDtype() {
		text, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name+".h5")
		if err := x.WriteHDF5(path, "x"); err != nil {
			t.Fatal(err)
		}
		program := `import h5py, json, sys
with h5py.File(sys.argv[1]) as f:
    want = f["x"][()].tolist()
got = json.loads(sys.argv[2])
assert repr(got) == repr(want), (got, want)
print("same")`
		if out, err := exec.Command(interpreter, "-c", program, path, string(text)).CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "same" {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
