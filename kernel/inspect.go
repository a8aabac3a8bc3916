package kernel

import (
	"context"

	"github.com/dagbook/dagbook/protocol"
)

// inspect describes what stands at the cursor.
func (k *Kernel) inspect(_ context.Context, r *request, req protocol.InspectRequest) protocol.Content {
	cursor, err := protocol.ByteOffset(req.Code, req.CursorPos)
	if err != nil {
		return r.refuse("BadRequest", err)
	}
	b, found := k.eval.Inspect(req.Code, cursor, req.DetailLevel)
	if !found {
		return protocol.InspectReply{Status: protocol.OK}
	}
	metadata, err := encodeMetadata(b.Metadata)
	if err != nil {
		return r.refuse("InternalError", err)
	}
	return protocol.InspectReply{Status: protocol.OK, Found: true, Data: b.Data, Metadata: metadata}
}
