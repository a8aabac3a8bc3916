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
	run(t, s, "type Point struct{ X, Y int }\n// Norm is how far it is.\nfunc (p *Point) Norm() float64 { return 0 }\n\n// twice doubles\n// a number.\nfunc twice(n int) int { return 2*n }\npoint := &Point{}")
	for _, c := range []struct{ code, sig, doc string }{
		{"strings.ToUp|per(x)", "func strings.ToUpper(s string) string", "ToUpper returns"},
		{"fmt.Println(|", "func fmt.Println(", "Spaces are always added"},
		{"twi|ce", "func twice(n int) int", "doubles\na number"},
		{"point.No|rm", "Norm() float64", "how far"},
		{"poin|t", "var point *Point", ""},
		{"str|ings", "package strings", "UTF-8"},
		{"var b strings.Builder\nb.Write|String", "WriteString(s string) (int, error)", "appends"},
		{"must|", "must", "stops the cell"},
		{"len|", "builtin len", "length"},
	} {
		at := strings.IndexByte(c.code, '|')
		d, ok := s.Inspect(c.code[:at]+c.code[at+1:], at)
		if !ok || !strings.Contains(d.Signature, c.sig) || !strings.Contains(d.Doc, c.doc) {
			t.Errorf("Inspect(%q) = %v %q %.100q, want %q %q", c.code, ok, d.Signature, d.Doc, c.sig, c.doc)
		}
	}
	if _, ok := s.Inspect("nosuchthing", 3); ok {
		t.Error("an unknown name is described")
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
