package widget

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/dagbook/dagbook/display"
)

// Button describes a button. Style is "success", "info", "warning", "danger", "primary" or
// ""; Icon a name of Font Awesome's.
type Button struct {
	Description, Style, Icon, Tooltip string
	Disabled                          bool
	OnClick                           func()
	Layout                            Layout
	State                             State
}

// ButtonControl is a live button.
type ButtonControl struct {
	*model
	clicks []func() // under model.mu
}

// New makes the widget.
func (w Button) New() *ButtonControl {
	s := State{}
	setIf(s, "button_style", w.Style)
	setIf(s, "icon", w.Icon)
	setIf(s, "tooltip", w.Tooltip)
	b := &ButtonControl{model: newModel("Button", with(s, w.Description, w.Disabled, w.Layout, w.State))}
	if w.OnClick != nil {
		b.OnClick(w.OnClick)
	}
	b.clicked = b.click
	return b
}

func (w Button) widget() *model { return w.New().model }

// OnClick has f called at each click.
func (b *ButtonControl) OnClick(f func()) {
	if f == nil {
		panic(errorf("OnClick needs a function, not nil"))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clicks = append(b.clicks, f)
}

// click takes a message of the front end.
func (b *ButtonControl) click(ctx context.Context, out display.Output, content json.RawMessage) {
	var c struct {
		Event string `json:"event"`
	}
	if err := json.Unmarshal(content, &c); err != nil || c.Event != "click" {
		fail(out, errorf("a button was sent %.60s, which is no click", content))
		return
	}
	b.mu.Lock()
	clicks, set := slices.Clone(b.clicks), b.set
	b.mu.Unlock()
	for _, f := range clicks {
		set.host.Call(ctx, out, f)
	}
}
