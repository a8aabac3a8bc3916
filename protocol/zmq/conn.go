package zmq

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"

	"github.com/dagbook/dagbook/protocol"
)

// ErrClosed is what Recv, Send and Publish return once Close has been called.
var ErrClosed = errors.New("the kernel's sockets are closed")

// Options tune a Conn. Zero fields mean the defaults.
type Options struct {
	Log *slog.Logger // what was dropped and why; default: nowhere

	HandshakeTimeout time.Duration // for a new connection to say what it is; 10 s
	WriteTimeout     time.Duration // for a client to take a piece of a reply; 30 s
	FlushTimeout     time.Duration // for Close to deliver what is queued; 2 s
	StallTimeout     time.Duration // without reading, after which a subscriber loses; 250 ms

	MaxMessage    int64 // bytes of one message from a client; 512 MiB
	QueueMessages int   // per client and channel; 8192
	QueueBytes    int   // per client and channel; 64 MiB
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	orDefault(&o.HandshakeTimeout, 10*time.Second)
	orDefault(&o.WriteTimeout, 30*time.Second)
	orDefault(&o.FlushTimeout, 2*time.Second)
	orDefault(&o.StallTimeout, 250*time.Millisecond)
	orDefault(&o.MaxMessage, 512<<20)
	orDefault(&o.QueueMessages, 8192)
	orDefault(&o.QueueBytes, 64<<20)
	return o
}

func orDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// lingerTimeout is how long Close waits for clients to hang up after the last byte.
const lingerTimeout = 250 * time.Millisecond

// inboxSize is how many requests wait decoded; more wait in the client's connection.
const inboxSize = 128

// Conn is the kernel's end of the five sockets.
type Conn struct {
	info    protocol.ConnectionInfo
	session *protocol.Session
	signer  *protocol.Signer
	opts    Options
	log     *onceLog

	listeners []net.Listener
	routers   map[protocol.Channel]*router // shell, stdin, control
	pub       *publisher

	closing   chan struct{} // closed when Close begins
	closeOnce sync.Once
	accepting sync.WaitGroup // one per listener
	serving   sync.WaitGroup // one per connection, and with it its writer

	mu    sync.Mutex
	wires map[*wire]struct{} // every open connection, so that Close can end it
}

// Listen opens the sockets that info names and serves them until Close. A TCP port of 0
// takes any free one; see Info. session signs for what the sockets say themselves: the
// welcome of a subscriber and the count of what one lost.
//
// The error is a sentence for the log of Jupyter: a port that is taken, a path that cannot
// be made, a signature scheme that is not known.
func Listen(info *protocol.ConnectionInfo, session *protocol.Session, opts Options) (*Conn, error) {
	signer, err := protocol.NewSigner(info.SignatureScheme, info.Key)
	if err != nil {
		return nil, err
	}
	opts = opts.withDefaults()
	c := &Conn{
		info: *info, session: session, signer: signer, opts: opts,
		log:     &onceLog{out: opts.Log, seen: map[string]bool{}},
		routers: map[protocol.Channel]*router{},
		closing: make(chan struct{}),
		wires:   map[*wire]struct{}{},
	}
	for _, ch := range []protocol.Channel{protocol.Shell, protocol.Stdin, protocol.Control} {
		c.routers[ch] = &router{peers: map[string]*peer{}, inbox: make(chan *protocol.Message, inboxSize)}
	}
	c.pub = &publisher{subscribers: map[*subscriber]struct{}{}}
	if err := c.open(); err != nil {
		return nil, err
	}
	for i, l := range c.listeners {
		c.accepting.Go(func() { c.accept(protocol.Channels()[i], l) })
	}
	return c, nil
}

// open makes all listeners, or none.
func (c *Conn) open() error {
	for _, ch := range protocol.Channels() {
		l, err := listen(&c.info, ch)
		if err != nil {
			c.closeListeners()
			return err
		}
		c.listeners = append(c.listeners, l)
	}
	return nil
}

func (c *Conn) closeListeners() {
	for _, l := range c.listeners {
		l.Close()
	}
}

// Info is where the sockets listen, with the ports that were picked.
func (c *Conn) Info() protocol.ConnectionInfo { return c.info }

// Recv returns the next request on shell or control, or the next answer on stdin. Messages
// of one client come in the order in which it sent them. The error is ErrClosed, or that
// of ctx. Recv on another channel is an error.
func (c *Conn) Recv(ctx context.Context, ch protocol.Channel) (*protocol.Message, error) {
	r := c.routers[ch]
	if r == nil {
		return nil, fmt.Errorf("nothing is received on %s", ch)
	}
	if c.isClosing() {
		return nil, ErrClosed
	}
	select {
	case m := <-r.inbox:
		return m, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-c.closing:
		return nil, ErrClosed
	}
}

