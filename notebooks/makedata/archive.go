package main

import (
	"archive/tar"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/klauspost/compress/gzip"
)

// epoch is when all files of an archive were written, so that archives are always the same.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// archive writes a tar file, compressed, with a directory, whose files become as old as it says.
func archive(path, dir string) (err error) {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	z, err := gzip.NewWriterLevel(out, gzip.BestSpeed)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, z.Close()) }()
	t := tar.NewWriter(z)
	defer func() { err = errors.Join(err, t.Close()) }()
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := add(t, filepath.Join(dir, e.Name()), filepath.Base(dir)+"/"+e.Name()); err != nil {
			return err
		}
	}
	return nil
}

func add(t *tar.Writer, path, name string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := os.Chtimes(path, epoch, epoch); err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := t.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Size: info.Size(), ModTime: epoch}); err != nil {
		return err
	}
	_, err = io.Copy(t, f)
	return err
}
