package kernel_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dagbook/dagbook/kernel"
	"github.com/dagbook/dagbook/kernel/kerneltest"
	"github.com/dagbook/dagbook/protocol"
)

// framed checks what holds for every request: busy first, idle last, and one reply, on the
// request's channel, to who asked, between the two.
func framed(t *testing.T, x *kerneltest.Exchange) {
	t.Helper()
	first, last := x.All[0], x.All[len(x.All)-1]
	if s := kerneltest.Decode[protocol.KernelStatus](t, first).ExecutionState; s != protocol.Busy {
		t.Errorf("first comes %s, not busy", s)
	}
	if s := kerneltest.Decode[protocol.KernelStatus](t, last).ExecutionState; s != protocol.Idle {
		t.Errorf("last comes %s, not idle", s)
	}
	if n := len(x.Of(protocol.TypeStatus)); n != 2 {
		t.Errorf("%d status messages, not 2:\n%s", n, x)
	}
	want, owed := protocol.ReplyType(x.Request.Header.MsgType)
	if !owed {
		if len(x.Replies) != 0 {
			t.Errorf("a %s is owed no reply:\n%s", x.Request.Header.MsgType, x)
		}
		return
	}
	if len(x.Replies) != 1 {
		t.Fatalf("%d replies, not one:\n%s", len(x.Replies), x)
	}
	r := x.Reply()
	if r.Header.MsgType != want || r.Channel != x.Request.Channel || !cmp.Equal(r.Identities, x.Request.Identities) {
		t.Errorf("the reply is a %s on %s to %q", r.Header.MsgType, r.Channel, r.Identities)
	}
}

// shellRequests has a good request of every type that is served on shell.
func shellRequests() []protocol.Content {
	return []protocol.Content{
		protocol.KernelInfoRequest{},
		kerneltest.Run("1"),
		protocol.CompleteRequest{Code: "fmt.Pr", CursorPos: 6},
		protocol.InspectRequest{Code: "Println", CursorPos: 3},
		protocol.IsCompleteRequest{Code: "1"},
		protocol.HistoryRequest{Access: protocol.HistoryTail},
		protocol.ConnectRequest{},
		protocol.CommInfoRequest{},
		protocol.InterruptRequest{},
	}
}

func TestEveryRequestIsFramedAndAnswered(t *testing.T) {
	front := start(t, simple())
	for _, c := range shellRequests() {
		x := front.Request(c)
		framed(t, x)
		if !strings.Contains(string(x.Reply().Content), `"status":"ok"`) && c.MsgType() != protocol.TypeIsCompleteRequest {
			t.Errorf("%s is answered by %s", c.MsgType(), x.Reply().Content)
		}
	}
	for _, c := range []protocol.Content{protocol.KernelInfoRequest{}, protocol.CommInfoRequest{}, protocol.ConnectRequest{}, protocol.InterruptRequest{}} {
		framed(t, front.Control(c))
	}
}

