//go:build unix

package kernel

import (
	"errors"
	"os"
	"syscall"
)

// parentGone returns a test for the death of a process. Signal 0 finds out whether a
// process exists, but also finds one that is dead and not yet reaped; a child learns of
// that by getting another parent, which need not be process 1: containers and desktops
// have subreapers.
func parentGone(pid int) func() bool {
	direct := os.Getppid() == pid
	return func() bool {
		if direct && os.Getppid() != pid {
			return true
		}
		return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
	}
}
