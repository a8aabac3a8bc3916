package kernel

import (
	"context"
	"errors"
	"sync"

	"github.com/dagbook/dagbook/protocol"
)

var (
	errNoStdin = errors.New("this cell cannot ask for input: it runs in a front end that has nobody to ask (allow_stdin is false); give the value in the code instead")
	errOver    = errors.New("the cell that asks for input is over: nobody waits at its prompt any more")
)

// stdin is the conversation of the cells with the person at the notebook: one prompt at a
// time, and only an answer to that one counts.
type stdin struct {
	turn chan struct{} // holds one value while a prompt is open

	mu     sync.Mutex
	prompt string      // the id of the input_request that waits; empty: none
	answer chan string // for its answer, of capacity 1
}

// deliver hands an answer to the prompt that waits. An answer that comes when there is none
// (its cell was interrupted) or that names another prompt is dropped.
func (s *stdin) deliver(m *protocol.Message) {
	reply, err := protocol.DecodeContent[protocol.InputReply](m)
	if err != nil {
		return
	}
	parent, err := m.Parent()
	s.mu.Lock()
	defer s.mu.Unlock()
	// Some clients, jupyter_client among them, do not name a parent.
	if s.prompt == "" || err != nil || (parent.MsgID != "" && parent.MsgID != s.prompt) {
		return
	}
	s.answer <- reply.Value
	s.prompt = ""
}

// expect makes an input_request the one whose answer counts; the empty id ends that.
func (s *stdin) expect(id string) <-chan string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.prompt, s.answer = id, make(chan string, 1)
	return s.answer
}

// input makes the Input of a request. cell is the request's context.
func (k *Kernel) input(cell context.Context, r *request, allowed bool) Input {
	return func(ctx context.Context, prompt string, password bool) (string, error) {
		if !allowed {
			return "", errNoStdin
		}
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		defer context.AfterFunc(cell, func() { cancel(context.Cause(cell)) })()
		select {
		case <-ctx.Done():
			return "", context.Cause(ctx)
		case k.stdin.turn <- struct{}{}:
			defer func() { <-k.stdin.turn }()
			return k.ask(ctx, r, prompt, password)
		}
	}
}

// ask sends an input_request to the client whose cell this is and waits for its answer.
func (k *Kernel) ask(ctx context.Context, r *request, prompt string, password bool) (string, error) {
	m, err := k.session.Reply(r.msg, protocol.InputRequest{Prompt: prompt, Password: password})
	if err != nil {
		return "", err
	}
	m.Channel = protocol.Stdin
	r.out.flushAll()
	answer := k.stdin.expect(m.Header.MsgID)
	defer k.stdin.expect("")
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	if err := k.conn.Send(m); err != nil {
		return "", err
	}
	select {
	case line := <-answer:
		return line, nil
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// flushAll publishes everything that was printed, so that it stands above a prompt.
func (o *output) flushAll() {
	o.kernel.opts.Capture.drain()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush(true)
}
