package protocol_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dagbook/dagbook/protocol"
)

func signer(t testing.TB, key string) *protocol.Signer {
	t.Helper()
	s, err := protocol.NewSigner(protocol.SchemeHMACSHA256, key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func request(t protocol.MessageType, content string) *protocol.Message {
	return &protocol.Message{Header: protocol.Header{MsgID: "1", MsgType: t}, Content: json.RawMessage(content)}
}

// frames makes the frames of a message whose parts are given as text, signed with key.
func frames(t testing.TB, key, header, parent, metadata, content string) [][]byte {
	t.Helper()
	m := &protocol.Message{ParentHeader: json.RawMessage(parent), Metadata: json.RawMessage(metadata), Content: json.RawMessage(content)}
	fs := signer(t, "").Encode(m)
	fs[2] = []byte(header)
	fs[1] = sign(key, fs[2:])
	return append([][]byte{[]byte("who")}, fs...)
}

func TestRoundTrip(t *testing.T) {
	s := signer(t, "secret")
	client := protocol.NewSession("ann")
	req, err := client.New(nil, protocol.ExecuteRequest{Code: "1 < 2 && \"ü\"", StoreHistory: true})
	if err != nil {
		t.Fatal(err)
	}
	req.Identities = [][]byte{{0, 1, 2}}
	req.Buffers = [][]byte{{}, []byte("<IDS|MSG>"), {255}}
	got, err := s.Decode(protocol.Control, s.Encode(req))
	if err != nil {
		t.Fatal(err)
	}
	if got.Header != req.Header || got.Channel != protocol.Control {
		t.Errorf("header %+v on %s, want %+v on control", got.Header, got.Channel, req.Header)
	}
	if d := cmp.Diff(req.Buffers, got.Buffers) + cmp.Diff(req.Identities, got.Identities); d != "" {
		t.Error(d)
	}
	if !strings.Contains(string(got.Content), `"code":"1 < 2 && \"ü\""`) {
		t.Errorf("the content escapes what it need not: %s", got.Content)
	}

	kernel := protocol.NewSession("kernel")
	reply, err := kernel.Reply(got, protocol.NewErrorReply(got.Header.MsgType, "X", errors.New("y")))
	if err != nil {
		t.Fatal(err)
	}
	parent, err := reply.Parent()
	if err != nil || parent != req.Header {
		t.Errorf("parent %+v (%v), want %+v", parent, err, req.Header)
	}
	if reply.Channel != protocol.Control || string(reply.Identities[0]) != "\x00\x01\x02" || reply.Header.MsgType != "execute_reply" {
		t.Errorf("a reply goes back where the request came from: %+v", reply)
	}
	if reply.Header.Session != kernel.ID() || reply.Header.MsgID == got.Header.MsgID || reply.Header.Version != "5.4" {
		t.Errorf("the header is the sender's own: %+v", reply.Header)
	}
}

func TestUnknownHeaderFieldsComeBack(t *testing.T) {
	header := `{"msg_id":"a","msg_type":"execute_request","future":[1, 2]}`
	m, err := signer(t, "k").Decode(protocol.Shell, frames(t, "k", header, "{}", "{}", "{}"))
	if err != nil {
		t.Fatal(err)
	}
	reply, err := protocol.NewSession("").Reply(m, protocol.InterruptReply{Status: protocol.OK})
	if err != nil {
		t.Fatal(err)
	}
	if string(reply.ParentHeader) != header {
		t.Errorf("parent header %s, want %s", reply.ParentHeader, header)
	}
}

func TestDecodeRefuses(t *testing.T) {
	const header = `{"msg_id":"a","msg_type":"status"}`
	good := func() [][]byte { return frames(t, "key", header, "{}", "{}", "{}") }
	for name, test := range map[string]struct {
		frames [][]byte
		want   string
	}{
		"nothing":            {nil, "delimiter"},
		"no delimiter":       {good()[2:], "delimiter"},
		"no content":         {good()[:6], "has 4 frames"},
		"only delimiter":     {good()[:2], "has 0 frames"},
		"forged":             {frames(t, "other", header, "{}", "{}", "{}"), "signature"},
		"unsigned":           {append(append(good()[:2:2], []byte{}), good()[3:]...), "signature"},
		"header no JSON":     {frames(t, "key", "{", "{}", "{}", "{}"), "header"},
		"header of wrong":    {frames(t, "key", `{"msg_id":1,"msg_type":"status"}`, "{}", "{}", "{}"), "header"},
		"header empty":       {frames(t, "key", `{}`, "{}", "{}", "{}"), "msg_id"},
		"content no JSON":    {frames(t, "key", header, "{}", "{}", `{"a":`), "content"},
		"content list":       {frames(t, "key", header, "{}", "{}", `[]`), "content"},
		"metadata a number":  {frames(t, "key", header, "{}", "7", `{}`), "metadata"},
		"parent a string":    {frames(t, "key", header, `"x"`, "{}", `{}`), "parent_header"},
		"content is garbage": {frames(t, "key", header, "{}", "{}", "\xff\xfe"), "content"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := signer(t, "key").Decode(protocol.Shell, test.frames)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one about %q", err, test.want)
			}
		})
	}
	if _, err := signer(t, "key").Decode(protocol.Shell, good()); err != nil {
		t.Errorf("the message that the others spoil is itself refused: %v", err)
	}
}

