package widget

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/dagbook/dagbook/display"
)

// Output is a live widget that holds what is printed and shown.
type Output struct {
	*model
	home *Set // of NewOutput; nil: what is printed stays where it is
}

// NewOutput returns an output without a session: Do prints where the caller prints.
func NewOutput() *Output { return &Output{model: newOutput()} }

// NewOutput returns an empty output. It is seen where it is shown.
func (s *Set) NewOutput() *Output { return &Output{model: newOutput(), home: s} }

func newOutput() *model {
	m := newModel("Output", nil)
	m.accept = func(key string, value json.RawMessage) (any, bool, error) {
		if key == "outputs" { // large, and only for another page that asks
			return append(json.RawMessage(nil), value...), false, nil
		}
		return nil, false, errPlain
	}
	return m
}

// Do calls f. What f prints and shows meanwhile, on its own and on other goroutines of the
// cell, goes to the widget.
func (o *Output) Do(f func()) {
	if o.home == nil {
		f()
		return
	}
	c := &captured{to: o, inner: o.home.host.Output()}
	c.begin(false)
	defer c.end()
	f()
}

// Clear removes what the widget holds, with wait when the next output comes.
func (o *Output) Clear(wait bool) {
	if o.home != nil {
		c := &captured{to: o, inner: o.home.host.Output()}
		c.begin(false)
		c.inner.Clear(wait)
		c.end()
	}
}

// captured is the output of a request whose outputs go to an Output widget: front ends put
// there what has the request as parent, as long as the widget has its id.
type captured struct {
	to    *Output
	inner display.Output

	mu    sync.Mutex
	begun bool
}

func (c *captured) hasBegun() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.begun
}

// begin tells front ends to send what comes to the widget.
func (c *captured) begin(clear bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.begun {
		return
	}
	c.begun = true
	parent, ok := c.inner.(interface{ ParentID() string })
	if !ok {
		return
	}
	if c.to.home != nil {
		c.to.open(c.to.home) // an error is told when it is shown
	}
	c.to.update(State{"msg_id": parent.ParentID()})
	if clear {
		c.inner.Clear(true)
	}
}

func (c *captured) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.begun {
		c.to.update(State{"msg_id": ""})
	}
	c.begun = true // what comes late stays outside
}

// Stream implements [display.Output].
func (c *captured) Stream(name, text string) {
	c.begin(true)
	c.inner.Stream(name, text)
}

// Display implements [display.Output].
func (c *captured) Display(b display.Bundle, id string) {
	c.begin(true)
	c.inner.Display(b, id)
}

// Update implements [display.Output]; the display that it changes stands where it stands.
func (c *captured) Update(b display.Bundle, id string) { c.inner.Update(b, id) }

// Clear implements [display.Output].
func (c *captured) Clear(wait bool) {
	c.begin(false)
	c.inner.Clear(wait)
}

// Fail shows an error.
func (c *captured) Fail(name, value string, traceback []string) {
	c.begin(true)
	if f, ok := c.inner.(failer); ok {
		f.Fail(name, value, traceback)
		return
	}
	c.inner.Stream("stderr", name+": "+value+"\n")
}

// ParentID is that of the inner output.
func (c *captured) ParentID() string {
	if p, ok := c.inner.(interface{ ParentID() string }); ok {
		return p.ParentID()
	}
	return ""
}

var _ display.Output = (*captured)(nil)

// Print adds text to what the widget holds, from any goroutine and at any time.
func (o *Output) Print(a ...any) {
	o.add(map[string]any{"output_type": "stream", "name": "stdout", "text": fmt.Sprint(a...)})
}

// Show adds a value to what the widget holds, as display.Show shows it.
func (o *Output) Show(x any) {
	b := display.Of(x)
	if o.home != nil {
		b = o.home.host.Form(x)
	}
	metadata := b.Metadata
	if metadata == nil {
		metadata = map[string]any{}
	}
	o.add(map[string]any{"output_type": "display_data", "data": b.Data, "metadata": metadata})
}

// add adds an output in the form that notebooks' files have.
func (o *Output) add(output map[string]any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	var all []any
	switch before := o.state["outputs"].(type) {
	case []any:
		all = slices.Clone(before)
	case json.RawMessage: // from a front end
		if json.Unmarshal(before, &all) != nil {
			all = nil
		}
	}
	if err := o.updateLocked(State{"outputs": append(all, output)}); err != nil {
		panic(errorf("%v", err))
	}
}
