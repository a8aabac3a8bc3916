// Package hdf5 reads and writes HDF5 files, in Go alone.
//
// An HDF5 file is a tree of groups with datasets in them; a dataset is an array of
// numbers, strings or records. The names are those of gonum.org/v1/hdf5, which calls the
// C library, so that a program changes its import path and nothing else:
//
//	f, err := hdf5.OpenFile("frame.h5", hdf5.F_ACC_RDONLY)
//	defer f.Close()
//	d, err := f.OpenDataset("values")
//	frame := make([]float64, d.Len())
//	err = d.Read(&frame)
//
// Beyond them there is what Go makes easy: ReadAll and ReadHyperslab return slices of
// the dataset's own type, Dims its extents, an attribute's Value a Go value, and
// ReadDataset and WriteDataset are a whole file in one call.
//
// The types:
//
//   - File is a file and, as CommonFG, its root group; Group is a group in it. Names are
//     paths: "values", "run1/values".
//   - Dataset is an array, Attribute a small value attached to an object.
//   - Dataspace is a shape and the part of it that is selected.
//   - Datatype is what an element is. NewDatatypeFromValue makes one from a Go value.
//   - PropList says how a new dataset is stored: chunks, deflate, shuffle, checksum.
//
// The rule of concurrency: files, groups and datasets may be used from any number of
// goroutines, also to write different parts of one dataset. A Dataspace, a PropList and a
// type that is being built belong to one goroutine.
//
// What is written lies beside the file under another name until Close, which gives it
// its own: a program that fails leaves the old file as it was.
//
// Where the C library would overwrite memory, a slice that is too short or of another
// type is an error here. Errors name the file, the object and what is wrong with it; what
// this package does without (other filters than gzip, shuffle, fletcher32 and lzf;
// virtual datasets, external links, references) is named too, and errors.Is tells it by
// errors.ErrUnsupported. Damaged files give errors, never panics, and never more memory
// than such a file could stand for.
//
// The format is that of The HDF Group's "HDF5 File Format Specification", version 3.0 and
// what HDF5 2.0 added to it. Files are written in its oldest form, which all programs
// read.
//
// Below: source reads by address, header.go takes an object's description apart
// (messages), links.go, tree2.go and fractalheap.go find names, chunkindex.go chunks;
// filters.go undoes compression; region.go moves boxes of elements between files and the
// sinks of decode.go and values.go, which make Go values of them.
package hdf5
