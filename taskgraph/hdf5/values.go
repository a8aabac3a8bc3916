package hdf5

import (
	"fmt"
	"math"
	"reflect"
	"strings"
)

// flat returns a new slice for n elements of the type: the type's own elements, arrays
// flattened. A compound becomes a map of columns (see Dataset.ReadAll).
func (t *Datatype) flat(n int) (any, error) {
	if err := t.reason(); err != nil {
		return nil, err
	}
	s := t.scalar()
	k := t.elements()
	if k > 0 && n > math.MaxInt/k {
		return nil, fmt.Errorf("%d elements of %v are more than this machine can count", n, t)
	}
	n *= k
	if s.class == T_COMPOUND {
		return s.flatColumns(n)
	}
	et, err := s.goType()
	if err != nil {
		return nil, err
	}
	switch et.Kind() {
	case reflect.Float64:
		return make([]float64, n), nil
	case reflect.Float32:
		return make([]float32, n), nil
	case reflect.Uint8:
		return make([]uint8, n), nil
	}
	return reflect.MakeSlice(reflect.SliceOf(et), n, n).Interface(), nil
}

func (t *Datatype) flatColumns(n int) (any, error) {
	out := map[string]any{}
	for _, m := range t.members {
		if m.typ.reason() != nil {
			continue // the other fields can be read
		}
		col, err := m.typ.flat(n)
		if err != nil {
			return nil, err
		}
		out[m.name] = col
	}
	return out, nil
}

// goType is the Go type of one element.
func (t *Datatype) goType() (reflect.Type, error) {
	if err := t.reason(); err != nil {
		return nil, err
	}
	switch t.class {
	case T_INTEGER:
		if t.signed {
			return map[int]reflect.Type{1: reflect.TypeFor[int8](), 2: reflect.TypeFor[int16](), 4: reflect.TypeFor[int32](), 8: reflect.TypeFor[int64]()}[t.size], nil
		}
		return map[int]reflect.Type{1: reflect.TypeFor[uint8](), 2: reflect.TypeFor[uint16](), 4: reflect.TypeFor[uint32](), 8: reflect.TypeFor[uint64]()}[t.size], nil
	case T_FLOAT:
		if t.size == 8 {
			return reflect.TypeFor[float64](), nil
		}
		return reflect.TypeFor[float32](), nil
	case T_STRING:
		return reflect.TypeFor[string](), nil
	case T_OPAQUE:
		return reflect.TypeFor[[]byte](), nil
	case T_ENUM:
		if t.IsBool() {
			return reflect.TypeFor[bool](), nil
		}
		return t.base.goType()
	case T_ARRAY:
		base, err := t.base.goType()
		if err != nil {
			return nil, err
		}
		if t.size > 1<<26 {
			return nil, unsupported("arrays of %d bytes as one element", t.size)
		}
		for i := len(t.dims) - 1; i >= 0; i-- {
			base = reflect.ArrayOf(t.dims[i], base)
		}
		return base, nil
	case T_VLEN:
		if t.varString {
			return reflect.TypeFor[string](), nil
		}
		base, err := t.base.goType()
		if err != nil {
			return nil, err
		}
		return reflect.SliceOf(base), nil
	case T_COMPOUND:
		return reflect.TypeFor[map[string]any](), nil
	}
	return nil, unsupported("values of the class %s", t.class)
}

// newSink returns the sink that fills dst: a slice, flat or of one Go value for each
// element, or a map of columns made by flat.
func newSink(t *Datatype, dst any, h *heaps) (sink, error) {
	s := t.scalar()
	if err := s.reason(); err != nil {
		return nil, err
	}
	if out, ok := numberSink(t, dst); ok {
		return out, nil
	}
	switch d := dst.(type) {
	case []string:
		if s.Class() == T_STRING {
			return &stringSink{d, s, t.elements(), h}, nil
		}
	case [][]byte:
		if s.class == T_OPAQUE {
			return &opaqueSink{d, s, t.elements()}, nil
		}
	case map[string]any:
		if s.class == T_COMPOUND {
			return columnSink(t, d, h)
		}
	}
	return newValueSink(t, reflect.ValueOf(dst), h)
}

// columnSink fills a map of columns; an array of compounds counts as its elements.
func columnSink(t *Datatype, dst map[string]any, h *heaps) (sink, error) {
	var out columns
	for _, m := range t.scalar().members {
		col, ok := dst[m.name]
		if !ok {
			continue
		}
		s, err := newSink(m.typ, col, h)
		if err != nil {
			return nil, fmt.Errorf("field %q: %w", m.name, err)
		}
		out = append(out, column{m.offset, s})
	}
	if k := t.elements(); k > 1 {
		return &repeated{out, k, t.scalar().size}, nil
	}
	return out, nil
}

// repeated puts elements that are arrays as so many elements of the inner sink.
type repeated struct {
	inner sink
	per   int
	size  int
}

func (s *repeated) put(at int, src []byte, step, n int) error {
	for i := range n {
		if err := s.inner.put((at+i)*s.per, src[i*step:], s.size, s.per); err != nil {
			return err
		}
	}
	return nil
}

