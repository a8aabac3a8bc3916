package check

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
	"sync"
	"testing"
)

// rootOf is the root of a declared function or, for "lit", of the last function literal that
// a program's steps hold.
func rootOf(t *testing.T, s *Session, p *Program, name string) Root {
	t.Helper()
	if name != "lit" {
		sym := s.scope.names[name]
		if sym == nil {
			t.Fatalf("there is no %s", name)
		}
		if sym.Kind == Type {
			return Root{Type: sym.Obj.Type()}
		}
		return Root{Decl: sym.Decl}
	}
	var lit *ast.FuncLit
	for _, st := range p.Steps {
		ast.Inspect(st.Stmt, func(n ast.Node) bool {
			if l, ok := n.(*ast.FuncLit); ok {
				lit = l
			}
			return true
		})
	}
	for _, d := range p.Decls {
		ast.Inspect(d.Node, func(n ast.Node) bool {
			if l, ok := n.(*ast.FuncLit); ok {
				lit = l
			}
			return true
		})
	}
	return Root{Lit: lit, Program: p}
}

// last checks cells and returns the program of the last.
func last(t *testing.T, s *Session, cells ...string) (p *Program) {
	t.Helper()
	for i, text := range cells {
		cell, err := s.Check(i+1, text)
		if err != nil {
			t.Fatalf("cell %d:\n%v", i+1, err)
		}
		for _, p = range cell.Programs {
			s.Commit(p, len(p.Steps))
		}
	}
	return p
}

// describe writes what travels: a group of declarations and variables for each layer, then
// the root.
func describeTravel(tr Travel) string {
	var layers []string
	for _, l := range tr.Layers {
		var parts []string
		for _, d := range l.Decls {
			head, _, _ := strings.Cut(d.Text, "\n")
			head, _, _ = strings.Cut(head, " {")
			parts = append(parts, head)
		}
		for _, v := range l.Vars {
			parts = append(parts, "var "+v.Names[0]+" "+v.Text)
		}
		layers = append(layers, strings.Join(parts, " + "))
	}
	return strings.Join(append(layers, tr.Root.Text), "\n")
}

func TestReach(t *testing.T) {
	for _, test := range []struct {
		name  string
		cells []string
		root  string
		want  string
	}{
		{"alone", []string{"func f(x int) int { return x }\nfunc g() {}"}, "f", "func f(x int) int\nf"},
		{"calls", []string{"func h() {}\nfunc g() { h() }\nfunc f() { g() }"}, "f", "func h()\nfunc g()\nfunc f()\nf"},
		{"recursion", []string{"func even(n int) bool { return odd(n) }\nfunc odd(n int) bool { return even(n) }"}, "even", "func even(n int) bool + func odd(n int) bool\neven"},
		{"methods come with their type", []string{"type T struct{ x int }", "func (t T) M() int { return k }\nconst k = 3\nfunc f() T { return T{} }"}, "f",
			"const k = 3\ntype T struct{ x int } + func (t T) M() int\nfunc f() T\nf"},
		{"variables by their types", []string{"type T int", "m := map[string][]T{}\nvar when time.Time\nfunc f() int { return len(m) + when.Year() }"}, "f",
			"type T int\nvar m map[string][]T\nvar when ꞏtime.Time\nfunc f() int\nf"},
		{"a variable that a method of its type uses", []string{"type T struct{}\nvar all []T\nfunc (T) Count() int { return len(all) }"}, "T",
			"type T struct{} + func (T) Count() int + var all []T\n"},
		{"the newest text", []string{"func g() int { return 1 }\nfunc f() int { return g() }", "func g() int { return 2 } // again"}, "f", "func g() int\nfunc f() int\nf"},
		{"constants in groups", []string{"const (\n\ta = iota\n\tb\n)\nfunc f() int { return b }"}, "f", "const (\nfunc f() int\nf"},
		{"a literal", []string{"k := 2\nfunc g(x int) int { return x }\nf := func(x int) int { return g(x) * k }"}, "lit", "func g(x int) int\nvar k int\nfunc(x int) int { return g(x) * k }"},
		{"an older type beside the newer", []string{"type T int\nold := T(1)", "type T string\nfunc f() (any, T) { return old, \"\" }"}, "f",
			"type T string\ntype T int\nvar old T\nfunc f() (any, T)\nf"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := New()
			p := last(t, s, test.cells...)
			r, err := s.Reach(rootOf(t, s, p, test.root))
			if err != nil {
				t.Fatal(err)
			}
			if got := describeTravel(r.Travel); got != test.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, test.want)
			}
			loadsElsewhere(t, r.Travel)
		})
	}
}

// loadsElsewhere checks that another session understands what travels, and where it stood.
func loadsElsewhere(t *testing.T, tr Travel) {
	t.Helper()
	s, have := New(), Loaded{}
	run := func(*Program) error { return nil }
	for range 2 { // the second time all is there
		for _, l := range tr.Layers {
			if err := s.LoadLayer(l, have, run); err != nil {
				t.Fatal(err)
			}
		}
		run = func(p *Program) error { return fmt.Errorf("%v is loaded again", p.Decls) }
	}
	for _, l := range tr.Layers {
		for _, d := range l.Decls {
			for _, id := range d.IDs {
				if sym := have[id]; sym != nil && sym.Decl != nil {
					if cell, line, col := s.Position(sym.Decl.Node.Pos()); cell != d.Cell || line != d.Line || col != d.Col {
						t.Errorf("%s stands at %d:%d:%d, want %d:%d:%d", id, cell, line, col, d.Cell, d.Line, d.Col)
					}
				}
			}
		}
	}
	if tr.Root.Text == "" {
		return
	}
	if p, err := s.LoadRoot(tr.Root, have); err != nil || len(p.Steps) != 1 || len(p.Steps[0].Show) != 1 {
		t.Fatalf("the root: %v", err)
	}
}

