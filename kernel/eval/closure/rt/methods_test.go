package rt_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"reflect"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// made gives a new variable of a forged type that holds what twin, a value of the
// compiled twin, holds: the two have one layout.
func made(t testing.TB, name string, twin any) reflect.Value {
	t.Helper()
	pkg, ts := cells(t)
	return filled(ts.Of(typeNamed(t, pkg, name)), twin)
}

func filled(forged reflect.Type, twin any) reflect.Value {
	v, from := reflect.New(forged), reflect.New(reflect.TypeOf(twin))
	from.Elem().Set(reflect.ValueOf(twin))
	rt.Move(rt.TypeWord(forged), v.UnsafePointer(), from.UnsafePointer())
	return v.Elem()
}

// anyShapes skips what needs a stub for every shape of method.
func anyShapes(t testing.TB) {
	if !rt.AnyShape {
		t.Skip("compiled code finds only the commonest shapes of methods on this architecture")
	}
}

func TestFmtFindsMethods(t *testing.T) {
	p := &Point{1.5, 2}
	for _, tt := range []struct {
		name string
		twin any
	}{
		{"Color", Color(1)}, {"Huge", Huge{words: [64]uint64{63: 9}, name: "h"}}, {"Handle", Handle{p}}, {"Lookup", Lookup{"a": 1}},
		{"Base", Base{2}}, {"Celsius", Celsius(36.6)}, {"Point", *p}, {"Failure", Failure{3, io.EOF}}, {"Padded", Padded{1, 2, 3}},
	} {
		v := made(t, tt.name, tt.twin)
		for _, verb := range []string{"%v", "%+v", "%#v", "%T", "%d", "%s"} {
			if tt.name == "Lookup" && verb == "%d" || strings.Contains(fmt.Sprintf(verb, tt.twin), "0x") {
				continue
			}
			for i, wrap := range []func(reflect.Value) any{reflect.Value.Interface, inSlice, inMap, inAny, pointerTo} {
				if i == 4 && verb == "%d" {
					continue // an address
				}
				got, want := fmt.Sprintf(verb, wrap(v)), asMain(fmt.Sprintf(verb, wrap(reflect.ValueOf(tt.twin))))
				if got != want && !strings.Contains(want, "0x") && !strings.HasPrefix(want, "&") {
					t.Errorf("%s of %s: %s, compiled %s", verb, tt.name, got, want)
				}
			}
		}
	}
	if s := fmt.Sprint(made(t, "Color", Color(2)).Interface()); s != "blue" {
		t.Errorf("a color prints as %s", s)
	}
	if s := fmt.Sprintf("%v %#v", made(t, "Celsius", Celsius(20)), made(t, "Celsius", Celsius(20)).Interface()); s != "20.0°v 20.0°v" {
		t.Errorf("a Formatter prints as %s", s)
	}
}

func inSlice(v reflect.Value) any {
	s := reflect.MakeSlice(reflect.SliceOf(v.Type()), 0, 1)
	return reflect.Append(s, v).Interface()
}

func inMap(v reflect.Value) any {
	m := reflect.MakeMap(reflect.MapOf(reflect.TypeFor[string](), v.Type()))
	m.SetMapIndex(reflect.ValueOf("k"), v)
	return m.Interface()
}

func inAny(v reflect.Value) any { return []any{1, v.Interface()} }

func pointerTo(v reflect.Value) any {
	p := reflect.New(v.Type())
	p.Elem().Set(v)
	return p.Interface()
}

