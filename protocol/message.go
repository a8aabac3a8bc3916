package protocol

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Version is the protocol version in the header of every message we send. Clients refuse
// messages that announce 5.1 or less, and expect iopub_welcome from 5.4 on.
const Version = "5.4"

// Channel names one of the five sockets of a kernel.
type Channel uint8

// The channels, in the order in which connection files list their ports.
const (
	Shell Channel = iota
	IOPub
	Stdin
	Control
	Heartbeat
)

// Channels lists all five, for ranging over.
func Channels() [5]Channel { return [5]Channel{Shell, IOPub, Stdin, Control, Heartbeat} }

// String gives the name that the specification uses ("shell"), "hb" for the heartbeat.
func (c Channel) String() string {
	switch c {
	case Shell:
		return "shell"
	case IOPub:
		return "iopub"
	case Stdin:
		return "stdin"
	case Control:
		return "control"
	case Heartbeat:
		return "hb"
	}
	return fmt.Sprintf("channel(%d)", uint8(c))
}

// Header says who sent a message, when, and what it is.
type Header struct {
	MsgID    string      `json:"msg_id"`
	Session  string      `json:"session"`
	Username string      `json:"username"`
	Date     string      `json:"date"` // ISO 8601; ours are UTC with microseconds
	MsgType  MessageType `json:"msg_type"`
	Version  string      `json:"version"`
	// SubshellID asks for a subshell (JEP 91); empty is the main shell.
	SubshellID string `json:"subshell_id,omitempty"`
}

// Message is one message in either direction. Its content is still JSON: DecodeContent
// reads it. The JSON parts are never nil in a message made by this package; the empty
// object stands for nothing.
type Message struct {
	Channel Channel
	// Identities are the routing frames before the delimiter. A reply carries those of
	// its request; a broadcast carries its topic.
	Identities   [][]byte
	Header       Header
	ParentHeader json.RawMessage // the parent's header as it arrived, {} without a parent
	Metadata     json.RawMessage // an object
	Content      json.RawMessage // an object
	Buffers      [][]byte        // binary data after the content, nil when there is none

	// rawHeader is the header as it arrived or was first encoded, kept so that fields we
	// do not know come back to the client in the parent header of every answer.
	rawHeader json.RawMessage
}

// HeaderJSON returns the header as JSON: byte for byte as it arrived, for a message that
// was received. It is what answers carry as parent_header.
func (m *Message) HeaderJSON() json.RawMessage {
	if m.rawHeader != nil {
		return m.rawHeader
	}
	// A struct of strings always encodes.
	raw, _ := json.Marshal(m.Header)
	return raw
}

// Parent decodes the parent header. A message without a parent gives the zero Header.
func (m *Message) Parent() (Header, error) {
	var h Header
	if len(m.ParentHeader) == 0 {
		return h, nil
	}
	if err := json.Unmarshal(m.ParentHeader, &h); err != nil {
		return Header{}, fmt.Errorf("the parent_header of the %s is not a message header: %v", m.Header.MsgType, err)
	}
	return h, nil
}

// Session is the identity under which one side of a conversation sends.
type Session struct {
	id       string
	username string
}

// NewSession returns a session with a fresh id.
func NewSession(username string) *Session {
	return &Session{id: uuid.NewString(), username: username}
}

// ID is the session's id, as in the headers of its messages.
func (s *Session) ID() string { return s.id }

// New makes a message of the content's type. parent is the message that caused it, nil
// when nothing did. The channel is left for the sender to set; identities are empty.
// It fails when the content holds what JSON cannot say (a channel, a NaN).
func (s *Session) New(parent *Message, c Content) (*Message, error) {
	content, err := EncodeContent(c)
	if err != nil {
		return nil, err
	}
	m := &Message{
		Header: Header{
			MsgID:    uuid.NewString(),
			Session:  s.id,
			Username: s.username,
			Date:     FormatDate(time.Now()),
			MsgType:  c.MsgType(),
			Version:  Version,
		},
		ParentHeader: emptyObject(),
		Metadata:     emptyObject(),
		Content:      content,
	}
	m.rawHeader, _ = json.Marshal(m.Header)
	if parent != nil {
		m.ParentHeader = parent.HeaderJSON()
	}
	return m, nil
}

// Broadcast makes an iopub message; see New for parent and errors.
func (s *Session) Broadcast(parent *Message, c Content) (*Message, error) {
	m, err := s.New(parent, c)
	if err != nil {
		return nil, err
	}
	m.Channel = IOPub
	return m, nil
}

// Reply makes the answer to a request: on its channel, routed to who asked.
func (s *Session) Reply(request *Message, c Content) (*Message, error) {
	m, err := s.New(request, c)
	if err != nil {
		return nil, err
	}
	m.Channel = request.Channel
	m.Identities = request.Identities
	return m, nil
}

// FormatDate writes a time as message headers do: ISO 8601, UTC, microseconds.
func FormatDate(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.000000Z")
}

func emptyObject() json.RawMessage { return json.RawMessage("{}") }
