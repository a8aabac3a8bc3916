package check

import (
	"go/constant"
	"go/token"
	"go/types"
)

// pullDependents adds what depends on names that change, and reports whether
// signatures must be checked again.
func (c *checking) pullDependents() bool {
	changed := c.changed()
	if len(changed) == 0 {
		return false
	}
	more := false
	for _, d := range c.before.decls() {
		if d = c.latest(d); c.stale[d] || c.isUnit(d) || c.redeclares(d) {
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
