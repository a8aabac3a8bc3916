package hdf5

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// parent finds the group in which a new object is made, and its name there.
func (g *CommonFG) parent(path string) (*group, string, error) {
	switch {
	case g.f.closed:
		return nil, "", errClosed
	case g.f.w == nil:
		return nil, "", errReadOnly
	}
	path = strings.TrimRight(path, "/")
	dir, name := "", path
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		dir, name = path[:i+1], path[i+1:]
	}
	if name == "" || name == "." || strings.ContainsRune(path, 0) {
		return nil, "", fmt.Errorf("%q is not a name", name)
	}
	o, err := g.f.find(g.g, dir, maxHops)
	if err != nil {
		return nil, "", fmt.Errorf("%w; CreateGroup makes groups", err)
	}
	in, ok := o.(*group)
	if !ok {
		return nil, "", fmt.Errorf("%s is a dataset, and nothing can be in it", dir)
	}
	_, taken, err := g.f.entry(in, name)
	if err == nil && taken {
		err = fmt.Errorf("there is a %q in the group %s already", name, in.path)
	}
	return in, name, err
}

// insert gives a new object its name.
func (in *group) insert(name string, made any) {
	i, _ := slices.BinarySearchFunc(in.links, name, func(e entry, name string) int { return cmp.Compare(e.name, name) })
	in.links = slices.Insert(in.links, i, entry{link: link{name: name, addr: undefined}, made: made})
}

// CreateGroup makes a group. The groups above it must be there.
func (g *CommonFG) CreateGroup(path string) (*Group, error) {
	g.f.mu.Lock()
	defer g.f.mu.Unlock()
	in, name, err := g.parent(path)
	if err != nil {
		return nil, g.f.failed("create the group", path, err)
	}
	made := &group{path: join(in.path, name), addr: undefined, loaded: true, attributed: attributed{ready: true}}
	in.insert(name, made)
	return &Group{CommonFG{g.f, made}}, nil
}

// CreateDataset makes a dataset whose elements lie in one piece; they are zero until
// they are written. The groups above it must be there.
func (g *CommonFG) CreateDataset(path string, dtype *Datatype, dspace *Dataspace) (*Dataset, error) {
	return g.CreateDatasetWith(path, dtype, dspace, nil)
}

// CreateDatasetWith is CreateDataset with properties: chunks and how they are
// compressed. nil or P_DEFAULT has none.
func (g *CommonFG) CreateDatasetWith(path string, dtype *Datatype, dspace *Dataspace, dcpl *PropList) (*Dataset, error) {
	g.f.mu.Lock()
	defer g.f.mu.Unlock()
	in, name, err := g.parent(path)
	var d *stored
	if err == nil {
		d, err = g.f.newStored(dtype, dspace, dcpl)
	}
	if err != nil {
		return nil, g.f.failed("create the dataset", path, err)
	}
	d.path = join(in.path, name)
	in.insert(name, d)
	return &Dataset{d}, nil
}

func (f *File) newStored(t *Datatype, space *Dataspace, p *PropList) (*stored, error) {
	if t == nil || space == nil {
		return nil, errors.New("it needs a datatype and a dataspace")
	}
	if err := t.writable(); err != nil {
		return nil, err
	}
	if _, ok := volume(append(slices.Clone(space.dims), t.size)); !ok {
		return nil, fmt.Errorf("%v elements of %d bytes are too many", space.dims, t.size)
	}
	kind, _ := t.Copy()
	shape, _ := space.Copy()
	shape.sel = nil
	d := &stored{f: f, s: f.s, addr: undefined, typ: kind, space: shape, attributed: attributed{ready: true, dirty: true}}
	if p == nil {
		p = P_DEFAULT
	}
	if p.chunk != nil {
		return d, d.makeChunked(p)
	}
	if len(p.filters(t.size)) > 0 {
		return nil, errors.New("filters such as deflate work on chunks: SetChunk says how large they are")
	}
	if space.maxDims != nil && !slices.Equal(space.maxDims, space.dims) {
		return nil, errors.New("only a dataset of chunks may grow: SetChunk says how large they are")
	}
	d.layout = &layout{class: contiguous, addr: undefined}
	if n := int64(space.SimpleExtentNPoints()) * int64(t.size); n > 0 {
		addr, err := f.w.alloc(n)
		if err != nil {
			return nil, err
		}
		d.layout.addr, d.layout.size = addr, uint64(n)
		return d, f.w.extend()
	}
	return d, nil
}

