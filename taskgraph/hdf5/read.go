package hdf5

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// read puts the selected elements into out, whose extents are those of the selection.
func (d *stored) read(sel selection, out sink) error {
	if err := d.readable(); err != nil {
		return err
	}
	if err := d.flush(); err != nil {
		return err
	}
	extents := sel.dims()
	return sel.boxes(func(b box) error {
		switch {
		case d.layout.class == compact:
			return d.readCompact(b, extents, out)
		case d.layout.class == chunked:
			return d.readChunks(b, extents, out)
		case d.layout.addr == undefined:
			return d.readFill(b, extents, out)
		}
		need := uint64(product(d.space.dims)) * uint64(d.typ.size)
		if need > d.layout.size {
			return damaged("it has %d bytes and needs %d", d.layout.size, need)
		}
		if err := d.s.check(d.layout.addr, int64(need)); err != nil {
			return err
		}
		g := &region{dims: d.space.dims, size: d.typ.size, s: d.s, addr: d.layout.addr}
		return g.read(b, extents, out)
	})
}

// readable tells why the dataset cannot be read, if so.
func (d *stored) readable() error {
	if d.external {
		return unsupported("its elements are in other files (external storage)")
	}
	if d.layout.class == chunked {
		return known(d.filters)
	}
	return nil
}

func (d *stored) readCompact(b box, extents []int, out sink) error {
	if need := product(d.space.dims) * d.typ.size; len(d.layout.data) < need {
		return damaged("it has %d bytes and needs %d", len(d.layout.data), need)
	}
	g := &region{dims: d.space.dims, size: d.typ.size, mem: d.layout.data}
	return g.read(b, extents, out)
}

// readFill puts the value of elements that were never written.
func (d *stored) readFill(b box, extents []int, out sink) error {
	value := d.fill
	if len(value) != d.typ.size {
		value = make([]byte, d.typ.size)
	}
	dst := strides(extents)
	t := &transfer{region: &region{size: d.typ.size}, out: out}
	to := 0
	for i := range b.count {
		to += b.to[i] * dst[i]
		t.step, t.count = append(t.step, 0), append(t.count, b.count[i])
		t.stride, t.to = append(t.stride, 0), append(t.to, dst[i])
	}
	if len(t.count) == 0 {
		return out.put(to, value, d.typ.size, 1)
	}
	return t.gather(0, value, 0, to, t.count[0])
}

// chunkIndex reads where the chunks are, once.
func (d *stored) chunkIndex() (*chunkIndex, error) {
	if d.w != nil {
		return d.w.index(), nil
	}
	d.once.Do(func() {
		d.index, d.indexErr = d.s.readIndex(d.layout, d.space, len(d.filters) > 0)
	})
	return d.index, d.indexErr
}

// stretch is what a box selects of one chunk in one dimension.
type stretch struct {
	chunk           int // counted in chunks
	start, count    int // in the chunk
	to              int // in the result
	step            int
	beyond, partial bool
}

// stretches cuts one dimension of a box at the borders of chunks; chunks between steps
// are left out.
func stretches(b box, d, chunk, extent int) []stretch {
	var out []stretch
	step := b.step[d]
	for i := 0; i < b.count[d]; {
		at := b.start[d] + i*step
		c := at / chunk
		n := min(b.count[d]-i, ceilDiv(min((c+1)*chunk, extent)-at, step))
		out = append(out, stretch{chunk: c, start: at % chunk, count: n, to: b.to[d] + i, step: step, partial: (c+1)*chunk > extent})
		i += n
	}
	return out
}