func TestJSON(t *testing.T) {
	anyShapes(t)
	v := made(t, "Color", Color(1))
	m := reflect.MakeMap(reflect.MapOf(v.Type(), reflect.SliceOf(v.Type())))
	m.SetMapIndex(v, reflect.ValueOf(inSlice(v)))
	b, err := json.Marshal(map[string]any{"m": m.Interface(), "c": made(t, "Celsius", Celsius(1.5)).Interface(), "n": made(t, "Node", Node{Name: "x", IsLeaf: true}).Field(0).Interface()})
	if err != nil || string(b) != `{"c":{"celsius":1.5},"m":{"c:green":["c:green"]},"n":"x"}` {
		t.Errorf("marshalled: %s, %v", b, err)
	}
	back := reflect.New(m.Type())
	if err := json.Unmarshal([]byte(`{"c:blue":["c:red","c:green"]}`), back.Interface()); err != nil {
		t.Fatal(err)
	}
	if s := fmt.Sprint(back.Elem().Interface()); s != "map[blue:[red green]]" {
		t.Errorf("unmarshalled: %s", s)
	}
	c := reflect.New(made(t, "Celsius", Celsius(0)).Type())
	if err := json.Unmarshal([]byte(`{"celsius":-3}`), c.Interface()); err != nil || c.Elem().Float() != -3 {
		t.Errorf("unmarshalled %v, %v", c.Elem(), err)
	}
	if err := json.Unmarshal([]byte(`"c:pink"`), reflect.New(v.Type()).Interface()); err == nil || !strings.Contains(err.Error(), "pink") {
		t.Errorf("a method's error came back as %v", err)
	}
}

func TestErrors(t *testing.T) {
	v := made(t, "Failure", Failure{7, io.ErrClosedPipe})
	err := v.Addr().Interface().(error)
	wrapped := fmt.Errorf("while testing: %w", err)
	if wrapped.Error() != "while testing: failure 7: io: read/write on closed pipe" {
		t.Errorf("%v", wrapped)
	}
	if !errors.Is(wrapped, io.ErrClosedPipe) || !errors.Is(wrapped, io.ErrNoProgress) || errors.Is(wrapped, io.EOF) || !errors.Is(wrapped, err) {
		t.Error("errors.Is does not see through a forged error")
	}
	target := reflect.New(reflect.PointerTo(v.Type()))
	if !errors.As(wrapped, target.Interface()) || target.Elem().UnsafePointer() != v.Addr().UnsafePointer() {
		t.Errorf("errors.As gives %v", target.Elem())
	}
	if other := new(*Failure); errors.As(wrapped, other) {
		t.Error("errors.As takes the forged type for the compiled one")
	}
}

func TestSortAndCopy(t *testing.T) {
	ages := made(t, "Ages", Ages{5, 3, 9, 1})
	sort.Sort(ages.Interface().(sort.Interface))
	if s := fmt.Sprint(ages.Interface()); s != "[1 3 5 9]" {
		t.Errorf("sorted: %s", s)
	}
	anyShapes(t)
	src, sink := made(t, "Source", Source{1000}).Addr(), made(t, "Sink", Sink{}).Addr()
	n, err := io.Copy(sink.Interface().(io.Writer), src.Interface().(io.Reader))
	if n != 1000 || err != nil {
		t.Errorf("copied %d, %v", n, err)
	}
	if s := (*Sink)(sink.UnsafePointer()); s.total != 1000 || len(s.lines) != 143 {
		t.Errorf("the sink got %d bytes in %d writes", s.total, len(s.lines))
	}
}

func TestCallsByReflect(t *testing.T) {
	anyShapes(t)
	p := made(t, "Point", Point{3, 4})
	if got := p.MethodByName("Scale").Call([]reflect.Value{reflect.ValueOf(2.0)})[0]; got.Type() != p.Type() || got.Field(1).Float() != 8 {
		t.Errorf("Scale gives %v", got)
	}
	out := p.MethodByName("Polar").Call(nil)
	if out[0].Float() != 7 || out[1].Float() != -1 {
		t.Errorf("Polar gives %v", out)
	}
	lots := p.MethodByName("Lots").Call([]reflect.Value{reflect.ValueOf(1), reflect.ValueOf("s"), reflect.ValueOf(2.5), reflect.ValueOf([]byte("abc")), reflect.ValueOf(&io.EOF).Elem()})
	if lots[0].String() != Point.Lots(Point{3, 4}, 1, "s", 2.5, []byte("abc"), io.EOF) {
		t.Errorf("Lots gives %v", lots[0])
	}
	join := p.Method(0).Interface().(func(string, ...any) string)
	if got, want := join("-", 1, "b"), Point.Join(Point{}, "-", 1, "b"); p.Type().Method(0).Name != "Join" || got != want || join("-", 1, "b") != want {
		t.Errorf("Join gives %s", got)
	}
	p.Addr().MethodByName("Move").Call([]reflect.Value{reflect.ValueOf(1.0), reflect.ValueOf(-1.0)})
	if p.Field(0).Float() != 4 || p.Field(1).Float() != 3 {
		t.Errorf("moved to %v", p)
	}
	d := made(t, "Doubler", Doubler(func(n int) int { return n * 3 }))
	if got := d.MethodByName("Twice").Call([]reflect.Value{reflect.ValueOf(2)})[0].Int(); got != 18 {
		t.Errorf("Twice gives %d", got)
	}
}

