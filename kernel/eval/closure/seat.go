package closure

import (
	"sync/atomic"

	"github.com/dagbook/dagbook/kernel/eval/closure/rt"
)

// seats tell which routine runs on the calling goroutine, so that what compiled code calls
// back runs on it, too. A goroutine that finds no place in the table has none: its callbacks
// take routines of their own, which costs more and does the same.
type seats [1 << seatBits]seat

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
	return &s[(uint32(who>>4)*spread>>(32-seatBits)+uint32(i))%(1<<seatBits)]
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
	return nil
}

// sit makes g the routine of the calling goroutine, which has to rise before it ends:
// the next one may have its number.
func (g *routine) sit() {
	who := rt.Goroutine()
	if who == 0 {
		return
	}
	for i := range uintptr(nearSeats) {
		if at := g.run.e.seats.near(who, i); at.who.CompareAndSwap(0, who) {
			at.g.Store(g)
			g.seat = at
			return
		}
	}
}

func (g *routine) rise() {
	if at := g.seat; at != nil {
		g.seat = nil
		at.g.Store(nil)
		at.who.Store(0)
	}
}
