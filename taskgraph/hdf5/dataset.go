package hdf5

import (
	"fmt"
	"slices"
	"sync"
)

// Dataset is an array of a file. Any number of goroutines may read it at once, or write
// different parts of it; who reads it while others write must see to it that what is
// read was written before.
type Dataset struct{ d *stored }

// stored is what a file says about a dataset. Of one that is only read nothing changes
// after it was opened but the index of chunks, which is read once.
type stored struct {
	attributed
	f        *File
	s        *source
	path     string
	addr     uint64 // of its header; undefined for one that was made
	typ      *Datatype
	space    *Dataspace
	layout   *layout
	filters  []filter
	fill     []byte
	external bool

	once     sync.Once
	index    *chunkIndex
	indexErr error
	w        *chunkWriter // of chunks in a file that is written
}

// describe reads the header of a dataset.
func (f *File) describe(h header, path string) (*stored, error) {
	d := &stored{attributed: attributed{h: h}, f: f, s: f.s, path: path}
	for _, m := range h {
		switch m.kind {
		case msgDatatype, msgDataspace, msgLayout, msgFilters, msgFill, msgOldFill, msgExternal:
		default:
			continue
		}
		m, err := f.s.resolve(m)
		if err == nil {
			err = d.message(m)
		}
		if err != nil {
			return nil, err
		}
	}
	if d.typ == nil || d.space == nil || d.layout == nil {
		return nil, damaged("its datatype, extents or layout are missing")
	}
	n, ok := volume(append(slices.Clone(d.space.dims), d.typ.size))
	if !ok || n < 0 {
		return nil, fmt.Errorf("%v elements of %d bytes are more than this machine can count", d.space.dims, d.typ.size)
	}
	if l := d.layout; l.class == chunked {
		if len(l.chunk) != len(d.space.dims) {
			return nil, damaged("its chunks have %d dimensions and it has %d", len(l.chunk), len(d.space.dims))
		}
		if l.chunkSize != product(l.chunk)*d.typ.size {
			return nil, damaged("its chunks have %d bytes for %v elements of %d", l.chunkSize, l.chunk, d.typ.size)
		}
	}
	return d, nil
}

func (d *stored) message(m message) (err error) {
	c := d.s.cursor(m.data)
	switch m.kind {
	case msgDatatype:
		d.typ, err = c.datatype(0)
	case msgDataspace:
		d.space, err = c.dataspace()
	case msgLayout:
		d.layout, err = c.layout()
	case msgFilters:
		d.filters, err = c.filters()
	case msgFill:
		d.fill, err = c.fill()
	case msgOldFill:
		if n := c.u32(); d.fill == nil {
			d.fill = c.take(int(n))
		}
	case msgExternal:
		d.external = true
	}
	return err
}

// fill reads the value of elements that were never written; nil is zero.
// Specification, section IV.A.2.f.
func (c *cursor) fill() ([]byte, error) {
	version := c.u8()
	defined := false
	switch version {
	case 1, 2:
		c.skip(2)
		defined = c.u8() != 0 || version == 1
	case 3:
		defined = c.u8()&0x20 != 0
	default:
		return nil, unsupported("version %d of fill values", version)
	}
	if !defined {
		return nil, c.err("a fill value")
	}
	b := c.take(int(c.u32()))
	return b, c.err("a fill value")
}

// Name is the path of the dataset in its file.
func (s *Dataset) Name() string { return s.d.path }

// Close does nothing: what must be closed is the file.
func (s *Dataset) Close() error { return nil }

// Space is a copy of the dataset's shape, all of it selected.
func (s *Dataset) Space() *Dataspace {
	s.d.f.mu.Lock()
	defer s.d.f.mu.Unlock()
	c := *s.d.space
	c.sel = nil
	return &c
}

// Datatype is what one element is.
func (s *Dataset) Datatype() (*Datatype, error) { return s.d.typ, nil }

// Dims are the extents of the dataset; empty for a single value.
func (s *Dataset) Dims() []int {
	return slices.Clone(s.space().dims)
}

// Len is the number of elements: 1 for a single value, 0 for an empty (null) dataset.
func (s *Dataset) Len() int { return s.space().SimpleExtentNPoints() }

// Chunks are the extents of the dataset's chunks, or nil when it is not chunked.
func (s *Dataset) Chunks() []int {
	if s.d.layout.class != chunked {
		return nil
	}
	return slices.Clone(s.d.layout.chunk)
}

// Filters are the steps by which chunks were compressed, such as "shuffle", "gzip".
func (s *Dataset) Filters() []string {
	var names []string
	for _, f := range s.d.filters {
		names = append(names, f.describe())
	}
	return names
}

// space is the dataset's shape now; a table may grow.
func (s *Dataset) space() *Dataspace {
	if s.d.f.w == nil {
		return s.d.space
	}
	return s.Space()
}

func (d *stored) failed(doing string, err error) error {
	return d.f.failed(doing+" the dataset", d.path, err)
}