func TestReachRefuses(t *testing.T) {
	for _, test := range []struct {
		name  string
		cells []string
		root  string
		want  string
	}{
		{"a local variable", []string{"func f(k int) func() int { return func() int { return k } }"}, "lit",
			"the function literal uses the local variable k of the function around it, which stays in this process: give it k as an argument"},
		{"a local of a block", []string{"for i := range 3 { func() int { return i }() }"}, "lit", "the local variable i"},
		{"a local type", []string{"func f() any { type L int; return func() any { return L(1) } }"}, "lit", "the function literal uses L, which the function around it declares: declare L outside of functions"},
		{"a type parameter", []string{"func f[E any]() any { return func() (e E) { return e } }"}, "lit", "the function literal uses E"},
		{"types of before", []string{"type U int\ntype T struct{ u U }\nvar v T", "type U string", "func f() any { return v }"}, "f",
			"the type T was compiled anew with newer types, and what still uses the one before cannot travel: run the cell that made it again"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := New()
			p := last(t, s, test.cells...)
			root := rootOf(t, s, p, test.root)
			_, err := s.Reach(root)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
			if id := s.Identity(root); id != "" {
				t.Errorf("its identity is %s", id)
			}
		})
	}
}

// TestIdentity: the identity is that of the text, wherever it stands and whatever it replaces.
func TestIdentity(t *testing.T) {
	identity := func(cells ...string) string {
		s := New()
		last(t, s, cells...)
		return s.Identity(rootOf(t, s, nil, "f"))
	}
	const f = "func f(x int) int { return g(x) + k }"
	first := identity("func g(x int) int { return x }\nk := 1\n" + f)
	if len(first) != 64 {
		t.Fatalf("got %q", first)
	}
	for name, cells := range map[string][]string{
		"other cells":        {f, "k := 1", "// a comment\nfunc g(x int) int { return x }"},
		"declared anew":      {"func g(x int) int { return 2 * x }\nk := 5\n" + f, "func g(x int) int { return x }"},
		"another generation": {"g := 1\nk := \"\"", "k := 1", "func g(x int) int { return x }\n" + f},
	} {
		if got := identity(cells...); got != first {
			t.Errorf("%s: got another identity", name)
		}
	}
	for name, cells := range map[string][]string{
		"another g":     {"func g(x int) int { return x * 1 }\nk := 1\n" + f},
		"another type":  {"func g(x int) int { return x }\nconst k = 1\n" + f},
		"another f":     {"func g(x int) int { return x }\nk := 1\nfunc f(x int) int { return k + g(x) }"},
		"other imports": {"import k \"math\"\nfunc g(x int) int { return x }\nfunc f(x int) int { return g(x) + k.MaxInt8 }"},
	} {
		if got := identity(cells...); got == first {
			t.Errorf("%s: got the same identity", name)
		}
	}
}

// TestReachMeanwhile: goroutines of a cell may ask while the next one is checked.
func TestReachMeanwhile(t *testing.T) {
	s := New()
	p := last(t, s, "type T struct{}\nfunc (T) M() int { return k }\nk := 1\nfunc f() T { return T{} }")
	root := rootOf(t, s, p, "f")
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				s.Identity(root)
				if _, err := s.Reach(root); err != nil {
					t.Error(err)
					return
				}
			}
		}
	})
	for i := range 50 {
		cell, err := s.Check(i+2, fmt.Sprintf("k := %d\nfunc (T) N%d() int { return k }", i, i))
		if err != nil {
			t.Fatal(err)
		}
		s.Commit(cell.Programs[0], 1)
	}
	close(done)
	wg.Wait()
}

func TestComponents(t *testing.T) {
	units := make([]*unit, 6)
	for i := range units {
		units[i] = &unit{at: i}
	}
	for from, to := range [][]int{{1}, {2, 3}, {0}, {4}, {5, 3}, {}} {
		for _, i := range to {
			units[from].to = append(units[from].to, units[i])
		}
	}
	var got []string
	for _, group := range components(units) {
		var at []string
		for _, u := range group {
			at = append(at, fmt.Sprint(u.at))
		}
		got = append(got, strings.Join(at, " "))
	}
	if want := []string{"5", "3 4", "0 1 2"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// BenchmarkIdentity is what a Delayed costs the first time after a cell.
func BenchmarkIdentity(b *testing.B) {
	s := New()
	var text strings.Builder
	for i := range 50 {
		fmt.Fprintf(&text, "func f%d(x int) int { return x + f%d(x) }\n", i, (i+1)%50)
	}
	cell, err := s.Check(1, text.String())
	if err != nil {
		b.Fatal(err)
	}
	s.Commit(cell.Programs[0], 0)
	root := Root{Decl: s.scope.names["f0"].Decl}
	for b.Loop() {
		s.Identity(root)
	}
}
