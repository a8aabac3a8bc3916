package main

import (
	"context"
	"os"
	"strconv"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/display/widget"
	"github.com/dagbook/dagbook/kernel"
	"github.com/dagbook/dagbook/kernel/eval"
	"github.com/dagbook/dagbook/kernel/eval/symbols"
)

// widgetHost joins the widgets of a session to its evaluator and to the kernel's comms. It
// implements [widget.Host].
type widgetHost struct {
	session func() *eval.Session
	comms   *kernel.Comms // nil before the kernel is there
}

// Open implements [widget.Host].
func (h *widgetHost) Open(target string, handler widget.Handler, open widget.Message) (widget.Comm, error) {
	c, err := h.comms.Open(target, commHandler{handler}, kernel.CommMessage(open))
	if err != nil {
		return nil, err
	}
	return comm{c}, nil
}

// Output implements [widget.Host].
func (h *widgetHost) Output() display.Output { return h.session().Output() }

// Context implements [widget.Host].
func (h *widgetHost) Context() context.Context { return h.session().Context() }

// Call implements [widget.Host].
func (h *widgetHost) Call(ctx context.Context, out display.Output, f func()) bool {
	failed := h.session().Call(ctx, out, f)
	if failed == nil {
		return true
	}
	if o, ok := out.(interface {
		Fail(name, value string, traceback []string)
	}); ok {
		o.Fail(failed.Name, failed.Value, failed.Traceback)
	}
	return false
}

// Form implements [widget.Host].
func (h *widgetHost) Form(v any) display.Bundle { return h.session().Form(v) }

// Parameters implements [widget.Host].
func (h *widgetHost) Parameters(fn any) []string { return h.session().Parameters(fn) }

// join makes the kernel's comms those of the widgets. JUPYTER_WIDGETS_ECHO is ipywidgets' own
// switch.
func (h *widgetHost) join(comms *kernel.Comms, set *widget.Set) {
	h.comms = comms
	if off, err := strconv.ParseBool(os.Getenv("JUPYTER_WIDGETS_ECHO")); err == nil && !off {
		set.Silent()
	}
	comms.Register(widget.ControlTarget, func(_ context.Context, c *kernel.Comm, _ kernel.CommMessage, _ display.Output) (kernel.CommHandler, error) {
		return commHandler{set.Control(comm{c})}, nil
	})
	comms.Register(widget.Target, func(_ context.Context, c *kernel.Comm, open kernel.CommMessage, _ display.Output) (kernel.CommHandler, error) {
		h, err := set.Adopt(comm{c}, widget.Message(open))
		return commHandler{h}, err
	})
}

// comm is a [widget.Comm].
type comm struct{ *kernel.Comm }

func (c comm) Send(m widget.Message) error  { return c.Comm.Send(kernel.CommMessage(m)) }
func (c comm) Close(m widget.Message) error { return c.Comm.Close(kernel.CommMessage(m)) }

// commHandler is a [kernel.CommHandler].
type commHandler struct{ widget.Handler }

func (h commHandler) Message(ctx context.Context, m kernel.CommMessage, out display.Output) {
	h.Handler.Message(ctx, widget.Message(m), out)
}

func (h commHandler) Closed(ctx context.Context, m kernel.CommMessage, out display.Output) {
	h.Handler.Closed(ctx, widget.Message(m), out)
}

// widgetBindings are the functions of package widget that belong to a session.
func widgetBindings(set *widget.Set) map[string]map[string]any {
	return map[string]map[string]any{symbols.Module + "display/widget": {
		"Interact": set.Interact, "NewInteractive": set.Interactive, "NewOutput": set.NewOutput, "JSLink": set.JSLink, "JSDLink": set.JSDLink,
	}}
}
