package rt

import (
	"fmt"
	"reflect"
	"runtime"
	"unsafe"
)

// The types of this file repeat the layout of package internal/abi of Go 1.26:
// what a *reflect.rtype points to. checkLayout reads a few compiled types through
// them and compares the answers with package reflect's, so that a Go release that
// moves a field stops the program at its start instead of corrupting its memory.

type abiType struct {
	Size, PtrBytes          uintptr
	Hash                    uint32
	TFlag                   uint8
	Align, FieldAlign, Kind uint8
	Equal                   func(p, q unsafe.Pointer) bool
	GCData                  *byte
	Str, PtrToThis          int32
}

const (
	flagUncommon  = 1 << 0
	flagExtraStar = 1 << 1
	flagNamed     = 1 << 2
	flagRegular   = 1 << 3
	flagDirect    = 1 << 5
)

type abiUncommon struct {
	PkgPath        int32
	Mcount, Xcount uint16
	Moff, _        uint32
}

type abiMethod struct{ Name, Mtyp, Ifn, Tfn int32 }

type abiImethod struct{ Name, Typ int32 }

type abiField struct {
	Name   *byte
	Typ    *abiType
	Offset uintptr
}

type abiArray struct {
	abiType
	Elem, Slice *abiType
	Len         uintptr
}

type abiChan struct {
	abiType
	Elem *abiType
	Dir  int
}

// abiFunc is followed by its uncommon part, if any, and by the types of its
// parameters and results.
type abiFunc struct {
	abiType
	In, Out uint16 // the top bit of Out: variadic
}

type abiInterface struct {
	abiType
	PkgPath *byte
	Methods []abiImethod
}

type abiMap struct {
	abiType
	Key, Elem, Group             *abiType
	Hasher                       func(unsafe.Pointer, uintptr) uintptr
	GroupSize, SlotSize, ElemOff uintptr
	Flags                        uint32
}

type abiElem struct { // a pointer or a slice
	abiType
	Elem *abiType
}

type abiStruct struct {
	abiType
	PkgPath *byte
	Fields  []abiField
}

type abiItab struct {
	Inter, Type *abiType
	Hash        uint32
	Fun         [1]uintptr
}

// head gives for each kind the Go type of the part that stands before the uncommon part.
var head = map[reflect.Kind]reflect.Type{
	reflect.Array:     reflect.TypeFor[abiArray](),
	reflect.Chan:      reflect.TypeFor[abiChan](),
	reflect.Func:      reflect.TypeFor[abiFunc](),
	reflect.Interface: reflect.TypeFor[abiInterface](),
	reflect.Map:       reflect.TypeFor[abiMap](),
	reflect.Pointer:   reflect.TypeFor[abiElem](),
	reflect.Slice:     reflect.TypeFor[abiElem](),
	reflect.Struct:    reflect.TypeFor[abiStruct](),
}

func headOf(k reflect.Kind) reflect.Type {
	if t := head[k]; t != nil {
		return t
	}
	return reflect.TypeFor[abiType]()
}

// word gives the abi object of a reflect type.
func word(t reflect.Type) *abiType {
	return (*abiType)((*[2]unsafe.Pointer)(unsafe.Pointer(&t))[1])
}

// typeOf is the inverse of word. The first word of a reflect.Type is always the
// itab of *reflect.rtype, which any reflect.Type lends.
func typeOf(w *abiType) reflect.Type {
	if w == nil {
		return nil
	}
	t := reflect.TypeFor[int]()
	(*[2]unsafe.Pointer)(unsafe.Pointer(&t))[1] = unsafe.Pointer(w)
	return t
}

// uncommon gives the part with the methods, nil if the type has none.
func (t *abiType) uncommon() *abiUncommon {
	if t.TFlag&flagUncommon == 0 {
		return nil
	}
	return (*abiUncommon)(unsafe.Add(unsafe.Pointer(t), headOf(reflect.Kind(t.Kind)).Size()))
}

func (u *abiUncommon) methods(n int) []abiMethod {
	if n == 0 {
		return nil
	}
	return unsafe.Slice((*abiMethod)(unsafe.Add(unsafe.Pointer(u), u.Moff)), n)
}

// A name is a byte of flags, the length as a varint, the letters, then the tag in
// the same form and the offset of a package path, where the flags say so.
const (
	nameExported = 1 << 0
	nameTag      = 1 << 1
	namePkg      = 1 << 2
	nameEmbedded = 1 << 3
)

