package closure

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
	"github.com/dagbook/dagbook/kernel/eval/closure/table"
)

// A map that only its function uses is a table of package table: the variable holds the
// address of one, where that of a map would stand.

// findOwned finds those variables of a function and of the literals in it: they are declared
// with a new map, their keys are integers or strings, and all that happens to them is
// m[k], len, delete, clear, range and comparing with nil.
func (c *compiler) findOwned(fn ast.Node) map[types.Object]bool {
	owned := c.newMaps(fn)
	if len(owned) == 0 {
		return nil
	}
	fine := map[*ast.Ident]bool{}
	ast.Inspect(fn, func(n ast.Node) bool { // an operand comes after its operation
		if id := c.usesMap(n); id != nil {
			fine[id] = true
		}
		switch n := n.(type) {
		case *ast.DeferStmt:
			c.loseArguments(n.Call, owned)
		case *ast.GoStmt:
			c.loseArguments(n.Call, owned)
		case *ast.Ident:
			if o := c.info.Uses[n]; o != nil && !fine[n] {
				delete(owned, o)
			}
		}
		return true
	})
	return owned
}

// largestElem is the most bytes of an element that a table holds: all of them move when it
// grows, and even an empty one has room for some. Go's maps keep larger ones apart.
const largestElem = 128

// newMaps finds the variables that might be tables: those that are declared with a new map.
func (c *compiler) newMaps(fn ast.Node) map[types.Object]bool {
	found := map[types.Object]bool{}
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE && len(n.Lhs) == 1 && len(n.Rhs) == 1 && c.newMap(n.Rhs[0]) {
				c.mayOwn(identOf(n.Lhs[0]), found)
			}
		case *ast.ValueSpec:
			if len(n.Names) == 1 && len(n.Values) == 1 && c.newMap(n.Values[0]) {
				c.mayOwn(n.Names[0], found)
			}
		}
		return true
	})
	return found
}

// newMap reports whether an expression makes a map.
func (c *compiler) newMap(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.CompositeLit:
		_, ok := c.typeOf(x).Underlying().(*types.Map)
		return ok
	case *ast.CallExpr:
		if builtinName(c, x.Fun) == "make" {
			_, ok := c.typeOf(x).Underlying().(*types.Map)
			return ok
		}
	}
	return false
}

func (c *compiler) mayOwn(id *ast.Ident, owned map[types.Object]bool) {
	o := c.info.Defs[id]
	if o == nil || id.Name == "_" || c.escapes[o] || c.global(c.prog, o) != nil {
		return
	}
	if m, ok := c.subst(o.Type()).Underlying().(*types.Map); ok {
		k := kindOf(m.Key())
		if (k.integer() || k == kString) && c.layout(m.Elem()).Size <= largestElem {
			owned[o] = true
		}
	}
}

// usesMap returns the name of what may be a map, when n is one of the uses that a table has.
func (c *compiler) usesMap(n ast.Node) *ast.Ident {
	switch n := n.(type) {
	case *ast.IndexExpr:
		return identOf(n.X)
	case *ast.RangeStmt:
		return identOf(n.X)
	case *ast.CallExpr:
		switch builtinName(c, n.Fun) {
		case "len", "delete", "clear":
			return identOf(n.Args[0])
		}
	case *ast.BinaryExpr:
		if (n.Op == token.EQL || n.Op == token.NEQ) && c.info.Types[n.Y].IsNil() {
			return identOf(n.X)
		}
	}
	return nil
}

// loseArguments takes the maps away that a deferred call uses, or one of a new goroutine:
// it uses them later.
func (c *compiler) loseArguments(call *ast.CallExpr, owned map[types.Object]bool) {
	for _, x := range call.Args {
		if id := identOf(x); id != nil {
			delete(owned, c.info.Uses[id])
		}
	}
}

// declareOwned is m := make(...) or m := map[K]V{...} with a table.
func (c *compiler) declareOwned(id *ast.Ident, x ast.Expr) stmt {
	v := c.newVariable(c.info.Defs[id])
	t := v.t.Underlying().(*types.Map)
	v.own = &table.Form{Elem: c.layout(t.Elem()), Ask: allocates}
	n := func(F) int { return 0 }
	var entries []stmt
	switch x := ast.Unparen(x).(type) {
	case *ast.CompositeLit:
		size := len(x.Elts)
		n, entries = func(F) int { return size }, c.mapEntries(x, v, t)
	case *ast.CallExpr:
		if len(x.Args) > 1 {
			n = c.index(x.Args[1]).fn
		}
	}
	make := newTable[uint64](v, n)
	if kindOf(t.Key()) == kString {
		make = newTable[string](v, n)
	}
	return all(append([]stmt{make}, entries...))
}

