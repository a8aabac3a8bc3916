package check

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"sort"
	"strings"

	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// checking is the state of one part's check.
type checking struct {
	*Session
	part   *part
	before *scope
	after  *scope
	info   *types.Info

	units   []*Decl        // to be declared: the part's own, then those pulled in after a change
	pull    map[*Decl]bool // units from earlier cells
	again   map[*Decl]bool // functions of earlier cells to compile again: signature and symbol stay
	stale   map[*Decl]bool // declarations that no longer compile and keep the old names
	wait    map[*Decl]bool // functions that wait for a name
	pending map[*Decl]bool // units that have been waiting since an earlier cell
	objs    map[string]types.Object
	funcs   map[*Decl]*types.Func // of units: functions and methods
	autos   map[string]string     // packages imported on use
	notes   []string
	vars    []*types.Var // of the statements, in order
	done    []*Symbol
	late    map[*types.Func]*types.Named // methods to add to types of earlier cells
}

func (s *Session) newChecking(sc *scope, p *part) *checking {
	return &checking{Session: s, part: p, before: sc, after: sc.clone(), pull: map[*Decl]bool{}, again: map[*Decl]bool{}, stale: map[*Decl]bool{}, wait: map[*Decl]bool{}, pending: map[*Decl]bool{},
		info: &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}, Implicits: map[ast.Node]types.Object{},
			Instances: map[*ast.Ident]types.Instance{}, Selections: map[*ast.SelectorExpr]*types.Selection{}, Scopes: map[ast.Node]*types.Scope{}}}
}

func (s *Session) checkPart(sc *scope, p *part) (*Program, []string, error) {
	c := s.newChecking(sc, p)
	compiles := false
	defer func() {
		for m := range c.late { // a method cannot be taken off a type again
			if !compiles {
				s.phantoms[m] = true
			}
		}
	}()
	prog, err := c.run()
	compiles = err == nil
	return prog, c.notes, err
}

func (c *checking) run() (*Program, error) {
	if err := c.imports(); err != nil {
		return nil, err
	}
	c.ownUnits()
	for {
		if err := c.declare(); err != nil {
			return nil, err
		}
		if c.pullDependents() {
			continue
		}
		if err := c.statements(); err != nil {
			return nil, err
		}
		c.againForVars()
		retry, err := c.bodies()
		if err != nil {
			return nil, err
		}
		if !retry {
			break
		}
	}
	return c.program()
}

// ---- imports

func (c *checking) imports() error {
	for _, spec := range c.part.imports {
		path := strings.Trim(spec.Path.Value, "`\"")
		if path == "C" {
			return Errors{c.errorAt(spec.Pos(), "cgo is not available in a cell", "")}
		}
		full := symbols.Resolve(path)
		if _, err := c.imp.Import(full); err != nil {
			return Errors{c.errorAt(spec.Path.Pos(), err.Error(), nearestOf(path, symbols.Paths()))}
		}
		name := symbols.NameOf(full)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if name == "." {
			return Errors{c.errorAt(spec.Pos(), "a cell cannot import into its own names (import . …): import the package by its name", "")}
		}
		if name == "_" {
			continue
		}
		c.after.imports[name] = full
		delete(c.after.names, name) // the import is the newer meaning
	}
	c.autoImports()
	return nil
}

// autoImports finds names before a dot that no cell declared and that are
// package names.
func (c *checking) autoImports() {
	own := map[string]bool{}
	for _, d := range c.part.decls {
		for _, n := range d.Names {
			own[n] = true
		}
	}
	c.autos = map[string]string{}
	look := func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		id, ok := sel.X.(*ast.Ident)
		if !ok || own[id.Name] || c.after.names[id.Name] != nil || c.after.imports[id.Name] != "" || c.autos[id.Name] != "" {
			return true
		}
		if path := c.packageWith(id.Name, sel.Sel.Name); path != "" {
			c.autos[id.Name] = path
		}
		return true
	}
	c.part.inspect(look)
}

// packageWith chooses among the packages of a name the first that has the
// member, or the first of all: its error then tells what the package lacks.
func (c *checking) packageWith(name, member string) string {
	paths := symbols.Named(name)
	if len(paths) == 0 || symbols.Ambiguous(name) {
		return ""
	}
	for _, path := range paths {
		if len(paths) == 1 {
			return path
		}
		if p, err := c.imp.Import(path); err == nil && p.Scope().Lookup(member) != nil {
			return path
		}
	}
	return paths[0]
}

// importsNow returns what package names mean in the part's own text.
func (c *checking) importsNow() map[string]string {
	m := make(map[string]string, len(c.after.imports)+len(c.autos))
	for a, p := range c.after.imports {
		m[a] = p
	}
	for a, p := range c.autos {
		m[a] = p
	}
	return m
}

