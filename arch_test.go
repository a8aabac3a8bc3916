package main

import (
	"bytes"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const modulePath = "github.com/dagbook/dagbook"

// arrows says which rooms a room may import (a room is a folder; "x/..." stands for
// x and all below it). ARCHITECTURE.md draws them. Where one turns out wrong, the
// map, this table and the reason change in one commit.
var arrows = map[string]string{
	".":                               "...",
	"protocol":                        "",
	"protocol/zmq":                    "protocol",
	"protocol/transcript":             "protocol",
	"kernel":                          "protocol display",
	"kernel/kerneltest":               "kernel protocol display",
	"kernel/eval":                     "kernel/eval/check kernel/eval/symbols kernel/eval/parent display taskgraph/process taskgraph/codec",
	"kernel/eval/check":               "kernel/eval/symbols",
	"kernel/eval/parent":              "",
	"kernel/eval/yaegi":               "kernel/eval kernel/eval/check kernel/eval/symbols display",
	"kernel/eval/closure":             "kernel/eval kernel/eval/check kernel/eval/symbols kernel/eval/closure/mem kernel/eval/closure/rt kernel/eval/closure/generic kernel/eval/closure/table",
	"kernel/eval/closure/gen":         "kernel/eval/symbols",
	"kernel/eval/closure/mem":         "kernel/eval/closure/rt",
	"kernel/eval/closure/rt":          "",
	"kernel/eval/closure/table":       "kernel/eval/closure/mem",
	"kernel/eval/closure/rt/gen":      "",
	"kernel/eval/closure/generic":     "display taskgraph",
	"kernel/eval/enginetest":          "kernel/eval display",
	"kernel/eval/enginetest/randprog": "",
	"kernel/eval/symbols":             "display/... taskgraph/...",
	"kernel/eval/symbols/gen":         "",
	"kernel/magic":                    "display",
	"display":                         "display/png",
	"display/png":                     "",
	"display/widget":                  "display",
	"display/taskview":                "display taskgraph taskgraph/graph taskgraph/trace",
	"taskgraph":                       "taskgraph/graph taskgraph/order taskgraph/sched taskgraph/process taskgraph/codec taskgraph/optimize taskgraph/dot taskgraph/layout taskgraph/trace",
	"taskgraph/codec":                 "",
	"taskgraph/spill":                 "taskgraph/codec",
	"taskgraph/hdf5":                  "",
	"taskgraph/frame":                 "taskgraph taskgraph/hdf5 taskgraph/frame/...",
	"taskgraph/frame/column":          "",
	"taskgraph/frame/csv":             "taskgraph/frame/column",
	"taskgraph/frame/jsonlines":       "taskgraph/frame/column taskgraph/frame/csv",
	"taskgraph/optimize":              "taskgraph/graph taskgraph/sched",
	"taskgraph/process":               "taskgraph/codec taskgraph/graph taskgraph/sched",
	"taskgraph/graph":                 "",
	"taskgraph/ndarray":               "taskgraph/hdf5",
	"taskgraph/order":                 "taskgraph/graph",
	"taskgraph/sched":                 "taskgraph/graph taskgraph/order taskgraph/trace taskgraph/codec taskgraph/spill",
	"taskgraph/sched/schedtest":       "taskgraph/graph taskgraph/order taskgraph/sched taskgraph/trace",
	"taskgraph/archive":               "",
	"taskgraph/array":                 "taskgraph taskgraph/ndarray taskgraph/hdf5",
	"taskgraph/dot":                   "taskgraph/graph",
	"taskgraph/layout":                "taskgraph/graph",
	"taskgraph/trace":                 "taskgraph/graph",
	"kernelspec":                      "",
	"notebooks/makedata":              "taskgraph/hdf5",
	"display/plotview":                "display",
}

// importers says who alone may import a foreign module.
var importers = map[string]string{
	"github.com/go-zeromq/zmq4":             "protocol/zmq",
	"github.com/traefik/yaegi":              "kernel/eval/yaegi kernel/eval/symbols",
	"github.com/emicklei/dot":               "taskgraph/dot",
	"github.com/klauspost/compress":         "display/png taskgraph/hdf5 taskgraph/archive taskgraph/frame/csv notebooks/makedata",
	"github.com/google/uuid":                "protocol protocol/zmq kernel",
	"golang.org/x/tools":                    "kernel/eval/symbols kernel/eval/symbols/gen kernel/kerneltest kernel/eval/closure/rt",
	"pgregory.net/rapid":                    "taskgraph/sched/schedtest kernel/eval/closure/generic",
	"gonum.org/v1/gonum":                    "kernel/eval/symbols taskgraph/ndarray",
	"gonum.org/v1/plot":                     "kernel/eval/symbols display/plotview taskgraph/frame", // frames and series draw themselves, as gonum's plots
	"github.com/KimMachineGun/automemlimit": ".",
	"go.uber.org/goleak":                    "taskgraph/sched/schedtest kernel/kerneltest",
	"github.com/google/go-cmp":              "kernel/kerneltest protocol/transcript",
	"github.com/apache/arrow-go/v18":        "taskgraph/frame taskgraph/frame/column kernel/eval/symbols",
}

func TestArrows(t *testing.T) {
	for room, imports := range rooms(t) {
		allowed, known := arrows[room]
		if !known {
			t.Errorf("the room %s is not on the map: add it to ARCHITECTURE.md and to arrows", room)
			continue
		}
		for _, path := range imports {
			switch {
			case path == modulePath || strings.HasPrefix(path, modulePath+"/"):
				to := strings.TrimPrefix(strings.TrimPrefix(path, modulePath), "/")
				if !permits(allowed, to) {
					t.Errorf("%s imports %s; it may import: %s", room, to, allowed)
				}
			case strings.Contains(strings.SplitN(path, "/", 2)[0], "."):
				checkForeign(t, room, path)
			}
		}
	}
	for room := range arrows {
		if _, ok := rooms(t)[room]; !ok {
			t.Errorf("arrows knows a room %s that is not there", room)
		}
	}
}

func permits(allowed, to string) bool {
	for _, a := range strings.Fields(allowed) {
		if base, all := strings.CutSuffix(a, "..."); a == to || all && (base == "" || to+"/" == base || strings.HasPrefix(to, base)) {
			return true
		}
	}
	return false
}

func checkForeign(t *testing.T, room, path string) {
	for module, who := range importers {
		if path == module || strings.HasPrefix(path, module+"/") {
			if !permits(who, room) {
				t.Errorf("%s imports %s, which only %s may", room, path, who)
			}
			return
		}
	}
	t.Errorf("%s imports %s, which no room is recorded to need", room, path)
}

// unsafely says who alone may import unsafe, and why: rooms, or single files of others.
// What is not listed keeps to Go's rules for memory.
var unsafely = map[string]string{
	"kernel/eval/closure/mem":      "it is the memory of values",
	"kernel/eval/closure/rt":       "it makes types for Go's runtime",
	"kernel/eval/closure/generic":  "it takes slices of any type for slices of one",
	"kernel/eval/parent/parent.go": "the address of a goroutine's labels is its mark",
	"kernel/eval/input_unix.go":    "the system writes into a variable how much waits in a pipe",
	"display/typed.go":             "yaegi keeps values in fields that are not exported",
}

// linked says who alone may use names that other packages do not export.
var linked = map[string]string{
	"kernel/eval/closure/mem/slice.go": "append grows slices as Go's own does",
	"kernel/eval/closure/rt/link.go":   "reflect has to find the types and methods that rt makes",
	"kernel/eval/parent/parent.go":     "the runtime tells a goroutine's labels to nobody else",
}

// TestUnsafe keeps what breaks Go's rules for memory where it can be looked over.
func TestUnsafe(t *testing.T) {
	seen := map[string]bool{}
	check := func(file, what string, permitted map[string]string) {
		for _, p := range []string{file, path.Dir(file)} {
			if permitted[p] != "" {
				seen[what+p] = true
				return
			}
		}
		t.Errorf("%s uses %s: take what the listed rooms offer, or list it with its reason", file, what)
	}
	for _, file := range sources(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte("\n//go:linkname ")) {
			check(file, "go:linkname", linked)
		}
		if slices.Contains(importsOf(t, file), "unsafe") {
			check(file, "unsafe", unsafely)
		}
	}
	for what, permitted := range map[string]map[string]string{"unsafe": unsafely, "go:linkname": linked} {
		for p := range permitted {
			if !seen[what+p] {
				t.Errorf("%s is listed for %s and does without", p, what)
			}
		}
	}
}

// rooms returns the imports of every folder with Go files, tests left out.
func rooms(t *testing.T) map[string][]string {
	out := map[string][]string{}
	for _, file := range sources(t) {
		room := path.Dir(file)
		out[room] = append(out[room], importsOf(t, file)...)
	}
	for room, imports := range out {
		slices.Sort(imports)
		out[room] = slices.Compact(imports)
	}
	return out
}

// sources are the Go files of the project, tests left out.
func sources(t *testing.T) (files []string) {
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); path != "." && (strings.HasPrefix(name, ".") || name == "testdata" || name == "build" || name == "bin") {
				return filepath.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			files = append(files, filepath.ToSlash(path))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func importsOf(t *testing.T, file string) (imports []string) {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range f.Imports {
		imports = append(imports, strings.Trim(i.Path.Value, `"`))
	}
	return imports
}
