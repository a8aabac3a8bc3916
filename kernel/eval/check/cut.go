package check

import (
	"go/ast"
	"go/token"
)

// cut ends a part before a := or var whose names the part has all declared
// already. Declarations stay with the text around them, except that a function
// or type which an earlier part mentions moves there.
func cut(all *part) []*part {
	declared := map[string]bool{}
	parts := []*part{{cell: all.cell, src: all.src, imports: all.imports, program: all.program}}
	var starts []int // offset in the cell where each later part begins
	for _, st := range all.steps {
		names := definedNames(st.Stmt)
		if len(names) > 0 && allIn(declared, names) {
			parts = append(parts, &part{cell: all.cell, src: all.src, program: all.program})
			starts = append(starts, all.src.Offset(st.Stmt.Pos())-all.src.Lead)
			clear(declared)
		}
		for _, n := range names {
			declared[n] = true
		}
		p := parts[len(parts)-1]
		p.steps = append(p.steps, st)
		if st.Stmt != nil {
			p.stmts = append(p.stmts, st.Stmt)
		}
	}
	for _, d := range all.decls {
		at := d.Src.Offset(d.Node.Pos()) - d.Src.Lead
		i := 0
		for i < len(starts) && starts[i] <= at {
			i++
		}
		parts[i].decls = append(parts[i].decls, d)
	}
	pullForward(parts)
	return parts
}

func allIn(set map[string]bool, names []string) bool {
	for _, n := range names {
		if !set[n] {
			return false
		}
	}
	return true
}

// definedNames returns the names that a top-level statement declares.
func definedNames(st ast.Stmt) []string {
	var names []string
	for _, id := range definedIdents(st) {
		names = append(names, id.Name)
	}
	return names
}

func definedIdents(st ast.Stmt) []*ast.Ident {
	var ids []*ast.Ident
	switch st := st.(type) {
	case *ast.AssignStmt:
		if st.Tok == token.DEFINE {
			for _, l := range st.Lhs {
				if id, ok := l.(*ast.Ident); ok && id.Name != "_" {
					ids = append(ids, id)
				}
			}
		}
	case *ast.DeclStmt:
		if g, ok := st.Decl.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, sp := range g.Specs {
				for _, id := range sp.(*ast.ValueSpec).Names {
					if id.Name != "_" {
						ids = append(ids, id)
					}
				}
			}
		}
	case *ast.LabeledStmt:
		return definedIdents(st.Stmt)
	}
	return ids
}

// pullForward moves declarations to the first part that mentions them.
func pullForward(parts []*part) {
	for i := len(parts) - 1; i > 0; i-- {
		var stay []*Decl
		for _, d := range parts[i].decls {
			if to := mentionedBefore(parts[:i], d); to != nil {
				to.decls = append(to.decls, d)
			} else {
				stay = append(stay, d)
			}
		}
		parts[i].decls = stay
	}
}

func mentionedBefore(parts []*part, d *Decl) *part {
	names := map[string]bool{}
	for _, n := range d.Names {
		names[n] = true
	}
	if d.Recv != "" {
		names[d.Recv] = true
	}
	for _, p := range parts {
		for _, other := range p.decls {
			for _, n := range other.Names {
				if names[n] && d.Recv == "" {
					return nil // declared there too: this one is the redefinition
				}
			}
		}
		for _, st := range p.stmts {
			if mentions(st, names) {
				return p
			}
		}
		for _, other := range p.decls {
			if mentions(other.Node, names) {
				return p
			}
		}
	}
	return nil
}

func mentions(n ast.Node, names map[string]bool) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && names[id.Name] {
			found = true
		}
		return !found
	})
	return found
}
