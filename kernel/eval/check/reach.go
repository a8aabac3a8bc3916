package check

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/types"
	"io"
	"maps"
	"slices"
	"strings"
)

// A Root is a function, or a type, that is to be known to another session with all that it
// uses: one of the forms below.
type Root struct {
	Decl *Decl        // a declared function,
	Args []types.Type // with these type arguments when it is generic

	Lit     *ast.FuncLit // a function literal
	Program *Program     // that it stands in

	Recv   types.Type // Recv.Method: a method expression
	Method string

	Package, Member string // a function of a compiled package

	Type types.Type // a type
}

// Reach is a root with everything of the session that it uses: functions, types with all their
// methods, constants, and variables.
type Reach struct {
	Travel Travel
	Vars   []*Symbol // in the order of their layers
	Types  Loaded    // all types in it
}

// Travel is a [Reach] as plain data. [Session.Load] takes it up in another session.
type Travel struct {
	Layers []Layer
	Root   Piece // an expression; its Text is empty for a type
}

// Layer is a few declarations and variables that use each other, or a single one. It uses
// itself and earlier layers only.
type Layer struct {
	Decls []Piece
	Vars  []Piece           // the Text of each is its type
	Names map[string]string // what it uses of earlier layers: name -> ID
}

// Piece is a text of the session.
type Piece struct {
	Cell, Line, Col int // where it stands
	Text            string
	Names           []string          // what it declares and others use; none for a method
	IDs             []string          // and the IDs of the symbols
	Imports         map[string]string // alias -> path, of the packages that it uses
	Uses            map[string]string // name -> ID: of an expression, the names of the session
}

// State is a number that changes whenever what a root reaches may have changed.
func (s *Session) State() uint64 {
	s.reachMu.Lock()
	defer s.reachMu.Unlock()
	return s.state
}

// Reach gathers what a root uses, as the session now is. also are types to gather as well,
// which values of its variables have. The error is a sentence. Unlike other methods it may be
// called by any goroutine.
func (s *Session) Reach(root Root, also ...*Symbol) (*Reach, error) {
	s.reachMu.Lock()
	defer s.reachMu.Unlock()
	r, err := s.gather(root, also)
	if err != nil {
		return nil, err
	}
	return r.layers()
}

// Identity is a hash of the text that a root reaches, and of nothing else: two functions of
// the same text, which use functions, types and variables of the same text, have the same. It is "" for a
// function that holds more than its text says, such as local variables.
func (s *Session) Identity(root Root) string {
	s.reachMu.Lock()
	defer s.reachMu.Unlock()
	r, err := s.gather(root, nil)
	if err != nil {
		return ""
	}
	return r.hash()
}

// SymbolOf returns the session's name that a package-level object is, also one of the cell that
// runs; nil for others. It may be called by any goroutine.
func (s *Session) SymbolOf(o types.Object) *Symbol {
	s.reachMu.Lock()
	defer s.reachMu.Unlock()
	return s.symbol(o)
}

func (s *Session) symbol(o types.Object) *Symbol {
	if s.ahead != nil && s.ahead.objects[o] != nil {
		return s.ahead.objects[o]
	}
	if sym := s.sent[o]; sym != nil {
		return sym
	}
	return s.scope.objects[o]
}

// current is the symbol that a name stands for.
func (s *Session) current(name string) *Symbol {
	if s.ahead != nil {
		return s.ahead.names[name]
	}
	return s.scope.names[name]
}

// changed notes that the session is another; ahead is the scope of a cell that is about to
// run, or nil.
func (s *Session) changed(ahead *scope) {
	s.state++
	s.ahead = ahead
}

// unit is a declaration or a variable that is reached.
type unit struct {
	decl  *Decl             // or
	sym   *Symbol           // of a variable
	typ   *spelling         // of the variable's type
	names map[string]string // what is reached of a declaration: name -> ID
	syms  []*Symbol         // the same, may be there several times
	uses  []*Symbol         // in order
	to    []*unit           // what it reaches directly
	at    int               // its place among the units

	low     int // for Tarjan's algorithm, see components
	waiting bool
}

