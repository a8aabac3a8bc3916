package codec

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"math/big"
	"net/netip"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// Types says how types are written: by a name that Type finds again.
type Types interface {
	Name(t reflect.Type) (string, error)
	Type(name string) (reflect.Type, error)
}

// Local names types by numbers, for values that stay in the process. It knows
// all types.
func Local() Types { return &local{numbers: map[reflect.Type]int{}} }

type local struct {
	mu      sync.Mutex
	numbers map[reflect.Type]int
	types   []reflect.Type
}

func (l *local) Name(t reflect.Type) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, ok := l.numbers[t]
	if !ok {
		n = len(l.types)
		l.numbers[t] = n
		l.types = append(l.types, t)
	}
	return strconv.Itoa(n), nil
}

func (l *local) Type(name string) (reflect.Type, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, err := strconv.Atoi(name)
	if err != nil || n < 0 || n >= len(l.types) {
		return nil, errShort
	}
	return l.types[n], nil
}

// Registry names types for other processes: those without a name by what they
// are made of, those with one by package and name, which both sides must have
// registered. It knows Go's own types and some of the standard library's. It
// may be used by several goroutines at once.
type Registry struct {
	mu    sync.Mutex
	named map[string]reflect.Type
	seen  map[reflect.Type]bool
	more  Types
}

// With makes a Registry that asks more about the named types that it does not
// know: those of a program that goes on declaring some.
func With(more Types) *Registry {
	r := NewRegistry()
	r.more = more
	return r
}

// NewRegistry makes a Registry.
func NewRegistry() *Registry {
	r := &Registry{named: map[string]reflect.Type{}, seen: map[reflect.Type]bool{}}
	for _, t := range []reflect.Type{
		reflect.TypeFor[bool](), reflect.TypeFor[string](), reflect.TypeFor[int](), reflect.TypeFor[int8](), reflect.TypeFor[int16](), reflect.TypeFor[int32](),
		reflect.TypeFor[int64](), reflect.TypeFor[uint](), reflect.TypeFor[uint8](), reflect.TypeFor[uint16](), reflect.TypeFor[uint32](), reflect.TypeFor[uint64](),
		reflect.TypeFor[uintptr](), reflect.TypeFor[float32](), reflect.TypeFor[float64](), reflect.TypeFor[complex64](), reflect.TypeFor[complex128](),
		reflect.TypeFor[error](), reflect.TypeFor[time.Time](), reflect.TypeFor[time.Duration](), reflect.TypeFor[time.Month](), reflect.TypeFor[time.Weekday](),
		reflect.TypeFor[big.Int](), reflect.TypeFor[big.Float](), reflect.TypeFor[big.Rat](), reflect.TypeFor[url.URL](), reflect.TypeFor[url.Values](),
		reflect.TypeFor[netip.Addr](), reflect.TypeFor[fs.FileMode](), reflect.TypeFor[strconv.NumError](),
		reflect.TypeFor[regexp.Regexp](),
	} {
		r.Add(t)
	}
	for _, t := range plainErrors {
		r.Add(t)
	}
	return r
}

// Add registers a type and all types that it is made of.
func (r *Registry) Add(t reflect.Type) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.add(t)
}

func (r *Registry) add(t reflect.Type) {
	if r.seen[t] {
		return
	}
	r.seen[t] = true
	if t.Name() != "" {
		r.named[fullName(t)] = t
	}
	switch t.Kind() {
	case reflect.Map:
		r.add(t.Key())
		r.add(t.Elem())
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Chan:
		r.add(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			r.add(t.Field(i).Type)
		}
	case reflect.Func:
		for i := range t.NumIn() {
			r.add(t.In(i))
		}
		for i := range t.NumOut() {
			r.add(t.Out(i))
		}
	}
}

func fullName(t reflect.Type) string {
	if t.PkgPath() == "" {
		return t.Name()
	}
	return t.PkgPath() + "." + t.Name()
}

// The first byte of a written type.
const (
	byName    = 'n'
	byMore    = 'o'
	pointerTo = '*'
	sliceOf   = '['
	arrayOf   = 'a'
	mapOf     = 'm'
	structOf  = 's'
	anything  = 'i'
)

// Name writes a type. Its error is a sentence.
func (r *Registry) Name(t reflect.Type) (string, error) {
	buf, err := r.append(nil, t)
	return string(buf), err
}

