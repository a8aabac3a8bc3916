package closure

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"sync"

	"github.com/dagbook/dagbook/kernel/eval/closure/generic"
	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// member returns a function or variable of a compiled package.
func (e *Engine) member(path, name string) (reflect.Value, bool) {
	syms, ok := e.packages[path]
	if !ok {
		syms, ok = e.host.Bound(path)
		if !ok {
			return reflect.Value{}, false
		}
		e.packages[path] = syms
	}
	v, ok := syms[name]
	return v, ok
}

// compiledType is the reflect type of a type of a compiled package.
func (e *Engine) compiledType(path, name string) reflect.Type {
	v, ok := e.member(path, name)
	if !ok || v.Kind() != reflect.Pointer || !v.IsNil() {
		return nil
	}
	return v.Type().Elem()
}

// typeOfWord is the reflect type with that type word.
func (e *Engine) typeOfWord(w mem.Ptr) reflect.Type { return rt.FromWord(w) }

// same reports whether two type words mean one type.
func (e *Engine) same(a, b mem.Ptr) bool {
	if e.growths.Load() == 0 {
		return false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.types.Same(a, b)
}

// itab returns the itab of an interface type for a type; nil when it lacks methods.
func (e *Engine) itab(iface types.Type, t reflect.Type) mem.Ptr {
	if e.growths.Load() > 0 {
		if src := e.types.Source(rt.TypeWord(t)); src != nil {
			t = e.types.Of(src)
		}
	}
	return rt.Itab(e.layout(iface).Type, t)
}

// memberTarget is the function of a package that a call calls.
func (c *compiler) memberTarget(id *ast.Ident, o *types.Func, sig *types.Signature) *function {
	name := o.Pkg().Path() + "." + o.Name()
	if name == "context.Background" || name == "context.TODO" {
		return c.backgroundFunction(name, sig)
	}
	v := c.memberValue(id, o, sig)
	if own, ok := sized[name]; ok {
		v = reflect.ValueOf(own)
	}
	return c.nativeFunction(v, sig)
}

// memberFunction is a function of a package as a value.
func (c *compiler) memberFunction(id *ast.Ident, o *types.Func, t types.Type) *expr {
	v := c.memberValue(id, o, t.Underlying().(*types.Signature))
	return &expr{t: t, k: kPtr, where: inConst, con: mem.Words(v.Interface()).Data}
}

func (c *compiler) memberValue(id *ast.Ident, o *types.Func, sig *types.Signature) reflect.Value {
	c.letsOut(o.Pkg().Path(), sig)
	if o.Signature().TypeParams().Len() == 0 {
		v, ok := c.member(o.Pkg().Path(), o.Name())
		if !ok || v.Kind() != reflect.Func {
			c.refuse(id, "there is no function %s.%s here", o.Pkg().Name(), o.Name())
		}
		if t := v.Type(); t.NumIn() != sig.Params().Len() || t.NumOut() != sig.Results().Len() || t.IsVariadic() != sig.Variadic() {
			c.refuse(id, "dagbook was built with another version of package %s than the one that cells are checked against: %s differs", o.Pkg().Path(), o.Name())
		}
		c.adopt(sig, v.Type())
		return v
	}
	var args []reflect.Type
	for a := range c.info.Instances[id].TypeArgs.Types() {
		args = append(args, c.layout(c.subst(a)).Type)
	}
	if v, ok := c.boundInstance(o.Pkg().Path(), o.Name(), args, sig); ok {
		return v
	}
	v, ok := generic.FuncWith(ownCalls, o.Pkg().Path(), o.Name(), args, c.layout(sig).Type)
	if !ok {
		c.refuse(id, "the closure engine does not have the generic function %s.%s", o.Pkg().Name(), o.Name())
	}
	return v
}

// adopt tells which types a compiled function has where nobody else can: unexported ones.
func (c *compiler) adopt(sig *types.Signature, t reflect.Type) {
	for i := range sig.Params().Len() {
		c.types.Adopt(sig.Params().At(i).Type(), t.In(i))
	}
	for i := range sig.Results().Len() {
		c.types.Adopt(sig.Results().At(i).Type(), t.Out(i))
	}
}

// nativeFunction is a compiled function as one that calls can enter.
func (c *compiler) nativeFunction(v reflect.Value, sig *types.Signature) *function {
	own := c.signature(types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic()))
	return c.native(v, own, nil, sig.Variadic())
}

