package display

import "crypto/rand"

// Displayer shows values on an output that it asks for each time, since in a notebook
// the output is another one for each cell. Its methods may be called from any goroutine.
type Displayer struct {
	current func() Output
	form    func(any) (Bundle, bool)
}

// New returns a Displayer. current is called for everything shown, on the goroutine that
// shows it, and must not return nil.
func New(current func() Output) *Displayer { return &Displayer{current: current} }

// With returns a Displayer for which form says how values look that belong to a session,
// such as widgets; false as its second result, or a nil form, means: as [Of] has it.
func (d *Displayer) With(form func(v any) (b Bundle, ok bool)) *Displayer {
	return &Displayer{current: d.current, form: form}
}

// of is how a value looks here.
func (d *Displayer) of(x any) Bundle {
	if d.form != nil {
		if b, ok := d.form(x); ok {
			return b
		}
	}
	return Of(x)
}

// Handle stands for something shown that can be replaced. As a cell's last value it
// shows nothing.
type Handle struct {
	displayer *Displayer
	id        string
}

// Show shows a value between a cell's outputs. The result can replace it later.
func (d *Displayer) Show(x any) *Handle {
	h := &Handle{displayer: d, id: rand.Text()}
	d.current().Display(d.of(x), h.id)
	return h
}

// Update shows another value in the place of the one before, wherever it stands.
func (h *Handle) Update(x any) { h.displayer.current().Update(h.displayer.of(x), h.id) }

// Clear removes the output of the cell so far; with wait, when the next output comes,
// which does not flicker.
func (d *Displayer) Clear(wait bool) { d.current().Clear(wait) }

// terminal shows on the standard streams. It never changes.
var terminal = onTerminal()

func onTerminal() *Displayer {
	console := newStandardConsole()
	return New(func() Output { return console })
}

// Show shows a value on standard output, in a notebook between the cell's outputs. The
// result can replace it later.
func Show(x any) *Handle { return terminal.Show(x) }

// Clear removes the output of the cell so far; with wait, when the next output comes,
// which does not flicker. In a terminal it clears nothing.
func Clear(wait bool) { terminal.Clear(wait) }
