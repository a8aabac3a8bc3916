package ndarray

import (
	"fmt"
	"slices"

	"github.com/dagbook/dagbook/taskgraph/hdf5"
)

// ReadHDF5 reads a dataset of an HDF5 file, or a part of it, which is an
// index as ParseIndex takes it, one for each axis, and is all that is read:
// numbers are positions, as in At, and out of range an error.
//
//	x, err := ndarray.ReadHDF5("frame.h5", "values")
//	row, err := ndarray.ReadHDF5("frame.h5", "values", 5)
//	some, err := ndarray.ReadHDF5("frame.h5", "values", ndarray.All, ndarray.R(10, 20))
//
// The array has the shape of the dataset and the type of its elements, an
// axis more where these are arrays themselves, and Float32 for floats of 16
// bits. Datasets of strings and records are an error; hdf5.ReadDataset reads
// them.
func ReadHDF5(path, dataset string, part ...any) (*Array, error) {
	f, err := hdf5.OpenFile(path, hdf5.F_ACC_RDONLY)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	d, err := f.OpenDataset(dataset)
	if err != nil {
		return nil, err
	}
	return FromHDF5(d, part...)
}

// FromHDF5 reads a dataset of an open file, see ReadHDF5.
func FromHDF5(d *hdf5.Dataset, part ...any) (*Array, error) {
	if len(part) == 0 {
		values, err := d.ReadAll()
		if err != nil {
			return nil, err
		}
		return fromValues(d, values, d.Dims())
	}
	index, shape, err := parseIndex("ReadHDF5", d.Dims(), part)
	if err != nil {
		return nil, err
	}
	start, count, stride, backwards := hyperslab(index)
	values, err := d.ReadHyperslab(start, count, stride)
	if err != nil {
		return nil, err
	}
	a, err := fromValues(d, values, count)
	if err != nil {
		return nil, err
	}
	if len(backwards) > 0 {
		a = a.Flip(backwards...)
	}
	return a.Reshape(append(shape, a.shape[len(count):]...)...), nil
}

// hyperslab is an index as a file takes it, where steps go forwards: which
// axes have to be turned round afterwards, is told.
func hyperslab(index []AxisIndex) (start, count, stride, backwards []int) {
	for _, at := range index {
		if at.Axis < 0 {
			continue
		}
		if at.Step < 0 {
			backwards = append(backwards, len(count))
			at.Start += (at.Count - 1) * at.Step
			at.Step = -at.Step
		}
		start, count, stride = append(start, at.Start), append(count, at.Count), append(stride, at.Step)
	}
	return start, count, stride, backwards
}

// fromValues is an array on the memory that package hdf5 has read into.
func fromValues(d *hdf5.Dataset, values any, shape []int) (*Array, error) {
	if bools, ok := values.([]bool); ok {
		return FromSlice(bools).Reshape(shape...), nil
	}
	a, err := fromBuffer(values)
	if err != nil {
		typ, _ := d.Datatype()
		return nil, fmt.Errorf("the dataset %s is of the type %v, and an array is of numbers: hdf5.ReadDataset(path, %q) reads it", d.Name(), typ, d.Name())
	}
	if n := count(shape); n > 0 && a.Size() != n {
		shape = append(slices.Clone(shape), a.Size()/n) // elements that are arrays
	}
	return a.Reshape(shape...), nil
}

// WriteHDF5 writes a file with one dataset; the groups that its name tells,
// "run1/values", are made. A file that is there already is replaced, with all
// its datasets, when all is written; package hdf5 can add to one.
func (a *Array) WriteHDF5(path, dataset string) error {
	if len(a.shape) == 0 {
		return hdf5.WriteDataset(path, dataset, a.Item())
	}
	return hdf5.WriteDataset(path, dataset, a.values((*Array).elements), a.shape...)
}
