package frame

import "math/bits"

// numbering gives things numbers by first appearance.
type numbering[K comparable] map[K]int

func (n numbering[K]) of(key K) int {
	code, known := n[key]
	if !known {
		code = len(n)
		n[key] = code
	}
	return code
}

// wholeNumbering is the numbering of whole numbers: a table with open addressing (Knuth, The
// Art of Computer Programming 3, 6.4, algorithm L), which is several times as fast as a map.
type wholeNumbering struct {
	slots []slot
	shift int
	n     int
}

// slot is a key with its number and 1; 0 for a free one.
type slot struct {
	key    int64
	number int
}

func newWholeNumbering() *wholeNumbering {
	const bits = 10
	return &wholeNumbering{slots: make([]slot, 1<<bits), shift: 64 - bits}
}

// home is where a key is looked for first: Fibonacci hashing (Knuth, 6.4).
func (t *wholeNumbering) home(key int64) int {
	return int(uint64(key) * 0x9E3779B97F4A7C15 >> t.shift)
}

func (t *wholeNumbering) of(key int64) int {
	mask := len(t.slots) - 1
	for i := t.home(key); ; i = (i + 1) & mask {
		s := &t.slots[i]
		if s.number == 0 {
			t.n++
			s.key, s.number = key, t.n
			if 2*t.n > len(t.slots) {
				t.grow()
			}
			return t.n - 1
		}
		if s.key == key {
			return s.number - 1
		}
	}
}

func (t *wholeNumbering) grow() {
	old := t.slots
	t.slots = make([]slot, 4*len(old))
	t.shift = 64 - bits.Len(uint(len(t.slots)-1))
	mask := len(t.slots) - 1
	for _, s := range old {
		if s.number == 0 {
			continue
		}
		i := t.home(s.key)
		for t.slots[i].number != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = s
	}
}
