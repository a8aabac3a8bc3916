package zmq_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dagbook/dagbook/protocol"
	"github.com/dagbook/dagbook/protocol/zmq"
)

// checkAlive has new clients on every channel served.
func checkAlive(t *testing.T, k *kernel) {
	t.Helper()
	for _, ch := range []protocol.Channel{protocol.Shell, protocol.Control} {
		c := k.dial(t, ch, "")
		m := c.send(t, protocol.ExecuteRequest{Code: "x"})
		if parent, _ := c.recv(t).Parent(); parent != m.Header {
			t.Errorf("%s answers %v, not %v", ch, parent, m.Header)
		}
		c.Close()
	}
	sub := k.subscribe(t, "")
	k.publish(t, "alive")
	if s := sub.stream(t); s.Text != "alive" {
		t.Errorf("iopub says %q", s.Text)
	}
	sub.Close()
	hb := k.dial(t, protocol.Heartbeat, "")
	hb.sendFrames(t, nil, []byte("ping"))
	if got, err := hb.RecvMsg(); err != nil || len(got.Frames) != 2 || string(got.Frames[1]) != "ping" {
		t.Errorf("heartbeat %v %v", got, err)
	}
	hb.Close()
	k.dial(t, protocol.Stdin, "").Close()
}

func TestRepliesFindTheirClients(t *testing.T) {
	for _, transport := range []string{protocol.TCP, protocol.IPC} {
		t.Run(transport, func(t *testing.T) {
			info := protocol.ConnectionInfo{Transport: transport, IP: "127.0.0.1", Key: "secret"}
			if transport == protocol.IPC {
				if runtime.GOOS == "windows" {
					t.Skip("libzmq has no ipc here, and Jupyter offers none")
				}
				dir, err := os.MkdirTemp("", "ipc") // t.TempDir is too long for a socket's name
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { os.RemoveAll(dir) })
				info.IP = filepath.Join(dir, "k")
				info.ShellPort, info.IOPubPort, info.StdinPort, info.ControlPort, info.HBPort = 1, 2, 3, 4, 5
			}
			k := listenOn(t, info, zmq.Options{})
			k.echo(t)
			checkAlive(t, k)
			a, b := k.dial(t, protocol.Shell, "a"), k.dial(t, protocol.Shell, "")
			for i := range 100 {
				for _, c := range []*client{a, b} {
					c.send(t, protocol.ExecuteRequest{Code: strconv.Itoa(i)})
				}
			}
			for i := range 100 {
				for _, c := range []*client{a, b} {
					m := c.recv(t)
					if want := fmt.Sprintf(`{"code":"%d",`, i); !strings.HasPrefix(string(m.Content), want) {
						t.Fatalf("reply %s, want %s...", m.Content, want)
					}
					if parent, _ := m.Parent(); parent.Session != c.session.ID() {
						t.Fatal("the reply is for another client")
					}
				}
			}
		})
	}
}

func TestInputGoesToTheIdentityOfTheRequest(t *testing.T) {
	k := listen(t, zmq.Options{})
	shell, stdin, other := k.dial(t, protocol.Shell, "me"), k.dial(t, protocol.Stdin, "me"), k.dial(t, protocol.Stdin, "you")
	shell.send(t, protocol.ExecuteRequest{})
	req, err := k.Recv(t.Context(), protocol.Shell)
	if err != nil {
		t.Fatal(err)
	}
	ask, err := k.session.Reply(req, protocol.InputRequest{Prompt: "name?"})
	if err != nil {
		t.Fatal(err)
	}
	ask.Channel = protocol.Stdin
	// The stdin connection is registered by its own goroutine, a moment after its handshake.
	for err = k.Send(ask); err != nil; err = k.Send(ask) {
		runtime.Gosched()
	}
	if got := stdin.recv(t); got.Header != ask.Header {
		t.Errorf("asked %v, want %v", got.Header, ask.Header)
	}
	stdin.send(t, protocol.InputReply{Value: "ann"})
	if got, err := k.Recv(t.Context(), protocol.Stdin); err != nil || string(got.Content) != `{"value":"ann"}` {
		t.Errorf("got %v, %v", got, err)
	}
	other.Close()
}

