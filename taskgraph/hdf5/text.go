package hdf5

import (
	"fmt"
	"strings"
)

// String is the file on a line: its name and the names in its root group, ten at most.
func (f *File) String() string {
	if f == nil {
		return "HDF5 file <nil>"
	}
	return "HDF5 file " + validText(f.name) + f.summary(f.g)
}

// String is the group on a line: its name, that of the file, and the names in it, ten at
// most.
func (g *Group) String() string {
	if g == nil {
		return "HDF5 group <nil>"
	}
	return fmt.Sprintf("HDF5 group %s of %s", validText(g.g.path), validText(g.f.name)) + g.f.summary(g.g)
}

// summary ends the line of a group.
func (f *File) summary(g *group) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return ", closed"
	}
	links, err := f.entries(g)
	switch {
	case err != nil:
		return ", which cannot be read: " + err.Error()
	case len(links) == 0:
		return ", empty"
	}
	return ": " + someNames(links)
}

// String is the dataset on a line: its name, that of the file, what its elements are and
// how many along each axis, and how they are stored.
//
//	HDF5 dataset /values of run.h5: float64, shape (100, 257, 257), chunks (1, 257, 257), filters shuffle, gzip
func (s *Dataset) String() string {
	if s == nil {
		return "HDF5 dataset <nil>"
	}
	text := fmt.Sprintf("HDF5 dataset %s of %s: %v, %s", validText(s.d.path), validText(s.d.f.name), s.d.typ, s.space().text())
	if chunks := s.Chunks(); chunks != nil {
		text += ", chunks " + tuple(chunks)
	}
	if filters := s.Filters(); len(filters) > 0 {
		text += ", filters " + strings.Join(filters, ", ")
	}
	if s.d.f.isClosed() {
		text += ", closed"
	}
	return text
}

func (f *File) isClosed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.closed
}

func (s *Dataspace) text() string {
	switch s.class {
	case S_SCALAR:
		return "a single value"
	case S_NULL:
		return "without values"
	}
	return "shape " + tuple(s.dims)
}

// tuple writes lengths as NumPy writes shapes.
func tuple(lengths []int) string {
	text := strings.Trim(strings.ReplaceAll(fmt.Sprint(lengths), " ", ", "), "[]")
	if len(lengths) == 1 {
		text += ","
	}
	return "(" + text + ")"
}
