package zmq

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

const (
	greetingSize = 64 // bytes before the first frame
	maxCommand   = 64 << 10
	maxFrames    = 64 << 10
	frameCost    = 64      // what an empty frame costs us in memory, about
	claimed      = 1 << 20 // bytes of a frame for which memory is taken on its word
	smallWrite   = 1 << 10
	chunk        = 256 << 10 // written at once; between chunks progress is seen

	flagMore    = 1
	flagLong    = 2
	flagCommand = 4
)

// errRefused marks what ends a connection for what its peer sent.
var errRefused = errors.New("refused")

// wire is the net.Conn handed to zmq4. zmq4 takes memory for whatever length a frame header
// claims, reads a few bytes at a time and writes each frame in two pieces. So wire follows
// the framing as it reads, refuses frames and messages above a limit before zmq4 sees them,
// and buffers both ways. It also takes the commands that may come between messages (PING,
// SUBSCRIBE, CANCEL) out of the stream, because zmq4 would answer a PING from the reading
// goroutine, in the middle of what the writing one writes.
//
// One goroutine reads (Read), one writes (Write, flush); finish and Close may be called
// from any.
type wire struct {
	net.Conn
	limit     int64 // bytes of a message
	onCommand func(name string, body []byte)

	// Of the reader.
	in       *bufio.Reader
	ready    bool   // the handshake is done
	greeting int    // bytes of the greeting still to come
	header   []byte // of the current frame, still to be handed out
	headBuf  [9]byte
	body     uint64       // bytes of the current frame still to be handed out
	held     bytes.Buffer // the body of a large frame, read before its header is handed out
	size     int64        // of the message so far, 0 between messages
	frames   int

	// Of the writer.
	out   net.Buffers // what Write has collected
	small []byte      // backs the small pieces in out
	cut   int         // where the part of small begins that is not in out yet

	mu       sync.Mutex
	deadline time.Time // of everything still to be written, once finish was called
	onFinish func()    // lets the writer end once all is written; nil: nothing to write
}

func newWire(c net.Conn, limit int64) *wire {
	return &wire{Conn: c, limit: limit, in: bufio.NewReaderSize(c, 16<<10), greeting: greetingSize}
}

// established ends the handshake: no deadline any more, and writes are collected.
func (w *wire) established() {
	w.ready = true
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.deadline.IsZero() {
		w.SetDeadline(time.Time{})
	}
}

// Read hands out bytes of frames whose header has been checked.
func (w *wire) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if w.greeting > 0 {
		return w.readGreeting(p)
	}
	for len(w.header) == 0 && w.body == 0 {
		if err := w.nextFrame(); err != nil {
			return 0, err
		}
	}
	if len(w.header) > 0 {
		n := copy(p, w.header)
		w.header = w.header[n:]
		return n, nil
	}
	return w.readBody(p[:min(uint64(len(p)), w.body)])
}

func (w *wire) readBody(p []byte) (n int, err error) {
	if w.held.Len() > 0 {
		n, err = w.held.Read(p)
	} else {
		n, err = w.in.Read(p)
	}
	if w.body -= uint64(n); w.body == 0 {
		w.held = bytes.Buffer{}
	}
	return n, err
}

// readGreeting looks at the first byte itself, so that who speaks HTTP is shown out at once
// and not at the deadline.
func (w *wire) readGreeting(p []byte) (int, error) {
	if w.greeting == greetingSize {
		first, err := w.in.Peek(1)
		if err != nil {
			return 0, err
		}
		if first[0] != 0xFF {
			return 0, fmt.Errorf("%w: the first byte is %#x, not that of a ZeroMQ greeting", errRefused, first[0])
		}
	}
	n, err := w.in.Read(p[:min(len(p), w.greeting)])
	w.greeting -= n
	return n, err
}

// nextFrame reads the header of a frame that zmq4 should see.
func (w *wire) nextFrame() error {
	flags, err := w.in.ReadByte()
	if err != nil {
		return err
	}
	n := 1
	if flags&flagLong != 0 {
		n = 8
	}
	w.headBuf = [9]byte{flags}
	if _, err := io.ReadFull(w.in, w.headBuf[1:1+n]); err != nil {
		return err
	}
	length := uint64(w.headBuf[1])
	if n == 8 {
		length = binary.BigEndian.Uint64(w.headBuf[1:])
	}
	if flags&flagCommand != 0 && w.ready {
		return w.takeCommand(flags, length)
	}
	if err := w.admit(flags, length); err != nil {
		return err
	}
	if length > claimed {
		// A hundred strangers who each claim the limit must not exhaust our memory, so a
		// large frame has to be here before zmq4 makes room for it.
		if _, err := io.CopyN(&w.held, w.in, int64(length)); err != nil {
			return err
		}
	}
	w.header, w.body = w.headBuf[:1+n], length
	return nil
}