func (d *stored) makeChunked(p *PropList) error {
	if len(p.chunk) != len(d.space.dims) {
		return fmt.Errorf("its chunks have %d dimensions and it has %d", len(p.chunk), len(d.space.dims))
	}
	for i, c := range p.chunk {
		if limit := d.space.dims[i]; c > limit && (d.space.maxDims == nil || d.space.maxDims[i] >= 0 && c > d.space.maxDims[i]) && limit > 0 {
			return fmt.Errorf("its chunks are %d long in dimension %d, and it is %d long", c, i, limit)
		}
	}
	l := &layout{class: chunked, addr: undefined}
	var dims []uint64
	for _, c := range p.chunk {
		dims = append(dims, uint64(c))
	}
	if err := l.setChunk(append(dims, uint64(d.typ.size))); err != nil {
		return err
	}
	d.layout, d.filters = l, p.filters(d.typ.size)
	d.w = &chunkWriter{refs: map[uint64]chunkRef{}, open: map[uint64]*openChunk{}}
	return nil
}

// Write writes the whole dataset from data: a slice (or a pointer to one), an array (of
// arrays), or, for a single value, a value. Elements follow one another with the last
// index fastest, and must be of the dataset's type, as for Read.
func (s *Dataset) Write(data any) error { return s.WriteSubset(data, nil, nil) }

// WriteSubset writes what memspace selects of data to what filespace selects of the
// dataset; nil selects everything. Several goroutines may write different parts at once.
func (s *Dataset) WriteSubset(data any, memspace, filespace *Dataspace) error {
	sel, err := s.d.selected(filespace)
	if err == nil {
		err = s.d.writeSubset(data, memspace, sel)
	}
	if err != nil {
		return s.d.failed("write", err)
	}
	return nil
}

// WriteHyperslab writes data to a part of the dataset: in each dimension count elements
// from start on, stride apart. A nil stride is 1 everywhere; a nil count is all from
// start on. Several goroutines may write different parts at once.
func (s *Dataset) WriteHyperslab(data any, start, count, stride []int) error {
	sel, err := s.hyperslab(start, count, stride)
	if err == nil {
		err = s.d.writeSubset(data, nil, sel)
	}
	if err != nil {
		return s.d.failed("write a part of", err)
	}
	return nil
}

func (d *stored) writeSubset(data any, memspace *Dataspace, sel selection) error {
	if err := d.makeWritable(); err != nil {
		return err
	}
	n := product(sel.dims())
	if memspace != nil && memspace.SelectNPoints() != n {
		return fmt.Errorf("%d elements are selected in memory and %d in the file", memspace.SelectNPoints(), n)
	}
	if n == 0 {
		return nil
	}
	points := n
	if memspace != nil {
		points = memspace.SimpleExtentNPoints()
	}
	src, err := newOrigin(d.typ, points, data)
	if err != nil {
		return err
	}
	in, err := newFeed(d.typ, src, d.f.w.heap)
	if err != nil {
		return err
	}
	if memspace != nil && memspace.sel != nil {
		if in, err = collect(in, memspace, n, d.typ.size); err != nil {
			return err
		}
	}
	return d.write(sel, in)
}

// encoded is the feed of elements that are bytes already.
type encoded struct {
	b    []byte
	size int
}

func (f *encoded) get(at int, dst []byte, step, n int) error {
	scatter(dst, f.b[at*f.size:], step, f.size, n, false)
	return nil
}

// collect encodes what is selected in memory.
func collect(in feed, memspace *Dataspace, n, size int) (feed, error) {
	out := &encoded{make([]byte, n*size), size}
	var first error
	eachRun(memspace, func(at, from, count int) {
		if err := in.get(at, out.b[from*size:], size, count); err != nil && first == nil {
			first = err
		}
	})
	return out, first
}

// makeWritable prepares a dataset that was in the file already.
func (d *stored) makeWritable() error {
	f := d.f
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.closed:
		return errClosed
	case f.w == nil:
		return errReadOnly
	case d.external:
		return d.readable()
	}
	if err := d.typ.writable(); err != nil {
		return err
	}
	switch d.layout.class {
	case compact:
		if !d.dirty {
			d.layout.data = slices.Clone(d.layout.data)
		}
		d.dirty = true
	case contiguous:
		if d.layout.addr == undefined && d.space.SimpleExtentNPoints() > 0 {
			return d.allocate()
		}
	case chunked:
		return d.makeChunksWritable()
	}
	return nil
}

// allocate gives a place to elements that never had one.
func (d *stored) allocate() error {
	n := d.space.SimpleExtentNPoints() * d.typ.size
	addr, err := d.f.w.alloc(int64(n))
	if err != nil {
		return err
	}
	d.layout.addr, d.layout.size, d.dirty = addr, uint64(n), true
	if err := d.f.w.extend(); err != nil || len(d.fill) != d.typ.size {
		return err
	}
	return d.write(everything(d.space.dims), repeatedFill{d.fill})
}

// repeatedFill is the feed of one value over and over.
type repeatedFill struct{ value []byte }

func (f repeatedFill) get(_ int, dst []byte, step, n int) error {
	for i := range n {
		copy(dst[i*step:], f.value)
	}
	return nil
}

