package codec

import (
	"encoding"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"math"
	"reflect"
)

// errShort says that the data ends too early, or was never written by Append.
var errShort = errors.New("codec: the data is damaged")

// Decode reads one value, which must be all of data.
func (c *Codec) Decode(data []byte) (any, error) {
	v, rest, err := c.DecodeFirst(data)
	if err == nil && len(rest) > 0 {
		err = errShort
	}
	return v, err
}

// DecodeFirst reads the value at the beginning of data and returns what
// follows it.
func (c *Codec) DecodeFirst(data []byte) (v any, rest []byte, err error) {
	r := reader{c: c, data: data}
	x, err := r.dynamic()
	if err != nil {
		return nil, nil, err
	}
	if x.IsValid() {
		v = x.Interface()
	}
	return v, r.data, nil
}

// reader is one reading of a value.
type reader struct {
	c     *Codec
	data  []byte
	seen  []reflect.Value // pointers and maps, in the order in which they were met
	depth int
}

func (r *reader) uint() (uint64, error) {
	u, n := binary.Uvarint(r.data)
	if n <= 0 {
		return 0, errShort
	}
	r.data = r.data[n:]
	return u, nil
}

func (r *reader) int() (int64, error) {
	i, n := binary.Varint(r.data)
	if n <= 0 {
		return 0, errShort
	}
	r.data = r.data[n:]
	return i, nil
}

func (r *reader) take(n int) ([]byte, error) {
	if n < 0 || n > len(r.data) {
		return nil, errShort
	}
	taken := r.data[:n]
	r.data = r.data[n:]
	return taken, nil
}

func (r *reader) bytes() ([]byte, error) {
	n, err := r.uint()
	if err != nil || n > uint64(len(r.data)) {
		return nil, errShort
	}
	return r.take(int(n))
}

func (r *reader) float() (float64, error) {
	b, err := r.take(8)
	if err != nil {
		return 0, err
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b)), nil
}

func (r *reader) dynamic() (reflect.Value, error) {
	name, err := r.bytes()
	if err != nil || len(name) == 0 {
		return reflect.Value{}, err
	}
	t, err := r.c.types.Type(string(name))
	if err != nil {
		return reflect.Value{}, err
	}
	v := reflect.New(t).Elem()
	return v, r.value(v)
}

// value reads into a settable v.
func (r *reader) value(v reflect.Value) error {
	if r.depth++; r.depth > deepest {
		return errShort
	}
	defer func() { r.depth-- }()
	switch form := formOf(v.Type()); form.kind {
	case marshaled:
		return r.marshaled(v)
	case refused: // only nil was written
		_, err := r.uint()
		return err
	}
	switch v.Kind() {
	case reflect.Interface:
		x, err := r.dynamic()
		if err != nil || !x.IsValid() {
			return err
		}
		if !x.Type().AssignableTo(v.Type()) {
			return errShort
		}
		v.Set(x)
		return nil
	case reflect.Pointer:
		return r.pointer(v)
	case reflect.Slice:
		return r.slice(v)
	case reflect.Array:
		return r.elements(v)
	case reflect.Map:
		return r.mapping(v)
	case reflect.Struct:
		for i := range v.NumField() {
			if err := r.value(open(v, i)); err != nil {
				return err
			}
		}
		return nil
	}
	return r.basic(v)
}

func (r *reader) basic(v reflect.Value) error {
	switch {
	case v.Kind() == reflect.Bool:
		b, err := r.take(1)
		if err == nil {
			v.SetBool(b[0] != 0)
		}
		return err
	case v.Kind() == reflect.String:
		b, err := r.bytes()
		v.SetString(string(b))
		return err
	case v.CanInt():
		i, err := r.int()
		v.SetInt(i)
		return err
	case v.CanUint():
		u, err := r.uint()
		v.SetUint(u)
		return err
	case v.CanFloat():
		f, err := r.float()
		v.SetFloat(f)
		return err
	}
	re, err := r.float()
	if err != nil {
		return err
	}
	im, err := r.float()
	v.SetComplex(complex(re, im))
	return err
}

func (r *reader) marshaled(v reflect.Value) error {
	there, err := r.uint()
	if err != nil || there == 0 {
		return err
	}
	data, err := r.bytes()
	if err != nil {
		return err
	}
	switch m := v.Addr().Interface().(type) {
	case encoding.BinaryUnmarshaler:
		err = m.UnmarshalBinary(data)
	case gob.GobDecoder:
		err = m.GobDecode(data)
	case encoding.TextUnmarshaler:
		err = m.UnmarshalText(data)
	}
	if err != nil {
		return fmt.Errorf("codec: a %v could not be read: %w", v.Type(), err)
	}
	return nil
}

// again reads what writer.again wrote: a pointer or map that is nil or was
// met before is set and done.
func (r *reader) again(v reflect.Value) (done bool, err error) {
	number, err := r.uint()
	switch {
	case err != nil || number == 0:
		return true, err
	case number == 1:
		return false, nil
	case number-2 >= uint64(len(r.seen)) || r.seen[number-2].Type() != v.Type():
		return true, errShort
	}
	v.Set(r.seen[number-2])
	return true, nil
}

func (r *reader) pointer(v reflect.Value) error {
	done, err := r.again(v)
	if done {
		return err
	}
	p := reflect.New(v.Type().Elem()).Convert(v.Type())
	r.seen = append(r.seen, p)
	v.Set(p)
	return r.value(p.Elem())
}

func (r *reader) slice(v reflect.Value) error {
	n, err := r.uint()
	if err != nil || n == 0 {
		return err
	}
	n--
	if size := uint64(width(v.Type().Elem())); n > uint64(len(r.data)) && v.Type().Elem().Size() > 0 || size > 0 && n > uint64(len(r.data))/size || n > math.MaxInt32 && size == 0 {
		return errShort
	}
	v.Set(reflect.MakeSlice(v.Type(), int(n), int(n)))
	return r.elements(v)
}

func (r *reader) elements(v reflect.Value) error {
	if size := width(v.Type().Elem()); size > 0 {
		return r.numbers(v, size)
	}
	for i := range v.Len() {
		if err := r.value(v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) mapping(v reflect.Value) error {
	done, err := r.again(v)
	if done {
		return err
	}
	n, err := r.uint()
	if err != nil || n > uint64(len(r.data)) {
		return errShort
	}
	m := reflect.MakeMapWithSize(v.Type(), int(n))
	r.seen = append(r.seen, m)
	v.Set(m)
	for range n {
		key, elem := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		if err := r.value(key); err != nil {
			return err
		}
		if err := r.value(elem); err != nil {
			return err
		}
		if !key.Comparable() {
			return errShort
		}
		m.SetMapIndex(key, elem)
	}
	return nil
}