// file makes a file of declarations with the given imports; a name that the
// session declares hides a package.
func (c *checking) file(at *Source, imports map[string]string, decls ...ast.Decl) *ast.File {
	pos := token.Pos(at.File.Base())
	f := &ast.File{Package: pos, Name: &ast.Ident{NamePos: pos, Name: "main"}, FileStart: pos, FileEnd: pos + token.Pos(at.File.Size())}
	used := usedPackages(decls)
	g := &ast.GenDecl{Tok: token.IMPORT, TokPos: pos}
	for alias, path := range imports {
		if !used[alias] || c.pkg.Scope().Lookup(alias) != nil {
			continue
		}
		g.Specs = append(g.Specs, &ast.ImportSpec{Name: &ast.Ident{NamePos: pos, Name: alias}, Path: &ast.BasicLit{ValuePos: pos, Kind: token.STRING, Value: fmt.Sprintf("%q", path)}})
	}
	if len(g.Specs) > 0 {
		f.Decls = append(f.Decls, g)
	}
	f.Decls = append(f.Decls, decls...)
	return f
}

// usedPackages returns the names that stand before a dot.
func usedPackages(decls []ast.Decl) map[string]bool {
	used := map[string]bool{}
	for _, d := range decls {
		ast.Inspect(d, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if id, ok := sel.X.(*ast.Ident); ok {
					used[id.Name] = true
				}
			}
			return true
		})
	}
	return used
}

// ---- the checker

// check runs go/types over files with the given names in scope.
func (c *checking) check(names map[string]types.Object, bodies bool, build func() []*ast.File) []types.Error {
	c.fillScope(names)
	errs := c.checkOnce(bodies, build)
	if len(errs) > 0 && c.countProgress(errs) {
		c.fillScope(names)
		errs = c.checkOnce(bodies, build)
	}
	return errs
}

// fillScope makes names the session's package scope.
func (c *checking) fillScope(names map[string]types.Object) {
	sc := c.pkg.Scope()
	*sc = *types.NewScope(types.Universe, token.NoPos, token.NoPos, "main")
	for _, o := range names {
		sc.Insert(o)
	}
	sc.Insert(c.must) // has no effect when a cell declared a must of its own
}

// countProgress turns display.Progress(n), with a number, into ProgressN(n): in a
// cell one name serves both, which Go's type parameters cannot say.
func (c *checking) countProgress(errs []types.Error) (changed bool) {
	look := func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != "Progress" {
			return true
		}
		f, ok := c.info.Uses[sel.Sel].(*types.Func)
		if !ok || f.Pkg().Path() != symbols.Module+"display" {
			return true
		}
		for _, e := range errs {
			if call.Pos() <= e.Pos && e.Pos <= call.End() {
				sel.Sel.Name = "ProgressN"
				changed = true
			}
		}
		return true
	}
	c.part.inspect(look)
	return changed
}

func (c *checking) checkOnce(bodies bool, build func() []*ast.File) []types.Error {
	var errs []types.Error
	conf := types.Config{Importer: c.imp, Sizes: c.sizes, IgnoreFuncBodies: !bodies, Error: func(err error) {
		if e := err.(types.Error); !tolerated(e) {
			errs = append(errs, e)
		}
	}}
	types.NewChecker(&conf, c.fset, c.pkg, c.info).Files(build()) // errors came through conf.Error
	return errs
}

// tolerated reports errors that a notebook does not want: things left unused.
func tolerated(e types.Error) bool {
	return strings.HasPrefix(e.Msg, "declared and not used") || strings.HasSuffix(e.Msg, "imported and not used") || strings.Contains(e.Msg, "imported and not used as")
}

func (c *checking) namesWithout(skip map[string]bool) map[string]types.Object {
	m := make(map[string]types.Object, len(c.after.names))
	for n, s := range c.after.names {
		if !skip[n] {
			m[n] = s.Obj
		}
	}
	return m
}

// ---- pass 1: signatures

// ownUnits decides what the part itself declares: its declarations less those
// that say again what is already so, and the functions that have been waiting.
func (c *checking) ownUnits() {
	imports := c.importsNow()
	own := map[string]bool{}
	for _, d := range c.part.decls {
		for _, n := range d.Names {
			own[n] = true
		}
	}
	for _, d := range c.part.decls {
		d.Imports = imports
		if c.isRepeat(d, own) {
			continue
		}
		c.units = append(c.units, d)
	}
	for _, d := range c.before.pending {
		if !own[d.Names[0]] {
			c.units = append(c.units, d)
			c.pending[d] = true
		}
	}
	c.after.pending = nil
}

// isRepeat reports a type or constant declaration that is live already, word
// for word; running a cell twice must not make a second type of it.
func (c *checking) isRepeat(d *Decl, own map[string]bool) bool {
	if d.fn() != nil {
		return false
	}
	old := c.live(d.Names)
	if old == nil || old.Text() != d.Text() {
		return false
	}
	for sym := range old.Uses { // a repeat only when what it is made of stays, too
		if c.before.names[sym.Name] != sym {
			return false
		}
		if own[sym.Name] && !contains(d.Names, sym.Name) {
			if dd := sym.Decl; dd == nil || !c.repeatedIn(dd) {
				return false
			}
		}
	}
	return true
}

