package mem

import (
	"reflect"
	"unsafe"
)

// CodeOf returns the address of the code of a function.
func CodeOf(fn any) uintptr { return *(*uintptr)(Words(fn).Data) }

// MakeFunc is reflect.MakeFunc; the result is what a func variable holds.
func MakeFunc(t reflect.Type, fn func([]reflect.Value) []reflect.Value) Ptr {
	return Words(reflect.MakeFunc(t, fn).Interface()).Data
}

// CapturedBy returns the one pointer that a function with that code has captured; nil
// for a function with other code. p is what a func variable holds, not nil.
func CapturedBy(p Ptr, code uintptr) Ptr {
	if *(*uintptr)(p) != code {
		return nil
	}
	return *(*Ptr)(unsafe.Add(p, unsafe.Sizeof(code)))
}

// made is where reflect.MakeFunc keeps the function that it was given: found out by
// looking for it in a value made for that.
var made = func() (m struct {
	code uintptr
	off  uintptr
}) {
	fn := func([]reflect.Value) []reflect.Value { return nil }
	p := MakeFunc(reflect.TypeFor[func()](), fn)
	want := *(*Ptr)(unsafe.Pointer(&fn))
	const words = 8 // the size of what MakeFunc makes is at least this
	for off := uintptr(0); off < words*unsafe.Sizeof(off); off += unsafe.Sizeof(off) {
		if *(*Ptr)(unsafe.Add(p, off)) == want {
			m.code, m.off = *(*uintptr)(p), off
			break // what follows may be another object
		}
	}
	if m.off == 0 {
		panic("mem: this version of Go keeps the function of reflect.MakeFunc in a place that dagbook does not know")
	}
	return m
}()

// Captured returns the one pointer that the function given to MakeFunc captured, when
// its code is that; nil for any other function. p is what a func variable holds, not nil.
func Captured(p Ptr, code uintptr) Ptr {
	if *(*uintptr)(p) != made.code {
		return nil
	}
	return CapturedBy(*(*Ptr)(unsafe.Add(p, made.off)), code)
}
