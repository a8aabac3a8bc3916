package protocol

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// delimiter ends the identities.
const delimiter = "<IDS|MSG>"

// SchemeHMACSHA256 is the one signature scheme in use.
const SchemeHMACSHA256 = "hmac-sha256"

// ErrSignature is what Decode returns for a message that was not signed with our key.
var ErrSignature = errors.New("the signature does not fit: the message was signed with another key, or changed on its way")

// Signer signs what is sent and checks what is received.
type Signer struct{ key []byte }

// NewSigner returns a signer for a connection file's scheme and key. An empty key means
// that messages are neither signed nor checked; an empty scheme is hmac-sha256, and any
// other is an error.
func NewSigner(scheme, key string) (*Signer, error) {
	if scheme != "" && scheme != SchemeHMACSHA256 {
		return nil, fmt.Errorf("the connection file asks for the signature scheme %q, and this kernel knows only %s: remove c.Session.signature_scheme from the Jupyter configuration", scheme, SchemeHMACSHA256)
	}
	return &Signer{key: []byte(key)}, nil
}

// sign returns the signature in hexadecimal, empty without a key.
func (s *Signer) sign(parts [][]byte) []byte {
	if len(s.key) == 0 {
		return []byte{}
	}
	mac := hmac.New(sha256.New, s.key)
	for _, p := range parts {
		mac.Write(p)
	}
	return hex.AppendEncode(nil, mac.Sum(nil))
}

// Encode makes the frames of a message. They share memory with it.
func (s *Signer) Encode(m *Message) [][]byte {
	frames := make([][]byte, 0, len(m.Identities)+6+len(m.Buffers))
	frames = append(frames, m.Identities...)
	frames = append(frames, []byte(delimiter), nil)
	signature := len(frames) - 1
	frames = append(frames, m.HeaderJSON(), orEmpty(m.ParentHeader), orEmpty(m.Metadata), orEmpty(m.Content))
	frames[signature] = s.sign(frames[signature+1:])
	return append(frames, m.Buffers...)
}

func orEmpty(raw json.RawMessage) []byte {
	if len(raw) == 0 {
		return emptyObject()
	}
	return raw
}

// Decode reads the frames that arrived on a channel. The message shares memory with them.
// Its content is an object, its header has an id and a type; what is in the content is for
// DecodeContent to judge. An error means that the message should be dropped and logged.
func (s *Signer) Decode(channel Channel, frames [][]byte) (*Message, error) {
	at := slices.IndexFunc(frames, func(f []byte) bool { return string(f) == delimiter })
	if at < 0 {
		return nil, fmt.Errorf("none of its %d frames is the delimiter %s", len(frames), delimiter)
	}
	parts := frames[at+1:]
	if len(parts) < 5 {
		return nil, fmt.Errorf("it has %d frames after the delimiter, and five are needed", len(parts))
	}
	if len(s.key) > 0 && !hmac.Equal(s.sign(parts[1:5]), parts[0]) {
		return nil, ErrSignature
	}
	m := &Message{
		Channel:      channel,
		Identities:   frames[:at:at],
		rawHeader:    parts[1],
		ParentHeader: parts[2],
		Metadata:     parts[3],
		Content:      parts[4],
		Buffers:      parts[5:],
	}
	if len(m.Buffers) == 0 {
		m.Buffers = nil
	}
	return m, m.parse()
}

// parse reads the header and checks that the rest is JSON.
func (m *Message) parse() error {
	if err := json.Unmarshal(m.rawHeader, &m.Header); err != nil {
		return fmt.Errorf("its header is not a message header: %v", err)
	}
	if !utf8.Valid(m.rawHeader) { // everybody gets it back as the parent of what follows
		return errors.New("its header is not UTF-8")
	}
	if m.Header.MsgID == "" || m.Header.MsgType == "" {
		return errors.New("its header has no msg_id or no msg_type")
	}
	for _, part := range []struct {
		name string
		raw  *json.RawMessage
	}{{"parent_header", &m.ParentHeader}, {"metadata", &m.Metadata}, {"content", &m.Content}} {
		raw := bytes.TrimLeft(*part.raw, " \t\r\n")
		if string(raw) == "null" { // some clients have no parent in this way
			*part.raw = emptyObject()
			continue
		}
		if len(raw) == 0 || raw[0] != '{' || !json.Valid(raw) {
			return fmt.Errorf("its %s is not a JSON object", part.name)
		}
	}
	return nil
}
