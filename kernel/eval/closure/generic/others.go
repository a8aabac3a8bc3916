package generic

import (
	"crypto/hkdf"
	"crypto/pbkdf2"
	"hash"
	"hash/maphash"
	"reflect"
	"runtime"
	"sync/atomic"
	"weak"

	"github.com/dagbook/dagbook/display"
)

// The functions of the other packages.

func cmpOr(r request) reflect.Value {
	e, equal := elemOf(r.targs[0]), equality(r.targs[0])
	none := reflect.New(e.t).UnsafePointer()
	find := func(s header) addr {
		for i := range s.len {
			if p := e.at(s, i); !equal(p, none) {
				return p
			}
		}
		return nil
	}
	if s := shapeOf(e.t); s != nil {
		return r.as(s.or(find))
	}
	return inMemory(r.sig, func(in, out []addr) {
		if p := find(load[header](in[0])); p != nil {
			e.move(out[0], p)
		}
	})
}

// hasherOf returns what makes a func of type sig, func() H, one of func() hash.Hash. It
// is nil when reflect does not see that H is a hash.
func hasherOf(sig reflect.Type) func(addr) func() hash.Hash {
	want := reflect.TypeFor[hash.Hash]()
	switch h := sig.Out(0); {
	case h == want:
		return func(f addr) func() hash.Hash { return load[func() hash.Hash](addr(&f)) }
	case h.Implements(want):
		return func(f addr) func() hash.Hash {
			return func() hash.Hash {
				x, _ := reflect.TypeAssert[hash.Hash](asWord(sig, f).Call(nil)[0])
				return x
			}
		}
	default:
		return nil
	}
}

func hkdfExtract(r request) reflect.Value {
	hasher := hasherOf(r.sig.In(0))
	if hasher == nil {
		return reflect.Value{}
	}
	return r.as(func(h addr, secret, salt []byte) ([]byte, error) {
		return hkdf.Extract(hasher(h), secret, salt)
	})
}

func hkdfExpand(r request) reflect.Value {
	hasher := hasherOf(r.sig.In(0))
	if hasher == nil {
		return reflect.Value{}
	}
	return r.as(func(h addr, key []byte, info string, n int) ([]byte, error) {
		return hkdf.Expand(hasher(h), key, info, n)
	})
}

func hkdfKey(r request) reflect.Value {
	hasher := hasherOf(r.sig.In(0))
	if hasher == nil {
		return reflect.Value{}
	}
	return r.as(func(h addr, secret, salt []byte, info string, n int) ([]byte, error) {
		return hkdf.Key(hasher(h), secret, salt, info, n)
	})
}

func pbkdf2Key(r request) reflect.Value {
	hasher := hasherOf(r.sig.In(0))
	if hasher == nil {
		return reflect.Value{}
	}
	return r.as(func(h addr, password string, salt []byte, iter, n int) ([]byte, error) {
		return pbkdf2.Key(hasher(h), password, salt, iter, n)
	})
}

func errorsAsType(r request) reflect.Value {
	find := errorFinder(r.targs[0])
	if s := shapeOf(r.targs[0]); s != nil {
		return r.as(s.asType(find))
	}
	return inMemory(r.sig, func(in, out []addr) {
		store(out[1], find(load[error](in[0]), out[0]))
	})
}

// errorFinder returns a search in the tree of an error for one of type t, which it
// leaves at an address.
func errorFinder(t reflect.Type) func(error, addr) bool {
	var find func(err error, p addr) bool
	find = func(err error, p addr) bool {
		for err != nil {
			if assign(t, p, reflect.ValueOf(err)) {
				return true
			}
			if x, ok := err.(interface{ As(any) bool }); ok && x.As(reflect.NewAt(t, p).Interface()) {
				return true
			}
			switch x := err.(type) {
			case interface{ Unwrap() error }:
				err = x.Unwrap()
				continue
			case interface{ Unwrap() []error }:
				for _, err := range x.Unwrap() {
					if find(err, p) {
						return true
					}
				}
			}
			return false
		}
		return false
	}
	return find
}

