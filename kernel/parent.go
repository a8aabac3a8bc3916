package kernel

import (
	"context"
	"time"
)

// parentInterval is how often the kernel looks for its parent.
const parentInterval = 300 * time.Millisecond

// watchParent ends the kernel when the process that started it is gone, so that a Jupyter
// that was killed leaves nothing behind.
func (k *Kernel) watchParent(ctx context.Context) {
	if k.opts.ParentPID <= 0 {
		return
	}
	gone := parentGone(k.opts.ParentPID)
	look := time.NewTicker(parentInterval)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			if gone() {
				k.end(errOrphan)
				return
			}
		}
	}
}