// admit checks a frame against the limits.
func (w *wire) admit(flags byte, length uint64) error {
	switch {
	case flags&^(flagMore|flagLong|flagCommand) != 0:
		return fmt.Errorf("%w: a frame has the unknown flags %#x", errRefused, flags)
	case !w.ready && (flags&flagCommand == 0 || flags&flagMore != 0 || length > maxCommand):
		return fmt.Errorf("%w: the handshake begins with a frame of %d bytes and flags %#x, and not with a READY command", errRefused, length, flags)
	case length > uint64(w.limit) || w.size+int64(length)+frameCost > w.limit:
		return fmt.Errorf("%w: a frame claims %d bytes, and a message may have %d", errRefused, length, w.limit)
	case w.frames >= maxFrames:
		return fmt.Errorf("%w: a message has more than %d frames", errRefused, maxFrames)
	}
	w.size += int64(length) + frameCost
	w.frames++
	if flags&flagMore == 0 {
		w.size, w.frames = 0, 0
	}
	return nil
}

// takeCommand reads a command that stands between messages and hands it to onCommand.
func (w *wire) takeCommand(flags byte, length uint64) error {
	if w.frames > 0 || flags&flagMore != 0 || length > maxCommand {
		return fmt.Errorf("%w: a command stands inside a message, or is too long", errRefused)
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(w.in, body); err != nil {
		return err
	}
	if len(body) == 0 || int(body[0]) >= len(body) {
		return fmt.Errorf("%w: a command has no name", errRefused)
	}
	if w.onCommand != nil {
		w.onCommand(string(body[1:1+body[0]]), body[1+body[0]:])
	}
	return nil
}

// Write collects what zmq4 writes until flush; during the handshake it writes at once. Large
// pieces are not copied, so they must not change before flush.
func (w *wire) Write(p []byte) (int, error) {
	if !w.ready {
		return w.Conn.Write(p)
	}
	if len(p) <= smallWrite {
		w.small = append(w.small, p...)
		return len(p), nil
	}
	w.cutSmall()
	for rest := p; len(rest) > 0; {
		n := min(len(rest), chunk)
		w.out = append(w.out, rest[:n])
		rest = rest[n:]
	}
	return len(p), nil
}

// cutSmall puts the small pieces since the last large one in line.
func (w *wire) cutSmall() {
	if w.cut < len(w.small) {
		w.out = append(w.out, w.small[w.cut:])
		w.cut = len(w.small)
	}
}

// flush writes what was collected. Each chunk may take timeout (0: any time) until finish
// sets the last deadline; after each one progress is called.
func (w *wire) flush(timeout time.Duration, progress func()) error {
	w.cutSmall()
	out := w.out
	defer func() {
		clear(w.out)
		w.out, w.small, w.cut = w.out[:0], w.small[:0], 0
	}()
	for len(out) > 0 {
		n, size := 0, 0
		for n < len(out) && (n == 0 || size+len(out[n]) <= chunk) {
			size += len(out[n])
			n++
		}
		part := out[:n:n]
		out = out[n:]
		w.extendDeadline(timeout)
		if _, err := part.WriteTo(w.Conn); err != nil {
			return err
		}
		if progress != nil {
			progress()
		}
	}
	return nil
}

func (w *wire) extendDeadline(timeout time.Duration) {
	if timeout == 0 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.deadline.IsZero() {
		w.Conn.SetWriteDeadline(time.Now().Add(timeout))
	}
}

// whenFinishing says how the writer is told to end. If finish came first it is told now.
func (w *wire) whenFinishing(tell func()) {
	w.mu.Lock()
	w.onFinish = tell
	finishing := !w.deadline.IsZero()
	w.mu.Unlock()
	if finishing {
		tell()
	}
}

// finish ends the connection in order: what is queued is written until the deadline, by the
// writer, if there is one. Without a writer (a handshake, a heartbeat) it closes at once.
func (w *wire) finish(deadline time.Time) {
	w.mu.Lock()
	w.deadline = deadline
	w.Conn.SetWriteDeadline(deadline)
	tell := w.onFinish
	w.mu.Unlock()
	if tell == nil {
		w.Conn.Close()
		return
	}
	tell()
}

// hangUp says that nothing more will be written and gives the peer a moment to read it: a
// plain Close with unread input would make the system throw away what is on its way.
func (w *wire) hangUp() {
	if half, ok := w.Conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		w.Conn.SetReadDeadline(time.Now().Add(lingerTimeout))
		return
	}
	w.Conn.Close()
}
