package check

import (
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// spelling is a type written out.
type spelling struct {
	text    string
	uses    []*Symbol         // the types of cells in it, sorted
	imports map[string]string // alias -> path
}

// letterAlias is a name for a package that no cell uses and Go's scanner takes for one.
func letterAlias(path string) string {
	return initMark + strings.TrimPrefix(dotAlias(path), dotMark)
}

// spell writes a type out. The error is a sentence about a type without a name outside of
// the function, or the package, that declares it.
func (s *Session) spell(t types.Type) (sp spelling, err error) {
	sp.imports = map[string]string{}
	seen := map[types.Object]bool{}
	sp.text = types.TypeString(t, func(p *types.Package) string {
		if p == s.pkg {
			return ""
		}
		sp.imports[letterAlias(p.Path())] = p.Path()
		return letterAlias(p.Path())
	})
	eachName(t, func(o *types.TypeName) {
		if seen[o] || o.Pkg() == nil || err != nil {
			return
		}
		seen[o] = true
		switch sym := s.symbol(o); {
		case sym != nil:
			sp.uses = append(sp.uses, sym)
		case o.Pkg() == s.pkg:
			err = fmt.Errorf("the type %s cannot travel: it is declared inside a function, or in a session that was reset", o.Name())
		case !o.Exported():
			err = fmt.Errorf("the type %s.%s cannot travel: its package keeps it to itself", o.Pkg().Name(), o.Name())
		}
	})
	sortSymbols(sp.uses)
	return sp, err
}

// eachName calls visit for the named types that a type is made of.
func eachName(t types.Type, visit func(*types.TypeName)) {
	switch t := t.(type) {
	case *types.Alias:
		visit(t.Obj())
		for a := range t.TypeArgs().Types() {
			eachName(a, visit)
		}
	case *types.Named:
		visit(t.Obj())
		for a := range t.TypeArgs().Types() {
			eachName(a, visit)
		}
	case *types.Map:
		eachName(t.Key(), visit)
		eachName(t.Elem(), visit)
	case *types.Struct:
		for f := range t.Fields() {
			eachName(f.Type(), visit)
		}
	case *types.Tuple:
		for v := range t.Variables() {
			eachName(v.Type(), visit)
		}
	case *types.Signature:
		eachName(t.Params(), visit)
		eachName(t.Results(), visit)
	case *types.Interface:
		for m := range t.ExplicitMethods() {
			eachName(m.Type(), visit)
		}
		for e := range t.EmbeddedTypes() {
			eachName(e, visit)
		}
	case *types.TypeParam:
	case interface{ Elem() types.Type }:
		eachName(t.Elem(), visit)
	}
}

// TypeName writes a type for another session: the type, and a line for each name in it that
// says what it means there. The error is a sentence. It may be called by any goroutine.
func (s *Session) TypeName(t types.Type, idOf func(*Symbol) string) (string, error) {
	s.reachMu.Lock()
	defer s.reachMu.Unlock()
	sp, err := s.spell(t)
	if err != nil {
		return "", err
	}
	names := map[string]string{}
	for _, sym := range sp.uses {
		if err := name(names, sym); err != nil {
			return "", err
		}
		names[sym.Name] = idOf(sym)
	}
	lines := []string{sp.text}
	for _, n := range slices.Sorted(maps.Keys(names)) {
		lines = append(lines, n+"="+names[n])
	}
	for _, alias := range slices.Sorted(maps.Keys(sp.imports)) {
		lines = append(lines, alias+"="+sp.imports[alias])
	}
	return strings.Join(lines, "\n"), nil
}

// NamedType reads what TypeName of another session wrote.
func (s *Session) NamedType(name string, symbolOf func(id string) *Symbol) (types.Type, error) {
	s.reachMu.Lock()
	defer s.reachMu.Unlock()
	lines := strings.Split(name, "\n")
	pkg := types.NewPackage("main", "main")
	for _, line := range lines[1:] {
		n, what, _ := strings.Cut(line, "=")
		if strings.HasPrefix(n, initMark) {
			imported, err := s.imp.Import(what)
			if err != nil {
				return nil, err
			}
			pkg.Scope().Insert(types.NewPkgName(token.NoPos, pkg, n, imported))
			continue
		}
		sym := symbolOf(what)
		if sym == nil {
			return nil, fmt.Errorf("the type %s is not known in this process", n)
		}
		pkg.Scope().Insert(sym.Obj)
	}
	tv, err := types.Eval(s.fset, pkg, token.NoPos, lines[0])
	if err != nil || !tv.IsType() {
		return nil, fmt.Errorf("the type %s cannot be read: %v", lines[0], err)
	}
	return tv.Type, nil
}
