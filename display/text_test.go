package display

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"image"
	"math"
	"math/big"
	"reflect"
	"strings"
	"testing"
	"time"
)

// typesIn checks a piece of package main and returns its scope.
func typesIn(t testing.TB, src string) *types.Scope {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "cell.go", "package main\n"+src, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := new(types.Config).Check("main", fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return pkg.Scope()
}

func text(b Bundle) string { s, _ := b.Data[MIMEText].(string); return s }

type point struct{ X, Y int }

type named struct {
	Name   string
	at     *point
	Weight float64
}

type celsius float64

func (c celsius) String() string { return fmt.Sprintf("%.1f°C", float64(c)) }

type broken struct{ N int }

func (broken) String() string { panic("no string today") }

type node struct {
	V    int
	Next *node
}

type list []any

type Celsiuses struct{ Low, High celsius }

type opaque struct{ x any }

func ring() *node {
	n := &node{V: 1}
	n.Next = &node{V: 2, Next: n}
	return n
}

func inItself() list {
	l := list{1, nil}
	l[1] = l
	return l
}

func mapInItself() map[string]any {
	m := map[string]any{"a": 1}
	m["m"] = m
	return m
}

func TestTextOfCompiledValues(t *testing.T) {
	var nilPoint *point
	var nilErr error
	ch := make(chan int, 5)
	ch <- 1
	when := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	tests := []struct {
		x    any
		want string
	}{
		{nil, "nil"},
		{nilErr, "nil"},
		{nilPoint, "(*display.point)(nil)"},
		{[]int(nil), "[]int(nil)"},
		{map[string]int(nil), "map[string]int(nil)"},
		{(func(int) int)(nil), "(func(int) int)(nil)"},
		{true, "true"},
		{42, "42"},
		{uint8(7), "7"},
		{1.0, "1"}, {1e6, "1e+06"}, {123456789.0, "1.23456789e+08"}, {0.1, "0.1"}, {float32(0.1), "0.1"},
		{math.Inf(1), "+Inf"}, {math.NaN(), "NaN"}, {1 + 2i, "(1+2i)"},
		{"two\nlines", "two\nlines"},
		{"bad \xff", "bad \ufffd"},
		{[]string{"a", "b c"}, `["a" "b c"]`},
		{[]int{1, 2, 3}, "[1 2 3]"},
		{[]int{}, "[]"},
		{[2][]int{{1}, nil}, "[[1] nil]"},
		{map[string]int{"b": 2, "a": 1}, `map["a":1 "b":2]`},
		{map[int]bool{3: true, -1: false}, "map[-1:false 3:true]"},
		{map[any]int{2: 1, "a": 2, 1: 3}, `map[1:3 2:1 "a":2]`},
		{point{1, 2}, "display.point{X: 1, Y: 2}"},
		{&point{1, 2}, "&display.point{X: 1, Y: 2}"},
		{named{"a", &point{1, 2}, 0.5}, `display.named{Name: "a", at: &display.point{X: 1, Y: 2}, Weight: 0.5}`},
		{named{}, `display.named{Name: "", at: nil, Weight: 0}`},
		{struct{ A any }{5}, "{A: 5}"},
		{new(5), "&5"},
		{celsius(21.55), "21.6°C"},
		{[]celsius{1, 2}, "[1.0°C 2.0°C]"},
		{Celsiuses{1, 2}, "display.Celsiuses{Low: 1.0°C, High: 2.0°C}"},
		{opaque{celsius(3)}, "display.opaque{x: 3}"}, // methods of unexported fields cannot be called
		{*big.NewInt(12345), "12345"},
		{big.NewInt(12345), "12345"},
		{errors.New("no such file"), "no such file"},
		{[]error{errors.New("bad"), nil}, "[bad nil]"},
		{when, "2026-02-03 04:05:06 +0000 UTC"},
		{1500 * time.Millisecond, "1.5s"},
		{time.February, "February"},
		{[]byte("hello\n"), `[]byte("hello\n")`},
		{[]byte{0, 1, 255}, "[0x00 0x01 0xff]"},
		{[]byte{}, "[]"},
		{strings.ToUpper, "func(string) string"},
		{ch, "chan int (1 of 5 waiting)"},
		{make(chan int), "chan int"},
		{broken{1}, "String() of display.broken panicked: no string today"},
		{[]any{broken{1}, 2}, "[String() of display.broken panicked: no string today 2]"},
		{ring(), "&display.node{V: 1, Next: &display.node{V: 2, Next: (itself)}}"},
		{inItself(), "[1 (itself)]"},
		{mapInItself(), `map["a":1 "m":(itself)]`},
		{[][][][][][][]int{{{{{{{1}}}}}}}, "[[[[[[…]]]]]]"},
		{reflect.TypeFor[int](), "int"},
		{uintptr(255), "255"},
	}
	for _, tt := range tests {
		if got := text(Of(tt.x)); got != tt.want {
			t.Errorf("Of(%T): got\n%s\nwant\n%s", tt.x, got, tt.want)
		}
	}
}

func TestNumbersLookAsInFmt(t *testing.T) {
	for _, x := range []any{1e20, 1e21, 1e-5, 0.0001, 1e5, 123456.0, float32(1e10), -0.0, 1.5e300, int8(-3), uint64(1 << 63), complex64(1i)} {
		if got, want := text(Of(x)), fmt.Sprint(x); got != want {
			t.Errorf("%T: got %s, fmt says %s", x, got, want)
		}
	}
}

// What the interpreters make of `type P struct{ X int; y string; next *P }`: unnamed
// structs whose unexported fields are called otherwise.
func TestNamesComeFromStaticTypes(t *testing.T) {
	scope := typesIn(t, `
		type P struct{ X int; y string }
		type L []P
		type C int
		type Pair[A, B any] struct{ a A; b B }
		type Outer struct { P; M map[string]*P; F func(x int) P; Any any }
		var ps []P
		var pp *P
		var pair Pair[int, P]
		var anon struct{ a int }
		var f func(x int, s ...string) (P, error)
		var e error
		var m map[C]P
	`)
	of := func(name string) types.Type { return scope.Lookup(name).Type() }
	p := reflect.StructOf([]reflect.StructField{
		{Name: "X", Type: reflect.TypeFor[int]()},
		{Name: "Xy", Type: reflect.TypeFor[string]()},
	})
	one := reflect.New(p).Elem()
	one.Field(0).SetInt(1)
	one.Field(1).SetString("a")
	slice := reflect.Append(reflect.Zero(reflect.SliceOf(p)), one)
	pointer := reflect.New(p)
	pointer.Elem().Set(one)
	byC := reflect.MakeMap(reflect.MapOf(reflect.TypeFor[int](), p))
	byC.SetMapIndex(reflect.ValueOf(3), one)
	pairT := reflect.StructOf([]reflect.StructField{{Name: "Xa", Type: reflect.TypeFor[int]()}, {Name: "Xb", Type: p}})
	pair := reflect.New(pairT).Elem()
	pair.Field(1).Set(one)
	outerT := reflect.StructOf([]reflect.StructField{
		{Name: "P", Type: p},
		{Name: "M", Type: reflect.MapOf(reflect.TypeFor[string](), reflect.PointerTo(p))},
		{Name: "F", Type: reflect.FuncOf([]reflect.Type{reflect.TypeFor[int]()}, []reflect.Type{p}, false)},
		{Name: "Any", Type: reflect.TypeFor[any]()},
	})
	outer := reflect.New(outerT).Elem()
	outer.Field(0).Set(one)
	outer.Field(1).Set(reflect.MakeMap(outer.Field(1).Type()))
	outer.Field(1).SetMapIndex(reflect.ValueOf("k"), pointer)
	outer.Field(2).Set(reflect.MakeFunc(outer.Field(2).Type(), func([]reflect.Value) []reflect.Value { return []reflect.Value{one} }))
	outer.Field(3).Set(one)

	tests := []struct {
		v    reflect.Value
		t    types.Type
		want string
	}{
		{one, of("P"), `P{X: 1, y: "a"}`},
		{pointer, of("pp"), `&P{X: 1, y: "a"}`},
		{reflect.Zero(pointer.Type()), of("pp"), "(*P)(nil)"},
		{reflect.Zero(slice.Type()), of("ps"), "[]P(nil)"},
		{reflect.Zero(slice.Type()), of("L"), "L(nil)"},
		{slice.Slice(0, 0), of("ps"), "[]"},
		{pair, of("pair"), `Pair[int, P]{a: 0, b: P{X: 1, y: "a"}}`},
		{outer, of("Outer"), `Outer{P: P{X: 1, y: "a"}, M: map["k":&P{X: 1, y: "a"}], F: func(x int) P, Any: {X: 1, Xy: "a"}}`},
		{reflect.ValueOf(struct{ Xa int }{1}), of("anon"), "{a: 1}"},
		{reflect.ValueOf(func(int, ...string) (any, error) { return nil, nil }), of("f"), "func(x int, s ...string) (P, error)"},
		{reflect.ValueOf(3), of("C"), "3"},
		{reflect.ValueOf(errors.New("bad")), of("e"), "bad"},
		{reflect.Value{}, of("e"), "nil"},
		{one, of("C"), `C{X: 1, Xy: "a"}`}, // a type that does not fit is not believed
		{reflect.ValueOf("s"), of("P"), "s"},
	}
	for _, tt := range tests {
		if got := text(Typed(tt.v, tt.t)); got != tt.want {
			t.Errorf("as %s: got\n%s\nwant\n%s", tt.t, got, tt.want)
		}
	}
	got := text(Typed(byC, of("m")))
	if want := "key  X  y\n3    1  a"; got != want {
		t.Errorf("map of structs: got\n%s\nwant\n%s", got, want)
	}
	html := Typed(slice, of("ps")).Data[MIMEHTML].(string)
	if !strings.Contains(html, ">y</th>") || strings.Contains(html, "Xy") {
		t.Errorf("the table's columns are not those of P: %s", html)
	}
}

// valueInterface has the shape of the interpreter's struct of that name.
type valueInterface struct {
	node  *int
	value reflect.Value
}

func TestInterpretedInterfaceValues(t *testing.T) {
	scope := typesIn(t, `type I interface{ M() }; var is []I`)
	box := valueInterface{value: reflect.ValueOf(point{1, 2})}
	if got, want := text(Typed(reflect.ValueOf(box), scope.Lookup("I").Type())), "display.point{X: 1, Y: 2}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := text(Typed(reflect.ValueOf([]valueInterface{box, {}}), scope.Lookup("is").Type())), "[display.point{X: 1, Y: 2} nil]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestLongValuesAreCut(t *testing.T) {
	tests := []struct {
		x          any
		start, end string
	}{
		{make([]int, 1000), "[0 0", "0 … 900 more]"},
		{struct{ m map[int]int }{bigMap(1000)}, "{m: map[0:0 1:1", "99:99 … 900 more]}"},
		{bigMap(1000), "map[0:0 1:1", "99:99 … 900 more]"},
		{[]string{strings.Repeat("é", 1500)}, `["éé`, `é"… 500 more]`},
		{make([]byte, 1000), "[0x00 ", "0x00 … 936 more]"},
		{[]byte(strings.Repeat("x", 1500)), `[]byte("xx`, `x"… 500 more)`},
		{strings.Repeat("line\n", 30_000), "line\n", "line\n… 50000 more bytes"},
	}
	for _, tt := range tests {
		got := text(Of(tt.x))
		if !strings.HasPrefix(got, tt.start) || !strings.HasSuffix(got, tt.end) {
			t.Errorf("%T: got %.40q ... %.40q", tt.x, got, got[max(0, len(got)-40):])
		}
	}
	if got := text(Of(nested(6, 60))); len(got) > 30_000 {
		t.Errorf("60^6 numbers make %d bytes of text", len(got))
	}
}

func bigMap(n int) map[int]int {
	m := map[int]int{}
	for i := range n {
		m[i] = i
	}
	return m
}

// nested is a slice of n times the same slice of ..., depth deep.
func nested(depth, n int) any {
	if depth == 0 {
		return 12345
	}
	inner := nested(depth-1, n)
	xs := make([]any, n)
	for i := range xs {
		xs[i] = inner
	}
	return xs
}

func TestForms(t *testing.T) {
	tests := []struct {
		x    any
		mime string
		want string
	}{
		{HTML("<b>x</b> &amp; y"), MIMEHTML, "<b>x</b> &amp; y"},
		{HTML("<b>x</b> &amp; y"), MIMEText, "x & y"},
		{Markdown("*x*"), MIMEMarkdown, "*x*"},
		{Math("x^2"), MIMELatex, `$\displaystyle x^2$`},
		{Math("$$x^2$$"), MIMELatex, "$$x^2$$"},
		{SVG("<svg/>"), MIMESVG, "<svg/>"},
		{JavaScript("f()"), MIMEJavaScript, "f()"},
		{JSON(map[string]int{"a": 1}), MIMEJSON, `{"a":1}`},
		{JSON(`{"a":1}`), MIMEJSON, `{"a":1}`},
		{JSON("plain"), MIMEJSON, `"plain"`},
		{JSON(make(chan int)), MIMEText, "this value has no form in JSON: json: unsupported type: chan int"},
		{VegaLite(`{"mark":"bar"}`), MIMEVegaLite, `{"mark":"bar"}`},
		{PNG([]byte("no picture")), MIMEText, "these 10 bytes are no PNG picture: png: invalid format: not a PNG file"},
		{new(HTML("<i>")), MIMEHTML, "<i>"},
	}
	for _, tt := range tests {
		if got := fmt.Sprintf("%s", Of(tt.x).Data[tt.mime]); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.mime, got, tt.want)
		}
	}
}

