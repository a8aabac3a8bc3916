package process

import (
	"bufio"
	"bytes"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// No text has to wait because its end could be the beginning of a mark.
func TestMarkBeginsNoText(t *testing.T) {
	for range 1000 {
		mark := newMark()
		if utf8.Valid(mark[:1]) {
			t.Fatalf("text may end as the mark %q begins", mark)
		}
	}
}

// What is printed arrives as it was, whatever pieces it comes in, and every mark is answered,
// also one that more text follows.
func TestForward(t *testing.T) {
	mark := newMark()
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 0))
		var stream, want []byte
		marks := 0
		for range 50 {
			switch random.IntN(4) {
			case 0:
				stream, marks = append(stream, mark...), marks+1
			case 1: // what only begins like one
				stream, want = append(stream, mark[:5]...), append(want, mark[:5]...)
				fallthrough
			default:
				text := strings.Repeat("text\n", random.IntN(5)+1)
				stream, want = append(stream, text...), append(want, text...)
			}
		}
		stream, marks = append(stream, mark...), marks+1
		r, w := io.Pipe()
		go func() {
			for rest := stream; len(rest) > 0; {
				n := min(random.IntN(40)+1, len(rest))
				w.Write(rest[:n])
				rest = rest[n:]
			}
			w.Close()
		}()
		var sent bytes.Buffer
		synced, done := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(done)
			forward(r, &outgoing{w: bufio.NewWriter(&sent)}, mark, synced)
		}()
		for range marks {
			<-synced
		}
		<-done
		if got := outputOf(t, &sent); !bytes.Equal(got, want) {
			t.Fatalf("seed %d: sent %q of %q", seed, got, want)
		}
	}
}

// outputOf reads messages of output.
func outputOf(t *testing.T, sent io.Reader) (text []byte) {
	for in := bufio.NewReader(sent); ; {
		kind, data, err := readMessage(in)
		if err == io.EOF {
			return text
		}
		if err != nil || kind != msgOutput {
			t.Fatalf("a message %q: %v", kind, err)
		}
		text = append(text, data...)
	}
}