// reaching is one gathering.
type reaching struct {
	s      *Session
	root   Piece
	uses   []*Symbol // of the root
	first  []*unit   // that the root, or the caller, asks for
	own    *Decl     // of the root, in the place of what its symbol has now
	units  []*unit
	byDecl map[*Decl]*unit
	byVar  map[*Symbol]*unit
}

func (s *Session) gather(root Root, also []*Symbol) (*reaching, error) {
	r := &reaching{s: s, byDecl: map[*Decl]*unit{}, byVar: map[*Symbol]*unit{}}
	if err := r.start(root); err != nil {
		return nil, err
	}
	sortSymbols(also)
	for _, sym := range slices.Concat(r.uses, also) {
		u, err := r.unitOf(sym)
		if err != nil {
			return nil, err
		}
		r.first = append(r.first, u)
	}
	for i := 0; i < len(r.units); i++ {
		if err := r.expand(r.units[i]); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// start makes the expression of the root.
func (r *reaching) start(root Root) error {
	switch {
	case root.Lit != nil:
		return r.literal(root.Lit, root.Program)
	case root.Package != "":
		alias := letterAlias(root.Package)
		r.root = Piece{Text: alias + "." + root.Member, Imports: map[string]string{alias: root.Package}}
		return nil
	case root.Decl != nil:
		r.own = root.Decl
		r.uses = []*Symbol{root.Decl.Symbol}
		r.root = Piece{Text: root.Decl.Names[0]}
		return r.typeArguments(root.Args)
	case root.Recv != nil:
		sp, err := r.s.spell(root.Recv)
		r.root = Piece{Text: "(" + sp.text + ")." + root.Method, Imports: sp.imports}
		r.uses = sp.uses
		return err
	}
	sp, err := r.s.spell(root.Type)
	r.uses = sp.uses
	return err
}

func (r *reaching) typeArguments(args []types.Type) error {
	if len(args) == 0 {
		return nil
	}
	r.root.Imports = map[string]string{}
	var texts []string
	for _, a := range args {
		sp, err := r.s.spell(a)
		if err != nil {
			return err
		}
		texts = append(texts, sp.text)
		maps.Copy(r.root.Imports, sp.imports)
		r.uses = append(r.uses, sp.uses...)
	}
	r.root.Text += "[" + strings.Join(texts, ", ") + "]"
	return nil
}

// literal makes the root of a function literal. What it uses of the function around it
// cannot come along.
func (r *reaching) literal(lit *ast.FuncLit, p *Program) error {
	src := p.sourceOf(lit)
	r.root = src.piece(lit)
	r.root.Imports = map[string]string{}
	seen := map[*Symbol]bool{}
	var bad error
	ast.Inspect(lit, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || p.Info.Uses[id] == nil || bad != nil {
			return bad == nil
		}
		o := p.Info.Uses[id]
		if pkg, ok := o.(*types.PkgName); ok {
			r.root.Imports[id.Name] = pkg.Imported().Path()
		} else if sym := p.Symbol(o); sym != nil && !seen[sym] {
			seen[sym] = true
			r.uses = append(r.uses, sym)
		} else if sym == nil {
			bad = capture(o, lit)
		}
		return true
	})
	sortSymbols(r.uses)
	return bad
}

// capture is the error for an object that a literal uses and that is local to the function
// around it, nil for others.
func capture(o types.Object, lit *ast.FuncLit) error {
	if o.Pkg() == nil || o.Pkg().Path() != "main" || lit.Pos() <= o.Pos() && o.Pos() < lit.End() {
		return nil
	}
	switch o := o.(type) {
	case *types.Var:
		if !o.IsField() {
			return fmt.Errorf("the function literal uses the local variable %s of the function around it, which stays in this process: give it %s as an argument", o.Name(), o.Name())
		}
	case *types.TypeName, *types.Const:
		return fmt.Errorf("the function literal uses %s, which the function around it declares: declare %s outside of functions", o.Name(), o.Name())
	}
	return nil
}

// sourceOf is the source that a node of the program stands in.
func (p *Program) sourceOf(n ast.Node) *Source {
	for _, list := range [][]*Decl{p.Decls, p.Again} {
		if d := declAt(list, n.Pos()); d != nil {
			return d.Src
		}
	}
	return p.Src
}

func (s *Source) piece(n ast.Node) Piece {
	at := s.errorAt(n.Pos(), "", "")
	return Piece{Cell: s.Cell, Line: at.Line, Col: at.Col, Text: s.Text[s.Offset(n.Pos()):s.Offset(n.End())]}
}

// unitOf is the unit of a symbol.
func (r *reaching) unitOf(sym *Symbol) (*unit, error) {
	if sym.Kind == Var {
		if u := r.byVar[sym]; u != nil {
			return u, nil
		}
		u := &unit{sym: sym, at: len(r.units)}
		r.byVar[sym] = u
		r.units = append(r.units, u)
		return u, nil
	}
	d := sym.Decl
	if r.own != nil && r.own.Symbol == sym {
		d = r.own
	}
	if now := r.s.current(sym.Name); now != nil && now != sym && now.Decl == d {
		return nil, fmt.Errorf("the %s %s was compiled anew with newer types, and what still uses the one before cannot travel: run the cell that made it again", sym.Kind, sym.Name)
	}
	u := r.declUnit(d)
	u.syms = append(u.syms, sym)
	return u, name(u.names, sym)
}

func (r *reaching) declUnit(d *Decl) *unit {
	if u := r.byDecl[d]; u != nil {
		return u
	}
	u := &unit{decl: d, names: map[string]string{}, at: len(r.units)}
	r.byDecl[d] = u
	r.units = append(r.units, u)
	return u
}

// expand finds what a unit reaches directly.
func (r *reaching) expand(u *unit) error {
	if u.decl == nil {
		sp, err := r.s.spell(u.sym.Obj.Type())
		if err != nil {
			return fmt.Errorf("the variable %s: %w", u.sym.Name, err)
		}
		u.typ, u.uses = &sp, sp.uses
	} else {
		u.uses = slices.Collect(maps.Keys(u.decl.Uses))
		sortSymbols(u.uses)
	}
	for _, sym := range u.uses {
		to, err := r.unitOf(sym)
		if err != nil {
			return err
		}
		u.to = append(u.to, to)
	}
	if u.decl != nil {
		methods := slices.Clone(u.decl.Methods)
		slices.SortFunc(methods, func(a, b *Decl) int { return strings.Compare(a.Names[0], b.Names[0]) })
		for _, m := range methods {
			u.to = append(u.to, r.declUnit(m))
		}
	}
	return nil
}

func sortSymbols(list []*Symbol) {
	slices.SortFunc(list, func(a, b *Symbol) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.Gen, b.Gen))
	})
}

