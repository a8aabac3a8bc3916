package rt

import (
	"go/types"
	"hash/fnv"
	"reflect"
	"strconv"
	"sync"
	"unsafe"
)

// A type is forged in two steps. The shell is the object with all that memory needs:
// size, alignment, the map of its pointers, how it compares, with stand-ins for the
// types that it refers to. It is complete before anything refers to it, so that
// reflect may build slices, maps and structs over it. When all shells of a call of Of
// are there, the stand-ins give way to the real types, and the method tables are
// filled.

// forge makes the shells of a named type, or of an unnamed struct or interface, and
// of the pointer to it.
func (t *Types) forge(typ types.Type) *abiType {
	under := typ.Underlying()
	n, isNamed := typ.(*types.Named)
	str, pkg := spell(typ), (*types.Package)(nil)
	if isNamed {
		pkg = n.Obj().Pkg()
	}
	ptr := types.NewPointer(typ)
	values, pointers := t.methodsOf(typ), t.methodsOf(ptr)
	obj := t.object(under, len(values))
	obj.TFlag |= flagUncommon
	if isNamed {
		obj.TFlag |= flagNamed
	}
	t.label(obj, str)
	pointer := t.object(ptr, len(pointers))
	pointer.TFlag |= flagUncommon
	t.label(pointer, "*"+str)
	(*abiElem)(unsafe.Pointer(pointer)).Elem = obj
	obj.PtrToThis = addReflectOff(unsafe.Pointer(pointer))
	if pkg != nil {
		obj.uncommon().PkgPath = nameOff(pkg.Path(), 0, 0)
		pointer.uncommon().PkgPath = obj.uncommon().PkgPath
	}
	shellParts(obj, under, pkg)
	if k := reflect.Kind(obj.Kind); (k == reflect.Struct || k == reflect.Array) && regular(typeOf(obj)) {
		obj.TFlag |= flagRegular
	}
	t.pending = append(t.pending, func() {
		t.fillParts(obj, under)
		t.fillMethods(obj, pkg, t.enter(obj, typ, values))
		t.fillMethods(pointer, pkg, t.enter(pointer, ptr, pointers))
	})
	return obj
}

func (t *Types) enter(obj *abiType, typ types.Type, sels []*types.Selection) *entry {
	e := &entry{typ: typ, sources: sourcesOf(nil, typ, nil)}
	for _, sel := range sels {
		e.methods = append(e.methods, &Method{Recv: typ, Sel: sel, owner: t})
	}
	t.forged[obj] = e
	return e
}

// object allocates a type object: the head of its kind, the uncommon part, the
// parameter types if it is a function, the method table. The head is a copy of the
// prototype's.
func (t *Types) object(under types.Type, methods int) *abiType {
	ins := 0
	if sig, ok := under.(*types.Signature); ok {
		ins = sig.Params().Len() + sig.Results().Len()
	}
	proto := t.prototype(under)
	h := headOf(proto.Kind())
	whole := reflect.StructOf([]reflect.StructField{
		{Name: "Head", Type: h},
		{Name: "Uncommon", Type: reflect.TypeFor[abiUncommon]()},
		{Name: "Types", Type: reflect.ArrayOf(ins, reflect.TypeFor[*abiType]())},
		{Name: "Methods", Type: reflect.ArrayOf(methods, reflect.TypeFor[abiMethod]())},
	})
	p := unsafeNew(word(whole))
	keep(p)
	typedmemmove(word(h), p, unsafe.Pointer(word(proto)))
	obj := (*abiType)(p)
	obj.TFlag &^= flagUncommon | flagExtraStar | flagNamed
	obj.PtrToThis = 0
	u := (*abiUncommon)(unsafe.Add(p, whole.Field(1).Offset))
	u.Moff = uint32(whole.Field(3).Offset - whole.Field(1).Offset)
	return obj
}

// kept holds every forged object: type words in interfaces and the runtime's method
// tables refer to them without the collector's knowledge.
var kept struct {
	sync.Mutex
	objects []unsafe.Pointer
	hashes  uint32
	names   map[string]int32
}

func keep(p unsafe.Pointer) {
	kept.Lock()
	defer kept.Unlock()
	kept.objects = append(kept.objects, p)
}

