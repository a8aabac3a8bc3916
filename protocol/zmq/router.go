package zmq

import (
	"errors"
	"fmt"
	"sync"

	"github.com/go-zeromq/zmq4"
	"github.com/google/uuid"

	"github.com/dagbook/dagbook/protocol"
)

// router is a ROUTER socket: clients by identity, and what they have sent.
type router struct {
	inbox chan *protocol.Message

	mu    sync.Mutex
	peers map[string]*peer
}

// attendClient serves one connection to a ROUTER socket.
func (c *Conn) attendClient(ch protocol.Channel, w *wire, zc *zmq4.Conn) error {
	r := c.routers[ch]
	id := zc.Peer.Meta["Identity"]
	if id == "" {
		// The first byte of 0 keeps it apart from the identities that clients choose.
		generated := uuid.New()
		id = "\x00" + string(generated[:])
	}
	p := c.newPeer(w, zc, c.opts.WriteTimeout)
	r.add(id, p)
	defer r.remove(id, p)
	return p.serve(func() error { return c.receive(ch, id, zc) })
}

// receive reads one client's messages. When the kernel is busy and the inbox full it waits,
// and with it the client, in its own connection.
func (c *Conn) receive(ch protocol.Channel, id string, zc *zmq4.Conn) error {
	for {
		msg, err := zc.RecvMsg()
		if err != nil {
			return err
		}
		m, err := c.signer.Decode(ch, append([][]byte{[]byte(id)}, msg.Frames...))
		if errors.Is(err, protocol.ErrSignature) {
			c.log.note("signature", ch, err)
			continue
		}
		if err != nil {
			c.log.note("decode", ch, err)
			continue
		}
		select {
		case c.routers[ch].inbox <- m:
		case <-c.closing: // read on, so that the client can hang up
		}
	}
}

// add makes p the one that answers to id go to. A client that reconnects under its old
// identity takes the place of its old connection, which may not have noticed its end yet.
func (r *router) add(id string, p *peer) {
	r.mu.Lock()
	old := r.peers[id]
	r.peers[id] = p
	r.mu.Unlock()
	if old != nil {
		old.wire.Close()
	}
}

func (r *router) remove(id string, p *peer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.peers[id] == p {
		delete(r.peers, id)
	}
}

func (r *router) send(m *protocol.Message, frames [][]byte) error {
	if len(m.Identities) == 0 {
		return fmt.Errorf("the %s names no client to go to", m.Header.MsgType)
	}
	r.mu.Lock()
	p := r.peers[string(m.Identities[0])]
	r.mu.Unlock()
	if p == nil {
		return fmt.Errorf("the %s was dropped: the client that it is for is not connected on %s any more", m.Header.MsgType, m.Channel)
	}
	if !p.out.push(messageItem(frames[1:])) {
		return fmt.Errorf("the %s was dropped: the client that it is for has stopped reading %s", m.Header.MsgType, m.Channel)
	}
	return nil
}
