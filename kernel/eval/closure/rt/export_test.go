package rt

import (
	"reflect"
	"unsafe"
)

// What the tests may see of the inside.

// Mask gives the pointer bits of a type, nil if it has none or the runtime makes them
// when they are needed.
func Mask(t reflect.Type) []bool {
	w := word(t)
	if w.TFlag&(1<<4) != 0 || w.PtrBytes == 0 {
		return nil
	}
	out := make([]bool, w.PtrBytes/unsafe.Sizeof(uintptr(0)))
	for i := range out {
		out[i] = *(*byte)(unsafe.Add(unsafe.Pointer(w.GCData), i/8))>>(i%8)&1 != 0
	}
	return out
}

func PtrBytes(t reflect.Type) uintptr { return word(t).PtrBytes }

// Flags gives those that decide over memory: compared in one piece, in the interface
// word, mask on demand.
func Flags(t reflect.Type) uint8 { return word(t).TFlag & (flagRegular | flagDirect | 1<<4) }

// MapFlags gives the flags and sizes of a map type.
func MapFlags(t reflect.Type) [4]uintptr {
	m := (*abiMap)(unsafe.Pointer(word(t)))
	return [4]uintptr{uintptr(m.Flags), m.GroupSize, m.SlotSize, m.ElemOff}
}

// CompiledMethod gives the function of a compiled type's method in the form that
// Methods returns: it takes the receiver word.
func CompiledMethod(t reflect.Type, name string) unsafe.Pointer {
	w := word(t)
	u := w.uncommon()
	for _, m := range u.methods(int(u.Mcount)) {
		if nameString((*byte)(resolveNameOff(unsafe.Pointer(w), m.Name))) == name {
			code := resolveTextOff(unsafe.Pointer(w), m.Ifn)
			return unsafe.Pointer(&code)
		}
	}
	return nil
}

// Kept counts the forged objects of the process.
func Kept() int {
	kept.Lock()
	defer kept.Unlock()
	return len(kept.objects)
}

// UseUp takes all stubs out of the pool until the result is called.
func UseUp() (restore func()) { return useUp() }

const (
	StubCount   = stubCount
	FlagRegular = flagRegular
)

// AnyShape says that methods of every shape are in the method tables.
const AnyShape = anyShape

// ProbeStubs calls through every free stub and counts those that reach their own slot.
func ProbeStubs() (free, right int) { return probeStubs() }

var CheckLayout = checkLayout
