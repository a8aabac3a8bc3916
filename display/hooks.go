package display

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"strings"
	"text/tabwriter"
	"time"
)

// MIMEBundler is a type that gives all its forms itself: MIME type to text, base64 text
// for pictures, or what encodes as JSON. An empty map shows nothing. With a second
// result, MIMEBundle() (data, metadata map[string]any), it gives metadata too.
type MIMEBundler interface{ MIMEBundle() map[string]any }

type metadataBundler interface {
	MIMEBundle() (data, metadata map[string]any)
}

// HTMLer is a type with a form in HTML, which is trusted: use [Escape] in it.
type HTMLer interface{ HTML() string }

// Markdowner is a type with a form in Markdown.
type Markdowner interface{ Markdown() string }

// Latexer is a type with a form in LaTeX, its dollar signs included.
type Latexer interface{ Latex() string }

// SVGer is a type that draws itself as a complete <svg> element.
type SVGer interface{ SVG() string }

// PNGer is a type with a picture, the bytes of a PNG file.
type PNGer interface{ PNG() []byte }

// JPEGer is a type with a picture, the bytes of a JPEG file.
type JPEGer interface{ JPEG() []byte }

// JSONer is a type with a form for front ends that browse JSON; encoding/json encodes it.
type JSONer interface{ JSON() any }

// matrix is a table of numbers, as gonum's mat.Matrix.
type matrix interface {
	Dims() (rows, columns int)
	At(row, column int) float64
}

// mostMatrix is how many rows and columns of a matrix are shown.
const mostMatrix = 30

// matrixText lays a matrix out as text, cut to what is shown.
func matrixText(m matrix) string {
	rows, cols := m.Dims()
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	for i := range min(rows, mostMatrix) {
		for j := range min(cols, mostMatrix) {
			fmt.Fprintf(w, "%.5g\t", m.At(i, j))
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	if rows > mostMatrix || cols > mostMatrix {
		fmt.Fprintf(&b, "… of %d rows and %d columns\n", rows, cols)
	}
	return strings.TrimRight(b.String(), "\n")
}

// hooked returns the forms that a value's own methods give: false when it has no method
// for any form but text.
func hooked(x any) (Bundle, bool) {
	switch x := x.(type) {
	case Bundle:
		return x, true
	case *Bundle:
		return *x, true
	case *Handle:
		return Bundle{}, true // what it stands for is shown already
	case MIMEBundler:
		return guarded(x, func() Bundle { return Bundle{Data: x.MIMEBundle()} }), true
	case metadataBundler:
		return guarded(x, func() Bundle { d, m := x.MIMEBundle(); return Bundle{Data: d, Metadata: m} }), true
	}
	data := map[string]any{}
	rich(x, data)
	return Bundle{Data: data}, len(data) > 0
}

// rich fills in every form that x has a method for. One that panics shows its sentence
// in its place as text.
func rich(x any, data map[string]any) {
	add := func(mime, method string, form func() any) {
		v, err := call(x, method, form)
		if err != nil {
			data[MIMEText] = err.Error()
			return
		}
		data[mime] = v
	}
	if h, ok := x.(HTMLer); ok {
		add(MIMEHTML, "HTML", func() any { return h.HTML() })
	}
	if h, ok := x.(Markdowner); ok {
		add(MIMEMarkdown, "Markdown", func() any { return h.Markdown() })
	}
	if h, ok := x.(Latexer); ok {
		add(MIMELatex, "Latex", func() any { return h.Latex() })
	}
	if h, ok := x.(SVGer); ok {
		add(MIMESVG, "SVG", func() any { return h.SVG() })
	}
	if h, ok := x.(PNGer); ok {
		add(MIMEPNG, "PNG", func() any { return base64.StdEncoding.EncodeToString(h.PNG()) })
	}
	if h, ok := x.(JPEGer); ok {
		add(MIMEJPEG, "JPEG", func() any { return base64.StdEncoding.EncodeToString(h.JPEG()) })
	}
	if h, ok := x.(JSONer); ok {
		add(MIMEJSON, "JSON", func() any { return encoded(h.JSON()) })
	}
}

func guarded(x any, form func() Bundle) Bundle {
	v, err := call(x, "MIMEBundle", func() any { return form() })
	if err != nil {
		return Text(err.Error())
	}
	return v.(Bundle)
}

// call runs a method of a user's type. Its panic is an error that names the method.
func call(x any, method string, f func() any) (v any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s() of %s panicked: %s", method, reflectName(reflect.TypeOf(x)), panicText(p))
		}
	}()
	return f(), nil
}

// panicText says what a panic's value says, which may panic in turn.
func panicText(p any) (text string) {
	defer func() {
		if recover() != nil {
			text = fmt.Sprintf("a %T that panics as well", p)
		}
	}()
	if err, ok := p.(error); ok {
		return err.Error()
	}
	return fmt.Sprint(p)
}

// ownText returns the text that a value's own method gives: Error or String.
func ownText(x any) (string, bool) {
	switch x := x.(type) {
	case time.Time:
		return x.Round(0).String(), true // without the monotonic clock
	case reflect.Value, reflect.Type:
		return fmt.Sprint(x), true
	case error:
		return textOf(x, "Error", x.Error), true
	case fmt.Stringer:
		return textOf(x, "String", x.String), true
	case matrix:
		return textOf(x, "At", func() string { return matrixText(x) }), true
	}
	return "", false
}

func textOf(x any, method string, f func() string) string {
	v, err := call(x, method, func() any { return f() })
	if err != nil {
		return err.Error()
	}
	return v.(string)
}
