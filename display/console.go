package display

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
)

// Console is an Output that writes the text of what is shown. When it writes to a
// terminal, an update of the last thing shown rewrites its line; otherwise updates are
// new lines. Use [NewConsole].
type Console struct {
	mu       sync.Mutex
	out, err io.Writer
	terminal func() bool // says whether lines of out can be rewritten
	last     string      // id of the single line that was written last
}

var _ Output = (*Console)(nil)

// NewConsole returns a Console that writes to out, and to err what is meant for stderr.
func NewConsole(out, err io.Writer) *Console {
	return &Console{out: out, err: err, terminal: func() bool { return isTerminal(out) }}
}

// newStandardConsole writes to os.Stdout and os.Stderr, whatever they are at the time.
func newStandardConsole() *Console {
	return &Console{
		out:      writer(func(b []byte) (int, error) { return os.Stdout.Write(b) }),
		err:      writer(func(b []byte) (int, error) { return os.Stderr.Write(b) }),
		terminal: func() bool { return isTerminal(os.Stdout) },
	}
}

type writer func([]byte) (int, error)

func (w writer) Write(b []byte) (int, error) { return w(b) }

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// Stream writes text as it is.
func (c *Console) Stream(name, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = ""
	if name == "stderr" {
		io.WriteString(c.err, text)
		return
	}
	io.WriteString(c.out, text)
}

// Display writes a bundle's text and ends its line.
func (c *Console) Display(b Bundle, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.write(b, id)
}

// Update writes a bundle's text, over the one before where it can.
func (c *Console) Update(b Bundle, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if id != "" && c.last == id && c.terminal() {
		io.WriteString(c.out, "\x1b[1A\x1b[2K") // up a line, and clear it
	}
	c.write(b, id)
}

// Clear does nothing: what a terminal shows may be the user's.
func (c *Console) Clear(wait bool) {}

func (c *Console) write(b Bundle, id string) {
	c.last = ""
	if b.Empty() {
		return
	}
	text, ok := b.Data[MIMEText].(string)
	if !ok {
		text = "something that is no text: " + strings.Join(slices.Sorted(maps.Keys(b.Data)), ", ")
	}
	if !strings.Contains(text, "\n") {
		c.last = id
	}
	fmt.Fprintln(c.out, strings.TrimSuffix(text, "\n"))
}
