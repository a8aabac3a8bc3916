package check

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// checked checks and commits a cell and describes its programs: what each declares,
// with generations, how many steps it has and what they show.
func checked(t *testing.T, s *Session, number int, text string) (programs, notes []string) {
	t.Helper()
	cell, err := s.Check(number, text)
	if err != nil {
		t.Fatalf("cell %d:\n%v", number, err)
	}
	for _, p := range cell.Programs {
		var parts []string
		for _, v := range p.Vars {
			parts = append(parts, "var "+v.ID())
		}
		for _, d := range p.Decls {
			parts = append(parts, strings.Join(d.Names, " "))
		}
		for _, d := range p.Again {
			parts = append(parts, "again "+d.Names[0])
		}
		parts = append(parts, fmt.Sprintf("%d steps", len(p.Steps)))
		programs = append(programs, strings.Join(parts, ", "))
		s.Commit(p, len(p.Steps))
	}
	return programs, cell.Notes
}

// TestGenerations follows names through a session.
func TestGenerations(t *testing.T) {
	s := New()
	for i, c := range []struct {
		cell, programs, notes string
	}{
		{"x := 1", "var x_1, 1 steps", ""},
		{"x := 2", "1 steps", ""},
		{"func get() int { return x }\nfunc twice() int { return 2 * get() }", "get, twice, 0 steps", ""},
		{"x := \"two\"", "var x_2, 1 steps", "get (cell 3) keeps its previous definition: cannot use x (variable of type string) as int value in return statement"},
		{"x := 3", "var x_3, again get, 1 steps", ""},
		{"func get() int { return x + 1 }", "get, 0 steps", ""},
		{"func get() string { return \"s\" }", "get, 0 steps", "twice (cell 3) keeps its previous definition: "},
		{"type T struct{ A int }\nfunc (t T) M() int { return t.A }\nfunc mk() T { return T{1} }", "T, T.M, mk, 0 steps", ""},
		{"type T struct{ A int }", "0 steps", ""},
		{"type T struct{ A, B int }", "T, T.M, 0 steps", "mk (cell 8) keeps its previous definition: too few values in struct literal of type T"},
		{"func (t T) M() int { return t.B }", "T.M, 0 steps", ""},
		{"func (t T) M() string { return \"\" }", "T.M, T, 0 steps", "mk (cell 8) keeps its previous definition: too few values in struct literal of type T"},
		{"const c = 1\nfunc useC() int { return c }", "c, useC, 0 steps", ""},
		{"const c = 1", "0 steps", ""},
		{"const c = 2", "c, again useC, 0 steps", ""},
		{"a := 1\nb := a\na := \"x\"\nb", "var a_1, var b_1, 2 steps; var a_2, 2 steps", ""},
		{"a, d := \"y\", 2", "var d_1, 1 steps", ""},
		{"var a string", "1 steps", ""},
		{"type U T\ntype V = T\nvar v V = T{1, 2}", "var v_1, U, V, 1 steps", ""},
		{"type U T", "0 steps", ""},
		{"func later() int { return missing() }", "0 steps", "later waits: no cell has defined missing yet"},
		{"func missing() int { return 1 }", "missing, later, 0 steps", ""},
		{"func (t T) Twice() int { return twofold(t.A) }\nfunc (t T) Four() int { return 2 * t.Twice() }", "0 steps", "T.Four waits: it uses T.Twice, and no cell has defined twofold yet; T.Twice waits: no cell has defined twofold yet"},
		{"x = 4", "1 steps", ""},
		{"func twofold(n Number) int { return 2 * int(n) }", "0 steps", "T.Four waits: it uses T.Twice, and no cell has defined Number yet; T.Twice waits: it uses twofold, and no cell has defined Number yet; twofold waits: no cell has defined Number yet"},
		{"type Number = int", "Number, twofold, T.Twice, T.Four, 0 steps", ""},
		{"func (o Other) Area() float64 { return o.w }", "0 steps", "Other.Area waits: no cell has defined Other yet"},
		{"type Other struct{ h int }", "Other, 0 steps", "Other.Area (cell 27) cannot run: o.w undefined (type Other has no field or method w)"},
		{"x = 5", "1 steps", ""},
		{"type Other struct{ w float64 }", "Other, Other.Area, 0 steps", ""},
	} {
		programs, notes := checked(t, s, i+1, c.cell)
		if got := strings.Join(programs, "; "); got != c.programs {
			t.Errorf("cell %d %q\n gives %s\n  want %s", i+1, c.cell, got, c.programs)
		}
		if got := strings.Join(notes, "; "); got != c.notes && !(strings.HasSuffix(c.notes, ": ") && strings.HasPrefix(got, c.notes)) {
			t.Errorf("cell %d %q notes\n %s\n  want %s", i+1, c.cell, got, c.notes)
		}
	}
}