// label gives the object its name and a hash. The hash only spreads tables; the
// count keeps types of one name apart.
func (t *Types) label(obj *abiType, str string) {
	kept.Lock()
	defer kept.Unlock()
	kept.hashes++
	h := fnv.New32a()
	h.Write(strconv.AppendUint([]byte(str), uint64(kept.hashes), 10))
	obj.Hash = h.Sum32()
	obj.Str = nameOffLocked(str, 0, 0)
}

// nameOff gives the offset of a registered name. Equal names share one.
func nameOff(name string, flags byte, pkgPath int32) int32 {
	kept.Lock()
	defer kept.Unlock()
	return nameOffLocked(name, flags, pkgPath)
}

func nameOffLocked(name string, flags byte, pkgPath int32) int32 {
	key := string(flags) + strconv.Itoa(int(pkgPath)) + " " + name
	if off, ok := kept.names[key]; ok {
		return off
	}
	if kept.names == nil {
		kept.names = map[string]int32{}
	}
	off := addReflectOff(unsafe.Pointer(newName(name, "", flags, pkgPath)))
	kept.names[key] = off
	return off
}

// prototype is a type of the same layout as a forged type of this underlying type.
func (t *Types) prototype(under types.Type) reflect.Type {
	switch u := under.(type) {
	case *types.Basic:
		return basic(u)
	case *types.Pointer:
		return reflect.TypeFor[*byte]()
	case *types.Chan:
		return reflect.TypeFor[chan int]()
	case *types.Map:
		return reflect.TypeFor[map[string]int]()
	}
	return t.standIn(under)
}

// standIn is a type that may take the place of typ in a struct or array for the time
// being: of the same layout, pointers in the same words, equally comparable, and alike
// to reflect's questions about keys of maps.
func (t *Types) standIn(typ types.Type) reflect.Type {
	switch u := types.Unalias(typ).(type) {
	case *types.Pointer, *types.Chan:
		return reflect.TypeFor[unsafe.Pointer]()
	case *types.Map, *types.Signature:
		return reflect.TypeFor[func()]()
	case *types.Slice:
		return reflect.TypeFor[[]byte]()
	case *types.Interface:
		if u.NumMethods() == 0 {
			return reflect.TypeFor[any]()
		}
		return reflect.TypeFor[error]()
	case *types.Array:
		return reflect.ArrayOf(int(u.Len()), t.standIn(u.Elem()))
	case *types.Struct:
		return t.standInStruct(u)
	}
	return t.of(typ) // basic or named: its shell is there when of returns
}

func (t *Types) standInStruct(s *types.Struct) reflect.Type {
	fields := make([]reflect.StructField, s.NumFields())
	for i := range fields {
		fields[i] = reflect.StructField{Name: "F" + strconv.Itoa(i), Type: t.standIn(s.Field(i).Type())}
		if s.Field(i).Name() == "_" {
			fields[i].Name, fields[i].PkgPath = "_", "main" // what is blank is not compared in one piece
		}
	}
	return reflect.StructOf(fields)
}

// shellParts sets what the kind of obj has beside the head, as far as it needs no
// other forged type.
func shellParts(obj *abiType, under types.Type, pkg *types.Package) {
	switch u := under.(type) {
	case *types.Struct:
		shellStruct((*abiStruct)(unsafe.Pointer(obj)), u)
	case *types.Array:
		a := (*abiArray)(unsafe.Pointer(obj))
		if a.Equal != nil {
			a.Equal = func(p, q unsafe.Pointer) bool { return equalArray(a, p, q) }
		}
	case *types.Interface:
		i := (*abiInterface)(unsafe.Pointer(obj))
		i.Methods = make([]abiImethod, u.NumMethods())
		i.PkgPath = nil
		if pkg != nil {
			i.PkgPath = newName(pkg.Path(), "", 0, 0)
		}
	case *types.Signature:
		f := (*abiFunc)(unsafe.Pointer(obj))
		f.In, f.Out = uint16(u.Params().Len()), uint16(u.Results().Len())
		if u.Variadic() {
			f.Out |= 1 << 15
		}
	}
}