func TestUnsigned(t *testing.T) {
	fs := frames(t, "whatever", `{"msg_id":"a","msg_type":"status"}`, "null", "{}", "{}")
	m, err := signer(t, "").Decode(protocol.Shell, fs)
	if err != nil || string(m.ParentHeader) != "{}" {
		t.Errorf("without a key no signature is checked, and a null parent is none: %v", err)
	}
	if sig := signer(t, "").Encode(m)[2]; len(sig) != 0 {
		t.Errorf("signature %q without a key", sig)
	}
}

func TestOtherSchemesAreRefused(t *testing.T) {
	if _, err := protocol.NewSigner("hmac-md5", "k"); err == nil || !strings.Contains(err.Error(), "hmac-md5") {
		t.Errorf("error %v", err)
	}
}

func TestDefaults(t *testing.T) {
	for content, want := range map[string]protocol.ExecuteRequest{
		`{"code":"x"}`:                                    {Code: "x", StoreHistory: true, StopOnError: true},
		`{"code":"x","silent":true}`:                      {Code: "x", Silent: true, StopOnError: true},
		`{"code":"x","silent":true,"store_history":true}`: {Code: "x", Silent: true, StopOnError: true},
		`{"code":"x","store_history":false,"allow_stdin":true,"stop_on_error":false,"extra":0}`: {Code: "x", AllowStdin: true},
		`{"code":"","user_expressions":{"a":"b"},"silent":null}`:                                {StoreHistory: true, StopOnError: true, UserExpressions: map[string]string{"a": "b"}},
	} {
		got, err := protocol.DecodeContent[protocol.ExecuteRequest](request("execute_request", content))
		if err != nil {
			t.Errorf("%s: %v", content, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", content, d)
		}
	}
	h, err := protocol.DecodeContent[protocol.HistoryRequest](request("history_request", `{"hist_access_type":"tail","n":3}`))
	if err != nil || !h.Raw || *h.N != 3 || h.Stop != nil {
		t.Errorf("history %+v, %v", h, err)
	}
}

// badFields lists contents that a kernel must answer with an error, and what the error
// says. It also seeds the fuzz test.
var badFields = []struct {
	typ     protocol.MessageType
	content string
	want    string
}{
	{"execute_request", `{}`, `The field "code" of this execute_request is missing.`},
	{"execute_request", `{"code":null}`, `The field "code" of this execute_request is missing.`},
	{"execute_request", `{"code":7}`, `The field "code" of this execute_request must be a string, not a number.`},
	{"execute_request", `{"code":["a"]}`, `must be a string, not a list`},
	{"execute_request", `{"code":"a","silent":"no"}`, `"silent" of this execute_request must be true or false, not a string`},
	{"execute_request", `{"code":"a","user_expressions":[]}`, `must be an object, not a list`},
	{"execute_request", `{"code":"a","user_expressions":{"x":1}}`, `"user_expressions"`},
	{"inspect_request", `{"code":"a"}`, `"cursor_pos" of this inspect_request is missing`},
	{"inspect_request", `{"code":"a","cursor_pos":-1}`, `must be at least 0, not -1`},
	{"inspect_request", `{"code":"a","cursor_pos":1.5}`, `must be a whole number, not 1.5`},
	{"inspect_request", `{"code":"a","cursor_pos":1e99}`, `must be a whole number, not 1e99`},
	{"inspect_request", `{"code":"a","cursor_pos":"1"}`, `must be a whole number, not a string`},
	{"inspect_request", `{"code":"a","cursor_pos":1,"detail_level":2}`, `"detail_level" of this inspect_request must be one of 0, 1`},
	{"complete_request", `{"code":"a","cursor_pos":{}}`, `must be a whole number, not an object`},
	{"complete_request", `{"cursor_pos":1}`, `"code"`},
	{"history_request", `{"hist_access_type":"all"}`, `must be one of range, tail, search, not "all"`},
	{"history_request", `{"hist_access_type":"tail","n":"x"}`, `"n" of this history_request must be a whole number`},
	{"is_complete_request", `{"code":false}`, `must be a string, not true or false`},
	{"comm_info_request", `{"target_name":1}`, `"target_name"`},
	{"comm_open", `{"comm_id":"a","data":{}}`, `"target_name" of this comm_open is missing`},
	{"comm_msg", `{"data":{}}`, `"comm_id"`},
	{"comm_msg", `{"comm_id":"a","data":3}`, `"data" of this comm_msg must be an object, not a number`},
	{"comm_close", `{}`, `"comm_id"`},
	{"shutdown_request", `{"restart":1}`, `"restart"`},
	{"debug_request", `{}`, `"seq"`},
	{"delete_subshell_request", `{}`, `"subshell_id"`},
	{"input_reply", `{"value":1}`, `"value"`},
	{"kernel_info_reply", `{"status":"ok","protocol_version":"5","implementation":"x","implementation_version":"1","language_info":{"name":3}}`, `holds, at name, a JSON number where a string belongs`},
	{"execute_request", `[]`, `The content of this execute_request must be a JSON object.`},
	{"execute_request", `null`, `must be a JSON object`},
	{"execute_request", ``, `must be a JSON object`},
}

func TestBadFieldsAreNamed(t *testing.T) {
	for _, test := range badFields {
		err := decodeAny(request(test.typ, test.content))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s %s:\n got %v\nwant %s", test.typ, test.content, err, test.want)
		}
		var field *protocol.FieldError
		if !errors.As(err, &field) || field.Type != test.typ {
			t.Errorf("%s: %T is not the error of this message's field", test.typ, err)
		}
	}
	_, err := protocol.DecodeContent[protocol.InspectRequest](request("execute_request", `{}`))
	if err == nil || !strings.Contains(err.Error(), "read as a inspect_request") {
		t.Errorf("reading as another type: %v", err)
	}
}

