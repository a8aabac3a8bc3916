package rt

import (
	"go/types"
	"strconv"
	"strings"
)

// spell writes a type as reflect's String does: package names before type names,
// package paths inside the brackets of type arguments.
func spell(typ types.Type) string {
	return string(speller{(*types.Package).Name}.append(nil, typ))
}

// typeArgs gives the type arguments of a name in brackets, "" if it has none.
func typeArgs(n *types.Named) string {
	args := n.TypeArgs()
	if args.Len() == 0 {
		return ""
	}
	s, out := speller{(*types.Package).Path}, []byte("[")
	for i := range args.Len() {
		if i > 0 {
			out = append(out, ',')
		}
		out = s.append(out, args.At(i))
	}
	return string(append(out, ']'))
}

type speller struct{ qualify func(*types.Package) string }

func (s speller) append(b []byte, typ types.Type) []byte {
	switch u := types.Unalias(typ).(type) {
	case *types.Basic:
		return append(b, basic(u).String()...)
	case *types.Named:
		if pkg := u.Obj().Pkg(); pkg != nil {
			b = append(append(b, s.qualify(pkg)...), '.')
		}
		return append(append(b, u.Obj().Name()...), typeArgs(u)...)
	case *types.Pointer:
		return s.append(append(b, '*'), u.Elem())
	case *types.Slice:
		return s.append(append(b, "[]"...), u.Elem())
	case *types.Array:
		b = strconv.AppendInt(append(b, '['), u.Len(), 10)
		return s.append(append(b, ']'), u.Elem())
	case *types.Map:
		b = s.append(append(b, "map["...), u.Key())
		return s.append(append(b, ']'), u.Elem())
	case *types.Chan:
		return s.channel(b, u)
	case *types.Signature:
		return s.signature(append(b, "func"...), u)
	case *types.Struct:
		return s.structure(b, u)
	case *types.Interface:
		return s.iface(b, u)
	}
	return append(b, typ.String()...)
}

func (s speller) channel(b []byte, c *types.Chan) []byte {
	elem := s.append(nil, c.Elem())
	switch {
	case c.Dir() == types.SendOnly:
		b = append(b, "chan<- "...)
	case c.Dir() == types.RecvOnly:
		b = append(b, "<-chan "...)
	case strings.HasPrefix(string(elem), "<"):
		return append(append(append(b, "chan ("...), elem...), ')')
	default:
		b = append(b, "chan "...)
	}
	return append(b, elem...)
}

func (s speller) signature(b []byte, sig *types.Signature) []byte {
	b = append(s.list(append(b, '('), sig.Params(), sig.Variadic()), ')')
	switch sig.Results().Len() {
	case 0:
		return b
	case 1:
		return s.append(append(b, ' '), sig.Results().At(0).Type())
	}
	return append(s.list(append(b, " ("...), sig.Results(), false), ')')
}

func (s speller) list(b []byte, vars *types.Tuple, variadic bool) []byte {
	for i := range vars.Len() {
		if i > 0 {
			b = append(b, ", "...)
		}
		typ := vars.At(i).Type()
		if sl, ok := typ.(*types.Slice); ok && variadic && i == vars.Len()-1 {
			b, typ = append(b, "..."...), sl.Elem()
		}
		b = s.append(b, typ)
	}
	return b
}

func (s speller) structure(b []byte, st *types.Struct) []byte {
	b = append(b, "struct {"...)
	for i := range st.NumFields() {
		if i > 0 {
			b = append(b, ';')
		}
		b = append(b, ' ')
		if f := st.Field(i); !f.Embedded() {
			b = append(append(b, f.Name()...), ' ')
		}
		b = s.append(b, st.Field(i).Type())
		if tag := st.Tag(i); tag != "" {
			b = strconv.AppendQuote(append(b, ' '), tag)
		}
	}
	if st.NumFields() > 0 {
		b = append(b, ' ')
	}
	return append(b, '}')
}

func (s speller) iface(b []byte, i *types.Interface) []byte {
	b = append(b, "interface {"...)
	for k, m := range sortedMethods(i) {
		if k > 0 {
			b = append(b, ';')
		}
		b = append(b, ' ')
		if !m.Exported() {
			b = append(append(b, s.qualify(m.Pkg())...), '.')
		}
		b = s.signature(append(b, m.Name()...), m.Signature())
	}
	if i.NumMethods() > 0 {
		b = append(b, ' ')
	}
	return append(b, '}')
}
