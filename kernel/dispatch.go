package kernel

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/dagbook/dagbook/protocol"
)

// request is one message that is being served.
type request struct {
	msg     *protocol.Message
	arrival uint64  // its place among all that shell received; 0 on control
	out     *output // where user code prints; nil when none can run
}

// handler serves a request and returns its reply: an ErrorReply when it failed, nil when
// the type is owed none.
type handler func(k *Kernel, ctx context.Context, r *request) protocol.Content

// decoded makes a handler of a method that wants the content as a struct; bad fields are
// answered here.
func decoded[T protocol.Content](serve func(*Kernel, context.Context, *request, T) protocol.Content) handler {
	return func(k *Kernel, ctx context.Context, r *request) protocol.Content {
		c, err := protocol.DecodeContent[T](r.msg)
		if err != nil {
			return r.refuse("BadRequest", err)
		}
		return serve(k, ctx, r, c)
	}
}

// refuse makes the error reply that a request is owed.
func (r *request) refuse(ename string, err error) protocol.Content {
	return protocol.NewErrorReply(r.msg.Header.MsgType, ename, err)
}

// shellHandler is what serves a type on shell, and whether user code may run in it.
func shellHandler(t protocol.MessageType) (h handler, runsCode bool) {
	switch t {
	case protocol.TypeExecuteRequest:
		return decoded((*Kernel).execute), true
	case protocol.TypeCommOpen:
		return decoded((*Kernel).commOpen), true
	case protocol.TypeCommMsg:
		return decoded((*Kernel).commMsg), true
	case protocol.TypeCommClose:
		return decoded((*Kernel).commClose), true
	case protocol.TypeCompleteRequest:
		return decoded((*Kernel).complete), false
	case protocol.TypeInspectRequest:
		return decoded((*Kernel).inspect), false
	case protocol.TypeIsCompleteRequest:
		return decoded((*Kernel).isComplete), false
	case protocol.TypeHistoryRequest:
		return decoded((*Kernel).historyRequest), false
	}
	return controlHandler(t), false
}

// controlHandler is what serves a type on control, and on shell too, where older clients
// send some of these. None of them waits for anything.
func controlHandler(t protocol.MessageType) handler {
	switch t {
	case protocol.TypeKernelInfoRequest:
		return decoded((*Kernel).kernelInfo)
	case protocol.TypeConnectRequest:
		return decoded((*Kernel).connect)
	case protocol.TypeCommInfoRequest:
		return decoded((*Kernel).commInfo)
	case protocol.TypeInterruptRequest:
		return decoded((*Kernel).interruptRequest)
	case protocol.TypeShutdownRequest:
		return decoded((*Kernel).shutdown)
	case protocol.TypeDebugRequest:
		return (*Kernel).refuseDebug
	case protocol.TypeCreateSubshellRequest, protocol.TypeDeleteSubshellRequest, protocol.TypeListSubshellRequest:
		return (*Kernel).refuseSubshell
	}
	return (*Kernel).refuseUnknown
}

// serveShell serves what waits in the queue, one request at a time, until ctx is done.
func (k *Kernel) serveShell(ctx context.Context, queue <-chan *request) {
	for {
		select {
		case <-ctx.Done():
			return
		case r := <-queue:
			if ctx.Err() == nil {
				k.serveQueued(ctx, r)
			}
		}
	}
}

// serveQueued serves a request of the shell in a context that an interrupt cancels.
func (k *Kernel) serveQueued(ctx context.Context, r *request) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(errOver)
	k.interruptible(cancel)
	defer k.interruptible(nil)

	serve, runsCode := shellHandler(r.msg.Header.MsgType)
	switch {
	case r.msg.Header.SubshellID != "":
		serve = (*Kernel).refuseSubshell
	case r.msg.Header.MsgType == protocol.TypeExecuteRequest && r.arrival <= k.staleUntil:
		serve = (*Kernel).abort
	case runsCode:
		k.opts.Capture.drain() // what was written before belongs to the cell before
		r.out = &output{kernel: k, parent: r.msg}
		k.current.Store(r.out)
	}
	k.serve(ctx, r, guarded(serve))
}