func TestReconnectingClientTakesOver(t *testing.T) {
	k := listen(t, zmq.Options{})
	k.echo(t)
	old := k.dial(t, protocol.Shell, "me")
	old.send(t, protocol.KernelInfoRequest{})
	old.recv(t)
	again := k.dial(t, protocol.Shell, "me")
	m := again.send(t, protocol.KernelInfoRequest{})
	if parent, _ := again.recv(t).Parent(); parent != m.Header {
		t.Error("the reply went elsewhere")
	}
	if _, err := old.RecvMsg(); !errors.Is(err, io.EOF) {
		t.Errorf("the old connection ends with %v", err)
	}
}

func TestSendErrors(t *testing.T) {
	k := listen(t, zmq.Options{})
	m, err := k.session.New(nil, protocol.InterruptReply{})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		ch   protocol.Channel
		ids  [][]byte
		want string
	}{
		{protocol.Shell, nil, "names no client"},
		{protocol.Control, [][]byte{{1}}, "not connected"},
		{protocol.IOPub, nil, "cannot be sent"},
	} {
		m.Channel, m.Identities = test.ch, test.ids
		if err := k.Send(m); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %s", test.ch, err, test.want)
		}
	}
	if _, err := k.Recv(t.Context(), protocol.IOPub); err == nil {
		t.Error("iopub receives")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := k.Recv(ctx, protocol.Shell); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	k.Close()
	if _, err := k.Recv(t.Context(), protocol.Shell); !errors.Is(err, zmq.ErrClosed) {
		t.Errorf("Recv after Close: %v", err)
	}
	if err := errors.Join(k.Send(m), k.Publish(m)); !errors.Is(err, zmq.ErrClosed) {
		t.Errorf("Send and Publish after Close: %v", err)
	}
}

// greeting is the start of a ZMTP 3.0 connection, NULL mechanism.
func greeting() []byte {
	g := make([]byte, 64)
	g[0], g[9], g[10] = 0xFF, 0x7F, 3
	copy(g[12:], "NULL")
	return g
}

func longFrame(flags byte, size uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{flags | 2}, size)
}

func command(name, body string) []byte {
	text := string(byte(len(name))) + name + body
	return append([]byte{4, byte(len(text))}, text...)
}

func property(name string, size uint32, value string) string {
	return string(byte(len(name))) + name + string(binary.BigEndian.AppendUint32(nil, size)) + value
}

func ready(socket string) []byte {
	return command("READY", property("Socket-Type", uint32(len(socket)), socket))
}

// partner is a socket type that each channel takes.
func partner(ch protocol.Channel) string {
	return map[protocol.Channel]string{protocol.IOPub: "SUB", protocol.Heartbeat: "REQ"}[ch] + map[bool]string{true: "DEALER"}[ch != protocol.IOPub && ch != protocol.Heartbeat]
}

