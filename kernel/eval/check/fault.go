package check

import (
	"fmt"
	"runtime/debug"
)

// Fault is a panic of the checker, or of an engine that compiles a cell: a mistake of ours,
// or of go/types, and not of the cell. The session stays as it was before the cell.
type Fault struct {
	Value any    // what it panicked with
	Stack string // of the goroutine, for the log
}

// Error tells the author of the cell that the mistake is not theirs.
func (f *Fault) Error() string {
	return fmt.Sprintf("dagbook failed to compile this cell (%v): this is a fault of dagbook, not of the cell; write it in another way, and please report it", f.Value)
}

// guard runs f and makes its panic a Fault. It stands where a cell enters the checker
// and nowhere else.
func (s *Session) guard(f func()) (fault *Fault) {
	defer func() {
		if v := recover(); v != nil {
			fault = &Fault{Value: v, Stack: string(debug.Stack())}
			if s.Faults != nil {
				s.Faults(fault)
			}
		}
	}()
	s.reachMu.Lock()
	defer s.reachMu.Unlock()
	f()
	return nil
}
