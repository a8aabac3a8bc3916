package array

import (
	"errors"
	"strings"

	"github.com/dagbook/dagbook/taskgraph/hdf5"
	"github.com/dagbook/dagbook/taskgraph/ndarray"
)

// store is a dataset that tasks write blocks to.
type store struct {
	file    *hdf5.File
	dataset *hdf5.Dataset
}

func newStore(path, dataset string, dtype ndarray.Dtype, shape []int) (*store, error) {
	f, err := hdf5.CreateFile(path, hdf5.F_ACC_TRUNC)
	if err != nil {
		return nil, err
	}
	s := &store{file: f}
	if s.dataset, err = createDataset(f, dataset, dtype, shape); err != nil {
		return nil, errors.Join(err, f.Discard())
	}
	return s, nil
}

func createDataset(f *hdf5.File, name string, dtype ndarray.Dtype, shape []int) (*hdf5.Dataset, error) {
	t, err := hdf5.NewDatatypeFromValue(ndarray.Empty(dtype).Item())
	if err != nil {
		return nil, err
	}
	dims := make([]uint, len(shape))
	for i, n := range shape {
		dims[i] = uint(n)
	}
	space, err := hdf5.CreateSimpleDataspace(dims, nil)
	if err != nil {
		return nil, err
	}
	name = strings.Trim(name, "/")
	for i, c := range name {
		if c != '/' || f.LinkExists(name[:i]) {
			continue
		}
		if _, err := f.CreateGroup(name[:i]); err != nil {
			return nil, err
		}
	}
	return f.CreateDataset(name, t, space)
}

// write is the task of a block.
func (s *store) write(x *ndarray.Array, start []int) error {
	return s.dataset.WriteHyperslab(x.Values(), start, x.Shape(), nil)
}

// close ends the file: with an error the old one stays.
func (s *store) close(err error) error {
	if err != nil {
		return errors.Join(err, s.file.Discard())
	}
	return s.file.Close()
}
