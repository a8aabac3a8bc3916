package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"sort"
)

// Kind says what a name stands for.
type Kind int

// The kinds of names that cells declare.
const (
	Var Kind = iota
	Func
	Type
	Const
)

func (k Kind) String() string { return [...]string{"variable", "function", "type", "constant"}[k] }

// Symbol is one generation of a name: `x := 1` and a later `x := "a"` make two
// symbols of the name x. A variable that is declared again with the same type,
// and a function with the same signature, keep their symbol.
type Symbol struct {
	Name string
	Gen  int // 1 for the first
	Kind Kind
	Cell int          // the cell that declared it
	Obj  types.Object // its package-level object
	Decl *Decl        // nil for a variable
	Doc  string       // the comment of the statement that declared a variable last, or ""

	captured map[*Symbol]bool // of a variable: those that the functions in its statement use
}

// ID is a Go identifier that no other generation of any name has.
func (s *Symbol) ID() string { return fmt.Sprintf("%s_%d", s.Name, s.Gen) }

// Generic reports whether the symbol is a function with type parameters.
func (s *Symbol) Generic() bool {
	sig, ok := s.Obj.Type().(*types.Signature)
	return ok && s.Kind == Func && sig.TypeParams().Len() > 0
}

// Source is a parsed text. Nodes of it have positions inside File; Text is what
// was parsed: the cell, blanked where other chunks stand, behind Lead bytes that
// make it a Go file.
type Source struct {
	Cell int
	Cut  string // the cell as its author wrote it
	Text string
	Lead int
	File *token.File
}

// Offset returns the offset of pos in Text.
func (s *Source) Offset(pos token.Pos) int { return s.File.Offset(pos) }

// Decl is a type, const, func or method declaration as a cell wrote it.
type Decl struct {
	Names   []string // what it declares; of a method "T.M"
	Node    ast.Decl // *ast.FuncDecl or *ast.GenDecl
	Src     *Source
	Recv    string            // the receiver's type name of a method
	Imports map[string]string // alias -> path: what package names in it mean
	Uses    map[*Symbol]bool  // the session's names that it mentions
	Methods []*Decl           // of a type: its methods, from whatever cell
	Main    bool              // func main or init of a whole program
	Symbol  *Symbol           // of a function: the name that it declares
}

func (d *Decl) fn() *ast.FuncDecl { f, _ := d.Node.(*ast.FuncDecl); return f }

// IsType reports whether the declaration declares types.
func (d *Decl) IsType() bool { g, ok := d.Node.(*ast.GenDecl); return ok && g.Tok == token.TYPE }

// IsConst reports whether the declaration declares constants.
func (d *Decl) IsConst() bool { g, ok := d.Node.(*ast.GenDecl); return ok && g.Tok == token.CONST }

// Text returns the declaration as it was written.
func (d *Decl) Text() string {
	return d.Src.Text[d.Src.Offset(d.Node.Pos()):d.Src.Offset(d.Node.End())]
}

// scope is what a cell sees. It is copied for every check, so that a cell that
// does not compile changes nothing.
type scope struct {
	names   map[string]*Symbol
	objects map[types.Object]*Symbol // package-level objects of all live generations
	imports map[string]string        // alias -> path, written in import lines
	gens    map[string]int           // last generation given to a name; all scopes of a session share it
	pending []*waiting               // functions and methods that wait for a name
}

func newScope() *scope {
	return &scope{names: map[string]*Symbol{}, objects: map[types.Object]*Symbol{}, imports: map[string]string{}, gens: map[string]int{}}
}

func (s *scope) clone() *scope {
	return &scope{names: maps.Clone(s.names), objects: maps.Clone(s.objects), imports: maps.Clone(s.imports), gens: s.gens, pending: append([]*waiting(nil), s.pending...)}
}

// newSymbol makes the next generation of a name and puts it into the scope. A number is
// never given twice, not even when the cell is refused in the end: an engine may know
// some of its names by then.
func (s *scope) newSymbol(kind Kind, obj types.Object, d *Decl, cell int) *Symbol {
	s.gens[obj.Name()]++
	sym := &Symbol{Name: obj.Name(), Gen: s.gens[obj.Name()], Kind: kind, Cell: cell, Obj: obj, Decl: d}
	s.put(sym)
	return sym
}

func (s *scope) put(sym *Symbol) {
	s.names[sym.Name] = sym
	s.objects[sym.Obj] = sym
}

// decls returns every live declaration, methods included, once, in a fixed order.
func (s *scope) decls() []*Decl {
	seen := map[*Decl]bool{}
	var out []*Decl
	add := func(d *Decl) {
		if d != nil && !seen[d] {
			seen[d] = true
			out = append(out, d)
		}
	}
	for _, n := range s.sortedNames() {
		if d := s.names[n].Decl; d != nil {
			add(d)
			for _, m := range d.Methods {
				add(m)
			}
		}
	}
	return out
}

func (s *scope) sortedNames() []string {
	names := make([]string, 0, len(s.names))
	for n := range s.names {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}
