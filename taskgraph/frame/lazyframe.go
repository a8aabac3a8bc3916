package frame

import (
	"fmt"
	"reflect"
	"slices"
)

// derived is a frame of another with a step more.
func (df *LazyFrame) derived(names []string, types []Dtype, s *step) *LazyFrame {
	s.kind, s.n = frameKind, df.step.n
	return &LazyFrame{df.maker, names, types, s}
}

// Col is the column of a name. A name that is not there panics, where the names are known.
func (df *LazyFrame) Col(name string) *LazySeries {
	df.known("Col", name)
	s := &step{name: "col", kind: seriesKind, n: df.step.n, inputs: []*step{df.step}, fn: colPart, args: []any{name},
		wants: func(columns) []columns { return []columns{named(name)} }}
	return &LazySeries{df.maker, name, s}
}

func colPart(df *DataFrame, name string) (s *Series, err error) {
	defer told(&err)
	return df.Col(name), nil
}

// At is Col: what an index of a frame picks.
func (df *LazyFrame) At(name string) *LazySeries { return df.Col(name) }

// Select is the columns of the names, in that order.
func (df *LazyFrame) Select(names ...string) *LazyFrame {
	df.known("Select", names...)
	types := make([]Dtype, len(names))
	for i, name := range names {
		types[i] = df.typeOf(name)
	}
	return df.derived(slices.Clone(names), types, &step{name: "select", inputs: []*step{df.step}, fn: selectPart, args: []any{names},
		wants: func(columns) []columns { return []columns{named(names...)} }})
}

func selectPart(df *DataFrame, names []string) (out *DataFrame, err error) {
	defer told(&err)
	return df.Select(names...), nil
}

// Drop is the frame without the columns of the names.
func (df *LazyFrame) Drop(names ...string) *LazyFrame {
	df.known("Drop", names...)
	if df.names == nil {
		return df.derived(nil, nil, &step{name: "drop", inputs: []*step{df.step}, fn: dropPart, args: []any{names}})
	}
	left := slices.DeleteFunc(slices.Clone(df.names), func(name string) bool { return slices.Contains(names, name) })
	out := df.Select(left...)
	out.step.name = "drop"
	out.step.wants = func(need columns) []columns { return []columns{need.within(left)} }
	out.step.fn, out.step.args = dropPart, []any{names}
	return out
}

func dropPart(df *DataFrame, names []string) *DataFrame {
	return df.Drop(slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !df.Has(name) })...)
}

// within are the needed columns among names that are all there are.
func (c columns) within(names []string) columns {
	if c.all() {
		return named(names...)
	}
	return c
}

// Rename gives columns other names, in pairs: Rename("old", "new", "older", "newer").
func (df *LazyFrame) Rename(pairs ...string) *LazyFrame {
	if len(pairs)%2 != 0 {
		panic(errorf("Rename", "names come in pairs, the old one and the new one; there are %d", len(pairs)))
	}
	names, old := slices.Clone(df.names), map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		df.known("Rename", pairs[i])
		old[pairs[i+1]] = pairs[i]
		if at := slices.Index(df.names, pairs[i]); at >= 0 {
			names[at] = pairs[i+1]
		}
	}
	return df.derived(names, df.types, &step{name: "rename", inputs: []*step{df.step}, fn: renamePart, args: []any{pairs},
		wants: func(need columns) []columns {
			before := columns{}
			for name := range need {
				if was, ok := old[name]; ok {
					name = was
				}
				before[name] = true
			}
			return []columns{before}
		}})
}

func renamePart(df *DataFrame, pairs []string) (out *DataFrame, err error) {
	defer told(&err)
	var there []string
	for i := 0; i < len(pairs); i += 2 {
		if df.Has(pairs[i]) {
			there = append(there, pairs[i], pairs[i+1])
		}
	}
	return df.Rename(there...), nil
}

// Filter is the rows for which a series of truth values is true:
//
//	flights.Filter(flights.Col("DepDelay").Gt(60))
func (df *LazyFrame) Filter(mask *LazySeries) *LazyFrame {
	if mask == nil {
		panic(errorf("Filter", "the series of truth values is nil"))
	}
	sameParts("Filter", df.step, mask.step)
	return df.derived(df.names, df.types, &step{name: "filter", inputs: []*step{df.step, mask.step}, fn: filterPart,
		wants: func(need columns) []columns { return []columns{need, everything} }})
}

func filterPart(df *DataFrame, mask *Series) (out *DataFrame, err error) {
	defer told(&err)
	return df.Filter(mask), nil
}

// With is the frame with a further column, or another one of a name that is there: a
// *LazySeries of the same partitions, a *LazyValue, or one number, text, truth value or time.
func (df *LazyFrame) With(name string, value any) *LazyFrame {
	names, types := slices.Clone(df.names), slices.Clone(df.types)
	if df.names != nil && !slices.Contains(names, name) {
		names, types = append(names, name), append(types, 0)
	}
	s := &step{name: "with", inputs: []*step{df.step}, fn: withPart}
	switch v := value.(type) {
	case Lazy:
		sameParts("With", df.step, v.plan())
		s.inputs = append(s.inputs, v.plan())
	default:
		one, ok := scalarOf("With", value)
		if !ok {
			panic(badArgument("With", value))
		}
		s.args = append(s.args, one)
	}
	s.args = append(s.args, name)
	s.wants = func(need columns) []columns {
		others := columns{}
		for n := range need {
			if n != name {
				others[n] = true
			}
		}
		return []columns{others, everything}[:len(s.inputs)]
	}
	return df.derived(names, types, s)
}