func TestBadFieldsAreAnswered(t *testing.T) {
	front := start(t, simple())
	bad := []struct {
		t       protocol.MessageType
		content string
		says    string
	}{
		{protocol.TypeExecuteRequest, `{}`, "code"},
		{protocol.TypeExecuteRequest, `{"code": 7}`, "code"},
		{protocol.TypeExecuteRequest, `{"code": "1", "user_expressions": "x"}`, "user_expressions"},
		{protocol.TypeCompleteRequest, `{"code": "x"}`, "cursor_pos"},
		{protocol.TypeCompleteRequest, `{"code": "x", "cursor_pos": 9}`, "behind the end"},
		{protocol.TypeCompleteRequest, `{"code": "x", "cursor_pos": -1}`, "cursor_pos"},
		{protocol.TypeInspectRequest, `{}`, "code"},
		{protocol.TypeInspectRequest, `{"code": "x", "cursor_pos": 2}`, "behind the end"},
		{protocol.TypeInspectRequest, `{"code": "x", "cursor_pos": 0, "detail_level": 3}`, "detail_level"},
		{protocol.TypeIsCompleteRequest, `{"code": []}`, "code"},
		{protocol.TypeHistoryRequest, `{}`, "hist_access_type"},
		{protocol.TypeHistoryRequest, `{"hist_access_type": "all"}`, "hist_access_type"},
		{protocol.TypeCommInfoRequest, `{"target_name": 1}`, "target_name"},
		{protocol.TypeShutdownRequest, `{"restart": "yes"}`, "restart"},
	}
	for _, b := range bad {
		x := front.Wait(front.SendJSON(protocol.Shell, b.t, b.content))
		framed(t, x)
		e := kerneltest.DecodeError(t, x.Reply())
		if e.EName != "BadRequest" || !strings.Contains(e.EValue, b.says) {
			t.Errorf("%s %s is answered by %s: %s", b.t, b.content, e.EName, e.EValue)
		}
		if (e.ExecutionCount != nil) != (b.t == protocol.TypeExecuteRequest) {
			t.Errorf("%s: execution_count is %v", b.t, e.ExecutionCount)
		}
	}
	if got := front.Execute("1").Result(); got != "1" {
		t.Errorf("afterwards a cell has the value %q", got)
	}
}

func TestRefusals(t *testing.T) {
	log, text := logged()
	front := kerneltest.Start(t, simple(), kernel.Options{Log: log})
	refused := []struct {
		ch      protocol.Channel
		t       protocol.MessageType
		content string
		ename   string
	}{
		{protocol.Shell, "usage_request", `{}`, "UnknownMessage"},
		{protocol.Control, "usage_request", `{}`, "UnknownMessage"},
		{protocol.Control, protocol.TypeExecuteRequest, `{"code": "1"}`, "WrongChannel"},
		{protocol.Control, protocol.TypeCompleteRequest, `{"code": "1", "cursor_pos": 0}`, "WrongChannel"},
		{protocol.Control, protocol.TypeHistoryRequest, `{"hist_access_type": "tail"}`, "WrongChannel"},
		{protocol.Control, protocol.TypeDebugRequest, `{"seq": 1, "type": "request", "command": "initialize"}`, "NotSupported"},
		{protocol.Control, protocol.TypeDebugRequest, `{}`, "NotSupported"},
		{protocol.Control, protocol.TypeCreateSubshellRequest, `{}`, "NotSupported"},
		{protocol.Control, protocol.TypeDeleteSubshellRequest, `{"subshell_id": "x"}`, "NotSupported"},
		{protocol.Control, protocol.TypeListSubshellRequest, `{}`, "NotSupported"},
	}
	for _, r := range refused {
		x := front.Wait(front.SendJSON(r.ch, r.t, r.content))
		framed(t, x)
		if e := kerneltest.DecodeError(t, x.Reply()); e.EName != r.ename {
			t.Errorf("%s on %s is answered by %s: %s", r.t, r.ch, e.EName, e.EValue)
		}
	}
	// What is no request is owed no reply, but its frame.
	framed(t, front.Wait(front.SendJSON(protocol.Shell, "gossip", `{}`)))
	framed(t, front.Wait(front.SendJSON(protocol.Shell, protocol.TypeCommMsg, `{}`)))

	m := front.Send(protocol.Control, protocol.ShutdownRequest{})
	front.Wait(m)
	if err := front.Ended(); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"usage_request", "gossip", "comm_id"} {
		if !strings.Contains(text.String(), word) {
			t.Errorf("the log does not mention %s:\n%s", word, text)
		}
	}
}

func TestSubshellRequestsOnShellAreRefused(t *testing.T) {
	front := start(t, simple())
	m := front.SendJSON(protocol.Shell, protocol.TypeExecuteRequest, `{"code": "1"}`)
	if got := front.Wait(m).Result(); got != "1" {
		t.Fatalf("without a subshell the value is %q", got)
	}
	x := front.Wait(front.SendToSubshell(kerneltest.Run("1"), "sub-1"))
	framed(t, x)
	if e := kerneltest.DecodeError(t, x.Reply()); e.EName != "NotSupported" {
		t.Errorf("answered by %s", e)
	}
}

