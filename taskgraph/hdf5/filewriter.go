package hdf5

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
)

// frontRoom is left free at the beginning of a new file for what describes it, so that
// readers find all of a small file's description in one place.
const frontRoom = 2048

// superblockSize is the size of the superblock, version 0.
const superblockSize = 96

// fileWriter is the file that is being written, beside the one whose name it will get.
type fileWriter struct {
	file   *os.File
	target string
	s      *source
	heap   *heapWriter
	anew   bool // there was nothing before: frontRoom is free

	mu     sync.Mutex
	end    uint64
	broken error // the first failure of the system
}

// CreateFile makes a new file: with F_ACC_TRUNC in place of one of the same name, with
// F_ACC_EXCL only if there is none. Until Close has succeeded it lies beside its name
// under another, and what has the name is unchanged.
func CreateFile(name string, flags int) (*File, error) {
	if flags != F_ACC_TRUNC && flags != F_ACC_EXCL {
		return nil, fmt.Errorf("hdf5: cannot create %s: CreateFile takes F_ACC_TRUNC or F_ACC_EXCL", name)
	}
	if _, err := os.Lstat(name); err == nil && flags == F_ACC_EXCL {
		return nil, fmt.Errorf("hdf5: cannot create %s: %w", name, fs.ErrExist)
	}
	w, err := newFileWriter(name)
	if err != nil {
		return nil, err
	}
	w.anew, w.end = true, frontRoom
	w.s.version = 0
	f := &File{name: name, file: w.file, s: w.s, w: w, groups: map[uint64]*group{}, datasets: map[uint64]*stored{}}
	root := &group{path: "/", addr: undefined, loaded: true, attributed: attributed{ready: true}}
	f.CommonFG = CommonFG{f, root}
	return f, nil
}

// openToAdd copies the file and opens the copy.
func openToAdd(name string) (*File, error) {
	old, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("hdf5: %w", err)
	}
	defer old.Close()
	w, err := newFileWriter(name)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(w.file, old)
	var f *File
	if err == nil {
		f, err = newFile(name, w.file)
	} else {
		err = fmt.Errorf("hdf5: cannot copy %s to add to it: %w", name, err)
	}
	if err == nil && (f.s.offsetSize != 8 || f.s.lengthSize != 8) {
		err = fmt.Errorf("hdf5: cannot add to %s: %w", name, unsupported("writing files with addresses of %d bytes", f.s.offsetSize))
	}
	if err != nil {
		w.discard()
		return nil, err
	}
	f.s.head = nil // what is written must be seen
	f.w, w.s = w, f.s
	w.end = uint64(f.s.size()+7) &^ 7
	return f, nil
}

func newFileWriter(name string) (*fileWriter, error) {
	if name == "" {
		return nil, errNoName
	}
	target := name
	if real, err := filepath.EvalSymlinks(name); err == nil {
		target = real
	}
	mode := fs.FileMode(0o666)
	info, err := os.Stat(target)
	if err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("hdf5: cannot create %s: it is there and not a regular file", name)
	}
	dir, base := filepath.Split(target)
	var file *os.File
	for range 100 {
		temp := filepath.Join(dir, fmt.Sprintf(".%s.%08x.tmp", base, rand.Uint32()))
		var openErr error
		if file, openErr = os.OpenFile(temp, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode); !errors.Is(openErr, fs.ErrExist) {
			if openErr != nil {
				return nil, fmt.Errorf("hdf5: cannot create %s: %w", name, whyNotIn(dir, openErr))
			}
			break
		}
	}
	if file == nil {
		return nil, fmt.Errorf("hdf5: cannot create %s: no name for a temporary file is free", name)
	}
	if err == nil {
		_ = file.Chmod(info.Mode().Perm()) // some systems have no modes
	}
	w := &fileWriter{file: file, target: target}
	w.s = &source{r: file, offsetSize: 8, lengthSize: 8}
	w.heap = &heapWriter{w: w}
	return w, nil
}

// whyNotIn is why there can be no new file in a folder, without the name of the temporary
// one, which nobody has asked for.
func whyNotIn(dir string, err error) error {
	if dir == "" {
		dir = "."
	}
	dir = filepath.Clean(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return missing{fmt.Sprintf("the folder %s is not there; os.MkdirAll(%q, 0o755) makes it", dir, dir)}
	}
	if of, ok := errors.AsType[*fs.PathError](err); ok {
		err = of.Err
	}
	return fmt.Errorf("no file can be made in %s: %w", dir, err)
}

// alloc finds room for n bytes, which read as zero until they are written.
func (w *fileWriter) alloc(n int64) (uint64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n < 0 || uint64(n) > 1<<62-w.end {
		return 0, fmt.Errorf("%d more bytes are too many for a file", n)
	}
	addr := w.end
	w.end = (w.end + uint64(n) + 7) &^ 7
	w.s.end.Store(int64(w.end) + w.s.base)
	return addr, nil
}

// extend makes the file as long as what was allocated.
func (w *fileWriter) extend() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failed(w.file.Truncate(int64(w.end) + w.s.base))
}

// failed remembers the first failure of the system: a file with a hole in it must not
// take the place of a whole one. The lock is held.
func (w *fileWriter) failed(err error) error {
	if err != nil && w.broken == nil {
		w.broken = err
	}
	return err
}

func (w *fileWriter) writeAt(b []byte, addr uint64) error {
	_, err := w.file.WriteAt(b, int64(addr)+w.s.base)
	if err != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.failed(err)
	}
	return err
}

// discard removes what was written.
func (w *fileWriter) discard() error {
	return errors.Join(w.file.Close(), os.Remove(w.file.Name()))
}

// finish writes what describes the file and gives it its name.
func (f *File) finish() error {
	w := f.w
	if err := f.flushChunks(); err != nil {
		return err
	}
	w.heap.mu.Lock()
	err := w.heap.flush()
	w.heap.mu.Unlock()
	if err == nil {
		err = f.writeMetadata()
	}
	if err == nil {
		err = w.extend()
	}
	if err == nil {
		err = w.broken
	}
	if err != nil {
		return err
	}
	if err := w.file.Close(); err != nil {
		return err
	}
	return os.Rename(w.file.Name(), w.target)
}
