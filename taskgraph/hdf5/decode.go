package hdf5

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"strings"
	"sync"
	"unicode/utf8"
)

// sink takes elements as they are in a file and keeps them as Go values. put decodes n
// elements, which are step bytes apart in src, to the positions at, at+1 and so on.
// Several goroutines may put to different positions.
type sink interface {
	put(at int, src []byte, step, n int) error
}

// numbers is the sink of numbers: load decodes little-endian numbers side by side; what
// lies otherwise is first put so. per is how many numbers an element has: more than one
// for arrays.
type numbers[T any] struct {
	dst  []T
	size int
	big  bool
	per  int
	load func(dst []T, src []byte)
}

// sideBySide is memory for numbers on their way from apart to side by side.
var sideBySide = sync.Pool{New: func() any { return new([2048]byte) }}

func (s *numbers[T]) put(at int, src []byte, step, n int) error {
	dst := s.dst[at*s.per : (at+n)*s.per]
	if step == s.size*s.per && !s.big {
		s.load(dst, src)
		return nil
	}
	if s.per == 1 {
		scratch := sideBySide.Get().(*[2048]byte)
		defer sideBySide.Put(scratch)
		for len(dst) > 0 {
			k := min(len(dst), len(scratch)/s.size)
			gather(scratch[:], src, step, s.size, k, s.big)
			s.load(dst[:k], scratch[:])
			if dst = dst[k:]; len(dst) > 0 {
				src = src[k*step:]
			}
		}
		return nil
	}
	one := numbers[T]{s.dst, s.size, s.big, 1, s.load}
	for i := range n {
		one.put((at+i)*s.per, src[i*step:], s.size, s.per)
	}
	return nil
}

// gather puts n numbers of size bytes, step bytes apart, side by side, and turns their
// bytes round when they are big-endian.
func gather(dst, src []byte, step, size, n int, big bool) {
	switch {
	case size == 8 && big:
		for i := range n {
			binary.LittleEndian.PutUint64(dst[8*i:], binary.BigEndian.Uint64(src[i*step:]))
		}
	case size == 8:
		for i := range n {
			binary.LittleEndian.PutUint64(dst[8*i:], binary.LittleEndian.Uint64(src[i*step:]))
		}
	case size == 4:
		for i := range n {
			v := binary.LittleEndian.Uint32(src[i*step:])
			if big {
				v = bits.ReverseBytes32(v)
			}
			binary.LittleEndian.PutUint32(dst[4*i:], v)
		}
	case size == 2:
		for i := range n {
			v := binary.LittleEndian.Uint16(src[i*step:])
			if big {
				v = bits.ReverseBytes16(v)
			}
			binary.LittleEndian.PutUint16(dst[2*i:], v)
		}
	default:
		for i := range n {
			dst[i] = src[i*step]
		}
	}
}

func load8[T int8 | uint8](dst []T, src []byte) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] = T(src[i])
	}
}

func loadBytes(dst, src []byte) { copy(dst, src[:len(dst)]) }

func load16[T int16 | uint16](dst []T, src []byte) {
	src = src[:2*len(dst)]
	for i := range dst {
		dst[i] = T(binary.LittleEndian.Uint16(src[2*i:]))
	}
}

func load32[T int32 | uint32](dst []T, src []byte) {
	src = src[:4*len(dst)]
	for i := range dst {
		dst[i] = T(binary.LittleEndian.Uint32(src[4*i:]))
	}
}

// Numbers of 8 bytes are taken four at a time, in slices whose lengths the compiler knows:
// one check of bounds for the four instead of one for each, and half the time.
func load64[T int64 | uint64 | int | uint](dst []T, src []byte) {
	src = src[:8*len(dst)]
	for len(dst) >= 4 && len(src) >= 32 {
		d, s := dst[:4:4], src[:32:32]
		d[0] = T(binary.LittleEndian.Uint64(s))
		d[1] = T(binary.LittleEndian.Uint64(s[8:]))
		d[2] = T(binary.LittleEndian.Uint64(s[16:]))
		d[3] = T(binary.LittleEndian.Uint64(s[24:]))
		dst, src = dst[4:], src[32:]
	}
	for i := range dst {
		dst[i] = T(binary.LittleEndian.Uint64(src[8*i:]))
	}
}

func loadFloat64(dst []float64, src []byte) {
	src = src[:8*len(dst)]
	for len(dst) >= 4 && len(src) >= 32 {
		d, s := dst[:4:4], src[:32:32]
		d[0] = math.Float64frombits(binary.LittleEndian.Uint64(s))
		d[1] = math.Float64frombits(binary.LittleEndian.Uint64(s[8:]))
		d[2] = math.Float64frombits(binary.LittleEndian.Uint64(s[16:]))
		d[3] = math.Float64frombits(binary.LittleEndian.Uint64(s[24:]))
		dst, src = dst[4:], src[32:]
	}
	for i := range dst {
		dst[i] = math.Float64frombits(binary.LittleEndian.Uint64(src[8*i:]))
	}
}

func loadFloat32(dst []float32, src []byte) {
	src = src[:4*len(dst)]
	for i := range dst {
		dst[i] = math.Float32frombits(binary.LittleEndian.Uint32(src[4*i:]))
	}
}

func loadFloat16(dst []float32, src []byte) {
	src = src[:2*len(dst)]
	for i := range dst {
		dst[i] = half(binary.LittleEndian.Uint16(src[2*i:]))
	}
}

func loadBool(dst []bool, src []byte) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] = src[i] != 0
	}
}

