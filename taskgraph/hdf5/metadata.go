package hdf5

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Sizes of the nodes of old groups and of chunk indexes, as the library has them when
// the superblock does not say otherwise.
const (
	symbolsPerNode = 8  // twice the superblock's K of leaves
	groupFanout    = 32 // twice its K of inner nodes
	chunkFanout    = 64 // fixed in version 0
)

// image is what describes a file, on its way to one place in it. Addresses are known
// before what they point to is written.
type image struct {
	base uint64
	b    []byte
	at   map[any]uint64 // of groups and datasets
}

// place finds room for n bytes.
func (m *image) place(n int) uint64 {
	addr := m.base + uint64(len(m.b))
	m.b = append(m.b, make([]byte, (n+7)&^7)...)
	return addr
}

func (m *image) put(b []byte, addr uint64) { copy(m.b[addr-m.base:], b) }

func (m *image) add(b []byte) uint64 {
	addr := m.place(len(b))
	m.put(b, addr)
	return addr
}

// flushChunks writes all chunks that wait for their rest.
func (f *File) flushChunks() error {
	objects, err := f.objects()
	if err != nil {
		return err
	}
	for _, o := range objects {
		if d, ok := o.(*stored); ok {
			if err := d.flush(); err != nil {
				return fmt.Errorf("the dataset %s: %w", d.path, err)
			}
		}
	}
	return nil
}

// objects are all groups of the file, and the datasets whose headers must be written.
func (f *File) objects() ([]any, error) {
	var out []any
	seen := map[any]bool{}
	var visit func(o any) error
	visit = func(o any) error {
		if seen[o] {
			return nil
		}
		seen[o] = true
		d, isData := o.(*stored)
		if isData {
			if d.addr == undefined || d.dirty {
				out = append(out, d)
			}
			return nil
		}
		g := o.(*group)
		out = append(out, g)
		links, err := f.entries(g)
		if err != nil {
			return err
		}
		for i, e := range links {
			child, err := f.child(e, join(g.path, e.name))
			if err != nil {
				return err
			}
			if g.links[i].made = child; child == nil {
				continue
			}
			if err := visit(child); err != nil {
				return err
			}
		}
		return nil
	}
	return out, visit(f.g)
}

// child is the object of a hard link, when it must be looked at: a group, or a dataset
// that was opened.
func (f *File) child(e entry, path string) (any, error) {
	if e.made != nil || e.kind != hardLink {
		return e.made, nil
	}
	if d, ok := f.datasets[e.addr]; ok {
		return d, nil
	}
	h, err := f.s.header(e.addr)
	if err != nil || h.isDataset() {
		return nil, err
	}
	if _, ok := h.find(msgDatatype); ok {
		return nil, nil
	}
	return f.at(e.addr, path)
}

// writeMetadata writes headers, names and indexes: to the front of a new file if they
// fit there, else to its end. Then the superblock points to them.
func (f *File) writeMetadata() error {
	objects, err := f.objects()
	if err != nil {
		return err
	}
	w := f.w
	var m *image
	if w.anew {
		if m, err = f.image(objects, superblockSize); err != nil {
			return err
		}
	}
	if m == nil || len(m.b) > frontRoom-superblockSize {
		w.mu.Lock()
		end := w.end
		w.mu.Unlock()
		if m, err = f.image(objects, end); err != nil {
			return err
		}
		if _, err := w.alloc(int64(len(m.b))); err != nil {
			return err
		}
	}
	if err := w.writeAt(m.b, m.base); err != nil {
		return err
	}
	return w.writeAt(f.superblock(m.at[f.g]), 0)
}

// superblock is that of the file's version with a new root.
func (f *File) superblock(root uint64) []byte {
	var e encoder
	e.b = append(e.b, signature...)
	w := f.w
	end := w.end + uint64(w.s.base)
	if w.s.version >= 2 {
		e.u8(w.s.version, 8, 8, 0)
		e.u64(uint64(w.s.base))
		e.u64(undefined)
		e.u64(end)
		e.u64(root)
		return binary.LittleEndian.AppendUint32(e.b, lookup3(e.b))
	}
	e.u8(0, 0, 0, 0, 0, 8, 8, 0)
	e.u16(symbolsPerNode / 2)
	e.u16(groupFanout / 2)
	e.u32(0)
	e.u64(uint64(w.s.base))
	e.u64(undefined)
	e.u64(end)
	e.u64(undefined)
	e.u64(0)
	e.u64(root)
	e.zeros(24)
	return e.b
}