func newName(name, tag string, flags byte, pkgPath int32) *byte {
	if tag != "" {
		flags |= nameTag
	}
	if pkgPath != 0 {
		flags |= namePkg
	}
	b := appendCounted([]byte{flags}, name)
	if tag != "" {
		b = appendCounted(b, tag)
	}
	if pkgPath != 0 {
		p := *(*[4]byte)(unsafe.Pointer(&pkgPath))
		b = append(b, p[:]...)
	}
	return &b[0]
}

func appendCounted(b []byte, s string) []byte {
	n := len(s)
	for ; n >= 0x80; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	return append(append(b, byte(n)), s...)
}

func nameString(p *byte) string {
	if p == nil {
		return ""
	}
	n, shift, at := 0, 0, 1
	for {
		b := *(*byte)(unsafe.Add(unsafe.Pointer(p), at))
		n |= int(b&0x7f) << shift
		at, shift = at+1, shift+7
		if b < 0x80 {
			return unsafe.String((*byte)(unsafe.Add(unsafe.Pointer(p), at)), n)
		}
	}
}

type layoutProbe struct {
	A int8 `k:"v"`
	b map[string][]*layoutProbe
	C [3]chan<- func(int, ...string) error
}

func (layoutProbe) Probe(int) string { return "" }

// probe is a variable so that the compiler does not look into the type itself: what
// it reads there at compile time it writes down in a form that the linker rejects.
var probe any = layoutProbe{}

// checkLayout compares what the mirror reads with what reflect says.
func checkLayout() error {
	t := reflect.TypeOf(probe)
	s := (*abiStruct)(unsafe.Pointer(word(t)))
	wrong := func(what string) error {
		return fmt.Errorf("%s lays out its types in another way than Go 1.26 (%s differs), so cells cannot have types of their own: this needs a new version of the program", runtime.Version(), what)
	}
	switch {
	case typeOf(word(t)) != t:
		return wrong("reflect.Type")
	case s.Size != t.Size() || int(s.Align) != t.Align() || reflect.Kind(s.Kind) != reflect.Struct || s.Equal != nil || s.PtrBytes != t.Size():
		return wrong("the head of a type")
	case len(s.Fields) != 3 || nameString(s.Fields[1].Name) != "b" || s.Fields[2].Offset != t.Field(2).Offset || typeOf(s.Fields[2].Typ) != t.Field(2).Type || nameString(s.PkgPath) != t.PkgPath():
		return wrong("a struct type")
	}
	m := (*abiMap)(unsafe.Pointer(word(t.Field(1).Type)))
	if typeOf(m.Key) != reflect.TypeFor[string]() || typeOf(m.Elem) != reflect.TypeFor[[]*layoutProbe]() || m.Group.Size != m.GroupSize || m.SlotSize != 16+24 || m.ElemOff != 16 || m.Hasher == nil {
		return wrong("a map type")
	}
	sl := (*abiElem)(unsafe.Pointer(m.Elem))
	a := (*abiArray)(unsafe.Pointer(word(t.Field(2).Type)))
	c := (*abiChan)(unsafe.Pointer(a.Elem))
	f := (*abiFunc)(unsafe.Pointer(c.Elem))
	ins := (*[3]*abiType)(unsafe.Add(unsafe.Pointer(f), unsafe.Sizeof(*f)))
	e := (*abiInterface)(unsafe.Pointer(ins[2]))
	u := s.uncommon()
	switch {
	case typeOf(sl.Elem) != reflect.TypeFor[*layoutProbe]():
		return wrong("a slice type")
	case a.Len != 3 || typeOf(a.Slice) != reflect.SliceOf(t.Field(2).Type.Elem()):
		return wrong("an array type")
	case reflect.ChanDir(c.Dir) != reflect.SendDir:
		return wrong("a channel type")
	case f.In != 2 || f.Out != 1|1<<15 || typeOf(ins[0]) != reflect.TypeFor[int]() || typeOf(ins[2]) != reflect.TypeFor[error]():
		return wrong("a function type")
	case len(e.Methods) != 1:
		return wrong("an interface type")
	case u == nil || u.Mcount != 1 || u.Xcount != 1:
		return wrong("a method table")
	}
	return checkMethod(s, u, wrong)
}

func checkMethod(s *abiStruct, u *abiUncommon, wrong func(string) error) error {
	name := (*byte)(resolveNameOff(unsafe.Pointer(s), u.methods(1)[0].Name))
	if nameString(name) != "Probe" || *name&nameExported == 0 {
		return wrong("the name of a method")
	}
	tab := Itab(reflect.TypeFor[interface{ Probe(int) string }](), reflect.TypeFor[layoutProbe]())
	if tab == nil || (*abiItab)(tab).Type != &s.abiType || (*abiItab)(tab).Fun[0] == 0 {
		return wrong("a method table of an interface")
	}
	return nil
}
