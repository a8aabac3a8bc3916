package frame

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

// mixed is a frame with columns of all types, some with missing values.
func mixed(r *rand.Rand, n int) *DataFrame {
	columns := map[string][]any{}
	for i := range n {
		put := func(name string, v any) {
			if r.IntN(4) == 0 && name[0] == 'm' {
				v = nil
			}
			columns[name] = append(columns[name], v)
		}
		for _, kind := range []string{"m", ""} {
			put(kind+"int", int64(r.IntN(1000)-500))
			put(kind+"float", r.NormFloat64())
			put(kind+"bool", r.IntN(2) == 0)
			put(kind+"word", []string{"", "a", "bé", "NaN"}[r.IntN(4)])
			put(kind+"text", fmt.Sprint("text ", r.Int64(), i))
			put(kind+"time", time.Unix(int64(r.IntN(1<<30)), int64(r.IntN(1000000000))).UTC())
		}
	}
	df := newFrame(nil, nil)
	types := map[string]Dtype{"int": Int64, "float": Float64, "bool": Bool, "word": String, "text": String, "time": Timestamp}
	for _, name := range []string{"int", "mint", "float", "mfloat", "bool", "mbool", "word", "mword", "text", "mtext", "time", "mtime"} {
		d, ok := types[name]
		if !ok {
			d = types[name[1:]]
		}
		df.add(&Series{name: name, values: cellsAs(columns[name], d)})
	}
	return numbered(df, n)
}

func TestFilesRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	frame := computed[*DataFrame](t)
	for _, n := range []int{0, 1, 3, 100, 5000} {
		df := mixed(r, n)
		for _, df := range []*DataFrame{df, df.SetIndex("text"), df.SetIndex("word", "text")} {
			path := filepath.Join(t.TempDir(), "f")
			if err := df.WriteHDF5(path, "/group/data"); err != nil {
				t.Fatal(err)
			}
			equalFrames(t, "HDF5", frame(ReadHDF5(path, "group/data")), df)
			if err := df.WriteHDF5(path, "x", HDF5Options{Gzip: 4}); err != nil {
				t.Fatal(err)
			}
			equalFrames(t, "HDF5 with gzip", frame(ReadHDF5(path, "x")), df)
			if err := df.WriteArrow(path); err != nil {
				t.Fatal(err)
			}
			equalFrames(t, "Arrow", frame(ReadArrow(path)), df)
			if err := df.WriteParquet(path); err != nil {
				t.Fatal(err)
			}
			equalFrames(t, "Parquet", frame(ReadParquet(path)), df)
			b, err := df.MarshalBinary()
			if err != nil {
				t.Fatal(err)
			}
			var back DataFrame
			if err := back.UnmarshalBinary(b); err != nil {
				t.Fatal(err)
			}
			equalFrames(t, "binary", &back, df)
		}
	}
}

type base struct {
	Symbol string
}

type day struct {
	base
	At     time.Time `json:"at"`
	Open   float64   `json:"open,omitempty"`
	Volume *int      `frame:"volume"`
	Up     bool
	Small  uint8
	hidden int
	Other  chan int `json:"-"`
}

func TestStructs(t *testing.T) {
	five := 5
	days := []day{{base{"A"}, time.Unix(1, 0).UTC(), 1.5, &five, true, 200, 1, nil}, {base{"B"}, time.Unix(2, 0).UTC(), math.NaN(), nil, false, 3, 2, nil}}
	df := FromStructs(days)
	if got := fmt.Sprint(df.Names(), df.Dtypes().Values()); got != "[Symbol at open volume Up Small] [string timestamp float64 int64 bool int64]" {
		t.Error(got)
	}
	var back []day
	if err := df.ToStructs(&back); err != nil {
		t.Fatal(err)
	}
	if len(back) != 2 || *back[0].Volume != 5 || back[1].Volume != nil || back[1].Small != 3 || !back[0].At.Equal(days[0].At) || back[1].Symbol != "B" {
		t.Errorf("%+v", back)
	}
	var pointers []*day
	if err := df.ToStructs(&pointers); err != nil || pointers[0].Open != 1.5 {
		t.Error(err, pointers)
	}
	if err := df.With("Small", 300).ToStructs(&back); err == nil || err.Error() != `ToStructs: row 0, column "Small": the number 300 does not fit into a field of type uint8` {
		t.Error(err)
	}
	for _, bad := range []any{3, []int{1}, []struct{ C chan int }{}, []struct{ a int }{}, nil} {
		func() {
			defer func() {
				if _, ok := recover().(*Error); !ok {
					t.Errorf("FromStructs(%T) did not panic with an *Error", bad)
				}
			}()
			FromStructs(bad)
		}()
	}
	if n := FromStructs([]day{}).Len(); n != 0 {
		t.Error(n)
	}
	if !reflect.DeepEqual(FromStructs([]*day{&days[0]}).Names(), df.Names()) {
		t.Error("pointers have other columns")
	}
}
