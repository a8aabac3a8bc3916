package rt

import (
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"sync/atomic"
	"unsafe"
)

// Method is a method of a forged type, in the method set of T or of *T. There is one
// for each pair, so that its address may serve as a key.
type Method struct {
	Recv  types.Type // T or *T
	Sel   *types.Selection
	owner *Types
	stubs entries
}

var bound [stubCount]atomic.Pointer[Method]

// MethodAt gives the method behind a code pointer that stands in a method table
// ([ItabCode]), nil if that is no stub of ours but compiled code.
func MethodAt(code uintptr) *Method {
	if k, ok := stubAt(code); ok {
		return bound[k].Load()
	}
	return nil
}

// Lookup finds a method of a forged type, or of the pointer to one, by the word of
// the type. pkg matters for names that are not exported. It is nil for all other types
// and names. It needs no stub, so that the engine's own calls find every method.
func (t *Types) Lookup(w Word, pkg *types.Package, name string) *Method {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := t.forged[(*abiType)(w)]
	if e == nil {
		return nil
	}
	id := types.Id(pkg, name)
	for _, m := range e.methods {
		if m.Sel.Obj().Id() == id {
			return m
		}
	}
	return nil
}

// methodsOf gives the method set of a type in the order of method tables. Types that
// are forged because the program knows their compiled form only by layout have none:
// nobody could call them.
func (t *Types) methodsOf(typ types.Type) []*types.Selection {
	base := typ
	if p, ok := typ.(*types.Pointer); ok {
		base = p.Elem()
	}
	if n, ok := base.(*types.Named); ok && !isCells(n.Obj().Pkg()) || types.IsInterface(base) {
		return nil
	}
	set := types.NewMethodSet(typ)
	out := make([]*types.Selection, 0, set.Len())
	for i := range set.Len() {
		if sel := set.At(i); sel.Obj().Name() != "_" {
			out = append(out, sel)
		}
	}
	slices.SortFunc(out, func(a, b *types.Selection) int { return compareNames(a.Obj(), b.Obj()) })
	return out
}

// fillMethods writes the method table of obj.
func (t *Types) fillMethods(obj *abiType, pkg *types.Package, e *entry) {
	u, home, missing := obj.uncommon(), "", 0
	if pkg != nil {
		home = pkg.Path()
	}
	table := u.methods(len(e.methods))
	for _, m := range e.methods {
		o := m.Sel.Obj()
		typ := t.signature(m.Sel.Type().(*types.Signature))
		ifn, tfn, ok := t.stubsFor(obj, m, typ)
		if !ok { // in the table all the same: cells convert to interfaces by it
			missing++
			ifn = codeOff(codeOf(noEntry))
			tfn = ifn
		}
		table[u.Mcount] = abiMethod{Name: methodName(o, home), Mtyp: addReflectOff(unsafe.Pointer(word(typ))), Ifn: ifn, Tfn: tfn}
		u.Mcount++
		if o.Exported() {
			u.Xcount++
		}
	}
	if missing > 0 {
		t.notices = append(t.notices, fmt.Sprintf("compiled packages cannot call %d of the %d methods of %s: %s", missing, len(e.methods), typeOf(obj), missingWhy))
	}
}

// stubsFor gives the two code pointers of a method: Ifn takes the receiver word, Tfn
// the receiver itself. The second serves only those who take a method off a
// reflect.Type and call it with the receiver as the first argument.
func (t *Types) stubsFor(obj *abiType, m *Method, typ reflect.Type) (ifn, tfn int32, ok bool) {
	direct := obj.TFlag&flagDirect != 0
	s, ok := claim(m, typ, direct)
	if !ok {
		return 0, 0, false
	}
	m.stubs = s
	bind(s.k, m, m.lazily(s.k, typ))
	ifn = codeOff(s.code)
	switch {
	case direct:
		return ifn, ifn, true
	case s.second:
		bind(s.byValueK, m, byValue(typeOf(obj), typ, &table[s.k]))
		return ifn, codeOff(s.byValue), true
	}
	return ifn, codeOff(codeOf(noReceiver)), true
}

// bind publishes the function of a stub. The table keeps it alive.
func bind(k int, m *Method, fn unsafe.Pointer) {
	atomic.StorePointer(&table[k], fn)
	bound[k].Store(m)
}

func codeOff(code uintptr) int32 { return addReflectOff(*(*unsafe.Pointer)(unsafe.Pointer(&code))) }

// codeOf gives the code pointer of a function without a closure.
func codeOf[F any](f F) uintptr { return **(**uintptr)(unsafe.Pointer(&f)) }

// noReceiver stands where a method has no form that takes its receiver by value. It
// never returns, so that the arguments it is called with do not matter.
func noReceiver() {
	panic("a method of a cell's type cannot be called through reflect.Type.Method(i).Func: use reflect.Value.Method(i)")
}

// noEntry stands where there was no stub left for a method, which is found by interfaces
// then but can be called by cells only.
func noEntry() {
	panic("compiled packages cannot call this method of a cell's type: " + missingWhy)
}

// withReceiver puts a receiver before the parameters of a function type.
func withReceiver(recv, typ reflect.Type) reflect.Type {
	in, out := []reflect.Type{recv}, []reflect.Type(nil)
	for p := range typ.Ins() {
		in = append(in, p)
	}
	for r := range typ.Outs() {
		out = append(out, r)
	}
	return reflect.FuncOf(in, out, typ.IsVariadic())
}

// lazily makes the first function of stub k: it asks for the real one, puts that into
// the table for all later calls, and calls it.
func (m *Method) lazily(k int, typ reflect.Type) (fn unsafe.Pointer) {
	full := withReceiver(reflect.TypeFor[unsafe.Pointer](), typ)
	var self unsafe.Pointer
	f := reflect.MakeFunc(full, func(args []reflect.Value) []reflect.Value {
		real := m.resolve()
		atomic.CompareAndSwapPointer(&table[k], self, real)
		return call(reflect.NewAt(full, unsafe.Pointer(&real)).Elem(), args)
	})
	self = funcPointer(f)
	return self
}

func (m *Method) resolve() unsafe.Pointer {
	if m.owner.methods != nil {
		if fn := m.owner.methods(m.Recv, m.Sel); fn != nil {
			return fn
		}
	}
	panic(fmt.Errorf("the method %s of %s has no body that compiled code could call", m.Sel.Obj().Name(), spell(m.Recv)))
}

// byValue makes a function that takes the receiver itself, over the one in a slot of
// the table, which takes a pointer to it.
func byValue(recv, typ reflect.Type, slot *unsafe.Pointer) unsafe.Pointer {
	full := withReceiver(reflect.TypeFor[unsafe.Pointer](), typ)
	return funcPointer(reflect.MakeFunc(withReceiver(recv, typ), func(args []reflect.Value) []reflect.Value {
		fn, box := atomic.LoadPointer(slot), reflect.New(recv)
		box.Elem().Set(args[0])
		args[0] = reflect.ValueOf(box.UnsafePointer())
		return call(reflect.NewAt(full, unsafe.Pointer(&fn)).Elem(), args)
	}))
}

func call(f reflect.Value, args []reflect.Value) []reflect.Value {
	if f.Type().IsVariadic() {
		return f.CallSlice(args)
	}
	return f.Call(args)
}

// funcPointer gives what a variable of f's type holds.
func funcPointer(f reflect.Value) unsafe.Pointer {
	box := reflect.New(f.Type())
	box.Elem().Set(f)
	return *(*unsafe.Pointer)(box.UnsafePointer())
}
