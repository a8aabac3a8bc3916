package rt_test

import (
	"fmt"
	"go/types"
	"math"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

func TestLayoutOfGo(t *testing.T) {
	if err := rt.CheckLayout(); err != nil {
		t.Error(err)
	}
}

func TestUnnamedTypesAreTheCompiledOnes(t *testing.T) {
	pkg := check(t, `package main
import ("time"; "io"; "sync")
var (
	A []int
	B map[string][]*time.Time
	C func(int, ...string) (io.Reader, error)
	D struct { X int "k:\"v\""; Y string }
	E struct { sync.Mutex; N int }
	F [3]<-chan struct{}
	G *interface{}
	H chan (<-chan int)
	I any
	J error
)
const U = 'x'`)
	ts := rt.New(known, nil)
	for name, want := range map[string]reflect.Type{
		"A": reflect.TypeFor[[]int](), "C": reflect.TypeFor[func(int, ...string) (ioReader, error)](),
		"D": reflect.TypeFor[struct {
			X int `k:"v"`
			Y string
		}](),
		"F": reflect.TypeFor[[3]<-chan struct{}](), "G": reflect.TypeFor[*any](), "H": reflect.TypeFor[chan (<-chan int)](),
		"I": reflect.TypeFor[any](), "J": reflect.TypeFor[error](), "U": reflect.TypeFor[rune](), "E": reflect.TypeOf(&embedsMutex).Elem(), "B": reflect.TypeOf(mapOfTimes),
	} {
		if got := ts.Of(typeNamed(t, pkg, name)); got != want {
			t.Errorf("%s is %v (%p), compiled %v (%p)", name, got, rt.TypeWord(got), want, rt.TypeWord(want))
		}
	}
}

func TestCanonical(t *testing.T) {
	text := cellText()
	ts := rt.New(known, twins)
	one, two := check(t, text), check(t, text)
	for _, src := range []string{"Color", "Node", "IntPair"} {
		if ts.Of(typeNamed(t, one, src)) == ts.Of(typeNamed(t, two, src)) {
			t.Errorf("two declarations of %s are one type", src)
		}
	}
	// The same instance, and unnamed types over the same names, made of new objects.
	pair := typeNamed(t, one, "Pair").(*types.Named)
	mk := func() types.Type {
		inst, err := types.Instantiate(types.NewContext(), pair, []types.Type{types.Typ[types.Int], types.Typ[types.String]}, true)
		if err != nil {
			t.Fatal(err)
		}
		color := typeNamed(t, one, "Color")
		embedding := types.NewStruct([]*types.Var{types.NewField(0, one, "Color", color, true)}, nil)
		m := types.NewFunc(0, one, "m", types.NewSignatureType(nil, nil, nil, types.NewTuple(types.NewParam(0, one, "", inst)), nil, false))
		iface := types.NewInterfaceType([]*types.Func{m}, nil).Complete()
		return types.NewMap(types.NewPointer(embedding), types.NewSlice(iface))
	}
	first := ts.Of(mk())
	kept := rt.Kept()
	for range 5000 { // more than the cache of recent types holds
		if ts.Of(mk()) != first {
			t.Fatal("identical types gave different reflect types")
		}
	}
	if rt.Kept() != kept {
		t.Errorf("identical types left %d objects", rt.Kept()-kept)
	}
	if want := "map[*struct { main.Color }][]interface { main.m(main.Pair[int,string]) }"; first.String() != want {
		t.Errorf("spelled %s", first)
	}
}

func TestLocalTypes(t *testing.T) {
	pkg := check(t, "package main\nfunc f() { type Time int; type L struct{ t Time }; var x L; _ = x }\nfunc g() { type L struct{}; var x L; _ = x }")
	ts := rt.New(known, nil)
	var found []reflect.Type
	for _, fn := range []string{"f", "g"} {
		scope := pkg.Scope().Lookup(fn).(*types.Func).Scope()
		found = append(found, ts.Of(scope.Lookup("L").Type()))
	}
	if found[0] == found[1] || found[0].String() != "main.L" || found[1].Size() != 0 || found[0].Field(0).Type.String() != "main.Time" {
		t.Errorf("local types are %v", found)
	}
}

func TestTypesOfCompiledPackages(t *testing.T) {
	pkg := check(t, "package main\nimport (\"sync/atomic\"; \"container/list\"; \"iter\"; \"io\"; \"time\")\nvar P atomic.Pointer[time.Time]\nvar L list.Element\nvar S iter.Seq2[int, string]\nvar W io.ReadWriter\nvar T time.Time")
	ts := rt.New(known, nil)
	for name, want := range map[string]string{"P": "atomic.Pointer[time.Time] struct 8 0", "L": "list.Element struct 40 0", "S": "iter.Seq2[int,string] func 8 0", "W": "io.ReadWriter interface 16 2"} {
		f := ts.Of(typeNamed(t, pkg, name))
		if got := fmt.Sprintln(f, f.Kind(), f.Size(), f.NumMethod()); got != want+"\n" {
			t.Errorf("%s is %s", name, got)
		}
	}
	if p := ts.Of(typeNamed(t, pkg, "P")); p.PkgPath() != "sync/atomic" {
		t.Errorf("its package is %s", p.PkgPath())
	}
	old := rt.New(func(path, name string) reflect.Type {
		if name == "Time" {
			return reflect.TypeFor[struct{ wall uint64 }]()
		}
		return nil
	}, nil)
	defer func() {
		if err, ok := recover().(error); !ok || !strings.Contains(err.Error(), "another version of package time") {
			t.Errorf("a type of another layout gave %v", err)
		}
		if got := old.Of(types.NewSlice(types.Typ[types.Int])); got != reflect.TypeFor[[]int]() {
			t.Errorf("after a panic Of gives %v", got)
		}
	}()
	old.Of(types.NewStruct([]*types.Var{types.NewField(0, pkg, "T", typeNamed(t, pkg, "T"), true)}, nil))
}

func TestAdopt(t *testing.T) {
	pkg := check(t, "package main\nimport \"container/list\"\nvar L map[string][]*list.Element")
	ts := rt.New(known, nil)
	want := reflect.TypeOf(mapOfElements)
	ts.Adopt(typeNamed(t, pkg, "L"), want)
	if got := ts.Of(typeNamed(t, pkg, "L")); got != want {
		t.Errorf("after Adopt the type is %v", got)
	}
	elem := ts.Of(typeNamed(t, pkg, "L")).Elem()
	ts.Adopt(typeNamed(t, pkg, "L"), reflect.TypeFor[[]int]()) // another kind: refused
	if got := ts.Of(typeNamed(t, pkg, "L")); got != want || got.Elem() != elem {
		t.Errorf("Adopt took a type of another kind: %v", got)
	}
}

func TestNoTypeOfAValue(t *testing.T) {
	pkg := check(t, "package main\ntype G[T any] struct { a []*N; t T }\ntype N struct { g *G[int] }")
	ts := rt.New(nil, nil)
	g := typeNamed(t, pkg, "G").(*types.Named)
	for _, bad := range []types.Type{g, types.NewTuple(), types.Typ[types.Invalid], types.NewSlice(g.TypeParams().At(0))} {
		func() {
			defer func() {
				if err, ok := recover().(error); !ok || !strings.Contains(err.Error(), "is not the type of a value") {
					t.Errorf("Of(%s) gave %v", bad, err)
				}
			}()
			ts.Of(bad)
		}()
	}
	n := ts.Of(typeNamed(t, pkg, "N"))
	if got := n.Field(0).Type.Elem().Field(0).Type.Elem().Elem(); got != n {
		t.Errorf("after a panic the types are %v and %v", n, got)
	}
}

// TestKeys uses types as keys of maps that were made before the key type was complete.
func TestKeys(t *testing.T) {
	pkg, ts := cells(t)
	key := ts.Of(typeNamed(t, pkg, "Key"))
	m := reflect.MakeMap(key.Field(0).Type.Elem())
	zero, negative := filled(key, Key{s: "x"}), filled(key, Key{f: math.Copysign(0, -1), s: strings.Clone("x")})
	m.SetMapIndex(zero, reflect.ValueOf(1))
	m.SetMapIndex(negative, reflect.ValueOf(2))
	m.SetMapIndex(filled(key, Key{f: math.NaN()}), reflect.ValueOf(3))
	m.SetMapIndex(filled(key, Key{f: math.NaN()}), reflect.ValueOf(3))
	if m.Len() != 3 || m.MapIndex(zero).Int() != 2 {
		t.Errorf("the map holds %d keys", m.Len())
	}
	chained := ts.Of(typeNamed(t, pkg, "Chained")).Field(0).Type.Elem().Field(0).Type.Field(0).Type
	c := chained.Key()
	byString := func(s string) reflect.Value {
		v := reflect.New(c).Elem()
		*(*string)(v.Field(0).Field(1).Addr().UnsafePointer()) = s
		return v
	}
	cm := reflect.MakeMap(chained)
	cm.SetMapIndex(byString("abc"), reflect.ValueOf(1))
	if got := cm.MapIndex(byString(strings.Clone("abc"))); !got.IsValid() || got.Int() != 1 {
		t.Error("equal keys that hold a string are not found: it is hashed by its address")
	}
	k2 := ts.Of(typeNamed(t, pkg, "Key2"))
	got := panicOf(func() {
		_ = reflect.MakeMap(reflect.MapOf(k2, key)).MapIndex(filled(k2, Key2{in: []int{1}}))
	})
	want := panicOf(func() { _ = map[Key2]Key{}[Key2{in: []int{1}}] })
	if _, ok := got.(runtime.Error); !ok || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("an unhashable key panics with %v, compiled %v", got, want)
	}
}