func (c *checking) repeatedIn(old *Decl) bool {
	for _, d := range c.part.decls {
		if d.fn() == nil && contains(d.Names, old.Names[0]) {
			return d.Text() == old.Text()
		}
	}
	return false
}

// live returns the declaration that all the names still stand for, nil if none.
func (c *checking) live(names []string) *Decl {
	var d *Decl
	for i, n := range names {
		sym := c.before.names[n]
		if sym == nil || sym.Decl == nil || i > 0 && sym.Decl != d {
			return nil
		}
		d = sym.Decl
	}
	if d == nil || len(d.Names) != len(names) {
		return nil
	}
	return d
}

// declare checks the units' signatures. It leaves their objects in c.objs and
// c.funcs; units from earlier cells that no longer compile are dropped.
func (c *checking) declare() error {
	for {
		errs := c.declareOnce()
		units := c.units
		var own []types.Error
		dropped := false
		for _, e := range errs {
			if d := declAt(units, e.Pos); d != nil && c.pull[d] {
				c.drop(d, e.Msg)
				dropped = true
			} else {
				own = append(own, e)
			}
		}
		if len(own) > 0 {
			return c.errors(own)
		}
		if !dropped {
			return nil
		}
	}
}

func (c *checking) declareOnce() []types.Error {
	c.objs, c.funcs = map[string]types.Object{}, map[*Decl]*types.Func{}
	if len(c.units) == 0 {
		return nil
	}
	skip := map[string]bool{}
	declaredTypes := map[string]bool{}
	for _, d := range c.units {
		for _, n := range d.Names {
			skip[n] = true
			if d.IsType() {
				declaredTypes[n] = true
			}
		}
	}
	var plain, foreign []*Decl // foreign: methods of types that earlier cells declared
	for _, d := range c.units {
		if f := d.fn(); f != nil && f.Body == nil {
			return []types.Error{{Fset: c.fset, Pos: f.Name.Pos(), Msg: "function " + f.Name.Name + " has no body: a cell cannot declare assembly or linked functions"}}
		}
		if d.Recv != "" && !declaredTypes[d.Recv] {
			foreign = append(foreign, d)
		} else {
			plain = append(plain, d)
		}
	}
	clones := map[*Decl]*ast.FuncDecl{}
	errs := c.check(c.namesWithout(skip), false, func() []*ast.File {
		var files []*ast.File
		for _, d := range plain {
			files = append(files, c.file(d.Src, d.Imports, d.Node))
		}
		for i, d := range foreign {
			clones[d] = plainFunc(d.fn(), fmt.Sprintf("method·%d", i))
			files = append(files, c.file(d.Src, d.Imports, clones[d]))
		}
		return files
	})
	for _, d := range plain {
		if f := d.fn(); f != nil {
			c.funcs[d], _ = c.info.Defs[f.Name].(*types.Func)
			if d.Recv == "" {
				c.objs[f.Name.Name] = c.funcs[d]
			}
			continue
		}
		for _, id := range specIdents(d.Node.(*ast.GenDecl)) {
			if o := c.info.Defs[id]; o != nil && id.Name != "_" {
				c.objs[id.Name] = o
			}
		}
	}
	if len(errs) == 0 {
		errs = c.foreignMethods(foreign, clones)
	}
	return errs
}

func specIdents(g *ast.GenDecl) []*ast.Ident {
	var ids []*ast.Ident
	for _, s := range g.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			ids = append(ids, s.Name)
		case *ast.ValueSpec:
			ids = append(ids, s.Names...)
		}
	}
	return ids
}

// plainFunc turns a function or method declaration into a plain function of
// another name with the receiver as its first parameter. The body is shared.
func plainFunc(f *ast.FuncDecl, name string) *ast.FuncDecl {
	t := *f.Type
	params := &ast.FieldList{Opening: t.Params.Opening, Closing: t.Params.Closing}
	if f.Recv != nil {
		recv := *f.Recv.List[0]
		if len(recv.Names) == 0 {
			recv.Names = []*ast.Ident{{NamePos: recv.Type.Pos(), Name: "_"}}
		}
		params.List = append(params.List, &recv)
		for i, p := range t.Params.List { // parameters without names cannot stand beside one with
			if len(p.Names) == 0 {
				q := *p
				q.Names = []*ast.Ident{{NamePos: p.Type.Pos(), Name: "_"}}
				params.List = append(params.List, &q)
			} else {
				params.List = append(params.List, t.Params.List[i])
			}
		}
	} else {
		params.List = t.Params.List
	}
	t.Params = params
	return &ast.FuncDecl{Name: &ast.Ident{NamePos: f.Name.NamePos, Name: name}, Type: &t, Body: f.Body}
}

