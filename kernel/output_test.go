package kernel_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/kernel"
	"github.com/dagbook/dagbook/kernel/kerneltest"
	"github.com/dagbook/dagbook/protocol"
)

func TestPrintedLinesAreFewMessages(t *testing.T) {
	var want strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&want, "line %d of ten thousand, äöü\n", i)
	}
	front := start(t, fake{"print": just(func(out display.Output) {
		for line := range strings.Lines(want.String()) {
			out.Stream("stdout", line)
		}
	})})
	x := front.Execute("print")
	if x.Stdout() != want.String() {
		t.Errorf("%d bytes arrive of %d", len(x.Stdout()), want.Len())
	}
	if n := len(x.Of(protocol.TypeStream)); n > 20 {
		t.Errorf("%d messages for 10,000 lines", n)
	}
	for _, m := range x.Of(protocol.TypeStream) {
		if strings.ContainsRune(kerneltest.Decode[protocol.Stream](t, m).Text, utf8.RuneError) {
			t.Error("a character was cut in two")
		}
	}
}

func TestStreamsAndDisplaysKeepTheirOrder(t *testing.T) {
	front := start(t, fake{"mix": just(func(out display.Output) {
		for i := range 100 {
			out.Stream([]string{"stdout", "stderr", "stdout"}[i%3], fmt.Sprint(i, " "))
			if i%7 == 0 {
				out.Display(display.Text(fmt.Sprint("show ", i)), "")
			}
		}
	})})
	x := front.Execute("mix")
	var got strings.Builder
	for _, m := range x.IOPub {
		switch m.Header.MsgType {
		case protocol.TypeStream:
			got.WriteString(kerneltest.Decode[protocol.Stream](t, m).Text)
		case protocol.TypeDisplayData:
			got.WriteString(kerneltest.Decode[protocol.DisplayData](t, m).Data["text/plain"].(string) + " ")
		}
	}
	var want strings.Builder
	for i := range 100 {
		fmt.Fprint(&want, i, " ")
		if i%7 == 0 {
			fmt.Fprint(&want, "show ", i, " ")
		}
	}
	if got.String() != want.String() {
		t.Errorf("got  %s\nwant %s", got.String(), want.String())
	}
}

// A character can be cut by whoever prints, for example a pipe.
func TestHalfCharactersWaitForTheirRest(t *testing.T) {
	text := strings.Repeat("ä", 200_000)
	front := start(t, fake{"bytes": just(func(out display.Output) {
		for i := 0; i < len(text); i += 999 {
			out.Stream("stdout", text[i:min(i+999, len(text))])
		}
		out.Stream("stdout", "\xc3") // never completed: shown as what it is
	})})
	if got := front.Execute("bytes").Stdout(); got != text+"\ufffd" {
		t.Errorf("%d bytes arrive of %d", len(got), len(text)+3)
	}
}

func TestTextIsShownWhileTheCellRuns(t *testing.T) {
	cell, open := gate(kernel.Result{})
	front := start(t, fake{"gate": func(ctx context.Context, c kernel.Cell, out display.Output, in kernel.Input) kernel.Result {
		r := cell(ctx, c, out, in)
		out.Stream("stdout", "patience ...")
		<-ctx.Done()
		return r
	}})
	m := front.Send(protocol.Shell, kerneltest.Run("gate"))
	open()
	front.WaitFor(m, protocol.TypeStream)
	front.Kernel.Interrupt()
	front.Wait(m)
}

func TestGoroutinesKeepTheirCell(t *testing.T) {
	goOn, done := make(chan struct{}), make(chan struct{})
	eval := simple()
	eval["go"] = just(func(out display.Output) {
		go func() {
			defer close(done)
			<-goOn
			out.Stream("stdout", "late\n")
		}()
	})
	front := start(t, eval)
	first := front.Execute("go").Request
	second := front.Execute("hello")
	close(goOn)
	<-done
	m := front.WaitFor(first, protocol.TypeStream)
	if got := kerneltest.Decode[protocol.Stream](t, m).Text; got != "late\n" {
		t.Errorf("the first cell printed %q", got)
	}
	if second.Stdout() != "hello\n" {
		t.Errorf("the second cell printed %q", second.Stdout())
	}
}

func TestNothingIsLostAtTheEnd(t *testing.T) {
	printed := make(chan struct{})
	conn := kerneltest.NewConn()
	session := protocol.NewSession("student")
	k := kernel.New(session, conn, fake{"go": just(func(out display.Output) {
		go func() {
			out.Stream("stdout", "last words")
			close(printed)
		}()
		<-printed
	})}, kernel.Options{})
	m, err := session.New(nil, kerneltest.Run("go"))
	if err != nil {
		t.Fatal(err)
	}
	conn.Deliver(m)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- k.Run(ctx) }()
	<-printed
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	waitForType(t, conn, protocol.TypeStream)
}
