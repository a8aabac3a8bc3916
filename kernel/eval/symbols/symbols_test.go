package symbols

import (
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

func ExampleOf() {
	syms, _ := Of("strings")
	upper := syms["ToUpper"].Interface().(func(string) string)
	fmt.Println(upper("go"))
	// Output: GO
}

func TestEveryPackageHasTypesSymbolsAndDocs(t *testing.T) {
	im := NewImporter(token.NewFileSet())
	for _, path := range Paths() {
		p, err := im.Import(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if p.Name() != NameOf(path) {
			t.Errorf("%s is named %q in its types and %q in the index", path, p.Name(), NameOf(path))
		}
		syms, ok := Of(path)
		if !ok {
			t.Errorf("%s has no symbols", path)
		}
		for name := range syms {
			if o := p.Scope().Lookup(strings.TrimPrefix(name, "_")); o == nil {
				t.Errorf("%s.%s has no type", path, name)
			}
		}
	}
	if d := NewDocs().Of("strings", "Builder.WriteString"); !strings.Contains(d, "appends") {
		t.Errorf("doc of strings.Builder.WriteString: %q", d)
	}
}

func TestNamed(t *testing.T) {
	for name, want := range map[string]string{"rand": "math/rand/v2", "fmt": "fmt", "strings": "strings", "http": "net/http", "scanner": "text/scanner"} {
		if got := Named(name); len(got) == 0 || got[0] != want {
			t.Errorf("Named(%q) = %v, want %s first", name, got, want)
		}
	}
	if Named("nosuch") != nil {
		t.Error("an unknown package has a path")
	}
}

func BenchmarkImportFmt(b *testing.B) {
	for b.Loop() {
		if _, err := NewImporter(token.NewFileSet()).Import("fmt"); err != nil {
			b.Fatal(err)
		}
	}
}

// TestOurPackagesAreNotStale: what the generated types say of our own packages is what
// the compiler made of them. After a change of their exported names or of their structs,
// run make generate.
func TestOurPackagesAreNotStale(t *testing.T) {
	im := NewImporter(token.NewFileSet())
	sizes := types.SizesFor("gc", runtime.GOARCH)
	for _, path := range Paths() {
		if !strings.HasPrefix(path, "github.com/dagbook/") {
			continue
		}
		p, err := im.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		syms, _ := Of(path)
		for _, name := range p.Scope().Names() {
			o := p.Scope().Lookup(name)
			if !o.Exported() || generic(o) {
				continue
			}
			if err := stale(o, syms, sizes); err != nil {
				t.Errorf("%s.%s: %v; run make generate", path, name, err)
			}
		}
	}
}

func generic(o types.Object) bool {
	switch t := o.Type().(type) {
	case *types.Signature:
		return t.TypeParams().Len() > 0
	case *types.Named:
		return t.TypeParams().Len() > 0
	}
	return false
}

// stale compares what the types say of o with what is compiled.
func stale(o types.Object, syms map[string]reflect.Value, sizes types.Sizes) error {
	v, ok := syms[o.Name()]
	if !ok {
		return errors.New("there is no symbol")
	}
	switch o.(type) {
	case *types.TypeName:
		return staleType(o.Type(), v.Type().Elem(), sizes)
	case *types.Func:
		want, got := o.Type().(*types.Signature), v.Type()
		if want.Params().Len() != got.NumIn() || want.Results().Len() != got.NumOut() || want.Variadic() != got.IsVariadic() {
			return fmt.Errorf("the types say %v, compiled is %v", want, got)
		}
	}
	return nil
}

func staleType(want types.Type, got reflect.Type, sizes types.Sizes) error {
	if w := sizes.Sizeof(want); w != int64(got.Size()) {
		return fmt.Errorf("the types say %d bytes, compiled are %d", w, got.Size())
	}
	methods := types.NewMethodSet(types.NewPointer(want))
	if types.IsInterface(want) {
		methods = types.NewMethodSet(want)
	} else {
		got = reflect.PointerTo(got)
	}
	exported := 0
	for m := range methods.Methods() {
		if m.Obj().Exported() {
			exported++
		}
	}
	if exported > got.NumMethod() {
		return fmt.Errorf("the types say %d methods, compiled are %d", exported, got.NumMethod())
	}
	return nil
}