// foreignMethods makes methods of the clones' signatures. A type of an earlier
// cell gains a new method in place; when it has one of that name with another
// signature, the type is declared anew, as it is when it is generic.
func (c *checking) foreignMethods(decls []*Decl, clones map[*Decl]*ast.FuncDecl) []types.Error {
	var errs []types.Error
	c.late = map[*types.Func]*types.Named{}
	for _, d := range decls {
		f := d.fn()
		sym := c.after.names[d.Recv]
		named, ok := (*types.Named)(nil), false
		if sym != nil && sym.Kind == Type {
			named, ok = types.Unalias(sym.Obj.Type()).(*types.Named)
		}
		if !ok {
			errs = append(errs, types.Error{Fset: c.fset, Pos: f.Recv.Pos(), Msg: fmt.Sprintf("%s is not a type that a cell declared: methods belong to such types", d.Recv)})
			continue
		}
		clone, _ := c.info.Defs[clones[d].Name].(*types.Func)
		if clone == nil {
			continue
		}
		sig := methodSignature(clone.Signature())
		old := methodOf(named, f.Name.Name)
		if named.TypeParams().Len() > 0 || old != nil && (!types.Identical(old.Signature(), sig) || !sameReceiver(old.Signature(), sig)) {
			c.pullType(sym.Decl, d)
			return c.declareOnce()
		}
		if _, isStruct := named.Underlying().(*types.Struct); isStruct {
			if o, _, _ := types.LookupFieldOrMethod(named, true, c.pkg, f.Name.Name); o != nil {
				if v, isField := o.(*types.Var); isField && v.Parent() == nil && old == nil && directField(named, v) {
					errs = append(errs, types.Error{Fset: c.fset, Pos: f.Name.Pos(), Msg: fmt.Sprintf("field and method with the same name %s", f.Name.Name)})
					continue
				}
			}
		}
		if old != nil {
			c.funcs[d] = old
			if c.phantoms[old] {
				delete(c.phantoms, old)
				c.late[old] = named
			}
			continue
		}
		m := types.NewFunc(f.Name.Pos(), c.pkg, f.Name.Name, sig)
		named.AddMethod(m)
		c.late[m] = named
		c.funcs[d] = m
	}
	return errs
}

func directField(n *types.Named, v *types.Var) bool {
	st := n.Underlying().(*types.Struct)
	for f := range st.Fields() {
		if f == v {
			return true
		}
	}
	return false
}

func methodSignature(clone *types.Signature) *types.Signature {
	ps := clone.Params()
	recv := ps.At(0)
	rest := make([]*types.Var, 0, ps.Len()-1)
	for i := 1; i < ps.Len(); i++ {
		rest = append(rest, ps.At(i))
	}
	return types.NewSignatureType(types.NewParam(recv.Pos(), recv.Pkg(), recv.Name(), recv.Type()), nil, nil, types.NewTuple(rest...), clone.Results(), clone.Variadic())
}

func methodOf(n *types.Named, name string) *types.Func {
	for m := range n.Methods() {
		if m.Name() == name {
			return m
		}
	}
	return nil
}

func sameReceiver(a, b *types.Signature) bool {
	_, pa := types.Unalias(a.Recv().Type()).(*types.Pointer)
	_, pb := types.Unalias(b.Recv().Type()).(*types.Pointer)
	return pa == pb
}

// pullType makes an earlier type declaration a unit, with its methods except
// the ones that this part declares itself.
func (c *checking) pullType(d *Decl, except ...*Decl) {
	c.addUnit(d)
	for _, m := range d.Methods {
		if !c.redeclares(m) {
			c.addUnit(m)
		}
	}
}

func (c *checking) addUnit(d *Decl) {
	for _, u := range c.units {
		if u == d {
			return
		}
	}
	delete(c.again, d)
	c.units = append(c.units, d)
	c.pull[d] = true
}

