package hdf5

import (
	"encoding/binary"
	"fmt"
	"math"
	"sync"
)

// heapWriter puts values of variable length into collections of the global heap. The
// collection that is being filled has its place in the file already.
type heapWriter struct {
	w    *fileWriter
	mu   sync.Mutex
	addr uint64
	page []byte
	used int
	next uint16 // index of the next object
}

// Collections begin small, for files with a few texts, and double for those with many.
// The library reads 4096 bytes at least.
const (
	firstCollection   = 4096
	largestCollection = 1 << 20
	collectionHead    = 16
)

// put stores b, which is n elements long, and writes to dst where it is.
func (h *heapWriter) put(dst, b []byte, n int) error {
	clear(dst)
	if n == 0 {
		return nil
	}
	if len(b) > math.MaxInt32 {
		return fmt.Errorf("a value of %d bytes is too long; 2 GB is the most", len(b))
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	need := 16 + (len(b)+7)&^7
	if h.page == nil || h.used+need+16 > len(h.page) || h.next == math.MaxUint16 {
		if err := h.begin(need); err != nil {
			return err
		}
	}
	at := h.page[h.used:]
	binary.LittleEndian.PutUint16(at, h.next)
	binary.LittleEndian.PutUint64(at[8:], uint64(len(b)))
	copy(at[16:], b)
	binary.LittleEndian.PutUint32(dst, uint32(n))
	binary.LittleEndian.PutUint64(dst[4:], h.addr)
	binary.LittleEndian.PutUint32(dst[12:], uint32(h.next))
	h.used += need
	h.next++
	return nil
}

// begin ends the collection and makes another with room for an object of need bytes.
func (h *heapWriter) begin(need int) error {
	size := firstCollection
	if h.page != nil {
		size = min(2*len(h.page), largestCollection)
	}
	size = max(size, collectionHead+need+16)
	if err := h.flush(); err != nil {
		return err
	}
	addr, err := h.w.alloc(int64(size))
	if err != nil {
		return err
	}
	h.addr, h.page, h.used, h.next = addr, make([]byte, size), collectionHead, 1
	copy(h.page, "GCOL\x01")
	binary.LittleEndian.PutUint64(h.page[8:], uint64(size))
	return nil
}

// flush writes the collection; what is free of it is an object of index 0.
func (h *heapWriter) flush() error {
	if h.page == nil {
		return nil
	}
	if free := len(h.page) - h.used; free >= 16 {
		binary.LittleEndian.PutUint64(h.page[h.used+8:], uint64(free))
	}
	return h.w.writeAt(h.page, h.addr)
}
