package kernel

import "github.com/dagbook/dagbook/protocol"

// sink takes captured text. False: it is nobody's output.
type sink func(name protocol.StreamName, text string) bool

// A nil *Capture captures nothing; this and the methods of the same kind let a kernel run
// without one.

// attach sets who gets what is captured, nil for nobody: then it goes where the process's
// output went before.
func (c *Capture) attach(to sink) {
	if c == nil {
		return
	}
	c.drain() // what was written before belongs to the one before
	c.mu.Lock()
	defer c.mu.Unlock()
	c.to = to
}
