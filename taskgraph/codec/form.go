package codec

import (
	"encoding"
	"encoding/gob"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
)

// form is how values of a type travel, by themselves.
type form struct {
	kind    formKind
	pointer bool   // it is the pointer's methods that marshal
	why     string // a type is refused
}

type formKind uint8

const (
	plain     formKind = iota // by its contents
	marshaled                 // as it says
	refused
)

var (
	binaryWriter = reflect.TypeFor[encoding.BinaryMarshaler]()
	binaryReader = reflect.TypeFor[encoding.BinaryUnmarshaler]()
	gobWriter    = reflect.TypeFor[gob.GobEncoder]()
	gobReader    = reflect.TypeFor[gob.GobDecoder]()
	textWriter   = reflect.TypeFor[encoding.TextMarshaler]()
	textReader   = reflect.TypeFor[encoding.TextUnmarshaler]()

	// The errors of errors.New and of fmt.Errorf hold text and other errors.
	plainErrors = []reflect.Type{
		reflect.TypeOf(errors.New("")).Elem(),
		reflect.TypeOf(fmt.Errorf("%w", errors.New(""))).Elem(),
		reflect.TypeOf(fmt.Errorf("%w %w", errors.New(""), errors.New(""))).Elem(),
	}
)

// forms remembers what formOf found. It only grows, by one entry for each
// type, and all entries for a type are equal.
var forms sync.Map // reflect.Type -> form

func formOf(t reflect.Type) form {
	if known, ok := forms.Load(t); ok {
		return known.(form)
	}
	f := findForm(t)
	forms.Store(t, f)
	return f
}

func findForm(t reflect.Type) form {
	switch t.Kind() {
	case reflect.Func:
		return form{kind: refused, why: "a function stays in the program that made it"}
	case reflect.Chan:
		return form{kind: refused, why: "a channel connects goroutines of one program"}
	case reflect.UnsafePointer:
		return form{kind: refused, why: "an address means nothing elsewhere"}
	case reflect.Pointer, reflect.Interface:
		return form{}
	}
	if t.Name() == "" {
		return form{}
	}
	for _, pair := range [][2]reflect.Type{{binaryWriter, binaryReader}, {gobWriter, gobReader}} {
		p := reflect.PointerTo(t)
		if p.Implements(pair[0]) && p.Implements(pair[1]) && !promoted(t, pair[0]) {
			return form{kind: marshaled, pointer: !t.Implements(pair[0])}
		}
	}
	if t.Kind() == reflect.Struct && standard(t.PkgPath()) && hides(t) && !slices.Contains(plainErrors, t) {
		if p := reflect.PointerTo(t); p.Implements(textWriter) && p.Implements(textReader) {
			return form{kind: marshaled, pointer: !t.Implements(textWriter)}
		}
		return form{kind: refused, why: fmt.Sprintf("package %s keeps to itself what it holds", t.PkgPath())}
	}
	return form{}
}

// promoted tells whether a struct has such a method from an embedded field,
// which knows nothing of the other fields.
func promoted(t reflect.Type, method reflect.Type) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous && (f.Type.Implements(method) || reflect.PointerTo(f.Type).Implements(method)) {
			return true
		}
	}
	return false
}

func hides(t reflect.Type) bool {
	for i := range t.NumField() {
		if !t.Field(i).IsExported() {
			return true
		}
	}
	return false
}