// native wraps a compiled function; its receiver, if it has one, is its first parameter.
func (e *Engine) native(v reflect.Value, sig *signature, recv *slot, variadic bool) *function {
	fn := &function{sig: sig, index: e.nextIndex(), frame: sig.builder.layout(), native: true}
	in := sig.params
	if recv != nil {
		in = append([]slot{*recv}, in...)
	}
	name := shapeName(in, sig.results)
	if direct := directs[name]; direct != nil {
		p := mem.Words(v.Interface()).Data
		fn.direct = func(args []mem.Ptr) mem.Ptr { return direct(p, args) }
	}
	if call := calls[name]; call != nil {
		fn.run = call(mem.Words(v.Interface()).Data, in, sig.results)
		return fn
	}
	call := v.Call
	if variadic {
		call = v.CallSlice
	}
	fn.run = func(f F) ctl { callNative(f, call, in, sig.results); return next }
	return fn
}

// shapeName is the shape of a function, "" when a parameter or result has none.
func shapeName(in, out []slot) string {
	name := make([]byte, 0, 16)
	for _, s := range in {
		name = append(name, shapeLetter(s.lay.Type))
	}
	name = append(name, ':')
	for _, s := range out {
		name = append(name, shapeLetter(s.lay.Type))
	}
	return string(name)
}

var shapeLetters = map[reflect.Kind]byte{
	reflect.Bool: 'B', reflect.Int8: 'b', reflect.Uint8: 'b', reflect.Int16: 'h', reflect.Uint16: 'h', reflect.Int32: 'i', reflect.Uint32: 'i',
	reflect.Int64: 'I', reflect.Uint64: 'I', reflect.Float32: 'f', reflect.Float64: 'F', reflect.String: 'S',
	reflect.Pointer: 'P', reflect.Map: 'P', reflect.Chan: 'P', reflect.Func: 'P', reflect.UnsafePointer: 'P', reflect.Slice: 'L', reflect.Interface: 'E',
}

func shapeLetter(t reflect.Type) byte {
	switch t.Kind() {
	case reflect.Int, reflect.Uint, reflect.Uintptr:
		if t.Size() == 4 {
			return 'i'
		}
		return 'I'
	}
	if l := shapeLetters[t.Kind()]; l != 0 {
		return l
	}
	return '?'
}

// callNative calls a compiled function by reflection.
func callNative(f F, call func([]reflect.Value) []reflect.Value, in, results []slot) {
	args := make([]reflect.Value, len(in))
	for i := range in {
		args[i] = in[i].lay.Value(mem.Add(f, in[i].off))
	}
	for i, r := range call(args) {
		results[i].lay.Value(mem.Add(f, results[i].off)).Set(r)
	}
}

// foreignMethod is a method of a compiled type; recv is the receiver as it takes it.
func (c *compiler) foreignMethod(recv types.Type, m *types.Func, sig *types.Signature) *function {
	lay := c.layout(recv)
	own := c.signature(sig)
	if named := namedOf(recv); named != nil && named.TypeArgs().Len() > 0 {
		if v, ok := c.genericMethod(named, m, recv, sig); ok {
			return c.native(v, own, own.recv, sig.Variadic())
		}
	}
	c.letsOut(m.Pkg().Path(), sig)
	name := lay.Type.String() + "." + m.Name()
	if _, ok := locks[name]; ok {
		return c.lock(name, own)
	}
	for _, ours := range []map[string]any{unlocks, sized, c.exits} {
		if v, ok := ours[name]; ok {
			return c.native(reflect.ValueOf(v), own, own.recv, sig.Variadic())
		}
	}
	r, ok := lay.Type.MethodByName(m.Name())
	if !ok {
		panic("closure: " + lay.Type.String() + " has no method " + m.Name())
	}
	return c.native(r.Func, own, own.recv, sig.Variadic())
}

