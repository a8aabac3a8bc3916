package protocol

import "encoding/json"

// Content is the content of a message: one struct per type, listed in this package.
//
// In struct tags, wire:"required" marks a field without which decoding fails; min=N bounds
// an integer and oneof=a|b lists what a field may hold. Everything else may be absent and
// is then its zero value, or what its comment says. When encoding, a nil map or slice that
// is not marked omitempty is written as {} or [], never as null.
type Content interface{ MsgType() MessageType }

// ExecuteRequest asks the kernel to run a cell.
type ExecuteRequest struct {
	Code            string            `json:"code" wire:"required"`
	Silent          bool              `json:"silent"`
	StoreHistory    bool              `json:"store_history"` // absent: !Silent; always false when Silent
	UserExpressions map[string]string `json:"user_expressions"`
	AllowStdin      bool              `json:"allow_stdin"`
	StopOnError     bool              `json:"stop_on_error"` // absent: true
}

// MsgType is execute_request.
func (ExecuteRequest) MsgType() MessageType { return TypeExecuteRequest }

func (r *ExecuteRequest) beforeDecode() { r.StoreHistory, r.StopOnError = true, true }

func (r *ExecuteRequest) afterDecode() { r.StoreHistory = r.StoreHistory && !r.Silent }

// ExecuteReply says that a cell has run. A cell that failed is answered by an ErrorReply
// with its ExecutionCount set.
type ExecuteReply struct {
	Status          Status                      `json:"status" wire:"required"`
	ExecutionCount  int                         `json:"execution_count" wire:"required,min=0"`
	Payload         []Payload                   `json:"payload"`
	UserExpressions map[string]ExpressionResult `json:"user_expressions"`
}

// MsgType is execute_reply.
func (ExecuteReply) MsgType() MessageType { return TypeExecuteReply }

// Payload asks the front end for an action. Which fields count depends on Source: "page"
// (Data, Start), "set_next_input" (Text, Replace), "edit" (Filename, LineNumber) or
// "ask_exit" (KeepKernel). Deprecated by the specification, without a successor.
type Payload struct {
	Source     string   `json:"source" wire:"required"`
	Data       MIMEData `json:"data,omitempty"`
	Start      int      `json:"start,omitempty"`
	Text       string   `json:"text,omitempty"`
	Replace    bool     `json:"replace,omitempty"`
	Filename   string   `json:"filename,omitempty"`
	LineNumber int      `json:"line_number,omitempty"`
	KeepKernel bool     `json:"keepkernel,omitempty"`
}

// ExpressionResult is the value of one user expression: Data and Metadata when Status is
// ok, the other fields when it is error.
type ExpressionResult struct {
	Status    Status          `json:"status"`
	Data      MIMEData        `json:"data,omitempty"`
	Metadata  json.RawMessage `json:"metadata,omitempty"`
	EName     string          `json:"ename,omitempty"`
	EValue    string          `json:"evalue,omitempty"`
	Traceback []string        `json:"traceback,omitempty"`
}

// InspectRequest asks what stands at the cursor.
type InspectRequest struct {
	Code        string `json:"code" wire:"required"`
	CursorPos   int    `json:"cursor_pos" wire:"required,min=0"` // in code points, see ByteOffset
	DetailLevel int    `json:"detail_level" wire:"oneof=0|1"`
}

// MsgType is inspect_request.
func (InspectRequest) MsgType() MessageType { return TypeInspectRequest }

// InspectReply describes what stands at the cursor, when Found.
type InspectReply struct {
	Status   Status          `json:"status" wire:"required"`
	Found    bool            `json:"found" wire:"required"`
	Data     MIMEData        `json:"data"`
	Metadata json.RawMessage `json:"metadata"`
}

// MsgType is inspect_reply.
func (InspectReply) MsgType() MessageType { return TypeInspectReply }

// CompleteRequest asks for completions at the cursor.
type CompleteRequest struct {
	Code      string `json:"code" wire:"required"`
	CursorPos int    `json:"cursor_pos" wire:"required,min=0"` // in code points, see ByteOffset
}

// MsgType is complete_request.
func (CompleteRequest) MsgType() MessageType { return TypeCompleteRequest }

// CompleteReply lists completions for the code points CursorStart to CursorEnd.
type CompleteReply struct {
	Status      Status          `json:"status" wire:"required"`
	Matches     []string        `json:"matches" wire:"required"`
	CursorStart int             `json:"cursor_start" wire:"required,min=0"`
	CursorEnd   int             `json:"cursor_end" wire:"required,min=0"`
	Metadata    json.RawMessage `json:"metadata"`
}

// MsgType is complete_reply.
func (CompleteReply) MsgType() MessageType { return TypeCompleteReply }

// HistoryAccess says which part of the history is wanted.
type HistoryAccess string

// The ways to ask for history.
const (
	HistoryRange  HistoryAccess = "range"
	HistoryTail   HistoryAccess = "tail"
	HistorySearch HistoryAccess = "search"
)

