package hdf5

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"

	"github.com/klauspost/compress/zlib"
)

// chunkWriter is the chunks of a dataset in a file that is written. Chunks that were
// written in part wait in memory for the rest, up to a bound.
type chunkWriter struct {
	mu    sync.Mutex
	refs  map[uint64]chunkRef
	open  map[uint64]*openChunk
	bytes int // of open chunks
}

// openChunk is a chunk that waits; left is how many elements it waits for, if none is
// written twice.
type openChunk struct {
	mu   sync.Mutex
	mem  []byte // nil: it was written to the file
	left int
}

// mostOpen bounds the bytes of chunks that wait in memory.
const mostOpen = 64 << 20

// index is where the chunks are that are in the file.
func (w *chunkWriter) index() *chunkIndex {
	w.mu.Lock()
	defer w.mu.Unlock()
	refs := slices.Collect(maps.Values(w.refs))
	slices.SortFunc(refs, func(a, b chunkRef) int { return cmp.Compare(a.number, b.number) })
	return &chunkIndex{refs}
}

// write writes what is selected from in, whose positions count the selection.
func (d *stored) write(sel selection, in feed) error {
	extents := sel.dims()
	return sel.boxes(func(b box) error {
		switch d.layout.class {
		case compact:
			g := &region{dims: d.space.dims, size: d.typ.size, mem: d.layout.data}
			return g.write(b, extents, in, nil)
		case contiguous:
			g := &region{dims: d.space.dims, size: d.typ.size, addr: d.layout.addr}
			return g.write(b, extents, in, d.f.w)
		}
		return d.writeChunks(b, extents, in)
	})
}

// writeChunks writes a box chunk by chunk, several at once when they are compressed.
func (d *stored) writeChunks(b box, extents []int, in feed) error {
	g := newGrid(d.space.dims, d.layout.chunk)
	cuts, jobs := d.cuts(b)
	return inParallel(d.workers(jobs), jobs, func(job int) error {
		part, at, _ := pick(cuts, job)
		number, _ := g.number(at)
		all := d.inside(at)
		if slices.Equal(part.count, all) {
			return d.writeWhole(number, part, extents, in)
		}
		return d.writePart(number, product(all), part, extents, in)
	})
}

// inside are the extents of the part of a chunk that may be written at all: of a dataset
// that grows, all of it.
func (d *stored) inside(at []uint64) []int {
	limits := d.space.maxDims
	if limits == nil {
		limits = d.space.dims
	}
	out := make([]int, len(at))
	for i, c := range d.layout.chunk {
		if out[i] = c; limits[i] >= 0 {
			out[i] = min(c, limits[i]-int(at[i])*c)
		}
	}
	return out
}

// blank is a chunk as it is before anything was written.
func (d *stored) blank(mem []byte) []byte {
	mem = room(mem, d.layout.chunkSize)
	clear(mem)
	if len(d.fill) == d.typ.size && slices.ContainsFunc(d.fill, func(b byte) bool { return b != 0 }) {
		for i := 0; i < len(mem); i += len(d.fill) {
			copy(mem[i:], d.fill)
		}
	}
	return mem
}

func (d *stored) writeWhole(number uint64, b box, extents []int, in feed) error {
	mem := scratches.Get().(*scratch)
	defer scratches.Put(mem)
	mem.a = d.blank(mem.a[:0])
	g := &region{dims: d.layout.chunk, size: d.typ.size, mem: mem.a}
	if err := g.write(b, extents, in, nil); err != nil {
		return err
	}
	d.w.mu.Lock()
	if o := d.w.open[number]; o != nil {
		delete(d.w.open, number)
		d.w.bytes -= d.layout.chunkSize
		defer o.close()
	}
	d.w.mu.Unlock()
	return d.store(number, mem.a, mem)
}

// close tells whoever still holds the chunk that it is no longer in memory.
func (o *openChunk) close() {
	o.mu.Lock()
	o.mem = nil
	o.mu.Unlock()
}

// writePart puts a part of a chunk into memory, and the chunk into the file when it
// seems complete or too many wait.
func (d *stored) writePart(number uint64, all int, b box, extents []int, in feed) error {
	for {
		o, err := d.opened(number, all)
		if err != nil {
			return err
		}
		o.mu.Lock()
		if o.mem == nil {
			o.mu.Unlock()
			continue // it went to the file meanwhile
		}
		g := &region{dims: d.layout.chunk, size: d.typ.size, mem: o.mem}
		err = g.write(b, extents, in, nil)
		o.left -= product(b.count)
		if err == nil && o.left <= 0 {
			err = d.settle(number, o)
		}
		o.mu.Unlock()
		if err != nil {
			return err
		}
		return d.relieve()
	}
}

