package generic_test

import (
	"go/token"
	"go/types"
	"slices"
	"testing"

	"github.com/dagbook/dagbook/kernel/eval/closure/generic"
	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// What is known is what there is: the generic functions and the methods of generic types
// in the packages that a cell can import.
func TestNames(t *testing.T) {
	var functions, methods []string
	imports := symbols.NewImporter(token.NewFileSet())
	for _, path := range symbols.Paths() {
		pkg, err := imports.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		if path == symbols.Module+"taskgraph" {
			continue // its instances belong to the session, see eval.Generic
		}
		for _, name := range pkg.Scope().Names() {
			obj := pkg.Scope().Lookup(name)
			if !obj.Exported() {
				continue
			}
			if f, ok := obj.(*types.Func); ok && f.Signature().TypeParams().Len() > 0 {
				functions = append(functions, path+"."+name)
			}
			if n, ok := obj.Type().(*types.Named); ok && n.TypeParams().Len() > 0 {
				methods = append(methods, methodsOf(path+"."+name+".", n)...)
			}
		}
	}
	slices.Sort(functions)
	slices.Sort(methods)
	if got := generic.Names(); !slices.Equal(got, functions) {
		t.Errorf("Names are\n%v, the generic functions are\n%v", got, functions)
	}
	if got := generic.MethodNames(); !slices.Equal(got, methods) {
		t.Errorf("MethodNames are\n%v, the methods of generic types are\n%v", got, methods)
	}
}

func methodsOf(prefix string, n *types.Named) (names []string) {
	for m := range n.Methods() {
		if m.Exported() {
			names = append(names, prefix+m.Name())
		}
	}
	return names
}

func TestUnknown(t *testing.T) {
	if _, ok := generic.Func("slices", "Shuffle", nil, nil); ok {
		t.Error("slices.Shuffle is known")
	}
	if _, ok := generic.Method("unique", "Handle", "Set", nil, nil); ok {
		t.Error("unique.Handle.Set is known")
	}
}
