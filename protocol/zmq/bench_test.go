package zmq_test

import (
	"testing"

	"github.com/dagbook/dagbook/protocol"
	"github.com/dagbook/dagbook/protocol/zmq"
)

// BenchmarkRoundTrip is a request and its reply on shell.
func BenchmarkRoundTrip(b *testing.B) {
	k := listen(b, zmq.Options{})
	k.echo(b)
	nc := k.raw(b, protocol.Shell)
	c := k.dialOver(b, nc, protocol.Shell, "")
	m, err := c.session.New(nil, protocol.KernelInfoRequest{})
	if err != nil {
		b.Fatal(err)
	}
	frames := k.signer.Encode(m)
	for b.Loop() {
		c.sendFrames(b, frames...)
		if _, err := c.RecvMsg(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPublish is one line of output, made, signed, sent and read by a subscriber.
func BenchmarkPublish(b *testing.B) { benchmarkPublish(b, "a line of output\n") }

// BenchmarkPublish20MB is a large result; most of the time is its JSON and its signature.
func BenchmarkPublish20MB(b *testing.B) { benchmarkPublish(b, large()) }

func large() string {
	text := make([]byte, 20<<20)
	for i := range text {
		text[i] = 'x'
	}
	return string(text)
}

func benchmarkPublish(b *testing.B, text string) {
	k := listen(b, zmq.Options{})
	sub := k.subscribe(b, "")
	done := make(chan int)
	go func() {
		n := 0
		for {
			if _, err := sub.RecvMsg(); err != nil {
				done <- n
				return
			}
			n++
		}
	}()
	b.SetBytes(int64(len(text)))
	sent := 0
	for b.Loop() {
		m, err := k.session.Broadcast(nil, protocol.DisplayData{Data: protocol.MIMEData{"text/plain": text}})
		if err != nil {
			b.Fatal(err)
		}
		if err := k.Publish(m); err != nil {
			b.Fatal(err)
		}
		sent++
	}
	k.Close()
	if got := <-done; got != sent {
		b.Errorf("%d of %d messages arrived", got, sent)
	}
}
