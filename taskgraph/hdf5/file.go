package hdf5

import (
	"errors"
	"fmt"
	"os"
	"sync"
)

// How a file is opened or made.
const (
	F_ACC_RDONLY = 0x0000 // read only
	F_ACC_RDWR   = 0x0001 // read and add to what is there
	F_ACC_TRUNC  = 0x0002 // make anew; what was there is lost when Close succeeds
	F_ACC_EXCL   = 0x0004 // make anew; fail when there is a file
)

// File is an open HDF5 file; through CommonFG it is its own root group. Any number of
// goroutines may use it at once.
type File struct {
	CommonFG
	name string
	file *os.File
	s    *source
	w    *fileWriter // nil when the file is only read

	// mu guards the groups and what was opened, and in a file that is written all that
	// describes objects. Elements are read without it.
	mu       sync.Mutex
	groups   map[uint64]*group
	datasets map[uint64]*stored
	closed   bool
}

// OpenFile opens an HDF5 file to read it (F_ACC_RDONLY) or to add to it (F_ACC_RDWR).
// What is added goes into a copy beside the file, which takes the file's place when
// Close succeeds.
func OpenFile(name string, flags int) (*File, error) {
	switch {
	case name == "":
		return nil, errNoName
	case flags == F_ACC_RDONLY:
		return openToRead(name)
	case flags == F_ACC_RDWR:
		return openToAdd(name)
	}
	return nil, fmt.Errorf("hdf5: cannot open %s: OpenFile takes F_ACC_RDONLY or F_ACC_RDWR; CreateFile makes a new file", name)
}

func openToRead(name string) (*File, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("hdf5: %w", err)
	}
	f, err := newFile(name, file)
	if err != nil {
		file.Close()
	}
	return f, err
}

// newFile reads what an open file says about itself.
func newFile(name string, file *os.File) (*File, error) {
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is not a regular file")
	}
	var s *source
	if err == nil {
		s, err = openSource(file, info.Size())
	}
	if err != nil {
		return nil, fmt.Errorf("hdf5: cannot open %s: %w", name, err)
	}
	f := &File{name: name, file: file, s: s, groups: map[uint64]*group{}, datasets: map[uint64]*stored{}}
	root, err := f.at(s.root, "/")
	if _, ok := root.(*group); !ok && err == nil {
		err = damaged("its root is not a group")
	}
	if err != nil {
		return nil, fmt.Errorf("hdf5: cannot open %s: %w", name, err)
	}
	f.CommonFG = CommonFG{f, root.(*group)}
	return f, nil
}

// IsHDF5 reports whether the file is there and begins as an HDF5 file does.
func IsHDF5(name string) bool {
	file, err := os.Open(name)
	if err != nil {
		return false
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	_, err = openSource(file, info.Size())
	return err == nil
}

// FileName is the name that the file was opened or made with.
func (f *File) FileName() string { return f.name }

// Close ends the use of the file. A file that was made or added to gets its name only
// now; when Close returns an error, or an earlier write failed, what had the name
// before is still there unchanged. Closing again does nothing.
func (f *File) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil
	}
	f.closed = true
	if f.w == nil {
		return f.file.Close()
	}
	if err := f.finish(); err != nil {
		f.w.discard()
		return fmt.Errorf("hdf5: cannot write %s: %w", f.name, err)
	}
	return nil
}

// Scope is what Flush writes; both kinds are the same here.
type Scope int

// F_SCOPE_LOCAL is one file, F_SCOPE_GLOBAL all that are mounted in it.
const (
	F_SCOPE_LOCAL  Scope = 0
	F_SCOPE_GLOBAL Scope = 1
)

// Flush writes the chunks that wait in memory. What describes the file is written by
// Close, which alone makes it appear under its name.
func (f *File) Flush(_ Scope) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.w == nil || f.closed {
		return nil
	}
	if err := f.flushChunks(); err != nil {
		return fmt.Errorf("hdf5: cannot write %s: %w", f.name, err)
	}
	return nil
}

// Discard ends the use of the file as Close does, but throws away all that was written.
func (f *File) Discard() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil
	}
	f.closed = true
	if f.w != nil {
		return f.w.discard()
	}
	return f.file.Close()
}