func (d *stored) makeChunksWritable() error {
	if d.w != nil {
		d.dirty = true
		return nil
	}
	if err := known(d.filters); err != nil {
		return err
	}
	for _, f := range d.filters {
		if f.id == filterLZF {
			return unsupported("writing with the filter lzf")
		}
	}
	if d.layout.rawEdges {
		return unsupported("writing to chunks of which those at the edges are not compressed")
	}
	index, err := d.chunkIndex()
	if err != nil {
		return err
	}
	w := &chunkWriter{refs: map[uint64]chunkRef{}, open: map[uint64]*openChunk{}}
	for _, ref := range index.refs {
		w.refs[ref.number] = ref
	}
	d.w, d.dirty = w, true
	return nil
}

// writable tells why values of the type cannot be written, if so.
func (t *Datatype) writable() error {
	if err := t.reason(); err != nil {
		return err
	}
	if t.class == T_COMPOUND && len(t.members) == 0 {
		return errors.New("its compound type has no fields: Insert adds them")
	}
	for _, m := range t.members {
		if err := m.typ.writable(); err != nil {
			return fmt.Errorf("field %q: %w", m.name, err)
		}
	}
	return nil
}

// create makes an attribute; its value is zero until it is written.
func (h holder) create(name string, t *Datatype, space *Dataspace) (*Attribute, error) {
	h.f.mu.Lock()
	defer h.f.mu.Unlock()
	a, err := h.newAttribute(name, t, space)
	if err != nil {
		return nil, h.f.failed(fmt.Sprintf("create the attribute %q of", name), h.path, err)
	}
	return a, nil
}

func (h holder) newAttribute(name string, t *Datatype, space *Dataspace) (*Attribute, error) {
	switch {
	case h.f.closed:
		return nil, errClosed
	case h.f.w == nil:
		return nil, errReadOnly
	case name == "" || strings.ContainsRune(name, 0):
		return nil, fmt.Errorf("%q is not a name", name)
	case t == nil || space == nil:
		return nil, errors.New("it needs a datatype and a dataspace")
	}
	if err := t.writable(); err != nil {
		return nil, err
	}
	values, err := h.f.attrs(h.of)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(values, func(a *attr) bool { return a.name == name }) {
		return nil, errors.New("there is one already; OpenAttribute opens it")
	}
	n, ok := volume(append(slices.Clone(space.dims), t.size))
	if space.class == S_NULL {
		n = 0
	}
	if !ok || n > largestAttribute {
		return nil, fmt.Errorf("%v elements of %d bytes are too large for an attribute, which has %d bytes at most; a dataset has room for them", space.dims, t.size, largestAttribute)
	}
	kind, _ := t.Copy()
	shape, _ := space.Copy()
	a := &attr{name: name, typ: kind, space: shape, data: make([]byte, n)}
	h.of.values, h.of.dirty = append(h.of.values, a), true
	return &Attribute{h.f, h.path, a, h.of}, nil
}

// Write sets the attribute from data; see Dataset.Write. dtype is not needed.
func (s *Attribute) Write(data any, dtype *Datatype) error {
	if s.f.w == nil {
		return s.failed("write", errReadOnly)
	}
	src, err := newOrigin(s.a.typ, s.a.space.SimpleExtentNPoints(), data)
	var in feed
	if err == nil {
		in, err = newFeed(s.a.typ, src, s.f.w.heap)
	}
	b := make([]byte, len(s.a.data))
	if err == nil && len(b) > 0 {
		err = in.get(0, b, s.a.typ.size, s.a.space.SimpleExtentNPoints())
	}
	if err != nil {
		return s.failed("write", err)
	}
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	s.a.data, s.of.dirty = b, true
	return nil
}

// CreateAttribute makes an attribute of the group; of a File, of its root group.
func (g *CommonFG) CreateAttribute(name string, dtype *Datatype, dspace *Dataspace) (*Attribute, error) {
	return g.holder().create(name, dtype, dspace)
}

// CreateAttributeWith is CreateAttribute; properties change nothing here.
func (g *CommonFG) CreateAttributeWith(name string, dtype *Datatype, dspace *Dataspace, _ *PropList) (*Attribute, error) {
	return g.CreateAttribute(name, dtype, dspace)
}

// CreateAttribute makes an attribute of the dataset.
func (s *Dataset) CreateAttribute(name string, dtype *Datatype, dspace *Dataspace) (*Attribute, error) {
	return s.holder().create(name, dtype, dspace)
}

// CreateAttributeWith is CreateAttribute; properties change nothing here.
func (s *Dataset) CreateAttributeWith(name string, dtype *Datatype, dspace *Dataspace, _ *PropList) (*Attribute, error) {
	return s.CreateAttribute(name, dtype, dspace)
}
