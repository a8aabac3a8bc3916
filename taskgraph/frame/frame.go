package frame

import (
	"fmt"
	"slices"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// DataFrame is a table: columns with names, all with the same number of rows, and the labels
// of the rows. It never changes.
type DataFrame struct {
	names   []string
	columns []column.Column
	index   *Index
}

// newFrame is a frame whose rows are numbered.
func newFrame(names []string, columns []column.Column) *DataFrame {
	n := 0
	if len(columns) > 0 {
		n = columns[0].Len()
	}
	return &DataFrame{names, columns, rangeIndex(n)}
}

// New makes a frame of series, which have to have the same number of values. Their labels
// are those of the first.
func New(columns ...*Series) *DataFrame {
	if len(columns) == 0 {
		return newFrame(nil, nil)
	}
	df := &DataFrame{index: columns[0].index}
	for _, s := range columns {
		df = df.With(s.name, s)
	}
	return df
}

// Names are the names of the columns.
func (df *DataFrame) Names() []string { return slices.Clone(df.names) }

// Shape is how many rows and columns there are.
func (df *DataFrame) Shape() (rows, columns int) { return df.Len(), len(df.names) }

// Len is how many rows there are.
func (df *DataFrame) Len() int { return df.index.n }

// NBytes is how much memory the columns take.
func (df *DataFrame) NBytes() int {
	n := 0
	for _, c := range df.columns {
		n += c.NBytes()
	}
	return n
}

// Index is the labels of the rows.
func (df *DataFrame) Index() *Index { return df.index }

// Col is the column of a name. A name that is not there panics.
func (df *DataFrame) Col(name string) *Series {
	return df.series(position("Col", name, df.names))
}

func (df *DataFrame) series(i int) *Series { return &Series{df.names[i], df.columns[i], df.index} }

// Has reports whether there is a column of a name.
func (df *DataFrame) Has(name string) bool { return slices.Contains(df.names, name) }

// Columns are all columns.
func (df *DataFrame) Columns() []*Series {
	all := make([]*Series, len(df.names))
	for i := range all {
		all[i] = df.series(i)
	}
	return all
}

// Dtypes are the types of the columns, as a table with a row for each.
func (df *DataFrame) Dtypes() *Series {
	types := make([]string, len(df.columns))
	for i, c := range df.columns {
		types[i] = c.Dtype().String()
	}
	return &Series{"", column.NewStrings(types, nil), labels("", df.names)}
}

// labels is an index of texts.
func labels(name string, texts []string) *Index {
	return newIndex([]string{name}, []column.Column{column.NewStrings(texts, nil)})
}

// Select is the columns of the names, in that order.
func (df *DataFrame) Select(names ...string) *DataFrame {
	columns := make([]column.Column, len(names))
	for i, name := range names {
		columns[i] = df.columns[position("Select", name, df.names)]
		if slices.Contains(names[:i], name) {
			panic(errorf("Select", "the column %q is asked for twice", name))
		}
	}
	return &DataFrame{slices.Clone(names), columns, df.index}
}

// Drop is the frame without the columns of the names.
func (df *DataFrame) Drop(names ...string) *DataFrame {
	for _, name := range names {
		position("Drop", name, df.names)
	}
	out := &DataFrame{index: df.index}
	for i, name := range df.names {
		if !slices.Contains(names, name) {
			out.names = append(out.names, name)
			out.columns = append(out.columns, df.columns[i])
		}
	}
	return out
}

// Rename gives columns other names, in pairs: Rename("old", "new", "older", "newer").
func (df *DataFrame) Rename(pairs ...string) *DataFrame {
	if len(pairs)%2 != 0 {
		panic(errorf("Rename", "names come in pairs, the old one and the new one; there are %d", len(pairs)))
	}
	names := slices.Clone(df.names)
	for i := 0; i < len(pairs); i += 2 {
		names[position("Rename", pairs[i], df.names)] = pairs[i+1]
	}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			panic(errorf("Rename", "two columns would have the name %q", name))
		}
	}
	return &DataFrame{names, df.columns, df.index}
}

// With is the frame with a further column, or another one of a name that is there. value is
// a *Series, whose values go to the rows of equal labels; a slice with a value for each row
// (see NewSeries); or one number, text, bool or time for all rows,
// or nil, for a column of which all values are missing.
func (df *DataFrame) With(name string, value any) *DataFrame {
	c := df.columnFor(name, value)
	out := &DataFrame{slices.Clone(df.names), slices.Clone(df.columns), df.index}
	if df.isBlank() {
		out.index = rangeIndex(c.Len())
		if s, ok := value.(*Series); ok {
			out.index = s.index
		}
	}
	if i := slices.Index(df.names, name); i >= 0 {
		out.columns[i] = c
		return out
	}
	out.names, out.columns = append(out.names, name), append(out.columns, c)
	return out
}