// decoder sets one Go value from the bytes of one element.
type decoder func(v reflect.Value, src []byte) error

// valueSink sets Go values of any form one by one.
type valueSink struct {
	dst    reflect.Value
	size   int
	decode decoder
}

func newValueSink(t *Datatype, dst reflect.Value, h *heaps) (sink, error) {
	if dst.Kind() != reflect.Slice {
		return nil, mismatch(t, dst.Type())
	}
	d, err := newDecoder(t, dst.Type().Elem(), h)
	if err != nil && t.class == T_ARRAY {
		// One Go value for each number of the array, of a type with a name of its own.
		var inner sink
		if inner, err = newValueSink(t.scalar(), dst, h); err == nil {
			return &repeated{inner, t.elements(), t.scalar().size}, nil
		}
	}
	return &valueSink{dst, t.size, d}, err
}

func (s *valueSink) put(at int, src []byte, step, n int) error {
	for i := range n {
		if err := s.decode(s.dst.Index(at+i), src[i*step:][:s.size]); err != nil {
			return err
		}
	}
	return nil
}

func mismatch(t *Datatype, g reflect.Type) error {
	if want, err := t.goType(); err == nil && t.class != T_COMPOUND {
		return fmt.Errorf("its elements are %v, which do not fit into %v: use %v", t, g, want)
	}
	return fmt.Errorf("its elements are %v, which do not fit into %v", t, g)
}

// newDecoder plans how elements of type t become Go values of type g. The plan holds
// no state, so that many goroutines may follow it.
func newDecoder(t *Datatype, g reflect.Type, h *heaps) (decoder, error) {
	if err := t.reason(); err != nil {
		return nil, err
	}
	if g.Kind() == reflect.Interface && g.NumMethod() == 0 {
		return anyDecoder(t, h)
	}
	switch t.class {
	case T_INTEGER, T_ENUM, T_FLOAT:
		return numberDecoder(t, g)
	case T_STRING:
		if g.Kind() == reflect.String {
			return func(v reflect.Value, src []byte) error { v.SetString(t.text(src)); return nil }, nil
		}
	case T_OPAQUE:
		if g.Kind() == reflect.Slice && g.Elem().Kind() == reflect.Uint8 {
			return func(v reflect.Value, src []byte) error { v.SetBytes(append([]byte(nil), src...)); return nil }, nil
		}
	case T_ARRAY:
		return arrayDecoder(t, t.dims, g, h)
	case T_VLEN:
		return sequenceDecoder(t, g, h)
	case T_COMPOUND:
		if g.Kind() == reflect.Struct {
			return structDecoder(t, g, h)
		}
		if g == reflect.TypeFor[map[string]any]() {
			return mapDecoder(t, h)
		}
	}
	return nil, mismatch(t, g)
}

func anyDecoder(t *Datatype, h *heaps) (decoder, error) {
	et, err := t.goType()
	if err != nil {
		return nil, err
	}
	inner, err := newDecoder(t, et, h)
	return func(v reflect.Value, src []byte) error {
		x := reflect.New(et).Elem()
		err := inner(x, src)
		v.Set(x)
		return err
	}, err
}

func numberDecoder(t *Datatype, g reflect.Type) (decoder, error) {
	n := t
	if t.class == T_ENUM {
		n = t.base
	}
	size := int(g.Size())
	switch k := g.Kind(); {
	case k == reflect.Bool && t.IsBool():
		return func(v reflect.Value, src []byte) error { v.SetBool(src[0] != 0); return nil }, nil
	case k == reflect.Int || k >= reflect.Int8 && k <= reflect.Int64 && n.is(T_INTEGER, size, true):
		if n.is(T_INTEGER, 8, true) || k != reflect.Int {
			return func(v reflect.Value, src []byte) error {
				x := n.number(src)
				if v.OverflowInt(x) {
					return fmt.Errorf("the number %d is too large for an %v of this machine", x, g)
				}
				v.SetInt(x)
				return nil
			}, nil
		}
	case k == reflect.Uint || k >= reflect.Uint8 && k <= reflect.Uint64 && n.is(T_INTEGER, size, false):
		if n.is(T_INTEGER, 8, false) || k != reflect.Uint {
			return func(v reflect.Value, src []byte) error {
				x := uint64(n.number(src))
				if v.OverflowUint(x) {
					return fmt.Errorf("the number %d is too large for a %v of this machine", x, g)
				}
				v.SetUint(x)
				return nil
			}, nil
		}
	case (k == reflect.Float32 || k == reflect.Float64) && (n.is(T_FLOAT, size, true) || k == reflect.Float32 && n.is(T_FLOAT, 2, true)):
		return func(v reflect.Value, src []byte) error { v.SetFloat(n.float(src)); return nil }, nil
	}
	return nil, mismatch(t, g)
}

// float is one floating-point number of the type.
func (t *Datatype) float(b []byte) float64 {
	v := uint64(t.number(b))
	switch t.size {
	case 2:
		return float64(half(uint16(v)))
	case 4:
		return float64(math.Float32frombits(uint32(v)))
	}
	return math.Float64frombits(v)
}