// image describes the objects for a place at base. Headers get their addresses first,
// since groups point to them.
func (f *File) image(objects []any, base uint64) (*image, error) {
	m := &image{base: base, at: map[any]uint64{}}
	headers := map[any][]message{}
	for _, o := range objects {
		var err error
		switch o := o.(type) {
		case *group:
			headers[o], err = f.groupMessages(o)
		case *stored:
			headers[o], err = f.dataMessages(m, o)
		}
		if err != nil {
			return nil, err
		}
		m.at[o] = m.place(len(headerBytes(headers[o])))
	}
	for _, o := range objects {
		if g, ok := o.(*group); ok {
			tree, heap := m.symbolTable(g)
			binary.LittleEndian.PutUint64(headers[o][0].data, tree)
			binary.LittleEndian.PutUint64(headers[o][0].data[8:], heap)
		}
		m.put(headerBytes(headers[o]), m.at[o])
	}
	return m, nil
}

// groupMessages are a group's header; the addresses in the first are not known yet.
func (f *File) groupMessages(g *group) ([]message, error) {
	if err := checkLinks(g); err != nil {
		return nil, err
	}
	return f.withAttributes([]message{{kind: msgSymbolTable, data: make([]byte, 16)}}, &g.attributed, g.path)
}

func (f *File) dataMessages(m *image, d *stored) ([]message, error) {
	var typ, space, fill, layout, filters encoder
	space.dataspace(d.space)
	typ.datatype(d.typ)
	fill.fill(d)
	tree := uint64(undefined)
	if d.w != nil {
		tree = m.chunkTree(d)
	}
	layout.layout(d, tree)
	out := []message{
		{msgDataspace, 0, space.b}, {msgDatatype, 1, typ.b},
		{msgFill, 1, fill.b}, {msgLayout, 0, layout.b},
	}
	if len(d.filters) > 0 {
		filters.filters(d.filters)
		out = append(out, message{msgFilters, 1, filters.b})
	}
	return f.withAttributes(out, &d.attributed, d.path)
}

func (f *File) withAttributes(out []message, a *attributed, path string) ([]message, error) {
	values, err := f.attrs(a)
	if err != nil {
		return nil, err
	}
	for _, one := range values {
		var e encoder
		e.attribute(one)
		out = append(out, message{msgAttribute, 0, e.b})
	}
	for _, m := range out {
		if len(m.data) > 65535-8 {
			return nil, fmt.Errorf("the description of %s has a part of %d bytes, and 64 KB is the most: a type or an attribute is too large", path, len(m.data))
		}
	}
	if len(out) > 65535 {
		return nil, fmt.Errorf("%s has %d attributes, which are too many", path, len(values))
	}
	return out, nil
}

// symbolTable writes the names of a group: a heap of names, nodes of entries in the
// order of names, and a tree over them.
func (m *image) symbolTable(g *group) (tree, heap uint64) {
	names := encoder{}
	names.zeros(8) // the empty name, which is the tree's first key
	offsets := make([]int, len(g.links))
	paths := make([]int, len(g.links))
	for i, e := range g.links {
		offsets[i] = len(names.b)
		names.name(e.name)
		if e.made == nil && e.kind == softLink {
			paths[i] = len(names.b)
			names.name(e.path)
		}
	}
	data := m.add(names.b)
	var head encoder
	head.signature("HEAP")
	head.zeros(4)
	head.u64(uint64(len(names.b)))
	head.u64(1) // nothing is free
	head.u64(data)
	heap = m.add(head.b)

	var nodes []treeNode
	key := 0
	for from := 0; from < len(g.links); from += symbolsPerNode {
		part := g.links[from:min(len(g.links), from+symbolsPerNode)]
		last := offsets[from+len(part)-1]
		nodes = append(nodes, treeNode{m.symbols(part, offsets[from:], paths[from:]), lengthKey(key), lengthKey(last)})
		key = last
	}
	return m.tree(nodes, 0, groupFanout), heap
}

func lengthKey(n int) []byte { return binary.LittleEndian.AppendUint64(nil, uint64(n)) }