// TestMethodOffAType calls the form that takes the receiver itself, before and after
// the method was first called in the usual way.
func TestMethodOffAType(t *testing.T) {
	anyShapes(t)
	for _, first := range []bool{true, false} {
		h := made(t, "Huge", Huge{words: [64]uint64{63: 5}, name: "h"})
		if !first {
			_ = fmt.Sprint(h.Interface())
		}
		m, _ := h.Type().MethodByName("String")
		for range 3 {
			if got := m.Func.Call([]reflect.Value{h})[0].String(); got != "h5" {
				t.Errorf("String gives %s", got)
			}
		}
		p, _ := made(t, "Point", Point{}).Type().MethodByName("Join")
		pt := filled(p.Type.In(0), Point{1, 2})
		if got := p.Func.CallSlice([]reflect.Value{pt, reflect.ValueOf("+"), reflect.ValueOf([]any{1, 2})})[0].String(); got != (Point{}).Join("+", 1, 2) {
			t.Errorf("Join gives %s", got)
		}
	}
	ptr := made(t, "Handle", Handle{&Point{X: 8}})
	m, _ := ptr.Type().MethodByName("String")
	if got := m.Func.Call([]reflect.Value{ptr})[0].String(); got != "handle of 8" {
		t.Errorf("String of a pointer-shaped receiver gives %s", got)
	}
}

func TestPromotion(t *testing.T) {
	anyShapes(t)
	pkg, ts := cells(t)
	l := reflect.New(ts.Of(typeNamed(t, pkg, "Locked")))
	locker := l.Interface().(sync.Locker)
	locker.Lock()
	if (*Locked)(l.UnsafePointer()).TryLock() {
		t.Error("the embedded mutex is not locked")
	}
	locker.Unlock()
	o := made(t, "Outer", Outer{Point: &Point{1, 2}, Base: Base{1}, error: io.EOF})
	if s := o.Interface().(fmt.Stringer).String(); s != "green" {
		t.Errorf("promoted through two structs: %s", s)
	}
	if err := o.Interface().(error); err.Error() != "EOF" {
		t.Errorf("promoted from an embedded interface: %v", err)
	}
	o.Interface().(interface{ Move(dx, dy float64) }).Move(1, 1)
	if x := o.FieldByName("X").Float(); x != 2 {
		t.Errorf("promoted from an embedded pointer: X is %v", x)
	}
}

