package rt

import (
	"reflect"
	"unsafe"
)

// Word is the first word of an empty interface that holds a value of a type: the
// type itself, as the runtime knows it. It stays valid for ever.
type Word = unsafe.Pointer

// TypeWord gives the word of t, which must not be nil.
func TypeWord(t reflect.Type) Word { return unsafe.Pointer(word(t)) }

// FromWord gives the type of a word, and nil for nil.
func FromWord(w Word) reflect.Type { return typeOf((*abiType)(w)) }

// Itab gives the first word of a value of the interface type iface that holds a
// concrete value: nil when concrete lacks a method of iface. iface must have
// methods; an empty interface begins with the TypeWord of the concrete type.
func Itab(iface, concrete reflect.Type) unsafe.Pointer {
	return unsafe.Pointer(getitab(word(iface), word(concrete), true))
}

// ItabOf is Itab for two words.
func ItabOf(iface, concrete Word) unsafe.Pointer {
	return unsafe.Pointer(getitab((*abiType)(iface), (*abiType)(concrete), true))
}

// ItabType gives the word of the concrete type behind an itab, nil for nil.
func ItabType(itab unsafe.Pointer) Word {
	if itab == nil {
		return nil
	}
	return unsafe.Pointer((*abiItab)(itab).Type)
}

// ItabCode gives the code pointer of method i of the itab's interface, in the order
// in which reflect numbers the methods of the interface type.
func ItabCode(itab unsafe.Pointer, i int) uintptr {
	return *(*uintptr)(unsafe.Add(itab, unsafe.Offsetof(abiItab{}.Fun)+uintptr(i)*unsafe.Sizeof(uintptr(0))))
}

// IsDirect reports whether an interface holds a value of type t in its second word
// itself, and not a pointer to it: pointers, maps, channels, functions, and structs
// and arrays of exactly one of these.
func IsDirect(t reflect.Type) bool { return word(t).TFlag&flagDirect != 0 }

// HasPointers reports whether the collector looks into values of type t.
func HasPointers(t reflect.Type) bool { return word(t).PtrBytes != 0 }

// NewValue allocates a zero value, like new(T).
func NewValue(t Word) unsafe.Pointer { return unsafeNew((*abiType)(t)) }

// NewArray allocates n zero values in a row; it panics like make if n is negative or
// the memory too large.
func NewArray(t Word, n int) unsafe.Pointer { return unsafeNewArray((*abiType)(t), n) }

// Move copies a value from src to dst, with the write barriers that its pointers
// need. The two may be the same; they do not overlap in part.
func Move(t Word, dst, src unsafe.Pointer) { typedmemmove((*abiType)(t), dst, src) }

// Clear makes the value at p zero, with write barriers.
func Clear(t Word, p unsafe.Pointer) { typedmemclr((*abiType)(t), p) }

// Equal compares two values as == does. It panics as Go does on interfaces that
// hold values of an uncomparable type. The type itself must be comparable.
func Equal(t Word, p, q unsafe.Pointer) bool { return (*abiType)(t).Equal(p, q) }

// MapNew makes a map, like make(M, hint).
func MapNew(m Word, hint int) unsafe.Pointer { return makemap((*abiType)(m), hint) }

// MapAccess gives the address of the element of the key at an address, nil if the
// map is nil or lacks the key. The address is good until the next write to the map.
func MapAccess(t Word, m, key unsafe.Pointer) unsafe.Pointer {
	return mapaccess((*abiType)(t), m, key)
}

// MapAssign gives the address at which the element of the key is to be stored at
// once: it adds the key if the map lacks it, and panics if the map is nil.
func MapAssign(t Word, m, key unsafe.Pointer) unsafe.Pointer {
	return mapassign((*abiType)(t), m, key)
}

// MapDelete removes a key; it does nothing to a nil map.
func MapDelete(t Word, m, key unsafe.Pointer) { mapdelete((*abiType)(t), m, key) }

// MapLen counts the keys, 0 for nil.
func MapLen(m unsafe.Pointer) int { return maplen(m) }

// MapClear removes all keys; it does nothing to a nil map.
func MapClear(t Word, m unsafe.Pointer) { mapclear((*abiType)(t), m) }

// Fast says which of the short ways a map type admits.
type Fast uint8

