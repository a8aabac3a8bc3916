package csv_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
	"github.com/dagbook/dagbook/taskgraph/frame/csv"
)

func mixed() *csv.Table {
	return &csv.Table{
		Names: []string{"i", "f,x", "b", "s", "t", "d"},
		Columns: []column.Column{
			column.NewInts([]int64{1, 0, math.MinInt64}, []bool{true, false, true}),
			column.NewFloats([]float64{710, math.NaN(), 1e-7}),
			column.NewBools([]bool{true, false, false}, []bool{true, false, true}),
			column.NewStrings([]string{"a,b", "", "say \"x\"\n"}, []bool{true, false, true}),
			column.Times{Values: []int64{0, 0, 1_500_000_000}, Valid: column.NewValid([]bool{true, false, true})},
			column.Times{Values: []int64{0, 0, 86400e9}, Valid: column.NewValid([]bool{true, false, true})},
		},
	}
}

func TestWrite(t *testing.T) {
	var b bytes.Buffer
	if err := csv.Write(&b, mixed(), csv.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	want := `i,"f,x",b,s,t,d
1,710.0,true,"a,b",1970-01-01 00:00:00.000,1970-01-01
,,,,,
-9223372036854775808,1e-07,false,"say ""x""
",1970-01-01 00:00:01.500,1970-01-02
`
	if b.String() != want {
		t.Errorf("written is\n%s", b.String())
	}
	got, err := csv.ReadFrom(t.Context(), &b, "f.csv", csv.Options{})
	if err != nil || spelled(got) != spelled(mixed()) {
		t.Errorf("%v, read:\n%s", err, spelled(got))
	}
}

func TestWriteOptions(t *testing.T) {
	var b bytes.Buffer
	if err := csv.Write(&b, mixed(), csv.WriteOptions{Comma: ';', NoHeader: true, Missing: "NA"}); err != nil {
		t.Fatal(err)
	}
	if lines := bytes.Split(b.Bytes(), []byte("\n")); string(lines[1]) != "NA;NA;NA;NA;NA;NA" || string(lines[0]) != "1;710.0;true;a,b;1970-01-01 00:00:00.000;1970-01-01" {
		t.Errorf("written is\n%s", b.String())
	}
	uneven := mixed()
	uneven.Columns[2] = column.NewBools([]bool{true}, nil)
	says(t, csv.Write(io.Discard, uneven, csv.WriteOptions{}), "column b has 1 rows*column i has 3")
	says(t, csv.Write(io.Discard, mixed(), csv.WriteOptions{Comma: '\n'}), "Comma")
}

// TestWriteFile: a file is there as a whole, or as it was before.
func TestWriteFile(t *testing.T) {
	for _, name := range []string{"f.csv", "f.csv.gz"} {
		dir := t.TempDir()
		path := filepath.Join(dir, name)
		if err := csv.WriteFile(path, mixed(), csv.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		uneven := mixed()
		uneven.Columns[2] = column.NewBools(nil, nil)
		says(t, csv.WriteFile(path, uneven, csv.WriteOptions{}), path+" is not written: column b")
		got, err := csv.Read(t.Context(), path, csv.Options{})
		if err != nil || spelled(got) != spelled(mixed()) {
			t.Errorf("%v, read:\n%s", err, spelled(got))
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
			t.Errorf("left are %v, %v", left, err)
		}
	}
	err := csv.WriteFile(filepath.Join(t.TempDir(), "none", "f.csv"), mixed(), csv.WriteOptions{})
	if says(t, err, "f.csv cannot be written"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v is no os.ErrNotExist", err)
	}
}

func TestNoPermission(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.csv")
	if err := os.WriteFile(path, []byte("a\n1\n"), 0o000); err != nil {
		t.Fatal(err)
	}
	if f, err := os.Open(path); err == nil {
		f.Close()
		t.Skip("this user may read everything")
	}
	_, err := csv.Read(t.Context(), path, csv.Options{})
	says(t, err, path+" may not be read")
}