// TestUnnamedStructs wants methods in an unnamed struct that embeds a cell's type.
func TestUnnamedStructs(t *testing.T) {
	pkg := check(t, "package main\ntype Color int\nfunc (Color) String() string\nvar V struct { Color; n int }\nvar W struct { _ int; a string }\nvar M map[struct{ *Color }]int")
	calls := 0
	ts := rt.New(known, func(recv types.Type, sel *types.Selection) unsafe.Pointer {
		calls++
		fn := func(p unsafe.Pointer) string { return fmt.Sprint("color ", *(*int)(p)) }
		return *(*unsafe.Pointer)(unsafe.Pointer(&fn))
	})
	v := reflect.New(ts.Of(typeNamed(t, pkg, "V"))).Elem()
	(*[2]int)(v.Addr().UnsafePointer())[0] = 4
	if s := fmt.Sprintf("%v %T %v", v.Interface(), v.Interface(), v.Addr().Interface()); s != "color 4 struct { main.Color; n int } color 4" {
		t.Errorf("printed as %s", s)
	}
	if got := reflect.PointerTo(v.Type()); got != v.Addr().Type() || got.NumMethod() != 1 {
		t.Errorf("the pointer type is %v with %d methods", got, got.NumMethod())
	}
	w := ts.Of(typeNamed(t, pkg, "W"))
	a, b := reflect.New(w), reflect.New(w)
	*(*int)(a.UnsafePointer()) = 1
	m := map[any]int{a.Elem().Interface(): 1}
	if a.Elem().Interface() != b.Elem().Interface() || m[b.Elem().Interface()] != 1 {
		t.Error("a blank field takes part in comparison")
	}
	if calls != 2 {
		t.Errorf("Methods was called %d times for two methods", calls)
	}
}

func TestMethodsAreMadeAtTheFirstCall(t *testing.T) {
	var calls atomic.Int32
	pkg := check(t, "package main\ntype C int\nfunc (C) String() string\nfunc (C) Other() string\ntype D int\nfunc (D) String() string")
	ts := rt.New(nil, func(recv types.Type, sel *types.Selection) unsafe.Pointer {
		if recv.String() == "main.D" {
			return nil
		}
		calls.Add(1)
		fn := func(p unsafe.Pointer) string { return sel.Obj().Name() }
		return *(*unsafe.Pointer)(unsafe.Pointer(&fn))
	})
	c := reflect.New(ts.Of(typeNamed(t, pkg, "C"))).Elem().Interface()
	s := c.(fmt.Stringer)
	if calls.Load() != 0 {
		t.Error("a method was made before its first call")
	}
	for range 3 {
		if s.String() != "String" {
			t.Error("the wrong method ran")
		}
	}
	if calls.Load() != 1 {
		t.Errorf("a method was made %d times", calls.Load())
	}
	defer func() {
		if err, ok := recover().(error); !ok || err.Error() != "the method String of main.D has no body that compiled code could call" {
			t.Errorf("a method without a body: %v", err)
		}
	}()
	_ = reflect.New(ts.Of(typeNamed(t, pkg, "D"))).Elem().Interface().(fmt.Stringer).String()
}

func TestMethodAt(t *testing.T) {
	pkg, ts := cells(t)
	color := ts.Of(typeNamed(t, pkg, "Color"))
	stringer := reflect.TypeFor[fmt.Stringer]()
	m := rt.MethodAt(rt.ItabCode(rt.Itab(stringer, color), 0))
	if m == nil || m.Recv != typeNamed(t, pkg, "Color") || m.Sel.Obj().Name() != "String" {
		t.Fatalf("the method behind the table is %v", m)
	}
	if got := ts.Lookup(rt.TypeWord(color), nil, "String"); got != m {
		t.Errorf("Lookup gives %v", got)
	}
	p := ts.Lookup(rt.TypeWord(reflect.PointerTo(color)), nil, "UnmarshalText")
	if p == nil || p.Recv.String() != "*main.Color" {
		t.Errorf("Lookup of a pointer method gives %v", p)
	}
	if ts.Lookup(rt.TypeWord(color), nil, "UnmarshalText") != nil || ts.Lookup(rt.TypeWord(stringer), nil, "String") != nil {
		t.Error("Lookup finds what is not there")
	}
	keeper := rt.TypeWord(ts.Of(typeNamed(t, pkg, "keeper")))
	if ts.Lookup(keeper, pkg, "hidden") == nil || ts.Lookup(keeper, types.NewPackage("else", "else"), "hidden") != nil {
		t.Error("a name that is not exported belongs to its package")
	}
	if rt.MethodAt(rt.ItabCode(rt.Itab(stringer, reflect.TypeFor[Color]()), 0)) != nil {
		t.Error("compiled code is taken for a stub")
	}
	if rt.Itab(reflect.TypeFor[io.Writer](), color) != nil || rt.ItabType(rt.Itab(stringer, color)) != rt.TypeWord(color) || rt.ItabType(nil) != nil {
		t.Error("method tables disagree with the types")
	}
}

