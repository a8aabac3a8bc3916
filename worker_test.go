package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/dagbook/dagbook/kernel/eval/check"
	"github.com/dagbook/dagbook/kernel/kerneltest"
	"github.com/dagbook/dagbook/taskgraph/process"
)

// TestMain lets the tests' own binary be the worker process of cells that compute with
// taskgraph.Processes.
func TestMain(m *testing.M) {
	if process.IsWorker() {
		os.Exit(serveTasks())
	}
	os.Exit(m.Run())
}

// TestScriptsTravel: whatever the cell scripts declare, another session understands it, or the
// session it comes from says why not.
func TestScriptsTravel(t *testing.T) {
	travelled := 0
	for _, glob := range []string{cellScripts, ownScripts} {
		paths, err := filepath.Glob(glob)
		if err != nil || len(paths) == 0 {
			t.Fatal(glob, err)
		}
		for _, path := range paths {
			script, err := kerneltest.ReadScript(path)
			if err != nil {
				t.Fatal(err)
			}
			travelled += scriptTravels(t, script)
		}
	}
	if travelled < 500 {
		t.Errorf("only %d declarations travelled", travelled)
	}
}

func scriptTravels(t *testing.T, script *kerneltest.Script) (travelled int) {
	s := check.New()
	for _, c := range script.Cells {
		cell, err := s.Check(c.Number, c.Code)
		if err != nil {
			continue
		}
		for _, p := range cell.Programs {
			s.Commit(p, len(p.Steps))
		}
		for _, name := range s.Names() {
			sym := cell.Programs[len(cell.Programs)-1].SymbolOf(name.Name)
			if sym == nil || sym.Kind != check.Func && sym.Kind != check.Type {
				continue
			}
			root := check.Root{Decl: sym.Decl}
			if sym.Kind == check.Type {
				root = check.Root{Type: sym.Obj.Type()}
			}
			r, err := s.Reach(root)
			if err != nil {
				t.Logf("%s, cell %d: %s stays: %v", script.Name, c.Number, name.Name, err)
				continue
			}
			if err := arrives(r.Travel, sym.Generic()); err != nil {
				t.Errorf("%s, cell %d: %s: %v", script.Name, c.Number, name.Name, err)
			}
			travelled++
		}
	}
	return travelled
}

// arrives loads what travels into another session.
func arrives(tr check.Travel, generic bool) error {
	s, have := check.New(), check.Loaded{}
	for _, l := range tr.Layers {
		if err := s.LoadLayer(l, have, func(*check.Program) error { return nil }); err != nil {
			return err
		}
	}
	if tr.Root.Text == "" || generic {
		return nil
	}
	_, err := s.LoadRoot(tr.Root, have)
	return err
}
