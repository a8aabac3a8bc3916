package magic

import (
	"slices"
	"strings"
	"testing"
)

var cells = []struct {
	code string
	want Call // Name "-": no cell of a magic
}{
	{"%%time\nf()", Call{Name: "time", Body: "f()", Row: 1}},
	{"%%time", Call{Name: "time", Row: 1}},
	{"\n  \n%%bash  a 'b c' \r\necho\n", Call{Name: "bash", Args: "a 'b c'", Body: "echo\n", Row: 3}},
	{"  %%writefile\t-a x.txt\n%%time\n", Call{Name: "writefile", Args: "-a x.txt", Body: "%%time\n", Row: 1}},
	{"%%", Call{Name: "", Row: 1}},
	{"%% time", Call{Name: "", Args: "time", Row: 1}},
	{"", Call{Name: "-"}},
	{"\n\n", Call{Name: "-"}},
	{"x\n%%time", Call{Name: "-"}},
	{"%time f()", Call{Name: "-"}},
	{"// a\n%%time", Call{Name: "-"}},
}

func TestParseCell(t *testing.T) {
	for _, tt := range cells {
		got, ok := ParseCell(tt.code)
		if !ok {
			if tt.want.Name != "-" {
				t.Errorf("%q is no magic", tt.code)
			}
			continue
		}
		if got.Name != tt.want.Name || got.Args != tt.want.Args || got.Body != tt.want.Body || got.Row != tt.want.Row || !got.Cell {
			t.Errorf("%q: got %+v", tt.code, got)
		}
	}
}

// FuzzParseCell checks that nothing of a cell is lost and that Go code keeps its lines.
func FuzzParseCell(f *testing.F) {
	for _, tt := range cells {
		f.Add(tt.code)
	}
	f.Fuzz(func(t *testing.T, code string) {
		c, ok := ParseCell(code)
		if !ok {
			return
		}
		if strings.ContainsAny(c.Name, " \t\n") || strings.ContainsRune(c.Args, '\n') {
			t.Fatalf("%q: name %q, args %q", code, c.Name, c.Args)
		}
		if !strings.HasSuffix(code, c.Body) || strings.Count(code[:len(code)-len(c.Body)], "\n") > c.Row {
			t.Fatalf("%q: row %d, body %q", code, c.Row, c.Body)
		}
		lines, seen := strings.Split(c.code("", ""), "\n"), strings.Split(code, "\n")
		if len(seen) > c.Row && !slices.Equal(lines[c.Row:], seen[c.Row:]) {
			t.Fatalf("%q: the lines of %q have other numbers", code, c.code("", ""))
		}
	})
}

var arguments = []struct {
	args string
	want []string // nil: an error, unless args is blank
}{
	{"", nil},
	{"  a\tb ", []string{"a", "b"}},
	{`"a b" 'c "d"'`, []string{"a b", `c "d"`}},
	{`a\ b \"c\" d\\`, []string{"a b", `"c"`, `d\`}},
	{`C:\data\x.txt`, []string{`C:\data\x.txt`}},
	{`"" x`, []string{"", "x"}},
	{`x"y z"w`, []string{"xy zw"}},
	{`"a`, nil},
}

func TestFields(t *testing.T) {
	for _, tt := range arguments {
		got, err := fields(tt.args)
		if !slices.Equal(got, tt.want) || (err != nil) != (tt.want == nil && tt.args != "") {
			t.Errorf("%q: got %q, %v", tt.args, got, err)
		}
	}
}

// FuzzFields checks that a word in quotes comes back as it is, whatever stands before it.
func FuzzFields(f *testing.F) {
	for _, tt := range arguments {
		f.Add(tt.args, "a b")
	}
	quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	f.Fuzz(func(t *testing.T, before, word string) {
		words, err := fields(before)
		if err != nil || strings.HasSuffix(before, `\`) {
			return
		}
		got, err := fields(before + ` "` + quote.Replace(word) + `"`)
		if err != nil || !slices.Equal(got, append(words, word)) {
			t.Fatalf("%q then %q: got %q, %v", before, word, got, err)
		}
	})
}

func BenchmarkParseCell(b *testing.B) {
	code := "\n%%time\n" + strings.Repeat("x := f(1, 2)\n", 100)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := ParseCell(code); !ok {
			b.Fatal("no magic")
		}
	}
}
