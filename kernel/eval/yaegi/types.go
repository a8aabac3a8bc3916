package yaegi

import (
	"fmt"
	"go/types"
	"strconv"
	"strings"
)

// typeText writes a type as Go source in which the session's types have the
// names of their generations and packages their aliases.
func (e *emitter) typeText(t types.Type) string {
	switch t := t.(type) {
	case *types.Basic:
		if t.Kind() == types.UnsafePointer {
			return e.alias("unsafe") + ".Pointer"
		}
		return types.Default(t).String()
	case *types.Alias:
		return e.namedText(t.Obj(), t.TypeArgs())
	case *types.Named:
		return e.namedText(t.Obj(), t.TypeArgs())
	case *types.TypeParam:
		return t.Obj().Name()
	case *types.Pointer:
		return "*" + e.typeText(t.Elem())
	case *types.Slice:
		return "[]" + e.typeText(t.Elem())
	case *types.Array:
		return "[" + strconv.FormatInt(t.Len(), 10) + "]" + e.typeText(t.Elem())
	case *types.Map:
		return "map[" + e.typeText(t.Key()) + "]" + e.typeText(t.Elem())
	case *types.Chan:
		return e.chanText(t)
	case *types.Signature:
		return "func" + e.signatureText(t)
	case *types.Struct:
		return e.structText(t)
	case *types.Interface:
		return e.interfaceText(t)
	case *types.Tuple:
		parts := make([]string, t.Len())
		for i := range parts {
			parts[i] = e.typeText(t.At(i).Type())
		}
		return strings.Join(parts, ", ")
	}
	return t.String()
}

func (e *emitter) namedText(o *types.TypeName, args *types.TypeList) string {
	name := o.Name()
	switch {
	case o.Pkg() == nil: // error, any, comparable
	case o.Pkg().Path() == "main":
		if sym := e.prog.Symbol(o); sym != nil {
			name = sym.ID()
		}
	case !o.Exported():
		e.refuse(e.at, fmt.Sprintf("the yaegi engine cannot hold a value of the unexported type %s.%s in a variable of a cell", o.Pkg().Name(), o.Name()))
	default:
		name = e.alias(o.Pkg().Path()) + "." + name
	}
	if args.Len() == 0 {
		return name
	}
	parts := make([]string, args.Len())
	for i := range parts {
		parts[i] = e.typeText(args.At(i))
	}
	return name + "[" + strings.Join(parts, ", ") + "]"
}

func (e *emitter) chanText(t *types.Chan) string {
	switch t.Dir() {
	case types.SendOnly:
		return "chan<- (" + e.typeText(t.Elem()) + ")"
	case types.RecvOnly:
		return "<-chan (" + e.typeText(t.Elem()) + ")"
	}
	return "chan (" + e.typeText(t.Elem()) + ")"
}

func (e *emitter) signatureText(s *types.Signature) string {
	return "(" + strings.Join(e.paramTexts(s), ", ") + ")" + e.resultText(s)
}

// paramTexts returns the types of the parameters, the variadic one with its dots.
func (e *emitter) paramTexts(s *types.Signature) []string {
	parts := make([]string, s.Params().Len())
	for i := range parts {
		t := s.Params().At(i).Type()
		if sl, ok := t.(*types.Slice); ok && s.Variadic() && i == len(parts)-1 {
			parts[i] = "..." + e.typeText(sl.Elem())
		} else {
			parts[i] = e.typeText(t)
		}
	}
	return parts
}

func (e *emitter) resultText(s *types.Signature) string {
	switch s.Results().Len() {
	case 0:
		return ""
	case 1:
		return " " + e.typeText(s.Results().At(0).Type())
	}
	return " (" + e.typeText(s.Results()) + ")"
}

func (e *emitter) structText(t *types.Struct) string {
	var b strings.Builder
	b.WriteString("struct{")
	for i := range t.NumFields() {
		f := t.Field(i)
		if i > 0 {
			b.WriteString("; ")
		}
		if !f.Embedded() {
			b.WriteString(f.Name() + " ")
		}
		b.WriteString(e.typeText(f.Type()))
		if tag := t.Tag(i); tag != "" {
			b.WriteString(" " + strconv.Quote(tag))
		}
	}
	b.WriteString("}")
	return b.String()
}

func (e *emitter) interfaceText(t *types.Interface) string {
	if t.NumMethods() == 0 && t.NumEmbeddeds() == 0 {
		return "interface{}"
	}
	var parts []string
	for i := range t.NumExplicitMethods() {
		m := t.ExplicitMethod(i)
		parts = append(parts, m.Name()+e.signatureText(m.Signature()))
	}
	for i := range t.NumEmbeddeds() {
		parts = append(parts, e.typeText(t.EmbeddedType(i)))
	}
	return "interface{" + strings.Join(parts, "; ") + "}"
}