// arrayDecoder takes Go arrays of exactly the type's extents, and slices, flat ones for
// the innermost extent.
func arrayDecoder(t *Datatype, dims []int, g reflect.Type, h *heaps) (decoder, error) {
	if len(dims) == 0 {
		return newDecoder(t.base, g, h)
	}
	if g.Kind() != reflect.Slice && (g.Kind() != reflect.Array || g.Len() != dims[0]) {
		return nil, mismatch(t, g)
	}
	inner, err := arrayDecoder(t, dims[1:], g.Elem(), h)
	if err != nil {
		return nil, err
	}
	size := t.base.size * product(dims[1:])
	return func(v reflect.Value, src []byte) error {
		if g.Kind() == reflect.Slice {
			v.Set(reflect.MakeSlice(g, dims[0], dims[0]))
		}
		for i := range dims[0] {
			if err := inner(v.Index(i), src[i*size:][:size]); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

func sequenceDecoder(t *Datatype, g reflect.Type, h *heaps) (decoder, error) {
	if t.varString {
		if g.Kind() != reflect.String {
			return nil, mismatch(t, g)
		}
		return func(v reflect.Value, src []byte) error {
			text, err := h.text(src)
			v.SetString(text)
			return err
		}, nil
	}
	if g.Kind() != reflect.Slice {
		return nil, mismatch(t, g)
	}
	inner, err := newDecoder(t.base, g.Elem(), h)
	size := t.base.size
	return func(v reflect.Value, src []byte) error {
		data, n, err := h.item(src, size)
		if err != nil {
			return err
		}
		out := reflect.MakeSlice(g, n, n)
		for i := range n {
			if err := inner(out.Index(i), data[i*size:][:size]); err != nil {
				return err
			}
		}
		v.Set(out)
		return nil
	}, err
}

// structDecoder fills the fields of a struct that have the name of a field of the
// compound, or whose tag hdf5 says so; others keep what they have.
func structDecoder(t *Datatype, g reflect.Type, h *heaps) (decoder, error) {
	type step struct {
		field  int
		offset int
		size   int
		decode decoder
	}
	var steps []step
	for _, f := range structFields(g) {
		m, ok := t.field(f.name, f.tagged)
		if !ok && f.tagged {
			return nil, fmt.Errorf("the field %s of %v wants %q, and its elements are %v", g.Field(f.index).Name, g, f.name, t)
		}
		if !ok {
			continue
		}
		d, err := newDecoder(m.typ, g.Field(f.index).Type, h)
		if err != nil {
			return nil, fmt.Errorf("field %q: %w", m.name, err)
		}
		steps = append(steps, step{f.index, m.offset, m.typ.size, d})
	}
	if len(steps) == 0 {
		return nil, fmt.Errorf("no field of %v has the name of a field of its elements, which are %v; name them with tags like `hdf5:\"%s\"`", g, t, t.members[0].name)
	}
	return func(v reflect.Value, src []byte) error {
		for _, s := range steps {
			if err := s.decode(v.Field(s.field), src[s.offset:][:s.size]); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// field finds a member by its name; without a tag also when only the case differs, as
// Go's exported fields begin with a capital.
func (t *Datatype) field(name string, exact bool) (member, bool) {
	for _, m := range t.members {
		if m.name == name {
			return m, true
		}
	}
	for _, m := range t.members {
		if !exact && strings.EqualFold(m.name, name) {
			return m, true
		}
	}
	return member{}, false
}

func mapDecoder(t *Datatype, h *heaps) (decoder, error) {
	inner := make([]decoder, len(t.members))
	for i, m := range t.members {
		d, err := anyDecoder(m.typ, h)
		if err != nil {
			continue // the other fields can be read
		}
		inner[i] = d
	}
	return func(v reflect.Value, src []byte) error {
		out := map[string]any{}
		for i, m := range t.members {
			if inner[i] == nil {
				continue
			}
			x := reflect.New(reflect.TypeFor[any]()).Elem()
			if err := inner[i](x, src[m.offset:][:m.typ.size]); err != nil {
				return err
			}
			out[m.name] = x.Interface()
		}
		v.Set(reflect.ValueOf(out))
		return nil
	}, nil
}

// structField is a field of a struct that goes into a file.
type structField struct {
	index  int
	name   string
	tagged bool
	size   int // of a string of fixed length; 0: of any length
}

// structFields are the exported fields of a struct without those tagged "-". A tag is
// `hdf5:"name"` or, for a string of n bytes, `hdf5:"name,size=n"`.
func structFields(g reflect.Type) []structField {
	var out []structField
	for i := range g.NumField() {
		f := g.Field(i)
		tag, options, _ := strings.Cut(f.Tag.Get("hdf5"), ",")
		if !f.IsExported() || tag == "-" {
			continue
		}
		s := structField{index: i, name: f.Name, tagged: tag != ""}
		if s.tagged {
			s.name = tag
		}
		fmt.Sscanf(options, "size=%d", &s.size)
		out = append(out, s)
	}
	return out
}
