package check

import (
	"slices"
	"strings"
	"testing"
)

// at takes the cursor | out of a text.
func at(text string) (code string, cursor int) {
	cursor = strings.IndexByte(text, '|')
	return text[:cursor] + text[cursor+1:], cursor
}

func texts(c Completion) []string {
	var out []string
	for _, m := range c.Matches {
		out = append(out, m.Text)
	}
	return out
}

// earlier are the cells of the session that the tables below complete in.
var earlier = []string{
	"type Base struct{ ID int; note string }\nfunc (b Base) Name() string { return \"\" }\nfunc (b *Base) Rename(s string) {}",
	"type Point struct{ Base; X, Y int; Label string; Next *Point }\nfunc (p Point) Sum() int { return p.X + p.Y }\nfunc (p *Point) Move(dx int) {}",
	"type Stack[T any] struct{ items []T }\nfunc (s *Stack[T]) Push(v T) {}\nfunc (s Stack[T]) Top() T { return s.items[0] }",
	"point := &Point{}\nspot := Point{}\npoints := map[string]Point{}\nlist := []Point{}\nnames := []string{}\nstack := Stack[Point]{}\nch := make(chan Point)",
	"nInt := 1\nnFloat := 1.5\nnText := \"a\"\nnBool := true\nnErr := error(nil)\nfunc nGetInt() int { return 1 }\nfunc nGetText() (string, error) { return \"\", nil }\nvar any1 any = 1",
	"func makePoint() Point { return Point{} }\nfunc takes(p Point, n int, s string, more ...float64) {}\nfunc each(f func(int) bool) {}\nfunc nPred(n int) bool { return true }",
}

// The members behind a dot, whatever stands before it.
func TestCompleteMembers(t *testing.T) {
	s := New()
	run(t, s, earlier...)
	for _, c := range []struct{ code, want, not string }{
		{"spot.|", "X Y Label Base ID Name Sum Move Rename note Next", ""},
		{"point.|", "X Sum Move Rename", ""},
		{"makePoint().|", "X Sum Name", "Move Rename"},
		{"points[\"a\"].|", "X Sum", "Move"},
		{"list[0].|", "X Sum Move", ""},
		{"(*point).|", "X Sum Move", ""},
		{"(spot).|", "X Sum", ""},
		{"any1.(Point).|", "X Sum", "Move"},
		{"any1.(*Point).|", "X Move", ""},
		{"any1.(error).|", "Error", ""},
		{"Point{}.|", "X Sum", "Move"},
		{"(&Point{}).|", "X Sum Move", ""},
		{"stack.|", "items Push Top", ""},
		{"stack.Top().|", "X Sum", ""},
		{"Stack[Point]{}.Top().|", "X", ""},
		{"(<-ch).|", "X Sum", ""},
		{"point.Next.Next.|", "X Next", ""},
		{"Point.|", "Sum Name", "X Move"},
		{"(*Point).|", "Sum Move", "X"},
		{"func() Point { return spot }().|", "X", ""},
		{"must(os.Open(\"x\")).|", "Read Close", "file"},
		{"for _, x := range list {\n\tx.|", "X Sum Move", ""},
		{"for _, x := range list { x.|", "X", ""},
		{"for i, x := range list {\n\tif i > 0 && x.|", "X", ""},
		{"for k, v := range points {\n\tfmt.Println(k, v.|", "X", ""},
		{"if p := makePoint(); p.|", "X", ""},
		{"switch p := makePoint(); p.|", "X", ""},
		{"switch v := any1.(type) {\ncase Point:\n\tv.|", "X Sum", ""},
		{"select {\ncase p := <-ch:\n\tp.|", "X", ""},
		{"go point.|", "Move", ""},
		{"defer func() {\n\tpoint.|", "Move", ""},
		{"func (p *Point) Grow(q Point) {\n\tq.|", "X", ""},
		{"func (p *Point) Grow() {\n\tp.|", "X Move", ""},
		{"func (p *Point) Grow() {}\nspot.|", "X Grow", ""},
		{"func (s *Stack[T]) Pop() T {\n\ts.|", "items Push", ""},
		{"type Own struct{ A, B int }\nfunc (o Own) M() {}\nfunc f(o Own) {\n\tlocal := o\n\tlocal.|", "A B M", ""},
		{"f := func(a Point) {\n\ta.|", "X", ""},
		{"each(func(n int) bool {\n\tpoint.|", "X", ""},
		{"x := 1\nx := Point{}\nx.|", "X", ""},
		{"x := makePoint()\ny := := 3\nx.|", "X", ""},
		{"func f(p Point) {\n\tq := := 3\n\tp.|", "X", ""},
		{"func f(p Point) {\n\tif p.X = 3 {\n\t\treturn\n\t}\n\tx := [1, 2]\n\tp.|", "X", ""},
		{"func a() {\n\tif nBool {\n\n}\n\nfunc b(q Point) {\n\tq.|", "X", ""},
		{"func a() {\n\tfmt.Println(\n}\n\nfunc b(q Point) {\n\tq.|", "X", ""},
		{"type own struct {\n\tX int\n\nfunc (o own) M() {\n\to.|", "X M", ""},
		{"x := makePoint()\n!ls \"a'\nx.|", "X", ""},
		{"%time point.|", "X", ""},
		{"rand.|", "IntN Seed", ""},
		{"unsafe.|", "Sizeof Pointer", ""},
		{"abc := ab|", "", "abc"},
		{"abc, err := f(ab|", "", "abc"},
		{"abc := func() int { return ab|", "", "abc"},
		{"abc := 1\ndef := a|", "abc", "def"},
		{"spot := sp|", "spot", ""},
		{"time := 3\ncontext.WithTimeout(nil, ti|", "time", "time.Hour"},
		{"import . \"math\"\nx := Sq|", "Sqrt", "·math"},
		{"import str \"strings\"\nstr.|", "ToUpper", ""},
		{"strings.NewReplacer().|", "Replace", ""},
		{"time.Now().Weekday().|", "String", ""},
		{"point.\n\t|", "X", ""},
		{"func a() {\n\tlate.|\n}\n\nvar late = Point{}", "X", ""},
		{"func a() {\n\thelp().|\n}\n\nfunc help() Point { return Point{} }", "X", ""},
		{"var e struct{ Point; *strings.Builder }\ne.|", "X WriteString Move", ""},
	} {
		code, cursor := at(c.code)
		got := texts(s.Complete(code, cursor))
		for _, w := range strings.Fields(c.want) {
			if !slices.Contains(got, w) {
				t.Errorf("%q lacks %s: %.200q", c.code, w, got)
			}
		}
		for _, w := range strings.Fields(c.not) {
			if slices.Contains(got, w) {
				t.Errorf("%q offers %s: %.200q", c.code, w, got)
			}
		}
	}
}