func TestStubs(t *testing.T) {
	if free, right := rt.ProbeStubs(); free == 0 || free != right {
		t.Errorf("of %d free stubs %d reach their own function", free, right)
	}
}

func TestFullPool(t *testing.T) {
	restore := rt.UseUp()
	defer restore()
	pkg, ts := cells(t)
	c := ts.Of(typeNamed(t, pkg, "Color"))
	if c.NumMethod() != 2 || c.Kind() != reflect.Int || c.String() != "main.Color" {
		t.Errorf("without stubs the type is %v with %d methods", c, c.NumMethod())
	}
	if got := fmt.Sprint(filled(c, Color(1)).Interface()); !strings.Contains(got, "compiled packages cannot call this method") {
		t.Errorf("the call of a method without a stub gives %s", got)
	}
	if ts.Lookup(rt.TypeWord(c), nil, "String") == nil {
		t.Error("the engine does not find a method for which there was no stub")
	}
	notes := ts.Notices()
	if len(notes) != 2 || !strings.Contains(notes[0], "2 of the 2 methods of main.Color") || ts.Notices() != nil {
		t.Errorf("the notices are %q", notes)
	}
}

// A session that is reset gives its stubs to one that declares the same.
func TestRelease(t *testing.T) {
	anyShapes(t)
	pkg, first := cells(t)
	old := filled(first.Of(typeNamed(t, pkg, "Color")), Color(1))
	first.Of(typeNamed(t, pkg, "Point"))
	first.Release()
	free := rt.FreeStubs()
	pkg, second := cells(t)
	now := filled(second.Of(typeNamed(t, pkg, "Color")), Color(2))
	point := filled(second.Of(typeNamed(t, pkg, "Point")), Point{1, 2})
	if n := rt.FreeStubs(); n != free {
		t.Errorf("the same types again took %d stubs", free-n)
	}
	for _, v := range []struct {
		forged reflect.Value
		twin   any
	}{{old, Color(1)}, {now, Color(2)}, {point, Point{1, 2}}, {point.Addr(), &Point{1, 2}}} {
		if got, want := fmt.Sprint(v.forged.Interface()), fmt.Sprint(v.twin); got != want {
			t.Errorf("a value prints as %s, not %s", got, want)
		}
	}
	if second.Of(typeNamed(t, pkg, "Base")); rt.FreeStubs() == free {
		t.Error("a type that was not there before took no stubs")
	}
}

func TestInterfaces(t *testing.T) {
	anyShapes(t)
	pkg, ts := cells(t)
	shape, point := ts.Of(typeNamed(t, pkg, "Shape")), filled(ts.Of(typeNamed(t, pkg, "Point")), Point{1, 2})
	v := reflect.New(shape).Elem()
	v.Set(point)
	if v.Elem().Type() != point.Type() || v.NumMethod() != 2 || v.Method(0).Call(nil)[0].Float() != 3 {
		t.Errorf("a variable of an interface type holds %v", v)
	}
	if !point.Type().ConvertibleTo(shape) || point.Convert(shape).Type() != shape {
		t.Error("no conversion to the interface type")
	}
	secret := reflect.New(ts.Of(typeNamed(t, pkg, "Secret"))).Elem()
	k := filled(ts.Of(typeNamed(t, pkg, "keeper")), keeper{3})
	secret.Set(k)
	if reflect.TypeFor[keeper]().Implements(secret.Type()) {
		t.Error("a method that is not exported matches across packages")
	}
	defer func() {
		err, ok := recover().(runtime.Error)
		if want := "interface conversion: main.Color is not io.Writer: missing method Write"; !ok || err.Error() != want {
			t.Errorf("a failing assertion says %v", err)
		}
	}()
	_ = filled(ts.Of(typeNamed(t, pkg, "Color")), Color(0)).Interface().(io.Writer)
}

// unusual is a method that no compiled interface has.
type unusual struct{ n int }

