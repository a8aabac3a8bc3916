package display

// Bundle is a value in all the forms in which it can be shown, from which a
// front end takes the richest that it knows.
type Bundle struct {
	// Data maps a MIME type to the value in that form: a string for text types
	// and for base64-encoded pictures, anything that encodes as JSON otherwise.
	Data map[string]any
	// Metadata says more about a form, such as a picture's size; it may be nil.
	Metadata map[string]any
}

// MIME types that front ends show.
const (
	MIMEText       = "text/plain"
	MIMEHTML       = "text/html"
	MIMEMarkdown   = "text/markdown"
	MIMELatex      = "text/latex"
	MIMESVG        = "image/svg+xml"
	MIMEPNG        = "image/png"
	MIMEJPEG       = "image/jpeg"
	MIMEJSON       = "application/json"
	MIMEJavaScript = "application/javascript"
	MIMEVegaLite   = "application/vnd.vegalite.v5+json"
)

// Text returns a bundle of plain text.
func Text(s string) Bundle { return Bundle{Data: map[string]any{MIMEText: s}} }

// Empty reports whether there is nothing to show.
func (b Bundle) Empty() bool { return len(b.Data) == 0 }

// Output is where a cell's output goes. A kernel implements it for a request,
// Console for a terminal. Its methods may be called from any goroutine.
type Output interface {
	// Stream writes text to "stdout" or "stderr".
	Stream(name, text string)
	// Display shows a bundle. With a non-empty id it can be replaced later.
	Display(b Bundle, id string)
	// Update replaces what Display showed under the id, wherever it stands.
	Update(b Bundle, id string)
	// Clear removes the cell's output so far; with wait, when the next output comes.
	Clear(wait bool)
}
