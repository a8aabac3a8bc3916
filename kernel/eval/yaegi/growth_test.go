package yaegi

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/enginetest"
)

// Ten runs of all cells of a session leave no goroutine, and the engine's tables grow by
// no more than the new generations of the names that the cells redeclare.
func TestTenRuns(t *testing.T) {
	paths, err := filepath.Glob("../../../testdata/cells/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("there are no cell scripts (%v)", err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".txtar")
		if name == "recursion" {
			continue // its stack alone is what all others take
		}
		t.Run(name, func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			tenRuns(t, a)
		})
	}
}

func tenRuns(t *testing.T, a *txtar.Archive) {
	var e *Engine
	s, err := eval.New(func(h eval.Host) (eval.Engine, error) {
		engine, err := New(h)
		e, _ = engine.(*Engine)
		return engine, err
	}, eval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	number := 0
	run := func() (gens int) {
		for _, f := range a.Files {
			if strings.HasSuffix(f.Name, ".go") {
				number++
				enginetest.Run(s, number, string(f.Data))
			}
		}
		return len(e.declared)
	}
	run()
	second := run()
	perRun := run() - second // what is declared anew in every run
	sizes := func() string {
		return fmt.Sprint(len(e.imported), len(e.shared.list) == len(e.shared.numbers))
	}
	after := sizes()
	for range 7 {
		run()
	}
	if got := len(e.declared); got != second+8*perRun {
		t.Errorf("%d functions were declared after two runs and %d after ten, %d per run", second, got, perRun)
	}
	if got := sizes(); got != after {
		t.Errorf("the tables were %s after three runs and are %s after ten", after, got)
	}
	for i := 0; runtime.NumGoroutine() > before && i < 1000; i++ {
		time.Sleep(time.Millisecond) // they are on their way out
	}
	if n := runtime.NumGoroutine(); n > before {
		stacks := make([]byte, 1<<20)
		t.Errorf("%d goroutines before, %d after ten runs\n%s", before, n, stacks[:runtime.Stack(stacks, true)])
	}
}
