package kernel

import (
	"context"

	"github.com/dagbook/dagbook/protocol"
)

// connect tells the ports.
func (k *Kernel) connect(context.Context, *request, protocol.ConnectRequest) protocol.Content {
	c := k.opts.Connection
	return protocol.ConnectReply{
		Status: protocol.OK, ShellPort: c.ShellPort, IOPubPort: c.IOPubPort,
		StdinPort: c.StdinPort, ControlPort: c.ControlPort, HBPort: c.HBPort,
	}
}
