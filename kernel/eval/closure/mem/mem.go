// Package mem reads and writes the memory of interpreted values.
//
// The closure engine keeps every value in the form in which compiled Go would keep
// it: an int32 in four bytes, a slice as three words, a map as the pointer that a
// compiled map variable holds. Code that the engine makes knows the type of each
// value when it is made, so that it needs no tags at run time: it loads and stores
// at addresses.
//
//	p := mem.New(typeWord)       // like new(T)
//	mem.Store(p, 8, int32(7))    // the field at offset 8
//	x := mem.Load[int32](p, 8)
//
// What makes that safe, and what every caller keeps to:
//
//   - An address points into memory that Go's collector knows with the right type:
//     a frame, a box, or memory that compiled code made. Memory that holds pointers
//     is written as pointers (Store of a pointer-carrying type, [Move], [Clear]), so
//     that the collector's write barriers see it.
//   - Offsets stay inside the object; the compiler takes them from reflect.
//   - An index is checked against a length before it becomes an address.
//   - The type argument of Load and Store has the layout of the memory: its own Go
//     type, or [Ptr] for anything that is one pointer, [Slice] for any slice, [Iface]
//     for any interface.
package mem

import (
	"reflect"
	"unsafe"

	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// Ptr is an address, or a value that is one pointer: *T, map, chan, func.
type Ptr = unsafe.Pointer

// Slice is any slice. Len and Cap count elements.
type Slice struct {
	Data     Ptr
	Len, Cap int
}

// Iface is any interface value. Tab is the type word of an empty interface, the itab
// of one with methods, nil in a nil interface; Data is the value when it is one
// pointer, else the address of a copy that nobody changes.
type Iface struct{ Tab, Data Ptr }

// Any is the value of an empty interface.
func (i Iface) Any() any { return *(*any)(unsafe.Pointer(&i)) }

// itab begins the table that the first word of an interface with methods points to.
type itab struct {
	inter, typ Ptr
}

// Empty is the same value as an empty interface.
func (i Iface) Empty() Iface {
	if i.Tab == nil {
		return Iface{}
	}
	return Iface{(*itab)(i.Tab).typ, i.Data}
}

// Type is the type word of the value of an interface with methods, nil of a nil one.
func (i Iface) Type() Ptr { return (*itab)(i.Tab).typ }

// Words returns the two words of a value.
func Words(v any) Iface { return *(*Iface)(unsafe.Pointer(&v)) }

// Add returns the address off bytes behind p.
func Add(p Ptr, off uintptr) Ptr { return unsafe.Add(p, off) }

// Load reads the T that stands off bytes behind p.
func Load[T any](p Ptr, off uintptr) T { return *(*T)(unsafe.Add(p, off)) }

// Store writes the T that stands off bytes behind p.
func Store[T any](p Ptr, off uintptr, v T) { *(*T)(unsafe.Add(p, off)) = v }

// At returns a pointer to the T that stands off bytes behind p.
func At[T any](p Ptr, off uintptr) *T { return (*T)(unsafe.Add(p, off)) }

// Elem returns the address of element i of size bytes; i is within the array.
func Elem(data Ptr, i int, size uintptr) Ptr { return unsafe.Add(data, uintptr(i)*size) }

// Index returns element i of the array of T at data; i is within it.
func Index[T any](data Ptr, i int) T {
	return *(*T)(unsafe.Add(data, uintptr(i)*unsafe.Sizeof(*new(T))))
}

// SetIndex sets element i of the array of T at data; i is within it.
func SetIndex[T any](data Ptr, i int, v T) {
	*(*T)(unsafe.Add(data, uintptr(i)*unsafe.Sizeof(v))) = v
}

// Cast returns v as a T. Both have the same size and the same pointers.
func Cast[T, V any](v V) T { return *(*T)(unsafe.Pointer(&v)) }

// Of returns the address of *p, which stays reachable through it.
func Of[T any](p *T) Ptr { return unsafe.Pointer(p) }

// Pointer is the address in p as a *T.
func Pointer[T any](p Ptr) *T { return (*T)(p) }

// Bytes returns the n bytes at p.
func Bytes(p Ptr, n uintptr) []byte { return unsafe.Slice((*byte)(p), n) }

// Hash spreads addresses over numbers. Go's collector does not move objects of the heap.
func Hash(p Ptr) uintptr { return uintptr(p) >> 4 * 0x9E3779B1 >> 8 }

// StringData is the address of the bytes of a string.
func StringData(s string) Ptr { return unsafe.Pointer(unsafe.StringData(s)) }

// String is the string of the n bytes at p, which nobody changes.
func String(p Ptr, n int) string { return unsafe.String((*byte)(p), n) }

// New returns the address of a new zero value of the type with that type word.
func New(typ Ptr) Ptr { return rt.NewValue(typ) }

// NewArray returns the address of n new zero values of the type with that type word.
func NewArray(typ Ptr, n int) Ptr { return rt.NewArray(typ, n) }

// Layout is what copying values of a type needs to know.
type Layout struct {
	Type     reflect.Type
	Word     Ptr
	Size     uintptr
	Pointers bool
}

// LayoutOf returns the layout of a type.
func LayoutOf(t reflect.Type) *Layout {
	return &Layout{Type: t, Word: rt.TypeWord(t), Size: t.Size(), Pointers: rt.HasPointers(t)}
}

// Move copies a value from src to dst; they may be the same. Both stand in memory of the
// heap, as frames and boxes do: Go's compiler does not see that what src points to stays
// in use.
func (l *Layout) Move(dst, src Ptr) {
	switch {
	case l.Pointers:
		rt.Move(l.Word, dst, src)
	case l.Size == 8:
		*(*uint64)(dst) = *(*uint64)(src)
	case l.Size > 0:
		copy(Bytes(dst, l.Size), Bytes(src, l.Size))
	}
}

// Clear makes the value at p zero.
func (l *Layout) Clear(p Ptr) {
	switch {
	case l.Pointers:
		rt.Clear(l.Word, p)
	case l.Size > 0:
		clear(Bytes(p, l.Size))
	}
}

// New returns the address of a new zero value.
func (l *Layout) New() Ptr { return rt.NewValue(l.Word) }

// Copy returns the address of a new copy of the value at p.
func (l *Layout) Copy(p Ptr) Ptr {
	n := rt.NewValue(l.Word)
	l.Move(n, p)
	return n
}

// Value returns the value at p as a settable reflect value.
func (l *Layout) Value(p Ptr) reflect.Value { return reflect.NewAt(l.Type, p).Elem() }

// Pointers calls f with the offset of each pointer in a value of t, in order.
func Pointers(t reflect.Type, base uintptr, f func(off uintptr)) {
	switch t.Kind() {
	case reflect.Array:
		if !rt.HasPointers(t.Elem()) {
			return
		}
		for i := range t.Len() {
			Pointers(t.Elem(), base+uintptr(i)*t.Elem().Size(), f)
		}
	case reflect.Struct:
		for i := range t.NumField() {
			Pointers(t.Field(i).Type, base+t.Field(i).Offset, f)
		}
	case reflect.Interface:
		f(base)
		f(base + unsafe.Sizeof(uintptr(0)))
	case reflect.String, reflect.Slice, reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		f(base)
	}
}
