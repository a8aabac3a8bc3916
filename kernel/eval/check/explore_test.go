package check

import (
	"slices"
	"strings"
	"testing"
)

// run checks and commits cells; they must compile.
func run(t *testing.T, s *Session, cells ...string) {
	t.Helper()
	for i, text := range cells {
		c, err := s.Check(i+1, text)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range c.Programs {
			s.Commit(p, len(p.Steps))
		}
	}
}

func TestComplete(t *testing.T) {
	s := New()
	run(t, s, "type Point struct{ X, Y int; name string }\n// Norm is how far it is.\nfunc (p *Point) Norm() float64 { return 0 }\npoint := &Point{}\nfunc distance(a, b Point) int { return 0 }")
	for _, c := range []struct {
		code string // | is the cursor
		want string // must be among the matches
		kind string
	}{
		{"point.|", "X", "field"},
		{"point.|", "name", "field"},
		{"point.No|", "Norm", "method"},
		{"poi|", "point", "variable"},
		{"dis|", "distance", "function"},
		{"strings.ToU|", "ToUpper", "function"},
		{"x := strings.|", "Builder", "type"},
		{"for i := 0; i < 3; i++ {\n\tlocal := strings.Builder{}\n\tlocal.Wri|", "WriteString", "method"},
		{"func f(arg int) {\n\tar|", "arg", "variable"},
		{"y := 3\nfmt.Println(y, po|", "point", "variable"},
		{"Point{|", "X:", "field"},
		{"import \"enc|", "encoding/json", "package"},
		{"stri|", "strings", "package"},
		{"fmt.println|", "Println", "function"},
		{"re|", "return", "keyword"},
		{"taskgraph.Del|", "Delayed", "function"},
		{"(*point).|", "Norm", "method"},
		{"[]Point{}[0].|", "Y", "field"},
		{"time.Now().|", "Format", "method"},
	} {
		at := strings.IndexByte(c.code, '|')
		got := s.Complete(c.code[:at]+c.code[at+1:], at)
		i := slices.IndexFunc(got.Matches, func(m Match) bool { return m.Text == c.want })
		if i < 0 || got.Matches[i].Kind != c.kind {
			t.Errorf("Complete(%q) lacks %s (%s): %.300v", c.code, c.want, c.kind, got.Matches)
		}
	}
	for _, none := range []string{`"poi|`, "// poi|", "12|", "point.nosuch|"} {
		at := strings.IndexByte(none, '|')
		if got := s.Complete(none[:at], at); len(got.Matches) > 0 {
			t.Errorf("Complete(%q) = %v, want nothing", none, got.Matches)
		}
	}
}

