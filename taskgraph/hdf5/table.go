package hdf5

import (
	"errors"
	"fmt"
	"io"
	"reflect"
)

// Table is a dataset of records in one dimension that grows at its end: a packet table
// of the C library. It belongs to one goroutine at a time.
type Table struct {
	d    *Dataset
	next int
}

// CreateTable makes an empty table of records of a type, chunkSize of them in a chunk,
// compressed with gzip at a level from 1 to 9, or not at all (0 or -1).
func (g *CommonFG) CreateTable(name string, dtype *Datatype, chunkSize, compression int) (*Table, error) {
	p, _ := NewPropList(P_DATASET_CREATE)
	err := p.SetChunk([]uint{uint(max(0, chunkSize))})
	if err == nil && compression > 0 {
		p.shuffle = true
		err = p.SetDeflate(compression)
	}
	if err != nil {
		return nil, err
	}
	space, err := CreateSimpleDataspace([]uint{0}, []uint{S_UNLIMITED})
	if err != nil {
		return nil, err
	}
	d, err := g.CreateDatasetWith(name, dtype, space, p)
	return &Table{d: d}, err
}

// CreateTableFrom is CreateTable for records like dtype: a value, a reflect.Type or a
// Datatype.
func (g *CommonFG) CreateTableFrom(name string, dtype any, chunkSize, compression int) (*Table, error) {
	var t *Datatype
	var err error
	switch dtype := dtype.(type) {
	case *Datatype:
		t = dtype
	case reflect.Type:
		t, err = NewDataTypeFromType(dtype)
	default:
		t, err = NewDatatypeFromValue(dtype)
	}
	if err != nil {
		return nil, err
	}
	return g.CreateTable(name, t, chunkSize, compression)
}

// OpenTable opens a dataset of one dimension as a table.
func (g *CommonFG) OpenTable(name string) (*Table, error) {
	d, err := g.OpenDataset(name)
	if err != nil {
		return nil, err
	}
	if n := len(d.Dims()); n != 1 {
		return nil, g.f.failed("open the table", name, fmt.Errorf("it has %d dimensions, and a table has one", n))
	}
	return &Table{d: d}, nil
}

// Close does nothing: what must be closed is the file.
func (t *Table) Close() error { return nil }

// IsValid reports whether the table was opened.
func (t *Table) IsValid() bool { return t != nil && t.d != nil }

// Type is the type of a record.
func (t *Table) Type() (*Datatype, error) { return t.d.Datatype() }

// NumPackets is the number of records.
func (t *Table) NumPackets() (int, error) { return t.d.Len(), nil }

// Append adds records at the end: each argument is a record, a pointer to one, or a
// slice of them.
func (t *Table) Append(args ...any) error {
	for _, arg := range args {
		v := reflect.ValueOf(arg)
		if v.Kind() == reflect.Pointer && !v.IsNil() {
			v = v.Elem()
		}
		n := 1
		if v.Kind() == reflect.Slice && !fits(t.d.d.typ, v.Type()) {
			n = v.Len()
		}
		if err := t.append(arg, n); err != nil {
			return t.d.d.failed("append to", err)
		}
	}
	return nil
}

// append checks the records before the table grows.
func (t *Table) append(records any, n int) error {
	d := t.d.d
	if err := d.makeWritable(); err != nil {
		return err
	}
	src, err := newOrigin(d.typ, n, records)
	if err != nil {
		return err
	}
	in, err := newFeed(d.typ, src, d.f.w.heap)
	if err != nil || n == 0 {
		return err
	}
	at := d.space.dims[0]
	if err := d.grow(n); err != nil {
		return err
	}
	return d.write(selection{{at, 1, n, 1}}, in)
}

// grow makes the first dimension n longer.
func (d *stored) grow(n int) error {
	d.f.mu.Lock()
	defer d.f.mu.Unlock()
	if d.layout.class != chunked || d.space.maxDims == nil {
		return errors.New("it cannot grow: it was made with a fixed size")
	}
	longer, _ := d.space.Copy()
	longer.dims = append([]int{d.space.dims[0] + n}, d.space.dims[1:]...)
	if limit := d.space.maxDims[0]; limit >= 0 && longer.dims[0] > limit {
		return fmt.Errorf("it may grow to %d records, and %d would be in it", limit, longer.dims[0])
	}
	d.space, d.dirty = longer, true
	return nil
}

// ReadPackets reads nrecords records from number start on into data; see Dataset.Read.
func (t *Table) ReadPackets(start, nrecords int, data any) error {
	return t.d.ReadHyperslabInto(data, []int{start}, []int{nrecords}, nil)
}

// CreateIndex goes to the first record, for Next.
func (t *Table) CreateIndex() error { return t.SetIndex(0) }

// SetIndex goes to a record, counted from 0, for Next.
func (t *Table) SetIndex(index int) error {
	if index < 0 || index > t.d.Len() {
		return t.d.d.failed("go to a record of", fmt.Errorf("there is no number %d; it has %d records", index, t.d.Len()))
	}
	t.next = index
	return nil
}

// Next reads the next record into what data points to, or as many as data, a pointer to
// a slice, is long. At the end it returns io.EOF; a slice that is longer than what is
// left is an error.
func (t *Table) Next(data any) error {
	if t.next >= t.d.Len() {
		return io.EOF
	}
	n := 1
	if v := reflect.Indirect(reflect.ValueOf(data)); v.Kind() == reflect.Slice && !fits(t.d.d.typ, v.Type()) {
		n = v.Len()
	}
	if err := t.ReadPackets(t.next, n, data); err != nil {
		return err
	}
	t.next += n
	return nil
}