// unlocks stand for the methods of mutexes that end the process when nothing is locked:
// here they panic.
var unlocks = map[string]any{
	"*sync.Mutex.Unlock": func(m *sync.Mutex) {
		if m.TryLock() {
			m.Unlock()
			panic(runtimeError("sync: unlock of unlocked mutex"))
		}
		m.Unlock()
	},
	"*sync.RWMutex.Unlock": func(m *sync.RWMutex) {
		if m.TryLock() {
			m.Unlock()
			panic(runtimeError("sync: Unlock of unlocked RWMutex"))
		}
		m.Unlock()
	},
	"*sync.RWMutex.RUnlock": func(m *sync.RWMutex) {
		if m.TryLock() {
			m.Unlock()
			panic(runtimeError("sync: RUnlock of unlocked RWMutex"))
		}
		m.RUnlock()
	},
}

func (c *compiler) genericMethod(named *types.Named, m *types.Func, recv types.Type, sig *types.Signature) (reflect.Value, bool) {
	var args []reflect.Type
	for a := range named.TypeArgs().Types() {
		args = append(args, c.layout(a).Type)
	}
	params := []*types.Var{types.NewParam(0, nil, "", recv)}
	for p := range sig.Params().Variables() {
		params = append(params, p)
	}
	full := types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), sig.Results(), sig.Variadic())
	if v, ok := c.boundInstance(named.Obj().Pkg().Path(), named.Obj().Name()+"."+m.Name(), args, full); ok {
		return v, true
	}
	return generic.Method(named.Obj().Pkg().Path(), named.Obj().Name(), m.Name(), args, c.layout(full).Type)
}

// foreignImplementation is the method of a compiled dynamic type.
func (e *Engine) foreignImplementation(typ mem.Ptr, m *methodCall) *implementation {
	t := rt.FromWord(typ)
	r, ok := t.MethodByName(m.name)
	if !ok {
		panic("closure: " + t.String() + " has no method " + m.name)
	}
	sig := e.signatureOf(nil, tupleOf(m.sig.Params()), tupleOf(m.sig.Results()))
	lay := mem.LayoutOf(t)
	recv := slot{off: sig.builder.add(t), lay: lay}
	fn := e.native(r.Func, sig, &recv, m.sig.Variadic())
	return &implementation{typ: typ, ref: refTo(fn), off: recv.off, lay: lay, direct: rt.IsDirect(t)}
}

// methodFunc makes the function of a method for compiled code; see [rt.Methods].
func (e *Engine) methodFunc(recv types.Type, sel *types.Selection) mem.Ptr {
	m := sel.Obj().(*types.Func)
	sig := sel.Type().(*types.Signature)
	call := &methodCall{e: e, name: m.Name(), pkg: m.Pkg(), sig: types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic())}
	im := e.implementation(e.layout(recv).Word, call)
	e.mu.Lock()
	defer e.mu.Unlock()
	params := []*types.Var{types.NewParam(0, nil, "", types.Typ[types.UnsafePointer])}
	for p := range sig.Params().Variables() {
		params = append(params, p)
	}
	full := types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), sig.Results(), false)
	own := e.signatureOf(nil, tupleOf(sig.Params()), tupleOf(sig.Results()))
	word := slot{off: receiverWord, k: kPtr, lay: e.layout(types.Typ[types.UnsafePointer])}
	if im.direct {
		word.off = im.off
	}
	own.params = append([]slot{word}, own.params...)
	return e.shapeOf(full).method(&function{name: m.Name(), sig: own}, im)
}

