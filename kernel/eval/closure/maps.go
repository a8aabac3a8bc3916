package closure

import (
	"go/types"
	"runtime"
	"sync/atomic"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// Go ends the process when two goroutines use a map at the same time and one writes.
// Cells must not be able to do that, so that operations on maps take one of these locks:
// uncontended that is two atomic operations, and a map needs no word of its own for it.
var mapLocks [256]struct {
	held atomic.Uint32
	_    [60]byte // a cache line each
}

func lockMap(m mem.Ptr) *atomic.Uint32 {
	l := &mapLocks[mem.Hash(m)%uintptr(len(mapLocks))].held
	for !l.CompareAndSwap(0, 1) {
		runtime.Gosched()
	}
	return l
}

// openMap ends an operation: l is nil for a map that takes no lock.
func openMap(l *atomic.Uint32) {
	if l != nil {
		l.Store(0)
	}
}

// mapType is what operations on a map type need.
type mapType struct {
	word      mem.Ptr
	fast      rt.Fast
	key, elem *mem.Layout
	zero      mem.Ptr // an element that is only read
}

func (e *Engine) mapType(t types.Type) *mapType {
	lay := e.layout(t)
	m := &mapType{word: lay.Word, fast: rt.MapFast(lay.Type), key: mem.LayoutOf(lay.Type.Key()), elem: mem.LayoutOf(lay.Type.Elem())}
	m.zero = m.elem.New()
	return m
}

// findInMap returns the code of the address of an element, nil for a key that is not there.
func (c *compiler) findInMap(m *mapType, x, key *expr) func(F) mem.Ptr {
	if x.own != nil {
		return findInTable(x, key)
	}
	word, mf := m.word, codeOf[mem.Ptr](x)
	switch {
	case m.fast == rt.FastStr:
		kf := codeOf[string](key)
		return func(f F) mem.Ptr {
			m, k := mf(f), kf(f)
			if m == nil {
				return nil
			}
			l := lockMap(m)
			p := rt.MapAccessStr(word, m, k)
			l.Store(0)
			return p
		}
	case m.fast == rt.Fast64 && key.k.integer():
		kf := bits64(key)
		return func(f F) mem.Ptr {
			m, k := mf(f), kf(f)
			if m == nil {
				return nil
			}
			l := lockMap(m)
			p := rt.MapAccess64(word, m, k)
			l.Store(0)
			return p
		}
	}
	kf := c.addressable(key)
	return func(f F) mem.Ptr {
		m, k := mf(f), kf(f)
		return mapAccess(word, m, k)
	}
}

// mapAccess may panic: a key in an interface need not be hashable.
func mapAccess(word, m, k mem.Ptr) mem.Ptr {
	if m == nil {
		return rt.MapAccess(word, m, k)
	}
	l := lockMap(m)
	defer l.Store(0)
	return rt.MapAccess(word, m, k)
}

// bits64 is an integer key of eight bytes.
func bits64(key *expr) func(F) uint64 {
	return numbersOf[key.k].toUint(key)
}

// addressable is the code of an address at which the value of x stands; x is evaluated
// into a temporary when it stands nowhere.
func (c *compiler) addressable(x *expr) func(F) mem.Ptr {
	if x.k == kMem {
		return addressOf(x)
	}
	off := x.off
	if x.where != inLocal {
		t := c.temp(x.t)
		set := c.opsOf(x.t).setLocal(t.off, x)
		off = t.off
		return func(f F) mem.Ptr { set(f); return mem.Add(f, off) }
	}
	return func(f F) mem.Ptr { return mem.Add(f, off) }
}

// mapElement is m[k].
func (c *compiler) mapElement(m *expr, t *types.Map, key *expr) *expr {
	mt := c.mapType(m.t)
	find, zero := c.findInMap(mt, m, key), mt.zero
	return c.load(&location{t: t.Elem(), k: kindOf(t.Elem()), addr: func(f F) mem.Ptr {
		if p := find(f); p != nil {
			return p
		}
		return zero
	}})
}

// mapElementOK is v, ok := m[k]: the element, and whether it is there, in two temporaries.
func (c *compiler) mapElementOK(m *expr, t *types.Map, key *expr) *tuple {
	mt := c.mapType(m.t)
	find := c.findInMap(mt, m, key)
	v, ok := c.temp(t.Elem()), c.temp(types.Typ[types.Bool])
	lay, to, at := v.lay, v.location().address(), ok.off
	fresh := v.fresh()
	return &tuple{exprs: []*expr{c.load(v.location()), c.load(ok.location())}, run: func(f F) {
		if fresh != nil {
			fresh(f)
		}
		p := find(f)
		mem.Store(f, at, p != nil)
		if p == nil {
			lay.Clear(to(f))
			return
		}
		lay.Move(to(f), p)
	}}
}

// setMapElement is m[k] = x.
func (c *compiler) setMapElement(m, key, x *expr) stmt {
	mt := c.mapType(m.t)
	if m.own != nil {
		return c.set(&location{t: x.t, k: x.k, addr: assignInTable(m, key)}, x)
	}
	assign := c.assignInMap(mt, m, key)
	t := c.temp(x.t)
	set, from, lay := c.declare(t, x), t.location().address(), mt.elem
	return func(f F) ctl {
		set(f)
		p, l := assign(f)
		lay.Move(p, from(f))
		l.Store(0)
		return next
	}
}

// mapSlot finds the address of an element; see assignInMap.
type mapSlot func(F) (mem.Ptr, *atomic.Uint32)

// assignInMap is the code of the address of an element, which is made if need be. Nobody
// else can use the map until the lock has been opened.
func (c *compiler) assignInMap(mt *mapType, x, key *expr) mapSlot {
	if x.own != nil {
		assign := assignInTable(x, key)
		return func(f F) (mem.Ptr, *atomic.Uint32) { return assign(f), nil }
	}
	word, mf := mt.word, codeOf[mem.Ptr](x)
	switch {
	case mt.fast == rt.FastStr:
		kf := codeOf[string](key)
		return func(f F) (mem.Ptr, *atomic.Uint32) {
			m, k := mf(f), kf(f)
			if m == nil {
				nilMap()
			}
			l := lockMap(m)
			return rt.MapAssignStr(word, m, k), l
		}
	case mt.fast == rt.Fast64 && key.k.integer():
		kf := bits64(key)
		return func(f F) (mem.Ptr, *atomic.Uint32) {
			m, k := mf(f), kf(f)
			if m == nil {
				nilMap()
			}
			l := lockMap(m)
			return rt.MapAssign64(word, m, k), l
		}
	}
	kf := c.addressable(key)
	return func(f F) (mem.Ptr, *atomic.Uint32) {
		m, k := mf(f), kf(f)
		if m == nil {
			nilMap()
		}
		return mapAssign(word, m, k)
	}
}

// mapAssign may panic: a key in an interface need not be hashable.
func mapAssign(word, m, k mem.Ptr) (p mem.Ptr, l *atomic.Uint32) {
	l = lockMap(m)
	defer func() {
		if p == nil {
			l.Store(0)
		}
	}()
	return rt.MapAssign(word, m, k), l
}

func nilMap() {
	var m map[int]int
	m[0] = 0
}

// deleteFromMap is delete(m, k).
func (c *compiler) deleteFromMap(m, key *expr) stmt {
	if m.own != nil {
		return deleteFromTable(m, key)
	}
	mt, mf, kf := c.mapType(m.t), codeOf[mem.Ptr](m), c.addressable(key)
	word := mt.word
	return func(f F) ctl {
		m, k := mf(f), kf(f)
		if m == nil {
			return next
		}
		l := lockMap(m)
		defer l.Store(0)
		rt.MapDelete(word, m, k)
		return next
	}
}
