package zmq_test

import (
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/security/null"
	"go.uber.org/goleak"

	"github.com/dagbook/dagbook/protocol"
	"github.com/dagbook/dagbook/protocol/zmq"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience ends tests that hang. No test passes or fails by how long something takes.
const patience = 20 * time.Second

// logText collects what is logged.
type logText struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// kernel is a Conn on loopback, with the log it writes.
type kernel struct {
	*zmq.Conn
	session *protocol.Session
	signer  *protocol.Signer
	info    protocol.ConnectionInfo
	log     *logText
}

func listen(t testing.TB, opts zmq.Options) *kernel {
	t.Helper()
	return listenOn(t, protocol.ConnectionInfo{Transport: protocol.TCP, IP: "127.0.0.1", Key: "secret"}, opts)
}

func listenOn(t testing.TB, info protocol.ConnectionInfo, opts zmq.Options) *kernel {
	t.Helper()
	k := &kernel{session: protocol.NewSession("kernel"), log: &logText{}}
	opts.Log = slog.New(slog.NewTextHandler(k.log, nil))
	var err error
	if k.signer, err = protocol.NewSigner("", info.Key); err != nil {
		t.Fatal(err)
	}
	if k.Conn, err = zmq.Listen(&info, k.session, opts); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.Close() })
	k.info = k.Info()
	return k
}

// echo answers everything on shell and control with its own content, until the kernel
// closes.
func (k *kernel) echo(t testing.TB) {
	var wg sync.WaitGroup
	for _, ch := range []protocol.Channel{protocol.Shell, protocol.Control} {
		wg.Go(func() {
			for {
				m, err := k.Recv(t.Context(), ch)
				if err != nil {
					return
				}
				reply, err := k.session.Reply(m, protocol.InterruptReply{Status: protocol.OK})
				if err != nil {
					t.Error(err)
					return
				}
				reply.Content = m.Content
				if err := k.Send(reply); err != nil {
					t.Error(err)
				}
			}
		})
	}
	t.Cleanup(func() { k.Close(); wg.Wait() })
}

// raw opens a bare connection to a channel.
func (k *kernel) raw(t testing.TB, ch protocol.Channel) net.Conn {
	t.Helper()
	network, address := k.info.Address(ch)
	nc, err := net.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	nc.SetDeadline(time.Now().Add(patience))
	return nc
}

// client is one ZeroMQ connection to a channel.
type client struct {
	*zmq4.Conn
	k       *kernel
	session *protocol.Session
}

func (k *kernel) dial(t testing.TB, ch protocol.Channel, identity string) *client {
	t.Helper()
	return k.dialOver(t, k.raw(t, ch), ch, identity)
}

func (k *kernel) dialOver(t testing.TB, nc net.Conn, ch protocol.Channel, identity string) *client {
	t.Helper()
	types := map[protocol.Channel]zmq4.SocketType{protocol.IOPub: zmq4.Sub, protocol.Heartbeat: zmq4.Req}
	typ := zmq4.Dealer
	if other, ok := types[ch]; ok {
		typ = other
	}
	zc, err := zmq4.Open(nc, null.Security(), typ, zmq4.SocketIdentity(identity), false, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &client{Conn: zc, k: k, session: protocol.NewSession("client")}
}

func (c *client) send(t testing.TB, content protocol.Content) *protocol.Message {
	t.Helper()
	m, err := c.session.New(nil, content)
	if err != nil {
		t.Fatal(err)
	}
	c.sendFrames(t, c.k.signer.Encode(m)...)
	return m
}

func (c *client) sendFrames(t testing.TB, frames ...[]byte) {
	t.Helper()
	if err := c.SendMsg(zmq4.NewMsgFrom(frames...)); err != nil {
		t.Fatal(err)
	}
}

func (c *client) recv(t testing.TB) *protocol.Message {
	t.Helper()
	msg, err := c.RecvMsg()
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.k.signer.Decode(protocol.Shell, msg.Frames)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// subscribe opens a subscription and waits for its welcome.
func (k *kernel) subscribe(t testing.TB, topic string) *client {
	t.Helper()
	c := k.dial(t, protocol.IOPub, "")
	c.subscribe(t, topic)
	return c
}

func (c *client) subscribe(t testing.TB, topic string) {
	t.Helper()
	c.sendFrames(t, []byte("\x01"+topic))
	m := c.recv(t)
	w, err := protocol.DecodeContent[protocol.IOPubWelcome](m)
	if err != nil || w.Subscription != topic || string(m.ParentHeader) != "{}" || string(m.Identities[0]) != topic {
		t.Fatalf("welcome %+v (%v) with topic %q", w, err, m.Identities)
	}
}

// publish sends text on stdout.
func (k *kernel) publish(t testing.TB, text string) {
	t.Helper()
	m, err := k.session.Broadcast(nil, protocol.Stream{Name: protocol.Stdout, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Publish(m); err != nil {
		t.Fatal(err)
	}
}

// status publishes the end of a request.
func (k *kernel) status(t testing.TB, parent *protocol.Message) {
	t.Helper()
	m, err := k.session.Broadcast(parent, protocol.KernelStatus{ExecutionState: protocol.Idle})
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Publish(m); err != nil {
		t.Fatal(err)
	}
}

// stream receives a stream message.
func (c *client) stream(t testing.TB) protocol.Stream {
	t.Helper()
	s, err := protocol.DecodeContent[protocol.Stream](c.recv(t))
	if err != nil {
		t.Fatal(err)
	}
	return s
}
