package table

import (
	"math/rand/v2"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
)

// Iterator goes through the entries that a table has when it begins.
//
//	for it := t.Iterate(); it.Next(); {
//		k, p := it.Key, it.Elem
//	}
type Iterator[K Key] struct {
	Key  K
	Elem mem.Ptr // good until the table changes

	t     *Table[K]
	keys  []K    // at first
	dead  []bool // those of them that had been deleted
	shape int
	start int // the first position
	seen  int // positions
}

// Iterate begins an iteration before its first entry.
func (t *Table[K]) Iterate() Iterator[K] {
	t.seen = true
	it := Iterator[K]{t: t, keys: t.keys, dead: t.dead, shape: t.shape}
	if n := len(t.keys); n > 1 {
		it.start = rand.IntN(n)
	}
	return it
}

// Next goes on to the next entry. It reports whether there is one.
func (it *Iterator[K]) Next() bool {
	for it.seen < len(it.keys) {
		i := it.start + it.seen
		if i >= len(it.keys) {
			i -= len(it.keys)
		}
		it.seen++
		if it.reach(i) {
			return true
		}
	}
	return false
}

// reach makes the entry at a position the current one, if it is still there. When the
// entries have moved since, the keys of old lead to them.
func (it *Iterator[K]) reach(i int) bool {
	t := it.t
	if t.shape == it.shape {
		if t.dead != nil && t.dead[i] {
			return false
		}
		it.Key, it.Elem = t.keys[i], t.at(i)
		return true
	}
	if it.dead != nil && it.dead[i] {
		return false
	}
	it.Key = it.keys[i]
	it.Elem = t.Find(it.Key, t.hash(it.Key))
	return it.Elem != nil
}
