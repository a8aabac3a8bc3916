package sched

import (
	"container/heap"
	"errors"
	"runtime"
	"sync"

	"github.com/dagbook/dagbook/taskgraph/codec"
	"github.com/dagbook/dagbook/taskgraph/graph"
	"github.com/dagbook/dagbook/taskgraph/spill"
)

// memory keeps the values of a run below a bound: when there are more, those
// that will be read last go to the disk and come back when a task needs them.
//
// Its methods are called with the run's lock held and let go of it while they
// read and write. The bound is one on what is kept between tasks: the inputs
// and the new value of a running task are in memory in any case.
type memory struct {
	s     *State
	lock  sync.Locker
	moved sync.Cond // some value came or went
	store *spill.Store
	limit int64 // of held

	held    int64   // the sizes of values that are in memory
	leaving int64   // of those that are being written
	dropped int64   // of those that left since the collector ran
	size    []int64 // of each value that is kept, in memory or not
	where   []whereabouts
	pins    []int32 // running tasks that read it
	last    farthest
}

// whereabouts says where a kept value is.
type whereabouts uint8

const (
	nowhere whereabouts = iota // not there yet, or released
	inMemory
	onBoth  // in memory, and written before
	leaving // being written, still in memory
	onDisk
	coming // being read
	stuck  // in memory for good: it cannot be written
)

func newMemory(s *State, p Plan, lock sync.Locker) *memory {
	n := s.g.Len()
	m := &memory{s: s, lock: lock, store: spill.New(p.SpillDir), limit: p.Memory / 3, size: make([]int64, n), where: make([]whereabouts, n), pins: make([]int32, n)}
	m.moved.L = lock
	return m
}

// keep counts a value that has just come to be. Its size was measured
// without the lock.
func (m *memory) keep(id graph.ID, size int64) {
	m.size[id], m.where[id] = size, inMemory
	m.held += size
	heap.Push(&m.last, m.entry(id))
}

// release forgets a value that nobody will read again.
func (m *memory) release(id graph.ID) {
	switch m.where[id] {
	case inMemory, stuck, leaving: // whoever writes it sees that it is nowhere
		m.left(id)
	case onBoth:
		m.left(id)
		m.store.Drop(int(id))
	case onDisk:
		m.store.Drop(int(id))
	}
	m.where[id] = nowhere
}

// acquire brings the inputs of a task into memory, where they stay until
// letGo.
func (m *memory) acquire(id graph.ID) error {
	inputs := m.s.g.Inputs(id)
	for _, in := range inputs {
		m.pins[in]++
	}
	for _, in := range inputs {
		if err := m.fetch(in); err != nil {
			return err
		}
	}
	return m.settle()
}

// letGo ends the reading of a task's inputs.
func (m *memory) letGo(id graph.ID) {
	for _, in := range m.s.g.Inputs(id) {
		if m.pins[in]--; m.pins[in] == 0 && m.where[in] != nowhere {
			heap.Push(&m.last, m.entry(in))
		}
	}
}

// fetch brings one value into memory.
func (m *memory) fetch(id graph.ID) error {
	for m.where[id] == coming {
		m.moved.Wait()
	}
	if m.where[id] != onDisk {
		return nil
	}
	m.where[id] = coming
	m.lock.Unlock()
	v, err := m.store.Read(int(id))
	m.lock.Lock()
	defer m.moved.Broadcast()
	if err != nil {
		m.where[id] = onDisk
		return err
	}
	m.where[id] = onBoth
	m.s.values[id] = v
	m.held += m.size[id]
	return nil
}

// settle moves values to the disk until the bound is kept, or nothing is left
// that could go. What others are about to move counts as gone.
func (m *memory) settle() error {
	m.collect()
	for m.held-m.leaving > m.limit && len(m.last) > 0 {
		e := heap.Pop(&m.last).(entry)
		switch {
		case m.where[e.id] != inMemory && m.where[e.id] != onBoth:
		case m.pins[e.id] > 0: // letGo offers it again
		case e.next != m.next(e.id):
			heap.Push(&m.last, m.entry(e.id))
		default:
			if err := m.evict(e.id); err != nil {
				return err
			}
		}
	}
	return nil
}

// evict moves one value to the disk.
func (m *memory) evict(id graph.ID) error {
	if m.where[id] == onBoth {
		m.drop(id)
		return nil
	}
	v := m.s.values[id]
	m.where[id] = leaving
	size := m.size[id]
	m.leaving += size
	m.lock.Unlock()
	err := m.store.Write(int(id), v)
	m.lock.Lock()
	m.leaving -= size
	var cannot *codec.Error
	switch {
	case m.where[id] == nowhere: // released meanwhile
		m.store.Drop(int(id))
		return nil
	case errors.As(err, &cannot):
		m.where[id] = stuck
		return nil
	case err != nil:
		m.where[id] = stuck
		return err
	case m.pins[id] > 0: // a task has begun to read it
		m.where[id] = onBoth
		return nil
	}
	m.drop(id)
	return nil
}

// drop forgets a value that is on the disk.
func (m *memory) drop(id graph.ID) {
	m.where[id] = onDisk
	m.s.values[id] = nil
	m.left(id)
	m.collect()
}

// left counts a value that is not in memory any more.
func (m *memory) left(id graph.ID) {
	m.held -= m.size[id]
	m.dropped += m.size[id]
}

// collect calls the collector when much has left. By itself it comes when the
// heap is twice as large as what is in use: a third of the bound is for values,
// half as much for what has left, and the rest for running tasks and what is on its way.
func (m *memory) collect() {
	const worthIt = 4 << 20
	if m.dropped <= max(m.limit/2, worthIt) {
		return
	}
	m.dropped = 0
	m.lock.Unlock()
	runtime.GC()
	m.lock.Lock()
}

// next is the place of the reader that comes next; beyond all of them for a
// result that nobody reads any more.
func (m *memory) next(id graph.ID) int32 {
	next := int32(m.s.g.Len())
	for _, reader := range m.s.g.Readers(id) {
		if p := m.s.phase[reader]; p == Waiting || p == Ready {
			next = min(next, m.s.place[reader])
		}
	}
	return next
}

func (m *memory) entry(id graph.ID) entry { return entry{m.next(id), id} }

// entry is a value in memory and when it will be read.
type entry struct {
	next int32
	id   graph.ID
}

// farthest is a heap of values, that which is read last on top. Its entries
// may be out of date: who takes one looks again.
type farthest []entry

func (f farthest) Len() int           { return len(f) }
func (f farthest) Less(i, j int) bool { return f[i].next > f[j].next }
func (f farthest) Swap(i, j int)      { f[i], f[j] = f[j], f[i] }
func (f *farthest) Push(e any)        { *f = append(*f, e.(entry)) }
func (f *farthest) Pop() any {
	e := (*f)[len(*f)-1]
	*f = (*f)[:len(*f)-1]
	return e
}