func panicOf(f func()) (r any) {
	defer func() { r = recover() }()
	f()
	return nil
}

func TestMapsByAddress(t *testing.T) {
	pkg, ts := cells(t)
	mt := ts.Of(typeNamed(t, pkg, "M"))
	w := rt.TypeWord(mt)
	m := rt.MapNew(w, 3)
	for i := range 100 {
		key := fmt.Sprint("k", i)
		inner := rt.MapNew(w, 0)
		rt.Move(w, rt.MapAssignStr(w, m, key), addr(&inner))
	}
	key, missing := "k7", "none"
	if rt.MapLen(m) != 100 || rt.MapAccess(w, m, addr(&key)) == nil || rt.MapAccess(w, m, addr(&missing)) != nil || rt.MapAccessStr(w, m, missing) != nil || rt.MapAccessStr(w, nil, key) != nil {
		t.Error("access by key is wrong")
	}
	rt.MapDelete(w, m, addr(&key))
	rt.MapDeleteStr(w, m, "k8")
	if rt.MapLen(m) != 98 || rt.MapAccessStr(w, m, "k7") != nil || rt.MapAccessStr(w, m, "k8") != nil {
		t.Error("keys were not deleted")
	}
	seen := map[string]bool{}
	var it rt.MapIter
	for it.Start(w, m); it.Key() != nil; it.Next() {
		if it.Elem() == nil || *(*M)(it.Elem()) == nil {
			t.Error("an element is gone")
		}
		seen[*(*string)(it.Key())] = true
	}
	if len(seen) != 98 || rt.MapFast(mt) != rt.FastStr {
		t.Errorf("the walk saw %d keys", len(seen))
	}
	if it.Start(w, nil); it.Key() != nil {
		t.Error("a nil map has a key")
	}
	rt.MapClear(w, m)
	if rt.MapLen(m) != 0 || rt.MapLen(nil) != 0 {
		t.Error("the map is not clear")
	}
	ints := rt.TypeWord(reflect.TypeFor[map[int]string]())
	native := map[int]string{}
	im := *(*rt.Word)(addr(&native))
	*(*string)(rt.MapAssign64(ints, im, 5)) = "five"
	five := 6
	*(*string)(rt.MapAssign(ints, im, addr(&five))) = "six"
	if native[5] != "five" || native[6] != "six" || *(*string)(rt.MapAccess64(ints, im, 5)) != "five" || rt.MapAccess64(ints, im, 9) != nil {
		t.Errorf("compiled code sees %v", native)
	}
	for typ, want := range map[reflect.Type]rt.Fast{reflect.TypeFor[map[int32]int](): rt.Slow, reflect.TypeFor[map[uint64]int](): rt.Fast64, reflect.TypeFor[map[string][200]byte](): rt.Slow, reflect.TypeFor[map[float64]int](): rt.Slow} {
		if got := rt.MapFast(typ); got != want {
			t.Errorf("%v is %d", typ, got)
		}
	}
	defer func() {
		if err := recover(); fmt.Sprint(err) != "assignment to entry in nil map" {
			t.Errorf("writing to a nil map: %v", err)
		}
	}()
	rt.MapAssignStr(w, nil, "k")
}