// opened returns the chunk in memory; one that is in the file already is read again.
func (d *stored) opened(number uint64, all int) (*openChunk, error) {
	w := d.w
	w.mu.Lock()
	defer w.mu.Unlock()
	if o := w.open[number]; o != nil {
		return o, nil
	}
	o := &openChunk{left: all}
	if ref, ok := w.refs[number]; ok {
		mem, err := d.fetchChunk(ref)
		if err != nil {
			return nil, err
		}
		o.mem = mem
	} else {
		o.mem = d.blank(nil)
	}
	w.open[number] = o
	w.bytes += d.layout.chunkSize
	return o, nil
}

func (d *stored) fetchChunk(ref chunkRef) ([]byte, error) {
	if len(d.filters) == 0 {
		b := make([]byte, d.layout.chunkSize)
		return b, d.s.readFull(b, ref.addr)
	}
	return d.loadChunk(ref, &scratch{})
}

// settle writes an open chunk, whose lock is held, and forgets it.
func (d *stored) settle(number uint64, o *openChunk) error {
	err := d.store(number, o.mem, &scratch{})
	if err != nil {
		return err
	}
	o.mem = nil
	d.w.mu.Lock()
	defer d.w.mu.Unlock()
	if d.w.open[number] == o {
		delete(d.w.open, number)
		d.w.bytes -= d.layout.chunkSize
	}
	return nil
}

// relieve writes waiting chunks until they are within the bound.
func (d *stored) relieve() error {
	for {
		d.w.mu.Lock()
		if d.w.bytes <= max(mostOpen, d.layout.chunkSize) {
			d.w.mu.Unlock()
			return nil
		}
		var number uint64
		var o *openChunk
		for number, o = range d.w.open {
			break
		}
		d.w.mu.Unlock()
		if err := d.settleIfOpen(number, o); err != nil {
			return err
		}
	}
}

func (d *stored) settleIfOpen(number uint64, o *openChunk) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.mem == nil {
		return nil
	}
	return d.settle(number, o)
}

// flush writes all chunks that wait.
func (d *stored) flush() error {
	if d.w == nil {
		return nil
	}
	d.w.mu.Lock()
	waiting := maps.Clone(d.w.open)
	d.w.mu.Unlock()
	numbers := slices.Sorted(maps.Keys(waiting))
	return inParallel(min(len(numbers), runtime.GOMAXPROCS(0)), len(numbers), func(i int) error {
		return d.settleIfOpen(numbers[i], waiting[numbers[i]])
	})
}

// store filters a chunk and writes it, to where it was if it fits there. mem.b may be
// used; b is left alone.
func (d *stored) store(number uint64, b []byte, mem *scratch) error {
	out, err := d.applyFilters(b, mem)
	if err != nil {
		return err
	}
	d.w.mu.Lock()
	ref, ok := d.w.refs[number]
	d.w.mu.Unlock()
	if !ok || uint64(len(out)) > ref.size {
		if ref.addr, err = d.f.w.alloc(int64(len(out))); err != nil {
			return err
		}
	}
	ref.number, ref.size, ref.mask = number, uint64(len(out)), 0
	if err := d.f.w.writeAt(out, ref.addr); err != nil {
		return err
	}
	d.w.mu.Lock()
	defer d.w.mu.Unlock()
	d.w.refs[number] = ref
	return nil
}

func (d *stored) applyFilters(b []byte, mem *scratch) ([]byte, error) {
	for _, f := range d.filters {
		switch f.id {
		case filterShuffle:
			mem.b = room(mem.b[:0], len(b))
			shuffle(mem.b, b, int(f.params[0]))
			b = mem.b
		case filterDeflate:
			out, err := deflate(b, int(f.params[0]))
			if err != nil {
				return nil, err
			}
			b = out
		case filterFletcher:
			b = binary.LittleEndian.AppendUint32(slices.Clip(b), fletcher32(b))
		default:
			return nil, unsupported("writing with the filter %s", f.describe())
		}
	}
	return b, nil
}

// deflaters keeps compressors, whose tables are large, by level.
var deflaters [10]sync.Pool

func deflate(b []byte, level int) ([]byte, error) {
	if level < 0 || level > 9 {
		return nil, fmt.Errorf("there is no deflate level %d", level)
	}
	var out bytes.Buffer
	out.Grow(len(b)/2 + 64)
	z, _ := deflaters[level].Get().(*zlib.Writer)
	if z == nil {
		z, _ = zlib.NewWriterLevel(&out, level)
	} else {
		z.Reset(&out)
	}
	if _, err := z.Write(b); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	deflaters[level].Put(z)
	return out.Bytes(), nil
}
