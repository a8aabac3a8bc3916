package frame

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// question is something that pandas and this package are both asked. In pandas the frames are
// the variables df and other.
type question struct {
	pandas string
	ours   func(df, other *DataFrame) any
	about  float64 // the tolerance; 0 stands for 1e-12
}

// cellText is a value as testdata/pandas_oracle.py tells it: its kind and its text; nil if missing.
type cellText = []string

// pandasSays is what pandas made of a question.
type pandasSays struct {
	Error   string
	Value   cellText
	Index   [][]cellText
	Names   []string
	Columns [][]cellText
}

// pandasCase is frames and what is asked about them.
type pandasCase struct {
	Frames      map[string][][3]any `json:"frames"`
	Files       map[string]string   `json:"files"` // CSV files to read as frames
	Times       []string            `json:"times"` // columns of the files, which pandas would take for texts
	Expressions []string            `json:"expressions"`
}

// askPandas runs one Python process for all cases.
func askPandas(t *testing.T, cases []pandasCase) [][]pandasSays {
	t.Helper()
	python, err := filepath.Abs("../../.venv/bin/python")
	if _, missing := os.Stat(python); err != nil || missing != nil {
		t.Skip("there is no .venv with pandas here, which the answers are compared with")
	}
	input, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "testdata/pandas_oracle.py")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal("the oracle failed: ", err)
	}
	var answers [][]pandasSays
	if err := json.Unmarshal(out, &answers); err != nil {
		t.Fatal(err)
	}
	return answers
}

// columnsFor is a frame as the oracle reads it.
func columnsFor(df *DataFrame) [][3]any {
	out := make([][3]any, len(df.names))
	for i, s := range df.Columns() {
		values := s.Values()
		for j, v := range values {
			switch v := v.(type) {
			case float64:
				values[j] = strconv.FormatFloat(v, 'g', -1, 64)
			case time.Time:
				values[j] = v.UnixNano()
			}
		}
		out[i] = [3]any{s.name, s.Dtype().String(), values}
	}
	return out
}

// cellOf is a value in the oracle's form.
func cellOf(v any) cellText {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return cellText{"s", v}
	case bool:
		return cellText{"n", strconv.Itoa(zeroOne(v))}
	case time.Time:
		return cellText{"t", strconv.FormatInt(v.UnixNano(), 10)}
	case float64:
		if math.IsNaN(v) {
			return nil
		}
		return cellText{"n", strconv.FormatFloat(v, 'g', -1, 64)}
	case int:
		return cellText{"n", strconv.Itoa(v)}
	}
	return cellText{"n", fmt.Sprint(v)}
}

func cellsOf(c column.Column) []cellText {
	out := make([]cellText, c.Len())
	for i := range out {
		out[i] = cellOf(c.Value(i))
	}
	return out
}

// answerOf is a result of this package in the oracle's form.
func answerOf(v any) pandasSays {
	var out pandasSays
	index := func(x *Index) {
		_, levels := x.columns()
		for _, c := range levels {
			out.Index = append(out.Index, cellsOf(c))
		}
	}
	switch v := v.(type) {
	case *Series:
		index(v.index)
		out.Names, out.Columns = []string{""}, [][]cellText{cellsOf(v.values)}
	case *DataFrame:
		index(v.index)
		out.Names = append([]string{}, v.names...)
		for _, c := range v.columns {
			out.Columns = append(out.Columns, cellsOf(c))
		}
	default:
		out.Value = cellOf(v)
	}
	return out
}

// differs says in what an answer differs from that of pandas; "" if in nothing.
func differs(ours, theirs pandasSays, about float64) string {
	if theirs.Columns == nil {
		return differCells("the value", []cellText{ours.Value}, []cellText{theirs.Value}, about)
	}
	if !slices.Equal(ours.Names, theirs.Names) {
		return fmt.Sprintf("columns %q, and in pandas %q", ours.Names, theirs.Names)
	}
	for i := range theirs.Columns {
		if d := differCells(fmt.Sprintf("column %q", theirs.Names[i]), ours.Columns[i], theirs.Columns[i], about); d != "" {
			return d
		}
	}
	if len(theirs.Index) == 0 || len(theirs.Columns) == 0 && len(ours.Columns) == 0 {
		return ""
	}
	if len(ours.Index) != len(theirs.Index) {
		return fmt.Sprintf("labels of %d levels, and in pandas of %d", len(ours.Index), len(theirs.Index))
	}
	for i := range theirs.Index {
		if d := differCells(fmt.Sprintf("labels of level %d", i), ours.Index[i], theirs.Index[i], about); d != "" {
			return d
		}
	}
	return ""
}

func differCells(what string, ours, theirs []cellText, about float64) string {
	if len(ours) != len(theirs) {
		return fmt.Sprintf("%s: %d values, and in pandas %d", what, len(ours), len(theirs))
	}
	for i, a := range ours {
		if !equalCells(a, theirs[i], about) {
			return fmt.Sprintf("%s: row %d is %v, and in pandas %v\n%v\n%v", what, i, a, theirs[i], ours[:min(len(ours), i+5)], theirs[:min(len(ours), i+5)])
		}
	}
	return ""
}

