package protocol

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// The transports of a connection file.
const (
	TCP = "tcp"
	IPC = "ipc"
)

// ConnectionInfo is the content of a connection file: where a kernel listens, and the key
// with which messages are signed.
type ConnectionInfo struct {
	Transport string `json:"transport"`
	// IP is the address to listen on, or with IPC the path that the sockets' names start
	// with. "*" and "0.0.0.0" listen everywhere.
	IP string `json:"ip"`
	// The ports, 1 to 65535; with IPC any positive number, the end of the socket's name.
	ShellPort       int    `json:"shell_port"`
	IOPubPort       int    `json:"iopub_port"`
	StdinPort       int    `json:"stdin_port"`
	ControlPort     int    `json:"control_port"`
	HBPort          int    `json:"hb_port"`
	Key             string `json:"key"` // empty: messages are not signed
	SignatureScheme string `json:"signature_scheme"`
	KernelName      string `json:"kernel_name,omitempty"`
}

// maxConnectionFile bounds what is read: these files have some 300 bytes.
const maxConnectionFile = 1 << 20

// ParseConnectionInfo reads the text of a connection file. Without a transport it is tcp,
// without an ip 127.0.0.1 (with ipc: kernel-ipc in the current directory), without a
// signature scheme hmac-sha256.
func ParseConnectionInfo(data []byte) (*ConnectionInfo, error) {
	c := &ConnectionInfo{}
	if err := json.Unmarshal(data, c); err != nil {
		return nil, fmt.Errorf("the connection file is not the JSON object that Jupyter writes: %v", err)
	}
	if c.Transport == "" {
		c.Transport = TCP
	}
	if c.IP == "" {
		c.IP = map[string]string{TCP: "127.0.0.1", IPC: "kernel-ipc"}[c.Transport]
	}
	if c.SignatureScheme == "" {
		c.SignatureScheme = SchemeHMACSHA256
	}
	return c, c.Validate()
}

// Validate says what is wrong with the connection info, nil when nothing is.
func (c *ConnectionInfo) Validate() error {
	if c.Transport != TCP && c.Transport != IPC {
		return fmt.Errorf("the connection file asks for the transport %q, and this kernel knows tcp and ipc: set c.KernelManager.transport to one of them", c.Transport)
	}
	seen := map[int]Channel{}
	for _, ch := range Channels() {
		port := c.Port(ch)
		if port < 1 || c.Transport == TCP && port > 65535 {
			return fmt.Errorf("the connection file gives %s_port as %d, and a port lies between 1 and 65535: start the kernel through Jupyter, which fills the file in", ch, port)
		}
		if other, ok := seen[port]; ok {
			return fmt.Errorf("the connection file gives the port %d to both %s and %s: each channel needs its own", port, other, ch)
		}
		seen[port] = ch
	}
	_, err := NewSigner(c.SignatureScheme, c.Key)
	return err
}

// Port is the port of a channel.
func (c *ConnectionInfo) Port(ch Channel) int { return *c.portOf(ch) }

// SetPort sets the port of a channel.
func (c *ConnectionInfo) SetPort(ch Channel, port int) { *c.portOf(ch) = port }

func (c *ConnectionInfo) portOf(ch Channel) *int {
	switch ch {
	case Shell:
		return &c.ShellPort
	case IOPub:
		return &c.IOPubPort
	case Stdin:
		return &c.StdinPort
	case Control:
		return &c.ControlPort
	default:
		return &c.HBPort
	}
}

// Address is where a channel listens, in the form that net.Listen wants: "tcp" and
// host:port, or "unix" and a path.
func (c *ConnectionInfo) Address(ch Channel) (network, address string) {
	port := strconv.Itoa(c.Port(ch))
	if c.Transport == IPC {
		return "unix", c.IP + "-" + port
	}
	host := strings.Trim(c.IP, "[]")
	if host == "*" {
		host = ""
	}
	return "tcp", net.JoinHostPort(host, port)
}

// Endpoint is the ZeroMQ name of a channel's address: tcp://127.0.0.1:5555 or
// ipc://PATH-1.
func (c *ConnectionInfo) Endpoint(ch Channel) string {
	_, address := c.Address(ch)
	if c.Transport == TCP && strings.HasPrefix(address, ":") {
		address = "*" + address
	}
	return c.Transport + "://" + address
}

// ReadConnectionFile reads a connection file. The key in it lets anyone run code as its
// owner, so a file of ours that others may read is made private (mode 0600) on the way.
func ReadConnectionFile(path string) (*ConnectionInfo, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no connection file %s: Jupyter makes it when it starts a kernel, and this command is for Jupyter to call", path)
	}
	if err != nil {
		return nil, fmt.Errorf("the connection file cannot be read: %w", err)
	}
	defer f.Close()
	if err := makePrivate(f); err != nil {
		return nil, fmt.Errorf("the connection file %s can be read by others, and its mode cannot be changed: %w", path, err)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxConnectionFile))
	if err != nil {
		return nil, fmt.Errorf("the connection file cannot be read: %w", err)
	}
	c, err := ParseConnectionInfo(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// WriteFile writes a connection file that only its owner may read. It appears under its
// name when it is complete; an existing one is replaced.
func (c *ConnectionInfo) WriteFile(path string) (err error) {
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".kernel-*.json") // made with mode 0600
	if err != nil {
		return fmt.Errorf("the connection file cannot be written: %w", err)
	}
	_, err = f.Write(append(data, '\n'))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("the connection file cannot be written: %w", err)
	}
	return nil
}
