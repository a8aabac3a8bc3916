package taskgraph

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"maps"
	"math"
	"reflect"
	"runtime"
	"slices"
	"strings"
)

// A Tokener says by itself what its contents are, for the keys of pure
// tasks: values with equal tokens are equal. It spares the look at fields
// that do not matter, or that cannot be seen.
type Tokener interface {
	Token() string
}

// newToken is the token of a new node: the same for the same contents if it
// is pure, otherwise one that no other node has.
func (n *Node) newToken() uint64 {
	if n.fn.pure {
		if token, ok := n.contents(); ok {
			return token
		}
	}
	return n.fn.runner.token()
}

// contents hashes the function and the arguments; false when there is an
// argument whose contents cannot be told.
func (n *Node) contents() (uint64, bool) {
	h := hashing{h: sha256.New(), seen: map[visit]int{}, made: map[part]int{}}
	h.text(n.fn.identity())
	ok := true
	for _, arg := range n.args {
		switch arg := arg.(type) {
		case hole:
			h.text("hole")
		case *template:
			ok = ok && h.template(arg)
		default:
			ok = ok && h.value(reflect.ValueOf(arg))
		}
	}
	for _, in := range n.inputs {
		h.text(in.fn.name)
		h.number(in.token)
	}
	if !ok {
		return 0, false
	}
	return binary.LittleEndian.Uint64(h.h.Sum(nil)), true
}

// identity names the function in the keys of pure calls.
func (f *function) identity() string {
	if f.id != "" {
		return f.name + " " + f.id
	}
	return f.name + " #" + itoa(int(f.serial))
}

// declaredName is the full name of a function that was declared, of which
// there is one only; "" for literals, method values, instances of generic
// functions and functions made at run time.
func declaredName(fn reflect.Value) string {
	full := runtime.FuncForPC(fn.Pointer()).Name()
	_, name, _ := strings.Cut(full[strings.LastIndexByte(full, '/')+1:], ".")
	if name == "" || full == "reflect.makeFuncStub" || strings.HasSuffix(full, "-fm") || strings.ContainsRune(full, '[') {
		return ""
	}
	for _, part := range strings.Split(name, ".") {
		if strings.HasPrefix(part, "func") && isDigits(strings.TrimPrefix(part, "func")) || isDigits(part) {
			return ""
		}
	}
	return full
}

// hashing writes values into a hash, so that equal contents of equal types
// give equal bytes and others do not.
type hashing struct {
	h    hash.Hash
	seen map[visit]int // containers, numbered: cycles end
	made map[part]int  // parts of templates, the same way
	buf  []byte
}

func (h *hashing) number(u uint64) {
	h.buf = binary.LittleEndian.AppendUint64(h.buf[:0], u)
	h.h.Write(h.buf)
}

func (h *hashing) text(s string) {
	h.number(uint64(len(s)))
	h.h.Write([]byte(s))
}

// value hashes a value with its type; false for what has no contents.
func (h *hashing) value(v reflect.Value) bool {
	if !v.IsValid() {
		h.text("nil")
		return true
	}
	h.text(v.Type().PkgPath() + " " + v.Type().String())
	if v.CanInterface() {
		if t, ok := v.Interface().(Tokener); ok && !isNothing(v) {
			h.text(t.Token())
			return true
		}
		if n, ok := v.Interface().(*Node); ok && n != nil {
			h.text(n.fn.name)
			h.number(n.token)
			return true
		}
		if h.numbers(v.Interface()) {
			return true
		}
	}
	return h.plain(v)
}

// numbers hashes the slices that are often large, without package reflect.
func (h *hashing) numbers(v any) bool {
	var bytes []byte
	switch s := v.(type) {
	case []byte:
		bytes = s
	case []int:
		for _, x := range s {
			bytes = binary.LittleEndian.AppendUint64(bytes, uint64(x))
		}
	case []float64:
		for _, x := range s {
			bytes = binary.LittleEndian.AppendUint64(bytes, math.Float64bits(x))
		}
	default:
		return false
	}
	if bytes == nil && isNothing(reflect.ValueOf(v)) {
		h.number(0) // a nil slice is not an empty one
		return true
	}
	h.number(1)
	h.number(uint64(len(bytes)))
	h.h.Write(bytes)
	return true
}

func (h *hashing) plain(v reflect.Value) bool {
	switch {
	case v.Kind() == reflect.Bool:
		h.number(map[bool]uint64{true: 1}[v.Bool()])
	case v.CanInt():
		h.number(uint64(v.Int()))
	case v.CanUint() && v.Kind() != reflect.Uintptr:
		h.number(v.Uint())
	case v.CanFloat():
		h.number(math.Float64bits(v.Float()))
	case v.CanComplex():
		h.number(math.Float64bits(real(v.Complex())))
		h.number(math.Float64bits(imag(v.Complex())))
	case v.Kind() == reflect.String:
		h.text(v.String())
	default:
		return h.container(v)
	}
	return true
}

func (h *hashing) container(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Interface:
		return h.value(v.Elem())
	case reflect.Pointer:
		return h.again(v, 0) || h.value(v.Elem())
	case reflect.Slice:
		return h.again(v, v.Len()) || h.elements(v)
	case reflect.Array:
		return h.elements(v)
	case reflect.Map:
		return h.again(v, 0) || h.entries(v)
	case reflect.Struct:
		for i := range v.NumField() {
			if !h.value(v.Field(i)) {
				return false
			}
		}
		return true
	}
	return isNothing(v) // functions, channels
}

// again tells whether a container is nil or was hashed before, and notes it
// and which it was.
func (h *hashing) again(v reflect.Value, n int) bool {
	if v.IsNil() {
		h.text("nil")
		return true
	}
	at := visit{at: v.Pointer(), len: n, t: v.Type()}
	which, known := h.seen[at]
	if !known {
		which = len(h.seen)
		h.seen[at] = which
	}
	h.number(uint64(which))
	return known
}

func (h *hashing) elements(v reflect.Value) bool {
	h.number(uint64(v.Len()))
	for i := range v.Len() {
		if !h.value(v.Index(i)) {
			return false
		}
	}
	return true
}

// entries hashes each entry by itself and then the sorted hashes, since maps
// have no order.
func (h *hashing) entries(v reflect.Value) bool {
	var sums []string
	for it := v.MapRange(); it.Next(); {
		e := hashing{h: sha256.New(), seen: maps.Clone(h.seen)} // numbered without regard to the order
		if !e.value(it.Key()) || !e.value(it.Value()) {
			return false
		}
		sums = append(sums, string(e.h.Sum(nil)))
	}
	slices.Sort(sums)
	h.text(strings.Join(sums, ""))
	return true
}

// template hashes an argument with nodes inside. The nodes themselves are
// hashed as inputs, in the order of the holes.
func (h *hashing) template(t *template) bool {
	h.text(t.t.String())
	h.number(uint64(t.inputs))
	return t.root == nil || t.root.hash(h)
}

func isNothing(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Func, reflect.Chan, reflect.Interface, reflect.UnsafePointer:
		return v.IsNil()
	}
	return false
}
