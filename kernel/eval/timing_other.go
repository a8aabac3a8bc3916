//go:build !unix

package eval

import "time"

const hasCPUTimes = false

func cpuTimes() (user, sys time.Duration) { return 0, 0 }
