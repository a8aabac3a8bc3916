package main

import (
	"flag"
	"log/slog"
	"testing"

	"github.com/dagbook/dagbook/kernel"
	"github.com/dagbook/dagbook/kernel/eval/symbols"
	"github.com/dagbook/dagbook/kernel/kerneltest"
)

var update = flag.Bool("update", false, "rewrite what the cell scripts expect; read the difference before committing it")

const (
	cellScripts  = "testdata/cells/*.txtar"
	yaegiScripts = "testdata/cells/yaegi/*.txtar"   // what only that engine refuses
	ownScripts   = "testdata/cells/closure/*.txtar" // what only the closure engine runs
)

// TestCells runs every cell script through the kernel's loop and the default engine.
func TestCells(t *testing.T) { runScripts(t, "", cellScripts, ownScripts) }

// TestCellsYaegi runs them on the other engine.
func TestCellsYaegi(t *testing.T) { runScripts(t, "yaegi", cellScripts, yaegiScripts) }

func runScripts(t *testing.T, engine string, globs ...string) {
	allowDeepStacks() // as in the kernel
	for _, glob := range globs {
		kerneltest.RunScripts(t, glob, func(t testing.TB) kernel.Evaluator {
			engine, err := engineOf(engine)
			if err != nil {
				t.Fatal(err)
			}
			e, err := newEvaluator(engine, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			e.watch.setting = "off" // a slow machine would show how far computations are
			return e
		}, *update)
	}
}

// TestCellsCompiled runs the same cells as compiled Go, so that what the scripts expect
// is Go's behaviour and not only ours.
func TestCellsCompiled(t *testing.T) {
	for _, glob := range []string{cellScripts, ownScripts} {
		kerneltest.RunCompiled(t, glob, func(name string) (string, bool) {
			paths := symbols.Named(name)
			if len(paths) == 0 || symbols.Ambiguous(name) {
				return "", false
			}
			return paths[0], true
		})
	}
}
