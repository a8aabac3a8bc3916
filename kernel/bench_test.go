package kernel_test

import (
	"strings"
	"testing"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel"
	"github.com/dagbook/dagbook/kernel/kerneltest"
	"github.com/dagbook/dagbook/protocol"
)

// BenchmarkKernelInfo is a round trip through the loop: busy, reply, idle.
func BenchmarkKernelInfo(b *testing.B) {
	front := start(b, simple())
	for b.Loop() {
		front.Request(protocol.KernelInfoRequest{})
		front.Forget()
	}
}

// BenchmarkTrivialCell is what the loop adds to a cell.
func BenchmarkTrivialCell(b *testing.B) {
	front := start(b, simple())
	for b.Loop() {
		front.Request(protocol.ExecuteRequest{Code: "1"})
		front.Forget()
	}
}

// BenchmarkPrint10000Lines prints line by line.
func BenchmarkPrint10000Lines(b *testing.B) {
	front := start(b, fake{"print": just(func(out display.Output) {
		for range 10_000 {
			out.Stream("stdout", "a line of text, as long as lines mostly are\n")
		}
	})})
	for b.Loop() {
		front.Request(protocol.ExecuteRequest{Code: "print"})
		front.Forget()
	}
}

// BenchmarkDisplay20MB shows one large picture.
func BenchmarkDisplay20MB(b *testing.B) {
	picture := strings.Repeat("iVBORw0KGgoAAAAN", 20<<20/16)
	front := start(b, fake{"show": just(func(out display.Output) {
		out.Display(display.Bundle{Data: map[string]any{display.MIMEPNG: picture}}, "")
	})})
	b.SetBytes(int64(len(picture)))
	for b.Loop() {
		front.Request(protocol.ExecuteRequest{Code: "show"})
		front.Forget()
	}
}

// BenchmarkStream is one short print of a cell.
func BenchmarkStream(b *testing.B) {
	done := make(chan struct{})
	front := start(b, fake{"print": just(func(out display.Output) {
		defer close(done)
		for b.Loop() {
			out.Stream("stdout", "x\n")
		}
	})})
	front.Send(protocol.Shell, protocol.ExecuteRequest{Code: "print"})
	<-done
}

// BenchmarkHistoryTail reads the history of 200 sessions with 50 cells.
func BenchmarkHistoryTail(b *testing.B) {
	dir := b.TempDir()
	for range 200 {
		front := kerneltest.Start(b, simple(), kernel.Options{HistoryDir: dir})
		for range 50 {
			front.Execute("1")
			front.Forget()
		}
	}
	front := kerneltest.Start(b, simple(), kernel.Options{HistoryDir: dir})
	for b.Loop() {
		front.Request(protocol.HistoryRequest{Access: protocol.HistoryTail, N: new(500)})
		front.Forget()
	}
}
