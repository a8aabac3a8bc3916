// Command makedata writes the data that the lessons work on:
//
//	go run ./notebooks/makedata [-size full|small] DIRECTORY
//
// The data is always the same, and comes from nowhere: it is computed. What is there already
// is left alone. It writes
//
//	fvalues/     HDF5 files with frames of a simulation (vlasov.go), fvalues.tgz with all of them
//
// -size small is for tests: everything is there, and less of it.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
)

// size is how much data there is.
type size struct{ frames int }

var sizes = map[string]size{"full": {frames: 1000}, "small": {frames: 40}}

func main() {
	log.SetFlags(0)
	name := flag.String("size", "full", "full or small")
	flag.Parse()
	s, ok := sizes[*name]
	if !ok || flag.NArg() != 1 {
		log.Fatal("usage: makedata [-size full|small] DIRECTORY")
	}
	if err := write(flag.Arg(0), s); err != nil {
		log.Fatal(err)
	}
}

func write(dir string, s size) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, set := range []struct {
		name  string
		count int
		make  func(dir string, count int) error
	}{{"fvalues", s.frames, frames}} {
		if complete(filepath.Join(dir, set.name), set.count) && exists(filepath.Join(dir, set.name+".tgz")) {
			continue
		}
		if err := replace(dir, set.name, func(tmp string) error { return set.make(tmp, set.count) }); err != nil {
			return fmt.Errorf("%s: %w", set.name, err)
		}
	}
	return nil
}

func exists(path string) bool { _, err := os.Stat(path); return err == nil }

// complete reports whether a directory has so many files.
func complete(dir string, count int) bool {
	entries, err := os.ReadDir(dir)
	return err == nil && len(entries) == count
}

// replace makes a directory and its archive under other names first, so that what is there
// is whole.
func replace(dir, name string, fill func(dir string) error) error {
	tmp, err := os.MkdirTemp(dir, ".new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	set := filepath.Join(tmp, name)
	if err := os.Mkdir(set, 0o755); err != nil {
		return err
	}
	if err := fill(set); err != nil {
		return err
	}
	if err := archive(filepath.Join(tmp, name+".tgz"), set); err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
		return err
	}
	for _, part := range []string{name, name + ".tgz"} {
		if err := os.Rename(filepath.Join(tmp, part), filepath.Join(dir, part)); err != nil {
			return err
		}
	}
	return nil
}