// What has the type that is wanted comes first, then the nearer scope.
func TestCompleteOrder(t *testing.T) {
	s := New()
	run(t, s, earlier...)
	for _, c := range []struct{ code, first string }{
		{"var v int = n|", "nInt nGetInt"},
		{"time.Sleep(t|", "time.Hour time.Microsecond time.Millisecond time.Minute time.Nanosecond time.Second time.ParseDuration time.Since"},
		{"time.Sleep(2 * t|", "time.Hour"},
		{"var d time.Duration = 3 + t|", "time.Hour"},
		{"import clock \"time\"\nvar d clock.Duration = c|", "clock.Hour"},
		{"var r *rand.Rand = ra|", "rand.New"},
		{"var v string = n|", "nText nGetText"},
		{"var v bool = n|", "nBool"},
		{"nFloat = n|", "nFloat"},
		{"nFloat == n|", "nFloat"},
		{"nText + n|", "nText nGetText"},
		{"takes(|", "spot makePoint Point"},
		{"takes(spot, n|", "nInt nGetInt"},
		{"takes(spot, 1, n|", "nText nGetText"},
		{"takes(spot, 1, \"\", 1.5, n|", "nFloat"},
		{"each(n|", "nPred"},
		{"func f() int {\n\treturn n|", "nInt nGetInt"},
		{"func f() (int, error) {\n\treturn 1, n|", "nErr nil"},
		{"f := func() string { return n|", "nText nGetText"},
		{"Point{X: n|", "nInt nGetInt"},
		{"Point{Label: n|", "nText nGetText"},
		{"Point{Next: p|", "point"},
		{"map[string]int{n|", "nText nGetText"},
		{"map[string]int{\"a\": n|", "nInt nGetInt"},
		{"[]string{n|", "nText nGetText"},
		{"names[n|", "nInt nGetInt"},
		{"points[n|", "nText nGetText"},
		{"names = append(names, n|", "nText nGetText"},
		{"len(|", "ch list nText names points nGetText"},
		{"if n|", "nBool nPred"},
		{"if !n|", "nBool"},
		{"for n|", "nBool nPred"},
		{"switch nInt {\ncase n|", "nInt nGetInt"},
		{"for i := range n|", "nInt nText names nGetInt"},
		{"ch <- s|", "spot"},
		{"<-|", "ch"},
		{"point = &s|", "spot"},
		{"spot = *p|", "point"},
		{"delete(points, n|", "nText nGetText"},
		{"slices.Contains(names, n|", "nText nGetText"},
		{"strings.ToUpper(n|", "nText nGetText"},
		{"float64(n|", "nFloat nInt"},
		{"go n|", "nGetInt nGetText nPred"},
		{"var x P|", "Point"},
		{"func f(p P|", "Point"},
		{"m := map[string]P|", "Point"},
		{"any1.(P|", "Point"},
		{"make([]P|", "Point"},
		{"Point{|", "Base: X: Y: Label: Next:"},
		{"Point{X: 1, |", "Base: Y: Label: Next:"},
		{"Point{\n\tX: 1,\n\t|", "Base: Y: Label: Next:"},
		{"list = []Point{{L|", "Label:"},
		{"&Point{L|", "Label:"},
		{"nInt = spot.|", "X Y ID Sum"},
		{"nText = spot.|", "Label note Name"},
		{"time.Sleep(time.S|", "Second"},
		{"nOuter := 1\nfunc f(nArg int) {\n\tfor nLoop := range 3 {\n\t\tnInner := 2\n\t\tfmt.Println(n|", "nInner nLoop nArg nOuter"},
		{"str := 1\nst|", "str spot"},
		{"nInner := 1\nfmt.Println(nI|", "nInner nInt"},
		{"stri|", "string strings"},
		{"po|", "point points"},
	} {
		code, cursor := at(c.code)
		got := texts(s.Complete(code, cursor))
		want := strings.Fields(c.first)
		if c.code == "str := 1\nst|" {
			want = []string{"str", "stack"}
		}
		if len(got) < len(want) || !slices.Equal(got[:len(want)], want) {
			t.Errorf("%q begins with %q, want %q", c.code, got[:min(len(got), len(want)+3)], want)
		}
	}
}