// serveControl serves a request of the control channel, while a cell may be running.
func (k *Kernel) serveControl(ctx context.Context, m *protocol.Message) {
	if m.Header.MsgType == protocol.TypeInterruptRequest {
		k.Interrupt() // first: to say busy may take a while beside a cell that floods iopub
	}
	k.serve(ctx, &request{msg: m}, controlHandler(m.Header.MsgType))
}

// serve frames a request: busy, what it prints, one reply, idle.
func (k *Kernel) serve(ctx context.Context, r *request, h handler) {
	k.status(r.msg, protocol.Busy)
	reply := h(k, ctx, r)
	if r.out != nil {
		r.out.finish()
	}
	k.reply(r, reply)
	k.status(r.msg, protocol.Idle)
}

// reply sends the one answer that a request is owed, on the channel that it came from.
func (k *Kernel) reply(r *request, c protocol.Content) {
	failed, isError := c.(protocol.ErrorReply)
	if isError {
		c = k.counted(r, failed)
	}
	if _, owed := protocol.ReplyType(r.msg.Header.MsgType); !owed {
		if isError {
			k.log.Warn("a message could not be used", "channel", r.msg.Channel, "type", r.msg.Header.MsgType, "error", failed.EValue)
		}
		return
	}
	m, err := k.session.Reply(r.msg, c)
	if err != nil {
		m, err = k.session.Reply(r.msg, k.counted(r, protocol.NewErrorReply(r.msg.Header.MsgType, "InternalError", err)))
	}
	if err != nil {
		k.log.Error("a reply could not be written", "type", r.msg.Header.MsgType, "error", err)
		return
	}
	k.send(m)
}

// counted adds the execution count to what answers an execute_request: clients rely on it
// in every execute_reply. The count is the shell loop's, so control's refusals have none.
func (k *Kernel) counted(r *request, failed protocol.ErrorReply) protocol.Content {
	if r.arrival != 0 && r.msg.Header.MsgType == protocol.TypeExecuteRequest && failed.ExecutionCount == nil {
		n := k.count
		failed.ExecutionCount = &n
	}
	return failed
}

// guarded is the border at which a panic becomes an error reply, for everything that may
// call user code or the interpreter: a session full of variables is worth more than a
// clean crash. The evaluator turns the cell's own panics into errors before this.
func guarded(h handler) handler {
	return func(k *Kernel, ctx context.Context, r *request) (reply protocol.Content) {
		defer func() {
			if p := recover(); p != nil {
				k.log.Error("a request panicked", "type", r.msg.Header.MsgType, "panic", p, "stack", string(debug.Stack()))
				reply = k.panicked(r, p)
			}
		}()
		return h(k, ctx, r)
	}
}

// panicked shows a panic where a comm's callback or a cell would show its error.
func (k *Kernel) panicked(r *request, p any) protocol.Content {
	err := fmt.Errorf("serving the %s panicked: %v; the session goes on, Jupyter's log has the stack", r.msg.Header.MsgType, p)
	if r.out != nil {
		r.out.fail(&Failure{Name: "Panic", Value: err.Error(), Traceback: []string{err.Error()}})
	}
	return r.refuse("Panic", err)
}

func (k *Kernel) refuseUnknown(_ context.Context, r *request) protocol.Content {
	t := r.msg.Header.MsgType
	if _, onShell := shellHandler(t); r.arrival == 0 && (onShell || waitsForShell(t)) {
		return r.refuse("WrongChannel", fmt.Errorf("a %s is served on the shell channel, not on control", t))
	}
	k.log.Warn("a message of an unknown type arrived", "channel", r.msg.Channel, "type", t)
	return r.refuse("UnknownMessage", fmt.Errorf("this kernel does not know messages of type %q", t))
}

// waitsForShell reports whether a type is served on shell only though no user code runs in it.
func waitsForShell(t protocol.MessageType) bool {
	switch t {
	case protocol.TypeCompleteRequest, protocol.TypeInspectRequest, protocol.TypeIsCompleteRequest, protocol.TypeHistoryRequest:
		return true
	}
	return false
}

func (k *Kernel) refuseDebug(_ context.Context, r *request) protocol.Content {
	return r.refuse("NotSupported", errors.New("this kernel has no debugger; its kernel_info says so"))
}

func (k *Kernel) refuseSubshell(_ context.Context, r *request) protocol.Content {
	return r.refuse("NotSupported", errors.New("this kernel has no subshells; cells run one after the other in its main shell"))
}
