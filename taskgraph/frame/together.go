package frame

import "github.com/dagbook/dagbook/taskgraph/frame/column"

// Sum adds series up by their labels, as Add does: a label that one of them lacks gives a
// missing value. It is how the sums of several files become one:
//
//	total := frame.Sum(sums...).Div(frame.Sum(counts...))
//
// No series at all panics.
func Sum(series ...*Series) *Series {
	if len(series) == 0 {
		panic(errorf("Sum", "there are no series to add up"))
	}
	for i, s := range series {
		if s == nil {
			panic(errorf("Sum", "the series %d is nil", i))
		}
	}
	total := series[0]
	for _, s := range series[1:] {
		total = total.Add(s)
	}
	return total
}

// FromColumns makes a frame of pairs of a name and a slice, as NewSeries takes it, or a
// *Series:
//
//	frame.FromColumns("Origin", []string{"JFK", "LGA"}, "DepDelay", []float64{12, 30})
//
// All have to have the same number of values.
func FromColumns(pairs ...any) *DataFrame {
	if len(pairs)%2 != 0 {
		panic(errorf("FromColumns", "it takes pairs of a name and its values; there are %d", len(pairs)))
	}
	df := newFrame(nil, nil)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			panic(errorf("FromColumns", "the name of a column is a text, not a %T", pairs[i]))
		}
		if df.Has(name) {
			panic(errorf("FromColumns", "the column %q is there twice", name))
		}
		s, ok := pairs[i+1].(*Series)
		if !ok {
			s = &Series{values: columnOf("FromColumns", name, pairs[i+1])}
			s.index = rangeIndex(s.values.Len())
		}
		df = df.withColumn("FromColumns", name, s, i == 0)
	}
	return df
}

// withColumn is the frame with a further column; the first says how many rows there are.
func (df *DataFrame) withColumn(op, name string, s *Series, first bool) *DataFrame {
	if s == nil {
		panic(errorf(op, "the series for the column %q is nil", name))
	}
	if first {
		return &DataFrame{[]string{name}, []column.Column{s.values}, s.index}
	}
	if s.Len() != df.Len() {
		panic(errorf(op, "the column %q has %d values, and the ones before it have %d", name, s.Len(), df.Len()))
	}
	return df.With(name, s)
}