func shellStruct(obj *abiStruct, s *types.Struct) {
	standIns := obj.Fields
	obj.Fields = make([]abiField, s.NumFields())
	obj.PkgPath = nil
	for i := range obj.Fields {
		f, flags := s.Field(i), byte(0)
		if f.Exported() {
			flags |= nameExported
		} else if obj.PkgPath == nil {
			obj.PkgPath = newName(f.Pkg().Path(), "", 0, 0)
		}
		if f.Embedded() {
			flags |= nameEmbedded
		}
		obj.Fields[i] = abiField{Name: newName(f.Name(), s.Tag(i), flags, 0), Typ: standIns[i].Typ, Offset: standIns[i].Offset}
	}
	if obj.Equal != nil {
		obj.Equal = func(p, q unsafe.Pointer) bool { return equalStruct(obj, p, q) }
	}
}

// regular reports whether values of t are equal exactly if their bytes are, by the
// compiler's rule: it hashes such keys in one piece. (reflect.StructOf finds none but
// those of one field.)
func regular(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Array:
		return regular(t.Elem()) || t.Len() == 0 && t.Elem().Comparable()
	case reflect.Struct:
		return regularStruct(t)
	}
	return word(t).TFlag&flagRegular != 0
}

func regularStruct(t reflect.Type) bool {
	end := uintptr(0)
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Name == "_" || f.Offset != end || !regular(f.Type) {
			return false
		}
		end += f.Type.Size()
	}
	return end == t.Size()
}

// equalStruct compares all fields but the blank ones, as the language says and as the
// runtime hashes them. (The function that reflect.StructOf makes compares those too.)
func equalStruct(s *abiStruct, p, q unsafe.Pointer) bool {
	for i := range s.Fields {
		f := &s.Fields[i]
		if nameString(f.Name) != "_" && !f.Typ.Equal(unsafe.Add(p, f.Offset), unsafe.Add(q, f.Offset)) {
			return false
		}
	}
	return true
}

func equalArray(a *abiArray, p, q unsafe.Pointer) bool {
	for i := range a.Len {
		if !a.Elem.Equal(unsafe.Add(p, i*a.Elem.Size), unsafe.Add(q, i*a.Elem.Size)) {
			return false
		}
	}
	return true
}

// fillParts puts the real types in the place of the stand-ins.
func (t *Types) fillParts(obj *abiType, under types.Type) {
	p := unsafe.Pointer(obj)
	switch u := under.(type) {
	case *types.Pointer:
		(*abiElem)(p).Elem = word(t.of(u.Elem()))
	case *types.Slice:
		(*abiElem)(p).Elem = word(t.of(u.Elem()))
	case *types.Array:
		a, elem := (*abiArray)(p), t.of(u.Elem())
		a.Elem, a.Slice = word(elem), word(reflect.SliceOf(elem))
	case *types.Chan:
		c := (*abiChan)(p)
		c.Elem, c.Dir = word(t.of(u.Elem())), int(chanDir(u))
	case *types.Map:
		fillMap((*abiMap)(p), (*abiMap)(unsafe.Pointer(word(reflect.MapOf(t.of(u.Key()), t.of(u.Elem()))))))
	case *types.Struct:
		for i := range u.NumFields() {
			(*abiStruct)(p).Fields[i].Typ = word(t.of(u.Field(i).Type()))
		}
	case *types.Signature:
		t.fillFunc((*abiFunc)(p), u)
	case *types.Interface:
		t.fillInterface((*abiInterface)(p), u)
	}
}

func fillMap(obj, unnamed *abiMap) {
	obj.Key, obj.Elem, obj.Group, obj.Hasher = unnamed.Key, unnamed.Elem, unnamed.Group, unnamed.Hasher
	obj.GroupSize, obj.SlotSize, obj.ElemOff, obj.Flags = unnamed.GroupSize, unnamed.SlotSize, unnamed.ElemOff, unnamed.Flags
}

func (t *Types) fillFunc(obj *abiFunc, sig *types.Signature) {
	all := append(t.tuple(sig.Params()), t.tuple(sig.Results())...)
	if len(all) == 0 {
		return
	}
	off := unsafe.Sizeof(*obj) + unsafe.Sizeof(abiUncommon{})
	to := unsafe.Slice((**abiType)(unsafe.Add(unsafe.Pointer(obj), off)), len(all))
	for i, rt := range all {
		to[i] = word(rt)
	}
}
