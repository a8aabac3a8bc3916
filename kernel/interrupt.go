package kernel

import (
	"context"
	"errors"

	"github.com/dagbook/dagbook/protocol"
)

// ErrInterrupted is the cause of a cell's context that ends because of an interrupt.
var ErrInterrupted = errors.New("the cell was interrupted")

// Interrupt tells the running cell or callback to stop; when none runs it does nothing.
// It may be called from any goroutine and does not wait.
func (k *Kernel) Interrupt() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.interrupt != nil {
		k.interrupt(ErrInterrupted)
	}
}

// interruptible says what an interrupt cancels from now on, nil for nothing.
func (k *Kernel) interruptible(cancel context.CancelCauseFunc) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.interrupt = cancel
}

// interruptRequest answers front ends that do not send signals. serveControl has
// interrupted the cell already.
func (k *Kernel) interruptRequest(context.Context, *request, protocol.InterruptRequest) protocol.Content {
	return protocol.InterruptReply{Status: protocol.OK}
}

// watchSignals is the interrupt of front ends that do.
func (k *Kernel) watchSignals(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case _, open := <-k.opts.Interrupts:
			if !open {
				return
			}
			k.Interrupt()
		}
	}
}
