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

// cut is one dimension of a box, cut at the borders of chunks. Its parts are worked out
// when they are needed: there may be many more than elements in the file.
type cut struct {
	start, step, count, to int
	chunk, extent          int // of a chunk and of the dataset
}

// stretch is what a box selects of one chunk in one dimension.
type stretch struct {
	chunk        int  // counted in chunks
	start, count int  // in the chunk
	to           int  // in the result
	partial      bool // the chunk reaches beyond the dataset
}

// parts is how many chunks are touched; chunks between two steps are not.
func (c cut) parts() int {
	if c.step > c.chunk {
		return c.count
	}
	return (c.start+(c.count-1)*c.step)/c.chunk - c.start/c.chunk + 1
}

// part is the k-th of them.
func (c cut) part(k int) stretch {
	i, n := k, 1
	chunk := (c.start + k*c.step) / c.chunk
	if c.step <= c.chunk {
		chunk = c.start/c.chunk + k
		i = ceilDiv(max(0, chunk*c.chunk-c.start), c.step)
		n = min(c.count, ceilDiv(c.end(chunk)-c.start, c.step)) - i
	}
	return stretch{chunk, c.start + i*c.step - chunk*c.chunk, n, c.to + i, c.end(chunk) == c.extent && c.extent%c.chunk != 0}
}

// end is where a chunk ends in the dataset.
func (c cut) end(chunk int) int {
	if chunk >= c.extent/c.chunk {
		return c.extent
	}
	return (chunk + 1) * c.chunk
}

// find is the k of the part in a chunk; false when the chunk is not touched.
func (c cut) find(chunk int) (int, bool) {
	k := chunk - c.start/c.chunk
	if c.step > c.chunk {
		k = ceilDiv(max(0, chunk*c.chunk-c.start), c.step)
	}
	ok := k >= 0 && k < c.parts() && c.part(k).chunk == chunk
	return k, ok
}

// cuts are the cuts of all dimensions of a box, and the number of chunks it touches.
func (d *stored) cuts(b box) (cuts []cut, chunks int) {
	chunks = 1
	for i, c := range d.layout.chunk {
		cuts = append(cuts, cut{b.start[i], b.step[i], b.count[i], b.to[i], c, d.space.dims[i]})
		chunks *= cuts[i].parts()
	}
	return cuts, chunks
}

// readChunks reads all chunks that a box touches, several at once when they are
// compressed.
func (d *stored) readChunks(b box, extents []int, out sink) error {
	index, err := d.chunkIndex()
	if err != nil {
		return err
	}
	g := newGrid(d.space.dims, d.layout.chunk)
	cuts, jobs := d.cuts(b)
	if jobs > 4*len(index.refs) {
		return d.readSparse(g, index, cuts, b, extents, out)
	}
	return inParallel(d.workers(jobs), jobs, func(job int) error {
		part, coordinates, partial := pick(cuts, job)
		number, _ := g.number(coordinates)
		ref, ok := index.find(number)
		if !ok {
			return d.readFill(part, extents, out)
		}
		return d.readChunk(ref, partial, part, extents, out)
	})
}

// readSparse reads a box most of whose chunks were never written: everything is filled
// first, and then the chunks that are there are read.
func (d *stored) readSparse(g grid, index *chunkIndex, cuts []cut, b box, extents []int, out sink) error {
	if err := d.readFill(b, extents, out); err != nil {
		return err
	}
	return inParallel(d.workers(len(index.refs)), len(index.refs), func(i int) error {
		ref := index.refs[i]
		job, ok := g.job(ref.number, cuts)
		if !ok {
			return nil
		}
		part, _, partial := pick(cuts, job)
		return d.readChunk(ref, partial, part, extents, out)
	})
}

// job is the place of a chunk among the parts of a box; false when it is in none.
func (g grid) job(number uint64, cuts []cut) (int, bool) {
	job, scale := 0, 1
	for d := len(cuts) - 1; d >= 0; d-- {
		chunk := int(number % uint64(g.counts[d]))
		number /= uint64(g.counts[d])
		k, ok := cuts[d].find(chunk)
		if !ok {
			return 0, false
		}
		job += k * scale
		scale *= cuts[d].parts()
	}
	return job, true
}

// workers is how many goroutines read or write so many chunks: several when they are
// compressed and not tiny.
func (d *stored) workers(jobs int) int {
	if len(d.filters) == 0 || jobs < 2 || jobs*d.layout.chunkSize < piece {
		return 1
	}
	return min(jobs, runtime.GOMAXPROCS(0))
}

// pick is the part of a box in one chunk, that chunk's place, and whether the chunk
// reaches beyond the dataset.
func pick(cuts []cut, job int) (b box, chunk []uint64, partial bool) {
	rank := len(cuts)
	b = newBox(rank)
	chunk = make([]uint64, rank)
	for i := rank - 1; i >= 0; i-- {
		n := cuts[i].parts()
		p := cuts[i].part(job % n)
		job /= n
		b.start[i], b.step[i], b.count[i], b.to[i] = p.start, cuts[i].step, p.count, p.to
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
	need := max(int(ref.size), size+fletcherBytes) + 8 // see inflater.begin
	mem.a, mem.b = room(mem.a[:cap(mem.a)], need), room(mem.b[:cap(mem.b)], need)
	raw := mem.a[:ref.size]
	if err := d.s.readFull(raw, ref.addr); err != nil {
		return nil, err
	}
	return unfilter(d.filters, ref.mask, raw, size, mem.b)
}