// readChunks reads all chunks that a box touches, several at once when they are
// compressed.
func (d *stored) readChunks(b box, extents []int, out sink) error {
	index, err := d.chunkIndex()
	if err != nil {
		return err
	}
	if len(d.layout.chunk) != len(d.space.dims) {
		return damaged("its chunks have %d dimensions and it has %d", len(d.layout.chunk), len(d.space.dims))
	}
	g := newGrid(d.space.dims, d.layout.chunk)
	parts := make([][]stretch, len(b.count))
	jobs := 1
	for i := range parts {
		parts[i] = stretches(b, i, d.layout.chunk[i], d.space.dims[i])
		jobs *= len(parts[i])
	}
	workers := 1
	if len(d.filters) > 0 && jobs > 1 && jobs*d.layout.chunkSize >= piece {
		workers = min(jobs, runtime.GOMAXPROCS(0))
	}
	return inParallel(workers, jobs, func(job int) error {
		part, coordinates, partial := pick(parts, job)
		number, _ := g.number(coordinates)
		ref, ok := index.find(number)
		if !ok {
			return d.readFill(part, extents, out)
		}
		return d.readChunk(ref, partial, part, extents, out)
	})
}

// pick is the part of a box in one chunk, that chunk's place, and whether the chunk
// reaches beyond the dataset.
func pick(parts [][]stretch, job int) (b box, chunk []uint64, partial bool) {
	rank := len(parts)
	b = box{make([]int, rank), make([]int, rank), make([]int, rank), make([]int, rank)}
	chunk = make([]uint64, rank)
	for i := rank - 1; i >= 0; i-- {
		p := parts[i][job%len(parts[i])]
		job /= len(parts[i])
		b.start[i], b.step[i], b.count[i], b.to[i] = p.start, p.step, p.count, p.to
		chunk[i] = uint64(p.chunk)
		partial = partial || p.partial
	}
	return b, chunk, partial
}

// inParallel does jobs 0 to n-1 on so many goroutines and waits for them; after an error
// no further job begins.
func inParallel(workers, n int, do func(job int) error) error {
	if workers <= 1 {
		for job := range n {
			if err := do(job); err != nil {
				return err
			}
		}
		return nil
	}
	var (
		next  atomic.Int64
		once  sync.Once
		first error
		group sync.WaitGroup
	)
	for range workers {
		group.Go(func() {
			for {
				job := int(next.Add(1)) - 1
				if job >= n {
					return
				}
				if err := do(job); err != nil {
					once.Do(func() { first = err })
					next.Store(int64(n))
					return
				}
			}
		})
	}
	group.Wait()
	return first
}

// scratch is the memory in which a chunk is decompressed.
type scratch struct{ a, b []byte }

var scratches = sync.Pool{New: func() any { return new(scratch) }}

func (d *stored) readChunk(ref chunkRef, partial bool, b box, extents []int, out sink) error {
	g := &region{dims: d.layout.chunk, size: d.typ.size}
	if d.layout.chunkSize != product(d.layout.chunk)*d.typ.size {
		return damaged("its chunks have %d bytes for %v elements of %d", d.layout.chunkSize, d.layout.chunk, d.typ.size)
	}
	if len(d.filters) == 0 || partial && d.layout.rawEdges {
		g.s, g.addr = d.s, ref.addr
		return g.read(b, extents, out)
	}
	mem := scratches.Get().(*scratch)
	defer scratches.Put(mem)
	var err error
	if g.mem, err = d.loadChunk(ref, mem); err != nil {
		return err
	}
	return g.read(b, extents, out)
}

// loadChunk reads a filtered chunk into mem and undoes the filters.
func (d *stored) loadChunk(ref chunkRef, mem *scratch) ([]byte, error) {
	size := d.layout.chunkSize
	if uint64(size) > (ref.size+64)*deflateAtMost {
		return nil, damaged("%d stored bytes cannot be a chunk of %d", ref.size, size)
	}
	if err := d.s.check(ref.addr, int64(min(ref.size, 1<<62))); err != nil {
		return nil, err
	}
	need := max(int(ref.size), size+fletcherBytes)
	mem.a, mem.b = room(mem.a[:cap(mem.a)], need), room(mem.b[:cap(mem.b)], need)
	raw := mem.a[:ref.size]
	if err := d.s.readFull(raw, ref.addr); err != nil {
		return nil, err
	}
	return unfilter(d.filters, ref.mask, raw, size, mem.b)
}