func TestErrors(t *testing.T) {
	s := New()
	checked(t, s, 1, "slowinc := 1\ntype Point struct{ X, Y int; label string }\np := Point{}\nfunc helper(n int) (int, error) { return n, nil }\nimage := 3")
	for _, c := range []struct {
		cell, place, msg, hint string
	}{
		{"slowinx", "1:1", "undefined: slowinx", "did you mean slowinc?"},
		{"local := 1\nfunc f() int { return loca }", "2:23", "undefined: loca", "did you mean local?"},
		{"func f(argument int) int { return argumnet }", "1:35", "undefined: argumnet", "did you mean argument?"},
		{"fmt.Printn()", "1:5", "undefined: fmt.Printn", "did you mean fmt.Print?"},
		{"strngs.ToUpper(\"\")", "1:1", "undefined: strngs", "did you mean strings?"},
		{"strings", "1:1", "undefined: strings", "strings is a package: write strings and a dot before what you want of it"},
		{"template.New(\"\")", "1:1", "undefined: template", `write the import: "html/template" or "text/template"`},
		{"p.labl", "1:3", "p.labl undefined (type Point has no field or method labl)", "did you mean label?"},
		{"image.Rect(0, 0, 1, 1)", "1:7", "image.Rect undefined (type int has no field or method Rect)", "image is a variable since cell 1 and hides the package image: give it another name, or import the package again"},
		{"v := helper(1)", "1:6", "assignment mismatch: 1 variable but helper returns 2 values", "must(helper(1)) is the first value and stops the cell on an error; v, err := helper(1) keeps the error"},
		{"1\n2", "1:1", "1 (untyped int constant) is not used", "only the last expression of a cell is shown; display.Show(x) shows one in between"},
		{"\tx := \"é\" + 1", "1:7", "mismatched", "fmt.Sprint(1) makes a string of a number"},
		{"x := := 1", "1:6", "syntax error", ""},
		{"f(1", "1:2", "syntax error: this ( is not closed", ""},
		{"for {\n\tf(1)\n", "1:5", "syntax error: this { is not closed", ""},
		{"fmt.println(1)", "1:5", "but have Println", "did you mean fmt.Println?"},
		{"string.ToUpper(\"a\")", "1:8", "undefined", "did you mean strings.ToUpper?"},
		{"1 << 100", "1:1", "too large for an int", ""},
		{"x := 'hello'", "1:6", "rune literal", "single quotes hold one character; a string takes double quotes"},
		{"while x < 3 {\n}", "1:7", "syntax error", "Go's only loop is for: for condition { … }"},
		{"int x = 5", "1:5", "syntax error", "the name comes first: var x int, or x := with a value"},
		{"import fmt", "1:11", "syntax error", "an import path is a string: import \"fmt\"; most packages need no import here"},
		{"f(1]", "1:4", "syntax error: there is a ] where the last ( wants a )", ""},
		{"x := 1\n}", "2:1", "syntax error: this } closes nothing", ""},
		{"/* open", "1:1", "syntax error: comment not terminated", ""},
		{"import \"nosuch/thing\"", "1:8", `there is no package "nosuch/thing" here`, ""},
		{"import \"encoding/jsn\"", "1:8", "there is no package", "did you mean encoding/json?"},
		{"import . \"strings\"\nToUper(\"a\")", "2:1", "undefined: ToUper", "did you mean ToUpper?"},
		{"import . \"strings\"\nToUpper(1)", "2:9", "cannot use 1 (untyped int constant) as string value in argument to ToUpper", "ToUpper is func(s string) string"},
		{"import \"syscall\"", "1:8", "package syscall is not available in a cell: ", ""},
		{"func f()", "1:6", "function f has no body", ""},
		{"errs := []error{nil}\nmust(1, errs...)", "2:9", "must looks at one error: must(1, errors.Join(errs...)) stops the cell when any of them is not nil", ""},
		{"func f(a, b error) int { return must(1, a, b) }", "1:41", "must looks at one error: must(1, errors.Join(a, b)) stops the cell when any of them is not nil", ""},
		{"func (n int) M() {}", "1:6", "int is not a type that a cell declared", ""},
		{"func (n Pointt) M() {}", "1:9", "undefined: Pointt", "did you mean Point?"},
		{"func f(a, b) int { return a + b }", "1:8", "undefined: a", "a parameter has a name and a type: a int"},
		{"func f(r nosuch.Reader) {}", "1:10", "undefined: nosuch", ""},
		{"func f(p Point) int { return p.lable() }", "1:32", "p.lable undefined", "did you mean label?"},
		{"func (p Point) X() {}", "1:16", "field and method with the same name X", ""},
		{"type q struct{}\nq := 1", "2:1", "this cell declares q twice: as a type and as a variable", ""},
		{"type A B\ntype B A", "1:6", "invalid recursive type A", ""},
		{"type A A", "1:6", "invalid recursive type: A refers to itself", ""},
		{"func f() int {}", "1:15", "missing return", "every way through a function with a result must end in a return, or in a panic"},
		{"package main\nfunc main() { nothing() }", "2:15", "undefined: nothing", ""},
		{"helper(\n\t\"a\",\n)", "2:2", "cannot use \"a\" (untyped string constant) as int value in argument to helper", "helper is func(n int) (int, error)"},
	} {
		_, err := s.Check(7, c.cell)
		var es Errors
		if !errors.As(err, &es) {
			t.Errorf("%q: %v", c.cell, err)
			continue
		}
		e := es[0]
		if place := fmt.Sprintf("%d:%d", e.Line, e.Col); place != c.place || !strings.Contains(e.Msg, c.msg) || e.Hint != c.hint || e.Cell != 7 {
			t.Errorf("%q gives\n %s %q, hint %q\n want\n %s %q, hint %q", c.cell, place, e.Msg, e.Hint, c.place, c.msg, c.hint)
		}
	}
	if names := s.Names(); !slices.ContainsFunc(names, func(n Name) bool { return n.Name == "slowinc" && n.Type == "int" && n.Cell == 1 }) || len(names) != 5 {
		t.Errorf("after cells that do not compile the session has %v", names)
	}
}

