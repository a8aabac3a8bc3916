package yaegi

import (
	"go/types"
	"reflect"
	"sync"
	"sync/atomic"
)

// shared is what goroutines of earlier cells read while a new cell is prepared.
type shared struct {
	mu      sync.RWMutex
	list    []types.Type // that emitted code names by number; tuples too
	numbers map[string]int

	reflects atomic.Bool  // a cell imported reflect
	latest   atomic.Int64 // the cell that ran last
}

func newShared() *shared { return &shared{numbers: map[string]int{}} }

// number gives a type a number; key tells types of the same text in cells apart.
func (s *shared) number(key string, t types.Type) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i, ok := s.numbers[key]; ok {
		return i
	}
	s.list = append(s.list, t)
	s.numbers[key] = len(s.list) - 1
	return len(s.list) - 1
}

// typeAt returns the type with a number.
func (s *shared) typeAt(k int) types.Type {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.list[k]
}

// Lines of all cells share one range of numbers, which Go's scanner bounds at 1<<30:
// so many cells are told apart, the newest ones, and so many lines of each.
const (
	linesPerCell = 100_000
	cellSlots    = 10_000
)

// packed is the line number that stands for a line of a cell.
func packed(cell, line int) int { return cell%cellSlots*linesPerCell + min(line, linesPerCell-1) }

// place turns such a number back; of the cells that share it the newest is meant.
func (s *shared) place(n int) (cell, line int) {
	latest := int(s.latest.Load())
	cell = latest - ((latest-n/linesPerCell)%cellSlots+cellSlots)%cellSlots
	return cell, n % linesPerCell
}

// delayedFunc finds the type taskgraph.Func once.
func (e *Engine) delayedFunc() reflect.Type {
	syms, _ := e.host.Bound(taskgraphPath)
	return syms["Func"].Type().Elem()
}