// Everything here ends the connection it came on, is logged, and harms nobody else.
func TestStrangers(t *testing.T) {
	k := listen(t, zmq.Options{MaxMessage: 1 << 20})
	k.echo(t)
	for _, ch := range protocol.Channels() {
		open := append(greeting(), ready(partner(ch))...)
		for name, bytes := range map[string][]byte{
			"http":                    []byte("GET / HTTP/1.1\r\n\r\n"),
			"garbage greeting":        append([]byte{0xFF}, make([]byte, 80)...),
			"old version":             append([]byte{0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 1}, make([]byte, 60)...),
			"other mechanism":         append(append(greeting()[:12:12], "CURVE"...), make([]byte, 60)...),
			"message for handshake":   append(greeting(), 0, 1, 'x'),
			"2^62 in the handshake":   append(greeting(), longFrame(4, 1<<62)...),
			"64 GiB in the handshake": append(greeting(), longFrame(4, 64<<30)...),
			"other command":           append(greeting(), command("HELLO", "")...),
			"empty command":           append(greeting(), 4, 0),
			"command name too long":   append(greeting(), 4, 2, 200, 'x'),
			"metadata name too long":  append(greeting(), command("READY", "\xffx")...),
			"metadata value too long": append(greeting(), command("READY", property("Socket-Type", 1<<31, "x"))...),
			"no socket type":          append(greeting(), command("READY", "")...),
			"unknown socket type":     append(greeting(), ready("TEAPOT")...),
			"wrong socket type":       append(greeting(), ready("PUSH")...),
			"2^62 bytes":              append(open[:len(open):len(open)], longFrame(0, 1<<62)...),
			"2^64-1 bytes":            append(open[:len(open):len(open)], longFrame(0, 1<<64-1)...),
			"64 GiB":                  append(open[:len(open):len(open)], longFrame(0, 64<<30)...),
			"64 GiB, more":            append(open[:len(open):len(open)], longFrame(1, 64<<30)...),
			"over the limit in parts": append(append(open[:len(open):len(open)], 1, 1, 'x'), longFrame(0, 1<<20)...),
			"unknown flags":           append(open[:len(open):len(open)], 0x80, 0),
			"long command":            append(open[:len(open):len(open)], longFrame(4, 1<<40)...),
			"nameless command":        append(open[:len(open):len(open)], 4, 0),
			"endless frames":          append(open[:len(open):len(open)], strings.Repeat("\x01\x00", 1<<17)...),
		} {
			nc := k.raw(t, ch)
			nc.Write(bytes) // fails halfway when the kernel hangs up on the way
			if _, err := io.Copy(io.Discard, nc); errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("%s on %s: the connection stays open", name, ch)
			}
			nc.Close()
		}
	}
	for _, ch := range protocol.Channels() {
		if !strings.Contains(k.log.String(), "channel="+ch.String()) {
			t.Errorf("nothing is logged for %s", ch)
		}
	}
	if n := strings.Count(k.log.String(), "does not speak ZeroMQ"); n != 5 {
		t.Errorf("failed handshakes are logged %d times, want once a channel:\n%s", n, k.log)
	}
	checkAlive(t, k)
}

func TestIdleAndCutConnections(t *testing.T) {
	k := listen(t, zmq.Options{})
	k.echo(t)
	for _, ch := range protocol.Channels() {
		whole := append(append(greeting(), ready(partner(ch))...), longFrame(0, 1000)...)
		for _, n := range []int{0, 1, 10, 63, 64, 65, 70, len(whole) - 9, len(whole) - 3, len(whole)} {
			nc := k.raw(t, ch) // stays open and says no more
			if _, err := nc.Write(whole[:n]); err != nil {
				t.Fatal(err)
			}
			cut := k.raw(t, ch)
			cut.Write(whole[:n])
			cut.Close()
		}
	}
	checkAlive(t, k)
}

func TestHandshakeHasADeadline(t *testing.T) {
	k := listen(t, zmq.Options{HandshakeTimeout: 50 * time.Millisecond})
	nc := k.raw(t, protocol.Shell)
	nc.Write(greeting()[:20])
	if _, err := io.Copy(io.Discard, nc); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("an unfinished handshake stays open")
	}
}

func TestBadMessagesAreDroppedAndLoggedOnce(t *testing.T) {
	k := listen(t, zmq.Options{})
	k.echo(t)
	c := k.dial(t, protocol.Shell, "")
	forger, err := protocol.NewSigner("", "guess")
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.session.New(nil, protocol.KernelInfoRequest{})
	if err != nil {
		t.Fatal(err)
	}
	noJSON := *m
	noJSON.Content = []byte("{")
	for range 3 {
		c.sendFrames(t, forger.Encode(m)...)
		c.sendFrames(t, []byte("hello"))
		c.sendFrames(t, nil)
		c.sendFrames(t, k.signer.Encode(m)[:4]...)
		c.sendFrames(t, k.signer.Encode(&noJSON)...)
	}
	sent := c.send(t, protocol.KernelInfoRequest{})
	if parent, _ := c.recv(t).Parent(); parent != sent.Header {
		t.Error("the first answer is to a bad message")
	}
	if got := strings.Count(k.log.String(), "dropped"); got != 2 {
		t.Errorf("%d lines are logged, want one for signatures and one for the rest:\n%s", got, k.log)
	}
}