func TestChannelsByAddress(t *testing.T) {
	pkg, ts := cells(t)
	ct := ts.Of(typeNamed(t, pkg, "Chan"))
	c := rt.ChanNew(rt.TypeWord(ct), 1)
	sent, got := Node{Name: "sent", Any: 1}, Node{}
	if !rt.ChanTrySend(c, addr(&sent)) || rt.ChanTrySend(c, addr(&sent)) || rt.ChanLen(c) != 1 || rt.ChanCap(c) != 1 {
		t.Error("a channel of one takes another number of values")
	}
	if !rt.ChanRecv(c, addr(&got)) || got.Name != "sent" || got.Any != 1 {
		t.Errorf("received %q", got.Name)
	}
	if done, ok := rt.ChanTryRecv(c, addr(&got)); done || ok {
		t.Error("an empty channel gave a value")
	}
	back := make(chan bool)
	go func() { back <- rt.ChanRecv(c, nil) && !rt.ChanRecv(c, addr(&got)) }()
	rt.ChanSend(c, addr(&sent))
	rt.ChanClose(c)
	if !<-back || got.Name != "" {
		t.Errorf("a closed channel gave %q", got.Name)
	}
	if done, ok := rt.ChanTryRecv(c, nil); !done || ok {
		t.Error("a closed channel is not done")
	}
	defer func() {
		if err := recover(); fmt.Sprint(err) != "send on closed channel" {
			t.Errorf("sending on a closed channel: %v", err)
		}
	}()
	rt.ChanSend(c, addr(&sent))
}

