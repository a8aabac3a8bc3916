package zmq

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net"
	"runtime"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"github.com/dagbook/dagbook/protocol"
)

// script is a connection whose peer says what is in it and then hangs up.
type script struct {
	net.Conn // nil: nothing else is called
	in       *bytes.Reader
	out      bytes.Buffer
}

func (s *script) Read(p []byte) (int, error)       { return s.in.Read(p) }
func (s *script) Write(p []byte) (int, error)      { return s.out.Write(p) }
func (s *script) SetDeadline(time.Time) error      { return nil }
func (s *script) SetWriteDeadline(time.Time) error { return nil }

const testGreeting = "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x03\x00NULL\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" +
	"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"

const testReady = "\x04\x1c\x05READY\x0bSocket-Type\x00\x00\x00\x06DEALER"

// FuzzConnection plays what a stranger may send to a ROUTER socket: it must end in an
// error, and no message may be larger than the limit.
func FuzzConnection(f *testing.F) {
	for _, after := range []string{
		"", "\x00\x01x", "\x01\x01x\x00\x00", "\x03\x00\x00\x00\x00\x00\x00\x00\x02xy\x00\x00",
		"\x02\x40\x00\x00\x00\x00\x00\x00\x00", "\x04\x07\x04PING\x00\x01", "\x01\x00\x04\x00", "\x80\x00",
	} {
		f.Add([]byte(testGreeting + testReady + after))
		f.Add([]byte(testGreeting + after))
		f.Add([]byte(after))
	}
	const limit = 1 << 16
	f.Fuzz(func(t *testing.T, in []byte) {
		w := newWire(&script{in: bytes.NewReader(in)}, limit)
		zc, err := zmq4.Open(w, handshake{}, zmq4.Router, nil, true, nil)
		if err != nil {
			return
		}
		w.established()
		signer, err := protocol.NewSigner("", "")
		if err != nil {
			t.Fatal(err)
		}
		for {
			msg, err := zc.RecvMsg()
			if err != nil {
				return
			}
			size := 0
			for _, frame := range msg.Frames {
				size += len(frame)
			}
			if size > limit || len(msg.Frames) > maxFrames || msg.Type != zmq4.UsrMsg {
				t.Fatalf("%d frames of %d bytes came through", len(msg.Frames), size)
			}
			signer.Decode(protocol.Shell, msg.Frames) // whatever it says, it must not panic
		}
	})
}

func TestSeedsReachTheMessages(t *testing.T) {
	w := newWire(&script{in: bytes.NewReader([]byte(testGreeting + testReady + "\x01\x01x\x04\x07\x04PING\x00\x01"))}, 1<<16)
	zc, err := zmq4.Open(w, handshake{}, zmq4.Router, nil, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.established()
	if _, err := zc.RecvMsg(); !errors.Is(err, errRefused) {
		t.Errorf("a command inside a message gives %v", err)
	}
}

// A stranger's claim costs us what it has sent, not what it says it will.
func TestMemoryIsNotTakenOnAWord(t *testing.T) {
	header := "\x02\x00\x00\x00\x00\x10\x00\x00\x00" // 256 MiB
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 20 {
		w := newWire(&script{in: bytes.NewReader([]byte(testGreeting + testReady + header + "and no more"))}, 512<<20)
		zc, err := zmq4.Open(w, handshake{}, zmq4.Router, nil, true, nil)
		if err != nil {
			t.Fatal(err)
		}
		w.established()
		if _, err := zc.RecvMsg(); err == nil {
			t.Fatal("a frame that is cut short comes through")
		}
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 64<<20 {
		t.Errorf("claims of 256 MiB took %d MiB", took>>20)
	}
}

func TestLargeFramesComeThroughWhole(t *testing.T) {
	for _, size := range []int{claimed, claimed + 1, 5 << 20} {
		body := bytes.Repeat([]byte("0123456789abcde"), size/15+1)[:size]
		in := binary.BigEndian.AppendUint64([]byte(testGreeting+testReady+"\x01\x01a\x02"), uint64(size))
		in = append(append(in, body...), "\x00\x01z"...)
		w := newWire(&script{in: bytes.NewReader(in)}, 512<<20)
		zc, err := zmq4.Open(w, handshake{}, zmq4.Router, nil, true, nil)
		if err != nil {
			t.Fatal(err)
		}
		w.established()
		msg, err := zc.RecvMsg()
		if err != nil || len(msg.Frames) != 2 || !bytes.Equal(msg.Frames[1], body) {
			t.Errorf("%d bytes: %v", size, err)
		}
		if msg, err = zc.RecvMsg(); err != nil || string(msg.Frames[0]) != "z" {
			t.Errorf("after them comes %v, %v", msg, err)
		}
	}
}

// What flush writes is what was written, however the pieces are cut.
func TestWritesKeepTheirOrder(t *testing.T) {
	s := &script{in: bytes.NewReader(nil)}
	w := newWire(s, 1<<16)
	w.established()
	var want bytes.Buffer
	for round := range 3 {
		for _, n := range []int{1, 9, smallWrite, smallWrite + 1, 2, chunk, chunk*3 + 5, 0, 7, 2 * chunk, 3} {
			p := bytes.Repeat([]byte{byte(n + round)}, n)
			want.Write(p)
			if k, err := w.Write(p); k != n || err != nil {
				t.Fatal(k, err)
			}
		}
		steps := 0
		if err := w.flush(0, func() { steps++ }); err != nil || steps < 6 {
			t.Errorf("flush: %v, %d steps", err, steps)
		}
	}
	if !bytes.Equal(s.out.Bytes(), want.Bytes()) {
		t.Errorf("%d bytes arrive, not the %d that were written", s.out.Len(), want.Len())
	}
}

func TestQueue(t *testing.T) {
	o := Options{QueueMessages: 4, QueueBytes: 100, StallTimeout: time.Nanosecond}
	sized := func(n int) item { return messageItem([][]byte{make([]byte, n)}) }
	q := newQueue(o)
	if !q.push(sized(1000)) || q.push(sized(1)) {
		t.Error("a message over the bound goes in alone")
	}
	if got := q.take(nil); len(got) != 1 {
		t.Errorf("took %d", len(got))
	}
	for range 4 {
		q.push(sized(1))
	}
	time.Sleep(time.Microsecond) // the client stalls
	for range 3 {
		q.pushOrLose(sized(1), nil)
	}
	if q.push(sized(0)) {
		t.Error("what comes after a loss must not overtake it")
	}
	batch := q.take(nil)
	if len(batch) != 5 || batch[4].lost == nil || batch[4].lost.count != 3 {
		t.Errorf("took %+v, want four messages and the loss of three", batch)
	}
	if !q.push(sized(1)) {
		t.Error("an empty queue loses nothing")
	}
	q.close(false)
	if len(q.take(nil)) != 1 || len(q.take(nil)) != 0 {
		t.Error("a closed queue gives what is left, and then nothing")
	}
}