// half is the number that the 16 bits of IEEE 754's binary16 stand for.
func half(h uint16) float32 {
	sign := uint32(h&0x8000) << 16
	exponent, mantissa := uint32(h>>10&31), uint32(h&1023)
	switch {
	case exponent == 31:
		return math.Float32frombits(sign | 0x7f800000 | mantissa<<13)
	case exponent == 0:
		v := float32(mantissa) / (1 << 24)
		return math.Float32frombits(math.Float32bits(v) | sign)
	}
	return math.Float32frombits(sign | (exponent+112)<<23 | mantissa<<13)
}

// is reports whether numbers of the type are of this class, size and sign; an
// enumeration counts as what its values are stored as.
func (t *Datatype) is(class TypeClass, size int, signed bool) bool {
	if t.class == T_ENUM {
		t = t.base
	}
	return t.odd == "" && t.class == class && t.size == size && t.signed == signed
}

// numberSink returns the sink for a slice of a type of Go's own, nil when the slice is
// of another type, and false when its elements are not those of the file.
func numberSink(t *Datatype, dst any) (sink, bool) {
	s, per := t.scalar(), t.elements()
	switch d := dst.(type) {
	case []float64:
		return &numbers[float64]{d, 8, s.big, per, loadFloat64}, s.is(T_FLOAT, 8, true)
	case []float32:
		if s.is(T_FLOAT, 2, true) {
			return &numbers[float32]{d, 2, s.big, per, loadFloat16}, true
		}
		return &numbers[float32]{d, 4, s.big, per, loadFloat32}, s.is(T_FLOAT, 4, true)
	case []int8:
		return &numbers[int8]{d, 1, false, per, load8[int8]}, s.is(T_INTEGER, 1, true)
	case []uint8:
		return &numbers[uint8]{d, 1, false, per, loadBytes}, s.is(T_INTEGER, 1, false)
	case []int16:
		return &numbers[int16]{d, 2, s.big, per, load16[int16]}, s.is(T_INTEGER, 2, true)
	case []uint16:
		return &numbers[uint16]{d, 2, s.big, per, load16[uint16]}, s.is(T_INTEGER, 2, false)
	case []int32:
		return &numbers[int32]{d, 4, s.big, per, load32[int32]}, s.is(T_INTEGER, 4, true)
	case []uint32:
		return &numbers[uint32]{d, 4, s.big, per, load32[uint32]}, s.is(T_INTEGER, 4, false)
	case []int64:
		return &numbers[int64]{d, 8, s.big, per, load64[int64]}, s.is(T_INTEGER, 8, true)
	case []uint64:
		return &numbers[uint64]{d, 8, s.big, per, load64[uint64]}, s.is(T_INTEGER, 8, false)
	case []int:
		return &numbers[int]{d, 8, s.big, per, load64[int]}, s.is(T_INTEGER, 8, true) && math.MaxInt == math.MaxInt64
	case []uint:
		return &numbers[uint]{d, 8, s.big, per, load64[uint]}, s.is(T_INTEGER, 8, false) && math.MaxInt == math.MaxInt64
	case []bool:
		return &numbers[bool]{d, 1, false, per, loadBool}, s.IsBool()
	}
	return nil, false
}

// number is one integer of the type.
func (t *Datatype) number(b []byte) int64 {
	var w [8]byte
	for i := range t.size {
		j := i
		if t.big {
			j = t.size - 1 - i
		}
		w[i] = b[j]
	}
	v := binary.LittleEndian.Uint64(w[:])
	if shift := 64 - 8*t.size; t.signed {
		return int64(v<<shift) >> shift
	}
	return int64(v)
}

// text is the string that b holds in its fixed length.
func (t *Datatype) text(b []byte) string {
	switch t.padding {
	case padSpace:
		return strings.TrimRight(string(b), " ")
	case padNull:
		return strings.TrimRight(string(b), "\x00")
	}
	return zeroTerminated(b)
}

// stringSink takes strings of fixed and of variable length.
type stringSink struct {
	dst   []string
	t     *Datatype
	per   int
	heaps *heaps
}

func (s *stringSink) put(at int, src []byte, step, n int) error {
	for i := range n {
		for k := range s.per {
			b := src[i*step+k*s.t.size:][:s.t.size]
			text, err := s.one(b)
			if err != nil {
				return err
			}
			s.dst[(at+i)*s.per+k] = text
		}
	}
	return nil
}

func (s *stringSink) one(b []byte) (string, error) {
	if s.t.class == T_STRING {
		return s.t.text(b), nil
	}
	return s.heaps.text(b)
}

// opaqueSink takes bytes of which the file does not say more than their number.
type opaqueSink struct {
	dst [][]byte
	t   *Datatype
	per int
}

func (s *opaqueSink) put(at int, src []byte, step, n int) error {
	for i := range n {
		for k := range s.per {
			b := src[i*step+k*s.t.size:][:s.t.size]
			s.dst[(at+i)*s.per+k] = append([]byte(nil), b...)
		}
	}
	return nil
}

// columns is the sink of a compound that becomes one slice for each field.
type columns []column

type column struct {
	offset int
	sink   sink
}

func (s columns) put(at int, src []byte, step, n int) error {
	for _, c := range s {
		if err := c.sink.put(at, src[c.offset:], step, n); err != nil {
			return err
		}
	}
	return nil
}

// validText is how text of a file is shown in errors.
func validText(s string) string {
	if len(s) > 60 {
		s = s[:60] + "..."
	}
	if !utf8.ValidString(s) {
		return fmt.Sprintf("%q", s)
	}
	return s
}
