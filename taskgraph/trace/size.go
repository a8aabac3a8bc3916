package trace

import (
	"reflect"
)

// SizeOf is roughly how much memory a value takes, with everything that it
// points to. Of large containers it looks at some elements and reckons the
// rest like them, so it takes microseconds whatever the value. What two
// places point to is counted once; nil is 0.
func SizeOf(v any) int64 {
	if v == nil {
		return 0
	}
	rv := reflect.ValueOf(v)
	size := int64(rv.Type().Size())
	if !points(rv.Type()) {
		return size
	}
	m := measuring{left: 1000, seen: map[uintptr]bool{}}
	return size + m.behind(rv)
}

// A Sizer is a value that knows how many bytes its elements take: an array. It is asked
// instead of being looked at, also for a pointer inside another value.
type Sizer interface{ NBytes() int }

// measuring is one look at a value.
type measuring struct {
	left int // so many parts may still be looked at
	seen map[uintptr]bool
}

// samples is how many elements of a container are looked at.
const samples = 32

// behind is the size of what a value points to.
func (m *measuring) behind(v reflect.Value) int64 {
	if m.left--; m.left < 0 {
		return 0
	}
	switch v.Kind() {
	case reflect.String:
		return int64(v.Len())
	case reflect.Interface:
		if v.IsNil() {
			return 0
		}
		return m.boxed(v.Elem())
	case reflect.Pointer:
		if !m.first(v) {
			return 0
		}
		if v.CanInterface() {
			if own, ok := v.Interface().(Sizer); ok {
				return int64(v.Type().Elem().Size()) + int64(own.NBytes())
			}
		}
		return int64(v.Type().Elem().Size()) + m.behind(v.Elem())
	case reflect.Slice:
		if !m.first(v) {
			return 0
		}
		return int64(v.Cap())*int64(v.Type().Elem().Size()) + m.elements(v)
	case reflect.Array:
		return m.elements(v)
	case reflect.Map:
		return m.entries(v)
	case reflect.Struct:
		var size int64
		for i := range v.NumField() {
			if points(v.Type().Field(i).Type) {
				size += m.behind(v.Field(i))
			}
		}
		return size
	}
	return 0
}

// boxed is the size of what an interface holds: a pointer lies in it, all
// else elsewhere.
func (m *measuring) boxed(v reflect.Value) int64 {
	switch v.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return m.behind(v)
	}
	return int64(v.Type().Size()) + m.behind(v)
}

func (m *measuring) first(v reflect.Value) bool {
	if v.IsNil() || v.Kind() == reflect.Slice && v.Cap() == 0 || m.seen[v.Pointer()] {
		return false
	}
	m.seen[v.Pointer()] = true
	return true
}

func (m *measuring) elements(v reflect.Value) int64 {
	if v.Len() == 0 || !points(v.Type().Elem()) {
		return 0
	}
	var size int64
	n := min(v.Len(), samples)
	for i := range n {
		size += m.behind(v.Index(i * v.Len() / n))
	}
	return size * int64(v.Len()) / int64(n)
}

func (m *measuring) entries(v reflect.Value) int64 {
	if v.Len() == 0 || !m.first(v) {
		return 0
	}
	key, elem := v.Type().Key(), v.Type().Elem()
	size := int64(v.Len()) * int64(key.Size()+elem.Size())
	if !points(key) && !points(elem) {
		return size
	}
	var behind, n int64
	for it := v.MapRange(); n < samples && it.Next(); n++ {
		behind += m.behind(it.Key()) + m.behind(it.Value())
	}
	return size + behind*int64(v.Len())/n
}

// points tells whether values of the type may hold memory elsewhere.
func points(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Array:
		return points(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if points(t.Field(i).Type) {
				return true
			}
		}
		return false
	}
	return t.Kind() > reflect.Array || t.Kind() == reflect.String
}
