package generic

import (
	"reflect"
	"runtime"
	"sync"
	"weak"
)

// uniqueMake is unique.Make for types without a stand-in. A handle is the pointer to the
// one variable that has the value.
func uniqueMake(r request) reflect.Value {
	kept := internedOf(r.targs[0])
	if s := shapeOf(r.targs[0]); s != nil {
		return r.as(s.intern(kept.pointer))
	}
	return inMemory(r.sig, func(in, out []addr) { store(out[0], kept.pointer(in[0])) })
}

// interned has the variables of the values of one type that have a handle. It does not
// keep them alive.
type interned struct {
	t  reflect.Type
	mu sync.Mutex
	at map[any]weak.Pointer[byte] // guarded by mu
}

// internTables has the interned of each type. They must be one for the process, as
// those of package unique are: handles compare as pointers.
var internTables sync.Map // reflect.Type to *interned

func internedOf(t reflect.Type) *interned {
	v, _ := internTables.LoadOrStore(t, &interned{t: t, at: map[any]weak.Pointer[byte]{}})
	return v.(*interned)
}

// pointer returns the one variable equal to the value at v, a new one when there is none.
func (n *interned) pointer(v addr) addr {
	if n.t.Size() == 0 {
		return addr(&zero)
	}
	key := view(n.t, v).Interface()
	n.mu.Lock()
	defer n.mu.Unlock()
	if p := n.at[key].Value(); p != nil {
		return addr(p)
	}
	p := (*byte)(box(reflect.ValueOf(key)))
	if key == key { // one with a NaN is never found again
		n.at[key] = weak.Make(p)
		runtime.AddCleanup(p, n.forget, key)
	}
	return addr(p)
}

// forget removes a value whose variable is gone, unless it has a new one.
func (n *interned) forget(key any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.at[key].Value() == nil {
		delete(n.at, key)
	}
}
