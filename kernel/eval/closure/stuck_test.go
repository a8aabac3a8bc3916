package closure

import (
	"strings"
	"testing"
)

// What the text of all stacks says of who waits. The first goroutine is the one that asks.
func TestAllWait(t *testing.T) {
	const (
		asks  = "goroutine 1 [running]:\nmain.main()\n\t/main.go:1 +0x1\n"
		cell  = "github.com/dagbook/dagbook/kernel/eval/closure.start(...)\n\t/frame.go:1\n"
		pipe  = "goroutine 7 [select, 2 minutes]:\nio.(*pipe).read(0xc0, {0x0, 0x200, 0x1?})\n\t/pipe.go:57 +0xa5\nio.ReadAll({0x4d, 0x26})\n\t/io.go:7\n" + cell
		lock  = "goroutine 8 [sync.Mutex.Lock]:\ninternal/sync.runtime_SemacquireMutex(0x0?)\n\t/sema.go:1\nsync.(*Once).doSlow(0x0?)\n\t/once.go:1\n" + cell
		own   = "goroutine 9 [chan receive]:\n" + cell
		sleep = "goroutine 10 [sleep]:\ntime.Sleep(0x1)\n\t/time.go:1\n" + cell
		net   = "goroutine 11 [IO wait]:\ninternal/poll.runtime_pollWait(0x1)\n\t/poll.go:1\n" + cell
		graph = "goroutine 12 [select]:\ngithub.com/dagbook/dagbook/taskgraph/sched.run(0x1)\n\t/sched.go:1\n" + cell
		deep  = "goroutine 13 [select]:\nio.(*pipe).read(0xc0)\n\t/pipe.go:1\n...additional frames elided...\n" + cell
		other = "goroutine 14 [select]:\nmain.serve(0x1)\n\t/main.go:9\n"
		ready = "goroutine 15 [runnable]:\nmain.serve(0x1)\n\t/main.go:9\n"
	)
	for _, c := range []struct {
		stacks []string
		want   bool
	}{
		{[]string{asks, pipe}, true},
		{[]string{asks, pipe, lock, own, other}, true},
		{[]string{asks, pipe, sleep}, false},
		{[]string{asks, pipe, net}, false},
		{[]string{asks, graph}, false},
		{[]string{asks, deep}, false},
		{[]string{asks, pipe, ready}, false},
		{[]string{asks, other}, false},
		{[]string{asks}, false},
	} {
		if got := allWait([]byte(strings.Join(c.stacks, "\n"))); got != c.want {
			t.Errorf("%v for\n%s", got, strings.Join(c.stacks, "\n"))
		}
	}
}
