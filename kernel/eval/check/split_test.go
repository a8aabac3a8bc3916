package check

import (
	"fmt"
	"strings"
	"testing"
)

// show writes the chunks of a cell, one a line: kind, what it is timed by, its text.
func show(src string, known ...string) string {
	var b strings.Builder
	for _, c := range split(src, func(n string) bool { return contains(known, n) }) {
		fmt.Fprintf(&b, "%s", [...]string{"stmt", "import", "decl", "package", "magic"}[c.kind])
		if c.time != "" {
			b.WriteString(" %" + c.time)
		}
		if c.kind == chunkMagic {
			fmt.Fprintf(&b, " <%s|%s>", c.name, c.args)
		} else {
			fmt.Fprintf(&b, " %q", src[c.start:c.end])
		}
		if c.quiet {
			b.WriteString(" quiet")
		}
		if len(c.list) > 0 {
			fmt.Fprintf(&b, " list of %d", len(c.list)+1)
		}
		b.WriteString("\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func TestSplit(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"", ""},
		{" \n\t;\n// only a comment\n/* another */", ""},
		{"x := 1", `stmt "x := 1"`},
		{"x := 1;", `stmt "x := 1" quiet`},
		{"x := 1; // behind", `stmt "x := 1" quiet`},
		{"x;\n;", `stmt "x" quiet`},
		{"a; b", "stmt \"a\" quiet\nstmt \"b\""},
		{"a, b", `stmt "a, b" list of 2`},
		{"a, b := f()", `stmt "a, b := f()"`},
		{"f(a, b), [2]int{1, 2}", `stmt "f(a, b), [2]int{1, 2}" list of 2`},
		{"return a, b", `stmt "return a, b"`},
		{"import \"fmt\"\nimport (\n\t\"os\"\n)", "import \"import \\\"fmt\\\"\"\nimport \"import (\\n\\t\\\"os\\\"\\n)\""},
		{"package main", `package "package main"`},
		{"type T struct {\n\tX int\n}", `decl "type T struct {\n\tX int\n}"`},
		{"const a = 1", `decl "const a = 1"`},
		{"var a = 1", `stmt "var a = 1"`},
		{"func f() {}", `decl "func f() {}"`},
		{"func (t T) M() {}", `decl "func (t T) M() {}"`},
		{"func (t T[K]) M() {}", `decl "func (t T[K]) M() {}"`},
		{"func() { f() }()", `stmt "func() { f() }()"`},
		{"func(a int) int { return a }(3)", `stmt "func(a int) int { return a }(3)"`},
		{"%time f(1)", `stmt %time "f(1)"`},
		{"x := 1\n%time y := f(x)\ny", "stmt \"x := 1\"\nstmt %time \"y := f(x)\"\nstmt \"y\""},
		{"%timeit f(1)", `stmt %timeit "f(1)"`},
		{"%time", `magic <time|>`},
		{"%ls -l *.go", `magic <ls|-l *.go>`},
		{"  %cd ..\nx", "magic <cd|..>\nstmt \"x\""},
		{"!ls 'unclosed", `magic <!|ls 'unclosed>`},
		{"!done", `magic <!|done>`},
		{"!(a && b)", `stmt "!(a && b)"`},
		{"strings.ToUpper?", `magic <pinfo|strings.ToUpper>`},
		{"x??", `magic <pinfo|x>`},
		{"x ??", `stmt "x ??"`},
		{"f(\n%x)", `stmt "f(\n%x)"`},
		{"s := `\n%ls\n!ls\n`", "stmt \"s := `\\n%ls\\n!ls\\n`\""},
		{"7 % 3", `stmt "7 % 3"`},
		{"/* not closed", `stmt "/* not closed"`},
		{"a := \"open\nb", "stmt \"a := \\\"open\"\nstmt \"b\""},
		{"}", `stmt "}"`},
		{"for i := 0; i < 3; i++ { f(i) }", `stmt "for i := 0; i < 3; i++ { f(i) }"`},
		{"if _, ok := m[k]; !ok { f() }; g()", "stmt \"if _, ok := m[k]; !ok { f() }\" quiet\nstmt \"g()\""},
		{"L: for ;; { break L }", `stmt "L: for ;; { break L }"`},
		{"if f := func() int { a; return b }; f() > 0 { x; y }", `stmt "if f := func() int { a; return b }; f() > 0 { x; y }"`},
		{"x; !ls", "stmt \"x\" quiet\nstmt \"!ls\""},
		{"\ufeffx", `stmt "x"`},
		{"x\r\ny\r\n", "stmt \"x\\r\"\nstmt \"y\\r\""},
	} {
		if got := show(c.src); got != c.want {
			t.Errorf("split(%q)\n gives %s\n  want %s", c.src, got, c.want)
		}
	}
	if got := show("!done", "done"); got != `stmt "!done"` {
		t.Errorf("the negation of a known name is %s", got)
	}
}

// What is kept stands where it stood, and the rest is blank.
func TestKeep(t *testing.T) {
	src := "import \"os\"\nx := 1; func f() {}\n\"é\", x"
	chunks := split(src, func(string) bool { return false })
	for kind, want := range map[chunkKind]string{
		chunkImport: "import \"os\"\n" + strings.Repeat(" ", 19) + "\n       ",
		chunkDecl:   strings.Repeat(" ", 11) + "\n" + "        func f() {}\n       ",
		chunkStmt:   strings.Repeat(" ", 11) + "\nx := 1  func f() {}\n\"é\"; x",
	} {
		got := keep(src, chunks, kind)
		if kind == chunkStmt {
			want = strings.Replace(want, "  func f() {}", ";            ", 1)
		}
		if got != want {
			t.Errorf("keep %d\n gives %q\n  want %q", kind, got, want)
		}
	}
}

func FuzzSplit(f *testing.F) {
	for _, text := range scriptCells(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, src string) {
		end := 0
		chunks := split(src, func(n string) bool { return len(n) == 1 })
		for _, c := range chunks {
			if c.start < end || c.end < c.start || c.end > len(src) {
				t.Fatalf("the chunk [%d,%d) is out of order after %d of %d bytes", c.start, c.end, end, len(src))
			}
			end = c.end
			for _, comma := range c.list {
				if src[comma] != ',' {
					t.Fatalf("there is %q where a comma should be", src[comma])
				}
			}
		}
		for _, kind := range []chunkKind{chunkStmt, chunkImport, chunkDecl, chunkPackage} {
			kept := keep(src, chunks, kind)
			if len(kept) != len(src) || strings.Count(kept, "\n") != strings.Count(src, "\n") {
				t.Fatalf("keep moves what it keeps: %q", kept)
			}
		}
	})
}
