package frame

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/dagbook/dagbook/taskgraph/frame/column"
	"github.com/dagbook/dagbook/taskgraph/hdf5"
)

// HDF5Options say how WriteHDF5 writes.
type HDF5Options struct {
	Gzip int // how much to compress, from 1 (fast) to 9; 0 not at all
}

// WriteHDF5 writes the frame into a new HDF5 file, as one table of records under a name,
// "/data": what h5py reads as an array with fields, pandas.read_hdf as a frame, and
// ReadHDF5. A file of the same name is replaced, with all that is in it. Labels that are not
// numbers of rows are the first fields.
//
// Texts have a fixed length in such a table, and times are whole numbers, nanoseconds since
// 1970. Values that are missing are NaN: whole numbers and truth values among which some are
// missing are written as floating-point numbers, and texts as a text that no other row has.
// Attributes of the table tell ReadHDF5 what they were.
func (df *DataFrame) WriteHDF5(path, name string, options ...HDF5Options) error {
	o, err := only(options)
	if err != nil {
		return err
	}
	whole := df
	levels := len(df.index.levels)
	if levels > 0 {
		whole = df.ResetIndex()
	}
	if len(whole.names) == 0 {
		return fmt.Errorf("the frame has no columns: there is nothing to write to %s", path)
	}
	f, err := hdf5.CreateFile(path, hdf5.F_ACC_TRUNC)
	if err != nil {
		return err
	}
	if err := whole.writeTable(f, name, levels, o); err != nil {
		return errors.Join(err, f.Discard())
	}
	return f.Close()
}

// field is a column as records of a file have it.
type field struct {
	name   string
	kind   *hdf5.Datatype
	values any    // a slice
	was    string // the type of the column where that of the file does not tell it
	marker string // the text that stands for a missing one
	marked bool
}

func (df *DataFrame) writeTable(f *hdf5.File, name string, levels int, o HDF5Options) error {
	fields := make([]field, len(df.names))
	record, values, size := 0, make(map[string]any), 0
	for i, column := range df.names {
		var err error
		if fields[i], err = newField(df.series(i)); err != nil {
			return fmt.Errorf("the column %q cannot be written to %s: %w", column, f.FileName(), err)
		}
		record += int(fields[i].kind.Size())
	}
	t, err := hdf5.NewCompoundType(record)
	if err != nil {
		return err
	}
	for _, fd := range fields {
		if err := t.Insert(fd.name, size, fd.kind); err != nil {
			return err
		}
		size += int(fd.kind.Size())
		values[fd.name] = fd.values
	}
	d, err := makeTable(f, name, &t.Datatype, df.Len(), o)
	if err != nil {
		return err
	}
	if df.Len() > 0 {
		if err := d.Write(values); err != nil {
			return err
		}
	}
	return describe(d, fields, levels)
}

// bytesOfChunk is about how many bytes are in a chunk of a table.
const bytesOfChunk = 1 << 18

// makeTable makes an empty table that has room for n records, and can grow.
func makeTable(f *hdf5.File, name string, t *hdf5.Datatype, n int, o HDF5Options) (*hdf5.Dataset, error) {
	p, err := hdf5.NewPropList(hdf5.P_DATASET_CREATE)
	if err == nil {
		err = p.SetChunk([]uint{uint(max(1, min(n, bytesOfChunk/int(t.Size()))))})
	}
	if err == nil && o.Gzip != 0 {
		if err = p.SetShuffle(); err == nil {
			err = p.SetDeflate(o.Gzip)
		}
	}
	if err != nil {
		return nil, err
	}
	space, err := hdf5.CreateSimpleDataspace([]uint{uint(n)}, []uint{hdf5.S_UNLIMITED})
	if err != nil {
		return nil, err
	}
	for i, r := range name {
		if r == '/' && i > 0 && !f.LinkExists(name[:i]) {
			if _, err := f.CreateGroup(name[:i]); err != nil {
				return nil, err
			}
		}
	}
	return f.CreateDatasetWith(name, t, space, p)
}

