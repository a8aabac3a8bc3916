package generic

import (
	"cmp"
	"hash/maphash"
	"iter"
	"maps"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"unique"
)

// An instances makes the compiled instances of functions over one stand-in: a type that
// is compiled here and has the layout of the types it stands in for. It answers nil for
// a name it does not have.
type instances interface {
	instance(name string) any
}

// plain makes the instances over E of what takes any type.
type plain[E any] struct{}

func (plain[E]) instance(name string) any {
	type S = []E
	switch name {
	case "iter.Pull":
		return iter.Pull[E]
	case "runtime.AddCleanup":
		return runtime.AddCleanup[byte, E]
	case "slices.All":
		return slices.All[S]
	case "slices.AppendSeq":
		return slices.AppendSeq[S]
	case "slices.Backward":
		return slices.Backward[S]
	case "slices.BinarySearchFunc":
		return slices.BinarySearchFunc[S, E, E]
	case "slices.Chunk":
		return slices.Chunk[S]
	case "slices.Clip":
		return slices.Clip[S]
	case "slices.Clone":
		return slices.Clone[S]
	case "slices.Collect":
		return slices.Collect[E]
	case "slices.CompactFunc":
		return slices.CompactFunc[S]
	case "slices.CompareFunc":
		return slices.CompareFunc[S, S]
	case "slices.Concat":
		return slices.Concat[S]
	case "slices.ContainsFunc":
		return slices.ContainsFunc[S]
	case "slices.Delete":
		return slices.Delete[S]
	case "slices.DeleteFunc":
		return slices.DeleteFunc[S]
	case "slices.EqualFunc":
		return slices.EqualFunc[S, S]
	case "slices.Grow":
		return slices.Grow[S]
	case "slices.IndexFunc":
		return slices.IndexFunc[S]
	case "slices.Insert":
		return slices.Insert[S]
	case "slices.IsSortedFunc":
		return slices.IsSortedFunc[S]
	case "slices.MaxFunc":
		return slices.MaxFunc[S]
	case "slices.MinFunc":
		return slices.MinFunc[S]
	case "slices.Repeat":
		return slices.Repeat[S]
	case "slices.Replace":
		return slices.Replace[S]
	case "slices.Reverse":
		return slices.Reverse[S]
	case "slices.SortFunc":
		return slices.SortFunc[S]
	case "slices.SortStableFunc":
		return slices.SortStableFunc[S]
	case "slices.SortedFunc":
		return slices.SortedFunc[E]
	case "slices.SortedStableFunc":
		return slices.SortedStableFunc[E]
	case "slices.Values":
		return slices.Values[S]
	case "sync.OnceValue":
		return sync.OnceValue[E]
	}
	return nil
}

// equatable makes the instances over E of what compares for equality.
type equatable[E comparable] struct{}

func (equatable[E]) instance(name string) any {
	switch name {
	case "cmp.Or":
		return cmp.Or[E]
	case "hash/maphash.Comparable":
		return maphash.Comparable[E]
	case "hash/maphash.WriteComparable":
		return maphash.WriteComparable[E]
	case "slices.Compact":
		return slices.Compact[[]E]
	case "slices.Contains":
		return slices.Contains[[]E]
	case "slices.Equal":
		return slices.Equal[[]E]
	case "slices.Index":
		return slices.Index[[]E]
	case "unique.Make":
		return unique.Make[E]
	}
	return nil
}

// ordered makes the instances over E of what compares for order.
type ordered[E cmp.Ordered] struct{}

func (ordered[E]) instance(name string) any {
	switch name {
	case "cmp.Compare":
		return cmp.Compare[E]
	case "cmp.Less":
		return cmp.Less[E]
	case "slices.BinarySearch":
		return slices.BinarySearch[[]E]
	case "slices.Compare":
		return slices.Compare[[]E]
	case "slices.IsSorted":
		return slices.IsSorted[[]E]
	case "slices.Max":
		return slices.Max[[]E]
	case "slices.Min":
		return slices.Min[[]E]
	case "slices.Sort":
		return slices.Sort[[]E]
	case "slices.Sorted":
		return slices.Sorted[E]
	}
	return nil
}

type anyInteger interface {
	int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64
}

// integer makes the instances over E of what takes integers only.
type integer[E anyInteger] struct{}

func (integer[E]) instance(name string) any {
	if name == "math/rand/v2.N" {
		return rand.N[E]
	}
	return nil
}

// pair makes the instances over a map's key and element.
type pair[K comparable, V any] struct{}

func (pair[K, V]) instance(name string) any {
	type M = map[K]V
	switch name {
	case "maps.All":
		return maps.All[M]
	case "maps.Clone":
		return maps.Clone[M]
	case "maps.Collect":
		return maps.Collect[K, V]
	case "maps.Copy":
		return maps.Copy[M, M]
	case "maps.DeleteFunc":
		return maps.DeleteFunc[M]
	case "maps.EqualFunc":
		return maps.EqualFunc[M, M]
	case "maps.Insert":
		return maps.Insert[M]
	case "maps.Keys":
		return maps.Keys[M]
	case "maps.Values":
		return maps.Values[M]
	}
	return nil
}

// equatablePair makes the instances over a map's key and comparable element.
type equatablePair[K, V comparable] struct{}

func (equatablePair[K, V]) instance(name string) any {
	if name == "maps.Equal" {
		return maps.Equal[map[K]V, map[K]V]
	}
	return nil
}

