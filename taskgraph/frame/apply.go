package frame

import (
	"math"
	"reflect"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// Apply calls a function with every value that is there; missing ones stay missing. fn takes
// one value of the series' type and returns one number, text, truth value or time, of which
// the result is a series:
//
//	s.Apply(math.Sqrt)
//	s.Apply(strings.ToLower)
//	s.Apply(func(minutes float64) string { ... })
//
// Numbers become those that the function takes: int64 goes into a float64 or int parameter.
// A parameter of type any takes values of every type. A function that may have no answer
// returns any, and nil for a missing value.
func (s *Series) Apply(fn any) *Series {
	switch fn := fn.(type) {
	case func(float64) float64:
		return s.with(column.NewFloats(applied(s, s.floats("Apply"), fn)))
	case func(float64) bool:
		return s.with(column.Bools{Values: applied(s, s.floats("Apply"), fn), Valid: s.valid()})
	case func(int64) int64:
		if c, ok := s.values.(column.Ints); ok {
			return s.with(column.Ints{Values: applied(s, c.Values, fn), Valid: c.Valid})
		}
	case func(string) string:
		if c, ok := s.values.(column.Texts); ok {
			return s.with(mapTexts(c, fn))
		}
	case func(string) bool:
		if c, ok := s.values.(column.Texts); ok {
			return s.with(column.Bools{Values: textsWhere(c, fn), Valid: s.valid()})
		}
	}
	return s.applyAny(fn)
}

// applied are the results for the values that are there, zero (or NaN) for the others.
func applied[A, B any](s *Series, values []A, fn func(A) B) []B {
	out := make([]B, len(values))
	complete := s.values.Missing() == 0
	nan, isFloats := any(out).([]float64)
	for row, x := range values {
		switch {
		case complete || !s.values.IsMissing(row):
			out[row] = fn(x)
		case isFloats:
			nan[row] = math.NaN()
		}
	}
	return out
}

// valid is a bitmap of the values that are there, nil if all are.
func (s *Series) valid() column.Bitmap {
	if s.values.Missing() == 0 {
		return nil
	}
	out := column.NewBitmap(s.Len())
	for row := range s.Len() {
		if s.values.IsMissing(row) {
			out.Clear(row)
		}
	}
	return out
}

// mapTexts are other texts for texts: for those of a Dict, one for each word.
func mapTexts(c column.Texts, fn func(string) string) column.Column {
	if d, ok := c.(column.Dict); ok {
		return mapWords(d, fn)
	}
	out := column.NewText(c.Len())
	for row := range c.Len() {
		if c.IsMissing(row) {
			out.AppendMissing()
		} else {
			out.Append(fn(c.Text(row)))
		}
	}
	return column.Compact(out.Column())
}

func mapWords(d column.Dict, fn func(string) string) column.Column {
	numbers, anew := numbering[string]{}, make([]int32, len(d.Words))
	var words []string
	for i, word := range d.Words {
		other := fn(word)
		code := numbers.of(other)
		if anew[i] = int32(code); code == len(words) {
			words = append(words, other)
		}
	}
	out := column.Dict{Codes: make([]int32, len(d.Codes)), Words: words}
	for row, code := range d.Codes {
		if out.Codes[row] = code; code >= 0 {
			out.Codes[row] = anew[code]
		}
	}
	return out
}

// textsWhere says for which texts a function is true, false for missing ones. It is asked
// once for each word of a Dict.
func textsWhere(c column.Texts, fn func(string) bool) []bool {
	out := make([]bool, c.Len())
	d, isDict := c.(column.Dict)
	if !isDict {
		for row := range out {
			out[row] = !c.IsMissing(row) && fn(c.Text(row))
		}
		return out
	}
	answers := make([]bool, len(d.Words))
	for i, word := range d.Words {
		answers[i] = fn(word)
	}
	for row, code := range d.Codes {
		out[row] = code >= 0 && answers[code]
	}
	return out
}

// applyAny calls a function of any type by reflection.
func (s *Series) applyAny(fn any) *Series {
	f := reflect.ValueOf(fn)
	if fn == nil || f.Kind() != reflect.Func || f.IsNil() || f.Type().IsVariadic() || f.Type().NumIn() != 1 || f.Type().NumOut() != 1 {
		panic(errorf("Apply", "it takes a function of one value that returns one, not a %T", fn))
	}
	in := f.Type().In(0)
	cells := make([]any, s.Len())
	for row := range cells {
		v := s.values.Value(row)
		if v == nil {
			continue
		}
		cells[row] = plain("Apply", s.name, f.Call([]reflect.Value{s.argument(v, in)})[0])
	}
	c, err := columnOfCells(cells, f.Type().Out(0))
	if err != nil {
		panic(errorf("Apply", "the results: %v", err))
	}
	return s.with(c)
}

// argument is a value as a function takes it.
func (s *Series) argument(v any, in reflect.Type) reflect.Value {
	x := reflect.ValueOf(v)
	switch {
	case x.Type().AssignableTo(in):
		return x
	case x.CanInt() && (reflect.Zero(in).CanInt() || reflect.Zero(in).CanUint() || reflect.Zero(in).CanFloat()):
		if to := x.Convert(in); to.CanFloat() || to.Convert(x.Type()).Int() == x.Int() {
			return to
		}
		panic(errorf("Apply", "%v of the column %q does not fit into the %v that the function takes", v, s.name, in))
	case x.CanFloat() && reflect.Zero(in).CanFloat(), x.Kind() == in.Kind() && x.Type().ConvertibleTo(in):
		return x.Convert(in)
	}
	panic(errorf("Apply", "the function takes a %v, and the column %q has values of type %v", in, s.name, s.Dtype()))
}

// Map puts other values in the place of values: those that a map has for them, or, as Apply
// does, that a function returns. Values that the map does not have become missing.
//
//	s.Map(map[string]string{"JFK": "New York", "SFO": "San Francisco"})
func (s *Series) Map(by any) *Series {
	m := reflect.ValueOf(by)
	if by == nil || m.Kind() != reflect.Map {
		return s.Apply(by)
	}
	key := m.Type().Key()
	codes, n := factorizeOne(s.values, true)
	cells := make([]any, n)
	for code, row := range firstRows(codes, n) {
		v := s.values.Value(row)
		if v == nil {
			continue
		}
		if found := m.MapIndex(s.argument(v, key)); found.IsValid() {
			cells[code] = plain("Map", s.name, found)
		}
	}
	c, err := columnOfCells(cells, m.Type().Elem())
	if err != nil {
		panic(errorf("Map", "the values of the map: %v", err))
	}
	return s.with(c.Take(codes))
}

// Apply calls a function with every row and makes a series of what it returns: numbers, texts,
// truth values or times, nil for a missing one.
//
//	df.Apply(func(r frame.Row) any { return r.Float("ArrDelay") - r.Float("DepDelay") })
//
// Arithmetic of columns is much faster: df.Col("ArrDelay").Sub(df.Col("DepDelay")).
func (df *DataFrame) Apply(fn func(row Row) any) *Series {
	if fn == nil {
		panic(errorf("Apply", "the function is nil"))
	}
	cells := make([]any, df.Len())
	for row := range cells {
		cells[row] = plain("Apply", "", reflect.ValueOf(fn(Row{df, row})))
	}
	c, err := columnOfCells(cells, nil)
	if err != nil {
		panic(errorf("Apply", "the results: %v", err))
	}
	return &Series{"", c, df.index}
}
