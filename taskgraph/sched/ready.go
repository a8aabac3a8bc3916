package sched

import "math/bits"

// readySet is a set of places in the order, from which the lowest can be
// taken. Places are small and dense, so a bit for each does; every level
// above has a bit for each non-empty word below. Adding and taking touch one
// word per level: three or four for a million tasks, whatever is in the set.
type readySet struct {
	levels [][]uint64 // levels[0] has a bit per place, the last is one word
	size   int
}

func newReadySet(places int) readySet {
	var s readySet
	for {
		places = (places + 63) / 64
		s.levels = append(s.levels, make([]uint64, max(places, 1)))
		if places <= 1 {
			return s
		}
	}
}

func (s *readySet) add(place int32) {
	s.size++
	for _, words := range s.levels {
		word := place >> 6
		before := words[word]
		words[word] = before | 1<<(place&63)
		if before != 0 {
			return
		}
		place = word
	}
}

// takeLowest removes the lowest place. The set must not be empty.
func (s *readySet) takeLowest() int32 {
	s.size--
	place := int32(0)
	for l := len(s.levels) - 1; l >= 0; l-- {
		place = place<<6 + int32(bits.TrailingZeros64(s.levels[l][place]))
	}
	at := place
	for _, words := range s.levels {
		word := at >> 6
		words[word] &^= 1 << (at & 63)
		if words[word] != 0 {
			break
		}
		at = word
	}
	return place
}
