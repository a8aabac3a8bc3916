package display

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	stdpng "image/png"
	"reflect"
	"strings"

	"github.com/dagbook/dagbook/display/png"
)

// HTML returns a bundle that shows a piece of HTML as it is. As text it is what stands
// between the tags.
func HTML(source string) Bundle {
	return Bundle{Data: map[string]any{MIMEHTML: source, MIMEText: cutText(withoutTags(source))}}
}

// Markdown returns a bundle that shows Markdown.
func Markdown(source string) Bundle {
	return Bundle{Data: map[string]any{MIMEMarkdown: source, MIMEText: cutText(source)}}
}

// Math returns a bundle that shows a formula in LaTeX on a line of its own. Dollar signs
// around it may be left out.
func Math(source string) Bundle {
	source = strings.TrimSpace(source)
	if !strings.HasPrefix(source, "$") && !strings.HasPrefix(source, `\begin`) {
		source = `$\displaystyle ` + source + "$"
	}
	return Bundle{Data: map[string]any{MIMELatex: source, MIMEText: cutText(source)}}
}

// SVG returns a bundle that shows a picture, a complete <svg> element.
func SVG(source string) Bundle {
	return Bundle{Data: map[string]any{MIMESVG: source, MIMEText: fmt.Sprintf("SVG picture, %d bytes", len(source))}}
}

// JavaScript returns a bundle that the front end runs, where it does so at all.
func JavaScript(source string) Bundle {
	return Bundle{Data: map[string]any{MIMEJavaScript: source, MIMEText: fmt.Sprintf("JavaScript, %d bytes", len(source))}}
}

// JSON returns a bundle with the value's form in JSON, for front ends that browse it. A
// string or []byte that holds JSON is taken as it is. For a value that encoding/json
// cannot encode the bundle is text that says why.
func JSON(x any) Bundle { return jsonForm(MIMEJSON, x) }

// VegaLite returns a bundle that shows a chart. spec is a Vega-Lite specification as
// JSON in a string or []byte, or a value that encodes as one.
func VegaLite(spec any) Bundle { return jsonForm(MIMEVegaLite, spec) }

func jsonForm(mime string, x any) Bundle {
	raw := rawJSON(x)
	if raw == nil {
		v := encoded(x)
		text, failed := v.(string)
		if failed {
			return Text(text)
		}
		raw = v.(json.RawMessage)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, raw, "", "  "); err != nil {
		return Text("this is no JSON: " + err.Error())
	}
	return Bundle{Data: map[string]any{mime: raw, MIMEText: cutText(indented.String())}}
}

// rawJSON is x itself when it holds JSON already.
func rawJSON(x any) json.RawMessage {
	switch x := x.(type) {
	case json.RawMessage:
		return x
	case []byte:
		if json.Valid(x) {
			return x
		}
	case string:
		if json.Valid([]byte(x)) {
			return json.RawMessage(x)
		}
	}
	return nil
}

// encoded is x as a json.RawMessage or, when it has no such form, a string that says so.
// Encoding happens here and not when the bundle is sent, where nobody could tell.
func encoded(x any) any {
	v, err := call(x, "MarshalJSON", func() any {
		raw, err := json.Marshal(x)
		if err != nil {
			return "this value has no form in JSON: " + err.Error()
		}
		return json.RawMessage(raw)
	})
	if err != nil {
		return err.Error()
	}
	return v
}

// PNG returns a bundle that shows the bytes of a PNG file, or text when they are none.
func PNG(file []byte) Bundle {
	c, err := stdpng.DecodeConfig(bytes.NewReader(file))
	return pictureFile(MIMEPNG, "PNG", file, c, err)
}

// JPEG returns a bundle that shows the bytes of a JPEG file, or text when they are none.
func JPEG(file []byte) Bundle {
	c, err := jpeg.DecodeConfig(bytes.NewReader(file))
	return pictureFile(MIMEJPEG, "JPEG", file, c, err)
}

func pictureFile(mime, name string, file []byte, c image.Config, err error) Bundle {
	if err != nil {
		return Text(fmt.Sprintf("these %d bytes are no %s picture: %v", len(file), name, err))
	}
	return Bundle{
		Data: map[string]any{
			mime:     base64.StdEncoding.EncodeToString(file),
			MIMEText: fmt.Sprintf("%s picture, %dx%d", name, c.Width, c.Height),
		},
		Metadata: map[string]any{mime: map[string]any{"width": c.Width, "height": c.Height}},
	}
}

// EncodePNG returns the bytes of a PNG file with an image. Speed comes before size: it is
// shown once, on this machine. The error says what is wrong with the image: nil, empty, or
// with methods that panic.
func EncodePNG(img image.Image) ([]byte, error) {
	if img == nil {
		return nil, errors.New("a nil image.Image cannot be shown")
	}
	v, err := call(img, "Bounds, ColorModel or At", func() any {
		file, err := png.Encode(img)
		if err != nil {
			return fmt.Errorf("%s cannot be shown: %w", reflectName(reflect.TypeOf(img)), err)
		}
		return file
	})
	if err != nil {
		return nil, err
	}
	if err, ok := v.(error); ok {
		return nil, err
	}
	return v.([]byte), nil
}

// picture is an image as PNG.
func picture(img image.Image) Bundle {
	file, err := EncodePNG(img)
	if err != nil {
		return Text(err.Error())
	}
	c, err := stdpng.DecodeConfig(bytes.NewReader(file))
	b := pictureFile(MIMEPNG, "PNG", file, c, err)
	b.Data[MIMEText] = fmt.Sprintf("%s, %dx%d", reflectName(reflect.TypeOf(img)), c.Width, c.Height)
	return b
}

// withoutTags is a rough text of a piece of HTML, for terminals. No more of it is read
// than what is shown: pages of many megabytes are meant for browsers.
func withoutTags(s string) string {
	var b strings.Builder
	for s != "" && b.Len() <= mostText {
		text, rest, tag := strings.Cut(s, "<")
		b.WriteString(text[:min(len(text), mostText+1)])
		if !tag {
			break
		}
		_, s, _ = strings.Cut(rest, ">")
	}
	entities := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#34;", `"`, "&quot;", `"`, "&#39;", "'", "&nbsp;", " ", "&amp;", "&")
	return strings.TrimSpace(entities.Replace(b.String()))
}