// Send puts a message on its way to the client that its first identity names, on the
// channel that it names. It does not wait for the client. It is an error when that client
// is not connected any more or has not read for so long that its queue is full.
func (c *Conn) Send(m *protocol.Message) error {
	r := c.routers[m.Channel]
	if r == nil {
		return fmt.Errorf("a %s cannot be sent to one client on %s", m.Header.MsgType, m.Channel)
	}
	if c.isClosing() {
		return ErrClosed
	}
	return r.send(m, c.signer.Encode(m))
}

// Publish sends a message to every subscriber. Without identities its topic is
// kernel.SESSION.TYPE. Publish waits, in bounds, for subscribers that read more slowly than
// we publish, and never for one that has stopped reading. The one error is ErrClosed.
func (c *Conn) Publish(m *protocol.Message) error {
	if c.isClosing() {
		return ErrClosed
	}
	c.pub.publish(c, m)
	return nil
}

func (c *Conn) isClosing() bool {
	select {
	case <-c.closing:
		return true
	default:
		return false
	}
}

// Close delivers what was sent and published before, for FlushTimeout at most, closes all
// sockets and waits until every goroutine has ended. Calls after the first do nothing but
// wait for it.
func (c *Conn) Close() error {
	c.closeOnce.Do(c.shutDown)
	return nil
}

func (c *Conn) shutDown() {
	close(c.closing)
	c.closeListeners()
	c.accepting.Wait() // from here on no connection is added
	deadline := time.Now().Add(c.opts.FlushTimeout)
	for _, w := range c.openWires() {
		w.finish(deadline)
	}
	c.serving.Wait()
}

func (c *Conn) openWires() []*wire {
	c.mu.Lock()
	defer c.mu.Unlock()
	ws := make([]*wire, 0, len(c.wires))
	for w := range c.wires {
		ws = append(ws, w)
	}
	return ws
}

// accept takes connections until its listener is closed. It never waits for one of them.
func (c *Conn) accept(ch protocol.Channel, l net.Listener) {
	for {
		nc, err := l.Accept()
		if c.isClosing() {
			if err == nil {
				nc.Close()
			}
			return
		}
		if err != nil {
			// Out of file descriptors, most likely: others will close theirs.
			c.log.note("accept", ch, err)
			select {
			case <-c.closing:
				return
			case <-time.After(50 * time.Millisecond):
			}
			continue
		}
		w := newWire(nc, c.opts.MaxMessage)
		c.mu.Lock()
		c.wires[w] = struct{}{}
		c.mu.Unlock()
		c.serving.Go(func() { c.attend(ch, w) })
	}
}

// attend is the life of one connection.
func (c *Conn) attend(ch protocol.Channel, w *wire) {
	defer func() {
		w.Close()
		c.mu.Lock()
		delete(c.wires, w)
		c.mu.Unlock()
	}()
	w.SetDeadline(time.Now().Add(c.opts.HandshakeTimeout))
	zc, err := zmq4.Open(w, handshake{}, socketType(ch), nil, true, nil)
	if err != nil {
		c.log.note("handshake", ch, err)
		return
	}
	w.established()
	switch ch {
	case protocol.Heartbeat:
		err = c.echo(w, zc)
	case protocol.IOPub:
		err = c.attendSubscriber(w, zc)
	default:
		err = c.attendClient(ch, w, zc)
	}
	if errors.Is(err, errRefused) {
		c.log.note("refused", ch, err)
	}
}

func socketType(ch protocol.Channel) zmq4.SocketType {
	switch ch {
	case protocol.Heartbeat:
		return zmq4.Rep
	case protocol.IOPub:
		return zmq4.XPub
	default:
		return zmq4.Router
	}
}

// echo answers heartbeats. The frames go back as they came, the empty one that REQ puts in
// front included.
func (c *Conn) echo(w *wire, zc *zmq4.Conn) error {
	w.limit = min(w.limit, 1<<20)
	for {
		msg, err := zc.RecvMsg()
		if err != nil {
			return err
		}
		if err := zc.SendMsg(msg); err != nil {
			return err
		}
		if err := w.flush(c.opts.WriteTimeout, nil); err != nil {
			return err
		}
	}
}

// onceLog logs the first event of each kind on each channel: a broken client repeats
// itself, and Jupyter's log is for people.
type onceLog struct {
	out  *slog.Logger
	mu   sync.Mutex
	seen map[string]bool // the kinds are few and ours, so it stays small
}

func (l *onceLog) note(kind string, ch protocol.Channel, err error) {
	key := kind + " " + ch.String()
	l.mu.Lock()
	first := !l.seen[key]
	l.seen[key] = true
	l.mu.Unlock()
	if !first {
		return
	}
	texts := map[string]string{
		"accept":    "a connection could not be accepted",
		"handshake": "a connection was closed: it does not speak ZeroMQ as a Jupyter client does",
		"refused":   "a connection was closed: it sent what a Jupyter client does not send",
		"decode":    "a message was dropped: it is not a Jupyter message",
		"signature": "a message was dropped: its signature does not fit",
	}
	l.out.Warn(texts[kind]+" (the next of this kind are not logged)", "channel", ch.String(), "cause", err)
}
