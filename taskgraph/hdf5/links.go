package hdf5

import (
	"cmp"
	"slices"
)

// Kinds of links: specification, section IV.A.2.g.
const (
	hardLink     = 0
	softLink     = 1
	externalLink = 64
)

// link is a name in a group and what it stands for: an object of this file at addr, a
// path in this file, or a path in another file.
type link struct {
	name string
	kind byte
	addr uint64
	path string
	file string
}

// links reads what a group holds, in the order of names.
func (s *source) links(h header) ([]link, error) {
	if !h.isGroup() {
		return nil, damaged("an object that should be a group is none")
	}
	var out []link
	var err error
	for _, m := range h {
		switch m.kind {
		case msgSymbolTable:
			out, err = s.symbolTable(m.data)
		case msgLink:
			var l link
			l, err = s.cursor(m.data).link()
			out = append(out, l)
		case msgLinkInfo:
			var dense []link
			dense, err = s.denseLinks(m.data)
			out = append(out, dense...)
		}
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out, func(a, b link) int { return cmp.Compare(a.name, b.name) })
	return out, nil
}

// link reads a link message.
func (c *cursor) link() (link, error) {
	var l link
	if c.u8() != 1 {
		return l, unsupported("links of another version than 1")
	}
	flags := c.u8()
	if flags&8 != 0 {
		l.kind = c.u8()
	}
	if flags&4 != 0 {
		c.skip(8)
	}
	if flags&0x10 != 0 {
		c.skip(1)
	}
	l.name = string(c.take(int(min(c.uint(1<<(flags&3)), 1<<31-1))))
	switch l.kind {
	case hardLink:
		l.addr = c.offset()
	case softLink:
		l.path = string(c.take(int(c.u16())))
	case externalLink:
		in := c.s.cursor(c.take(int(c.u16())))
		in.skip(1)
		l.file, l.path = in.name(false), in.name(false)
	}
	return l, c.err("a link")
}

// denseLinks reads the links of a large group, which lie in a heap; a tree of their
// names leads to them.
func (s *source) denseLinks(data []byte) ([]link, error) {
	c := s.cursor(data)
	c.skip(1)
	if flags := c.u8(); flags&1 != 0 {
		c.skip(8)
	}
	heap, tree := c.offset(), c.offset()
	if err := c.err("a group's header"); err != nil || heap == undefined {
		return nil, err
	}
	h, err := s.fractalHeap(heap)
	if err != nil {
		return nil, err
	}
	var out []link
	err = s.tree2(tree, func(record *cursor) error {
		record.skip(4)
		b, err := h.object(record.b)
		if err != nil {
			return err
		}
		l, err := s.cursor(b).link()
		out = append(out, l)
		return err
	})
	return out, err
}

// symbolTable reads the links of an old group: a B-tree over nodes of entries, whose
// names are in a heap (specification, sections III.A.1, III.B to III.D).
func (s *source) symbolTable(data []byte) ([]link, error) {
	c := s.cursor(data)
	tree, heapAddr := c.offset(), c.offset()
	if err := c.err("a group's header"); err != nil {
		return nil, err
	}
	names, err := s.localHeap(heapAddr)
	if err != nil {
		return nil, err
	}
	var out []link
	w := s.walk()
	err = w.tree1(tree, 0, s.lengthSize, -1, func(_ *cursor, child uint64) error {
		return w.symbols(child, names, &out)
	})
	return out, err
}

func (s *source) localHeap(addr uint64) ([]byte, error) {
	c, err := s.at(addr, 8+2*s.lengthSize+s.offsetSize)
	if err != nil {
		return nil, err
	}
	if !c.expect("HEAP") {
		return nil, damaged("the names of a group are not where they should be")
	}
	c.skip(4)
	size := c.length()
	c.length()
	return s.bytes(c.offset(), int(min(size, 1<<31-1)))
}

// symbols reads one node of entries.
func (w *walk) symbols(addr uint64, names []byte, out *[]link) error {
	c, err := w.at(addr, 8)
	if err != nil {
		return err
	}
	if !c.expect("SNOD") {
		return damaged("the entries of a group are not where they should be")
	}
	c.skip(2)
	n := int(c.u16())
	c, err = w.at(addr+8, n*(2*w.s.offsetSize+24))
	if err != nil {
		return err
	}
	for range n {
		nameAt, header := c.offset(), c.offset()
		cached := c.u32()
		c.skip(4)
		scratch := w.s.cursor(c.take(16))
		if nameAt >= uint64(len(names)) {
			return damaged("a name of a group is not where it should be")
		}
		l := link{name: zeroTerminated(names[nameAt:]), addr: header}
		if cached == 2 {
			at := scratch.u32()
			if uint64(at) >= uint64(len(names)) {
				return damaged("the path of the link %q is not where it should be", l.name)
			}
			l.kind, l.path = softLink, zeroTerminated(names[at:])
		}
		*out = append(*out, l)
	}
	return c.err("a group")
}

// tree1 visits the leaves of a B-tree, version 1, of a kind (0: groups, 1: chunks)
// whose keys have keySize bytes; level is the node's height, -1 for the root's own.
func (w *walk) tree1(addr uint64, kind byte, keySize, level int, visit func(key *cursor, child uint64) error) error {
	prefix := 8 + 2*w.s.offsetSize
	c, err := w.at(addr, prefix)
	if err != nil {
		return err
	}
	if !c.expect("TREE") || c.u8() != kind {
		return damaged("a tree (version 1) is not where it should be")
	}
	height, n := int(c.u8()), int(c.u16())
	if level >= 0 && height != level {
		return damaged("a tree (version 1) has a node of height %d where one of %d should be", height, level)
	}
	c, err = w.at(addr+uint64(prefix), n*(keySize+w.s.offsetSize))
	if err != nil {
		return err
	}
	for range n {
		key := w.s.cursor(c.take(keySize))
		child := c.offset()
		if height == 0 {
			err = visit(key, child)
		} else {
			err = w.tree1(child, kind, keySize, height-1, visit)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// zeroTerminated is b as text up to its first zero byte.
func zeroTerminated(b []byte) string {
	if i := slices.Index(b, 0); i >= 0 {
		b = b[:i]
	}
	return string(b)
}
