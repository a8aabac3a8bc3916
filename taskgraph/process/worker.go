package process

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"reflect"
	"sync"
	"sync/atomic"

	"github.com/dagbook/dagbook/taskgraph/codec"
	"github.com/dagbook/dagbook/taskgraph/sched"
)

// variable is set in the environment of workers.
const variable = "DAGBOOK_TASK_WORKER"

// worker is a worker process as its run sees it. It belongs to one of the
// run's goroutines at a time.
type worker struct {
	run     *run
	cmd     *exec.Cmd
	to      *bufio.Writer
	in      io.Closer // to's pipe
	from    *bufio.Reader
	codec   *codec.Codec
	sources map[*Source]bool // loaded there
	state   uint64           // of the sources
	wanted  []*Source        // by what is being written
	stderr  tail
	dead    atomic.Bool // no call can be made any more
	stopped sync.Once
}

// start starts a process.
func start(r *run) (*worker, error) {
	cmd, err := r.pool.command()
	if err != nil {
		return nil, err
	}
	w := &worker{run: r, cmd: cmd, sources: map[*Source]bool{}}
	w.codec = codec.New(types{r.types, w})
	w.stderr.w = or(r.pool.Stderr, os.Stderr)
	cmd.Stderr = &w.stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	w.in, w.to, w.from = in, bufio.NewWriter(in), bufio.NewReader(out)
	return w, cmd.Start()
}

func (p Pool) command() (*exec.Cmd, error) {
	var cmd *exec.Cmd
	if p.Command != nil {
		cmd = p.Command()
	} else {
		path, err := os.Executable()
		if err != nil {
			return nil, err
		}
		cmd = exec.Command(path)
	}
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmd.Env = append(cmd.Env, variable+"=1")
	return cmd, nil
}

// A DiedError says that a worker process ended in the middle of a task: it
// crashed, was killed, or called os.Exit.
type DiedError struct {
	State  string // as the system tells it: "exit status 2", "signal: killed"
	Stderr string // the end of what it wrote there
}

// Error is a sentence with what the process wrote last.
func (e *DiedError) Error() string {
	msg := "its worker process ended (" + e.State + ")"
	if e.Stderr != "" {
		msg += ", after writing:\n" + e.Stderr
	}
	return msg
}

// call makes one call. When ctx ends before it, the process is killed: there
// is no other way to stop a function.
func (w *worker) call(ctx context.Context, c Call) (any, error) {
	stop := context.AfterFunc(ctx, func() {
		w.dead.Store(true)
		w.cmd.Process.Kill()
	})
	defer stop()
	v, err := w.exchange(c)
	var lost *lostError
	if errors.As(err, &lost) {
		w.dead.Store(true)
		w.stop()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, &DiedError{State: w.cmd.ProcessState.String(), Stderr: w.stderr.String()}
	}
	return v, err
}

// lostError is one of the pipes.
type lostError struct{ error }

func (w *worker) exchange(c Call) (any, error) {
	name := c.Func
	w.wanted = w.wanted[:0]
	if c.Source != nil {
		name = c.Source.Func
		w.wanted = append(w.wanted, c.Source)
	}
	data, arg, err := w.encode(append([]any{name}, c.Args...))
	if err != nil {
		if arg > 0 {
			err = fmt.Errorf("argument %d: %w", arg, err)
		}
		return nil, err
	}
	if err := w.load(); err != nil {
		return nil, err
	}
	if err := w.send(msgCall, data); err != nil {
		return nil, err
	}
	return w.receive()
}

// load makes what is wanted known to the process.
func (w *worker) load() error {
	for _, s := range w.wanted {
		if w.sources[s] {
			continue
		}
		m := w.run.make(s)
		if m.err != nil {
			return m.err
		}
		if m.state != w.state {
			clear(w.sources)
			w.state = m.state
		}
		data, _, err := w.encode(m.data)
		if err == nil {
			err = w.send(msgLoad, data)
		}
		if err == nil {
			_, err = w.receive()
		}
		if err != nil {
			return err
		}
		w.sources[s] = true
	}
	for _, s := range w.wanted {
		if !w.sources[s] {
			return fmt.Errorf("the program was changed while the task began: compute it again")
		}
	}
	return nil
}

