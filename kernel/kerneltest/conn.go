package kerneltest

import (
	"context"
	"slices"
	"sync"

	"github.com/dagbook/dagbook/protocol"
)

// Conn is a connection without sockets: one front end puts requests in, and everything the
// kernel sends is kept for it to look at.
type Conn struct {
	inbox map[protocol.Channel]chan *protocol.Message

	mu      sync.Mutex
	sent    []*protocol.Message
	changed chan struct{} // closed, and made anew, when something is sent
}

// NewConn returns a connection on which nothing was said yet.
func NewConn() *Conn {
	c := &Conn{inbox: map[protocol.Channel]chan *protocol.Message{}, changed: make(chan struct{})}
	for _, ch := range []protocol.Channel{protocol.Shell, protocol.Control, protocol.Stdin} {
		c.inbox[ch] = make(chan *protocol.Message, 1024)
	}
	return c
}

// Recv is the kernel's: it waits for a message of the front end.
func (c *Conn) Recv(ctx context.Context, ch protocol.Channel) (*protocol.Message, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case m := <-c.inbox[ch]:
		return m, nil
	}
}

// Send is the kernel's: it keeps a reply or an input_request.
func (c *Conn) Send(m *protocol.Message) error {
	c.keep(m)
	return nil
}

// Publish is the kernel's: it keeps a broadcast.
func (c *Conn) Publish(m *protocol.Message) error {
	c.keep(m)
	return nil
}

func (c *Conn) keep(m *protocol.Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent = append(c.sent, m)
	close(c.changed)
	c.changed = make(chan struct{})
}

// Deliver gives the kernel a message on the channel that it names: shell, control or stdin.
func (c *Conn) Deliver(m *protocol.Message) { c.inbox[m.Channel] <- m }

// Sent returns everything that the kernel has sent by now, in order.
func (c *Conn) Sent() []*protocol.Message {
	sent, _ := c.snapshot()
	return sent
}

// snapshot returns what the kernel has sent, and a channel that is closed when that is
// no longer everything.
func (c *Conn) snapshot() ([]*protocol.Message, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clip(c.sent), c.changed
}

// forget drops what was sent, for long measurements.
func (c *Conn) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent = nil
}
