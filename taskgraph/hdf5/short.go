package hdf5

import (
	"fmt"
	"reflect"
)

// ReadDataset reads a whole dataset of a file: its values as Dataset.ReadAll returns
// them, and its extents.
func ReadDataset(file, path string) (values any, dims []int, err error) {
	f, err := OpenFile(file, F_ACC_RDONLY)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	d, err := f.OpenDataset(path)
	if err != nil {
		return nil, nil, err
	}
	values, err = d.ReadAll()
	return values, d.Dims(), err
}

// WriteDataset makes a file with one dataset, in place of a file of the same name with all
// that is in it; OpenFile with F_ACC_RDWR opens one to add to it. The values are a slice,
// whose extents are dims (by default all in one dimension), an array (of arrays), or a
// single value. The last index runs fastest.
func WriteDataset(file, path string, values any, dims ...int) error {
	f, err := CreateFile(file, F_ACC_TRUNC)
	if err != nil {
		return err
	}
	if err := f.write(path, values, dims); err != nil {
		f.Discard()
		return err
	}
	return f.Close()
}

// write makes a dataset of values and the groups that lead to it.
func (f *File) write(path string, values any, dims []int) error {
	t, extents, err := shapeOf(values, dims)
	if err != nil {
		return f.failed("write the dataset", path, err)
	}
	space, err := CreateSimpleDataspace(extents, nil)
	if err != nil {
		return err
	}
	for i := 1; i < len(path); i++ {
		if path[i] != '/' || f.LinkExists(path[:i]) {
			continue
		}
		if _, err := f.CreateGroup(path[:i]); err != nil {
			return err
		}
	}
	d, err := f.CreateDataset(path, t, space)
	if err != nil {
		return err
	}
	return d.Write(values)
}

// shapeOf is the type and the extents that values have in a file.
func shapeOf(values any, dims []int) (*Datatype, []uint, error) {
	v := reflect.ValueOf(values)
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if !v.IsValid() {
		return nil, nil, fmt.Errorf("there is nothing to write: give a slice or a value")
	}
	var extents []uint
	g := v.Type()
	n := 1
	if g.Kind() == reflect.Slice {
		n, g = v.Len(), g.Elem()
		extents = []uint{uint(n)}
	} else {
		for ; g.Kind() == reflect.Array; g = g.Elem() {
			n *= g.Len()
			extents = append(extents, uint(g.Len()))
		}
	}
	if len(dims) > 0 {
		if total, ok := volume(dims); !ok || total != n {
			return nil, nil, fmt.Errorf("%d values do not have the extents %v", n, dims)
		}
		extents = nil
		for _, d := range dims {
			extents = append(extents, uint(d))
		}
	}
	t, err := typeOf(g, 0, 0)
	return t, extents, err
}
