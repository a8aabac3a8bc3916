package check

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// scriptCells are the cells of the cell scripts, which seed the fuzz targets.
func scriptCells(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob("../../../testdata/cells/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("there are no cell scripts (%v)", err)
	}
	var cells []string
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if strings.HasSuffix(f.Name, ".go") {
				cells = append(cells, string(f.Data))
			}
		}
	}
	return cells
}

// FuzzCheck runs two cells of one session through the checker and asks what a front
// end asks about the second.
func FuzzCheck(f *testing.F) {
	cells := scriptCells(f)
	for i, text := range cells {
		f.Add(text, cells[(i+1)%len(cells)], len(text)/2)
	}
	s := New() // one for all, which saves reading the packages every time
	f.Fuzz(func(t *testing.T, first, second string, cursor int) {
		s.Reset()
		s.Faults = func(f *Fault) { t.Fatalf("%v\n%s", f, f.Stack) }
		for i, text := range []string{first, second} {
			cell, err := s.Check(i+1, text)
			if err != nil {
				hasPlace(t, err, text)
				continue
			}
			for _, p := range cell.Programs {
				s.Commit(p, len(p.Steps))
			}
		}
		s.Complete(second, cursor)
		s.Inspect(second, cursor)
		s.IsComplete(second)
		s.Names()
	})
}

// hasPlace checks that an error is a sentence at a place of the cell.
func hasPlace(t *testing.T, err error, text string) {
	t.Helper()
	var es Errors
	if !errors.As(err, &es) || len(es) == 0 {
		t.Fatalf("the error of %q is a %T: %v", text, err, err)
	}
	for _, e := range es {
		if e.Line < 1 || e.Line > 1+strings.Count(text, "\n") || e.Col < 1 || e.Msg == "" {
			t.Fatalf("%q: the error has no place in the cell: %v", text, e)
		}
	}
}

// mostCuts is how many places of one text FuzzComplete asks about.
const mostCuts = 12

// FuzzComplete asks what can stand at many places of a cell, with the text behind the place
// and without it, as while someone types. Nothing of that may change the session.
func FuzzComplete(f *testing.F) {
	cells := scriptCells(f)
	for i, text := range cells {
		f.Add(cells[(i+1)%len(cells)], text, i)
	}
	s := New()
	f.Fuzz(func(t *testing.T, first, text string, from int) {
		s.Reset()
		if cell, err := s.Check(1, first); err == nil {
			for _, p := range cell.Programs {
				s.Commit(p, len(p.Steps))
			}
		}
		s.Faults = func(f *Fault) { t.Fatalf("%v\n%s", f, f.Stack) }
		names, sources := s.Names(), len(s.sources)
		step := 1 + len(text)/mostCuts
		for i := abs(from % step); i <= len(text); i += step {
			for _, code := range []string{text, text[:i]} {
				c := s.Complete(code, i)
				if c.Start > c.End || c.Start < 0 || c.End > len(code) {
					t.Fatalf("the completion of %q at %d is for %d to %d", code, i, c.Start, c.End)
				}
				s.Inspect(code, i)
			}
		}
		s.Faults = nil
		if !slices.Equal(s.Names(), names) || len(s.sources) != sources {
			t.Fatalf("completing %q changes the session", text)
		}
	})
}
