package codec

import (
	"encoding/binary"
	"math"
	"reflect"
	"slices"
)

// width is how many bytes an element of this type takes among others: 0 for
// one that is not a number, or that writes itself.
func width(t reflect.Type) int {
	k := t.Kind()
	if k < reflect.Int || k > reflect.Complex128 || formOf(t).kind != plain {
		return 0
	}
	switch k {
	case reflect.Int, reflect.Uint, reflect.Uintptr:
		return 8
	}
	return int(t.Size())
}

// numbers writes the elements of a slice or array, little-endian. The slices
// of the most common types are written without package reflect.
func (w *writer) numbers(v reflect.Value, size int) {
	w.buf = slices.Grow(w.buf, v.Len()*size)
	if v.Kind() == reflect.Slice && v.Type().Name() == "" {
		switch s := v.Interface().(type) {
		case []byte:
			w.buf = append(w.buf, s...)
			return
		case []int:
			for _, x := range s {
				w.buf = binary.LittleEndian.AppendUint64(w.buf, uint64(x))
			}
			return
		case []float64:
			for _, x := range s {
				w.buf = binary.LittleEndian.AppendUint64(w.buf, math.Float64bits(x))
			}
			return
		case []float32:
			for _, x := range s {
				w.buf = binary.LittleEndian.AppendUint32(w.buf, math.Float32bits(x))
			}
			return
		}
	}
	for i := range v.Len() {
		w.number(v.Index(i), size)
	}
}

func (w *writer) number(v reflect.Value, size int) {
	switch {
	case v.CanComplex():
		c := v.Complex()
		w.fixed(bits(real(c), size/2), size/2)
		w.fixed(bits(imag(c), size/2), size/2)
	case v.CanFloat():
		w.fixed(bits(v.Float(), size), size)
	case v.CanInt():
		w.fixed(uint64(v.Int()), size)
	default:
		w.fixed(v.Uint(), size)
	}
}

func (w *writer) fixed(u uint64, size int) {
	for range size {
		w.buf = append(w.buf, byte(u))
		u >>= 8
	}
}

func bits(f float64, size int) uint64 {
	if size == 4 {
		return uint64(math.Float32bits(float32(f)))
	}
	return math.Float64bits(f)
}

func unbits(u uint64, size int) float64 {
	if size == 4 {
		return float64(math.Float32frombits(uint32(u)))
	}
	return math.Float64frombits(u)
}

// numbers reads what writer.numbers wrote into a slice or array.
func (r *reader) numbers(v reflect.Value, size int) error {
	n := v.Len()
	data, err := r.take(n * size)
	if err != nil {
		return err
	}
	if v.Kind() == reflect.Slice && v.Type().Name() == "" {
		switch s := v.Interface().(type) {
		case []byte:
			copy(s, data)
			return nil
		case []int:
			for i := range s {
				s[i] = int(binary.LittleEndian.Uint64(data[8*i:]))
			}
			return nil
		case []float64:
			for i := range s {
				s[i] = math.Float64frombits(binary.LittleEndian.Uint64(data[8*i:]))
			}
			return nil
		case []float32:
			for i := range s {
				s[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
			}
			return nil
		}
	}
	for i := range n {
		number(v.Index(i), data[i*size:(i+1)*size])
	}
	return nil
}

func number(v reflect.Value, data []byte) {
	size := len(data)
	switch {
	case v.CanComplex():
		v.SetComplex(complex(unbits(fixed(data[:size/2]), size/2), unbits(fixed(data[size/2:]), size/2)))
	case v.CanFloat():
		v.SetFloat(unbits(fixed(data), size))
	case v.CanInt():
		shift := 64 - 8*size
		v.SetInt(int64(fixed(data)<<shift) >> shift)
	default:
		v.SetUint(fixed(data))
	}
}

func fixed(data []byte) uint64 {
	var u uint64
	for i, b := range data {
		u |= uint64(b) << (8 * i)
	}
	return u
}
