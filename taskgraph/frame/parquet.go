package frame

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
)

// Parquet files are read and written by arrow-go's package parquet/file: its package pqarrow
// would do more of it, and bring gRPC and 14 MB of program with it.

// rowsOfGroup is how many rows are in a row group of a file.
const rowsOfGroup = 1 << 20

// WriteParquet writes the frame as a Parquet file, compressed with Snappy, which pandas,
// polars, DuckDB and Spark read. The file is there when all of it is written, in place of one
// of the same name. Labels that are not numbers of rows are its first columns.
func (df *DataFrame) WriteParquet(path string) error {
	whole, levels := df, len(df.index.levels)
	if levels > 0 {
		whole = df.ResetIndex()
	}
	fields := make(schema.FieldList, len(whole.names))
	for i, c := range whole.columns {
		node, err := parquetNode(whole.names[i], c)
		if err != nil {
			return fmt.Errorf("%s cannot be written: the column %q: %w", path, whole.names[i], err)
		}
		fields[i] = node
	}
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, fields, -1)
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", path, err)
	}
	return writeWhole(path, func(w io.Writer) (err error) {
		defer broken(path, &err)
		props := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Snappy))
		out, err := file.NewParquetWriterWithError(unclosed{w}, root, file.WithWriterProps(props))
		if err != nil {
			return err
		}
		err = out.AppendKeyValueMetadata(indexLevels, strconv.Itoa(levels))
		for from := 0; err == nil && (from < whole.Len() || from == 0); from += rowsOfGroup {
			err = whole.Rows(from, min(whole.Len(), from+rowsOfGroup)).writeRowGroup(out)
		}
		return errors.Join(err, out.Close())
	})
}

// unclosed keeps the library from closing a file that others close.
type unclosed struct{ io.Writer }

func parquetNode(name string, c column.Column) (schema.Node, error) {
	optional := parquet.Repetitions.Optional
	switch c.Dtype() {
	case Int64:
		return schema.NewInt64Node(name, optional, -1), nil
	case Float64:
		return schema.NewFloat64Node(name, optional, -1), nil
	case Bool:
		return schema.NewBooleanNode(name, optional, -1), nil
	case Timestamp:
		return schema.NewPrimitiveNodeLogical(name, optional, schema.NewTimestampLogicalType(true, schema.TimeUnitNanos), parquet.Types.Int64, -1, -1)
	}
	return schema.NewPrimitiveNodeLogical(name, optional, schema.StringLogicalType{}, parquet.Types.ByteArray, -1, -1)
}

func (df *DataFrame) writeRowGroup(out *file.Writer) error {
	group, err := out.AppendRowGroupChecked()
	if err != nil {
		return err
	}
	for _, c := range df.columns {
		w, err := group.NextColumn()
		if err != nil {
			return err
		}
		if err := errors.Join(writeParquetColumn(w, c), w.Close()); err != nil {
			return err
		}
	}
	return group.Close()
}

// levels are Parquet's definition levels, 1 for a value that is there, and the values that are.
func levels[T any](c column.Column, value func(row int) T) (defined []int16, there []T) {
	defined, there = make([]int16, c.Len()), make([]T, 0, c.Len())
	for row := range defined {
		if !c.IsMissing(row) {
			defined[row] = 1
			there = append(there, value(row))
		}
	}
	return defined, there
}

func writeParquetColumn(w file.ColumnChunkWriter, c column.Column) (err error) {
	switch c := c.(type) {
	case column.Ints:
		defined, there := levels(c, func(row int) int64 { return c.Values[row] })
		_, err = w.(*file.Int64ColumnChunkWriter).WriteBatch(there, defined, nil)
	case column.Times:
		defined, there := levels(c, func(row int) int64 { return c.Values[row] })
		_, err = w.(*file.Int64ColumnChunkWriter).WriteBatch(there, defined, nil)
	case column.Floats:
		defined, there := levels(c, func(row int) float64 { return c.Values[row] })
		_, err = w.(*file.Float64ColumnChunkWriter).WriteBatch(there, defined, nil)
	case column.Bools:
		defined, there := levels(c, func(row int) bool { return c.Values[row] })
		_, err = w.(*file.BooleanColumnChunkWriter).WriteBatch(there, defined, nil)
	case column.Dict:
		words := make([]parquet.ByteArray, len(c.Words))
		for i, word := range c.Words {
			words[i] = parquet.ByteArray(word)
		}
		defined, there := levels(c, func(row int) parquet.ByteArray { return words[c.Codes[row]] })
		_, err = w.(*file.ByteArrayColumnChunkWriter).WriteBatch(there, defined, nil)
	case column.Strings:
		defined, there := levels(c, func(row int) parquet.ByteArray { return c.Bytes[c.Offsets[row]:c.Offsets[row+1]] })
		_, err = w.(*file.ByteArrayColumnChunkWriter).WriteBatch(there, defined, nil)
	}
	return err
}