func TestHeartbeatsComeBackAsTheyWere(t *testing.T) {
	k := listen(t, zmq.Options{})
	c := k.dial(t, protocol.Heartbeat, "")
	many := make([][]byte, 500)
	for i := range many {
		many[i] = bytes.Repeat([]byte{byte(i)}, i)
	}
	for _, frames := range [][][]byte{
		{[]byte("ping")}, {{}}, {{}, {}}, {{}, []byte("x"), {}}, many, {bytes.Repeat([]byte("y"), 300<<10), {}},
	} {
		c.sendFrames(t, frames...)
		got, err := c.RecvMsg()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(got.Frames, frames, bytes.Equal) {
			t.Errorf("%d frames come back as %d others", len(frames), len(got.Frames))
		}
	}
}

func TestPingIsAnswered(t *testing.T) {
	k := listen(t, zmq.Options{})
	for _, ch := range []protocol.Channel{protocol.Shell, protocol.IOPub} {
		nc := k.raw(t, ch)
		c := k.dialOver(t, nc, ch, "")
		if err := c.SendCmd("PING", []byte("\x00\x0acontext")); err != nil {
			t.Fatal(err)
		}
		cmd, err := c.RecvCmd()
		if err != nil || cmd.Name != "PONG" || string(cmd.Body) != "context" {
			t.Errorf("%s: %v %v", ch, cmd, err)
		}
	}
}

func TestSubscriptions(t *testing.T) {
	k := listen(t, zmq.Options{})
	all, streams, changed := k.subscribe(t, ""), k.subscribe(t, "kernel."+k.session.ID()+".stream"), k.subscribe(t, "")
	changed.subscribe(t, "kernel."+k.session.ID()+".status")
	changed.sendFrames(t, []byte("\x00"))
	changed.subscribe(t, "nothing") // its welcome says that what came before has been seen
	status, err := k.session.Broadcast(nil, protocol.KernelStatus{ExecutionState: protocol.Busy})
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Publish(status); err != nil {
		t.Fatal(err)
	}
	k.publish(t, "text")
	own := *status
	own.Identities = [][]byte{[]byte("nothing at all")}
	if err := k.Publish(&own); err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		c     *client
		types []protocol.MessageType
	}{
		{all, []protocol.MessageType{"status", "stream", "status"}},
		{streams, []protocol.MessageType{"stream"}},
		{changed, []protocol.MessageType{"status", "status"}},
	} {
		for _, typ := range want.types {
			if got := want.c.recv(t); got.Header.MsgType != typ {
				t.Errorf("subscriber %d gets %s, want %s", i, got.Header.MsgType, typ)
			}
		}
	}
}

func TestSubscribeCommands(t *testing.T) { // as ZMTP 3.1 clients do it
	k := listen(t, zmq.Options{})
	c := k.dial(t, protocol.IOPub, "")
	if err := c.SendCmd("SUBSCRIBE", nil); err != nil {
		t.Fatal(err)
	}
	if m := c.recv(t); m.Header.MsgType != protocol.TypeIOPubWelcome {
		t.Errorf("got %s", m.Header.MsgType)
	}
	k.publish(t, "a")
	if s := c.stream(t); s.Text != "a" {
		t.Error(s)
	}
}

func TestBurstArrivesWhole(t *testing.T) {
	k := listen(t, zmq.Options{QueueMessages: 100, StallTimeout: patience})
	subs := []*client{k.subscribe(t, ""), k.subscribe(t, "")}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 3000 {
			k.publish(t, strconv.Itoa(i))
		}
	}()
	for i := range 3000 {
		for _, c := range subs {
			if s := c.stream(t); s.Text != strconv.Itoa(i) {
				t.Fatalf("message %d says %q on %s", i, s.Text, s.Name)
			}
		}
	}
	<-done
}

