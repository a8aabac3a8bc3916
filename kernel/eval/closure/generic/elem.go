package generic

import "reflect"

// An elem is what the functions over memory know of an element type: one that has no
// stand-in, a struct or an array.
type elem struct {
	t, slice reflect.Type
	size     uintptr
	move     func(dst, src addr) // copies one element
}

func elemOf(t reflect.Type) elem {
	e := elem{t: t, slice: reflect.SliceOf(t), size: t.Size()}
	switch s := shapeOf(t); {
	case !hasPointers(t):
		e.move = func(dst, src addr) { moveBytes(dst, src, e.size) }
	case s != nil:
		e.move = s.move
	default:
		e.move = func(dst, src addr) { view(t, dst).Set(view(t, src)) }
	}
	return e
}

// hasPointers reports whether the collector looks into a t.
func hasPointers(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			if hasPointers(t.Field(i).Type) {
				return true
			}
		}
		return false
	case reflect.Array:
		return t.Len() > 0 && hasPointers(t.Elem())
	case reflect.String, reflect.Slice, reflect.Interface, reflect.Pointer, reflect.Map,
		reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return true
	default:
		return false
	}
}

// at returns the address of s[i].
func (e *elem) at(s header, i int) addr { return s.at(i, e.size) }

// sub returns s[i:j]. The caller has checked the bounds.
func (e *elem) sub(s header, i, j int) header {
	v := viewSlice(e.slice, &s).Slice(i, j)
	return header{v.UnsafePointer(), v.Len(), v.Cap()}
}

// copy is the built-in one.
func (e *elem) copy(dst, src header) int {
	return reflect.Copy(viewSlice(e.slice, &dst), viewSlice(e.slice, &src))
}

// clear is the built-in one, of s[i:].
func (e *elem) clear(s header, i int) {
	viewSlice(e.slice, &s).Slice(i, s.len).Clear()
}

// grow makes room for n more elements as append does.
func (e *elem) grow(s header, n int) header {
	viewSlice(e.slice, &s).Grow(n)
	return s
}

// append appends the elements of v.
func (e *elem) append(s, v header) header {
	if s.cap-s.len < v.len {
		s = e.grow(s, v.len)
	}
	n := s.len
	s.len += v.len
	e.copy(e.sub(s, n, s.len), v)
	return s
}

// push appends the element at p.
func (e *elem) push(s header, p addr) header {
	if s.len == s.cap {
		s = e.grow(s, 1)
	}
	s.len++
	e.move(e.at(s, s.len-1), p)
	return s
}

// clone returns a copy of s with memory of its own, nil of nil.
func (e *elem) clone(s header) header {
	if s.p == nil {
		return s
	}
	return e.append(header{p: addr(&zero)}, s)
}

// zero is what empty slices point to that are not nil.
var zero struct{}

// addresses returns the addresses of the elements.
func (e *elem) addresses(s header) []addr {
	all := make([]addr, s.len)
	for i := range all {
		all[i] = e.at(s, i)
	}
	return all
}

// arrange sorts s in place by a sort of addresses. What the sort has reached stays when
// it panics, as it would in a sort of the elements.
func (e *elem) arrange(s header, sort func([]addr)) {
	if s.len < 2 {
		return
	}
	order := e.addresses(e.clone(s))
	defer func() {
		for i, p := range order {
			e.move(e.at(s, i), p)
		}
	}()
	sort(order)
}

// equality returns == for values of type t, which is comparable.
func equality(t reflect.Type) func(a, b addr) bool {
	switch classOf(t) {
	case noClass:
		if t.Kind() == reflect.Array {
			return equalArrays(t)
		}
		return equalStructs(t)
	case class(reflect.Uint8):
		return same[uint8]
	case class(reflect.Uint16):
		return same[uint16]
	case class(reflect.Uint32):
		return same[uint32]
	case class(reflect.Uint64):
		return same[uint64]
	case class(reflect.Float32):
		return same[float32]
	case class(reflect.Float64):
		return same[float64]
	case class(reflect.Complex64):
		return same[complex64]
	case class(reflect.Complex128):
		return same[complex128]
	case class(reflect.String):
		return same[string]
	case class(reflect.Interface):
		return same[any]
	case withTable:
		return same[error]
	default:
		return same[addr]
	}
}

func equalArrays(t reflect.Type) func(a, b addr) bool {
	n, size, equal := t.Len(), t.Elem().Size(), equality(t.Elem())
	return func(a, b addr) bool {
		for i := range uintptr(n) {
			if !equal(offset(a, i*size), offset(b, i*size)) {
				return false
			}
		}
		return true
	}
}

// equalStructs compares the fields in order. Blank ones do not count.
func equalStructs(t reflect.Type) func(a, b addr) bool {
	type field struct {
		at    uintptr
		equal func(a, b addr) bool
	}
	var fields []field
	for i := range t.NumField() {
		if f := t.Field(i); f.Name != "_" {
			fields = append(fields, field{f.Offset, equality(f.Type)})
		}
	}
	return func(a, b addr) bool {
		for _, f := range fields {
			if !f.equal(offset(a, f.at), offset(b, f.at)) {
				return false
			}
		}
		return true
	}
}
