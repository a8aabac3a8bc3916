package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"sort"
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
	"kernel/eval":                     "kernel/eval/check kernel/eval/symbols kernel/eval/parent display",
	"kernel/eval/check":               "kernel/eval/symbols",
	"kernel/eval/parent":              "",
	"kernel/eval/yaegi":               "kernel/eval kernel/eval/check kernel/eval/symbols display",
	"kernel/eval/closure":             "kernel/eval kernel/eval/check kernel/eval/symbols kernel/eval/closure/mem kernel/eval/closure/rt kernel/eval/closure/generic",
	"kernel/eval/closure/gen":         "kernel/eval/symbols",
	"kernel/eval/closure/mem":         "kernel/eval/closure/rt",
	"kernel/eval/closure/rt":          "",
	"kernel/eval/closure/rt/gen":      "",
	"kernel/eval/closure/generic":     "display taskgraph",
	"kernel/eval/enginetest":          "kernel/eval display",
	"kernel/eval/enginetest/randprog": "",
	"kernel/eval/symbols":             "display/... taskgraph/...",
	"kernel/eval/symbols/gen":         "",
	"kernel/magic":                    "display",
	"display":                         "",
	"taskgraph":                       "taskgraph/graph taskgraph/order taskgraph/sched taskgraph/dot taskgraph/layout taskgraph/trace",
	"taskgraph/graph":                 "",
	"taskgraph/order":                 "taskgraph/graph",
	"taskgraph/sched":                 "taskgraph/graph taskgraph/order taskgraph/trace",
	"taskgraph/sched/schedtest":       "taskgraph/graph taskgraph/order taskgraph/sched taskgraph/trace",
	"taskgraph/dot":                   "taskgraph/graph",
	"taskgraph/layout":                "taskgraph/graph",
	"taskgraph/trace":                 "taskgraph/graph",
	"kernelspec":                      "",
}

// importers says who alone may import a foreign module.
var importers = map[string]string{
	"github.com/go-zeromq/zmq4": "protocol/zmq",
	"github.com/traefik/yaegi":  "kernel/eval/yaegi kernel/eval/symbols",
	"github.com/emicklei/dot":   "taskgraph/dot",
	"github.com/google/uuid":    "protocol protocol/zmq kernel",
	"golang.org/x/tools":        "kernel/eval/symbols kernel/eval/symbols/gen kernel/kerneltest kernel/eval/closure/rt",
	"pgregory.net/rapid":        "taskgraph/sched/schedtest kernel/eval/closure/generic",
	"gonum.org/v1/gonum":        "kernel/eval/symbols",
	"go.uber.org/goleak":        "taskgraph/sched/schedtest kernel/kerneltest",
	"github.com/google/go-cmp":  "kernel/kerneltest protocol/transcript",
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

// rooms returns the imports of every folder with Go files, tests left out.
func rooms(t *testing.T) map[string][]string {
	found := map[string]map[string]bool{}
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
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		room := filepath.ToSlash(filepath.Dir(path))
		if found[room] == nil {
			found[room] = map[string]bool{}
		}
		for _, i := range f.Imports {
			found[room][strings.Trim(i.Path.Value, `"`)] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for room, set := range found {
		list := []string{}
		for path := range set {
			list = append(list, path)
		}
		sort.Strings(list)
		out[room] = list
	}
	return out
}
