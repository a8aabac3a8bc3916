// Package widget shows controls in a notebook: sliders, fields, lists, buttons, pictures, and
// functions that are called whenever a person moves one.
//
//	widget.Interact(func(i int) image.Image { return frames[i] }, widget.IntSlider{Max: len(frames) - 1});
//
// [Set.Interact], which a notebook has as widget.Interact, makes a widget for each parameter.
// It takes descriptions such as [IntSlider], live widgets, and what stands for a widget:
//
//	widget.Interact(func(x float64, invert bool, name string) string { ... },
//		widget.Range(0, 1, 0.1), false, []string{"sin", "cos"});
//
// # Descriptions and live widgets
//
// A description is a plain struct. Its zero fields mean the defaults of ipywidgets, and what
// it has no field for goes into State, by the names that ipywidgets uses:
//
//	widget.IntSlider{Max: 9, State: widget.State{"handle_color": "red"}}
//
// Shown, each description makes a widget of its own. New makes one that is kept: it has a
// value that code can read, set and watch, and wherever it is shown it is the same one.
//
//	s := widget.IntSlider{Max: 9}.New()
//	s.OnChange(func(v int) { fmt.Println(v) })
//	widget.VBox(s, widget.Label{Value: "a slider"})
//	s.Set(4)
//
// # In the notebook and beside it
//
// A widget has two halves that are kept equal by messages on a comm: a model here, and one in
// each page that shows it. The models are those of ipywidgets 8, so that JupyterLab's and
// nbconvert's own scripts draw them; models.json holds what they consist of. What a widget
// calls runs like a cell: an interrupt ends it, a panic is shown and the widgets go on. It
// waits as long as a cell runs.
//
// A [Set] is the widgets of a session. It needs a [Host], which a kernel implements.
//
// The rule of concurrency: live widgets and sets may be used from any goroutine. The functions
// that watch a widget are called on the goroutine that changes it.
package widget