const (
	Slow    Fast = iota // MapAccess, MapAssign, MapDelete
	FastStr             // also the functions of that name with Str: the key is a string
	Fast64              // also those with 64: the key is 8 bytes of integer
)

// MapFast tells the short way of a map type. Elements above 128 bytes are kept
// behind a pointer, which only the slow way follows.
func MapFast(m reflect.Type) Fast {
	key, elem := m.Key(), m.Elem()
	if elem.Size() > 128 {
		return Slow
	}
	switch key.Kind() {
	case reflect.String:
		return FastStr
	case reflect.Int, reflect.Int64, reflect.Uint, reflect.Uint64, reflect.Uintptr:
		if key.Size() == 8 {
			return Fast64
		}
	}
	return Slow
}

// MapAccessStr is MapAccess for a map type of which MapFast says FastStr.
func MapAccessStr(t Word, m unsafe.Pointer, key string) unsafe.Pointer {
	return mapaccessStr((*abiType)(t), m, key)
}

// MapAssignStr is MapAssign for a map type of which MapFast says FastStr.
func MapAssignStr(t Word, m unsafe.Pointer, key string) unsafe.Pointer {
	return mapassignStr((*abiType)(t), m, key)
}

// MapDeleteStr is MapDelete for a map type of which MapFast says FastStr.
func MapDeleteStr(t Word, m unsafe.Pointer, key string) { mapdeleteStr((*abiType)(t), m, key) }

// MapAccess64 is MapAccess for a map type of which MapFast says Fast64.
func MapAccess64(t Word, m unsafe.Pointer, key uint64) unsafe.Pointer {
	if p, ok := mapaccess64((*abiType)(t), m, key); ok {
		return p
	}
	return nil
}

// MapAssign64 is MapAssign for a map type of which MapFast says Fast64.
func MapAssign64(t Word, m unsafe.Pointer, key uint64) unsafe.Pointer {
	return mapassign64((*abiType)(t), m, key)
}

// MapIter walks over a map, in an order and with the freedom to change the map
// meanwhile that range has.
//
//	var it rt.MapIter
//	for it.Start(t, m); it.Key() != nil; it.Next() { ... }
//
// It is the iterator that the runtime keeps for programs older than Go 1.24.
type MapIter struct {
	key, elem unsafe.Pointer
	typ       *abiType
	it        unsafe.Pointer
}

// Start goes to the first key. The map may be nil. An iterator may be started again.
func (it *MapIter) Start(t Word, m unsafe.Pointer) { mapiterinit((*abiType)(t), m, it) }

// Next goes to the next key; Key must not be nil.
func (it *MapIter) Next() { mapiternext(it) }

// Key gives the address of the key, nil after the last one. Copy the key before
// anything else happens to the map.
func (it *MapIter) Key() unsafe.Pointer { return it.key }

// Elem gives the address of the element, under the same rule.
func (it *MapIter) Elem() unsafe.Pointer { return it.elem }

// ChanNew makes a channel, like make(C, size); it panics like make on a bad size.
func ChanNew(c Word, size int) unsafe.Pointer { return makechan((*abiType)(c), size) }

// ChanSend sends the value at elem and waits as long as that takes: for ever if the
// channel is nil. It panics if the channel is closed.
func ChanSend(c, elem unsafe.Pointer) { chansend(c, elem, false) }

// ChanTrySend sends the value at elem if that needs no waiting, and says whether it did.
func ChanTrySend(c, elem unsafe.Pointer) bool { return chansend(c, elem, true) }

// ChanRecv stores the next value at elem, which may be nil to drop it, and reports
// whether it came from a send: a closed channel gives zero and false.
func ChanRecv(c, elem unsafe.Pointer) bool {
	_, ok := chanrecv(c, false, elem)
	return ok
}

// ChanTryRecv is ChanRecv without waiting. done reports whether there was a value, or
// the channel was closed.
func ChanTryRecv(c, elem unsafe.Pointer) (done, ok bool) { return chanrecv(c, true, elem) }

// ChanLen counts the waiting values, 0 for nil.
func ChanLen(c unsafe.Pointer) int { return chanlen(c) }

// ChanCap is the size of the buffer, 0 for nil.
func ChanCap(c unsafe.Pointer) int { return chancap(c) }

// ChanClose closes the channel; it panics like close.
func ChanClose(c unsafe.Pointer) { chanclose(c) }