func equalCells(a, b cellText, about float64) bool {
	if len(a) != len(b) || len(a) > 0 && a[0] != b[0] {
		return false
	}
	if len(a) == 0 || a[1] == b[1] {
		return true
	}
	if a[0] != "n" {
		return false
	}
	x, errX := strconv.ParseFloat(a[1], 64)
	y, errY := strconv.ParseFloat(b[1], 64)
	return errX == nil && errY == nil && (x == y || math.Abs(x-y) <= about*max(1, math.Abs(y)))
}

// randomFrame has columns of all types, with keys of few and of many values. The column u is
// different in every row.
func randomFrame(r *rand.Rand, n, groups int, gaps float64) *DataFrame {
	maybe := func(v any) any {
		if r.Float64() < gaps {
			return nil
		}
		return v
	}
	odd := []float64{math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), 1, -1, 0.5, 1e9, -1e-9}
	columns := make(map[string][]any)
	for range n {
		add := func(name string, v any) { columns[name] = append(columns[name], v) }
		add("k", maybe(string(rune('a'+r.IntN(groups)%26))+strings.Repeat("é", r.IntN(groups)/26%3)))
		add("g", int64(r.IntN(groups)-groups/2))
		add("i", int64(r.IntN(21)-10))
		add("m", maybe(int64(r.IntN(7)-3)))
		add("f", maybe(r.NormFloat64()*100))
		add("o", maybe(odd[r.IntN(len(odd))]))
		add("b", r.IntN(2) == 0)
		add("t", maybe(time.Date(2013, time.Month(1+r.IntN(12)), 1+r.IntN(28), r.IntN(24), r.IntN(60), r.IntN(60), r.IntN(1e9), time.UTC)))
		add("s", maybe([]string{"", "Ünïx", "abc def", "ABC", "zz", "a,b", "x-y-z"}[r.IntN(7)]))
	}
	types := []struct {
		name string
		d    Dtype
	}{{"k", String}, {"g", Int64}, {"i", Int64}, {"m", Int64}, {"f", Float64}, {"o", Float64}, {"b", Bool}, {"t", Timestamp}, {"s", String}}
	df := &DataFrame{index: rangeIndex(n)}
	for _, c := range types {
		df.names, df.columns = append(df.names, c.name), append(df.columns, cellsAs(columns[c.name], c.d))
	}
	u := make([]int64, n)
	for i, x := range r.Perm(n) {
		u[i] = int64(x * 3)
	}
	return df.With("u", u)
}

// shapes of random frames: rows, groups, and which part of values is missing.
var shapes = []struct {
	rows, groups int
	gaps         float64
}{{0, 3, 0}, {1, 3, 0}, {1, 3, 1}, {5, 2, 0}, {7, 3, 1}, {13, 3, 0.2}, {40, 5, 0.1}, {100, 60, 0.3}, {90, 4, 0}, {200, 70, 0.05}}

func TestPandas(t *testing.T) {
	questions := slices.Concat(arithmeticQuestions(), groupQuestions(), orderQuestions(), summaryQuestions(), tableQuestions(), partQuestions())
	r := rand.New(rand.NewPCG(13, 7))
	var frames, others []*DataFrame
	var cases []pandasCase
	for _, s := range shapes {
		df, other := randomFrame(r, s.rows, s.groups, s.gaps), randomFrame(r, (s.rows+1)/2, s.groups, s.gaps)
		frames, others = append(frames, df), append(others, other)
		c := pandasCase{Frames: map[string][][3]any{"df": columnsFor(df), "other": columnsFor(other)}}
		for _, q := range questions {
			c.Expressions = append(c.Expressions, q.pandas)
		}
		cases = append(cases, c)
	}
	answers := askPandas(t, cases)
	for i, q := range questions {
		t.Run(q.pandas, func(t *testing.T) {
			for j, df := range frames {
				checkAnswer(t, q, df, others[j], answers[j][i])
			}
		})
	}
}

func checkAnswer(t *testing.T, q question, df, other *DataFrame, theirs pandasSays) {
	t.Helper()
	if theirs.Error != "" {
		t.Errorf("%d rows: pandas says %s", df.Len(), theirs.Error)
		return
	}
	ours, err := asked(q, df, other)
	if err != nil {
		t.Errorf("%d rows: %v", df.Len(), err)
		return
	}
	about := q.about
	if about == 0 {
		about = 1e-12
	}
	if d := differs(answerOf(ours), theirs, about); d != "" {
		t.Errorf("%d rows: %s", df.Len(), d)
	}
}

// asked is our answer; an *Error that is panicked with is an error.
func asked(q question, df, other *DataFrame) (v any, err error) {
	defer told(&err)
	return q.ours(df, other), nil
}