// Where nothing is near, nothing is suggested. What the cell scripts named beginners have
// in many words is here in what decides between them.
func TestHints(t *testing.T) {
	s := New()
	checked(t, s, 1, "type Point struct{ X, Label int }\np := Point{}\nnames := []string{}\nn := 3\nfunc two(a int, b string) int { return 1 }\ntype Old struct{ A int }\nfunc take(o Old) int { return o.A }\nold := Old{}")
	checked(t, s, 2, "type Old struct{ B string }")
	for _, c := range []struct{ cell, hint string }{
		{"xyz", ""},
		{"foo()", ""},
		{"p.qqq", ""},
		{"len(names).x", ""},
		{"import \"example.com/foo/bar\"", ""},
		{"fmt.Zzz()", ""},
		{"n()", ""},
		{"a, b := two(1, \"a\")", ""},
		{"x := \"this is not good\" )", ""},
		{"x == 3", ""},
		{"func f() any { return None }", "Go's word is nil"},
		{"NAMES", "did you mean names?"},
		{"name", "did you mean names?"},
		{"strings.Toupper(\"a\")", "did you mean strings.ToUpper?"},
		{"jsn.Marshal(1)", "did you mean json?"},
		{"maht.Sqrt(2)", "did you mean math?"},
		{"sl := []Point{{Lable: 1}}", "did you mean Label?"},
		{"Point{}.Lable", "did you mean Label?"},
		{"Piont{}", "did you mean Point?"},
		{"func f() {\n\tx := os.Open(\"a\")\n}", "must(os.Open(\"a\")) is the first value and stops the cell on an error; x, err := os.Open(\"a\") keeps the error"},
		{"x := os.OpenFile(\"a rather long name.txt\", os.O_CREATE, 0o644)", "must(os.OpenFile(…)) is the first value and stops the cell on an error; x, err := os.OpenFile(…) keeps the error"},
		{"take(old)", ""}, // both of the type before
		{"take(Old{})", "take has the type Old of cell 1; Old was declared anew in cell 2: declare the function again"},
		{"old = Old{}", "old has the type Old of cell 1; Old was declared anew in cell 2: make the value again"},
		{"type Old struct{ C bool }\nold = Old{}", "old has the type Old of cell 1; Old was declared anew in this cell: make the value again"},
		{"[]Old{old}", "old has the type Old of cell 1; Old was declared anew in cell 2: make the value again"},
	} {
		_, err := s.Check(7, c.cell)
		hint := ""
		if es, ok := err.(Errors); ok {
			hint = es[0].Hint
		}
		if hint != c.hint {
			t.Errorf("%q gives the hint\n %s\nwant\n %s\n%v", c.cell, hint, c.hint, err)
		}
	}
}

