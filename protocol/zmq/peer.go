package zmq

import (
	"time"

	"github.com/go-zeromq/zmq4"

	"github.com/dagbook/dagbook/protocol"
)

// peer is one client on one channel: its connection and what it is still to get.
type peer struct {
	conn *Conn
	wire *wire
	zc   *zmq4.Conn
	out  *queue
	done chan struct{} // closed when its writer has ended

	// timeout ends the connection when a write takes longer. It is 0, for never, for a
	// subscriber: one that stalls loses messages and not its connection.
	timeout time.Duration
}

func (c *Conn) newPeer(w *wire, zc *zmq4.Conn, timeout time.Duration) *peer {
	p := &peer{conn: c, wire: w, zc: zc, out: newQueue(c.opts), done: make(chan struct{}), timeout: timeout}
	w.onCommand = p.command
	return p
}

// serve runs the peer's writer beside read, and returns when both have ended. read returns
// when the connection does.
func (p *peer) serve(read func() error) error {
	go p.write()
	p.wire.whenFinishing(func() { p.out.close(false) })
	err := read()
	p.out.close(true)
	p.wire.Close()
	<-p.done
	return err
}

// command answers the commands that come between messages.
func (p *peer) command(name string, body []byte) {
	if name == zmq4.CmdPing && len(body) >= 2 {
		p.out.push(item{pong: body[2:]}) // behind the time to live stands what wants to come back
	}
}

// write sends what is queued until the queue is closed or the connection fails.
func (p *peer) write() {
	defer close(p.done)
	var batch []item
	for {
		batch = p.out.take(batch[:0])
		if len(batch) == 0 {
			p.wire.hangUp()
			return
		}
		if err := p.writeBatch(batch); err != nil {
			p.out.close(true)
			p.wire.Close() // which ends the reader
			return
		}
		clear(batch)
	}
}

func (p *peer) writeBatch(batch []item) error {
	for _, it := range batch {
		if err := p.collect(it); err != nil {
			return err
		}
	}
	return p.wire.flush(p.timeout, p.out.moved)
}

func (p *peer) collect(it item) error {
	switch {
	case it.pong != nil:
		return p.zc.SendCmd(zmq4.CmdPong, it.pong)
	case it.lost != nil:
		frames, err := p.conn.lossNotice(it.lost)
		if err != nil {
			return err
		}
		return p.zc.SendMsg(zmq4.NewMsgFrom(frames...))
	default:
		return p.zc.SendMsg(zmq4.NewMsgFrom(it.frames...))
	}
}

// topic is what the first frame of a broadcast says, which clients may filter by.
func (c *Conn) topic(t protocol.MessageType) []byte {
	return []byte("kernel." + c.session.ID() + "." + string(t))
}
