package protocol

import (
	"encoding/json"
	"fmt"
)

// Status is the status field of a reply. Whatever is not OK is decoded as an ErrorReply.
type Status string

// The outcomes of a request.
const (
	OK     Status = "ok"
	Failed Status = "error"
	Abort  Status = "aborted" // sent for queued cells that stop_on_error dropped
)

// ErrorReply answers a request that failed, whatever its type. It is what DecodeContent
// returns as its error when a client reads such a reply.
type ErrorReply struct {
	Type           MessageType `json:"-"` // the reply's type, such as execute_reply
	Status         Status      `json:"status"`
	EName          string      `json:"ename"`
	EValue         string      `json:"evalue"`
	Traceback      []string    `json:"traceback"`
	ExecutionCount *int        `json:"execution_count,omitempty"` // execute_reply only
}

// MsgType is the type of the reply that was owed.
func (r ErrorReply) MsgType() MessageType { return r.Type }

// Error makes the reply an error for clients.
func (r ErrorReply) Error() string {
	return fmt.Sprintf("the %s says %s: %s: %s", r.Type, r.Status, r.EName, r.EValue)
}

// NewErrorReply makes the answer to a request that could not be served because of err.
// ename is a short name for the kind of error, such as "BadRequest".
func NewErrorReply(request MessageType, ename string, err error) ErrorReply {
	reply, _ := ReplyType(request)
	return ErrorReply{Type: reply, Status: Failed, EName: ename, EValue: err.Error()}
}

// HistoryEntry is one input of the past. On the wire it is a list of three: session, line
// and input, where input becomes a pair of input and output when outputs were asked for.
type HistoryEntry struct {
	Session int
	Line    int
	Input   string
	Output  *string // nil: outputs were not asked for
}

// MarshalJSON writes the list of three.
func (e HistoryEntry) MarshalJSON() ([]byte, error) {
	if e.Output == nil {
		return json.Marshal([3]any{e.Session, e.Line, e.Input})
	}
	return json.Marshal([3]any{e.Session, e.Line, [2]string{e.Input, *e.Output}})
}

// UnmarshalJSON reads both forms; an output of null is that of a cell without a value.
func (e *HistoryEntry) UnmarshalJSON(data []byte) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(data, &parts); err != nil {
		return err
	}
	if len(parts) != 3 {
		return fmt.Errorf("a history entry has three parts, not %d", len(parts))
	}
	var entry HistoryEntry
	if err := json.Unmarshal(parts[0], &entry.Session); err != nil {
		return err
	}
	if err := json.Unmarshal(parts[1], &entry.Line); err != nil {
		return err
	}
	if err := entry.unmarshalInput(parts[2]); err != nil {
		return err
	}
	*e = entry
	return nil
}

func (e *HistoryEntry) unmarshalInput(data []byte) error {
	if err := json.Unmarshal(data, &e.Input); err == nil {
		return nil
	}
	var pair []*string
	if err := json.Unmarshal(data, &pair); err != nil {
		return err
	}
	if len(pair) != 2 || pair[0] == nil {
		return fmt.Errorf("the input of a history entry is a string, or a pair of input and output")
	}
	e.Input, e.Output = *pair[0], pair[1]
	if e.Output == nil {
		e.Output = new(string)
	}
	return nil
}
