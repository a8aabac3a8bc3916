package rt

import (
	"fmt"
	"go/types"
	"reflect"
	"runtime"
	"sync"
	"unsafe"

	"golang.org/x/tools/go/types/typeutil"
)

// Methods makes the function behind a method of a forged type. recv is the type
// whose method set holds it, T or *T, and sel the method in that set (with the path
// to it when it is promoted). The result is what a func variable of the type
//
//	func(recv unsafe.Pointer, params...) results
//
// holds: recv is the receiver word of an interface method call, which is a pointer to
// the value, or the value itself when [IsDirect] says so of its type. Methods is called
// at the first call of the method, once or (by goroutines at the same time) more
// often, and without any lock. Its answer is kept for ever: a method that a later cell
// redefines must be found by the function itself.
type Methods func(recv types.Type, sel *types.Selection) (fn unsafe.Pointer)

//go:generate go run ./gen

// Types makes and keeps the reflect types of the types of one session. All its
// methods may be called by several goroutines at once.
type Types struct {
	compiled func(pkgPath, name string) reflect.Type
	methods  Methods
	sizes    types.Sizes

	mu      sync.Mutex
	canon   typeutil.Map // types.Type -> reflect.Type, by identity
	recent  map[types.Type]reflect.Type
	forged  map[*abiType]*entry
	pending []func()     // what the types of the present call of Of still lack
	fresh   []types.Type // the types of the present call of Of
	notices []string
}

// entry says what stands behind a forged type.
type entry struct {
	typ     types.Type // T, or *T for its pointer type
	methods []*Method  // in the order of the method table
	sources []*types.Func
}

// recentMax bounds the map that spares the hashing of types which are asked for
// again as the same object. The objects of old cells must not pile up in it.
const recentMax = 512

// New returns the types of a new session. compiled gives the reflect type of a named
// type of a compiled package, nil if it does not know one; a generic type is asked for
// as "Pointer[int]". It is called under a lock and must not call back. methods may be
// nil if no method of a forged type is ever called. New panics when the program was
// built with a Go whose types this package does not know.
func New(compiled func(pkgPath, name string) reflect.Type, methods Methods) *Types {
	if err := ready(); err != nil {
		panic(err)
	}
	return &Types{
		compiled: compiled,
		methods:  methods,
		sizes:    types.SizesFor("gc", runtime.GOARCH),
		recent:   map[types.Type]reflect.Type{},
		forged:   map[*abiType]*entry{},
	}
}

var ready = sync.OnceValue(func() error {
	// The runtime takes the offset -1 of a type or of code for "removed by the
	// linker", and -1 is the first that addReflectOff gives out: spend it on a name.
	addReflectOff(unsafe.Pointer(newName("", "", 0, 0)))
	if err := checkLayout(); err != nil {
		return err
	}
	return checkStubs()
})

// Of gives the reflect type of typ: the same one for identical types, and the
// compiled one where compiled code has the type too. Types that refer to themselves
// are fine. An untyped constant has the type that Go would give a variable of it.
// Of panics, and remembers nothing, for what no value has as its type: a type
// parameter, a tuple, an invalid type; and where package reflect knows no such type
// (a channel of elements of 64 KB, a function of more than 128 parameters).
func (t *Types) Of(typ types.Type) reflect.Type {
	t.mu.Lock()
	defer t.mu.Unlock()
	if rt := t.recent[typ]; rt != nil {
		return rt
	}
	done := false
	defer func() { t.finish(done) }()
	rt := t.of(typ)
	for len(t.pending) > 0 {
		next := t.pending[0]
		t.pending = t.pending[1:]
		next()
	}
	if len(t.recent) >= recentMax {
		clear(t.recent)
	}
	t.recent[typ] = rt
	done = true
	return rt
}

// finish ends a call of Of. One that panicked has left types half made.
func (t *Types) finish(done bool) {
	if !done {
		for _, typ := range t.fresh {
			t.canon.Delete(typ)
		}
	}
	t.fresh, t.pending = nil, nil
}