type everything struct{ Fail string }

func (e everything) check(m string) {
	if e.Fail == m {
		panic(errors.New("cannot"))
	}
}
func (e everything) HTML() string     { e.check("HTML"); return "<b>e</b>" }
func (e everything) Markdown() string { e.check("Markdown"); return "**e**" }
func (e everything) Latex() string    { e.check("Latex"); return "$e$" }
func (e everything) SVG() string      { e.check("SVG"); return "<svg/>" }
func (e everything) PNG() []byte      { e.check("PNG"); return []byte("png") }
func (e everything) JPEG() []byte     { e.check("JPEG"); return []byte("jpeg") }
func (e everything) JSON() any        { e.check("JSON"); return []int{1} }
func (e everything) String() string   { e.check("String"); return "e" }

func TestHooks(t *testing.T) {
	all := []string{MIMEHTML, MIMEMarkdown, MIMELatex, MIMESVG, MIMEPNG, MIMEJPEG, MIMEJSON, MIMEText}
	b := Of(everything{})
	for _, mime := range all {
		if b.Data[mime] == nil {
			t.Errorf("no %s", mime)
		}
	}
	if got := b.Data[MIMEPNG]; got != "cG5n" {
		t.Errorf("PNG is %v, not base64", got)
	}
	if text(b) != "e" {
		t.Errorf("text is %q", text(b))
	}
	b = Of(everything{Fail: "SVG"})
	if want := "SVG() of display.everything panicked: cannot"; text(b) != want || b.Data[MIMESVG] != nil || b.Data[MIMEHTML] == nil {
		t.Errorf("one method panicked: %v", b)
	}
}

