package symbols

import (
	"fmt"
	"go/token"
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
