package closure

import (
	"sync"
	"sync/atomic"

	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// seats tell which routine runs on the calling goroutine, so that what compiled code calls
// back runs on it, too.
type seats struct {
	table    [1 << seatBits]seat
	overflow sync.Map     // *routine by the number of its goroutine, for those that find no place in the table
	count    atomic.Int32 // of those
}

const (
	seatBits  = 10
	nearSeats = 4 // a goroutine looks at so many
)

// seat is the place of one goroutine. Nobody else writes there until it has left.
type seat struct {
	who atomic.Uintptr // 0 when it is free
	g   atomic.Pointer[routine]
}

// near returns the i-th seat that a goroutine looks at.
func (s *seats) near(who, i uintptr) *seat {
	const spread = 0x9E3779B1 // by which the addresses of neighbours come to lie apart
	return &s.table[(uint32(who>>4)*spread>>(32-seatBits)+uint32(i))%(1<<seatBits)]
}

// here returns the routine of the calling goroutine, nil when it has none.
func (s *seats) here() *routine {
	who := rt.Goroutine()
	if at := s.near(who, 0); at.who.Load() == who {
		return at.g.Load()
	}
	return s.beside(who)
}

func (s *seats) beside(who uintptr) *routine {
	for i := range uintptr(nearSeats) {
		if at := s.near(who, i); at.who.Load() == who {
			return at.g.Load()
		}
	}
	if s.count.Load() > 0 {
		if g, ok := s.overflow.Load(who); ok {
			return g.(*routine)
		}
	}
	return nil
}

// bind makes g the routine of the calling goroutine, which has to unbind it before it ends:
// the next one may have its number.
func (g *routine) bind() {
	who, all := rt.Goroutine(), &g.run.e.seats
	for i := range uintptr(nearSeats) {
		if at := all.near(who, i); at.who.CompareAndSwap(0, who) {
			at.g.Store(g)
			g.seat = at
			return
		}
	}
	all.overflow.Store(who, g)
	all.count.Add(1)
	g.unseated = who
}

func (g *routine) unbind() {
	if at := g.seat; at != nil {
		g.seat = nil
		at.g.Store(nil)
		at.who.Store(0)
	}
	if g.unseated != 0 {
		all := &g.run.e.seats
		all.overflow.Delete(g.unseated)
		all.count.Add(-1)
		g.unseated = 0
	}
}
