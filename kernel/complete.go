package kernel

import (
	"context"
	"encoding/json"

	"github.com/dagbook/dagbook/protocol"
)

// complete lists completions. Positions are code points on the wire, bytes in Go.
func (k *Kernel) complete(_ context.Context, r *request, req protocol.CompleteRequest) protocol.Content {
	cursor, err := protocol.ByteOffset(req.Code, req.CursorPos)
	if err != nil {
		return r.refuse("BadRequest", err)
	}
	found := k.eval.Complete(req.Code, cursor)
	if len(found.Matches) == 0 {
		found.Start, found.End = cursor, cursor
	}
	start, err := protocol.CursorPos(req.Code, found.Start)
	if err != nil {
		return r.refuse("InternalError", err)
	}
	end, err := protocol.CursorPos(req.Code, found.End)
	if err != nil {
		return r.refuse("InternalError", err)
	}
	return completeReply(found.Matches, start, end)
}

// matchType is what JupyterLab and IPython's clients read to put an icon beside a match.
type matchType struct {
	Text      string `json:"text"`
	Type      string `json:"type"`
	Signature string `json:"signature"`
	Start     int    `json:"start"`
	End       int    `json:"end"`
}

func completeReply(matches []Match, start, end int) protocol.Content {
	texts := make([]string, len(matches))
	types := make([]matchType, len(matches))
	for i, m := range matches {
		texts[i] = m.Text
		types[i] = matchType{Text: m.Text, Type: m.Type, Signature: m.Signature, Start: start, End: end}
	}
	// Strings and numbers are always JSON, so this cannot fail.
	metadata, _ := json.Marshal(map[string]any{"_jupyter_types_experimental": types})
	return protocol.CompleteReply{Status: protocol.OK, Matches: texts, CursorStart: start, CursorEnd: end, Metadata: metadata}
}
