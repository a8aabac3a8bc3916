//go:build unix

package eval

import (
	"syscall"
	"time"
)

const hasCPUTimes = true

// cpuTimes returns the CPU time that the process has used.
func cpuTimes() (user, sys time.Duration) {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0, 0
	}
	return time.Duration(u.Utime.Nano()), time.Duration(u.Stime.Nano())
}