// types are those of a run as one of its workers writes them.
type types struct {
	codec.Types
	w *worker
}

// Name notes the sources that a value needs.
func (t types) Name(typ reflect.Type) (string, error) {
	if known, ok := t.Types.(Sourced); ok {
		t.w.wanted = append(t.w.wanted, known.Sources(typ)...)
	}
	return t.Types.Name(typ)
}

// encode writes values; on an error, which is the place of the one at fault.
func (w *worker) encode(values []any) (data []byte, at int, err error) {
	for i, v := range values {
		if data, err = w.codec.Append(data, v); err != nil {
			return nil, i, err
		}
	}
	return data, 0, nil
}

func (w *worker) send(kind byte, data []byte) error {
	err := writeMessage(w.to, kind, data)
	if err == nil {
		err = w.to.Flush()
	}
	if err != nil {
		return &lostError{err}
	}
	return nil
}

// receive waits for the outcome of a call and passes on what it prints.
func (w *worker) receive() (any, error) {
	for {
		kind, data, err := readMessage(w.from)
		if err != nil {
			return nil, &lostError{err}
		}
		switch kind {
		case msgOutput:
			w.run.out.Write(data) // whoever does not want it does not stop the task
		case msgValue:
			return w.codec.Decode(data)
		case msgError, msgPanic:
			return nil, w.remoteError(kind, data)
		default:
			return nil, &lostError{fmt.Errorf("message %q", kind)}
		}
	}
}

// isDead tells whether the process is, or is about to be, no more.
func (w *worker) isDead() bool { return w.dead.Load() }

// stop ends the process and waits for it. An idle worker ends by itself when
// its input does; one that is at a task is killed.
func (w *worker) stop() {
	w.stopped.Do(func() {
		w.in.Close()
		w.cmd.Process.Kill()
		w.cmd.Wait()
	})
}

// A RemoteError is what a function returned in a worker process.
type RemoteError struct {
	Msg  string // of the error, or of what it panicked with
	Type string // of the error: "*fs.PathError"
	// Where a panic was, as the worker's Functions tell it, or the stack of
	// the worker's goroutine; empty for an error.
	Where string
}

func (e *RemoteError) Error() string { return e.Msg }

// remoteError is the error of a message.
func (w *worker) remoteError(kind byte, data []byte) error {
	v, err := w.codec.Decode(data)
	texts, ok := v.([]string)
	if err != nil || !ok || len(texts) < 2 {
		return &lostError{errDamaged}
	}
	remote := &RemoteError{Msg: texts[0], Type: texts[1]}
	if kind == msgError || len(texts) < 3 {
		return remote
	}
	remote.Where = texts[2]
	value := any(remote)
	if len(texts) > 3 {
		value = &runtimeError{remote}
	}
	return &sched.TaskError{Err: &sched.PanicError{Value: value}, Stack: []byte(texts[2]), Part: true}
}

// runtimeError is a runtime.Error of a worker.
type runtimeError struct{ *RemoteError }

func (*runtimeError) RuntimeError() {}

// Unwrap gives what can be told of it.
func (e *runtimeError) Unwrap() error { return e.RemoteError }

// tail passes on what is written and remembers the end of it.
type tail struct {
	mu   sync.Mutex
	w    io.Writer
	last []byte
}

func (t *tail) Write(p []byte) (int, error) {
	const most = 4 << 10
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = append(t.last, p...)
	if len(t.last) > most {
		t.last = append([]byte(nil), t.last[len(t.last)-most:]...)
	}
	t.w.Write(p)
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.TrimSpace(t.last))
}