// redeclares reports whether the part itself declares what d declares.
func (c *checking) redeclares(d *Decl) bool {
	for _, u := range c.units {
		if u == d {
			continue
		}
		for _, n := range d.Names {
			if contains(u.Names, n) {
				return true
			}
		}
	}
	return false
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func declAt(decls []*Decl, pos token.Pos) *Decl {
	for _, d := range decls {
		if d.Node.Pos() <= pos && pos <= d.Node.End() {
			return d
		}
	}
	return nil
}

// drop takes a declaration of an earlier cell out again: it keeps its old meaning.
func (c *checking) drop(d *Decl, why string) {
	if c.stale[d] {
		return
	}
	c.stale[d] = true
	delete(c.again, d)
	var units []*Decl
	for _, u := range c.units {
		if u != d {
			units = append(units, u)
		}
	}
	c.units = units
	c.notes = append(c.notes, fmt.Sprintf("%s (cell %d) keeps its previous definition: %s", strings.Join(d.Names, ", "), d.Src.Cell, plainMessage(why)))
	if d.IsType() { // methods go with their type
		for _, m := range d.Methods {
			if c.pull[m] {
				c.drop(m, why)
			}
		}
	}
}

// ---- dependents

// pullDependents adds what depends on names that change, and reports whether
// signatures must be checked again.
func (c *checking) pullDependents() bool {
	changed := c.changed()
	if len(changed) == 0 {
		return false
	}
	more := false
	for _, d := range c.before.decls() {
		if c.stale[d] || c.isUnit(d) || c.redeclares(d) {
			continue
		}
		kinds := c.usesAny(d, changed)
		if kinds == 0 {
			continue
		}
		switch {
		case d.fn() == nil || kinds&usesType != 0:
			target := d
			if d.Recv != "" {
				sym := c.before.names[d.Recv]
				if sym == nil || sym.Decl == nil || c.stale[sym.Decl] {
					continue
				}
				target = sym.Decl
			}
			if c.isUnit(target) || c.redeclares(target) { // its type comes anyhow
				c.addUnit(d)
			} else if target.IsType() {
				c.pullType(target)
			} else {
				c.addUnit(target)
			}
			more = true
		default:
			c.again[d] = true
		}
	}
	return more
}

const (
	usesType = 1 << iota
	usesOther
)

// usesAny says what d mentions of the symbols that change. One that still uses an older
// generation, because it did not compile against a newer one, gets another chance.
func (c *checking) usesAny(d *Decl, changed map[*Symbol]bool) int {
	kinds := 0
	for used := range d.Uses {
		sym := c.before.names[used.Name]
		if !changed[sym] {
			continue
		}
		if sym.Kind == Type || sym.Kind == Const && d.fn() == nil {
			kinds |= usesType
		} else {
			kinds |= usesOther
		}
	}
	return kinds
}

func (c *checking) isUnit(d *Decl) bool {
	for _, u := range c.units {
		if u == d {
			return true
		}
	}
	return false
}

// changed returns the earlier symbols that the units replace by something of
// another type.
func (c *checking) changed() map[*Symbol]bool {
	m := map[*Symbol]bool{}
	for n, o := range c.objs {
		if old := c.before.names[n]; old != nil && !c.sameAsBefore(old, o) {
			m[old] = true
		}
	}
	return m
}

// sameAsBefore reports whether a declared object can take the place of an
// earlier symbol without its users noticing.
func (c *checking) sameAsBefore(old *Symbol, o types.Object) bool {
	switch o := o.(type) {
	case *types.Func:
		return old.Kind == Func && !old.Generic() && o.Signature().TypeParams().Len() == 0 && types.Identical(old.Obj.Type(), o.Type())
	case *types.Const:
		k, ok := old.Obj.(*types.Const)
		return ok && types.Identical(k.Type(), o.Type()) && constant.Compare(k.Val(), token.EQL, o.Val())
	case *types.Var:
		return old.Kind == Var && types.Identical(old.Obj.Type(), o.Type())
	}
	return false
}

// ---- pass 2: statements

func (c *checking) statements() error {
	c.vars = nil
	if len(c.part.stmts) == 0 {
		return nil
	}
	names := c.namesWithout(nil)
	for n, o := range c.objs {
		names[n] = o
	}
	body := c.body()
	errs := c.check(names, true, func() []*ast.File {
		return []*ast.File{c.file(c.part.src, c.importsNow(), body)}
	})
	errs = append(c.notShown(errs), c.usesOfPhantoms()...)
	errs = append(errs, c.tooLarge()...)
	if len(errs) > 0 {
		return c.errors(errs)
	}
	for _, st := range c.part.stmts {
		for _, id := range definedIdents(st) {
			if v, ok := c.info.Defs[id].(*types.Var); ok {
				if c.objs[v.Name()] != nil && c.declaredHere(v.Name()) {
					return Errors{c.errorAt(id.Pos(), fmt.Sprintf("this cell declares %s twice: as a %s and as a variable", v.Name(), kindOf(c.objs[v.Name()])), "")}
				}
				c.vars = append(c.vars, v)
			}
		}
	}
	return nil
}

// tooLarge finds shown constants that fit into no type, such as 1 << 100.
func (c *checking) tooLarge() []types.Error {
	var errs []types.Error
	for _, st := range c.part.steps {
		for _, x := range st.Show {
			tv := c.info.Types[x]
			basic, ok := tv.Type.(*types.Basic)
			if !ok || tv.Value == nil || basic.Kind() != types.UntypedInt && basic.Kind() != types.UntypedRune {
				continue
			}
			if _, exact := constant.Int64Val(constant.ToInt(tv.Value)); !exact {
				errs = append(errs, types.Error{Fset: c.fset, Pos: x.Pos(), Msg: fmt.Sprintf("the constant %s is too large for an int; uint64(…) or float64(…) around it may hold it", types.ExprString(x))})
			}
		}
	}
	return errs
}

func (c *checking) declaredHere(name string) bool {
	for _, d := range c.part.decls {
		if contains(d.Names, name) {
			return true
		}
	}
	return false
}

// usesOfPhantoms finds calls of methods whose declaration did not compile.
func (c *checking) usesOfPhantoms() []types.Error {
	if len(c.phantoms) == 0 {
		return nil
	}
	var errs []types.Error
	for sel, s := range c.info.Selections {
		if m, ok := s.Obj().(*types.Func); ok && c.phantoms[m] {
			errs = append(errs, types.Error{Fset: c.fset, Pos: sel.Sel.Pos(), Msg: fmt.Sprintf("method %s has no body: the cell that declared it did not compile", m.Name())})
		}
	}
	return errs
}

// body wraps the part's statements in the function that they are checked in.
func (c *checking) body() *ast.FuncDecl {
	pos := c.part.stmts[0].Pos()
	end := c.part.stmts[len(c.part.stmts)-1].End()
	return &ast.FuncDecl{Name: &ast.Ident{NamePos: pos, Name: "cell·"}, Type: &ast.FuncType{Func: pos, Params: &ast.FieldList{Opening: pos, Closing: pos}}, Body: &ast.BlockStmt{Lbrace: pos, List: c.part.stmts, Rbrace: end}}
}

// notShown drops the complaints that a shown expression is not used.
func (c *checking) notShown(errs []types.Error) []types.Error {
	var out []types.Error
	for _, e := range errs {
		if !strings.HasSuffix(e.Msg, "is not used") || !c.mayBeUnused(e.Pos) {
			out = append(out, e)
		}
	}
	return out
}

// mayBeUnused reports whether pos is in a step that is shown or timed, or in one that
// a semicolon keeps from being shown.
func (c *checking) mayBeUnused(pos token.Pos) bool {
	for _, st := range c.part.steps {
		if st.Stmt != nil && st.Stmt.Pos() <= pos && pos <= st.Stmt.End() {
			return len(st.Show) > 0 || st.Time != "" || st.quiet
		}
	}
	return false
}

// againForVars finds the functions that use a variable whose type changes.
func (c *checking) againForVars() {
	changed := map[*Symbol]bool{}
	for _, v := range c.vars {
		if old := c.before.names[v.Name()]; old != nil && !c.sameAsBefore(old, v) {
			changed[old] = true
		}
	}
	if len(changed) == 0 {
		return
	}
	for _, d := range c.before.decls() {
		if d.fn() != nil && !c.stale[d] && !c.isUnit(d) && !c.redeclares(d) && c.usesAny(d, changed) != 0 {
			c.again[d] = true
		}
	}
}

// ---- pass 3: bodies

// bodies checks the bodies of the units' functions and of the functions to be
// compiled again. It reports whether a unit was dropped, so that all must be
// checked once more.
func (c *checking) bodies() (retry bool, err error) {
	var funcs []*Decl
	for _, d := range c.units {
		if d.fn() != nil {
			funcs = append(funcs, d)
		}
	}
	var again []*Decl
	for d := range c.again {
		again = append(again, d)
	}
	sort.Slice(again, func(i, j int) bool { return again[i].Node.Pos() < again[j].Node.Pos() })
	funcs = append(funcs, again...)
	if len(funcs) == 0 {
		return false, nil
	}
	errs := c.checkBodies(funcs)
	var own []types.Error
	for _, e := range errs {
		d := declAt(funcs, e.Pos)
		switch {
		case d == nil:
			own = append(own, e)
		case c.stale[d]: // dropped for an earlier error
		case c.again[d]:
			c.drop(d, e.Msg)
		case c.pull[d]:
			c.drop(d, e.Msg)
			retry = true
		case c.canWait(d, e):
			c.wait[d] = true
		case c.pending[d] && !c.wait[d]:
			c.wait[d] = true
			c.notes = append(c.notes, fmt.Sprintf("%s (cell %d) cannot run: %s", d.Names[0], d.Src.Cell, plainMessage(e.Msg)))
		case !c.wait[d]:
			own = append(own, e)
		}
	}
	if len(own) > 0 {
		return false, c.errors(own)
	}
	if !retry {
		return false, c.waiting()
	}
	return true, nil
}

func (c *checking) checkBodies(funcs []*Decl) []types.Error {
	names := c.namesWithout(nil)
	for n, o := range c.objs {
		names[n] = o
	}
	for _, v := range c.vars {
		names[v.Name()] = c.variable(v)
	}
	return c.check(names, true, func() []*ast.File {
		var files []*ast.File
		for i, d := range funcs {
			files = append(files, c.bodyFiles(d, i)...)
		}
		return files
	})
}

// variable returns the package-level object that stands for a variable of the
// statements: the earlier one when the type stays.
func (c *checking) variable(v *types.Var) types.Object {
	if old := c.before.names[v.Name()]; old != nil && c.sameAsBefore(old, v) {
		return old.Obj
	}
	return types.NewVar(v.Pos(), c.pkg, v.Name(), v.Type())
}

// bodyFiles wraps the body of a function for the third pass: as a plain function
// with the receiver as its first parameter, so that the function itself and its
// type, which the statements may have used, stay the objects they are.
func (c *checking) bodyFiles(d *Decl, i int) []*ast.File {
	f := d.fn()
	if f.Body == nil {
		return nil
	}
	clone := plainFunc(f, fmt.Sprintf("body·%d", i))
	if fn := c.funcs[d]; fn != nil && fn.Signature().RecvTypeParams().Len() > 0 {
		clone.Type.TypeParams = c.receiverTypeParams(f, fn)
	}
	return []*ast.File{c.file(d.Src, d.Imports, clone)}
}

// receiverTypeParams declares the type parameters of a method's receiver for its
// clone, with their constraints as names put into the package's scope.
func (c *checking) receiverTypeParams(f *ast.FuncDecl, fn *types.Func) *ast.FieldList {
	list := &ast.FieldList{Opening: f.Name.Pos(), Closing: f.Name.Pos()}
	params := fn.Signature().RecvTypeParams()
	for i := range params.Len() {
		p := params.At(i)
		name := fmt.Sprintf("constraint·%d·%d", f.Pos(), i)
		c.pkg.Scope().Insert(types.NewTypeName(f.Pos(), c.pkg, name, p.Constraint()))
		list.List = append(list.List, &ast.Field{Names: []*ast.Ident{{NamePos: f.Name.Pos(), Name: p.Obj().Name()}}, Type: &ast.Ident{NamePos: f.Name.Pos(), Name: name}})
	}
	return list
}

// canWait reports whether an error only says that a plain function mentions a
// name that no cell has declared and that is not a slip of the pen.
func (c *checking) canWait(d *Decl, e types.Error) bool {
	name, ok := strings.CutPrefix(e.Msg, "undefined: ")
	if !ok || d.Recv != "" || d.Main || strings.Contains(name, ".") || c.part.program {
		return false
	}
	return c.nearest(name, e.Pos) == "" && len(symbols.Named(name)) == 0
}

// waiting spreads waiting to the callers of waiting functions and refuses
// statements that need one now.
func (c *checking) waiting() error {
	if len(c.wait) == 0 {
		return nil
	}
	objs := map[types.Object]*Decl{}
	for d := range c.wait {
		objs[c.funcs[d]] = d
	}
	for grow := true; grow; {
		grow = false
		for _, d := range c.units {
			if d.fn() == nil || c.wait[d] || c.usesObject(d.Node, objs) == nil {
				continue
			}
			if d.Recv != "" || c.pull[d] {
				continue
			}
			c.wait[d], objs[c.funcs[d]] = true, d
			grow = true
		}
	}
	for _, st := range c.part.stmts {
		if id := c.usesObject(st, objs); id != nil {
			d := objs[c.info.Uses[id]]
			return Errors{c.errorAt(id.Pos(), fmt.Sprintf("%s cannot run yet: %s", id.Name, c.missing(d)), "")}
		}
	}
	var waits []string
	for d := range c.wait {
		if !c.pending[d] {
			waits = append(waits, fmt.Sprintf("%s waits: %s", d.Names[0], c.missing(d)))
		}
	}
	sort.Strings(waits)
	c.notes = append(c.notes, waits...)
	return nil
}

func (c *checking) usesObject(n ast.Node, objs map[types.Object]*Decl) (found *ast.Ident) {
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && c.info.Uses[id] != nil && objs[c.info.Uses[id]] != nil && found == nil {
			found = id
		}
		return found == nil
	})
	return found
}

