package rt_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// cellText is decl_test.go as a cell would hold it.
var cellText = sync.OnceValue(func() string {
	_, here, _, _ := runtime.Caller(0)
	return strings.Replace(readFile(strings.Replace(here, "like_test.go", "decl_test.go", 1)), "package rt_test", "package main", 1)
})

// check type-checks a text as the package of the cells.
func check(t testing.TB, text string) *types.Package {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "cell.go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := (&types.Config{Importer: symbols.NewImporter(fset), Sizes: types.SizesFor("gc", runtime.GOARCH)}).Check("main", fset, []*ast.File{f}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

// cells checks decl_test.go anew, with all types that know the compiled packages.
func cells(t testing.TB) (*types.Package, *rt.Types) {
	return check(t, cellText()), rt.New(known, twins)
}

func typeNamed(t testing.TB, pkg *types.Package, name string) types.Type {
	t.Helper()
	o := pkg.Scope().Lookup(name)
	if o == nil {
		t.Fatalf("no type %s", name)
	}
	return o.Type()
}

// known stands for the bindings of compiled packages.
func known(pkgPath, name string) reflect.Type {
	for _, rt := range []reflect.Type{
		reflect.TypeFor[time.Time](), reflect.TypeFor[time.Location](), reflect.TypeFor[time.Duration](), reflect.TypeFor[io.Reader](), reflect.TypeFor[io.Writer](),
		reflect.TypeFor[io.Closer](), reflect.TypeFor[sync.Mutex](), reflect.TypeFor[stateAlias](), reflect.TypeFor[stringerAlias](),
	} {
		if rt.PkgPath() == pkgPath && rt.Name() == name {
			return rt
		}
	}
	return nil
}

// compiledTypes are the twins of the cell's.
var compiledTypes = []reflect.Type{
	reflect.TypeFor[Bool](), reflect.TypeFor[Int](), reflect.TypeFor[Int8](), reflect.TypeFor[Uint16](), reflect.TypeFor[Float](), reflect.TypeFor[Complex](),
	reflect.TypeFor[Text](), reflect.TypeFor[Ptr](), reflect.TypeFor[Bytes](), reflect.TypeFor[Strings](), reflect.TypeFor[Arr](), reflect.TypeFor[Zero](),
	reflect.TypeFor[One](), reflect.TypeFor[Deep](), reflect.TypeFor[Fn](), reflect.TypeFor[Chan](), reflect.TypeFor[Recv](), reflect.TypeFor[Send](),
	reflect.TypeFor[Set](), reflect.TypeFor[Index](), reflect.TypeFor[Float1](), reflect.TypeFor[Wide](),
	reflect.TypeFor[T](), reflect.TypeFor[M](), reflect.TypeFor[F](), reflect.TypeFor[C](), reflect.TypeFor[P](), reflect.TypeFor[A](), reflect.TypeFor[B](),
	reflect.TypeFor[Key](), reflect.TypeFor[Key2](), reflect.TypeFor[Chained](), reflect.TypeFor[Chained2](), reflect.TypeFor[Chained3](), reflect.TypeFor[Node](),
	reflect.TypeFor[Padded](), reflect.TypeFor[Packed](), reflect.TypeFor[Blank](), reflect.TypeFor[Tail](), reflect.TypeFor[Single](), reflect.TypeFor[Nested](),
	reflect.TypeFor[Mixed](), reflect.TypeFor[Iface](), reflect.TypeFor[Many](), reflect.TypeFor[Large](), reflect.TypeFor[LargeArr](),
	reflect.TypeFor[Color](), reflect.TypeFor[Point](), reflect.TypeFor[Failure](), reflect.TypeFor[Ages](), reflect.TypeFor[Sink](), reflect.TypeFor[Source](),
	reflect.TypeFor[Huge](), reflect.TypeFor[Handle](), reflect.TypeFor[Lookup](), reflect.TypeFor[Doubler](), reflect.TypeFor[Base](), reflect.TypeFor[Outer](),
	reflect.TypeFor[Locked](), reflect.TypeFor[Celsius](), reflect.TypeFor[Shape](), reflect.TypeFor[Closer](), reflect.TypeFor[Secret](), reflect.TypeFor[Opener](),
	reflect.TypeFor[keeper](), reflect.TypeFor[IntPair](), reflect.TypeFor[DeepPair](),
}

// twins runs the compiled method of the same name: the two types have one layout.
func twins(recv types.Type, sel *types.Selection) unsafe.Pointer {
	name := strings.ReplaceAll(types.TypeString(recv, (*types.Package).Name), "main.", "rt_test.")
	for _, c := range compiledTypes {
		for _, c := range []reflect.Type{c, reflect.PointerTo(c)} {
			if c.String() == name || c.String() == strings.ReplaceAll(name, ", ", ",") {
				return rt.CompiledMethod(c, sel.Obj().Name())
			}
		}
	}
	return nil
}

// twin compares a forged type with its compiled twin, and all that the two refer to.
type twin struct {
	t    *testing.T
	seen map[[2]reflect.Type]bool
}

func (w twin) eq(path, what string, got, want any) {
	w.t.Helper()
	if !reflect.DeepEqual(got, want) {
		w.t.Errorf("%s: %s is %v, compiled %v", path, what, got, want)
	}
}

func asMain(s string) string {
	s = strings.ReplaceAll(s, "github.com/dagbook/dagbook/kernel/eval/closure/rt_test", "main")
	return strings.ReplaceAll(s, "rt_test.", "main.")
}

func (w twin) compare(path string, got, want reflect.Type) {
	if got == want || w.seen[[2]reflect.Type{got, want}] || w.t.Failed() {
		return
	}
	w.seen[[2]reflect.Type{got, want}] = true
	w.eq(path, "String", got.String(), asMain(want.String()))
	w.eq(path, "Name", got.Name(), asMain(want.Name()))
	w.eq(path, "PkgPath", got.PkgPath(), asMain(want.PkgPath()))
	w.eq(path, "Kind", got.Kind(), want.Kind())
	w.eq(path, "Size", got.Size(), want.Size())
	w.eq(path, "Align", []int{got.Align(), got.FieldAlign()}, []int{want.Align(), want.FieldAlign()})
	w.eq(path, "Comparable", got.Comparable(), want.Comparable())
	w.eq(path, "PtrBytes", rt.PtrBytes(got), rt.PtrBytes(want))
	quirk := uint8(0)
	if got.Name() == "" { // reflect.StructOf hashes no unnamed struct in one piece
		quirk = rt.FlagRegular
	}
	w.eq(path, "Flags", rt.Flags(got)|quirk, rt.Flags(want)|quirk)
	w.mask(path, rt.Mask(got), rt.Mask(want))
	if w.t.Failed() {
		return
	}
	w.methods(path, got, want)
	w.parts(path, got, want)
	if got.Name() != "" || got.Kind() == reflect.Struct {
		w.compare("*"+path, reflect.PointerTo(got), reflect.PointerTo(want))
	}
}

// mask wants all pointers of the compiled type to be the collector's. reflect calls the
// first word of an interface a pointer too, which does no harm.
func (w twin) mask(path string, got, want []bool) {
	w.eq(path, "length of the mask", len(got), len(want))
	for i := range min(len(got), len(want)) {
		typeWord := got[i] && !want[i] && i+1 < len(want) && want[i+1]
		if got[i] != want[i] && !typeWord {
			w.t.Errorf("%s: mask %v, compiled %v", path, got, want)
			return
		}
	}
}

func (w twin) methods(path string, got, want reflect.Type) {
	if !rt.AnyShape && want.Kind() != reflect.Interface {
		return // not all of them are in the method table
	}
	w.eq(path, "NumMethod", got.NumMethod(), want.NumMethod())
	for i := range want.NumMethod() {
		g, c := got.Method(i), want.Method(i)
		w.eq(path, "method", []any{g.Name, g.Index}, []any{c.Name, c.Index})
		w.eq(path, "package of "+g.Name, g.PkgPath, asMain(c.PkgPath))
		w.compare(path+"."+g.Name, g.Type, c.Type)
		if byName, ok := got.MethodByName(c.Name); !ok || byName.Index != i {
			w.t.Errorf("%s: MethodByName(%s) is %v, %v", path, c.Name, byName, ok)
		}
	}
}

func (w twin) parts(path string, got, want reflect.Type) {
	switch want.Kind() {
	case reflect.Array, reflect.Slice, reflect.Pointer, reflect.Chan, reflect.Map:
		w.compare(path+"[]", got.Elem(), want.Elem())
	}
	switch want.Kind() {
	case reflect.Array:
		w.eq(path, "Len", got.Len(), want.Len())
	case reflect.Chan:
		w.eq(path, "ChanDir", got.ChanDir(), want.ChanDir())
	case reflect.Map:
		w.compare(path+"[key]", got.Key(), want.Key())
		w.eq(path, "map layout", rt.MapFlags(got), rt.MapFlags(want))
	case reflect.Func:
		w.eq(path, "counts", []any{got.NumIn(), got.NumOut(), got.IsVariadic()}, []any{want.NumIn(), want.NumOut(), want.IsVariadic()})
		for i := range want.NumIn() {
			w.compare(path+"(in)", got.In(i), want.In(i))
		}
		for i := range want.NumOut() {
			w.compare(path+"(out)", got.Out(i), want.Out(i))
		}
	case reflect.Struct:
		w.eq(path, "NumField", got.NumField(), want.NumField())
		for i := range want.NumField() {
			g, c := got.Field(i), want.Field(i)
			w.eq(path, "field", []any{g.Name, g.Tag, g.Offset, g.Anonymous, g.PkgPath}, []any{c.Name, c.Tag, c.Offset, c.Anonymous, asMain(c.PkgPath)})
			w.compare(path+"."+g.Name, g.Type, c.Type)
		}
	}
}

func TestLikeCompiled(t *testing.T) {
	pkg, ts := cells(t)
	forged := map[string]reflect.Type{}
	names := pkg.Scope().Names()
	slices.Reverse(names) // another order than the declarations'
	for _, name := range names {
		if n, ok := pkg.Scope().Lookup(name).(*types.TypeName); ok {
			if nt, ok := n.Type().(*types.Named); !ok || nt.TypeParams().Len() == nt.TypeArgs().Len() {
				rt := ts.Of(n.Type())
				forged[rt.Name()] = rt
			}
		}
	}
	for _, c := range compiledTypes {
		t.Run(asMain(c.Name()), func(t *testing.T) {
			f := forged[asMain(c.Name())]
			if f == nil {
				t.Fatalf("not forged")
			}
			twin{t, map[[2]reflect.Type]bool{}}.compare(f.Name(), f, c)
			if v := reflect.New(f); v.Elem().Comparable() && !v.Elem().IsZero() {
				t.Error("a new value is not zero")
			}
		})
	}
	if len(forged) != len(compiledTypes) {
		t.Errorf("%d types forged, %d compared", len(forged), len(compiledTypes))
	}
}

// TestImplements asks every pair of a forged type and an interface, compiled and
// forged, what the compiler says of the twins.
func TestImplements(t *testing.T) {
	anyShapes(t)
	pkg, ts := cells(t)
	compiled := []reflect.Type{reflect.TypeFor[error](), reflect.TypeFor[stringerAlias](), reflect.TypeFor[io.Writer](), reflect.TypeFor[io.Reader](), reflect.TypeFor[sync.Locker](), reflect.TypeFor[interface{ Unwrap() error }]()}
	yes := 0
	for _, c := range compiledTypes {
		n, ok := pkg.Scope().Lookup(asMain(c.Name())).(*types.TypeName)
		if !ok {
			continue
		}
		f := ts.Of(n.Type())
		for _, i := range compiled {
			for _, pair := range [][2]reflect.Type{{f, c}, {reflect.PointerTo(f), reflect.PointerTo(c)}} {
				want := pair[1].Implements(i)
				if got := pair[0].Implements(i); got != want {
					t.Errorf("%s implements %s: %v", pair[0], i, got)
				}
				if f.Kind() != reflect.Interface {
					if got := rt.Itab(i, pair[0]) != nil; got != want {
						t.Errorf("the runtime's table of %s and %s: %v", pair[0], i, got)
					}
				}
				if want {
					yes++
				}
			}
		}
		for _, name := range []string{"Shape", "Closer", "Secret", "Opener"} {
			i, ci := ts.Of(typeNamed(t, pkg, name)), compiledNamed(name)
			for _, pair := range [][2]reflect.Type{{f, c}, {reflect.PointerTo(f), reflect.PointerTo(c)}} {
				if got, want := pair[0].Implements(i), pair[1].Implements(ci); got != want {
					t.Errorf("%s implements %s: %v", pair[0], i, got)
				} else if want {
					yes++
				}
			}
		}
	}
	if yes < 20 {
		t.Errorf("only %d pairs that implement: the test compares nothing", yes)
	}
}

func compiledNamed(name string) reflect.Type {
	for _, c := range compiledTypes {
		if asMain(c.Name()) == name {
			return c
		}
	}
	return nil
}
