package csv_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
	"github.com/dagbook/dagbook/taskgraph/frame/csv"
)

// told is what pandas read in a file.
type told struct {
	Path, Sep string
	Rows      int
	Columns   []struct {
		Name, Dtype string
		Values      []*string
	}
}

// pandas runs the oracle.
func pandas(t *testing.T, args ...string) []told {
	t.Helper()
	python, err := filepath.Abs("../../../.venv/bin/python")
	if _, missing := os.Stat(python); err != nil || missing != nil {
		t.Skip("there is no .venv with pandas here, which the tables are compared with")
	}
	cmd := exec.Command(python, append([]string{"testdata/csv_oracle.py"}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []told
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var one told
		if err := d.Decode(&one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	return all
}

// TestPandas reads random files as pandas does, in blocks of any size and with any number of
// goroutines, and pandas reads what is written the same.
func TestPandas(t *testing.T) {
	dir := t.TempDir()
	var back []string
	tables := make(map[string]*csv.Table)
	for i, want := range pandas(t, "make", dir, "2", "120") {
		r := rand.New(rand.NewPCG(7, uint64(i)))
		o := csv.Options{Comma: want.Sep[0], Chunk: 1 + r.IntN(3000), Workers: 1 + r.IntN(3)}
		got, err := csv.Read(t.Context(), want.Path, o)
		if err != nil {
			t.Fatal(err)
		}
		sameTable(t, got, want)
		path := filepath.Join(dir, fmt.Sprintf("back%d.csv", i))
		if err := csv.WriteFile(path, got, csv.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		back, tables[path] = append(back, path), got
	}
	for _, want := range pandas(t, append([]string{"tell"}, back...)...) {
		sameTable(t, tables[want.Path], want)
	}
}

func sameTable(t *testing.T, got *csv.Table, want told) {
	t.Helper()
	if got.Len() != want.Rows || len(got.Columns) != len(want.Columns) {
		t.Errorf("%s has %d rows and %d columns, pandas has %d and %d", want.Path, got.Len(), len(got.Columns), want.Rows, len(want.Columns))
		return
	}
	for i, c := range want.Columns {
		if got.Names[i] != c.Name {
			t.Errorf("%s: column %d is %q, not %q", want.Path, i, got.Names[i], c.Name)
		}
		if want.Rows > 0 && !sameType(got.Columns[i], c.Dtype) {
			t.Errorf("%s: column %s is %v, pandas has %s", want.Path, c.Name, got.Columns[i].Dtype(), c.Dtype)
			continue
		}
		for row, v := range c.Values {
			if g := got.Columns[i].Value(row); !sameValue(g, v, c.Dtype) {
				t.Errorf("%s: column %s, row %d is %v (%T), pandas has %v", want.Path, c.Name, row, g, g, *v)
				break
			}
		}
	}
}

// sameType allows for whole numbers with missing ones, which pandas makes floats, and for
// truth values with missing ones, which are objects.
func sameType(c column.Column, dtype string) bool {
	switch c.Dtype() {
	case column.Int64:
		return dtype == "int64" || dtype == "float64" && c.Missing() > 0
	case column.Float64:
		return dtype == "float64"
	case column.Bool:
		return dtype == "bool" || dtype == "object" && c.Missing() > 0
	case column.Timestamp:
		return strings.HasPrefix(dtype, "datetime64")
	}
	return dtype == "str" || dtype == "object"
}

func sameValue(got any, want *string, dtype string) bool {
	if want == nil || got == nil {
		return want == nil && got == nil
	}
	if strings.HasPrefix(dtype, "datetime64") {
		ns, err := strconv.ParseInt(*want, 10, 64)
		return err == nil && got == any(column.Time(ns))
	}
	if dtype == "float64" {
		x, err := strconv.ParseFloat(*want, 64)
		switch got := got.(type) {
		case float64:
			return err == nil && math.Float64bits(got) == math.Float64bits(x)
		case int64:
			return err == nil && float64(got) == x
		}
	}
	if b, ok := got.(bool); ok {
		return strings.EqualFold(*want, strconv.FormatBool(b))
	}
	return fmt.Sprint(got) == *want
}
