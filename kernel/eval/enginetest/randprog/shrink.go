package randprog

import (
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// Shrink takes away from a program what it can while differs stays true for it, and asks
// differs at most so many times. differs must be false for a program that does not
// compile. A program that does not parse is returned as it is.
func Shrink(src string, differs func(string) bool, tries int) string {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "main.go", src, 0)
	if err != nil {
		return src
	}
	s := &shrinker{fset: fset, file: file, best: src, differs: differs, tries: tries}
	for before := ""; before != s.best && s.tries > 0; {
		before = s.best
		s.declarations()
		s.statements()
		s.expressions()
	}
	return s.best
}

// shrinker is a program that gets smaller: file is best as a tree.
type shrinker struct {
	fset    *token.FileSet
	file    *ast.File
	best    string
	differs func(string) bool
	tries   int
}

// keep says whether the change just made to the tree leaves the difference; if not, the
// caller takes it back.
func (s *shrinker) keep() bool {
	var b strings.Builder
	if s.tries <= 0 || format.Node(&b, s.fset, s.file) != nil || b.String() == s.best {
		return false
	}
	s.tries--
	if !s.differs(b.String()) {
		return false
	}
	s.best = b.String()
	return true
}

func (s *shrinker) declarations() {
	cut(s, &s.file.Decls, func(d ast.Decl) []string { return nil })
	for _, d := range s.file.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
			for _, spec := range g.Specs {
				if t, ok := spec.(*ast.TypeSpec).Type.(*ast.StructType); ok {
					cut(s, &t.Fields.List, func(*ast.Field) []string { return nil })
				}
			}
		}
	}
}

// statements takes statements out of blocks, the large blocks' first, and puts what a
// block holds in its place.
func (s *shrinker) statements() {
	var lists []*[]ast.Stmt
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			lists = append(lists, &n.List)
		case *ast.CaseClause:
			lists = append(lists, &n.Body)
		case *ast.CommClause:
			lists = append(lists, &n.Body)
		}
		return true
	})
	slices.SortStableFunc(lists, func(a, b *[]ast.Stmt) int { return len(*b) - len(*a) })
	for _, list := range lists {
		cut(s, list, declared)
		s.unwrap(list)
	}
}

// unwrap replaces a statement by the body in it.
func (s *shrinker) unwrap(list *[]ast.Stmt) {
	for i := 0; i < len(*list); i++ {
		var inside []ast.Stmt
		switch x := (*list)[i].(type) {
		case *ast.BlockStmt:
			inside = x.List
		case *ast.IfStmt:
			inside = x.Body.List
		case *ast.ForStmt:
			inside = x.Body.List
		case *ast.RangeStmt:
			inside = x.Body.List
		case *ast.ExprStmt:
			if c, ok := x.X.(*ast.CallExpr); ok {
				if f, ok := c.Fun.(*ast.FuncLit); ok {
					inside = f.Body.List
				}
			}
		}
		if inside == nil {
			continue
		}
		old := *list
		*list = slices.Replace(slices.Clone(old), i, i+1, inside...)
		if !s.keep() {
			*list = old
		}
	}
}

// cut takes elements out of a list: halves, quarters, then one at a time, together with
// the later ones that mention a name which the one declares.
func cut[T ast.Node](s *shrinker, list *[]T, names func(T) []string) {
	for size := len(*list); size > 0; size /= 2 {
		for i := 0; i+size <= len(*list); {
			old := *list
			*list = slices.Delete(slices.Clone(old), i, i+size)
			if s.keep() {
				continue
			}
			if *list = old; size == 1 {
				if gone := names(old[i]); len(gone) > 0 {
					*list = without(old, i, gone)
					if s.keep() {
						continue
					}
					*list = old
				}
			}
			i += size
		}
	}
}

func without[T ast.Node](list []T, i int, names []string) []T {
	out := slices.Clone(list[:i])
	for _, n := range list[i+1:] {
		if !mentions(n, names) {
			out = append(out, n)
		}
	}
	return out
}

func mentions(n ast.Node, names []string) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && slices.Contains(names, id.Name) {
			found = true
		}
		return !found
	})
	return found
}

// declared returns the names that a statement declares in its block.
func declared(st ast.Stmt) []string {
	var names []string
	switch st := st.(type) {
	case *ast.AssignStmt:
		if st.Tok == token.DEFINE {
			for _, l := range st.Lhs {
				names = append(names, l.(*ast.Ident).Name)
			}
		}
	case *ast.DeclStmt:
		for _, spec := range st.Decl.(*ast.GenDecl).Specs {
			if v, ok := spec.(*ast.ValueSpec); ok {
				for _, id := range v.Names {
					names = append(names, id.Name)
				}
			}
		}
	}
	return names
}

// expressions replaces expressions by one of their operands, and shortens lists.
func (s *shrinker) expressions() {
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			s.each(n.Args)
			if id, ok := n.Fun.(*ast.SelectorExpr); ok && strings.HasPrefix(id.Sel.Name, "Print") {
				cut(s, &n.Args, func(ast.Expr) []string { return nil })
			}
		case *ast.AssignStmt:
			s.each(n.Rhs)
		case *ast.ValueSpec:
			s.each(n.Values)
		case *ast.ReturnStmt:
			s.each(n.Results)
		case *ast.BinaryExpr:
			s.operand(&n.X)
			s.operand(&n.Y)
		case *ast.ParenExpr:
			s.operand(&n.X)
		case *ast.KeyValueExpr:
			s.operand(&n.Value)
		case *ast.CompositeLit:
			s.each(n.Elts)
			cut(s, &n.Elts, func(ast.Expr) []string { return nil })
		case *ast.IfStmt:
			s.operand(&n.Cond)
		}
		return s.tries > 0
	})
}

func (s *shrinker) each(list []ast.Expr) {
	for i := range list {
		s.operand(&list[i])
	}
}

// operand replaces an expression by one of those in it for as long as one will do.
func (s *shrinker) operand(at *ast.Expr) {
	for again := true; again; {
		again = false
		old := *at
		for _, x := range operands(old) {
			if *at = x; s.keep() {
				again = true
				break
			}
			*at = old
		}
	}
}

func operands(e ast.Expr) []ast.Expr {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return []ast.Expr{e.X, e.Y}
	case *ast.ParenExpr:
		return []ast.Expr{e.X}
	case *ast.UnaryExpr:
		return []ast.Expr{e.X}
	case *ast.StarExpr:
		return operands(e.X)
	case *ast.CallExpr:
		return e.Args
	case *ast.TypeAssertExpr:
		return operands(e.X)
	case *ast.SelectorExpr:
		return operands(e.X)
	case *ast.CompositeLit:
		return e.Elts
	}
	return nil
}
