//go:build !(amd64 || arm64) || rtportable

package rt

import "unsafe"

func useUp() func() {
	pool.Lock()
	defer pool.Unlock()
	used := usedOf
	for i := range usedOf {
		usedOf[i] = firstOf[i+1] - firstOf[i]
	}
	return func() {
		pool.Lock()
		defer pool.Unlock()
		usedOf = used
	}
}

// probeStubs tries those of the first shape, func() string.
func probeStubs() (free, right int) {
	pool.Lock()
	defer pool.Unlock()
	for k := usedOf[0]; k < firstOf[1]; k++ {
		fn := func(unsafe.Pointer) string { return string(rune(k)) }
		table[k] = *(*unsafe.Pointer)(unsafe.Pointer(&fn))
		entry := &portable[k]
		free++
		if (*(*func(unsafe.Pointer) string)(unsafe.Pointer(&entry)))(nil) == string(rune(k)) {
			right++
		}
		table[k] = nil
	}
	return free, right
}
