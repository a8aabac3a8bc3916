package frame

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

// TestZeroTimeIsMissing uses the zero Time as one value: it is what pandas calls NaT, which
// no comparison but Ne holds for, and which is in a series that lacks a time.
func TestZeroTimeIsMissing(t *testing.T) {
	day := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	s := NewSeries("t", []time.Time{day, {}})
	no, nothing := "[false false]", "[<nil> <nil>]"
	x := NewSeries("x", []float64{1, math.NaN()})
	for _, c := range []struct {
		what string
		got  *Series
		want string
	}{
		{"Eq", s.Eq(time.Time{}), no}, {"Ne", s.Ne(time.Time{}), "[true true]"},
		{"Lt", s.Lt(time.Time{}), no}, {"Le", s.Le(time.Time{}), no},
		{"Gt", s.Gt(time.Time{}), no}, {"Ge", s.Ge(time.Time{}), no},
		{"Sub", s.Sub(time.Time{}), nothing}, {"RSub", s.RSub(time.Time{}), nothing},
		{"IsIn", s.IsIn(time.Time{}), "[false true]"}, {"IsIn two", s.IsIn(day, time.Time{}), "[true true]"},
		{"IsIn a slice", s.IsIn([]time.Time{{}}), "[false true]"}, {"IsIn a number", s.IsIn(day, math.NaN()), "[true false]"},
		{"numbers IsIn NaN", x.IsIn(math.NaN()), "[false true]"}, {"numbers IsIn a time", x.IsIn(time.Time{}), no},
		{"FillNull", s.FillNull(time.Time{}).IsNull(), "[false true]"},
	} {
		if got := fmt.Sprint(c.got.Values()); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
	df := FromColumns("t", s, "x", x).SetIndex("t")
	if got := df.Col("x").Loc(time.Time{}); got != nil {
		t.Errorf("Loc = %v", got)
	}
	if got := df.Col("x").Loc(day); got != 1.0 {
		t.Errorf("Loc = %v", got)
	}
}

// TestLazyZeroTime does the same later.
func TestLazyZeroTime(t *testing.T) {
	df := FromColumns("t", []time.Time{time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), {}})
	lf, series := FromFrame(df, 1), computed[*Series](t)
	equalFrames(t, "With", computed[*DataFrame](t)(lf.With("u", time.Time{}).Compute()), df.With("u", time.Time{}))
	equalFrames(t, "FillNull", computed[*DataFrame](t)(lf.FillNull(time.Time{}).Compute()), df)
	for what, s := range map[string][2]*Series{
		"Ne":       {series(lf.Col("t").Ne(time.Time{}).Compute()), df.Col("t").Ne(time.Time{})},
		"RSub":     {series(lf.Col("t").RSub(time.Time{}).Compute()), df.Col("t").RSub(time.Time{})},
		"FillNull": {series(lf.Col("t").FillNull(time.Time{}).Compute()), df.Col("t")},
	} {
		equalFrames(t, what, s[0].Frame(), s[1].Frame())
	}
}

// TestTimesBeyondTimestamps names the operation, and the column where there is one.
func TestTimesBeyondTimestamps(t *testing.T) {
	late := time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC)
	s := NewSeries("t", []time.Time{{}})
	df := s.Frame()
	for want, do := range map[string]func(){
		`NewSeries: the column "late": `:   func() { NewSeries("late", []time.Time{late}) },
		`FromStructs: the column "When": `: func() { FromStructs([]struct{ When time.Time }{{late}}) },
		`Apply: the column "t": `:          func() { NewSeries("t", []int{1}).Apply(func(int) time.Time { return late }) },
		"Gt: ":                             func() { s.Gt(late) },
		"IsIn: ":                           func() { s.IsIn(late) },
		"With: ":                           func() { df.With("u", late) },
		"FillNull: ":                       func() { s.FillNull(late) },
		"Loc: ":                            func() { df.SetIndex("t").Loc(late) },
	} {
		err := misused(do)
		if want += "the time 3000-01-01 00:00:00 is outside"; err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestDeclaredTypes asks for the types of columns without any value.
func TestDeclaredTypes(t *testing.T) {
	for want, values := range map[Dtype]any{
		Timestamp: []*time.Time{nil}, Int64: []*int8{nil}, Float64: []any{nil}, Bool: []**bool{nil}, String: []*string{nil},
	} {
		if got := NewSeries("v", values).Dtype(); got != want {
			t.Errorf("%T makes %v, want %v", values, got, want)
		}
	}
	type row struct {
		At  *time.Time
		Any any
	}
	if err := misused(func() { FromStructs([]row{{}}) }); err == nil || !strings.Contains(err.Error(), "the field Any is of type interface {}") {
		t.Error(err)
	}
}