// Keywords are offered where they can stand, and nothing where a name is new or where
// there is no Go.
func TestCompletePlaces(t *testing.T) {
	s := New()
	run(t, s, earlier...)
	for _, c := range []struct{ code, want, not string }{
		{"|", "if for func import switch point strings", "break continue case else range"},
		{"for {\n\t|", "break continue if", "case import range"},
		{"x := |", "func map struct", "if for return"},
		{"switch nInt {\ncase 1:\n\t|", "break case default fallthrough", "continue"},
		{"for x := |", "range", "if"},
		{"for |", "range nBool", "if"},
		{"if nBool {\n} |", "else", "point"},
		{"outer:\nfor {\n\tfor {\n\t\tbreak |", "outer", "point"},
		{"func f() {\n\tde|", "defer delete", ""},
		{"import \"enc|", "encoding/json", ""},
		{"import (\n\t\"fmt\"\n\t\"task|", "taskgraph", ""},
		{"import j `encoding/j|", "encoding/json", ""},
	} {
		code, cursor := at(c.code)
		got := texts(s.Complete(code, cursor))
		for _, w := range strings.Fields(c.want) {
			if !slices.Contains(got, w) {
				t.Errorf("%q lacks %s: %.200q", c.code, w, got)
			}
		}
		for _, w := range strings.Fields(c.not) {
			if slices.Contains(got, w) {
				t.Errorf("%q offers %s", c.code, w)
			}
		}
	}
	for _, none := range []string{
		`"poi|`, "// poi|", "12|", "point.nosuch|", "/* poi|", "x := `a\npoi|", "x := 'p|", "fmt.Println(\"poi|", "var |", "func |", "type |", "const |", "x := 3.|", "names...|",
		"!ls poi|", "%ls poi|", "%%bash\npoi|", "%%html\n<b>poi|", "goto |", "noSuch.|", "template.|", "x := 1 // poi|",
	} {
		code, cursor := at(none)
		if got := s.Complete(code, cursor); len(got.Matches) > 0 {
			t.Errorf("Complete(%q) = %v, want nothing", none, texts(got))
		}
	}
	for _, some := range []string{"s := \"never closed\npoi|", "%%time\npoi|", "// a comment\npoi|", "%timeit poi|", "x := `raw`\npoi|", "fmt.Println(\"a\", poi|"} {
		code, cursor := at(some)
		if got := s.Complete(code, cursor); len(got.Matches) == 0 || got.Matches[0].Text != "point" {
			t.Errorf("Complete(%q) = %v", some, got)
		}
	}
}

