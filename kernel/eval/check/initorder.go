package check

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
)

// initOrder brings the variables of a whole program into the order in which Go sets
// them: each after those that it depends on, through functions too. The program is
// checked as a package for that; when it has errors, the order stays, and the errors come
// from the check of the cell.
func (s *Session) initOrder(all *part, text string) {
	if !all.program || len(all.steps) == 0 {
		return
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if err != nil {
		return
	}
	info := types.Info{}
	conf := types.Config{Importer: s.imp, Sizes: s.sizes, Error: func(error) {}}
	conf.Check("main", fset, []*ast.File{f}, &info) //nolint:errcheck // told when the cell is checked
	rank := map[int]int{}                           // offset of a value in the cell -> its turn
	for i, in := range info.InitOrder {
		rank[fset.Position(in.Rhs.Pos()).Offset] = i + 1
	}
	steps := oneVarEach(all.steps)
	turn := func(st Step) int {
		d, ok := st.Stmt.(*ast.DeclStmt)
		if !ok {
			return 0
		}
		first := 0
		for _, v := range d.Decl.(*ast.GenDecl).Specs[0].(*ast.ValueSpec).Values {
			if r := rank[all.src.Offset(v.Pos())-all.src.Lead]; first == 0 || r < first {
				first = r
			}
		}
		return first
	}
	byTurn := func(a, b Step) int { return turn(a) - turn(b) }
	if slices.IsSortedFunc(steps, byTurn) {
		return
	}
	slices.SortStableFunc(steps, byTurn)
	all.steps = steps
}

// oneVarEach takes var ( a = 1; b = 2 ) apart.
func oneVarEach(steps []Step) []Step {
	var out []Step
	for _, st := range steps {
		d, ok := st.Stmt.(*ast.DeclStmt)
		if !ok {
			out = append(out, st)
			continue
		}
		g, ok := d.Decl.(*ast.GenDecl)
		if !ok || g.Tok != token.VAR || len(g.Specs) < 2 {
			out = append(out, st)
			continue
		}
		for _, spec := range g.Specs {
			one := st
			one.Stmt = &ast.DeclStmt{Decl: &ast.GenDecl{TokPos: spec.Pos(), Tok: token.VAR, Specs: []ast.Spec{spec}}}
			out = append(out, one)
		}
	}
	return out
}