func TestStalledSubscriber(t *testing.T) {
	k := listen(t, zmq.Options{QueueMessages: 50, QueueBytes: 1 << 20, StallTimeout: time.Millisecond})
	k.echo(t)
	stalled, healthy := k.subscribe(t, ""), k.subscribe(t, "kernel")
	const total = 800
	text := strings.Repeat("x", 20<<10) // 16 MB in all: more than the system buffers
	parent := k.dial(t, protocol.Shell, "").send(t, protocol.KernelInfoRequest{})
	for i := range total {
		m, err := k.session.Broadcast(parent, protocol.Stream{Name: protocol.Stdout, Text: strconv.Itoa(i) + " " + text})
		if err != nil {
			t.Fatal(err)
		}
		if err := k.Publish(m); err != nil {
			t.Fatal(err)
		}
		if s := healthy.stream(t); !strings.HasPrefix(s.Text, strconv.Itoa(i)+" ") {
			t.Fatalf("the healthy subscriber gets %.10q for %d", s.Text, i)
		}
		if i%100 == 99 {
			k.status(t, parent)
			if m := healthy.recv(t); m.Header.MsgType != protocol.TypeStatus {
				t.Fatalf("the healthy subscriber gets a %s for a status", m.Header.MsgType)
			}
		}
	}
	// It reads again: what was kept, in order, and in the gaps how many were lost.
	// No status is lost: front ends wait for them.
	lost, statuses := 0, 0
	for i := 0; i < total || statuses < total/100; {
		m := stalled.recv(t)
		if m.Header.MsgType == protocol.TypeStatus {
			statuses++
			continue
		}
		s, err := protocol.DecodeContent[protocol.Stream](m)
		if err != nil {
			t.Fatal(err)
		}
		if s.Name == protocol.Stdout {
			if !strings.HasPrefix(s.Text, strconv.Itoa(i)+" ") {
				t.Fatalf("message %d begins %.10q", i, s.Text)
			}
			i++
			continue
		}
		var n int
		if _, err := fmt.Sscanf(s.Text, "%d messages", &n); err != nil || s.Name != protocol.Stderr {
			t.Fatalf("after message %d comes %q", i, s.Text)
		}
		if got, _ := m.Parent(); got != parent.Header {
			t.Errorf("the notice belongs to %v", got)
		}
		lost, i = lost+n, i+n
	}
	if lost == 0 || lost >= total {
		t.Errorf("%d of %d messages were lost", lost, total)
	}
	k.publish(t, "new")
	if s := stalled.stream(t); s.Text != "new" {
		t.Errorf("after the notice comes %.10q", s.Text)
	}
	healthy.stream(t)
}

func TestDeadClientDoesNotHoldUpReplies(t *testing.T) {
	k := listen(t, zmq.Options{QueueMessages: 10, QueueBytes: 1 << 20, WriteTimeout: 100 * time.Millisecond})
	dead := k.dial(t, protocol.Shell, "dead")
	dead.send(t, protocol.KernelInfoRequest{})
	req, err := k.Recv(t.Context(), protocol.Shell)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := k.session.Reply(req, protocol.InterruptReply{})
	if err != nil {
		t.Fatal(err)
	}
	reply.Buffers = [][]byte{make([]byte, 512<<10)}
	for err = k.Send(reply); err == nil; err = k.Send(reply) {
		runtime.Gosched()
	}
	if !strings.Contains(err.Error(), "stopped reading") {
		t.Errorf("error %v", err)
	}
	for !strings.Contains(err.Error(), "not connected") { // the write deadline ends the connection
		err = k.Send(reply)
		if err == nil {
			err = errors.New("")
		}
		runtime.Gosched()
	}
	k.echo(t)
	checkAlive(t, k)
}