func (u unusual) OnlyACellWants(n int) int { return u.n + n }

func TestCompiledTypesInForgedInterfaces(t *testing.T) {
	pkg := check(t, "package main\nimport \"fmt\"\ntype I interface { OnlyACellWants(int) int }\nvar U interface { String() string; fmt.GoStringer }\nvar E interface { error }\nfunc f(interface { Unwrap() error })")
	ts := rt.New(known, nil)
	i := reflect.New(ts.Of(typeNamed(t, pkg, "I"))).Elem()
	i.Set(reflect.ValueOf(unusual{2}))
	if got := i.Method(0).Call([]reflect.Value{reflect.ValueOf(3)})[0].Int(); got != 5 {
		t.Errorf("the compiled method gives %d", got)
	}
	u := ts.Of(typeNamed(t, pkg, "U"))
	if s := u.String(); s != "interface { GoString() string; String() string }" || u.Name() != "" {
		t.Errorf("an unnamed interface is called %s", s)
	}
	type spelled = interface {
		GoString() string
		String() string
	}
	if u != reflect.TypeOf((*spelled)(nil)).Elem() {
		t.Error("the compiled type of the same interface was not found")
	}
}

func TestAddedMethods(t *testing.T) {
	pkg := check(t, "package main\ntype C int\ntype E struct { C }\ntype X struct{}\nfunc (X) Get() C\ntype Free struct{ n int }\nvar V map[string]C\nvar W []int")
	ts := rt.New(nil, func(types.Type, *types.Selection) unsafe.Pointer {
		fn := func(unsafe.Pointer) string { return "with a method" }
		return *(*unsafe.Pointer)(unsafe.Pointer(&fn))
	})
	names := []string{"C", "E", "X", "Free", "V", "W"}
	old := map[string]reflect.Type{}
	for _, n := range names {
		old[n] = ts.Of(typeNamed(t, pkg, n))
	}
	before := reflect.New(old["C"]).Elem().Interface()
	if fmt.Sprint(before) != "0" || ts.Renew() != nil {
		t.Error("something grew before a method was added")
	}
	c := typeNamed(t, pkg, "C").(*types.Named)
	recv := types.NewParam(token.NoPos, pkg, "c", c)
	c.AddMethod(types.NewFunc(token.NoPos, pkg, "String", types.NewSignatureType(recv, nil, nil, nil, types.NewTuple(types.NewParam(token.NoPos, pkg, "", types.Typ[types.String])), false)))
	ts.Renew()
	var changed []string
	for _, n := range names {
		now := ts.Of(typeNamed(t, pkg, n))
		if now != old[n] {
			changed = append(changed, n)
		}
		if !ts.Same(rt.TypeWord(now), rt.TypeWord(old[n])) && n != "V" || now.Size() != old[n].Size() {
			t.Errorf("the old and the new %s are not the same type", n)
		}
	}
	if !slices.Equal(changed, []string{"C", "E", "X", "V"}) {
		t.Errorf("made anew: %v", changed)
	}
	for _, n := range []string{"C", "E"} {
		if s := fmt.Sprint(reflect.New(ts.Of(typeNamed(t, pkg, n))).Elem().Interface()); s != "with a method" {
			t.Errorf("%s prints as %s", n, s)
		}
	}
	e := typeNamed(t, pkg, "E").(*types.Named)
	oldE, oldC := ts.Of(e), ts.Of(c)
	e.AddMethod(types.NewFunc(token.NoPos, pkg, "String", types.NewSignatureType(types.NewParam(token.NoPos, pkg, "e", e), nil, nil, nil, types.NewTuple(types.NewParam(token.NoPos, pkg, "", types.Typ[types.String])), false)))
	if changed := ts.Renew(); len(changed) != 1 || ts.Of(e) == oldE || ts.Of(c) != oldC {
		t.Errorf("a method in the place of a promoted one changed %v", changed)
	}
	if fmt.Sprint(before) != "0" || ts.Same(rt.TypeWord(old["C"]), rt.TypeWord(old["X"])) {
		t.Error("an old value changed")
	}
}

