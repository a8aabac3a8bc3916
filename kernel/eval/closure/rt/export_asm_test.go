//go:build (amd64 || arm64) && !rtportable

package rt

import "unsafe"

func useUp() func() {
	pool.Lock()
	defer pool.Unlock()
	used := pool.used
	pool.used = stubCount
	return func() {
		pool.Lock()
		defer pool.Unlock()
		pool.used = used
	}
}

func probeStubs() (free, right int) {
	pool.Lock()
	defer pool.Unlock()
	for k := pool.used; k < stubCount; k++ {
		got := -1
		fn := func(a int, s string) int { got = k; return a + len(s) }
		table[k] = *(*unsafe.Pointer)(unsafe.Pointer(&fn))
		code := stubBase() + uintptr(k)*stubStride
		entry := &code
		free++
		if r := (*(*func(int, string) int)(unsafe.Pointer(&entry)))(40, "xy"); r == 42 && got == k {
			if back, ok := stubAt(code); ok && back == k {
				right++
			}
		}
		table[k] = nil
	}
	return free, right
}