func TestInspect(t *testing.T) {
	s := New()
	run(t, s, "// Point is a place.\ntype Point struct {\n\t// X is across.\n\tX int\n\tY int // up\n\tBase\n}\n\ntype Base struct{ ID string }\n// Norm is how far it is.\nfunc (p *Point) Norm() float64 { return 0 }\n\n// twice doubles\n// a number.\nfunc twice(n int) int { return 2*n }\npoint := &Point{}",
		"// total counts\ntotal := 3\nvar rate = 1.5 // per year\n/* limits of\nthe game */\nconst (\n\tlow = 1\n\t// high is the upper one\n\thigh = 1 << 4\n)\ntype Names []string\n// Box holds a value.\ntype Box[T any] struct{ value T }\n// Get returns it.\nfunc (b Box[T]) Get() T { return b.value }\nbox := Box[int]{}\ntype Shape interface {\n\t// Area is its size.\n\tArea() float64\n}\ntype number = int",
		"func (b *Base) Key() string { return b.ID }")
	for _, c := range []struct{ code, sig, doc string }{
		{"strings.ToUp|per(x)", "func strings.ToUpper(s string) string", "ToUpper returns"},
		{"fmt.Println(|", "func fmt.Println(", "Spaces are always added"},
		{"fmt.Println(\"a (b\", |", "func fmt.Println(", "Spaces are always added"},
		{"fmt.Println((1 + |", "func fmt.Println(", "Spaces are always added"},
		{"twice(twi|ce(3))", "func twice(n int) int", "doubles\na number"},
		{"twi|ce", "func twice(n int) int", "doubles\na number"},
		{"point.No|rm", "func (*Point).Norm() float64", "how far"},
		{"point.No|rm() + 1", "func (*Point).Norm() float64", "how far"},
		{"poin|t", "var point *Point", ""},
		{"str|ings", "package strings", "UTF-8"},
		{"str|ings.ToUpper(\"a\")", "package strings", "UTF-8"},
		{"var b strings.Builder\nb.Write|String", "WriteString(s string) (int, error)", "appends"},
		{"must|", "must", "stops the cell"},
		{"len|", "builtin len", "length"},
		{"Poi|nt{}", "type Point struct {\n\tX int\n\tY int\n\tBase\n}\nfunc (*Point).Norm() float64", "Point is a place."},
		{"point.X|", "field X int", "X is across."},
		{"point.Y|", "field Y int", "up"},
		{"point.ID|", "field ID string", ""},
		{"point.Ke|y()", "func (*Base).Key() string", ""},
		{"total|", "var total int", "total counts"},
		{"ra|te * 2", "var rate float64", "per year"},
		{"lo|w", "const low untyped int = 1", "limits of\nthe game"},
		{"hi|gh", "const high untyped int = 16", "high is the upper one"},
		{"math.P|i", "const math.Pi untyped float = 3.14159", "oeis.org"},
		{"Nam|es{}", "type Names []string", ""},
		{"box.Ge|t()", "func (Box[int]).Get() int", "Get returns it."},
		{"box.val|ue", "field value int", ""},
		{"Bo|x[string]{}", "type Box[T any] struct {\n\tvalue T\n}\nfunc (Box[T]).Get() T", "Box holds a value."},
		{"var s Sha|pe", "type Shape interface{Area() float64}", ""},
		{"var n numb|er", "type number = int", ""},
		{"strings.Bui|lder{}", "func (*strings.Builder).WriteString(s string) (int, error)", "A Builder is used"},
		{"// half halves.\nfunc half(n int) int { return n / 2 }\nhal|f(3)", "func half(n int) int", "half halves."},
		{"// half halves.\nfunc ha|lf(n int) int { return n / 2 }", "func half(n int) int", "half halves."},
		{"// there are some\nsome := 3\nso|me", "var some int", "there are some"},
		{"func f(arg int) { fmt.Println(ar|g) }", "var arg int", ""},
		{"for i, v := range []string{} {\n\tv|", "var v string", ""},
		{"// Hop hops.\nfunc (p Point) Hop(far int) {}\npoint.Ho|p(1)", "func (p Point) Hop(far int)", "Hop hops."},
		{"for|", "for", "loop"},
		{"var e err|or", "type error interface{Error() string}", "conventional interface"},
		{"rand.See|d(1)", "func rand.Seed(seed int64)", "Seed uses"},
	} {
		code, cursor := at(c.code)
		d, ok := s.Inspect(code, cursor)
		if !ok || !strings.Contains(d.Signature, c.sig) || !strings.Contains(d.Doc, c.doc) || c.doc == "" && d.Doc != "" {
			t.Errorf("Inspect(%q) = %v %q %.100q, want %q %q", c.code, ok, d.Signature, d.Doc, c.sig, c.doc)
		}
	}
	for _, none := range []string{"nosuc|hthing", "\"stri|ngs\"", "// twi|ce", "%%bash\necho twi|ce", "point.nosu|ch", "12|", ""} {
		code, cursor := none, 0
		if none != "" {
			code, cursor = at(none)
		}
		if d, ok := s.Inspect(code, cursor); ok {
			t.Errorf("Inspect(%q) = %v, want nothing", none, d)
		}
	}
	if d, _ := s.Inspect("twice", 2); d.Source != "func twice(n int) int { return 2*n }" || d.Kind != "function" {
		t.Errorf("the text of twice is %q, its kind %s", d.Source, d.Kind)
	}
}

func TestIsComplete(t *testing.T) {
	s := New()
	for code, want := range map[string]string{
		"x := 1": "complete", "for i := range 3 {": "incomplete", "fmt.Println(": "incomplete", "x := ": "incomplete", "x := := 2": "invalid",
		"s := `a": "incomplete", "func f() {\n}": "complete", "%ls": "complete", "!ls 'x": "complete", "%%bash\nls": "incomplete", "%%bash\nls\n\n": "complete", "": "complete", "a, b": "complete", "if x {\n": "incomplete",
	} {
		if got, _ := s.IsComplete(code); got != want {
			t.Errorf("IsComplete(%q) = %s, want %s", code, got, want)
		}
	}
	if _, indent := s.IsComplete("for {\n\tif x {"); indent != "\t\t" {
		t.Errorf("indent %q", indent)
	}
}
