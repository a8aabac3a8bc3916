package closure

import (
	"go/ast"
	"go/constant"
	"go/types"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// composite is T{...}.
func (c *compiler) composite(lit *ast.CompositeLit) *expr {
	t := c.typeOf(lit)
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return value(t, c.sliceLiteral(lit, u))
	case *types.Map:
		return value(t, c.mapLiteral(lit, t, u))
	case *types.Pointer: // the T{...} of a []*T{{...}}
		return value(t, c.addressOfLiteral(lit, u.Elem()))
	}
	v := c.temp(t)
	addr, fill := v.location().address(), c.fillComposite(lit)
	fresh, lay := v.fresh(), v.lay
	return value(t, func(f F) mem.Ptr {
		if fresh != nil {
			fresh(f)
			p := addr(f)
			fill(f, p)
			return p
		}
		p := addr(f)
		lay.Clear(p)
		fill(f, p)
		return p
	})
}

func (c *compiler) addressOfLiteral(lit *ast.CompositeLit, t types.Type) func(F) mem.Ptr {
	lay, fill := c.layout(t), c.fillOf(lit, t)
	return func(f F) mem.Ptr {
		p := newOf(lay)
		fill(f, p)
		return p
	}
}

// filler stores values into new, zeroed memory.
type filler func(f F, p mem.Ptr)

// fillComposite stores the elements of a struct or array literal; of a slice or map
// literal, whose address is taken, its value.
func (c *compiler) fillComposite(lit *ast.CompositeLit) filler { return c.fillOf(lit, c.typeOf(lit)) }

func (c *compiler) fillOf(lit *ast.CompositeLit, t types.Type) filler {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		return c.fillStruct(lit, t, u)
	case *types.Array:
		return c.fillElements(lit, u.Elem())
	}
	return filler(c.opsOf(t).fill(c.composite(lit), 0))
}

func (c *compiler) fillStruct(lit *ast.CompositeLit, t types.Type, st *types.Struct) filler {
	lay := c.layout(t)
	var fills []filler
	var values []ast.Expr
	for i, el := range lit.Elts {
		x := el
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			x = kv.Value
			i = fieldIndex(st, kv.Key.(*ast.Ident).Name)
		}
		values = append(values, x)
		if st.Field(i).Name() == "_" { // stays zero
			drop := c.opsOf(st.Field(i).Type()).drop(c.exprTo(x, st.Field(i).Type()))
			fills = append(fills, func(f F, _ mem.Ptr) { drop(f) })
			continue
		}
		fills = append(fills, c.fillElement(x, st.Field(i).Type(), lay.Type.Field(i).Offset))
	}
	return together(c.callsLead(fills, values))
}

func fieldIndex(st *types.Struct, name string) int {
	for i := range st.NumFields() {
		if st.Field(i).Name() == name {
			return i
		}
	}
	return -1
}

// fillElement stores one element; a literal inside is stored in place.
func (c *compiler) fillElement(x ast.Expr, t types.Type, off uintptr) filler {
	if lit, ok := x.(*ast.CompositeLit); ok && kindOf(t) == kMem && types.Identical(c.typeOf(lit), t) {
		fill := c.fillOf(lit, t)
		return func(f F, p mem.Ptr) { fill(f, mem.Add(p, off)) }
	}
	return c.opsOf(t).fill(c.exprTo(x, t), off)
}

// callsLead brings the elements that are ordered before the others.
func (c *compiler) callsLead(fills []filler, values []ast.Expr) []filler {
	if !c.readsBeforeCall(values) {
		return fills
	}
	var first, then []filler
	for i, fill := range fills {
		if c.ordered(values[i]) {
			first = append(first, fill)
		} else {
			then = append(then, fill)
		}
	}
	return append(first, then...)
}

func together(fills []filler) filler {
	switch len(fills) {
	case 0:
		return func(F, mem.Ptr) {}
	case 1:
		return fills[0]
	case 2:
		a, b := fills[0], fills[1]
		return func(f F, p mem.Ptr) { a(f, p); b(f, p) }
	}
	return func(f F, p mem.Ptr) {
		for _, fill := range fills {
			fill(f, p)
		}
	}
}

// elements returns the values of an array or slice literal by index, and the length.
func (c *compiler) elements(lit *ast.CompositeLit) (at []int, values []ast.Expr, n int) {
	i := 0
	for _, el := range lit.Elts {
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			k, _ := constant.Int64Val(constant.ToInt(c.info.Types[kv.Key].Value))
			i, el = int(k), kv.Value
		}
		at, values = append(at, i), append(values, el)
		i++
		n = max(n, i)
	}
	return at, values, n
}

func (c *compiler) fillElements(lit *ast.CompositeLit, elem types.Type) filler {
	at, values, _ := c.elements(lit)
	size := c.layout(elem).Size
	var fills []filler
	for i, x := range values {
		fills = append(fills, c.fillElement(x, elem, uintptr(at[i])*size))
	}
	return together(c.callsLead(fills, values))
}

func (c *compiler) sliceLiteral(lit *ast.CompositeLit, t *types.Slice) func(F) mem.Slice {
	_, _, n := c.elements(lit)
	fill := c.fillElements(lit, t.Elem())
	word := c.layout(t.Elem()).Word
	return func(f F) mem.Slice {
		s := mem.Slice{Data: rt.NewArray(word, n), Len: n, Cap: n}
		fill(f, s.Data)
		return s
	}
}

func (c *compiler) mapLiteral(lit *ast.CompositeLit, t types.Type, u *types.Map) func(F) mem.Ptr {
	m := c.temp(t)
	word, n, off := m.lay.Word, len(lit.Elts), m.off
	sets := c.mapEntries(lit, m, u)
	return func(f F) mem.Ptr {
		p := rt.MapNew(word, n)
		mem.Store(f, off, p)
		for _, set := range sets {
			set(f)
			mem.Store(f, off, p) // the elements may hold the same literal once more
		}
		return p
	}
}

// mapEntries puts the entries of a literal into the map that stands in m.
func (c *compiler) mapEntries(lit *ast.CompositeLit, m *variable, u *types.Map) (sets []stmt) {
	for _, el := range lit.Elts {
		kv := el.(*ast.KeyValueExpr)
		key := c.exprTo(kv.Key, u.Key())
		if c.calls(kv.Key) && c.calls(kv.Value) {
			var keep stmt
			keep, key = c.keep(key)
			sets = append(sets, keep)
		}
		sets = append(sets, c.setMapElement(c.load(m.location()), key, c.exprTo(kv.Value, u.Elem())))
	}
	return sets
}
