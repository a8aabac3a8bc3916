package hdf5

import "sync"

// piece is how much of a contiguous dataset is read at once: enough that calls of the
// system cost little, and little enough to stay in the processor's cache until it is
// decoded.
const piece = 128 << 10

var pieces = sync.Pool{New: func() any { b := make([]byte, piece); return &b }}

// region is an array of elements of size bytes, the last index fastest: in memory, or
// in a file at addr.
type region struct {
	dims []int
	size int
	mem  []byte
	s    *source
	addr uint64
}

// transfer is a box of a region on its way to a sink. Neighbouring dimensions that are
// covered completely have become one.
type transfer struct {
	*region
	out         sink
	step, count []int // of the box
	stride      []int // of the region, in elements
	to          []int // strides of the result
	buf         []byte
}

// read puts a box of the region where its to says in a result with these extents.
func (g *region) read(b box, extents []int, out sink) error {
	t := &transfer{region: g, out: out}
	src, dst := strides(g.dims), strides(extents)
	from, to := 0, 0
	for i := range b.count {
		from += b.start[i] * src[i]
		to += b.to[i] * dst[i]
		t.add(b.step[i], b.count[i], src[i], dst[i])
	}
	if len(t.count) == 0 {
		t.add(1, 1, 1, 1)
	}
	if g.mem != nil {
		return t.gather(0, g.mem, from, to, t.count[0])
	}
	buf := pieces.Get().(*[]byte)
	defer pieces.Put(buf)
	t.buf = *buf
	return t.fetch(0, from, to)
}

// add appends a dimension; it joins the one before when the two are one run of elements
// both in the region and in the result.
func (t *transfer) add(step, count, src, dst int) {
	if count == 1 {
		if len(t.count) > 0 || src != 1 {
			return
		}
		step = 1
	}
	if k := len(t.count) - 1; k >= 0 && step == 1 && t.step[k]*t.stride[k] == count*src && t.to[k] == count*dst {
		t.step[k], t.count[k], t.stride[k], t.to[k] = 1, t.count[k]*count, src, dst
		return
	}
	t.step, t.count = append(t.step, step), append(t.count, count)
	t.stride, t.to = append(t.stride, src), append(t.to, dst)
}

// gather puts the box's dimensions from d on, n indices of d, from memory.
func (t *transfer) gather(d int, mem []byte, from, to, n int) error {
	step := t.step[d] * t.stride[d]
	if d == len(t.count)-1 && t.to[d] == 1 {
		return t.out.put(to, mem[from*t.size:], step*t.size, n)
	}
	for i := range n {
		var err error
		if d == len(t.count)-1 {
			err = t.out.put(to+i*t.to[d], mem[(from+i*step)*t.size:], t.size, 1)
		} else {
			err = t.gather(d+1, mem, from+i*step, to+i*t.to[d], t.count[d+1])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// span is the number of elements from the first to the last of n indices of dimension d.
func (t *transfer) span(d, n int) int {
	elements := (n-1)*t.step[d]*t.stride[d] + 1
	for k := d + 1; k < len(t.count); k++ {
		elements += (t.count[k] - 1) * t.step[k] * t.stride[k]
	}
	return elements
}

// fetch reads the box's dimensions from d on from the file: as many indices at once as
// fit a piece where what lies between them is not much more than they are, else each
// on its own.
func (t *transfer) fetch(d, from, to int) error {
	per := 1
	for _, n := range t.count[d+1:] {
		per *= n
	}
	step := t.step[d] * t.stride[d]
	n := 1
	if gap := (step - per) * t.size; gap <= 4096 || gap <= 3*per*t.size {
		n = max(1, piece/(step*t.size))
	}
	for i := 0; i < t.count[d]; i += n {
		n = min(n, t.count[d]-i)
		var err error
		if bytes := t.span(d, n) * t.size; n == 1 && d < len(t.count)-1 && bytes > piece {
			err = t.fetch(d+1, from+i*step, to+i*t.to[d])
		} else {
			err = t.load(d, from+i*step, to+i*t.to[d], n, bytes)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// load reads so many bytes and puts n indices of dimension d out of them.
func (t *transfer) load(d, from, to, n, bytes int) error {
	buf := room(t.buf, bytes)
	if err := t.s.readFull(buf, t.addr+uint64(from)*uint64(t.size)); err != nil {
		return err
	}
	return t.gather(d, buf, 0, to, n)
}