// missing says what a waiting function waits for.
func (c *checking) missing(d *Decl) string {
	var names []string
	ast.Inspect(d.fn().Body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && c.info.Uses[id] == nil && c.info.Defs[id] == nil && id.Name != "_" && c.before.names[id.Name] == nil && c.objs[id.Name] == nil && types.Universe.Lookup(id.Name) == nil && !contains(names, id.Name) && !c.isSelector(d.fn().Body, id) {
			names = append(names, id.Name)
		}
		return true
	})
	if len(names) == 0 {
		return "it uses a function that waits"
	}
	return "no cell has defined " + strings.Join(names, ", ") + " yet"
}

func (c *checking) isSelector(root ast.Node, id *ast.Ident) (is bool) {
	ast.Inspect(root, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.SelectorExpr:
			is = is || x.Sel == id
		case *ast.KeyValueExpr:
			is = is || x.Key == ast.Expr(id)
		}
		return !is
	})
	return is
}

// ---- the result

// program makes symbols of what was checked and puts the program together.
func (c *checking) program() (*Program, error) {
	p := &Program{Cell: c.part.cell, Info: c.info, Src: c.part.src, Steps: c.part.steps, local: map[types.Object]*Symbol{}, before: c.before, after: c.after}
	if len(c.part.stmts) > 0 {
		p.Body = c.body()
	}
	c.declareSymbols(p)
	c.variableSymbols(p)
	for _, d := range c.units {
		if !c.wait[d] {
			c.recordUses(p, d)
		}
	}
	for d := range c.again {
		c.recordUses(p, d)
		p.Again = append(p.Again, d)
	}
	sort.Slice(p.Again, func(i, j int) bool { return p.Again[i].Node.Pos() < p.Again[j].Node.Pos() })
	c.attachMethods()
	c.oldValues()
	c.calls(p)
	return p, nil
}

