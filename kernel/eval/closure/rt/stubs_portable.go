//go:build !(amd64 || arm64) || rtportable

package rt

import "slices"

// Where there are no stubs in assembly, a fixed set of Go functions for the commonest
// shapes of methods stands in for them. Methods of other shapes are not in the method
// tables: the engine finds them by Lookup, and compiled code not at all. Methods taken
// off a reflect.Type do not work.

const anyShape = false

var (
	usedOf  [len(shapeNames)]int
	numbers = map[uintptr]int{}
)

func init() {
	for k, code := range portable {
		numbers[code] = k
	}
}

func claimCode(shape string) (code uintptr, k int, ok bool) {
	pool.Lock()
	defer pool.Unlock()
	i := slices.Index(shapeNames[:], shape)
	if i < 0 || firstOf[i]+usedOf[i] == firstOf[i+1] {
		return 0, 0, false
	}
	k = firstOf[i] + usedOf[i]
	usedOf[i]++
	pool.used++
	return portable[k], k, true
}

func stubAt(code uintptr) (k int, ok bool) {
	k, ok = numbers[code]
	return k, ok
}

func freeStubs() int {
	pool.Lock()
	defer pool.Unlock()
	return stubCount - pool.used
}

const missingWhy = "only the commonest shapes of methods, some dozens of each, can be called on this kind of processor"

func checkStubs() error { return nil }