// hash names units by their places, since generations and cells say nothing about what a
// text does.
func (r *reaching) hash() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q", r.root.Text)
	writeImports(h, r.root.Imports)
	for _, u := range r.first {
		fmt.Fprint(h, " ", u.at)
	}
	for _, u := range r.units {
		if u.decl == nil {
			fmt.Fprintf(h, "\nvar %s %q", u.sym.Name, u.typ.text)
			writeImports(h, u.typ.imports)
		} else {
			fmt.Fprintf(h, "\n%q", u.decl.Text())
			writeImports(h, u.decl.usedImports())
		}
		for _, to := range u.to {
			fmt.Fprint(h, " ", to.at)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func writeImports(w io.Writer, imports map[string]string) {
	for _, alias := range slices.Sorted(maps.Keys(imports)) {
		fmt.Fprintf(w, " %s=%q", alias, imports[alias])
	}
}

// usedImports are the packages that a declaration mentions. A name that hides a package may
// be among them: it hides it in the other session, too.
func (d *Decl) usedImports() map[string]string {
	used := map[string]string{}
	for alias := range usedPackages([]ast.Decl{d.Node}) {
		if path := d.Imports[alias]; path != "" {
			used[alias] = path
		}
	}
	return used
}

// layers parts the units into groups that use each other.
func (r *reaching) layers() (*Reach, error) {
	out := &Reach{Types: Loaded{}}
	for _, group := range components(r.units) {
		layer, err := r.layer(group)
		if err != nil {
			return nil, err
		}
		out.Travel.Layers = append(out.Travel.Layers, layer)
		for _, u := range group {
			if u.decl == nil {
				out.Vars = append(out.Vars, u.sym)
			} else if u.decl.IsType() {
				for _, sym := range u.syms {
					out.Types[sym.ID()] = sym
				}
			}
		}
	}
	root := r.root
	root.Uses = map[string]string{}
	for _, sym := range r.uses {
		if err := name(root.Uses, sym); err != nil {
			return nil, err
		}
	}
	out.Travel.Root = root
	return out, nil
}

func (r *reaching) layer(group []*unit) (Layer, error) {
	layer := Layer{Names: map[string]string{}}
	own := map[string]bool{}
	for _, u := range group {
		if u.decl == nil {
			layer.Vars = append(layer.Vars, Piece{Text: u.typ.text, Imports: u.typ.imports, Names: []string{u.sym.Name}, IDs: []string{u.sym.ID()}})
			own[u.sym.ID()] = true
			continue
		}
		layer.Decls = append(layer.Decls, u.piece())
		for _, id := range u.names {
			own[id] = true
		}
	}
	all := map[string]string{}
	for _, u := range group {
		for _, sym := range u.uses {
			if err := name(all, sym); err != nil {
				return layer, err
			}
			if !own[sym.ID()] {
				layer.Names[sym.Name] = sym.ID()
			}
		}
	}
	return layer, nil
}

// name adds a symbol to names, which cannot hold two of one name.
func name(names map[string]string, sym *Symbol) error {
	if id := names[sym.Name]; id != "" && id != sym.ID() {
		return fmt.Errorf("the %s %s and the one of that name before it are both used: run the cells again that use the older one", sym.Kind, sym.Name)
	}
	names[sym.Name] = sym.ID()
	return nil
}

func (u *unit) piece() Piece {
	p := u.decl.Src.piece(u.decl.Node)
	p.Imports = u.decl.usedImports()
	for _, n := range slices.Sorted(maps.Keys(u.names)) {
		p.Names, p.IDs = append(p.Names, n), append(p.IDs, u.names[n])
	}
	return p
}

// components are the strongly connected components of the units, those that others use
// first: Tarjan, Depth-first search and linear graph algorithms, 1972.
func components(units []*unit) [][]*unit {
	var stack []*unit
	var out [][]*unit
	number := make([]int, len(units)) // in the order of the visits, from 1
	visited := 0
	var visit func(u *unit)
	visit = func(u *unit) {
		visited++
		number[u.at], u.low = visited, visited
		stack = append(stack, u)
		u.waiting = true
		for _, to := range u.to {
			if number[to.at] == 0 {
				visit(to)
				u.low = min(u.low, to.low)
			} else if to.waiting {
				u.low = min(u.low, number[to.at])
			}
		}
		if u.low != number[u.at] {
			return
		}
		i := slices.Index(stack, u)
		group := slices.Clone(stack[i:])
		stack = stack[:i]
		for _, g := range group {
			g.waiting = false
		}
		slices.SortFunc(group, func(a, b *unit) int { return a.at - b.at })
		out = append(out, group)
	}
	for _, u := range units {
		if number[u.at] == 0 {
			visit(u)
		}
	}
	return out
}