func TestKernelInfo(t *testing.T) {
	front := start(t, simple())
	x := front.Control(protocol.KernelInfoRequest{})
	info := kerneltest.Decode[protocol.KernelInfoReply](t, x.Reply())
	if !strings.HasPrefix(info.LanguageInfo.Version, "1.") {
		t.Errorf("the version of Go is %q", info.LanguageInfo.Version)
	}
	info.LanguageInfo.Version, info.Banner, info.HelpLinks = "", "", nil
	want := protocol.KernelInfoReply{
		Status: protocol.OK, ProtocolVersion: "5.4", Implementation: "dagbook", ImplementationVersion: "1.2.3",
		LanguageInfo: protocol.LanguageInfo{
			Name: "go", MIMEType: "text/x-go", FileExtension: ".go", PygmentsLexer: "go", CodemirrorMode: []byte(`"go"`),
		},
		SupportedFeatures: []string{},
	}
	if diff := cmp.Diff(want, info); diff != "" {
		t.Error(diff)
	}
}

func TestConnect(t *testing.T) {
	ports := protocol.ConnectionInfo{ShellPort: 1, IOPubPort: 2, StdinPort: 3, ControlPort: 4, HBPort: 5}
	front := kerneltest.Start(t, simple(), kernel.Options{Connection: ports})
	got := kerneltest.Decode[protocol.ConnectReply](t, front.Request(protocol.ConnectRequest{}).Reply())
	if want := (protocol.ConnectReply{Status: protocol.OK, ShellPort: 1, IOPubPort: 2, StdinPort: 3, ControlPort: 4, HBPort: 5}); got != want {
		t.Errorf("connect_reply is %+v", got)
	}
}

func TestCompleteAndInspectCountCharacters(t *testing.T) {
	front := start(t, simple())
	// The word starts at character 3 and byte 7.
	c := kerneltest.Decode[protocol.CompleteReply](t, front.Request(protocol.CompleteRequest{Code: "äöü Pr x", CursorPos: 6}).Reply())
	if !cmp.Equal(c.Matches, []string{"Println", "Printf"}) || c.CursorStart != 4 || c.CursorEnd != 6 {
		t.Errorf("complete_reply is %+v", c)
	}
	if want := `{"_jupyter_types_experimental":[{"text":"Println","type":"function","signature":"(a ...any)","start":4,"end":6},{"text":"Printf","type":"function","signature":"(a ...any)","start":4,"end":6}]}`; string(c.Metadata) != want {
		t.Errorf("the metadata is %s", c.Metadata)
	}
	none := kerneltest.Decode[protocol.CompleteReply](t, front.Request(protocol.CompleteRequest{Code: "zzz", CursorPos: 2}).Reply())
	if len(none.Matches) != 0 || none.CursorStart != 2 || none.CursorEnd != 2 {
		t.Errorf("without matches the reply is %+v", none)
	}
	i := kerneltest.Decode[protocol.InspectReply](t, front.Request(protocol.InspectRequest{Code: "Println", CursorPos: 2}).Reply())
	if !i.Found || i.Data["text/plain"] != "func Println(a ...any)" {
		t.Errorf("inspect_reply is %+v", i)
	}
	if i := kerneltest.Decode[protocol.InspectReply](t, front.Request(protocol.InspectRequest{Code: "x"}).Reply()); i.Found {
		t.Errorf("inspect_reply of nothing is %+v", i)
	}
	inc := kerneltest.Decode[protocol.IsCompleteReply](t, front.Request(protocol.IsCompleteRequest{Code: "for {"}).Reply())
	if inc.Status != protocol.Incomplete || inc.Indent != "\t" {
		t.Errorf("is_complete_reply is %+v", inc)
	}
}
