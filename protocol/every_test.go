package protocol_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/dagbook/dagbook/protocol"
)

// sign is the signature by the specification, written apart from the one under test.
func sign(key string, parts [][]byte) []byte {
	mac := hmac.New(sha256.New, []byte(key))
	for _, p := range parts {
		mac.Write(p)
	}
	return []byte(hex.EncodeToString(mac.Sum(nil)))
}

// everyContent has one value of each content struct, empty but for what may not be.
func everyContent() []protocol.Content {
	return []protocol.Content{
		protocol.ExecuteRequest{}, protocol.ExecuteReply{}, protocol.InspectRequest{}, protocol.InspectReply{},
		protocol.CompleteRequest{}, protocol.CompleteReply{}, protocol.HistoryRequest{Access: protocol.HistoryTail}, protocol.HistoryReply{},
		protocol.IsCompleteRequest{}, protocol.IsCompleteReply{Status: protocol.Unknown}, protocol.ConnectRequest{}, protocol.ConnectReply{},
		protocol.CommInfoRequest{}, protocol.CommInfoReply{}, protocol.KernelInfoRequest{}, protocol.KernelInfoReply{},
		protocol.ShutdownRequest{}, protocol.ShutdownReply{}, protocol.InterruptRequest{}, protocol.InterruptReply{},
		protocol.DebugRequest{}, protocol.DebugReply{}, protocol.DebugEvent{},
		protocol.CreateSubshellRequest{}, protocol.CreateSubshellReply{}, protocol.DeleteSubshellRequest{},
		protocol.DeleteSubshellReply{}, protocol.ListSubshellRequest{}, protocol.ListSubshellReply{},
		protocol.Stream{}, protocol.DisplayData{}, protocol.UpdateDisplayData{}, protocol.ExecuteInput{}, protocol.ExecuteResult{},
		protocol.Error{}, protocol.KernelStatus{}, protocol.ClearOutput{}, protocol.IOPubWelcome{},
		protocol.CommOpen{}, protocol.CommMsg{}, protocol.CommClose{}, protocol.InputRequest{}, protocol.InputReply{},
	}
}

func decode[T protocol.Content](m *protocol.Message) error {
	_, err := protocol.DecodeContent[T](m)
	return err
}

// decoders reads each message type as its own struct.
var decoders = map[protocol.MessageType]func(*protocol.Message) error{
	protocol.TypeExecuteRequest: decode[protocol.ExecuteRequest], protocol.TypeExecuteReply: decode[protocol.ExecuteReply],
	protocol.TypeInspectRequest: decode[protocol.InspectRequest], protocol.TypeInspectReply: decode[protocol.InspectReply],
	protocol.TypeCompleteRequest: decode[protocol.CompleteRequest], protocol.TypeCompleteReply: decode[protocol.CompleteReply],
	protocol.TypeHistoryRequest: decode[protocol.HistoryRequest], protocol.TypeHistoryReply: decode[protocol.HistoryReply],
	protocol.TypeIsCompleteRequest: decode[protocol.IsCompleteRequest], protocol.TypeIsCompleteReply: decode[protocol.IsCompleteReply],
	protocol.TypeConnectRequest: decode[protocol.ConnectRequest], protocol.TypeConnectReply: decode[protocol.ConnectReply],
	protocol.TypeCommInfoRequest: decode[protocol.CommInfoRequest], protocol.TypeCommInfoReply: decode[protocol.CommInfoReply],
	protocol.TypeKernelInfoRequest: decode[protocol.KernelInfoRequest], protocol.TypeKernelInfoReply: decode[protocol.KernelInfoReply],
	protocol.TypeShutdownRequest: decode[protocol.ShutdownRequest], protocol.TypeShutdownReply: decode[protocol.ShutdownReply],
	protocol.TypeInterruptRequest: decode[protocol.InterruptRequest], protocol.TypeInterruptReply: decode[protocol.InterruptReply],
	protocol.TypeDebugRequest: decode[protocol.DebugRequest], protocol.TypeDebugReply: decode[protocol.DebugReply], protocol.TypeDebugEvent: decode[protocol.DebugEvent],
	protocol.TypeCreateSubshellRequest: decode[protocol.CreateSubshellRequest], protocol.TypeCreateSubshellReply: decode[protocol.CreateSubshellReply],
	protocol.TypeDeleteSubshellRequest: decode[protocol.DeleteSubshellRequest], protocol.TypeDeleteSubshellReply: decode[protocol.DeleteSubshellReply],
	protocol.TypeListSubshellRequest: decode[protocol.ListSubshellRequest], protocol.TypeListSubshellReply: decode[protocol.ListSubshellReply],
	protocol.TypeStream: decode[protocol.Stream], protocol.TypeDisplayData: decode[protocol.DisplayData],
	protocol.TypeUpdateDisplayData: decode[protocol.UpdateDisplayData], protocol.TypeExecuteInput: decode[protocol.ExecuteInput],
	protocol.TypeExecuteResult: decode[protocol.ExecuteResult], protocol.TypeError: decode[protocol.Error],
	protocol.TypeStatus: decode[protocol.KernelStatus], protocol.TypeClearOutput: decode[protocol.ClearOutput],
	protocol.TypeIOPubWelcome: decode[protocol.IOPubWelcome], protocol.TypeCommOpen: decode[protocol.CommOpen],
	protocol.TypeCommMsg: decode[protocol.CommMsg], protocol.TypeCommClose: decode[protocol.CommClose],
	protocol.TypeInputRequest: decode[protocol.InputRequest], protocol.TypeInputReply: decode[protocol.InputReply],
}

