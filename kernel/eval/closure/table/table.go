package table

import (
	"hash/maphash"
	"math/bits"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
)

// Key is what a table finds entries by: an integer of any size as a uint64, or a string.
type Key interface{ uint64 | string }

// Table is a map from keys to elements of one layout.
type Table[K Key] struct {
	index []uint32 // by hash: [free], [gone], or one more than the position of an entry; nil while there are few
	keys  []K      // of the entries, in order of insertion; there is room for as many as cap
	dead  []bool   // which entries have been deleted; nil while none has
	elems mem.Ptr  // as many as cap(keys)
	size  uintptr  // of an element
	live  int      // entries that have not been deleted
	shape int      // changes when entries move
	seen  bool     // an iterator knows the entries of this shape
	hash  func(K) uint64
	form  *Form
}

// Form is what tables of a map type have in common.
type Form struct {
	Elem *mem.Layout
	Ask  func(bytes uint64) // is called before a table grows, and panics when there is not so much memory
}

const (
	free = 0
	gone = 1<<32 - 1
	few  = 8 // entries that need no index
)

// New returns an empty table with room for n entries.
func New[K Key](form *Form, n int) *Table[K] {
	t := &Table[K]{form: form, size: form.Elem.Size}
	switch h := any(&t.hash).(type) {
	case *func(uint64) uint64:
		*h = func(k uint64) uint64 { return k }
	case *func(string) uint64:
		*h = Hash
	}
	t.resize(n)
	return t
}

var seed = maphash.MakeSeed()

// Hash is the hash of a string that is a key.
func Hash(s string) uint64 { return maphash.String(seed, s) }

// HashIn is the hash of a string for a table: 0 while that has no index.
func HashIn(t *Table[string], s string) uint64 {
	if t.index == nil {
		return 0
	}
	return Hash(s)
}

// Len is the number of entries.
func (t *Table[K]) Len() int { return t.live }

func (t *Table[K]) at(i int) mem.Ptr { return mem.Elem(t.elems, i, t.size) }

// Find returns the address of the element of a key, nil for one that is not there.
func (t *Table[K]) Find(k K, hash uint64) mem.Ptr {
	if t.index == nil {
		if i := t.among(k); i >= 0 {
			return t.at(i)
		}
		return nil
	}
	if i, _ := t.search(k, hash); i >= 0 {
		return t.at(i)
	}
	return nil
}

// among is the position of a key in a table without an index, -1 for one that is not there.
func (t *Table[K]) among(k K) int {
	for i := range t.keys {
		if t.keys[i] == k && (t.dead == nil || !t.dead[i]) {
			return i
		}
	}
	return -1
}

// search finds the position of a key and its place in the index; of a key that is not
// there the position is -1 and the place a free one.
func (t *Table[K]) search(k K, hash uint64) (position int, place uint64) {
	mask := uint64(len(t.index) - 1)
	for i, rest := hash&mask, hash; ; {
		at := uint(t.index[i])
		if at == free {
			return -1, i
		}
		if p := at - 1; p < uint(len(t.keys)) && t.keys[p] == k { // that of [gone] is beyond
			return int(p), i
		}
		rest >>= 5
		i = (5*i + rest + 1) & mask
	}
}

// Assign returns the address of the element of a key. A new one is zero.
func (t *Table[K]) Assign(k K, hash uint64) mem.Ptr {
	if t.index == nil {
		if i := t.among(k); i >= 0 {
			return t.at(i)
		}
	} else if i, place := t.search(k, hash); i >= 0 {
		return t.at(i)
	} else if len(t.keys) < cap(t.keys) {
		t.index[place] = uint32(len(t.keys) + 1)
		return t.add(k)
	}
	if len(t.keys) == cap(t.keys) {
		t.resize(t.live + t.live/4 + 1) // a quarter, so that deleting and adding by turns does not move all each time
	}
	if t.index != nil {
		t.put(len(t.keys), t.hash(k)) // it may be the first index
	}
	return t.add(k)
}

// add makes the entry of a key for which the index is ready.
func (t *Table[K]) add(k K) mem.Ptr {
	n := len(t.keys)
	t.keys = append(t.keys, k)
	if t.dead != nil {
		t.dead = append(t.dead, false)
	}
	t.live++
	return t.at(n)
}

// put notes the position of a key that the index does not have.
func (t *Table[K]) put(position int, hash uint64) {
	mask := uint64(len(t.index) - 1)
	for i, rest := hash&mask, hash; ; {
		if t.index[i] == free {
			t.index[i] = uint32(position + 1)
			return
		}
		rest >>= 5
		i = (5*i + rest + 1) & mask
	}
}

// Delete removes the entry of a key, if there is one.
func (t *Table[K]) Delete(k K, hash uint64) {
	position := -1
	if t.index == nil {
		position = t.among(k)
	} else if p, place := t.search(k, hash); p >= 0 {
		position = p
		t.index[place] = gone
	}
	if position < 0 {
		return
	}
	if t.dead == nil {
		t.dead = make([]bool, len(t.keys), cap(t.keys))
	}
	t.dead[position] = true
	if !t.seen {
		t.keys[position] = *new(K) // what it holds on to is free
	}
	t.form.Elem.Clear(t.at(position))
	t.live--
}

// Clear removes all entries.
func (t *Table[K]) Clear() {
	t.keys, t.live = nil, 0
	t.resize(0)
}

// resize makes room for n entries, and for more: entries that are alive move, in their
// order, to memory of their own.
func (t *Table[K]) resize(n int) {
	room, size := few, 0
	if n > few {
		size = 1 << bits.Len(uint(n+n/2)) // between a third and two thirds of it will be in use
		room = int(uint64(size) * 2 / 3)
		if uint64(room) >= gone {
			panic("a map cannot have so many entries")
		}
		t.form.Ask(uint64(size)*4 + uint64(room)*uint64(t.size+16))
	}
	old := *t
	t.index, t.keys, t.dead, t.elems = nil, make([]K, 0, room), nil, mem.NewArray(t.form.Elem.Word, room)
	t.shape, t.seen = t.shape+1, false
	t.take(&old)
	if size == 0 {
		return
	}
	t.index = make([]uint32, size)
	for i, k := range t.keys {
		t.put(i, t.hash(k))
	}
}

// take copies the entries of another table that are alive.
func (t *Table[K]) take(old *Table[K]) {
	elem, n := t.form.Elem, len(old.keys)
	if old.dead == nil {
		t.keys = append(t.keys, old.keys...)
		elem.CopySlice(mem.Slice{Data: t.elems, Len: n, Cap: n}, mem.Slice{Data: old.elems, Len: n, Cap: n})
		return
	}
	for i, k := range old.keys {
		if !old.dead[i] {
			elem.Move(t.at(len(t.keys)), old.at(i))
			t.keys = append(t.keys, k)
		}
	}
}