// assign is *p, ok = v.(t), for a v that is not an interface. It leaves *p alone when
// v is no t.
func assign(t reflect.Type, p addr, v reflect.Value) bool {
	if v.Type() != t && (t.Kind() != reflect.Interface || !v.Type().Implements(t)) {
		return false
	}
	view(t, p).Set(v)
	return true
}

func reflectTypeFor(r request) reflect.Value {
	t := r.targs[0]
	return r.as(func() reflect.Type { return t })
}

func reflectTypeAssert(r request) reflect.Value {
	t := r.targs[0]
	find := func(v reflect.Value, p addr) bool {
		x, _ := reflect.TypeAssert[any](v) // fails for what has no value to give
		return x != nil && assign(t, p, reflect.ValueOf(x))
	}
	if s := shapeOf(t); s != nil {
		return r.as(s.typeAssert(find))
	}
	return inMemory(r.sig, func(in, out []addr) {
		store(out[1], find(load[reflect.Value](in[0]), out[0]))
	})
}

// maphashComparable hashes a value as an any does: equal values are equal then, too.
func maphashComparable(r request) reflect.Value {
	t := r.targs[0]
	sum := func(seed maphash.Seed, v addr) uint64 {
		return maphash.Comparable(seed, view(t, v).Interface())
	}
	if s := shapeOf(t); s != nil {
		return r.as(s.hash(sum))
	}
	return inMemory(r.sig, func(in, out []addr) { store(out[0], sum(load[maphash.Seed](in[0]), in[1])) })
}

func maphashWriteComparable(r request) reflect.Value {
	t := r.targs[0]
	write := func(h *maphash.Hash, v addr) { maphash.WriteComparable(h, view(t, v).Interface()) }
	if s := shapeOf(t); s != nil {
		return r.as(s.writeHash(write))
	}
	return inMemory(r.sig, func(in, _ []addr) { write(load[*maphash.Hash](in[0]), in[1]) })
}

func runtimeAddCleanup(r request) reflect.Value {
	cleanup := r.sig.In(1)
	return inMemory(r.sig, func(in, out []addr) {
		f, arg := load[addr](in[1]), view(r.targs[1], in[2])
		run := func() { asWord(cleanup, f).Call([]reflect.Value{arg}) }
		store(out[0], runtime.AddCleanup(load[*byte](in[0]), func(run func()) { run() }, run))
	})
}

func displayProgress(r request) reflect.Value {
	e, yield := elemOf(r.targs[1]), r.caller(r.sig.Out(0).In(0))
	return r.as(func(s header, label []string) func(addr) {
		steps := display.Progress(s.ghost(), label...)
		return func(f addr) {
			at, yield := new(int), yield.on(f)
			defer yield.end()
			for i := range steps {
				*at = i
				if !yield.test(addr(at), e.at(s, i)) {
					return
				}
			}
		}
	})
}

func weakMake(r request) reflect.Value { return r.as(weak.Make[byte]) }

// The methods, whose receivers are pointers to one word.

func weakPointerValue(r request) reflect.Value {
	return r.as(func(p *weak.Pointer[byte]) *byte { return p.Value() })
}

func atomicPointerLoad(r request) reflect.Value  { return r.as((*atomic.Pointer[byte]).Load) }
func atomicPointerStore(r request) reflect.Value { return r.as((*atomic.Pointer[byte]).Store) }
func atomicPointerSwap(r request) reflect.Value  { return r.as((*atomic.Pointer[byte]).Swap) }
func atomicPointerCompareAndSwap(r request) reflect.Value {
	return r.as((*atomic.Pointer[byte]).CompareAndSwap)
}

func uniqueHandleValue(r request) reflect.Value {
	if s := shapeOf(r.targs[0]); s != nil {
		return r.as(s.deref())
	}
	t := r.targs[0]
	return inMemory(r.sig, func(in, out []addr) {
		view(t, out[0]).Set(view(t, load[addr](load[addr](in[0]))))
	})
}