func TestErrorRepliesAreErrors(t *testing.T) {
	reply := protocol.NewErrorReply("inspect_request", "BadRequest", errors.New("no"))
	raw, err := protocol.EncodeContent(reply)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"status":"error","ename":"BadRequest","evalue":"no","traceback":[]}`; string(raw) != want {
		t.Errorf("got %s, want %s", raw, want)
	}
	_, err = protocol.DecodeContent[protocol.InspectReply](request("inspect_reply", string(raw)))
	var got protocol.ErrorReply
	if !errors.As(err, &got) || got.EName != "BadRequest" || got.Type != "inspect_reply" {
		t.Errorf("error %#v", err)
	}
	c, err := protocol.DecodeContent[protocol.IsCompleteReply](request("is_complete_reply", `{"status":"incomplete","indent":"  "}`))
	if err != nil || c.Status != protocol.Incomplete || c.Indent != "  " {
		t.Errorf("%+v, %v: the status of an is_complete_reply is no failure", c, err)
	}
}

func TestEmptyIsNeverNull(t *testing.T) {
	for _, test := range everyContent() {
		raw, err := protocol.EncodeContent(test)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(strings.ReplaceAll(string(raw), `"stop":null,"n":null`, ""), "null") {
			t.Errorf("%s: %s", test.MsgType(), raw)
		}
	}
	raw, _ := protocol.EncodeContent(&protocol.CompleteReply{Status: protocol.OK})
	if want := `{"status":"ok","matches":[],"cursor_start":0,"cursor_end":0,"metadata":{}}`; string(raw) != want {
		t.Errorf("got %s, want %s", raw, want)
	}
}

// What Session and EncodeContent write, DecodeContent reads: no field name differs, and no
// required field is left out when it is empty.
func TestEveryTypeReadsItself(t *testing.T) {
	seen := map[protocol.MessageType]bool{}
	for _, c := range everyContent() {
		raw, err := protocol.EncodeContent(c)
		if err != nil {
			t.Fatal(err)
		}
		if err := decodeAny(request(c.MsgType(), string(raw))); err != nil {
			t.Errorf("%s: %v", raw, err)
		}
		seen[c.MsgType()] = true
	}
	if len(seen) != len(everyContent()) {
		t.Errorf("%d types among %d structs: two share a name", len(seen), len(everyContent()))
	}
}

func TestHistoryEntries(t *testing.T) {
	out := "2"
	reply := protocol.HistoryReply{Status: protocol.OK, History: []protocol.HistoryEntry{
		{Session: 1, Line: 2, Input: "x"}, {Session: 1, Line: 3, Input: "y", Output: &out},
	}}
	raw, err := protocol.EncodeContent(reply)
	if want := `{"status":"ok","history":[[1,2,"x"],[1,3,["y","2"]]]}`; err != nil || string(raw) != want {
		t.Errorf("got %s (%v), want %s", raw, err, want)
	}
	got, err := protocol.DecodeContent[protocol.HistoryReply](request("history_reply", string(raw)))
	if d := cmp.Diff(reply, got); err != nil || d != "" {
		t.Errorf("%v %s", err, d)
	}
	for _, bad := range []string{`[1,2]`, `[1,2,["a"]]`, `[1,2,[null,"a"]]`, `["a",2,"x"]`, `[1,"b","x"]`, `{}`} {
		if err := json.Unmarshal([]byte(bad), new(protocol.HistoryEntry)); err == nil {
			t.Errorf("%s passes as a history entry", bad)
		}
	}
}

func TestDisplayDataIsWrittenAsEncodingJSONWould(t *testing.T) {
	text := "a\"b\\c\n\t\r\x00\x1f\x7f<>&é\u2028😀\xff\xc3"
	data := protocol.MIMEData{
		"text/plain": text, "application/json": map[string]any{"k": []int{1, 2}},
		"application/x": json.RawMessage(`{"a": [1]}`), "": "",
	}
	raw, err := protocol.EncodeContent(protocol.ExecuteResult{ExecutionCount: 3, Data: data, Transient: protocol.Transient{DisplayID: "i\"d"}})
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	std, _ := json.Marshal(map[string]any{"execution_count": 3, "data": data, "metadata": map[string]any{}, "transient": map[string]any{"display_id": "i\"d"}})
	if err := json.Unmarshal(std, &want); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Every byte, at every place of the eight that are looked at together.
func TestEveryByteAtEveryPlace(t *testing.T) {
	for b := range 256 {
		for before := range 17 {
			for after := range 9 {
				text := strings.Repeat("a", before) + string([]byte{byte(b)}) + strings.Repeat("~", after)
				raw, err := protocol.EncodeContent(protocol.DisplayData{Data: protocol.MIMEData{"": text}})
				if err != nil {
					t.Fatal(err)
				}
				var got struct{ Data map[string]string }
				if err := json.Unmarshal(raw, &got); err != nil || got.Data[""] != strings.ToValidUTF8(text, "\ufffd") {
					t.Fatalf("%q is written as %s (%v)", text, raw, err)
				}
			}
		}
	}
}

func TestWhatJSONCannotSay(t *testing.T) {
	for _, c := range []protocol.Content{
		protocol.DisplayData{Data: protocol.MIMEData{"a": math.NaN()}},
		protocol.DisplayData{Data: protocol.MIMEData{"a": json.RawMessage(`{`)}},
		protocol.DisplayData{Metadata: json.RawMessage(`{`)},
		protocol.CommMsg{Data: json.RawMessage(`nope`)},
	} {
		_, err := protocol.NewSession("").New(nil, c)
		if err == nil || !strings.Contains(err.Error(), string(c.MsgType())) {
			t.Errorf("%s: error %v", c.MsgType(), err)
		}
	}
}

func TestCursor(t *testing.T) {
	const code = "aé😀z"
	for pos, offset := range []int{0, 1, 3, 7, 8} {
		if got, err := protocol.ByteOffset(code, pos); got != offset || err != nil {
			t.Errorf("ByteOffset(%d) = %d, %v, want %d", pos, got, err, offset)
		}
		if got, err := protocol.CursorPos(code, offset); got != pos || err != nil {
			t.Errorf("CursorPos(%d) = %d, %v, want %d", offset, got, err, pos)
		}
	}
	if got, _ := protocol.CursorPos(code, 2); got != 2 {
		t.Errorf("an offset inside a character counts as behind it, got %d", got)
	}
	for _, pos := range []int{-1, 5, math.MaxInt, math.MinInt} {
		if _, err := protocol.ByteOffset(code, pos); err == nil {
			t.Errorf("ByteOffset(%d) has no error", pos)
		}
	}
	for _, offset := range []int{-1, 9} {
		if _, err := protocol.CursorPos(code, offset); err == nil {
			t.Errorf("CursorPos(%d) has no error", offset)
		}
	}
}

func TestReplyType(t *testing.T) {
	if got, ok := protocol.ReplyType("unheard_of_request"); !ok || got != "unheard_of_reply" {
		t.Errorf("%s %v", got, ok)
	}
	if _, ok := protocol.ReplyType("comm_msg"); ok {
		t.Error("a comm_msg is owed no reply")
	}
}

func TestDate(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 6000, time.FixedZone("x", 3600))
	if got := protocol.FormatDate(at); got != "2026-01-02T02:04:05.000006Z" {
		t.Error(got)
	}
}

const connectionFile = `{"transport":"tcp","ip":"127.0.0.1","shell_port":1,"iopub_port":2,"stdin_port":3,"control_port":4,"hb_port":5,"key":"k","signature_scheme":"hmac-sha256","kernel_name":"dagbook"}`

func TestConnectionInfo(t *testing.T) {
	c, err := protocol.ParseConnectionInfo([]byte(connectionFile))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, ch := range protocol.Channels() {
		got = append(got, ch.String()+" "+c.Endpoint(ch))
	}
	want := []string{"shell tcp://127.0.0.1:1", "iopub tcp://127.0.0.1:2", "stdin tcp://127.0.0.1:3", "control tcp://127.0.0.1:4", "hb tcp://127.0.0.1:5"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for from, want := range map[string][2]string{
		`"ip":"*"`:                        {"tcp://*:1", ":1"},
		`"ip":"::1"`:                      {"tcp://[::1]:1", "[::1]:1"},
		`"ip":"[::1]"`:                    {"tcp://[::1]:1", "[::1]:1"},
		`"ip":""`:                         {"tcp://127.0.0.1:1", "127.0.0.1:1"},
		`"ip":"/run/k","transport":"ipc"`: {"ipc:///run/k-1", "/run/k-1"},
	} {
		text := strings.Replace(strings.Replace(connectionFile, `"transport":"tcp",`, "", 1), `"ip":"127.0.0.1"`, from, 1)
		c, err := protocol.ParseConnectionInfo([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		_, address := c.Address(protocol.Shell)
		if c.Endpoint(protocol.Shell) != want[0] || address != want[1] {
			t.Errorf("%s: %s %s, want %s", from, c.Endpoint(protocol.Shell), address, want)
		}
	}
}

func TestBadConnectionInfo(t *testing.T) {
	for _, test := range [][3]string{
		{`"transport":"tcp"`, `"transport":"udp"`, "udp"},
		{`"shell_port":1`, `"shell_port":0`, "shell_port"},
		{`"hb_port":5`, `"hb_port":70000`, "hb_port"},
		{`"hb_port":5`, `"hb_port":"5"`, "connection file"},
		{`"hb_port":5,`, ``, "hb_port"},
		{`"iopub_port":2`, `"iopub_port":1`, "both shell and iopub"},
		{`hmac-sha256`, `hmac-sha512`, "hmac-sha512"},
		{`}`, ``, "JSON"},
	} {
		_, err := protocol.ParseConnectionInfo([]byte(strings.Replace(connectionFile, test[0], test[1], 1)))
		if err == nil || !strings.Contains(err.Error(), test[2]) {
			t.Errorf("%s: error %v, want one about %s", test[1], err, test[2])
		}
	}
}

func TestConnectionFileIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kernel.json")
	if err := os.WriteFile(path, []byte(connectionFile), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := protocol.ReadConnectionFile(path)
	if err != nil {
		t.Fatal(err)
	}
	checkPrivate(t, path)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := c.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	checkPrivate(t, path)
	again, err := protocol.ReadConnectionFile(path)
	if d := cmp.Diff(c, again); err != nil || d != "" {
		t.Errorf("%v %s", err, d)
	}
	left, _ := os.ReadDir(filepath.Dir(path))
	if len(left) != 1 {
		t.Errorf("%d files are left, want the one", len(left))
	}
	if _, err := protocol.ReadConnectionFile(path + "x"); err == nil || !strings.Contains(err.Error(), "no connection file") {
		t.Errorf("error %v", err)
	}
}

func checkPrivate(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600", info.Mode())
	}
}

func Example() {
	client, kernel := protocol.NewSession("ann"), protocol.NewSession("kernel")
	key, err := protocol.NewSigner(protocol.SchemeHMACSHA256, "secret")
	if err != nil {
		fmt.Println(err)
		return
	}
	// The client asks ...
	ask, _ := client.New(nil, protocol.ExecuteRequest{Code: "1 + 1"})
	frames := key.Encode(ask)

	// ... and the kernel reads, runs and answers.
	msg, err := key.Decode(protocol.Shell, frames)
	if err != nil {
		fmt.Println(err) // dropped and logged
		return
	}
	req, err := protocol.DecodeContent[protocol.ExecuteRequest](msg)
	if err != nil {
		fmt.Println(err) // answered with protocol.NewErrorReply
		return
	}
	reply, _ := kernel.Reply(msg, protocol.ExecuteReply{Status: protocol.OK, ExecutionCount: 1})
	fmt.Println(req.Code, "->", reply.Header.MsgType, string(reply.Content))
	// Output: 1 + 1 -> execute_reply {"status":"ok","execution_count":1,"payload":[],"user_expressions":{}}
}
