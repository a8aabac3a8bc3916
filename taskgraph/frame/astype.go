package frame

import (
	"math"
	"strconv"
	"strings"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// AsType is the values as those of another type. Fractions are cut to whole numbers; texts are
// read as numbers, truth values ("true", "false") or times, and a text that is none panics and
// says in which row it is; other values become texts as a table shows them. Truth values are 1
// and 0, and numbers other than 0 true; times are nanoseconds since 1970. Missing values stay
// missing.
func (s *Series) AsType(to Dtype) *Series {
	from := s.Dtype()
	switch {
	case to == from:
		return s
	case to == String:
		return s.with(column.NewStrings(cells(s.values), s.there()))
	case from == String:
		return s.with(s.parsed(to))
	case to == Float64 && from != Timestamp:
		return s.with(column.NewFloats(s.Floats()))
	case to == Int64 && from != Timestamp:
		return s.with(s.truncated())
	case to == Bool && from.IsNumber():
		values := s.floats("AsType")
		out := make([]bool, len(values))
		for i, x := range values {
			out[i] = x == x && x != 0
		}
		return s.with(column.Bools{Values: out, Valid: s.valid()})
	case to == Int64:
		c := s.values.(column.Times)
		return s.with(column.Ints{Values: c.Values, Valid: c.Valid})
	case to == Timestamp && from == Int64:
		c := s.values.(column.Ints)
		return s.with(column.Times{Values: c.Values, Valid: c.Valid})
	}
	panic(errorf("AsType", "values of type %v (the column %q) cannot become %v", from, s.name, to))
}

// there has a truth value for each value, nil if all are there.
func (s *Series) there() []bool {
	valid := s.valid()
	if valid == nil {
		return nil
	}
	out := make([]bool, s.Len())
	for row := range out {
		out[row] = valid.Has(row)
	}
	return out
}

// truncated are numbers without their fractions.
func (s *Series) truncated() column.Column {
	values := s.floats("AsType")
	out := make([]int64, len(values))
	for row, x := range values {
		if x != x {
			continue
		}
		if x < math.MinInt64 || x >= math.MaxInt64 {
			panic(errorf("AsType", "%v in row %d of the column %q is no whole number of 64 bits", x, row, s.name))
		}
		out[row] = int64(x)
	}
	return column.Ints{Values: out, Valid: s.valid()}
}

// parsed are texts as values of a type.
func (s *Series) parsed(to Dtype) column.Column {
	texts := s.values.(column.Texts)
	values := make([]any, s.Len())
	for row := range values {
		if texts.IsMissing(row) {
			continue
		}
		v, ok := parseAs(strings.TrimSpace(texts.Text(row)), to)
		if !ok {
			panic(errorf("AsType", "%q in row %d of the column %q is no %v: Map or Filter can take such values out", texts.Text(row), row, s.name, to))
		}
		values[row] = v
	}
	return cellsAs(values, to)
}

// parseAs is what a text writes, nil for a missing value.
func parseAs(text string, to Dtype) (v any, ok bool) {
	switch to {
	case Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		return n, err == nil
	case Float64:
		x, err := strconv.ParseFloat(text, 64)
		return x, err == nil
	case Bool:
		switch strings.ToLower(text) {
		case "true":
			return true, true
		case "false":
			return false, true
		}
	case Timestamp:
		ns, form := column.ParseTime([]byte(text))
		return column.Time(ns), form != column.NoTime
	}
	return nil, false
}

// AsType is the frame with columns of the names as those of another type, as the series'
// AsType is.
func (df *DataFrame) AsType(to Dtype, names ...string) *DataFrame {
	out := df
	for _, name := range names {
		position("AsType", name, df.names)
		out = out.With(name, df.Col(name).AsType(to))
	}
	return out
}
