package generic

import (
	"hash/maphash"
	"iter"
	"reflect"
	"slices"
	"sync"
)

// A shape is a layout of up to four words, each a number, a pointer or a float. Values of
// that layout can be taken and given by compiled code, also several of them at once:
// func(string, int) bool is func(struct{ pointer; number; number }) bool.
//
// Its methods return func values for cast.go's as, in whose types A is the shape. A func
// that a method takes finds its argument, or leaves its result, at an address.
type shape interface {
	move(dst, src addr)
	yield(func(addr) bool) any                       // func(A) bool
	pull() any                                       // iter.Pull[A]
	once() any                                       // sync.OnceValue[A]
	index(func(header, addr) int) any                // func(header, A) int
	contains(func(header, addr) bool) any            // func(header, A) bool
	search(func(header, addr, addr) (int, bool)) any // func(header, A, addr) (int, bool)
	choose(func(header, addr) addr) any              // func(header, addr) A
	or(func(header) addr) any                        // func(header) A
	asType(func(error, addr) bool) any               // func(error) (A, bool)
	typeAssert(func(reflect.Value, addr) bool) any   // func(reflect.Value) (A, bool)
	hash(func(maphash.Seed, addr) uint64) any        // func(maphash.Seed, A) uint64
	writeHash(func(*maphash.Hash, addr)) any         // func(*maphash.Hash, A)
	intern(func(addr) addr) any                      // func(A) addr
	deref() any                                      // func(**A) A
}

// shaped is the shape of A.
type shaped[A any] struct{}

func (shaped[A]) move(dst, src addr) { store(dst, load[A](src)) }
func (shaped[A]) pull() any          { return iter.Pull[A] }
func (shaped[A]) once() any          { return sync.OnceValue[A] }
func (shaped[A]) deref() any         { return func(p **A) A { return **p } }

func (shaped[A]) yield(f func(addr) bool) any {
	at := new(A) // one for all turns: a sequence yields one value at a time
	return func(v A) bool {
		*at = v
		return f(addr(at))
	}
}

func (shaped[A]) index(f func(header, addr) int) any {
	return func(s header, v A) int { return f(s, addr(&v)) }
}

func (shaped[A]) contains(f func(header, addr) bool) any {
	return func(s header, v A) bool { return f(s, addr(&v)) }
}

func (shaped[A]) search(f func(header, addr, addr) (int, bool)) any {
	return func(s header, v A, cmp addr) (int, bool) { return f(s, addr(&v), cmp) }
}

func (shaped[A]) choose(f func(header, addr) addr) any {
	return func(s header, cmp addr) A { return load[A](f(s, cmp)) }
}

func (shaped[A]) or(f func(header) addr) any {
	return func(s header) (v A) {
		if p := f(s); p != nil {
			v = load[A](p)
		}
		return v
	}
}

func (shaped[A]) asType(f func(error, addr) bool) any {
	return func(err error) (v A, ok bool) {
		at := new(A)
		ok = f(err, addr(at))
		return *at, ok
	}
}

func (shaped[A]) typeAssert(f func(reflect.Value, addr) bool) any {
	return func(x reflect.Value) (v A, ok bool) {
		at := new(A)
		ok = f(x, addr(at))
		return *at, ok
	}
}

func (shaped[A]) hash(f func(maphash.Seed, addr) uint64) any {
	return func(seed maphash.Seed, v A) uint64 { return f(seed, addr(&v)) }
}

func (shaped[A]) writeHash(f func(*maphash.Hash, addr)) any {
	return func(h *maphash.Hash, v A) { f(h, addr(&v)) }
}

func (shaped[A]) intern(f func(addr) addr) any {
	return func(v A) addr { return f(addr(&v)) }
}

// A sorter is a shape of up to three words. It has the compiled sorts, which are twice as
// fast as sorts of addresses and five kilobytes each.
type sorter interface {
	sort(name string, own Own) any // func([]A, func(a, b A) int)
}

// small is the shape and the sorter of A.
type small[A any] struct{ shaped[A] }

func (small[A]) sort(name string, own Own) any {
	sort := slices.SortStableFunc[[]A]
	if name == "slices.SortFunc" {
		sort = slices.SortFunc[[]A]
	}
	return func(s []A, f func(a, b A) int) {
		calls := own.calls(load[addr](addr(&f)))
		if calls == nil {
			sort(s, f)
			return
		}
		defer calls.End()
		at := new([2]A)
		a, b := addr(&at[0]), addr(&at[1])
		sort(s, func(x, y A) int {
			at[0], at[1] = x, y
			return load[int](calls.Call(a, b))
		})
	}
}

// shapes has every shape of up to four words under their letters: i a number, p a
// pointer, f a float.
var shapes = sync.OnceValue(func() map[string]shape {
	t := map[string]shape{"": shaped[struct{}]{}}
	one[uintptr](t, "i")
	one[addr](t, "p")
	one[float64](t, "f")
	return t
})

func one[A any](t map[string]shape, letters string) {
	t[letters] = small[struct{ a A }]{}
	two[A, uintptr](t, letters+"i")
	two[A, addr](t, letters+"p")
	two[A, float64](t, letters+"f")
}

func two[A, B any](t map[string]shape, letters string) {
	t[letters] = small[struct {
		a A
		b B
	}]{}
	three[A, B, uintptr](t, letters+"i")
	three[A, B, addr](t, letters+"p")
	three[A, B, float64](t, letters+"f")
}

func three[A, B, C any](t map[string]shape, letters string) {
	t[letters] = small[struct {
		a A
		b B
		c C
	}]{}
	four[A, B, C, uintptr](t, letters+"i")
	four[A, B, C, addr](t, letters+"p")
	four[A, B, C, float64](t, letters+"f")
}

func four[A, B, C, D any](t map[string]shape, letters string) {
	t[letters] = shaped[struct {
		a A
		b B
		c C
		d D
	}]{}
}

// shapeOf returns the shape of one value after another of the types, nil when they have
// none.
func shapeOf(types ...reflect.Type) shape {
	letters := make([]byte, 0, 4)
	for _, t := range types {
		var ok bool
		if letters, ok = spell(letters, t, 4); !ok {
			return nil
		}
	}
	return shapes()[string(letters)]
}

// spell appends the letters of t's words. It is false when a part of t is not a whole
// word, when an array in t makes it go on the stack, and past the limit.
func spell(letters []byte, t reflect.Type, limit int) ([]byte, bool) {
	if len(letters) > limit {
		return nil, false
	}
	switch k := t.Kind(); k {
	case reflect.Struct:
		return spellFields(letters, t, limit)
	case reflect.Array:
		if t.Len() == 1 {
			return spell(letters, t.Elem(), limit)
		}
		return letters, t.Len() == 0
	case reflect.String:
		return append(letters, "pi"...), true
	case reflect.Slice:
		return append(letters, "pii"...), true
	case reflect.Interface:
		return append(letters, "pp"...), true
	case reflect.Complex128:
		return append(letters, "ff"...), true
	case reflect.Float64:
		return append(letters, 'f'), true
	case reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return append(letters, 'p'), true
	default:
		return append(letters, 'i'), t.Size() == 8 && t.Align() == 8
	}
}

// spellFields is spell of a struct. One that ends in a field of no size has a word of
// padding and no shape.
func spellFields(letters []byte, t reflect.Type, limit int) ([]byte, bool) {
	before, ok := len(letters), true
	for i := range t.NumField() {
		if letters, ok = spell(letters, t.Field(i).Type, limit); !ok {
			return nil, false
		}
	}
	return letters, uintptr(len(letters)-before)*8 == t.Size()
}