func TestCloseDeliversFirst(t *testing.T) {
	for range 5 {
		k := listen(t, zmq.Options{FlushTimeout: patience})
		sub, shell := k.subscribe(t, ""), k.dial(t, protocol.Shell, "")
		shell.send(t, protocol.ShutdownRequest{})
		req, err := k.Recv(t.Context(), protocol.Shell)
		if err != nil {
			t.Fatal(err)
		}
		shell.send(t, protocol.KernelInfoRequest{}) // never read by the kernel
		reply, err := k.session.Reply(req, protocol.ShutdownReply{Status: protocol.OK})
		if err != nil {
			t.Fatal(err)
		}
		reply.Buffers = [][]byte{bytes.Repeat([]byte("z"), 2<<20)}
		for i := range 100 {
			k.publish(t, strconv.Itoa(i)+strings.Repeat("y", 20<<10))
		}
		if err := k.Send(reply); err != nil {
			t.Fatal(err)
		}
		closed := make(chan error)
		go func() { closed <- k.Close() }()
		if m := shell.recv(t); len(m.Buffers) != 1 || len(m.Buffers[0]) != 2<<20 {
			t.Error("the reply came in part")
		}
		for i := range 100 {
			if s := sub.stream(t); !strings.HasPrefix(s.Text, strconv.Itoa(i)+"y") {
				t.Fatalf("message %d begins %.10q", i, s.Text)
			}
		}
		if _, err := sub.RecvMsg(); !errors.Is(err, io.EOF) {
			t.Errorf("then comes %v", err)
		}
		sub.Close()
		shell.Close()
		if err := <-closed; err != nil {
			t.Error(err)
		}
	}
}

func TestCloseDoesNotWaitForTheStalled(t *testing.T) {
	k := listen(t, zmq.Options{FlushTimeout: 10 * time.Millisecond})
	k.subscribe(t, "")
	for range 20 {
		k.publish(t, strings.Repeat("y", 1<<20))
	}
	k.raw(t, protocol.Shell)
	k.Close() // or the test never ends; goleak sees whether all goroutines have
}

func TestPortInUse(t *testing.T) {
	k := listen(t, zmq.Options{})
	info := k.info
	_, err := zmq.Listen(&info, k.session, zmq.Options{})
	if err == nil || !strings.Contains(err.Error(), strconv.Itoa(info.ShellPort)) || !strings.Contains(err.Error(), "another program") {
		t.Errorf("error %v", err)
	}
	info.IOPubPort = 0
	info.ShellPort = 0
	if _, err := zmq.Listen(&info, k.session, zmq.Options{}); err == nil {
		t.Error("three ports are in use")
	}
	info.SignatureScheme = "hmac-md5"
	if _, err := zmq.Listen(&info, k.session, zmq.Options{}); err == nil || !strings.Contains(err.Error(), "hmac-md5") {
		t.Errorf("error %v", err)
	}
}

func TestStaleSocketFilesAreReplaced(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("libzmq has no ipc here, and Jupyter offers none")
	}
	dir, err := os.MkdirTemp("", "ipc")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	info := protocol.ConnectionInfo{Transport: protocol.IPC, IP: filepath.Join(dir, "k"), ShellPort: 1, IOPubPort: 2, StdinPort: 3, ControlPort: 4, HBPort: 5}
	l, err := net.Listen("unix", info.IP+"-1")
	if err != nil {
		t.Fatal(err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	l.Close()
	k := listenOn(t, info, zmq.Options{})
	if st, err := os.Stat(info.IP + "-1"); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", st, err)
	}
	if _, err := zmq.Listen(&info, k.session, zmq.Options{}); err == nil {
		t.Error("a socket in use was taken over")
	}
	info.IP += strings.Repeat("x", 100)
	if _, err := zmq.Listen(&info, k.session, zmq.Options{}); err == nil || !strings.Contains(err.Error(), "shorter path") {
		t.Errorf("error %v", err)
	}
}

func ExampleListen() {
	info := &protocol.ConnectionInfo{Transport: protocol.TCP, IP: "127.0.0.1", Key: "secret"}
	session := protocol.NewSession("kernel")
	conn, err := zmq.Listen(info, session, zmq.Options{Log: slog.Default()})
	if err != nil {
		fmt.Println(err)
		return
	}
	status, err := session.Broadcast(nil, protocol.KernelStatus{ExecutionState: protocol.Starting})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(conn.Publish(status), conn.Close())
	// Output: <nil> <nil>
}
