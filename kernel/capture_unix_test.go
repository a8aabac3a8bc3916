//go:build unix

package kernel_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel"
	"github.com/dagbook/dagbook/kernel/kerneltest"
	"github.com/dagbook/dagbook/protocol"
)

// capture starts a kernel that captures the file descriptors of the test's process until
// the test ends.
func capture(t *testing.T, eval kernel.Evaluator) *kerneltest.FrontEnd {
	t.Helper()
	c, err := kernel.NewCapture()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return kerneltest.Start(t, eval, kernel.Options{Capture: c})
}

// write writes to a file descriptor past everything that Go knows of it.
func write(t *testing.T, fd int, text string) {
	for len(text) > 0 {
		n, err := syscall.Write(fd, []byte(text))
		if err != nil {
			t.Errorf("writing to %d: %v", fd, err)
			return
		}
		text = text[n:]
	}
}

func TestRawWritesAreTheCellsOutput(t *testing.T) {
	front := capture(t, fake{
		"raw": just(func(display.Output) {
			write(t, 1, "one\n")
			fmt.Println("two")
			write(t, 2, "three\n")
		}),
		"child": just(func(out display.Output) {
			out.Stream("stdout", "before\n")
			cmd := exec.Command("sh", "-c", "echo child; echo complaint >&2")
			cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
			if err := cmd.Run(); err != nil {
				t.Error(err)
			}
			out.Stream("stdout", "after\n")
		}),
	})
	x := front.Execute("raw")
	if x.Stdout() != "one\ntwo\n" || x.Stderr() != "three\n" {
		t.Errorf("the cell gave\n%s", x)
	}
	x = front.Execute("child")
	if x.Stdout() != "before\nchild\nafter\n" || x.Stderr() != "complaint\n" {
		t.Errorf("the child gave\n%s", x)
	}
}

func TestRawAndDirectOutputKeepTheirOrder(t *testing.T) {
	var want strings.Builder
	front := capture(t, fake{"mix": just(func(out display.Output) {
		for i := range 2000 {
			line := fmt.Sprintln("line", i)
			want.WriteString(line)
			if i%3 == 0 {
				write(t, 1, line)
			} else {
				out.Stream("stdout", line)
			}
		}
		write(t, 1, "then a picture")
		out.Display(display.Text("picture"), "")
		write(t, 1, "and text")
	})})
	x := front.Execute("mix")
	if got, want := x.Stdout(), want.String()+"then a pictureand text"; got != want {
		t.Errorf("the order is lost, from %q", got[commonPrefix(got, want):][:40])
	}
	all := types(x)
	if tail := fmt.Sprint(all[len(all)-3:]); tail != "[stream display_data stream]" {
		t.Errorf("the picture stands between %s", tail)
	}
}

func commonPrefix(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

func TestMuchRawOutputDoesNotBlock(t *testing.T) {
	text := strings.Repeat("0123456789abcde\n", 10<<20/16)
	front := capture(t, fake{"much": just(func(display.Output) { write(t, 1, text) })})
	if got := front.Execute("much").Stdout(); got != text {
		t.Errorf("%d bytes arrive of %d", len(got), len(text))
	}
}

// A goroutine that never stops printing must not keep its cell, or the next, from ending.
func TestEndlessRawOutputOfAGoroutine(t *testing.T) {
	stop, done := make(chan struct{}), make(chan struct{})
	eval := simple()
	eval["flood"] = just(func(display.Output) {
		go func() {
			defer close(done)
			for {
				select {
				case <-stop:
					return
				default:
					write(t, 1, "more and more and more\n")
				}
			}
		}()
	})
	front := capture(t, eval)
	framed(t, front.Execute("flood"))
	framed(t, front.Execute("1"))
	close(stop)
	<-done
}

// What a goroutine writes raw after its cell belongs to the cell that is the last one then.
func TestRawWritesAfterACellGoToTheLastOne(t *testing.T) {
	goOn, done := make(chan struct{}), make(chan struct{})
	eval := simple()
	eval["go"] = just(func(display.Output) {
		go func() {
			defer close(done)
			<-goOn
			write(t, 1, "late")
		}()
	})
	front := capture(t, eval)
	front.Execute("go")
	last := front.Execute("1").Request
	close(goOn)
	<-done
	if got := kerneltest.Decode[protocol.Stream](t, front.WaitFor(last, protocol.TypeStream)).Text; got != "late" {
		t.Errorf("the last cell shows %q", got)
	}
}

// asProgram is set for a copy of the test's binary that acts as a kernel's process.
const asProgram = "DAGBOOK_TEST_CAPTURE"

// TestOriginalDescriptors looks from outside at a process that captures: what is nobody's
// output, and the log, go where they went before; so does everything after Close.
func TestOriginalDescriptors(t *testing.T) {
	if os.Getenv(asProgram) != "" {
		capturingProgram(t)
		return
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(os.Args[0], "-test.run=^TestOriginalDescriptors$")
	cmd.Env = append(os.Environ(), asProgram+"=1")
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s%s", err, stdout.String(), stderr.String())
	}
	if got := stderr.String(); got != "log\nbefore any cell\nafter\n" {
		t.Errorf("stderr is %q", got)
	}
	if got := stdout.String(); strings.Contains(got, "in a cell") || !strings.Contains(got, "after close") {
		t.Errorf("stdout is %q", got)
	}
}

func capturingProgram(t *testing.T) {
	c, err := kernel.NewCapture()
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(c.Stderr(), "log")
	write(t, 2, "before any cell\n")
	conn, ctx := kerneltest.NewConn(), context.Background()
	session := protocol.NewSession("k")
	k := kernel.New(session, conn, fake{"cell": just(func(display.Output) { write(t, 1, "in a cell") })}, kernel.Options{Capture: c})
	for _, content := range []protocol.Content{kerneltest.Run("cell"), protocol.ShutdownRequest{}} {
		m, err := session.New(nil, content)
		if err != nil {
			t.Fatal(err)
		}
		conn.Deliver(m)
	}
	if err := k.Run(ctx); err != nil {
		t.Fatal(err)
	}
	waitForType(t, conn, protocol.TypeStream)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, 2, "after\n")
	write(t, 1, "after close\n")
}
