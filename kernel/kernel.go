package kernel

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dagbook/dagbook/protocol"
)

// Options are what a kernel is told at its start. Everything may be left out.
type Options struct {
	Version    string                  // of this kernel, for kernel_info; default "0"
	Connection protocol.ConnectionInfo // the ports, for connect_request
	// HistoryDir is the user's directory for the history of all sessions; empty: the
	// history is that of this session and is forgotten with it.
	HistoryDir string
	// ParentPID is the process whose death ends the kernel; 0: none.
	ParentPID int
	// Interrupts delivers one value for each interrupt signal; nil: none.
	Interrupts <-chan os.Signal
	// Capture delivers raw writes as output of the running cell; nil: they go where the
	// process's output goes. Its owner closes it after Run has returned.
	Capture *Capture
	// Log is for whoever reads Jupyter's own log; default: nowhere.
	Log *slog.Logger
}

// Kernel serves the requests of front ends. Make it with New, then call Run once.
type Kernel struct {
	session *protocol.Session
	conn    Conn
	eval    Evaluator
	opts    Options
	log     *slog.Logger

	// The shell loop's own: nobody else reads or writes them.
	count      int // execution count: of the last cell that was kept in the history
	history    *history
	staleUntil uint64 // execute requests up to this arrival are aborted

	arrived atomic.Uint64          // requests that shell has received
	current atomic.Pointer[output] // of the running cell or callback, or the last one; nil before the first
	comms   *Comms
	flusher *flusher
	stdin   *stdin

	mu        sync.Mutex
	interrupt context.CancelCauseFunc // of the request that runs on shell; nil between two
	stop      context.CancelCauseFunc // ends Run
}

// shellQueue is how many requests wait behind the running cell; more wait in the connection.
const shellQueue = 4096

// stopTimeout is how long Run waits for user code that was told to stop.
const stopTimeout = 600 * time.Millisecond

var (
	errShutdown = errors.New("the kernel was asked to shut down")
	errOrphan   = errors.New("the Jupyter process that started this kernel is gone")
)

// New returns a kernel that sends under the session's name. It starts nothing.
func New(session *protocol.Session, conn Conn, eval Evaluator, opts Options) *Kernel {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Version == "" {
		opts.Version = "0"
	}
	k := &Kernel{session: session, conn: conn, eval: eval, opts: opts, log: opts.Log}
	k.history = newHistory(opts.HistoryDir, opts.Log)
	k.flusher = &flusher{wake: make(chan struct{}, 1)}
	k.stdin = &stdin{turn: make(chan struct{}, 1)}
	k.comms = &Comms{kernel: k, targets: map[string]CommTarget{}, open: map[string]*Comm{}}
	return k
}

// Run serves requests until a client asks for shutdown, the parent process dies or ctx is
// done, and then returns nil; what was sent by then is the connection's to deliver. It
// returns an error when the connection fails, or when user code did not stop: then a
// goroutine of it is left, and the process should exit.
func (k *Kernel) Run(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	k.mu.Lock()
	k.stop = stop
	k.mu.Unlock()
	endFlusher := k.startFlusher()
	defer endFlusher()
	k.opts.Capture.attach(k.captured)
	defer k.opts.Capture.attach(nil)

	k.status(nil, protocol.Starting)
	queue := make(chan *request, shellQueue)
	var loops sync.WaitGroup
	loops.Go(func() { k.receive(ctx, protocol.Shell, func(m *protocol.Message) { k.enqueue(ctx, queue, m) }) })
	loops.Go(func() { k.receive(ctx, protocol.Control, func(m *protocol.Message) { k.serveControl(ctx, m) }) })
	loops.Go(func() { k.receive(ctx, protocol.Stdin, k.stdin.deliver) })
	loops.Go(func() { k.watchSignals(ctx) })
	loops.Go(func() { k.watchParent(ctx) })
	shell := make(chan struct{})
	go func() { // awaited below, in bounds: user code runs in it
		defer close(shell)
		k.serveShell(ctx, queue)
	}()

	<-ctx.Done()
	loops.Wait()
	return errors.Join(k.failure(ctx), k.awaitShell(shell))
}

// failure is the error that ended Run, nil for the ends that are wanted.
func (k *Kernel) failure(ctx context.Context) error {
	cause := context.Cause(ctx)
	k.log.Info("the kernel ends", "because", cause)
	if errors.Is(cause, errShutdown) || errors.Is(cause, errOrphan) || errors.Is(cause, context.Canceled) || errors.Is(cause, context.DeadlineExceeded) {
		return nil
	}
	return cause
}

func (k *Kernel) awaitShell(shell <-chan struct{}) error {
	patience := time.NewTimer(stopTimeout)
	defer patience.Stop()
	select {
	case <-shell:
		return nil
	case <-patience.C:
		return errors.New("a cell was running when the kernel ended, and did not stop when it was told to")
	}
}

// receive hands on what arrives on a channel, until ctx is done or the connection fails,
// which ends Run.
func (k *Kernel) receive(ctx context.Context, ch protocol.Channel, handle func(*protocol.Message)) {
	for {
		m, err := k.conn.Recv(ctx, ch)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			k.end(fmt.Errorf("no more requests can be received on %s: %w", ch, err))
			return
		}
		handle(m)
	}
}

// end makes Run return.
func (k *Kernel) end(cause error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.stop(cause)
}

// enqueue puts a request behind those that wait for the shell loop.
func (k *Kernel) enqueue(ctx context.Context, queue chan<- *request, m *protocol.Message) {
	r := &request{msg: m, arrival: k.arrived.Add(1)}
	select {
	case queue <- r:
	case <-ctx.Done():
	}
}

// captured takes what was written to a file descriptor. False: no cell has run yet, so
// that it is nobody's output.
func (k *Kernel) captured(name protocol.StreamName, text string) bool {
	out := k.current.Load()
	if out == nil {
		return false
	}
	out.write(name, text)
	return true
}

// send answers a request. A client that is gone is no error of ours.
func (k *Kernel) send(m *protocol.Message) {
	if err := k.conn.Send(m); err != nil {
		k.log.Warn("a message could not be delivered", "type", m.Header.MsgType, "error", err)
	}
}

// publish broadcasts content; metadata and buffers may be nil. It fails when the content
// cannot be written as JSON.
func (k *Kernel) publish(parent *protocol.Message, c protocol.Content, metadata []byte, buffers [][]byte) error {
	m, err := k.session.Broadcast(parent, c)
	if err != nil {
		return err
	}
	if len(metadata) > 0 {
		m.Metadata = metadata
	}
	m.Buffers = buffers
	if err := k.conn.Publish(m); err != nil {
		k.log.Debug("nothing is published any more", "type", m.Header.MsgType, "error", err)
	}
	return nil
}

// status tells the front ends what the kernel does because of a request.
func (k *Kernel) status(parent *protocol.Message, state protocol.ExecutionState) {
	if err := k.publish(parent, protocol.KernelStatus{ExecutionState: state}, nil, nil); err != nil {
		k.log.Error("a status could not be written", "error", err)
	}
}