// symbols writes one node of entries.
func (m *image) symbols(links []entry, offsets, paths []int) uint64 {
	var e encoder
	e.signature("SNOD")
	e.u8(1, 0)
	e.u16(len(links))
	for i, l := range links {
		addr, cached := l.addr, 0
		if at, ok := m.at[l.made]; ok {
			addr = at
		}
		if l.made == nil && l.kind == softLink {
			addr, cached = undefined, 2
		}
		e.u64(uint64(offsets[i]))
		e.u64(addr)
		e.u32(cached)
		e.u32(0)
		e.u32(paths[i])
		e.zeros(12)
	}
	e.zeros((symbolsPerNode - len(links)) * 40)
	return m.add(e.b)
}

// treeNode is a child of a node that is to be written, and the keys on both sides.
type treeNode struct {
	addr        uint64
	left, right []byte
}

// tree writes a B-tree, version 1, over nodes, level by level, and returns its root.
func (m *image) tree(nodes []treeNode, kind byte, fanout int) uint64 {
	if len(nodes) == 0 {
		var e encoder
		e.signature("TREE")
		e.u8(kind, 0, 0, 0)
		e.u64(undefined)
		e.u64(undefined)
		e.zeros(fanout*8 + (fanout+1)*8)
		return m.add(e.b)
	}
	for level := byte(0); ; level++ {
		var above []treeNode
		count := ceilDiv(len(nodes), fanout)
		size := 24 + fanout*8 + (fanout+1)*len(nodes[0].left)
		first := m.place(count * size)
		for i := range count {
			part := nodes[i*fanout : min(len(nodes), (i+1)*fanout)]
			var e encoder
			e.signature("TREE")
			e.u8(kind, level)
			e.u16(len(part))
			e.u64(neighbour(first, i-1, count, size))
			e.u64(neighbour(first, i+1, count, size))
			for _, n := range part {
				e.b = append(e.b, n.left...)
				e.u64(n.addr)
			}
			e.b = append(e.b, part[len(part)-1].right...)
			m.put(e.b, first+uint64(i*size))
			above = append(above, treeNode{first + uint64(i*size), part[0].left, part[len(part)-1].right})
		}
		if nodes = above; count == 1 {
			return first
		}
	}
}

func neighbour(first uint64, i, count, size int) uint64 {
	if i < 0 || i >= count {
		return undefined
	}
	return first + uint64(i*size)
}

// chunkTree writes the index of a dataset's chunks. Keys are a chunk's stored size, its
// mask and where it begins; the last key lies behind the last chunk.
func (m *image) chunkTree(d *stored) uint64 {
	refs := slices.SortedFunc(maps.Values(d.w.refs), func(a, b chunkRef) int { return cmp.Compare(a.number, b.number) })
	if len(refs) == 0 {
		return undefined
	}
	g := newGrid(d.space.dims, d.layout.chunk)
	keys := make([][]byte, len(refs)+1)
	for i, ref := range refs {
		keys[i] = g.key(ref, 0)
	}
	keys[len(refs)] = g.key(chunkRef{number: refs[len(refs)-1].number}, 1)
	nodes := make([]treeNode, len(refs))
	for i, ref := range refs {
		nodes[i] = treeNode{ref.addr, keys[i], keys[i+1]}
	}
	return m.tree(nodes, 1, chunkFanout)
}

// key is a chunk's key in a tree; beyond is added to its first coordinate.
func (g grid) key(ref chunkRef, beyond uint64) []byte {
	at := make([]uint64, len(g.chunk))
	n := ref.number
	for i := len(at) - 1; i >= 0; i-- {
		at[i] = n % uint64(g.counts[i]) * uint64(g.chunk[i])
		n /= uint64(g.counts[i])
	}
	if len(at) > 0 {
		at[0] += beyond * uint64(g.chunk[0])
	}
	var e encoder
	e.u32(int(ref.size))
	e.u32(int(ref.mask))
	for _, v := range at {
		e.u64(v)
	}
	e.u64(0)
	return e.b
}

// checkLinks refuses what old groups cannot hold.
func checkLinks(g *group) error {
	for _, e := range g.links {
		if e.made == nil && e.kind != hardLink && e.kind != softLink {
			return unsupported("adding to a file with an external link (%s)", join(g.path, e.name))
		}
		if strings.ContainsRune(e.name, 0) {
			return errors.New("a name with a zero byte in it")
		}
	}
	return nil
}