type bundler struct{ data, metadata map[string]any }

func (b *bundler) MIMEBundle() (data, metadata map[string]any) { return b.data, b.metadata }

type plainBundler struct{ N int }

func (b plainBundler) MIMEBundle() map[string]any {
	if b.N == 0 {
		panic("empty")
	}
	return map[string]any{MIMEHTML: "<p>"}
}

func TestMIMEBundle(t *testing.T) {
	x := bundler{map[string]any{MIMEText: "x"}, map[string]any{"k": 1}}
	for _, v := range []any{x, &x} { // a pointer's methods count for values too
		if b := Of(v); text(b) != "x" || b.Metadata["k"] != 1 {
			t.Errorf("%T: %v", v, b)
		}
	}
	if b := Of(plainBundler{1}); b.Data[MIMEHTML] != "<p>" || text(b) != "display.plainBundler{N: 1}" {
		t.Errorf("%v", b)
	}
	if got, want := text(Of(plainBundler{})), "MIMEBundle() of display.plainBundler panicked: empty"; got != want {
		t.Errorf("got %q", got)
	}
	mine := bundler{data: map[string]any{MIMEHTML: "<p>"}}
	if b := Of(&mine); text(b) == "" || len(mine.data) != 1 {
		t.Errorf("the user's map is now %v", mine.data)
	}
	only := Bundle{Data: map[string]any{MIMEHTML: "<p>"}}
	if b := Of(only); len(b.Data) != 1 || len(only.Data) != 1 {
		t.Errorf("a Bundle is shown as %v", b)
	}
	if b := Of(bundler{}); !b.Empty() {
		t.Errorf("a bundle of nothing shows %v", b)
	}
	var none *bundler
	if got := text(Of(none)); got != "(*display.bundler)(nil)" {
		t.Errorf("nil: %q", got)
	}
}