// A class is a set of types of one layout, told by a kind that stands for all. Signed
// and unsigned integers of a size are one class but for order.
type class reflect.Kind

const (
	noClass   = class(reflect.Invalid)
	withTable = class(reflect.Interface + 100) // an interface with methods
)

// classOf returns the class of t, noClass for structs and arrays.
func classOf(t reflect.Type) class {
	switch k := orderClass(t); k {
	case class(reflect.Bool):
		return class(reflect.Uint8)
	case class(reflect.Int8), class(reflect.Int16), class(reflect.Int32), class(reflect.Int64):
		return k - class(reflect.Int8) + class(reflect.Uint8)
	default:
		return k
	}
}

// orderClass is classOf that keeps signed and unsigned integers apart.
func orderClass(t reflect.Type) class {
	switch k := t.Kind(); k {
	case reflect.Int:
		return sized(t, reflect.Int64)
	case reflect.Uint, reflect.Uintptr:
		return sized(t, reflect.Uint64)
	case reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func:
		return class(reflect.UnsafePointer)
	case reflect.Interface:
		if t.NumMethod() > 0 {
			return withTable
		}
		return class(k)
	case reflect.Struct, reflect.Array:
		return noClass
	default:
		return class(k)
	}
}

// sized returns the class of an integer of the machine's size, which is wide or the kind
// before.
func sized(t reflect.Type, wide reflect.Kind) class {
	if t.Size() == 4 {
		wide--
	}
	return class(wide)
}

var plains = map[class]instances{
	class(reflect.Uint8):         plain[uint8]{},
	class(reflect.Uint16):        plain[uint16]{},
	class(reflect.Uint32):        plain[uint32]{},
	class(reflect.Uint64):        plain[uint64]{},
	class(reflect.Float32):       plain[float32]{},
	class(reflect.Float64):       plain[float64]{},
	class(reflect.Complex64):     plain[complex64]{},
	class(reflect.Complex128):    plain[complex128]{},
	class(reflect.String):        plain[string]{},
	class(reflect.UnsafePointer): plain[addr]{},
	class(reflect.Slice):         plain[[]byte]{},
	class(reflect.Interface):     plain[any]{},
	withTable:                    plain[error]{},
}

// An error stands in for every interface with methods: its equality and its hash ask the
// method table for the dynamic type, and all method tables keep that in one place.
var equatables = map[class]instances{
	class(reflect.Uint8):         equatable[uint8]{},
	class(reflect.Uint16):        equatable[uint16]{},
	class(reflect.Uint32):        equatable[uint32]{},
	class(reflect.Uint64):        equatable[uint64]{},
	class(reflect.Float32):       equatable[float32]{},
	class(reflect.Float64):       equatable[float64]{},
	class(reflect.Complex64):     equatable[complex64]{},
	class(reflect.Complex128):    equatable[complex128]{},
	class(reflect.String):        equatable[string]{},
	class(reflect.UnsafePointer): equatable[addr]{},
	class(reflect.Interface):     equatable[any]{},
	withTable:                    equatable[error]{},
}

var ordereds = map[class]instances{
	class(reflect.Int8):    ordered[int8]{},
	class(reflect.Int16):   ordered[int16]{},
	class(reflect.Int32):   ordered[int32]{},
	class(reflect.Int64):   ordered[int64]{},
	class(reflect.Uint8):   ordered[uint8]{},
	class(reflect.Uint16):  ordered[uint16]{},
	class(reflect.Uint32):  ordered[uint32]{},
	class(reflect.Uint64):  ordered[uint64]{},
	class(reflect.Float32): ordered[float32]{},
	class(reflect.Float64): ordered[float64]{},
	class(reflect.String):  ordered[string]{},
}

var integers = map[class]instances{
	class(reflect.Int8):   integer[int8]{},
	class(reflect.Int16):  integer[int16]{},
	class(reflect.Int32):  integer[int32]{},
	class(reflect.Int64):  integer[int64]{},
	class(reflect.Uint8):  integer[uint8]{},
	class(reflect.Uint16): integer[uint16]{},
	class(reflect.Uint32): integer[uint32]{},
	class(reflect.Uint64): integer[uint64]{},
}

// classes is a key's and an element's class.
type classes struct{ key, elem class }

// pairs has the maps that are common. A map that reflect made and one of a stand-in hash
// alike, since reflect's own map types may be the compiled ones.
var pairs, equatablePairs = func() (p, e map[classes]instances) {
	p, e = map[classes]instances{}, map[classes]instances{}
	addKey[uint32](p, e, class(reflect.Uint32))
	addKey[uint64](p, e, class(reflect.Uint64))
	addKey[string](p, e, class(reflect.String))
	return p, e
}()

func addKey[K comparable](p, e map[classes]instances, key class) {
	p[classes{key, class(reflect.Slice)}] = pair[K, []byte]{}
	addEqual[K, uint8](p, e, key, class(reflect.Uint8))
	addEqual[K, uint64](p, e, key, class(reflect.Uint64))
	addEqual[K, float64](p, e, key, class(reflect.Float64))
	addEqual[K, string](p, e, key, class(reflect.String))
	addEqual[K, addr](p, e, key, class(reflect.UnsafePointer))
	addEqual[K, any](p, e, key, class(reflect.Interface))
}

func addEqual[K, V comparable](p, e map[classes]instances, key, elem class) {
	p[classes{key, elem}] = pair[K, V]{}
	e[classes{key, elem}] = equatablePair[K, V]{}
}