func TestValuesByAddress(t *testing.T) {
	pkg, ts := cells(t)
	b := ts.Of(typeNamed(t, pkg, "Key2"))
	w := rt.TypeWord(b)
	x, y := rt.NewArray(w, 2), rt.NewValue(w)
	(*Key2)(x).in, (*Key2)(y).in = 1.5, 1.5
	if rt.FromWord(w) != b || rt.FromWord(nil) != nil || !rt.Equal(w, x, y) {
		t.Error("equal values differ")
	}
	(*Key2)(y).k[0].s = "s"
	if rt.Equal(w, x, y) {
		t.Error("different values are equal")
	}
	rt.Move(w, x, y)
	if !rt.Equal(w, x, y) {
		t.Error("a copy differs")
	}
	rt.Clear(w, x)
	if !reflect.DeepEqual(*(*Key2)(x), Key2{}) {
		t.Error("a cleared value is not zero")
	}
	direct := map[string]bool{"Handle": true, "Nested": true, "One": true, "Lookup": true, "Doubler": true, "Ptr": true, "C": true, "Node": false, "Color": false, "Packed": false}
	for name, want := range direct {
		if typ := ts.Of(typeNamed(t, pkg, name)); rt.IsDirect(typ) != want || rt.HasPointers(typ) != (want || name == "Node") {
			t.Errorf("%s: direct %v, pointers %v", name, rt.IsDirect(typ), rt.HasPointers(typ))
		}
	}
	(*Key2)(x).in, (*Key2)(y).in = []int{}, []int{}
	(*Key2)(y).k[0].s = ""
	defer func() {
		if err, ok := recover().(runtime.Error); !ok || err.Error() != "runtime error: comparing uncomparable type []int" {
			t.Errorf("comparing slices in interfaces: %v", err)
		}
	}()
	rt.Equal(w, x, y)
}

func TestSource(t *testing.T) {
	pkg, ts := cells(t)
	var got []string
	for _, name := range []string{"Color", "Node", "Shape", "DeepPair"} {
		c := ts.Of(typeNamed(t, pkg, name))
		got = append(got, fmt.Sprint(ts.Source(rt.TypeWord(c)) == types.Unalias(typeNamed(t, pkg, name)), ts.Source(rt.TypeWord(reflect.PointerTo(c)))))
	}
	want := []string{"true *main.Color", "true *main.Node", "true *main.Shape", "true *main.Pair[main.Color, main.List[main.Pair[string, []time.Duration]]]"}
	if !slices.Equal(got, want) || ts.Source(rt.TypeWord(reflect.TypeFor[int]())) != nil {
		t.Errorf("the sources are %q", got)
	}
}

func BenchmarkStub(b *testing.B) {
	pkg, ts := cells(b)
	forged := filled(ts.Of(typeNamed(b, pkg, "Ages")), Ages{1, 2}).Interface().(lesser)
	compiled := lesser(Ages{1, 2})
	for name, l := range map[string]lesser{"stub": forged, "compiled": compiled} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if l.Less(1, 0) {
					b.Fatal("wrong")
				}
			}
		})
	}
}

type lesser interface{ Less(i, j int) bool }

// BenchmarkType makes new types of three fields and two methods, at most 1,000: run it
// with -benchtime 1000x.
func BenchmarkType(b *testing.B) {
	const text = "package main\ntype P struct { X, Y float64; Name string }\nfunc (P) String() string\nfunc (*P) Move(dx, dy float64)"
	ts := rt.New(nil, nil)
	fresh := make([]types.Type, 1000)
	for i := range fresh {
		fresh[i] = typeNamed(b, check(b, text), "P")
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	n := 0
	b.ResetTimer()
	for n < min(b.N, len(fresh)) {
		ts.Of(fresh[n])
		n++
	}
	b.StopTimer()
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(n), "kept-B/op")
	runtime.KeepAlive(fresh)
}