func withPart(df *DataFrame, value any, name string) (out *DataFrame, err error) {
	defer told(&err)
	return df.With(name, value), nil
}

// DropNull is the rows in which nothing is missing, in the columns of the names or, without
// names, in any.
func (df *LazyFrame) DropNull(names ...string) *LazyFrame {
	df.known("DropNull", names...)
	s := &step{name: "drop-null", inputs: []*step{df.step}, fn: dropNullPart, args: []any{names}}
	if len(names) > 0 {
		s.wants = func(need columns) []columns { return []columns{need.and(named(names...))} }
	}
	return df.derived(df.names, df.types, s)
}

func dropNullPart(df *DataFrame, names []string) (out *DataFrame, err error) {
	defer told(&err)
	return df.DropNull(names...), nil
}

// FillNull puts one value in the place of those that are missing in the columns of the names.
func (df *LazyFrame) FillNull(value any, names ...string) *LazyFrame {
	df.known("FillNull", names...)
	one, ok := scalarOf("FillNull", value)
	if !ok {
		panic(badArgument("FillNull", value))
	}
	s := &step{name: "fill-null", inputs: []*step{df.step}, fn: fillNullPart, args: []any{one, names}}
	if len(names) > 0 {
		s.wants = func(need columns) []columns { return []columns{need.and(named(names...))} }
	}
	return df.derived(df.names, df.types, s)
}

func fillNullPart(df *DataFrame, value any, names []string) (out *DataFrame, err error) {
	defer told(&err)
	return df.FillNull(value, names...), nil
}

// MapPartitions calls a function with each partition: a func(*frame.DataFrame)
// *frame.DataFrame, with an error as a second result if it likes. The names of its columns
// are known when it is computed.
func (df *LazyFrame) MapPartitions(fn any) *LazyFrame {
	t := reflect.TypeOf(fn)
	frame := reflect.TypeFor[*DataFrame]()
	if t == nil || t.Kind() != reflect.Func || t.NumIn() != 1 || t.In(0) != frame || t.NumOut() < 1 || t.Out(0) != frame {
		panic(errorf("MapPartitions", "it takes a func(*frame.DataFrame) *frame.DataFrame, not a %T", fn))
	}
	return df.derived(nil, nil, &step{name: "map-partitions", inputs: []*step{df.step}, fn: fn})
}

// Join joins each partition with a frame that is there already, as DataFrame.Join does; how is
// Inner or Left. With Right and Outer, rows of other would come in every partition, so those
// panic. An empty on stands for the names that both have.
func (df *LazyFrame) Join(other *DataFrame, how JoinKind, on ...string) *LazyFrame {
	if how != Inner && how != Left {
		panic(errorf("Join", "a lazy frame is joined Inner or Left: compute it first for the other kinds"))
	}
	df.known("Join", on...)
	names, types := df.joined(other, on)
	return df.derived(names, types, &step{name: "join", inputs: []*step{df.step}, fn: joinPart, args: []any{other, how, on}})
}

// joined are the names and types of a join's columns, nil if they are not known or some come twice.
func (df *LazyFrame) joined(other *DataFrame, on []string) (names []string, types []Dtype) {
	if df.names == nil || other == nil {
		return nil, nil
	}
	names, types = slices.Clone(df.names), slices.Clone(df.types)
	for i, name := range other.names {
		both := slices.Contains(df.names, name)
		switch {
		case both && len(on) > 0 && !slices.Contains(on, name):
			return nil, nil
		case !both:
			names, types = append(names, name), append(types, other.columns[i].Dtype())
		}
	}
	return names, types
}

func joinPart(df, other *DataFrame, how JoinKind, on []string) (out *DataFrame, err error) {
	defer told(&err)
	return df.Join(other, how, on...), nil
}

// Len is a value: how many rows there are. It reads one column.
func (df *LazyFrame) Len() *LazyValue {
	s := &step{name: "len", kind: valueKind, n: 1, inputs: []*step{df.step}, fn: (*DataFrame).Len, tree: &tree{join: sumInts},
		wants: func(columns) []columns { return []columns{{}} }}
	return &LazyValue{df.maker, s}
}

func sumInts(parts []int) int {
	n := 0
	for _, p := range parts {
		n += p
	}
	return n
}

// Unique are the different values, in the order in which they come first.
func (s *LazySeries) Unique() *LazySeries {
	u := &step{name: "unique", kind: seriesKind, n: 1, inputs: []*step{s.step}, fn: uniquePart, tree: &tree{join: uniqueJoin}}
	return &LazySeries{s.maker, s.name, u}
}

func uniquePart(s *Series) *Series {
	codes, n := factorizeOne(s.values, true)
	rows := make([]int, 0, n)
	for row, code := range codes {
		if code == len(rows) {
			rows = append(rows, row)
		}
	}
	return &Series{s.name, s.values.Take(rows), rangeIndex(len(rows))}
}

func uniqueJoin(parts []*Series) (*Series, error) {
	all, err := concatSeries(parts)
	if err != nil {
		return nil, fmt.Errorf("Unique: %w", err)
	}
	return uniquePart(all), nil
}
