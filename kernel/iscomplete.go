package kernel

import (
	"context"

	"github.com/dagbook/dagbook/protocol"
)

// isComplete says whether Enter should run the code.
func (k *Kernel) isComplete(_ context.Context, _ *request, req protocol.IsCompleteRequest) protocol.Content {
	status, indent := k.eval.IsComplete(req.Code)
	if status != protocol.Incomplete {
		indent = ""
	}
	return protocol.IsCompleteReply{Status: status, Indent: indent}
}
