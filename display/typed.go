package display

import (
	"fmt"
	"go/types"
	"image"
	"maps"
	"reflect"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// mostText is how many bytes of text a value may show; a front end lays all of it out.
const mostText = 100_000

// Of returns the bundle of a value of a compiled program; nil is shown as "nil".
func Of(x any) Bundle { return Typed(reflect.ValueOf(x), nil) }

// Typed returns the bundle of a value whose static type a cell's checker knows. The names
// of types and fields are taken from t as far as it leads, since an interpreter's values
// have unnamed types whose fields may be called otherwise; inside interfaces, and when t
// is nil, from v. An invalid v is nil. The bundle is empty for values that show nothing.
func Typed(v reflect.Value, t types.Type) Bundle {
	v, t = concrete(v, t)
	if isNil(v) {
		return Text(textForm(v, t))
	}
	b, ok := ownForms(v)
	if !ok {
		b = builtinForms(v, t)
	}
	if ok && b.Empty() || b.Data[MIMEText] != nil || v.Type() == bundleType || v.Type() == reflect.PointerTo(bundleType) {
		return b
	}
	data := map[string]any{MIMEText: textForm(v, t)}
	maps.Copy(data, b.Data) // the map may be the user's
	return Bundle{Data: data, Metadata: b.Metadata}
}

var bundleType = reflect.TypeFor[Bundle]()

// ownForms looks for methods on v and, when only a pointer to its type has them, on one
// to a copy.
func ownForms(v reflect.Value) (Bundle, bool) {
	if !v.CanInterface() {
		return Bundle{}, false
	}
	b, ok := hooked(v.Interface())
	if !ok && hasPointerMethods(v) {
		b, ok = hooked(pointerTo(v))
	}
	return b, ok
}

func hasPointerMethods(v reflect.Value) bool {
	t := v.Type()
	return t.Name() != "" && t.Kind() != reflect.Interface && reflect.PointerTo(t).NumMethod() > t.NumMethod()
}

func pointerTo(v reflect.Value) any {
	p := reflect.New(v.Type())
	p.Elem().Set(v)
	return p.Interface()
}

// builtinForms gives the forms beside text that this package knows: pictures and tables.
func builtinForms(v reflect.Value, t types.Type) Bundle {
	if img, ok := asImage(v); ok {
		return picture(img)
	}
	if tab, ok := tableOf(v, t); ok {
		return Bundle{Data: map[string]any{MIMEText: tab.text(), MIMEHTML: tab.html()}}
	}
	return Bundle{Data: map[string]any{}}
}

func asImage(v reflect.Value) (img image.Image, ok bool) {
	if !v.CanInterface() {
		return nil, false
	}
	if _, region := v.Interface().(image.Rectangle); region { // it has the methods, but stands for a place
		return nil, false
	}
	if img, ok = v.Interface().(image.Image); !ok && hasPointerMethods(v) {
		img, ok = pointerTo(v).(image.Image)
	}
	return img, ok
}

// textForm is how a value looks in text, on its own.
func textForm(v reflect.Value, t types.Type) string {
	if !isNil(v) {
		if text, ok := topText(v); ok {
			return cutText(text)
		}
	}
	p := printer{limit: 20_000}
	p.top(v, t)
	return p.String()
}

// topText is the text of values that are text.
func topText(v reflect.Value) (string, bool) {
	if v.CanInterface() {
		if text, ok := ownText(v.Interface()); ok {
			return text, true
		}
		if hasPointerMethods(v) {
			if text, ok := ownText(pointerTo(v)); ok {
				return text, true
			}
		}
	}
	if v.Kind() == reflect.String {
		return v.String(), true
	}
	return "", false
}

// cutText keeps the start of a long text, whole lines where it can, and makes it UTF-8.
func cutText(s string) string {
	if len(s) <= mostText {
		return strings.ToValidUTF8(s, "\ufffd")
	}
	end := mostText
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	if i := strings.LastIndexByte(s[:end], '\n'); i > end/2 {
		end = i + 1
	}
	return strings.ToValidUTF8(s[:end], "\ufffd") + fmt.Sprintf("… %d more bytes", len(s)-end)
}

// concrete looks through interfaces; behind one, only v knows the type.
func concrete(v reflect.Value, t types.Type) (reflect.Value, types.Type) {
	for v.IsValid() {
		switch {
		case v.Kind() == reflect.Interface:
			v, t = v.Elem(), nil
			continue
		case t != nil && types.IsInterface(t):
			t = nil
			continue
		}
		inner, ok := boxed(v)
		if !ok {
			break
		}
		v, t = inner, nil
	}
	return v, t
}

var reflectValueType = reflect.TypeFor[reflect.Value]()

// boxed opens the struct {..., reflect.Value} in which yaegi keeps a value of an
// interpreted interface type. Its fields are not exported, hence the unsafe look.
func boxed(v reflect.Value) (reflect.Value, bool) {
	t := v.Type()
	if t.Kind() != reflect.Struct || t.Name() != "valueInterface" || t.NumField() != 2 || t.Field(1).Type != reflectValueType || !v.CanInterface() {
		return v, false
	}
	box := reflect.New(t).Elem()
	box.Set(v)
	return *(*reflect.Value)(unsafe.Pointer(box.Field(1).UnsafeAddr())), true
}

func isNil(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan, reflect.Interface, reflect.UnsafePointer:
		return v.IsNil()
	}
	return false
}
