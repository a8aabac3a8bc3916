package check

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"sort"
	"strings"
)

// program makes symbols of what was checked and puts the program together.
func (c *checking) program() (*Program, error) {
	p := &Program{Cell: c.part.cell, Info: c.info, Src: c.part.src, Steps: c.part.steps, local: map[types.Object]*Symbol{}, before: c.before, after: c.after, withdraw: c.withdraw}
	if len(c.part.stmts) > 0 {
		p.Body = c.body()
	}
	c.declareSymbols(p)
	c.variableSymbols(p)
	for _, d := range c.units {
		if c.wait[d] == nil {
			c.recordUses(p, d)
		}
	}
	for d := range c.again {
		c.recordUses(p, d)
		p.Again = append(p.Again, d)
	}
	sort.Slice(p.Again, func(i, j int) bool { return p.Again[i].Node.Pos() < p.Again[j].Node.Pos() })
	c.keepRepeats()
	c.attachMethods(c.units)
	c.keepWaiting()
	c.oldValues()
	c.oldCaptures()
	c.calls(p)
	return p, nil
}

// changing sets a field of a declaration or symbol that an earlier cell may have made, so
// that withdraw can set it back.
func changing[T any](c *checking, field *T, to T) {
	before := *field
	c.undo = append(c.undo, func() { *field = before })
	*field = to
}

// withdraw takes back what the check did to the types and declarations of earlier cells.
func (c *checking) withdraw() {
	for _, undo := range slices.Backward(c.undo) {
		undo()
	}
	c.undo = nil
	c.withdrawMethods()
}

func (c *checking) declareSymbols(p *Program) {
	for _, d := range c.units {
		if c.wait[d] != nil {
			if old := c.before.names[d.Names[0]]; old == nil {
				delete(c.after.names, d.Names[0])
			}
			continue
		}
		if d.IsType() && !c.pull[d] {
			changing(c, &d.Methods, nil)
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
				changing(c, &old.Decl, d) // the generation stays; its text is the new one
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
				changing(c, &sym.captured, p.captured(p.Steps[i].Stmt))
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
	changing(c, &d.Uses, map[*Symbol]bool{})
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

// oldCaptures notes the variables that hold a function which goes on with a variable that
// this part declares anew.
func (c *checking) oldCaptures() {
	set := map[string]bool{}
	for _, v := range c.vars {
		set[v.Name()] = true
	}
	for _, v := range c.vars {
		old := c.before.names[v.Name()]
		if old == nil || old.Kind != Var || c.after.names[v.Name()] == old {
			continue
		}
		var keep []string
		for _, name := range c.after.sortedNames() {
			if holder := c.after.names[name]; !set[name] && holder.captured[old] {
				keep = append(keep, name)
			}
		}
		if len(keep) > 0 {
			c.notes = append(c.notes, fmt.Sprintf("the variable %s is a new one, of type %s; still with the one before: %s", old.Name, c.typeString(v.Type()), strings.Join(keep, ", ")))
		}
	}
}

// captured returns the session's variables that the function literals of a statement use.
func (p *Program) captured(st ast.Stmt) map[*Symbol]bool {
	var found map[*Symbol]bool
	ast.PreorderStack(st, nil, func(n ast.Node, stack []ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || p.Info.Uses[id] == nil || !slices.ContainsFunc(stack, func(n ast.Node) bool { _, is := n.(*ast.FuncLit); return is }) {
			return true
		}
		if sym := p.Symbol(p.Info.Uses[id]); sym != nil && sym.Kind == Var {
			if found == nil {
				found = map[*Symbol]bool{}
			}
			found[sym] = true
		}
		return true
	})
	return found
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

// keepRepeats puts generic functions and methods that the part repeats into the place of
// the earlier text.
func (c *checking) keepRepeats() {
	for _, d := range c.repeats {
		switch {
		case c.isUnit(d):
		case d.Recv == "":
			sym := c.before.names[d.Names[0]]
			changing(c, &sym.Decl, d)
			d.Symbol = sym
		default:
			c.attachMethods([]*Decl{d})
		}
	}
}

// attachMethods files methods under their types' declarations.
func (c *checking) attachMethods(decls []*Decl) {
	for _, d := range decls {
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
		changing(c, &t.Methods, append(methods, d))
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
