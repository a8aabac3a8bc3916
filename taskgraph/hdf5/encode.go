package hdf5

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
)

// feed gives elements as they are in a file. get encodes n elements from position at on
// into dst, where they are step bytes apart; what lies between them is left alone.
// Several goroutines may get at once.
type feed interface {
	get(at int, dst []byte, step, n int) error
}

// numberFeed is the feed of numbers; see numbers for its fields.
type numberFeed[T any] struct {
	src   []T
	size  int
	big   bool
	per   int
	store func(dst []byte, src []T)
}

func (f *numberFeed[T]) get(at int, dst []byte, step, n int) error {
	src := f.src[at*f.per : (at+n)*f.per]
	if step == f.size*f.per && !f.big {
		f.store(dst, src)
		return nil
	}
	if f.per > 1 {
		one := numberFeed[T]{f.src, f.size, f.big, 1, f.store}
		for i := range n {
			one.get((at+i)*f.per, dst[i*step:], f.size, f.per)
		}
		return nil
	}
	scratch := sideBySide.Get().(*[2048]byte)
	defer sideBySide.Put(scratch)
	for len(src) > 0 {
		k := min(len(src), len(scratch)/f.size)
		f.store(scratch[:], src[:k])
		scatter(dst, scratch[:], step, f.size, k, f.big)
		if src = src[k:]; len(src) > 0 {
			dst = dst[k*step:]
		}
	}
	return nil
}

// scatter is the reverse of gather.
func scatter(dst, src []byte, step, size, n int, big bool) {
	for i := range n {
		from, to := src[i*size:][:size], dst[i*step:][:size]
		if !big {
			copy(to, from)
			continue
		}
		for k := range from {
			to[size-1-k] = from[k]
		}
	}
}

func store8[T int8 | uint8](dst []byte, src []T) {
	dst = dst[:len(src)]
	for i, v := range src {
		dst[i] = byte(v)
	}
}

func store16[T int16 | uint16](dst []byte, src []T) {
	dst = dst[:2*len(src)]
	for i, v := range src {
		binary.LittleEndian.PutUint16(dst[2*i:], uint16(v))
	}
}

func store32[T int32 | uint32](dst []byte, src []T) {
	dst = dst[:4*len(src)]
	for i, v := range src {
		binary.LittleEndian.PutUint32(dst[4*i:], uint32(v))
	}
}

func store64[T int64 | uint64 | int](dst []byte, src []T) {
	dst = dst[:8*len(src)]
	for i, v := range src {
		binary.LittleEndian.PutUint64(dst[8*i:], uint64(v))
	}
}

func storeUint(dst []byte, src []uint) {
	for i, v := range src {
		binary.LittleEndian.PutUint64(dst[8*i:], uint64(v))
	}
}

func storeFloat64(dst []byte, src []float64) {
	dst = dst[:8*len(src)]
	for i, v := range src {
		binary.LittleEndian.PutUint64(dst[8*i:], math.Float64bits(v))
	}
}

func storeFloat32(dst []byte, src []float32) {
	dst = dst[:4*len(src)]
	for i, v := range src {
		binary.LittleEndian.PutUint32(dst[4*i:], math.Float32bits(v))
	}
}

func storeBool(dst []byte, src []bool) {
	for i, v := range src {
		dst[i] = 0
		if v {
			dst[i] = 1
		}
	}
}

// fed returns the feed of a slice of a type of Go's own, nil when the slice is of
// another type, and false when its elements are not those of the file.
func fed(t *Datatype, src any) (feed, bool) {
	s, per := t.scalar(), t.elements()
	switch d := src.(type) {
	case []float64:
		return &numberFeed[float64]{d, 8, s.big, per, storeFloat64}, s.is(T_FLOAT, 8, true)
	case []float32:
		return &numberFeed[float32]{d, 4, s.big, per, storeFloat32}, s.is(T_FLOAT, 4, true)
	case []int8:
		return &numberFeed[int8]{d, 1, false, per, store8[int8]}, s.is(T_INTEGER, 1, true)
	case []uint8:
		return &numberFeed[uint8]{d, 1, false, per, store8[uint8]}, s.is(T_INTEGER, 1, false)
	case []int16:
		return &numberFeed[int16]{d, 2, s.big, per, store16[int16]}, s.is(T_INTEGER, 2, true)
	case []uint16:
		return &numberFeed[uint16]{d, 2, s.big, per, store16[uint16]}, s.is(T_INTEGER, 2, false)
	case []int32:
		return &numberFeed[int32]{d, 4, s.big, per, store32[int32]}, s.is(T_INTEGER, 4, true)
	case []uint32:
		return &numberFeed[uint32]{d, 4, s.big, per, store32[uint32]}, s.is(T_INTEGER, 4, false)
	case []int64:
		return &numberFeed[int64]{d, 8, s.big, per, store64[int64]}, s.is(T_INTEGER, 8, true)
	case []uint64:
		return &numberFeed[uint64]{d, 8, s.big, per, store64[uint64]}, s.is(T_INTEGER, 8, false)
	case []int:
		return &numberFeed[int]{d, 8, s.big, per, store64[int]}, s.is(T_INTEGER, 8, true)
	case []uint:
		return &numberFeed[uint]{d, 8, s.big, per, storeUint}, s.is(T_INTEGER, 8, false)
	case []bool:
		return &numberFeed[bool]{d, 1, false, per, storeBool}, s.IsBool()
	}
	return nil, false
}