// Adopt tells that rt is the reflect type of typ, where compiled cannot know it: an
// unexported or generic type of a compiled package, met in the signature of a bound
// function. Pointers, slices, arrays, channels and maps are taken apart first. It does
// nothing to a type that Of has given away already.
func (t *Types) Adopt(typ types.Type, rt reflect.Type) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.adopt(types.Unalias(typ), rt)
}

func (t *Types) adopt(typ types.Type, rt reflect.Type) {
	type elemer interface{ Elem() types.Type }
	switch u := typ.(type) {
	case *types.Named, *types.Interface, *types.Struct:
		if rt.Kind() == kindOf(u.Underlying()) && t.canon.At(typ) == nil {
			t.canon.Set(typ, rt)
		}
	case *types.Map:
		if rt.Kind() == reflect.Map {
			t.adopt(types.Unalias(u.Key()), rt.Key())
			t.adopt(types.Unalias(u.Elem()), rt.Elem())
		}
	case elemer:
		if rt.Kind() == kindOf(typ) {
			t.adopt(types.Unalias(u.Elem()), rt.Elem())
		}
	}
}

// Source gives the type behind the word of a forged type, or of the pointer type of
// one; nil for all others. Words of types that Renew replaced stay known.
func (t *Types) Source(w Word) types.Type {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e := t.forged[(*abiType)(w)]; e != nil {
		return e.typ
	}
	return nil
}

// Notices returns what the person at the notebook should know, in sentences, and
// forgets it: types whose methods compiled code cannot call. It is nil mostly.
func (t *Types) Notices() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := t.notices
	t.notices = nil
	return out
}

func (t *Types) of(typ types.Type) reflect.Type {
	typ = types.Unalias(typ)
	if rt, ok := t.canon.At(typ).(reflect.Type); ok {
		return rt
	}
	rt := t.build(typ)
	t.canon.Set(typ, rt)
	t.fresh = append(t.fresh, typ)
	return rt
}

// TooLarge is the panic value for a type whose values would be too large. It
// is a sentence.
type TooLarge string

// largest is the most that an array takes. Go's compiler allows more, and a
// process that asks for it may end.
const largest = 16 << 30

func arrayOf(a *types.Array, elem reflect.Type) reflect.Type {
	if elem.Size() > 0 && uint64(a.Len()) > largest/uint64(elem.Size()) {
		panic(TooLarge(fmt.Sprintf("an array %v takes more than 16 GiB: make a slice of the length that is needed, make([]%v, n)", a, elem)))
	}
	return reflect.ArrayOf(int(a.Len()), elem)
}

func chanOf(c *types.Chan, elem reflect.Type) reflect.Type {
	if elem.Size() >= 1<<16 {
		panic(TooLarge(fmt.Sprintf("the values of a %v are larger than 64 KiB, which is the most that Go sends: send pointers", c)))
	}
	return ChanOf(chanDir(c), elem)
}

func (t *Types) build(typ types.Type) reflect.Type {
	switch u := typ.(type) {
	case *types.Basic:
		return basic(u)
	case *types.Named:
		return t.named(u)
	case *types.Pointer:
		return reflect.PointerTo(t.of(u.Elem()))
	case *types.Slice:
		return reflect.SliceOf(t.of(u.Elem()))
	case *types.Array:
		return arrayOf(u, t.of(u.Elem()))
	case *types.Map:
		return reflect.MapOf(t.of(u.Key()), t.of(u.Elem()))
	case *types.Chan:
		return chanOf(u, t.of(u.Elem()))
	case *types.Signature:
		return reflect.FuncOf(t.tuple(u.Params()), t.tuple(u.Results()), u.Variadic())
	case *types.Struct:
		return t.structOf(u)
	case *types.Interface:
		return t.interfaceOf(u)
	}
	panic(fmt.Errorf("%s is not the type of a value", typ))
}

