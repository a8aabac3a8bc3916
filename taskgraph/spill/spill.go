// Package spill keeps values on disk that memory has no room for.
//
//	store := spill.New("")
//	defer store.Close()
//	err := store.Write(7, value)
//	value, err = store.Read(7)
//
// Each value is a file of its own in a directory that New names and the first
// Write makes, so that dropping one gives its room back at once. Close removes
// everything. Values are written by package codec; what cannot be written is
// an error that holds a *codec.Error, and the caller keeps it in memory.
//
// A Store may be used by several goroutines at once, for different numbers.
package spill

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/dagbook/dagbook/taskgraph/codec"
)

// Store is a place on disk for the values of one run.
type Store struct {
	parent string
	codec  *codec.Codec

	buffers sync.Pool // of *[]byte: values are large, and so would be what they leave to the collector

	mu     sync.Mutex
	dir    string // made by the first Write
	closed bool
}

// New makes a Store whose directory will be made in parent; "" for the
// system's directory for temporary files.
func New(parent string) *Store {
	return &Store{parent: parent, codec: codec.New(codec.Local())}
}

// Write keeps v under a number.
func (s *Store) Write(n int, v any) error {
	buf := s.buffer()
	defer s.buffers.Put(buf)
	data, err := s.codec.Append((*buf)[:0], v)
	*buf = data[:0]
	if err != nil {
		return err
	}
	dir, err := s.directory()
	if err == nil {
		err = os.WriteFile(s.file(dir, n), data, 0o600)
	}
	if err != nil {
		return fmt.Errorf("a result could not be moved from memory to the disk: %w", err)
	}
	return nil
}

// Read gives the value that was written under a number.
func (s *Store) Read(n int) (any, error) {
	dir, err := s.directory()
	if err != nil {
		return nil, err
	}
	buf := s.buffer()
	defer s.buffers.Put(buf)
	if err := readFile(s.file(dir, n), buf); err != nil {
		return nil, fmt.Errorf("a result that was moved to the disk could not be read again: %w", err)
	}
	return s.codec.Decode(*buf)
}

func (s *Store) buffer() *[]byte {
	if buf, ok := s.buffers.Get().(*[]byte); ok {
		return buf
	}
	return new([]byte)
}

// readFile reads a file into a buffer, which it makes larger if need be.
func readFile(path string, buf *[]byte) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if int64(cap(*buf)) < info.Size() {
		*buf = make([]byte, info.Size())
	}
	*buf = (*buf)[:info.Size()]
	_, err = io.ReadFull(f, *buf)
	return err
}

// Drop forgets the value with this number, if there is one.
func (s *Store) Drop(n int) {
	if dir, err := s.directory(); err == nil {
		os.Remove(s.file(dir, n)) // what stays behind is Close's
	}
}

// Close removes everything.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.dir == "" {
		return nil
	}
	return os.RemoveAll(s.dir)
}

func (s *Store) directory() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return "", os.ErrClosed
	}
	if s.dir == "" {
		dir, err := os.MkdirTemp(s.parent, "dagbook-spill-")
		if err != nil {
			return "", err
		}
		s.dir = dir
	}
	return s.dir, nil
}

func (s *Store) file(dir string, n int) string { return filepath.Join(dir, strconv.Itoa(n)) }
