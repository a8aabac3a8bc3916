package protocol

import "encoding/json"

// MIMEData maps MIME types to representations of one thing. A string is written as a JSON
// string (the way for text, and for base64 of images), a json.RawMessage as it is, and
// anything else as encoding/json does. Decoded values are what encoding/json makes.
type MIMEData map[string]any

// Transient is what front ends do not save.
type Transient struct {
	DisplayID string `json:"display_id,omitempty"`
}

// Stream is text that was printed.
type Stream struct {
	Name StreamName `json:"name" wire:"required"`
	Text string     `json:"text" wire:"required"`
}

// StreamName is stdout or stderr.
type StreamName string

// The two streams.
const (
	Stdout StreamName = "stdout"
	Stderr StreamName = "stderr"
)

// MsgType is stream.
func (Stream) MsgType() MessageType { return TypeStream }

// DisplayData shows something. A display id in Transient lets UpdateDisplayData change it.
type DisplayData struct {
	Data      MIMEData        `json:"data" wire:"required"`
	Metadata  json.RawMessage `json:"metadata" wire:"required"`
	Transient Transient       `json:"transient"`
}

// MsgType is display_data.
func (DisplayData) MsgType() MessageType { return TypeDisplayData }

// UpdateDisplayData changes every display with the display id in Transient, which must not
// be empty.
type UpdateDisplayData struct {
	Data      MIMEData        `json:"data" wire:"required"`
	Metadata  json.RawMessage `json:"metadata" wire:"required"`
	Transient Transient       `json:"transient" wire:"required"`
}

// MsgType is update_display_data.
func (UpdateDisplayData) MsgType() MessageType { return TypeUpdateDisplayData }

// ExecuteInput tells every front end which code runs.
type ExecuteInput struct {
	Code           string `json:"code" wire:"required"`
	ExecutionCount int    `json:"execution_count" wire:"required,min=0"`
}

// MsgType is execute_input.
func (ExecuteInput) MsgType() MessageType { return TypeExecuteInput }

// ExecuteResult is the value of a cell.
type ExecuteResult struct {
	ExecutionCount int             `json:"execution_count" wire:"required,min=0"`
	Data           MIMEData        `json:"data" wire:"required"`
	Metadata       json.RawMessage `json:"metadata" wire:"required"`
	Transient      Transient       `json:"transient"`
}

// MsgType is execute_result.
func (ExecuteResult) MsgType() MessageType { return TypeExecuteResult }

// Error is a cell's error. Traceback holds lines for people and may hold ANSI colours.
type Error struct {
	EName     string   `json:"ename" wire:"required"`
	EValue    string   `json:"evalue" wire:"required"`
	Traceback []string `json:"traceback" wire:"required"`
}

// MsgType is error.
func (Error) MsgType() MessageType { return TypeError }

// ExecutionState is what a status message announces.
type ExecutionState string

// The states of a kernel.
const (
	Starting ExecutionState = "starting"
	Busy     ExecutionState = "busy"
	Idle     ExecutionState = "idle"
)

// KernelStatus frames what a request causes: busy, the output, idle.
type KernelStatus struct {
	ExecutionState ExecutionState `json:"execution_state" wire:"required"`
}

// MsgType is status.
func (KernelStatus) MsgType() MessageType { return TypeStatus }

// ClearOutput removes a cell's output, at once or (Wait) when the next output arrives.
type ClearOutput struct {
	Wait bool `json:"wait"`
}

// MsgType is clear_output.
func (ClearOutput) MsgType() MessageType { return TypeClearOutput }

// DebugEvent is an event of the Debug Adapter Protocol.
type DebugEvent struct {
	Seq   int             `json:"seq" wire:"required"`
	Type  string          `json:"type" wire:"required"`
	Event string          `json:"event" wire:"required"`
	Body  json.RawMessage `json:"body,omitempty"`
}

// MsgType is debug_event.
func (DebugEvent) MsgType() MessageType { return TypeDebugEvent }

// IOPubWelcome tells a new subscriber that from now on it misses nothing (JEP 65).
type IOPubWelcome struct {
	Subscription string `json:"subscription"` // the topic subscribed to, usually empty
}

// MsgType is iopub_welcome.
func (IOPubWelcome) MsgType() MessageType { return TypeIOPubWelcome }

// CommOpen opens a comm. Either side may send it.
type CommOpen struct {
	CommID       string          `json:"comm_id" wire:"required"`
	TargetName   string          `json:"target_name" wire:"required"`
	TargetModule string          `json:"target_module,omitempty"`
	Data         json.RawMessage `json:"data"`
}

// MsgType is comm_open.
func (CommOpen) MsgType() MessageType { return TypeCommOpen }

// CommMsg carries data between the two ends of a comm.
type CommMsg struct {
	CommID string          `json:"comm_id" wire:"required"`
	Data   json.RawMessage `json:"data"`
}

// MsgType is comm_msg.
func (CommMsg) MsgType() MessageType { return TypeCommMsg }

// CommClose closes a comm.
type CommClose struct {
	CommID string          `json:"comm_id" wire:"required"`
	Data   json.RawMessage `json:"data"`
}

// MsgType is comm_close.
func (CommClose) MsgType() MessageType { return TypeCommClose }

// InputRequest asks the person at the notebook for a line.
type InputRequest struct {
	Prompt   string `json:"prompt" wire:"required"`
	Password bool   `json:"password"` // do not show what is typed
}

// MsgType is input_request.
func (InputRequest) MsgType() MessageType { return TypeInputRequest }

// InputReply is the line that was typed.
type InputReply struct {
	Value string `json:"value" wire:"required"`
}

// MsgType is input_reply.
func (InputReply) MsgType() MessageType { return TypeInputReply }
