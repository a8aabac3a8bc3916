package column

import (
	"encoding/binary"
	"math/bits"
)

// Words numbers different texts in the order in which they first come: the words of a Dict
// while it is read. The zero value is ready. It is not for several goroutines at once.
//
// Words of up to seven bytes, which airports, carriers and the like are, are found by one
// number, their bytes and their length, in a table with open addressing; longer ones in a map.
type Words struct {
	Words []string
	short []shortWord
	shift int
	used  int
	long  map[string]int32
}

type shortWord struct {
	key  uint64 // 0: the place is free
	code int32
}

// ShortKey is the key for CodeShort of a word of n bytes, 1 to 7, which are the lowest of w.
func ShortKey(w uint64, n int) uint64 {
	return w&(1<<(8*uint(n))-1) | uint64(n)<<56
}

// Code is the number of a word, and whether it is new. The bytes are copied if it is.
func (t *Words) Code(word []byte) (code int32, isNew bool) {
	if n := len(word); n > 0 && n <= 7 {
		var b [8]byte
		copy(b[:], word)
		return t.CodeShort(ShortKey(binary.LittleEndian.Uint64(b[:]), n))
	}
	if code, ok := t.long[string(word)]; ok {
		return code, false
	}
	if t.long == nil {
		t.long = make(map[string]int32)
	}
	s := string(word)
	t.long[s] = int32(len(t.Words))
	t.Words = append(t.Words, s)
	return int32(len(t.Words) - 1), true
}

// CodeShort is the number of the word with a key of ShortKey, and whether it is new.
func (t *Words) CodeShort(key uint64) (code int32, isNew bool) {
	if len(t.short) > 0 {
		mask := len(t.short) - 1
		for i := int(key * 0x9E3779B97F4A7C15 >> t.shift); ; i = (i + 1) & mask {
			if t.short[i].key == key {
				return t.short[i].code, false
			}
			if t.short[i].key == 0 {
				break
			}
		}
	}
	return t.addShort(key), true
}

func (t *Words) addShort(key uint64) int32 {
	if 2*t.used >= len(t.short) {
		old := t.short
		size := max(64, 4*len(old))
		t.short, t.shift = make([]shortWord, size), 64-bits.Len(uint(size-1))
		for _, w := range old {
			if w.key != 0 {
				t.place(w)
			}
		}
	}
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], key)
	code := int32(len(t.Words))
	t.Words = append(t.Words, string(b[:key>>56]))
	t.place(shortWord{key, code})
	t.used++
	return code
}

// place puts a word that is not there in a free place.
func (t *Words) place(w shortWord) {
	mask := len(t.short) - 1
	i := int(w.key * 0x9E3779B97F4A7C15 >> t.shift)
	for t.short[i].key != 0 {
		i = (i + 1) & mask
	}
	t.short[i] = w
}
