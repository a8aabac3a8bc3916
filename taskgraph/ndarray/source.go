package ndarray

// blockLen is how many elements are worked on at a time, few enough that all
// blocks of an operation stay in the processor's nearest cache.
const blockLen = 1024

// reader copies elements from pos on in steps, converting them.
type reader[T number] func(dst []T, pos, step int)

// source gives the elements of an array, stretched to a shape and converted
// to T, block after block in the order of that shape. What lies in memory
// that way already is not copied. One goroutine uses it.
type source[T number] struct {
	shape   []int // axes that are evenly spaced together are one
	strides []int
	offset  int
	read    reader[T]
	direct  []T // the elements themselves, or nil
	single  bool
	buf     []T
}

// source reads x as the elements of this kind. x must fit the shape.
func (k kind[T]) source(x *Array, shape []int) source[T] {
	s := source[T]{offset: x.offset, read: k.read(x.elements())}
	if count(shape) == 0 {
		return s
	}
	s.shape, s.strides = merged(shape, stretched(x, shape))
	s.single = len(s.shape) == 1 && s.strides[0] == 0 && s.shape[0] > 1
	if data, ok := x.elements().([]T); ok && len(s.shape) == 1 && (s.strides[0] == 1 || s.shape[0] <= 1) && (k.dtype != Bool || x.dtype == Bool) {
		s.direct = data[x.offset : x.offset+s.shape[0]]
	}
	return s
}

// block is n elements from start on, at most blockLen. It must not be
// changed and holds until the next call.
func (s *source[T]) block(start, n int) []T {
	if s.direct != nil {
		return s.direct[start : start+n]
	}
	if s.buf == nil {
		s.buf = make([]T, min(blockLen, count(s.shape)))
		if s.single {
			s.read(s.buf, s.offset, 0)
		}
	}
	if !s.single {
		s.fill(s.buf[:n], start)
	}
	return s.buf[:n]
}

// fill copies the elements from start on.
func (s *source[T]) fill(dst []T, start int) {
	w := walkFrom(s.shape, s.strides, s.offset, start)
	for len(dst) > 0 {
		pos, n, step := w.next(len(dst))
		s.read(dst[:n], pos, step)
		dst = dst[n:]
	}
}

// walk goes over the elements of a shape in order, in runs along the last
// axis.
type walk struct {
	shape, strides []int
	index          []int
	pos            int
	backing        [8]int
}

func walkFrom(shape, strides []int, offset, start int) *walk {
	w := &walk{shape: shape, strides: strides, pos: offset}
	w.index = append(w.backing[:0], shape...)
	for i := len(shape) - 1; i >= 0; i-- {
		w.index[i] = start % shape[i]
		start /= shape[i]
		w.pos += w.index[i] * strides[i]
	}
	return w
}

// next is a run of most elements or fewer: where it begins, how many there
// are and the step between them.
func (w *walk) next(most int) (pos, n, step int) {
	last := len(w.shape) - 1
	pos, step = w.pos, w.strides[last]
	n = min(most, w.shape[last]-w.index[last])
	w.index[last] += n
	w.pos += n * step
	for i := last; i > 0 && w.index[i] == w.shape[i]; i-- {
		w.index[i] = 0
		w.index[i-1]++
		w.pos += w.strides[i-1] - w.shape[i]*w.strides[i]
	}
	return pos, n, step
}

// stretched is the strides of x seen in a larger shape: 0 where an element is
// repeated.
func stretched(x *Array, shape []int) []int {
	strides := make([]int, len(shape))
	more := len(shape) - len(x.shape)
	for i, length := range x.shape {
		if length == shape[more+i] {
			strides[more+i] = x.strides[i]
		}
	}
	return strides
}

// merged joins axes whose elements are evenly spaced together and leaves out
// those of length 1. One axis remains at least.
func merged(shape, strides []int) ([]int, []int) {
	lengths, steps := make([]int, 0, len(shape)+1), make([]int, 0, len(shape)+1)
	for i, length := range shape {
		last := len(lengths) - 1
		switch {
		case length == 1:
		case last >= 0 && steps[last] == strides[i]*length:
			lengths[last] *= length
			steps[last] = strides[i]
		default:
			lengths, steps = append(lengths, length), append(steps, strides[i])
		}
	}
	if len(lengths) == 0 {
		return append(lengths, 1), append(steps, 0)
	}
	return lengths, steps
}

// reading reads numbers of any type as T, as Go converts them.
func reading[T number](data any) reader[T] {
	switch data := data.(type) {
	case []int8:
		return converting[int8, T](data)
	case []int16:
		return converting[int16, T](data)
	case []int32:
		return converting[int32, T](data)
	case []int64:
		return converting[int64, T](data)
	case []uint8:
		return converting[uint8, T](data)
	case []uint16:
		return converting[uint16, T](data)
	case []uint32:
		return converting[uint32, T](data)
	case []uint64:
		return converting[uint64, T](data)
	case []float32:
		return fromFloats[float32, T](data)
	}
	return fromFloats[float64, T](data.([]float64))
}

// fromFloats goes by way of 64 bits to shorter whole numbers, which
// processors are quicker at than at the direct way.
func fromFloats[S float, T number](data []S) reader[T] {
	switch any(T(0)).(type) {
	case int64, uint64, float32, float64:
		return converting[S, T](data)
	}
	return func(dst []T, pos, step int) {
		if step == 1 {
			truncated(dst, data[pos:pos+len(dst)])
			return
		}
		for i := range dst {
			dst[i] = T(int64(data[pos]))
			pos += step
		}
	}
}

// truncated copies floats to whole numbers, four at a time, which the
// processor converts side by side.
func truncated[S float, T number](dst []T, src []S) {
	for ; len(src) >= 4 && len(dst) >= 4; src, dst = src[4:], dst[4:] {
		a, b, c, d := int64(src[0]), int64(src[1]), int64(src[2]), int64(src[3])
		dst[0], dst[1], dst[2], dst[3] = T(a), T(b), T(c), T(d)
	}
	for i, x := range src {
		dst[i] = T(int64(x))
	}
}

func converting[S, T number](data []S) reader[T] {
	return func(dst []T, pos, step int) {
		if step == 1 {
			src := data[pos : pos+len(dst)]
			dst := dst[:len(src)]
			for i, x := range src {
				dst[i] = T(x)
			}
			return
		}
		for i := range dst {
			dst[i] = T(data[pos])
			pos += step
		}
	}
}

// truths reads numbers of any type as 0 and 1.
func truths(data any) reader[uint8] {
	switch data := data.(type) {
	case []int8:
		return nonzero(data)
	case []int16:
		return nonzero(data)
	case []int32:
		return nonzero(data)
	case []int64:
		return nonzero(data)
	case []uint8:
		return nonzero(data)
	case []uint16:
		return nonzero(data)
	case []uint32:
		return nonzero(data)
	case []uint64:
		return nonzero(data)
	case []float32:
		return nonzero(data)
	}
	return nonzero(data.([]float64))
}

func nonzero[S number](data []S) reader[uint8] {
	return func(dst []uint8, pos, step int) {
		for i := range dst {
			dst[i] = 0
			if data[pos] != 0 {
				dst[i] = 1
			}
			pos += step
		}
	}
}
