package column

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
)

// samples are columns of every type, of n rows, some of which are missing.
func samples(n int, r *rand.Rand) []Column {
	ints, floats, bools := make([]int64, n), make([]float64, n), make([]bool, n)
	texts, words, valid := make([]string, n), make([]string, n), make([]bool, n)
	times := make([]time.Time, n)
	for i := range n {
		valid[i] = r.IntN(5) > 0
		if !valid[i] {
			floats[i] = math.NaN()
			continue
		}
		ints[i], floats[i], bools[i] = r.Int64()-r.Int64(), r.NormFloat64(), r.IntN(2) == 0
		texts[i], words[i] = fmt.Sprint("text ", r.Int64()), fmt.Sprint("word ", r.IntN(4))
		times[i] = Time(r.Int64() / 2)
	}
	return []Column{
		NewInts(ints, valid), NewInts(ints, nil), NewFloats(floats), NewBools(bools, valid), NewBools(bools, nil),
		NewTimes(times, valid), NewStrings(texts, valid), NewStrings(words, valid), NewStrings(texts, nil),
	}
}

func values(c Column) []any {
	out := make([]any, c.Len())
	for i := range out {
		out[i] = c.Value(i)
		if c.IsMissing(i) != (out[i] == nil) {
			panic("IsMissing and Value do not agree")
		}
	}
	return out
}

func TestSliceTakeConcatAndArrow(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 7, 8, 9, 64, 100, 1000} {
		for _, c := range samples(n, r) {
			all := values(c)
			missing := 0
			for _, v := range all {
				if v == nil {
					missing++
				}
			}
			if c.Missing() != missing {
				t.Fatalf("%d rows of %v: Missing = %d, want %d", n, c.Dtype(), c.Missing(), missing)
			}
			from := r.IntN(n + 1)
			to := from + r.IntN(n-from+1)
			part := c.Slice(from, to)
			same(t, "Slice", values(part), all[from:to])
			back, err := FromArrow(part.Arrow())
			if err != nil {
				t.Fatal(err)
			}
			same(t, "Arrow", values(back), all[from:to])
			rows := make([]int, r.IntN(50))
			want := make([]any, len(rows))
			for i := range rows {
				if rows[i] = r.IntN(n+1) - 1; rows[i] >= 0 {
					want[i] = all[rows[i]]
				}
			}
			same(t, "Take", values(c.Take(rows)), want)
			joined, err := Concat(part, c, Empty(c.Dtype()), c.Take(rows))
			if err != nil {
				t.Fatal(err)
			}
			same(t, "Concat", values(joined), append(append(append([]any{}, all[from:to]...), all...), want...))
		}
	}
}

func same(t *testing.T, what string, got, want []any) {
	t.Helper()
	if len(got) == 0 && len(want) == 0 {
		return
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

func TestConcatPromotes(t *testing.T) {
	c, err := Concat(NewInts([]int64{1, 2}, []bool{true, false}), NewFloats([]float64{0.5}))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "Concat", values(c), []any{1.0, nil, 0.5})
	if _, err := Concat(NewInts(nil, nil), NewBools(nil, nil)); err == nil {
		t.Error("int64 and bool went together")
	}
}

func TestCompact(t *testing.T) {
	few, many := make([]string, 1000), make([]string, 1000)
	for i := range few {
		few[i], many[i] = fmt.Sprint("some word ", i%3), fmt.Sprint("some word ", i)
	}
	if _, ok := NewStrings(few, nil).(Dict); !ok {
		t.Error("three words are no Dict")
	}
	if _, ok := NewStrings(many, nil).(Strings); !ok {
		t.Error("a thousand words are a Dict")
	}
}
