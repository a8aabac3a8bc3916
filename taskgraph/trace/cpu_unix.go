//go:build unix

package trace

import (
	"syscall"
	"time"
)

// cpuTime is the CPU time that the process has used; false where nobody tells.
func cpuTime() (time.Duration, bool) {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0, false
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), true
}
