// Command makedata writes the data that the lessons work on:
//
//	go run ./notebooks/makedata [-size full|small] DIRECTORY
//
// The data is always the same, and comes from nowhere: it is computed. What is there already
// is left alone. It writes
//
//	fvalues/      HDF5 files with frames of a simulation (vlasov.go), fvalues.tgz with all of them
//	nycflights/   a CSV for each of ten years of flights (flights.go), nycflights.tar.gz
//	daily-stock/  JSON lines, a file for each company (stocks.go), daily-stock.tgz
//
// -size small is for tests: everything is there, and less of it. All files are as old as
// their archives say, so that who extracts those finds everything done.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
)

// size is how much data there is.
type size struct {
	frames    int
	flights   int // rows a year
	companies int
}

var sizes = map[string]size{
	"full":  {frames: 1000, flights: flightsOfYear, companies: companies},
	"small": {frames: 40, flights: 1000, companies: 4},
}

// set is a directory of files and the archive of it.
type set struct {
	name, archive string
	files         int
	least         int64 // bytes, all files together
	fill          func(dir string) error
}

func (s size) sets() []set {
	return []set{
		{"fvalues", "fvalues.tgz", s.frames, 0, func(dir string) error { return frames(dir, s.frames) }},
		{"nycflights", "nycflights.tar.gz", years, int64(s.flights) * years * 80, func(dir string) error { return yearlyFlights(dir, s.flights) }},
		{"daily-stock", "daily-stock.tgz", s.companies, 0, func(dir string) error { return tradedStocks(dir, s.companies) }},
	}
}

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
	for _, set := range s.sets() {
		if set.complete(dir) {
			continue
		}
		if err := set.replace(dir); err != nil {
			return fmt.Errorf("%s: %w", set.name, err)
		}
	}
	return nil
}

func exists(path string) bool { _, err := os.Stat(path); return err == nil }

// complete reports whether the archive is there and, beside it, at least what it was made of:
// lessons write files of their own there.
func (s set) complete(dir string) bool {
	entries, err := os.ReadDir(filepath.Join(dir, s.name))
	if err != nil || len(entries) < s.files || !exists(filepath.Join(dir, s.archive)) {
		return false
	}
	var bytes int64
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			bytes += info.Size()
		}
	}
	return bytes >= s.least
}

// replace makes the directory and its archive under other names first, so that what is there
// is whole.
func (s set) replace(dir string) error {
	tmp, err := os.MkdirTemp(dir, ".new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	files := filepath.Join(tmp, s.name)
	if err := os.Mkdir(files, 0o755); err != nil {
		return err
	}
	if err := s.fill(files); err != nil {
		return err
	}
	if err := archive(filepath.Join(tmp, s.archive), files); err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(dir, s.name)); err != nil {
		return err
	}
	for _, part := range []string{s.name, s.archive} {
		if err := os.Rename(filepath.Join(tmp, part), filepath.Join(dir, part)); err != nil {
			return err
		}
	}
	return nil
}
