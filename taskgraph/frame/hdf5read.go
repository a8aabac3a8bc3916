package frame

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
	"github.com/dagbook/dagbook/taskgraph/hdf5"
)

// ReadHDF5 reads a table of an HDF5 file by its name: records as WriteHDF5, h5py and PyTables
// write them, or what pandas' to_hdf writes with format="table" or, for numbers, format="fixed".
// A dataset of one dimension is a column "values", one of two dimensions has columns 0, 1, 2 ...
// Fields that are arrays become columns with their position behind the name, name_0, name_1.
func ReadHDF5(path, name string) (*DataFrame, error) {
	f, err := hdf5.OpenFile(path, hdf5.F_ACC_RDONLY)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	df, err := readHDF5(f, name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return df, nil
}

func readHDF5(f *hdf5.File, name string) (*DataFrame, error) {
	if g, err := f.OpenGroup(name); err == nil {
		return readGroup(g, name)
	}
	d, err := f.OpenDataset(name)
	if err != nil {
		return nil, err
	}
	return readTable(d)
}

// readGroup reads what pandas writes.
func readGroup(g *hdf5.Group, name string) (*DataFrame, error) {
	switch kind := attribute(g, "pandas_type"); {
	case g.LinkExists("table"):
		d, err := g.OpenDataset("table")
		if err != nil {
			return nil, err
		}
		df, err := readTable(d)
		if err != nil {
			return nil, err
		}
		return pandasTable(d, df)
	case kind == "frame" && g.LinkExists("axis0"):
		return pandasFixed(g)
	case kind == "series":
		d, err := g.OpenDataset("values")
		if err != nil {
			return nil, err
		}
		return readTable(d)
	}
	names, err := g.Names()
	if err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("%q is a group and no table; it has %q", name, names)
}

// attributed is what has attributes.
type attributed interface {
	OpenAttribute(name string) (*hdf5.Attribute, error)
}

// attribute is a text attribute, "" if there is none.
func attribute(of attributed, name string) string {
	a, err := of.OpenAttribute(name)
	if err != nil {
		return ""
	}
	v, err := a.Value()
	if err != nil {
		return ""
	}
	text, _ := v.(string)
	return text
}

// readTable reads records, or numbers in one or two dimensions.
func readTable(d *hdf5.Dataset) (*DataFrame, error) {
	t, err := d.Datatype()
	if err != nil {
		return nil, err
	}
	values, err := d.ReadAll()
	if err != nil {
		return nil, err
	}
	dims := d.Dims()
	n := 1
	if len(dims) > 0 {
		n = dims[0]
	}
	if len(dims) > 2 || t.Class() == hdf5.T_COMPOUND && len(dims) > 1 {
		return nil, fmt.Errorf("the dataset %s has %d dimensions: a table has one, or two if it is of numbers", d.Name(), len(dims))
	}
	out := newFrame(nil, nil)
	records, ok := values.(map[string]any)
	if !ok {
		if err := out.addFields("values", values, n, len(dims) == 2); err != nil {
			return nil, err
		}
		return numbered(out, n), nil
	}
	for i, name := range t.Members() {
		if records[name] == nil {
			return nil, fmt.Errorf("the field %q of %s is of a type that a column cannot hold", name, d.Name())
		}
		if err := out.addFields(name, records[name], n, false); err != nil {
			return nil, err
		}
		if last := len(out.names) - 1; last >= 0 && out.names[last] == name {
			out.columns[last] = restored(d, i, out.columns[last])
		}
	}
	out = numbered(out, n)
	if levels, err := strconv.Atoi(attribute(d, "INDEX_LEVELS")); err == nil && levels > 0 && levels <= len(out.names) {
		out = out.SetIndex(out.names[:levels]...)
	}
	return out, nil
}

func numbered(df *DataFrame, n int) *DataFrame {
	return &DataFrame{df.names, df.columns, rangeIndex(n)}
}

// addFields adds a column, or several of values that are n times as many.
func (df *DataFrame) addFields(name string, values any, n int, plain bool) error {
	v := reflect.ValueOf(values)
	if v.Kind() != reflect.Slice {
		return fmt.Errorf("the field %q has values of type %T, which a column cannot hold", name, values)
	}
	per := 1
	if n > 0 {
		per = v.Len() / n
	}
	if per == 1 && !plain {
		c, err := fieldColumn(values)
		df.add(&Series{name: name, values: c})
		return err
	}
	for k := range per {
		part := reflect.MakeSlice(v.Type(), n, n)
		for row := range n {
			part.Index(row).Set(v.Index(row*per + k))
		}
		c, err := fieldColumn(part.Interface())
		if err != nil {
			return err
		}
		title := fmt.Sprintf("%s_%d", name, k)
		if plain {
			title = fmt.Sprint(k)
		}
		df.add(&Series{name: title, values: c})
	}
	return nil
}

// fieldColumn is the column of a slice that a file gave.
func fieldColumn(values any) (c column.Column, err error) {
	defer told(&err)
	switch values := values.(type) {
	case []float64:
		return column.NewFloats(values), nil
	case []int64:
		return column.NewInts(values, nil), nil
	}
	return columnOf("ReadHDF5", "", values), nil
}

// restored is a column as it was before it was written.
func restored(d *hdf5.Dataset, i int, c column.Column) column.Column {
	switch was := attribute(d, fmt.Sprintf("FIELD_%d_WAS", i)); {
	case was == "timestamp" && c.Dtype() == Int64:
		ints := c.(column.Ints)
		valid := make([]bool, len(ints.Values))
		for row, x := range ints.Values {
			if valid[row] = x != math.MinInt64; !valid[row] {
				ints.Values[row] = 0
			}
		}
		return column.Times{Values: ints.Values, Valid: column.NewValid(valid)}
	case (was == "int64" || was == "bool") && c.Dtype() == Float64:
		return wholeAgain(c.(column.Floats).Values, was)
	}
	texts, ok := c.(column.Texts)
	a, err := d.OpenAttribute(fmt.Sprintf("FIELD_%d_MISSING", i))
	if !ok || err != nil {
		return c
	}
	v, _ := a.Value()
	marker, _ := v.(string)
	values, valid := make([]string, texts.Len()), make([]bool, texts.Len())
	for row := range values {
		values[row] = texts.Text(row)
		valid[row] = values[row] != marker
	}
	return column.NewStrings(values, valid)
}

func wholeAgain(floats []float64, was string) column.Column {
	ints, bools, valid := make([]int64, len(floats)), make([]bool, len(floats)), make([]bool, len(floats))
	for row, x := range floats {
		if valid[row] = x == x; valid[row] {
			ints[row], bools[row] = int64(x), x != 0
		}
	}
	if was == "bool" {
		return column.NewBools(bools, valid)
	}
	return column.NewInts(ints, valid)
}

// pandasTable gives the columns of pandas' blocks their names, and makes "index" the labels.
// The names are in attributes, lists of texts as Python's pickle writes them.
func pandasTable(d *hdf5.Dataset, df *DataFrame) (*DataFrame, error) {
	out := newFrame(nil, nil)
	for i, name := range df.names {
		block, place, ok := strings.Cut(strings.TrimPrefix(name, "values_block_"), "_")
		if !strings.HasPrefix(name, "values_block_") {
			out.add(&Series{name: name, values: df.columns[i]})
			continue
		}
		titles := pickledTexts(attribute(d, "values_block_"+block+"_kind"))
		k := 0
		if ok {
			k, _ = strconv.Atoi(place)
		}
		if k >= len(titles) {
			return nil, fmt.Errorf("the names of the columns of pandas' block %s cannot be read", block)
		}
		c, err := pandasTimes(df.columns[i], attribute(d, "values_block_"+block+"_dtype"))
		if err != nil {
			return nil, fmt.Errorf("the column %q: %w", titles[k], err)
		}
		out.add(&Series{name: titles[k], values: c})
	}
	out = numbered(out, df.Len())
	if out.Has("index") {
		return out.SetIndex("index").unnamed(), nil
	}
	return out, nil
}

// pandasTimes makes times of whole numbers that pandas says are: datetime64[us], say. The
// smallest number stands for a missing one (NaT).
func pandasTimes(c column.Column, dtype string) (column.Column, error) {
	unit, ok := strings.CutPrefix(dtype, "datetime64")
	ints, whole := c.(column.Ints)
	if !ok || !whole {
		return c, nil
	}
	perSecond := int64(1e9)
	for name, n := range map[string]int64{"[s": 1, "[ms": 1e3, "[us": 1e6} {
		if strings.HasPrefix(unit, name+"]") || strings.HasPrefix(unit, name+",") {
			perSecond = n
		}
	}
	valid := make([]bool, len(ints.Values))
	for row, x := range ints.Values {
		valid[row] = x != math.MinInt64
	}
	return column.TimesOf(ints.Values, valid, perSecond)
}

// unnamed forgets the names of labels; labels that only count rows become numbers of rows.
func (df *DataFrame) unnamed() *DataFrame {
	if ints, ok := df.index.levels[0].(column.Ints); ok && len(df.index.levels) == 1 {
		counts := true
		for row, x := range ints.Values {
			counts = counts && x == int64(row)
		}
		if counts {
			return df.DropIndex()
		}
	}
	return &DataFrame{df.names, df.columns, newIndex(make([]string, len(df.index.levels)), df.index.levels)}
}

// pickledTexts are the texts of a list that Python pickled with protocol 0, in which V and a
// line is a text: (lp0, Vopen, p1, aVclose, p2, a.
func pickledTexts(pickle string) []string {
	var out []string
	for line := range strings.Lines(pickle) {
		line = strings.TrimPrefix(strings.TrimSuffix(line, "\n"), "a")
		if text, ok := strings.CutPrefix(line, "V"); ok {
			if unquoted, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`); err == nil {
				text = unquoted
			}
			out = append(out, text)
		}
	}
	return out
}

// pandasFixed reads the blocks of pandas' format "fixed".
func pandasFixed(g *hdf5.Group) (*DataFrame, error) {
	names, err := textsOf(g, "axis0")
	if err != nil {
		return nil, err
	}
	columns := make(map[string]column.Column)
	rows := 0
	for block := 0; g.LinkExists(fmt.Sprintf("block%d_items", block)); block++ {
		items, err := textsOf(g, fmt.Sprintf("block%d_items", block))
		if err != nil {
			return nil, err
		}
		d, err := g.OpenDataset(fmt.Sprintf("block%d_values", block))
		if err != nil {
			return nil, err
		}
		if attribute(d, "CLASS") == "VLARRAY" {
			return nil, fmt.Errorf("the columns %q are Python objects, which only Python reads: write them with to_hdf(..., format=\"table\")", items)
		}
		df, err := readTable(d)
		if err != nil {
			return nil, err
		}
		if len(df.columns) != len(items) {
			return nil, fmt.Errorf("block %d has %d columns and %d names", block, len(df.columns), len(items))
		}
		rows = df.Len()
		for i, item := range items {
			c := df.columns[i]
			if columns[item], err = pandasTimes(c, attribute(d, "value_type")); err != nil {
				return nil, fmt.Errorf("the column %q: %w", item, err)
			}
		}
	}
	out := newFrame(nil, nil)
	for _, name := range names {
		if columns[name] == nil {
			return nil, fmt.Errorf("the column %q has no values", name)
		}
		out.add(&Series{name: name, values: columns[name]})
	}
	return numbered(out, rows).withAxis(g)
}

// withAxis makes axis1 the labels.
func (df *DataFrame) withAxis(g *hdf5.Group) (*DataFrame, error) {
	d, err := g.OpenDataset("axis1")
	if err != nil || len(d.Dims()) != 1 || d.Dims()[0] != df.Len() {
		return df, nil // labels of several levels are kept otherwise
	}
	axis, err := readTable(d)
	if err != nil {
		return nil, err
	}
	return (&DataFrame{df.names, df.columns, newIndex([]string{""}, slices.Clone(axis.columns))}).unnamed(), nil
}

func textsOf(g *hdf5.Group, name string) ([]string, error) {
	d, err := g.OpenDataset(name)
	if err != nil {
		return nil, err
	}
	var out []string
	return out, d.Read(&out)
}
