package rt

import (
	"sync"
	"unsafe"
)

// table holds for each stub the function that it calls, as the pointer that a
// function variable holds. Stubs read it without a lock; a slot is filled before the
// stub's address leaves this package.
var table [stubCount]unsafe.Pointer

// pool is one for the process: method tables of the runtime keep a stub's address
// for ever, so none goes to a method of another kind (see given).
var pool struct {
	sync.Mutex
	used int
}

// FreeStubs counts the entry points for compiled code that no method has ever had.
func FreeStubs() int { return freeStubs() }

// claimByValue gives a stub for the by-value form of a method. Such stubs are rarely
// called, so the second half of the pool is not spent on them.
func claimByValue(exported bool) (code uintptr, k int, ok bool) {
	if !exported || !anyShape || freeStubs() < stubCount/2 {
		return 0, 0, false
	}
	return claimCode("")
}
