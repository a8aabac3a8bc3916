package kernel

import (
	"context"
	"encoding/json"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/dagbook/dagbook/display"
	"github.com/dagbook/dagbook/protocol"
)

// Printed text is collected and sent in pieces: each message costs every front end about a
// millisecond, each line hardly anything.
const (
	streamLimit   = 256 << 10             // bytes that are sent at once
	flushInterval = 50 * time.Millisecond // for how long text waits at most
)

// output is where one request prints and shows: it publishes with that request as parent,
// also when the request is long over. What is printed to one stream in a row becomes one
// message; the order of streams, displays and comm messages is kept.
type output struct {
	kernel *Kernel
	parent *protocol.Message

	mu       sync.Mutex
	silent   bool                // nothing is published
	finished bool                // the request has been answered
	name     protocol.StreamName // of text
	text     []byte              // printed and not yet published
	marked   bool                // the flusher knows of it
}

var _ display.Output = (*output)(nil)

// Stream prints text; any name but "stderr" is stdout.
func (o *output) Stream(name, text string) {
	o.kernel.opts.Capture.drain()
	stream := protocol.Stdout
	if name == string(protocol.Stderr) {
		stream = protocol.Stderr
	}
	o.write(stream, text)
}

// Display shows a bundle, as a display that Update can change when id is not empty.
func (o *output) Display(b display.Bundle, id string) {
	o.show(b, func(data protocol.MIMEData, metadata json.RawMessage) protocol.Content {
		return protocol.DisplayData{Data: data, Metadata: metadata, Transient: protocol.Transient{DisplayID: id}}
	})
}

// Update changes every display with that id; without an id there is nothing to change.
func (o *output) Update(b display.Bundle, id string) {
	if id == "" {
		return
	}
	o.show(b, func(data protocol.MIMEData, metadata json.RawMessage) protocol.Content {
		return protocol.UpdateDisplayData{Data: data, Metadata: metadata, Transient: protocol.Transient{DisplayID: id}}
	})
}

// Clear removes the output so far, or with wait as soon as there is other output.
func (o *output) Clear(wait bool) { o.publish(protocol.ClearOutput{Wait: wait}) }

// ParentID is the id of the request whose output this is; a widget's Output takes what
// carries it.
func (o *output) ParentID() string { return o.parent.Header.MsgID }

// result publishes the value of a cell.
func (o *output) result(b display.Bundle, number int) {
	o.show(b, func(data protocol.MIMEData, metadata json.RawMessage) protocol.Content {
		return protocol.ExecuteResult{ExecutionCount: number, Data: data, Metadata: metadata}
	})
}

// Fail shows an error as that of a cell.
func (o *output) Fail(name, value string, traceback []string) {
	o.fail(&Failure{Name: name, Value: value, Traceback: traceback})
}

// fail publishes an error.
func (o *output) fail(f *Failure) {
	o.publish(protocol.Error{EName: f.Name, EValue: f.Value, Traceback: f.Traceback})
}

func (o *output) show(b display.Bundle, content func(protocol.MIMEData, json.RawMessage) protocol.Content) {
	metadata, err := encodeMetadata(b.Metadata)
	if err != nil {
		o.unprintable(err)
		return
	}
	o.publish(content(b.Data, metadata))
}

// encodeMetadata writes a bundle's metadata; none is the empty object.
func encodeMetadata(metadata map[string]any) (json.RawMessage, error) {
	if len(metadata) == 0 {
		return json.RawMessage("{}"), nil
	}
	return json.Marshal(metadata)
}

// publish sends content behind everything that was printed before it.
func (o *output) publish(c protocol.Content) {
	o.kernel.opts.Capture.drain()
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.silent {
		return
	}
	o.flush(true)
	if err := o.kernel.publish(o.parent, c, nil, nil); err != nil {
		o.append(protocol.Stderr, "The output cannot be shown: "+err.Error()+"\n")
	}
}

// publishComm sends a comm message behind everything that was printed before it; these
// are sent for silent requests too.
func (o *output) publishComm(c protocol.Content, m CommMessage) error {
	o.kernel.opts.Capture.drain()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush(true)
	return o.kernel.publish(o.parent, c, m.Metadata, m.Buffers)
}

func (o *output) unprintable(err error) {
	o.write(protocol.Stderr, "The output cannot be shown: "+err.Error()+"\n")
}

// write adds text. It does not look at captured text: what was captured comes here.
func (o *output) write(name protocol.StreamName, text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.append(name, text)
}

func (o *output) append(name protocol.StreamName, text string) {
	if o.silent || text == "" {
		return
	}
	if o.name != name {
		o.flush(true)
		o.name = name
	}
	o.text = append(o.text, text...)
	if len(o.text) >= streamLimit {
		o.flush(false)
	}
	if len(o.text) > 0 && !o.marked {
		o.marked = true
		o.kernel.flusher.mark(o)
	}
}

// flush publishes what was printed. Unless it is the whole, a character of which only the
// first bytes have come waits for its others.
func (o *output) flush(whole bool) {
	n := len(o.text)
	if !whole && !o.finished {
		n = wholeRunes(o.text)
	}
	if n == 0 {
		return
	}
	// Strings are always JSON, so this cannot fail.
	_ = o.kernel.publish(o.parent, protocol.Stream{Name: o.name, Text: string(o.text[:n])}, nil, nil)
	o.text = append(o.text[:0], o.text[n:]...)
}

// wholeRunes is the length of text without an incomplete character at its end.
func wholeRunes(text []byte) int {
	for i := len(text) - 1; i >= 0 && i >= len(text)-utf8.UTFMax; i-- {
		if utf8.RuneStart(text[i]) {
			if utf8.FullRune(text[i:]) {
				return len(text)
			}
			return i
		}
	}
	return len(text)
}

// flushLate is the flusher's call, when text has waited long enough.
func (o *output) flushLate() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.marked = false
	o.flush(false)
}

// finish publishes everything before the request is answered. Goroutines may print later.
func (o *output) finish() {
	o.kernel.opts.Capture.drain()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flush(true)
	o.text = nil // a goroutine may keep the output for long, but not its buffer
	o.finished = true
}

// flusher publishes text that has waited for flushInterval, for all outputs. It is one
// goroutine, asleep while nothing waits.
type flusher struct {
	wake chan struct{} // holds one value when outputs wait

	mu      sync.Mutex
	waiting []*output
}

// mark says that an output has text that waits. The caller may hold the output's lock:
// the flusher takes that only without holding its own.
func (f *flusher) mark(o *output) {
	f.mu.Lock()
	f.waiting = append(f.waiting, o)
	f.mu.Unlock()
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

func (f *flusher) flush() {
	f.mu.Lock()
	waiting := f.waiting
	f.waiting = nil
	f.mu.Unlock()
	for _, o := range waiting {
		o.flushLate()
	}
}

func (f *flusher) run(ctx context.Context) {
	defer f.flush()
	pause := time.NewTimer(flushInterval)
	defer pause.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-f.wake:
		}
		pause.Reset(flushInterval)
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
			f.flush()
		}
	}
}

// startFlusher starts the flusher; the result ends it, once everything is published.
func (k *Kernel) startFlusher() (end func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { k.flusher.run(ctx) })
	return func() {
		cancel()
		running.Wait()
	}
}
