package protocol

import "encoding/json"

// ShutdownRequest asks the kernel to end, before a restart when Restart.
type ShutdownRequest struct {
	Restart bool `json:"restart"`
}

// MsgType is shutdown_request.
func (ShutdownRequest) MsgType() MessageType { return TypeShutdownRequest }

// ShutdownReply says that the kernel ends. It is also broadcast on iopub.
type ShutdownReply struct {
	Status  Status `json:"status" wire:"required"`
	Restart bool   `json:"restart" wire:"required"`
}

// MsgType is shutdown_reply.
func (ShutdownReply) MsgType() MessageType { return TypeShutdownReply }

// InterruptRequest asks the kernel to stop the running cell.
type InterruptRequest struct{}

// MsgType is interrupt_request.
func (InterruptRequest) MsgType() MessageType { return TypeInterruptRequest }

// InterruptReply says that the cell was told to stop.
type InterruptReply struct {
	Status Status `json:"status" wire:"required"`
}

// MsgType is interrupt_reply.
func (InterruptReply) MsgType() MessageType { return TypeInterruptReply }

// DebugRequest is a request of the Debug Adapter Protocol.
type DebugRequest struct {
	Seq       int             `json:"seq" wire:"required"`
	Type      string          `json:"type" wire:"required"`
	Command   string          `json:"command" wire:"required"`
	Arguments json.RawMessage `json:"arguments,omitempty"`
}

// MsgType is debug_request.
func (DebugRequest) MsgType() MessageType { return TypeDebugRequest }

// DebugReply is a response of the Debug Adapter Protocol.
type DebugReply struct {
	Seq        int             `json:"seq" wire:"required"`
	Type       string          `json:"type" wire:"required"`
	RequestSeq int             `json:"request_seq" wire:"required"`
	Success    bool            `json:"success" wire:"required"`
	Command    string          `json:"command" wire:"required"`
	Message    string          `json:"message,omitempty"`
	Body       json.RawMessage `json:"body,omitempty"`
}

// MsgType is debug_reply.
func (DebugReply) MsgType() MessageType { return TypeDebugReply }

// CreateSubshellRequest asks for a subshell (JEP 91).
type CreateSubshellRequest struct{}

// MsgType is create_subshell_request.
func (CreateSubshellRequest) MsgType() MessageType { return TypeCreateSubshellRequest }

// CreateSubshellReply names the new subshell.
type CreateSubshellReply struct {
	Status     Status `json:"status" wire:"required"`
	SubshellID string `json:"subshell_id" wire:"required"`
}

// MsgType is create_subshell_reply.
func (CreateSubshellReply) MsgType() MessageType { return TypeCreateSubshellReply }

// DeleteSubshellRequest ends a subshell.
type DeleteSubshellRequest struct {
	SubshellID string `json:"subshell_id" wire:"required"`
}

// MsgType is delete_subshell_request.
func (DeleteSubshellRequest) MsgType() MessageType { return TypeDeleteSubshellRequest }

// DeleteSubshellReply says that the subshell is gone.
type DeleteSubshellReply struct {
	Status Status `json:"status" wire:"required"`
}

// MsgType is delete_subshell_reply.
func (DeleteSubshellReply) MsgType() MessageType { return TypeDeleteSubshellReply }

// ListSubshellRequest asks for all subshells.
type ListSubshellRequest struct{}

// MsgType is list_subshell_request.
func (ListSubshellRequest) MsgType() MessageType { return TypeListSubshellRequest }

// ListSubshellReply lists the ids of all subshells; the field is singular on the wire.
type ListSubshellReply struct {
	Status      Status   `json:"status" wire:"required"`
	SubshellIDs []string `json:"subshell_id" wire:"required"`
}

// MsgType is list_subshell_reply.
func (ListSubshellReply) MsgType() MessageType { return TypeListSubshellReply }