func (c *checking) declareSymbols(p *Program) {
	for _, d := range c.units {
		if c.wait[d] {
			c.after.pending = append(c.after.pending, d)
			if old := c.before.names[d.Names[0]]; old == nil {
				delete(c.after.names, d.Names[0])
			}
			continue
		}
		if d.IsType() && !c.pull[d] {
			d.Methods = nil
		}
		p.Decls = append(p.Decls, d)
		if d.Recv != "" {
			continue
		}
		for _, n := range d.Names {
			o := c.objs[n]
			if o == nil {
				continue // the blank name
			}
			if old := c.before.names[n]; old != nil && c.sameAsBefore(old, o) {
				keep := *old
				keep.Decl = d
				*old = keep // the generation stays; its text is the new one
				p.local[o] = old
				c.after.put(old)
				d.Symbol = old
				continue
			}
			c.replace(n)
			d.Symbol = c.after.newSymbol(kindOf(o), o, d, c.part.cell)
		}
	}
}

// replace forgets the object of a name's old generation unless it is a type:
// variables of an old type live on.
func (c *checking) replace(name string) {
	if old := c.after.names[name]; old != nil && old.Kind != Type {
		delete(c.after.objects, old.Obj)
	}
}

func kindOf(o types.Object) Kind {
	switch o.(type) {
	case *types.Func:
		return Func
	case *types.TypeName:
		return Type
	case *types.Const:
		return Const
	}
	return Var
}

