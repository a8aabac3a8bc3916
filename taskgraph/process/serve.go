package process

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/dagbook/dagbook/taskgraph/codec"
)

// Functions are what a worker can call.
type Functions interface {
	// Load makes the functions of a Source known.
	Load(data []any) error
	// Call calls a function.
	Call(ctx context.Context, name string, args []any) (any, error)
	// Types are those that may travel by name.
	Types() codec.Types
}

// Wherever are Functions that know better than the stack of a goroutine where
// a panic was.
type Wherever interface {
	// Where is asked on the goroutine that panicked with p, while it does; it
	// is empty when nothing is known.
	Where(p any) string
}

// IsWorker tells whether this process was started as a worker: its main
// function must then end with Serve.
func IsWorker() bool { return os.Getenv(variable) != "" }

// sent waits until what a worker printed was sent; nil in other processes.
var sent atomic.Pointer[func()]

// Exit is os.Exit, and loses nothing that was printed where the process is a worker.
func Exit(code int) {
	if wait := sent.Load(); wait != nil {
		(*wait)()
	}
	os.Exit(code)
}

// Serve makes the calls that come over the standard input until it ends, and
// returns the exit status. What functions print to os.Stdout goes to the
// process that started this one. When that one dies this one ends, even in
// the middle of a call.
func Serve(f Functions) int {
	os.Unsetenv(variable) // the worker's own children are no workers
	out := &outgoing{w: bufio.NewWriter(os.Stdout)}
	printed, err := capture(out)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	sent.Store(&printed)
	s := &server{f: f, codec: codec.New(f.Types()), out: out, printed: printed}
	for m := range incoming(os.Stdin) {
		served := make(chan struct{})
		go func() { // which a function may end
			defer close(served)
			s.serve(m)
		}()
		<-served
	}
	return 0
}

// message is one that came in.
type message struct {
	kind byte
	data []byte
}

// incoming reads messages on a goroutine of its own, which ends the process
// when there will be no more: nobody would wait for its answers.
func incoming(r io.Reader) <-chan message {
	messages := make(chan message)
	go func() {
		in := bufio.NewReader(r)
		for {
			kind, data, err := readMessage(in)
			if err != nil {
				os.Exit(0)
			}
			messages <- message{kind, data}
		}
	}()
	return messages
}

// outgoing is the way back.
type outgoing struct {
	mu sync.Mutex
	w  *bufio.Writer
}

func (o *outgoing) send(kind byte, data []byte) {
	if kind == msgOutput && len(data) == 0 {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if writeMessage(o.w, kind, data) != nil || o.w.Flush() != nil {
		os.Exit(0) // nobody listens
	}
}

// capture makes os.Stdout a pipe whose text is sent home. The function that
// it returns waits until everything printed so far was sent.
func capture(out *outgoing) (func(), error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	os.Stdout = w
	mark := newMark()
	synced := make(chan struct{})
	go forward(r, out, mark, synced)
	var turn sync.Mutex
	return func() {
		turn.Lock()
		defer turn.Unlock()
		w.Write(mark)
		<-synced
	}, nil
}

// newMark makes what no function prints. It begins with a byte that is not part of any text:
// a line's end must not have to wait because it could be a mark's beginning.
func newMark() []byte {
	mark := make([]byte, 16)
	rand.Read(mark)
	mark[0] = 0xFF
	return mark
}

// forward sends on what is printed, up to each mark, which it answers. Behind a mark comes
// what goroutines print that a function left behind.
func forward(r io.Reader, out *outgoing, mark []byte, synced chan<- struct{}) {
	buf := make([]byte, 32<<10)
	held := 0 // bytes at the beginning of buf that may be the beginning of a mark
	for {
		n, err := r.Read(buf[held:])
		if err != nil {
			return
		}
		text := buf[:held+n]
		for {
			before, after, ok := bytes.Cut(text, mark)
			if !ok {
				break
			}
			out.send(msgOutput, before)
			synced <- struct{}{}
			text = after
		}
		held = begun(text, mark)
		out.send(msgOutput, text[:len(text)-held])
		copy(buf, text[len(text)-held:])
	}
}

// begun is how much of mark stands at the end of text.
func begun(text, mark []byte) int {
	for n := min(len(mark)-1, len(text)); n > 0; n-- {
		if bytes.HasSuffix(text, mark[:n]) {
			return n
		}
	}
	return 0
}

// server answers messages.
type server struct {
	f       Functions
	codec   *codec.Codec
	out     *outgoing
	printed func() // waits for what was printed to be sent
}

func (s *server) serve(m message) {
	answered := false
	defer func() {
		p := recover()
		if p == nil && answered {
			return
		}
		s.printed()
		if p == nil {
			s.failed(msgError, "it ended its own goroutine (runtime.Goexit), so it has no value", "")
			return
		}
		texts := []string{fmt.Sprint(p), fmt.Sprintf("%T", p), s.where(p)}
		if _, ok := p.(runtime.Error); ok {
			texts = append(texts, "runtime")
		}
		s.failed(msgPanic, texts...)
	}()
	v, err := s.answer(m)
	answered = true
	s.printed()
	var data []byte
	if err == nil {
		if data, err = s.codec.Append(nil, v); err != nil {
			err = fmt.Errorf("its value cannot be sent back: %w", err)
		}
	}
	if err != nil {
		s.failed(msgError, err.Error(), fmt.Sprintf("%T", err))
		return
	}
	s.out.send(msgValue, data)
}

func (s *server) where(p any) string {
	if f, ok := s.f.(Wherever); ok {
		if text := f.Where(p); text != "" {
			return text
		}
	}
	return string(debug.Stack())
}

// failed sends an error: its text, its type and, for a panic, the stack, and
// "runtime" for one of the run-time's.
func (s *server) failed(kind byte, texts ...string) {
	data, err := s.codec.Append(nil, texts)
	if err != nil {
		panic(err) // text can be sent always
	}
	s.out.send(kind, data)
}

func (s *server) answer(m message) (any, error) {
	var values []any
	for data := m.data; len(data) > 0; {
		v, rest, err := s.codec.DecodeFirst(data)
		if err != nil {
			return nil, err
		}
		values, data = append(values, v), rest
	}
	if m.kind == msgLoad {
		return nil, s.f.Load(values)
	}
	if m.kind != msgCall || len(values) == 0 {
		return nil, errDamaged
	}
	name, ok := values[0].(string)
	if !ok {
		return nil, errDamaged
	}
	return s.f.Call(context.Background(), name, values[1:])
}
