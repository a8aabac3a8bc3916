package closure

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/check"
	"github.com/dagbook/dagbook/kernel/eval/enginetest"
	"github.com/dagbook/dagbook/kernel/eval/enginetest/randprog"
)

// FuzzCell takes any text as two cells. It is compiled, and run where it can do no harm:
// the process never dies, an interrupt ends it, and the session goes on.
func FuzzCell(f *testing.F) {
	for _, pattern := range []string{"../../../testdata/cells/*.txtar", "../../../testdata/cells/closure/*.txtar"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) == 0 {
			f.Fatalf("no cell scripts at %s (%v)", pattern, err)
		}
		for _, path := range paths {
			addScript(f, path)
		}
	}
	f.Add(randprog.Program(1), "main()")
	f.Add("must(fmt.Sprint)", "func e() error { return nil }; must(e())")
	f.Fuzz(func(t *testing.T, first, second string) {
		if len(first)+len(second) > 10_000 {
			t.Skip("long")
		}
		s, err := eval.New(func(h eval.Host) (eval.Engine, error) {
			e, err := New(h)
			return &gated{Engine: e.(*Engine)}, err
		}, eval.Options{})
		if err != nil {
			t.Fatal(err)
		}
		hangs := time.AfterFunc(20*time.Second, func() { panic("this does not end:\n" + first + "\n---\n" + second) })
		defer hangs.Stop()
		for i, code := range []string{first, second} {
			ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
			s.Execute(ctx, eval.Cell{Number: i + 1, Code: code}, &textOutput{})
			cancel()
		}
		if got := enginetest.Run(s, 3, "1+1"); !strings.Contains(got, "value: 2\n") {
			t.Errorf("after\n%s\n---\n%s\n  1+1 gives %s", first, second, got)
		}
	})
}

// addScript adds the cells of a script, each with the one after it.
func addScript(f *testing.F, path string) {
	a, err := txtar.ParseFile(path)
	if err != nil {
		f.Fatal(err)
	}
	var cells []string
	for _, file := range a.Files {
		if strings.HasSuffix(file.Name, ".go") {
			cells = append(cells, string(file.Data))
		}
	}
	for i := range cells {
		second := ""
		if i+1 < len(cells) {
			second = cells[i+1]
		}
		f.Add(cells[i], second)
	}
}

// gated is an engine that compiles everything and runs only what reaches no package. A
// fault of the compiler ends the process.
type gated struct{ *Engine }

// Run implements [eval.Engine].
func (g *gated) Run(ctx context.Context, p *check.Program) (done int, err error) {
	if reachesOut(p) {
		_, err = g.prepare(p)
	} else {
		done, err = g.Engine.Run(ctx, p)
	}
	var fault *check.Fault
	if errors.As(err, &fault) {
		panic(fmt.Sprint(fault.Value, "\n", fault.Stack))
	}
	return done, err
}

// reachesOut says whether a program, or one it calls, might use a package that does more
// than compute, or a magic.
func reachesOut(p *check.Program) bool {
	for _, o := range p.Info.Uses {
		if o.Pkg() != nil && o.Pkg().Path() != "main" && !harmless[o.Pkg().Path()] {
			return true
		}
	}
	for _, st := range p.Steps {
		if st.Magic != "" {
			return true
		}
	}
	return false
}

var harmless = map[string]bool{"fmt": true, "strings": true, "strconv": true, "sort": true, "slices": true, "maps": true, "errors": true, "cmp": true, "math": true, "unicode": true, "bytes": true, "sync": true, "sync/atomic": true, "iter": true, "time": true, "math/bits": true, "context": true, "unicode/utf8": true}
