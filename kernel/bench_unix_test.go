//go:build unix

package kernel_test

import (
	"syscall"
	"testing"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel"
	"github.com/dagbook/dagbook/kernel/kerneltest"
	"github.com/dagbook/dagbook/protocol"
)

// captured runs a benchmark's loop in a cell of a kernel that captures file descriptors.
func captured(b *testing.B, cell func(out display.Output)) {
	c, err := kernel.NewCapture()
	if err != nil {
		b.Fatal(err)
	}
	done := make(chan struct{})
	front := kerneltest.Start(b, fake{"cell": just(func(out display.Output) {
		defer close(done)
		cell(out)
	})}, kernel.Options{Capture: c})
	front.Send(protocol.Shell, protocol.ExecuteRequest{Code: "cell"})
	<-done
	if err := c.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkStreamCaptured is BenchmarkStream with the look at the descriptors before it.
func BenchmarkStreamCaptured(b *testing.B) {
	captured(b, func(out display.Output) {
		for b.Loop() {
			out.Stream("stdout", "x\n")
		}
	})
}

// BenchmarkRawWrite is a short write past Go's own output.
func BenchmarkRawWrite(b *testing.B) {
	captured(b, func(display.Output) {
		for b.Loop() {
			if _, err := syscall.Write(1, []byte("x\n")); err != nil {
				b.Fatal(err)
			}
		}
	})
}
