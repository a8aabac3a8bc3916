package check

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// Loaded are the symbols of a session by the IDs that they have in the one they came from.
type Loaded map[string]*Symbol

// LoadLayer checks what another session gathered and makes its names known to it. Its
// positions are those of the cells that it stood in there. run has an engine run the program,
// after which the names are there. What is loaded already is left out. Layers come in their order.
func (s *Session) LoadLayer(l Layer, have Loaded, run func(*Program) error) error {
	p, err := s.checkSent(func() (*checking, error) { return s.layerPart(l, have) })
	if err != nil || p == nil {
		return err
	}
	if err := run(p); err != nil {
		return err
	}
	s.reachMu.Lock()
	defer s.reachMu.Unlock()
	s.changed(nil)
	if s.sent == nil {
		s.sent = map[types.Object]*Symbol{}
	}
	for _, piece := range append(append([]Piece(nil), l.Decls...), l.Vars...) {
		for i, n := range piece.Names {
			sym := p.after.names[n]
			have[piece.IDs[i]], s.sent[sym.Obj] = sym, sym
		}
	}
	return nil
}

// LoadRoot checks the expression of a root, as the one step of a program that shows it.
func (s *Session) LoadRoot(root Piece, have Loaded) (*Program, error) {
	return s.checkSent(func() (*checking, error) {
		text := root.cell()
		f, src, err := s.parseText(root.Cell, text, "package main;func cell() {", text, "\n}")
		if err != nil {
			return nil, err
		}
		st := f.Decls[0].(*ast.FuncDecl).Body.List
		part := &part{cell: root.Cell, src: src, stmts: st, sent: &Layer{}}
		part.steps = []Step{{Stmt: st[0], Show: []ast.Expr{st[0].(*ast.ExprStmt).X}, Line: root.Line}}
		sc, err := s.scopeOf(root.Uses, have)
		if err != nil {
			return nil, err
		}
		for alias, path := range root.Imports {
			sc.imports[alias] = path
		}
		return s.newChecking(sc, part), nil
	})
}

func (s *Session) checkSent(begin func() (*checking, error)) (p *Program, err error) {
	if fault := s.guard(func() {
		var c *checking
		if c, err = begin(); c != nil {
			p, err = c.run()
		}
		if p != nil {
			s.ahead = p.after
		}
	}); fault != nil {
		return nil, fault
	}
	return p, err
}

// layerPart prepares the check of a layer; it is nil when all of it is there.
func (s *Session) layerPart(l Layer, have Loaded) (*checking, error) {
	if l.loaded(have) {
		return nil, nil
	}
	sc, err := s.scopeOf(l.Names, have)
	if err != nil {
		return nil, err
	}
	part := &part{sent: &l}
	for _, piece := range l.Decls {
		text := piece.cell()
		f, src, err := s.parseText(piece.Cell, text, "package main;", text, "")
		if err != nil {
			return nil, err
		}
		d := newDecl(f.Decls[0], src)
		d.Imports = piece.Imports
		part.decls = append(part.decls, d)
		for alias, path := range piece.Imports {
			if strings.HasPrefix(alias, dotMark) {
				sc.imports[alias] = path
			}
		}
	}
	if err := s.variables(part, l.Vars, sc); err != nil {
		return nil, err
	}
	return s.newChecking(sc, part), nil
}

// loaded reports whether all names of a layer are there. Others than methods have names, and
// methods come with their type.
func (l *Layer) loaded(have Loaded) bool {
	for _, list := range [][]Piece{l.Decls, l.Vars} {
		for _, p := range list {
			for _, id := range p.IDs {
				if have[id] == nil {
					return false
				}
			}
		}
	}
	return true
}

// variables declares those of a layer by statements.
func (s *Session) variables(part *part, vars []Piece, sc *scope) (err error) {
	var text strings.Builder
	for _, v := range vars {
		fmt.Fprintf(&text, "var %s %s\n", v.Names[0], v.Text)
		for alias, path := range v.Imports {
			sc.imports[alias] = path
		}
	}
	f, src, err := s.parseText(0, text.String(), "package main;func cell() {", text.String(), "\n}")
	if err != nil {
		return err
	}
	part.src, part.stmts = src, f.Decls[0].(*ast.FuncDecl).Body.List
	for _, st := range part.stmts {
		part.steps = append(part.steps, Step{Stmt: st})
	}
	return nil
}

// scopeOf is a scope with some of what was loaded.
func (s *Session) scopeOf(names map[string]string, have Loaded) (*scope, error) {
	sc := newScope()
	sc.gens = s.scope.gens
	for n, id := range names {
		if have[id] == nil {
			return nil, fmt.Errorf("%s was not sent before what uses it", n)
		}
		sc.put(have[id])
	}
	return sc, nil
}

// cell is a text in which the piece stands where it stood.
func (p *Piece) cell() string {
	return strings.Repeat("\n", max(0, p.Line-1)) + strings.Repeat(" ", max(0, p.Col-1)) + p.Text
}
