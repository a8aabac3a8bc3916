package rt

import (
	"fmt"
	"go/types"
	"reflect"
	"strconv"
)

// entries are the entry points of one method: Ifn's, and Tfn's where it has one of its own.
type entries struct {
	code, byValue   uintptr
	k, byValueK     int
	claimed, second bool
}

// given holds the stubs of types that their session has done with, by what their methods
// are. Values of such a type may still be about, and the runtime knows its method tables
// for ever. So stubs go only to a method of the same name and signature of a type that
// has the same name and, all the way down, the same memory: if an old value is still
// called, new code meets what it expects.
var given = map[string][]entries{} // guarded by pool

// Release gives back the entry points of all methods. The types stay good, but their
// methods may from now on be those of types that another Types makes in the same words.
// It is for a session that is reset.
func (t *Types) Release() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, e := range t.forged {
		for _, m := range e.methods {
			key, ok := identity(m)
			if !ok || !m.stubs.claimed {
				continue
			}
			pool.Lock()
			given[key] = append(given[key], m.stubs)
			pool.Unlock()
			m.stubs = entries{}
		}
	}
}

// claim finds entry points for a method: given back ones of its like, or new ones.
func claim(m *Method, typ reflect.Type, direct bool) (s entries, ok bool) {
	if s, ok := regain(m); ok {
		return s, true
	}
	if s.code, s.k, s.claimed = claimCode(typ.String()); !s.claimed {
		return s, false
	}
	if !direct {
		s.byValue, s.byValueK, s.second = claimByValue(m.Sel.Obj().Exported())
	}
	return s, true
}

func regain(m *Method) (s entries, ok bool) {
	pool.Lock()
	defer pool.Unlock()
	if len(given) == 0 {
		return s, false
	}
	key, ok := identity(m)
	list := given[key]
	if !ok || len(list) == 0 {
		return s, false
	}
	s = list[len(list)-1]
	if list = list[:len(list)-1]; len(list) > 0 {
		given[key] = list
	} else {
		delete(given, key)
	}
	return s, true
}

// identity describes a method and, all the way down, the types of its receiver and
// signature. Methods of different sessions with the same text may serve each other's
// values. ok is false for what has no such text.
func identity(m *Method) (text string, ok bool) {
	d := description{seen: map[*types.Named]int{}, ok: true}
	d.add(m.Recv)
	d.text = append(append(d.text, '.'), m.Sel.Obj().Id()...)
	d.signature(m.Sel.Type().(*types.Signature))
	return string(d.text), d.ok
}

// description is the text of a type in the making. A name of a cell is followed by what
// it stands for, where it comes first.
type description struct {
	text []byte
	seen map[*types.Named]int
	ok   bool
}

func (d *description) add(typ types.Type) {
	switch u := types.Unalias(typ).(type) {
	case *types.Named:
		d.named(u)
	case *types.Pointer:
		d.text = append(d.text, '*')
		d.add(u.Elem())
	case *types.Slice:
		d.text = append(d.text, "[]"...)
		d.add(u.Elem())
	case *types.Array:
		d.text = append(strconv.AppendInt(append(d.text, '['), u.Len(), 10), ']')
		d.add(u.Elem())
	case *types.Map:
		d.text = append(d.text, "map["...)
		d.add(u.Key())
		d.text = append(d.text, ']')
		d.add(u.Elem())
	case *types.Chan:
		d.text = fmt.Appendf(d.text, "chan%d ", u.Dir())
		d.add(u.Elem())
	case *types.Signature:
		d.signature(u)
	case *types.Struct:
		d.structure(u)
	case *types.Interface:
		d.text = append(d.text, "interface{"...)
		for _, m := range sortedMethods(u) {
			d.text = append(d.text, m.Id()...)
			d.signature(m.Signature())
			d.text = append(d.text, ';')
		}
		d.text = append(d.text, '}')
	case *types.Basic:
		d.text = append(d.text, u.Name()...)
	default:
		d.ok = false
	}
}

func (d *description) named(n *types.Named) {
	if k, ok := d.seen[n]; ok {
		d.text = strconv.AppendInt(append(d.text, '#'), int64(k), 10)
		return
	}
	d.seen[n] = len(d.seen)
	if o := n.Obj(); o.Pkg() != nil {
		d.text = append(append(d.text, o.Pkg().Path()...), '.')
	}
	d.text = append(d.text, n.Obj().Name()...)
	for arg := range n.TypeArgs().Types() {
		d.text = append(d.text, '[')
		d.add(arg)
		d.text = append(d.text, ']')
	}
	if n.Obj().Pkg() != nil && isCells(n.Obj().Pkg()) {
		d.text = append(d.text, '=')
		d.add(n.Underlying())
	}
}

func (d *description) structure(s *types.Struct) {
	d.text = append(d.text, "struct{"...)
	for f := range s.Fields() {
		if f.Embedded() {
			d.text = append(d.text, '!')
		}
		d.text = append(append(d.text, f.Id()...), ' ')
		d.add(f.Type())
		d.text = append(d.text, ';')
	}
	d.text = append(d.text, '}')
}

func (d *description) signature(sig *types.Signature) {
	d.text = append(d.text, "func("...)
	for _, vars := range []*types.Tuple{sig.Params(), sig.Results()} {
		for v := range vars.Variables() {
			d.add(v.Type())
			d.text = append(d.text, ',')
		}
		d.text = append(d.text, ')')
	}
	if sig.Variadic() {
		d.text = append(d.text, "..."...)
	}
}
