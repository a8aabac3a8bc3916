package rt

import "unsafe"

// All names that this package borrows from the runtime and from reflect. Go keeps
// each of them linkable for the programs that already use it (go.dev/issue/67401);
// the linker refuses the build, with the name, on the day one of them goes.
//
// Pointers to types are *abiType here, and maps and channels the one pointer that a
// variable of such a type holds.

//go:linkname addReflectOff reflect.addReflectOff
//go:noescape
func addReflectOff(p unsafe.Pointer) int32

//go:linkname resolveNameOff reflect.resolveNameOff
//go:noescape
func resolveNameOff(in unsafe.Pointer, off int32) unsafe.Pointer

//go:linkname resolveTypeOff reflect.resolveTypeOff
//go:noescape
func resolveTypeOff(in unsafe.Pointer, off int32) unsafe.Pointer

//go:linkname resolveTextOff reflect.resolveTextOff
//go:noescape
func resolveTextOff(in unsafe.Pointer, off int32) unsafe.Pointer

//go:linkname typesByString reflect.typesByString
func typesByString(s string) []*abiType

//go:linkname getLabels runtime/pprof.runtime_getProfLabel
func getLabels() unsafe.Pointer

//go:linkname getitab runtime.getitab
func getitab(inter, typ *abiType, canfail bool) *abiItab

//go:linkname unsafeNew reflect.unsafe_New
func unsafeNew(t *abiType) unsafe.Pointer

//go:linkname unsafeNewArray reflect.unsafe_NewArray
func unsafeNewArray(t *abiType, n int) unsafe.Pointer

//go:linkname typedmemmove reflect.typedmemmove
//go:noescape
func typedmemmove(t *abiType, dst, src unsafe.Pointer)

//go:linkname typedmemclr reflect.typedmemclr
//go:noescape
func typedmemclr(t *abiType, p unsafe.Pointer)

//go:linkname makemap reflect.makemap
func makemap(t *abiType, hint int) unsafe.Pointer

//go:linkname mapaccess reflect.mapaccess
//go:noescape
func mapaccess(t *abiType, m, key unsafe.Pointer) unsafe.Pointer

//go:linkname mapaccessStr reflect.mapaccess_faststr
//go:noescape
func mapaccessStr(t *abiType, m unsafe.Pointer, key string) unsafe.Pointer

//go:linkname mapaccess64 runtime.mapaccess2_fast64
//go:noescape
func mapaccess64(t *abiType, m unsafe.Pointer, key uint64) (unsafe.Pointer, bool)

//go:linkname mapassign runtime.mapassign
func mapassign(t *abiType, m, key unsafe.Pointer) unsafe.Pointer

//go:linkname mapassignStr runtime.mapassign_faststr
func mapassignStr(t *abiType, m unsafe.Pointer, key string) unsafe.Pointer

//go:linkname mapassign64 runtime.mapassign_fast64
func mapassign64(t *abiType, m unsafe.Pointer, key uint64) unsafe.Pointer

//go:linkname mapdelete reflect.mapdelete
//go:noescape
func mapdelete(t *abiType, m, key unsafe.Pointer)

//go:linkname mapdeleteStr reflect.mapdelete_faststr
//go:noescape
func mapdeleteStr(t *abiType, m unsafe.Pointer, key string)

//go:linkname maplen reflect.maplen
//go:noescape
func maplen(m unsafe.Pointer) int

//go:linkname mapclear reflect.mapclear
//go:noescape
func mapclear(t *abiType, m unsafe.Pointer)

//go:linkname mapiterinit runtime.mapiterinit
func mapiterinit(t *abiType, m unsafe.Pointer, it *MapIter)

//go:linkname mapiternext runtime.mapiternext
func mapiternext(it *MapIter)

//go:linkname makechan reflect.makechan
func makechan(t *abiType, size int) unsafe.Pointer

//go:linkname chansend reflect.chansend0
func chansend(c, elem unsafe.Pointer, nonblocking bool) bool

//go:linkname chanrecv reflect.chanrecv
func chanrecv(c unsafe.Pointer, nonblocking bool, elem unsafe.Pointer) (selected, received bool)

//go:linkname chanlen reflect.chanlen
//go:noescape
func chanlen(c unsafe.Pointer) int

//go:linkname chancap reflect.chancap
//go:noescape
func chancap(c unsafe.Pointer) int

//go:linkname chanclose reflect.chanclose
//go:noescape
func chanclose(c unsafe.Pointer)
