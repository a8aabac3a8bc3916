package hdf5

import (
	"errors"
	"fmt"
	"io/fs"
)

// failed is the error of something done to an object: what, which object, of which file
// and why. errors.Is(err, errors.ErrUnsupported) tells features that the package does
// without, fs.ErrNotExist objects that are not there.
func (f *File) failed(doing, path string, why error) error {
	if path == "" {
		path = `""`
	}
	return fmt.Errorf("hdf5: cannot %s %s of %s: %w", doing, path, f.name, why)
}

// missing is an object or link that is not there.
type missing struct{ what string }

func (m missing) Error() string        { return m.what }
func (m missing) Is(target error) bool { return target == fs.ErrNotExist }

var (
	errNoName   = errors.New("hdf5: a file needs a name, and \"\" is none")
	errClosed   = errors.New("the file is closed; read what you need before Close")
	errReadOnly = errors.New("the file is open for reading only; CreateFile makes a new one, and OpenFile with F_ACC_RDWR one that can be added to")
)
