package rt

// Goroutine is a number that no other goroutine has as long as the calling one has not
// ended; later ones may have it again. It is 0 on processors without the assembly.
func Goroutine() uintptr { return goroutine() }
