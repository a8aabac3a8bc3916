package trace

import (
	"syscall"
	"time"
)

// cpuTime is the CPU time that the process has used; false where nobody tells.
func cpuTime() (time.Duration, bool) {
	process, err := syscall.GetCurrentProcess()
	if err != nil {
		return 0, false
	}
	var created, ended, system, user syscall.Filetime
	if syscall.GetProcessTimes(process, &created, &ended, &system, &user) != nil {
		return 0, false
	}
	return ticks(system) + ticks(user), true
}

// ticks turns a length of time, which counts 100 ns, into Go's. (Filetime.Nanoseconds is
// for dates.)
func ticks(t syscall.Filetime) time.Duration {
	return time.Duration(int64(t.HighDateTime)<<32|int64(t.LowDateTime)) * 100
}
