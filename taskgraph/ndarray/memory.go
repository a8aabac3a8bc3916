package ndarray

import (
	"reflect"
	"sync"
	"sync/atomic"
	"weak"
)

// memory is the elements that an array and all its views share. It knows the
// arrays whose elements are still to be computed from it, see pending, so
// that they are before it changes.
//
// What changes after it is made lies behind atomic pointers, also for those
// who look at arrays by reflection while others compute.
type memory struct {
	data    any      // []int8 to []float64; []uint8 of 0 and 1 for Bool; nil if pending
	pending *pending // nil if data is not

	mu       sync.Mutex // for all below; taken after that of a pending
	readers  atomic.Pointer[readers]
	extremes [2]atomic.Pointer[float64] // of all elements, if they have been asked for
	seen     bool                       // the slice is known outside of the package, where it may be written at any time
}

// readers are the memories that are computed from one. Those that nobody
// wants any more are not kept alive.
type readers struct {
	of   map[weak.Pointer[memory]]struct{}
	most int // so many may be there before the dead are looked for
}

// elements is the memory of the elements, for reading; they are computed if
// they are pending.
func (a *Array) elements() any { return a.made().elements() }

// made is the memory of an array; the zero Array, which has none, panics.
func (a *Array) made() *memory {
	if a.memory == nil {
		panic(errNotMade)
	}
	return a.memory
}

func (m *memory) elements() any {
	if m.data != nil {
		return m.data
	}
	return m.pending.elements()
}

// written is the memory of the elements, for writing: what depends on them is
// computed before, and what is known about them forgotten.
func (a *Array) written() any {
	data := a.elements()
	a.memory.settle()
	a.memory.forget()
	return data
}

// shown is the memory of the elements, for others: as they may write to it,
// nothing depends on it from now on.
func (a *Array) shown() any {
	m := a.made()
	data := m.elements()
	m.mu.Lock()
	m.seen = true
	m.forget()
	m.mu.Unlock()
	m.settle()
	return data
}

// settle computes all that is pending on the memory. Of those that are, others
// may be made at the same time by who holds them, until they are computed.
func (m *memory) settle() {
	for m.readers.Load() != nil {
		for _, reader := range m.living() {
			reader.elements()
		}
	}
}

func (m *memory) living() []*memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.readers.Load()
	if r == nil {
		return nil
	}
	living := m.bury(r)
	if len(living) == 0 {
		m.readers.Store(nil)
	}
	return living
}

// bury forgets the readers that are gone.
func (m *memory) bury(r *readers) []*memory {
	var living []*memory
	for pointer := range r.of {
		if reader := pointer.Value(); reader != nil {
			living = append(living, reader)
		} else {
			delete(r.of, pointer)
		}
	}
	return living
}

// addReader notes that a memory is computed from this one; false if it must
// not be.
func (m *memory) addReader(reader weak.Pointer[memory]) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.seen {
		return false
	}
	r := m.readers.Load()
	if r == nil {
		r = &readers{of: map[weak.Pointer[memory]]struct{}{}, most: 16}
		m.readers.Store(r)
	}
	if len(r.of) >= r.most {
		r.most = 16 + 2*len(m.bury(r))
	}
	r.of[reader] = struct{}{}
	return true
}

// dropReader notes that a memory has been computed.
func (m *memory) dropReader(reader weak.Pointer[memory]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.readers.Load()
	if r == nil {
		return
	}
	if delete(r.of, reader); len(r.of) == 0 {
		m.readers.Store(nil)
	}
}

// The extremes that a memory remembers.
const (
	leastOf = iota
	greatestOf
)

// remembered is the smallest or the largest element, which is looked for once
// as long as nothing is written: scaling takes the smallest twice.
func (a *Array) remembered(which int) float64 {
	known := &a.made().extremes[which]
	whole := a.offset == 0 && a.Size() >= fewestPending && a.isContiguous() && a.Size() == length(a.elements())
	if whole {
		if x := known.Load(); x != nil {
			return *x
		}
	}
	name := [...]string{leastOf: "Min", greatestOf: "Max"}[which]
	x := a.Along().reduce(name).Get()
	if whole {
		a.memory.remember(known, x)
	}
	return x
}

func (m *memory) remember(known *atomic.Pointer[float64], x float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.seen {
		known.Store(&x)
	}
}

func (m *memory) forget() {
	for i := range m.extremes {
		if m.extremes[i].Load() != nil {
			m.extremes[i].Store(nil)
		}
	}
}

// length is how many elements a memory has.
func length(data any) int { return reflect.ValueOf(data).Len() }