// A cell that failed half-way declares what it reached.
func TestCommitOfSomeSteps(t *testing.T) {
	s := New()
	checked(t, s, 1, "a := 1")
	cell, err := s.Check(2, "a := \"x\"\nb := 2\nfunc f() int { return b }")
	if err != nil {
		t.Fatal(err)
	}
	s.Commit(cell.Programs[0], 1)
	if _, err := s.Check(3, "a + \"y\""); err != nil {
		t.Error(err)
	}
	if _, err := s.Check(3, "b"); err == nil {
		t.Error("b is known, though its step did not run")
	}
}

// Checks that a panic inside the checker becomes a Fault and that the session goes on.
func TestFault(t *testing.T) {
	s := New()
	checked(t, s, 1, "a := 1")
	var told *Fault
	s.Faults = func(f *Fault) { told = f }
	fault := s.guard(func() { panic("checker") })
	if fault == nil || told != fault || !strings.Contains(fault.Error(), "not of the cell") || !strings.Contains(fault.Stack, "TestFault") {
		t.Errorf("guard gives %v, told %v", fault, told)
	}
	if s.guard(func() {}) != nil {
		t.Error("a fault where there is none")
	}
	checked(t, s, 2, "a + 1")
}

func TestCaretStandsUnderTheColumn(t *testing.T) {
	_, err := New().Check(1, "\té := nothing")
	want := "cell 1, line 1, column 7: undefined: nothing\n    \té := nothing\n    \t     ^"
	if err == nil || err.Error() != want {
		t.Errorf("gives\n%v\nwant\n%s", err, want)
	}
}

func TestMostErrorsAreToldOnce(t *testing.T) {
	_, err := New().Check(1, strings.Repeat("nope()\n", 20))
	if n := len(err.(Errors)); n != mostErrors {
		t.Errorf("%d errors are told", n)
	}
}

func BenchmarkCheck(b *testing.B) {
	s := New()
	for i, text := range []string{"x := 1", "func f(n int) int { return n + x }", "fmt.Println(f(1))"} {
		c, err := s.Check(i+1, text)
		if err != nil {
			b.Fatal(err)
		}
		s.Commit(c.Programs[0], len(c.Programs[0].Steps))
	}
	for b.Loop() {
		c, err := s.Check(4, "y := f(x)\nfmt.Println(y)")
		if err != nil {
			b.Fatal(err)
		}
		s.Commit(c.Programs[0], 2)
	}
}

func BenchmarkSplit(b *testing.B) {
	src := strings.Repeat("x := f(1, 2)\nfunc g(a int) int { return a + 1 }\n%time g(3)\n", 20)
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		split(src, func(string) bool { return false })
	}
}