// variableSymbols gives every variable of the statements its symbol.
func (c *checking) variableSymbols(p *Program) {
	byVar := map[types.Object]*Symbol{}
	for _, v := range c.vars {
		old := c.after.names[v.Name()]
		if old != nil && c.sameAsBefore(old, v) {
			p.local[v], byVar[v] = old, old
			continue
		}
		c.replace(v.Name())
		obj := c.variableObject(v)
		sym := c.after.newSymbol(Var, obj, nil, c.part.cell)
		p.local[v], byVar[v] = sym, sym
		p.Vars = append(p.Vars, sym)
	}
	for i := range p.Steps {
		for _, id := range definedIdents(p.Steps[i].Stmt) {
			if sym := byVar[c.info.Defs[id]]; sym != nil {
				p.Steps[i].Defs = append(p.Steps[i].Defs, sym)
			}
		}
	}
}

// variableObject returns the object that pass 3 put into the scope for v, which
// the functions of the cell refer to.
func (c *checking) variableObject(v *types.Var) types.Object {
	if o, ok := c.pkg.Scope().Lookup(v.Name()).(*types.Var); ok && o.Pos() == v.Pos() && types.Identical(o.Type(), v.Type()) {
		return o
	}
	return types.NewVar(v.Pos(), c.pkg, v.Name(), v.Type())
}

// recordUses notes which of the session's names a declaration mentions.
func (c *checking) recordUses(p *Program, d *Decl) {
	d.Uses = map[*Symbol]bool{}
	ast.Inspect(d.Node, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if o := c.info.Uses[id]; o != nil {
				if sym := p.Symbol(o); sym != nil && sym.Decl != d {
					d.Uses[sym] = true
				}
			}
		}
		return true
	})
}

// oldValues notes the variables that keep a type which this part declares anew.
func (c *checking) oldValues() {
	for _, d := range c.units {
		if !d.IsType() {
			continue
		}
		for _, n := range d.Names {
			old, now := c.before.names[n], c.after.names[n]
			if old == nil || old == now || old.Kind != Type {
				continue
			}
			var keep []string
			for _, name := range c.after.sortedNames() {
				if v := c.after.names[name]; v.Kind == Var && holds(v.Obj.Type(), old.Obj) {
					keep = append(keep, name)
				}
			}
			if len(keep) > 0 {
				c.notes = append(c.notes, fmt.Sprintf("the type %s is a new one; still of the one before: %s", n, strings.Join(keep, ", ")))
			}
		}
	}
}

// holds reports whether t is the named type, or a pointer, slice, array, map or
// channel of it.
func holds(t types.Type, named types.Object) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		return t.Obj() == named
	case *types.Map:
		return holds(t.Key(), named) || holds(t.Elem(), named)
	case interface{ Elem() types.Type }:
		return holds(t.Elem(), named)
	}
	return false
}

// attachMethods files methods under their types' declarations.
func (c *checking) attachMethods() {
	for _, d := range c.units {
		if d.Recv == "" {
			continue
		}
		sym := c.after.names[d.Recv]
		if sym == nil || sym.Decl == nil {
			continue
		}
		t := sym.Decl
		var methods []*Decl
		for _, m := range t.Methods {
			if m.Names[0] != d.Names[0] {
				methods = append(methods, m)
			}
		}
		t.Methods = append(methods, d)
	}
}

// calls lists the functions of a whole program that run by themselves.
func (c *checking) calls(p *Program) {
	var main *Symbol
	for _, d := range c.part.decls {
		if !d.Main {
			continue
		}
		sym := c.after.names[d.Names[0]]
		if d.Names[0] == "main" {
			main = sym
		} else {
			p.Calls = append(p.Calls, sym)
		}
	}
	if main != nil {
		p.Calls = append(p.Calls, main)
	}
}