// newFeed returns the feed of a slice whose elements are of the type t; values of
// variable length are put into heap.
func newFeed(t *Datatype, src any, heap *heapWriter) (feed, error) {
	if err := t.reason(); err != nil {
		return nil, err
	}
	if out, ok := fed(t, src); ok {
		return out, nil
	}
	if columns, ok := src.(map[string]any); ok && t.class == T_COMPOUND {
		return newColumnsFeed(t, columns, heap)
	}
	return newValueFeed(t, reflect.ValueOf(src), heap)
}

// encodeFunc writes one Go value as one element.
type encodeFunc func(dst []byte, v reflect.Value) error

// valueFeed encodes Go values of any form one by one.
type valueFeed struct {
	src    reflect.Value
	size   int
	per    int
	encode encodeFunc
}

func newValueFeed(t *Datatype, src reflect.Value, heap *heapWriter) (feed, error) {
	if src.Kind() != reflect.Slice {
		return nil, unfit(t, src.Type())
	}
	elem := src.Type().Elem()
	if per := perValue(t, elem); per > 1 {
		e, err := newEncoder(t.scalar(), elem, heap)
		return &valueFeed{src, t.scalar().size, per, e}, err
	}
	e, err := newEncoder(t, elem, heap)
	return &valueFeed{src, t.size, 1, e}, err
}

func (f *valueFeed) get(at int, dst []byte, step, n int) error {
	for i := range n {
		for k := range f.per {
			if err := f.encode(dst[i*step+k*f.size:][:f.size], f.src.Index((at+i)*f.per+k)); err != nil {
				return err
			}
		}
	}
	return nil
}

func unfit(t *Datatype, g reflect.Type) error {
	return fmt.Errorf("values of the type %v do not fit into its elements, which are %v", g, t)
}

// newEncoder plans how Go values of type g become elements of type t.
func newEncoder(t *Datatype, g reflect.Type, heap *heapWriter) (encodeFunc, error) {
	if err := t.reason(); err != nil {
		return nil, err
	}
	switch t.class {
	case T_INTEGER, T_ENUM, T_FLOAT:
		return numberEncoder(t, g)
	case T_STRING:
		if g.Kind() == reflect.String {
			return fixedText(t), nil
		}
	case T_OPAQUE:
		if g.Kind() == reflect.Slice && g.Elem().Kind() == reflect.Uint8 {
			return opaqueBytes(t), nil
		}
	case T_ARRAY:
		return arrayEncoder(t, t.dims, g, heap)
	case T_VLEN:
		return sequenceEncoder(t, g, heap)
	case T_COMPOUND:
		if g.Kind() == reflect.Struct {
			return structEncoder(t, g, heap)
		}
	}
	return nil, unfit(t, g)
}

func fixedText(t *Datatype) encodeFunc {
	return func(dst []byte, v reflect.Value) error {
		text := v.String()
		if room := t.size; len(text) > room || t.padding == padNullTerm && len(text) == room && room > 1 {
			return fmt.Errorf("the text %q has %d bytes and there is room for %d; make the type longer", validText(text), len(text), room)
		}
		n := copy(dst, text)
		clear(dst[n:])
		for i := n; t.padding == padSpace && i < len(dst); i++ {
			dst[i] = ' '
		}
		return nil
	}
}

func opaqueBytes(t *Datatype) encodeFunc {
	return func(dst []byte, v reflect.Value) error {
		if v.Len() != t.size {
			return fmt.Errorf("opaque elements have %d bytes here, and a value has %d", t.size, v.Len())
		}
		copy(dst, v.Bytes())
		return nil
	}
}

func numberEncoder(t *Datatype, g reflect.Type) (encodeFunc, error) {
	n := t
	if t.class == T_ENUM {
		n = t.base
	}
	size := int(g.Size())
	if g.Kind() == reflect.Int || g.Kind() == reflect.Uint {
		size = 8
	}
	var bits func(v reflect.Value) uint64
	switch k := g.Kind(); {
	case k == reflect.Bool && t.IsBool():
		bits = func(v reflect.Value) uint64 {
			if v.Bool() {
				return 1
			}
			return 0
		}
	case k >= reflect.Int && k <= reflect.Int64 && n.is(T_INTEGER, size, true):
		bits = func(v reflect.Value) uint64 { return uint64(v.Int()) }
	case k >= reflect.Uint && k <= reflect.Uint64 && n.is(T_INTEGER, size, false):
		bits = func(v reflect.Value) uint64 { return v.Uint() }
	case k == reflect.Float32 && n.is(T_FLOAT, 4, true):
		bits = func(v reflect.Value) uint64 { return uint64(math.Float32bits(float32(v.Float()))) }
	case k == reflect.Float64 && n.is(T_FLOAT, 8, true):
		bits = func(v reflect.Value) uint64 { return math.Float64bits(v.Float()) }
	default:
		return nil, unfit(t, g)
	}
	return func(dst []byte, v reflect.Value) error {
		x := bits(v)
		for i := range n.size {
			at := i
			if n.big {
				at = n.size - 1 - i
			}
			dst[at] = byte(x >> (8 * i))
		}
		return nil
	}, nil
}

