package rt

import (
	"reflect"
	"sync/atomic"
	"unsafe"
)

// ChanOf is reflect.ChanOf for elem of any origin. That makes a type by copying chan
// unsafe.Pointer and leaves in it where the pointer type of that is, in programs that have one: asking
// for the pointer type of the copy ends the process then, since no such offset belongs to it.
func ChanOf(dir reflect.ChanDir, elem reflect.Type) reflect.Type {
	t := reflect.ChanOf(dir, elem)
	w, like := word(t), word(reflect.TypeFor[chan unsafe.Pointer]())
	if p := like.PtrToThis; p != 0 && w != like && atomic.LoadInt32(&w.PtrToThis) == p { // no other type of the program has it
		atomic.StoreInt32(&w.PtrToThis, 0)
	}
	return t
}
