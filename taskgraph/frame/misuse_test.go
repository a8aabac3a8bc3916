package frame

import (
	"math"
	"strings"
	"testing"
	"time"
)

// TestMisuse makes mistakes; each ends in a sentence that names what is wrong.
func TestMisuse(t *testing.T) {
	df := FromColumns("a", []int{1, 2, 2}, "x", []float64{1, math.NaN(), 3}, "s", []string{"u", "v", "w"}, "t", []time.Time{{}, {}, {}})
	var none *Series
	for _, c := range []struct {
		do   func()
		want string
	}{
		{func() { df.Sort() }, "Sort: it takes the name"},
		{func() { df.Sort("b", 3) }, `there is no column "b"`},
		{func() { df.Sort(Desc("A")) }, `did you mean "a"?`},
		{func() { df.Sort(3) }, "not a int"},
		{func() { df.Join(nil, Left, "a") }, "the other frame is nil"},
		{func() { df.Join(df.Rename("a", "b"), Left, "a") }, `the other frame has no column "a"`},
		{func() { df.Join(FromColumns("a", []string{"1"}), Inner, "a") }, `the key "a" is of type int64 here and of type string`},
		{func() { df.Select("a").Join(FromColumns("b", []int{1}), Inner) }, "no column is in both frames: here are a, and in the other b"},
		{func() { df.Join(df, JoinKind(9)) }, "there is no kind 9"},
		{func() { Sum() }, "no series"},
		{func() { Sum(df.Col("a"), none) }, "the series 1 is nil"},
		{func() { FromColumns("a") }, "pairs"},
		{func() { FromColumns("a", []int{1}, "b", []int{1, 2}) }, `the column "b" has 2 values, and the ones before it have 1`},
		{func() { FromColumns("a", []int{1}, "a", []int{1}) }, `"a" is there twice`},
		{func() { FromColumns(1, []int{1}) }, "the name of a column is a text, not a int"},
		{func() { Concat(df, nil) }, "the frame 1 is nil"},
		{func() { Concat(df, FromColumns("a", []string{"1"})) }, `the column "a": columns of types int64 and string`},
		{func() { df.Pivot("a", "a", "x", "") }, `rows and columns are both of "a"`},
		{func() { df.Pivot("a", "s", "x", "meen") }, `did you mean "mean"?`},
		{func() { df.Melt("a") }, `types float64 and string do not go together`},
		{func() { df.SetIndex("a").Select("x").Transpose() }, "two rows have the label 2"},
		{func() { df.Transpose() }, "a row has values of several types"},
		{func() { df.Col("s").Rolling(2) }, `"s" has values of type string: numbers are needed`},
		{func() { df.Col("x").Rolling(0) }, "at least 1 row"},
		{func() { df.Col("x").Apply(3) }, "a function of one value that returns one, not a int"},
		{func() { df.Col("x").Apply(nil) }, "a function of one value"},
		{func() { df.Col("x").Apply(strings.ToUpper) }, "the function takes a string"},
		{func() { df.Col("a").Apply(func(x int8) []int { return nil }) }, "cannot hold values of type []int"},
		{func() { df.Col("a").Mul(1000).Apply(func(x int8) int8 { return x }) }, "does not fit into the int8"},
		{func() { df.Apply(nil) }, "the function is nil"},
		{func() { df.Apply(func(r Row) any { return r.Get("y") }) }, `there is no column "y"`},
		{func() { df.Col("s").AsType(Int64) }, `"u" in row 0 of the column "s" is no int64`},
		{func() { df.Col("x").Add(math.Inf(1)).AsType(Int64) }, "no whole number of 64 bits"},
		{func() { df.Col("t").AsType(Bool) }, "cannot become bool"},
		{func() { df.Col("x").Clip(2, 1) }, "the lower bound 2 is not below"},
		{func() { df.Col("x").Quantile(1.5) }, "1.5 is not between 0 and 1"},
		{func() { df.Quantile(math.NaN()) }, "NaN is not between 0 and 1"},
		{func() { df.Col("x").Any() }, "it takes truth values"},
		{func() { df.Col("x").Str() }, "not texts"},
		{func() { df.Col("x").Dt() }, "not times"},
		{func() { df.Col("s").Str().Matches("(") }, "missing closing )"},
		{func() { df.Col("s").Str().Part("", 1) }, "separator"},
		{func() { df.Col("t").Dt().Floor(0) }, "not positive"},
		{func() { df.Col("x").IsIn(df) }, "a slice is needed"},
		{func() { df.Sample(-1, 0) }, "-1 rows"},
		{func() { df.GroupBy("a").Col("x").Transform("mediann") }, `did you mean "median"?`},
		{func() { df.GroupBy("a").Head(-1) }, "not negative"},
		{func() { df.GroupBy("a").Apply(nil) }, "the function is nil"},
		{func() { df.Col("x").Diff(1, 2) }, "one number of rows, not 2"},
		{func() { df.Col("x").Resample("D") }, "the labels have to be times"},
		{func() { df.SetIndex("t").Col("x").Resample("week") }, "week is no period"},
		{func() { df.SetIndex("t").Col("x").Resample(-time.Hour) }, "is no period"},
		{func() { df.Col("t").Sub("yesterday") }, `"yesterday" is no time`},
	} {
		err := misused(c.do)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}

func misused(do func()) (err error) {
	defer told(&err)
	do()
	return nil
}

// TestMissingStaysZero looks at what sums of groups rely on: whole numbers that are missing
// are 0 in memory, whatever was done to them.
func TestMissingStaysZero(t *testing.T) {
	s := NewSeries("n", []any{1, nil, 3})
	df := FromColumns("k", []string{"a", "a", "b"}, "n", s.Add(5).Mul(2).CumSum().Abs().Clip(1, 100))
	if got := df.GroupBy("k").Col("n").Sum().Values(); got[0] != int64(12) || got[1] != int64(28) {
		t.Errorf("sums %v", got)
	}
}

func TestSample(t *testing.T) {
	df := delays(50)
	df = df.With("n", make([]int, 50)).With("n", df.Col("month").Mul(0).Add(1).CumSum())
	a, b, c := df.Sample(20, 7), df.Sample(20, 7), df.Sample(20, 8)
	if a.Len() != 20 || a.Col("n").NUnique() != 20 || a.String() != b.String() || a.String() == c.String() {
		t.Errorf("%d rows, %d different", a.Len(), a.Col("n").NUnique())
	}
	if all := df.Sample(99, 1); all.Len() != 50 || all.Col("n").Sum() != 50*51/2 {
		t.Errorf("all: %d rows", all.Len())
	}
}