// A session does not notice that it was asked.
// What a var line declares is not there yet in its values.
func TestCompleteOwnValue(t *testing.T) {
	s := New()
	run(t, s, "type Shade int\nconst ShadeDark Shade = 1")
	for code, want := range map[string]bool{"var shade Shade = sha|": false, "var shade, other Shade = 1, sha|": false, "var shade Shade\nsha|": true} {
		text, cursor := at(code)
		if got := texts(s.Complete(text, cursor)); slices.Contains(got, "shade") != want || !slices.Contains(got, "ShadeDark") {
			t.Errorf("%s: %q", code, got)
		}
	}
}

func TestCompleteChangesNothing(t *testing.T) {
	s := New()
	run(t, s, earlier...)
	before := s.Names()
	methods := func() (n int) {
		for _, sym := range s.scope.names {
			if named := namedOf(sym.Obj.Type()); named != nil {
				n += named.NumMethods()
			}
		}
		return n
	}
	had, files, imports := methods(), len(s.sources), len(s.scope.imports)
	for _, text := range []string{
		"func (p *Point) Fresh() {\n\tp.|", earlier[1] + "\nfunc (p Point) Other() {\n\tp.|", "type Point struct{ Z int }\nPoint{|", "import \"os\"\nnewName := 1\nnew|", "func (s *Stack[T]) Fresh() {\n\ts.|", "nInt := \"x\"\nnInt.|",
	} {
		code, cursor := at(text)
		s.Complete(code, cursor)
		s.Inspect(code, cursor)
	}
	if !slices.Equal(s.Names(), before) || methods() != had || len(s.sources) != files || len(s.scope.imports) != imports {
		t.Errorf("completions left traces: names %v, %d methods for %d, %d sources for %d", s.Names(), methods(), had, len(s.sources), files)
	}
}

// largeCell is a cell of about a thousand lines, in the middle of whose last one is the end.
func largeCell() string {
	const piece = "func f000(a int, s string) (int, error) {\n\tt := 0\n\tfor i := range a {\n\t\tt += i * len(s)\n\t}\n\tif t > 3 {\n\t\treturn t, nil\n\t}\n\treturn strconv.Atoi(s)\n}\nv000 := row{X: 1, Name: fmt.Sprint(3)}\nfor i := range 3 {\n\tfmt.Println(i, v000.Name)\n}\n"
	var b strings.Builder
	b.WriteString("type row struct{ X, Y int; Name string }\n")
	for i := range 1000 / strings.Count(piece, "\n") {
		b.WriteString(strings.ReplaceAll(piece, "000", string([]byte{'0' + byte(i/10), '0' + byte(i%10)})))
	}
	return b.String() + "for _, x := range []row{v01} {\n\tx."
}

func BenchmarkComplete(b *testing.B) {
	large := largeCell()
	inside := strings.Replace(large, "\treturn strconv", "\tfmt.Println(a, s.\n\treturn strconv", 1)
	for _, c := range []struct {
		name, code string
		cursor     int
	}{
		{"word", "strings.ToU", 11},
		{"cell of 1000 lines, at its end", large, len(large)},
		{"cell of 1000 lines, names", large[:len(large)-2] + "v", len(large) - 1},
		{"cell of 1000 lines, in a function", inside, strings.Index(inside, "s.\n") + 1},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := New()
			for b.Loop() {
				if len(s.Complete(c.code, c.cursor).Matches) == 0 {
					b.Fatal("no matches")
				}
			}
		})
	}
}