// isBlank reports whether there are neither rows nor columns.
func (df *DataFrame) isBlank() bool { return len(df.names) == 0 && df.index.n == 0 }

// columnFor is the column that With puts in.
func (df *DataFrame) columnFor(name string, value any) column.Column {
	if s, ok := value.(*Series); ok {
		if s == nil {
			panic(errorf("With", "the series for the column %q is nil", name))
		}
		if df.isBlank() || s.index.equal(df.index) {
			return s.values
		}
		if s.index.isRange() && df.index.isRange() && s.Len() != df.Len() {
			panic(errorf("With", "the column %q has %d rows, and the frame has %d", name, s.Len(), df.Len()))
		}
		return s.values.Take(s.index.rowsOf("With", df.index))
	}
	if value == nil {
		return column.Nothing(Float64, df.Len())
	}
	if one, ok := scalarOf("With", value); ok {
		return scalarColumn(one, df.Len())
	}
	c := columnOf("With", name, value)
	if !df.isBlank() && c.Len() != df.Len() {
		panic(errorf("With", "the column %q has %d rows, and the frame has %d", name, c.Len(), df.Len()))
	}
	return c
}

// take are rows of the frame.
func (df *DataFrame) take(rows []int) *DataFrame {
	columns := make([]column.Column, len(df.columns))
	for i, c := range df.columns {
		columns[i] = c.Take(rows)
	}
	return &DataFrame{df.names, columns, df.index.take(rows)}
}

func (df *DataFrame) slice(from, to int) *DataFrame {
	columns := make([]column.Column, len(df.columns))
	for i, c := range df.columns {
		columns[i] = c.Slice(from, to)
	}
	return &DataFrame{df.names, columns, df.index.slice(from, to)}
}

// SetIndex makes columns the labels of the rows; they are columns no longer.
func (df *DataFrame) SetIndex(names ...string) *DataFrame {
	if len(names) == 0 {
		panic(errorf("SetIndex", "it takes the name of a column, or several"))
	}
	keys := df.Select(names...)
	out := df.Drop(names...)
	return &DataFrame{out.names, out.columns, newIndex(keys.names, keys.columns)}
}

// ResetIndex makes the labels columns again, in front of the others, and numbers the rows.
// Labels without a name become a column "index".
func (df *DataFrame) ResetIndex() *DataFrame {
	names, levels := df.index.columns()
	out := newFrame(nil, nil)
	for i, name := range names {
		if name == "" {
			name = "index"
		}
		if df.Has(name) || slices.Contains(out.names, name) {
			panic(errorf("ResetIndex", "there is a column %q already: give it another name with Rename", name))
		}
		out.names, out.columns = append(out.names, name), append(out.columns, levels[i])
	}
	return newFrame(append(out.names, df.names...), append(out.columns, df.columns...))
}

// DropIndex numbers the rows and forgets their labels.
func (df *DataFrame) DropIndex() *DataFrame {
	return &DataFrame{df.names, df.columns, rangeIndex(df.Len())}
}

// Row is one row of a frame.
type Row struct {
	df *DataFrame
	at int
}

// ILoc is the row of a number; -1 is the last.
func (df *DataFrame) ILoc(row int) Row { return Row{df, rowNumber("ILoc", row, df.Len())} }

// Loc is the row of a label; where the index has several levels, it takes a label for each.
func (df *DataFrame) Loc(label ...any) Row { return Row{df, df.index.find("Loc", label)} }

// Label is the label of the row.
func (r Row) Label() any { return r.df.index.Label(r.at) }

// Get is the value of a column: an int64, float64, bool, string or time.Time, nil if missing.
func (r Row) Get(name string) any {
	return r.df.columns[position("Row", name, r.df.names)].Value(r.at)
}

// Float is the value of a column of numbers, NaN if it is missing.
func (r Row) Float(name string) float64 {
	i := position("Row", name, r.df.names)
	values, ok := column.Floats64(r.df.columns[i].Slice(r.at, r.at+1))
	if !ok {
		panic(errorf("Row", "the column %q has values of type %v: numbers are needed", name, r.df.columns[i].Dtype()))
	}
	return values[0]
}

// Text is the value of a column as text, "" if it is missing.
func (r Row) Text(name string) string {
	if v := r.Get(name); v != nil {
		return fmt.Sprint(v)
	}
	return ""
}

// IsNull reports whether the value of a column is missing.
func (r Row) IsNull(name string) bool { return r.Get(name) == nil }
