package frame

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/dagbook/dagbook/taskgraph"
	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// flights is a frame like those of a year of flights, of n rows.
func flights(r *rand.Rand, n int) *DataFrame {
	origin, dest := make([]any, n), make([]any, n)
	delay, distance := make([]any, n), make([]any, n)
	for i := range n {
		origin[i] = []string{"JFK", "LGA", "EWR"}[r.IntN(3)]
		dest[i] = fmt.Sprintf("D%02d", r.IntN(20))
		distance[i] = int64(r.IntN(3000))
		delay[i] = math.Round(r.NormFloat64()*200) / 10
		if r.IntN(10) == 0 {
			delay[i] = nil
		}
		if r.IntN(50) == 0 {
			origin[i] = nil
		}
	}
	return New(NewSeries("Origin", origin), NewSeries("Dest", dest), NewSeries("DepDelay", delay), NewSeries("Distance", distance))
}

// equalFrames compares frames, floating-point numbers to 1e-12.
func equalFrames(t *testing.T, what string, got, want *DataFrame) {
	t.Helper()
	if fmt.Sprint(got.names) != fmt.Sprint(want.names) || !got.index.equal(want.index) {
		t.Fatalf("%s: got\n%v\nwant\n%v", what, got, want)
	}
	for i, c := range want.columns {
		if !closeColumns(got.columns[i], c) {
			t.Fatalf("%s, column %s: got\n%v\nwant\n%v", what, want.names[i], got.series(i), want.series(i))
		}
	}
}

func closeColumns(a, b column.Column) bool {
	x, ok := a.(column.Floats)
	y, ok2 := b.(column.Floats)
	if !ok || !ok2 || len(x.Values) != len(y.Values) {
		return column.Equal(a, b)
	}
	for i, v := range x.Values {
		if w := y.Values[i]; !(v == w || v != v && w != w || math.Abs(v-w) <= 1e-12*max(math.Abs(v), math.Abs(w))) {
			return false
		}
	}
	return true
}