func newTable[K table.Key](v *variable, n func(F) int) stmt {
	off, form := v.off, v.own
	return func(f F) ctl {
		n := max(n(f), 0)
		if n > 1<<30 { // more than a table can have; Go's maps take that as no hint
			allocates(product(n, int(form.Elem.Size)+8))
			n = 0
		}
		mem.Store(f, off, mem.Of(table.New[K](form, n)))
		return next
	}
}

// tableAt is the table of K that stands at off in the frame.
func tableAt[K table.Key](f F, off uintptr) *table.Table[K] {
	return mem.Pointer[table.Table[K]](mem.Load[mem.Ptr](f, off))
}

// keys is what tables need of a kind of integers: storeKey stores a key in the frame.
type keys interface {
	storeKey(f F, off uintptr, key uint64)
}

func (integers[T]) storeKey(f F, off uintptr, key uint64) { mem.Store(f, off, T(key)) }

// findInTable is findInMap for a table.
func findInTable(m, key *expr) func(F) mem.Ptr {
	at := m.off
	if key.k.integer() {
		kf := bits64(key)
		return func(f F) mem.Ptr {
			k := kf(f)
			return tableAt[uint64](f, at).Find(k, k)
		}
	}
	fn := codeOf[string](key)
	return func(f F) mem.Ptr {
		k, t := fn(f), tableAt[string](f, at)
		return t.Find(k, table.HashIn(t, k))
	}
}

// assignInTable is the code of the address of an element, which is made if need be.
func assignInTable(m, key *expr) func(F) mem.Ptr {
	at := m.off
	if key.k.integer() {
		kf := bits64(key)
		return func(f F) mem.Ptr {
			k := kf(f)
			return tableAt[uint64](f, at).Assign(k, k)
		}
	}
	fn := codeOf[string](key)
	return func(f F) mem.Ptr {
		k, t := fn(f), tableAt[string](f, at)
		return t.Assign(k, table.HashIn(t, k))
	}
}

func deleteFromTable(m, key *expr) stmt {
	at := m.off
	if key.k.integer() {
		kf := bits64(key)
		return func(f F) ctl {
			k := kf(f)
			tableAt[uint64](f, at).Delete(k, k)
			return next
		}
	}
	fn := codeOf[string](key)
	return func(f F) ctl {
		k, t := fn(f), tableAt[string](f, at)
		t.Delete(k, table.HashIn(t, k))
		return next
	}
}

func lenOfTable(m *expr) func(F) int {
	at := m.off
	if keyKind(m) == kString {
		return func(f F) int { return tableAt[string](f, at).Len() }
	}
	return func(f F) int { return tableAt[uint64](f, at).Len() }
}

func keyKind(m *expr) kind { return kindOf(m.t.Underlying().(*types.Map).Key()) }

func clearTable(m *expr) stmt {
	at := m.off
	if keyKind(m) == kString {
		return func(f F) ctl { tableAt[string](f, at).Clear(); return next }
	}
	return func(f F) ctl { tableAt[uint64](f, at).Clear(); return next }
}

// rangeTable is rangeMap for a table.
func (c *compiler) rangeTable(s *ast.RangeStmt, l *label, m *types.Map, x *expr) stmt {
	k, v := c.temp(m.Key()), c.temp(m.Elem())
	set := c.turnVariables(s, c.load(k.location()), c.load(v.location()))
	newVal, toVal, elem := orNew(v), v.location().address(), v.lay
	show := func(f F, p mem.Ptr) {
		newVal(f)
		elem.Move(toVal(f), p)
		set(f)
	}
	body, key := c.block(s.Body.List), k.off
	if k.k == kString {
		return rangeKeys(x.off, l, body, func(f F, k string, p mem.Ptr) {
			mem.Store(f, key, k)
			show(f, p)
		})
	}
	keys := numbersOf[k.k].(keys)
	return rangeKeys(x.off, l, body, func(f F, k uint64, p mem.Ptr) {
		keys.storeKey(f, key, k)
		show(f, p)
	})
}

// rangeKeys runs the body for each entry of a table, which show gives to the variables.
func rangeKeys[K table.Key](at uintptr, l *label, body stmt, show func(F, K, mem.Ptr)) stmt {
	return func(f F) ctl {
		stop := &head(f).g.stop
		for it := tableAt[K](f, at).Iterate(); it.Next(); {
			show(f, it.Key, it.Elem)
			if on, c := turn(f, body, l); !on {
				return c
			}
			if stop.Load() != 0 {
				panic(interrupted{})
			}
		}
		return next
	}
}
