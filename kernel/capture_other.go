//go:build !unix

package kernel

import (
	"os"
	"sync"
)

// Capture does nothing here: file descriptors cannot be redirected. What a cell prints
// through its Output is not concerned; raw writes go where the process's output goes,
// which is Jupyter's log.
type Capture struct {
	mu sync.Mutex
	to sink
}

// NewCapture returns a Capture that captures nothing.
func NewCapture() (*Capture, error) { return &Capture{}, nil }

// Stderr is os.Stderr.
func (c *Capture) Stderr() *os.File { return os.Stderr }

// Close does nothing.
func (c *Capture) Close() error { return nil }

func (c *Capture) drain() {}