func decodeAny(m *protocol.Message) error { return decoders[m.Header.MsgType](m) }

func FuzzDecode(f *testing.F) {
	for _, c := range everyContent() {
		raw, err := protocol.EncodeContent(c)
		if err != nil {
			f.Fatal(err)
		}
		f.Add([]byte("id"), []byte("<IDS|MSG>"), []byte(`{"msg_id":"a","msg_type":"`+string(c.MsgType())+`"}`), []byte("{}"), []byte(raw), uint8(6))
	}
	f.Add([]byte("<IDS|MSG>"), []byte("<IDS|MSG>"), []byte("null"), []byte("null"), []byte("null"), uint8(9))
	f.Fuzz(func(t *testing.T, id, delimiter, header, parent, content []byte, n uint8) {
		frames := [][]byte{id, delimiter, nil, header, parent, parent, content, id, content}
		s := signer(t, "")
		m, err := s.Decode(protocol.Shell, frames[:min(int(n), len(frames))])
		if err != nil {
			return
		}
		again, err := s.Decode(protocol.Shell, s.Encode(m))
		if err != nil || again.Header != m.Header || string(again.Content) != string(m.Content) || len(again.Buffers) != len(m.Buffers) {
			t.Fatalf("what was read cannot be written and read again: %v", err)
		}
	})
}

func FuzzDecodeContent(f *testing.F) {
	for _, test := range badFields {
		f.Add(string(test.typ), test.content)
	}
	for _, c := range everyContent() {
		raw, err := protocol.EncodeContent(c)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(c.MsgType()), string(raw))
	}
	f.Fuzz(func(t *testing.T, typ, content string) {
		m := request(protocol.MessageType(typ), content)
		if decoders[m.Header.MsgType] == nil {
			return
		}
		if err := decodeAny(m); err != nil && !strings.Contains(err.Error(), typ) {
			t.Fatalf("the error does not name the message: %v", err)
		}
	})
}

func BenchmarkEncodeDisplayData20MB(b *testing.B) {
	s, session := signer(b, "key"), protocol.NewSession("")
	data := protocol.MIMEData{"text/html": strings.Repeat("<td>0.12345</td>\n", 20<<20/17)}
	b.SetBytes(20 << 20)
	b.ReportAllocs()
	for b.Loop() {
		m, err := session.Broadcast(nil, protocol.DisplayData{Data: data})
		if err != nil {
			b.Fatal(err)
		}
		s.Encode(m)
	}
}

func BenchmarkEncodeStatus(b *testing.B) {
	s, session := signer(b, "key"), protocol.NewSession("")
	parent, err := session.New(nil, protocol.KernelInfoRequest{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		m, err := session.Broadcast(parent, protocol.KernelStatus{ExecutionState: protocol.Busy})
		if err != nil {
			b.Fatal(err)
		}
		s.Encode(m)
	}
}

func BenchmarkDecodeExecuteRequest(b *testing.B) {
	s := signer(b, "key")
	m, err := protocol.NewSession("").New(nil, protocol.ExecuteRequest{Code: "x := 1\nx + 1"})
	if err != nil {
		b.Fatal(err)
	}
	frames := s.Encode(m)
	b.ReportAllocs()
	for b.Loop() {
		m, err := s.Decode(protocol.Shell, frames)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := protocol.DecodeContent[protocol.ExecuteRequest](m); err != nil {
			b.Fatal(err)
		}
	}
}
