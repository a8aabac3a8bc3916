package rt

import "runtime"

// Goroutine is a number that no other goroutine has as long as the calling one has not
// ended; later ones may have it again. It is not 0.
func Goroutine() uintptr { return goroutine() }

// goroutineInText is Goroutine for processors that have no assembly for it.
func goroutineInText() (n uintptr) {
	var buf [64]byte
	const before = "goroutine "
	for _, c := range buf[len(before):max(runtime.Stack(buf[:], false), len(before))] {
		if c < '0' || c > '9' {
			break
		}
		n = 10*n + uintptr(c-'0')
	}
	return n
}