// newField is a column as a file has it.
func newField(s *Series) (field, error) {
	fd := field{name: s.name}
	if s.name == "" || strings.ContainsRune(s.name, 0) {
		return fd, fmt.Errorf("a field of a table needs a name: give it one with Rename")
	}
	switch c := s.values.(type) {
	case column.Floats:
		fd.values = c.Values
	case column.Ints:
		if fd.values = c.Values; c.Missing() > 0 {
			fd.was = "int64"
			return fd.asFloats(c)
		}
	case column.Bools:
		if fd.values = c.Values; c.Missing() > 0 {
			fd.was = "bool"
			return fd.asFloats(c)
		}
	case column.Times:
		fd.was = "timestamp"
		values := slices.Clone(c.Values)
		for row := range values {
			if c.IsMissing(row) {
				values[row] = math.MinInt64 // pandas' NaT
			}
		}
		fd.values = values
	case column.Texts:
		return fd.texts(c)
	}
	return fd.typed()
}

func (fd field) typed() (field, error) {
	var sample any
	switch fd.values.(type) {
	case []float64:
		sample = 0.0
	case []int64:
		sample = int64(0)
	case []bool:
		sample = false
	}
	t, err := hdf5.NewDatatypeFromValue(sample)
	fd.kind = t
	return fd, err
}

// exact is the largest whole number up to which floating-point numbers have all.
const exact = 1 << 53

// asFloats is for whole numbers and truth values among which some are missing.
func (fd field) asFloats(c column.Column) (field, error) {
	if ints, ok := c.(column.Ints); ok {
		for row, x := range ints.Values {
			if x > exact || x < -exact {
				return fd, fmt.Errorf("row %d has the number %d, which a floating-point number does not hold, and whole numbers of HDF5 cannot be missing: fill them with FillNull, or leave out the rows with DropNull", row, x)
			}
		}
	}
	fd.values, _ = column.Floats64(c)
	return fd.typed()
}

// texts finds the longest text, and one that is nowhere for what is missing.
func (fd field) texts(c column.Texts) (field, error) {
	values, longest := make([]string, c.Len()), 1
	seen := map[string]bool{}
	candidates := []string{"", "NaN", "<NA>", "NULL", "missing"}
	for row := range values {
		values[row] = c.Text(row)
		longest = max(longest, len(values[row]))
		if strings.HasSuffix(values[row], "\x00") {
			return fd, fmt.Errorf("row %d ends with a zero byte, which fills texts up in HDF5", row)
		}
		if !c.IsMissing(row) && slices.Contains(candidates, values[row]) {
			seen[values[row]] = true
		}
	}
	if c.Missing() > 0 {
		at := slices.IndexFunc(candidates, func(m string) bool { return !seen[m] })
		if at < 0 {
			return fd, fmt.Errorf("some texts are missing, and all of %q are texts of it: say what missing ones are with FillNull", candidates)
		}
		fd.marker, fd.marked = candidates[at], true
		longest = max(longest, len(fd.marker))
		for row := range values {
			if c.IsMissing(row) {
				values[row] = fd.marker
			}
		}
	}
	fd.values = values
	var err error
	fd.kind, err = hdf5.CreateDatatype(hdf5.T_STRING, longest)
	return fd, err
}

// describe writes the attributes: those of a PyTables table, and what fields were.
func describe(d *hdf5.Dataset, fields []field, levels int) error {
	write := func(name, text string) error {
		t, err := hdf5.CreateDatatype(hdf5.T_STRING, max(1, len(text)))
		if err != nil {
			return err
		}
		space, err := hdf5.CreateDataspace(hdf5.S_SCALAR)
		if err != nil {
			return err
		}
		a, err := d.CreateAttribute(name, t, space)
		if err != nil {
			return err
		}
		return a.Write(&text, t)
	}
	attributes := [][2]string{{"CLASS", "TABLE"}, {"VERSION", "2.7"}, {"TITLE", ""}}
	if levels > 0 {
		attributes = append(attributes, [2]string{"INDEX_LEVELS", fmt.Sprint(levels)})
	}
	for i, fd := range fields {
		attributes = append(attributes, [2]string{fmt.Sprintf("FIELD_%d_NAME", i), fd.name})
		if fd.was != "" {
			attributes = append(attributes, [2]string{fmt.Sprintf("FIELD_%d_WAS", i), fd.was})
		}
		if fd.marked {
			attributes = append(attributes, [2]string{fmt.Sprintf("FIELD_%d_MISSING", i), fd.marker})
		}
	}
	for _, a := range attributes {
		if err := write(a[0], a[1]); err != nil {
			return err
		}
	}
	return nil
}
