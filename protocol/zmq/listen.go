package zmq

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"

	"github.com/dagbook/dagbook/protocol"
)

// maxSocketPath is what macOS allows; Linux allows four more.
const maxSocketPath = 103

// listen opens the listener of one channel, and puts the port that was picked into info.
func listen(info *protocol.ConnectionInfo, ch protocol.Channel) (net.Listener, error) {
	network, address := info.Address(ch)
	l, err := net.Listen(network, address)
	if err != nil && network == "unix" && isStale(address) {
		os.Remove(address)
		l, err = net.Listen(network, address)
	}
	if errors.Is(err, syscall.EADDRINUSE) || isWindowsInUse(err) {
		return nil, fmt.Errorf("the kernel cannot listen on %s for its %s channel, because another program does: start the kernel again, and Jupyter picks other ports", address, ch)
	}
	if err != nil && network == "unix" && len(address) > maxSocketPath {
		return nil, fmt.Errorf("the kernel cannot listen on %s for its %s channel, because the name of a socket may have %d bytes and this one has %d: set c.KernelManager.ip to a shorter path", address, ch, maxSocketPath, len(address))
	}
	if err != nil {
		return nil, fmt.Errorf("the kernel cannot listen on %s for its %s channel: %w", address, ch, err)
	}
	switch at := l.Addr().(type) {
	case *net.TCPAddr:
		info.SetPort(ch, at.Port)
	case *net.UnixAddr:
		// Who may connect to the socket may read what cells print.
		if err := os.Chmod(at.Name, 0o600); err != nil {
			l.Close()
			return nil, fmt.Errorf("the socket %s cannot be made private: %w", at.Name, err)
		}
	}
	return l, nil
}

// isWindowsInUse knows Windows' own number for an address in use (WSAEADDRINUSE).
func isWindowsInUse(err error) bool {
	var errno syscall.Errno
	return errors.As(err, &errno) && errno == 10048
}

// isStale reports whether a socket file was left behind by a process that is gone.
func isStale(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || info.Mode()&os.ModeSocket == 0 {
		return false
	}
	c, err := net.Dial("unix", path)
	if err == nil {
		c.Close()
	}
	return errors.Is(err, syscall.ECONNREFUSED)
}
