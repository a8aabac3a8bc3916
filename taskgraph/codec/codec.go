// Package codec writes Go values as bytes and reads them again, so that they
// can wait on a disk or go to another process.
//
//	codec := codec.New(codec.Local())
//	data, err := codec.Append(nil, value)
//	again, err := codec.Decode(data)
//
// What is read equals what was written: the same types, unexported fields,
// nil slices and maps told from empty ones, several pointers to one variable,
// cycles. A type that writes itself (encoding.BinaryMarshaler, as time.Time
// does, or gob.GobEncoder) is asked to, and so is a type of the standard library that hides
// what it holds and marshals as text, a regular expression.
//
// What has no contents that could travel is refused with the way to it: a
// function, a channel, and what the standard library keeps to itself, an open
// file or a lock:
//
//	element 3, field Log: an os.File cannot travel: ...
//
// Types travel by Types: Local ones are numbered and mean something in this
// process only, a Registry names them.
//
// A Codec may be used by several goroutines at once. The format is for the
// moment, not for keeping: another version of the program may read nothing.
package codec

import (
	"encoding"
	"encoding/binary"
	"encoding/gob"
	"fmt"
	"math"
	"reflect"
	"strings"
)

// Codec writes and reads values.
type Codec struct {
	types Types
}

// New makes a Codec whose types are written as types says.
func New(types Types) *Codec { return &Codec{types} }

// Error says that a value cannot travel.
type Error struct {
	Path string // the way to it inside the value: "element 3, field Log"; may be empty
	Type reflect.Type
	Why  string // a sentence without a capital letter
}

// Error is a sentence that names the way, the type and the reason.
func (e *Error) Error() string {
	name := e.Type.String()
	article := "a "
	if strings.ContainsRune("aeio", rune(name[0])) {
		article = "an "
	}
	msg := article + name + " cannot travel: " + e.Why
	if e.Path != "" {
		return e.Path + ": " + msg
	}
	return msg
}

// in adds a step to the way, from the inside out.
func (e *Error) in(step string) *Error {
	if e == nil {
		return nil
	}
	if e.Path != "" {
		step += ", "
	}
	e.Path = step + e.Path
	return e
}

// Append appends v, with its type, to buf. The error is an *Error, and buf is
// then returned as it was.
func (c *Codec) Append(buf []byte, v any) ([]byte, error) {
	w := writer{c: c, buf: buf, seen: map[visit]uint64{}}
	if bad := w.dynamic(reflect.ValueOf(v)); bad != nil {
		return buf, bad
	}
	return w.buf, nil
}

// visit names a pointer or a map, to write it once.
type visit struct {
	at uintptr
	t  reflect.Type
}

// writer is one writing of a value.
type writer struct {
	c     *Codec
	buf   []byte
	seen  map[visit]uint64
	depth int
}

// deepest is how far values may be nested: beyond it they contain themselves,
// or would overflow the stack.
const deepest = 10_000

func (w *writer) uint(u uint64) { w.buf = binary.AppendUvarint(w.buf, u) }
func (w *writer) int(i int64)   { w.buf = binary.AppendVarint(w.buf, i) }
func (w *writer) text(s string) { w.uint(uint64(len(s))); w.buf = append(w.buf, s...) }
func (w *writer) bytes(b []byte) {
	w.uint(uint64(len(b)))
	w.buf = append(w.buf, b...)
}

// dynamic writes a value with its type, or nothing for nil.
func (w *writer) dynamic(v reflect.Value) *Error {
	if !v.IsValid() {
		w.text("")
		return nil
	}
	if form := formOf(v.Type()); form.kind == refused { // before a Registry says that it does not know it
		return &Error{Type: v.Type(), Why: form.why}
	}
	name, err := w.c.types.Name(v.Type())
	if err != nil {
		return &Error{Type: v.Type(), Why: err.Error()}
	}
	w.text(name)
	return w.value(v)
}

