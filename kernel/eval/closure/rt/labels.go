package rt

import "unsafe"

// Labels is the address of the profiler's labels of the calling goroutine, nil when it has
// none. A goroutine has those of the one that began it until it sets others, so that they
// tell which cell it works for (package parent gives each cell its own).
func Labels() unsafe.Pointer { return getLabels() }