// receiverWord is where the receiver word of a method stands that takes a copy of what the
// word points to: methods have no closure.
var receiverWord = func() uintptr { f, _ := reflect.TypeFor[header]().FieldByName("clo"); return f.Offset }()

// shape is what func values of a type need at the border: how code of cells becomes a Go
// func value, and what stands behind a func value that a cell calls.
type shape struct {
	e      *Engine
	typ    reflect.Type
	sig    *signature
	at     []uintptr // its places
	native *function // calls the compiled function in header.clo

	make func(*callback) any // makes func values; nil when there is no code for the shape
	code uintptr             // of those
}

func (c *compiler) shape(t types.Type) *shape { return c.shapeOf(t.Underlying().(*types.Signature)) }

func (e *Engine) shapeOf(sig *types.Signature) *shape {
	sig = types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic())
	t := e.layout(sig).Type
	if s := e.shapes[t]; s != nil {
		return s
	}
	s := &shape{e: e, typ: t, sig: e.signatureOf(nil, tupleOf(sig.Params()), tupleOf(sig.Results()))}
	s.at = s.sig.places()
	s.native = &function{sig: s.sig, index: e.nextIndex(), frame: s.sig.builder.layout(), native: true}
	e.shapes[t] = s
	name := shapeName(s.sig.params, s.sig.results)
	if s.make = callbacks[name]; s.make != nil {
		s.code = mem.CodeOf(s.make(nil))
	}
	if call := calls[name]; call != nil {
		s.native.run = call(nil, s.sig.params, s.sig.results)
		return s
	}
	lay, variadic := mem.LayoutOf(t), sig.Variadic()
	s.native.run = func(f F) ctl {
		p := head(f).clo
		v := lay.Value(mem.Of(&p))
		call := v.Call
		if variadic {
			call = v.CallSlice
		}
		callNative(f, call, s.sig.params, s.sig.results)
		return next
	}
	return s
}

// value makes the func value of a closure.
func (s *shape) value(clo *closure, r *run) mem.Ptr {
	return s.funcOf(&callback{e: s.e, fn: clo.fn, at: s.at, clo: clo, run: r})
}

// method makes the func value of a method, which takes its receiver word and the arguments
// where form says.
func (s *shape) method(form *function, im *implementation) mem.Ptr {
	return s.funcOf(&callback{e: s.e, fn: form, at: form.sig.places(), method: im})
}

func (s *shape) funcOf(cb *callback) mem.Ptr {
	if s.make != nil {
		return mem.Words(s.make(cb)).Data
	}
	return mem.MakeFunc(s.typ, handler(cb))
}

// handler is the function behind the func values of closures. Its code tells them from
// others, and the callback is the one thing that it captures. Inlined it would have other
// code at each place.
//
//go:noinline
func handler(cb *callback) func([]reflect.Value) []reflect.Value {
	return func(args []reflect.Value) []reflect.Value { return cb.call(args) }
}

var handlerCode = mem.CodeOf(handler(nil))

// find is resolve, short for the closures of cells.
func (s *shape) find(p mem.Ptr) (*function, mem.Ptr) {
	if p != nil {
		if c := mem.CapturedBy(p, s.code); c != nil {
			cb := mem.Pointer[callback](c)
			return cb.fn, mem.Of(cb.clo)
		}
	}
	return s.resolve(p)
}

// resolve finds the function behind a func value, and what goes into header.clo.
func (s *shape) resolve(p mem.Ptr) (*function, mem.Ptr) {
	if p == nil {
		nilDereference(nil, token.NoPos)
	}
	cb := s.callback(p)
	if cb == nil {
		return s.native, p
	}
	return cb.fn, mem.Of(cb.clo)
}

// callback is what stands behind a func value of a cell, nil for a compiled function.
func (s *shape) callback(p mem.Ptr) *callback {
	c := mem.CapturedBy(p, s.code)
	if c == nil {
		c = mem.Captured(p, handlerCode)
	}
	if c == nil {
		return nil
	}
	return mem.Pointer[callback](c)
}
