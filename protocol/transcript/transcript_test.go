package transcript_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dagbook/dagbook/protocol"
	"github.com/dagbook/dagbook/protocol/transcript"
)

const testdata = "../../testdata/protocol"

func read(t *testing.T, name string) transcript.Transcript {
	t.Helper()
	tr, err := transcript.ReadFile(filepath.Join(testdata, name))
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func compare(t *testing.T, want, got transcript.Transcript) string {
	t.Helper()
	diff, err := transcript.Compare(want, got)
	if err != nil {
		t.Fatal(err)
	}
	return diff
}

func TestTwoRunsCompareEqual(t *testing.T) {
	// Other ids, sessions and dates, and the reply before or after the last status.
	if diff := compare(t, read(t, "execute.json"), read(t, "execute_again.json")); diff != "" {
		t.Error(diff)
	}
	for _, name := range []string{"kernel_info.json", "python_image_widget.json"} {
		if diff := compare(t, read(t, name), read(t, name)); diff != "" {
			t.Errorf("%s differs from itself:\n%s", name, diff)
		}
	}
	if diff := compare(t, read(t, "kernel_info.json"), read(t, "execute.json")); diff == "" {
		t.Error("two different conversations compare equal")
	}
}

func TestDifferencesAreShown(t *testing.T) {
	change := func(from, to string) func([]byte) []byte {
		return func(b []byte) []byte { return bytes.Replace(b, []byte(from), []byte(to), 1) }
	}
	for name, test := range map[string]struct {
		change func([]byte) []byte
		want   []string
	}{
		"a value":      {change(`"text/plain": "2"`, `"text/plain": "3"`), []string{"  iopub kernel->client execute_result (parent execute_request-1)", `-         "text/plain": "2"`, `+         "text/plain": "3"`}},
		"a type":       {change(`"msg_type": "stream"`, `"msg_type": "display_data"`), []string{"- iopub kernel->client stream", "+ iopub kernel->client display_data"}},
		"a parent":     {change(`"parent_msg_id": "execute-req"`, `"parent_msg_id": "else"`), []string{"- iopub kernel->client status (parent execute_request-1)", "+ iopub kernel->client status (parent execute_request-2)"}},
		"metadata":     {change(`"metadata": {}`, `"metadata": {"a": 1}`), []string{`+     metadata {`, `+       "a": 1`}},
		"a buffer":     {change(`"buffers": []`, `"buffers": [{"__bytes__": 2, "b64_head": "AAE="}]`), []string{"+     buffer 0: 2 bytes, 0001"}},
		"a channel":    {change(`"channel": "iopub"`, `"channel": "control"`), []string{"- iopub", "+ control"}},
		"a big number": {change(`"execution_count": 1`, `"execution_count": 9007199254740993`), []string{`"execution_count": 9007199254740993`}},
	} {
		t.Run(name, func(t *testing.T) {
			want := read(t, "execute.json")
			var b bytes.Buffer
			if err := want.Write(&b); err != nil {
				t.Fatal(err)
			}
			got, err := transcript.Read(bytes.NewReader(test.change(b.Bytes())))
			if err != nil {
				t.Fatal(err)
			}
			diff := compare(t, want, got)
			for _, line := range test.want {
				if !strings.Contains(diff, line) {
					t.Errorf("no line %q in\n%s", line, diff)
				}
			}
		})
	}
}

func TestOrderOfOneChannelCounts(t *testing.T) {
	want := read(t, "execute.json")
	got := append(transcript.Transcript{}, want...)
	got[4], got[5] = got[5], got[4] // stream and execute_result
	if diff := compare(t, want, got); strings.Count(diff, "\n- ")+strings.Count(diff, "\n+ ") == 0 {
		t.Errorf("the order on iopub was swapped, and the difference is %q", diff)
	}
}

func TestMissingMessageIsOneDifference(t *testing.T) {
	want := read(t, "execute.json")
	got := append(append(transcript.Transcript{}, want[:4]...), want[5:]...)
	diff := compare(t, want, got)
	if !strings.HasPrefix(diff, "- iopub kernel->client stream") || strings.Contains(diff, "+ ") {
		t.Errorf("without the stream the difference is\n%s", diff)
	}
}

func TestIdsAreNamed(t *testing.T) {
	tr, err := read(t, "python_image_widget.json").Normalize()
	if err != nil {
		t.Fatal(err)
	}
	opens := 0
	for _, e := range tr.Messages("iopub", transcript.ToClient) {
		if e.MsgType != protocol.TypeCommOpen {
			continue
		}
		opens++
		if !strings.Contains(string(e.Content), `"comm_id":"comm-`) {
			t.Errorf("a comm keeps its id: %s", e.Content)
		}
		if strings.Contains(string(e.Content), "IPY_MODEL_") && !strings.Contains(string(e.Content), "IPY_MODEL_comm-") {
			t.Errorf("a reference keeps its id: %s", e.Content)
		}
	}
	if opens == 0 {
		t.Error("the recording opens no comm")
	}
}

func TestBuffersOfTheReference(t *testing.T) {
	n := 0
	for _, e := range read(t, "python_image_widget.json") {
		for _, b := range e.Buffers {
			n++
			if b.Size < 1 || !bytes.HasPrefix(b.Head, []byte("\x89PNG")) || len(b.Head) > 48 {
				t.Errorf("buffer of %d bytes begins %q", b.Size, b.Head)
			}
		}
	}
	if n == 0 {
		t.Error("the recording has no buffers")
	}
}

func TestRecordWriteRead(t *testing.T) {
	client, kernel := protocol.NewSession("ann"), protocol.NewSession("kernel")
	req, err := client.New(nil, protocol.ExecuteRequest{Code: "<x>"})
	if err != nil {
		t.Fatal(err)
	}
	reply, err := kernel.Reply(req, protocol.ExecuteReply{Status: protocol.OK})
	if err != nil {
		t.Fatal(err)
	}
	reply.Buffers = [][]byte{[]byte("abc"), make([]byte, 100)}
	tr := transcript.Transcript{{Note: "a note", Time: 0.5}}
	for _, m := range []*protocol.Message{req, reply} {
		e, err := transcript.NewEntry(1500*time.Millisecond, transcript.ToKernel, m)
		if err != nil {
			t.Fatal(err)
		}
		tr = append(tr, e)
	}
	var b bytes.Buffer
	if err := tr.Write(&b); err != nil {
		t.Fatal(err)
	}
	got, err := transcript.Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	compact := cmp.Transformer("json", func(raw json.RawMessage) string {
		var b bytes.Buffer
		_ = json.Compact(&b, raw)
		return b.String()
	})
	if d := cmp.Diff(tr, got, compact); d != "" {
		t.Error(d)
	}
	if last := got[2]; last.ParentMsgID != req.Header.MsgID || last.Buffers[1].Size != 100 || len(last.Buffers[1].Head) != 48 || last.Time != 1.5 {
		t.Errorf("%+v", last)
	}
}

func TestLongStringsAreClippedAlike(t *testing.T) {
	entry := func(text string) transcript.Transcript {
		raw, err := json.Marshal(map[string]string{"text": text})
		if err != nil {
			t.Fatal(err)
		}
		return transcript.Transcript{{Channel: "iopub", Direction: transcript.ToClient, MsgType: "stream", Content: raw}}
	}
	long := strings.Repeat("é", 3000)
	short, err := entry(long).Clip()
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Repeat("é", 1200) + `...<3000 chars>`; string(short[0].Content) != `{"text":"`+want+`"}` {
		t.Errorf("clipped to %s", short[0].Content)
	}
	if diff := compare(t, short, entry(long)); diff != "" {
		t.Error(diff)
	}
	if diff := compare(t, short, entry(long+"e")); diff == "" {
		t.Error("a longer string compares equal")
	}
}

func TestWhatIsNoRecording(t *testing.T) {
	for _, text := range []string{``, `{}`, `[1]`, `[{}]`, `[{"channel":"shell","msg_type":"x","dir":"up"}]`} {
		if _, err := transcript.Read(strings.NewReader(text)); err == nil {
			t.Errorf("%s passes as a recording", text)
		}
	}
	if _, err := transcript.ReadFile(filepath.Join(testdata, "none.json")); err == nil {
		t.Error("a file that is not there is read")
	}
	broken := transcript.Transcript{{Channel: "shell", Direction: transcript.ToKernel, MsgType: "x", Content: json.RawMessage("{")}}
	if _, err := transcript.Compare(nil, broken); err == nil || !strings.Contains(err.Error(), "what came") {
		t.Errorf("error %v", err)
	}
}

func ExampleCompare() {
	entry := func(id, text string) transcript.Transcript {
		return transcript.Transcript{{
			Channel: "iopub", Direction: transcript.ToClient, MsgType: protocol.TypeStream, MsgID: id,
			Content: json.RawMessage(`{"name":"stdout","text":"` + text + `"}`),
		}}
	}
	same, _ := transcript.Compare(entry("1f", "hello"), entry("2e", "hello"))
	other, _ := transcript.Compare(entry("1f", "hello"), entry("2e", "hullo"))
	fmt.Printf("%q\n%s", same, other)
	// Output:
	// ""
	//   iopub kernel->client stream
	// -       "text": "hello"
	// +       "text": "hullo"
}
