package zmq

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-zeromq/zmq4"
)

// handshake is ZMTP's NULL mechanism. It stands in for zmq4's own because that one trusts
// the lengths inside a stranger's READY command, and panics on wrong ones as on socket
// types it does not know.
type handshake struct{}

func (handshake) Type() zmq4.SecurityType { return zmq4.NullSecurity }

func (handshake) Encrypt(w io.Writer, data []byte) (int, error) { return w.Write(data) }

func (handshake) Decrypt(w io.Writer, data []byte) (int, error) { return w.Write(data) }

// Handshake exchanges READY commands and keeps the peer's socket type and identity.
func (handshake) Handshake(conn *zmq4.Conn, server bool) error {
	ours, err := conn.Meta.MarshalZMTP()
	if err != nil {
		return err
	}
	if err := conn.SendCmd(zmq4.CmdReady, ours); err != nil {
		return err
	}
	cmd, err := conn.RecvCmd()
	if err != nil {
		return err
	}
	if cmd.Name != zmq4.CmdReady {
		return fmt.Errorf("the first command is %q and should be READY", cmd.Name)
	}
	theirs, err := parseMetadata(cmd.Body)
	if err != nil {
		return err
	}
	kind, self := theirs["socket-type"], conn.Meta["Socket-Type"]
	if !slices.Contains(partners(self), kind) {
		return fmt.Errorf("a %.20q socket cannot talk to the %s socket here", kind, self)
	}
	conn.Peer.Meta["Socket-Type"] = kind
	conn.Peer.Meta["Identity"] = theirs["identity"]
	return nil
}

// partners lists the socket types that may connect to one of ours.
func partners(self string) []string {
	switch zmq4.SocketType(self) {
	case zmq4.Router:
		return []string{"DEALER", "REQ", "ROUTER"}
	case zmq4.XPub:
		return []string{"SUB", "XSUB"}
	default:
		return []string{"REQ", "DEALER"}
	}
}

var errMetadata = errors.New("the metadata of its READY command is cut short")

// parseMetadata reads the properties of a READY command: a byte of length, the name, four
// bytes of length, the value. Names do not depend on case and are returned in lower case.
func parseMetadata(p []byte) (map[string]string, error) {
	props := map[string]string{}
	for len(p) > 0 {
		n := int(p[0])
		if len(p) < 1+n+4 {
			return nil, errMetadata
		}
		name := strings.ToLower(string(p[1 : 1+n]))
		size := uint64(binary.BigEndian.Uint32(p[1+n:]))
		p = p[1+n+4:]
		if uint64(len(p)) < size {
			return nil, errMetadata
		}
		props[name] = string(p[:size])
		p = p[size:]
	}
	return props, nil
}
