package closure

import (
	"context"
	"go/types"

	"github.com/dagbook/dagbook/kernel/eval/closure/mem"
)

// background is the context that context.Background and context.TODO give a cell: an
// interrupt of the cell cancels it, and with it what compiled code does for the cell.
type background struct {
	context.Context
	cancel context.CancelFunc
	name   string
}

// String is what the contexts of package context say.
func (b *background) String() string { return b.name }

// background returns the run's context of that name.
func (r *run) background(name string) context.Context {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, b := range r.contexts {
		if b.name == name {
			return b
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	if r.stopped {
		cancel()
	}
	b := &background{ctx, cancel, name}
	r.contexts = append(r.contexts, b)
	return b
}

// backgroundFunction is context.Background or context.TODO.
func (c *compiler) backgroundFunction(name string, sig *types.Signature) *function {
	own := c.signature(sig)
	at := own.results[0].off
	return &function{sig: own, index: c.nextIndex(), frame: own.builder.layout(), native: true, run: func(f F) ctl {
		mem.Store(f, at, mem.Cast[mem.Iface](head(f).g.run.background(name)))
		return next
	}}
}