func TestManyGoroutines(t *testing.T) {
	pkg, ts := cells(t)
	var wg sync.WaitGroup
	first := make([]reflect.Type, len(pkg.Scope().Names()))
	var mu sync.Mutex
	for g := range 8 {
		wg.Go(func() {
			for i := range first {
				i = (i + g*7) % len(first)
				o := pkg.Scope().Lookup(pkg.Scope().Names()[i])
				if n, ok := o.Type().(*types.Named); ok && n.TypeParams().Len() > n.TypeArgs().Len() {
					continue
				}
				got := ts.Of(o.Type())
				_ = fmt.Sprint(reflect.New(got).Elem().Type().NumMethod())
				mu.Lock()
				if first[i] == nil {
					first[i] = got
				} else if first[i] != got {
					t.Errorf("%s has two types", got)
				}
				mu.Unlock()
				if o.Name() == "Color" {
					if s := fmt.Sprint(reflect.Zero(got).Interface()); s != "red" {
						t.Errorf("prints as %s", s)
					}
				}
			}
		})
	}
	wg.Wait()
}

// TestStress keeps values alive only through forged types while the collector runs as
// often as it can.
func TestStress(t *testing.T) {
	pkg, ts := cells(t)
	node, failure := ts.Of(typeNamed(t, pkg, "Node")), ts.Of(typeNamed(t, pkg, "Failure"))
	large := ts.Of(typeNamed(t, pkg, "Large"))
	defer setGC(5)()
	stop := make(chan struct{})
	var wg, gc sync.WaitGroup
	gc.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	})
	for g := range 4 {
		wg.Go(func() {
			for i := range 150 {
				stressNode(t, node, g*1000+i)
				stressError(t, failure, i)
				if i%30 == 0 {
					stressLarge(t, large, i)
				}
			}
		})
	}
	wg.Wait()
	close(stop)
	gc.Wait()
}

func stressNode(t *testing.T, node reflect.Type, n int) {
	head := rt.NewValue(rt.TypeWord(node))
	var boxes []any // copies, held by interfaces
	for i := range 20 {
		next := rt.NewValue(rt.TypeWord(node))
		v := (*Node)(next)
		v.Name, v.next, v.Any = strings.Repeat("n", i+1), (*Node)(head), []int{n, i}
		boxes = append(boxes, reflect.NewAt(node, next).Elem().Interface())
		head = next
	}
	for i, b := range boxes {
		if name := reflect.ValueOf(b).Field(0).String(); name != strings.Repeat("n", i+1) {
			t.Errorf("copy %d of list %d lost its contents: %q", i, n, name)
			return
		}
	}
	for p, i := (*Node)(head), 19; p.next != nil; p, i = p.next, i-1 {
		if len(p.Name) != i+1 || !slices.Equal(p.Any.([]int), []int{n, i}) {
			t.Errorf("node %d of list %d lost its contents: %q", i, n, p.Name)
			return
		}
	}
}

func stressError(t *testing.T, failure reflect.Type, n int) {
	p := reflect.New(failure)
	(*Failure)(p.UnsafePointer()).Why = fmt.Errorf("because of %d", n)
	err := p.Interface().(error)
	p = reflect.Value{}
	var buf bytes.Buffer
	for range 5 {
		fmt.Fprint(&buf, err)
	}
	if want := strings.Repeat(fmt.Sprintf("failure 0: because of %d", n), 5); buf.String() != want {
		t.Errorf("the error became %s", buf.String())
	}
}

func stressLarge(t *testing.T, large reflect.Type, n int) {
	p := (*Large)(rt.NewValue(rt.TypeWord(large)))
	for i := 0; i < len(p.p); i += 97 {
		p.p[i] = &Node{Name: fmt.Sprint(n, i)}
	}
	runtime.GC()
	for i := 0; i < len(p.p); i += 97 {
		if p.p[i].Name != fmt.Sprint(n, i) {
			t.Errorf("element %d became %q", i, p.p[i].Name)
			return
		}
	}
	runtime.KeepAlive(p)
}
