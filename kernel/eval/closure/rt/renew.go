package rt

import (
	"go/types"
	"reflect"
	"slices"
)

// Renew looks for types that have gained methods since they were made: a cell may
// declare a method of a type of an earlier cell. The runtime remembers for ever which
// interfaces a reflect type does not implement, so such a type cannot gain methods in
// place. Renew forgets it, and all types that mention it: Of makes new ones, of the same
// layout, so that memory of the old types serves the new. It returns the types
// forgotten, nil if no method set has changed.
//
// A value that sits in an interface keeps the old type word. Same tells that the two
// words mean one type.
func (t *Types) Renew() []types.Type {
	t.mu.Lock()
	defer t.mu.Unlock()
	var grown []types.Type
	t.canon.Iterate(func(typ types.Type, rt any) {
		if t.hasGrown(typ, rt.(reflect.Type)) {
			grown = append(grown, typ)
		}
	})
	if len(grown) == 0 {
		return nil
	}
	var out []types.Type
	t.canon.Iterate(func(typ types.Type, _ any) {
		w := walk{t: t, in: grown, seen: map[types.Type]bool{}}
		if w.mentions(typ) {
			out = append(out, typ)
		}
	})
	for _, typ := range out {
		t.canon.Delete(typ)
	}
	clear(t.recent)
	return out
}

func (t *Types) hasGrown(typ types.Type, rt reflect.Type) bool {
	e := t.forged[word(rt)]
	if e == nil || types.IsInterface(typ) {
		return false
	}
	if _, ok := typ.(*types.Pointer); ok {
		return false // seen with its element
	}
	now := sourcesOf(nil, typ, nil)
	if slices.Equal(e.sources, now) {
		return false
	}
	e.sources = now
	p := t.forged[word(reflect.PointerTo(rt))]
	return !sameMethods(e.methods, t.methodsOf(typ)) || !sameMethods(p.methods, t.methodsOf(types.NewPointer(typ)))
}

// sourcesOf appends the methods that a type's method set is made of: its own and those of
// the types that it embeds. They take a hundredth of the time of a method set to find, and
// as long as they stay the same it does. seen are the types that embed this one.
func sourcesOf(list []*types.Func, typ types.Type, seen []*types.Named) []*types.Func {
	if p, ok := types.Unalias(typ).(*types.Pointer); ok {
		typ = p.Elem()
	}
	if n, ok := types.Unalias(typ).(*types.Named); ok {
		if n.Obj().Pkg() == nil || !isCells(n.Obj().Pkg()) || slices.Contains(seen, n) {
			return list
		}
		seen = append(seen, n)
		for m := range n.Methods() {
			list = append(list, m)
		}
	}
	s, ok := typ.Underlying().(*types.Struct)
	if !ok {
		return list
	}
	for f := range s.Fields() {
		if f.Embedded() {
			list = sourcesOf(list, f.Type(), seen)
		}
	}
	return list
}

// sameMethods compares a method table with the method set of today. A type may also
// have got a method of its own in the place of a promoted one.
func sameMethods(old []*Method, now []*types.Selection) bool {
	return slices.EqualFunc(old, now, func(m *Method, sel *types.Selection) bool { return m.Sel.Obj() == sel.Obj() })
}

// Same reports whether two words mean the same type: they are equal, or one of them
// is of a type that Renew replaced.
func (t *Types) Same(a, b Word) bool {
	if a == b {
		return true
	}
	x, y := t.Source(a), t.Source(b)
	return x != nil && y != nil && types.Identical(x, y)
}

// walk looks for a few types in all that a type refers to.
type walk struct {
	t    *Types
	in   []types.Type
	seen map[types.Type]bool
}

func (w *walk) mentions(typ types.Type) bool {
	typ = types.Unalias(typ)
	if w.seen[typ] {
		return false
	}
	w.seen[typ] = true
	for _, g := range w.in {
		if types.Identical(g, typ) {
			return true
		}
	}
	switch u := typ.(type) {
	case *types.Named:
		return w.named(u)
	case *types.Map:
		return w.mentions(u.Key()) || w.mentions(u.Elem())
	case interface{ Elem() types.Type }:
		return w.mentions(u.Elem())
	case *types.Signature:
		return w.tuple(u.Params()) || w.tuple(u.Results())
	case *types.Struct:
		for f := range u.Fields() {
			if w.mentions(f.Type()) {
				return true
			}
		}
	case *types.Interface:
		for m := range u.Methods() {
			if w.mentions(m.Type()) {
				return true
			}
		}
	}
	return false
}

// named looks into a name. A compiled type can mention a cell's only as an argument.
func (w *walk) named(n *types.Named) bool {
	for arg := range n.TypeArgs().Types() {
		if w.mentions(arg) {
			return true
		}
	}
	if n.Obj().Pkg() == nil || !isCells(n.Obj().Pkg()) {
		return false
	}
	for m := range n.Methods() {
		if w.mentions(m.Type()) {
			return true
		}
	}
	return w.mentions(n.Underlying())
}

func (w *walk) tuple(vars *types.Tuple) bool {
	for v := range vars.Variables() {
		if w.mentions(v.Type()) {
			return true
		}
	}
	return false
}
