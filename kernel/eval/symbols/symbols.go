// Package symbols holds what cells may import: for every package of the
// standard library and of ours its types, its doc comments, and its functions,
// variables, constants and types as reflect values.
//
// All of it is generated (see gen) and embedded, so that a kernel needs neither
// a Go toolchain nor Go's source at run time. Nothing is read before it is asked
// for: a package that no cell imports costs nothing but its bytes in the binary.
//
//	syms, _ := symbols.Of("strings")
//	upper := syms["ToUpper"].Interface().(func(string) string)
//
// The reflect values follow the form that yaegi reads: functions as they are,
// variables addressable, typed constants as values and untyped ones as
// go/constant values, types as nil pointers to them, and beside an interface
// type T a struct _T through which an interpreted value can stand for it.
package symbols

//go:generate go run ./gen builtin std github.com/dagbook/dagbook/display github.com/dagbook/dagbook/display/widget github.com/dagbook/dagbook/taskgraph github.com/dagbook/dagbook/taskgraph/graph github.com/dagbook/dagbook/taskgraph/sched github.com/dagbook/dagbook/taskgraph/trace github.com/dagbook/dagbook/taskgraph/array github.com/dagbook/dagbook/taskgraph/ndarray github.com/dagbook/dagbook/taskgraph/hdf5 github.com/dagbook/dagbook/taskgraph/frame github.com/dagbook/dagbook/taskgraph/frame/column github.com/dagbook/dagbook/taskgraph/frame/csv github.com/dagbook/dagbook/taskgraph/frame/jsonlines github.com/dagbook/dagbook/taskgraph/archive gonum.org/v1/gonum/floats gonum.org/v1/gonum/mat gonum.org/v1/gonum/stat gonum.org/v1/gonum/stat/distuv gonum.org/v1/gonum/optimize gonum.org/v1/gonum/integrate gonum.org/v1/gonum/interp gonum.org/v1/gonum/dsp/fourier gonum.org/v1/gonum/diff/fd gonum.org/v1/plot gonum.org/v1/plot/plotter gonum.org/v1/plot/plotutil gonum.org/v1/plot/palette gonum.org/v1/plot/palette/moreland gonum.org/v1/plot/font gonum.org/v1/plot/vg gonum.org/v1/plot/vg/draw gonum.org/v1/plot/vg/vgsvg

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"sort"
	"strings"
	"sync"

	"golang.org/x/tools/go/gcexportdata"
)

//go:embed types.zip
var typesZip []byte

//go:embed docs.zip
var docsZip []byte

// Module is the import path prefix of our own packages; a cell may leave it out.
const Module = "github.com/dagbook/dagbook/"

// Of returns the symbols of the package with the given import path, and whether
// there is such a package. Every call builds the map anew; callers keep it.
func Of(path string) (map[string]reflect.Value, bool) {
	e, ok := index[path]
	if !ok {
		return nil, false
	}
	return e.load(), true
}

// NameOf returns the package name of an import path, "" for an unknown path.
func NameOf(path string) string {
	if path == "unsafe" {
		return "unsafe"
	}
	return index[path].name
}

// Paths returns every import path, sorted.
func Paths() []string {
	paths := make([]string, 0, len(index))
	for p := range index {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	return paths
}

// Resolve turns the path of an import line into a full import path: our own
// packages may be named without the module (taskgraph, display/widget) or by
// their last element alone (widget). An unknown path is returned as it is.
func Resolve(path string) string {
	if _, ok := index[path]; ok || path == "unsafe" {
		return path
	}
	if _, ok := index[Module+path]; ok {
		return Module + path
	}
	for p := range index {
		if strings.HasPrefix(p, Module) && strings.HasSuffix(p, "/"+path) && !inner(p) {
			return p
		}
	}
	return path
}

// byName groups import paths by package name, the path to prefer first: ours,
// then the newest version of a package that has versions.
var byName = sync.OnceValue(func() map[string][]string {
	m := map[string][]string{}
	for _, p := range Paths() {
		if inner(p) {
			continue
		}
		m[index[p].name] = append(m[index[p].name], p)
	}
	m["unsafe"] = []string{"unsafe"}
	for _, list := range m {
		slices.SortStableFunc(list, func(a, b string) int { return rank(a) - rank(b) })
	}
	return m
})

// inner reports packages that are there for the types which others' functions take: they are
// imported by their whole path alone, so that csv stays encoding/csv.
func inner(path string) bool { return strings.HasPrefix(path, Module+"taskgraph/frame/") }

func rank(path string) int {
	switch {
	case strings.HasPrefix(path, Module):
		return 0
	case strings.HasSuffix(path, "/v2"):
		return 1
	case strings.HasPrefix(path, "crypto/") || strings.HasPrefix(path, "testing/") || strings.HasPrefix(path, "go/"):
		return 3 // math/rand is meant more often than crypto/rand
	}
	return 2
}

// Named returns the import paths whose package has the given name, the one a
// cell most likely means first. No package: nil.
func Named(name string) []string { return byName()[name] }

// Ambiguous reports whether a package name must not be imported by guess, since
// a wrong guess is dangerous: text/template would not escape what html/template does.
func Ambiguous(name string) bool { return name == "template" }

// Docs reads doc comments, a package at a time, and keeps what it has read. One
// reader serves one session; it is not safe for concurrent use.
type Docs struct {
	archive *zip.Reader
	read    map[string]map[string]string // path -> name -> comment
}

// NewDocs returns a reader of the embedded doc comments.
func NewDocs() *Docs { return &Docs{read: map[string]map[string]string{}} }

// Of returns the doc comment of a package (name ""), of one of its objects ("Name")
// or of a method or field ("Type.Name"); "" when there is none.
func (d *Docs) Of(path, name string) string {
	m, ok := d.read[path]
	if !ok {
		m = d.load(path)
		d.read[path] = m
	}
	return m[name]
}

func (d *Docs) load(path string) map[string]string {
	if d.archive == nil {
		d.archive = open(docsZip)
	}
	f, err := d.archive.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	m := map[string]string{}
	if err := json.NewDecoder(f).Decode(&m); err != nil {
		panic("symbols: the embedded docs of " + path + " are damaged: " + err.Error()) // a build fault, not an input
	}
	return m
}

func open(data []byte) *zip.Reader {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		panic("symbols: the embedded archive is damaged: " + err.Error()) // a build fault, not an input
	}
	return z
}

// Importer reads packages for a type checker from the embedded export data.
// One importer serves one session: the packages it returns are identical from
// call to call. It is not safe for concurrent use.
type Importer struct {
	fset    *token.FileSet
	archive *zip.Reader
	loaded  map[string]*types.Package
}

// NewImporter returns an importer that records positions in fset.
func NewImporter(fset *token.FileSet) *Importer {
	return &Importer{fset: fset, archive: open(typesZip), loaded: map[string]*types.Package{}}
}

// Import returns the types of a package. The path is resolved as by [Resolve].
func (im *Importer) Import(path string) (*types.Package, error) {
	path = Resolve(path)
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if p := im.loaded[path]; p != nil && p.Complete() {
		return p, nil
	}
	f, err := im.archive.Open(path)
	if err != nil {
		return nil, fmt.Errorf("there is no package %q here: a cell can import the standard library, dagbook's own packages, gonum's and gonum's plot", path)
	}
	defer f.Close()
	return gcexportdata.Read(f, im.fset, im.loaded, path)
}