func (r *Registry) append(buf []byte, t reflect.Type) ([]byte, error) {
	if t.Name() != "" {
		r.mu.Lock()
		known := r.named[fullName(t)]
		r.mu.Unlock()
		if known != t && r.more != nil {
			name, err := r.more.Name(t)
			return appendText(append(buf, byMore), name), err
		}
		if known != t {
			return buf, fmt.Errorf("the type %v is not registered: other processes do not know it", t)
		}
		return appendText(append(buf, byName), fullName(t)), nil
	}
	switch t.Kind() {
	case reflect.Pointer:
		return r.append(append(buf, pointerTo), t.Elem())
	case reflect.Slice:
		return r.append(append(buf, sliceOf), t.Elem())
	case reflect.Array:
		return r.append(binary.AppendUvarint(append(buf, arrayOf), uint64(t.Len())), t.Elem())
	case reflect.Map:
		buf, err := r.append(append(buf, mapOf), t.Key())
		if err != nil {
			return buf, err
		}
		return r.append(buf, t.Elem())
	case reflect.Struct:
		return r.appendStruct(buf, t)
	case reflect.Interface:
		if t.NumMethod() == 0 {
			return append(buf, anything), nil
		}
	}
	return buf, fmt.Errorf("the type %v has no name", t)
}

func (r *Registry) appendStruct(buf []byte, t reflect.Type) (_ []byte, err error) {
	buf = binary.AppendUvarint(append(buf, structOf), uint64(t.NumField()))
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			return buf, fmt.Errorf("the type %v has embedded fields and no name", t)
		}
		buf = appendText(appendText(appendText(buf, f.Name), f.PkgPath), string(f.Tag))
		if buf, err = r.append(buf, f.Type); err != nil {
			return buf, err
		}
	}
	return buf, nil
}

func appendText(buf []byte, s string) []byte {
	return append(binary.AppendUvarint(buf, uint64(len(s))), s...)
}

// Type finds a type by what Name wrote.
func (r *Registry) Type(name string) (reflect.Type, error) {
	p := reader{data: []byte(name)}
	t, err := r.read(&p)
	if err == nil && len(p.data) > 0 {
		err = errShort
	}
	return t, err
}

func (r *Registry) read(p *reader) (reflect.Type, error) {
	if p.depth++; p.depth > 100 {
		return nil, errShort
	}
	kind, err := p.take(1)
	if err != nil {
		return nil, err
	}
	switch kind[0] {
	case anything:
		return reflect.TypeFor[any](), nil
	case byName:
		return r.readNamed(p)
	case byMore:
		return r.readMore(p)
	case structOf:
		return r.readStruct(p)
	}
	var n uint64
	if kind[0] == arrayOf {
		if n, err = p.uint(); err != nil || n > 1<<30 {
			return nil, errShort
		}
	}
	elem, err := r.read(p)
	if err != nil {
		return nil, err
	}
	switch kind[0] {
	case pointerTo:
		return reflect.PointerTo(elem), nil
	case sliceOf:
		return reflect.SliceOf(elem), nil
	case arrayOf:
		return reflect.ArrayOf(int(n), elem), nil
	case mapOf:
		value, err := r.read(p)
		if err != nil || !elem.Comparable() {
			return nil, errShort
		}
		return reflect.MapOf(elem, value), nil
	}
	return nil, errShort
}

func (r *Registry) readNamed(p *reader) (reflect.Type, error) {
	name, err := p.bytes()
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if t := r.named[string(name)]; t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("the type %s is not known in this process: register a function or a value that has it", name)
}

func (r *Registry) readMore(p *reader) (reflect.Type, error) {
	name, err := p.bytes()
	if err != nil {
		return nil, err
	}
	if r.more == nil {
		return nil, errShort
	}
	return r.more.Type(string(name))
}

func (r *Registry) readStruct(p *reader) (_ reflect.Type, err error) {
	defer func() {
		if recover() != nil { // reflect.StructOf refuses wrong names by a panic
			err = errShort
		}
	}()
	n, err := p.uint()
	if err != nil || n > uint64(len(p.data)) {
		return nil, errShort
	}
	fields := make([]reflect.StructField, n)
	for i := range fields {
		var texts [3]string
		for j := range texts {
			b, err := p.bytes()
			if err != nil {
				return nil, err
			}
			texts[j] = string(b)
		}
		t, err := r.read(p)
		if err != nil {
			return nil, err
		}
		fields[i] = reflect.StructField{Name: texts[0], PkgPath: texts[1], Tag: reflect.StructTag(texts[2]), Type: t}
	}
	return reflect.StructOf(fields), nil
}
