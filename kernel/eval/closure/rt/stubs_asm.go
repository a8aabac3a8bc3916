//go:build (amd64 || arm64) && !rtportable

package rt

import (
	"errors"
	"unsafe"
)

const stubCount = 8192

// stubs is the row of entries; nothing in Go calls it.
func stubs()

// stubBase gives the address of the first entry.
func stubBase() uintptr

// claimCode gives the code pointer of a free stub, and its number. Every signature
// fits every stub. ok is false when the pool is used up.
func claimCode(string) (code uintptr, k int, ok bool) {
	pool.Lock()
	defer pool.Unlock()
	if pool.used == stubCount {
		return 0, 0, false
	}
	k = pool.used
	pool.used++
	return stubBase() + uintptr(k)*stubStride, k, true
}

// stubAt is the inverse: the number of the stub behind a code pointer.
func stubAt(code uintptr) (k int, ok bool) {
	off := code - stubBase()
	return int(off / stubStride), off < stubCount*stubStride
}

func freeStubs() int {
	pool.Lock()
	defer pool.Unlock()
	return stubCount - pool.used
}

const missingWhy = "the session has used up the entry points that it has for them; restart the kernel to get them back"

// anyShape says that a stub fits every signature.
const anyShape = true

// checkStubs calls through the last stub: it finds a row whose entries do not stand
// at the distance that stubAt takes for granted.
func checkStubs() error {
	called := false
	probe := func() { called = true }
	code, k := stubBase()+(stubCount-1)*stubStride, stubCount-1
	old := table[k]
	table[k] = *(*unsafe.Pointer)(unsafe.Pointer(&probe))
	entry := &code
	(*(*func())(unsafe.Pointer(&entry)))()
	table[k] = old
	if !called {
		return errors.New("the entry points for methods of cells are out of order: this program was built wrong")
	}
	return nil
}
