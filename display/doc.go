// Package display says how a Go value looks in a notebook and where it is shown.
//
//	display.Show(img)                        // any value; images become pictures
//	display.Show(display.Markdown("*bold*")) // text in a form of its own
//	h := display.Show("working")             // a display that changes:
//	h.Update("done")
//	for i, name := range display.Progress(files) { ... } // a bar
//
// The types:
//
//   - [Bundle] is a value in all the forms in which it can be shown, a MIME type to
//     each. [Of] makes the bundle of a value; [Typed] does when the value comes from an
//     interpreter and only a checker knows its type. [HTML], [Markdown], [Math], [JSON],
//     [SVG], [PNG], [JPEG], [VegaLite] and [JavaScript] make bundles of one form.
//   - [Output] is where a cell prints and shows; a kernel implements it for a request,
//     [Console] for a terminal.
//   - [Displayer] shows values on an output that it asks for each time: a session of a
//     notebook has its own, the package's functions use one on the terminal.
//   - [Handle] is something shown that can be replaced, [Bar] is how far a loop is.
//
// # How values look
//
// As fmt's %v, and where that hides what one wants to see, as Go source: strings inside
// other values are quoted, structs carry their type and their fields' names, nil carries
// its type. A string on its own is its text.
//
//	[1 2 3]   map["a":1 "b":2]   P{X: 1, Name: "a"}   &P{X: 1, Name: "b"}   (*P)(nil)
//
// Long values are cut, and say how much is left out. A slice or map of structs is a table
// as well, an image.Image a picture, an error its sentence.
//
// A type decides for itself by having one or more of the methods of [MIMEBundler],
// [HTMLer], [Markdowner], [Latexer], [SVGer], [PNGer], [JPEGer], [JSONer] and
// fmt.Stringer. A method that panics costs only its own form, which then says so.
//
// Everything that comes from a value goes through [Escape] before it stands in HTML or
// SVG; only what HTML, SVG and JavaScript are given, and what a type's own methods
// return, is taken as it is.
//
// The rule of concurrency: displayers, handles, bars and consoles may be used from any
// goroutine; no goroutine is started here.
package display