// ReadParquet reads the columns of the names, in that order, of a Parquet file; without names
// all. Numbers of any width become int64 or float64, texts String, dates and timestamps
// Timestamp. Columns of lists, structs and decimals are errors unless they are not asked for.
func ReadParquet(path string, columns ...string) (df *DataFrame, err error) {
	defer broken(path, &err)
	f, err := file.OpenParquetFile(path, false)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read as a Parquet file: %w", path, err)
	}
	defer f.Close()
	if df, err = readParquet(f, columns); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return df, nil
}

// parquetSchema are the names and types of columns; 0 for those that are not supported.
func parquetSchema(path string) (names []string, types []Dtype, err error) {
	defer broken(path, &err)
	f, err := file.OpenParquetFile(path, false)
	if err != nil {
		return nil, nil, fmt.Errorf("%s cannot be read as a Parquet file: %w", path, err)
	}
	defer f.Close()
	root := f.MetaData().Schema.Root()
	for i := range root.NumFields() {
		names = append(names, root.Field(i).Name())
		d, _ := parquetType(root.Field(i))
		types = append(types, d)
	}
	return names, types, nil
}

func readParquet(f *file.Reader, columns []string) (*DataFrame, error) {
	root := f.MetaData().Schema.Root()
	labels := 0
	if text := f.MetaData().KeyValueMetadata().FindValue(indexLevels); text != nil && len(columns) == 0 {
		labels, _ = strconv.Atoi(*text)
	}
	all := make([]string, root.NumFields())
	for i := range all {
		all[i] = root.Field(i).Name()
	}
	if len(columns) == 0 {
		columns = all
	}
	out := newFrame(nil, nil)
	for _, name := range columns {
		at := slices.Index(all, name)
		if at < 0 {
			return nil, noColumn("", name, all)
		}
		if slices.Contains(out.names, name) {
			return nil, fmt.Errorf("the column %q is asked for twice, or is there twice", name)
		}
		c, err := readParquetColumn(f, root.Field(at))
		if err != nil {
			return nil, fmt.Errorf("the column %q: %w", name, err)
		}
		out.add(&Series{name: name, values: c})
	}
	out = numbered(out, int(f.NumRows()))
	if labels > 0 && labels <= len(out.names) {
		out = out.SetIndex(out.names[:labels]...)
	}
	return out, nil
}

// parquetType is the type of the column of a node, and how many of its units are a second in
// a column of times.
func parquetType(node schema.Node) (d Dtype, perSecond int64) {
	p, ok := node.(*schema.PrimitiveNode)
	if !ok || p.RepetitionType() == parquet.Repetitions.Repeated {
		return 0, 0
	}
	switch l := p.LogicalType().(type) {
	case schema.TimestampLogicalType:
		unit := map[schema.TimeUnitType]int64{schema.TimeUnitMillis: 1e3, schema.TimeUnitMicros: 1e6, schema.TimeUnitNanos: 1e9}[l.TimeUnit()]
		return Timestamp, unit
	case schema.DateLogicalType:
		return Timestamp, 0 // days
	case schema.DecimalLogicalType, schema.TimeLogicalType, schema.IntervalLogicalType:
		return 0, 0
	}
	switch p.PhysicalType() {
	case parquet.Types.Boolean:
		return Bool, 0
	case parquet.Types.Int32, parquet.Types.Int64:
		return Int64, 0
	case parquet.Types.Int96:
		return Timestamp, 1e9
	case parquet.Types.Float, parquet.Types.Double:
		return Float64, 0
	case parquet.Types.ByteArray:
		return String, 0
	}
	return 0, 0
}

// parquetText is the type of a node in words.
func parquetText(node schema.Node) string {
	if p, ok := node.(*schema.PrimitiveNode); ok && p.RepetitionType() != parquet.Repetitions.Repeated {
		return fmt.Sprintf("of the type %v (%v)", p.LogicalType(), p.PhysicalType())
	}
	return "a list, map or struct"
}

