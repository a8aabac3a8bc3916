package frame

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// peers reads our files with h5py, pandas and polars, and writes files with them.
const peers = `
import sys, warnings, h5py, numpy as np, pandas as pd, polars as pl
warnings.simplefilter("ignore")
d = sys.argv[1] + "/"
want = pl.read_csv(d + "ours.csv", schema_overrides={"text": pl.String, "mtext": pl.String, "word": pl.String, "mword": pl.String}, null_values="<NULL>", empty_string_is_null=False)
def same(got, names):
    for n in names:
        a, b = got[n].to_list(), want[n].to_list()
        assert len(a) == len(b), n
        for x, y in zip(a, b):
            if isinstance(y, float) and not (x is None) and x != x: x = None
            assert x == y or (isinstance(y, float) and x is not None and abs(x - y) <= 1e-15 * abs(y)), (n, x, y)
names = ["int", "mint", "float", "mfloat", "bool", "mbool", "word", "mword", "text", "mtext"]
same(pl.read_parquet(d + "ours.parquet"), names)
same(pl.read_ipc(d + "ours.arrow"), names)
with h5py.File(d + "ours.h5") as f:
    rows = f["group/data"][:]
table = pd.read_hdf(d + "ours.h5", "group/data")
for n in ("int", "float", "bool"):
    same({n: pl.Series(rows[n])}, [n])
    same({n: pl.Series(table[n].to_numpy().astype(rows[n].dtype))}, [n])
same({"text": pl.Series([t.decode() for t in rows["text"]])}, ["text"])
same({"text": pl.Series(table["text"].to_list())}, ["text"])
times = pl.read_parquet(d + "ours.parquet")["time"].dt.epoch("ns").to_list()
assert times == rows["time"].tolist()

df = pd.DataFrame({"b": [1.5, np.nan, 3], "a": [1, 2, 3], "c": [4, 5, 6], "s": ["x", "yy", ""]})
df.to_hdf(d + "table.h5", key="data", format="table")
df.to_hdf(d + "columns.h5", key="data", format="table", data_columns=True)
df[["b", "a", "c"]].to_hdf(d + "fixed.h5", key="data")
times = pd.DataFrame({"t": pd.to_datetime(["2024-01-01 10:00:00.5", None])})
for unit in ("s", "ms", "us", "ns"):
    times.astype(f"datetime64[{unit}]").to_hdf(d + f"times_{unit}.h5", key="data", format="table")
    times.astype(f"datetime64[{unit}]").to_hdf(d + f"times_{unit}_fixed.h5", key="data")
with h5py.File(d + "h5py.h5", "w") as f:
    f["data"] = np.array([(1.5, 1, 4, b"x"), (np.nan, 2, 5, b"yy"), (3, 3, 6, b"")], dtype=[("b", "f4"), ("a", "u2"), ("c", "i8"), ("s", "S5")])
pf = pl.DataFrame({"b": [1.5, None, 3], "a": [1, 2, 3], "c": [4, 5, 6], "s": ["x", "yy", ""]}, schema={"b": pl.Float32, "a": pl.UInt8, "c": pl.Int64, "s": pl.Categorical})
pf.write_parquet(d + "theirs.parquet", row_group_size=2)
pf.write_ipc(d + "theirs.arrow")
pf.with_columns(t=pl.datetime(2020, 1, 2), l=pl.lit([1]), u=pl.lit(2**64-1, dtype=pl.UInt64)).write_parquet(d + "more.parquet")
`

func TestPeers(t *testing.T) {
	python := filepath.Join("..", "..", ".venv", "bin", "python")
	if _, err := os.Stat(python); err != nil {
		t.Skip("the Python of make test-setup is not there")
	}
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	df := mixed(rand.New(rand.NewPCG(7, 8)), 300)
	for _, err := range []error{
		df.WriteHDF5(in("ours.h5"), "/group/data"), df.WriteParquet(in("ours.parquet")), df.WriteArrow(in("ours.arrow")), df.Drop("time", "mtime").forPolars().WriteCSV(in("ours.csv")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command(python, "-c", peers, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	frame := computed[*DataFrame](t)
	want := New(NewSeries("b", []any{1.5, nil, 3.0}), NewSeries("a", []int{1, 2, 3}), NewSeries("c", []int{4, 5, 6}), NewSeries("s", []string{"x", "yy", ""}))
	for _, name := range []string{"columns.h5", "h5py.h5"} {
		equalFrames(t, name, frame(ReadHDF5(in(name), "data")), want)
	}
	equalFrames(t, "table.h5", frame(ReadHDF5(in("table.h5"), "data")).Select(want.names...), want)
	equalFrames(t, "fixed.h5", frame(ReadHDF5(in("fixed.h5"), "/data")), want.Drop("s"))
	for _, unit := range []string{"s", "ms", "us", "ns", "s_fixed", "us_fixed", "ns_fixed"} {
		at := time.Date(2024, 1, 1, 10, 0, 0, 500_000_000, time.UTC)
		if unit[0] == 's' {
			at = at.Truncate(time.Second)
		}
		if got := frame(ReadHDF5(in("times_"+unit+".h5"), "data")).Col("t").Values(); got[0] != at || got[1] != nil {
			t.Errorf("times in %s: %v", unit, got)
		}
	}
	equalFrames(t, "theirs.parquet", frame(ReadParquet(in("theirs.parquet"))), want)
	equalFrames(t, "theirs.arrow", frame(ReadArrow(in("theirs.arrow"))), want)
	equalFrames(t, "two columns", frame(ReadParquet(in("theirs.parquet"), "s", "b")), want.Select("s", "b"))
	if got := frame(ReadParquet(in("more.parquet"), "t")).Col("t").Values(); len(got) != 3 || got[0].(interface{ Year() int }).Year() != 2020 {
		t.Error(got)
	}
	for _, name := range []string{"l", "u", "nothing"} {
		if _, err := ReadParquet(in("more.parquet"), name); err == nil {
			t.Errorf("the column %s was read", name)
		} else {
			t.Log(err)
		}
	}
}

// forPolars writes what is missing so that no text is taken for it.
func (df *DataFrame) forPolars() *DataFrame {
	return df.byColumn(func(s *Series) *Series {
		if s.Dtype() == String {
			return s.FillNull("<NULL>")
		}
		return s
	})
}
