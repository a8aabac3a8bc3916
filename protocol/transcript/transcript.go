// Package transcript reads, writes and compares recorded conversations between a client and
// a kernel.
//
// A recording is a JSON list with one [Entry] per message, in the order in which the client
// sent or saw them, and notes in between for the reader. Two runs never give the same bytes:
// ids, sessions and dates differ, and so does the order between channels. [Compare] looks
// past all that. It compares channel by channel, and gives ids names by their first
// appearance (execute_request-1, comm-2), so that what remains is what the two kernels said
// differently; the answer is text for people, and empty when there is nothing to say.
//
// Recordings are for test data, so they are small: of a buffer they keep the length and the
// first bytes, and [Transcript.Clip] shortens long strings in the same way as Compare does.
// The recordings of the Python kernel have this format.
package transcript

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/dagbook/dagbook/protocol"
)

// Direction says who sent a message.
type Direction string

// The two directions.
const (
	ToKernel Direction = "client->kernel"
	ToClient Direction = "kernel->client"
)

// Transcript is a recorded conversation.
type Transcript []Entry

// Entry is a message, or (when Note is not empty) a remark between messages.
type Entry struct {
	Time        float64              `json:"t"` // seconds since the recording began
	Note        string               `json:"NOTE,omitempty"`
	Channel     string               `json:"channel"` // shell, iopub, stdin, control
	Direction   Direction            `json:"dir"`
	MsgType     protocol.MessageType `json:"msg_type"`
	MsgID       string               `json:"msg_id"`
	ParentType  protocol.MessageType `json:"parent_type"`   // empty without a parent
	ParentMsgID string               `json:"parent_msg_id"` // empty without a parent
	Metadata    json.RawMessage      `json:"metadata"`
	Content     json.RawMessage      `json:"content"`
	Buffers     []Buffer             `json:"buffers"`
	Header      protocol.Header      `json:"header"`
}

// Buffer sums up a binary buffer.
type Buffer struct {
	Size int    `json:"__bytes__"`
	Head []byte `json:"b64_head"` // the first 48 bytes, in base64
}

const bufferHead = 48

// NewEntry records a message. at is the time since the recording began. A message whose
// parent header is no header is an error.
func NewEntry(at time.Duration, d Direction, m *protocol.Message) (Entry, error) {
	parent, err := m.Parent()
	if err != nil {
		return Entry{}, err
	}
	e := Entry{
		Time: at.Seconds(), Channel: m.Channel.String(), Direction: d,
		MsgType: m.Header.MsgType, MsgID: m.Header.MsgID,
		ParentType: parent.MsgType, ParentMsgID: parent.MsgID,
		Metadata: m.Metadata, Content: m.Content, Buffers: []Buffer{}, Header: m.Header,
	}
	for _, b := range m.Buffers {
		e.Buffers = append(e.Buffers, Buffer{Size: len(b), Head: b[:min(len(b), bufferHead)]})
	}
	return e, nil
}

// MarshalJSON writes a note without the empty fields of a message.
func (e Entry) MarshalJSON() ([]byte, error) {
	if e.Note != "" {
		return marshal(struct {
			Time float64 `json:"t"`
			Note string  `json:"NOTE"`
		}{e.Time, e.Note})
	}
	type plain Entry
	return marshal(plain(e))
}

// marshal leaves < and > as they are: people read these files.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// Read reads a recording. An entry that is neither a note nor a message is an error that
// gives its number, counted from 1.
func Read(r io.Reader) (Transcript, error) {
	var t Transcript
	if err := json.NewDecoder(r).Decode(&t); err != nil {
		return nil, fmt.Errorf("this is not a recorded conversation: %w", err)
	}
	for i, e := range t {
		if e.Note != "" {
			continue
		}
		if e.Channel == "" || e.MsgType == "" || e.Direction != ToKernel && e.Direction != ToClient {
			return nil, fmt.Errorf("entry %d of the recording has no channel, no msg_type, or no dir that is %q or %q", i+1, ToKernel, ToClient)
		}
	}
	return t, nil
}

// ReadFile reads a recording from a file.
func ReadFile(path string) (Transcript, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	t, err := Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

// Write writes the recording as indented JSON.
func (t Transcript) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if t == nil {
		t = Transcript{}
	}
	return enc.Encode(t)
}

// Messages returns the entries of one channel and direction, without notes.
func (t Transcript) Messages(channel string, d Direction) []Entry {
	var out []Entry
	for _, e := range t {
		if e.Note == "" && e.Channel == channel && e.Direction == d {
			out = append(out, e)
		}
	}
	return out
}
