package protocol

import "strings"

// MessageType is the msg_type of a header.
type MessageType string

// Message types, by channel. Requests and replies on shell and control:
const (
	TypeExecuteRequest    MessageType = "execute_request"
	TypeExecuteReply      MessageType = "execute_reply"
	TypeInspectRequest    MessageType = "inspect_request"
	TypeInspectReply      MessageType = "inspect_reply"
	TypeCompleteRequest   MessageType = "complete_request"
	TypeCompleteReply     MessageType = "complete_reply"
	TypeHistoryRequest    MessageType = "history_request"
	TypeHistoryReply      MessageType = "history_reply"
	TypeIsCompleteRequest MessageType = "is_complete_request"
	TypeIsCompleteReply   MessageType = "is_complete_reply"
	TypeConnectRequest    MessageType = "connect_request"
	TypeConnectReply      MessageType = "connect_reply"
	TypeCommInfoRequest   MessageType = "comm_info_request"
	TypeCommInfoReply     MessageType = "comm_info_reply"
	TypeKernelInfoRequest MessageType = "kernel_info_request"
	TypeKernelInfoReply   MessageType = "kernel_info_reply"

	TypeShutdownRequest  MessageType = "shutdown_request"
	TypeShutdownReply    MessageType = "shutdown_reply"
	TypeInterruptRequest MessageType = "interrupt_request"
	TypeInterruptReply   MessageType = "interrupt_reply"
	TypeDebugRequest     MessageType = "debug_request"
	TypeDebugReply       MessageType = "debug_reply"

	TypeCreateSubshellRequest MessageType = "create_subshell_request"
	TypeCreateSubshellReply   MessageType = "create_subshell_reply"
	TypeDeleteSubshellRequest MessageType = "delete_subshell_request"
	TypeDeleteSubshellReply   MessageType = "delete_subshell_reply"
	TypeListSubshellRequest   MessageType = "list_subshell_request"
	TypeListSubshellReply     MessageType = "list_subshell_reply"
)

// Broadcasts on iopub (shutdown_reply goes there too), comm messages (also on shell, from
// the client), and the two messages of stdin.
const (
	TypeStream            MessageType = "stream"
	TypeDisplayData       MessageType = "display_data"
	TypeUpdateDisplayData MessageType = "update_display_data"
	TypeExecuteInput      MessageType = "execute_input"
	TypeExecuteResult     MessageType = "execute_result"
	TypeError             MessageType = "error"
	TypeStatus            MessageType = "status"
	TypeClearOutput       MessageType = "clear_output"
	TypeDebugEvent        MessageType = "debug_event"
	TypeIOPubWelcome      MessageType = "iopub_welcome"

	TypeCommOpen  MessageType = "comm_open"
	TypeCommMsg   MessageType = "comm_msg"
	TypeCommClose MessageType = "comm_close"

	TypeInputRequest MessageType = "input_request"
	TypeInputReply   MessageType = "input_reply"
)

// ReplyType gives the type of the reply that a request is owed ("x_request" to "x_reply",
// also for requests nobody knows), and false for messages that are owed none.
func ReplyType(request MessageType) (MessageType, bool) {
	stem, ok := strings.CutSuffix(string(request), "_request")
	return MessageType(stem + "_reply"), ok
}