type lyingImage struct{ image.Gray }

func (*lyingImage) Bounds() image.Rectangle { panic("no bounds") }

func TestImages(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 257, 100))
	b := Of(img)
	if text(b) != "*image.Gray, 257x100" {
		t.Errorf("text is %q", text(b))
	}
	size, _ := b.Metadata[MIMEPNG].(map[string]any)
	if size["width"] != 257 || size["height"] != 100 {
		t.Errorf("metadata is %v", b.Metadata)
	}
	if got := decoded(t, b).Bounds().Size(); got != img.Bounds().Size() {
		t.Errorf("the PNG has size %v", got)
	}
	if Of(*img).Data[MIMEPNG] == nil {
		t.Error("an image.Gray without pointer is no picture")
	}
	if got := text(Of(image.NewGray(image.Rectangle{}))); !strings.Contains(got, "cannot be shown") {
		t.Errorf("an empty image: %q", got)
	}
	if got := text(Of(&lyingImage{})); !strings.Contains(got, "panicked: no bounds") {
		t.Errorf("an image that panics: %q", got)
	}
}

func TestPictureFiles(t *testing.T) {
	file := pngFile(t, image.NewGray(image.Rect(0, 0, 3, 2)))
	b := PNG(file)
	if text(b) != "PNG picture, 3x2" || !bytes.Equal(pictureBytes(t, b), file) {
		t.Errorf("%v", b)
	}
}
