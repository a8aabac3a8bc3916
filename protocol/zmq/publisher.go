package zmq

import (
	"fmt"
	"strings"
	"sync"

	"github.com/go-zeromq/zmq4"

	"github.com/dagbook/dagbook/protocol"
)

const (
	maxSubscription = 64 << 10 // bytes of a message to an XPUB socket
	maxTopics       = 1000     // per subscriber
)

// publisher is an XPUB socket: the subscribers.
type publisher struct {
	// mu is held while a message is published, so that all subscribers see one order and a
	// welcome stands before the first message that its subscription lets through.
	mu          sync.Mutex
	subscribers map[*subscriber]struct{}
}

type subscriber struct {
	*peer
	topics map[string]int // how often each is subscribed to; guarded by publisher.mu
}

// wants reports whether a topic begins with one of the subscriptions.
func (s *subscriber) wants(topic string) bool {
	if s.topics[""] > 0 {
		return true
	}
	for t := range s.topics {
		if strings.HasPrefix(topic, t) {
			return true
		}
	}
	return false
}

func (p *publisher) publish(c *Conn, m *protocol.Message) {
	if len(m.Identities) == 0 {
		withTopic := *m
		withTopic.Identities = [][]byte{c.topic(m.Header.MsgType)}
		m = &withTopic
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var it item
	var slow []*subscriber
	for s := range p.subscribers {
		if !s.wants(string(m.Identities[0])) {
			continue
		}
		if it.frames == nil {
			it = messageItem(c.signer.Encode(m))
			it.kept = m.Header.MsgType == protocol.TypeStatus
		}
		if !s.out.push(it) {
			slow = append(slow, s)
		}
	}
	for _, s := range slow { // after the others, who need not wait for these
		s.out.pushOrLose(it, m.ParentHeader)
	}
}

// attendSubscriber serves one connection to the XPUB socket.
func (c *Conn) attendSubscriber(w *wire, zc *zmq4.Conn) error {
	w.limit = min(w.limit, maxSubscription)
	s := &subscriber{peer: c.newPeer(w, zc, 0), topics: map[string]int{}}
	w.onCommand = func(name string, body []byte) {
		switch name {
		case zmq4.CmdSubscribe:
			c.subscribe(s, string(body), true)
		case zmq4.CmdCancel:
			c.subscribe(s, string(body), false)
		default:
			s.command(name, body)
		}
	}
	c.pub.mu.Lock()
	c.pub.subscribers[s] = struct{}{}
	c.pub.mu.Unlock()
	defer func() {
		c.pub.mu.Lock()
		delete(c.pub.subscribers, s)
		c.pub.mu.Unlock()
	}()
	return s.serve(func() error { return c.readSubscriptions(s) })
}

// readSubscriptions reads messages of one frame: 1 or 0, and the topic. Anything else that
// a subscriber sends has no meaning here and is passed over.
func (c *Conn) readSubscriptions(s *subscriber) error {
	for {
		msg, err := s.zc.RecvMsg()
		if err != nil {
			return err
		}
		if len(msg.Frames) != 1 || len(msg.Frames[0]) == 0 || msg.Frames[0][0] > 1 {
			continue
		}
		if err := c.subscribe(s, string(msg.Frames[0][1:]), msg.Frames[0][0] == 1); err != nil {
			return err
		}
	}
}

// subscribe adds or takes back a subscription, and welcomes a new one.
func (c *Conn) subscribe(s *subscriber, topic string, on bool) error {
	c.pub.mu.Lock()
	defer c.pub.mu.Unlock()
	if !on {
		if s.topics[topic]--; s.topics[topic] <= 0 {
			delete(s.topics, topic)
		}
		return nil
	}
	if len(s.topics) >= maxTopics {
		return fmt.Errorf("%w: a subscriber has more than %d topics", errRefused, maxTopics)
	}
	s.topics[topic]++
	welcome, err := c.session.Broadcast(nil, protocol.IOPubWelcome{Subscription: topic})
	if err != nil {
		return err
	}
	welcome.Identities = [][]byte{[]byte(topic)}
	s.out.push(messageItem(c.signer.Encode(welcome)))
	return nil
}

// lossNotice tells a subscriber what it missed, in the output of the cell it missed it in.
func (c *Conn) lossNotice(l *loss) ([][]byte, error) {
	m, err := c.session.Broadcast(nil, protocol.Stream{
		Name: protocol.Stderr,
		Text: fmt.Sprintf("%d messages of the kernel were lost here, because this front end had stopped reading them. Run the cell again to see its whole output.\n", l.count),
	})
	if err != nil {
		return nil, err
	}
	m.Identities = [][]byte{c.topic(m.Header.MsgType)}
	m.ParentHeader = l.parent
	return c.signer.Encode(m), nil
}
