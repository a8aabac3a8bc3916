package check

import (
	"go/token"
	"testing"
)

// cellFiles counts the files of cells in the session's file set.
func cellFiles(s *Session) (n int) {
	s.fset.Iterate(func(f *token.File) bool {
		if s.sources[f] != nil {
			n++
		}
		return true
	})
	return n
}

// A session that runs the same cells again and again keeps what lives and no more.
func TestSourcesGoAway(t *testing.T) {
	s := New()
	cells := []string{
		"import \"fmt\"\nx := 1",
		"func f(n int) int { return n + x }\ntype T struct{ A int }\nfunc (t T) M() int { return t.A }",
		"fmt.Println(f(2), T{1}.M())",
		"nonsense(",
		"undefinedName + 1",
		"const c = 3\nvar y = f(c)\ny",
		"x := \"two\"",
		"func waits() int { return unknown() }",
		"func (t T) Bad() int { return t.Nothing }",
	}
	number := 0
	round := func() {
		for _, text := range cells {
			number++
			cell, err := s.Check(number, text)
			if err != nil {
				continue
			}
			for _, p := range cell.Programs {
				s.Commit(p, len(p.Steps))
			}
			s.Complete(text, len(text))
			s.Inspect(text, 3)
			s.IsComplete(text)
		}
	}
	round()
	base := 0
	s.fset.Iterate(func(*token.File) bool { base++; return true })
	for range 100 {
		round()
	}
	all := 0
	s.fset.Iterate(func(*token.File) bool { all++; return true })
	if most := 4 * fewSources; len(s.sources) > most || all > base+most {
		t.Errorf("after %d cells there are %d sources and %d files, at first %d files", number, len(s.sources), all, base)
	}
	if n := cellFiles(s); n != len(s.sources) {
		t.Errorf("%d sources, of which %d have a file", len(s.sources), n)
	}
	if len(s.scope.objects) > 40 || len(s.scope.pending) > 1 {
		t.Errorf("the scope has %d objects, %d pending", len(s.scope.objects), len(s.scope.pending))
	}
	// Positions of what lives are still known.
	if cell, line, _ := s.Position(s.scope.names["f"].Decl.Node.Pos()); cell != number-len(cells)+2 || line != 1 {
		t.Errorf("f is said to be in cell %d, line %d", cell, line)
	}
}
