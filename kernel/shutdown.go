package kernel

import (
	"context"

	"github.com/dagbook/dagbook/protocol"
)

// shutdown ends the kernel; whether a restart follows is the client's business. The
// broadcast tells the other clients. The reply and idle are sent before Run returns: it
// waits for the goroutine that serves this.
func (k *Kernel) shutdown(_ context.Context, r *request, req protocol.ShutdownRequest) protocol.Content {
	reply := protocol.ShutdownReply{Status: protocol.OK, Restart: req.Restart}
	if err := k.publish(r.msg, reply, nil, nil); err != nil {
		return r.refuse("InternalError", err)
	}
	k.end(errShutdown)
	return reply
}