func computed[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestLazyEqualsEager(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	frame, series, value := computed[*DataFrame](t), computed[*Series](t), computed[any](t)
	for _, n := range []int{0, 1, 5, 1000} {
		df := flights(r, n)
		for _, parts := range []int{1, 2, 7, 20} {
			lf := FromFrame(df, parts)
			if parts = min(parts, max(1, n)); lf.NPartitions() != parts {
				t.Errorf("%d partitions of %d rows, want %d", lf.NPartitions(), n, parts)
			}
			equalFrames(t, "whole", frame(lf.Compute()), df)
			late, lazyLate := df.Filter(df.Col("DepDelay").Gt(5)), lf.Filter(lf.Col("DepDelay").Gt(5))
			equalFrames(t, "filter", frame(lazyLate.Compute()).DropIndex(), late.DropIndex())
			hours := df.With("Hours", df.Col("DepDelay").Div(60).RSub(1)).Drop("Dest").Rename("Hours", "H")
			equalFrames(t, "with", frame(lf.With("Hours", lf.Col("DepDelay").Div(60).RSub(1)).Drop("Dest").Rename("Hours", "H").Compute()), hours)
			for how := range stateOf {
				lg := lazyLate.GroupBy("Origin", "Dest")
				if how == "size" {
					equalFrames(t, how, series(lg.Size().Compute()).Frame(), late.GroupBy("Origin", "Dest").Size().Frame())
					continue
				}
				got := frame(lg.Col("DepDelay").Agg(how).Compute())
				equalFrames(t, how, got, late.GroupBy("Origin", "Dest").Col("DepDelay").Agg(how))
				got = frame(lf.GroupBy("Origin").Agg(map[string][]string{"Distance": {how}}).Compute())
				equalFrames(t, how, got, df.GroupBy("Origin").Agg(map[string][]string{"Distance": {how}}))
			}
			equalFrames(t, "mean of all", frame(lf.GroupBy("Origin").Mean().Compute()), df.GroupBy("Origin").Mean())
			for what, pair := range map[string][2]any{
				"sum": {value(lf.Col("DepDelay").Sum().Compute()), df.Col("DepDelay").Sum()}, "mean": {value(lf.Col("Distance").Mean().Compute()), df.Col("Distance").Mean()},
				"std": {value(lf.Col("DepDelay").Std().Compute()), df.Col("DepDelay").Std()}, "max": {value(lf.Col("Dest").Max().Compute()), df.Col("Dest").Largest()},
				"count": {value(lf.Col("DepDelay").Count().Compute()), int64(df.Col("DepDelay").Count())}, "len": {value(lf.Len().Compute()), df.Len()},
			} {
				a, ok := pair[0].(float64)
				b, _ := pair[1].(float64)
				if ok && math.Abs(a-b) > 1e-12*math.Abs(b) && a == a || !ok && pair[0] != pair[1] {
					t.Errorf("%s of %d rows in %d parts: %v, want %v", what, n, parts, pair[0], pair[1])
				}
			}
			cities := New(NewSeries("Origin", []string{"JFK", "EWR"}), NewSeries("City", []string{"New York", "Newark"}))
			for _, how := range []JoinKind{Inner, Left}[:2*min(n, 1)] {
				if names := lf.Join(cities, how).Names(); fmt.Sprint(names) != "[Origin Dest DepDelay Distance City]" {
					t.Error(names)
				}
				equalFrames(t, "join", frame(lf.Join(cities, how, "Origin").Compute()).DropIndex(), df.Join(cities, how, "Origin").DropIndex())
			}
			center := series(lf.Col("Distance").Sub(lf.Col("Distance").Mean()).Compute())
			equalFrames(t, "center", center.Frame(), df.Col("Distance").Sub(df.Col("Distance").Mean()).Frame())
		}
	}
}

func TestReadCSVsByName(t *testing.T) {
	dir := t.TempDir()
	for i, text := range []string{"a,b\n1,x\n", "b,a\ny,2\n"} {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(i, ".csv")), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	lf, err := ReadCSVs(filepath.Join(dir, "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(computed[*DataFrame](t)(lf.Compute()).Col("a").Values()); got != "[1 2]" {
		t.Error(got)
	}
}

func TestReadCSVsReadsWhatIsNeeded(t *testing.T) {
	dir := t.TempDir()
	for i, text := range []string{"a,b,c\n1,x,\n2,y,\n", "a,b,c\n3.5,x,word\n4,z,\n"} {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(i, ".csv")), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	lf, err := ReadCSVs(filepath.Join(dir, "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	df := computed[*DataFrame](t)(lf.Compute())
	if got := fmt.Sprint(df.Col("a").Values(), df.Col("b").Values(), df.Col("c").Values()); got != "[1 2 3.5 4] [x y x z] [<nil> <nil> word <nil>]" {
		t.Error(got)
	}
	sum, count := lf.GroupBy("b").Col("a").Sum(), lf.Col("c").Count()
	both, err := Compute(sum, count)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(both[0].(*Series).Values(), both[1]); got != "[4.5 2 4] 1" {
		t.Error(got)
	}
	nodes := lf.maker.build(sum.step, count.step)
	if reads := len(nodes[lf.step]); reads != 2 {
		t.Errorf("%d reads of 2 files", reads)
	}
	if n := computed[any](t)(lf.Len().Compute()); n != 4 {
		t.Errorf("Len = %v", n)
	}
	for i := range 2 {
		part := computed[*DataFrame](t)(lf.Partition(i).Compute())
		if err := part.WriteParquet(filepath.Join(dir, fmt.Sprint(i, ".parquet"))); err != nil {
			t.Fatal(err)
		}
	}
	lp, err := ReadParquets(filepath.Join(dir, "*.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	equalFrames(t, "Parquet", computed[*DataFrame](t)(lp.Compute()), df)
	if n := computed[any](t)(lp.Len().Compute()); n != 4 {
		t.Errorf("Len of Parquet files = %v", n)
	}
	var _ taskgraph.Operator = df
	var _ taskgraph.Operator = sum.mustCompute(t)
}

func (s *LazySeries) mustCompute(t *testing.T) *Series { return computed[*Series](t)(s.Compute()) }