// value writes a value whose type the reader knows.
func (w *writer) value(v reflect.Value) *Error {
	if w.depth++; w.depth > deepest {
		return &Error{Type: v.Type(), Why: "it is nested too deeply, or contains itself"}
	}
	defer func() { w.depth-- }()
	t := v.Type()
	form := formOf(t)
	switch form.kind {
	case marshaled:
		return w.marshaled(v, form)
	case refused:
		if isNil(v) {
			w.uint(0)
			return nil
		}
		return &Error{Type: t, Why: form.why}
	}
	switch v.Kind() {
	case reflect.Bool:
		w.buf = append(w.buf, map[bool]byte{true: 1}[v.Bool()])
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		w.int(v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		w.uint(v.Uint())
	case reflect.Float32, reflect.Float64:
		w.buf = binary.LittleEndian.AppendUint64(w.buf, math.Float64bits(v.Float()))
	case reflect.Complex64, reflect.Complex128:
		c := v.Complex()
		w.buf = binary.LittleEndian.AppendUint64(w.buf, math.Float64bits(real(c)))
		w.buf = binary.LittleEndian.AppendUint64(w.buf, math.Float64bits(imag(c)))
	case reflect.String:
		w.text(v.String())
	case reflect.Interface:
		return w.dynamic(v.Elem())
	case reflect.Pointer:
		if w.again(v) {
			return nil
		}
		return w.value(v.Elem())
	case reflect.Slice:
		return w.slice(v)
	case reflect.Array:
		return w.elements(v)
	case reflect.Map:
		return w.mapping(v)
	default:
		return w.fields(v)
	}
	return nil
}

func (w *writer) marshaled(v reflect.Value, form form) *Error {
	if v.Kind() == reflect.Pointer && v.IsNil() {
		w.uint(0)
		return nil
	}
	w.uint(1)
	if form.pointer {
		p := reflect.New(v.Type())
		p.Elem().Set(v)
		v = p
	}
	var data []byte
	var err error
	switch m := v.Interface().(type) {
	case encoding.BinaryMarshaler:
		data, err = m.MarshalBinary()
	case gob.GobEncoder:
		data, err = m.GobEncode()
	case encoding.TextMarshaler: // of what else hides what it holds
		data, err = m.MarshalText()
	}
	if err != nil {
		return &Error{Type: v.Type(), Why: err.Error()}
	}
	w.bytes(data)
	return nil
}

// again writes what tells whether a pointer or map is nil, new or known, and
// whether that is all.
func (w *writer) again(v reflect.Value) bool {
	if v.IsNil() {
		w.uint(0)
		return true
	}
	at := visit{v.Pointer(), v.Type()}
	if number, known := w.seen[at]; known {
		w.uint(2 + number)
		return true
	}
	w.seen[at] = uint64(len(w.seen))
	w.uint(1)
	return false
}

func (w *writer) slice(v reflect.Value) *Error {
	if v.IsNil() {
		w.uint(0)
		return nil
	}
	w.uint(uint64(v.Len()) + 1)
	return w.elements(v)
}

// elements writes numbers side by side, since there may be millions.
func (w *writer) elements(v reflect.Value) *Error {
	if size := width(v.Type().Elem()); size > 0 {
		w.numbers(v, size)
		return nil
	}
	for i := range v.Len() {
		if bad := w.value(v.Index(i)); bad != nil {
			return bad.in(fmt.Sprintf("element %d", i))
		}
	}
	return nil
}

func (w *writer) mapping(v reflect.Value) *Error {
	if w.again(v) {
		return nil
	}
	w.uint(uint64(v.Len()))
	for it := v.MapRange(); it.Next(); {
		if bad := w.value(it.Key()); bad != nil {
			return bad.in("a key")
		}
		if bad := w.value(it.Value()); bad != nil {
			return bad.in(fmt.Sprintf("key %v", it.Key()))
		}
	}
	return nil
}

func (w *writer) fields(v reflect.Value) *Error {
	if !v.CanAddr() {
		p := reflect.New(v.Type()).Elem()
		p.Set(v)
		v = p
	}
	for i := range v.NumField() {
		if bad := w.value(open(v, i)); bad != nil {
			return bad.in("field " + v.Type().Field(i).Name)
		}
	}
	return nil
}

// open is a field of an addressable struct, which may be read and set also
// when it is not exported: what a value holds is all that it holds.
func open(v reflect.Value, i int) reflect.Value {
	f := v.Field(i)
	if !f.CanInterface() {
		f = reflect.NewAt(f.Type(), f.Addr().UnsafePointer()).Elem()
	}
	return f
}

func isNil(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Func, reflect.Chan, reflect.UnsafePointer, reflect.Interface, reflect.Slice:
		return v.IsNil()
	}
	return false
}

// standard tells whether a package is of the standard library: the first part
// of its path has no dot.
func standard(pkg string) bool {
	first, _, _ := strings.Cut(pkg, "/")
	return pkg != "" && pkg != "main" && !strings.Contains(first, ".")
}
