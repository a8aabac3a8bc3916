package kernel

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/google/uuid"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/protocol"
)

// ErrCommClosed is what sending on a closed comm returns.
var ErrCommClosed = errors.New("the comm is closed: the front end's end of it is gone")

// CommMessage is what travels on a comm besides its id. Nil parts stand for nothing: the
// empty object, no buffers.
type CommMessage struct {
	Data     json.RawMessage
	Metadata json.RawMessage // of the message, beside its content; widgets put their version there
	Buffers  [][]byte
}

// CommHandler is the kernel's end of a comm. Its methods are called in the shell loop, one
// at a time and never while a cell runs; they may run user code, whose context ends with
// an interrupt and whose output goes to out. A panic becomes an error in that output.
type CommHandler interface {
	// Message takes what the front end sent.
	Message(ctx context.Context, m CommMessage, out display.Output)
	// Closed is the last call: the front end has closed the comm.
	Closed(ctx context.Context, m CommMessage, out display.Output)
}

// CommTarget answers a front end that opens a comm. It is called like a CommHandler's
// methods; with an error the comm is closed again.
type CommTarget func(ctx context.Context, comm *Comm, open CommMessage, out display.Output) (CommHandler, error)

// Comms are the open comms of a kernel and the targets that front ends may open. Its
// methods may be called from any goroutine.
type Comms struct {
	kernel *Kernel

	mu      sync.Mutex
	targets map[string]CommTarget
	open    map[string]*Comm
}

// Comm is one conversation between something in the kernel and its view in the front
// ends. Its methods may be called from any goroutine.
type Comm struct {
	comms   *Comms
	id      string
	target  string
	handler CommHandler // may be nil; read and, when a front end opens it, written by the shell loop
}

// Comms returns the kernel's comms.
func (k *Kernel) Comms() *Comms { return k.comms }

// Register sets what is called when a front end opens a comm with that target name; nil
// removes it. A target that is not registered is answered by comm_close.
func (c *Comms) Register(target string, t CommTarget) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t == nil {
		delete(c.targets, target)
		return
	}
	c.targets[target] = t
}

// Open opens a comm from the kernel's side: front ends that know the target make its other
// end. handler gets what they send. It fails when open holds what is not JSON.
func (c *Comms) Open(target string, handler CommHandler, open CommMessage) (*Comm, error) {
	id := uuid.New()
	comm := &Comm{comms: c, id: hex.EncodeToString(id[:]), target: target, handler: handler}
	c.put(comm) // before it is announced: the front end may answer at once
	err := c.publish(protocol.CommOpen{CommID: comm.id, TargetName: target, Data: open.Data}, open)
	if err != nil {
		c.take(comm.id)
		return nil, fmt.Errorf("the comm with target %q cannot be opened: %w", target, err)
	}
	return comm, nil
}

// ID names the comm: 32 hexadecimal digits when the kernel opened it.
func (c *Comm) ID() string { return c.id }

// Target is the target name with which the comm was opened.
func (c *Comm) Target() string { return c.target }

// Send sends a message to the front ends, behind everything that the running cell has
// printed. The error is ErrCommClosed, or says that m holds what is not JSON.
func (c *Comm) Send(m CommMessage) error {
	if !c.comms.has(c.id) {
		return ErrCommClosed
	}
	return c.comms.publish(protocol.CommMsg{CommID: c.id, Data: m.Data}, m)
}

// Close closes the comm and tells the front ends; its handler is not called again. The
// errors are those of Send.
func (c *Comm) Close(m CommMessage) error {
	if c.comms.take(c.id) == nil {
		return ErrCommClosed
	}
	return c.comms.publish(protocol.CommClose{CommID: c.id, Data: m.Data}, m)
}

// publish sends a comm message with the request as parent that runs code, or did last.
func (c *Comms) publish(content protocol.Content, m CommMessage) error {
	if out := c.kernel.current.Load(); out != nil {
		return out.publishComm(content, m)
	}
	return c.kernel.publish(nil, content, m.Metadata, m.Buffers)
}

func (c *Comms) put(comm *Comm) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open[comm.id] = comm
}

// take removes a comm; nil: there is none of that id.
func (c *Comms) take(id string) *Comm {
	c.mu.Lock()
	defer c.mu.Unlock()
	comm := c.open[id]
	delete(c.open, id)
	return comm
}

func (c *Comms) get(id string) *Comm {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open[id]
}

func (c *Comms) has(id string) bool { return c.get(id) != nil }

func (c *Comms) targetOf(name string) CommTarget {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.targets[name]
}

// info lists the open comms of a target, of all with the empty name.
func (c *Comms) info(target string) map[string]protocol.CommInfo {
	c.mu.Lock()
	defer c.mu.Unlock()
	infos := map[string]protocol.CommInfo{}
	for id, comm := range c.open {
		if target == "" || comm.target == target {
			infos[id] = protocol.CommInfo{TargetName: comm.target}
		}
	}
	return infos
}

// commInfo lists the open comms.
func (k *Kernel) commInfo(_ context.Context, _ *request, req protocol.CommInfoRequest) protocol.Content {
	return protocol.CommInfoReply{Status: protocol.OK, Comms: k.comms.info(req.TargetName)}
}

// commOpen lets a target take part in a comm that a front end has opened.
func (k *Kernel) commOpen(ctx context.Context, r *request, open protocol.CommOpen) protocol.Content {
	comm := &Comm{comms: k.comms, id: open.CommID, target: open.TargetName}
	if err := k.openTarget(ctx, r, comm, received(r, open.Data)); err != nil {
		if publishErr := r.out.publishComm(protocol.CommClose{CommID: comm.id}, CommMessage{}); publishErr != nil {
			err = errors.Join(err, publishErr)
		}
		return r.refuse("CommRefused", err) // logged: a comm_open is owed no reply
	}
	return nil
}

func (k *Kernel) openTarget(ctx context.Context, r *request, comm *Comm, open CommMessage) error {
	if k.comms.has(comm.id) {
		return fmt.Errorf("a comm with the id %q is open already", comm.id)
	}
	target := k.comms.targetOf(comm.target)
	if target == nil {
		return fmt.Errorf("nothing in this kernel answers comms with the target %q", comm.target)
	}
	// The target may send at once, so the comm is known before its handler is.
	k.comms.put(comm)
	handler, err := target(ctx, comm, open, r.out)
	if err != nil {
		k.comms.take(comm.id)
		return err
	}
	comm.handler = handler // the shell loop, which is here, is the only one to read it
	return nil
}

// commMsg hands a message to its comm.
func (k *Kernel) commMsg(ctx context.Context, r *request, m protocol.CommMsg) protocol.Content {
	comm := k.comms.get(m.CommID)
	if comm == nil {
		return r.refuse("NoSuchComm", fmt.Errorf("no comm with the id %q is open", m.CommID))
	}
	if comm.handler != nil {
		comm.handler.Message(ctx, received(r, m.Data), r.out)
	}
	return nil
}

// commClose ends a comm that the front end has closed.
func (k *Kernel) commClose(ctx context.Context, r *request, m protocol.CommClose) protocol.Content {
	comm := k.comms.take(m.CommID)
	if comm == nil {
		return r.refuse("NoSuchComm", fmt.Errorf("no comm with the id %q is open", m.CommID))
	}
	if comm.handler != nil {
		comm.handler.Closed(ctx, received(r, m.Data), r.out)
	}
	return nil
}

// received is what came on a comm.
func received(r *request, data json.RawMessage) CommMessage {
	return CommMessage{Data: data, Metadata: r.msg.Metadata, Buffers: r.msg.Buffers}
}
