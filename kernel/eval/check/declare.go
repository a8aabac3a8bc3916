package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"
)

// ownUnits decides what the part itself declares: its declarations less those
// that say again what is already so, and the functions that have been waiting. What was
// postponed is left out.
func (c *checking) ownUnits() {
	c.units, c.notes = nil, nil
	clear(c.pull)
	clear(c.again)
	clear(c.repeats)
	clear(c.stale)
	clear(c.pending)
	clear(c.wait)
	c.after.pending = nil
	imports := c.importsNow()
	own := map[string]bool{}
	for _, d := range c.part.decls {
		for _, n := range d.Names {
			own[n] = true
		}
	}
	for _, d := range c.part.decls {
		if c.part.sent == nil {
			d.Imports = imports
		}
		if c.postponed[d] != nil || c.isRepeat(d, own) {
			continue
		}
		if old := c.repeatedGeneric(d, own); old != nil {
			d.Uses, d.Symbol = old.Uses, old.Symbol
			c.repeats[old], c.again[d] = d, true
			continue
		}
		c.units = append(c.units, d)
	}
	for _, st := range c.part.stmts {
		for _, n := range definedNames(st) {
			own[n] = true
		}
	}
	c.takeUp(own)
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
	return c.usesStay(old, own, func(*Symbol) bool { return true })
}

// usesStay reports whether what a declaration is made of stays, too: the names that
// matter which it mentions, except its own.
func (c *checking) usesStay(old *Decl, own map[string]bool, matters func(*Symbol) bool) bool {
	for sym := range old.Uses {
		if !matters(sym) {
			continue
		}
		if c.before.names[sym.Name] != sym {
			return false
		}
		if own[sym.Name] && !contains(old.Names, sym.Name) {
			if dd := sym.Decl; dd == nil || !c.repeatedIn(dd) {
				return false
			}
		}
	}
	return true
}

// repeatedGeneric returns the live declaration of a generic function, or of a method of
// a generic type, that d repeats word for word; nil if there is none. Its body is compiled
// again, but it stays the function it is: running a cell twice must not make a second
// one, nor a second type, with all their instances.
func (c *checking) repeatedGeneric(d *Decl, own map[string]bool) *Decl {
	old := c.liveGeneric(d)
	if old == nil || old.Text() != d.Text() || d.Recv != "" && own[d.Recv] && !c.repeatedIn(c.before.names[d.Recv].Decl) {
		return nil
	}
	for alias, path := range old.Imports {
		if d.Imports[alias] != path {
			return nil
		}
	}
	if !c.usesStay(old, own, func(sym *Symbol) bool { return sym.Kind == Type || sym.Kind == Const }) {
		return nil
	}
	return old
}

// liveGeneric returns the declaration of the generic function or method that goes by d's
// name before this part, nil if there is none.
func (c *checking) liveGeneric(d *Decl) *Decl {
	if d.fn() == nil {
		return nil
	}
	if d.Recv == "" {
		if sym := c.before.names[d.Names[0]]; sym != nil && sym.Kind == Func && sym.Generic() {
			return sym.Decl
		}
		return nil
	}
	if sym := c.genericType(d.Recv); sym != nil {
		for _, m := range sym.Decl.Methods {
			if m.Names[0] == d.Names[0] {
				return m
			}
		}
	}
	return nil
}

// latest returns the declaration of this part that repeats d, or d.
func (c *checking) latest(d *Decl) *Decl {
	if now := c.repeats[d]; now != nil {
		return now
	}
	return d
}

func (c *checking) isOwn(d *Decl) bool { return slices.Contains(c.part.decls, d) }

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
		dropped, anew, handled := false, false, false
		for _, e := range errs {
			if handled && strings.HasPrefix(e.Msg, "\t") { // goes on with the error before
				continue
			}
			d := declAt(units, e.Pos)
			switch {
			case d != nil && c.pull[d]:
				c.drop(d, e.Msg)
				dropped, handled = true, true
			case d != nil && c.lack(c.postponed, d, e):
				anew, handled = true, true
			default:
				handled = false
				own = append(own, e)
			}
		}
		switch {
		case len(own) > 0:
			return c.errors(own)
		case anew:
			return errAnew
		case !dropped:
			return nil
		}
	}
}

func (c *checking) declareOnce() []types.Error {
	c.withdrawMethods() // of an earlier round
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
			if sym := c.genericType(d.Recv); sym != nil {
				c.pullType(sym.Decl, d)
				return c.declareOnce()
			}
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

// genericType returns the generic type of an earlier cell with that name. It is declared
// anew to gain a method, whose receiver names its type parameters.
func (c *checking) genericType(name string) *Symbol {
	sym := c.after.names[name]
	if sym == nil || sym.Kind != Type || sym.Decl == nil {
		return nil
	}
	named, ok := types.Unalias(sym.Obj.Type()).(*types.Named)
	if !ok || named.TypeParams().Len() == 0 {
		return nil
	}
	return sym
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
			continue
		}
		m := types.NewFunc(f.Name.Pos(), c.pkg, f.Name.Name, sig)
		named.AddMethod(m)
		c.late[m] = named
		c.funcs[d] = m
	}
	return errs
}

// withdrawMethods takes the methods that this check added to types of earlier cells off
// them again: no body would stand behind them. go/types has no way to do that, so each
// type is made what a new one without them would be; it stays the same type.
func (c *checking) withdrawMethods() {
	for _, named := range c.late {
		var kept []*types.Func
		for m := range named.Methods() {
			if c.late[m] == nil {
				kept = append(kept, m)
			}
		}
		without := types.NewNamed(named.Obj(), named.Underlying(), kept)
		reflect.ValueOf(named).Elem().Set(reflect.ValueOf(without).Elem())
	}
	clear(c.late)
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
		if m = c.latest(m); !c.redeclares(m) {
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
	if !c.isOwn(d) {
		c.pull[d] = true
	}
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
