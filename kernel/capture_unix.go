//go:build unix

package kernel

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"syscall"

	"github.com/dagbook/dagbook/protocol"
)

// Capture turns what is written to the file descriptors 1 and 2 into output of the running
// cell: compiled code that prints, println, child processes that inherit them. While it is
// open the descriptors are the ends of two pipes.
//
// The order of raw writes and of what a cell prints through its Output is exact within one
// goroutine: whoever publishes reads both pipes empty first. Otherwise a goroutine per pipe
// reads what comes, so a pipe never fills up. The order between the two descriptors is that
// of reading, stdout first.
//
// Where file descriptors cannot be redirected (Windows, js) it does nothing: raw writes go
// where the process's output goes, which is Jupyter's log.
type Capture struct {
	pipes   [2]*capturePipe
	readers sync.WaitGroup // one per pipe

	mu     sync.Mutex // held from reading until the text is handed on, for the order
	buf    []byte
	to     sink
	closed bool
}

// capturePipe is one captured descriptor.
type capturePipe struct {
	name     protocol.StreamName
	fd       int      // 1 or 2
	original *os.File // what the descriptor was
	read     *os.File // registered with the runtime's poller
	readFD   int      // of read
}

// NewCapture redirects the descriptors until Close. The process has one at most. The
// runtime's own last words (a fatal error) go to the original stderr as well.
func NewCapture() (*Capture, error) {
	c := &Capture{buf: make([]byte, pipeSize)}
	for i, name := range []protocol.StreamName{protocol.Stdout, protocol.Stderr} {
		p, err := redirect(name, i+1)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s cannot be captured: %w", name, err), c.Close())
		}
		c.pipes[i] = p
		c.readers.Go(func() { c.follow(p) })
	}
	if err := debug.SetCrashOutput(c.Stderr(), debug.CrashOptions{}); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// redirect makes fd the writing end of a new pipe. That end blocks, as programs expect of
// their output; the reading end does not.
func redirect(name protocol.StreamName, fd int) (*capturePipe, error) {
	// No fork may happen between making a descriptor and marking it as not to be inherited.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	original, err := syscall.Dup(fd)
	if err != nil {
		return nil, err
	}
	syscall.CloseOnExec(original)
	var ends [2]int
	if err := syscall.Pipe(ends[:]); err != nil {
		return nil, errors.Join(err, syscall.Close(original))
	}
	syscall.CloseOnExec(ends[0])
	err = errors.Join(syscall.SetNonblock(ends[0], true), dup2(ends[1], fd), syscall.Close(ends[1]))
	p := &capturePipe{
		name: name, fd: fd, readFD: ends[0],
		original: os.NewFile(uintptr(original), "original "+string(name)),
		read:     os.NewFile(uintptr(ends[0]), "captured "+string(name)),
	}
	if err != nil {
		return nil, errors.Join(err, p.original.Close(), p.read.Close())
	}
	return p, nil
}

// Stderr is where the process's stderr went before: the place for the kernel's own log. It
// is open until Close. Of a nil Capture it is os.Stderr.
func (c *Capture) Stderr() *os.File {
	if c == nil || c.pipes[1] == nil {
		return os.Stderr
	}
	return c.pipes[1].original
}

// Close hands on what was written, puts the descriptors back and waits for the goroutines.
func (c *Capture) Close() error {
	if c == nil {
		return nil
	}
	c.drain()
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return nil
	}
	var errs []error
	for _, p := range c.pipes {
		if p != nil {
			errs = append(errs, dup2(int(p.original.Fd()), p.fd))
		}
	}
	c.drainLocked() // what came in between
	c.closed = true
	c.mu.Unlock()
	for _, p := range c.pipes {
		if p != nil {
			errs = append(errs, p.read.Close()) // ends its reader
		}
	}
	c.readers.Wait()
	errs = append(errs, debug.SetCrashOutput(nil, debug.CrashOptions{}))
	for _, p := range c.pipes {
		if p != nil {
			errs = append(errs, p.original.Close())
		}
	}
	return errors.Join(errs...)
}

// follow reads a pipe whenever something waits in it, until it is closed.
func (c *Capture) follow(p *capturePipe) {
	raw, err := p.read.SyscallConn()
	if err != nil {
		return
	}
	// Read calls the function each time the pipe has become readable, as long as it
	// returns false; it reads for itself, under our lock. Closing the file ends it.
	_ = raw.Read(func(uintptr) bool {
		for c.follows(p) {
		}
		return c.isClosed()
	})
}

// follows reads what waits in a pipe, once; it reports whether there may be more.
func (c *Capture) follows(p *capturePipe) (more bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.closed && c.empty(p)
}

func (c *Capture) isClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

// drain hands on everything that was written to the descriptors by now.
func (c *Capture) drain() {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drainLocked()
}

func (c *Capture) drainLocked() {
	for _, p := range c.pipes {
		if p != nil && !c.closed {
			c.empty(p)
		}
	}
}

// pipeSize is what a pipe holds: whoever has read that much has read everything that was
// in it at the start.
const pipeSize = 64 << 10

// empty hands on what waits in a pipe. It reports more when it has read as much as a pipe
// holds and found no end: somebody writes as fast as we read, and may never stop.
func (c *Capture) empty(p *capturePipe) (more bool) {
	for total := 0; total < pipeSize; {
		n, err := syscall.Read(p.readFD, c.buf)
		if err == syscall.EINTR {
			continue
		}
		if n <= 0 {
			return false // EAGAIN: nothing waits
		}
		total += n
		if c.to == nil || !c.to(p.name, string(c.buf[:n])) {
			// To whom could it be told that the original output is gone?
			_, _ = p.original.Write(c.buf[:n])
		}
	}
	return true
}