func readParquetColumn(f *file.Reader, node schema.Node) (column.Column, error) {
	d, perSecond := parquetType(node)
	if d == 0 {
		return nil, fmt.Errorf("it is %s, which a column cannot hold: leave it out by naming the others", parquetText(node))
	}
	leaf := f.MetaData().Schema.ColumnIndexByName(node.Path())
	r := &parquetColumn{dtype: d, perSecond: perSecond, optional: node.RepetitionType() == parquet.Repetitions.Optional}
	if l, ok := node.LogicalType().(schema.IntLogicalType); ok {
		r.unsigned = !l.IsSigned() && l.BitWidth() == 64
	}
	for g := range f.NumRowGroups() {
		group := f.RowGroup(g)
		chunk, err := group.Column(leaf)
		if err != nil {
			return nil, err
		}
		if err := r.read(chunk, int(group.NumRows())); err != nil {
			return nil, err
		}
	}
	return r.column()
}

// parquetColumn collects the values of a column.
type parquetColumn struct {
	dtype     Dtype
	perSecond int64
	optional  bool
	unsigned  bool // of 64 bits
	valid     []bool
	ints      []int64
	floats    []float64
	bools     []bool
	text      *column.Text
}

// batch is how many values are decoded at a time.
const batch = 1 << 13

func (c *parquetColumn) read(chunk file.ColumnChunkReader, rows int) error {
	switch chunk := chunk.(type) {
	case *file.Int32ColumnChunkReader:
		return collect(c, rows, chunk.ReadBatch, func(x int32, ok bool) { c.ints = append(c.ints, int64(x)) })
	case *file.Int64ColumnChunkReader:
		return collect(c, rows, chunk.ReadBatch, func(x int64, ok bool) { c.ints = append(c.ints, x) })
	case *file.Int96ColumnChunkReader:
		return collect(c, rows, chunk.ReadBatch, func(x parquet.Int96, ok bool) {
			ns := int64(0)
			if ok {
				ns = x.ToTime().UnixNano()
			}
			c.ints = append(c.ints, ns)
		})
	case *file.Float32ColumnChunkReader:
		return collect(c, rows, chunk.ReadBatch, func(x float32, ok bool) { c.floats = append(c.floats, float64(x)) })
	case *file.Float64ColumnChunkReader:
		return collect(c, rows, chunk.ReadBatch, func(x float64, ok bool) { c.floats = append(c.floats, x) })
	case *file.BooleanColumnChunkReader:
		return collect(c, rows, chunk.ReadBatch, func(x bool, ok bool) { c.bools = append(c.bools, x) })
	case *file.ByteArrayColumnChunkReader:
		if c.text == nil {
			c.text = column.NewText(rows)
		}
		return collect(c, rows, chunk.ReadBatch, func(x parquet.ByteArray, ok bool) {
			if ok {
				c.text.Append(string(x))
			} else {
				c.text.AppendMissing()
			}
		})
	}
	return fmt.Errorf("values of the type %v are not supported", chunk.Type())
}

// collect reads the rows of a chunk in batches and gives each value, the zero value and false
// for those that are missing.
func collect[T any](c *parquetColumn, rows int, read func(n int64, values []T, defined, repeated []int16) (int64, int, error), add func(x T, ok bool)) error {
	values, defined := make([]T, min(rows, batch)), make([]int16, min(rows, batch))
	var zero T
	for done := 0; done < rows; {
		n, there, err := read(int64(min(batch, rows-done)), values, defined, nil)
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("it has %d rows where %d are promised: the file is damaged", done, rows)
		}
		at := 0
		for _, level := range defined[:n] {
			ok := !c.optional || level > 0
			if x := zero; ok {
				if at >= there {
					return errors.New("it has less values than it promises: the file is damaged")
				}
				x = values[at]
				at++
				add(x, true)
			} else {
				add(zero, false)
			}
			c.valid = append(c.valid, ok)
		}
		done += int(n)
	}
	return nil
}

func (c *parquetColumn) column() (column.Column, error) {
	switch c.dtype {
	case Int64:
		if row := slices.IndexFunc(c.ints, func(x int64) bool { return x < 0 }); c.unsigned && row >= 0 {
			return nil, fmt.Errorf("row %d: the number %d does not fit in an int64", row, uint64(c.ints[row]))
		}
		return column.NewInts(c.ints, c.valid), nil
	case Bool:
		return column.NewBools(c.bools, c.valid), nil
	case String:
		if c.text == nil {
			return column.Empty(String), nil
		}
		return column.Compact(c.text.Column()), nil
	case Timestamp:
		return column.TimesOf(c.ints, c.valid, c.perSecond)
	}
	for row, ok := range c.valid {
		if !ok {
			c.floats[row] = math.NaN()
		}
	}
	return column.NewFloats(c.floats), nil
}
