package display

import (
	"go/types"
	"reflect"
	"strings"
)

// mainPath is the package whose types the user wrote; their names need no prefix.
const mainPath = "main"

// typeName is a type's name as the user writes it, from t or, when that is nil, from rt.
func typeName(t types.Type, rt reflect.Type) string {
	if t == nil {
		return reflectName(rt)
	}
	return types.TypeString(t, func(p *types.Package) string {
		if p.Path() == mainPath {
			return ""
		}
		return p.Name()
	})
}

// reflectName is reflect's name of a type without "main." and without the paths that
// stand in type arguments.
func reflectName(t reflect.Type) string {
	if t == nil {
		return "nil"
	}
	name := t.String()
	if !strings.Contains(name, mainPath+".") && !strings.Contains(name, "/") {
		return strings.ReplaceAll(name, "interface {}", "any")
	}
	var b strings.Builder
	for name != "" {
		i := strings.IndexFunc(name, func(r rune) bool { return !isPathRune(r) })
		switch {
		case i < 0:
			i = len(name)
		case i == 0:
			b.WriteByte(name[0])
			name = name[1:]
			continue
		}
		b.WriteString(shortPath(name[:i]))
		name = name[i:]
	}
	return strings.ReplaceAll(b.String(), "interface {}", "any")
}

func isPathRune(r rune) bool {
	return r == '_' || r == '.' || r == '/' || r == '-' || r >= 0x80 || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// shortPath makes T of main.T and v2.T of example.com/m/v2.T; dots alone are kept.
func shortPath(s string) string {
	dots := len(s) - len(strings.TrimLeft(s, "."))
	rest := s[dots:]
	rest = rest[strings.LastIndexByte(rest, '/')+1:]
	return s[:dots] + strings.TrimPrefix(rest, mainPath+".")
}

// elemType is the type of what a slice, array, pointer, channel or map holds, nil when t
// does not say.
func elemType(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return u.Elem()
	case *types.Array:
		return u.Elem()
	case *types.Pointer:
		return u.Elem()
	case *types.Map:
		return u.Elem()
	}
	return nil
}

// keyType is the type of a map's keys, nil when t does not say.
func keyType(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	if m, ok := t.Underlying().(*types.Map); ok {
		return m.Key()
	}
	return nil
}

// structType is t as a struct whose fields are those of rt, nil when t does not say.
func structType(t types.Type, rt reflect.Type) *types.Struct {
	if t == nil {
		return nil
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || s.NumFields() != rt.NumField() {
		return nil
	}
	return s
}

// field is the name and type of field i, as the user wrote them.
func field(s *types.Struct, rt reflect.Type, i int) (name string, t types.Type) {
	if s == nil {
		return rt.Field(i).Name, nil
	}
	return s.Field(i).Name(), s.Field(i).Type()
}
