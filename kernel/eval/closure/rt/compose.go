package rt

import (
	"go/types"
	"reflect"
	"slices"
	"strings"
	"unsafe"
)

// structOf gives an unnamed struct type. reflect.StructOf does those without
// embedded and blank fields; it refuses most promoted methods, and compares blanks.
func (t *Types) structOf(s *types.Struct) reflect.Type {
	if !plain(s) {
		if rt := t.compiledStruct(s); rt != nil {
			return rt
		}
		return typeOf(t.forge(s))
	}
	fields := make([]reflect.StructField, s.NumFields())
	for i := range fields {
		f := s.Field(i)
		fields[i] = reflect.StructField{Name: f.Name(), Type: t.of(f.Type()), Tag: reflect.StructTag(s.Tag(i))}
		if !f.Exported() {
			fields[i].PkgPath = f.Pkg().Path()
		}
	}
	return reflect.StructOf(fields)
}

func plain(s *types.Struct) bool {
	pkg := ""
	for f := range s.Fields() {
		if f.Embedded() || f.Name() == "_" {
			return false
		}
		if !f.Exported() {
			if pkg != "" && pkg != f.Pkg().Path() {
				return false
			}
			pkg = f.Pkg().Path()
		}
	}
	return true
}

// compiledStruct looks for a compiled type that is identical to s.
func (t *Types) compiledStruct(s *types.Struct) reflect.Type {
	for _, w := range typesByString(spell(s)) {
		if w.Kind == uint8(reflect.Struct) && t.sameStruct(typeOf(w), s) {
			return typeOf(w)
		}
	}
	return nil
}

func (t *Types) sameStruct(rt reflect.Type, s *types.Struct) bool {
	if rt.NumField() != s.NumFields() || rt.Name() != "" {
		return false
	}
	for i := range s.NumFields() {
		f, g := s.Field(i), rt.Field(i)
		if f.Name() != g.Name || f.Embedded() != g.Anonymous || reflect.StructTag(s.Tag(i)) != g.Tag || !f.Exported() && f.Pkg().Path() != g.PkgPath {
			return false
		}
		if t.of(f.Type()) != g.Type {
			return false
		}
	}
	return true
}

// interfaceOf gives an unnamed interface type. Compiled ones of the same methods can
// be found only where the program holds a pointer type to them.
func (t *Types) interfaceOf(i *types.Interface) reflect.Type {
	if i.NumMethods() == 0 {
		return reflect.TypeFor[any]()
	}
	for _, w := range typesByString("*" + spell(i)) {
		rt := typeOf(w)
		if rt.Kind() == reflect.Pointer && rt.Elem().Kind() == reflect.Interface && rt.Elem().Name() == "" && t.sameInterface(rt.Elem(), i) {
			return rt.Elem()
		}
	}
	return typeOf(t.forge(i))
}

func (t *Types) sameInterface(rt reflect.Type, i *types.Interface) bool {
	methods := sortedMethods(i)
	if rt.NumMethod() != len(methods) {
		return false
	}
	for k, m := range methods {
		r := rt.Method(k)
		if r.Name != m.Name() || !m.Exported() && r.PkgPath != m.Pkg().Path() || t.signature(m.Signature()) != r.Type {
			return false
		}
	}
	return true
}

// signature gives the function type of a method without its receiver.
func (t *Types) signature(sig *types.Signature) reflect.Type {
	if sig.Recv() == nil {
		return t.of(sig)
	}
	return t.of(types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic()))
}

// sortedMethods gives the methods of an interface in the order of its method table.
func sortedMethods(i *types.Interface) []*types.Func {
	out := make([]*types.Func, i.NumMethods())
	for k := range out {
		out[k] = i.Method(k)
	}
	slices.SortFunc(out, func(a, b *types.Func) int { return compareNames(a, b) })
	return out
}

// compareNames is the order of method tables: exported names first, then by name,
// then by package.
func compareNames(a, b types.Object) int {
	if a.Exported() != b.Exported() {
		if a.Exported() {
			return -1
		}
		return 1
	}
	if c := strings.Compare(a.Name(), b.Name()); c != 0 || a.Exported() {
		return c
	}
	return strings.Compare(a.Pkg().Path(), b.Pkg().Path())
}

func (t *Types) fillInterface(obj *abiInterface, i *types.Interface) {
	home := nameString(obj.PkgPath)
	for k, m := range sortedMethods(i) {
		typ := addReflectOff(unsafe.Pointer(word(t.signature(m.Signature()))))
		obj.Methods[k] = abiImethod{Name: methodName(m, home), Typ: typ}
	}
}

// methodName registers the name of a method. One that is not exported says its
// package where that is not the type's.
func methodName(m types.Object, home string) int32 {
	if m.Exported() {
		return nameOff(m.Name(), nameExported, 0)
	}
	if m.Pkg().Path() == home {
		return nameOff(m.Name(), 0, 0)
	}
	return nameOff(m.Name(), 0, nameOff(m.Pkg().Path(), 0, 0))
}