func arrayEncoder(t *Datatype, dims []int, g reflect.Type, heap *heapWriter) (encodeFunc, error) {
	if len(dims) == 0 {
		return newEncoder(t.base, g, heap)
	}
	if g.Kind() != reflect.Slice && (g.Kind() != reflect.Array || g.Len() != dims[0]) {
		return nil, unfit(t, g)
	}
	inner, err := arrayEncoder(t, dims[1:], g.Elem(), heap)
	size := t.base.size * product(dims[1:])
	return func(dst []byte, v reflect.Value) error {
		if v.Len() != dims[0] {
			return fmt.Errorf("an array of %d elements was given where the type has %d", v.Len(), dims[0])
		}
		for i := range dims[0] {
			if err := inner(dst[i*size:][:size], v.Index(i)); err != nil {
				return err
			}
		}
		return nil
	}, err
}

func sequenceEncoder(t *Datatype, g reflect.Type, heap *heapWriter) (encodeFunc, error) {
	if heap == nil {
		return nil, errors.New("values of variable length cannot be written here")
	}
	if t.varString {
		if g.Kind() != reflect.String {
			return nil, unfit(t, g)
		}
		return func(dst []byte, v reflect.Value) error {
			return heap.put(dst, []byte(v.String()), v.Len())
		}, nil
	}
	if g.Kind() != reflect.Slice {
		return nil, unfit(t, g)
	}
	inner, err := newEncoder(t.base, g.Elem(), heap)
	size := t.base.size
	return func(dst []byte, v reflect.Value) error {
		b := make([]byte, v.Len()*size)
		for i := range v.Len() {
			if err := inner(b[i*size:][:size], v.Index(i)); err != nil {
				return err
			}
		}
		return heap.put(dst, b, v.Len())
	}, err
}

// structEncoder writes every field of the compound; a struct without one of them does
// not fit.
func structEncoder(t *Datatype, g reflect.Type, heap *heapWriter) (encodeFunc, error) {
	type step struct {
		field, offset, size int
		encode              encodeFunc
	}
	var steps []step
	seen := map[string]bool{}
	for _, f := range structFields(g) {
		m, ok := t.field(f.name, f.tagged)
		if !ok {
			continue
		}
		e, err := newEncoder(m.typ, g.Field(f.index).Type, heap)
		if err != nil {
			return nil, fmt.Errorf("field %q: %w", m.name, err)
		}
		seen[m.name] = true
		steps = append(steps, step{f.index, m.offset, m.typ.size, e})
	}
	for _, m := range t.members {
		if !seen[m.name] {
			return nil, fmt.Errorf("%v has no field for %q of its elements, which are %v", g, m.name, t)
		}
	}
	return func(dst []byte, v reflect.Value) error {
		for _, s := range steps {
			if err := s.encode(dst[s.offset:][:s.size], v.Field(s.field)); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// newOrigin makes a slice of what the user gave to write n elements of type t: a slice
// or a pointer to one, arrays of arrays, or a single value; for records also a map of columns.
func newOrigin(t *Datatype, n int, data any) (any, error) {
	if columns, ok := data.(map[string]any); ok && t.class == T_COMPOUND {
		return columnsOrigin(t, n, columns)
	}
	v := reflect.ValueOf(data)
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if !v.IsValid() || v.Kind() == reflect.Pointer {
		return nil, errors.New("there is nothing to write: give a slice or a value")
	}
	if v.Kind() == reflect.Slice && !(n == 1 && (t.class == T_OPAQUE || t.class == T_VLEN || t.class == T_ARRAY) && perValue(t, v.Type().Elem()) == 1 && fits(t, v.Type())) {
		want := n * perValue(t, v.Type().Elem())
		if v.Len() < want {
			return nil, fmt.Errorf("%d values are needed and the slice has %d", want, v.Len())
		}
		return v.Slice(0, want).Interface(), nil
	}
	elem, length := v.Type(), 1
	for elem.Kind() == reflect.Array && (t.class != T_ARRAY || arrayDepth(elem) > len(t.dims)) {
		length *= elem.Len()
		elem = elem.Elem()
	}
	if length != n {
		return nil, fmt.Errorf("%d values are needed, and a %v has %d", n, v.Type(), length)
	}
	flat := reflect.MakeSlice(reflect.SliceOf(elem), length, length)
	i := 0
	spread(v, elem, func(x reflect.Value) { flat.Index(i).Set(x); i++ })
	return flat.Interface(), nil
}

// fits reports whether one Go value of type g is one element.
func fits(t *Datatype, g reflect.Type) bool {
	_, err := newEncoder(t, g, &heapWriter{})
	return err == nil
}