// HistoryRequest asks for inputs of the past.
type HistoryRequest struct {
	Output  bool          `json:"output"`
	Raw     bool          `json:"raw"` // absent: true
	Access  HistoryAccess `json:"hist_access_type" wire:"required,oneof=range|tail|search"`
	Session int           `json:"session"` // range: 0 or negative counts back from this one
	Start   int           `json:"start"`   // range: first cell
	Stop    *int          `json:"stop"`    // range: the cell after the last; nil: to the end
	N       *int          `json:"n"`       // tail, search: the last N; nil: all
	Pattern string        `json:"pattern"` // search: a glob with * and ?
	Unique  bool          `json:"unique"`  // search: each input once
}

// MsgType is history_request.
func (HistoryRequest) MsgType() MessageType { return TypeHistoryRequest }

func (r *HistoryRequest) beforeDecode() { r.Raw = true }

// HistoryReply lists inputs, oldest first.
type HistoryReply struct {
	Status  Status         `json:"status" wire:"required"`
	History []HistoryEntry `json:"history" wire:"required"`
}

// MsgType is history_reply.
func (HistoryReply) MsgType() MessageType { return TypeHistoryReply }

// IsCompleteRequest asks whether code can be run as it is.
type IsCompleteRequest struct {
	Code string `json:"code" wire:"required"`
}

// MsgType is is_complete_request.
func (IsCompleteRequest) MsgType() MessageType { return TypeIsCompleteRequest }

// Completeness is the status of an is_complete_reply.
type Completeness string

// What an is_complete_reply can say.
const (
	Complete   Completeness = "complete"
	Incomplete Completeness = "incomplete"
	Invalid    Completeness = "invalid"
	Unknown    Completeness = "unknown"
)

// IsCompleteReply answers an IsCompleteRequest. Unlike in other replies Status is no ok.
type IsCompleteReply struct {
	Status Completeness `json:"status" wire:"required,oneof=complete|incomplete|invalid|unknown"`
	Indent string       `json:"indent,omitempty"` // only with Incomplete: how the next line starts
}

// MsgType is is_complete_reply.
func (IsCompleteReply) MsgType() MessageType { return TypeIsCompleteReply }

// ConnectRequest asks for the kernel's ports. Deprecated by the specification.
type ConnectRequest struct{}

// MsgType is connect_request.
func (ConnectRequest) MsgType() MessageType { return TypeConnectRequest }

// ConnectReply gives the kernel's ports; zero ports are not open.
type ConnectReply struct {
	Status      Status `json:"status" wire:"required"`
	ShellPort   int    `json:"shell_port,omitempty"`
	IOPubPort   int    `json:"iopub_port,omitempty"`
	StdinPort   int    `json:"stdin_port,omitempty"`
	ControlPort int    `json:"control_port,omitempty"`
	HBPort      int    `json:"hb_port,omitempty"`
}

// MsgType is connect_reply.
func (ConnectReply) MsgType() MessageType { return TypeConnectReply }

// CommInfoRequest asks for the open comms, of one target or (empty) of all.
type CommInfoRequest struct {
	TargetName string `json:"target_name,omitempty"`
}

// MsgType is comm_info_request.
func (CommInfoRequest) MsgType() MessageType { return TypeCommInfoRequest }

// CommInfoReply lists the open comms by comm id.
type CommInfoReply struct {
	Status Status              `json:"status" wire:"required"`
	Comms  map[string]CommInfo `json:"comms" wire:"required"`
}

// CommInfo says what a comm is for.
type CommInfo struct {
	TargetName string `json:"target_name"`
}

// MsgType is comm_info_reply.
func (CommInfoReply) MsgType() MessageType { return TypeCommInfoReply }

// KernelInfoRequest asks what kernel this is.
type KernelInfoRequest struct{}

// MsgType is kernel_info_request.
func (KernelInfoRequest) MsgType() MessageType { return TypeKernelInfoRequest }

// KernelInfoReply introduces the kernel.
type KernelInfoReply struct {
	Status                Status       `json:"status" wire:"required"`
	ProtocolVersion       string       `json:"protocol_version" wire:"required"`
	Implementation        string       `json:"implementation" wire:"required"`
	ImplementationVersion string       `json:"implementation_version" wire:"required"`
	LanguageInfo          LanguageInfo `json:"language_info" wire:"required"`
	Banner                string       `json:"banner" wire:"required"`
	Debugger              bool         `json:"debugger"`
	HelpLinks             []HelpLink   `json:"help_links"`
	SupportedFeatures     []string     `json:"supported_features"`
}

// MsgType is kernel_info_reply.
func (KernelInfoReply) MsgType() MessageType { return TypeKernelInfoReply }

// LanguageInfo describes the language of cells; nbconvert and editors go by it.
type LanguageInfo struct {
	Name              string          `json:"name"`
	Version           string          `json:"version"`
	MIMEType          string          `json:"mimetype"`
	FileExtension     string          `json:"file_extension"` // with its dot
	PygmentsLexer     string          `json:"pygments_lexer,omitempty"`
	CodemirrorMode    json.RawMessage `json:"codemirror_mode,omitempty"` // a string or an object
	NBConvertExporter string          `json:"nbconvert_exporter,omitempty"`
}

// HelpLink is an entry of the front end's help menu.
type HelpLink struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}
