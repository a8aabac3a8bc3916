package eval

import (
	"encoding/base64"
	"go/types"
	"reflect"

	"github.com/dagbook/dagbook/display"
)

// HookNames are the methods without parameters by which a type says how it looks.
var HookNames = []string{"MIMEBundle", "HTML", "Markdown", "Latex", "SVG", "PNG", "JPEG", "JSON", "String", "Error"}

// hooked is a value of a type that cells declared, with the methods by which it
// says how it looks: one that compiled code can ask.
type hooked struct {
	value   reflect.Value
	typ     types.Type
	methods map[string]any
}

// mimeOf is the form that a method of that name gives.
var mimeOf = map[string]string{"HTML": display.MIMEHTML, "Markdown": display.MIMEMarkdown, "Latex": display.MIMELatex, "SVG": display.MIMESVG,
	"PNG": display.MIMEPNG, "JPEG": display.MIMEJPEG, "JSON": display.MIMEJSON, "String": display.MIMEText, "Error": display.MIMEText}

// MIMEBundle implements [display.MIMEBundler].
func (h hooked) MIMEBundle() map[string]any {
	out := map[string]any{}
	for _, name := range HookNames {
		f := reflect.ValueOf(h.methods[name])
		if !f.IsValid() || f.Kind() != reflect.Func {
			continue
		}
		v := f.Call(nil)[0].Interface()
		if forms, ok := v.(map[string]any); ok && name == "MIMEBundle" {
			for mime, form := range forms {
				out[mime] = form
			}
			continue
		}
		if file, ok := v.([]byte); ok {
			v = base64.StdEncoding.EncodeToString(file)
		}
		if mime := mimeOf[name]; mime != "" && out[mime] == nil {
			out[mime] = v
		}
	}
	if out[display.MIMEText] == nil {
		out[display.MIMEText] = display.Typed(h.value, types.Default(h.typ)).Data[display.MIMEText]
	}
	return out
}
