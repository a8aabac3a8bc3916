package hdf5_test

import (
	"io"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/dagbook/dagbook/taskgraph/hdf5"
)

type tick struct {
	At    int64
	Price float64 `hdf5:"price"`
	Name  string  `hdf5:"name,size=4"`
}

// TestTable grows tables record by record, and one that is there already.
func TestTable(t *testing.T) {
	name := filepath.Join(t.TempDir(), "table.h5")
	f := must(hdf5.CreateFile(name, hdf5.F_ACC_TRUNC))(t)
	var want []tick
	table := must(f.CreateTableFrom("ticks", tick{}, 16, 5))(t)
	for i := range 100 {
		want = append(want, tick{int64(i), float64(i) / 4, "abc"})
		check(t, table.Append(&want[i]))
	}
	more := []tick{{1000, 1, "x"}, {1001, 2, "y"}}
	check(t, table.Append(more, more[0]))
	want = append(append(want, more...), more[0])
	if err := table.Append([]int{1}); err == nil {
		t.Error("a number was appended to a table of records")
	}
	checkTable(t, table, want)
	plain := must(f.CreateTable("plain", hdf5.T_NATIVE_DOUBLE, 10, -1))(t)
	check(t, plain.Append([]float64{1, 2, 3}, 4.0))
	check(t, f.Close())

	f = must(hdf5.OpenFile(name, hdf5.F_ACC_RDWR))(t)
	table = must(f.OpenTable("ticks"))(t)
	check(t, table.Append(more))
	want = append(want, more...)
	check(t, f.Close())

	r := open(t, name)
	checkTable(t, must(r.OpenTable("ticks"))(t), want)
	compareWithH5py(t, name, r)
	readWithPyTables(t, name)
}

func checkTable(t *testing.T, table *hdf5.Table, want []tick) {
	t.Helper()
	if n := must(table.NumPackets())(t); n != len(want) {
		t.Fatalf("%d records, want %d", n, len(want))
	}
	var all []tick
	check(t, table.ReadPackets(0, len(want), &all))
	if !reflect.DeepEqual(all, want) {
		t.Errorf("read %v, want %v", all, want)
	}
	check(t, table.SetIndex(len(want)-3))
	two, one := make([]tick, 2), tick{}
	check(t, table.Next(&two))
	check(t, table.Next(&one))
	if !reflect.DeepEqual(append(two, one), want[len(want)-3:]) {
		t.Errorf("next: %v %v", two, one)
	}
	if err := table.Next(&one); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}