func (t *Types) tuple(vars *types.Tuple) []reflect.Type {
	out := make([]reflect.Type, vars.Len())
	for i := range out {
		out[i] = t.of(vars.At(i).Type())
	}
	return out
}

// named gives the compiled type of the name, or forges one.
func (t *Types) named(n *types.Named) reflect.Type {
	obj := n.Obj()
	if obj.Pkg() == nil {
		if obj.Name() == "error" {
			return reflect.TypeFor[error]()
		}
		return reflect.TypeFor[any]() // comparable, in a constraint only
	}
	if rt := t.lookCompiled(n); rt != nil {
		return rt
	}
	return typeOf(t.forge(n))
}

// lookCompiled asks for a type by its name. A local type has no name outside its
// function.
func (t *Types) lookCompiled(n *types.Named) reflect.Type {
	obj := n.Obj()
	if t.compiled == nil || isCells(obj.Pkg()) || obj.Parent() != obj.Pkg().Scope() {
		return nil
	}
	rt := t.compiled(obj.Pkg().Path(), obj.Name()+typeArgs(n))
	if rt == nil {
		return nil
	}
	if rt.Kind() != kindOf(n.Underlying()) || int64(rt.Size()) != t.sizes.Sizeof(n) {
		panic(fmt.Errorf("the program was built with another version of package %s than the one that cells are checked against: %s differs", obj.Pkg().Path(), obj.Name()))
	}
	return rt
}

// isCells reports whether a package is that of the cells: compiled code cannot
// import a package main, so that all types of one are the session's own.
func isCells(p *types.Package) bool { return p.Name() == "main" }

func chanDir(c *types.Chan) reflect.ChanDir {
	switch c.Dir() {
	case types.SendOnly:
		return reflect.SendDir
	case types.RecvOnly:
		return reflect.RecvDir
	}
	return reflect.BothDir
}

func basic(b *types.Basic) reflect.Type {
	if b.Kind() == types.UntypedNil {
		return reflect.TypeFor[unsafe.Pointer]()
	}
	if rt := basics[types.Default(b).(*types.Basic).Kind()]; rt != nil {
		return rt
	}
	panic(fmt.Errorf("%s is not the type of a value", b))
}

var basics = map[types.BasicKind]reflect.Type{
	types.Bool: reflect.TypeFor[bool](), types.String: reflect.TypeFor[string](),
	types.Int: reflect.TypeFor[int](), types.Int8: reflect.TypeFor[int8](), types.Int16: reflect.TypeFor[int16](),
	types.Int32: reflect.TypeFor[int32](), types.Int64: reflect.TypeFor[int64](),
	types.Uint: reflect.TypeFor[uint](), types.Uint8: reflect.TypeFor[uint8](), types.Uint16: reflect.TypeFor[uint16](),
	types.Uint32: reflect.TypeFor[uint32](), types.Uint64: reflect.TypeFor[uint64](), types.Uintptr: reflect.TypeFor[uintptr](),
	types.Float32: reflect.TypeFor[float32](), types.Float64: reflect.TypeFor[float64](),
	types.Complex64: reflect.TypeFor[complex64](), types.Complex128: reflect.TypeFor[complex128](),
	types.UnsafePointer: reflect.TypeFor[unsafe.Pointer](),
}

// kindOf gives the kind of an underlying type.
func kindOf(u types.Type) reflect.Kind {
	switch u := u.(type) {
	case *types.Basic:
		return basic(u).Kind()
	case *types.Pointer:
		return reflect.Pointer
	case *types.Slice:
		return reflect.Slice
	case *types.Array:
		return reflect.Array
	case *types.Map:
		return reflect.Map
	case *types.Chan:
		return reflect.Chan
	case *types.Signature:
		return reflect.Func
	case *types.Struct:
		return reflect.Struct
	case *types.Interface:
		return reflect.Interface
	}
	return reflect.Invalid
}
